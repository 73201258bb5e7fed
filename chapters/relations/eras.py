"""Which era is a date in? The eras and their boundaries are the table ``eras``."""

from __future__ import annotations

import pandas as pd

from .citations import in_short
from .dataset import decimal_year, table


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

    A prelude, before Pakistan's independence, counts with the first era.
    """
    bounds = eras()
    position = decimal_year(dates)
    start = decimal_year(bounds["start"])
    found = (start.searchsorted(position + 1e-9, side="right") - 1).clip(min=0)
    return pd.Series(bounds["era"].to_numpy()[found], index=dates.index, name="era")


def events(era: str | None = None) -> pd.DataFrame:
    """The events, of one era or of all, in order of date, ready to be drawn and listed.

    Adds to the table ``events``: ``year`` (decimal), ``era``, ``mark`` (the effect with its sign)
    and ``cites`` (the sources in short, joined by semicolons).
    """
    frame = table("events")
    links = table("event_sources").merge(table("sources"), on="source")
    cites = in_short(links).groupby(links["event"]).agg(lambda s: "; ".join(dict.fromkeys(s)))
    frame = frame.assign(
        year=decimal_year(frame["date"]).round(3),
        era=era_of(frame["date"]),
        mark=frame["effect"].map(lambda value: f"{value:+d}".replace("-", "−").replace("+0", "0")),
        cites=frame["event"].map(cites),
    ).sort_values("year", ignore_index=True)
    return frame if era is None else frame[frame["era"] == era].reset_index(drop=True)
