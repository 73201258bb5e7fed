"""The book as an EPUB 3, packed from the text of :mod:`relations.binding`.

Figures are SVG images, each drawn twice: for wide screens and for narrow ones. The tables of their
data and the code follow the chapters, a document a chapter. The same pages and the same dataset
give the same file, byte by byte.
"""

from __future__ import annotations

import html
import json
import sys
import uuid
from pathlib import Path

from . import archive, binding
from .binding import BUILT, CODE_TITLE, Chapter, Data
from .dataset import ROOT, package
from .figure import FIGURE_MIME
from .printing import cover

STYLE = Path(__file__).with_name("epub.css")
WIDEST = 100  # letters in a row of a table
NARROW = 559  # up to this width, in pixels, the pages of the web edition show the narrow charts
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" \
xml:lang="en">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="epub.css"/></head>
<body{attributes}>{body}</body>
</html>
"""
CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" \
media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
TYPES = {
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
PROPERTIES = {"nav.xhtml": "nav", "cover.png": "cover-image"}
ACCESS = {
    "accessMode": ["textual", "visual"],
    "accessModeSufficient": ["textual,visual", "textual"],
    "accessibilityFeature": [
        "alternativeText",
        "longDescription",
        "structuralNavigation",
        "tableOfContents",
        "readingOrder",
        "displayTransformability",
    ],
    "accessibilityHazard": ["none"],
    "accessibilitySummary": [
        "Every figure has a text that states what it shows, in numbers, and a table of its data."
    ],
}


def address(slug: str, fragment: str = "") -> str:
    """Where a page, or an id of it, is in the EPUB."""
    return f"{slug}.xhtml#{fragment}" if fragment else f"{slug}.xhtml"


# --- pages ----------------------------------------------------------------------------------------


def documents(chapters: list[Chapter]) -> dict[str, str]:
    """The pages by file name, in reading order."""
    chapters = binding.relinked(chapters, address)
    for chapter in chapters:
        _adapt(chapter)
    known = binding.facts()
    alt = html.escape(f"{known['title']}: {known['subtitle']}")
    found = {
        "cover.xhtml": page(
            "Cover", f'<img src="cover.png" alt="{alt}"/>', ' class="cover" epub:type="cover"'
        ),
        "about.xhtml": page("About this edition", f"<h1>About this edition</h1>{binding.about()}"),
        "nav.xhtml": page("Contents", navigation(chapters)),
    }
    for part, held in binding.by_part(chapters):
        if part:
            found[address(part_slug(part))] = page(part, opening(part, held), ' class="part"')
        for chapter in held:
            head = f"<h1>{numbered(chapter)}</h1>"
            thesis = f'<p class="thesis">{html.escape(chapter.thesis)}</p>'
            body = head + (thesis if chapter.thesis else "") + chapter.body.decode()
            found[address(chapter.slug)] = page(chapter.title, body)
    for chapter in filter(lambda one: one.data, chapters):
        found[address(data_slug(chapter))] = page(*data_page(chapter))
    for chapter in filter(lambda one: one.code, chapters):
        found[address(code_slug(chapter))] = page(*code_page(chapter), ' class="code"')
    return found


def page(title: str, body: str, attributes: str = "") -> str:
    """An XHTML page."""
    return PAGE.format(title=html.escape(title), body=body, attributes=attributes)


def _adapt(chapter: Chapter) -> None:
    """Give a chapter's figures their files and a way to their data."""
    for figure in chapter.body.select("figure.evidence"):
        image = figure.img
        name = image["data-figure"]
        del image["data-figure"]
        image["src"] = f"figures/{name}.svg"
        picture = image.wrap(binding.new("picture"))
        narrow = {"media": f"(max-width: {NARROW}px)", "type": TYPES[".svg"]}
        narrow["srcset"] = f"figures/{name}-narrow.svg"
        picture.insert(0, binding.new("source", **narrow))
        data = binding.new("a", "Table of the data", href=address(data_slug(chapter), figure["id"]))
        code = binding.new("a", "code", href=address(code_slug(chapter), figure["id"]))
        figure.append(binding.new("p", data, ", ", code))


def opening(part: str, chapters: list[Chapter]) -> str:
    """What the page that opens a part says: its title, its chapters and what they find."""
    items = "".join(
        f'<li><a href="{address(chapter.slug)}">{numbered(chapter)}</a>'
        f"<p>{html.escape(chapter.thesis)}</p></li>"
        for chapter in chapters
    )
    return f"<h1>{html.escape(part)}</h1><ol>{items}</ol>"


def data_page(chapter: Chapter) -> tuple[str, str]:
    """The title and the text of the page with the data of a chapter's figures."""
    title = f"Data of the figures in “{chapter.title}”"
    tables = "".join(_table(chapter, data) for data in chapter.data)
    return title, f"<h1>{html.escape(title)}</h1>{tables}"


def _table(chapter: Chapter, data: Data) -> str:
    back = address(chapter.slug, data.figure)
    events = f'<p>The events stand in the <a href="{address("chronology")}">chronology</a>.</p>'
    table = f'<div class="data"><table>{data.table}</table></div>'
    if sum(data.letters()) > WIDEST:
        table = data.paragraphs()
    return (
        f'<section id="{data.figure}"><h2><a href="{back}">Figure {data.number}</a> '
        f"{html.escape(data.title)}</h2>{table if data.table else events}"
        f"<p>{data.extent}; <code>{data.file}</code></p></section>"
    )


def code_page(chapter: Chapter) -> tuple[str, str]:
    """The title and the text of the page with the code of a chapter."""
    title = f"Code of “{chapter.title}”"
    blocks = ""
    for block in chapter.code:
        for data in chapter.drawing(block):
            back = address(chapter.slug, data.figure)
            blocks += f'<h2 id="{data.figure}"><a href="{back}">Figure {data.number}</a></h2>'
        blocks += f"<pre><code>{html.escape(block)}</code></pre>"
    return title, f"<h1>{html.escape(title)}</h1>{blocks}"


def numbered(chapter: Chapter) -> str:
    """A chapter's number, where it has one, and its title."""
    number = f'<span class="number">{chapter.number}</span> ' if chapter.number else ""
    return number + html.escape(chapter.title)


def part_slug(part: str) -> str:
    """The name of a part's page."""
    return "part-" + part.lower().replace(" ", "-")


def data_slug(chapter: Chapter) -> str:
    """The name of the page with the data of a chapter's figures."""
    return f"data-{chapter.slug}"


def code_slug(chapter: Chapter) -> str:
    """The name of the page with the code of a chapter."""
    return f"code-{chapter.slug}"


def navigation(chapters: list[Chapter]) -> str:
    """Contents, list of figures and landmarks."""
    listed = ""
    for part, held in binding.by_part(chapters):
        inner = "".join(_line(address(chapter.slug), numbered(chapter)) for chapter in held)
        link = f'<a href="{address(part_slug(part))}">{html.escape(part)}</a>'
        listed += f"<li>{link}<ol>{inner}</ol></li>" if part else inner
    drawn, tables, code = "", "", ""
    for chapter in chapters:
        for data in chapter.data:
            words = f"{data.number} {html.escape(data.title)}"
            drawn += _line(address(chapter.slug, data.figure), words)
        if chapter.data:
            tables += _line(address(data_slug(chapter)), html.escape(chapter.title))
        if chapter.code:
            code += _line(address(code_slug(chapter)), html.escape(chapter.title))
    for title, lines in (("Data of the figures", tables), (CODE_TITLE, code)):
        listed += f"<li><span>{title}</span><ol>{lines}</ol></li>"
    return (
        f'<nav epub:type="toc" role="doc-toc"><h1>Contents</h1><ol>{listed}</ol></nav>'
        f'<nav epub:type="loi"><h2>Figures</h2><ol>{drawn}</ol></nav>'
        '<nav epub:type="landmarks" hidden="hidden"><h2>Landmarks</h2><ol>'
        '<li><a epub:type="cover" href="cover.xhtml">Cover</a></li>'
        '<li><a epub:type="toc" href="nav.xhtml">Contents</a></li>'
        f'<li><a epub:type="bodymatter" href="{address(chapters[0].slug)}">Text</a></li>'
        f'<li><a epub:type="bibliography" href="{address("references")}">References</a></li>'
        "</ol></nav>"
    )


def _line(target: str, words: str) -> str:
    return f'<li><a href="{target}">{words}</a></li>'


# --- the archive ----------------------------------------------------------------------------------


def drawings() -> dict[str, str]:
    """The figures' images by file name, as the notebooks hold them."""
    found = {}
    for notebook in sorted((ROOT / binding.PAGES).glob("*.ipynb")):
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                if FIGURE_MIME in data:
                    figure = data[FIGURE_MIME]
                    found[f"figures/{figure['name']}.svg"] = "".join(data["image/svg+xml"])
                    found[f"figures/{figure['name']}-narrow.svg"] = figure["narrow_svg"]
    return found


def manifest(names: list[str]) -> str:
    """The package document: what the book is, what it consists of, in which order it is read."""
    known = {name: html.escape(value) for name, value in binding.facts().items()}
    identity = f"{package()['name']}/{package()['version']}/{package()['created']}"
    items, spine = "", ""
    for number, name in enumerate(names):
        role = f' properties="{PROPERTIES[name]}"' if name in PROPERTIES else ""
        kind = TYPES[Path(name).suffix]
        items += f'<item id="item-{number}" href="{name}" media-type="{kind}"{role}/>'
        if name.endswith(".xhtml"):
            spine += f'<itemref idref="item-{number}"/>'
    subjects = "".join(f"<dc:subject>{s}</dc:subject>" for s in known["keywords"].split(", "))
    access = "".join(
        f'<meta property="schema:{name}">{value}</meta>'
        for name, values in ACCESS.items()
        for value in values
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="identity" '
        'xml:lang="en"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="identity">urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, identity)}'
        f"</dc:identifier><dc:title>{known['title']}: {known['subtitle']}</dc:title>"
        f"<dc:language>en</dc:language><dc:creator>{known['author']}</dc:creator>"
        f"<dc:date>{known['date']}</dc:date><dc:rights>{known['rights']}</dc:rights>"
        f"<dc:description>{known['edition']}. {known['coverage']}.</dc:description>{subjects}"
        f'<meta property="dcterms:modified">{package()["created"]}</meta>{access}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>\n"
    )


def contents(chapters: list[Chapter]) -> dict[str, bytes]:
    """Everything that the archive holds, by path and in order."""
    held = documents(chapters) | drawings() | {"epub.css": STYLE.read_text(encoding="utf-8")}
    held["cover.png"] = cover()
    named = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    named["book/package.opf"] = manifest(list(held))
    named |= {f"book/{name}": content for name, content in held.items()}
    return {
        name: content if isinstance(content, bytes) else content.encode()
        for name, content in named.items()
    }


def epub(chapters: list[Chapter]) -> bytes:
    """The chapters as an EPUB: a zip that begins with its type, uncompressed."""
    return archive.packed(contents(chapters), plain=("mimetype",))


if __name__ == "__main__":
    sys.exit(binding.publish(BUILT / "epub" / f"{binding.NAME}.epub", epub))
