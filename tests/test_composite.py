"""The composite index: known answers, what missing components do, and resampling."""

import numpy as np
import pandas as pd
import pytest
from relations import composite, measures


def components(years: int = 30, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        rng.standard_normal((years, 3)), index=range(1950, 1950 + years), columns=list("abc")
    )


def test_scores_have_mean_zero_and_deviation_one():
    scores = composite.standardise(components() * 7 + 3)
    assert scores.mean().to_numpy() == pytest.approx(np.zeros(3))
    assert scores.std(ddof=0).to_numpy() == pytest.approx(np.ones(3))


def test_a_variant_can_keep_the_scale_of_the_base():
    base = components()
    moved = composite.standardise(base + base.std(ddof=0), base)
    assert (moved - composite.standardise(base)).to_numpy() == pytest.approx(np.ones((30, 3)))


def test_a_component_that_never_changes_is_refused():
    with pytest.raises(composite.CompositeError, match="'b' never changes"):
        composite.standardise(components().assign(b=1.0))


def test_equal_components_make_that_component():
    one = components()["a"]
    scores = composite.standardise(pd.DataFrame({name: one for name in "abcd"}))
    index = composite.composite(scores)
    assert index["index"].to_numpy() == pytest.approx(scores["a"].to_numpy())
    assert (index["components"] == 4).all()
    assert index["firm"].all()
    drawn = composite.weighed(scores, composite.weight_draws(4, 50))
    assert drawn == pytest.approx(np.tile(scores["a"], (50, 1)))


def test_weights_by_hand():
    scores = pd.DataFrame({"a": [1.0, 1.0], "b": [3.0, np.nan]})
    index = composite.composite(scores, pd.Series({"b": 3, "a": 1}), minimum=2)
    assert index["index"].tolist() == [2.5, 1.0]
    assert index["components"].tolist() == [2, 1]
    assert index["firm"].tolist() == [True, False]


@pytest.mark.parametrize(
    "weights", [{"a": 1, "b": 1}, {"a": 1, "b": 1, "c": -1}, dict.fromkeys("abc", 0)]
)
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(composite.CompositeError, match="one weight"):
        composite.composite(components(), pd.Series(weights))


def test_a_year_without_components_has_no_index():
    scores = components()
    scores.loc[1955] = np.nan
    index = composite.composite(scores, minimum=1)
    assert np.isnan(index.loc[1955, "index"])
    assert not index.loc[1955, "firm"]
    drawn = composite.weighed(scores, composite.weight_draws(3, 10))
    assert np.isnan(drawn[:, 5]).all()
    assert not np.isnan(np.delete(drawn, 5, axis=1)).any()


def test_equal_weights_among_the_draws_give_the_index():
    scores = components()
    scores.iloc[3, 1] = np.nan
    drawn = composite.weighed(scores, np.full((1, 3), 1 / 3))[0]
    assert drawn == pytest.approx(composite.composite(scores)["index"].to_numpy())


def test_weights_are_even_over_the_simplex():
    weights = composite.weight_draws(6)
    assert weights.sum(axis=1) == pytest.approx(np.ones(2000))
    assert weights.mean(axis=0) == pytest.approx(np.full(6, 1 / 6), abs=0.01)
    assert (composite.weight_draws(6) == weights).all()


def test_leaving_a_component_out_is_the_index_of_the_others():
    scores = components()
    left = composite.without_each(scores, minimum=3)
    assert left["b"].to_numpy() == pytest.approx(scores[["a", "c"]].mean(axis=1).to_numpy())
    scores.loc[1952, "a"] = np.nan
    assert composite.without_each(scores, minimum=3)["b"].isna().sum() == 1


def test_group_means_leave_missing_years_out():
    values = np.array([[1.0, 3.0, np.nan, 5.0], [0.0, 0.0, 1.0, 2.0]])
    groups = np.array(["x", "x", "y", "y"])
    means = composite.group_means(values, groups, ["x", "y"])
    assert means.tolist() == [[2.0, 5.0], [0.0, 1.5]]


def test_resampled_agreement_centres_on_the_measure():
    rng = np.random.default_rng(2)
    votes = rng.choice(["Y", "N", "A"], size=(120, 4), p=[0.5, 0.3, 0.2])
    matrix = pd.DataFrame(votes, columns=["PAK", "RUS", "IND", "USA"])
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    groups = pd.Series(np.repeat([1970, 1971], 60), index=matrix.index, name="year")
    drawn = composite.relative_draws(matrix, groups, "PAK", "RUS", draws=2000)
    exact = measures.dyad_agreement(matrix, groups, "PAK", "RUS").set_index("year")["relative"]
    assert drawn.mean(axis=1).to_numpy() == pytest.approx(exact.to_numpy(), abs=0.01)
    assert (drawn.std(axis=1) > 0.02).all()


def test_identical_votes_do_not_vary():
    matrix = pd.DataFrame({"PAK": ["Y"] * 9, "RUS": ["Y"] * 9, "IND": ["N"] * 9})
    groups = pd.Series(1980, index=matrix.index, name="year")
    drawn = composite.relative_draws(matrix, groups, "PAK", "RUS", draws=20)
    assert (drawn.to_numpy() == 1).all()


def test_resampled_effects_stay_within_their_year():
    years = pd.Series([1971, 1971, 1972, 1973])
    effect = pd.Series([-3, 1, 2, np.nan])
    drawn = composite.effect_draws(years, effect, draws=500)
    assert drawn.index.tolist() == [1971, 1972]
    assert (drawn.loc[1972] == 2).all()
    assert set(drawn.loc[1971]) == {-3.0, -1.0, 1.0}


def test_drawn_distances_have_the_published_spread():
    points = pd.DataFrame(
        {"state": ["PAK", "SUN"], "year": 1980, "ideal_point": [0.0, 5.0]}
    ).assign(low=lambda p: p["ideal_point"] - 1.6449, high=lambda p: p["ideal_point"] + 1.6449)
    drawn = composite.distance_draws(points, "PAK", "RUS", draws=5000).loc[1980]
    assert drawn.mean() == pytest.approx(5, abs=0.1)
    assert drawn.std() == pytest.approx(2**0.5, abs=0.1)
