"""Copies of the project, small enough to be built and broken."""

import csv
import ctypes
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from relations.dataset import DATA, ROOT, package

PARENTS = {  # tables with the number of their first rows that the copy keeps
    "eras": None,
    "actors": None,
    "events": 30,
    "roll_calls": 10,
    "corrections": 5,
    "claims": None,
}
CHILDREN = {"event_actors", "event_sources", "votes", "sources", "claim_evidence"}


def small(folder: Path) -> Path:
    """A sound part of the dataset: the first events and roll calls with all that they refer to."""
    found = {name: read(name)[: size and size + 1] for name, size in PARENTS.items()}
    found |= {name: read(name) for name in CHILDREN}
    for name in ("event_actors", "event_sources", "claim_evidence"):
        found[name] = keep(found[name], "event", found["events"])
    found["votes"] = keep(found["votes"], "roll_call", found["roll_calls"])
    found["sources"] = keep(found["sources"], "source", found["event_sources"], 1)
    header, *log = found["corrections"]
    for row in log:  # values are logged for rows that the copy does not hold
        row[header.index("table")], row[header.index("form")] = "events", "statement"
    describe(folder, [item for item in package()["resources"] if item["name"] in found])
    for name, rows in found.items():
        write(folder / f"{name}.csv", rows)
    return folder


def read_file(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@cache
def _table(name: str) -> list[list[str]]:
    return read_file(DATA / f"{name}.csv")


def read(name: str) -> list[list[str]]:
    """The rows of a table of the dataset, header first."""
    return [list(row) for row in _table(name)]


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def keep(rows: list, column: str, parents: list, parent_column: int = 0) -> list:
    """The header, and the rows whose `column` names a row of `parents`."""
    known = {row[parent_column] for row in parents[1:]}
    position = rows[0].index(column)
    return [rows[0], *(row for row in rows[1:] if row[position] in known)]


def describe(folder: Path, resources: list[dict]) -> None:
    described = package() | {"resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")


def project(folder: Path) -> Path:
    """A copy of the project's code and settings, in which commands run; its data are given."""
    for name in ("Makefile", "requirements.txt", "_config.yml"):
        shutil.copy(ROOT / name, folder)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "chapters/relations", folder / "chapters/relations", ignore=ignored)
    return folder


def run(project: Path, *command: str, **options) -> subprocess.CompletedProcess:
    """Run a command in a copy of the project, as its Makefile would."""
    environment = os.environ | {"PYTHONPATH": "chapters"}
    return subprocess.run(
        command,
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        **options,
    )


def full() -> None:
    """As on a full disk: no file may grow beyond a thousand bytes."""
    import resource  # which Windows has not

    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def unprivileged() -> None:
    """Give up root's power to write where nobody may (CAP_DAC_OVERRIDE)."""
    ctypes.CDLL(None).prctl(24, 1)  # PR_CAPBSET_DROP
