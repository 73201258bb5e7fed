"""The dataset: sound as it stands, every fault named, and what no schema can say."""

import csv
import json
import re
import shutil
from pathlib import Path

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


# --- faults on a small copy ---------------------------------------------------------------------

# A copy small enough to be checked in a fraction of a second: parents before their children.
SMALL = {
    "eras": None,
    "actors": None,
    "events": 30,
    "roll_calls": 10,
    "event_actors": None,
    "event_sources": None,
    "votes": None,
    "sources": None,
    "corrections": 5,
    "claims": None,
    "claim_evidence": None,
}


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Path:
    """A sound part of the dataset: the first events and roll calls with all that they refer to."""
    folder = tmp_path_factory.mktemp("small")
    found = {name: read(DATA / f"{name}.csv")[: size and size + 1] for name, size in SMALL.items()}
    for name in ("event_actors", "event_sources", "claim_evidence"):
        found[name] = keep(found[name], "event", found["events"])
    found["votes"] = keep(found["votes"], "roll_call", found["roll_calls"])
    found["sources"] = keep(found["sources"], "source", found["event_sources"], 1)
    header, *log = found["corrections"]
    for row in log:  # values are logged for rows that the copy does not hold
        row[header.index("table")], row[header.index("form")] = "events", "statement"
    described = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    described["resources"] = [item for item in described["resources"] if item["name"] in SMALL]
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    for name, rows in found.items():
        write(folder / f"{name}.csv", rows)
    return folder


@pytest.fixture
def copy(small, tmp_path) -> Path:
    """The small part of the dataset, free to be spoilt."""
    return Path(shutil.copytree(small, tmp_path / "data"))


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def keep(rows: list, column: str, parents: list, parent_column: int = 0) -> list:
    """The header, and the rows whose `column` names a row of `parents`."""
    known = {row[parent_column] for row in parents[1:]}
    position = rows[0].index(column)
    return [rows[0], *(row for row in rows[1:] if row[position] in known)]


def cells(file: str, row: int, **values: str):
    """Write `values` into the row of a file (the header is row 1)."""

    def change(folder: Path) -> None:
        rows = read(folder / file)
        for column, value in values.items():
            rows[row - 1][rows[0].index(column)] = value
        write(folder / file, rows)

    return change


def raw(file: str, change):
    """Pass the bytes of a file through a function."""
    return lambda folder: (folder / file).write_bytes(change((folder / file).read_bytes()))


def rows(file: str, change):
    """Pass the rows of a file through a function."""
    return lambda folder: write(folder / file, change(read(folder / file)))


def correction(**values: str):
    """Log a value of the copy; the first event is dated 1947-04-13."""
    logged = {"table": "events", "key": "india-ussr-missions-1947", "column": "date"}
    return cells("corrections.csv", 3, form="value", **(logged | values))


DAY = {"precision": "day", "end_date": ""}
FAULTS = {
    "date not in ISO form": (
        cells("events.csv", 5, date="1948-5-1", **DAY),
        r"events\.csv, row 5, column date, value '1948-5-1': .*pattern",
    ),
    "impossible day": (
        cells("events.csv", 5, date="1949-02-29", **DAY),
        r"events\.csv, row 5, column date, value '1949-02-29': no such date\. Write",
    ),
    "impossible month": (
        cells("events.csv", 5, date="1949-13", precision="month", end_date=""),
        r"events\.csv, row 5, column date, value '1949-13': no such date\. Write",
    ),
    "precision that contradicts the date": (
        cells("events.csv", 5, date="1949", **DAY),
        r"events\.csv, row 5, column precision, value 'day': the date 1949 has another precision",
    ),
    "end before start": (
        cells("events.csv", 5, date="1949-05-02", precision="day", end_date="1949-05-01"),
        r"events\.csv, row 5, column end_date, value '1949-05-01': ends before it begins",
    ),
    "double row": (
        rows("event_actors.csv", lambda lines: [*lines[:3], lines[2], *lines[3:]]),
        r"event_actors\.csv, row 4: the same as in the row at position 3\. Keys are unique",
    ),
    "dangling source": (
        cells("event_sources.csv", 4, source="no-such-source"),
        r"event_sources\.csv, row 4, column source: .*\"no-such-source\" not found .*\"sources\"",
    ),
    "unknown actor": (
        cells("event_actors.csv", 4, actor="XYZ"),
        r"event_actors\.csv, row 4, column actor: .*\"XYZ\" not found .*\"actors\"",
    ),
    "no such vote": (
        cells("votes.csv", 7, vote="Z"),
        r"votes\.csv, row 7, column vote, value 'Z': .*enum",
    ),
    "number out of range": (
        cells("events.csv", 5, effect="4"),
        r"events\.csv, row 5, column effect, value '4': .*maximum",
    ),
    "text for a number": (
        cells("events.csv", 5, effect="much"),
        r"events\.csv, row 5, column effect, value 'much': .*type is \"integer",
    ),
    "required cell empty": (
        cells("events.csv", 5, summary=""),
        r"events\.csv, row 5, column summary: .*required",
    ),
    "missing column": (
        rows("events.csv", lambda lines: [line[:-1] for line in lines]),
        r"events\.csv.*, column disagreement: .*Restore the column",
    ),
    "extra column": (
        rows("eras.csv", lambda lines: [[*line, "extra"] for line in lines]),
        r"eras\.csv.*, column extra: .*Drop the column or describe it",
    ),
    "row cut short": (
        rows("events.csv", lambda lines: [*lines[:3], lines[3][:-1], *lines[4:]]),
        r"events\.csv, row 4, column disagreement: .*complete it",
    ),
    "byte of Latin-1": (
        raw("actors.csv", lambda data: data.replace(b"\n", b"\nAAA,Fran\xe7a,state,,\n", 1)),
        r"actors\.csv, row 2: byte 0xe7 is not UTF-8",
    ),
    "CRLF": (
        raw("actors.csv", lambda data: data.replace(b"\n", b"\r\n")),
        r"actors\.csv, row 1: CR line end",
    ),
    "byte-order mark": (
        raw("actors.csv", lambda data: b"\xef\xbb\xbf" + data),
        r"actors\.csv, row 1: begins with a byte-order mark",
    ),
    "empty file": (
        raw("actors.csv", lambda data: b""),
        r"actors\.csv: the file is empty",
    ),
    "last line cut short": (
        raw("votes.csv", lambda data: data[:-3]),
        r"votes\.csv: the last line is cut short",
    ),
    "missing file": (
        lambda folder: (folder / "votes.csv").unlink(),
        r"votes\.csv: the file is missing",
    ),
    "file that is not described": (
        lambda folder: shutil.copy(folder / "votes.csv", folder / "votes-2.csv"),
        r"votes-2\.csv: not in datapackage\.json",
    ),
    "formula": (
        cells("events.csv", 5, disagreement='=HYPERLINK("x")'),
        r"events\.csv, row 5, column disagreement, value '=HYPERLINK.*as a formula",
    ),
    "script": (
        cells("events.csv", 5, title="Visit <script>alert(1)</script>"),
        r"events\.csv, row 5, column title, value 'Visit <script>.*: markup in plain text",
    ),
    "entity": (
        cells("events.csv", 5, title="Bread &amp; steel"),
        r"events\.csv, row 5, column title, value 'Bread &amp; steel': markup in plain text",
    ),
    "right-to-left override": (
        cells("events.csv", 5, title="Visit \u202eelsewhere"),
        r"events\.csv, row 5, column title, value .*direction-turning character",
    ),
    "long cell": (
        cells("events.csv", 5, summary="steel " * 400 + "mill"),
        r"events\.csv, row 5, column summary, value .*: 2404 characters, 2000 at most",
    ),
    "huge cell": (
        cells("events.csv", 5, summary="x" * 200_000),
        r"events\.csv, row 5, column summary, value 'x{60}': 200000 characters, 2000 at most",
    ),
    "blank at an end": (
        cells("events.csv", 5, title="Visit "),
        r"events\.csv, row 5, column title, value 'Visit ': blanks at an end",
    ),
    "gap between eras": (
        cells("eras.csv", 3, start="1965-04-02"),
        r"eras\.csv, row 3, column start, value '1965-04-02': an era begins on the day after",
    ),
    "correction undone": (
        correction(now="1947-04-14"),
        r"corrections\.csv, row 3, column now, value '1947-04-14': events holds '1947-04-13'",
    ),
    "correction of an unknown row": (
        correction(key="nowhere", now="1"),
        r"corrections\.csv, row 3, column key, value 'nowhere': no such row in events",
    ),
    "correction of an unknown column": (
        correction(column="day", now="1"),
        r"corrections\.csv, row 3, column column, value 'day': no such column",
    ),
    "correction of an unknown table": (
        correction(table="evens", now="1"),
        r"corrections\.csv, row 3, column table, value 'evens': no such table",
    ),
    "evidence of two kinds": (
        cells("claim_evidence.csv", 3, figure="fig-cw-arms"),
        r"claim_evidence\.csv, row 3, column event, figure, value '[\w-]+; fig-cw-arms': 2 of",
    ),
    "evidence of no kind": (
        cells("claim_evidence.csv", 3, event=""),
        r"claim_evidence\.csv, row 3, column event, source, figure, table, value '': 0 of",
    ),
    "evidence in an unknown table": (
        cells("claim_evidence.csv", 3, event="", table="arms"),
        r"claim_evidence\.csv, row 3, column table, value 'arms': no such table",
    ),
    "descriptor cut short": (
        raw("datapackage.json", lambda data: data[:-10]),
        r"datapackage\.json",
    ),
}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_sound_copy_passes_and_is_generated_once(copy, capsys):
    assert checks.main(copy) == 0
    first = contents(copy)
    assert {"README.md", "references.bib"} <= first.keys()
    assert "Wrote README.md" in capsys.readouterr().out
    assert checks.main(copy) == 0
    assert contents(copy) == first
    assert "Wrote" not in capsys.readouterr().out


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_and_nothing_is_generated(fault, copy, capsys):
    spoil, expected = FAULTS[fault]
    spoil(copy)
    before = contents(copy)
    assert checks.main(copy) == 1
    *messages, last = capsys.readouterr().err.splitlines()
    assert len(messages) == 1, messages
    assert re.match(expected, messages[0]), messages[0]
    assert last == "data: 1 problem(s), nothing was generated."
    assert contents(copy) == before


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
