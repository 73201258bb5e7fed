"""What the rules on the essays' claims share: the finding, and how they read and word the dataset.

A rule computes the verdict on one claim and bears its name: ``b07``. It reads its tables through
`read` (name to data frame: :func:`relations.dataset.table`, or a stand-in of a test), judges by the
criterion in its docstring and says in plain words what it measured. Readings of vague words are
constants beside the rules, each with its reason. The rules of the two essays are in
:mod:`relations.verdicts_a` and :mod:`relations.verdicts_b`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import pandas as pd

from .dataset import decimal_year, moscow
from .eras import era_of
from .measures import window_shares

SUPPORTED = "supported"
PARTLY = "partly supported"
NOT_SUPPORTED = "not supported"
CONTRADICTED = "contradicted"

TO_MOSCOW, TO_PAKISTAN = "to Moscow", "to Pakistan"
# The latest five years on record; SIPRI publishes shares over five years, since single years depend
# on a few deliveries.
LATEST = (2021, 2025)


class Finding(NamedTuple):
    """What a rule found: the verdict, and the numbers behind it in one or two plain sentences."""

    verdict: str
    measured: str


Read = Callable[[str], pd.DataFrame]
Rule = Callable[[Read], Finding]


def by_parts(parts: Iterable[bool], none: str = NOT_SUPPORTED) -> str:
    """Supported if every part of a claim holds, partly if some do, else `none`."""
    held = list(parts)
    return SUPPORTED if all(held) else PARTLY if any(held) else none


def signed(value: float, digits: int = 2) -> str:
    """A mean effect with its sign."""
    return f"{value:+.{digits}f}".replace("-", "−")


def span(years: tuple[int, int]) -> str:
    """A span of years as the book prints it: 1947–53."""
    return f"{years[0]}–{years[1] % 100:02d}"


def position(date: str) -> float:
    """An ISO date of any precision as a decimal year."""
    return float(decimal_year(pd.Series([date])).iloc[0])


def apart(early: str, late: str) -> float:
    """Years from one ISO date of any precision to another."""
    return position(late) - position(early)


def dated(read: Read, event: str, column: str = "date") -> str:
    """The ISO date of an event."""
    return read("events").set_index("event").at[event, column]


def steps(read: Read, *projects: str) -> pd.Series:
    """The ISO dates of the events in the course of projects, in order."""
    linked = read("project_events").query("project in @projects")
    return linked.merge(read("events"), on="event")["date"].sort_values(ignore_index=True)


def events(read: Read, start: str, before: str) -> pd.DataFrame:
    """The events that took place from one ISO day up to another, which is not included."""
    held = read("events").query("status == 'held'")
    at = decimal_year(held["date"])
    return held[at.between(position(start), position(before), inclusive="left")].assign(at=at)


def of_era(read: Read, era: str) -> pd.DataFrame:
    """The events that took place in one era."""
    held = events(read, "1900-01-01", "2100-01-01")
    return held[era_of(held["date"]) == era]


def split(frame: pd.DataFrame, date: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The events before an ISO day, and those from it on."""
    late = frame["at"] >= position(date)
    return frame[~late], frame[late]


def visits(read: Read, direction: str, *ranks: str, status: str = "held") -> pd.DataFrame:
    """Visits in one direction by guests of certain ranks (all, if none is given), by date."""
    chosen = read("visits").query("direction == @direction and status == @status")
    chosen = chosen[chosen["rank"].isin(ranks)] if ranks else chosen
    return chosen.sort_values("start", ignore_index=True)


def supplies(read: Read, recipient: str) -> pd.DataFrame:
    """Arms deliveries to one state, with the Soviet and the Russian seat joined as ``RUS``."""
    flows = read("arms_tiv").query("recipient == @recipient")
    return flows.assign(supplier=moscow(flows["supplier"]))


def supplied(read: Read, recipient: str, first: int, last: int) -> pd.DataFrame:
    """Volume, share and rank of each supplier of arms to a state over a span of years."""
    shares = window_shares(supplies(read, recipient), first, last, by="supplier", value="tiv")
    return shares.set_index("supplier")


def share_of(shares: pd.DataFrame, *suppliers: str) -> float:
    """The share of one or more suppliers in :func:`supplied`, 0 where no delivery is on record."""
    return float(shares["share"].reindex(list(suppliers)).sum())
