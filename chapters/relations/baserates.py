"""Base rates: how often the announced came about, how long things took, what an alarm is worth.

Pure functions, table in and table out. Proportions are shares between 0 and 1, times are decimal
years. With a handful of cases every rate is soft: each comes with its number of cases and a 90 %
interval, as elsewhere in the book.

Literature: Wilson (1927), Journal of the American Statistical Association 22, 209–212; Clopper and
Pearson (1934), Biometrika 26, 404–413; Brown, Cai and DasGupta (2001), Statistical Science 16,
101–133, who advise Wilson's interval for small samples; Garwood (1936), Biometrika 28, 437–442.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import binomtest, chi2

LEVEL = 0.90


def proportion(happened: int, cases: int, method: str = "wilson") -> tuple[float, float]:
    """The interval of a share `happened` / `cases` at `LEVEL`, by :func:`scipy.stats.binomtest`.

    ``wilson`` (the default) keeps its level on average and stays inside 0 to 1; ``exact`` is the
    wider one of Clopper and Pearson, which never falls short of its level. Both take the cases as
    independent and alike, which those of diplomacy are not: read them as the least uncertainty.
    Without cases both ends are missing. Raises ValueError if more happened than there are cases.
    """
    if happened > cases or happened < 0:
        raise ValueError(f"{happened} of {cases} cases happened: mend the counts.")
    if cases == 0:
        return (np.nan, np.nan)
    bounds = binomtest(int(happened), int(cases)).proportion_ci(LEVEL, method=method)
    return float(bounds.low), float(bounds.high)


def rates(table: pd.DataFrame, by: str, happened: str) -> pd.DataFrame:
    """Shares of what happened by group, with Wilson's interval.

    `table` has one row a case; `happened` names a boolean column in which a missing value is an
    undecided case. Columns: `by`, `cases` (decided ones), `happened`, `open` (undecided), `rate`,
    `low`, `high`. Groups stand in the order of their first row.
    """
    rows = []
    for group, part in table.groupby(by, sort=False):
        known = part[happened].dropna().astype(bool)
        cases, count = len(known), int(known.sum())
        low, high = proportion(count, cases)
        rate = count / cases if cases else np.nan
        row = {by: group, "cases": cases, "happened": count, "open": len(part) - cases}
        rows.append(row | {"rate": rate, "low": low, "high": high})
    return pd.DataFrame(rows)


def yearly(count: int, years: float) -> tuple[float, float]:
    """The interval of a yearly rate from `count` events in `years`: exact Poisson (Garwood 1936).

    At `LEVEL`; for no event the lower end is 0 and the upper one −ln(0.05) / years, the relative
    of the “rule of three”. It supposes a constant rate and no memory.
    """
    if years <= 0 or count < 0:
        raise ValueError(f"{count} events in {years} years: mend the counts.")
    tail = (1 - LEVEL) / 2
    low = chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low / years), float(chi2.ppf(1 - tail, 2 * count + 2) / 2 / years)


def waits(days: pd.Series, today: float) -> pd.DataFrame:
    """Times between one event and the next, and the wait that is still running.

    `days` are decimal years in any order; events of the same day count once. Columns: `start`,
    `end`, `wait` (years) and `running`: true for the last row, which ends with `today`, the end of
    the record. A running wait is censored: it has lasted at least so long.
    """
    starts = np.sort(days.dropna().unique())
    ends = np.append(starts[1:], today)
    if len(starts) and today < starts[-1]:
        raise ValueError(f"The record ends at {today}, before its last event {starts[-1]}.")
    return pd.DataFrame(
        {
            "start": starts,
            "end": ends,
            "wait": ends - starts,
            "running": np.arange(len(starts)) == len(starts) - 1,
        }
    )


def crossings(series: pd.Series, window: int = 10) -> pd.DataFrame:
    """Years in which an indicator left the range of its last `window` values.

    `series` is indexed by year; missing years are passed over, so the range spans the last
    `window` years that have a value. Columns: `year`, `value`, `low`, `high` (the range before),
    `side` (1 above, −1 below, 0 inside). Years with fewer predecessors are left out. If the values
    were drawn anew each year from one distribution, a share of 2 / (`window` + 1) would cross.
    """
    known = series.dropna().sort_index()
    before = known.shift(1).rolling(window)
    low, high = before.min(), before.max()
    side = (known > high).astype(int) - (known < low).astype(int)
    table = pd.DataFrame({"value": known, "low": low, "high": high, "side": side})
    return table.dropna().rename_axis("year").reset_index()


def alarms(table: pd.DataFrame, quiet: int = 3) -> pd.DataFrame:
    """The first crossing of each run: crossings of one side within `quiet` years are one alarm.

    `table` comes from :func:`crossings`. A run goes on as long as the next crossing of the same
    side comes at most `quiet` years after the last.
    """
    crossed = table[table["side"] != 0].sort_values("year")
    since = crossed.astype({"year": int}).groupby("side")["year"].diff()
    return crossed[~(since <= quiet)].reset_index(drop=True)


def place(
    years: pd.Series, changes: pd.Series, within: int = 3, until: int | None = None
) -> pd.Series:
    """Where each year stands to the nearest changes: before, after, away or open.

    `changes` are decimal years. ``before``: a change fell in one of the `within` calendar years
    that followed; ``after``: none did, but one fell in the year itself or in the `within` years
    before it; ``away``: neither. The year of a change counts as after, since a yearly figure is
    known only when the year is over. ``open``: no change has followed, but the record ends with
    the year `until`, less than `within` years later, so that one may.
    """
    turns = [math.floor(change) for change in changes]

    def one(year: int) -> str:
        gaps = [turn - year for turn in turns]
        if any(1 <= gap <= within for gap in gaps):
            return "before"
        if until is not None and year + within > until:
            return "open"
        return "after" if any(-within <= gap <= 0 for gap in gaps) else "away"

    return years.map(one).astype(object)


def worth(
    table: pd.DataFrame, changes: pd.Series, *, until: int, within: int = 3, quiet: int = 3
) -> dict:
    """How often an indicator's alarms were followed by a change, beside what any year would score.

    `table` comes from :func:`crossings`, `until` is the last full year of the record: years with
    less than `within` years after them are left out. Returns `judged` (years), `alarms`,
    `followed`, `rate` with `low` and `high` (Wilson), `chance` (share of all judged years that were
    followed by a change), `late` and `late_chance` (share of the alarms, and of all judged years,
    that came in the year of a change or up to `within` years after it), `changes` (those with
    judged years before them) and `announced` (those that had an alarm within reach).
    """
    rung = alarms(table, quiet)
    rung = rung.assign(place=place(rung["year"], changes, within, until)).query("place != 'open'")
    years = place(table["year"], changes, within, until)
    judged = years[years != "open"]
    followed = int((rung["place"] == "before").sum())
    low, high = proportion(followed, len(rung))
    near = [
        range(turn - within, turn)
        for turn in map(math.floor, changes)
        if table["year"].between(turn - within, turn - 1).any()
    ]
    return {
        "judged": len(judged),
        "alarms": len(rung),
        "followed": followed,
        "rate": followed / len(rung) if len(rung) else np.nan,
        "low": low,
        "high": high,
        "chance": float((judged == "before").mean()),
        "late": int((rung["place"] == "after").sum()),
        "late_chance": float((judged == "after").mean()),
        "changes": len(near),
        "announced": sum(bool(rung["year"].isin(reach).any()) for reach in near),
    }
