"""The essays' claims: complete, evidenced, each rule bound to the data, each disagreement named."""

import json
import re

import pandas as pd
import pytest
from relations import claims, records, verdicts, verdicts_b
from relations.dataset import ROOT, package, table
from relations.figure import FIGURE_MIME
from relations.records import plain
from relations.verdicts import CONTRADICTED, NOT_SUPPORTED, PARTLY, SUPPORTED

CLAIMS = table("claims").set_index("claim")
KINDS = ["event", "source", "figure", "table"]

# --- other data ---------------------------------------------------------------------------------


def altered(**changes):
    """The dataset's reader, with each named table passed through its change first."""

    def read(name):
        frame = table(name)
        return changes[name](frame) if name in changes else frame

    return read


def found(frame, where):
    """The rows that a query finds; it must find some, or the change would be none."""
    rows = frame.query(where).index
    assert len(rows), where
    return rows


def put(column, value, where):
    """Set a column in the rows that a query finds."""

    def change(frame):
        frame.loc[found(frame, where), column] = value
        return frame

    return change


def drop(where):
    """Leave out the rows that a query finds."""
    return lambda frame: frame.drop(found(frame, where))


def scale(column, factor, where):
    """Multiply a column in the rows that a query finds."""

    def change(frame):
        rows = found(frame, where)
        frame.loc[rows, column] = (frame.loc[rows, column] * factor).astype(frame[column].dtype)
        return frame

    return change


def add(**row):
    """Add one row; columns not named stay empty."""
    return lambda frame: pd.concat(
        [frame, pd.DataFrame([row]).astype({c: frame[c].dtype for c in row})], ignore_index=True
    )


def chain(*changes):
    """Several changes of one table in turn."""

    def change(frame):
        for step in changes:
            frame = step(frame)
        return frame

    return change


def effects(value, where="effect == effect"):
    """Give the events that a query finds one effect by both coders."""
    return put(["effect", "effect_second"], value, where)


def event(name, date):
    return put("date", date, f"event == '{name}'")


def visit(name, column, value):
    return put(column, value, f"visit == '{name}'")


def arms(factor, where):
    return scale("tiv", factor, where)


def moscow_trade(factor, first, last):
    """Multiply the trade of Pakistan with Moscow over some years."""
    pair = "exporter in ['PAK', 'SUN', 'RUS'] and importer in ['PAK', 'SUN', 'RUS']"
    return scale("value", factor, f"{pair} and {first} <= year <= {last}")


def follow(pairs, where):
    """Let states vote as others do in the roll calls that a query finds."""

    def change(votes):
        calls = table("roll_calls").query(where)["roll_call"]
        inside = votes["roll_call"].isin(calls)
        kept = votes[~(inside & votes["state"].isin(pairs))]
        copies = [
            votes[inside & (votes["state"] == leader)].assign(state=state)
            for state, leader in pairs.items()
        ]
        assert all(len(copy) for copy in copies), where
        return pd.concat([kept, *copies], ignore_index=True)

    return change


def against(state, leader, where):
    """Let one state vote No where another votes Yes, and Yes elsewhere."""

    def change(votes):
        votes = follow({state: leader}, where)(votes)
        calls = table("roll_calls").query(where)["roll_call"]
        rows = votes["roll_call"].isin(calls) & (votes["state"] == state)
        votes.loc[rows, "vote"] = votes.loc[rows, "vote"].map(lambda vote: "YN"[vote == "Y"])
        return votes

    return change


HELD, NOT_HELD = ("status", "held"), ("status", "not held")
WAR = "'1979-12-24' <= date <= '1989-02-15'"
AFTER = "'1989-02-16' <= date < '2001-09-11'"
NO_VETO = {"council_veto_casts": drop("state == 'SUN'")}
SOVIET_YES = {"votes": put("vote", "Y", "state == 'SUN'")}
SMALL_INDIA = {"population": scale("population", 0.1, "state == 'IND' and series == 'maddison'")}
NO_CHINESE_ARMS = {"arms_tiv": drop("supplier == 'CHN' and year > 2020")}
CHINA_UNLOVED = {"polls": put("value", 5.0, "answer == 'China'")}
FEWER_PEOPLE = {"population": put("population", 10**8, "state == 'PAK' and year == 2025")}
NO_MANTUROV = {"visits": visit("manturov-2019", *NOT_HELD)}
EVERYBODY = ["CHN", "PAK", "IND", "USA", "GBR", "TUR", "IRN", "SAU", "AFG", "BGD"]
SWAP = {"RUS": "USA", "USA": "RUS"}

# Claim and case → the verdict that these changes of the data must give.
CASES = {
    "A01 first supplier of both": (
        SUPPORTED,
        {"arms_tiv": put("supplier", "SUN", "supplier in ['CHN', 'USA']")},
    ),
    "A01 supplier of neither": (
        NOT_SUPPORTED,
        {"arms_tiv": drop("supplier == 'SUN' and year >= 1955")},
    ),
    "A02 a week earlier": (
        PARTLY,
        {"milestones": put("date", "1948-04-24", "milestone == 'relations-1948'")},
    ),
    "A02 the year after": (
        CONTRADICTED,
        {"milestones": put("date", "1949-12-30", "milestone == 'relations-1948'")},
    ),
    "A03 no downs": (CONTRADICTED, {"events": effects(1)}),
    "A03 no ups": (CONTRADICTED, {"events": effects(-1, "date < '1979-12-24'")}),
    "A03 one turn only": (PARTLY, {"events": effects(2, "date >= '1979-12-24'")}),
    "A04 healthy before the coup": (
        SUPPORTED,
        {"events": effects(2, "'1949' < date < '1958-10-07'")},
    ),
    "A04 a fall from ill health": (
        PARTLY,
        {"events": effects(-2, "'1958-10-07' <= date < '1968'")},
    ),
    "A05 a veto in the war": (
        SUPPORTED,
        {"council_vetoes": put("date", "1965-09-06", "veto == 's-10416'")},
    ),
    "A05 harm only": (SUPPORTED, {"events": effects(-1, "date.str.startswith('1965')")}),
    "A05 some harm": (PARTLY, {"events": effects(-1, "event == 'war-1965-soviet-stance'")}),
    "A05 harm before the war does not count": (
        CONTRADICTED,
        {"events": effects(-3, "'1965-04' <= date < '1965-08'")},
    ),
    "A06 no veto": (PARTLY, NO_VETO),
    "A06 a vote with Pakistan": (PARTLY, SOVIET_YES),
    "A06 neither": (CONTRADICTED, NO_VETO | SOVIET_YES),
    "A07 drafts of Pakistan's vetoed": (
        SUPPORTED,
        {"council_drafts": put("sponsors", "PAK; USA", "result == 'vetoed'")},
    ),
    "A07 some vetoed": (PARTLY, {"council_drafts": put("sponsors", "PAK; USA", "yes > 0")}),
    "A07 no Soviet vetoes": (
        CONTRADICTED,
        {"council_votes": put("vote", "A", "state == 'SUN'")},
    ),
    "A08 worse in everything": (
        CONTRADICTED,
        {
            "arms_tiv": drop("supplier == 'SUN' and year < 1972"),
            "events": effects(-3, "'1972' <= date < '1980'"),
            "trade": moscow_trade(0.1, 1972, 1979),
        },
    ),
    "A08 better in everything": (
        SUPPORTED,
        {
            "arms_tiv": put("year", 1975, "recipient == 'PAK' and supplier == 'SUN'"),
            "trade": moscow_trade(10, 1972, 1979),
        },
    ),
    "A09 Liaquat went": (CONTRADICTED, {"visits": visit("liaquat-1949", *HELD)}),
    "A09 no premier": (NOT_SUPPORTED, {"visits": drop("office == 'Prime Minister'")}),
    "A11 a Chinese mill": (
        CONTRADICTED,
        {"projects": put("partner", "CHN", "project == 'steel-mill'")},
    ),
    "A11 the stone laid in 1972": (
        SUPPORTED,
        {"events": event("steel-foundation-1973", "1972-12-30")},
    ),
    "A12 strong to the end": (SUPPORTED, {"events": effects(1, "'1978' <= date < '1979-12-24'")}),
    "A12 never strong": (NOT_SUPPORTED, {"events": effects(-1, "'1972' <= date < '1979-12-24'")}),
    "A14 the war the lowest": (SUPPORTED, {"events": effects(-3, WAR)}),
    "A14 a friendly war": (CONTRADICTED, {"events": effects(1, WAR)}),
    "A14 a war grave to the second coder alone": (
        PARTLY,
        {"events": chain(put("effect", 1, WAR), put("effect_second", -3, WAR))},
    ),
    "A17 worse events": (CONTRADICTED, {"events": effects(-3, AFTER)}),
    "A17 worse to the second coder": (PARTLY, {"events": put("effect_second", -3, AFTER)}),
    "A17 a few grave quarrels": (
        PARTLY,
        {"events": effects(-3, "'1989-02-16' <= date < '1991-10'")},
    ),
    "A17 later quarrels do not count": (
        SUPPORTED,
        {"events": effects(-3, "'1999' <= date < '2001-09-11'")},
    ),
    "A20 more trade": (SUPPORTED, {"trade": moscow_trade(4, 2016, 2021)}),
    "A20 more arms": (SUPPORTED, {"arms_tiv": arms(4, "supplier == 'RUS' and year >= 2016")}),
    "A20 no exercises": (NOT_SUPPORTED, {"exercises": drop("start > '2016'")}),
    "A20 worse events": (NOT_SUPPORTED, {"events": effects(-1, "date >= '2015-07-10'")}),
    "A21 nothing before": (
        SUPPORTED,
        {"arms_deliveries": drop("supplier == 'RUS' and year < 2014")},
    ),
    "A21 no weapons after": (
        NOT_SUPPORTED,
        {"arms_deliveries": drop("group == 'weapon' and year > 2014")},
    ),
    "A21 weapons before": (
        NOT_SUPPORTED,
        {"arms_deliveries": put("group", "weapon", "year == 1996")},
    ),
    "A22 older ones only": (
        PARTLY,
        {"arms_deals": drop("supplier == 'RUS' and order_year >= 2014")},
    ),
    "A22 none": (NOT_SUPPORTED, {"arms_deals": drop("supplier == 'RUS'")}),
    "A26 no navies": (SUPPORTED, {"exercises": drop("branch == 'navy'")}),
    "A26 in Russia": (
        NOT_SUPPORTED,
        {"exercises": put("host", "RUS", "exercise == 'druzhba-2016'")},
    ),
    "A27 America down": (
        PARTLY,
        {"arms_tiv": arms(0.1, "recipient == 'IND' and supplier == 'USA' and year > 2015")},
    ),
    "A27 Russia up": (
        CONTRADICTED,
        {"arms_tiv": arms(99, "recipient == 'IND' and supplier == 'RUS' and year > 2015")},
    ),
    "A27 later years do not count": (
        SUPPORTED,
        {"arms_tiv": arms(99, "recipient == 'IND' and supplier == 'RUS' and year > 2020")},
    ),
    "A28 nothing from Moscow": (
        CONTRADICTED,
        {"arms_tiv": drop("supplier in ['SUN', 'RUS'] and year > 1985")},
    ),
    "A28 a gap": (PARTLY, {"arms_tiv": drop("supplier == 'RUS' and 2008 < year < 2016")}),
    "A30 one of them": (PARTLY, {"visits": visit("raheel-sharif-2015", *NOT_HELD)}),
    "A30 neither": (NOT_SUPPORTED, {"visits": drop("rank == 'army chief'")}),
    "A33 trust gone": (PARTLY, CHINA_UNLOVED),
    "A33 arms gone": (PARTLY, NO_CHINESE_ARMS),
    "A33 both gone": (NOT_SUPPORTED, CHINA_UNLOVED | NO_CHINESE_ARMS),
    "B01 sides from the start": (
        SUPPORTED,
        {"votes": follow({"PAK": "USA", "IND": "SUN"}, "1947 <= year <= 1953")},
    ),
    "B01 no sides at all": (
        NOT_SUPPORTED,
        {"votes": follow({"PAK": "IND"}, "1947 <= year <= 1960")},
    ),
    "B02 no fast decade": (
        CONTRADICTED,
        {"gdp": scale("value", 0.5, "series == 'maddison' and year == 1970 and state == 'PAK'")},
    ),
    "B03 Delhi a year later": (PARTLY, {"events": event("india-ussr-missions-1947", "1948-04")}),
    "B03 both dates wrong": (
        CONTRADICTED,
        {
            "events": chain(
                event("india-ussr-missions-1947", "1948-04"), event("relations-1948", "1949-05")
            )
        },
    ),
    "B04 a small India": (NOT_SUPPORTED, SMALL_INDIA),
    "B04 a small India that came second": (
        CONTRADICTED,
        SMALL_INDIA | {"events": event("india-ussr-missions-1947", "1948-06")},
    ),
    "B07 Soviet arms for India in 1952": (
        SUPPORTED,
        {"arms_tiv": add(recipient="IND", supplier="SUN", year=1952, tiv=80.0)},
    ),
    "B07 no American arms for Pakistan": (
        SUPPORTED,
        {"arms_tiv": drop("recipient == 'PAK' and supplier == 'USA'")},
    ),
    "B07 both in one year": (
        PARTLY,
        {"arms_tiv": add(recipient="IND", supplier="SUN", year=1955, tiv=80.0)},
    ),
    "B07 single aircraft do not count": (
        CONTRADICTED,
        {"arms_tiv": add(recipient="IND", supplier="SUN", year=1952, tiv=10.0)},
    ),
    "B09 a golden age": (
        SUPPORTED,
        {"events": put("effect", 2, "'1972' <= date < '1977-07' and status == 'held'")},
    ),
    "B09 an age of quarrels": (
        CONTRADICTED,
        {"events": put("effect", -3, "'1971-12-17' <= date < '1977-07' and status == 'held'")},
    ),
    "B10 no step in 1973": (
        NOT_SUPPORTED,
        {"project_events": drop("event == 'steel-foundation-1973'")},
    ),
    "B11 ten years": (SUPPORTED, {"events": event("withdrawal-complete", "1989-12-01")}),
    "B11 six years": (CONTRADICTED, {"events": event("withdrawal-complete", "1985-12-01")}),
    "B11 begun in 1980": (
        CONTRADICTED,
        {"events": put("end_date", "1980-01-02", "event == 'soviet-intervention-afghanistan'")},
    ),
    "B15 a Soviet collapse": (
        PARTLY,
        {"milex": scale("constant_2024_usd_million", 0.4, "state == 'SUN' and year == 1990")},
    ),
    "B17 warheads in the war": (
        SUPPORTED,
        {"warheads": put("warheads", 1, "state == 'PAK' and year == 1987")},
    ),
    "B17 aid at other times": (
        NOT_SUPPORTED,
        {"events": chain(event("reagan-3-2-billion", "1977"), event("pressler-1990", "1995-10"))},
    ),
    "B18 as the essay has it": (
        SUPPORTED,
        {
            "events": event("pressler-1990", "1992-03"),
            "trade": scale(
                "value",
                0.1,
                "series == 'cow' and exporter == 'PAK' and importer == 'USA' and year >= 1992",
            ),
        },
    ),
    "B18 no American arms for India": (
        NOT_SUPPORTED,
        {"arms_tiv": drop("recipient == 'IND' and supplier == 'USA' and year >= 1992")},
    ),
    "B19 put off": (CONTRADICTED, {"visits": visit("sharif-1999", *NOT_HELD)}),
    "B20 put off": (CONTRADICTED, {"visits": visit("musharraf-putin-2002", *NOT_HELD)}),
    "B21 Kosygin once only": (PARTLY, {"visits": visit("kosygin-1969", *NOT_HELD)}),
    "B21 no Kosygin": (PARTLY, {"visits": drop("visitor == 'Alexei Kosygin'")}),
    "B21 put off": (CONTRADICTED, {"visits": visit("fradkov-2007", *NOT_HELD)}),
    "B22 ships before the general": (
        PARTLY,
        {"exercises": put("start", "2013-04", "exercise == 'karachi-port-call-2014'")},
    ),
    "B22 nothing before 2017": (CONTRADICTED, {"exercises": drop("start < '2017'")}),
    "B24 China against Moscow on Ukraine": (
        PARTLY,
        {"votes": against("CHN", "RUS", "about == 'ukraine'")},
    ),
    "B24 neither friends nor strong": (
        NOT_SUPPORTED,
        {
            "votes": against("CHN", "RUS", "about == 'ukraine' or year >= 2014"),
            "gdp": scale("value", 0.1, "state == 'CHN'"),
            "warheads": scale("warheads", 0, "state == 'RUS'"),
        },
    ),
    # Every state votes as Russia does, so that China is no nearer to it than the rest.
    "B24 nearer with the agenda alone": (
        PARTLY,
        {"votes": follow(dict.fromkeys(EVERYBODY, "RUS"), "2014 <= year <= 2023")},
    ),
    "B27 America grown smaller": (
        SUPPORTED,
        {"gdp": scale("value", 0.4, "state == 'USA' and year == 2025")},
    ),
    "B27 nothing has changed": (
        NOT_SUPPORTED,
        {
            "gdp": scale("value", 0.2, "state == 'CHN' and year == 2025"),
            "milex": scale("constant_2024_usd_million", 0.2, "state == 'RUS' and year == 2025"),
        },
    ),
    "B30 no delegation": (PARTLY, NO_MANTUROV),
    "B30 no such event": (PARTLY, {"events": drop("event == 'igc-6-manturov-2019'")}),
    "B30 an event without the invitation": (
        PARTLY,
        {"events": put("summary", "Khan met Manturov.", "event == 'igc-6-manturov-2019'")},
    ),
    "B30 an event that is no evidence": (
        PARTLY,
        {"claim_evidence": drop("event == 'igc-6-manturov-2019'")},
    ),
    "B30 neither": (
        CONTRADICTED,
        NO_MANTUROV | {"events": event("igc-6-manturov-2019", "2020-01-11")},
    ),
    "B31 two teams": (
        SUPPORTED,
        {
            "votes": follow({"IND": "USA", "PAK": "RUS"}, "2022 <= year <= 2023"),
            "arms_tiv": lambda frame: frame.assign(
                supplier=frame["supplier"].where(
                    frame["recipient"] != "IND", frame["supplier"].replace(SWAP)
                )
            ),
        },
    ),
    "B31 no pair either": (
        CONTRADICTED,
        {"arms_tiv": drop("recipient == 'PAK' and supplier == 'CHN' and year >= 2021")},
    ),
    "B32 fewer people": (PARTLY, FEWER_PEOPLE),
    "B32 fewer people and more land": (
        CONTRADICTED,
        FEWER_PEOPLE | {"area": put("area_km2", 2e7, "state == 'CHN' and series == 'factbook'")},
    ),
    "B34 Putin came in 2012": (CONTRADICTED, {"visits": visit("putin-2012", *HELD)}),
    "B35 Putin came in 2021": (SUPPORTED, {"visits": visit("putin-2021", *HELD)}),
    "B35 Putin came in 2025": (
        PARTLY,
        {"visits": chain(visit("putin-2021", *HELD), visit("putin-2021", "start", "2025-07"))},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_follows_the_data(case):
    verdict, changes = CASES[case]
    assert claims.RULES[case[:3]](altered(**changes)).verdict == verdict


def test_every_rule_is_shown_to_turn():
    turned = {
        name[:3] for name, (verdict, _) in CASES.items() if verdict != CLAIMS.verdict[name[:3]]
    }
    assert turned == set(claims.RULES)


# --- what rules share ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [([True, True], SUPPORTED), ([True, False], PARTLY), ([False, False], NOT_SUPPORTED)],
)
def test_parts_of_a_claim_make_its_verdict(parts, verdict):
    assert verdicts.by_parts(parts) == verdict
    assert verdicts.by_parts([False], CONTRADICTED) == CONTRADICTED


def test_numbers_in_words():
    assert (verdicts.signed(-0.5), verdicts.signed(0.25, 1)) == ("−0.50", "+0.2")
    assert (verdicts.span((1947, 1953)), verdicts.span((2006, 2010))) == ("1947–53", "2006–10")
    assert verdicts.apart("1971", "1971-12-31") == pytest.approx(0.5, abs=0.01)


def test_events_are_those_held_and_each_falls_into_one_part():
    year = verdicts.events(table, "1971-01-01", "1972-01-01")
    early, late = verdicts.split(year, "1971-09-01")
    assert early["date"].max() < "1971-09" <= late["date"].min() <= late["date"].max() < "1972"
    assert len(early) + len(late) == len(year)
    assert set(year["status"]) == {"held"}
    listed = [verdicts.of_era(table, era) for era in table("eras")["era"]]
    assert sum(map(len, listed)) == (table("events")["status"] == "held").sum()


def test_incomplete_years_of_votes_are_left_out():
    whole = verdicts_b.agreed(table, "PAK", "RUS", 2023, 2024)
    assert whole == verdicts_b.agreed(table, "PAK", "RUS", 2023, 2023)


def test_the_soviet_vetoes_of_1971_are_three_and_none_of_the_drafts_is_pakistans(ledger):
    assert "stopped 3; Pakistan sponsored none" in ledger.measured["A07"]
    assert "104 votes to 11" in ledger.measured["A07"]


def test_the_first_visit_of_a_premier_is_named_with_the_visits_of_presidents_before_it(ledger):
    assert "24 October 1974" in ledger.measured["A09"]
    assert ledger.measured["A09"].endswith("presidents on record: 5.")


# --- the tables ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    """The ledger by claim; there is none unless every computed verdict is the one in the table."""
    return claims.ledger().set_index("claim")


def test_every_claim_of_both_essays_has_its_row():
    numbered = [
        f"{essay}{n:02d}" for essay, last in (("A", 33), ("B", 35)) for n in range(1, last + 1)
    ]
    assert CLAIMS.index.tolist() == numbered
    assert (CLAIMS["essay"] == CLAIMS.index.str[0]).all()


@pytest.mark.parametrize(
    ("name", "column", "allowed"),
    [
        ("claims", "verdict", claims.VERDICTS),
        ("claims", "essay", claims.ESSAYS),
        ("claims", "theme", claims.THEMES),
        ("claim_evidence", "side", claims.SIDES),
    ],
)
def test_codes_are_those_that_the_pages_know(name, column, allowed):
    item = next(item for item in package()["resources"] if item["name"] == name)
    field = next(field for field in item["schema"]["fields"] if field["name"] == column)
    assert field["constraints"]["enum"] == list(allowed)
    assert set(table(name)[column]) <= set(allowed)


def test_every_claim_has_evidence_each_piece_of_one_kind():
    evidence = table("claim_evidence")
    assert set(CLAIMS.index) - set(evidence["claim"]) == set()
    assert evidence.loc[evidence[KINDS].notna().sum(axis=1) != 1, "link"].tolist() == []
    assert (evidence["link"].str.split("-").str[0] == evidence["claim"]).all()


def test_figures_and_tables_named_as_evidence_exist():
    drawn = {
        output["data"][FIGURE_MIME]["name"]
        for path in (ROOT / "chapters").glob("*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if FIGURE_MIME in output.get("data", {})
    }
    evidence = table("claim_evidence")
    assert set(evidence["figure"].dropna()) - drawn == set()
    assert set(evidence["table"].dropna()) <= {item["name"] for item in package()["resources"]}


def test_every_claim_is_shown_in_a_chapter():
    assert set(CLAIMS.index) - set(table("claim_chapters")["claim"]) == set()


# --- the ledger ---------------------------------------------------------------------------------


def test_what_was_measured_is_said_in_plain_words(ledger):
    computed = ledger["rule"] == "series"
    assert set(ledger.index[computed]) == set(claims.RULES)
    assert (ledger["measured"][~computed] == "").all()
    for claim, text in ledger["measured"][computed].items():
        assert text.endswith("."), claim
        assert re.search(r"\d", text), claim
        assert not re.search(r"  |[`*_{}\[\]<>]|\b(nan|inf)\b|\d %|per cent|[ (]-\d|\d-\d", text), (
            claim
        )


def only(claim, *changes):
    """A reader for which the ledger has one claim, changed."""
    return altered(claims=chain(drop(f"claim != '{claim}'"), *changes))


def test_a_verdict_that_the_data_do_not_give_is_refused():
    assert claims.ledger(read=only("A02"))["verdict"].tolist() == [SUPPORTED]
    expected = (
        r"claims\.csv, row 3, claim A02, column verdict, value 'contradicted': the dataset gives "
        r"'supported' \(The table .*\) Mend the table"
    )
    with pytest.raises(claims.ClaimError, match=expected):
        claims.ledger(read=only("A02", put("verdict", CONTRADICTED, "claim == 'A02'")))


@pytest.mark.parametrize(
    ("claim", "rule", "row"), [("A10", "series", 11), ("B05", "series", 39), ("B03", "sources", 37)]
)
def test_a_rule_that_is_missing_or_unused_is_refused(claim, rule, row):
    expected = (
        rf"claims\.csv, row {row}, claim {claim}, column rule, value '{rule}': .*"
        rf"relations/verdicts_{claim[0].lower()}\.py\. Add the rule, or mend the value"
    )
    with pytest.raises(claims.ClaimError, match=expected):
        claims.ledger(read=only(claim, put("rule", rule, f"claim == '{claim}'")))


# --- records ------------------------------------------------------------------------------------


@pytest.fixture
def shown(monkeypatch) -> list[dict]:
    """The lists of records that are shown."""
    outputs = []
    monkeypatch.setattr(records, "display", lambda bundle, raw: outputs.append(bundle))
    return outputs


def entries(bundle) -> list[dict]:
    (group,) = bundle[records.RECORDS_MIME]["groups"]
    return group["records"]


def test_the_page_of_all_claims_is_complete(ledger, shown, monkeypatch):
    monkeypatch.setattr(claims, "ledger", lambda: ledger.reset_index())
    claims.ledger_records()
    listed = entries(shown[0])
    assert [entry["label"] for entry in listed] == CLAIMS.index.tolist()
    sources, dates = set(table("sources")["source"]), table("events").set_index("event")["date"]
    evidence = table("claim_evidence").set_index("claim")
    for entry in listed:
        own = evidence.loc[[entry["label"]]]
        cited = ",".join(re.findall(r"\{cite:p\}`([^`]*)`", entry["body"])).split(",")
        assert set(filter(None, cited)) == set(own["source"].dropna()) <= sources
        assert re.findall(r"\{numref\}`([^`]*)`", entry["body"]) == [
            name for side in claims.SIDES for name in own.query("side == @side")["figure"].dropna()
        ]
        linked = [href.removeprefix("chronology.html#event-") for _, href in entry["links"]]
        assert sorted(linked) == sorted(own["event"].dropna())
        assert dates[linked].is_monotonic_increasing


def test_markup_in_the_tables_stays_text(ledger):
    hostile = r"<b>*a*</b> `x` {cite}`y` [z](w) \$1$"
    row = ledger.reset_index().iloc[0].copy()
    row[["reasons", "measured"]] = hostile
    body = claims.record(row, claims.links().iloc[:0])["body"]
    assert body == f"{plain(hostile)}\n\n*Computed.* {plain(hostile)}\n\n"


def test_a_box_shows_the_claims_of_its_chapter_and_leads_to_the_ledger(shown):
    claims.claims_box("tashkent-to-dhaka")
    expected = table("claim_chapters").query("chapter == 'tashkent-to-dhaka'")["claim"].tolist()
    listed = entries(shown[0])
    assert [entry["label"] for entry in listed] == expected
    for entry in listed:
        assert entry["href"] == f"{claims.LEDGER}#{entry['id']}"
        assert entry["badge"] == CLAIMS.verdict[entry["label"]]


def test_a_box_without_claims_is_refused(shown):
    with pytest.raises(claims.ClaimError, match=r"claim_chapters\.csv: no claim for 'nowhere'"):
        claims.claims_box("nowhere")
    assert shown == []
