"""The book's Sphinx extension: figures in the page, the chart library, the theme's repairs.

A notebook's figure outputs are taken out before the page is parsed and put back as numbered
figures with caption, static charts for wide and narrow columns, sources, table and downloads.
The interactive chart is loaded by ``_static/figure.js`` when the figure comes into view.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path

import vl_convert
from docutils import nodes
from docutils.parsers.rst import directives
from pybtex.plugin import register_plugin
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.util.docutils import SphinxDirective

from . import charts, references
from .figure import FIGURE_MIME, LAB_MIME, VEGA_LITE

FOLDER = "_figures"
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


# --- notebooks: figures out of the outputs, into the page ------------------------------------


def lift_figures(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace each figure among a notebook's outputs by a directive that stands for it."""
    if Path(app.env.doc2path(docname)).suffix != ".ipynb":
        return
    notebook = json.loads(source[0])
    found: dict[str, dict] = {}
    cells = []
    for index, cell in enumerate(notebook["cells"], start=1):
        cells.append(cell)
        where = f"{docname}.ipynb, cell {index}"
        if cell["cell_type"] != "code":
            continue
        outputs = cell.get("outputs", [])
        for output in outputs:
            if output["output_type"] == "error":
                raise ExtensionError(f"{where}: the cell failed ({output['ename']}). Mend it and run make notebooks.")
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
    notebook["cells"] = cells
    app.env.temp_data["relations_figures"] = found
    source[0] = json.dumps(notebook)


def check_payload(data: dict, where: str) -> dict:
    """The payload of one figure with its charts; raises ExtensionError for a missing part."""
    payload = data[FIGURE_MIME]
    for part in PARTS:
        if not payload.get(part):
            name = payload.get("name", "without a name")
            raise ExtensionError(f"{where}: figure {name} has no {part}. Give figure() one.")
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
    option_spec = {"class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        """Build the figure node; its name can be referred to with ``{numref}``."""
        name = self.arguments[0]
        payload = self.env.temp_data["relations_figures"][name]
        claimed = self.env.domaindata.setdefault("relations", {})
        other = claimed.setdefault(name, self.env.docname)
        if other != self.env.docname:
            raise ExtensionError(f"Figure {name} stands in {other} and {self.env.docname}: rename one.")
        node = evidence("", payload=payload, names=[name])
        title = evidence_title()
        title += self.parse_inline(payload["title"])[0] if hasattr(self, "parse_inline") else nodes.Text(payload["title"])
        note = evidence_note()
        self.state.nested_parse([payload["caption"]], self.content_offset, note)
        note += _sources(payload["sources"])
        node += [title, note]
        self.set_source_info(node)
        self.state.document.note_explicit_target(node, node)
        return [node]


def _sources(sources: list[dict]) -> nodes.paragraph:
    paragraph = nodes.paragraph("", "Sources: " if len(sources) > 1 else "Source: ")
    seen = []
    for item in sources:
        if item not in seen:
            seen.append(item)
    for index, item in enumerate(seen):
        paragraph += nodes.Text("; " if index else "")
        if item["url"]:
            paragraph += nodes.reference("", item["title"], refuri=item["url"], internal=False)
        else:
            paragraph += nodes.Text(item["title"])
    paragraph += nodes.Text(".")
    return paragraph


# --- HTML ---------------------------------------------------------------------------------------


def tokens(text: str) -> str:
    """Fixed colours as custom properties, with the fixed colour as what holds without them."""
    for colour, name in TOKENS.items():
        text = text.replace(colour, f"var(--chart-{name}, {colour})")
    return text


def inline_svg(svg: str, name: str) -> str:
    """A static SVG to stand inside a page: own ids, page colours, silent to screen readers."""
    svg = re.sub(r'(id="|url\(#|href="#)(?=\w)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"<svg ", '<svg aria-hidden="true" focusable="false" ', svg, count=1)
    svg = re.sub(r'<rect width="[\d.]+" height="[\d.]+" fill="' + charts.PAPER + r'"\s*/>', "", svg)
    return tokens(svg)


def table_html(text: str, caption: str) -> str:
    """A CSV as an HTML table with a caption and column headers; numbers aligned right."""
    header, *rows = csv.reader(io.StringIO(text))
    numeric = [
        all(re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?|", row[i]) for row in rows) for i in range(len(header))
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
    translator.body.append(
        "</div>"
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
    rows = payload["csv"].count("\n") - 1
    translator.body.append(
        '<div class="evidence-tools">'
        f"<details><summary>Table ({rows} rows)</summary>"
        f'<div class="evidence-table" tabindex="0" role="region" '
        f'aria-label="Data of {name}">{table_html(payload["csv"], payload["title"])}</div></details>'
        f'<a href="{base}{FOLDER}/{name}.csv" download>Data (CSV)</a>'
        f'<a href="{base}{FOLDER}/{name}.svg" download>Image (SVG)</a>'
        "</div></figure>"
    )


def visit_plain(translator, node: nodes.Element) -> None:
    """Other builders: the alternative text stands for the chart."""


def depart_plain(translator, node: nodes.Element) -> None:
    """Other builders: nothing to close."""


# --- the chart library and the theme ---------------------------------------------------------------


def add_library(app: Sphinx) -> None:
    """Write Vega, Vega-Lite and vega-embed as one local script, made once per version."""
    if app.builder.format != "html":
        return
    version = f"{vl_convert.get_vega_version()}-{vl_convert.get_vega_embed_version()}"
    path = Path(app.doctreedir).parent / f".vega-{version}" / "vega.js"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # The bundle declares names at the top level that collide with the theme's.
        bundle = vl_convert.javascript_bundle(BUNDLE, vl_version=VEGA_LITE)
        script = f"(function () {{\n{bundle}\n}})();\n"
        path.write_text(script, encoding="utf-8", newline="\n")
    app.config.html_static_path.append(str(path.parent))


ICONS = {
    "bars": "M3 6h18M3 12h18M3 18h18",
    "outdent": "M3 6h18M9 12h12M3 18h18M6 9l-3 3 3 3",
    "list": "M8 6h13M8 12h13M8 18h13M3 6h1M3 12h1M3 18h1",
    "magnifying-glass": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5L21 21",
    "circle-half-stroke": "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
    "sun": "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2",
    "moon": "M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z",
    "download": "M12 3v12M7 10l5 5 5-5M4 20h16",
    "expand": "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
    "angle-left": "M15 5l-7 7 7 7",
    "angle-right": "M9 5l7 7-7 7",
    "chevron-down": "M5 9l7 7 7-7",
    "arrow-up": "M12 20V4M5 11l7-7 7 7",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4",
    "file-pdf": "M6 3h8l4 4v14H6zM14 3v4h4",
    "xmark": "M5 5l14 14M19 5L5 19",
}


def _icon(match: re.Match) -> str:
    classes = match.group("classes")
    name = next((n for n in re.findall(r"fa-([a-z-]+)", classes) if n in ICONS), None)
    if name is None:
        return match.group()
    return (
        f'<svg class="{classes} icon" aria-hidden="true" viewBox="0 0 24 24" fill="none" '
        f'stroke="currentColor" stroke-width="2"><path d="{ICONS[name]}"/></svg>'
    )


def repair(page: str) -> str:
    """The theme's page without its icon script, idle launch scripts and second search box."""
    page = re.sub(r'\s*<script[^>]*fontawesome[^>]*></script>', "", page)
    page = re.sub(r"\s*<!-- So that users can add custom icons -->", "", page)
    page = re.sub(r"\s*<script>[^<]*THEBE_JS_URL[^<]*</script>", "", page)
    page = re.sub(r'\s*<script[^>]*sphinx-thebe[^>]*></script>', "", page)
    page = re.sub(r'\s*<link[^>]*thebe[^>]*/>', "", page)
    page = re.sub(r'\s*<script type="text/x-thebe-config">[^<]*</script>', "", page)
    page = re.sub(r"\s*<script>kernelName = [^<]*</script>", "", page)
    if "Search.loadIndex" not in page and 'id="search-results"' not in page:
        # The full-text index belongs to the search page alone, not to every page.
        page = re.sub(r'\s*<script src="[^"]*(searchtools|language_data|searchindex)\.js"></script>', "", page)
    return re.sub(r'<(?P<tag>i|span) class="(?P<classes>[^"]*\bfa-[^"]*)"[^>]*></(?P=tag)>', _icon, page)


class Pages(BuiltinTemplateLoader):
    """Sphinx's templates, with each page repaired after it is rendered."""

    def render(self, template: str, context: dict) -> str:
        """Render a template; an HTML page is passed through :func:`repair`."""
        page = super().render(template, context)
        return repair(page) if template.endswith(".html") else page


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
    register_plugin("pybtex.style.formatting", "relations", references.Style)
    app.config.template_bridge = "relations.sphinx.Pages"
    app.connect("source-read", lift_figures)
    app.connect("builder-inited", add_library)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
