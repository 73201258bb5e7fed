"""Lists of records inside the built book: filter, download, and one article a record.

:mod:`relations.sphinx` takes the lists out of the notebooks' outputs; ``_static/records.js`` adds
search and filters. Without that script the lists are complete and in order.
"""

from __future__ import annotations

import html
import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .records import plain

FOLDER = "_figures"  # what pages load or offer to download, beside them


def text(payload: dict) -> str:
    """The Markdown that stands for lists of records: the filter, then each list under its heading.

    The headings are the page's own, so that they appear among its contents.
    """
    name = payload["name"]
    parts = [f"```{{records-filter}} {name}\n```"]
    for index, group in enumerate(payload["groups"]):
        parts += [f"## {plain(group['heading'])}"] if group["heading"] else []
        parts += [f"```{{records}} {name} {index}\n```"]
    return "\n\n".join(parts) + "\n"


class record_filter(nodes.General, nodes.Element):  # noqa: N801
    """The search, the facets and the download of lists of records."""


class record_list(nodes.General, nodes.Element):  # noqa: N801
    """A list of records."""


class record(nodes.General, nodes.Element):  # noqa: N801
    """One record: its head is drawn from the payload, its body is MyST."""


def listed(directive: SphinxDirective, name: str) -> dict:
    """The lists of a page that were shown as `name`."""
    found = directive.env.temp_data.get("relations_records", {})
    if name not in found:
        raise directive.error(f"No list of this page is named {name}. Show it by records(…).")
    return found[name]


class RecordsFilterDirective(SphinxDirective):
    """``{records-filter} name``: written by :func:`lift_figures`, not by hand."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Stand for the filter, if the list has facets or a download."""
        payload = listed(self, self.arguments[0])
        wanted = payload["facets"] or payload["csv"]
        return [record_filter("", payload=payload)] if wanted else []


class RecordsDirective(SphinxDirective):
    """``{records} name group``: written by :func:`lift_figures`, not by hand."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Build the list; each body is parsed as MyST."""
        name, group = self.arguments
        payload = listed(self, name)
        found = record_list("", name=name)
        for item in payload["groups"][int(group)]["records"]:
            # On other pages than its own a record shows its head, the rest on demand.
            fold = payload["fold"] or bool(item.get("href"))
            entry = record("", item=item, fold=fold)
            if not item.get("href"):  # the record's own page: other pages may refer to it
                entry["names"] = [item["id"]]
                self.state.document.note_explicit_target(entry, entry)
            if item.get("body"):
                self.state.nested_parse([item["body"]], self.content_offset, entry)
            found += entry
        return [found]


def visit_filter(translator, node: record_filter) -> None:
    """The filter, hidden until a script can serve it, and the download."""
    payload = node["payload"]
    name = payload["name"]
    outdir = Path(translator.builder.outdir) / FOLDER
    outdir.mkdir(exist_ok=True)
    root = translator.builder.get_relative_uri(translator.builder.current_docname, "index")
    base = root.rsplit("index", 1)[0]
    link = ""
    if payload["csv"]:
        (outdir / f"{name}.csv").write_text(payload["csv"], encoding="utf-8", newline="\n")
        link = f'<a href="{base}{FOLDER}/{name}.csv" download>All as CSV</a>'
    listed = [item for group in payload["groups"] for item in group["records"]]
    fields = []
    for facet, values in payload["facets"]:
        counts = {
            value: sum(value in item.get("facets", {}).get(facet, []) for item in listed)
            for value in values
        }
        options = "".join(
            f'<option value="{html.escape(value, quote=True)}">{html.escape(value)} ({count})'
            "</option>"
            for value, count in counts.items()
            if count
        )
        fields.append(
            f'<label>{html.escape(facet)} <select data-facet="{html.escape(facet, quote=True)}">'
            f'<option value="">All</option>{options}</select></label>'
        )
    one, many = (html.escape(word, quote=True) for word in payload["noun"])
    form = (
        f'<form class="records-form" data-records="{name}" '
        f'data-one="{one}" data-many="{many}" hidden>'
        '<label class="records-search">Search <input type="search" autocomplete="off"></label>'
        f'{"".join(fields)}<button type="reset">Show all</button>'
        f'<output aria-live="polite">{len(listed)} {many}</output></form>'
    )
    translator.body.append(
        f'<div class="records-tools">{form if payload["facets"] else ""}{link}</div>'
    )


def visit_list(translator, node: record_list) -> None:
    """Open a list."""
    translator.body.append(f'<div class="records" data-records="{node["name"]}">')


def depart_list(translator, node: record_list) -> None:
    """Close it."""
    translator.body.append("</div>")


def visit_record(translator, node: record) -> None:
    """The head of a record."""
    item = node["item"]
    text = {key: html.escape(str(item.get(key, "")), quote=True) for key in item}
    facets = html.escape(json.dumps(item.get("facets", {}), ensure_ascii=False), quote=True)
    href = text.get("href") or f"#{text['id']}"
    badge = ""
    if item.get("badge"):
        tone = f" {text['tone']}" if item.get("tone") else ""
        badge = f'<span class="record-badge{tone}">{text["badge"]}</span>'
    label = f'<a class="record-label" href="{href}">{text["label"]}</a>'
    if node["fold"]:  # a link may not stand inside what unfolds
        label = f'<span class="record-label">{text["label"]}</span>'
    head = f'{label} <bdi class="record-title">{text["title"]}</bdi> {badge}'
    tag = "summary" if node["fold"] else "p"
    translator.body.append(
        f'<article class="record" id="{text["id"]}" data-facets="{facets}">'
        f'{"<details>" if node["fold"] else ""}<{tag} class="record-head">{head}</{tag}>'
    )
    if item.get("meta"):
        translator.body.append(f'<p class="record-meta">{text["meta"]}</p>')


def depart_record(translator, node: record) -> None:
    """The links of a record, and its end."""
    item = node["item"]
    if item.get("links"):
        links = "; ".join(
            f'<a href="{html.escape(href, quote=True)}">{html.escape(words)}</a>'
            if href
            else html.escape(words)
            for words, href in item["links"]
        )
        lead = html.escape(item.get("links_title", ""))
        translator.body.append(f'<p class="record-links">{lead} {links}</p>')
    if node["fold"] and item.get("href"):
        href, label = (html.escape(item[key], quote=True) for key in ("href", "label"))
        translator.body.append(
            f'<p class="record-links"><a href="{href}">{label} in the full list</a></p>'
        )
    translator.body.append(f"{'</details>' if node['fold'] else ''}</article>")


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    silent = (lambda translator, node: None, lambda translator, node: None)
    for node, html_visitors in {
        record_filter: (visit_filter, silent[1]),
        record_list: (visit_list, depart_list),
        record: (visit_record, depart_record),
    }.items():
        app.add_node(node, html=html_visitors, latex=silent, text=silent)
    app.add_directive("records-filter", RecordsFilterDirective)
    app.add_directive("records", RecordsDirective)
