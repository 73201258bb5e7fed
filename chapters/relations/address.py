"""Where the book is published: links and buttons that need an address it cannot know by itself.

``BOOK_REPOSITORY`` is the address of the repository; with it, pages offer to edit them, to open
them in Binder and to report an error. ``BOOK_URL`` is the address of the front page's folder; with
it, pages name their own address and a picture for previews of links. Without them nothing is said.
"""

from __future__ import annotations

import html
import os
from pathlib import Path
from urllib.parse import urlencode

from sphinx.application import Sphinx

from .pages import FOLDER
from .theme import POLICY

BINDER = "https://mybinder.org"
BRANCH = "main"
PREVIEW = "_static/preview.png"
PREVIEW_ALT = "Timeline of events between Moscow and Pakistan by their effect on relations"


def repository() -> str:
    """The address of the repository, or an empty text."""
    return os.environ.get("BOOK_REPOSITORY", "").rstrip("/")


def base() -> str:
    """The address under which the pages lie, with a slash at its end, or an empty text."""
    address = os.environ.get("BOOK_URL", "").rstrip("/")
    return f"{address}/" if address else ""


def configure(app: Sphinx, config) -> None:
    """Turn on the theme's buttons and Sphinx's canonical addresses where they have a target."""
    config.html_baseurl = base()
    if repository():
        config.html_theme_options |= {
            "repository_url": repository(),
            "repository_branch": BRANCH,
            "use_edit_page_button": True,
            "launch_buttons": {"binderhub_url": BINDER, "notebook_interface": "jupyterlab"},
        }


def report(page: str) -> str:
    """Two links to the forms for errors, which know the page that they are opened from."""

    def link(form: str, text: str) -> str:
        query = urlencode({"template": f"{form}.yml", "where": page})
        return f'<a href="{html.escape(f"{repository()}/issues/new?{query}")}">{text}</a>'

    return (
        '<nav class="report-page" aria-label="Report an error"><p>Found an error? Report it in '
        f"{link('data', 'the data')} or in {link('text', 'the text')}.</p></nav>"
    )


def preview(address: str) -> str:
    """What a preview of a link to `address` shows."""
    return (
        f'<meta property="og:url" content="{html.escape(address)}"/>\n'
        f'<meta property="og:image" content="{html.escape(base() + PREVIEW)}"/>\n'
        f'<meta property="og:image:alt" content="{PREVIEW_ALT}"/>\n'
        '<meta name="twitter:card" content="summary_large_image"/>\n'
    )


def furnish(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Add the links that have a target to a page of the book."""
    if not page.startswith(FOLDER) or "body" not in context:
        return
    if repository():
        context["body"] += report(page)
        # A menu of one entry is a button, and needs no script.
        context["header_buttons"] = [
            button for one in context["header_buttons"] for button in one.get("buttons", [one])
        ]
    if base():
        context["metatags"] = context.get("metatags", "") + preview(context["pageurl"])


def front(app: Sphinx, error: Exception | None) -> None:
    """Let the folder's own address lead to the front page and say which book it is."""
    if error or app.builder.name != "html":
        return
    page, title = f"{app.config.root_doc}.html", html.escape(app.config.html_title)
    about = ""
    if base():
        about = (
            f'<link rel="canonical" href="{html.escape(base() + page)}"/>\n'
            '<meta property="og:type" content="website"/>\n'
            f'<meta property="og:title" content="{title}"/>\n{preview(base())}'
        )
    (Path(app.outdir) / "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="{app.config.language}">\n<head>\n<meta charset="utf-8"/>\n'
        f"{POLICY}\n"
        f'<title>{title}</title>\n<meta http-equiv="Refresh" content="0; url={page}"/>\n{about}'
        f'</head>\n<body><p><a href="{page}">{title}</a></p></body>\n</html>\n',
        encoding="utf-8",
        newline="\n",
    )


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    app.connect("config-inited", configure)
    app.connect("html-page-context", furnish, priority=600)  # after the theme's buttons
    app.connect("build-finished", front, priority=400)  # before the theme makes half a page
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
