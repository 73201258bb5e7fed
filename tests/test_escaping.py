"""Whatever text stands in the data, pages, tooltips, tables and downloads show it as text.

`make data` refuses markup, formulas and hidden characters (`test_faults.py`). Here they are let in,
so that the pages prove to be safe on their own: a copy of the project is filled with hostile text,
its notebooks are run, its pages are built, and a browser looks at what has become of the text.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from conftest import serve
from copies import project, read_file, run, write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from relations import codebook
from relations.dataset import ROOT
from relations.execute import METADATA
from test_book import opened, wake

RUN = "window.hit=1"
TEXTS = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><svg onload={RUN}>',
    f"' onmouseover='{RUN}' x='",
    f"</script></title></textarea><script>{RUN}</script>",
    f"[a link](javascript:{RUN})",
    f"![an image](javascript:{RUN})",
    f"<javascript:{RUN}>",
    f"<a href='javascript:{RUN}'>x</a>",
    "{{ 7 * 7 }} and {{ nothing }}",
    "{cite:p}`nobody` {numref}`nothing` {glue:text}`none`",
    "$x^2$ and \\(y\\) and \\[z\\] and $$w$$",
    "`code` *emphasis* **strong** _low_ ~~struck~~",
    "| a | b |",
    "# A heading",
    "% a comment",
    "+++ a break",
    ":::{note} a box",
    "```{raw} html",
    "- an item",
    "12. an item",
    "> a quotation",
    "(target)=",
    "---",
    "&lt;b&gt; &amp; &#60; &nbsp;",
    "back\\slash \\n, {brace}, }open{, 100 %, a_b, a^b, a~b, A & B",
    '=HYPERLINK("https://example.org","x")',
    "[^1] [[x]] @name #ffffff url(#clip) id=1",
    "سفر ماسکو (1950), Москва",
    "abc \u202eright to left\u202c def",
]
ADDRESS = f'https://example.org/?a=1&b="onmouseover="{RUN}"\'<b>)(x'
COLUMNS = {
    "events": ["title", "summary", "disagreement"],
    "sources": ["title", "container", "author", "short", "note"],
    "actors": ["name"],
    "eras": ["title", "short_title"],
}
FIGURE = """
from relations import charts
from relations.dataset import table
from relations.eras import events
from relations.figure import figure, say
from relations.records import plain

rows = events()
words = list(rows["title"])
say(words=" ".join(words))
figure(
    "fig-hostile",
    charts.timeline(rows, domain=(1947, 1951)),
    title=" ".join(words),
    alt=" ".join(words),
    caption="\\n\\n".join(plain(word) for word in words),
    sources=["events", *table("sources")["source"]],
    data=rows[["date", "title", "summary", "effect", "cites"]],
)
labels = rows.head(len(SHORT)).assign(word=SHORT, start=1947.0, end=1951.0)
figure(
    "fig-labels",
    charts.spans(
        labels, label="word", start="start", end="end", series="word", tooltip=["word:N"],
        domain=(1945, 1955), order=SHORT,
    ),
    title="Labels", alt="5 labels", caption="Labels.", sources=["events"], data=labels[["word"]],
)
"""
# Short enough for the labels of a chart.
SHORT = ["<b>x</b> & y", "</text><script>", 'a opacity="1"', 'x id="c" url(#d)', "tone #86330f"]
LIST = """
from relations.chronology import by_era, chronology, download, facets
from relations.records import records

rows = chronology()
nouns = ("event", "events")
records("chronology", by_era(rows), noun=nouns, facets=facets(rows), data=download(rows))
"""


def fill(data: Path) -> None:
    """Put hostile text wherever the data hold text of their own, another in each row."""
    for name, columns in COLUMNS.items():
        header, *rows = read_file(data / f"{name}.csv")
        for index, row in enumerate(rows):
            for column in columns:
                row[header.index(column)] = TEXTS[index % len(TEXTS)]
            if name == "sources":
                row[header.index("url")] = ADDRESS
            if name == "actors":  # a facet names each actor once
                row[header.index("name")] += f" {index}"
            if name == "eras":
                row[header.index("title")] = f"Era {index} {' '.join(TEXTS)}"
        write(data / f"{name}.csv", [header, *rows])


@pytest.fixture(scope="module")
def book(small, tmp_path_factory) -> Path:
    """A copy of the project about hostile text, with its pages."""
    book = tmp_path_factory.mktemp("hostile")
    shutil.copytree(small, book / "data")
    project(book)
    shutil.copytree(ROOT / "_static", book / "_static")
    fill(book / "data")
    codebook.write(book / "data")
    shutil.copy(ROOT / "chapters/references.md", book / "chapters")
    sources = [row[0] for row in read_file(book / "data/sources.csv")[1:]]
    cited = f"# Figure\n\nThe words {{glue:text}}`words`.\n\n{{cite:p}}`{','.join(sources)}`"
    for name, prose, code in (
        ("index", cited, f"SHORT = {SHORT!r}\n{FIGURE}"),
        ("chronology", "# Events", LIST),
    ):
        cells = [new_markdown_cell(prose), new_code_cell(code, metadata={"tags": ["hide-input"]})]
        page = new_notebook(cells=cells, metadata=METADATA)
        nbformat.write(page, book / f"chapters/{name}.ipynb")
    (book / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/index\nparts:\n  - caption: Part\n    chapters:\n"
        "      - file: chapters/chronology\n      - file: chapters/references\n"
    )
    notebooks = ("chapters/chronology.ipynb", "chapters/index.ipynb")
    done = run(book, sys.executable, "-m", "relations.execute", "--jobs", "2", *notebooks)
    assert done.returncode == 0, done.stderr
    done = run(book, sys.executable, "-m", "relations.build")
    assert done.returncode == 0, done.stderr
    return book


@pytest.fixture(scope="module")
def hostile(book) -> Iterator[str]:
    """The address of the pages about hostile text."""
    with serve(book / "_build/html") as url:
        yield f"{url}/chapters"


@pytest.fixture(scope="module")
def titles(book) -> dict[str, str]:
    """The text of each event."""
    header, *rows = read_file(book / "data/events.csv")
    return {row[0]: row[header.index("title")] for row in rows}


PLANTED = """
() => [
  ...document.querySelectorAll("main [onload], main [onerror], main [onmouseover], main [onclick]"),
  ...document.querySelectorAll("[href^='javascript'], [src^='javascript'], [src=x]"),
  ...[...document.querySelectorAll("script:not([src]):not([type])")].filter(one => one.text),
  ...document.querySelectorAll(".record :is(img, svg, code, strong, h1, h2, ul, ol, table, pre)"),
].map(element => element.outerHTML)
"""


@pytest.mark.parametrize("path", ["index", "chronology", "references", "../search"])
def test_nothing_in_a_text_becomes_part_of_the_page(path, hostile, browser):
    query = "?q=emphasis" if path == "../search" else ""
    with opened(browser, f"{hostile}/{path}.html{query}") as page:
        if query:
            page.locator("#search-results li a").first.wait_for()
        wake(page)
        assert page.evaluate("window.hit") is None
        assert page.evaluate(PLANTED) == []


def test_a_record_shows_its_text(hostile, titles, browser):
    with opened(browser, f"{hostile}/chronology.html") as page:
        shown = page.locator(".record").evaluate_all(
            "all => all.map(one => [one.id, one.querySelector('.record-title').textContent,"
            " ...[...one.querySelectorAll('p:not([class])')].map(part => part.textContent)])"
        )
        assert {one.removeprefix("event-"): text for one, text, *_ in shown} == titles
        assert len(shown) == len(TEXTS)
        for _, text, summary, differing in shown:
            assert summary == text
            assert differing == f"Sources differ. {text}"
        # A text from right to left leaves the order of its neighbours alone.
        title = page.locator(".record-title").first
        assert title.evaluate("title => getComputedStyle(title).unicodeBidi") == "isolate"
        heading = page.locator("article h2").first.evaluate("heading => heading.firstChild.data")
        assert heading == f"Era 0 {' '.join(TEXTS)}"
        linked = page.locator(".record-links a").evaluate_all("all => all.map(one => one.href)")
        assert {urlsplit(address).netloc for address in linked} == {"example.org"}


@pytest.mark.parametrize("name", ["chronology", "fig-hostile"])
def test_a_download_holds_the_text(name, book, titles):
    header, *rows = read_file(book / f"_build/html/_figures/{name}.csv")
    for column in ("title", "summary"):
        assert {row[header.index(column)] for row in rows} == set(titles.values())


def test_a_figure_shows_the_text(book, hostile, browser):
    _, *rows = read_file(book / "_build/html/_figures/fig-hostile.csv")
    texts = [text for _, text, *_ in rows]
    words = " ".join(texts)
    with opened(browser, f"{hostile}/index.html", java_script_enabled=False) as page:
        assert page.locator("article p").first.text_content() == f"The words {words}."
        figure = page.locator("figure.evidence").first
        assert f"Figure 1 {words}" in figure.locator(".evidence-title").text_content()
        assert figure.locator(".evidence-chart").get_attribute("aria-label") == words
        caption = figure.locator(".evidence-note p").all_text_contents()
        assert caption[: len(TEXTS)] == texts
        assert figure.locator("tbody td:nth-child(2)").all_text_contents() == texts
        labels = page.locator("[data-figure=fig-labels] .wide text").all_text_contents()
        assert set(SHORT) <= set(labels)


def test_a_tooltip_shows_the_text(hostile, titles, browser):
    with opened(browser, f"{hostile}/index.html") as page:
        wake(page)
        marks = page.locator("[data-figure=fig-hostile] .wide .mark-symbol.role-mark path")
        shown = set()
        for mark in marks.all():
            mark.dispatch_event("pointermove")
            tip = page.locator("#vg-tooltip-element.visible")
            tip.wait_for()
            shown.add(tip.locator("td.value").first.text_content())
            assert tip.locator(":not(table, tbody, tr, td)").count() == 0
        assert shown == set(titles.values())


def test_the_bibliography_shows_the_text(hostile, browser):
    with opened(browser, f"{hostile}/references.html") as page:
        shown = page.locator(".citation p a").all_text_contents()
        straight = str.maketrans("‘’", "''")  # the page sets quotation marks as print does
        assert {text.translate(straight) for text in shown} == set(TEXTS)
        assert {link.get_attribute("href") for link in page.locator(".citation p a").all()} == {
            ADDRESS
        }
