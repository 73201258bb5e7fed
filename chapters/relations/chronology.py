"""The events as records of the page *Chronology*: what an entry says, and what it is found by."""

from __future__ import annotations

from calendar import month_name

import pandas as pd

from .citations import in_short
from .dataset import table
from .eras import eras, events
from .records import Record, plain

DOMAINS = {
    "diplomacy": "Diplomacy",
    "visit": "Visits",
    "un": "United Nations",
    "war": "War",
    "security": "Security",
    "alliance": "Alliances",
    "economy": "Economy",
    "energy": "Energy",
    "science": "Science",
    "culture": "Culture",
}
DIRECTIONS = {
    "SUN>PAK": "from Moscow to Pakistan",
    "RUS>PAK": "from Moscow to Pakistan",
    "PAK>SUN": "from Pakistan to Moscow",
    "PAK>RUS": "from Pakistan to Moscow",
    "both": "mutual",
    "third-party": "act of or towards a third party",
}
EFFECTS = ["+3", "+2", "+1", "0", "−1", "−2", "−3"]
STATUS = {"held": "Took place", "not held": "Did not take place"}
KNOWN_TO = {"day": "day known", "month": "month known", "year": "only the year known"}


def written(date: str, end: str | None = None) -> str:
    """An ISO date of any precision in words: ``1974-10-24``, ``1974-10-26`` as 24–26 October 1974.

    What is not known is not written: ``1971-12`` is December 1971, ``1971`` is 1971.
    """
    if end is None or pd.isna(end) or end == date:
        year, *rest = date.split("-")
        words = [str(int(rest[1]))] if len(rest) > 1 else []
        return " ".join([*words, *([month_name[int(rest[0])]] if rest else []), year])
    start, stop = written(date).split(), written(end).split()
    shared = 0
    while shared < min(len(start), len(stop)) - 1 and start[-1 - shared] == stop[-1 - shared]:
        shared += 1
    start = start[: len(start) - shared]
    return " ".join(start) + ("–" if start[0] == start[-1] else " – ") + " ".join(stop)


def effect_mark(value: int) -> str:
    """An effect with its sign: ``+2``, ``0``, ``−1``."""
    return f"{value:+d}".replace("-", "−").replace("+0", "0")


def facets(rows: pd.DataFrame) -> dict[str, list[str]]:
    """The filter's facets: values in the order in which they are offered."""
    named = rows["actors"].explode().dropna()
    return {
        "Era": list(eras()["title"]),
        "Domain": list(DOMAINS.values()),
        "Actor": list(named.value_counts().index),
        "Effect": EFFECTS,
        "Status": list(STATUS.values()),
    }


def chronology() -> pd.DataFrame:
    """Every event with the title of its era, its actors' names (a list) and its sources.

    Adds to :func:`relations.eras.events`: ``era_title``, ``actors``, and ``links``, a list of pairs
    of short reference and address.
    """
    rows = events().sort_values(["year", "event"], ignore_index=True)
    actors = table("event_actors").merge(table("actors"), on="actor")
    named = actors.groupby("event")["name"].agg(list)
    sources = table("event_sources").merge(table("sources"), on="source")
    pairs = pd.Series(
        list(zip(in_short(sources), sources["url"].fillna(""), strict=True)), index=sources.index
    )
    return rows.assign(
        era_title=rows["era"].map(eras().set_index("era")["title"]),
        actors=rows["event"].map(named),
        links=rows["event"].map(pairs.groupby(sources["event"]).agg(list)),
    )


def record(row: pd.Series) -> Record:
    """One event as a record of the page."""
    second = row["effect_second"]
    second = f"second coder {effect_mark(second)}" if pd.notna(second) else "no second coding"
    differs = row["disagreement"]
    body = [plain(row["summary"])]
    body += [f"*Sources differ.* {plain(differs)}"] if pd.notna(differs) else []
    return {
        "id": f"event-{row['event']}",
        "label": written(row["date"], row["end_date"]),
        "title": row["title"],
        "badge": row["mark"],
        "meta": "\u00a0· ".join(  # no line begins with the point
            [
                DOMAINS[row["domain"]],
                ", ".join(row["actors"]),
                DIRECTIONS[row["direction"]],
                f"effect {row['mark']}, {second}",
                KNOWN_TO[row["precision"]],
                *([STATUS[row["status"]].lower()] if row["status"] != "held" else []),
            ]
        ),
        "body": "\n\n".join(body),
        "links_title": "Sources:" if len(row["links"]) > 1 else "Source:",
        "links": row["links"],
        "facets": {
            "Era": [row["era_title"]],
            "Domain": [DOMAINS[row["domain"]]],
            "Actor": row["actors"],
            "Effect": [row["mark"]],
            "Status": [STATUS[row["status"]]],
        },
    }


def by_era(rows: pd.DataFrame) -> dict[str, list[Record]]:
    """The records of :func:`chronology`, under the titles of their eras."""
    return {
        title: [record(row) for _, row in part.iterrows()]
        for title, part in rows.groupby("era_title", sort=False)
    }


def download(rows: pd.DataFrame) -> pd.DataFrame:
    """The chronology as a flat table for the CSV: lists joined by semicolons."""
    flat = rows.assign(
        actors=rows["actors"].str.join("; "),
        addresses=rows["links"].map(lambda pairs: "; ".join(url for _, url in pairs if url)),
    )
    columns = [
        "event",
        "date",
        "precision",
        "end_date",
        "era",
        "title",
        "summary",
        "domain",
        "direction",
        "actors",
        "status",
        "effect",
        "effect_second",
        "disagreement",
        "cites",
        "addresses",
    ]
    return flat[columns].rename(columns={"cites": "sources"})
