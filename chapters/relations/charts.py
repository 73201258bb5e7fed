"""One theme and a few chart forms: a tidy table in, an Altair chart out.

Every time axis is in decimal years, so that no clock or time zone enters a chart. Every form is
drawn for a column `WIDE` pixels wide; :func:`narrow` lays the same chart out again for a phone.
The colours are fixed tokens (`COLOURS`, `INK` …); the book maps them to light and dark.
"""

from __future__ import annotations

import copy
import hashlib
import json
import warnings

import altair as alt
import pandas as pd

from .eras import eras

WIDE = 688
NARROW = 328
NARROW_LEGEND = {"columns": 2, "columnPadding": 8, "labelLimit": 140}
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

# Neutral tokens: text, quiet text, rules, era bands, page; and, for marks alone, faint. What is no
# state, no domain and no answer (methods, kinds, coders) is told by ink, muted and faint.
INK, MUTED, RULE, BAND, PAPER = "#1f2329", "#5c636b", "#d9d9d4", "#ebe6da", "#fffffe"
FAINT = "#7d848b"

# One colour a state, the same in every chart; Moscow keeps its colour across 1991. Those that meet
# in a chart read apart without full colour vision: the tests name those that would not.
COLOURS = {
    "PAK": "#00796b",
    "SUN": "#c4412a",
    "RUS": "#c4412b",
    "IND": "#6c5403",
    "USA": "#14538f",
    "CHN": "#8b4eb0",
    "AFG": "#43505d",
    "GBR": "#506918",
    "FRA": "#812660",
    "UKR": "#017792",
}
OTHER = "#7a8087"
NAMES = {
    "PAK": "Pakistan",
    "SUN": "USSR",
    "RUS": "USSR/Russia",
    "IND": "India",
    "USA": "United States",
    "CHN": "China",
    "AFG": "Afghanistan",
    "GBR": "United Kingdom",
    "FRA": "France",
    "UKR": "Ukraine",
}

# Domains of events, in five families that read apart without colour vision.
FAMILIES = {
    "war": "War and security",
    "security": "War and security",
    "alliance": "War and security",
    "diplomacy": "Diplomacy and visits",
    "visit": "Diplomacy and visits",
    "un": "United Nations",
    "economy": "Economy and energy",
    "energy": "Economy and energy",
    "culture": "Culture and science",
    "science": "Culture and science",
}
FAMILY_COLOURS = {
    "War and security": "#b23a4e",
    "Diplomacy and visits": "#2a6f97",
    "United Nations": "#8a6d1d",
    "Economy and energy": "#3d7d4a",
    "Culture and science": "#7a5aa6",
}
FAMILY_SHAPES = {
    "War and security": "diamond",
    "Diplomacy and visits": "circle",
    "United Nations": "triangle-up",
    "Economy and energy": "square",
    "Culture and science": "cross",
}

# Verdicts on a claim, from borne out to the opposite; then those that no evidence decides.
VERDICT_COLOURS = {
    "supported": "#1b4f91",
    "partly supported": "#4476b2",
    "not supported": "#a86317",
    "contradicted": "#86330f",
    "opinion": "#7a4f7a",
    "not testable": "#6f757e",
}
# The same four wherever an answer goes from yes to no: votes, outcomes, how firm a record is.
YES, PARTLY, HARDLY, NO = list(VERDICT_COLOURS.values())[:4]

_AXIS = {
    "domainColor": RULE,
    "gridColor": RULE,
    "tickColor": RULE,
    "labelColor": MUTED,
    "titleColor": MUTED,
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "labelFont": FONT,
    "titleFont": FONT,
    "gridOpacity": 0.7,
}
CONFIG = {
    "aria": False,
    "background": PAPER,
    "font": FONT,
    "view": {"stroke": None},
    "axis": _AXIS,
    "axisX": {
        "grid": False,
        "labelFlush": False,
        "labelOverlap": "greedy",
        "labelSeparation": 5,
    },
    "axisY": {
        "domain": False,
        "ticks": False,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "start",
        "titleBaseline": "bottom",
        "titleX": 0,
        "titleY": -10,
        "labelPadding": 9,
    },
    "legend": {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelColor": INK,
        "titleColor": MUTED,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "orient": "top",
        "offset": 26,
        "symbolSize": 90,
        "columnPadding": 14,
        "labelLimit": 220,
    },
    "text": {"font": FONT, "fontSize": 12, "color": INK},
    "header": {"labelFont": FONT, "labelColor": INK, "labelFontSize": 12},
    "range": {"category": [*dict.fromkeys(COLOURS.values()), OTHER]},
}


def year_axis(title: str | None = None, **options) -> alt.Axis:
    """A horizontal axis of decimal years."""
    return alt.Axis(**{"format": "d", "title": title, "tickCount": 8, **options})


def year_scale(start: float, end: float) -> alt.Scale:
    """A fixed scale of decimal years."""
    return alt.Scale(domain=[start, end], nice=False, zero=False, padding=0)


def era_bands(start: float, end: float, *, labels: bool = True) -> alt.LayerChart:
    """Bands of the eras between two decimal years, every second one shaded, with their names.

    Names are drawn on wide charts only; on a narrow one the bands alone remain.
    """
    frame = eras().assign(shaded=lambda f: f.index % 2 == 0)
    frame = frame[(frame["to_year"] > start) & (frame["from_year"] < end)]
    frame = frame.assign(
        left=frame["from_year"].clip(lower=start),
        right=frame["to_year"].clip(upper=end),
        middle=lambda f: (f["left"] + f["right"]) / 2,
    )[["era", "short_title", "left", "right", "middle", "shaded"]]
    scale = year_scale(start, end)
    bands = (
        alt.Chart(frame[frame["shaded"]])
        .mark_rect(color=BAND, opacity=0.6)
        .encode(x=alt.X("left:Q", scale=scale, axis=year_axis()), x2="right:Q")
    )
    # A name, or the first of two, must fit its band: about 6 pixels a letter at this size.
    room = (frame["right"] - frame["left"]) / (end - start) * (WIDE - 60) / 5.6
    whole = frame["short_title"]
    frame["name"] = whole.where(whole.str.len() < room, whole.str.split("–").str[0])
    fits = frame.loc[frame["name"].str.len() < room, ["name", "middle"]]
    names = (
        alt.Chart(fits, name="wide_era_names")
        .mark_text(baseline="top", dy=3, fontSize=10.5, color=MUTED)
        .encode(x=alt.X("middle:Q", scale=scale), y=alt.value(0), text="name:N")
    )
    return bands + names if labels else alt.layer(bands)


def notes(table: pd.DataFrame, x: str, y: str, text: str, **mark) -> alt.Chart:
    """Short annotations beside points of a chart; wide charts only."""
    options = {"align": "left", "dx": 6, "dy": -8, "fontSize": 11, "color": MUTED, **mark}
    return (
        alt.Chart(table, name=f"wide_notes_{text}")
        .mark_text(**options)
        .encode(x=f"{x}:Q", y=f"{y}:Q", text=f"{text}:N")
    )


def _palette(values: list[str], colours: dict[str, str] | None) -> alt.Scale:
    known = {**{NAMES[code]: colour for code, colour in COLOURS.items()}, **COLOURS}
    known |= FAMILY_COLOURS | (colours or {})
    return alt.Scale(domain=values, range=[known.get(value, OTHER) for value in values])


def lines(
    table: pd.DataFrame,
    *,
    x: str = "year",
    y: str,
    series: str,
    y_title: str,
    tooltip: list,
    low: str | None = None,
    high: str | None = None,
    hollow: str | None = None,
    y_format: str = ",~r",
    y_domain: list[float] | None = None,
    domain: tuple[float, float] | None = None,
    order: list[str] | None = None,
    colours: dict[str, str] | None = None,
    labels: bool = True,
    eras_named: bool = True,
    height: int = 300,
) -> alt.LayerChart:
    """Lines by series over time, on era bands, with intervals as bands and direct labels.

    A year that is missing from the table, or has no value, breaks the line: gaps stay gaps.
    `low` and `high` name the columns of an interval; `hollow` names a boolean column: rows that
    rest on incomplete records are drawn as hollow points off the line.
    """
    start, end = domain or (float(table[x].min()), float(table[x].max()))
    values = order or sorted(table[series].dropna().unique())
    rows = with_gaps(table, x, y, series)
    scale = year_scale(start, end)
    colour = alt.Color(f"{series}:N", scale=_palette(values, colours), legend=None)
    axis = alt.Axis(title=y_title, format=y_format, tickCount=5)
    y_scale = alt.Scale(domain=y_domain) if y_domain else alt.Scale(zero=False)
    base = alt.Chart(rows).encode(
        x=alt.X(f"{x}:Q", scale=scale, axis=year_axis()),
        color=colour,
        detail="run:N",
    )
    layers = [era_bands(start, end, labels=eras_named)]
    if low and high:
        layers.append(
            base.mark_area(opacity=0.18).encode(
                y=alt.Y(f"{low}:Q", scale=y_scale, axis=axis), y2=f"{high}:Q"
            )
        )
    firm = rows if hollow is None else rows.assign(**{y: rows[y].mask(rows[hollow])})
    firm = with_gaps(firm.drop(columns="run"), x, y, series)
    layers.append(
        base.properties(data=firm)
        .mark_line(strokeWidth=2, interpolate="linear")
        .encode(y=alt.Y(f"{y}:Q", scale=y_scale, axis=axis))
    )
    # A lone year between two gaps has no line: its point must be seen.
    points = base.mark_point(filled=True, size=22, opacity=1).encode(
        y=alt.Y(f"{y}:Q", scale=y_scale), tooltip=tooltip
    )
    if hollow is not None:
        points = points.encode(
            fill=alt.condition(f"datum['{hollow}']", alt.value(PAPER), alt.value(None)),
            size=alt.condition(f"datum['{hollow}']", alt.value(46), alt.value(22)),
        )
    layers.append(points)
    if labels:
        last = rows.dropna(subset=[y]).sort_values(x).groupby(series, as_index=False).last()
        layers.append(
            alt.Chart(last)
            .mark_text(align="left", dx=7, fontSize=12, fontWeight="bold")
            .encode(
                x=alt.X(f"{x}:Q", scale=scale),
                y=alt.Y(f"{y}:Q", scale=y_scale),
                text=f"{series}:N",
                color=colour,
            )
        )
    return alt.layer(*layers).properties(width=WIDE, height=height)


def with_gaps(table: pd.DataFrame, x: str, y: str, series: str) -> pd.DataFrame:
    """Rows with a value, each with the unbroken run of years (`run`) that it belongs to."""
    rows = table.dropna(subset=[y]).sort_values([series, x]).reset_index(drop=True)
    step = rows.groupby(series)[x].diff().fillna(1) > 1.01
    return rows.assign(run=rows[series].astype(str) + "-" + step.astype(int).cumsum().astype(str))


def bars(
    table: pd.DataFrame,
    *,
    x: str = "year",
    y: str,
    series: str,
    y_title: str,
    tooltip: list,
    y_format: str = ",~r",
    domain: tuple[float, float] | None = None,
    order: list[str] | None = None,
    colours: dict[str, str] | None = None,
    eras_named: bool = True,
    bar: int = 7,
    height: int = 280,
) -> alt.LayerChart:
    """Stacked bars by year on era bands; the legend toggles a series."""
    start, end = domain or (float(table[x].min()) - 1, float(table[x].max()) + 1)
    values = order or sorted(table[series].dropna().unique())
    pick = alt.selection_point(fields=[series], bind="legend", name="pick")
    rank = table[series].map({value: index for index, value in enumerate(values)})
    drawn = (
        alt.Chart(table.assign(rank=rank))
        .mark_bar(size=bar)
        .encode(
            x=alt.X(f"{x}:Q", scale=year_scale(start, end), axis=year_axis()),
            y=alt.Y(
                f"{y}:Q",
                stack="zero",
                axis=alt.Axis(title=y_title, format=y_format, tickCount=5),
            ),
            color=alt.Color(
                f"{series}:N",
                scale=_palette(values, colours),
                legend=alt.Legend(title=None),
            ),
            order=alt.Order("rank:Q"),
            opacity=alt.condition(pick, alt.value(1), alt.value(0.15)),
            tooltip=tooltip,
        )
        .add_params(pick)
    )
    return alt.layer(era_bands(start, end, labels=eras_named), drawn).properties(
        width=WIDE, height=height
    )


def timeline(
    events: pd.DataFrame, *, domain: tuple[float, float], height: int = 340
) -> alt.LayerChart:
    """Dated events by effect (−3…+3) on era bands; the legend toggles a family of domains.

    `events` comes from :func:`relations.eras.events`. Events of the same time and effect stand
    one above the other around their effect; events that were not held are hollow.
    """
    width_years = (domain[1] - domain[0]) / 80
    rows = spread(events, width_years).assign(family=events["domain"].map(FAMILIES))
    rows = rows[
        ["year", "effect", "slot", "family", "status", "title", "date", "mark", "summary", "cites"]
    ]
    pick = alt.selection_point(fields=["family"], bind="legend", name="pick")
    families = [name for name in FAMILY_COLOURS if name in set(rows["family"])]
    y_scale = alt.Scale(domain=[-3.6, 3.6], nice=False)
    colours = alt.Scale(domain=families, range=[FAMILY_COLOURS[f] for f in families])
    points = (
        alt.Chart(rows)
        .mark_point(size=40, strokeWidth=1.3)
        .encode(
            x=alt.X("year:Q", scale=year_scale(*domain), axis=year_axis()),
            y=alt.Y(
                "slot:Q",
                scale=y_scale,
                axis=alt.Axis(
                    title="Effect on relations",
                    values=[-3, -2, -1, 0, 1, 2, 3],
                    labelExpr="(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '')"
                    " + abs(datum.value)",
                ),
            ),
            fill=alt.Fill("family:N", scale=colours, legend=alt.Legend(title=None)),
            stroke=alt.Stroke("family:N", scale=colours, legend=alt.Legend(title=None)),
            shape=alt.Shape(
                "family:N",
                scale=alt.Scale(domain=families, range=[FAMILY_SHAPES[f] for f in families]),
                legend=alt.Legend(title=None),
            ),
            fillOpacity=alt.condition("datum.status == 'held'", alt.value(0.9), alt.value(0)),
            opacity=alt.condition(pick, alt.value(1), alt.value(0.07)),
            tooltip=[
                alt.Tooltip("title:N", title="Event"),
                alt.Tooltip("date:N", title="Date"),
                alt.Tooltip("mark:N", title="Effect"),
                alt.Tooltip("summary:N", title="What happened"),
                alt.Tooltip("cites:N", title="Sources"),
            ],
        )
        .add_params(pick)
    )
    zero = alt.Chart(pd.DataFrame({"effect": [0]})).mark_rule(color=RULE).encode(y="effect:Q")
    return alt.layer(era_bands(*domain), zero, points).properties(width=WIDE, height=height)


def spread(events: pd.DataFrame, width: float) -> pd.DataFrame:
    """Events with a column `slot`: the effect, moved up or down a little where neighbours collide.

    Two events collide if they have the same effect and fall in the same stretch of `width` years.
    """
    groups = [(events["year"] / width).astype(int), events["effect"]]
    rank = events.groupby(groups).cumcount()
    size = events.groupby(groups)["effect"].transform("size")
    step = (0.84 / size.clip(lower=1)).clip(upper=0.16)
    slot = events["effect"].astype(float) + (rank - (size - 1) / 2) * step
    return events.assign(slot=slot.round(3))


def spans(
    table: pd.DataFrame,
    *,
    label: str,
    start: str,
    end: str,
    series: str,
    tooltip: list,
    domain: tuple[float, float],
    order: list[str],
    colours: dict[str, str] | None = None,
    row: int = 26,
) -> alt.LayerChart:
    """Horizontal spans, one row a label, on era bands; a span still open runs to the axis end."""
    values = sorted(table[series].dropna().unique())
    drawn = (
        alt.Chart(table)
        .mark_bar(height=10, cornerRadius=2)
        .encode(
            x=alt.X(f"{start}:Q", scale=year_scale(*domain), axis=year_axis()),
            x2=f"{end}:Q",
            y=alt.Y(f"{label}:N", sort=order, axis=alt.Axis(title=None, labelLimit=190)),
            color=alt.Color(
                f"{series}:N", scale=_palette(values, colours), legend=alt.Legend(title=None)
            ),
            tooltip=tooltip,
        )
    )
    return alt.layer(era_bands(*domain), drawn).properties(width=WIDE, height=row * len(order) + 24)


def month_axis(start: float, end: float) -> alt.Axis:
    """A horizontal axis for a few years: a tick each quarter, with the month or the year."""
    quarters = [quarter / 4 for quarter in range(round(start * 4 + 0.49), int(end * 4) + 1)]
    if end - start > 1.5:  # so that a phone, which drops every second label, keeps the years
        quarters = [quarter for quarter in quarters if quarter * 2 % 1 == 0]
    label = (
        "datum.value % 1 == 0 ? format(datum.value, 'd')"
        " : ['Apr', 'Jul', 'Oct'][round((datum.value % 1) * 4) - 1]"
    )
    return alt.Axis(title=None, values=quarters, labelExpr=label, labelOverlap="greedy")


def steps(
    table: pd.DataFrame,
    *,
    label: str,
    start: str,
    end: str,
    series: str,
    tooltip: list,
    domain: tuple[float, float],
    order: list[str],
    hollow: str | None = None,
    colours: dict[str, str] | None = None,
    row: int = 30,
) -> alt.LayerChart:
    """Dated steps, one row a label: a point for a day, a bar where only a span is known.

    `start` and `end` are decimal years, equal for a day. Steps of one row are joined by a thin
    rule, so that the lag between two series can be seen. `hollow` names a boolean column: steps
    that were planned and not held are drawn hollow. Up to four years are divided into quarters.
    """
    values = list(dict.fromkeys(table[series]))
    rows = table.assign(_middle=(table[start] + table[end]) / 2)
    planned = rows[hollow].astype(bool) if hollow else rows[start].isna()
    axis = month_axis(*domain) if domain[1] - domain[0] <= 4 else year_axis()
    x_scale = year_scale(*domain)
    middle = alt.X("_middle:Q", scale=x_scale, axis=axis)
    y = alt.Y(f"{label}:N", sort=order, axis=alt.Axis(title=None, labelLimit=230, grid=True))
    legend = alt.Legend(title=None, symbolOpacity=1, symbolType="circle")
    colour = alt.Color(f"{series}:N", scale=_palette(values, colours), legend=legend)
    ends = rows.groupby(label, as_index=False)["_middle"].agg(["min", "max"])
    lags = alt.Chart(ends[ends["max"] > ends["min"]]).mark_rule(color=MUTED, strokeWidth=1)
    known = alt.Chart(rows[rows[end] > rows[start]])
    known = known.mark_bar(height=10, cornerRadius=3, opacity=0.45)
    held = alt.Chart(rows[~planned]).mark_point(filled=True, size=95, opacity=1)
    open_ = alt.Chart(rows[planned]).mark_point(filled=False, fill=PAPER, size=80, strokeWidth=2)
    dots = {"x": middle, "y": y, "color": colour, "tooltip": tooltip}
    layers = [
        lags.encode(x=alt.X("min:Q", scale=x_scale, axis=axis), x2="max:Q", y=y),
        known.encode(
            x=alt.X(f"{start}:Q", scale=x_scale), x2=f"{end}:Q", y=y, color=colour, tooltip=tooltip
        ),
        held.encode(**dots),
        open_.encode(**dots),
    ]
    used = [layer for layer in layers if len(layer.data)]
    return alt.layer(*used).properties(width=WIDE, height=row * len(order) + 16)


def ranges(
    table: pd.DataFrame,
    *,
    x: str,
    low: str,
    high: str,
    value: str,
    series: str,
    x_title: str,
    label: str,
    tooltip: list,
    order: list[str],
    x_format: str = ",~r",
    colours: dict[str, str] | None = None,
    row: int = 30,
) -> alt.LayerChart:
    """Values with their interval, one row a label: a rule from low to high, a point between."""
    values = sorted(table[series].dropna().unique())
    legend = alt.Legend(title=None, symbolOpacity=1, symbolType="circle")
    colour = alt.Color(f"{series}:N", scale=_palette(values, colours), legend=legend)
    base = alt.Chart(table).encode(
        y=alt.Y(f"{label}:N", sort=order, axis=alt.Axis(title=None, labelLimit=230)),
        color=colour,
        tooltip=tooltip,
    )
    axis = alt.Axis(title=x_title, format=x_format, grid=True, tickCount=5)
    return alt.layer(
        base.mark_rule(strokeWidth=4, opacity=0.35).encode(
            x=alt.X(f"{low}:Q", axis=axis), x2=f"{high}:Q"
        ),
        base.mark_point(filled=True, size=70, opacity=1).encode(x=f"{value}:Q"),
    ).properties(width=WIDE, height=row * len(order) + 20)


def matrix(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    value: str,
    text: str,
    tooltip: list,
    x_order: list[str],
    y_order: list[str],
    colours: dict[str, str],
    row: int = 26,
    room: int = 0,
) -> alt.LayerChart:
    """A matrix of categories, each cell coloured by `value` and lettered with `text`.

    Names of rows take at least `room` pixels: editions of a typeface differ by fractions of one.
    """
    base = alt.Chart(table).encode(
        x=alt.X(f"{x}:N", sort=x_order, axis=alt.Axis(title=None, labelAngle=0, orient="top")),
        y=alt.Y(
            f"{y}:N",
            sort=y_order,
            axis=alt.Axis(title=None, labelLimit=230, minExtent=room or alt.Undefined),
        ),
        tooltip=tooltip,
    )
    domain = list(colours)
    cells = base.mark_rect(stroke=PAPER, strokeWidth=2).encode(
        color=alt.Color(
            f"{value}:N",
            scale=alt.Scale(domain=domain, range=list(colours.values())),
            legend=alt.Legend(title=None),
        )
    )
    letters = base.mark_text(fontSize=11, color=PAPER, fontWeight="bold").encode(text=f"{text}:N")
    return alt.layer(cells, letters).properties(width=WIDE, height=row * len(y_order) + 20)


def panel(
    table: pd.DataFrame,
    *,
    y: str,
    title: str,
    mark: str,
    colour: str,
    tooltip: list,
    domain: tuple[float, float],
    brush: alt.Parameter,
    low: str | None = None,
    high: str | None = None,
    hollow: str | None = None,
    y_format: str = ",~r",
    reverse: bool = False,
    last: bool = False,
    height: int = 92,
) -> alt.LayerChart:
    """One panel of a :func:`stack`: bars or points of a yearly series, its title above it.

    Years outside the brushed span pale, and a dashed rule shows the mean of those inside. `hollow`
    names a boolean column: rows that rest on another or an incomplete record.
    """
    axis = year_axis(labels=last, ticks=last)
    scale = alt.Scale(reverse=reverse, zero=mark == "bar")
    base = alt.Chart(table).encode(x=alt.X("year:Q", scale=year_scale(*domain), axis=axis))
    value = alt.Y(f"{y}:Q", scale=scale, axis=alt.Axis(title=title, format=y_format, tickCount=3))
    shown = alt.condition(brush, alt.value(1), alt.value(0.2))
    layers = [era_bands(*domain, labels=False)]
    if low and high:
        span = base.mark_rule(color=colour, strokeWidth=1.5)
        layers.append(
            span.encode(
                y=alt.Y(f"{low}:Q", scale=scale),
                y2=f"{high}:Q",
                opacity=alt.condition(brush, alt.value(0.45), alt.value(0.1)),
            )
        )
    drawn = base.mark_bar(size=5) if mark == "bar" else base.mark_point(size=20, strokeWidth=1.4)
    fill = alt.value(colour)
    if hollow:
        fill = alt.condition(f"datum['{hollow}']", alt.value(PAPER), alt.value(colour))
    points = drawn.encode(
        y=value, stroke=alt.value(colour), fill=fill, opacity=shown, tooltip=tooltip
    )
    if mark == "bar":  # nothing is drawn for nothing
        width = alt.condition(f"datum['{y}'] == 0", alt.value(0), alt.value(1))
        points = points.encode(strokeWidth=width)
    mean = (
        alt.Chart(table)
        .transform_filter(brush)
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(y=alt.Y(f"mean({y}):Q", scale=scale))
    )
    return alt.layer(*layers, points, mean).properties(width=WIDE - 76, height=height)


def year_brush() -> alt.Parameter:
    """The brush over years that the panels of one :func:`stack` share."""
    return alt.selection_interval(encodings=["x"], name="years")


def stack(*panels: alt.LayerChart, brush: alt.Parameter) -> alt.VConcatChart:
    """Panels one below the other on one time axis; brushing one selects the years in all."""
    with warnings.catch_warnings():
        # The panels share one brush on purpose.
        warnings.filterwarnings("ignore", "Automatically deduplicated", UserWarning)
        return alt.vconcat(*panels, spacing=30).add_params(brush)


def compare(charts: dict[str, alt.LayerChart]) -> alt.VConcatChart:
    """Charts of the same form one below the other, each under its name, on shared scales.

    They share the vertical scale, the colours, one legend and what the legend toggles.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Automatically deduplicated")  # one legend is meant
        return alt.vconcat(
            *[
                chart.properties(
                    width=WIDE - 60,
                    title=alt.Title(name, anchor="start", fontSize=13, offset=14, color=INK),
                )
                for name, chart in charts.items()
            ]
        ).resolve_scale(y="shared", color="shared")


def as_spec(chart: alt.TopLevelMixin) -> dict:
    """A chart as a Vega-Lite dictionary in the book's theme, `WIDE` pixels across."""
    spec = named(steady(chart.to_dict()))
    spec.pop("usermeta", None)
    # The page draws it with the Vega-Lite that Altair writes, JupyterLab with an older one, which
    # would warn of the newer name.
    spec.pop("$schema")
    spec["config"] = copy.deepcopy(CONFIG)
    spec["padding"] = {"left": 2, "right": 4, "top": 4, "bottom": 4}
    if not any(key in spec for key in ("vconcat", "hconcat", "concat", "facet", "repeat")):
        spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec


def steady(value):
    """A specification with its numbers to ten digits: the last ones differ between machines."""
    if isinstance(value, dict):
        return {key: steady(item) for key, item in value.items()}
    if isinstance(value, list):
        return [steady(item) for item in value]
    return float(f"{value:.10g}") if isinstance(value, float) else value


def named(spec: dict) -> dict:
    """A specification whose datasets have names that follow from what they hold.

    Altair names them so too, but before the last digits are cut.
    """
    text = json.dumps(spec)
    for name, rows in spec.get("datasets", {}).items():
        digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
        text = text.replace(name, f"data-{digest[:32]}")
    return json.loads(text)


def narrow(spec: dict, width: int = NARROW) -> dict:
    """The same specification laid out for a phone.

    Views shrink to `width`, layers named ``wide_…`` are left out and axes carry fewer ticks.
    """
    small = copy.deepcopy(spec)
    _shrink(small, width / WIDE)
    return small


def shrunk(spec: dict, pixels: float) -> dict:
    """The specification with each of its stacked views (or its one view) `pixels` narrower."""
    small = copy.deepcopy(spec)
    for view in small.get("vconcat", [small]):
        if isinstance(view.get("width"), (int, float)):
            view["width"] = max(80, int(view["width"] - pixels))
    return small


def _shrink(view: dict, factor: float) -> None:
    if isinstance(view.get("width"), (int, float)):
        view["width"] = round(view["width"] * factor)
    mark = view.get("mark")
    if isinstance(mark, dict) and mark.get("type") == "bar" and "size" in mark:
        mark["size"] = max(2, round(mark["size"] * factor, 1))
    for key in ("layer", "vconcat", "hconcat", "concat"):
        if key in view:
            view[key] = [
                child for child in view[key] if not str(child.get("name", "")).startswith("wide_")
            ]
            for child in view[key]:
                _shrink(child, factor)
    for channel in ("x", "y"):
        axis = (view.get("encoding", {}).get(channel) or {}).get("axis")
        if isinstance(axis, dict):
            if "tickCount" in axis and channel == "x":
                axis["tickCount"] = max(3, axis["tickCount"] // 2)
            if "labelLimit" in axis:
                axis["labelLimit"] = min(round(axis["labelLimit"] * 0.7), 132)
