"""Whatever text stands in the data, pages, tooltips, tables and downloads show it as text.

`make data` refuses markup, formulas and hidden characters (`test_faults.py`). Here they are let in,
so that the pages prove to be safe on their own: a copy of the project is filled with hostile text,
its notebooks are run, its pages are built, and a browser looks at what has become of the text.
"""

import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from copies import project, read_file, run, write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from relations import codebook
from relations.dataset import ROOT
from relations.execute import METADATA

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
"""
LIST = """
from relations.chronology import by_era, chronology, download, facets
from relations.records import records

rows = chronology()
nouns = ("event", "events")
records("chronology", by_era(rows), noun=nouns, facets=facets(rows), data=download(rows))
"""
PAGES = ("index", "chronology", "references")


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
def hostile(small, tmp_path_factory) -> Path:
    """The pages of a book about hostile text."""
    book = tmp_path_factory.mktemp("hostile")
    shutil.copytree(small, book / "data")
    project(book)
    shutil.copytree(ROOT / "_static", book / "_static")
    fill(book / "data")
    codebook.write(book / "data")
    shutil.copy(ROOT / "chapters/references.md", book / "chapters")
    sources = [row[0] for row in read_file(book / "data/sources.csv")[1:]]
    cited = f"# Figure\n\nThe words {{glue:text}}`words`.\n\n{{cite:p}}`{','.join(sources)}`"
    for name, prose, code in (("index", cited, FIGURE), ("chronology", "# Events", LIST)):
        cells = [new_markdown_cell(prose), new_code_cell(code)]
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
    return book / "_build/html"
