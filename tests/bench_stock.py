"""The stock way of doing the same: a chapter by Altair's and Jupyter Book's own defaults.

The notebook is the committed one with its text, numbers and citations. Each figure is Altair's
default HTML output of the same specification; the book has no settings beyond its title. Only the
address of the Vega scripts differs: they come from the same server as the page.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import altair
import vl_convert
from altair.vegalite import v6 as vegalite
from relations.dataset import ROOT
from relations.figure import FIGURE_MIME, LAB_MIME

CONFIG = """\
title: "Russia and Pakistan: A Relationship in Evidence"
bibtex_bibfiles: [references.bib]
execute: {execute_notebooks: "off"}
"""


def chapter(notebook: dict) -> dict:
    """A notebook whose figures are what Altair shows by default."""
    with altair.renderers.enable("html", base_url="/npm"):
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                if FIGURE_MIME in output.get("data", {}):
                    output["data"] = altair.renderers.get()(output["data"][LAB_MIME])
    return notebook


def scripts() -> dict[str, bytes]:
    """Vega, Vega-Lite and vega-embed by the addresses that Altair's output asks for.

    They are one bundle, which the first address serves: packed it is 26 kB larger than the three
    files that are published there, a tenth of a second on the bench's line.
    """
    bundle = vl_convert.javascript_bundle(
        "window.vega = vega; window.vegaLite = vegaLite; window.vegaEmbed = vegaEmbed;",
        vl_version=".".join(vegalite.VEGALITE_VERSION.split(".")[:2]),
    )
    return {
        f"/npm/vega@{vegalite.VEGA_VERSION}": f"(function () {{{bundle}}})();".encode(),
        f"/npm/vega-lite@{vegalite.VEGALITE_VERSION}": b"",
        f"/npm/vega-embed@{vegalite.VEGAEMBED_VERSION}": b"",
    }


def book(slug: str, folder: Path) -> Path:
    """Write and build the stock book of one chapter in `folder`; returns its pages."""
    folder.mkdir(parents=True)
    notebook = json.loads((ROOT / "chapters" / f"{slug}.ipynb").read_text(encoding="utf-8"))
    (folder / f"{slug}.ipynb").write_text(json.dumps(chapter(notebook)), encoding="utf-8")
    shutil.copy(ROOT / "chapters" / "references.md", folder)
    shutil.copy(ROOT / "data" / "references.bib", folder)
    (folder / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "_toc.yml").write_text(
        f"format: jb-book\nroot: {slug}\nchapters:\n  - file: references\n", encoding="utf-8"
    )
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    subprocess.run([jupyter_book, "build", folder, "--quiet"], check=True, capture_output=True)
    return folder / "_build" / "html"
