"""Change points: steps that are known, noise without any, and nulls that keep their promise."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from relations import breaks

YEARS = np.arange(1947, 2026)
DATES = np.array([1965.25, 1972.0, 1979.98, 1989.13, 2001.69, 2015.52])


def steps(at: list[int], levels: list[float], noise: float = 0.3, seed: int = 1) -> pd.Series:
    """A series over YEARS whose mean steps at the years `at`."""
    rng = np.random.default_rng(seed)
    level = np.array(levels)[np.searchsorted(at, YEARS, side="right")]
    return pd.Series(level + noise * rng.standard_normal(len(YEARS)), index=YEARS)


# --- finding breaks -----------------------------------------------------------------------------


def test_steps_are_found_at_their_year():
    found = breaks.change_points(steps([1965, 1991], [0, 2, -1]))
    assert found.firm["year"].tolist() == [1965, 1991]
    assert (found.firm["low"] <= found.firm["year"]).all()
    assert (found.firm["high"] >= found.firm["year"]).all()
    assert found.levels.loc[[1950, 1980, 2010]].round(0).squeeze().tolist() == [0, 2, -1]


def test_a_step_in_one_of_several_columns_is_found_jointly():
    frame = pd.DataFrame({"a": steps([1980], [0, 3]), "b": steps([], [0], seed=2)})
    assert breaks.change_points(frame).firm["year"].tolist() == [1980]


def test_independent_noise_rarely_breaks():
    rng = np.random.default_rng(3)
    kept = [
        len(breaks.change_points(pd.Series(rng.standard_normal(60)), draws=100).firm)
        for _ in range(20)
    ]
    assert sum(count > 0 for count in kept) <= 4


def test_noise_that_persists_breaks_by_schwarz_and_not_by_the_raised_penalty():
    rng = np.random.default_rng(4)
    drawn = breaks.stationary(70, np.array([0.6]), np.eye(1), 20, rng)
    found = [breaks.change_points(pd.DataFrame(values), draws=100, rho=0.6) for values in drawn]
    assert sum(len(f.candidates) > 0 for f in found) >= 12
    assert sum(len(f.firm) > 0 for f in found) <= 4


def test_missing_years_are_left_out_and_not_filled():
    series = steps([1966], [0, 3])
    series[1964] = np.nan
    found = breaks.change_points(series)
    assert 1964 not in found.values.index
    assert found.firm["year"].tolist() == [1966]
    gone = series.drop(1964)
    pd.testing.assert_frame_equal(breaks.change_points(gone).firm, found.firm)


def test_order_of_rows_and_units_do_not_matter():
    series = steps([1965, 1991], [0, 2, -1])
    other = (series * 40 + 7).sample(frac=1, random_state=1)
    assert breaks.change_points(other).firm.equals(breaks.change_points(series).firm)


def test_results_are_the_same_from_run_to_run():
    series = steps([1965], [0, 1], noise=0.6)
    assert breaks.change_points(series).firm.equals(breaks.change_points(series).firm)


def test_too_short_or_level_series_are_refused():
    with pytest.raises(breaks.BreaksError, match="Too few"):
        breaks.change_points(pd.Series([1.0, 2, 3]))
    with pytest.raises(breaks.BreaksError, match="never changes"):
        breaks.change_points(pd.Series(np.ones(40)))
    with pytest.raises(breaks.BreaksError, match="segments of 5"):
        breaks.segment(np.zeros((12, 1)), 2)
    with pytest.raises(breaks.BreaksError, match="missing"):
        breaks.segment(np.array([[1.0], [np.nan]] * 6), 1)


# --- an independent search, the penalty, the persistence ----------------------------------------


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 2), st.integers(1, 4), st.integers(0, 3))
def test_no_other_placement_of_the_breaks_fits_better(seed, columns, minimum, count):
    years = 16
    values = np.random.default_rng(seed).standard_normal((years, columns)).cumsum(axis=0)
    error = {
        at: ((values - breaks.fitted(values, at)) ** 2).sum()
        for at in combinations(range(1, years), count)
        if min(np.diff([0, *at, years])) >= minimum
    }
    best = min(error, key=error.get)
    assert breaks.segment(values, count, minimum) == list(best)
    path = breaks.path(values, count, minimum)
    assert path["positions"][count] == list(best)
    assert path["error"][count] == pytest.approx(error[best])


def test_the_path_falls_and_a_higher_price_never_buys_more_breaks():
    series = steps([1960, 1975, 1990], [0, 1, -1, 1], noise=0.8)
    errors = breaks.path(series.to_frame().to_numpy())["error"].to_numpy()
    assert (np.diff(errors) <= 1e-9).all()
    counts = [breaks.chosen(errors, len(series), 1, m) for m in breaks.MULTIPLES]
    assert counts == sorted(counts, reverse=True)


def test_schwarz_by_hand():
    misfit, price = breaks.criterion(np.array([10.0, 5.0]), years=10, columns=1)
    assert misfit[0] == pytest.approx(0)
    assert misfit[1] == pytest.approx(10 * np.log(0.5))
    assert price.tolist() == pytest.approx([0, 2 * np.log(10)])


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.7])
def test_persistence_is_recovered(rho):
    rng = np.random.default_rng(5)
    drawn = breaks.stationary(80, np.array([rho]), np.eye(1), 200, rng)
    found = np.mean([breaks.persistence(values, [40])[0] for values in drawn])
    assert found == pytest.approx(rho, abs=0.08)


def test_the_raised_penalty_keeps_false_alarms_at_one_in_twenty():
    alarms = breaks.false_alarms(60, np.array([0.5]), np.eye(1), draws=200)
    assert (alarms.diff().dropna() <= 0).all()
    bar = alarms.index[alarms <= 0.05][0]
    rng = np.random.default_rng(77)  # other series than those it was set with
    fresh = breaks.stationary(60, np.array([0.5]), np.eye(1), 200, rng)
    rate = np.mean([breaks.chosen(breaks.path(v)["error"], 60, 1, bar) > 0 for v in fresh])
    assert rate <= 0.1


def test_intervals_cover_the_true_year_mostly():
    hits = 0
    for seed in range(20):
        series = steps([1985], [0, 1.0], noise=0.7, seed=seed).to_frame().to_numpy()
        low, high = breaks.intervals(series, breaks.segment(series, 1), draws=100)
        hits += low[0] <= 1985 - 1947 <= high[0]
    assert hits >= 14


# --- distance to given dates --------------------------------------------------------------------


def test_distances_by_hand():
    rows = breaks.nearest([1965, 1991], DATES)
    assert rows["date"].tolist() == [1965.25, 1989.13]
    assert rows["distance"].round(2).tolist() == [-0.25, 1.87]
    assert breaks.closeness(np.array([1965, 1991]), DATES) == pytest.approx((0.25 + 1.87) / 2)


@settings(max_examples=30)
@given(st.integers(1, 6), st.integers(0, 999))
def test_random_breaks_keep_their_spacing(count, seed):
    rng = np.random.default_rng(seed)
    drawn = breaks.placements(YEARS, count, 5, 50, rng)
    edges = np.column_stack([np.full(50, 1947), drawn, np.full(50, 2026)])
    assert (np.diff(edges, axis=1) >= 5).all()


def test_random_breaks_are_uniform():
    drawn = breaks.placements(np.arange(12), 1, 5, 3000, np.random.default_rng(0))
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [5, 6, 7]
    assert counts / 3000 == pytest.approx(np.full(3, 1 / 3), abs=0.04)


def test_the_null_is_calibrated():
    rng = np.random.default_rng(8)
    truly_random = breaks.placements(YEARS, 4, 5, 150, rng)
    shares = [breaks.random_share(row, DATES, YEARS, draws=300)["share"] for row in truly_random]
    assert np.mean(np.array(shares) <= 0.1) == pytest.approx(0.1, abs=0.07)
    assert np.mean(shares) == pytest.approx(0.5, abs=0.08)


def test_breaks_at_the_dates_are_recognised():
    assert breaks.random_share([1965, 1972, 1980, 1989], DATES, YEARS)["share"] < 0.01
    assert breaks.rotation_share([1965, 1972, 1980, 1989], DATES, 1947, 2026) < 0.05


def test_rotations_keep_the_spacing():
    turned = breaks.rotated(DATES, 1947, 2026)
    assert turned.shape == (79, 6)
    assert turned[0] == pytest.approx(DATES)
    assert ((turned >= 1947) & (turned < 2026)).all()
    ring = np.sort(turned, axis=1)
    gaps = np.sort(np.column_stack([np.diff(ring), 79 - np.ptp(ring, axis=1)]), axis=1)
    assert np.allclose(gaps, gaps[0])


def test_power_falls_with_error_and_grows_with_breaks():
    sharp, blunt = (breaks.power(4, DATES, YEARS, error) for error in (1, 3))
    assert sharp > 0.9 > 0.5 > blunt
    assert breaks.power(2, DATES, YEARS, 1) < sharp
