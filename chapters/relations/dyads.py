"""Every pair of states at the United Nations: one table of all dyads, one chart to choose from.

:func:`all_dyads` measures what :func:`relations.measures.dyad_agreement` measures for one pair, for
all pairs at once. :func:`on_record` says in which years that may be read as a rate, and
:func:`explorer` draws the pair that the reader picks from two lists.
"""

from __future__ import annotations

from itertools import combinations

import altair as alt
import numpy as np
import pandas as pd

from . import charts
from .dataset import moscow, table
from .measures import INTERVAL, VOTES, agreement, interval, scotts_pi

# Rates are not drawn where less than this part of a year's roll calls is on record for the pair.
HALF = 0.5
# A year is incomplete where more than one roll call in twenty is missing, as in `un_years`.
TOLERANCE = 0.05
RATES = ["agreement", "low", "high", "pi", "pi_low", "pi_high"]
SPAN = (1945.5, 2026.0)
HEADING = {"anchor": "start", "fontSize": 14, "offset": 20, "color": charts.INK}
CHOSEN = "(datum.a === first && datum.b === second) || (datum.a === second && datum.b === first)"


def all_dyads(matrix: pd.DataFrame, years: pd.Series) -> pd.DataFrame:
    """Agreement of every pair of states in every year, one row a pair and year.

    Parameters
    ----------
    matrix : votes (Y, A, N) by roll call and state, from :func:`relations.measures.vote_matrix`.
    years : the year of each roll call, indexed as `matrix`.

    Returns
    -------
    Columns `state_a`, `state_b` (in the order of the matrix), `year`, `roll_calls` on which both
    voted, `agreement` with `low` and `high`, Scott's `pi` (Scott 1955; Häge 2011) with `pi_low`
    and `pi_high`. Agreement runs from 0 to 1, pi from −1 to 1; intervals are the 5th and 95th
    percentile of the bootstrap of :func:`relations.measures.interval`, both from the same draws.
    Pairs that never voted together in a year have no row. Where all votes of a pair are the same,
    pi is missing.
    """
    years = years[years.index.isin(matrix.index)]
    votes = matrix.loc[years.index]
    cast = np.stack([votes.to_numpy() == vote for vote in VOTES], axis=-1).astype(int)
    pairs = list(combinations(range(len(matrix.columns)), 2))
    rows = []
    for year in sorted(years.unique()):
        part = cast[(years == year).to_numpy()]
        tables = np.einsum("nai,nbj->abij", part, part)
        for a, b in pairs:
            if tables[a, b].any():
                rows.append(_measured(matrix.columns[a], matrix.columns[b], year, tables[a, b]))
    return pd.DataFrame(rows, columns=["state_a", "state_b", "year", "roll_calls", *RATES])


def _measured(a: str, b: str, year: int, table: np.ndarray) -> tuple:
    """One row of :func:`all_dyads` from the 3 × 3 table of the two states' votes."""
    drawn = {}

    def shares(tables: np.ndarray) -> np.ndarray:
        drawn["pi"] = scotts_pi(tables)
        return agreement(tables)

    low, high = interval(table, shares)
    pis = drawn["pi"][~np.isnan(drawn["pi"])]
    pi_low, pi_high = np.quantile(pis, INTERVAL) if pis.size else (np.nan, np.nan)
    rates = (agreement(table), low, high, scotts_pi(table), pi_low, pi_high)
    return (a, b, int(year), int(table.sum()), *(float(rate) for rate in rates))


def on_record(
    dyads: pd.DataFrame, votes: pd.DataFrame, roll_calls: pd.DataFrame, un_years: pd.DataFrame
) -> pd.DataFrame:
    """The dyads with two columns that say how far a year's rate can be trusted.

    `votes`, `roll_calls` (those that were measured) and `un_years` are tables of the dataset.
    `known`: the part of the year's recorded votes, with those that `un_years` knows to be missing,
    for which both states' votes are on record (absence included; votes that are only derived from
    published sums do not count). Before 1992 no list was compared, and nothing is known to be
    missing but special sessions: `known` is empty. `record`: ``complete`` (at least 19 in 20
    known), ``incomplete``, or ``no rate`` (less than half known, or votes partly derived).
    """
    year = roll_calls.set_index("roll_call")["year"]
    due = year.value_counts() + un_years.set_index("year")["missing"]
    cast = votes[votes["roll_call"].isin(year.index)]
    cast = cast.assign(state=moscow(cast["state"]), year=cast["roll_call"].map(year))
    cast = cast[cast["year"].isin(due.dropna().index)]
    seen = cast[cast["basis"] == "observed"].assign(seen=1)
    seen = seen.pivot(index="roll_call", columns="state", values="seen").fillna(0)
    guessed = cast.loc[cast["basis"] == "derived"].groupby(["state", "year"]).size()
    parts = []
    for a, b in dyads[["state_a", "state_b"]].drop_duplicates().itertuples(index=False):
        if {a, b} <= set(seen.columns):
            held = (seen[a] * seen[b]).groupby(year).sum()
            part = pd.DataFrame({"known": (held / due).dropna().astype(float)})
            part["partly"] = [(a, y) in guessed or (b, y) in guessed for y in part.index]
            parts.append(part.rename_axis("year").reset_index().assign(state_a=a, state_b=b))
    rows = dyads.merge(pd.concat(parts), on=["state_a", "state_b", "year"], how="left")
    partly = rows.pop("partly").eq(True)
    rows["record"] = "complete"
    rows.loc[rows["known"] < 1 - TOLERANCE, "record"] = "incomplete"
    rows.loc[(rows["known"] < HALF) | partly, "record"] = "no rate"
    return rows


def names(codes: list[str]) -> dict[str, str]:
    """The name of each state by its code, in the order of the names; Moscow is USSR/Russia."""
    known = table("actors").set_index("actor")["name"].to_dict() | charts.NAMES
    return dict(
        sorted(((code, known[code]) for code in codes), key=lambda item: item[1].casefold())
    )


def readable(dyads: pd.DataFrame) -> pd.DataFrame:
    """The dyads of :func:`on_record` in columns for readers; no rate where none may be given."""
    rated = dyads["record"] != "no rate"
    label = names(sorted({*dyads["state_a"], *dyads["state_b"]}))
    heads = ["Agreement", "Agreement low", "Agreement high", "Pi", "Pi low", "Pi high"]
    rates = dyads[RATES].where(rated).round(3).set_axis(heads, axis=1)
    front = pd.DataFrame(
        {
            "State": dyads["state_a"].map(label),
            "Other state": dyads["state_b"].map(label),
            "Year": dyads["year"],
            "Roll calls": dyads["roll_calls"],
        }
    )
    return pd.concat([front, rates, dyads["record"].rename("Record")], axis=1)


def explorer(
    dyads: pd.DataFrame,
    bounds: pd.DataFrame | None = None,
    *,
    first: str = "PAK",
    second: str = "RUS",
) -> alt.VConcatChart:
    """Agreement, Scott's pi and roll calls by year of two states that the reader picks.

    `dyads` comes from :func:`on_record`; `bounds` is the table ``un_agreement_bounds``, whose
    limits are drawn where no rate may be. The two lists are bound to the parameters ``first`` and
    ``second``; rows are filtered in the page, so that either order of the two works. Complete years
    are joined by a line, incomplete ones hollow and apart from it; the same state twice leaves
    the panels empty and says so. Scales are fixed: the chart keeps its height and its axes.
    """
    label = names(sorted({*dyads["state_a"], *dyads["state_b"]}))
    choice = [
        alt.param(
            name=name,
            value=value,
            bind=alt.binding_select(options=list(label), labels=list(label.values()), name=text),
        )
        for name, value, text in [
            ("first", first, "First state "),
            ("second", second, "Second state "),
        ]
    ]
    chosen = alt.Chart(_compact(dyads)).transform_filter(CHOSEN)
    panels = [
        _rates(chosen, "agreement", "Agreement: share of identical votes", [0, 1.12], ".0%", 200),
        _rates(chosen, "pi", "Scott’s pi: agreement beyond chance", [-1, 1], ".1f", 170),
        _calls(chosen),
    ]
    if bounds is not None:
        panels[0] += _limits(bounds)
    title = alt.Title(alt.ExprRef(_heading(dyads, label)), **HEADING)
    panels[0] = panels[0].properties(title=title)
    return alt.vconcat(*panels, spacing=26).add_params(*choice)


def _compact(dyads: pd.DataFrame) -> alt.InlineData:
    """The dyads as text of comma-separated values: a third of the size of records in JSON."""
    rows = dyads.rename(columns={"state_a": "a", "state_b": "b", "roll_calls": "n"})
    rows = rows.sort_values(["a", "b", "year"], ignore_index=True)
    rows[RATES] = rows[RATES].where(rows["record"] != "no rate").round(3)
    firm = rows[rows["record"] == "complete"]
    gap = firm.groupby(["a", "b"])["year"].diff().fillna(1) > 1
    rows["run"] = gap.groupby([firm["a"], firm["b"]]).cumsum().astype("Int64")
    alone = rows.groupby(["a", "b", "run"])["year"].transform("size") == 1
    rows["run"] = rows["run"].mask(alone)  # a lone year has no line and no band, but a rule
    rows["record"] = rows["record"].map({"complete": 2, "incomplete": 1, "no rate": 0})
    text = rows[["a", "b", "year", "n", *RATES, "record", "run"]].to_csv(
        index=False, lineterminator="\n", float_format="%.3g"
    )
    numbers = dict.fromkeys(["year", "n", *RATES, "record", "run"], "number")
    return alt.InlineData(values=text, format=alt.CsvDataFormat(type="csv", parse=numbers))


def _heading(dyads: pd.DataFrame, label: dict[str, str]) -> str:
    """The line above the panels, as an expression of the two choices."""
    met = {frozenset(pair) for pair in dyads[["state_a", "state_b"]].itertuples(index=False)}
    apart = [pair for pair in combinations(label, 2) if frozenset(pair) not in met]
    never = " || ".join(
        f"(first === '{a}' && second === '{b}') || (first === '{b}' && second === '{a}')"
        for a, b in apart
    )
    named = ", ".join(f"'{code}': '{name}'" for code, name in label.items())
    pair = f"({{{named}}})[first] + ' and ' + ({{{named}}})[second]"
    full = f"({never or 'false'}) ? {pair} + ': no roll call in common' : {pair}"
    return f"first === second ? 'Choose two different states' : {full}"


def _x(title: str | None = None) -> alt.X:
    """The years, on the same fixed scale in every panel."""
    return alt.X("year:Q", scale=charts.year_scale(*SPAN), axis=charts.year_axis(title))


def _tooltip() -> list[alt.Tooltip]:
    """What a year of a pair says when pointed at."""
    rates = {"agreement": "Agreement", "pi": "Scott’s pi"}
    shown = [alt.Tooltip("year:Q", title="Year"), alt.Tooltip("n:Q", title="Roll calls of both")]
    for rate, title in rates.items():
        prefix = "pi_" if rate == "pi" else ""
        form = ".2f" if rate == "pi" else ".0%"
        shown += [
            alt.Tooltip(f"{rate}:Q", title=title, format=form),
            alt.Tooltip(f"{prefix}low:Q", title="90% from", format=form),
            alt.Tooltip(f"{prefix}high:Q", title="90% to", format=form),
        ]
    return [*shown, alt.Tooltip("state:N", title="Record of the year")]


def _with_record(chart: alt.Chart) -> alt.Chart:
    """The chart with the state of the record in words (`state`)."""
    words = "['under half known or partly derived: no rate', 'incomplete', 'complete']"
    return chart.transform_calculate(state=f"{words}[datum.record]")


def _rates(
    chosen: alt.Chart, rate: str, title: str, domain: list[float], form: str, height: int
) -> alt.LayerChart:
    """One panel of a rate: band and line through complete years, hollow points for others."""
    prefix = "pi_" if rate == "pi" else ""
    scale = alt.Scale(domain=domain, nice=False)
    ticks = [0, 0.25, 0.5, 0.75, 1] if rate == "agreement" else [-1, -0.5, 0, 0.5, 1]
    axis = alt.Axis(title=title, format=form, values=ticks)
    y = alt.Y(f"{rate}:Q", scale=scale, axis=axis)
    low = alt.Y(f"{prefix}low:Q", scale=scale, axis=axis)
    drawn = f"datum.record > 0 && isValid(datum.{rate})"
    joined = chosen.transform_filter(f"{drawn} && isValid(datum.run)")
    single = chosen.transform_filter(f"{drawn} && !isValid(datum.run)")
    ends = {"x": _x(), "y": low, "y2": f"{prefix}high:Q"}
    points = _with_record(chosen.transform_filter(drawn))
    layers = [
        charts.era_bands(*SPAN, labels=rate == "agreement"),
        joined.mark_area(color=charts.INK, opacity=0.18).encode(**ends, detail="run:N"),
        single.mark_rule(color=charts.INK, opacity=0.45, strokeWidth=1.5).encode(**ends),
        joined.mark_line(color=charts.INK, strokeWidth=2).encode(x=_x(), y=y, detail="run:N"),
        points.mark_point(color=charts.INK, opacity=1, strokeWidth=1.5).encode(
            x=_x(),
            y=y,
            fill=alt.condition(
                "datum.record === 2", alt.value(charts.INK), alt.value(charts.PAPER)
            ),
            size=alt.condition("datum.record === 2", alt.value(16), alt.value(40)),
            tooltip=_tooltip(),
        ),
    ]
    if rate == "pi":
        zero = alt.Chart(pd.DataFrame({"zero": [0]}))
        layers.insert(1, zero.mark_rule(color=charts.MUTED).encode(y=alt.Y("zero:Q", scale=scale)))
    return alt.layer(*layers).properties(width=charts.WIDE - 60, height=height)


def _limits(bounds: pd.DataFrame) -> alt.Chart:
    """Known limits of agreement in years without a rate, as dark bars from low to high."""
    rows = bounds[bounds["subset"] == "all"]
    rows = pd.DataFrame(
        {
            "a": rows["state_a"],
            "b": rows["state_b"],
            "year": rows["year"],
            "least": (rows["agree_low"] / rows["roll_calls"]).astype(float).round(3),
            "most": (rows["agree_high"] / rows["roll_calls"]).astype(float).round(3),
            "n": rows["roll_calls"],
        }
    )
    return (
        alt.Chart(rows)
        .transform_filter(CHOSEN)
        .mark_rule(color=charts.INK, strokeWidth=4)
        .encode(
            x=_x(),
            y=alt.Y("least:Q", scale=alt.Scale(domain=[0, 1.12], nice=False)),
            y2="most:Q",
            tooltip=[
                alt.Tooltip("year:Q", title="Year"),
                alt.Tooltip("least:Q", title="Agreement, at least", format=".0%"),
                alt.Tooltip("most:Q", title="Agreement, at most", format=".0%"),
                alt.Tooltip("n:Q", title="Roll calls of both"),
            ],
        )
    )


def _calls(chosen: alt.Chart) -> alt.LayerChart:
    """The panel of roll calls: filled bars for complete years, hollow bars for others."""
    bars = _with_record(chosen).mark_bar(size=5, stroke=charts.INK, strokeWidth=1)
    drawn = bars.encode(
        x=_x(),
        y=alt.Y(
            "n:Q",
            scale=alt.Scale(domain=[0, 200], nice=False),
            axis=alt.Axis(title="Roll calls in which both voted", tickCount=3),
        ),
        fill=alt.condition("datum.record === 2", alt.value(charts.INK), alt.value(charts.PAPER)),
        tooltip=_tooltip(),
    )
    bands = charts.era_bands(*SPAN, labels=False)
    return alt.layer(bands, drawn).properties(width=charts.WIDE - 60, height=80)
