"""Measures: values known from outside, an independent library, and laws that hold for any data."""

from datetime import date

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from relations import measures
from relations.charts import with_gaps
from relations.dataset import decimal_year, moscow, table
from relations.eras import era_of, eras

BALLOTS = st.sampled_from(["Y", "A", "N"])
# Votes of two states and a third on one roll call; X is an absence.
ROLL_CALL = st.tuples(*[st.sampled_from(["Y", "A", "N", "X"])] * 3)
TABLES = st.lists(st.tuples(BALLOTS, BALLOTS), min_size=1, max_size=60)
DAYS = st.dates(min_value=date(1947, 8, 14), max_value=date(2026, 12, 31))
few = settings(max_examples=60, deadline=None)


def counts(pairs: list[tuple[str, str]]) -> np.ndarray:
    """The 3 × 3 table of pairs of votes."""
    first, second = zip(*pairs, strict=True)
    return measures.crosstab(pd.Series(first), pd.Series(second))


def assembly(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    """Votes of PAK, RUS and IND, one row a vote, as the table `votes` holds them."""
    states = ["PAK", "RUS", "IND"]
    return pd.DataFrame(
        [
            {"roll_call": number, "state": state, "vote": vote}
            for number, row in enumerate(rows, start=1)
            for state, vote in zip(states, row, strict=True)
        ]
    )


# --- values known from outside ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipient", "supplier", "start", "percent"),
    [
        ("IND", "RUS", 2011, 70),
        ("IND", "RUS", 2016, 51),
        ("IND", "RUS", 2021, 40),
        ("PAK", "CHN", 2016, 73),
        ("PAK", "CHN", 2021, 80),
    ],
)
def test_shares_are_those_that_sipri_publishes(recipient, supplier, start, percent):
    flows = table("arms_tiv").query("recipient == @recipient")
    shares = measures.window_shares(flows, start, start + 4, by="supplier", value="tiv")
    first = shares.iloc[0]
    assert (first["supplier"], round(100 * first["share"])) == (supplier, percent)


def test_resolution_2793_of_december_1971():
    call = table("roll_calls").query("about == 'india-pakistan-1971'")
    assert call[["yes", "no", "abstain"]].to_numpy().tolist() == [[104, 11, 10]]
    votes = table("votes").merge(call[["roll_call"]]).set_index("state")["vote"]
    assert votes[["PAK", "SUN", "IND"]].tolist() == ["Y", "N", "N"]


def test_the_soviet_union_cast_three_vetoes_in_december_1971():
    vetoes = table("council_vetoes").merge(table("council_veto_casts"), on="veto")
    soviet = vetoes[vetoes["date"].str.startswith("1971-12") & (vetoes["state"] == "SUN")]
    assert soviet["veto"].tolist() == ["s-10416", "s-10423", "s-10446-rev-1"]
    assert set(soviet["topic"]) == {"India-Pakistan"}


@pytest.mark.parametrize(
    ("year", "agreement", "roll_calls"), [(1988, 0.941, 135), (1993, 0.391, 64)]
)
def test_agreement_of_pakistan_and_moscow(year, agreement, roll_calls):
    calls = table("roll_calls").query("vote_type == 'main' and year == @year")
    matrix = measures.vote_matrix(table("votes"), calls)
    found = measures.dyad_agreement(matrix, calls.set_index("roll_call")["year"], "PAK", "RUS")
    assert found["roll_calls"].tolist() == [roll_calls]
    assert found["agreement"].round(3).tolist() == [agreement]
    assert found["low"].item() < agreement < found["high"].item()


# --- agreement ----------------------------------------------------------------------------------


def test_agreement_of_a_small_table():
    same = counts([("Y", "Y"), ("Y", "N"), ("A", "A"), ("N", "A")])
    assert measures.agreement(same) == 0.5


def test_agreement_without_common_votes_is_missing():
    nothing = np.zeros((3, 3), dtype=int)
    assert np.isnan(measures.agreement(nothing))
    assert np.isnan(measures.interval(nothing, measures.agreement)).all()


def test_agreement_of_a_stack_is_that_of_each_table():
    stack = np.array([np.diag([1, 2, 3]), np.full((3, 3), 1), np.zeros((3, 3), dtype=int)])
    np.testing.assert_allclose(measures.agreement(stack), [1, 1 / 3, np.nan])


@given(TABLES)
def test_agreement_is_a_share_and_symmetric(pairs):
    cells = counts(pairs)
    assert 0 <= measures.agreement(cells) <= 1
    assert measures.agreement(cells) == measures.agreement(cells.T)
    np.testing.assert_allclose(measures.scotts_pi(cells), measures.scotts_pi(cells.T))


@given(TABLES)
def test_pi_is_at_most_agreement(pairs):
    pi = measures.scotts_pi(counts(pairs))
    assume(not np.isnan(pi))
    assert pi <= measures.agreement(counts(pairs)) + 1e-12


@given(TABLES)
def test_pi_agrees_with_the_library_krippendorff(pairs):
    pi = measures.scotts_pi(counts(pairs))
    assume(len({vote for pair in pairs for vote in pair}) > 1)
    codes = [[measures.VOTES.index(vote) for vote in coder] for coder in zip(*pairs, strict=True)]
    alpha = krippendorff.alpha(codes, level_of_measurement="nominal")
    assert alpha == pytest.approx(pi + (1 - pi) / (2 * len(pairs)))


def test_pi_is_missing_where_all_vote_alike():
    assert np.isnan(measures.scotts_pi(np.diag([5, 0, 0])))


@few
@given(st.lists(ROLL_CALL, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_dyad_agreement_knows_no_order(rows, random):
    votes = assembly(rows)
    assume(any("X" not in row for row in rows))
    calls = pd.DataFrame({"roll_call": range(1, len(rows) + 1), "year": 1980})
    shuffled = votes.iloc[random.sample(range(len(votes)), len(votes))]
    backwards = calls.iloc[::-1]

    def measure(votes, calls, a="PAK", b="RUS"):
        groups = calls.set_index("roll_call")["year"]
        return measures.dyad_agreement(measures.vote_matrix(votes, calls), groups, a, b)

    first = measure(votes, calls)
    pd.testing.assert_frame_equal(first, measure(shuffled, backwards))
    swapped = measure(votes, calls, "RUS", "PAK")
    same = ["year", "roll_calls", "agreement", "pi"]
    pd.testing.assert_frame_equal(first[same], swapped[same])


def test_absence_is_no_vote():
    votes = assembly([("Y", "Y", "Y"), ("Y", "X", "N"), ("N", "Y", "Y")])
    calls = pd.DataFrame({"roll_call": [1, 2, 3], "year": [1980] * 3})
    matrix = measures.vote_matrix(votes, calls)
    row = measures.dyad_agreement(matrix, calls.set_index("roll_call")["year"], "PAK", "RUS").loc[0]
    assert (row["roll_calls"], row["agreement"]) == (2, 0.5)
    # PAK agrees with IND on one of three: .5 − 1/3.
    assert row["relative"] == pytest.approx(1 / 6)


def test_the_two_seats_of_moscow_share_a_column():
    votes = pd.DataFrame(
        {"roll_call": [1, 2], "state": ["SUN", "RUS"], "vote": ["Y", "N"]},
    )
    matrix = measures.vote_matrix(votes, votes[["roll_call"]])
    assert matrix["RUS"].tolist() == ["Y", "N"]
    assert moscow(votes["state"]).tolist() == ["RUS", "RUS"]


# --- bootstrap ----------------------------------------------------------------------------------


@pytest.mark.parametrize("cells", [np.diag([9, 0, 0]), np.diag([3, 3, 3])])
def test_interval_of_full_agreement_has_no_width(cells):
    assert measures.interval(cells, measures.agreement) == (1, 1)


@given(TABLES)
@few
def test_interval_contains_the_estimate_and_repeats(pairs):
    cells = counts(pairs)
    low, high = measures.interval(cells, measures.agreement)
    assert 0 <= low <= measures.agreement(cells) <= high <= 1
    assert (low, high) == measures.interval(cells, measures.agreement)


def test_interval_narrows_with_the_number_of_roll_calls():
    few_low, few_high = measures.interval(np.diag([4, 3, 3]) + 1, measures.agreement)
    low, high = measures.interval((np.diag([4, 3, 3]) + 1) * 25, measures.agreement)
    assert few_low < low < high < few_high


# --- distances, shares, effects -----------------------------------------------------------------


def test_ideal_distance_of_a_small_table():
    points = pd.DataFrame(
        {
            "state": ["PAK", "SUN"],
            "year": [1980, 1980],
            "ideal_point": [-0.5, -2.0],
            "low": [-0.8, -2.4],
            "high": [-0.2, -1.6],
        }
    )
    row = measures.ideal_distance(points, "PAK", "RUS").loc[0]
    assert (row["distance"], row["from_a"]) == (1.5, -1.5)
    assert (row["low"], row["high"]) == pytest.approx((1.0, 2.0))  # √(.3² + .4²) = .5


FLOWS = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.integers(2000, 2009), st.floats(0.01, 1e4)),
    min_size=1,
    unique_by=lambda flow: flow[:2],
)


@given(FLOWS, st.integers(2000, 2009))
@few
def test_window_shares_add_up(rows, start):
    flows = pd.DataFrame(rows, columns=["partner", "year", "value"])
    assume(flows["year"].between(start, start + 4).any())
    shares = measures.window_shares(flows, start, start + 4, by="partner", value="value")
    assert shares["share"].sum() == pytest.approx(1)
    assert shares["share"].is_monotonic_decreasing
    assert shares["rank"].min() == 1


@given(FLOWS)
@few
def test_rolling_shares_end_in_window_shares(rows):
    flows = pd.DataFrame(rows, columns=["partner", "year", "value"])
    assume(flows["year"].max() - flows["year"].min() >= 4)
    year = flows["year"].max()
    rolling = measures.rolling_shares(flows, by="partner", value="value")
    last = rolling.query("year == @year").set_index("partner")["share"]
    window = measures.window_shares(flows, year - 4, year, by="partner", value="value")
    for _, row in window.iterrows():
        assert last[row["partner"]] == pytest.approx(row["share"], abs=1e-9)


def test_effect_by_year_leaves_out_empty_years():
    events = pd.DataFrame({"effect": [1, -3, 2]})
    found = measures.effect_by_year(events, pd.Series([1965, 1965, 1971]))
    assert found.to_dict("list") == {
        "year": [1965, 1971],
        "mean": [-1.0, 2.0],
        "sum": [-2, 2],
        "events": [2, 1],
    }


# --- coders -------------------------------------------------------------------------------------


def test_coder_agreement_of_krippendorffs_own_example():
    # Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section A: alpha = .095.
    meg = pd.Series([0, 1, 0, 0, 0, 0, 0, 0, 1, 0])
    owen = pd.Series([1, 1, 1, 0, 0, 1, 0, 0, 0, 0])
    found = measures.coder_agreement(meg, owen, resamples=50)
    assert round(found["alpha"], 3) == 0.095
    assert (found["events"], found["exact"], found["within_one"]) == (10, 0.6, 1.0)


def test_coder_agreement_of_the_events_against_the_library():
    events = table("events")
    both = events.dropna(subset=["effect_second"])
    found = measures.coder_agreement(events["effect"], events["effect_second"], resamples=50)
    codes = both[["effect", "effect_second"]].to_numpy(dtype=float).T
    assert found["events"] == len(both)
    assert found["alpha"] == pytest.approx(
        krippendorff.alpha(codes, level_of_measurement="ordinal", value_domain=[*range(-3, 4)])
    )
    assert 0 < found["low"] <= found["alpha"] <= found["high"] <= 1
    assert found["exact"] == pytest.approx((both["effect"] == both["effect_second"]).mean())


# --- time ---------------------------------------------------------------------------------------


def runs(years: set[int]) -> int:
    """How many unbroken runs a set of years holds."""
    return sum(year - 1 not in years for year in years)


@given(*[st.sets(st.integers(1950, 1990), min_size=1)] * 2)
def test_lines_break_at_missing_years(first, second):
    rows = [("a", year, 1.0) for year in first] + [("b", year, 1.0) for year in second]
    missing = ("a", min(first) - 1, np.nan)
    frame = pd.DataFrame([missing, *rows], columns=["who", "year", "value"])
    found = with_gaps(frame, "year", "value", "who")
    assert len(found) == len(rows)
    assert found.groupby("who")["run"].nunique().tolist() == [runs(first), runs(second)]
    assert (found.groupby("run")["year"].diff().dropna() == 1).all()


@given(st.lists(DAYS, min_size=2, unique=True))
def test_decimal_years_keep_the_order_of_days(days):
    texts = pd.Series([day.isoformat() for day in sorted(days)])
    years = decimal_year(texts)
    assert (years.diff().dropna() > 0).all()
    assert (years.astype(int) == texts.str[:4].astype(int)).all()


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("1971", 1971.5),
        ("1972", 1972.5),
        ("1971-12", 1971 + (334 + 15.5) / 365),
        ("1972-01-01", 1972 + 0.5 / 366),
        ("1971-12-31", 1972 - 0.5 / 365),
    ],
)
def test_decimal_year_is_the_middle_of_what_is_known(date, year):
    assert decimal_year(pd.Series([date])).item() == pytest.approx(year)


@pytest.mark.parametrize(
    ("date", "era"),
    [
        ("1947-08-14", "cold-war-rivalry"),
        ("1965-03-31", "cold-war-rivalry"),
        ("1965-04-01", "tashkent-to-dhaka"),
        ("1971-12-31", "tashkent-to-dhaka"),
        ("1972-01", "steel-and-thaw"),
        ("1979-12-24", "afghan-war"),
        ("1989-02-15", "afghan-war"),
        ("1989-02-16", "after-the-union"),
        ("2001-09-10", "after-the-union"),
        ("2001-09-11", "rapprochement"),
        ("2015-07-09", "rapprochement"),
        ("2015-07-10", "sco-era"),
        ("2026", "sco-era"),
    ],
)
def test_eras_begin_and_end_on_their_days(date, era):
    assert era_of(pd.Series([date])).tolist() == [era]


def test_a_prelude_counts_with_the_first_era():
    assert era_of(pd.Series(["1947-04-13"])).tolist() == ["cold-war-rivalry"]


@given(DAYS)
@few
def test_the_era_of_a_day_contains_it(day):
    found = eras().set_index("era").loc[era_of(pd.Series([day.isoformat()])).item()]
    assert found["start"] <= day.isoformat()
    assert pd.isna(found["end"]) or day.isoformat() <= found["end"]
