"""The chapters' prose: nothing stated without evidence, and no major event left out."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from relations.dataset import table
from relations.eras import events
from relations.figure import FIGURE_MIME

CHAPTERS = Path(__file__).parents[1] / "chapters"
NOTEBOOKS = {path.stem: json.loads(path.read_text("utf-8")) for path in CHAPTERS.glob("*.ipynb")}
ERAS = [era for era in table("eras")["era"] if era in NOTEBOOKS]
EVIDENCE = re.compile(r"\{(cite|glue|numref)[:}]|\[[^\]]+\]\([^)]+\)")
CLAIM_ID = re.compile(r"\*\*[AB]\d\d(?:[–, ]+[AB]?\d\d)*\*\*|\b[AB]\d\d\b")
STATED = re.compile(
    r"\b(1[789]|20)\d\d\b"  # a year
    r"|[$€₽]\s?\d|\bRs\s?\d"  # money
    r"|\b\d[\d,.]*\s*(%|per cent|percent|million|billion|thousand|tonnes|dollars|roubles|rupees)"
    r"|\b\d[\d,.]*\s+\w*\s?(aircraft|helicopters|tanks|troops|soldiers|deaths|people|refugees)"
)
# Code to try states nothing; what a role such as {term}`name` holds is no code, and kept.
CODE = re.compile(r"(\}`[^`]+`)|`[^`]+`")
# (chapter, beginning of the paragraph): why it may stand without evidence beside it.
ALLOWED = {
    ("index", "Before 1992"): "defines terms and states the coverage of the dataset",
    ("index", "> *Russia and Pakistan"): "the book's own citation",
}


def paragraphs(notebook: dict) -> list[str]:
    """Paragraphs and list items of a notebook's Markdown, without headings, code and directives."""
    found = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        text = re.sub(
            r"^(```|:::).*?^(```|:::)\s*$", "", "".join(cell["source"]), flags=re.M | re.S
        )
        for block in re.split(r"\n\s*\n", text):
            found += re.split(r"\n(?=\s*(?:[-*]|\d+\.)\s)", block.strip())
    return [block.strip() for block in found if block.strip() and not block.startswith("#")]


def bare(chapter: str) -> list[str]:
    """Paragraphs that state a year or an amount with neither source nor computed number.

    A chapter's thesis, one sentence in italics, is left out: the chapter argues it.
    """
    return [
        block[:120]
        for block in paragraphs(NOTEBOOKS[chapter])
        if STATED.search(CODE.sub(r"\1", CLAIM_ID.sub("", block)))
        and not EVIDENCE.search(block)
        and not re.fullmatch(r"\*[^*]+\*", block)
        and not any(chapter == name and block.startswith(start) for name, start in ALLOWED)
    ]


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_every_year_and_amount_has_its_evidence(chapter):
    assert bare(chapter) == []


def test_exceptions_are_needed():
    for chapter, start in ALLOWED:
        blocks = [b for b in paragraphs(NOTEBOOKS[chapter]) if b.startswith(start)]
        assert blocks, f"no paragraph of {chapter} begins with {start!r}: drop the exception"


@pytest.mark.parametrize("era", ERAS)
def test_major_events_are_shown_with_their_sources(era):
    shown = {}
    for cell in NOTEBOOKS[era]["cells"]:
        for output in cell.get("outputs", []):
            payload = output.get("data", {}).get(FIGURE_MIME)
            if payload:
                for row in csv.DictReader(io.StringIO(payload["csv"])):
                    lowered = {key.casefold(): value for key, value in row.items()}
                    title = lowered.get("event") or lowered.get("title")
                    shown[title] = shown.get(title) or lowered.get("sources")
    major = events(era).query("effect.abs() >= 2")
    missing = [title for title in major["title"] if not shown.get(title)]
    assert missing == []


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_citations_and_numbers_resolve(chapter):
    known = set(table("sources")["source"])
    cells = NOTEBOOKS[chapter]["cells"]
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    cited = {
        key.strip()
        for keys in re.findall(r"\{cite[^}]*\}`([^`]+)`", text)
        for key in keys.split(",")
    }
    assert cited <= known
    said = {
        name.removeprefix("application/papermill.record/")
        for cell in cells
        for output in cell.get("outputs", [])
        if (name := output.get("metadata", {}).get("scrapbook", {}).get("name"))
    }
    assert set(re.findall(r"\{glue:text\}`([^`:]+)", text)) <= said
    assert said <= set(re.findall(r"\{glue:text\}`([^`:]+)", text)), "a number is said and not used"
