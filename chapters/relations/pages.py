"""What every page says about itself: its place in the book, its summary, how to cite it.

The era chapters open with a ribbon of the seven eras; every page names its part above the title and
ends with a citation. Version and coverage come from the dataset.
"""

from __future__ import annotations

import html
import re
from functools import cache

import yaml
from docutils import nodes
from sphinx.application import Sphinx

from .chronology import written
from .dataset import ROOT, package, table

FOLDER = "chapters/"
GLOSSARY = "chapters/glossary"


@cache
def parts() -> dict[str, str]:
    """The part of each page of ``_toc.yml``, by document name."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return {
        chapter["file"]: part["caption"] for part in toc["parts"] for chapter in part["chapters"]
    }


def ribbon(slug: str) -> str:
    """The seven eras in order, the one of this page marked."""
    items = []
    for _, era in table("eras").iterrows():
        here = ' aria-current="page"' if era["era"] == slug else ""
        start, end = era["start"][:4], str(era["end"])[:4] if era["end"] == era["end"] else ""
        items.append(
            f'<li><a href="{era["era"]}.html"{here}><span class="era-name">'
            f"{html.escape(era['short_title'])}</span> "
            f'<span class="era-years">{start}–{end}</span></a></li>'
        )
    return f'<nav class="era-ribbon" aria-label="The seven eras"><ol>{"".join(items)}</ol></nav>'


def summary(doctree: nodes.document | None) -> str:
    """The page's thesis: its first paragraph of one emphasised sentence, as plain text."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else []:
        if len(paragraph) == 1 and isinstance(paragraph[0], nodes.emphasis):
            return paragraph.astext()
    return ""


def citation(book: str, title: str, slug: str) -> str:
    """How to cite a page of the book, in words and as BibTeX, folded."""
    version, year = package()["version"], package()["created"][:4]
    words = (
        f"“{html.escape(title)}”, in <i>{html.escape(book)}</i>, version {version}, {year}. "
        "Cite the publishers of the series that you use as well."
    )
    key = f"russia-pakistan-evidence-{slug}"
    bibtex = (
        f"@incollection{{{key},\n"
        f"  title     = {{{title}}},\n"
        f"  booktitle = {{{book}}},\n"
        f"  author    = {{{{The contributors}}}},\n"
        f"  edition   = {{Version {version}}},\n"
        f"  year      = {{{year}}}\n}}"
    )
    return (
        '<details class="cite-page"><summary>Cite this page</summary>'
        f'<p>{words}</p><pre tabindex="0">{html.escape(bibtex)}</pre></details>'
    )


def explain_terms(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Give each link to the glossary its definition as a title, which a script shows beside it."""
    if GLOSSARY not in app.env.found_docs or page == GLOSSARY:
        return
    links = [
        n for n in doctree.findall(nodes.reference) if "glossary.html#term-" in n.get("refuri", "")
    ]
    meanings = definitions(app) if links else {}
    for link in links:
        link["reftitle"] = meanings[link["refuri"].split("#")[1]]


def definitions(app: Sphinx) -> dict[str, str]:
    """The glossary's definitions as plain text, by the anchor of their term."""
    found = {}
    for item in app.env.get_doctree(GLOSSARY).findall(nodes.definition_list_item):
        text = " ".join(part.astext() for part in item.findall(nodes.definition))
        text = re.sub(r"\s*\((fig|\[)[^)]*\)|\s*\[[^\]]*\]", "", text)
        for term in item.findall(nodes.term):
            found |= dict.fromkeys(term["ids"], " ".join(text.split()))
    return found


def furnish(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Add kicker, ribbon, citation and summary to a page of the book."""
    if not page.startswith(FOLDER) or "body" not in context:
        return
    slug = page.removeprefix(FOLDER)
    title = html.unescape(re.sub(r"<[^>]+>", "", context["title"]))
    title = re.sub(r"^[\d.]+\s*", "", title)
    body = context["body"]
    if page in parts():
        home = '<a href="index.html">Russia and Pakistan</a>'
        kicker = f'<p class="kicker">{home} · {html.escape(parts()[page])}</p>'
        body = body.replace("<h1>", f"{kicker}\n<h1>", 1)
        if slug in set(table("eras")["era"]):
            body = body.replace("</h1>", f"</h1>\n{ribbon(slug)}", 1)
    context["body"] = body + citation(app.config.html_title, title, slug)
    text = html.escape(summary(doctree), quote=True)
    if text:
        context["metatags"] = context.get("metatags", "") + (
            f'<meta name="description" content="{text}"/>\n'
            f'<meta property="og:type" content="article"/>\n'
            f'<meta property="og:title" content="{html.escape(title, quote=True)}"/>\n'
            f'<meta property="og:description" content="{text}"/>\n'
        )


def date_line(app: Sphinx, config) -> None:
    """Version and coverage for the foot of every page: of the dataset, not of the build."""
    last = written(table("events")["date"].max())
    made = written(package()["created"][:10])
    config.html_theme_options["extra_footer"] = (
        f"<p>Version {package()['version']} of {made}; evidence to spring 2026 (last event: "
        f"{last}). Text CC BY 4.0, code MIT; each series keeps its publisher’s terms.</p>"
    )


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("config-inited", date_line)
    app.connect("doctree-resolved", explain_terms)
    app.connect("html-page-context", furnish)
