"""How long the book takes to run, to render and to grow, and how much memory at its peak.

Everything happens in copies of the book; its own folder stays as it is.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pandas as pd
import psutil
import yaml
from relations.dataset import ROOT

PARTS = ("_config.yml", "_toc.yml", "_static", "chapters", "data", "Makefile", "requirements.txt")
BOOK = [Path(sys.executable).with_name("jupyter-book"), "build", "."]
# The packages are there: make need not look after them.
MAKE = ["make", "--old-file", f"{sys.prefix}/.ready", f"VENV={sys.prefix}"]
RENDER = [sys.executable, "-m", "relations.build"]


COMPANIONS = ("chronology", "glossary", "references")  # pages beside an era, for growth in events


@dataclass
class Run:
    """One command: wall time in seconds, peak memory of all its processes in MB, its words."""

    seconds: float
    memory: float
    output: str


def run(command: list, folder: Path) -> Run:
    """Run a command to its end; raises CalledProcessError with its words if it fails."""
    environment = os.environ | {"PYTHONPATH": str(folder / "chapters"), "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as words:
        start = time.perf_counter()
        process = psutil.Popen(
            [str(part) for part in command],
            cwd=folder,
            env=environment,
            stdout=words,
            stderr=subprocess.STDOUT,
        )
        peak = [0]
        watch = threading.Thread(target=_watch, args=(process, peak))
        watch.start()
        code = process.wait()
        seconds = time.perf_counter() - start
        watch.join()
        words.seek(0)
        output = words.read()
    if code:
        raise subprocess.CalledProcessError(code, command, output[-4000:])
    return Run(seconds, peak[0] / 1e6, output)


def _watch(process: psutil.Popen, peak: list[int]) -> None:
    """Keep the largest sum of what the processes of a command hold at one time.

    On Linux a page that several share is shared out among them; elsewhere it counts for each.
    """
    while process.is_running():
        held = 0
        try:
            for one in [process, *process.children(recursive=True)]:
                info = one.memory_full_info()
                held += getattr(info, "pss", info.rss)
        except psutil.NoSuchProcess:
            continue
        peak[0] = max(peak[0], held)
        if process.status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.1)


def copy(folder: Path) -> Path:
    """A copy of the book in `folder`, without anything built."""
    folder.mkdir(parents=True)
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".*")
            )
        else:
            shutil.copy2(ROOT / part, folder)
    return folder


def edit(file: Path, change: Callable[[dict], object]) -> None:
    """Change a JSON or YAML file."""
    if file.suffix == ".yml":
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        change(content)
        file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    else:
        content = json.loads(file.read_text(encoding="utf-8"))
        change(content)
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


# --- the book as it is --------------------------------------------------------------------------


def builds(folder: Path, slug: str) -> dict[str, float]:
    """Render the book, again with nothing changed, and again with one chapter changed."""
    book = copy(folder / "book")
    empty = folder / "empty"
    empty.mkdir()
    (empty / "conf.py").touch()
    (empty / "index.rst").write_text("Title\n=====\n", encoding="utf-8")
    sphinx = [sys.executable, "-m", "sphinx", "-q", ".", "_build"]
    run(sphinx, empty)
    checks = run([*MAKE, "_build/.data"], book)
    whole = run([*MAKE, "book"], book)
    unchanged = [run([*MAKE, "book"], book).seconds for _ in range(5)]
    start_up = [run(sphinx, empty).seconds for _ in range(5)]
    idle = run(RENDER, book)
    sentence = {"cell_type": "markdown", "id": "new", "metadata": {}, "source": "A new sentence."}
    edit(
        book / "chapters" / f"{slug}.ipynb",
        lambda notebook: notebook["cells"].append(sentence),
    )
    before = time.time()
    one = run([*MAKE, "book"], book)
    doctrees = (book / "_build").rglob("*.doctree")
    return {
        "check of the dataset (s)": checks.seconds,
        "render (s)": whole.seconds,
        "render, peak memory (MB)": whole.memory,
        "unchanged (s)": median(unchanged),
        "bare sphinx (s)": median(start_up),
        "unchanged, rendered without make (s)": idle.seconds,
        "one chapter edited (s)": one.seconds,
        "one chapter edited, pages read": sum(file.stat().st_mtime > before for file in doctrees),
    }


def execution(folder: Path) -> dict[str, float]:
    """Run all notebooks: one after the other, two at a time, and by a build with ``force``."""
    book = copy(folder / "executed")
    run([*MAKE, "_build/.data"], book)
    alone = run([*MAKE, "notebooks", "JOBS=1"], book)
    both = run([*MAKE, "notebooks", "JOBS=2"], book)
    edit(
        book / "_config.yml",
        lambda config: config["execute"].update(execute_notebooks="force", timeout=-1),
    )
    force = run(BOOK, book)
    return {
        "notebooks, one after the other (s)": alone.seconds,
        "notebooks, two at a time (s)": both.seconds,
        "notebooks, two at a time, peak memory (MB)": both.memory,
        "force build (s)": force.seconds,
        "force build, peak memory (MB)": force.memory,
    }


# --- growth -------------------------------------------------------------------------------------


def more_chapters(folder: Path, times: int) -> dict[str, float]:
    """Render a book that has each notebook `times` times, with names of its own."""
    book = copy(folder / f"chapters-{times}")
    notebooks = sorted((book / "chapters").glob("*.ipynb"))
    for number in range(2, times + 1):
        for notebook in notebooks:
            text = notebook.read_text(encoding="utf-8")
            text = re.sub(r"\bfig-[a-z0-9-]+", rf"\g<0>-{number}", text)
            target = notebook.with_stem(f"{notebook.stem}-{number}")
            target.write_text(text, encoding="utf-8")
        extra = [{"file": f"chapters/{n.stem}-{number}"} for n in notebooks]
        edit(
            book / "_toc.yml",
            lambda toc, extra=extra, number=number: toc["parts"].append(
                {"caption": f"Copy {number}", "chapters": extra}
            ),
        )
    done = run(BOOK, book)
    return {
        "times": times,
        "chapters": len(notebooks) * times,
        "render (s)": done.seconds,
        "peak memory (MB)": done.memory,
    }


def more_events(folder: Path, slug: str, times: int) -> dict[str, float]:
    """Check, run and render the chronology and an era with other eras' events `times` over."""
    book = copy(folder / f"events-{times}")
    data = book / "data"
    eras = pd.read_csv(data / "eras.csv", dtype=str).set_index("era")
    events = pd.read_csv(data / "events.csv", dtype=str)
    inside = events["date"] >= eras.loc[slug, "start"]
    if eras.loc[slug, "end"] == eras.loc[slug, "end"]:
        inside &= events["date"] <= eras.loc[slug, "end"]
    # Events of other eras are told again under other names, until there are enough.
    told = events.loc[~inside, "event"].tolist()
    wanted = (times - 1) * len(events)
    again = pd.DataFrame(
        [
            (told[n % len(told)], f"{told[n % len(told)]}-{n // len(told) + 2}")
            for n in range(wanted)
        ],
        columns=["event", "name"],
    )
    for name in ("events", "event_actors", "event_sources"):
        rows = pd.read_csv(data / f"{name}.csv", dtype=str)
        copies = again.merge(rows, on="event").drop(columns="event")
        rows = pd.concat([rows, copies.rename(columns={"name": "event"})])
        order = ["date", "event"] if name == "events" else list(rows)
        rows.sort_values(order).to_csv(data / f"{name}.csv", index=False, lineterminator="\n")
    pages = [slug, "chronology"]
    (book / "_toc.yml").write_text(
        f"format: jb-book\nroot: chapters/{slug}\nparts:\n  - caption: Reference\n    chapters:\n"
        + "".join(
            f"      - file: chapters/{p}\n" for p in ("chronology", "glossary", "references")
        ),
        encoding="utf-8",
    )
    steps = [
        run([sys.executable, "-m", "relations.checks"], book),
        run(
            [sys.executable, "-m", "relations.execute", "--jobs", "1"]
            + [f"chapters/{page}.ipynb" for page in pages],
            book,
        ),
        run(BOOK, book),
    ]
    html = book / "_build" / "html" / "chapters"
    return {
        "times": times,
        "events": len(pd.read_csv(data / "events.csv")),
        "check, run and render (s)": sum(step.seconds for step in steps),
        "peak memory (MB)": max(step.memory for step in steps),
        "era page (kB)": round((html / f"{slug}.html").stat().st_size / 1e3),
        "chronology (kB)": (html / "chronology.html").stat().st_size / 1e3,
    }
