"""The shared dataset: read a table of ``data/``, typed as ``datapackage.json`` says.

The descriptor is the public contract. A file that is no well-formed table, a header that departs
from the descriptor and a cell that is not of its type are refused here, at once; ranges, keys and
prose are checked by :mod:`relations.checks` (``make data``).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"

csv.field_size_limit(2**31 - 1)  # a cell that is too long is named by the checks, not cut here

DTYPES = {
    "string": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "str",
    "year": "Int64",
}
# How a cell of a type is written. What else Python or pandas would read as a number is no number.
WRITTEN = {
    "integer": r"-?\d{1,18}",
    "number": r"-?\d+(\.\d+)?([eE][-+]?\d+)?",
    "boolean": r"true|false",
    "date": r"\d{4}-\d{2}-\d{2}",
    "year": r"\d{4}",
}


class DatasetError(ValueError):
    """A table departs from its contract; the message names file, row, column and the mend."""


@cache
def package(folder: Path = DATA) -> dict:
    """The data package's descriptor as a dictionary, each resource with name, path and fields."""
    path = folder / "datapackage.json"
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
        for item in described["resources"]:
            item["name"], item["path"], [field["name"] for field in item["schema"]["fields"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{path.name}: no data package ({type(error).__name__}: {error}). Mend the descriptor."
        ) from error
    return described


@cache
def resource(name: str, folder: Path = DATA) -> dict:
    """The descriptor of one table; raises DatasetError for a name that is not in the package."""
    for item in package(folder)["resources"]:
        if item["name"] == name:
            return item
    known = ", ".join(item["name"] for item in package(folder)["resources"])
    raise DatasetError(f"No table is named {name!r}. The tables are: {known}.")


def forget() -> None:
    """Drop what was read, so that changed files are read anew."""
    for reader in (package, resource, _read):
        reader.cache_clear()


def flaws(path: Path, names: list[str]) -> Iterator[str]:
    """Why a file is no table with the columns `names`: its bytes, then its header, then its rows.

    A table is UTF-8 without byte-order mark, its lines end with LF, and one line is one row, so
    that a row's number is the number of its line (the header is row 1).
    """
    file = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        yield f"{file}: cannot be read ({error.strerror}). Restore it."
        return
    if not raw.strip():
        yield f"{file}: the file is empty. Restore it."
        return
    found = list(_byte_flaws(file, raw))
    yield from found
    if not found:
        yield from _row_flaws(file, raw.decode("utf-8"), names)


def _byte_flaws(file: str, raw: bytes) -> Iterator[str]:
    if raw.startswith(b"\xef\xbb\xbf"):
        yield f"{file}, row 1: begins with a byte-order mark. Save it as UTF-8 without BOM."
    if b"\r" in raw:
        row = raw[: raw.index(b"\r")].count(b"\n") + 1
        yield f"{file}, row {row}: CR line end. Save the file with LF line ends."
    if not raw.endswith(b"\n"):
        row = raw.count(b"\n") + 1
        yield f"{file}, row {row}: the last line is cut short. Restore the rest and a line end."
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        yield f"{file}, row {row}: byte {raw[error.start]:#04x} is not UTF-8. Save it as UTF-8."


def _row_flaws(file: str, text: str, names: list[str]) -> Iterator[str]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    row = 0
    try:
        for row, cells in enumerate(lines, start=1):
            where = f"{file}, row {row}"
            if lines.line_num > row:
                broken = next(i for i, cell in enumerate(cells) if "\n" in cell)
                yield (
                    f"{where}, column {[*names, '?'][min(broken, len(names))]}: a line break in a "
                    "cell. Close the quote, or put the text on one line."
                )
                return  # from here on rows and lines no longer agree
            if row == 1:
                header = list(_header_flaws(file, cells, names))
                yield from header
                if header:
                    return
            elif not cells:
                yield f"{where}: the line is empty. Delete it."
            elif len(cells) < len(names):
                yield (
                    f"{where}, column {names[len(cells)]}: the row ends before it, "
                    f"{len(cells)} cells of {len(names)}. Complete the row."
                )
            elif len(cells) > len(names):
                yield (
                    f"{where}: {len(cells)} cells, {len(names)} columns. "
                    "Quote the cell that holds a comma."
                )
        if row == 1:
            yield f"{file}, row 2: the table has no rows. Restore them."
    except csv.Error as error:
        yield f'{file}, row {row + 1}: {error}. Mend the quotes: " in a quoted cell is "".'


def _header_flaws(file: str, header: list[str], names: list[str]) -> Iterator[str]:
    for name in names:
        if name not in header:
            yield f"{file}, row 1, column {name}: the column is missing. Restore it."
    for name in header:
        if name not in names:
            yield (
                f"{file}, row 1, column {name}: not in datapackage.json. "
                "Drop the column, or describe it there."
            )
    if sorted(header) != sorted(names) and set(header) == set(names):
        name = next(name for name in header if header.count(name) > 1)
        yield f"{file}, row 1, column {name}: the column stands twice. Drop one of the two."
    elif header != names and sorted(header) == sorted(names):
        yield f"{file}, row 1: the columns stand in another order than {', '.join(names)}. Mend it."


@cache
def _read(name: str, folder: Path) -> pd.DataFrame:
    item = resource(name, folder)
    path = folder / item["path"]
    fields = item["schema"]["fields"]
    names = [field["name"] for field in fields]
    for flaw in flaws(path, names):
        raise DatasetError(flaw)
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file, strict=True)
    text = pd.DataFrame(rows, columns=names, dtype="str")
    return pd.DataFrame(
        {field["name"]: _typed(text[field["name"]], field, path.name) for field in fields}
    )


def _typed(text: pd.Series, field: dict, file: str) -> pd.Series:
    """One column of text as the type of its field; empty cells stay missing."""
    kind = field.get("type", "string")
    cells = text.mask(text == "")
    values = cells
    if kind in WRITTEN:
        wrong = cells.notna() & ~cells.str.fullmatch(WRITTEN[kind]).fillna(False).astype(bool)
        if kind == "number":
            values = pd.to_numeric(cells.mask(wrong))
            wrong |= np.isinf(values)
        for index in cells.index[wrong][:1]:
            raise DatasetError(
                f"{file}, row {index + 2}, column {field['name']}, value {cells[index][:80]!r}: "
                f"no {kind}. Give a value of the type that datapackage.json states."
            )
    if kind == "boolean":
        values = cells.map({"true": True, "false": False})
    elif kind in ("integer", "year"):
        values = pd.to_numeric(cells)
    return values.astype(DTYPES[kind])


def table(name: str, folder: Path = DATA) -> pd.DataFrame:
    """A table of the dataset as a new data frame, typed by the descriptor.

    Empty cells are missing values, never zero. Dates stay ISO text as far as they are known
    (``1971-12-06``, ``1971-12``, ``1971``): see :func:`decimal_year` for a position on an axis.
    """
    return _read(name, folder).copy()


def moscow(states: pd.Series) -> pd.Series:
    """State codes with the Soviet and the Russian seat joined as ``RUS``.

    The tables keep ``SUN`` up to 1991 and ``RUS`` from 1992; a series across both joins them
    here and in the open.
    """
    return states.replace({"SUN": "RUS"})


def decimal_year(dates: pd.Series) -> pd.Series:
    """ISO dates of any precision as decimal years, in the middle of what is known.

    A day counts from noon, a month from its middle, a year from 1 July: ``1971`` is 1971.5.
    """
    parts = dates.str.split("-", expand=True).reindex(columns=range(3))
    year = pd.to_numeric(parts[0])
    month = pd.to_numeric(parts[1])
    day = pd.to_numeric(parts[2])
    start = pd.to_datetime(
        pd.DataFrame({"year": year, "month": month.fillna(1), "day": day.fillna(1)})
    )
    length = 365 + start.dt.is_leap_year.astype(int)
    within = start.dt.day_of_year - 1
    half = pd.Series(0.5, index=dates.index)
    half = half.mask(day.isna(), start.dt.days_in_month / 2).mask(month.isna(), length / 2)
    return year + (within + half) / length
