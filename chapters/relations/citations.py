"""How a source is cited in short: by author and year, with a letter where these are not enough."""

from __future__ import annotations

from string import ascii_lowercase

import pandas as pd

from .dataset import DatasetError, table


def named(sources: pd.DataFrame) -> pd.Series:
    """Whom each row of the table ``sources`` stands under: author, else publication, else title."""
    short = sources["short"].fillna(sources["author"])
    return short.fillna(sources["container"]).fillna(sources["title"])


def years(sources: pd.DataFrame) -> pd.Series:
    """The year of each dated row of the whole table ``sources``, by its key: "1971", "1988b".

    The letters follow the order of the references, which is that of the titles. Raises
    DatasetError where more sources are alike than the alphabet has letters.
    """
    rows = sources.assign(name=named(sources)).dropna(subset=["year"])
    rows = rows.sort_values("title", key=lambda titles: titles.str.casefold())
    alike = rows.groupby(["name", "year"])["source"]
    for (name, year), count in alike.size().items():
        if count > len(ascii_lowercase):
            raise DatasetError(
                f"sources.csv, column short: {count} sources are cited as “{name}, {year}”, more "
                "than there are letters to tell them apart. Give some of them a short of their own."
            )
    letter = alike.cumcount().map(lambda place: ascii_lowercase[place])
    letter = letter.where(alike.transform("size") > 1, "")
    return (rows["year"].astype("int").astype("str") + letter).set_axis(rows["source"])


def in_short(sources: pd.DataFrame) -> pd.Series:
    """Rows of the table ``sources`` in short, as "Dawn, 2012c"; an undated one by its name."""
    name, year = named(sources), sources["source"].map(years(table("sources")))
    plain = sources["year"].astype("str")
    said = [pd.isna(y) or y in text for text, y in zip(name, plain, strict=True)]
    return name.where(said, name + ", " + year)
