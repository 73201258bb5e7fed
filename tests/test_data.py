"""The dataset: sound as it stands, and what no schema can say. Faults: `test_faults.py`."""

import pandas as pd
import pytest
from relations import checks, codebook
from relations.dataset import DATA, package, table
from relations.eras import eras

# --- the dataset as it stands -------------------------------------------------------------------


def test_the_dataset_is_sound():
    assert checks.problems() == []


@pytest.mark.parametrize("name", ["README.md", "references.bib"])
def test_generated_files_are_in_step(name):
    assert (DATA / name).read_text(encoding="utf-8") == codebook.generated()[DATA / name]


# --- what no schema can say ---------------------------------------------------------------------


def test_every_event_has_a_source_and_an_actor():
    events = set(table("events")["event"])
    assert events - set(table("event_sources")["event"]) == set()
    assert events - set(table("event_actors")["event"]) == set()


def test_no_event_stands_twice():
    events = table("events")
    assert not events.duplicated(["date", "title"]).any()
    assert not events["title"].duplicated().any()


def test_titles_say_what_was_not_held():
    titles = table("events").query("status == 'not held'")["title"]
    said = r"not held|does not take place|calls? off|puts? off|postpone|cancel|denie|no arrival"
    assert titles[~titles.str.contains(said)].tolist() == []


def test_eras_follow_on_one_another():
    bounds = eras()
    assert bounds["era"].is_unique
    assert bounds["end"].isna().tolist() == [False] * (len(bounds) - 1) + [True]
    # The first day of an era is the day after the last of the one before.
    gaps = pd.to_datetime(bounds["start"][1:].array) - pd.to_datetime(bounds["end"][:-1].array)
    assert set(gaps.days) == {1}


# The Russian republic acted for itself before the Union ended; `scope` marks series drawn back.
REPUBLIC = {
    "mujahidin-moscow-1991",
    "pakistan-recognises-russia",
    "rutskoi-visit-1991",
    "ussr-ends-1991",
    "yeltsin-pow-mission-1990",
}
PARENTS = {"roll_call": "roll_calls", "event": "events", "veto": "council_vetoes"}
YEARS = ("year", "date", "from_year", "start")
# Deals keep the year of their order: see the test below. The other two give periods as text.
UNDATED = {"arms_deals", "arms_deal_editions", "projects", "polls"}


def state_columns(item: dict) -> list[str]:
    keys = item["schema"].get("foreignKeys") or []
    return [key["fields"][0] for key in keys if key["reference"]["resource"] == "actors"]


@pytest.mark.parametrize(
    "name",
    [
        item["name"]
        for item in package()["resources"]
        if state_columns(item) and item["name"] not in UNDATED
    ],
)
def test_moscow_is_sun_to_1991_and_rus_from_1992(name):
    columns = state_columns(next(r for r in package()["resources"] if r["name"] == name))
    frame = table(name)
    if not set(YEARS) & set(frame):
        key = next(key for key in PARENTS if key in frame)
        frame = frame.merge(table(PARENTS[key]), on=key, suffixes=("", "_parent"))
    dated = next(column for column in YEARS if column in frame)
    years = frame[dated].astype("str").str[:4].astype(int)
    assert years.notna().all()
    exempt = pd.Series(False, index=frame.index)
    if "scope" in frame:
        exempt |= frame["scope"].fillna("").str.contains("Russian SFSR")
    if name == "event_actors":
        exempt |= frame["event"].isin(REPUBLIC)
    for column in columns:
        early = (frame[column] == "RUS") & (years < 1992) & ~exempt
        late = (frame[column] == "SUN") & (years > 1991)
        assert frame[early | late].empty, frame[early | late]


def test_directions_name_the_moscow_of_their_time():
    events = table("events")
    years = events["date"].str[:4].astype(int)
    wrong = (events["direction"].str.contains("SUN") & (years > 1991)) | (
        events["direction"].str.contains("RUS") & (years < 1992) & ~events["event"].isin(REPUBLIC)
    )
    assert events.loc[wrong, "event"].tolist() == []


def test_arms_deals_belong_to_the_moscow_that_delivered():
    deals = table("arms_deals")
    assert (deals.query("supplier == 'SUN'")["delivery_first"].dropna() <= 1991).all()
    assert (deals.query("supplier == 'RUS'")["delivery_last"].dropna() >= 1992).all()


def test_votes_are_observed_except_in_2025():
    votes = table("votes").merge(table("roll_calls")[["roll_call", "year"]])
    derived = votes[votes["basis"] == "derived"]
    assert set(derived["year"]) == {2025}


@pytest.mark.parametrize(("vote", "column"), [("Y", "yes"), ("N", "no"), ("A", "abstain")])
def test_no_more_of_our_states_voted_so_than_all_states(vote, column):
    calls = table("roll_calls").set_index("roll_call")[column]
    ours = table("votes").query("vote == @vote").groupby("roll_call").size()
    assert (ours.reindex(calls.index, fill_value=0) <= calls).all()


def test_arms_from_moscow_to_pakistan_add_up():
    chosen = "recipient == 'PAK' and supplier in ['SUN', 'RUS']"
    by_year = table("arms_tiv").query(chosen)["tiv"].sum()
    by_deal = table("arms_deals").query(chosen)["tiv_delivered"].sum()
    assert by_year == pytest.approx(1212.99, abs=0.05)
    assert by_deal == pytest.approx(by_year, abs=0.05)
