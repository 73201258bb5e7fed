"""Laws of the measures that hold for any data: bounds, symmetry, relabelling, order, gaps.

Values known from outside stand with each module: `test_measures.py` and its neighbours.
"""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from relations import association, baserates, breaks, composite, measures

NUMBER = st.integers(-999, 999).map(lambda value: value / 100)
GAPPY = NUMBER | st.just(np.nan)
CELLS = st.lists(st.integers(0, 20), min_size=9, max_size=9).map(
    lambda counts: np.array(counts).reshape(3, 3)
)
SERIES = st.lists(NUMBER, min_size=12, max_size=30).map(np.array)
TWO = st.lists(st.tuples(NUMBER, NUMBER), min_size=8, max_size=30).map(
    lambda rows: np.array(rows).T
)
some = settings(max_examples=50)


def shuffled(frame: pd.DataFrame, data) -> pd.DataFrame:
    """The rows of a table in another order."""
    return frame.iloc[data.draw(st.permutations(range(len(frame))))]


# --- votes ----------------------------------------------------------------------------------------


@given(CELLS)
@some
def test_agreement_and_pi_do_not_care_what_the_votes_are_called(cells):
    for order in permutations(range(3)):
        renamed = cells[np.ix_(order, order)]
        for measure in (measures.agreement, measures.scotts_pi):
            np.testing.assert_allclose(measure(renamed), measure(cells))


@given(CELLS, st.integers(2, 9))
def test_agreement_and_pi_do_not_depend_on_how_often_the_same_is_voted(cells, times):
    for measure in (measures.agreement, measures.scotts_pi):
        np.testing.assert_allclose(measure(cells * times), measure(cells))


@given(CELLS)
@some
def test_pi_and_its_interval_stay_between_minus_one_and_one(cells):
    low, high = measures.interval(cells, measures.scotts_pi, resamples=200)
    known = [value for value in (low, measures.scotts_pi(cells), high) if not np.isnan(value)]
    assert all(-1 - 1e-12 <= value <= 1 + 1e-12 for value in known)
    assert np.isnan(low) == np.isnan(high)
    assert np.isnan(low) or low <= high


VOTE = st.sampled_from(["Y", "A", "N", None])


@given(st.lists(st.tuples(VOTE, VOTE), min_size=1), st.data())
@some
def test_only_roll_calls_on_which_both_voted_are_counted(votes, data):
    frame = pd.DataFrame(votes, columns=["a", "b"])
    cells = measures.crosstab(frame["a"], frame["b"])
    assert cells.sum() == frame.notna().all(axis=1).sum()
    for changed in (shuffled(frame, data), frame.dropna()):
        np.testing.assert_array_equal(measures.crosstab(changed["a"], changed["b"]), cells)


# --- distances, shares, effects -------------------------------------------------------------------

POINT = st.tuples(NUMBER, st.integers(0, 300).map(lambda width: width / 100))
POINTS = st.dictionaries(
    st.tuples(st.sampled_from(["PAK", "RUS", "IND"]), st.integers(1990, 1999)), POINT, min_size=1
)


@given(POINTS, NUMBER, st.data())
@some
def test_distance_is_symmetric_and_knows_no_origin(points, shift, data):
    rows = [(state, year, at, at - w, at + w) for (state, year), (at, w) in points.items()]
    frame = pd.DataFrame(rows, columns=["state", "year", "ideal_point", "low", "high"])
    assume({"PAK", "RUS"} <= set(frame["state"]))
    found = measures.ideal_distance(frame, "PAK", "RUS")
    both = {year for state, year in points if state == "PAK"} & {
        year for state, year in points if state == "RUS"
    }
    assert set(found["year"]) == both
    assert ((found["low"] >= 0) & (found["low"] <= found["distance"] + 1e-12)).all()
    assert (found["distance"] <= found["high"] + 1e-12).all()
    back = measures.ideal_distance(frame, "RUS", "PAK").assign(from_a=lambda f: -f["from_a"])
    pd.testing.assert_frame_equal(
        back.sort_values("year", ignore_index=True), found.sort_values("year", ignore_index=True)
    )
    moved = frame.assign(**{c: frame[c] + shift for c in ("ideal_point", "low", "high")})
    moved = measures.ideal_distance(shuffled(moved, data), "PAK", "RUS")
    pd.testing.assert_frame_equal(
        moved.sort_values("year", ignore_index=True), found.sort_values("year", ignore_index=True)
    )


FLOW = st.floats(0.01, 1e4)


@given(st.dictionaries(st.integers(1990, 2005), st.tuples(FLOW, FLOW, FLOW, FLOW), min_size=1))
@some
def test_a_partners_share_is_a_share_and_years_with_gaps_are_left_out(years):
    flows, totals = [], []
    for year, (arriving, leaving, others_in, others_out) in years.items():
        flows += [("RUS", "PAK", year, "goods", arriving), ("PAK", "RUS", year, "goods", leaving)]
        totals += [("PAK", year, "imports", arriving + others_in)]
        totals += [("PAK", year, "exports", leaving + others_out)] if year % 4 else []
    trade = pd.DataFrame(flows, columns=["exporter", "importer", "year", "flow", "value"])
    own = pd.DataFrame(totals, columns=["state", "year", "direction", "value"])
    assume(own["direction"].nunique() == 2)
    found = measures.trade_share(trade, own, "PAK", "RUS")
    assert set(found["year"]) == {year for year in years if year % 4}
    assert found["share"].between(0, 1).all()


@given(st.lists(st.tuples(st.integers(1990, 1995), st.integers(-3, 3)), min_size=1), st.data())
@some
def test_effects_by_year_count_every_event_once(rows, data):
    frame = pd.DataFrame(rows, columns=["year", "effect"])
    found = measures.effect_by_year(frame, frame["year"])
    assert found["events"].sum() == len(frame)
    assert found["sum"].sum() == frame["effect"].sum()
    assert found["mean"].between(-3, 3).all()
    mixed = shuffled(frame, data)
    pd.testing.assert_frame_equal(measures.effect_by_year(mixed, mixed["year"]), found)


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3) | st.none()), min_size=3))
@some
def test_agreement_of_coders_is_symmetric_and_leaves_single_codings_out(rows):
    frame = pd.DataFrame(rows, columns=["first", "second"], dtype="float64")
    both = frame.dropna()
    assume(len(both))
    found = measures.coder_agreement(frame["first"], frame["second"], resamples=5)
    assert found["events"] == len(both)
    assert 0 <= found["exact"] <= found["within_one"] <= 1
    assert np.isnan(found["alpha"]) == (len(set(both.to_numpy().ravel())) == 1)
    if not np.isnan(found["alpha"]):
        assert (found["alpha"] > 1 - 1e-12) == (found["exact"] == 1)
    swapped = measures.coder_agreement(frame["second"], frame["first"], resamples=5)
    for name in ("alpha", "exact", "within_one"):
        np.testing.assert_allclose(swapped[name], found[name])


# --- association ----------------------------------------------------------------------------------


@given(TWO)
def test_correlation_is_bounded_symmetric_and_turns_its_sign(values):
    x, y = values
    for ranks in (True, False):
        r = association.correlation(x, y, ranks=ranks)
        assert np.isnan(r) or -1 - 1e-9 <= r <= 1 + 1e-9
        assert np.isnan(r) == (np.ptp(x) == 0 or np.ptp(y) == 0)
        np.testing.assert_allclose(association.correlation(y, x, ranks=ranks), r, atol=1e-12)
        np.testing.assert_allclose(association.correlation(x, -y, ranks=ranks), -r, atol=1e-9)


@given(TWO)
def test_ranks_do_not_care_for_units_or_scale(values):
    x, y = values
    stretched = np.exp(x / 4), y**3 + 100
    r = association.correlation(x, y)
    np.testing.assert_allclose(association.correlation(*stretched), r, atol=1e-9)


@given(TWO)
def test_pairs_are_worth_at_least_two_and_no_more_than_they_are(values):
    found = association.effective_years(*values)
    assert np.isnan(found) or 2 <= found <= values.shape[1]


@given(TWO, st.integers(-5, 5))
def test_to_lead_is_to_be_followed(values, lag):
    a, b = values
    x, y = association.pairs(a, b, lag)
    u, v = association.pairs(b, a, -lag)
    assert len(x) == len(y) == len(a) - abs(lag)
    np.testing.assert_array_equal(x, v)
    np.testing.assert_array_equal(y, u)


@given(SERIES, st.integers(1, 6))
def test_shifts_and_blocks_lose_nothing(values, width):
    slid = association.shifts(values)
    np.testing.assert_array_equal(slid[0], values)
    assert (np.sort(slid, axis=1) == np.sort(values)).all()
    series = pd.Series(values, index=range(1950, 1950 + len(values)))
    found = association.blocks(series, width)
    np.testing.assert_allclose(found.sum(), series.iloc[len(series) % width :].sum(), atol=1e-9)
    assert found.index[-1] == series.index[-1]


@given(st.lists(st.tuples(NUMBER, NUMBER), min_size=24, max_size=40))
@settings(max_examples=10)
def test_p_is_a_share_of_calendars_and_never_below_its_floor(rows):
    frame = pd.DataFrame(rows, columns=["a", "b"], index=range(1950, 1950 + len(rows)))
    found = association.lagged(frame["a"], frame["b"], range(-1, 2)).dropna()
    assert (found["p"].between(1 / len(rows) - 1e-12, 1)).all()
    assert (found["p_any"].between(found["p_floor"] - 1e-12, 1)).all()
    assert found["r"].between(-1 - 1e-9, 1 + 1e-9).all()
    assert (found["low"] <= found["high"]).all()


# --- breaks ---------------------------------------------------------------------------------------

TABLE = st.lists(st.tuples(NUMBER, NUMBER), min_size=20, max_size=30).map(np.array)


@given(TABLE, st.integers(0, 3))
@some
def test_segments_keep_their_length_and_means_leave_nothing_over(values, count):
    found = breaks.segment(values, count)
    assert len(found) == count
    assert (np.diff([0, *found, len(values)]) >= breaks.MINIMUM).all()
    rest = values - breaks.fitted(values, found)
    for part in np.split(rest, found):
        np.testing.assert_allclose(part.sum(axis=0), 0, atol=1e-9)
    assert (
        (breaks.persistence(values, found) >= 0) & (breaks.persistence(values, found) < 1)
    ).all()


@given(st.integers(0, 10_000), st.integers(1, 3), st.floats(0.01, 100), NUMBER)
@some
def test_breaks_do_not_care_for_units_order_of_columns_or_direction(seed, count, scale, shift):
    values = np.random.default_rng(seed).standard_normal((40, 2)).cumsum(axis=0)
    found = breaks.segment(values, count)
    assert breaks.segment(values * scale + shift, count) == found
    assert breaks.segment(values[:, ::-1], count) == found
    backwards = breaks.segment(values[::-1], count)
    assert [len(values) - position for position in backwards[::-1]] == found


YEARS = st.lists(st.integers(1950, 2020), min_size=1, max_size=8).map(np.array)


@given(YEARS, YEARS, st.integers(-50, 50))
def test_closeness_is_a_distance_to_dates(found, dates, shift):
    near = breaks.closeness(found, dates)
    assert near >= 0
    assert (near == 0) == (set(found) <= set(dates))
    assert breaks.closeness(found + shift, dates[::-1] + shift) == near
    assert breaks.closeness(found, np.append(dates, found[0])) <= near
    table = breaks.nearest(found, dates)
    assert table["distance"].abs().mean() == pytest.approx(float(near))


@given(YEARS, YEARS)
def test_a_share_of_rotations_counts_the_true_calendar(found, dates):
    share = breaks.rotation_share(found, dates, 1950, 2021)
    assert 1 / 71 - 1e-12 <= share <= 1


# --- composite ------------------------------------------------------------------------------------

SCORES = st.lists(st.tuples(GAPPY, GAPPY, GAPPY), min_size=2, max_size=20).map(
    lambda rows: pd.DataFrame(rows, columns=["a", "b", "c"])
)
WEIGHTS = st.lists(st.integers(1, 9), min_size=3, max_size=3).map(
    lambda weights: pd.Series(weights, index=["a", "b", "c"], dtype=float)
)


@given(SCORES, WEIGHTS, st.floats(0.1, 10), st.data())
@some
def test_the_index_lies_among_the_components_that_a_year_has(scores, weights, factor, data):
    found = composite.composite(scores, weights)
    assert found["components"].tolist() == scores.notna().sum(axis=1).tolist()
    assert found["index"].isna().equals(scores.isna().all(axis=1))
    known = found["index"].dropna()
    assert (known >= scores.min(axis=1)[known.index] - 1e-9).all()
    assert (known <= scores.max(axis=1)[known.index] + 1e-9).all()
    other = composite.composite(shuffled(scores[["c", "a", "b"]], data), weights * factor)
    pd.testing.assert_frame_equal(other.sort_index(), found)


@given(SCORES, st.floats(0.1, 100), NUMBER)
@some
def test_standard_scores_do_not_care_for_units(values, scale, shift):
    assume((values.std(ddof=0) > 0.1).all())
    found = composite.standardise(values)
    np.testing.assert_allclose(found.mean(), 0, atol=1e-9)
    np.testing.assert_allclose(found.std(ddof=0), 1)
    assert found.isna().equals(values.isna())
    pd.testing.assert_frame_equal(composite.standardise(values * scale + shift), found)


# --- base rates -----------------------------------------------------------------------------------


@given(st.integers(0, 200), st.floats(0.5, 200), st.floats(0.1, 10))
def test_a_yearly_rate_lies_in_its_interval_and_keeps_its_unit(count, years, factor):
    low, high = baserates.yearly(count, years)
    assert 0 <= low <= count / years < high
    assert baserates.yearly(count + 1, years)[1] > high
    slower = baserates.yearly(count, years * factor)
    assert slower == pytest.approx((low / factor, high / factor))


CASE = st.tuples(st.sampled_from(["offer", "plant", "visit"]), st.sampled_from([True, False, None]))


@given(st.lists(CASE, min_size=1))
@some
def test_rates_count_each_case_once(rows):
    frame = pd.DataFrame(rows, columns=["kind", "done"])
    found = baserates.rates(frame, "kind", "done")
    assert (found["cases"] + found["open"]).sum() == len(frame)
    assert found["kind"].tolist() == list(frame["kind"].unique())
    decided = found[found["cases"] > 0]
    assert decided["rate"].between(decided["low"] - 1e-9, decided["high"] + 1e-9).all()
    assert found.loc[found["cases"] == 0, ["rate", "low", "high"]].isna().all(axis=None)


@given(st.lists(st.integers(19_500, 20_200).map(lambda day: day / 10), min_size=1), st.data())
def test_waits_fill_the_record_from_its_first_event(days, data):
    series = pd.Series(days)
    found = baserates.waits(series, 2026.0)
    assert found["wait"].sum() == pytest.approx(2026 - min(days))
    assert (found["wait"] > 0).all()
    assert found["running"].tolist() == [False] * (len(set(days)) - 1) + [True]
    mixed = series.iloc[data.draw(st.permutations(range(len(series))))]
    pd.testing.assert_frame_equal(baserates.waits(mixed, 2026.0), found)


@given(st.lists(GAPPY, min_size=3, max_size=40), st.integers(1, 5), st.integers(1, 4))
@some
def test_alarms_are_crossings_that_no_crossing_announced(values, window, quiet):
    series = pd.Series(values, index=range(1980, 1980 + len(values)), dtype=float)
    table = baserates.crossings(series, window)
    assert len(table) == max(series.notna().sum() - window, 0)
    assert (table["low"] <= table["high"]).all()
    mirrored = baserates.crossings(-series, window)
    assert mirrored["side"].tolist() == (-table["side"]).tolist()
    rung = baserates.alarms(table, quiet)
    crossed = table[table["side"] != 0]
    assert set(rung["year"]) <= set(crossed["year"])
    for _, one in crossed.iterrows():
        before = crossed[(crossed["side"] == one["side"]) & (crossed["year"] < one["year"])]
        alone = before.empty or one["year"] - before["year"].max() > quiet
        assert (one["year"] in set(rung["year"])) == alone


@given(
    st.lists(NUMBER, min_size=8, max_size=40),
    st.lists(st.floats(1980, 2020), max_size=5),
    st.integers(1, 4),
)
@some
def test_the_worth_of_an_alarm_is_counted_in_shares(values, changes, within):
    series = pd.Series(values, index=range(1980, 1980 + len(values)), dtype=float)
    table = baserates.crossings(series, 3)
    until = int(series.index[-1])
    places = baserates.place(table["year"], pd.Series(changes, dtype=float), within, until)
    assert set(places) <= {"before", "after", "away", "open"}
    assert (places[table["year"] + within <= until] != "open").all()
    found = baserates.worth(table, pd.Series(changes, dtype=float), until=until, within=within)
    assert found["judged"] == (places != "open").sum()
    assert found["followed"] + found["late"] <= found["alarms"] <= found["judged"]
    assert found["announced"] <= found["changes"] <= len(changes)
    for name in ("rate", "chance", "late_chance"):
        assert np.isnan(found[name]) or 0 <= found[name] <= 1
