"""Sources are cited by author and year, and no two alike."""

import pandas as pd
import pytest
from relations.citations import in_short, named, years
from relations.dataset import DatasetError, table

SOURCES = pd.DataFrame(
    [
        ("later", None, None, "Zia speaks", "Dawn", 1977),
        ("sooner", None, None, "a talk in Kabul", "Dawn", 1977),
        ("alone", None, None, "Zia speaks", "Dawn", 1978),
        ("other", None, "Sattar", "Zia speaks", "Dawn", 1977),
        ("undated", None, None, "Zia speaks", "Dawn", None),
    ],
    columns=["source", "short", "author", "title", "container", "year"],
).astype({"year": "Int64"})


def test_letters_follow_the_titles_and_only_where_they_are_needed():
    found = years(SOURCES).to_dict()
    assert found == {"later": "1977b", "sooner": "1977a", "alone": "1978", "other": "1977"}


def test_more_sources_alike_than_letters_stop_the_build():
    many = pd.concat([SOURCES.iloc[:1]] * 27)
    with pytest.raises(DatasetError, match=r"sources\.csv, column short: 27 .*“Dawn, 1977”"):
        years(many)
    assert len(years(many[:26])) == 26


def test_no_two_dated_sources_are_cited_alike():
    frame = table("sources")
    cited = named(frame) + ", " + frame["source"].map(years(frame))
    dated = cited.dropna()
    assert len(dated) == frame["year"].notna().sum()
    assert dated[dated.duplicated(keep=False)].tolist() == []


def test_the_name_may_hold_the_year_and_an_undated_source_has_none():
    frame = table("sources")
    short = in_short(frame)
    assert short.notna().all()
    assert not short[frame["year"].notna()].duplicated().any()
    undated = frame["year"].isna()
    assert (short[undated] == named(frame)[undated]).all()
