"""Measures of a relationship: pure functions, table in and table out.

Votes: agreement (identical votes among roll calls on which both voted), Scott's pi and agreement
relative to the rest of the table, each with a bootstrap interval; ideal-point distance.
Flows: shares of suppliers and partners over windows of years. Events: effect per year.
Coders: Krippendorff's alpha and exact agreement. Units and sources stand with each function.
"""

from __future__ import annotations

import krippendorff
import numpy as np
import pandas as pd

VOTES = ["Y", "A", "N"]
RESAMPLES = 2000
SEED = 19480501
INTERVAL = (0.05, 0.95)


def vote_matrix(votes: pd.DataFrame, roll_calls: pd.DataFrame) -> pd.DataFrame:
    """Votes (Y, A, N) by roll call and state, with absence and the unknown as missing.

    `votes` has `roll_call`, `state`, `vote`; the Soviet and the Russian seat share the column
    ``RUS``. Only the roll calls in `roll_calls` are kept; its index is carried over by `roll_call`.
    """
    cast = votes[votes["vote"].isin(VOTES) & votes["roll_call"].isin(roll_calls["roll_call"])]
    cast = cast.assign(state=cast["state"].replace({"SUN": "RUS"}))
    return cast.pivot(index="roll_call", columns="state", values="vote")


def crosstab(a: pd.Series, b: pd.Series) -> np.ndarray:
    """The 3 × 3 table of two states' votes (rows `a`, columns `b`, in the order Y, A, N)."""
    both = pd.DataFrame({"a": a, "b": b}).dropna()
    table = pd.crosstab(both["a"], both["b"]).reindex(index=VOTES, columns=VOTES, fill_value=0)
    return table.to_numpy()


def agreement(table: np.ndarray) -> np.ndarray:
    """Share of identical votes in a 3 × 3 table, or in each of a stack of them (0 to 1)."""
    total = table.sum(axis=(-2, -1))
    same = np.trace(table, axis1=-2, axis2=-1)
    return np.divide(same, total, out=np.full(np.shape(total), np.nan), where=total > 0)


def scotts_pi(table: np.ndarray) -> np.ndarray:
    """Agreement corrected for chance with pooled margins (Scott 1955; Häge 2011): 1 at most.

    Zero is what two states with the same mix of votes would reach by chance; the measure is
    missing where everybody voted alike, since chance then explains everything.
    """
    observed = agreement(table)
    total = table.sum(axis=(-2, -1))[..., None]
    margins = (table.sum(axis=-1) + table.sum(axis=-2)) / np.where(total > 0, 2 * total, np.nan)
    expected = (margins**2).sum(axis=-1)
    room = 1 - expected
    safe = np.where(room > 1e-12, room, np.nan)
    return (observed - expected) / safe


def interval(table: np.ndarray, statistic, resamples: int = RESAMPLES) -> tuple[float, float]:
    """Bootstrap 5th and 95th percentile of a statistic of a 3 × 3 table.

    Roll calls are drawn with replacement, which for a table of counts is a multinomial draw. The
    roll calls of a year are no random sample of anything: the interval says how far the figure
    depends on which texts came to a vote, not how far it may be from a true value.
    """
    total = int(table.sum())
    if total == 0:
        return (np.nan, np.nan)
    draw = np.random.default_rng(SEED).multinomial(total, table.ravel() / total, size=resamples)
    drawn = statistic(draw.reshape(-1, 3, 3))
    drawn = drawn[~np.isnan(drawn)]
    if drawn.size == 0:
        return (np.nan, np.nan)
    low, high = np.quantile(drawn, INTERVAL)
    return float(low), float(high)


def dyad_agreement(matrix: pd.DataFrame, groups: pd.Series, a: str, b: str) -> pd.DataFrame:
    """Agreement of two states by group of roll calls (usually calendar years).

    `matrix` comes from :func:`vote_matrix`; `groups` names the group of each roll call. Columns:
    the group, `roll_calls` on which both voted, `agreement` with `low` and `high` (90 % bootstrap
    interval), `pi` with `pi_low` and `pi_high`, and `relative`: agreement minus the mean of `a`'s
    agreement with every other state of the matrix in the same group, so that an agenda on which
    everybody agrees is not read as friendship.
    """
    rows = []
    for group, ids in groups[groups.index.isin(matrix.index)].groupby(groups):
        part = matrix.loc[ids.index]
        table = crosstab(part[a], part[b])
        if table.sum() == 0:
            continue
        low, high = interval(table, agreement)
        pi_low, pi_high = interval(table, scotts_pi)
        others = [agreement(crosstab(part[a], part[c])) for c in matrix.columns if c not in (a, b)]
        rows.append(
            {
                groups.name: group,
                "roll_calls": int(table.sum()),
                "agreement": float(agreement(table)),
                "low": low,
                "high": high,
                "pi": float(scotts_pi(table)),
                "pi_low": pi_low,
                "pi_high": pi_high,
                "relative": float(agreement(table) - pd.Series(others, dtype=float).mean()),
            }
        )
    return pd.DataFrame(rows)


def ideal_distance(points: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """Distance between two states' ideal points by year (Bailey, Strezhnev and Voeten 2017).

    Units of the ideal-point scale. `low` and `high` combine the two published 90 % intervals as
    if the two errors were independent and symmetric, which the publisher does not state: read
    them as a guide. `from_a` is positive where `b` stands closer to the United States' end.
    """
    seat = points.assign(state=points["state"].replace({"SUN": "RUS"})).set_index(["state", "year"])
    left, right = seat.loc[a], seat.loc[b]
    both = left.join(right, lsuffix="_a", rsuffix="_b", how="inner")
    gap = both["ideal_point_b"] - both["ideal_point_a"]
    spread = np.hypot((both["high_a"] - both["low_a"]) / 2, (both["high_b"] - both["low_b"]) / 2)
    return pd.DataFrame(
        {
            "distance": gap.abs(),
            "low": (gap.abs() - spread).clip(lower=0),
            "high": gap.abs() + spread,
            "from_a": gap,
        }
    ).reset_index()


def window_shares(
    flows: pd.DataFrame, start: int, end: int, *, by: str, value: str, year: str = "year"
) -> pd.DataFrame:
    """Shares of each partner in a total over the years `start` to `end`, both included.

    Columns: `by`, `value` (sum in the unit of the table), `share` (0 to 1), `rank` (1 is the
    largest). SIPRI publishes shares over five years, since single years depend on a few deliveries.
    """
    part = flows[flows[year].between(start, end)]
    total = part.groupby(by, as_index=False)[value].sum()
    total["share"] = total[value] / total[value].sum()
    total["rank"] = total[value].rank(ascending=False, method="min").astype(int)
    return total.sort_values("rank").reset_index(drop=True)


def rolling_shares(
    flows: pd.DataFrame, *, by: str, value: str, window: int = 5, year: str = "year"
) -> pd.DataFrame:
    """Shares over a moving window that ends with each year: `year`, `by`, `share`, `total`."""
    wide = flows.pivot_table(index=year, columns=by, values=value, aggfunc="sum", fill_value=0)
    wide = wide.reindex(range(int(wide.index.min()), int(wide.index.max()) + 1), fill_value=0)
    sums = wide.rolling(window).sum().iloc[window - 1 :]
    total = sums.sum(axis=1)
    shares = sums.div(total.where(total > 0), axis=0)
    tidy = shares.rename_axis(index=year).reset_index().melt(year, var_name=by, value_name="share")
    return tidy.merge(total.rename("total").rename_axis(year).reset_index(), on=year)


def trade_share(
    trade: pd.DataFrame, totals: pd.DataFrame, state: str, partner: str
) -> pd.DataFrame:
    """A partner's share of a state's merchandise trade by year, both directions together.

    `trade` holds the flows of one series (one value a direction and year), `totals` the state's
    own totals; both in million current US dollars. Codes of Moscow are joined as ``RUS``. Years in
    which a direction or a total is missing are left out. Columns: `year`, `imports`, `exports`
    (seen from `state`), `total`, `share` (0 to 1).
    """
    flows = trade[trade["flow"] == "goods"].assign(
        exporter=lambda f: f["exporter"].replace({"SUN": "RUS"}),
        importer=lambda f: f["importer"].replace({"SUN": "RUS"}),
    )
    arriving = flows[(flows["importer"] == state) & (flows["exporter"] == partner)]
    leaving = flows[(flows["exporter"] == state) & (flows["importer"] == partner)]
    own = totals[totals["state"] == state].pivot(index="year", columns="direction", values="value")
    table = pd.DataFrame(
        {
            "imports": arriving.set_index("year")["value"],
            "exports": leaving.set_index("year")["value"],
            "total": own["imports"] + own["exports"],
        }
    ).dropna()
    table["share"] = (table["imports"] + table["exports"]) / table["total"]
    return table.reset_index()


def effect_by_year(events: pd.DataFrame, years: pd.Series, value: str = "effect") -> pd.DataFrame:
    """Mean and sum of the events' effect by year, with the number of events.

    `years` is the year of each event. A year without events is absent, not zero. Effects are
    ordinal codes (−3…+3): a mean of them orders years and measures nothing finer.
    """
    grouped = events.assign(year=years.astype(int)).groupby("year")[value]
    return grouped.agg(mean="mean", sum="sum", events="count").reset_index()


def coder_agreement(first: pd.Series, second: pd.Series, resamples: int = 1000) -> dict:
    """Agreement of two coders of an ordinal code: Krippendorff's alpha and exact agreement.

    Events without a second value are left out. `low` and `high`: 90 % bootstrap interval of alpha
    over events; alpha is missing where all values are alike, and such draws are left out. Returns
    `events`, `alpha`, `low`, `high`, `exact`, `within_one` (shares, 0 to 1).
    """
    pairs = pd.DataFrame({"first": first, "second": second}).dropna().to_numpy(dtype=float)
    levels = np.arange(-3, 4, dtype=float)

    def alpha(sample: np.ndarray) -> float:
        if np.ptp(sample) == 0:
            return np.nan
        return krippendorff.alpha(sample.T, level_of_measurement="ordinal", value_domain=levels)

    rng = np.random.default_rng(SEED)
    draws = [alpha(pairs[rng.integers(0, len(pairs), len(pairs))]) for _ in range(resamples)]
    known = [draw for draw in draws if not np.isnan(draw)]
    low, high = np.quantile(known, INTERVAL) if known else (np.nan, np.nan)
    difference = np.abs(pairs[:, 0] - pairs[:, 1])
    return {
        "events": len(pairs),
        "alpha": float(alpha(pairs)),
        "low": float(low),
        "high": float(high),
        "exact": float((difference == 0).mean()),
        "within_one": float((difference <= 1).mean()),
    }
