"""Which era is a date in? The eras and their boundaries are the table ``eras``."""

from __future__ import annotations

import pandas as pd

from .dataset import DatasetError, decimal_year, table


def eras(today: str = "2026-12-31") -> pd.DataFrame:
    """The seven eras in order, with decimal-year bounds.

    Columns: ``era``, ``title``, ``start``, ``end`` (ISO days; the last one open), ``from_year`` and
    ``to_year`` (decimal years; the open era ends with the year of `today`).
    """
    frame = table("eras")
    days = frame["end"].fillna(today)
    return frame.assign(
        from_year=decimal_year(frame["start"]).round(2), to_year=decimal_year(days).round(2)
    )


def era_of(dates: pd.Series) -> pd.Series:
    """The era of each ISO date of any precision, by the middle of what is known of it.

    Raises DatasetError for a date before the first era.
    """
    bounds = eras()
    position = decimal_year(dates)
    start = decimal_year(bounds["start"])
    found = start.searchsorted(position + 1e-9, side="right") - 1
    if (found < 0).any():
        early = dates[found < 0].iloc[0]
        raise DatasetError(f"{early} lies before the first era ({bounds['start'].iloc[0]}).")
    return pd.Series(bounds["era"].to_numpy()[found], index=dates.index, name="era")
