"""Base rates: published intervals, laws of intervals, and alarms counted by hand."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from relations import baserates
from relations.baserates import alarms, crossings, place, proportion, rates, waits, worth, yearly

COUNTS = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
Z = 1.6448536269514722  # the 95th percentile of the normal distribution


def test_wilson_agrees_with_the_formula():
    share, n = 7 / 20, 20
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    assert proportion(7, 20) == pytest.approx((centre - half, centre + half))


def test_published_wilson_and_exact_intervals(monkeypatch):
    # Newcombe (1998), table I: 15 of 148 and 0 of 20, at 95 per cent.
    monkeypatch.setattr(baserates, "LEVEL", 0.95)
    assert proportion(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert proportion(15, 148, "exact") == pytest.approx((0.0578, 0.1617), abs=5e-5)
    assert proportion(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert proportion(0, 20, "exact") == pytest.approx((0.0, 0.1684), abs=5e-5)


@given(COUNTS)
def test_interval_holds_the_share_and_is_narrower_than_the_exact_one(pair):
    happened, cases = pair
    low, high = proportion(happened, cases)
    if cases == 0:
        assert math.isnan(low)
        assert math.isnan(high)
        return
    assert -1e-12 <= low <= happened / cases + 1e-12
    assert happened / cases - 1e-12 <= high <= 1 + 1e-12
    mirrored = proportion(cases - happened, cases)
    assert (low, high) == pytest.approx((1 - mirrored[1], 1 - mirrored[0]), abs=1e-9)
    exact = proportion(happened, cases, "exact")
    assert high - low <= exact[1] - exact[0] + 1e-9


@pytest.mark.parametrize("pair", [(3, 2), (-1, 4)])
def test_impossible_counts_are_refused(pair):
    with pytest.raises(ValueError, match="mend the counts"):
        proportion(*pair)


def test_rates_leave_undecided_cases_aside():
    table = pd.DataFrame(
        {
            "kind": ["offer", "plant", "offer", "plant", "rumour"],
            "done": pd.array([False, True, False, None, None], dtype="boolean"),
        }
    )
    found = rates(table, "kind", "done").set_index("kind")
    assert found.index.tolist() == ["offer", "plant", "rumour"]
    assert found["cases"].tolist() == [2, 1, 0]
    assert found["open"].tolist() == [0, 1, 1]
    assert found["rate"].tolist()[:2] == [0, 1]
    assert math.isnan(found.loc["rumour", "rate"])
    assert found.loc["offer", "high"] == pytest.approx(proportion(0, 2)[1])


def test_rule_of_three_and_garwood(monkeypatch):
    assert yearly(0, 78) == pytest.approx((0, -math.log(0.05) / 78))
    # Garwood (1936), 95 per cent: 10 events, 4.795 to 18.39.
    monkeypatch.setattr(baserates, "LEVEL", 0.95)
    assert yearly(10, 1) == pytest.approx((4.795, 18.39), abs=5e-3)
    with pytest.raises(ValueError, match="mend the counts"):
        yearly(1, 0)


def test_waits_end_with_the_record():
    table = waits(pd.Series([2024.75, 1968.25, 1969.5, 1968.25]), 2026.25)
    assert table["wait"].tolist() == [1.25, 55.25, 1.5]
    assert table["running"].tolist() == [False, False, True]
    with pytest.raises(ValueError, match="before its last event"):
        waits(pd.Series([2000.0]), 1999.0)


def test_crossings_compare_with_the_years_before_only():
    series = pd.Series([1.0, 3, 2, 3, 4, 2, None, 0.5], index=range(2000, 2008))
    table = crossings(series, window=3).set_index("year")
    assert table.index.tolist() == [2003, 2004, 2005, 2007]
    assert table["side"].tolist() == [0, 1, 0, -1]  # equal to the range is inside it
    assert table.loc[2007, ["low", "high"]].tolist() == [2, 4]  # the missing year is passed over


def test_order_alone_crosses_in_two_of_eleven_years():
    noise = pd.Series(range(20_000)).sample(frac=1, random_state=1).reset_index(drop=True)
    crossed = (crossings(noise, 10)["side"] != 0).mean()
    assert crossed == pytest.approx(2 / 11, abs=0.01)


@pytest.mark.parametrize("kind", ["int64", "Int64", "float64"])
def test_a_run_of_crossings_is_one_alarm(kind):
    table = pd.DataFrame({"year": [1, 2, 5, 9, 10, 20], "side": [1, 1, 1, 1, -1, 0]})
    table["year"] = table["year"].astype(kind)
    rung = alarms(table, quiet=3)
    assert rung[["year", "side"]].to_numpy().tolist() == [[1, 1], [9, 1], [10, -1]]


def test_place_before_after_away_and_open():
    years = pd.Series([1967, 1968, 1970, 1971, 1974, 1975, 1979])
    found = place(years, pd.Series([1971.99]), within=3, until=1980)
    assert found.tolist() == ["away", "before", "before", "after", "after", "away", "open"]


def test_worth_of_a_perfect_and_of_a_late_alarm():
    calm = pd.Series([0.0, 1] * 20, index=range(1960, 2000))
    change = pd.Series([1990.5])
    early = worth(crossings(calm.where(calm.index != 1988, 5)), change, until=1999)
    late = worth(crossings(calm.where(calm.index != 1991, 5)), change, until=1999)
    assert (early["alarms"], early["followed"], early["late"]) == (1, 1, 0)
    assert (late["alarms"], late["followed"], late["late"]) == (1, 0, 1)
    assert (early["announced"], late["announced"], late["changes"]) == (1, 0, 1)
    assert early["judged"] == 27  # 1970 to 1996: later years have not three years after them
    assert early["chance"] == pytest.approx(3 / 27)
    assert early["late_chance"] == pytest.approx(4 / 27)
