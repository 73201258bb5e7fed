"""The book as PDF and EPUB, made from the built pages: whole, and its links lead somewhere."""

import functools
import io
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from urllib.parse import urldefrag
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pikepdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from conftest import HTML
from copies import full, run
from relations import binding, epub, printing
from relations.binding import BindingError, Chapter
from relations.chronology import chronology
from relations.dataset import ROOT, table

XHTML = "{http://www.w3.org/1999/xhtml}"
# What belongs to a screen alone, as the pages mark it.
SCREEN = (
    "nav, form, .cite-page, .records-tools, .evidence-tools, .evidence-controls, .hide, .kicker"
)


@pytest.fixture(scope="module")
def chapters(html) -> list[Chapter]:
    return binding.chapters()


@pytest.fixture(scope="module")
def articles(html) -> dict[str, BeautifulSoup]:
    """The texts of the built pages by slug, charts left out."""
    found = {}
    for path in (html / "chapters").glob("*.html"):
        text = re.sub(r"<svg\b.*?</svg>", "", path.read_text(encoding="utf-8"), flags=re.S)
        found[path.stem] = BeautifulSoup(text, "html.parser").find(class_="bd-article")
    return found


def plain(text: str) -> str:
    """A text without spaces and hyphens, which lines of print may lose or gain."""
    return re.sub(r"[\s\u00ad\u2011\ufffe-]", "", text)


def chapter(slug: str, body: str, **known) -> Chapter:
    section = BeautifulSoup(f"<section>{body}</section>", "html.parser").find("section")
    values = {"part": "A part", "number": "1", "title": slug.title(), "thesis": ""}
    return Chapter(slug, body=section, data=[], code=[], **{**values, **known})


# --- the text -----------------------------------------------------------------------------------


def test_every_page_is_a_chapter_under_its_number_title_and_part(chapters, articles):
    assert {one.slug for one in chapters} == set(articles)
    known = {one.slug: (one.part, one.number, one.title) for one in chapters}
    assert known["index"] == ("", "", "Russia and Pakistan: A Relationship in Evidence")
    assert known["sco-era"] == ("Seven eras", "7", "The SCO era")
    assert [one.slug for one in chapters if not one.thesis.endswith(".")] == ["references"]


def test_a_missing_page_is_named_with_its_mend(tmp_path):
    with pytest.raises(BindingError, match=r"index\.html\. Run: make book"):
        binding.chapters(tmp_path)


def test_no_paragraph_of_the_pages_is_lost(chapters, articles):
    for one in chapters:
        article = articles[one.slug]
        for element in article.select(SCREEN):
            element.decompose()
        kept = plain(one.thesis + one.body.get_text())
        for element in article.select("p, li, dt, dd, h2, h3, pre, summary, figcaption"):
            text = plain(binding.HINTS.sub("", element.get_text()).replace("#", ""))
            if text and not text.startswith("Next:"):
                assert text in kept.replace("#", ""), (one.slug, element.get_text())


def test_nothing_of_the_screen_is_left(chapters):
    for one in chapters:
        left = "form, button, input, script, details, summary, svg, .headerlink, [tabindex], [role]"
        assert one.body.select(left) == []
        said = {text.strip() for text in one.body.find_all(string=True)}
        assert not said & {"Code", "Search", "Show all", "Cite this page", "Data (CSV)", "#"}
        gesture = r"\b(hover|tap|click|drag|tooltip|unfolds|lists above)\b"
        assert not re.search(gesture, one.body.get_text(), re.IGNORECASE)


def test_no_code_that_the_pages_fold_is_lost(chapters):
    for one in chapters:
        path = ROOT / f"chapters/{one.slug}.ipynb"
        cells = json.loads(path.read_text("utf-8"))["cells"] if path.exists() else []
        folded = [cell for cell in cells if "hide-input" in cell["metadata"].get("tags", [])]
        assert "\n\n".join(one.code) == "\n\n".join("".join(cell["source"]) for cell in folded)
        for data in one.data:  # the way from a figure to its code
            assert [data in one.drawing(block) for block in one.code].count(True) == 1, data.figure


def test_every_figure_has_its_number_image_text_and_data(chapters, articles):
    drawn = [label for page in articles.values() for label in page.select(".evidence-chart")]
    shown = [image for one in chapters for image in one.body.select("figure > img")]
    assert Counter(image["alt"] for image in shown) == Counter(one["aria-label"] for one in drawn)
    data = [data for one in chapters for data in one.data]
    assert len({one.number for one in data}) == len(data) == len(shown)
    titles = set(chronology()["title"])
    for one in data:
        file = HTML / "_figures" / one.file
        assert file.is_file()
        if re.fullmatch(r"\d+ rows", one.extent) and one.table:
            assert f"{len(one.rows()) - 1} rows" == one.extent
        if not one.table:  # the chronology stands for it
            assert titles & set(re.split(r'[",\n]', file.read_text("utf-8"))), one.file


def test_all_claims_events_and_sources_are_there(chapters):
    bodies = {one.slug: one.body for one in chapters}
    claims = [
        one.get_text() for one in bodies["the-essays-against-the-evidence"].select(".record-title")
    ]
    assert claims == list(table("claims")["statement"])
    assert len(bodies["chronology"].select(".record .record-links")) == len(chronology())
    assert len(bodies["references"].select(".citation")) > 1000


# --- faults -------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="limits are set as on Linux")
def test_a_full_disk_leaves_the_edition_that_was_there(tmp_path):
    target = tmp_path / "epub" / "book.epub"
    target.parent.mkdir()
    target.write_text("the last edition")
    code = (
        "import sys; from pathlib import Path; from relations import binding, files\n"
        "binding.chapters = lambda: []\n"
        "sys.exit(binding.publish(Path(sys.argv[1]), lambda chapters: b'x' * 10**8))"
    )
    done = run(ROOT, sys.executable, "-c", code, str(target), preexec_fn=full)
    assert done.returncode == 1
    assert done.stderr == f"{target}: File too large. Give the folder room, and leave to write.\n"
    assert target.read_text() == "the last edition"
    assert list(target.parent.iterdir()) == [target]


def test_an_edition_of_pages_that_are_not_built_is_not_made(tmp_path, monkeypatch, capsys):
    pages = functools.partial(binding.chapters, tmp_path)
    monkeypatch.setattr(binding, "chapters", pages)
    assert binding.publish(tmp_path / "pdf" / "book.pdf", printing.pdf) == 1
    assert capsys.readouterr().err.endswith("index.html. Run: make book\n")
    assert list(tmp_path.iterdir()) == []


# --- PDF ----------------------------------------------------------------------------------------


def test_the_pdf_holds_the_book(chapters):
    made = printing.pdf(chapters)
    assert len(made) < 10e6
    document = pypdfium2.PdfDocument(made)
    pages = [plain(page.get_textpage().get_text_range()) for page in document]
    text = "".join(pages)
    outline = [(item.get_title(), item.get_dest().get_index()) for item in document.get_toc()]
    places = dict(reversed(outline))  # the code at the end has the chapters' titles again
    contents = "".join(pages[2 : places[chapters[0].title]])
    for one in chapters:
        name = f"{one.number} {one.title}".strip()
        assert plain(one.title) in pages[places[name]]
        assert plain(f"{name}{places[name] + 1}") in contents
        for heading in one.body.find_all("h2"):
            assert heading.get_text() in {title for title, _ in outline}
        for data in one.data:
            assert text.count(plain(f"Figure {data.number} {data.title}")) == 2  # figure and data
    for said in [*table("claims")["statement"], *chronology()["title"]]:
        assert plain(said) in text, said
    for one in chapters:
        for line in {plain(line) for block in one.code for line in block.split("\n")}:
            assert line in text or over_two(line, pages), (one.slug, line)
    assert [place for place, page in enumerate(document, 1) if leaves_the_page(page)] == []
    check_marks(made, chapters)


def over_two(line: str, pages: list[str]) -> bool:
    """Whether a line begins at the foot of one page and goes on under the head of the next."""
    return any(
        line[:cut] in page and line[cut:] in following
        for page, following in pairwise(pages)
        for cut in range(8, len(line) - 8)
    )


def leaves_the_page(page: pypdfium2.PdfPage) -> bool:
    """Whether any words of a page stand in its outermost centimetre."""
    (width, height), text, edge = page.get_size(), page.get_textpage(), 72 / 2.54
    boxes = [text.get_rect(place) for place in range(text.count_rects())]
    return any(
        left < edge or right > width - edge or bottom < edge or top > height - edge
        for left, bottom, right, top in boxes
    )


def check_marks(made: bytes, chapters: list[Chapter]) -> None:
    """What readers of screens and keepers of files need: texts for images, language, vectors."""
    with pikepdf.open(io.BytesIO(made)) as document:
        parts = [part for part in document.objects if isinstance(part, pikepdf.Dictionary)]
        texts = {str(part.Alt) for part in parts if part.get("/S") == "/Figure" and "/Alt" in part}
        images = [part for part in document.objects if isinstance(part, pikepdf.Stream)]
        assert not [image for image in images if image.get("/Subtype") == "/Image"]
        assert texts >= {image["alt"] for one in chapters for image in one.body.select("img")}
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("en")
        known = binding.facts()
        assert document.docinfo.Title == f"{known['title']}: {known['subtitle']}"
        assert str(document.docinfo.CreationDate)[2:10] == known["date"].replace("-", "")


def test_the_same_chapters_give_the_same_pdf():
    held = [chapter("one", '<section id="a"><h2>A question</h2><p>Text.</p></section>')]
    assert printing.pdf(held) == printing.pdf(held)


def test_a_link_that_leads_nowhere_stops_the_pdf():
    held = [chapter("one", '<p><a href="#none">There</a></p><section id="a"><h2>A</h2></section>')]
    with pytest.raises(BindingError, match="one--none"):
        printing.pdf(held)


def test_links_to_sources_carry_the_number_of_the_source():
    sources = '<div class="citation" id="x"><p>A. <a href="https://a.example/">Title</a>.</p></div>'
    text = (
        '<p><a href="references.html#x">A, 2000</a>, <a href="https://a.example/">here</a>, '
        '<a href="https://b.example/c">there</a></p>'
    )
    held = [
        chapter("one", f'<section id="a"><h2>A</h2>{text}</section>'),
        chapter("references", f'<section id="b"><h2>B</h2>{sources}</section>'),
    ]
    links = ElementTree.fromstring(printing.merge(held)).iter("a")
    known = {link.text: (link.get("number"), link.get("address")) for link in links}
    assert known["A, 2000"] == known["here"] == ("1", None)
    assert known["there"] == (None, "b.example/c")
    assert known["Title"] == (None, "a.example")


# --- EPUB ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packed(chapters) -> dict[str, bytes]:
    return epub.contents(chapters)


@pytest.fixture(scope="module")
def trees(packed) -> dict[str, ElementTree.Element]:
    """The pages of the EPUB by name."""
    return {
        name.removeprefix("book/"): ElementTree.fromstring(content)
        for name, content in packed.items()
        if name.endswith(".xhtml")
    }


def test_links_of_the_epub_lead_somewhere(trees):
    ids = {
        name: [element.get("id") for element in tree.iter() if element.get("id")]
        for name, tree in trees.items()
    }
    assert [name for name, found in ids.items() if len(found) != len(set(found))] == []
    for name, tree in trees.items():
        for link in tree.iter(f"{XHTML}a"):
            target, fragment = urldefrag(link.get("href"))
            if not re.match(r"https?:|mailto:", target):
                assert not fragment or fragment in ids[target or name], link.get("href")


def test_images_of_the_epub_are_packed_and_say_what_they_show(trees, packed):
    shown = set()
    for tree in trees.values():
        shown |= {source.get("srcset") for source in tree.iter(f"{XHTML}source")}
        for image in tree.iter(f"{XHTML}img"):
            shown.add(image.get("src"))
            assert image.get("alt")
    assert shown == {name[5:] for name in packed if name.endswith((".svg", ".png"))}


def test_the_package_lists_what_the_epub_holds(trees, packed):
    package = ElementTree.fromstring(packed["book/package.opf"])
    spaces = {"": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
    listed = {item.get("id"): item.get("href") for item in package.find("manifest", spaces)}
    assert {f"book/{name}" for name in listed.values()} == set(packed) - {
        "mimetype",
        "META-INF/container.xml",
        "book/package.opf",
    }
    spine = [listed[item.get("idref")] for item in package.find("spine", spaces)]
    assert spine == list(trees)
    for name in ("title", "language", "date", "rights", "identifier"):
        assert package.find(f"metadata/dc:{name}", spaces).text
    said = {meta.get("property") for meta in package.iter("{http://www.idpf.org/2007/opf}meta")}
    assert {"dcterms:modified", "schema:accessMode", "schema:accessibilityHazard"} <= said
    nav = "".join(trees["nav.xhtml"].itertext())
    assert all(one in nav for one in ("Cold War rivalry", "References", "Data of the figures"))


def test_the_epub_begins_with_its_type_and_is_the_same_every_time(chapters, tmp_path):
    made = epub.epub(chapters)
    assert made == epub.epub(chapters)
    first = ZipFile(io.BytesIO(made)).infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
    if shutil.which("epubcheck"):
        (tmp_path / "book.epub").write_bytes(made)
        run = ["epubcheck", "--failonwarnings", str(tmp_path / "book.epub")]
        assert subprocess.run(run, capture_output=True).returncode == 0
