"""The book's Sphinx extension: figures in the page, and the chart library beside it.

A notebook's figure outputs are taken out before the page is parsed and put back as numbered
figures with caption, static charts for wide and narrow columns, sources, table and downloads.
The interactive chart is loaded by ``_static/figure.js`` when the figure comes into view.
Lists of records take the same way; ``_static/records.js`` adds search and filters to them.
"""

from __future__ import annotations

import copy
import csv
import gc
import html
import io
import json
import re
import zlib
from itertools import groupby
from pathlib import Path

import vl_convert
from docutils import nodes
from pybtex.plugin import register_plugin
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from . import address, charts, files, pages, record_page, references, theme
from .figure import FIGURE_MIME, LAB_MIME, VEGA_LITE
from .record_page import FOLDER
from .records import RECORDS_MIME

REPEATED = re.compile(
    r' (?:opacity="1"|pointer-events="none"|font-family="[^"]*"|role="[^"]*"'
    r'|aria-roledescription="[^"]*"|aria-hidden="true")'
)
# Vega's frames around nothing, and bars of no length.
EMPTY = re.compile(r'<path(?![^>]* stroke=)[^>]* d="(?:M0,0h0v0h0Z)?"[^>]*/>')
JOINED = re.compile(r"(?<=\d)[–-](?=\w)")
PARTS = ("name", "title", "alt", "caption", "sources", "csv")
# The page needs Vega alone: the charts are compiled from Vega-Lite when the book is made. The
# versions are those that vl-convert carries.
BUNDLE = f"""
import * as parts from "/npm/vega@{vl_convert.get_vega_version()}/+esm";
import {{ expressionInterpreter }} from "/npm/vega-interpreter@2.0.0/+esm";
import {{ Handler as Tooltip }} from "/npm/vega-tooltip@1.0.0/+esm";
globalThis.relationsVega = {{ ...parts, expressionInterpreter, Tooltip }};
if (!globalThis.document) {{
  onmessage = ({{ data }}) => postMessage(parts.parse(data, {{}}, {{ ast: true }}));
}}
"""
# The fixed tokens of the charts become custom properties: light and dark are the style sheet's.
TOKENS = {
    charts.INK: "ink",
    charts.MUTED: "muted",
    charts.RULE: "rule",
    charts.BAND: "band",
    charts.PAPER: "paper",
    charts.OTHER: "other",
    charts.FAINT: "faint",
} | {colour: f"state-{code.lower()}" for code, colour in charts.COLOURS.items()}
TOKENS |= {
    colour: f"family-{family.split()[0].lower()}"
    for family, colour in charts.FAMILY_COLOURS.items()
}
TOKENS |= {
    colour: f"verdict-{verdict.replace(' ', '-')}"
    for verdict, colour in charts.VERDICT_COLOURS.items()
}
COLOUR = re.compile("|".join(TOKENS))
# Columns that tooltips show under other words than their names.
LABELS = {
    "cites": "Sources",
    "n": "Cases",
    "p": "p",
    "p_any": "p, any lag",
    "pi": "Scott’s pi",
    "r": "r",
    "source": "Series",
    "tiv": "Million TIV",
    "wtf": "World Trade Flows",
}
OWN = re.compile(r"^(This book, )“.*”, (?=record)")  # a table of the book's own, in a credit
TAG = re.compile(r"<[^>]*>")
# It runs nothing, but after it the browser's parser lets others have a turn: a long page is read in
# many short tasks, and what stands above is shown and answers meanwhile.
BREATH = "<script></script>"


# --- notebooks: figures out of the outputs, into the page ------------------------------------


def lift_figures(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace each figure among a notebook's outputs by a directive that stands for it."""
    if Path(app.env.doc2path(docname)).suffix != ".ipynb":
        return
    try:
        notebook = json.loads(source[0])
    except json.JSONDecodeError as error:
        raise ExtensionError(f"{docname}.ipynb: no notebook ({error}). Restore it.") from error
    found: dict[str, dict] = {}
    lists: dict[str, dict] = {}
    cells = []
    for number, cell in enumerate(notebook["cells"], start=1):
        shown = lifted(cell, f"{docname}.ipynb, cell {number}", found, lists)
        for part in (cell, *shown):
            part["metadata"]["number"] = number
        cells.append((cell, shown))
    notebook["cells"] = arranged(cells)
    # So that a warning's line tells the cell as it stands in the file: 270003, line 3 of cell 27.
    numbers = (cell["metadata"]["number"] for cell in notebook["cells"])
    notebook["metadata"]["source_map"] = [10_000 * number - 1 for number in numbers]
    app.env.temp_data["relations_figures"] = found
    app.env.temp_data["relations_records"] = lists
    source[0] = json.dumps(notebook)


def lifted(cell: dict, where: str, found: dict[str, dict], lists: dict[str, dict]) -> list[dict]:
    """Take figures and lists out of a cell, into `found` and `lists`; cells that stand for them."""
    outputs = cell.get("outputs", [])
    for output in outputs:
        data = output.get("data", {})
        if output["output_type"] == "error":
            raise ExtensionError(
                f"{where}: the cell failed ({output['ename']}). Mend it and run make notebooks."
            )
        if FIGURE_MIME not in data and any("vega" in mime for mime in data):
            raise ExtensionError(f"{where}: a chart without figure(). Wrap it in figure(…).")
    figures = [
        check_payload(output["data"], where)
        for output in outputs
        if FIGURE_MIME in output.get("data", {})
    ]
    records = [
        output["data"][RECORDS_MIME] for output in outputs if RECORDS_MIME in output.get("data", {})
    ]
    if figures or records:
        # Markdown beside them is for JupyterLab.
        cell["outputs"] = [
            output
            for output in outputs
            if not {FIGURE_MIME, RECORDS_MIME, "text/markdown"} & output.get("data", {}).keys()
        ]
    found |= {payload["name"]: payload for payload in figures}
    lists |= {payload["name"]: payload for payload in records}
    texts = {
        payload["name"]: f"```{{evidence}} {payload['name']}\n```\n" for payload in figures
    } | {f"records-{payload['name']}": record_page.text(payload) for payload in records}
    return [
        {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}
        for name, text in texts.items()
    ]


def arranged(cells: list[tuple[dict, list[dict]]]) -> list[dict]:
    """Cells in the page's order: the code of neighbours that fold is one cell, below their figures.

    A reader looks for the figure first, and needs one place to unfold, not one for each cell.
    """
    page = []
    for folded, run in groupby(
        cells, key=lambda pair: "hide-input" in pair[0]["metadata"].get("tags", [])
    ):
        run = list(run)
        if folded:
            code = [cell for cell, _ in run]
            page += [stand_in for _, shown in run for stand_in in shown]
            page.append(
                code[-1]
                | {
                    "source": "\n\n".join("".join(cell["source"]) for cell in code),
                    "outputs": [output for cell in code for output in cell["outputs"]],
                }
            )
        else:
            page += [part for cell, shown in run for part in (cell, *shown)]
    return page


def check_payload(data: dict, where: str) -> dict:
    """The payload of one figure with its charts; raises ExtensionError for a missing part."""
    payload = data[FIGURE_MIME]
    name = payload.get("name", "without a name")
    for part in PARTS:
        if not payload.get(part):
            raise ExtensionError(f"{where}: figure {name} has no {part}. Give figure() one.")
    for mime in (LAB_MIME, "image/svg+xml"):
        if mime not in data:
            raise ExtensionError(f"{where}: figure {name} has no {mime}. Run make notebooks.")
    return payload | {"wide": data[LAB_MIME], "wide_svg": "".join(data["image/svg+xml"])}


class evidence(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """A numbered figure of the book."""


class evidence_title(nodes.TextElement):  # noqa: N801
    """The finding that a figure shows: its caption."""


class evidence_note(nodes.General, nodes.Element):  # noqa: N801
    """What is measured, and the sources, under a figure."""


class EvidenceDirective(SphinxDirective):
    """``{evidence} fig-name``: written by :func:`lift_figures`, not by hand."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build the figure node; its name can be referred to with ``{numref}``."""
        name = self.arguments[0]
        payload = self.env.temp_data.get("relations_figures", {}).get(name)
        if payload is None:
            raise self.error(f"No figure of this page is named {name}. Show it by figure(…).")
        node = evidence("", payload=payload, names=[name])
        # No line of a title ends within a span of years.
        title = evidence_title("", JOINED.sub("\\g<0>\u2060", payload["title"]))
        note = evidence_note()
        self.state.nested_parse([payload["caption"]], self.content_offset, note)
        note += _sources(payload["sources"])
        node += [title, note]
        self.set_source_info(node)
        self.state.document.note_explicit_target(node, node)
        return [node]


def _sources(sources: list[dict]) -> nodes.paragraph:
    """One line that names each source once, linked where it has an address."""
    distinct = {item["title"]: item["url"] for item in sources}
    paragraph = nodes.paragraph("", "Sources: " if len(distinct) > 1 else "Source: ")
    for index, (title, url) in enumerate(distinct.items()):
        paragraph += nodes.Text("; " if index else "")
        if url:
            paragraph += nodes.reference("", title, refuri=url, internal=False)
        else:
            paragraph += nodes.Text(title)
    paragraph += nodes.Text(".")
    return paragraph


# --- HTML ---------------------------------------------------------------------------------------


def tokens(text: str) -> str:
    """Fixed colours as custom properties, with the fixed colour as what holds without them."""
    return COLOUR.sub(lambda match: f"var(--chart-{TOKENS[match[0]]}, {match[0]})", text)


def inline_svg(svg: str, name: str) -> str:
    """A static SVG to stand inside a page: own ids, page colours, silent to screen readers.

    What every mark repeats and the whole image says once, or nobody hears, is left out. Tags alone
    are changed: words stay what they are.
    """

    def inline(tag: re.Match) -> str:
        own = re.sub(r'(id="|url\(#|href="#)(?=\w)', rf"\g<1>{name}-", REPEATED.sub("", tag[0]))
        return tokens(own)

    svg = re.sub(r'<rect width="[\d.]+" height="[\d.]+" fill="' + charts.PAPER + r'"\s*/>', "", svg)
    root = f'<svg aria-hidden="true" focusable="false" font-family="{charts.FONT}" '
    return EMPTY.sub("", TAG.sub(inline, svg)).replace("<svg ", root, 1)


def table_html(text: str, caption: str) -> str:
    """A CSV as an HTML table with a caption and column headers; numbers aligned right."""
    header, *rows = csv.reader(io.StringIO(text))
    numeric = [
        all(re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?|", row[i]) for row in rows)
        for i in range(len(header))
    ]
    mark = [' class="number"' if is_number else "" for is_number in numeric]
    head = "".join(
        f'<th scope="col"{m}>{html.escape(cell.replace("_", " "))}</th>'
        for cell, m in zip(header, mark, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{m}>{html.escape(cell)}</td>" for cell, m in zip(row, mark, strict=True))
        + "</tr>"
        for row in rows
    )
    return (
        f'<table><caption class="visually-hidden">{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def labelled(spec: dict | list) -> None:
    """Give each line of a specification's tooltips that has none a label, in place."""
    for part in spec.values() if isinstance(spec, dict) else spec:
        if isinstance(part, dict | list):
            labelled(part)
    for line in spec.get("tooltip", []) if isinstance(spec, dict) else []:
        if isinstance(line, dict) and "field" in line:
            name = line["field"]
            line.setdefault("title", LABELS.get(name, name.replace("_", " ").capitalize()))


def credited(sources: list[dict]) -> str:
    """A figure's sources with their editions, for its tooltips: the book's own tables are one."""
    return "; ".join(dict.fromkeys(OWN.sub(r"\1", item["title"]) for item in sources))


def packed(payload: dict) -> str:
    """The two layouts of a figure and the tables that they share, as JSON in page colours.

    Vega reads CSV by making code from text, which the pages' policy forbids: ``figure.js`` reads it
    instead, line by line and comma by comma, and hands Vega records.
    """
    wide = dict(payload["wide"])
    shared = wide.pop("datasets", {})
    wide, narrow = copy.deepcopy((wide, payload["narrow"]))
    labelled([wide, narrow])
    if any('"' in rows for rows in shared.values() if isinstance(rows, str)):
        raise ExtensionError(f"Figure {payload['name']} holds CSV with quotes. Give it records.")
    content = {
        "datasets": shared,
        "source": credited(payload["sources"]),
        "wide": vl_convert.vegalite_to_vega(wide, vl_version=VEGA_LITE),
        "narrow": vl_convert.vegalite_to_vega(narrow, vl_version=VEGA_LITE),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return tokens(text.replace('"type":"csv"', '"type":"json"'))


def visit_evidence(translator, node: evidence) -> None:
    """Open the figure and write its files beside the pages."""
    payload = node["payload"]
    name = payload["name"]
    outdir = Path(translator.builder.outdir) / FOLDER
    outdir.mkdir(exist_ok=True)
    (outdir / f"{name}.csv").write_text(payload["csv"], encoding="utf-8", newline="\n")
    (outdir / f"{name}.svg").write_text(payload["wide_svg"], encoding="utf-8", newline="\n")
    script = f'relationsFigure("{name}",{packed(payload)});\n'
    (outdir / f"{name}.js").write_text(script, encoding="utf-8", newline="\n")
    translator.body.append(f'<figure class="evidence" id="{node["ids"][0]}">')


def visit_title(translator, node: evidence_title) -> None:
    """The number and the finding."""
    translator.body.append('<figcaption class="evidence-title">')
    translator.add_fignumber(node.parent)
    translator.body.append('<span class="caption-text">')


def depart_title(translator, node: evidence_title) -> None:
    """Close the title; then the charts."""
    payload = node.parent["payload"]
    alt = html.escape(payload["alt"], quote=True)
    name = payload["name"]
    wide = inline_svg(payload["wide_svg"], f"{name}-w")
    small = inline_svg(payload["narrow_svg"], f"{name}-n")
    root = translator.builder.get_relative_uri(translator.builder.current_docname, "index")
    base = root.rsplit("index", 1)[0]
    # Room for the choices that the interactive chart offers, so that nothing moves when it comes;
    # outside the chart, for an image holds no controls.
    choices = '"bind": {"input"' in json.dumps(payload["wide"])
    translator.body.append(
        f"</span></figcaption>{CONTROLS if choices else ''}"
        f'<div class="evidence-chart" role="img" aria-label="{alt}" data-figure="{name}" '
        f'data-src="{base}{FOLDER}/{name}.js">'
        f"{sized('wide', wide)}{sized('narrow', small)}</div>{BREATH}"
    )


def sized(layout: str, image: str) -> str:
    """An image in its place, which knows its size before the browser lays the image out."""
    width, height = re.search(r'width="([\d.]+)" height="([\d.]+)"', image).groups()
    return f'<div class="{layout}" data-width="{width}" data-height="{height}">{image}</div>'


CONTROLS = (
    '<div class="evidence-controls" role="group" aria-label="What the chart shows">'
    '<p class="visually-hidden" role="status"></p></div>'
)


def visit_note(translator, node: evidence_note) -> None:
    """What is measured, and the sources."""
    translator.body.append('<div class="evidence-note">')


def depart_evidence(translator, node: evidence) -> None:
    """The table, the downloads and the end of the figure."""
    payload = node["payload"]
    name = payload["name"]
    root = translator.builder.get_relative_uri(translator.builder.current_docname, "index")
    base = root.rsplit("index", 1)[0]
    shown = payload.get("table") or payload["csv"]
    rows = len(list(csv.reader(io.StringIO(shown)))) - 1
    every = len(list(csv.reader(io.StringIO(payload["csv"])))) - 1
    label = html.escape(f"Table: {payload['title']}", quote=True)
    count = f"{rows:,} rows" if rows == every else f"{rows:,} of {every:,} rows"
    translator.body.append(
        '<div class="evidence-tools">'
        f"<details><summary>Table ({count})</summary>"
        f'<div class="evidence-table" tabindex="0" role="region" aria-label="{label}">'
        f"{table_html(shown, payload['title'])}</div></details>"
        f'<a href="{base}{FOLDER}/{name}.csv" download>Data (CSV)</a>'
        f'<a href="{base}{FOLDER}/{name}.svg" download>Image (SVG)</a>'
        f'<a href="#{node["ids"][0]}">Link</a>'
        f"</div></figure>{BREATH}"
    )


def visit_plain(translator, node: nodes.Element) -> None:
    """Other builders: the alternative text stands for the chart."""


def depart_plain(translator, node: nodes.Element) -> None:
    """Other builders: nothing to close."""


# --- the chart library ---------------------------------------------------------------------


def add_library(app: Sphinx) -> None:
    """Write Vega as one local script, made once for each content."""
    if app.builder.format != "html":
        return
    version = zlib.crc32(f"{vl_convert.__version__}{BUNDLE}".encode())
    path = Path(app.srcdir) / "_build" / f".vega-{version:08x}" / "vega.js"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # The bundle declares names at the top level that collide with the theme's.
        bundle = vl_convert.javascript_bundle(BUNDLE, vl_version=VEGA_LITE)
        files.write({path: f"(function () {{\n{bundle}\n}})();\n"})
    app.config.html_static_path.append(str(path.parent))


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    # Its trees are large and live long: to go through them for rubbish takes a fifth of a build.
    gc.set_threshold(10_000)
    plain = (visit_plain, depart_plain)
    app.add_enumerable_node(
        evidence,
        "figure",
        lambda node: node[0].astext(),
        html=(visit_evidence, depart_evidence),
        latex=plain,
        text=plain,
    )
    app.add_node(evidence_title, html=(visit_title, depart_title), latex=plain, text=plain)
    app.add_node(
        evidence_note,
        html=(visit_note, lambda translator, node: translator.body.append("</div>")),
        latex=plain,
        text=plain,
    )
    app.add_directive("evidence", EvidenceDirective)
    record_page.setup(app)
    pages.setup(app)
    address.setup(app)
    register_plugin("pybtex.style.formatting", "relations", references.Style)
    app.config.template_bridge = "relations.theme.Pages"
    app.connect("source-read", lift_figures)
    app.connect("builder-inited", add_library)
    app.connect("build-finished", theme.lighten, priority=900)  # after all files are there
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
