"""Links that need an address: none where the book has none, the right ones where it has."""

import html
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

REPOSITORY = "https://github.com/example/evidence"
URL = "https://example.org/evidence"
NOTEBOOK = {
    "cells": [{"cell_type": "markdown", "metadata": {}, "source": "# War", "id": "title"}],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "p"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
SETTINGS = {
    "extensions": ["myst_nb", "sphinx_book_theme", "relations.address"],
    "html_theme": "sphinx_book_theme",
    "html_title": "A book",
    "template_bridge": "relations.theme.Pages",
    "root_doc": "chapters/index",
    "nb_execution_mode": "off",
}


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Builds a book of two pages with the addresses given; returns a reader of its pages."""

    def build(**addresses: str) -> Callable[[str], str]:
        for name in ("BOOK_REPOSITORY", "BOOK_URL"):
            monkeypatch.setenv(name, addresses.get(name, ""))
        source, out = tmp_path / "source", tmp_path / "html"
        (source / "chapters").mkdir(parents=True)
        (source / "chapters/index.md").write_text("# Front\n\n```{toctree}\nwar\n```\n", "utf-8")
        (source / "chapters/war.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
        with patch_docutils(), docutils_namespace():
            Sphinx(source, None, out, out / ".doctrees", "html", SETTINGS, status=None).build()
        return lambda page: (out / f"{page}.html").read_text(encoding="utf-8")

    return build


def external(page: str) -> list[str]:
    """Addresses of other hosts in a page, without those of its tools."""
    found = re.findall(r'(?:href|src|content)="(https?://[^"]+)"', page)
    return [url for url in found if "sphinx" not in url]


def test_without_addresses_nothing_points_anywhere(built):
    page = built()
    for name in ("index", "chapters/index", "chapters/war"):
        assert external(page(name)) == []
        for word in ("mybinder", "source-edit-button", "report-page", "og:", "canonical"):
            assert word not in page(name)


def test_the_repository_gives_edit_binder_and_report(built):
    page = built(BOOK_REPOSITORY=f"{REPOSITORY}/")("chapters/war")
    edit, binder, *reports = (
        next(url for url in external(page) if part in url)
        for part in ("/edit/", "mybinder", "data.yml", "text.yml")
    )
    assert edit == f"{REPOSITORY}/edit/main/chapters/war.ipynb"
    assert binder == (
        "https://mybinder.org/v2/gh/example/evidence/main?urlpath=lab/tree/chapters/war.ipynb"
    )
    for url in reports:
        assert url.startswith(f"{REPOSITORY}/issues/new?")
        assert parse_qs(urlsplit(html.unescape(url)).query)["where"] == ["chapters/war"]
    assert '<i class="fa' not in page, "an icon that theme.py does not draw"
    assert "target=" not in page
    assert "canonical" not in page


@pytest.mark.parametrize("url", [URL, f"{URL}/"])
def test_the_address_gives_canonical_links_and_a_picture(built, url):
    page = built(BOOK_URL=url)
    for name, place in (("chapters/war", "/chapters/war.html"), ("index", "/")):
        assert f'<meta property="og:url" content="{URL}{place}"/>' in page(name)
        assert f'<meta property="og:image" content="{URL}/_static/preview.png"/>' in page(name)
        assert "mybinder" not in page(name)
    assert f'<link rel="canonical" href="{URL}/chapters/war.html"' in page("chapters/war")
    assert f'<link rel="canonical" href="{URL}/chapters/index.html"' in page("index")
    assert 'content="0; url=chapters/index.html"' in page("index")
