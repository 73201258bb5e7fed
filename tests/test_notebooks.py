"""Notebooks as committed: folded code, complete figures, no error. nbval runs them beside this."""

import json
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from relations import charts
from relations.dataset import ROOT
from relations.figure import FIGURE_MIME, LAB_MIME
from relations.records import RECORDS_MIME

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
# What may stand under a cell, apart from figures: text, tables, and the numbers in the prose.
PLAIN = {"text/plain", "text/markdown", "text/html", "image/svg+xml"}
GLUED = "application/papermill.record/"
# The one cell of a chapter whose code the page shows: readers are asked to change it.
TO_CHANGE = "c-try"


def cells(path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def outputs(path) -> list[dict]:
    return [output for cell in cells(path) for output in cell.get("outputs", [])]


def bundles(path) -> list[dict]:
    return [output["data"] for output in outputs(path) if FIGURE_MIME in output.get("data", {})]


def scales(part) -> Iterator[tuple[str, str]]:
    """Every value of a part of a specification that has a colour of its own, with the colour."""
    if isinstance(part, dict):
        if isinstance(part.get("range"), list):
            yield from zip(map(str, part.get("domain", [])), part["range"], strict=False)
        for inner in part.values():
            yield from scales(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from scales(inner)


each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_notebooks():
    assert NOTEBOOKS


@each
def test_code_is_folded_and_named(path):
    for cell in cells(path):
        if cell["cell_type"] == "code":
            folded = "hide-input" in cell["metadata"].get("tags", [])
            assert folded == (cell["id"] != TO_CHANGE), cell["id"]
    ids = [cell["id"] for cell in cells(path)]
    assert len(set(ids)) == len(ids)


@each
def test_no_cell_failed_or_warned(path):
    for output in outputs(path):
        assert output["output_type"] != "error", output["ename"]
        assert output.get("name") != "stderr", output["text"]


@each
def test_every_figure_was_drawn(path):
    for cell in cells(path):
        if cell["cell_type"] == "code" and "figure(" in "".join(cell["source"]):
            found = [output for output in cell["outputs"] if FIGURE_MIME in output.get("data", {})]
            assert found, cell["id"]


# How values that have a state's colour name the state; and those that do so by their figure alone.
STATE_WORDS = {
    "PAK": "Pakistan|Karachi|Islamabad",
    "SUN": "USSR|Soviet|Moscow",
    "RUS": "USSR|Russia|Moscow",
    "IND": "India|Delhi",
    "USA": "United States|US$|Washington",
    "CHN": "China|Beijing",
    "AFG": "Afghan",
    "GBR": "United Kingdom",
    "FRA": "France",
    "UKR": "Ukraine",
}
STATE_BY_FIGURE = {
    "Acceptance": "PAK",  # Pakistan's, of a Soviet offer
    "Visit": "PAK",  # to Moscow
    "Pakistan buys": "RUS",  # what Russia sells
    "Western tie": "USA",
    "Kashmir": "SUN",  # a Soviet veto
    "1987–89": "SUN",  # votes shared with Moscow
    "1992–94": "RUS",
}


@each
def test_a_states_colour_stands_for_that_state(path):
    state_of = {colour: state for state, colour in charts.COLOURS.items()}
    wrong = [
        (bundle[FIGURE_MIME]["name"], value, state_of[colour])
        for bundle in bundles(path)
        for value, colour in scales(bundle[FIGURE_MIME])
        if colour in state_of
        and not re.search(STATE_WORDS[state_of[colour]], value)
        and STATE_BY_FIGURE.get(value) != state_of[colour]
    ]
    assert wrong == []


@each
def test_figures_are_complete(path):
    for bundle in bundles(path):
        payload = bundle[FIGURE_MIME]
        assert re.search(r"\d", payload["alt"]), payload["name"]
        assert len(payload["alt"]) > len(payload["title"])
        assert payload["caption"].strip()
        assert not payload["title"].endswith(".")
        assert all(source["title"] for source in payload["sources"])
        header, *rows = payload["csv"].splitlines()
        assert header
        assert rows


@each
def test_figures_carry_their_data(path):
    for bundle in bundles(path):
        # A chart that fetched its data would be blank offline.
        assert '"url"' not in json.dumps([bundle[LAB_MIME], bundle[FIGURE_MIME]["narrow"]])
        used = set(re.findall(r'"name": "(data-\w+)"', json.dumps(bundle)))
        assert used <= bundle[LAB_MIME]["datasets"].keys()


def views(spec: dict, encoding: dict, data: dict) -> Iterator[tuple[str, dict, str]]:
    """The marks of a specification, each with its encoding and the name of its data."""
    encoding, data = encoding | spec.get("encoding", {}), spec.get("data", data)
    if "mark" in spec:
        yield spec["mark"]["type"], encoding, data["name"]
    for part in (part for key in ("layer", "vconcat", "hconcat") for part in spec.get(key, [])):
        yield from views(part, encoding, data)


@each
def test_what_is_stacked_says_so(path):
    """The older Vega-Lite of JupyterLab else draws the bars of a year over each other."""
    for bundle in bundles(path):
        spec = bundle[LAB_MIME]
        for mark, encoding, data in views(spec, {}, {}):
            axes = [encoding.get("x", {}), encoding.get("y", {})]
            if (
                mark in ("bar", "area")
                and "color" in encoding
                and not {"x2", "y2"} & encoding.keys()
                and all(axis.get("type") == "quantitative" for axis in axes)
            ):
                places = [row[axes[0]["field"]] for row in spec["datasets"][data]]
                alone = len(set(places)) == len(places)
                assert alone or any("stack" in axis for axis in axes), bundle[FIGURE_MIME]["name"]


@each
def test_outputs_are_of_known_kinds(path):
    for output in outputs(path):
        kinds = set(output.get("data", {}))
        unknown = kinds - PLAIN - {FIGURE_MIME, LAB_MIME, RECORDS_MIME}
        assert not {kind for kind in unknown if not kind.startswith(GLUED)}


@each
def test_outputs_hold_nothing_of_this_machine(path):
    text = json.dumps(outputs(path))
    assert str(ROOT) not in text
    assert not re.search(r"/tmp/|/home/|/root/|0x[0-9a-f]{8}", text)


def test_figure_names_are_unique_in_the_book():
    names = Counter(bundle[FIGURE_MIME]["name"] for path in NOTEBOOKS for bundle in bundles(path))
    assert [name for name, count in names.items() if count > 1] == []


@each
def test_charts_use_no_sign_whose_width_differs(path):
    """Editions of Liberation Sans differ in the middle dot: labels with it shift a whole chart."""
    for bundle in bundles(path):
        image = "".join(bundle["image/svg+xml"]) + bundle[FIGURE_MIME]["narrow_svg"]
        assert "·" not in image, bundle[FIGURE_MIME]["name"]
