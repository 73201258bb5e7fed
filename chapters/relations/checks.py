"""Checks of the shared dataset, each failure one message: file, row, column, value and the mend.

``make data`` runs :func:`main`: types, ranges and keys by the frictionless library, then what a
schema cannot say (encodings, precision of dates, spans, prose, corrections, evidence), then, if all
is well, the generated files (:mod:`relations.codebook`).
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from frictionless import FrictionlessException, Package

from . import codebook
from .dataset import DATA, DatasetError, package, table

DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
PRECISION = {4: "year", 7: "month", 10: "day"}
# Characters that turn text around or hide it, and markup that a page must never receive.
HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
MARKUP = re.compile(
    r"<\s*/?\s*[A-Za-z!][^>]*>?|&(#\w+|lt|gt|amp|quot|apos|nbsp);|javascript:", re.IGNORECASE
)
FORMULA = re.compile(r"[=+@\t\r]|-(?!\d)")
LONGEST = 2000  # characters in a cell
MENDS = {
    "type-error": "Give a value of the type that datapackage.json states for the column.",
    "constraint-error": "Mend the value, or the constraint in datapackage.json if it is too tight.",
    "primary-key": "Keys are unique: drop the double row or give it a key of its own.",
    "unique-error": "The column holds no value twice: mend one of the two.",
    "foreign-key": "Mend the code, or add the row that it refers to.",
    "missing-label": "Restore the column.",
    "extra-label": "Drop the column or describe it in datapackage.json.",
    "incorrect-label": "Give the column the name that datapackage.json states.",
    "extra-cell": "The row has too many cells: quote the cell that holds a comma.",
    "missing-cell": "The row ends too early: complete it.",
    "blank-row": "Delete the empty row.",
}


def problems(folder: Path = DATA) -> list[str]:
    """Every defect of the dataset in `folder`, as messages; an empty list means that it is sound.

    Files are read as bytes first: a file that cannot be read at all is reported before, and
    instead of, anything that would follow from it.
    """
    package.cache_clear()
    found = list(_files(folder))
    if not found:
        found = list(_schema(folder))
    if not found:
        for check in (_dates, _prose, _eras, _corrections, _evidence):
            found += check(folder)
    return found


def _files(folder: Path) -> Iterator[str]:
    listed = {item["path"] for item in package(folder)["resources"]}
    present = {path.name for path in folder.glob("*.csv")}
    for name in sorted(listed - present):
        yield f"{name}: the file is missing. Restore it, or drop it from datapackage.json."
    for name in sorted(present - listed):
        yield f"{name}: not in datapackage.json. Describe it there, or delete it."
    for name in sorted(listed & present):
        raw = (folder / name).read_bytes()
        if not raw.strip():
            yield f"{name}: the file is empty. Restore it."
            continue
        if raw.startswith(b"\xef\xbb\xbf"):
            yield f"{name}, row 1: begins with a byte-order mark. Save it as UTF-8 without BOM."
        if b"\r" in raw:
            row = raw[: raw.index(b"\r")].count(b"\n") + 1
            yield f"{name}, row {row}: CR line end. Save the file with LF line ends."
        if not raw.endswith(b"\n"):
            yield f"{name}: the last line is cut short. Restore the rest and a final line end."
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            row = raw[: error.start].count(b"\n") + 1
            yield f"{name}, row {row}: byte {raw[error.start]:#04x} is not UTF-8. Save it as UTF-8."


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
        for error in task.errors:
            place = Path(task.place).name
            row = getattr(error, "row_number", None)
            column = getattr(error, "field_name", None) or getattr(error, "label", None)
            keys = getattr(error, "field_names", None)
            column = column or (", ".join(keys) if keys else None)
            value = getattr(error, "cell", None)
            where = "".join(
                [
                    place,
                    f", row {row}" if row else "",
                    f", column {column}" if column else "",
                    f", value {str(value)[:80]!r}" if value not in (None, "") else "",
                ]
            )
            mend = MENDS.get(error.type, "Mend the row, or the descriptor.")
            note = re.sub(r"\s+", " ", error.note or error.message).strip().rstrip(".")
            yield f"{where}: {note}. {mend}"


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
            name = field["name"]
            for index, text in frame[name].dropna().items():
                where = f"{item['path']}, row {index + 2}, column {name}, value {text[:60]!r}"
                if HIDDEN.search(text):
                    yield f"{where}: a hidden or direction-turning character. Delete it."
                elif MARKUP.search(text):
                    yield f"{where}: markup in plain text. Write it without tags or entities."
                elif FORMULA.match(text):
                    yield f"{where}: a spreadsheet would run this as a formula. Reword its start."
                elif len(text) > LONGEST:
                    yield f"{where}: {len(text)} characters, {LONGEST} at most. Shorten it."
                elif text != text.strip():
                    yield f"{where}: blanks at an end. Delete them."


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
            yield f"{where}, column key, value {entry['key']!r}: no such row in {entry['table']}."
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
    except (DatasetError, OSError, ValueError) as error:
        found = [str(error)]
    for message in found:
        print(message, file=sys.stderr)
    if found:
        print(f"data: {len(found)} problem(s), nothing was generated.", file=sys.stderr)
        return 1
    changed = codebook.write(folder)
    tables = package(folder)["resources"]
    rows = sum(len(table(item["name"], folder)) for item in tables)
    seconds = time.perf_counter() - start
    print(f"data: {len(tables)} tables, {rows:,} rows, sound ({seconds:.0f} s).", *changed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
