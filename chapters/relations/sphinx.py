"""The book's Sphinx extension: figures in the page, and the chart library beside it.

A notebook's figure outputs are taken out before the page is parsed and put back as numbered
figures with caption, static charts for wide and narrow columns, sources, table and downloads.
The interactive chart is loaded by ``_static/figure.js`` when the figure comes into view.
Lists of records take the same way; ``_static/records.js`` adds search and filters to them.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from itertools import accumulate
from pathlib import Path

import vl_convert
from docutils import nodes
from pybtex.plugin import register_plugin
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from . import charts, files, pages, record_page, references
from .figure import FIGURE_MIME, LAB_MIME, VEGA_LITE
from .record_page import FOLDER
from .records import RECORDS_MIME

REPEATED = re.compile(
    r' (?:opacity="1"|pointer-events="none"|font-family="[^"]*"|role="[^"]*"'
    r'|aria-roledescription="[^"]*"|aria-hidden="true")'
)
PARTS = ("name", "title", "alt", "caption", "sources", "csv")
BUNDLE = "window.relationsEmbed = vegaEmbed;"
# The fixed tokens of the charts become custom properties: light and dark are the style sheet's.
TOKENS = {
    charts.INK: "ink",
    charts.MUTED: "muted",
    charts.RULE: "rule",
    charts.BAND: "band",
    charts.PAPER: "paper",
    charts.OTHER: "other",
} | {colour: f"state-{code.lower()}" for code, colour in charts.COLOURS.items()}
TOKENS |= {
    colour: f"family-{family.split()[0].lower()}"
    for family, colour in charts.FAMILY_COLOURS.items()
}
TOKENS |= {
    colour: f"verdict-{verdict.replace(' ', '-')}"
    for verdict, colour in charts.VERDICT_COLOURS.items()
}


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
    for index, cell in enumerate(notebook["cells"], start=1):
        cells.append(cell)
        where = f"{docname}.ipynb, cell {index}"
        if cell["cell_type"] != "code":
            continue
        outputs = cell.get("outputs", [])
        for output in outputs:
            if output["output_type"] == "error":
                raise ExtensionError(
                    f"{where}: the cell failed ({output['ename']}). Mend it and run make notebooks."
                )
        payloads = [o["data"] for o in outputs if FIGURE_MIME in o.get("data", {})]
        for output in outputs:
            data = output.get("data", {})
            if FIGURE_MIME not in data and any("vega" in mime for mime in data):
                raise ExtensionError(f"{where}: a chart without figure(). Wrap it in figure(…).")
        for data in payloads:
            payload = check_payload(data, where)
            found[payload["name"]] = payload
            text = f"```{{evidence}} {payload['name']}\n```\n"
            cells.append(
                {"cell_type": "markdown", "id": payload["name"], "metadata": {}, "source": text}
            )
        if payloads:
            cell["outputs"] = [
                o
                for o in outputs
                if FIGURE_MIME not in o.get("data", {}) and "text/markdown" not in o.get("data", {})
            ]
        for output in outputs:
            payload = output.get("data", {}).get(RECORDS_MIME)
            if payload:
                name = payload["name"]
                lists[name] = payload
                cell["outputs"] = [o for o in cell["outputs"] if o is not output]
                cells.append(
                    {
                        "cell_type": "markdown",
                        "id": f"records-{name}",
                        "metadata": {},
                        "source": record_page.text(payload),
                    }
                )
    # So that a warning's line tells the cell as it stands in the file: 270003, line 3 of cell 27.
    own = set(map(id, notebook["cells"]))
    lines = accumulate((10_000 * (id(cell) in own) for cell in cells), initial=-1)
    notebook["metadata"]["source_map"] = list(lines)[1:]
    notebook["cells"] = cells
    app.env.temp_data["relations_figures"] = found
    app.env.temp_data["relations_records"] = lists
    source[0] = json.dumps(notebook)


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
        title = evidence_title("", payload["title"])
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
    for colour, name in TOKENS.items():
        text = text.replace(colour, f"var(--chart-{name}, {colour})")
    return text


def inline_svg(svg: str, name: str) -> str:
    """A static SVG to stand inside a page: own ids, page colours, silent to screen readers.

    What every mark repeats and the whole image says once, or nobody hears, is left out.
    """
    svg = REPEATED.sub("", svg)
    svg = re.sub(r'(id="|url\(#|href="#)(?=\w)', rf"\g<1>{name}-", svg)
    root = f'<svg aria-hidden="true" focusable="false" font-family="{charts.FONT}" '
    svg = svg.replace("<svg ", root, 1)
    svg = re.sub(r'<rect width="[\d.]+" height="[\d.]+" fill="' + charts.PAPER + r'"\s*/>', "", svg)
    return tokens(svg)


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


def visit_evidence(translator, node: evidence) -> None:
    """Open the figure and write its files beside the pages."""
    payload = node["payload"]
    name = payload["name"]
    outdir = Path(translator.builder.outdir) / FOLDER
    outdir.mkdir(exist_ok=True)
    (outdir / f"{name}.csv").write_text(payload["csv"], encoding="utf-8", newline="\n")
    (outdir / f"{name}.svg").write_text(payload["wide_svg"], encoding="utf-8", newline="\n")
    wide = dict(payload["wide"])
    shared = wide.pop("datasets", {})
    content = {"datasets": shared, "wide": wide, "narrow": payload["narrow"]}
    packed = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    script = f'relationsFigure("{name}",{tokens(packed)});\n'
    (outdir / f"{name}.js").write_text(script, encoding="utf-8", newline="\n")
    translator.body.append(f'<figure class="evidence" id="{node["ids"][0]}">')


def visit_title(translator, node: evidence_title) -> None:
    """The number and the finding."""
    translator.body.append('<div class="evidence-title">')
    translator.add_fignumber(node.parent)


def depart_title(translator, node: evidence_title) -> None:
    """Close the title; then the charts."""
    payload = node.parent["payload"]
    translator.add_permalink_ref(node.parent, "Link to this figure")
    alt = html.escape(payload["alt"], quote=True)
    name = payload["name"]
    wide = inline_svg(payload["wide_svg"], f"{name}-w")
    small = inline_svg(payload["narrow_svg"], f"{name}-n")
    root = translator.builder.get_relative_uri(translator.builder.current_docname, "index")
    base = root.rsplit("index", 1)[0]
    # Room for the choices that the interactive chart offers, so that nothing moves when it comes.
    # They stand outside the image, which has no parts to a screen reader.
    choices = '"bind": {"input"' in json.dumps(payload["wide"])
    controls = '<div class="evidence-controls"></div>' if choices else ""
    translator.body.append(
        f"</div>{controls}"
        f'<div class="evidence-chart" role="img" aria-label="{alt}" data-figure="{name}" '
        f'data-src="{base}{FOLDER}/{name}.js">'
        f'<div class="wide">{wide}</div><div class="narrow">{small}</div></div>'
    )


def visit_note(translator, node: evidence_note) -> None:
    """The caption proper."""
    translator.body.append("<figcaption>")


def depart_evidence(translator, node: evidence) -> None:
    """Close the caption; then the table, the downloads and the end of the figure."""
    payload = node["payload"]
    name = payload["name"]
    root = translator.builder.get_relative_uri(translator.builder.current_docname, "index")
    base = root.rsplit("index", 1)[0]
    shown = payload.get("table") or payload["csv"]
    rows = len(list(csv.reader(io.StringIO(shown)))) - 1
    every = len(list(csv.reader(io.StringIO(payload["csv"])))) - 1
    count = f"{rows} rows" if rows == every else f"{rows} of {every} rows"
    translator.body.append(
        '<div class="evidence-tools">'
        f"<details><summary>Table ({count})</summary>"
        f'<div class="evidence-table" tabindex="0" role="region" aria-label="Data of {name}">'
        f"{table_html(shown, payload['title'])}</div></details>"
        f'<a href="{base}{FOLDER}/{name}.csv" download>Data (CSV)</a>'
        f'<a href="{base}{FOLDER}/{name}.svg" download>Image (SVG)</a>'
        "</div></figure>"
    )


def visit_plain(translator, node: nodes.Element) -> None:
    """Other builders: the alternative text stands for the chart."""


def depart_plain(translator, node: nodes.Element) -> None:
    """Other builders: nothing to close."""


# --- the chart library ---------------------------------------------------------------------


def add_library(app: Sphinx) -> None:
    """Write Vega, Vega-Lite and vega-embed as one local script, made once per version."""
    if app.builder.format != "html":
        return
    version = f"{vl_convert.get_vega_version()}-{vl_convert.get_vega_embed_version()}"
    path = Path(app.srcdir) / "_build" / f".vega-{version}" / "vega.js"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # The bundle declares names at the top level that collide with the theme's.
        bundle = vl_convert.javascript_bundle(BUNDLE, vl_version=VEGA_LITE)
        files.write({path: f"(function () {{\n{bundle}\n}})();\n"})
    app.config.html_static_path.append(str(path.parent))


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
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
        html=(visit_note, lambda translator, node: translator.body.append("</figcaption>")),
        latex=plain,
        text=plain,
    )
    app.add_directive("evidence", EvidenceDirective)
    record_page.setup(app)
    pages.setup(app)
    register_plugin("pybtex.style.formatting", "relations", references.Style)
    app.config.template_bridge = "relations.theme.Pages"
    app.connect("source-read", lift_figures)
    app.connect("builder-inited", add_library)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
