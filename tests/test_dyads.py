"""All dyads: equal to the measure of one pair, honest about the record, and safe in the page."""

import io
import json

import pandas as pd
import pytest
import vl_convert
from relations import charts, dyads, measures
from relations.dataset import table

MAIN = table("roll_calls").query("vote_type == 'main'")
YEARS = MAIN.set_index("roll_call")["year"]
MATRIX = measures.vote_matrix(table("votes"), MAIN)


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    """Every pair in seven years that differ in length and in gaps."""
    some = YEARS[YEARS.isin([1947, 1951, 1971, 1988, 2018, 2024, 2025])]
    return dyads.all_dyads(MATRIX, some)


@pytest.fixture(scope="module")
def judged(measured) -> pd.DataFrame:
    return dyads.on_record(measured, table("votes"), MAIN, table("un_years"))


def assembly(*columns: str) -> tuple[pd.DataFrame, pd.Series]:
    """A matrix of states A, B … from strings of votes, all of one year; a dot is an absence."""
    votes = {state: list(column) for state, column in zip("ABCD", columns, strict=False)}
    matrix = pd.DataFrame(votes, index=range(1, len(columns[0]) + 1)).replace(".", None)
    return matrix, pd.Series(2000, index=matrix.index, name="year")


@pytest.mark.parametrize(("a", "b"), [("PAK", "RUS"), ("CHN", "USA"), ("AFG", "TUR")])
def test_a_pair_is_what_the_measure_of_one_pair_gives(measured, a, b):
    one = measures.dyad_agreement(MATRIX, YEARS[YEARS.isin(measured["year"])], a, b)
    pair = measured[(measured["state_a"] == a) & (measured["state_b"] == b)]
    columns = ["year", "roll_calls", *dyads.RATES]
    pd.testing.assert_frame_equal(
        pair[columns].reset_index(drop=True), one[columns], check_dtype=False, rtol=1e-12
    )


def test_the_order_of_the_two_states_does_not_matter():
    matrix, years = assembly("YYNAY", "YNNAA")
    forth = dyads.all_dyads(matrix, years)
    back = dyads.all_dyads(matrix[["B", "A"]], years)
    assert forth[["agreement", "pi", "roll_calls"]].equals(back[["agreement", "pi", "roll_calls"]])


def test_known_answers():
    matrix, years = assembly("YYNN.", "YYNNY", "NNYYY", "YYYY.")
    pairs = dyads.all_dyads(matrix, years).set_index(["state_a", "state_b"])
    alike, apart, mixed = (pairs.loc[("A", b)] for b in "BCD")
    assert (alike["roll_calls"], alike["agreement"], alike["pi"]) == (4, 1, 1)
    assert (apart["agreement"], apart["pi"], apart["low"], apart["high"]) == (0, -1, 0, 0)
    # Half alike; pooled margins 6 of 8 Yes: expected 0.625, so pi is −0.125 / 0.375.
    assert (mixed["agreement"], mixed["pi"]) == (0.5, pytest.approx(-1 / 3))


def test_pairs_that_never_met_and_votes_all_alike():
    matrix, years = assembly("YY..", "..YN", "YYYY")
    pairs = dyads.all_dyads(matrix, years).set_index(["state_a", "state_b"])
    assert ("A", "B") not in pairs.index
    assert pairs.loc[("A", "C"), "agreement"] == 1
    assert pairs.loc[("A", "C"), ["pi", "pi_low", "pi_high"]].isna().all()


def test_the_record_of_a_year(judged):
    record = judged.set_index(["state_a", "state_b", "year"])["record"]
    assert record["PAK", "RUS", 1988] == "complete"
    assert record["PAK", "RUS", 2018] == "incomplete"
    assert record["PAK", "RUS", 2024] == record["CHN", "USA", 2024] == "no rate"
    assert record["PAK", "RUS", 2025] == record["CHN", "PAK", 2025] == "no rate"
    assert record["CHN", "USA", 2025] == "complete"


def test_complete_years_agree_with_the_table_of_years(judged):
    whole = table("un_years").set_index("year")["complete"]
    pair = judged.query("state_a == 'PAK' and state_b == 'RUS'").set_index("year")
    assert (pair["record"] == "complete").tolist() == whole.loc[pair.index].tolist()


def test_no_rate_is_given_where_none_may_be(judged):
    shown = dyads.readable(judged)
    barred = shown["Record"] == "no rate"
    assert barred.any()
    assert shown.loc[barred, ["Agreement", "Pi", "Pi high"]].isna().all(axis=None)
    assert not set(shown["State"]) & {"PAK", "RUS", "SUN"}
    text = charts.as_spec(dyads.explorer(judged))["datasets"].values()
    drawn = next(pd.read_csv(io.StringIO(values)) for values in text if isinstance(values, str))
    assert drawn.loc[drawn["record"] == 0, dyads.RATES].isna().all(axis=None)


@pytest.mark.parametrize(
    ("pair", "heading"),
    [
        (("PAK", "RUS"), "Pakistan and USSR/Russia"),
        (("RUS", "PAK"), "USSR/Russia and Pakistan"),
        (("USA", "USA"), "Choose two different states"),
        (("CHN", "ROC"), "no roll call in common"),
    ],
)
def test_the_chart_follows_the_choice(judged, pair, heading):
    first, second = pair
    spec = charts.as_spec(dyads.explorer(judged, first=first, second=second))
    image = vl_convert.vegalite_to_svg(spec, vl_version="6.4")
    assert heading in image
    drawn = judged[judged[["state_a", "state_b"]].isin(pair).all(axis=1)]
    marks = image.count(f'stroke="{charts.INK}"')
    assert marks >= len(drawn)
    assert (marks > 0) != drawn.empty


def test_either_order_draws_the_same_and_the_height_is_fixed(judged):
    def image(first: str, second: str) -> str:
        spec = charts.as_spec(dyads.explorer(judged, first=first, second=second))
        return vl_convert.vegalite_to_svg(spec, vl_version="6.4")

    forth, back, none = image("PAK", "USA"), image("USA", "PAK"), image("PAK", "PAK")
    assert forth.count("<path") == back.count("<path") > none.count("<path")
    heights = {text.split('height="')[1].split('"')[0] for text in (forth, back, none)}
    assert len(heights) == 1


def test_the_lists_name_states_and_the_data_stay_small(judged):
    spec = charts.as_spec(dyads.explorer(judged))
    bound = {item["name"]: item for item in spec["params"] if "bind" in item}
    assert {"first", "second"} <= set(bound)
    assert bound["first"]["bind"]["labels"][-1] == "USSR/Russia"
    assert len(json.dumps(spec)) / len(judged) < 130
