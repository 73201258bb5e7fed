"""A composite index of a relationship: standardise, weigh, and see what the weights decide.

An index of unlike things is a choice (Nardo et al. 2008): its components, their direction, the
scale and the weights stand in the open, and each is varied. Components are columns, years are rows;
a component that is missing in a year is left out of that year, and the index says on how many
components it rests.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .dataset import table
from .eras import events
from .measures import (
    crosstab,
    dyad_agreement,
    effect_by_year,
    ideal_distance,
    trade_share,
    vote_matrix,
)

SEED = 19480501
INTERVAL = (0.05, 0.95)
MINIMUM = 4


class CompositeError(ValueError):
    """Components or weights do not fit; the message names the mend."""


def six_series() -> pd.DataFrame:
    """Six yearly measures of Moscow and Pakistan, 1947 to 2025, upward meaning closer.

    Columns: ``Ideal points`` (distance with its sign reversed), ``Relative votes`` (percentage
    points above Pakistan's mean agreement with the other states; main votes of years on record
    vote by vote), ``Arms`` (ln(1 + million TIV) from Moscow), ``Trade share`` (per cent of
    Pakistan's trade, Correlates of War, importer-side), ``Top visits`` (square root of the number
    of meetings of heads) and ``Events`` (mean effect). A year without a value is missing; a year
    without deliveries or meetings on record is zero.
    """
    years = pd.RangeIndex(1947, 2026, name="year")
    main = table("roll_calls").query("vote_type == 'main'").set_index("roll_call")
    agree = dyad_agreement(
        vote_matrix(table("votes"), main.reset_index()), main["year"], "PAK", "RUS"
    )
    counted = table("un_years").query("pak_rus_basis == 'votes'")["year"]
    relative = agree[agree["year"].isin(counted)].set_index("year")["relative"]
    distance = ideal_distance(table("ideal_points"), "PAK", "RUS").set_index("year")["distance"]
    arms = table("arms_tiv").query("supplier in ['SUN', 'RUS'] and recipient == 'PAK'")
    cow = "series == 'cow'"
    share = trade_share(table("trade").query(cow), table("trade_totals").query(cow), "PAK", "RUS")
    heads = table("visits").query(
        "status == 'held' and rank in ['head of state', 'head of government']"
    )
    held = events().query("status == 'held'")
    effect = effect_by_year(held, held["date"].str[:4]).set_index("year")["mean"]
    return pd.DataFrame(
        {
            "Ideal points": -distance,
            "Relative votes": relative * 100,
            "Arms": np.log1p(
                arms.groupby("year")["tiv"].sum().reindex(range(1950, 2026), fill_value=0)
            ),
            "Trade share": share.set_index("year")["share"] * 100,
            "Top visits": np.sqrt(
                heads["start"].str[:4].astype(int).value_counts().reindex(years, fill_value=0)
            ),
            "Events": effect,
        },
        index=years,
    ).astype(float)


def components(series: pd.DataFrame) -> pd.DataFrame:
    """The six series as components of the index: visits as counts over five years."""
    meetings = (series["Top visits"] ** 2).round()
    return series.assign(**{"Top visits": meetings.rolling(5).sum()})


def standardise(components: pd.DataFrame, scale: pd.DataFrame | None = None) -> pd.DataFrame:
    """Each component minus its mean, in units of its standard deviation over the years it has.

    `scale` takes means and deviations from another table with the same columns, so that variants
    can be compared on one scale.
    """
    base = (components if scale is None else scale).astype(float)
    spread = base.std(ddof=0)
    if (~(spread > 0)).any():
        name = spread.index[~(spread > 0)][0]
        raise CompositeError(f"Component {name!r} never changes: leave it out.")
    return ((components - base.mean()) / spread).astype(float)


def composite(
    scores: pd.DataFrame, weights: pd.Series | None = None, minimum: int = MINIMUM
) -> pd.DataFrame:
    """Weighted mean of the standardised components that a year has.

    `weights` by component, none negative, equal unless given; they are scaled to sum to one over
    the components present in a year. Columns: `index` (standard deviations of a component),
    `components` (how many) and `firm` (at least `minimum`). A year without any has no index.
    """
    weights = pd.Series(1.0, index=scores.columns) if weights is None else weights
    if set(weights.index) != set(scores.columns) or (weights < 0).any() or weights.sum() <= 0:
        raise CompositeError("Give one weight, not negative, for each component.")
    weights = weights.reindex(scores.columns)
    present = scores.notna()
    total = (present * weights).sum(axis=1)
    value = (scores.fillna(0) * weights).sum(axis=1) / total.where(total > 0)
    count = present.sum(axis=1)
    return pd.DataFrame({"index": value, "components": count, "firm": count >= minimum})


def weight_draws(components: int, draws: int = 2000) -> np.ndarray:
    """Weights drawn evenly from all that sum to one (flat Dirichlet), shape (draws, components)."""
    return np.random.default_rng(SEED).dirichlet(np.ones(components), size=draws)


def weighed(scores: pd.DataFrame, weights: np.ndarray) -> np.ndarray:
    """The index for each row of `weights`, shape (draws, years)."""
    present = scores.notna().to_numpy()
    total = weights @ present.T
    value = weights @ scores.fillna(0).to_numpy().T
    return np.divide(value, total, out=np.full(total.shape, np.nan), where=total > 0)


def band(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """5th and 95th percentile over the first axis."""
    low, high = np.quantile(draws, INTERVAL, axis=0)
    return low, high


def without_each(scores: pd.DataFrame, minimum: int = MINIMUM) -> pd.DataFrame:
    """The equally weighted index with each component left out in turn, one column each.

    One component fewer is asked of a firm year; the others are missing.
    """
    columns = {}
    for name in scores.columns:
        index = composite(scores.drop(columns=name), minimum=minimum - 1)
        columns[name] = index["index"].where(index["firm"])
    return pd.DataFrame(columns)


def group_means(values: np.ndarray, groups: np.ndarray, order: list) -> np.ndarray:
    """Means over the years of each group, missing years left out; shape (…, groups)."""
    values = np.asarray(values, dtype=float)
    parts = [np.nanmean(values[..., groups == name], axis=-1) for name in order]
    return np.stack(parts, axis=-1)


# --- resampling what the components rest on -----------------------------------------------------


def relative_draws(
    matrix: pd.DataFrame, groups: pd.Series, a: str, b: str, draws: int = 200
) -> pd.DataFrame:
    """Relative agreement of `a` and `b` (see `measures.dyad_agreement`) over resampled roll calls.

    The roll calls of each group (year) are drawn with replacement, whole, so that the pair and
    the others are counted on the same texts. Rows: groups; columns: draws.
    """
    rng = np.random.default_rng(SEED)
    others = [c for c in matrix.columns if c not in (a, b)]
    rows = {}
    for group, ids in groups[groups.index.isin(matrix.index)].groupby(groups):
        part = matrix.loc[ids.index]
        if crosstab(part[a], part[b]).sum() == 0:
            continue
        counts = rng.multinomial(len(part), np.full(len(part), 1 / len(part)), size=draws)
        shares = []
        for c in [b, *others]:
            both = (part[a].notna() & part[c].notna()).to_numpy()
            same = both & (part[a] == part[c]).fillna(False).to_numpy(dtype=bool)
            n = counts @ both
            shares.append(np.divide(counts @ same, n, out=np.full(draws, np.nan), where=n > 0))
        rest = np.stack(shares[1:])
        seen = ~np.isnan(rest)
        mean = np.where(seen, rest, 0).sum(axis=0) / np.where(seen.any(axis=0), seen.sum(axis=0), 1)
        rows[group] = np.where(seen.any(axis=0), shares[0] - mean, np.nan)
    return pd.DataFrame.from_dict(rows, orient="index")


def effect_draws(years: pd.Series, effect: pd.Series, draws: int = 200) -> pd.DataFrame:
    """Mean effect by year over events drawn with replacement within the year.

    Rows: years; columns: draws. A year with a single event does not vary: its interval is no
    measure of what is not on record.
    """
    rng = np.random.default_rng(SEED)
    rows = {}
    for year, values in effect.astype(float).dropna().groupby(years):
        pick = rng.integers(0, len(values), size=(draws, len(values)))
        rows[year] = values.to_numpy()[pick].mean(axis=1)
    return pd.DataFrame.from_dict(rows, orient="index")


def distance_draws(points: pd.DataFrame, a: str, b: str, draws: int = 200) -> pd.DataFrame:
    """Distance of two states' ideal points, each drawn from a normal with its published interval.

    `points` has `state`, `year`, `ideal_point`, `low`, `high` (90 % interval); years are drawn
    independently of one another. Rows: years; columns: draws.
    """
    rng = np.random.default_rng(SEED)
    seat = points.assign(state=points["state"].replace({"SUN": "RUS"}))
    seat = seat.set_index(["state", "year"])[["ideal_point", "low", "high"]]
    both = seat.loc[a].join(seat.loc[b], lsuffix="_a", rsuffix="_b", how="inner").astype(float)
    drawn = []
    for side in ("a", "b"):
        sd = (both[f"high_{side}"] - both[f"low_{side}"]).to_numpy() / (2 * 1.6449)
        noise = rng.standard_normal((len(both), draws))
        drawn.append(both[f"ideal_point_{side}"].to_numpy()[:, None] + sd[:, None] * noise)
    return pd.DataFrame(np.abs(drawn[0] - drawn[1]), index=both.index)
