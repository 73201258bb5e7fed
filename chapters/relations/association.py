"""Does one yearly series go with another, some years before or after? Pure functions.

A positive lag k sets `a` of a year beside `b` of k years later: `a` leads. Yearly series depend on
their own past, so that years are not independent witnesses; the functions here say how many they
are worth, and judge an association against what the same two series give when their calendars are
slid past each other. An association is no cause, at any lag.

Literature: Spearman (1904), rank correlation. Bartlett (1935; 1946), and Pyper and Peterman (1998,
doi:10.1139/f98-104), the effective number of years of two autocorrelated series. Politis and
Romano (1992), circular block bootstrap. Westfall and Young (1993), largest statistic of a family of
tests. The circular shift is a simple relative of the shift test of Harris (2020, arXiv:2012.06862).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.stats import rankdata

RESAMPLES = 2000
SEED = 19480501
INTERVAL = (0.05, 0.95)
BLOCK = 5  # years that a bootstrap draws together: about the memory of a delivery programme
SPAN = range(-5, 6)
ALPHA = 0.05


def yearly(series: pd.Series, start: int, end: int) -> pd.Series:
    """A series of the years `start` to `end`, one value a year, years without a row as zero.

    For deliveries alone, where no row means that none was identified. Index: year.
    """
    return series.groupby(level=0).sum().reindex(range(start, end + 1), fill_value=0).astype(float)


def correlation(x: np.ndarray, y: np.ndarray, *, ranks: bool = True) -> np.ndarray:
    """Correlation along the last axis, of ranks (Spearman, ties at their mean) or of values.

    Arrays of shape (…, n) give an array of shape (…); missing where one side does not vary.
    """
    x, y = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    if ranks:
        x, y = rankdata(x, axis=-1), rankdata(y, axis=-1)
    x = x - x.mean(axis=-1, keepdims=True)
    y = y - y.mean(axis=-1, keepdims=True)
    size = np.sqrt((x**2).sum(axis=-1) * (y**2).sum(axis=-1))
    varies = (np.ptp(x, axis=-1) > 1e-9) & (np.ptp(y, axis=-1) > 1e-9)
    return np.divide((x * y).sum(axis=-1), size, out=np.full(size.shape, np.nan), where=varies)


def autocorrelation(x: np.ndarray, lag: int) -> float:
    """Autocorrelation of a series at a lag, with the mean and variance of the whole series."""
    deviation = x - x.mean()
    return float((deviation[lag:] * deviation[: len(x) - lag]).sum() / (deviation**2).sum())


def effective_years(x: np.ndarray, y: np.ndarray, *, ranks: bool = True) -> float:
    """How many independent pairs the n pairs of two autocorrelated series are worth.

    1/n* = 1/n + (2/n) Σ (1 − j/n) r_x(j) r_y(j) over lags j up to n/5, after Pyper and Peterman
    (1998), but with plain autocorrelations, not those that they raise by n/(n − j).
    Between 2 and n: a sum that would give more than n pairs is not believed. Missing for constants.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    n = len(x)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return np.nan
    if ranks:
        x, y = rankdata(x), rankdata(y)
    memory = sum(
        (1 - j / n) * autocorrelation(x, j) * autocorrelation(y, j) for j in range(1, n // 5 + 1)
    )
    return float(np.clip(n / max(1 + 2 * memory, 1e-9), 2, n))


def pairs(a: np.ndarray, b: np.ndarray, lag: int) -> tuple[np.ndarray, np.ndarray]:
    """The values of `a` and of `b` `lag` years later, along the last axis, cut where one ends."""
    n = np.shape(a)[-1]
    if lag >= 0:
        return a[..., : n - lag], b[..., lag:]
    return a[..., -lag:], b[..., : n + lag]


def shifts(b: np.ndarray) -> np.ndarray:
    """All circular shifts of a series, one a row; the first is the series itself."""
    n = len(b)
    return b[(np.arange(n)[None, :] + np.arange(n)[:, None]) % n]


def block_interval(
    x: np.ndarray, y: np.ndarray, *, ranks: bool = True, block: int = BLOCK
) -> tuple[float, float]:
    """Circular block bootstrap: 5th and 95th percentile of the correlation of paired years.

    Blocks of `block` years of pairs are drawn with replacement, so that memory shorter than a block
    is kept. Draws in which one side does not vary are left out. The interval is a guide, and too
    narrow rather than too wide: of 76 years with memory .7 on both sides it covers about four
    times in five, with memory .9 about two in three.
    """
    n = len(x)
    rng = np.random.default_rng(SEED)
    starts = rng.integers(0, n, size=(RESAMPLES, -(-n // block)))
    rows = (starts[..., None] + np.arange(block)).reshape(RESAMPLES, -1)[:, :n] % n
    drawn = correlation(x[rows], y[rows], ranks=ranks)
    drawn = drawn[~np.isnan(drawn)]
    if drawn.size == 0:
        return np.nan, np.nan
    low, high = np.quantile(drawn, INTERVAL)
    return float(low), float(high)


def lagged(
    a: pd.Series,
    b: pd.Series,
    lags: Iterable[int] = SPAN,
    *,
    ranks: bool = True,
    block: int = BLOCK,
) -> pd.DataFrame:
    """Association of `a` with `b` some years later, with interval and permutation p.

    Parameters
    ----------
    a, b : yearly series on the same unbroken years (index: year), no value missing.
    lags : years by which `a` leads; negative where it follows.
    ranks : correlate ranks (Spearman) rather than values: peaks weigh less, zeros are ties.
    block : years in a block of the bootstrap.

    Returns
    -------
    One row a lag: `lag`, `r` (−1 to 1), `low`, `high` (90 % block bootstrap), `pairs` (years),
    `effective` (independent pairs that they are worth), `p`, `p_any`, `p_floor` and `needed`.

    `p` is the share of all circular shifts of `b`, the true calendar among them, whose correlation
    at that lag is as strong, in either direction. `p_any` allows for having looked at every lag: it
    compares with the strongest correlation at any of them, over the true calendar and the shifts
    too long for one of the lags to be met again. Neither can fall below one in the number of
    calendars compared (`p_floor`, for `p_any`): few years cannot give a small p. `needed` is the
    strength that a correlation must exceed for a `p_any` of .05 at most, missing where no strength
    would do. The null supposes that `b` is stationary and joins its last year to its first; a trend
    breaks it, changes from year to year mend it.
    """
    if not a.index.equals(b.index) or (np.diff(a.index) != 1).any():
        raise ValueError("lagged: the two series need the same unbroken years as index.")
    if a.isna().any() or b.isna().any():
        raise ValueError("lagged: a value is missing; cut the years to those that both know.")
    lags = list(lags)
    first, second = a.to_numpy(dtype=float), b.to_numpy(dtype=float)
    years, reach = len(first), max(lags) - min(lags)
    if years < 2 * reach + 4:
        raise ValueError("lagged: too few years for the lags.")
    slid = shifts(second)
    still = np.broadcast_to(first, slid.shape)
    null = np.stack([correlation(*pairs(still, slid, lag), ranks=ranks) for lag in lags])
    strength = np.nan_to_num(np.abs(null), nan=0.0)
    shift = np.arange(years)
    far = (shift == 0) | ((shift > reach) & (shift < years - reach))
    strongest = strength.max(axis=0)[far]
    allowed = int(ALPHA * len(strongest))
    # The true calendar is one of the calendars compared and always as strong as itself.
    needed = float(np.sort(strongest[1:])[-allowed]) if allowed else np.nan
    rows = []
    for lag, drawn in zip(lags, strength, strict=True):
        x, y = pairs(first, second, lag)
        r = float(correlation(x, y, ranks=ranks))
        known = not np.isnan(r)
        low, high = block_interval(x, y, ranks=ranks, block=block)
        rows.append(
            {
                "lag": lag,
                "r": r,
                "low": low,
                "high": high,
                "pairs": len(x),
                "effective": effective_years(x, y, ranks=ranks),
                "p": float((drawn >= abs(r) - 1e-12).mean()) if known else np.nan,
                "p_any": float((strongest >= abs(r) - 1e-12).mean()) if known else np.nan,
                "p_floor": 1 / len(strongest),
                "needed": needed if known else np.nan,
            }
        )
    return pd.DataFrame(rows)


def blocks(series: pd.Series, width: int = 5) -> pd.Series:
    """Sums over stretches of `width` years that do not overlap, counted back from the last year.

    Index: last year of each stretch. Years at the beginning that fill no stretch are left out.
    """
    kept = series.iloc[len(series) % width :]
    ends = kept.index[width - 1 :: width]
    return pd.Series(kept.to_numpy().reshape(-1, width).sum(axis=1), index=ends, name=series.name)
