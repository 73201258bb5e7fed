"""Association of yearly series: known lags, known nulls, an independent library, no false alarm."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from relations import association
from scipy import stats

YEARS = pd.RangeIndex(1950, 2026)


def series(values, start: int = 1950) -> pd.Series:
    return pd.Series(values, index=pd.RangeIndex(start, start + len(values)), dtype=float)


def noise(seed: int, memory: float = 0.0, years: int = len(YEARS)) -> np.ndarray:
    """Noise with a given first autocorrelation, from its long-run distribution."""
    steps = np.random.default_rng(seed).normal(size=years + 50)
    for year in range(1, len(steps)):
        steps[year] += memory * steps[year - 1]
    return steps[50:]


@pytest.mark.parametrize("delay", [-3, 0, 2])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_series_that_follows_is_found_at_its_lag(delay, sign):
    whole = noise(1, years=90)
    a = series(whole[7:83])
    b = series(sign * whole[7 - delay : 83 - delay])
    found = association.lagged(a, b).set_index("lag")
    assert found["r"].abs().idxmax() == delay
    assert found["r"][delay] == pytest.approx(sign)
    assert found["p"][delay] == pytest.approx(1 / 76)
    # The true calendar, and the 55 shifts of 11 to 65 years.
    assert found["p_any"][delay] == found["p_floor"][delay] == pytest.approx(1 / 56)
    assert found["pairs"][delay] == 76 - abs(delay)


def test_a_weak_echo_two_years_later_is_found():
    whole = noise(2, years=90)
    a, b = series(whole[7:83]), series(whole[5:81] + 0.6 * noise(3))
    found = association.lagged(a, b).set_index("lag")
    assert found["r"].idxmax() == 2
    assert found["p_any"][2] < 0.05
    assert found["low"][2] > 0
    assert found["low"][2] < found["r"][2] < found["high"][2]


@pytest.mark.parametrize("memory", [0.0, 0.7])
def test_independent_noise_is_inside_the_null_at_the_nominal_rate(memory):
    runs = 200
    found = [
        rate(noise(2 * run, memory), noise(2 * run + 1, memory)) for run in range(100, 100 + runs)
    ]
    each, any_lag = np.array(found).T
    # The rate of 200 runs at 10 % has a standard error of 2.1 points.
    assert 0.04 <= (each <= 0.1).mean() <= 0.16
    assert 0.04 <= (any_lag <= 0.1).mean() <= 0.16


def rate(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """p at lag 0 and the least p over all lags that `lagged` would give, without its bootstrap."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(association, "RESAMPLES", 2)
        found = association.lagged(series(first), series(second))
    return found.set_index("lag")["p"][0], found["p_any"].min()


def test_reading_memory_as_evidence_would_raise_false_alarms():
    slow = [(noise(2 * run, 0.9), noise(2 * run + 1, 0.9)) for run in range(100, 300)]
    naive = np.mean([stats.spearmanr(a, b).pvalue <= 0.1 for a, b in slow])
    assert naive > 0.3
    assert np.median([association.effective_years(a, b) for a, b in slow]) < 40


@pytest.mark.parametrize("which", ["a", "b", "both"])
def test_constants_give_missing(which):
    flat, moving = series(np.ones(76)), series(noise(5))
    a, b = {"a": (flat, moving), "b": (moving, flat), "both": (flat, flat)}[which]
    found = association.lagged(a, b)
    assert found[["r", "low", "high", "effective", "p", "p_any"]].isna().all(axis=None)
    assert found["pairs"].tolist() == [71, 72, 73, 74, 75, 76, 75, 74, 73, 72, 71]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=4, max_size=30))
@settings(max_examples=60, deadline=None)
def test_correlations_agree_with_scipy(values):
    x, y = np.array(values, dtype=float).T
    mine = association.correlation(x, y), association.correlation(x, y, ranks=False)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        assert np.isnan(mine).all()
    else:
        theirs = stats.spearmanr(x, y).statistic, stats.pearsonr(x, y).statistic
        np.testing.assert_allclose(mine, theirs, atol=1e-9)


def test_effective_years_of_two_slow_series():
    # Two AR(1) series of memory .7: n* is about n (1 − .49) / (1 + .49).
    years = 4000
    found = association.effective_years(noise(7, 0.7, years), noise(8, 0.7, years), ranks=False)
    assert found == pytest.approx(years * 0.51 / 1.49, rel=0.12)
    assert association.effective_years(noise(7, 0, years), noise(8, 0, years)) > 0.9 * years


def test_interval_covers_no_association_about_nine_times_in_ten():
    covered = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(association, "RESAMPLES", 300)
        for run in range(200):
            low, high = association.block_interval(noise(2 * run), noise(2 * run + 1))
            covered.append(low <= 0 <= high)
    assert 0.8 <= np.mean(covered) <= 0.96


def test_needed_strength_divides_small_p_from_large():
    for seed in range(6):
        found = association.lagged(series(noise(seed, 0.8)), series(noise(seed + 50, 0.8)))
        strong = found["r"].abs() > found["needed"] + 1e-9
        assert (strong == (found["p_any"] <= 0.05)).all()


def test_few_years_can_never_give_a_small_p():
    whole = noise(1, years=34)
    found = association.lagged(series(whole), series(whole)).set_index("lag")
    assert found["r"][0] == pytest.approx(1)
    assert found["p_any"][0] == found["p_floor"][0] == pytest.approx(1 / 14)
    assert found["needed"].isna().all()


def test_lagged_repeats():
    a, b = series(noise(11)), series(noise(12))
    pd.testing.assert_frame_equal(association.lagged(a, b), association.lagged(a, b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (series(noise(1)), series(noise(2), start=1951)),
        (series(noise(1)).drop(1960), series(noise(2)).drop(1960)),
        (series(noise(1)).where(YEARS != 1960), series(noise(2))),
        (series([1, 2, 3]), series([1, 2, 3])),
    ],
    ids=["other years", "a gap", "a missing value", "too few years"],
)
def test_what_cannot_be_compared_is_refused(a, b):
    with pytest.raises(ValueError, match="lagged"):
        association.lagged(a, b)


def test_yearly_fills_years_without_delivery():
    found = association.yearly(pd.Series([2.0, 3.0, 1.0], index=[1951, 1951, 1953]), 1950, 1953)
    assert found.tolist() == [0, 5, 0, 1]


def test_blocks_do_not_overlap_and_end_with_the_last_year():
    found = association.blocks(series(np.ones(12), start=2014))
    assert found.to_dict() == {2020: 5, 2025: 5}
