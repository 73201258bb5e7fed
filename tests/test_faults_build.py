"""What happens when notebooks, pages or the disk are broken: tried on a book of a few pages.

`relations.build` (`make book`) and `relations.execute` (`make notebooks`) end with one message a
fault, a non-zero exit, and whole files or none: a build that fails or is stopped leaves no page
behind, a notebook that fails leaves every notebook as it was. A row of `PAGES` is: fault · a page
that has it · what is said. `NOTEBOOKS` does the same for what stands under a notebook's cells.
"""

import re
import shutil
import signal
import sys
from pathlib import Path

import nbformat
import pytest
from copies import full, run, unprivileged
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from relations import codebook
from relations.dataset import ROOT
from relations.execute import METADATA
from relations.figure import FIGURE_MIME, LAB_MIME
from test_book import dead_links

BUILD = (sys.executable, "-m", "relations.build")
NONE = "book: no pages were built. Mend what is named above."
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits and powers are set as on Linux")


@pytest.fixture
def book(project) -> Path:
    """A copy of the project with one page, to which others are added."""
    codebook.write(project / "data")
    shutil.copytree(ROOT / "_static", project / "_static")
    for made in (ROOT / "_build").glob(".vega-*"):  # spares a second or two
        shutil.copytree(made, project / "_build" / made.name)
    add(project, {"index": "# First\n\nThe first page."})
    return project


def add(book: Path, pages: dict[str, str | nbformat.NotebookNode]) -> None:
    """Write pages, and the table of contents that lists them after the first."""
    for name, page in pages.items():
        if isinstance(page, str):
            (book / f"chapters/{name}.md").write_text(page, encoding="utf-8")
        else:
            nbformat.write(page, book / f"chapters/{name}.ipynb")
    listed = "".join(f"      - file: chapters/{name}\n" for name in pages if name != "index")
    chapters = f"parts:\n  - caption: Part\n    chapters:\n{listed}" if listed else ""
    (book / "_toc.yml").write_text(f"format: jb-book\nroot: chapters/index\n{chapters}")


def notebook(*outputs: dict, source: str = "1 + 1") -> nbformat.NotebookNode:
    """A notebook of a title and a cell with outputs."""
    cell = new_code_cell(source, outputs=list(outputs), execution_count=1)
    return new_notebook(cells=[new_markdown_cell("# Second"), cell], metadata=METADATA)


def bundle(**parts: str) -> dict:
    """The output of a figure, with some of its parts replaced."""
    chart, image = {"mark": "point"}, '<svg width="1" height="1"/>'
    payload = {
        "name": "fig-test",
        "title": "Deliveries rose",
        "alt": "From 1 to 2",
        "caption": "Million",
        "sources": [{"title": "SIPRI", "url": ""}],
        "csv": "year,value\n1950,1\n",
        "narrow": chart,
        "narrow_svg": image,
    }
    data = {FIGURE_MIME: payload, LAB_MIME: chart, "image/svg+xml": image}
    payload |= parts
    return new_output("display_data", data=data)


def refused(done, book: Path) -> list[str]:
    """The messages of a build that failed and left no page."""
    colourless = re.sub(r"\x1b\[[\d;]*m", "", done.stderr)
    *messages, last = filter(None, colourless.splitlines())
    assert last == NONE, colourless
    assert done.returncode == 1
    assert done.stdout == ""
    assert not (book / "_build/html").exists()
    assert not (book / "_build/work").exists()
    return messages


# --- pages ----------------------------------------------------------------------------------------

# fault: (a page that has it, or the prose of a notebook that has it, what is said)
PAGES = {
    "broken-reference": ("{numref}`fig-none`", "undefined label: 'fig-none'"),
    "unknown-citation": ("{cite:p}`nobody-1950`", 'could not find bibtex key "nobody-1950"'),
    "dead-page": ("[x](no-such-page.md)", "target not found: 'no-such-page.md'"),
    "dead-anchor": ("[x](index.md#nowhere)", "local id not found in doc 'chapters/index'"),
    "dead-built-page": ("[x](index.html#nowhere)", "target not found: 'index.html#nowhere'"),
    "dead-own-anchor": ("[x](#nowhere)", "target not found: 'nowhere'"),
    "unknown-number": ("{glue:text}`no_number`", "No key 'no_number' found in glue data"),
    "unknown-role": ("{nonsense}`x`", 'Unknown interpreted text role "nonsense"'),
    "unknown-directive": ("```{nonsense}\n```", "Unknown directive type: 'nonsense'"),
    "unknown-image": ("![x](no-such-image.png)", "image file not readable"),
    "figure-by-hand": ("```{evidence} fig-none\n```", "No figure of this page is named fig-none"),
    "list-by-hand": ("```{records} none 0\n```", "No list of this page is named none"),
    "unknown-substitution": ("{{ nonsense }}", "nonsense"),
}


def test_each_fault_of_a_page_is_named_and_no_page_is_built(book):
    third = new_markdown_cell("One line.\n\n{numref}`fig-lost`")
    after_a_figure = notebook(bundle())
    after_a_figure.cells.append(third)
    pages = {name: f"# {name}\n\n{fault}\n" for name, (fault, _) in PAGES.items()}
    add(book, pages | {"in-a-notebook": after_a_figure})
    messages = refused(run(book, *BUILD), book)
    expected = {f"{name}.md:3": words for name, (_, words) in PAGES.items()}
    # The line of a notebook tells the cell as it stands in the file: the third cell's third line.
    expected["in-a-notebook.ipynb:30003"] = "undefined label: 'fig-lost'"
    for place, words in expected.items():
        said = [message for message in messages if f"/{place}:" in message]
        assert len(said) == 1, (place, messages)
        assert words in said[0]
    assert len(messages) == len(expected), messages


def test_a_dead_link_in_the_built_pages_is_named(tmp_path):
    (tmp_path / "a.html").write_text('<a href="b.html#here">x</a><a href="#top">x</a><p id="top">')
    (tmp_path / "b.html").write_text('<img src="c.png"><a href="https://example.org/">x</a>')
    assert dead_links(tmp_path) == [
        "a.html: b.html#here leads nowhere. Mend the link.",
        "b.html: c.png leads nowhere. Mend the link.",
    ]


# --- notebooks ------------------------------------------------------------------------------------

FAILED = new_output("error", ename="ValueError", evalue="no such year", traceback=[])
# fault: (the page, what is said)
NOTEBOOKS = {
    "failed cell": (
        notebook(FAILED),
        "chapters/second.ipynb, cell 2: the cell failed (ValueError). Mend it and run make",
    ),
    "figure without alternative text": (
        notebook(bundle(alt="")),
        "chapters/second.ipynb, cell 2: figure fig-test has no alt. Give figure() one.",
    ),
}


@pytest.mark.parametrize("fault", NOTEBOOKS)
def test_a_fault_of_a_notebook_is_named_and_no_page_is_built(fault, book):
    page, words = NOTEBOOKS[fault]
    add(book, {"second": page})
    (message,) = refused(run(book, *BUILD), book)
    assert words in message


def test_a_cell_that_fails_is_named_and_no_notebook_is_written(book):
    add(
        book,
        {
            "second": notebook(source="1 + 1"),
            "third": notebook(source="year = 1950\nraise ValueError(f'nothing in {year}.')"),
        },
    )
    paths = [book / "chapters/second.ipynb", book / "chapters/third.ipynb"]
    (book / "chapters/fourth.ipynb").write_text('{"cells": [')
    before = [path.read_bytes() for path in paths]
    names = ("chapters/second.ipynb", "chapters/third.ipynb", "chapters/fourth.ipynb")
    done = run(book, sys.executable, "-m", "relations.execute", "--jobs", "1", *names)
    assert done.returncode == 2
    assert sorted(done.stderr.splitlines()) == [
        "chapters/fourth.ipynb: no notebook (Notebook does not appear to be JSON: "
        "'{\"cells\": ['). Restore the file.",
        "chapters/third.ipynb, cell 2, line 2: ValueError: nothing in 1950. "
        "Mend the cell, or what it reads.",
        "notebooks: 2 problem(s), no notebook was written.",
    ]
    assert [path.read_bytes() for path in paths] == before
    assert list(book.glob("chapters/.*.part")) == []


def test_a_stale_output_is_named(book):
    source = (
        "from IPython.display import display\n"
        f"display({{'{FIGURE_MIME}': {{'name': 'fig-test', 'alt': 'From 1 to 3'}}}}, raw=True)"
    )
    stale = new_output("display_data", data={FIGURE_MIME: {"name": "fig-test", "alt": "From 1"}})
    add(book, {"second": notebook(stale, source=source)})
    command = ("-m", "pytest", "-q", "--nbval", "-p", "no:cacheprovider", "chapters/second.ipynb")
    done = run(book, sys.executable, *command)
    assert done.returncode == 1
    assert "chapters/second.ipynb::Cell 0" in done.stdout
    assert f"mismatch '{FIGURE_MIME}'" in done.stdout


# --- the disk, and a build that is stopped --------------------------------------------------------


@linux
def test_a_full_disk_leaves_no_page(book):
    shutil.rmtree(book / "_build", ignore_errors=True)
    (message,) = refused(run(book, *BUILD, preexec_fn=full), book)
    assert message.endswith(": File too large. Give the folder room, and leave to write.")


@linux
def test_a_folder_that_may_not_be_written_leaves_no_page(book):
    (book / "_build").mkdir(exist_ok=True)
    (book / "_build").chmod(0o555)
    (message,) = refused(run(book, *BUILD, preexec_fn=unprivileged), book)
    (book / "_build").chmod(0o755)
    words = "Permission denied. Give the folder room, and leave to write."
    assert message == f"{book}/_build/work: {words}"


# Stops the build for good while the second of three pages is written, as long as a file is there.
STOPPER = """
import os, signal
from pathlib import Path

def stop(app, page, *rest):
    if page == "chapters/second" and Path("stop").exists():
        os.kill(os.getpid(), signal.SIGKILL)

def setup(app):
    app.connect("html-page-context", stop)
"""


@linux
def test_a_build_that_is_stopped_half_way_leaves_no_page_and_the_next_one_is_whole(book):
    add(book, {"second": "# Second\n\nThe second page.", "third": "# Third\n\nThe third page."})
    (book / "chapters/stopper.py").write_text(STOPPER)
    settings = book / "_config.yml"
    extension = "relations.sphinx: chapters"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(extension, f"{extension}\n    stopper: chapters"), "utf-8")
    (book / "stop").touch()
    stopped = run(book, *BUILD)
    assert stopped.returncode == -signal.SIGKILL
    made = book / "_build/work/_build/html/chapters"
    assert {page.stem for page in made.glob("*.html")} == {"index"}
    assert not (book / "_build/html").exists()
    (book / "stop").unlink()
    done = run(book, *BUILD)
    assert done.returncode == 0, done.stderr
    for name in ("first", "second", "third"):
        page = book / f"_build/html/chapters/{name.replace('first', 'index')}.html"
        text = page.read_text(encoding="utf-8")
        assert f"The {name} page." in text
        assert text.rstrip().endswith("</html>")
    assert dead_links(book / "_build/html") == []
