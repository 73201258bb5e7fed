"""Repairs of the theme's pages: no icon script, no idle scripts, one search box, valid HTML.

Sphinx renders each page with :class:`Pages`, its own template loader, and :func:`repair` mends the
result. The icons are drawn here, so that 1.5 MB of icon script need not be loaded. Each page
carries a policy that keeps it to its own files, wherever it is hosted.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.jinja2glue import BuiltinTemplateLoader

from . import styles

ICONS = {
    "bars": "M3 6h18M3 12h18M3 18h18",
    "outdent": "M3 6h18M9 12h12M3 18h18M6 9l-3 3 3 3",
    "list": "M8 6h13M8 12h13M8 18h13M3 6h1M3 12h1M3 18h1",
    "magnifying-glass": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5L21 21",
    "circle-half-stroke": "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
    "sun": "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3"
    "M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2",
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
    "rocket": "M4 4h7M4 4v16h16v-7M13 4h7v7M20 4l-9 9",
    "pencil-alt": "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
}

# Two lines that meet, as in the favicon.
LINES = {"moscow": "M3 8c10 0 9 15 26 15", "islamabad": "M3 25c9 0 11-17 26-17"}
WORDMARK = (
    '<svg class="wordmark" aria-hidden="true" viewBox="0 0 32 32"><g fill="none" stroke-width="4" '
    f'stroke-linecap="round"><path class="moscow" d="{LINES["moscow"]}"/>'
    f'<path class="islamabad" d="{LINES["islamabad"]}"/></g></svg>'
    r'<span class="title logo__title">\1<small>\2</small></span>'
)


# Files of the book's own host alone; no script or style that is written into the page; no eval.
# Other hosts are not told which page a reader came from.
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'"/>\n'
    '<meta name="referrer" content="same-origin"/>'
)
# Scripts of the theme, in files or in the page, that are idle here.
SCRIPTS = (
    "fontawesome|bootstrap|sphinx-thebe|x-thebe-config|THEBE_JS_URL|kernelName = |design-tabs"
    "|togglebutton|let toggle|DOCUMENTATION_OPTIONS|Set focus on search field"
)
STYLES = "thebe|sphinx-design|togglebutton"


MEASURING = re.compile(
    r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)'
)
# Kinds of tokens in code that look as the text around them does.
PLAIN = re.compile(r'<span class="(?:n|nf|nn|o|p|w)">([^<]*)</span>')
ALIKE = re.compile(r'(<span class="(\w+)">[^<]*)((?:</span><span class="\2">[^<]*)+)')
MEASURED = '"page.js measures"'
# Style sheets of others; the book's own hold nothing idle.
SHEETS = ("basic.css", "mystnb.*.css", "pygments.css", "styles/*.css")
SECTION = re.compile(r'<section id="[^"]*">(?=\s*(?:<span[^>]*></span>\s*)*<h2>)')
UNSEEN = re.compile(r"<(svg|article|details|button)\b.*?</\1>", re.DOTALL)
ROOM = {"<figure ": 1500, "<article ": 450}  # letters that take as much room as a figure, a record
# What the theme's panels hold, for those who cannot see them open.
DIALOGS = {
    "pst-search-dialog": "Search",
    "pst-primary-sidebar-modal": "Contents",
    "pst-secondary-sidebar-modal": "On this page",
}


def _icon(match: re.Match) -> str:
    classes = match.group("classes")
    name = next((n for n in re.findall(r"fa-([a-z-]+)", classes) if n in ICONS), None)
    if name is None:
        return match.group()
    return (
        f'<svg class="{classes} icon"{match.group("mode") or ""} aria-hidden="true" '
        f'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2">'
        f'<path d="{ICONS[name]}"/></svg>'
    )


def repair(page: str) -> str:
    """The theme's page under the policy, without idle scripts and without a second search box."""
    # The mode is set before the page is painted, while the page is read on: from a file, in the
    # place of the theme's script.
    page = re.sub(
        r'(<script data-cfasync="false")>[^<]*(</script>.*?)'
        r'\s*<script( src="[^"]*mode\.js[^"]*")></script>',
        r'\1 async blocking="render"\3>\2',
        page,
        count=1,
        flags=re.DOTALL,
    )
    page = re.sub(rf"\s*<script[^<]*(?:{SCRIPTS})[^<]*</script>", "", page)
    page = re.sub(rf"\s*<link[^>]*(?:{STYLES})[^>]*/>", "", page)
    page = re.sub(r'\s*<link rel="preload" as="script"[^>]*>', "", page)
    page = re.sub(r"\s*<!-- So that users can add custom icons -->", "", page)
    page = page.replace('<meta charset="utf-8" />', f'<meta charset="utf-8" />\n{POLICY}', 1)
    # What hides without scripts hides by page.css; so stand the columns of the index.
    page = re.sub(r"\s*<!--\s*this give us.*?</noscript>", "", page, count=1, flags=re.DOTALL)
    page = re.sub(r'(<(?:table|td)) style="width: [^"]*"', r"\1", page)
    # Every link opens where the reader is, and never hands this window to another.
    page = page.replace(' target="_blank"', "")
    for spare in re.findall(r'\s*<meta name="viewport"[^>]*>', page)[1:]:
        page = page.replace(spare, "", 1)
    page = re.sub(r'<p class="title logo__title">([^<:]*): ([^<]*)</p>', WORDMARK, page)
    page = accessible(page)
    # The browser shows the names of buttons; the theme's own way needs a script of 80 kB.
    page = page.replace("data-bs-title=", "title=")
    page = re.sub(r' data-bs-(?:placement|toggle)="\w+"', "", page)
    page = ALIKE.sub(lambda run: run[1] + re.sub("<[^>]*>", "", run[3]), PLAIN.sub(r"\1", page))
    page = measured(page)
    if "Search.loadIndex" not in page and 'id="search-results"' not in page:
        # The full-text index belongs to the search page alone, not to every page.
        page = re.sub(
            r'\s*<script src="[^"]*(searchtools|language_data|searchindex)\.js"></script>', "", page
        )
        page = text_first(page)
    return re.sub(
        r'<(?P<tag>i|span) class="(?P<classes>[^"]*\bfa-[^"]*)"(?P<mode> data-mode="\w+")?[^>]*>'
        r"</(?P=tag)>",
        _icon,
        page,
    )


def text_first(page: str) -> str:
    """The theme's page with scripts that wait for the text, in their order; the mode's does not."""
    page = re.sub(r"\s*<!-- Pre-loaded scripts[^>]*-->", "", page)
    # One style sheet that does nothing but ask for another would cost a journey.
    page = re.sub(r'_static/styles/theme\.css[^"]*"', '_static/basic.css"', page)
    return page.replace("<script src=", "<script defer src=")


def accessible(page: str) -> str:
    """The theme's page with valid elements, and landmarks and panels that say what they are."""
    # A bibliography is a list: its entries' role of their own is deprecated.
    page = page.replace('role="doc-biblioentry"', 'role="listitem"')
    # A summary may hold no paragraph, and its name must be what it shows.
    page = re.sub(
        r'<summary aria-label="Toggle hidden content">\s*<p class="collapsed admonition-title">'
        r"([^<]*)</p>\s*<p [^>]*>[^<]*</p>\s*</summary>",
        r"<summary>\1</summary>",
        page,
    )
    # The book's name, search and contents are its banner; the theme's own stands empty.
    page = re.sub(r'<(header|footer)( [^>]*class="bd-[^>]*)>\s*</\1>', r"<div\2></div>", page)
    page = page.replace(
        '<div class="sidebar-primary-items__start ',
        '<div role="banner" class="sidebar-primary-items__start ',
    )
    page = page.replace("<h1></h1>", "")
    for dialog, name in DIALOGS.items():
        page = page.replace(f'<dialog id="{dialog}"', f'<dialog id="{dialog}" aria-label="{name}"')
    for sidebar, name in (("primary", "Contents"), ("secondary", "On this page")):
        page = page.replace(
            f'title="Toggle {sidebar} sidebar"', f'title="{name}" aria-label="{name}"'
        )
    return page


def lighten(app: Sphinx, error: Exception | None) -> None:
    """Take out of the theme's files what no page needs, and one thing that stops every page.

    Its script measures all code when a page has loaded, folded code too, to let the keyboard reach
    what scrolls; ``page.js`` does so when the code is laid out. Raises ExtensionError where a later
    theme does this in other words.
    """
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    for pattern in ("**/*.map", "scripts/fontawesome*", "scripts/bootstrap*"):
        for file in static.glob(pattern):
            file.unlink()
    script = static / "scripts" / "pydata-sphinx-theme.js"
    text = script.read_text(encoding="utf-8")
    if MEASURED not in text:
        text, count = MEASURING.subn(MEASURED, text)
        if not count:
            raise ExtensionError(f"{script.name} has changed. Adapt MEASURING in {__name__}.")
        # It reads the mode, which a slow network may bring later.
        mode = (static / "mode.js").read_text(encoding="utf-8")
        script.write_text(f"{mode}{text}", encoding="utf-8", newline="\n")
    known = styles.names(static.parent)
    for name in SHEETS:
        for sheet in static.glob(name):
            text = styles.pruned(sheet.read_text(encoding="utf-8"), known)
            sheet.write_text(text, encoding="utf-8", newline="\n")


def measured(page: str) -> str:
    """Pages whose sections say how long they are, in letters; figures and records count as some.

    So the style sheet knows about where things stand before the browser has laid them out.
    """
    starts = [section.start() for section in SECTION.finditer(page)]
    for start, end in reversed([*pairwise([*starts, page.rfind("</article>")])]):
        part = page[start:end]
        letters = len(re.sub(r"<[^>]*>|\s+(?=\s)", "", UNSEEN.sub("", part)))
        letters += sum(room * part.count(tag) for tag, room in ROOM.items())
        page = f'{page[:start]}<section data-letters="{letters}"{page[start + len("<section") :]}'
    return page


class Pages(BuiltinTemplateLoader):
    """Sphinx's templates, with each page repaired after it is rendered."""

    def render(self, template: str, context: dict) -> str:
        """Render a template; an HTML page is passed through :func:`repair`."""
        page = super().render(template, context)
        return repair(page) if template.endswith(".html") else page
