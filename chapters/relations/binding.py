"""The book as one text: the built pages in their order, free of what only a screen can use.

:mod:`relations.printing` sets this text as a PDF, :mod:`relations.epub` packs it as an EPUB. Both
take the pages that ``make book`` has written, so all three editions say the same.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path

import yaml
from bs4 import BeautifulSoup, Tag

from . import files
from .chronology import written
from .dataset import ROOT, package, table
from .pages import FOLDER as PAGES
from .pages import parts
from .theme import LINES

BUILT = ROOT / "_build"
NAME = "russia-pakistan-in-evidence"
# Navigation, choices, and folded code, which is kept apart; what figures and records fold stays.
SCREEN_ONLY = (
    "script, style, nav, form, button, .headerlink, .toctree-wrapper, .kicker, .cite-page, "
    ".evidence-controls, .evidence-tools, .records-tools, .visually-hidden, .citation > .label, "
    ".tag_hide-input:not(:has(.cell_output))"
)
# Most of a page, cut before it is parsed: drawings, which come back as files; folded code; tables.
BULK = re.compile(
    r'<svg\b.*?</svg>|<details class="[^"]*\bhide\b.*?</details>'
    r'|(<div class="evidence-table"[^>]*>).*?</table>',
    re.S,
)
DATA = re.compile(r'<div class="evidence-table".*?(<thead>.*?)</table>', re.S)
CODE = re.compile(r'<details class="[^"]*\bhide\b.*?<pre>(.*?)</pre>', re.S)
CODE_TITLE = "Code of the chapters"
CHOICES = "On a screen this figure offers choices; here it stands as it opens."
# What a reader of paper cannot do.
HINTS = re.compile(
    r"(?<=\.)\s(?:Choose a group|Choose two states|Drag across)[^.]*\."
    r"|; drag across[^.;]*|: the tooltip[^.;]*|, which unfolds under “Code”"
)
BROADEST = 60  # letters in a column of a table
EVENTS = '<thead><tr><th scope="col">Date</th><th scope="col">Event</th>'
IDLE = ("title", "tabindex", "download", "data-facets", "data-records", "data-letters", "role")
# The two lines that meet, as in the favicon.
EMBLEM = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="3 4 26 23" fill="none">'
    f'<g stroke-width="1.3"><path d="{LINES["moscow"]}" stroke="#c4412b"/>'
    f'<path d="{LINES["islamabad"]}" stroke="#00796b"/></g>'
    '<circle cx="14" cy="16.2" r="1.3" fill="#1f2329"/></svg>'
)


@dataclass(frozen=True)
class Data:
    """The table of a figure's data."""

    figure: str  # the figure's id
    number: str
    title: str
    extent: str  # how many rows
    file: str  # the name of the CSV file
    table: str  # head and body as HTML, which is XML too; none where the chronology has them all

    def rows(self) -> list[list[str]]:
        """The cells, row by row, the header first."""
        cells = re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", self.table)
        count = self.table.count("<th ")
        return [cells[start : start + count] for start in range(0, len(cells), count or 1)]

    def letters(self) -> list[int]:
        """How many letters each column has room for; long cells and headers, in bold, break."""
        return [
            min(BROADEST, max(round(1.2 * longest(name.split())), longest(values)))
            for name, *values in zip(*self.rows(), strict=True)
        ]

    def paragraphs(self) -> str:
        """The rows as paragraphs, where they are too wide for a table."""
        (_, *names), *rows = self.rows()
        return "".join(
            f"<p><strong>{first}.</strong> "
            + "; ".join(f"{name}: {cell}" for name, cell in zip(names, cells, strict=True) if cell)
            + ".</p>"
            for first, *cells in rows
        )


@dataclass(frozen=True)
class Chapter:
    """A page of the book: where it stands and what it says."""

    slug: str
    part: str  # "" for the front page
    number: str  # "" for a chapter without one
    title: str
    thesis: str
    body: Tag
    data: list[Data]
    code: list[str]  # what the page folds away, block by block

    def drawing(self, block: str) -> list[Data]:
        """The figures that a block of the code draws."""
        return [data for data in self.data if f'"{data.figure}"' in block]


def longest(texts: list[str]) -> int:
    """The letters of the longest of some texts in HTML."""
    return max(len(html.unescape(text)) for text in texts)


class BindingError(RuntimeError):
    """An edition cannot be made; the message names what is missing and the mend."""


# --- what every edition says about itself ---------------------------------------------------------


@cache
def facts() -> dict[str, str]:
    """Title, subtitle, author, edition, coverage and date, in words."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    title, _, subtitle = config["title"].partition(": ")
    last = table("events")["date"].max()
    return {
        "title": title,
        "subtitle": f"{subtitle}, {table('eras')['start'].min()[:4]}–{last[:4]}",
        "author": "The contributors",
        "edition": f"Version {package()['version']}, {written(package()['created'][:10])}",
        "coverage": f"Evidence to spring {last[:4]} (last event: {written(last)})",
        "date": package()["created"][:10],
        "keywords": ", ".join(package()["keywords"]),
        "rights": "Text, figures and own tables: CC BY 4.0. Series keep their publishers’ terms.",
        "emblem": EMBLEM,
    }


def about() -> str:
    """What this edition is, what it leaves out and who may use it: the page behind the cover."""
    known = {name: html.escape(value) for name, value in facts().items()}
    book = f"<em>{known['title']}: {known['subtitle']}.</em>"
    return (
        f"<p>{book} {known['edition']}. {known['coverage']}.</p>"
        "<p>This edition holds the whole text, every figure with the table of its data, every "
        "claim with its verdict, every entry of the chronology and every source; the code of the "
        "chapters, which draws the figures and computes the numbers, stands at the end. A figure "
        "that offers choices on a screen stands here as it first appears there. <code>make "
        "book</code> renders the web edition from the same files and puts the CSV files that are "
        "named here into its folder <code>_figures</code>.</p>"
        "<p>Text, figures and the project’s own tables are published under the Creative Commons "
        "Attribution 4.0 licence, code under the MIT licence. The series of SIPRI, the Correlates "
        "of War project, the United Nations, the World Bank and others keep their publishers’ "
        "terms, stated table by table in <em>Data and methods</em>. SIPRI’s allow non-commercial "
        "use with citation.</p>"
        f"<p>Cite as: {book} Version {package()['version']}, {package()['created'][:4]}. "
        "Cite the publishers of the series that you use as well.</p>"
    )


def by_part(chapters: list[Chapter]) -> list[tuple[str, list[Chapter]]]:
    """The chapters under their parts, in order."""
    return [(part, list(held)) for part, held in groupby(chapters, key=lambda one: one.part)]


# --- the pages ------------------------------------------------------------------------------------


def chapters(built: Path = BUILT / "html") -> list[Chapter]:
    """Every chapter in the order of ``_toc.yml``, cleaned; links and ids are still the pages' own.

    Raises BindingError where a page has not been built.
    """
    names = [f"{PAGES}index", *parts()]
    return [read(built / f"{name}.html", parts().get(name, "")) for name in names]


def read(page: Path, part: str) -> Chapter:
    """One built page as a chapter of `part`."""
    if not page.exists():
        raise BindingError(f"There is no page {page}. Run: make book")
    text = page.read_text(encoding="utf-8")
    tree = BeautifulSoup(BULK.sub(r"\1", text), "html.parser")
    body = tree.select_one("article.bd-article section").extract()
    heading = body.find("h1").extract()
    number = heading.find(class_="section-number")
    thesis = next((p for p in body.find_all("p") if only(p, "em")), None)
    drawn = zip(body.select("figure.evidence"), DATA.findall(text), strict=True)
    data = [_data(figure, table) for figure, table in drawn]
    return Chapter(
        slug=page.stem,
        part=part,
        number=number.extract().get_text().strip().rstrip(".") if number else "",
        title=re.sub(r"\s*#$", "", heading.get_text()).strip(),
        thesis=thesis.extract().get_text() if thesis else "",
        body=cleaned(body),
        data=data,
        code=[
            html.unescape(re.sub("<[^>]*>", "", block)).rstrip("\n") for block in CODE.findall(text)
        ],
    )


def only(tag: Tag, name: str) -> bool:
    """Whether an element holds one element of this name and nothing else."""
    return len(tag.contents) == 1 and tag.contents[0].name == name


def _data(figure: Tag, table: str) -> Data:
    label = figure.select_one(".evidence-title")
    number = label.select_one(".caption-number").get_text().strip()
    rows = figure.select_one(".evidence-tools summary").get_text()
    return Data(
        figure=figure["id"],
        number=number.removeprefix("Figure "),
        title=label.get_text().strip().removeprefix(number).removesuffix("#").strip(),
        extent=rows[rows.index("(") + 1 : rows.index(")")],
        file=figure.select_one("a[href$='.csv']")["href"].rsplit("/", 1)[1],
        table="" if table.startswith(EVENTS) else table,
    )


def cleaned(body: Tag) -> Tag:
    """The text of a page without what needs a screen, a pointer or a script."""
    for chart in body.select(".evidence-chart"):
        image = new("img", alt=chart["aria-label"])
        image["data-figure"] = chart["data-figure"]
        chart.replace_with(image)
    for choices in body.select(".evidence-controls"):
        choices.find_next_sibling(class_="evidence-tools").insert_before(new("p", CHOICES))
    for heading in body.select("#in-brief > h2"):
        points = heading.find_next_sibling("ul")
        heading.wrap(new("div", **{"class": "brief"})).append(points)
    for link in body.select(".records-tools a[href$='.csv']"):
        name = new("code", link["href"].rsplit("/", 1)[1])
        link.find_parent(class_="records-tools").insert_before(new("p", "Data: ", name, "."))
    for one in body.select(SCREEN_ONLY):
        one.decompose()
    for one in body.find_all("p"):
        if one.get_text().startswith("Next: "):
            one.decompose()
    for one in body.select("details, summary"):
        one.name = "div" if one.name == "details" else "p"
    for one in body.select("a.record-label[href^='#']"):  # it leads to where it stands
        one.name = "span"
        del one["href"]
    for one in body.select(".pasted-text, .pre, .highlight span"):
        one.unwrap()
    for one in body.find_all(True):
        for name in IDLE:
            del one[name]
    body.smooth()
    for text in body.find_all(string=HINTS):
        text.replace_with(HINTS.sub("", text))
    return body


def new(name: str, *contents: str | Tag, **attributes: str) -> Tag:
    """A new element."""
    tag = BeautifulSoup("", "html.parser").new_tag(name, attrs=attributes)
    tag.extend(contents)
    return tag


def relinked(chapters: list[Chapter], address: Callable[[str, str], str]) -> list[Chapter]:
    """Copies of the chapters whose links lead where `address` puts a page (its slug) and an id.

    A link to something that an edition does not hold becomes plain text.
    """
    known = {chapter.slug for chapter in chapters}
    copies = [replace(chapter, body=copy(chapter.body)) for chapter in chapters]
    for chapter in copies:
        for link in chapter.body.find_all("a"):
            if re.match(r"(https?|mailto):", link["href"]):
                continue
            page, _, fragment = link["href"].partition("#")
            slug = page.removesuffix(".html") or chapter.slug
            if slug in known:
                link["href"] = address(slug, fragment)
            else:
                link.unwrap()
    return copies


def publish(target: Path, edition: Callable[[list[Chapter]], bytes]) -> int:
    """Write an edition of the built pages. Returns the exit code."""
    try:
        made = edition(chapters())
        target.parent.mkdir(parents=True, exist_ok=True)
        files.write({target: made})
    except BindingError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(files.unwritten(error), file=sys.stderr)
        return 1
    print(f"{target} ({len(made) / 1e6:.1f} MB)")
    return 0
