"""The shared dataset: read a table of ``data/``, typed as ``datapackage.json`` says.

The descriptor is the public contract. A table whose header departs from it is refused here, at
once; types, ranges, keys and prose are checked by :mod:`relations.checks` (``make data``).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"

DTYPES = {
    "string": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "str",
    "year": "Int64",
}


class DatasetError(ValueError):
    """A table departs from its contract; the message names file, row, column and the mend."""


@cache
def package(folder: Path = DATA) -> dict:
    """The data package's descriptor as a dictionary."""
    try:
        return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise DatasetError(f"datapackage.json: not JSON ({error}). Mend the descriptor.") from error


@cache
def resource(name: str, folder: Path = DATA) -> dict:
    """The descriptor of one table; raises DatasetError for a name that is not in the package."""
    for item in package(folder)["resources"]:
        if item["name"] == name:
            return item
    known = ", ".join(item["name"] for item in package(folder)["resources"])
    raise DatasetError(f"No table is named {name!r}. The tables are: {known}.")


@cache
def _read(name: str, folder: Path) -> pd.DataFrame:
    item = resource(name, folder)
    path = folder / item["path"]
    fields = item["schema"]["fields"]
    names = [field["name"] for field in fields]
    try:
        text = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DatasetError(f"{path.name}: not a well-formed UTF-8 table ({error}).") from error
    if list(text.columns) != names:
        raise DatasetError(
            f"{path.name}, header: found {', '.join(text.columns)}; "
            f"datapackage.json expects {', '.join(names)}. Mend the header or the descriptor."
        )
    columns = {}
    for field in fields:
        cells = text[field["name"]].mask(lambda column: column == "")
        columns[field["name"]] = _typed(cells, field, path.name)
    return pd.DataFrame(columns)


def _typed(cells: pd.Series, field: dict, file: str) -> pd.Series:
    """One column of text as the type of its field; empty cells stay missing."""
    kind = field.get("type", "string")
    try:
        if kind == "boolean":
            unknown = set(cells.dropna()) - {"true", "false"}
            if unknown:
                raise ValueError(f"{sorted(unknown)[0]!r} is neither true nor false")
            return cells.map({"true": True, "false": False}).astype("boolean")
        if kind in ("integer", "year", "number"):
            return pd.to_numeric(cells).astype(DTYPES[kind])
        return cells.astype(DTYPES[kind])
    except (ValueError, TypeError) as error:
        raise DatasetError(
            f"{file}, column {field['name']}: expected {kind} ({error}). Mend the value named here."
        ) from error


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
