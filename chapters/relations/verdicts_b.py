"""Verdicts on the claims of essay B that the dataset can decide.

One function a claim: it takes a reader of tables (:func:`relations.dataset.table`, or a stand-in
of a test) and returns a verdict by a stated criterion and a sentence or two with the numbers that
decide it. Readings of vague words are the constants beside the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from . import measures
from .dataset import decimal_year, moscow

SUPPORTED = "supported"
PARTLY = "partly supported"
NOT_SUPPORTED = "not supported"
CONTRADICTED = "contradicted"

Read = Callable[[str], pd.DataFrame]


class Finding(NamedTuple):
    """A verdict and the numbers behind it in plain words."""

    verdict: str
    measured: str


class Agreement(NamedTuple):
    """Share of identical votes, its 90% interval, and how it differs from the first state's mean.

    `relative` is the share less the mean agreement of the first state with all other states of
    the dataset on the same roll calls; `calls` is the number of roll calls.
    """

    share: float
    low: float
    high: float
    relative: float
    calls: int

    @property
    def text(self) -> str:
        """The share and its interval in per cent."""
        return f"{self.share:.0%} ({100 * self.low:.0f}–{100 * self.high:.0f})"


def by_parts(parts: Sequence[bool], none: str = NOT_SUPPORTED) -> str:
    """Supported if every part of a claim holds, partly if some do, else `none`."""
    if all(parts):
        return SUPPORTED
    return PARTLY if any(parts) else none


def dated(read: Read, event: str, column: str = "date") -> str:
    """The ISO date of an event."""
    return read("events").set_index("event").at[event, column]


def written(date: str) -> str:
    """An ISO date of any precision in words: 13 April 1947, April 1947, 1947."""
    if len(date) == 4:
        return date
    day = pd.Timestamp(date)
    return f"{day:%B %Y}" if len(date) == 7 else f"{day.day} {day:%B %Y}"


def years_of(span: tuple[int, int]) -> str:
    """A span of years as the book prints it: 1947–53."""
    return f"{span[0]}–{span[1] % 100:02d}"


def apart(early: str, late: str) -> float:
    """Years from one ISO date of any precision to another."""
    first, second = decimal_year(pd.Series([early, late]))
    return float(second - first)


def record_ends(read: Read) -> str:
    """The date of the last event on record."""
    return read("events")["date"].max()


def trips(read: Read, *, direction: str, rank: str, since: str = "1947") -> pd.DataFrame:
    """Visits in one direction by guests of one rank, in order of date, held or not."""
    visits = read("visits")
    chosen = (visits["direction"] == direction) & (visits["rank"] == rank)
    return visits[chosen & (visits["start"] >= since)].sort_values("start")


def held(visits: pd.DataFrame) -> pd.DataFrame:
    """The visits that took place."""
    return visits[visits["status"] == "held"]


def agreed(read: Read, a: str, b: str, first: int, last: int) -> Agreement:
    """Agreement of two states over the main votes of the complete years from `first` to `last`."""
    years = read("un_years")
    complete = years.loc[years["complete"] & years["year"].between(first, last), "year"]
    calls = read("roll_calls")
    calls = calls[(calls["vote_type"] == "main") & calls["year"].isin(complete)]
    matrix = measures.vote_matrix(read("votes"), calls)
    whole = pd.Series("whole", index=matrix.index, name="span")
    row = measures.dyad_agreement(matrix, whole, a, b).iloc[0]
    return Agreement(
        row["agreement"], row["low"], row["high"], row["relative"], int(row["roll_calls"])
    )


def supplied(read: Read, recipient: str, first: int, last: int) -> pd.DataFrame:
    """Volume and share of each supplier of arms over a span of years, USSR and Russia joined."""
    arms = read("arms_tiv")
    arms = arms[arms["recipient"] == recipient].assign(supplier=moscow(arms["supplier"]))
    return measures.window_shares(arms, first, last, by="supplier", value="tiv").set_index(
        "supplier"
    )


def share_of(shares: pd.DataFrame, supplier: str) -> float:
    """A supplier's share, nothing where no delivery is on record."""
    return float(shares["share"].get(supplier, 0.0))


def first_sizeable(read: Read, supplier: str, recipient: str, size: float) -> int | None:
    """The first year in which deliveries reach `size` (million TIV)."""
    arms = read("arms_tiv")
    chosen = (arms["supplier"] == supplier) & (arms["recipient"] == recipient)
    years = arms.loc[chosen & (arms["tiv"] >= size), "year"]
    return None if years.empty else int(years.min())


def series(read: Read, name: str, value: str, **fixed: str) -> pd.DataFrame:
    """A table with year and state as a frame of years by states, one column of values."""
    table = read(name)
    for column, content in fixed.items():
        table = table[table[column] == content]
    return table.pivot(index="year", columns="state", values=value)


# --- beginnings ---------------------------------------------------------------------------------

# “From the start” ends before the first pact with Washington, of 1954; 1960 closes the pact years.
START, PACTS = (1947, 1953), (1954, 1960)


def b01(read: Read) -> Finding:
    """Each of the two stood measurably nearer its friend than the other did, from the start."""
    sides = {}
    for span in (START, PACTS):
        west = [agreed(read, state, "USA", *span) for state in ("PAK", "IND")]
        east = [agreed(read, state, "RUS", *span) for state in ("IND", "PAK")]
        sides[span] = (west, east)
    parts = [
        all(friend.low > other.high for friend, other in sides[span]) for span in (START, PACTS)
    ]
    sentences = [
        f"In {years_of(span)} Pakistan voted with the United States on {west[0].text} and India on "
        f"{west[1].text} of some {west[0].calls} roll calls; with the USSR India on "
        f"{east[0].text} and Pakistan on {east[1].text}"
        for span, (west, east) in sides.items()
    ]
    return Finding(by_parts(parts), ". ".join(sentences) + " (main votes, 90% intervals).")


# “Tremendous growth” is read as output per head up by at least 2 per cent a year.
FAST_GROWTH = 0.02


def b02(read: Read) -> Finding:
    """Growth was fast in some decade; its cause, which no series isolates, caps the verdict."""
    # Both wings: the present territory alone would leave out more than half of the people.
    output = series(read, "gdp", "value", series="maddison", indicator="gdp")
    people = series(read, "population", "population", series="maddison")
    wings = ["PAK", "BGD"]
    head = output[wings].sum(axis=1, min_count=2) / people[wings].sum(axis=1, min_count=2)
    fifties, sixties = (
        (head[end] / head[start]) ** (1 / (end - start)) - 1
        for start, end in ((1950, 1960), (1960, 1970))
    )
    verdict = PARTLY if max(fifties, sixties) >= FAST_GROWTH else CONTRADICTED
    return Finding(
        verdict,
        f"Output per head of both wings together grew by {fifties:.1%} a year in 1950–60 and by "
        f"{sixties:.1%} in 1960–70 (Maddison, 2011 international dollars); the series says "
        "nothing about causes.",
    )


def b03(read: Read) -> Finding:
    """Missions with Delhi were opened in 1947 and relations with Pakistan agreed in May 1948."""
    delhi, karachi = dated(read, "india-ussr-missions-1947"), dated(read, "relations-1948")
    envoy = dated(read, "first-soviet-ambassador-1950")
    parts = [delhi.startswith("1947"), karachi.startswith("1948-05")]
    return Finding(
        by_parts(parts, CONTRADICTED),
        f"Moscow and Delhi agreed on missions on {written(delhi)}, Moscow and Karachi on relations "
        f"on {written(karachi)}, {12 * apart(delhi, karachi):.0f} months later; the first Soviet "
        f"ambassador in Karachi is dated {written(envoy)}.",
    )


# “All” is read as nineteen twentieths, “most” as three fifths, of what the two states had together.
ALL, MOST = 0.95, 0.6


def b04(read: Read) -> Finding:
    """India had all or most of people and means and came first; the motives cap the verdict."""
    people = series(read, "population", "population", series="maddison").loc[1950]
    output = series(read, "gdp", "value", series="maddison", indicator="gdp").loc[1950]
    index = series(read, "capabilities", "cinc").loc[1950]
    shares = [
        float(column["IND"] / column.reindex(["IND", "PAK", *wing]).sum())
        for column, wing in ((people, ["BGD"]), (output, ["BGD"]), (index, []))
    ]
    first = dated(read, "india-ussr-missions-1947") < dated(read, "relations-1948")
    most = min(shares) >= MOST
    verdict = PARTLY if most and first else NOT_SUPPORTED if most or first else CONTRADICTED
    extent = "all" if min(shares) >= ALL else "most" if most else "less than most"
    return Finding(
        verdict,
        f"In 1950 India had {shares[0]:.0%} of the people, {shares[1]:.0%} of the output and "
        f"{shares[2]:.0%} of the capability index of the two states, Pakistan’s eastern wing "
        f"included: {extent}, by the reading used here.",
    )


# --- arms and the course of the 1970s -----------------------------------------------------------

# Deliveries count from 50 million TIV in a year, more than a handful of transport aircraft.
SIZEABLE = 50


def b07(read: Read) -> Finding:
    """Sizeable Soviet deliveries to India began before Pakistan had found an armourer itself."""
    india = first_sizeable(read, "SUN", "IND", SIZEABLE)
    pakistan = first_sizeable(read, "USA", "PAK", SIZEABLE)
    arms = read("arms_tiv")
    soviet = arms[(arms["supplier"] == "SUN") & (arms["recipient"] == "IND")]
    early = soviet.loc[soviet["year"] < (pakistan or 0), "tiv"].sum()
    before = f"{early:,.0f} million TIV" if early else "nothing"
    own = first_sizeable(read, "SUN", "PAK", SIZEABLE)
    if india is None or (pakistan is not None and pakistan < india):
        verdict = CONTRADICTED
    else:
        verdict = SUPPORTED if pakistan is None or india < pakistan else PARTLY
    return Finding(
        verdict,
        f"Deliveries of at least {SIZEABLE} million TIV in a year begin in {pakistan} from the "
        f"United States to Pakistan, in {india} from the USSR to India and in {own} from the USSR "
        f"to Pakistan; before {pakistan} the register has {before} from the USSR for India.",
    )


def b09(read: Read) -> Finding:
    """Events under Bhutto were better than in 1971, and better than before 1971."""
    events = read("events")
    events = events[events["status"] == "held"]
    end, coup = dated(read, "defeat-1971"), dated(read, "coup-1977")
    spans = {
        "before": events["date"].between("1965-04", "1970-12-31"),
        "war": (events["date"] >= "1971") & (events["date"] <= end),
        "bhutto": (events["date"] > end) & (events["date"] < coup),
    }
    mean = {name: events.loc[rows, "effect"].mean() for name, rows in spans.items()}
    text = {name: f"{value:+.1f}".replace("-", "−") for name, value in mean.items()}
    count = {name: int(rows.sum()) for name, rows in spans.items()}
    parts = [mean["bhutto"] > mean["war"], mean["bhutto"] > mean["before"]]
    return Finding(
        by_parts(parts, CONTRADICTED),
        f"The mean effect of events is {text['bhutto']} under Bhutto (n = {count['bhutto']}), "
        f"{text['war']} in 1971 up to the surrender (n = {count['war']}) and {text['before']} from "
        f"April 1965 to 1970 (n = {count['before']}), on a scale from −3 to +3.",
    )


def b10(read: Read) -> Finding:
    """A step of the mill fell in 1973; port sites, which are not rare, cap the verdict."""
    mill = read("projects").set_index("project").loc["steel-mill"]
    steps = read("project_events").merge(read("events")[["event", "date"]], on="event")
    steps = steps.loc[steps["project"] == "steel-mill", "date"].sort_values()
    in_1973 = steps[steps.str.startswith("1973")]
    verdict = NOT_SUPPORTED if in_1973.empty else PARTLY
    when = written(in_1973.iloc[0]) if len(in_1973) else "none"
    return Finding(
        verdict,
        f"Of {len(steps)} dated steps of the mill {len(in_1973)} fell in 1973 ({when}); the "
        f"agreement was signed on {written(mill['signed'])} and the plant inaugurated on "
        f"{written(mill['built'])}, {apart(mill['signed'], mill['built']):.0f} years later.",
    )


# --- the Afghan war and the end of the Union ----------------------------------------------------

# “Ten years” is right to half a year, and right in the main to a year and a half.
TEN, RIGHT, ROUGH = 10, 0.5, 1.5


def b11(read: Read) -> Finding:
    """The war began in 1979 and lasted ten years to within half a year."""
    kabul = dated(read, "soviet-intervention-afghanistan", "end_date")
    bridge = dated(read, "withdrawal-complete")
    length = apart(kabul, bridge)
    error = abs(length - TEN)
    if not kabul.startswith("1979") or error > ROUGH:
        verdict = CONTRADICTED
    else:
        verdict = SUPPORTED if error <= RIGHT else PARTLY
    return Finding(
        verdict,
        f"From the seizure of Kabul on {written(kabul)} to the last soldier on {written(bridge)} "
        f"the war took {length:.1f} years.",
    )


# An army that cannot be paid is read as military spending cut by at least half.
COLLAPSE = 0.5


def b15(read: Read) -> Finding:
    """Military spending collapsed before the Union ended; the war’s part in it caps the verdict."""
    spending = series(read, "milex", "constant_2024_usd_million")
    falls = {}
    for state, last in (("SUN", 1990), ("RUS", 1998)):
        line = spending[state].loc[:last].dropna()
        falls[state] = (line.index[0], line.index[-1], 1 - line.iloc[-1] / line.iloc[0])
    verdict = PARTLY if falls["SUN"][2] >= COLLAPSE else NOT_SUPPORTED
    union, russia = falls["SUN"], falls["RUS"]
    return Finding(
        verdict,
        f"Soviet military spending fell by {union[2]:.0%} from {union[0]} to {union[1]}, the years "
        f"on record, and Russia’s by {russia[2]:.0%} from {russia[0]} to {russia[1]} (SIPRI, "
        "constant dollars of 2024; two states, so not one line).",
    )


# The cut-off is read as tied to the end of the war if it came within two years of it.
SOON_AFTER = 2


def b17(read: Read) -> Finding:
    """Warheads date from the war, aid flowed through it, and the cut-off came soon after it."""
    start, end = dated(read, "soviet-intervention-afghanistan"), dated(read, "withdrawal-complete")
    stock = read("warheads").query("state == 'PAK' and warheads > 0")["year"].min()
    packages = [dated(read, name) for name in ("reagan-3-2-billion", "second-aid-package-1987")]
    wait = apart(end, dated(read, "pressler-1990"))
    parts = [
        int(start[:4]) <= stock <= int(end[:4]),
        all(start[:4] <= day[:4] <= end[:4] for day in packages),
        0 < wait <= SOON_AFTER,
    ]
    return Finding(
        by_parts(parts),
        f"Aid packages were settled in {packages[0][:4]} and {packages[1][:4]}, and aid was cut "
        f"off {12 * wait:.0f} months after the last Soviet soldier left. The first warheads in the "
        f"published estimates are of {stock}, which does not date the ability to build them.",
    )


def b18(read: Read) -> Finding:
    """Measures came after the break-up, trade fell, and American arms then went to India."""
    cut, end = dated(read, "pressler-1990"), dated(read, "ussr-ends-1991")
    trade = read("trade").query("series == 'cow' and flow == 'goods'")
    pair = trade[["exporter", "importer"]].isin(["PAK", "USA"]).all(axis=1)
    yearly = trade[pair].groupby("year")["value"].sum()
    before, after = yearly.loc[1987:1989].mean(), yearly.loc[1992:1994].mean()
    arms = read("arms_tiv").query("recipient == 'IND' and supplier == 'USA'").set_index("year")
    cold, late = arms["tiv"].loc[1982:1991].sum(), arms["tiv"].loc[2002:2011].sum()
    nineties = arms["tiv"].loc[1992:2001].sum()
    return Finding(
        by_parts([cut > end, after < before, late > cold]),
        f"The first cut-off is of {written(cut)}, {12 * apart(cut, end):.0f} months before the "
        "Union ended. "
        f"Goods traded between Pakistan and the United States averaged {before:,.0f} million "
        f"current dollars in 1987–89 and {after:,.0f} in 1992–94; American arms for India came to "
        f"{cold:.0f} million TIV in 1982–91, {nineties:.0f} in 1992–2001 and {late:.0f} in "
        "2002–11.",
    )


# --- visits -------------------------------------------------------------------------------------


def b19(read: Read) -> Finding:
    """Nawaz Sharif was in Moscow in 1999."""
    made = held(trips(read, direction="to Moscow", rank="head of government"))
    made = made[made["visitor"] == "Nawaz Sharif"]
    found = made[made["start"].str.startswith("1999")]
    if found.empty:
        return Finding(CONTRADICTED, "No visit of Nawaz Sharif in 1999 is on record.")
    return Finding(
        SUPPORTED,
        f"The visit that began on {written(found['start'].iloc[0])} is one of {len(made)} journeys "
        "of Nawaz Sharif to Russia on record.",
    )


def b20(read: Read) -> Finding:
    """Musharraf and Putin met in 2002; whether it was memorable is a matter of opinion."""
    visits = held(read("visits"))
    visitor = visits["visitor"]
    third = visitor.str.contains("Musharraf") & visitor.str.contains("Putin")
    journey = (visitor == "Pervez Musharraf") & (visits["direction"] == "to Moscow")
    met = visits[third | journey].sort_values("start")
    found = met[met["start"].str.startswith("2002")]
    if found.empty:
        return Finding(CONTRADICTED, "No meeting of the two in 2002 is on record.")
    return Finding(
        SUPPORTED,
        f"The meeting of {written(found['start'].iloc[0])} at {found['place'].iloc[0]} is one of "
        f"{len(met)} of the two men on record, between {met['start'].iloc[0][:4]} and "
        f"{met['start'].iloc[-1][:4]}.",
    )


# “38 years” is right to within half a year.
GAP, SLACK = 38, 0.5


def b21(read: Read) -> Finding:
    """A premier came from Moscow in 2007, and the last before him 38 years earlier."""
    came = held(trips(read, direction="to Pakistan", rank="head of government"))
    found, earlier = came[came["start"].str.startswith("2007")], came[came["start"] < "2007"]
    if found.empty:
        return Finding(CONTRADICTED, "No visit of a Russian premier in 2007 is on record.")
    guest, start = found["visitor"].iloc[0], found["start"].iloc[0]
    if earlier.empty:
        return Finding(PARTLY, f"{guest} came on {written(start)}, the first premier on record.")
    last = earlier.iloc[-1]
    wait = apart(last["start"], start)
    return Finding(
        by_parts([True, abs(wait - GAP) <= SLACK]),
        f"{guest} came on {written(start)}, {wait:.1f} years after the visit of {last['visitor']} "
        f"of {written(last['start'])}, the last of a premier from Moscow on record before it.",
    )


# General Raheel Sharif commanded the army from 29 November 2013 to 29 November 2016.
RAHEEL = ("2013-11-29", "2016-11-29")


def b22(read: Read) -> Finding:
    """The first joint exercise of any service, and that of the armies, fell in his term."""
    exercises = read("exercises").sort_values("start")
    land = exercises[exercises["branch"].isin(["army", "special forces"])]
    first = [exercises["start"].iloc[0], land["start"].iloc[0]]
    parts = [RAHEEL[0] <= start <= RAHEEL[1] for start in first]
    return Finding(
        by_parts(parts, CONTRADICTED),
        f"Of {len(exercises)} exercises on record the first of any service began on "
        f"{written(first[0])} and the first of the land forces on {written(first[1])}; the general "
        f"commanded the army from {written(RAHEEL[0])} to {written(RAHEEL[1])}.",
    )


def b30(read: Read) -> Finding:
    """A Russian delegation came in the last quarter of 2019, and an invitation is of that year."""
    visits = held(read("visits"))
    came = visits[(visits["direction"] == "to Pakistan") & (visits["rank"] != "head of state")]
    came = came[came["start"].between("2019-10", "2019-12-31")]
    # The event of the delegation records Imran Khan’s word to the minister about Putin.
    invited = read("events").set_index("event").loc["igc-6-manturov-2019"]
    asked = invited["status"] == "held" and invited["date"].startswith("2019")
    guests = "; ".join(came["visitor"] + ", " + came["start"].map(written)) or "nobody"
    return Finding(
        by_parts([not came.empty, asked], CONTRADICTED),
        f"Guests from Russia on record in the last quarter of 2019: {guests}.",
    )


def b34(read: Read) -> Finding:
    """No president of Russia is on record as a guest in Pakistan."""
    presidents = trips(read, direction="to Pakistan", rank="head of state", since="1992")
    came, missed = held(presidents), presidents[presidents["status"] == "not held"]
    premiers = held(trips(read, direction="to Pakistan", rank="head of government", since="1992"))
    years = ", ".join(premiers["start"].str[:4])
    return Finding(
        SUPPORTED if came.empty else CONTRADICTED,
        f"From 1992 to {written(record_ends(read))} the record has {len(premiers)} visits of "
        f"Russian premiers to Pakistan ({years}) and {len(came) or 'none'} of a president; "
        f"visits expected in {' and '.join(missed['start'].str[:4])} were not "
        "held.",
    )


# “Very near” is read as within two years of the invitation of December 2019.
VERY_NEAR = 2


def b35(read: Read) -> Finding:
    """A president of Russia came within two years of the invitation."""
    invited = dated(read, "igc-6-manturov-2019")
    presidents = held(trips(read, direction="to Pakistan", rank="head of state", since=invited))
    end = record_ends(read)
    if presidents.empty:
        return Finding(
            NOT_SUPPORTED,
            f"In {apart(invited, end):.1f} years from the invitation of {written(invited)} to the "
            f"end of the record on {written(end)} no visit of a Russian president is on record.",
        )
    wait = apart(invited, presidents["start"].iloc[0])
    return Finding(
        SUPPORTED if wait <= VERY_NEAR else PARTLY,
        f"A Russian president came {wait:.1f} years after the invitation of {written(invited)}.",
    )


# --- the powers today ---------------------------------------------------------------------------

# A strong economy is read as at least half of the American output.
STRONG = 0.5


def b24(read: Read) -> Finding:
    """Votes drew nearer, China stands with Moscow on Ukraine, and each is strong in its field."""
    then, now = agreed(read, "RUS", "CHN", 1992, 2001), agreed(read, "RUS", "CHN", 2014, 2023)
    calls = read("roll_calls").query("about == 'ukraine'")
    matrix = measures.vote_matrix(read("votes"), calls)[["CHN", "RUS"]].dropna()
    alike = int((matrix["CHN"] == matrix["RUS"]).sum())
    output = series(read, "gdp", "value", unit="constant 2015 US dollars", indicator="gdp")
    year = int(output[["CHN", "USA"]].dropna().index.max())
    size = output.at[year, "CHN"] / output.at[year, "USA"]
    stock = series(read, "warheads", "warheads").dropna(subset=["RUS", "USA", "CHN"])
    stock = stock.iloc[-1].dropna()
    spending = series(read, "milex", "constant_2024_usd_million").iloc[-1].dropna()
    place = int(spending.rank(ascending=False)["RUS"])
    parts = [
        # The second condition holds the agenda constant: nearer than Russia’s votes with others.
        now.low > then.high and now.relative > then.relative,
        alike > len(matrix) / 2,
        size >= STRONG,
        stock.idxmax() == "RUS",
    ]
    return Finding(
        by_parts(parts),
        f"China and Russia voted alike on {then.text} of {then.calls} main votes in 1992–2001 and "
        f"on {now.text} of {now.calls} in the complete years of 2014–23 (90% intervals), and on "
        f"{alike} of {len(matrix)} texts on Ukraine. China’s output was {size:.0%} of the American "
        f"in {year} (constant prices); of {len(spending)} states Russia had the largest stock of "
        f"warheads, {int(stock['RUS']):,}, and place {place} in military spending.",
    )


# “Very powerful” is read as a doubling against the United States since 2000.
DOUBLED, SINCE = 2, 2000


def b27(read: Read) -> Finding:
    """China doubled its output, Russia its military spending, against an America grown smaller."""
    output = series(read, "gdp", "value", unit="constant 2015 US dollars", indicator="gdp")
    spending = series(read, "milex", "constant_2024_usd_million")
    year = int(min(output["USA"].dropna().index.max(), spending["USA"].dropna().index.max()))
    ratio = {
        "CHN": output["CHN"] / output["USA"],
        "RUS": output["RUS"] / output["USA"],
        "arms": spending["RUS"] / spending["USA"],
    }
    growth = [float(table.at[year, "USA"] / table.at[SINCE, "USA"]) for table in (output, spending)]
    parts = [
        ratio["CHN"][year] >= DOUBLED * ratio["CHN"][SINCE],
        ratio["arms"][year] >= DOUBLED * ratio["arms"][SINCE],
        min(growth) < 1,
    ]
    pairs = {name: f"from {line[SINCE]:.0%} to {line[year]:.0%}" for name, line in ratio.items()}
    return Finding(
        by_parts(parts),
        f"From {SINCE} to {year}, at constant prices, China’s output went {pairs['CHN']} and "
        f"Russia’s {pairs['RUS']} of the American, and Russia’s military spending "
        f"{pairs['arms']}. America’s own output stood at {growth[0]:.1f} times and its military "
        f"spending at {growth[1]:.1f} times the level of {SINCE}.",
    )


# The teams of the essay, tested on the last five years of arms and the last complete votes.
FIVE_YEARS, LAST_VOTES = (2021, 2025), (2022, 2023)


def b31(read: Read) -> Finding:
    """China arms Pakistan, America arms India, and in votes each stands with its own team."""
    pakistan, india = (supplied(read, state, *FIVE_YEARS) for state in ("PAK", "IND"))
    votes = {
        (a, b): agreed(read, a, b, *LAST_VOTES)
        for a, b in (("IND", "USA"), ("IND", "RUS"), ("PAK", "RUS"))
    }
    parts = [
        pakistan["rank"].idxmin() == "CHN",
        india["rank"].idxmin() == "USA",
        votes["IND", "USA"].low > votes["IND", "RUS"].high,
        votes["PAK", "RUS"].low > votes["IND", "RUS"].high,
    ]
    return Finding(
        by_parts(parts, CONTRADICTED),
        f"In {years_of(FIVE_YEARS)} China supplied {share_of(pakistan, 'CHN'):.0%} and "
        f"Russia {share_of(pakistan, 'RUS'):.0%} of Pakistan’s arms, Russia "
        f"{share_of(india, 'RUS'):.0%} and the United States {share_of(india, 'USA'):.0%} of "
        f"India’s. In {years_of(LAST_VOTES)} India voted with Russia on "
        f"{votes['IND', 'RUS'].text} and with the United States on {votes['IND', 'USA'].text} of "
        f"some {votes['IND', 'RUS'].calls} main votes, Pakistan with Russia on "
        f"{votes['PAK', 'RUS'].text} (90% intervals).",
    )


def b32(read: Read) -> Finding:
    """Russia has the largest area of the table, and Pakistan more people than Russia."""
    area = read("area").query("series == 'factbook' and kind == 'total'")
    area = area.set_index("state")["area_km2"]
    people = series(read, "population", "population", series="wdi")[["PAK", "RUS"]].dropna()
    year, last = int(people.index[-1]), people.iloc[-1]
    since = int(people.index[people["PAK"] > people["RUS"]].min())
    return Finding(
        by_parts([area.idxmax() == "RUS", last["PAK"] > last["RUS"]], CONTRADICTED),
        f"Russia has {area['RUS'] / 1e6:.1f} million square kilometres, "
        f"{area['RUS'] / area['PAK']:.0f} times Pakistan’s area and the most of {len(area)} states "
        f"compared; in {year} Pakistan had {last['PAK'] / 1e6:.0f} and Russia "
        f"{last['RUS'] / 1e6:.0f} million people, and Pakistan first had more in {since} (World "
        "Bank).",
    )


RULES: dict[str, Callable[[Read], Finding]] = {
    "B01": b01,
    "B02": b02,
    "B03": b03,
    "B04": b04,
    "B07": b07,
    "B09": b09,
    "B10": b10,
    "B11": b11,
    "B15": b15,
    "B17": b17,
    "B18": b18,
    "B19": b19,
    "B20": b20,
    "B21": b21,
    "B22": b22,
    "B24": b24,
    "B27": b27,
    "B30": b30,
    "B31": b31,
    "B32": b32,
    "B34": b34,
    "B35": b35,
}
