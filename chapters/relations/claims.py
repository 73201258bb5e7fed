"""The essays' claims with their verdicts: the ledger, and the boxes that chapters show.

Where the dataset decides a claim, a rule (:mod:`relations.verdicts`) computes verdict and numbers;
the table ``claims`` must agree, or nothing is shown.
"""

from __future__ import annotations

import re

import pandas as pd

from . import dataset, verdicts_a, verdicts_b
from .charts import VERDICT_COLOURS
from .chronology import written
from .records import Record, plain, records
from .verdicts import Rule

# The rules: the functions that are named after a claim.
RULES: dict[str, Rule] = {
    name.upper(): rule
    for name, rule in (vars(verdicts_a) | vars(verdicts_b)).items()
    if re.fullmatch(r"[ab]\d\d", name)
}
LEDGER = "the-essays-against-the-evidence.html"
VERDICTS = list(VERDICT_COLOURS)
ESSAYS = {"A": "A, “Russia and Pakistan Relations”", "B": "B, “Pak Russia Ties”"}
THEMES = {
    "beginnings": "Beginnings",
    "course": "Course of relations",
    "alignment": "Alignment",
    "wars": "Wars of 1965 and 1971",
    "afghan-war": "Afghan war",
    "arms": "Arms and exercises",
    "economy": "Economy",
    "visits": "Visits",
}
SIDES = {"for": "For", "against": "Against", "context": "Context"}


class ClaimError(ValueError):
    """Table and computation disagree about a claim; the message names row, column and mend."""


def ledger(chapter: str | None = None, read=dataset.table) -> pd.DataFrame:
    """The table ``claims`` with ``measured``: what the dataset says, computed ("" where it cannot).

    With a `chapter` (a slug) only the claims that it answers.

    Raises ClaimError where a computed verdict is not the one in the table, or a rule is missing.
    """
    claims = read("claims")
    if chapter:
        answered = read("claim_chapters").query("chapter == @chapter")["claim"]
        claims = claims[claims["claim"].isin(answered)]
    measured = []
    for index, row in claims.iterrows():
        where = f"claims.csv, row {index + 2}, claim {row['claim']}"
        if (row["rule"] == "series") != (row["claim"] in RULES):
            raise ClaimError(
                f"{where}, column rule, value {row['rule']!r}: series stands for a rule in "
                f"relations/verdicts_{row['essay'].lower()}.py. Add the rule, or mend the value."
            )
        if row["rule"] != "series":
            measured.append("")
            continue
        finding = RULES[row["claim"]](read)
        if finding.verdict != row["verdict"]:
            raise ClaimError(
                f"{where}, column verdict, value {row['verdict']!r}: the dataset gives "
                f"{finding.verdict!r} ({finding.measured}) Mend the table, with its reasons."
            )
        measured.append(finding.measured)
    return claims.assign(measured=measured)


def links(read=dataset.table) -> pd.DataFrame:
    """The table ``claim_evidence`` with date and title of each event."""
    events = read("events").set_index("event")[["date", "end_date", "title"]]
    return read("claim_evidence").join(events, on="event")


def record(row: pd.Series, evidence: pd.DataFrame, href: str = "") -> Record:
    """One claim as a record of a page; `href` leads to the ledger from elsewhere."""
    parts = [plain(row["reasons"])]
    parts += [f"*Computed.* {plain(row['measured'])}"] if row["measured"] else []
    cited = []
    for side, lead in SIDES.items():
        part = evidence[evidence["side"] == side]
        sources = ",".join(part["source"].dropna())
        tables = ", ".join(f"table *{name}*" for name in part["table"].dropna())
        figures = [f"{{numref}}`{name}`" for name in part["figure"].dropna()]
        texts = figures + ([tables] if tables else [])
        texts += [f"{{cite:p}}`{sources}`"] if sources else []
        cited += [f"{lead}: {'; '.join(texts)}."] if texts else []
    happened = evidence.dropna(subset=["event"]).sort_values("date")
    return {
        "id": f"claim-{row['claim'].lower()}",
        "label": row["claim"],
        "href": href,
        "title": row["statement"],
        "badge": row["verdict"],
        "tone": f"verdict-{row['verdict'].replace(' ', '-')}",
        "body": "\n\n".join([*parts, " ".join(cited)]),
        "links_title": "In the chronology:",
        "links": [
            (
                f"{written(event['date'], event['end_date'])}, {event['title']}",
                f"chronology.html#event-{event['event']}",
            )
            for _, event in happened.iterrows()
        ],
        "facets": {
            "Essay": [ESSAYS[row["essay"]]],
            "Theme": [THEMES[row["theme"]]],
            "Verdict": [row["verdict"]],
            "Decided by": ["computation" if row["rule"] == "series" else "sources"],
        },
    }


def claims_box(chapter: str) -> None:
    """Show the claims that `chapter` (a slug) answers, from the table, in its order."""
    rows = ledger(chapter)
    if rows.empty:
        raise ClaimError(f"claim_chapters.csv: no claim for {chapter!r}. Add one, or drop the box.")
    evidence = links()
    entries = [
        record(row, evidence[evidence["claim"] == row["claim"]], f"{LEDGER}#claim-{claim.lower()}")
        for claim, (_, row) in zip(rows["claim"], rows.iterrows(), strict=True)
    ]
    records("claims", {"": entries}, noun=("claim", "claims"))


def ledger_records() -> None:
    """Show every claim, with search, facets and download."""
    rows, evidence = ledger(), links()
    entries = [
        record(row, evidence[evidence["claim"] == row["claim"]]) for _, row in rows.iterrows()
    ]
    facets = {
        "Essay": list(ESSAYS.values()),
        "Theme": list(THEMES.values()),
        "Verdict": VERDICTS,
        "Decided by": ["computation", "sources"],
    }
    records("claims", {"": entries}, noun=("claim", "claims"), facets=facets, data=rows)
