"""Checks of the shared dataset, each failure one message: file, row, column, value and the mend.

``make data`` runs :func:`main`: first what keeps a file from being read (:func:`.dataset.flaws`),
then types, ranges and keys by the frictionless library, then what a schema cannot say (precision of
dates, spans, prose, corrections, evidence), then, if all is well, the generated files
(:mod:`relations.codebook`). A row's number is the number of its line.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from frictionless import FrictionlessException, Package, errors

from . import codebook
from .dataset import DATA, DatasetError, flaws, forget, package, resource, table
from .files import unwritten

DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
PRECISION = {4: "year", 7: "month", 10: "day"}
# Markup, which a page must never receive; what a spreadsheet would run; an address of the web.
MARKUP = re.compile(
    r"<\s*/?\s*[A-Za-z!][^>]*>?|&(#\w+|lt|gt|amp|quot|apos|nbsp);|javascript:|[{}\\]", re.IGNORECASE
)
FORMULA = re.compile(r"[=+@＝＋＠]|[-－](?!\d[\d.,]*$)")
ADDRESS = re.compile(r"https?://\S+")
LINKED = re.compile(r" (sources|licenses) \d+ path")  # where the descriptor gives an address
LONGEST = 2000  # characters in a cell
# What the codebook prints of every table.
STATED = ("title", "description", "sources", "licenses", "coverage", "processing")
LIMITS = {
    "required": "the cell is empty",
    "enum": "none of {}",
    "minimum": "less than {}",
    "maximum": "more than {}",
    "pattern": "not of the form {}",
    "maxLength": "longer than {} characters",
}
MENDS = {
    "type-error": "Give a value of the type that datapackage.json states for the column.",
    "constraint-error": "Mend the value, or the constraint in datapackage.json if it is too tight.",
    "primary-key": "Keys are unique: drop the double row or give it a key of its own.",
    "unique-error": "The column holds no value twice: mend one of the two.",
    "foreign-key": "Mend the code, or add the row that it refers to.",
}


def problems(folder: Path = DATA) -> list[str]:
    """Every defect of the dataset in `folder`, as messages; an empty list means that it is sound.

    A file that cannot be read is reported before, and instead of, anything that would follow from
    it.
    """
    forget()
    found = list(_files(folder))
    if not found:
        found = list(_schema(folder))
    if not found:
        for check in (_descriptor, _dates, _prose, _eras, _corrections, _evidence):
            found += check(folder)
    return found


def _files(folder: Path) -> Iterator[str]:
    resources = package(folder)["resources"]
    for name in sorted(
        {path.name for path in folder.glob("*.csv")} - {i["path"] for i in resources}
    ):
        yield f"{name}: not in datapackage.json. Describe it there, or delete it."
    for item in resources:
        yield from flaws(folder / item["path"], [f["name"] for f in item["schema"]["fields"]])


def _schema(folder: Path) -> Iterator[str]:
    try:
        report = Package(str(folder / "datapackage.json")).validate()
    except FrictionlessException as error:
        for reason in error.reasons or [error.error]:
            yield f"datapackage.json: {reason.message} Mend the descriptor."
        return
    for error in report.errors:
        yield f"datapackage.json: {error.message} Mend the descriptor."
    for task in report.tasks:
        file = Path(task.place).name
        key = ", ".join(resource(task.name, folder)["schema"]["primaryKey"])
        double = {error.row_number for error in task.errors if error.type == "primary-key"}
        for error in task.errors:
            if error.type != "unique-error" or error.row_number not in double:
                yield _said(file, error, key)


def _said(file: str, error: errors.RowError, key: str) -> str:
    """A finding of the library in the project's words; `key` names the columns of the key."""
    note = re.sub(r"\s+", " ", error.note).strip().rstrip(".")
    column, value = getattr(error, "field_name", ""), getattr(error, "cell", "")
    limit = re.fullmatch(r'constraint "(\w+)" is "(.*)"', note)
    if limit and limit[1] in LIMITS:
        note = LIMITS[limit[1]].format(limit[2].strip("[]").replace("'", ""))
    elif error.type == "type-error":
        note = re.sub(r'type is "(\w+)/.*', r"no \1", note)
    elif error.type == "foreign-key":
        column, value = ", ".join(error.field_names), ", ".join(error.field_cells)
        note = (
            f"{error.reference_name or file} has no such {', '.join(error.reference_field_names)}"
        )
    elif error.type == "primary-key":
        column, note = key, note.replace("the row at position", "row")
    where = "".join(
        [
            file,
            f", row {error.row_number}" if hasattr(error, "row_number") else "",
            f", column {column}" if column else "",
            f", value {value[:80]!r}" if value else "",
        ]
    )
    return f"{where}: {note}. {MENDS.get(error.type, 'Mend the row, or the descriptor.')}"


def _descriptor(folder: Path) -> Iterator[str]:
    """What the codebook and the figures print of the descriptor is there, and plain text."""
    described = package(folder)
    for name in ("title", "description", "version", "created"):
        if not described.get(name):
            yield f"datapackage.json: no {name}. State it."
    for item in described["resources"]:
        where = f"datapackage.json, table {item['name']}"
        for name in STATED:
            if name not in item:
                yield f"{where}: no {name}. State it."
        for field in item["schema"]["fields"]:
            if not field.get("description"):
                yield f"{where}, column {field['name']}: no description. State it."
        for place, text in _texts({key: item[key] for key in item if key != "path"}):
            fault = _markup(text)
            if LINKED.fullmatch(place) and not ADDRESS.fullmatch(text):
                fault = "not an address of the web. Mend it."
            if fault:
                yield f"{where},{place}, value {text[:60]!r}: {fault}"


def _texts(part: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Each text of a descriptor with its place, patterns and codes left out."""
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, list | dict):
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part, start=1):
            if key != "constraints":
                yield from _texts(inner, f"{place} {key}")


def _rows(frame: pd.DataFrame, mask: pd.Series) -> Iterator[tuple[int, pd.Series]]:
    """The rows that `mask` selects, with their number in the file (the header is row 1)."""
    for index in frame.index[mask.fillna(False).astype(bool)]:
        yield index + 2, frame.loc[index]


def _dates(folder: Path) -> Iterator[str]:
    for item in package(folder)["resources"]:
        fields = {field["name"] for field in item["schema"]["fields"]}
        frame = table(item["name"], folder)
        file = item["path"]
        dates = [name for name in ("date", "start", "end", "end_date") if name in fields]
        for name in dates:
            texts = frame[name].dropna().astype(str)
            for index, text in texts.items():
                if not DATE.fullmatch(text) or pd.isna(_moment(text)):
                    yield (
                        f"{file}, row {index + 2}, column {name}, value {text!r}: no such date. "
                        "Write YYYY-MM-DD, YYYY-MM or YYYY, as far as it is known."
                    )
        first = "date" if "date" in fields else "start"
        if "precision" in fields and first in fields:
            expected = frame[first].astype("str").str.len().map(PRECISION)
            for row, entry in _rows(frame, frame[first].notna() & (frame["precision"] != expected)):
                yield (
                    f"{file}, row {row}, column precision, value {entry['precision']!r}: the date "
                    f"{entry[first]} has another precision. Mend one of the two."
                )
        last = "end_date" if "end_date" in fields else "end"
        if first in fields and last in fields:
            short = frame[[first, last]].dropna().astype(str)
            for index, entry in short.iterrows():
                size = min(len(entry[first]), len(entry[last]))
                if entry[last][:size] < entry[first][:size]:
                    yield (
                        f"{file}, row {index + 2}, column {last}, value {entry[last]!r}: ends "
                        f"before it begins ({entry[first]}). Mend one of the two."
                    )


def _moment(text: str) -> pd.Timestamp:
    parts = [*text.split("-"), "01", "01"][:3]
    return pd.to_datetime("-".join(parts), errors="coerce", format="%Y-%m-%d")


def _prose(folder: Path) -> Iterator[str]:
    for item in package(folder)["resources"]:
        frame = table(item["name"], folder)
        for field in item["schema"]["fields"]:
            if field.get("type", "string") != "string":
                continue
            for index, text in frame[field["name"]].dropna().items():
                fault = _fault(text)
                if fault:
                    yield (
                        f"{item['path']}, row {index + 2}, column {field['name']}, "
                        f"value {text[:60]!r}: {fault}"
                    )


def _fault(text: str) -> str:
    """What keeps a cell from being shown and handed out as it stands, with the mend, or ``""``."""
    if _markup(text):
        return _markup(text)
    if FORMULA.match(text):
        return "a spreadsheet would run this as a formula. Reword its start."
    if len(text) > LONGEST:
        return f"{len(text)} characters, {LONGEST} at most. Shorten it."
    if text != text.strip():
        return "blanks at an end. Delete them."
    return ""


def _markup(text: str) -> str:
    """What keeps a text from being plain text, with the mend, or ``""``."""
    if not text.isprintable():
        hidden = next(character for character in text if not character.isprintable())
        return f"a hidden or direction-turning character, U+{ord(hidden):04X}. Delete it."
    if "\ufffd" in text:
        return "a character was lost (U+FFFD). Restore it from the source."
    if MARKUP.search(text):
        return "markup in plain text. Write it without tags, entities, braces and backslashes."
    return ""


def _eras(folder: Path) -> Iterator[str]:
    frame = table("eras", folder)
    starts = pd.to_datetime(frame["start"])
    ends = pd.to_datetime(frame["end"])
    for index in range(1, len(frame)):
        if starts[index] - ends[index - 1] != pd.Timedelta(days=1):
            yield (
                f"eras.csv, row {index + 2}, column start, value {frame['start'][index]!r}: an era "
                f"begins on the day after the one before ({frame['end'][index - 1]}). Mend it."
            )


def _corrections(folder: Path) -> Iterator[str]:
    """Each logged correction must be what its table holds today."""
    keys = {
        item["name"]: item["schema"].get("primaryKey", []) for item in package(folder)["resources"]
    }
    log = table("corrections", folder)
    for index, entry in log.iterrows():
        where = f"corrections.csv, row {index + 2}"
        if entry["table"] not in keys:
            yield f"{where}, column table, value {entry['table']!r}: no such table. Mend it."
            continue
        if pd.isna(entry["now"]) or entry["form"] != "value":
            continue
        frame = table(entry["table"], folder)
        key = keys[entry["table"]][0]
        if entry["column"] not in frame.columns:
            yield f"{where}, column column, value {entry['column']!r}: no such column. Mend it."
            continue
        held = frame.loc[frame[key].astype(str) == str(entry["key"]), entry["column"]]
        if held.empty:
            yield (
                f"{where}, column key, value {entry['key']!r}: no such row in {entry['table']}. "
                "Mend it."
            )
        elif not _same(held.iloc[0], entry["now"]):
            yield (
                f"{where}, column now, value {entry['now']!r}: {entry['table']} holds "
                f"{held.iloc[0]!r}. Mend the log or the table."
            )


def _evidence(folder: Path) -> Iterator[str]:
    """Each piece of evidence is one thing: an event, a source, a figure or a table that exists."""
    kinds = ["event", "source", "figure", "table"]
    known = {item["name"] for item in package(folder)["resources"]}
    for index, entry in table("claim_evidence", folder)[kinds].iterrows():
        where = f"claim_evidence.csv, row {index + 2}, column"
        filled = entry.dropna()
        if len(filled) != 1:
            yield (
                f"{where} {', '.join(filled.index) or ', '.join(kinds)}, value "
                f"{'; '.join(filled)!r}: {len(filled)} of {', '.join(kinds)} are given. Give one."
            )
        elif "table" in filled and filled["table"] not in known:
            yield f"{where} table, value {entry['table']!r}: no such table. Mend it."


def _same(held: object, logged: str) -> bool:
    try:
        return float(held) == float(logged)
    except (TypeError, ValueError):
        return str(held) == logged


def main(folder: Path = DATA) -> int:
    """Check the dataset; if it is sound, write the generated files. Returns the exit code."""
    start = time.perf_counter()
    try:
        found = problems(folder)
        changed = [] if found else codebook.write(folder)
    except DatasetError as error:
        found = [str(error)]
    except OSError as error:
        found = [unwritten(error)]
    for message in found:
        print(message, file=sys.stderr)
    if found:
        print(f"data: {len(found)} problem(s), nothing was generated.", file=sys.stderr)
        return 1
    tables = package(folder)["resources"]
    rows = sum(len(table(item["name"], folder)) for item in tables)
    seconds = time.perf_counter() - start
    print(f"data: {len(tables)} tables, {rows:,} rows, sound ({seconds:.0f} s).", *changed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
