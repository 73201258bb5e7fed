"""The bench: pages against the stock way, builds, growth. Writes the table ``tests/bench.md``.

`make bench` runs all of it, in half an hour on two cores; ``--only pages`` runs one part and
prints it. Times differ from machine to machine: what counts is the ratio within one run.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from statistics import median

import bench_builds
import bench_pages
import bench_stock
import psutil
from browser import ARGUMENTS, executable
from playwright.sync_api import sync_playwright
from relations.dataset import ROOT, table

HTML = ROOT / "_build" / "html"
TABLE = Path(__file__).with_suffix(".md")
REPEATS = 5
MEMORY = 1000  # MB
METHOD = f"""\
Machine, date and versions stand below the tables. Every ratio is of one run; the two sides take
turns. `make bench` renews this page.

**Pages.** The longest era chapter, in Chromium over HTTP with gzip and kept connections, at
1.6 Mbit/s down and 0.75 Mbit/s up, 150 ms latency, a processor slowed {bench_pages.SLOWDOWN} times
and an empty cache; median of {REPEATS}. The window is {bench_pages.VIEWPORT["width"]} by
{bench_pages.VIEWPORT["height"]}, so that the first chart lies in it. *Stock* is the same notebook,
with the same text, numbers and citations, each figure shown by Altair's default HTML renderer, in a
book by jupyter-book's default settings. It holds one layout of each chart and no table; ours holds
two layouts, a table, alternative text and the other chapters' names. Stock's Vega scripts come from
the same server, not from another host, as one bundle: 26 kB more than the published files, or 0.1 s
on this line. A chart is *seen* in the first frame in which its image lies in the window with all
its marks; it is *interactive* when Vega has drawn it. All charts are brought into view in turn.
*Blocking time* is what tasks take beyond 50 ms each, from the start until every chart is
interactive and the page at rest.

**Builds.** In a copy of the book, one run each, unless said otherwise. *Bare sphinx* is `sphinx` on
an unchanged project of one empty page; it and the unchanged `make book` are medians of five.
Memory is the largest sum over all processes of a command; what several share counts once.

**Growth.** Chapters: each notebook several times over under names of its own, rendered from
nothing. Events: those of other eras again under other names; the dataset checked, the chronology
and the longest era run and rendered.
"""


def longest_era() -> str:
    """The era whose page has the most words."""

    def words(slug: str) -> int:
        page = (HTML / "chapters" / f"{slug}.html").read_text(encoding="utf-8")
        return len(re.sub(r"<[^>]*>", " ", page).split())

    return max(table("eras")["era"], key=words)


def pages(folder: Path, slug: str) -> dict[str, dict[str, float]]:
    """Medians for our page and for the stock one."""
    stock = bench_stock.book(slug, folder / "stock")
    found = {"ours": [], "stock": []}
    with (
        sync_playwright() as playwright,
        bench_pages.serve(HTML, {}) as our_address,
        bench_pages.serve(stock, bench_stock.scripts()) as stock_address,
    ):
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        for turn in range(REPEATS):
            say(f"pages {turn + 1} of {REPEATS}")
            found["ours"].append(
                bench_pages.measure(browser, f"{our_address}/chapters/{slug}.html")
            )
            found["stock"].append(bench_pages.measure(browser, f"{stock_address}/{slug}.html"))
        browser.close()
    return {
        who: {name: median(run[name] for run in runs) for name in runs[0]}
        for who, runs in found.items()
    }


def growth(folder: Path, slug: str) -> dict[str, list[dict[str, float]]]:
    """The curves: more chapters, more events."""
    curves = {"chapters": [], "events": []}
    for times in (1, 2, 4):
        say(f"chapters times {times}")
        curves["chapters"].append(bench_builds.more_chapters(folder, times))
    for times in (1, 3, 10):
        say(f"events times {times}")
        curves["events"].append(bench_builds.more_events(folder, slug, times))
    return curves


# --- the report ---------------------------------------------------------------------------------


def at_least(what: str, value: float, bound: float) -> list:
    """A row of targets: a value that should be large."""
    return [what, value, f"at least {bound:g}", "yes" if value >= bound else "**no**"]


def at_most(what: str, value: float, bound: float) -> list:
    """A row of targets: a value that should be small."""
    return [what, value, f"at most {bound:g}", "yes" if value <= bound else "**no**"]


def tabled(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; numbers with three significant digits."""

    def text(cell: object) -> str:
        if isinstance(cell, str):
            return cell
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"

    header = list(header)
    body = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(text, row)) + " |" for row in body) + "\n"


TARGETS = ("target", "measured", "wanted", "reached")


def page_report(found: dict[str, dict[str, float]], slug: str) -> str:
    """The page's targets, and what both pages were measured at."""
    ours, stock = found["ours"], found["stock"]

    def ratio(name: str, bound: float) -> list:
        return at_least(f"{name}: stock / ours", stock[name] / max(ours[name], 1), bound)

    after = ours["first chart (ms)"] - ours["first contentful paint (ms)"]
    targets = [
        ratio("first chart (ms)", 6),
        at_most("first chart after first contentful paint (ms)", after, 17),
        ratio("bytes before the first chart", 4),
        at_most("icon scripts loaded", ours["icon scripts"], 0),
        ratio("blocking time (ms)", 10),
        at_most("layout shift", ours["layout shift"], 0.02),
    ]
    values = [[name, ours[name], stock[name]] for name in ours]
    return f"{tabled(TARGETS, targets)}\n{tabled([f'`{slug}`', 'ours', 'stock'], values)}"


def build_report(found: dict[str, float]) -> str:
    """The targets of builds, and what was measured."""
    alone, both = found["notebooks, one after the other (s)"], found["notebooks, two at a time (s)"]
    targets = [
        at_least("notebooks: one after the other / two at a time", alone / both, 1.7),
        at_least("force build / render", found["force build (s)"] / found["render (s)"], 5),
        at_most("unchanged / bare sphinx", found["unchanged (s)"] / found["bare sphinx (s)"], 3),
        at_most("pages read after one was edited", found["one chapter edited, pages read"], 1),
        at_most("peak memory (MB)", max(v for k, v in found.items() if "memory" in k), MEMORY),
    ]
    return f"{tabled(TARGETS, targets)}\n{tabled(['measured', 'value'], found.items())}"


def growth_report(found: dict[str, list[dict[str, float]]]) -> str:
    """The targets of growth, and both curves."""
    chapters, events = found["chapters"], found["events"]

    def cost(curve: list[dict[str, float]], name: str) -> float:
        return curve[-1][name] / curve[0][name]

    targets = [
        at_most("time for 4 times the chapters", cost(chapters, "render (s)"), 4),
        at_most("time for 10 times the events", cost(events, "check, run and render (s)"), 10),
        at_most("weight of an era's page, others' events grown", cost(events, "era page (kB)"), 1),
        at_most("peak memory (MB)", max(r["peak memory (MB)"] for r in chapters + events), MEMORY),
    ]
    curves = [tabled(curve[0], [row.values() for row in curve]) for curve in (chapters, events)]
    return "\n".join([tabled(TARGETS, targets), *curves])


def machine(browser_version: str) -> str:
    """Where and when this was measured."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        cpu = re.search(r"model name\s*: (.*)", info.read_text())[1]
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{date.today()}; {os.cpu_count()} cores of {cpu}, {memory:.0f} GB; {platform.system()}, "
        f"Python {platform.python_version()}, Chromium {browser_version}. "
        f"Load of the machine before the run: {os.getloadavg()[0]:.1f}.\n"
    )


def version() -> str:
    """The version of the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        try:
            return browser.version
        finally:
            browser.close()


def say(text: str) -> None:
    """Progress."""
    print(f"  {text} …", file=sys.stderr, flush=True)


def main() -> int:
    """Run the bench, or one part of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["pages", "builds", "growth"])
    only = parser.parse_args().only
    where = machine(version())
    slug = longest_era()
    report = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if only in (None, "pages"):
            report["Pages"] = page_report(pages(folder, slug), slug)
        if only in (None, "builds"):
            say("builds")
            found = bench_builds.builds(folder, slug)
            say("notebooks")
            report["Builds"] = build_report(found | bench_builds.execution(folder))
        if only in (None, "growth"):
            report["Growth"] = growth_report(growth(folder, slug))
    text = "\n".join(f"## {title}\n\n{body}" for title, body in report.items())
    text += f"\n## Machine\n\n{where}"
    print(text)
    if only is None:
        TABLE.write_text(f"# Bench\n\n{METHOD}\n{text}", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
