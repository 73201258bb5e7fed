"""A chart becomes a figure: static image, alternative text, caption, sources and data.

:func:`figure` shows two outputs under its cell. The first holds standard MIME types (a Vega-Lite
specification that JupyterLab makes interactive, an SVG image that GitHub shows, the alternative
text) and, under `FIGURE_MIME`, what the book needs to compose its page. The second is the title,
caption and sources as Markdown. Nothing in either depends on the time, the machine or the run.
"""

from __future__ import annotations

import re
from functools import cache

import altair as alt
import pandas as pd
import vl_convert
from IPython.display import display
from myst_nb import glue

from . import charts, dataset
from .dataset import package, resource
from .records import link, plain

FIGURE_MIME = "application/vnd.relations.figure+json"
# JupyterLab renders this type with the Vega that it carries, offline.
LAB_MIME = "application/vnd.vegalite.v5+json"
VEGA_LITE = "6.4"  # the version that Altair writes
NUMBER = re.compile(r"-?\d+\.\d{3,}")
COUNTED = re.compile(r'(?<=["#])(clip|gradient_)\d+(?=["\)])')


class FigureError(ValueError):
    """A figure lacks what every figure must have; the message names the figure and the mend."""


def figure(
    name: str,
    chart: alt.TopLevelMixin,
    *,
    title: str,
    alt: str,
    caption: str,
    sources: list[str],
    data: pd.DataFrame,
    table: pd.DataFrame | None = None,
    small: alt.TopLevelMixin | None = None,
) -> None:
    """Show `chart` as the figure `name` (``fig-…``, unique in the book).

    Parameters
    ----------
    title : the finding, one sentence without full stop.
    alt : what the chart shows, with its numbers, computed.
    caption : what is measured, in which unit, and what to beware of (Markdown, may cite).
    sources : names of tables of the dataset, or ids of the table ``sources``.
    data : the numbers that are drawn, in readable columns: the reader's table and CSV.
    table : what the page's table shows, where `data` has too many rows to be read.
    small : a chart for narrow screens, where the rule of `charts.narrow` is not enough.

    Raises
    ------
    FigureError : if a part is missing or a source is unknown.
    """
    for part, text in {"title": title, "alt": alt, "caption": caption}.items():
        if not str(text).strip():
            raise FigureError(f"Figure {name}: no {part}. Give figure(…, {part}=…) a text.")
    if not re.fullmatch(r"fig-[a-z0-9-]+", name):
        raise FigureError(f"Figure {name}: the name must be fig- and lower-case letters.")
    if not sources:
        raise FigureError(f"Figure {name}: no source. Name the tables drawn in sources=[…].")
    if data.empty:
        raise FigureError(f"Figure {name}: no data. Give the drawn numbers as data=….")
    credits = [credit(source) for source in sources]
    spec = charts.as_spec(chart)
    tight = charts.as_spec(small) if small is not None else charts.narrow(spec)
    tight["config"]["legend"] |= charts.NARROW_LEGEND
    spec["datasets"] = spec.get("datasets", {}) | tight.get("datasets", {})
    tight["datasets"] = spec["datasets"]
    spec, wide_svg = fitted(spec, charts.WIDE)
    tight, narrow_svg = fitted(tight, charts.NARROW)
    del tight["datasets"]
    payload = {
        "name": name,
        "title": title,
        "alt": alt,
        "caption": caption,
        "sources": credits,
        "csv": _csv(data),
        "narrow": tight,
        "narrow_svg": narrow_svg,
    }
    if table is not None:
        payload["table"] = _csv(table)
    bundle = {
        "text/plain": f"Figure: {title}. {alt}",
        "image/svg+xml": wide_svg,
        LAB_MIME: spec,
        FIGURE_MIME: payload,
    }
    links = "; ".join(link(item["title"], item["url"]) for item in credits)
    words = f"**{plain(title)}.** {caption}\n\nSources: {links}."
    display({"text/markdown": words, "text/plain": f"{title}. {caption}"}, raw=True)
    display(bundle, raw=True)


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, lineterminator="\n", float_format="%.12g")


def fitted(spec: dict, width: int) -> tuple[dict, str]:
    """A specification that is at most `width` pixels across with all its labels, and its image.

    Labels beside the plot make a chart wider than its views: the views give way.
    """
    image = svg(spec)
    excess = float(re.search(r'width="([\d.]+)"', image)[1]) - width
    if excess <= 0:
        return spec, image
    spec = charts.shrunk(spec, excess)
    return spec, svg(spec)


def svg(spec: dict) -> str:
    """A specification as a static SVG, coordinates to a hundredth of a pixel."""
    text = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    seen: dict[str, int] = {}  # Vega counts ids through all the charts of a kernel: begin anew
    text = COUNTED.sub(lambda m: f"{m[1]}{seen.setdefault(m[0], len(seen) + 1)}", text)
    return NUMBER.sub(lambda match: f"{float(match.group()):.2f}".rstrip("0").rstrip("."), text)


@cache
def credit(source: str) -> dict:
    """The title and address to print for a table of the dataset or a row of ``sources``."""
    names = {item["name"] for item in package()["resources"]}
    if source in names:
        item = resource(source)
        first = item["sources"][0]
        edition = f", {first['edition']}" if first.get("edition") else ""
        return {
            "table": source,
            "title": f"{first.get('short', first['title'])}{edition}",
            "url": first.get("path", ""),
        }
    known = dataset.table("sources").set_index("source")
    if source not in known.index:
        raise FigureError(
            f"Source {source!r} is neither a table of datapackage.json nor a row of "
            "data/sources.csv. Mend the name, or add the source."
        )
    row = known.loc[source].fillna("")
    return {"table": "", "title": row["title"], "url": row["url"]}


def say(**numbers: object) -> None:
    """Hand computed numbers to the prose: ``say(rate=share(.94))`` fills ``{glue:text}`rate```."""
    for name, value in numbers.items():
        glue(name, str(value), display=False)
