"""Change points of yearly series, their uncertainty, and their distance to given dates.

The model is a mean that steps: within a segment a series scatters about one level. The segments of
least squared error are found exactly, by dynamic programming (Truong, Oudre and Vayatis 2020); for
one price a break they are those of PELT (Killick, Fearnhead and Eckley 2012). How many steps are
kept follows from a penalty of the form of Schwarz's criterion (Yao 1988), raised until series that
persist but do not step raise a false alarm in at most one case of twenty: neighbouring years
resemble each other, and a rule made for independent years would find steps in any drift.

Years without a value are left out, not filled: a segment is a run of observed years, and a break
is named by the first observed year of the new segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

MINIMUM = 5  # observed years in a segment
MOST = 6  # breaks considered: as many as there are dates between the eras
MULTIPLES = np.arange(1, 6.01, 0.25)  # penalties tried, in units of Schwarz's
FALSE_ALARMS = 0.05
BLOCK = 4  # years in a block of the bootstrap
SEED = 19480501
INTERVAL = (0.05, 0.95)


class BreaksError(ValueError):
    """A series does not admit what is asked of it; the message names the mend."""


@dataclass(frozen=True)
class Found:
    """What :func:`change_points` found.

    ``firm``: one row a break at the raised penalty, `year` (first year of the new segment), `low`
    and `high` (90 % bootstrap interval, years). ``candidates``: the same at Schwarz's own penalty.
    ``path``: the best segmentation for each number of breaks. ``multiple``: the raised penalty, in
    units of Schwarz's. ``persistence``: lag-one autocorrelation about the candidates' segments, by
    column. ``levels``: the mean of each firm segment by year and column, in the units of the
    series. ``values``: the years and values used.
    """

    firm: pd.DataFrame
    candidates: pd.DataFrame
    path: pd.DataFrame
    multiple: float
    persistence: np.ndarray
    levels: pd.DataFrame
    values: pd.DataFrame


def segment(values: np.ndarray, count: int, minimum: int = MINIMUM) -> list[int]:
    """Positions of the `count` breaks with the least squared error about segment means.

    `values` has shape (years, columns). A position is the index of the first year of a segment;
    no segment has fewer than `minimum` years.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < (count + 1) * minimum:
        raise BreaksError(
            f"{len(values)} years do not hold {count + 1} segments of {minimum}. "
            "Ask for fewer breaks, or allow shorter segments."
        )
    if np.isnan(values).any():
        raise BreaksError("A value is missing. Leave out the years without one.")
    return _search(values, count, minimum)[1][count]


def fitted(values: np.ndarray, positions: Sequence[int]) -> np.ndarray:
    """The mean of its segment in each year, shape as `values`."""
    parts = np.split(values, positions)
    return np.concatenate([np.broadcast_to(part.mean(axis=0), part.shape) for part in parts])


def path(values: np.ndarray, most: int = MOST, minimum: int = MINIMUM) -> pd.DataFrame:
    """The best segmentation for 0, 1, … `most` breaks: `breaks`, `error`, `positions`.

    `error` is the sum of squares about the segment means, in squared units of `values`. Fewer
    than `most` are tried where the series is too short.
    """
    errors, positions = _search(np.asarray(values, dtype=float), most, minimum)
    return pd.DataFrame({"breaks": range(len(errors)), "error": errors, "positions": positions})


def _search(values: np.ndarray, most: int, minimum: int) -> tuple[np.ndarray, list[list[int]]]:
    """Errors and positions of the best segmentations for 0, 1, … `most` breaks.

    The best split of the years before `end` into k + 1 segments is the best split of those before
    some `start` into k, and one segment more: the least of the sums, over all starts.
    """
    error = segment_errors(values, minimum)
    best, starts, errors, positions = error[0], [], [error[0, -1]], [[]]
    for _ in range(min(most, len(values) // minimum - 1)):
        sums = best[:, None] + error
        best = sums.min(axis=0)
        starts.append(sums.argmin(axis=0))
        found = [len(values)]
        for start in reversed(starts):
            found.insert(0, int(start[found[0]]))
        errors.append(best[-1])
        positions.append(found[:-1])
    return np.maximum(errors, 0), positions


def segment_errors(values: np.ndarray, minimum: int) -> np.ndarray:
    """Squared error about its mean of each run of years, by its start and the year after its end.

    Shape (years + 1, years + 1); infinite where the run has fewer than `minimum` years.
    """
    sums = np.vstack([np.zeros(values.shape[1]), values.cumsum(axis=0)])
    squares = np.concatenate([[0], (values**2).sum(axis=1).cumsum()])
    length = np.arange(len(sums)) - np.arange(len(sums))[:, None]
    explained = ((sums - sums[:, None]) ** 2).sum(axis=-1) / np.maximum(length, 1)
    return np.where(length < minimum, np.inf, squares - squares[:, None] - explained)


def criterion(errors: np.ndarray, years: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Schwarz's criterion in two parts, misfit and price, for 0, 1, … breaks.

    Misfit: years x columns x ln(mean squared error). Price: (columns + 1) ln(years) a break, one
    parameter for its place and one for each new level (Yao 1988).
    """
    cells = years * columns
    misfit = cells * np.log(np.maximum(errors, 1e-12) / cells)
    return misfit, np.arange(len(errors)) * (columns + 1) * np.log(years)


def chosen(errors: np.ndarray, years: int, columns: int, multiple: float = 1.0) -> int:
    """The number of breaks with the least misfit plus `multiple` times the price."""
    misfit, price = criterion(np.asarray(errors), years, columns)
    return int(np.argmin(misfit + multiple * price))


def persistence(values: np.ndarray, positions: Sequence[int]) -> np.ndarray:
    """Lag-one autocorrelation about the segment means, by column, from 0 to 0.95.

    Means that are estimated pull it down by about (1 + 3 rho) / years for each of them
    (Kendall 1954); this is put back.
    """
    rest = values - fitted(values, positions)
    power = (rest**2).sum(axis=0)
    raw = (rest[1:] * rest[:-1]).sum(axis=0) / np.where(power > 0, power, 1)
    share = min((len(positions) + 1) / len(values), 0.25)
    return np.clip((raw + share) / (1 - 3 * share), 0, 0.95)


def stationary(
    years: int, rho: np.ndarray, correlation: np.ndarray, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Series without a break that persist: first-order autoregression, variance one.

    Shape (draws, years, columns). `rho` is the persistence of each column, `correlation` that of
    their shocks.
    """
    root = np.linalg.cholesky(correlation + 1e-9 * np.eye(len(rho)))
    shocks = rng.standard_normal((draws, years, len(rho))) @ root.T
    out = np.empty_like(shocks)
    out[:, 0] = shocks[:, 0]
    for year in range(1, years):
        out[:, year] = rho * out[:, year - 1] + np.sqrt(1 - rho**2) * shocks[:, year]
    return out


def false_alarms(
    years: int,
    rho: np.ndarray,
    correlation: np.ndarray,
    minimum: int = MINIMUM,
    most: int = MOST,
    draws: int = 400,
) -> pd.Series:
    """Share of series without a break in which a penalty finds one, by multiple of Schwarz's."""
    rng = np.random.default_rng(SEED)
    rho = np.atleast_1d(rho)
    alarms = np.zeros(len(MULTIPLES))
    for series in stationary(years, rho, correlation, draws, rng):
        errors, _ = _search(series, most, minimum)
        misfit, price = criterion(errors, years, len(rho))
        total = misfit[:, None] + price[:, None] * MULTIPLES
        alarms += total.argmin(axis=0) > 0
    return pd.Series(alarms / draws, index=MULTIPLES)


def change_points(
    series: pd.Series | pd.DataFrame,
    *,
    minimum: int = MINIMUM,
    most: int = MOST,
    draws: int = 400,
    rho: float | None = None,
) -> Found:
    """The breaks of a yearly series, or the joint breaks of several (columns), by a fixed rule.

    The index holds years; years in which a column is missing are left out. Columns are
    standardised. The penalty is the smallest of `MULTIPLES` times Schwarz's at which at most
    `FALSE_ALARMS` of series without a break, as long and as persistent as this one is about its
    segments at a multiple of one, show any break. `rho` sets the persistence by hand.
    """
    frame = series.to_frame() if isinstance(series, pd.Series) else series
    frame = frame.dropna().astype(float).sort_index()
    raw = frame.to_numpy()
    if len(raw) < 2 * minimum or (raw.std(axis=0) == 0).any():
        raise BreaksError("Too few years, or a column that never changes: nothing to segment.")
    values = ((raw - raw.mean(axis=0)) / raw.std(axis=0)).round(9)
    years, columns = values.shape
    steps = path(values, most, minimum)
    errors = steps["error"].to_numpy()
    schwarz = chosen(errors, years, columns)
    first = steps["positions"][schwarz]
    given = np.full(columns, rho) if rho is not None else persistence(values, first)
    shocks = shock_correlation(values - fitted(values, first))
    multiple = calm(false_alarms(years, given.round(2), shocks, minimum, most, draws))
    positions = steps["positions"][chosen(errors, years, columns, multiple)]
    steps["years"] = [frame.index.to_numpy()[p].astype(int).tolist() for p in steps["positions"]]
    levels = pd.DataFrame(fitted(raw, positions), index=frame.index, columns=frame.columns)
    return Found(
        firm=dated(frame.index, values, positions, minimum),
        candidates=dated(frame.index, values, first, minimum),
        path=steps,
        multiple=multiple,
        persistence=given,
        levels=levels,
        values=frame,
    )


def calm(alarms: pd.Series) -> float:
    """The smallest multiple with at most `FALSE_ALARMS`, or else the largest tried."""
    enough = alarms.index[alarms <= FALSE_ALARMS]
    return float(enough[0]) if len(enough) else float(alarms.index[-1])


def strict(
    found: Found, *, minimum: int = MINIMUM, most: int = MOST, draws: int = 200
) -> tuple[float, list[int]]:
    """The harshest reading: the multiple and the years that it leaves.

    :func:`change_points` measures persistence about the candidates, some of which may be none.
    Here it is measured about the breaks that are kept, the penalty is set by it, and so on until
    the number of breaks no longer falls. A drift and a few steps cannot be told apart this way
    either: true steps that are dropped count as persistence from then on.
    """
    raw = found.values.to_numpy()
    values = ((raw - raw.mean(axis=0)) / raw.std(axis=0)).round(9)
    errors = found.path["error"].to_numpy()
    kept, multiple = len(found.firm), found.multiple
    while True:
        positions = found.path["positions"][kept]
        rho = persistence(values, positions).round(2)
        shocks = shock_correlation(values - fitted(values, positions))
        alarms = false_alarms(len(values), rho, shocks, minimum, most, draws)
        multiple = max(multiple, calm(alarms))
        fewer = min(kept, chosen(errors, *values.shape, multiple))
        if fewer == kept:
            return multiple, found.path["years"][kept]
        kept = fewer


def dated(
    years: pd.Index, values: np.ndarray, positions: Sequence[int], minimum: int = MINIMUM
) -> pd.DataFrame:
    """Breaks as years with their 90 % interval: `year`, `low`, `high`."""
    low, high = intervals(values, positions, minimum)
    at = years.to_numpy().astype(int)
    return pd.DataFrame({"year": at[list(positions)], "low": at[low], "high": at[high]})


def shock_correlation(rest: np.ndarray) -> np.ndarray:
    """Correlation between the columns of residuals, shape (columns, columns)."""
    return np.atleast_2d(np.corrcoef(rest, rowvar=False))


def intervals(
    values: np.ndarray, positions: Sequence[int], minimum: int = MINIMUM, draws: int = 500
) -> tuple[np.ndarray, np.ndarray]:
    """90 % bootstrap interval of each break's position (low, high).

    Residuals about the segment means are drawn in blocks of `BLOCK` years within each segment and
    put back upon the means; the same number of breaks is then sought anew.
    """
    if not len(positions):
        return np.array([], dtype=int), np.array([], dtype=int)
    rng = np.random.default_rng(SEED)
    mean = fitted(values, positions)
    edges = [0, *positions, len(values)]
    drawn = np.empty((draws, len(positions)))
    for draw in range(draws):
        order = np.concatenate([blocks(a, b, rng) for a, b in pairwise(edges)])
        drawn[draw] = segment(mean + (values - mean)[order], len(positions), minimum)
    low, high = np.quantile(drawn, INTERVAL, axis=0, method="closest_observation")
    return low.astype(int), high.astype(int)


def blocks(start: int, end: int, rng: np.random.Generator) -> np.ndarray:
    """Indices from `start` to `end` − 1 drawn in blocks of `BLOCK` neighbours, as many as are."""
    length = end - start
    size = min(BLOCK, length)
    heads = rng.integers(start, end - size + 1, size=-(-length // size))
    return (heads[:, None] + np.arange(size)).ravel()[:length]


# --- distance to given dates --------------------------------------------------------------------


def nearest(breaks: Sequence[float], dates: Sequence[float]) -> pd.DataFrame:
    """The nearest of `dates` to each break: `break`, `date`, `distance` (years, break − date).

    A break named by the year y stands at the turn of the year, y.0; dates are decimal years.
    """
    at, given = np.asarray(breaks, dtype=float), np.asarray(dates, dtype=float)
    pick = given[np.abs(at[:, None] - given).argmin(axis=1)] if len(at) else at
    return pd.DataFrame({"break": at, "date": pick, "distance": at - pick})


def closeness(breaks: np.ndarray, dates: np.ndarray) -> np.ndarray:
    """Mean distance (years) from the breaks to the nearest date; stacks of breaks or dates too.

    `breaks` has shape (…, breaks), `dates` (…, dates).
    """
    gaps = np.abs(np.asarray(breaks)[..., :, None] - np.asarray(dates)[..., None, :])
    return gaps.min(axis=-1).mean(axis=-1)


def placements(
    years: np.ndarray, count: int, minimum: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Random breaks, uniform over all placements with `minimum` observed years a segment.

    Shape (draws, count), as first years of the new segments.
    """
    free = len(years) - (count + 1) * minimum
    if free < 0:
        raise BreaksError(f"{len(years)} years do not hold {count + 1} segments of {minimum}.")
    picks = np.argsort(rng.random((draws, free + count)), axis=1)[:, :count]
    spread = np.sort(picks, axis=1) - np.arange(count)  # years given to the segments so far
    return np.asarray(years)[spread + minimum * np.arange(1, count + 1)]


def random_share(
    breaks: Sequence[float],
    dates: np.ndarray,
    years: np.ndarray,
    *,
    minimum: int = MINIMUM,
    draws: int = 5000,
    seed: int = SEED,
) -> dict:
    """How many random placements of as many breaks come at least as close to the dates?

    Returns `observed` (mean distance, years), `low`, `middle`, `high` (5th, 50th and 95th
    percentile of random placements), `share` (of placements at least as close, the observed one
    counted in; Phipson and Smyth 2010) and `null` (the drawn distances).
    """
    rng = np.random.default_rng(seed)
    observed = float(closeness(np.asarray(breaks, dtype=float), dates))
    null = closeness(placements(years, len(breaks), minimum, draws, rng), dates)
    low, middle, high = np.quantile(null, (0.05, 0.5, 0.95))
    share = (1 + (null <= observed + 1e-9).sum()) / (1 + draws)
    return {
        "observed": observed,
        "low": low,
        "middle": middle,
        "high": high,
        "share": float(share),
        "null": null,
    }


def rotated(dates: np.ndarray, start: float, end: float) -> np.ndarray:
    """The dates moved on by 0, 1, 2 … years round the circle from `start` to `end`.

    Shape (years, dates): the first row is the dates themselves. Their spacing is kept, so are all
    ties between the series that they are held against.
    """
    length = round(end - start)
    shift = np.arange(length)[:, None]
    return start + (np.asarray(dates) - start + shift) % (end - start)


def rotation_share(breaks: np.ndarray, dates: np.ndarray, start: float, end: float) -> float:
    """Share of the rotations of the dates (the true one counted in) at least as close."""
    null = closeness(np.asarray(breaks, dtype=float), rotated(dates, start, end))
    return float((null <= null[0] + 1e-9).mean())


def power(
    count: int,
    dates: np.ndarray,
    years: np.ndarray,
    error: float,
    *,
    minimum: int = MINIMUM,
    draws: int = 2000,
    level: float = 0.05,
) -> float:
    """How often the test would see it if the breaks did stand at the dates.

    `count` of the dates are drawn and missed by a normal error of `error` years, rounded to whole
    years; returned is the share of draws closer than all but `level` of random placements.
    """
    rng = np.random.default_rng(SEED)
    null = closeness(placements(years, count, minimum, draws, rng), dates)
    bar = np.quantile(null, level, method="lower")
    picks = np.argsort(rng.random((draws, len(dates))), axis=1)[:, :count]
    at = np.rint(np.asarray(dates)[picks] + error * rng.standard_normal((draws, count)))
    return float((closeness(at, dates) <= bar + 1e-9).mean())
