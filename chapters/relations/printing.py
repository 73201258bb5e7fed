"""The book as one PDF, set by Typst from the text of :mod:`relations.binding`.

This module writes the text as XML, with what only print needs: numbers of the sources, addresses
that can be read. ``book.typ`` is its style sheet. Typst comes as a package, with typefaces of its
own, so that every machine sets the same pages, offline and byte by byte.
"""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import fontpkg_arimo
import pikepdf
import typst

from . import binding
from .binding import BUILT, CODE_TITLE, BindingError, Chapter, Data
from .dataset import ROOT, package

FIGURES = "/_build/html/_figures"  # as Typst sees it, from the project's root
ARIMO = fontpkg_arimo.ROOT / "files"  # letter by letter as wide as the typeface of the charts
LISTS = ("chronology", "references")  # chapters in two columns
LONG = 20  # records; a longer list stands in two columns too
WIDEST = 200  # letters in a row of a table
# Elements that hold elements: what stands between these is no text.
BOXES = {
    "section",
    "div",
    "article",
    "figure",
    "ul",
    "ol",
    "li",
    "dl",
    "table",
    "thead",
    "tbody",
    "tr",
}
REPEATED = 3  # a heading that so many chapters share says nothing in a table of contents


def identity(slug: str, fragment: str = "") -> str:
    """The id of a chapter, or of one of its ids, in the whole text: ids of pages may coincide."""
    return f"{slug}--{fragment}" if fragment else slug


def merge(chapters: list[Chapter]) -> str:
    """The chapters as one XML text, under their parts."""
    chapters = binding.relinked(chapters, lambda slug, inner: f"#{identity(slug, inner)}")
    for chapter in chapters:
        _adapt(chapter)
    _number_sources(chapters)
    _keep_targets(chapters)
    _list_headings(chapters)
    text = ""
    for part, held in binding.by_part(chapters):
        inner = "".join(map(_element, held))
        text += f"<part{attributes(title=part)}>{inner}</part>" if part else inner
    tables = "".join(_table(data, chapter.slug) for chapter in chapters for data in chapter.data)
    code = "".join(map(_program, chapters))
    ends = f"<tables>{tables}</tables><programs{attributes(title=CODE_TITLE)}>{code}</programs>"
    return f"<book><about>{binding.about()}</about>{text}{ends}</book>\n"


def _element(chapter: Chapter) -> str:
    named = attributes(
        id=chapter.slug,
        number=chapter.number,
        title=chapter.title,
        thesis=chapter.thesis,
        columns="2" if chapter.slug in LISTS else "1",
    )
    return f"<chapter{named}>{chapter.body.decode_contents()}</chapter>"


def _table(data: Data, slug: str) -> str:
    """The data of a figure: as a table or, where that is too wide, a paragraph a row."""
    letters = data.letters()
    wide = sum(letters) > WIDEST
    named = attributes(
        id=f"data--{identity(slug, data.figure)}",
        figure=identity(slug, data.figure),
        number=data.number,
        title=data.title,
        extent=data.extent,
        file=data.file,
        columns="" if wide else " ".join(map(str, letters)),
    )
    return f"<data{named}>{data.paragraphs() if wide else data.table}</data>"


def _program(chapter: Chapter) -> str:
    """The code of a chapter, each block under the figures that it draws."""
    blocks = ""
    for place, block in enumerate(chapter.code, 1):
        drawn = chapter.drawing(block)
        named = attributes(
            id=_code(chapter, place), figures=", ".join(data.number for data in drawn)
        )
        blocks += f"<program{named}>{escape(block)}</program>"
    title = f"{chapter.number} {chapter.title}".strip()
    return (
        f"<h2{attributes(kind='section', level='2')}>{escape(title)}</h2>{blocks}" if blocks else ""
    )


def _code(chapter: Chapter, place: int) -> str:
    return f"code--{identity(chapter.slug, str(place))}"


def attributes(**values: str) -> str:
    """Attributes of an XML element."""
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


# --- what print needs -----------------------------------------------------------------------------


def _adapt(chapter: Chapter) -> None:
    """Name and mark the elements of a chapter as ``book.typ`` expects them."""
    body = chapter.body
    code = {
        data.figure: _code(chapter, place)
        for place, block in enumerate(chapter.code, 1)
        for data in chapter.drawing(block)
    }
    for figure in body.select("figure.evidence"):
        figure["code"] = code[figure["id"]]
    for tag in body.find_all(id=True):
        tag["id"] = identity(chapter.slug, tag["id"])
    for figure in body.select("figure.evidence"):
        image = figure.img.extract()
        label = figure.select_one(".caption-number").extract()
        figure["number"] = label.get_text().removeprefix("Figure ").strip()
        figure["src"] = f"{FIGURES}/{image['data-figure']}.svg"
        figure["alt"] = image["alt"]
        figure["data"] = f"data--{figure['id']}"
    for records in body.select(".records") if chapter.slug not in LISTS else []:
        if len(records.find_all("article")) <= LONG:
            for head in records.select(".record-head"):
                head["class"] = "hanging"
        else:
            records["class"] = "columns"
    for heading in body.find_all(["h2", "h3", "h4"]):
        rank = int(heading.name[1])
        heading["level"] = rank + bool(chapter.part)
        heading["kind"] = "section" if rank == 2 else "subsection"
        heading["id"] = heading.find_parent("section").attrs.pop("id")
        if "brief" in heading.parent.get("class", []):
            heading["kind"] = "brief"
        if heading.find_next_sibling(class_="records"):
            heading.insert_before(binding.new("flush"))
    for table in body.find_all("table"):
        table["columns"] = max(len(row.find_all(["th", "td"])) for row in table.find_all("tr"))
    for text in body.select(".cell_output pre"):
        text["class"] = "printed"
    for paragraph in body.find_all("p"):
        if binding.only(paragraph, "strong"):
            paragraph["class"] = "lead"
    last = body.find_all("section")[-1]
    for ending in [last] if last.find(class_="cell") else last.find_all("p")[-1:]:
        ending["class"] = "whole"
    for space in body.find_all(string=str.isspace):
        if space.parent.name in BOXES:
            space.extract()


def _number_sources(chapters: list[Chapter]) -> None:
    """Number the references, and name the number at every link to one, by id or by address.

    A link to an address that the references do not have is followed by the address.
    """
    listed = [entry for chapter in chapters for entry in chapter.body.select(".citation")]
    numbers = {}
    for number, entry in enumerate(listed, 1):
        entry["number"] = number
        entry.p.unwrap()
        numbers[f"#{entry['id']}"] = number
        for link in entry.find_all("a"):
            numbers.setdefault(link["href"], number)
            link["address"] = _readable(link["href"])
    for chapter in chapters:
        for link in chapter.body.select("a:not([address])"):
            if link["href"] in numbers:
                link["number"] = numbers[link["href"]]
            elif "#" not in link["href"][:1] and _readable(link["href"]) not in link.get_text():
                link["address"] = _readable(link["href"])


def _readable(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")


def _keep_targets(chapters: list[Chapter]) -> None:
    """Drop the ids that no link leads to."""
    links = {link["href"] for one in chapters for link in one.body.find_all("a")}
    for chapter in chapters:
        for tag in chapter.body.find_all(id=True):
            if f"#{tag['id']}" not in links:
                del tag["id"]


def _list_headings(chapters: list[Chapter]) -> None:
    """Mark the headings that the table of contents lists."""
    shared = Counter(h2.get_text() for chapter in chapters for h2 in chapter.body.find_all("h2"))
    for chapter in chapters:
        for heading in chapter.body.find_all("h2"):
            if shared[heading.get_text()] < REPEATED:
                heading["listed"] = "yes"


# --- the PDF --------------------------------------------------------------------------------------


def pdf(chapters: list[Chapter]) -> bytes:
    """The chapters as a PDF: readable by screen readers, dated as the dataset is.

    Raises BindingError with what Typst complains of, such as a link that leads nowhere.
    """
    made = datetime.fromisoformat(package()["created"])
    text = merge(chapters)
    options = {"pdf_standards": "ua-1", "timestamp": int(made.timestamp())}
    return packed(_typeset("book.typ", {"book": text}, **options))


def cover() -> bytes:
    """The cover as a PNG."""
    return _typeset("cover.typ", {}, format="png", ppi=180)


def _typeset(style: str, inputs: dict[str, str], **options) -> bytes:
    try:
        made, warnings = typst.compile_with_warnings(
            str(Path(__file__).with_name(style)),
            root=str(ROOT),
            font_paths=[str(ARIMO)],
            ignore_system_fonts=True,
            sys_inputs={"facts": json.dumps(binding.facts()), **inputs},
            **options,
        )
    except typst.TypstError as error:
        raise BindingError(f"{style}: {error}") from None
    if warnings:
        raise BindingError("\n".join(f"{style}: {warning.message}" for warning in warnings))
    return made


def packed(document: bytes) -> bytes:
    """The same PDF in a third of the size; it opens with its bookmarks."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as file:
        file.Root.PageMode = pikepdf.Name.UseOutlines
        file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(binding.publish(BUILT / "pdf" / f"{binding.NAME}.pdf", pdf))
