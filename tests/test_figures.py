"""Figures: every chart form renders, every figure is complete, the page receives it safely."""

import copy
import io
import json
import re
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pandas as pd
import pydata_sphinx_theme
import pytest
from relations import charts, figure, sphinx
from relations.dataset import ROOT, package, table
from relations.eras import eras, events
from sphinx.errors import ExtensionError

YEARS = list(range(1960, 1966))
SERIES = pd.DataFrame(
    {
        "year": YEARS * 2,
        "who": ["Pakistan"] * 6 + ["India"] * 6,
        "value": [1.0, 2.0, None, 4.0, 3.5, 3.0, 2.0, 2.5, 3.0, 2.5, 2.0, 1.5],
        "low": [0.5] * 12,
        "high": [4.5] * 12,
        "thin": [False, True] * 6,
    }
)
SPANS = pd.DataFrame(
    {"name": ["SEATO", "CENTO"], "from": [1955.0, 1956.0], "to": [1973.0, 1979.0], "kind": "pact"}
)
TIPS = ["year:Q", "who:N", "value:Q"]


def lines(**options) -> alt.LayerChart:
    return charts.lines(SERIES, y="value", series="who", y_title="Share", tooltip=TIPS, **options)


def bars() -> alt.LayerChart:
    rows = SERIES.dropna()
    return charts.bars(rows, y="value", series="who", y_title="Million", tooltip=TIPS)


def stack() -> alt.VConcatChart:
    brush = charts.year_brush()
    shared = {
        "y": "value",
        "colour": charts.COLOURS["PAK"],
        "tooltip": TIPS,
        "domain": (1959, 1966),
        "brush": brush,
    }
    points = charts.panel(
        SERIES, title="Share", mark="point", low="low", high="high", hollow="thin", **shared
    )
    return charts.stack(
        points, charts.panel(SERIES, title="Million", mark="bar", last=True, **shared), brush=brush
    )


FORMS = {
    "lines": lines,
    "lines with intervals": lambda: lines(low="low", high="high", hollow="thin"),
    "lines with a rule and notes": lambda: (
        lines() + charts.notes(SERIES[:1], "year", "value", "who")
    ),
    "bars": bars,
    "timeline": lambda: charts.timeline(events("tashkent-to-dhaka"), domain=(1965, 1972)),
    "spans": lambda: charts.spans(
        SPANS,
        label="name",
        start="from",
        end="to",
        series="kind",
        tooltip=["name:N"],
        domain=(1950, 1980),
        order=["SEATO", "CENTO"],
    ),
    "ranges": lambda: charts.ranges(
        SERIES[6:],
        x="year",
        low="low",
        high="high",
        value="value",
        series="who",
        x_title="Share",
        label="year",
        tooltip=TIPS,
        order=[str(year) for year in YEARS],
    ),
    "matrix": lambda: charts.matrix(
        pd.DataFrame({"state": ["PAK", "SUN"], "text": "2793", "vote": ["Yes", "No"]}),
        x="text",
        y="state",
        value="vote",
        text="vote",
        tooltip=["state:N", "vote:N"],
        x_order=["2793"],
        y_order=["PAK", "SUN"],
        colours={"Yes": charts.COLOURS["PAK"], "No": charts.COLOURS["SUN"]},
    ),
    "steps": lambda: charts.steps(
        SPANS.assign(planned=[False, True]),
        label="name",
        start="from",
        end="to",
        series="kind",
        tooltip=["name:N"],
        domain=(1950, 1980),
        order=["SEATO", "CENTO"],
        hollow="planned",
    ),
    "steps in a few years": lambda: charts.steps(
        SPANS.assign(to=SPANS["from"]),
        label="name",
        start="from",
        end="to",
        series="kind",
        tooltip=["name:N"],
        domain=(1954.5, 1957),
        order=["SEATO", "CENTO"],
    ),
    "stack": stack,
}
PARTS = {
    "title": "The finding",
    "alt": "Lines from 1960 to 1965: Pakistan from 1 to 3.",
    "caption": "Share of *something*.",
    "sources": ["arms_tiv"],
    "data": SERIES,
}


@pytest.fixture
def shown(monkeypatch) -> list[dict]:
    """What figures display, in order."""
    outputs = []
    monkeypatch.setattr(figure, "display", lambda bundle, raw: outputs.append(bundle))
    return outputs


def width(svg: str) -> float:
    return float(ElementTree.fromstring(svg).get("width"))


def names(view: dict) -> set[str]:
    """The names of a specification's views and layers."""
    found = {view["name"]} if "name" in view else set()
    return found.union(
        *(names(child) for key in ("layer", "vconcat") for child in view.get(key, []))
    )


# --- chart forms --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_valid_and_fits_both_columns(form):
    spec = charts.as_spec(FORMS[form]())
    alt.Chart.from_dict(spec, validate=True)
    small = charts.narrow(spec)
    for layout, room in ((spec, charts.WIDE), (small, charts.NARROW)):
        image = figure.svg(layout)
        assert 0 < width(image) <= room
        assert "mark-" in image
    assert not {name for name in names(small) if name.startswith("wide_")}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_draws_the_same_bytes_twice(form):
    chart = FORMS[form]()
    first, second = charts.as_spec(chart), charts.as_spec(chart)
    assert first == second
    assert figure.svg(first) == figure.svg(second)


def test_the_last_digit_of_a_number_changes_nothing():
    specs = [
        charts.as_spec(alt.Chart(pd.DataFrame({"rate": [rate]})).mark_point().encode(x="rate"))
        for rate in (0.3, 0.1 + 0.2)
    ]
    assert specs[0] == specs[1]


def test_narrow_leaves_the_wide_specification_alone():
    spec = charts.as_spec(lines())
    before = copy.deepcopy(spec)
    charts.narrow(spec)
    assert spec == before
    assert any(name.startswith("wide_era_names") for name in names(spec))


def test_lines_do_not_bridge_a_gap():
    image = figure.svg(charts.as_spec(lines()))
    drawn = re.findall(r'class="mark-line [^>]*><path d="M[^"]*L', image)
    # Pakistan has two runs, before and after 1962; India has one.
    assert len(drawn) == 3


def test_a_colour_means_one_thing():
    colours = list(sphinx.TOKENS)
    named = (charts.COLOURS, charts.FAMILY_COLOURS, charts.VERDICT_COLOURS)
    assert len(colours) == sum(map(len, named)) + 7
    assert not any(a in b or b in a for a, b in combinations(colours, 2))


def test_each_token_has_a_dark_colour():
    style = (ROOT / "_static" / "figure.css").read_text(encoding="utf-8")
    dark = re.search(r'html\[data-theme="dark"\] \{(.*?)\}', style, re.DOTALL).group(1)
    defined = set(re.findall(r"--chart-([a-z-]+):", dark))
    assert set(sphinx.TOKENS.values()) <= defined


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ground", ["#ffffff", charts.BAND])
@pytest.mark.parametrize(
    "colour",
    [
        *charts.COLOURS.values(),
        *charts.FAMILY_COLOURS.values(),
        *charts.VERDICT_COLOURS.values(),
        charts.OTHER,
        charts.FAINT,
    ],
)
def test_marks_stand_out_from_page_and_bands(colour, ground):
    light, dark = luminance(ground), luminance(colour)
    assert (light + 0.05) / (dark + 0.05) >= 3


# --- contrast in the page -----------------------------------------------------------------------

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
SHEETS = [
    THEME / "styles" / "pydata-sphinx-theme.css",
    *((ROOT / "_static" / name) for name in ("figure.css", "page.css")),
]


def palette(scheme: str) -> dict[str, str]:
    """The colours of the page's custom properties in light or dark; later sheets prevail."""
    found = {f"chart-{name}": colour for colour, name in sphinx.TOKENS.items()}
    selectors = rf':root|html\[data-theme="?{scheme}"?\]'
    if scheme == "light":
        selectors += r'|html:not\(\[data-theme="dark"\]\)'
    for sheet in SHEETS:
        blocks = re.findall(rf"(?:{selectors}) ?\{{([^}}]*)\}}", sheet.read_text(encoding="utf-8"))
        for block in blocks:
            found |= dict(re.findall(r"--([a-z-]+): ?(#[0-9a-f]{6}|#[0-9a-f]{3})\b", block))
    return {
        name: colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
        for name, colour in found.items()
    }


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, ground: str, opacity: float) -> str:
    parts = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * opacity + b * (1 - opacity)):02x}" for a, b in parts)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_a_chart_can_be_text_on_page_and_band(scheme):
    shown = palette(scheme)
    page = shown["pst-color-background"]
    band = mixed(shown["chart-band"], page, charts.era_bands(1950, 2020)["layer"][0].mark.opacity)
    drawn = set(sphinx.TOKENS.values()) - {"rule", "band", "paper", "faint"}
    pale = {
        (name, ground)
        for name in drawn
        for ground in (page, band)
        if contrast(shown[f"chart-{name}"], ground) < 4.5
    }
    assert pale == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["pst-color-background", "chart-band", "book-brief"])
@pytest.mark.parametrize(
    "text", ["chart-ink", "chart-muted", "pst-color-link", "pst-color-link-hover"]
)
def test_text_stands_out_wherever_the_page_sets_it(text, ground, scheme):
    shown = palette(scheme)
    assert contrast(shown[text], shown[ground]) >= 4.5


# What eyes without one kind of cone see of linear light (Machado, Oliveira and Fernandes 2009).
SIGHT = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# Linear light to XYZ, white at 1.
XYZ = np.array(
    [
        [0.433953, 0.376219, 0.189828],
        [0.212673, 0.715152, 0.072175],
        [0.017757, 0.109468, 0.872774],
    ]
)
# The colours that meet in one chart; families of events have shapes of their own beside.
MEETING = {
    "suppliers": ["state-chn", "state-usa", "state-rus", "state-fra", "state-gbr", "state-ukr"],
    "voters": ["state-pak", "state-ind", "state-usa", "state-rus", "state-chn", "state-afg"],
    "answers": [
        "verdict-supported",
        "verdict-partly-supported",
        "verdict-not-supported",
        "verdict-contradicted",
        "other",
    ],
    "shades": ["ink", "muted", "faint"],
}


def lab(colour: str, sight: str) -> np.ndarray:
    """CIELAB of a colour as one kind of eye sees it."""
    light = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    light = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(XYZ @ np.clip(np.array(SIGHT[sight]) @ light, 0.002, 1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_colours_that_meet_read_apart_without_full_colour_vision(sight, scheme):
    shown = palette(scheme)
    alike = {
        (one, other): round(float(gap), 1)
        for names in MEETING.values()
        for one, other in combinations(names, 2)
        if (
            gap := np.linalg.norm(
                lab(shown[f"chart-{one}"], sight) - lab(shown[f"chart-{other}"], sight)
            )
        )
        < 8
    }
    assert alike == {}


# --- figure() -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": " "}, "Figure fig-test: no title"),
        ({"alt": ""}, "Figure fig-test: no alt"),
        ({"caption": ""}, "Figure fig-test: no caption"),
        ({"sources": []}, "Figure fig-test: no source"),
        ({"sources": ["no-such-table"]}, "'no-such-table' is neither a table"),
        ({"data": SERIES[:0]}, "Figure fig-test: no data"),
    ],
)
def test_an_incomplete_figure_is_refused(change, message, shown):
    with pytest.raises(figure.FigureError, match=message):
        figure.figure("fig-test", lines(), **(PARTS | change))
    assert shown == []


@pytest.mark.parametrize("name", ["test", "fig-", "fig-Test", "fig-a b", "fig-a\n"])
def test_a_bad_name_is_refused(name, shown):
    with pytest.raises(figure.FigureError, match=re.escape(f"Figure {name}: the name must be")):
        figure.figure(name, lines(), **PARTS)
    assert shown == []


def test_a_figure_is_complete_and_the_same_twice(shown):
    chart = bars()
    for _ in range(2):
        figure.figure("fig-test", chart, **PARTS)
    words, bundle = shown[:2]
    assert json.dumps(shown[:2]) == json.dumps(shown[2:])
    assert words["text/markdown"].startswith("**The finding.** Share of *something*.\n\nSources: [")
    assert bundle["text/plain"] == f"Figure: The finding. {PARTS['alt']}"
    payload = bundle[figure.FIGURE_MIME]
    read_back = pd.read_csv(io.StringIO(payload["csv"]))
    pd.testing.assert_frame_equal(read_back, SERIES, check_dtype=False)
    assert width(payload["narrow_svg"]) <= charts.NARROW < width(bundle["image/svg+xml"])
    assert sphinx.check_payload(bundle, "here")["wide"] == bundle[figure.LAB_MIME]


def test_a_chart_for_narrow_screens_brings_its_own_data(shown):
    rows = SERIES[6:].assign(value=lambda f: f["value"] * 2)
    small = charts.lines(rows, y="value", series="who", y_title="Share", tooltip=TIPS)
    figure.figure("fig-test", lines(), small=small.properties(width=charts.NARROW), **PARTS)
    bundle = shown[1]
    payload = bundle[figure.FIGURE_MIME]
    used = set(re.findall(r'"data": \{"name": "(data-\w+)"', json.dumps(payload["narrow"])))
    assert used <= bundle[figure.LAB_MIME]["datasets"].keys()
    assert "India" in payload["narrow_svg"]
    assert width(payload["narrow_svg"]) <= charts.NARROW


def test_credits_name_tables_and_sources():
    first = table("sources").dropna(subset=["url"]).iloc[0]
    assert figure.credit(first["source"]) == {
        "table": "",
        "title": first["title"],
        "url": first["url"],
    }
    credit = figure.credit("arms_tiv")
    assert credit["table"] == "arms_tiv"
    assert "SIPRI" in credit["title"]
    assert credit["url"].startswith("https://")


@pytest.mark.parametrize("name", [item["name"] for item in package()["resources"]])
def test_every_table_can_be_credited(name):
    assert figure.credit(name)["title"]


def test_say_fills_the_prose(monkeypatch):
    said = {}
    monkeypatch.setattr(figure, "glue", lambda name, text, display: said.update({name: text}))
    figure.say(rate="94 %", roll_calls=135)
    assert said == {"rate": "94 %", "roll_calls": "135"}


# --- figures in the page ------------------------------------------------------------------------


@pytest.fixture
def bundle(shown) -> dict:
    """The output of a complete figure."""
    figure.figure("fig-test", lines(), **PARTS)
    return shown[1]


def lift(*outputs: dict) -> tuple[dict, dict]:
    """The notebook that the page is made of, and its figures, from one cell with `outputs`."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "outputs": list(outputs)}
    prose = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": "Text."}
    source = [json.dumps({"cells": [prose, cell], "metadata": {}})]
    env = SimpleNamespace(doc2path=lambda name: f"{name}.ipynb", temp_data={})
    sphinx.lift_figures(SimpleNamespace(env=env), "chapters/test", source)
    return json.loads(source[0]), env.temp_data["relations_figures"]


def output(data: dict) -> dict:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_code_that_folds_is_one_cell_below_its_figures():
    def cell(source: str, *tags: str) -> dict:
        return {"cell_type": "code", "source": [source], "outputs": [source]} | {
            "metadata": {"tags": tags}
        }

    def stand_in(name: str) -> dict:
        return {"cell_type": "markdown", "metadata": {}, "source": name}

    page = sphinx.arranged(
        [
            (cell("a = 1", "hide-input"), []),
            (cell("b = 2", "hide-input"), [stand_in("fig-b")]),
            (cell("c = 3"), [stand_in("fig-c")]),
            (cell("d = 4", "hide-input"), [stand_in("fig-d")]),
        ]
    )
    assert ["".join(part["source"]) for part in page] == [
        "fig-b",
        "a = 1\n\nb = 2",
        "c = 3",
        "fig-c",
        "fig-d",
        "d = 4",
    ]
    assert page[1]["outputs"] == ["a = 1", "b = 2"]


def test_a_figure_is_lifted_out_of_its_cell(bundle):
    other = output({"text/plain": "7"})
    notebook, found = lift(output({"text/markdown": "words"}), output(bundle), other)
    assert list(found) == ["fig-test"]
    _, cell, figure_cell = notebook["cells"]
    assert cell["outputs"] == [other]
    assert figure_cell["source"] == "```{evidence} fig-test\n```\n"
    assert len({cell["id"] for cell in notebook["cells"]}) == 3


@pytest.mark.parametrize("part", sphinx.PARTS)
def test_a_figure_without_a_part_stops_the_build(part, bundle):
    del bundle[figure.FIGURE_MIME][part]
    with pytest.raises(ExtensionError, match=rf"chapters/test\.ipynb, cell 2: .*no {part}"):
        lift(output(bundle))


@pytest.mark.parametrize("kind", [figure.LAB_MIME, "application/vnd.vegalite.v6.json"])
def test_a_bare_chart_stops_the_build(kind):
    with pytest.raises(ExtensionError, match=r"chapters/test\.ipynb, cell 2: a chart without"):
        lift(output({kind: {}, "text/plain": "<VegaLite>"}))


def test_a_failed_cell_stops_the_build():
    error = {"output_type": "error", "ename": "KeyError", "evalue": "", "traceback": []}
    with pytest.raises(ExtensionError, match=r"chapters/test\.ipynb, cell 2: .*KeyError"):
        lift(error)


def test_an_inline_image_has_its_own_ids():
    svg = '<svg width="9"><clipPath id="clip1"/><g clip-path="url(#clip1)"/></svg>'
    assert sphinx.inline_svg(svg, "fig-test-w") == (
        f'<svg aria-hidden="true" focusable="false" font-family="{charts.FONT}" width="9">'
        '<clipPath id="fig-test-w-clip1"/>'
        '<g clip-path="url(#fig-test-w-clip1)"/></svg>'
    )


@pytest.mark.parametrize("form", FORMS)
def test_an_inline_image_draws_nothing_empty(form):
    image = figure.svg(charts.as_spec(FORMS[form]()))
    hollow = re.compile(r'<path(?![^>]* stroke=)[^>]* d="(?:M0,0h0v0h0Z)?"')
    assert hollow.search(image)
    assert not hollow.search(sphinx.inline_svg(image, "fig-test-w"))


@pytest.mark.parametrize("form", FORMS)
def test_an_inline_image_takes_the_colours_of_the_page(form):
    inline = sphinx.inline_svg(figure.svg(charts.as_spec(FORMS[form]())), "fig-test-w")
    ElementTree.fromstring(inline)
    assert f'height="100%" fill="{charts.PAPER}"' not in inline
    bare = re.sub(r"var\(--chart-[a-z-]+, #[0-9a-f]{6}\)", "", inline)
    assert "var(--chart-" in inline
    assert [colour for colour in sphinx.TOKENS if colour in bare] == []


def test_tokens_keep_the_fixed_colour_for_want_of_a_style_sheet():
    for colour, name in sphinx.TOKENS.items():
        assert sphinx.tokens(f'"{colour}"') == f'"var(--chart-{name}, {colour})"'


def test_a_table_is_escaped_and_its_numbers_aligned():
    text = 'who_is,change,note\n<script>alert(1)</script>,-1.5,"a & b"\nPAK,,2e5 men\n'
    html = sphinx.table_html(text, "A <b>caption</b>")
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "A &lt;b&gt;caption&lt;/b&gt;" in html
    assert '<th scope="col">who is</th><th scope="col" class="number">change</th>' in html
    assert '<td class="number">-1.5</td><td>a &amp; b</td>' in html
    assert '<td class="number"></td><td>2e5 men</td>' in html


def test_era_bands_alternate_and_stay_inside_the_axis():
    spec = charts.era_bands(1970, 1990).to_dict()
    bands = next(iter(spec["datasets"].values()))
    assert len(bands) < len(eras())
    assert all(1970 <= band["left"] < band["right"] <= 1990 for band in bands)


def test_each_line_of_a_tooltip_has_a_label():
    spec = {"layer": [{"encoding": {"tooltip": [{"field": "source"}, {"field": "tiv"}]}}]}
    spec["encoding"] = {"tooltip": [{"field": "year", "title": "Year of delivery"}, {"field": "x"}]}
    sphinx.labelled(spec)
    shown = [line["title"] for line in spec["layer"][0]["encoding"]["tooltip"]]
    assert shown == ["Series", "Million TIV"]
    assert [line["title"] for line in spec["encoding"]["tooltip"]] == ["Year of delivery", "X"]


def test_a_tooltip_names_each_source_and_edition_once():
    titles = ["Votes, edition 1", "This book, “Events”, record to 7 April 2026", "Votes, edition 1"]
    titles.append("This book, “Visits”, record to 7 April 2026")
    said = sphinx.credited([{"title": title} for title in titles])
    assert said == "Votes, edition 1; This book, record to 7 April 2026"
