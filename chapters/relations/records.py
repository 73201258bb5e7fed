"""A long list of records becomes part of a page: readable as it is, searched and filtered in place.

:func:`records` shows one output under its cell: Markdown for JupyterLab and, under
`RECORDS_MIME`, what the book needs to compose its page (:mod:`relations.sphinx`).
"""

from __future__ import annotations

import re
from typing import TypedDict
from urllib.parse import quote

import pandas as pd
from IPython.display import display

RECORDS_MIME = "application/vnd.relations.records+json"
REQUIRED = ("id", "label", "title")
RESERVED = ":/?#[]@!$&'*+,;=%~"  # what an address may hold, but for parentheses


class RecordError(ValueError):
    """A record lacks a part or repeats an id; the message names the list, the record, the mend."""


class Record(TypedDict, total=False):
    """One entry. `id`, `label` and `title` are required; texts are plain except `body` (MyST)."""

    id: str  # the anchor, unique on the page
    label: str  # the short name that links to the record: a date, a number
    href: str  # where the label leads; the record itself if it is missing
    title: str
    badge: str  # a verdict, a value
    tone: str  # class of the badge
    meta: str  # a line of small print
    body: str  # MyST: may cite and refer to figures
    links: list[tuple[str, str]]  # text and address ("" for none) of each source or event
    links_title: str
    facets: dict[str, list[str]]  # facet → values, for the filter


def plain(text: object) -> str:
    """Plain text with what MyST would read as markup escaped."""
    escaped = re.sub(r"([\\`*_{}\[\]<>$|~^#]|&(?=#?\w+;))", r"\\\1", str(text))
    return re.sub(r"^(\d+)([.)])|^([-+:=%]|\(.*\)=)", r"\1\\\2\3", escaped)


def link(text: str, href: str) -> str:
    """Plain text as a Markdown link; without an address the text alone."""
    if not href:
        return plain(text)
    balanced = re.fullmatch(r"(?:[^()<>\s\\]|\([^()<>\s\\]*\))*", href)
    return f"[{plain(text)}]({href if balanced else quote(href, safe=RESERVED)})"


def records(
    name: str,
    groups: dict[str, list[Record]],
    *,
    noun: tuple[str, str] = ("record", "records"),
    facets: dict[str, list[str]] | None = None,
    data: pd.DataFrame | None = None,
    fold: bool = False,
) -> None:
    """Show lists of records, each under its heading (``""`` for none).

    Parameters
    ----------
    name : identifies the list and its download; lower-case letters and hyphens.
    noun : one and many, for the count beside the filter.
    facets : the filter's facets, each with its values in order; without them there is no filter.
    data : the table behind the list, offered as CSV.
    fold : show labels and titles only, the rest on demand.

    Raises
    ------
    RecordError : if a record lacks a part, repeats an id or has an unknown value of a facet.
    """
    listed = [record for group in groups.values() for record in group]
    _check(name, listed, facets or {})
    payload = {
        "name": name,
        "groups": [{"heading": heading, "records": group} for heading, group in groups.items()],
        "noun": list(noun),
        "facets": [[facet, values] for facet, values in (facets or {}).items()],
        "csv": "" if data is None else data.to_csv(index=False, lineterminator="\n"),
        "fold": fold,
    }
    text = "\n\n".join(
        part
        for heading, group in groups.items()
        for part in ([f"## {plain(heading)}"] if heading else [])
        + [_markdown(record) for record in group]
    )
    count = f"{len(listed)} {noun[len(listed) != 1]}"
    display({"text/plain": count, "text/markdown": text, RECORDS_MIME: payload}, raw=True)


def _check(name: str, listed: list[Record], facets: dict[str, list[str]]) -> None:
    seen: set[str] = set()
    for record in listed:
        where = f"Records {name}, {record.get('id') or record.get('title') or 'nameless'}"
        for part in REQUIRED:
            if not record.get(part):
                raise RecordError(f"{where}: no {part}. Give the record one.")
        if record["id"] in seen:
            raise RecordError(f"{where}: the id stands twice. Rename or drop one of the two.")
        seen.add(record["id"])
        for facet, allowed in facets.items():
            unknown = set(record.get("facets", {}).get(facet, [])) - set(allowed)
            if unknown:
                raise RecordError(
                    f"{where}: {sorted(unknown)[0]!r} is no value of the facet {facet}. "
                    "Mend the record, or list the value."
                )


def _markdown(record: Record) -> str:
    badge = f" *({plain(record['badge'])})*" if record.get("badge") else ""
    links = "; ".join(link(text, href) for text, href in record.get("links", []))
    parts = [
        f"**{plain(record['label'])}** {plain(record['title'])}{badge}",
        plain(record.get("meta", "")),
        record.get("body", ""),
        f"{plain(record.get('links_title', ''))} {links}".strip(),
    ]
    return "\n\n".join(part for part in parts if part)
