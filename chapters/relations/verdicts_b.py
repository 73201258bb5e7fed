"""Verdicts on the claims of essay B that the dataset can decide: one rule a claim.

What a rule is and shares with others stands in :mod:`relations.verdicts`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from .chronology import written
from .measures import crosstab, dyad_agreement, interval, vote_matrix
from .verdicts import (
    CONTRADICTED,
    LATEST,
    NOT_SUPPORTED,
    PARTLY,
    SUPPORTED,
    TO_MOSCOW,
    TO_PAKISTAN,
    Finding,
    Read,
    apart,
    by_parts,
    dated,
    events,
    share_of,
    signed,
    span,
    split,
    steps,
    supplied,
    visits,
)


class Lead(NamedTuple):
    """Lead of one state over another in agreement with a power, with its 90% interval.

    The difference is taken roll call by roll call: two shares whose intervals overlap may still
    differ clearly, since both hang on the same texts. `calls` is the number of roll calls.
    """

    points: float
    low: float
    high: float
    calls: int

    def __str__(self) -> str:
        """The lead and its interval in percentage points."""
        ends = (self.points, self.low, self.high)
        lead, low, high = (f"{100 * end:.0f}".replace("-", "−") for end in ends)
        return f"{lead} ({low} to {high})"


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

    def __str__(self) -> str:
        """The share and its interval in per cent."""
        return f"{self.share:.0%} ({100 * self.low:.0f}–{100 * self.high:.0f})"


def main_votes(read: Read, first: int, last: int) -> pd.DataFrame:
    """Main votes of the complete years from `first` to `last`, by roll call and state."""
    years = read("un_years").query("complete and @first <= year <= @last")["year"]
    calls = read("roll_calls").query("vote_type == 'main'")
    return vote_matrix(read("votes"), calls[calls["year"].isin(years)])


def lead(read: Read, power: str, friend: str, other: str, first: int, last: int) -> Lead:
    """How much more often `friend` voted with a power than `other` did, on the same roll calls."""
    votes = main_votes(read, first, last)[[power, friend, other]].dropna()
    with_friend, with_other = (votes[power] == votes[state] for state in (friend, other))
    # Yes and No: only the friend, or only the other, voted as the power did; A: both or neither.
    gain = with_friend.astype(int) - with_other.astype(int)
    table = crosstab(gain.map({1: "Y", 0: "A", -1: "N"}), pd.Series("A", index=gain.index))

    def margin(counts: np.ndarray) -> np.ndarray:
        by_vote = counts.sum(axis=-1)
        return (by_vote[..., 0] - by_vote[..., 2]) / by_vote.sum(axis=-1)

    return Lead(float(gain.mean()), *interval(table, margin), len(gain))


def agreed(read: Read, a: str, b: str, first: int, last: int) -> Agreement:
    """Agreement of two states over the main votes of the complete years from `first` to `last`."""
    matrix = main_votes(read, first, last)
    whole = pd.Series("whole", index=matrix.index, name="span")
    row = dyad_agreement(matrix, whole, a, b).iloc[0]
    return Agreement(*row[["agreement", "low", "high", "relative", "roll_calls"]])


def first_sizeable(read: Read, supplier: str, recipient: str, size: float) -> float:
    """The first year in which deliveries reach `size` (million TIV); infinity if none does."""
    chosen = "supplier == @supplier and recipient == @recipient and tiv >= @size"
    return min(read("arms_tiv").query(chosen)["year"], default=math.inf)


def series(read: Read, name: str, value: str, where: str = "year > 0") -> pd.DataFrame:
    """One column of a table, in the rows that a query finds, as a frame of years by states."""
    return read(name).query(where).pivot(index="year", columns="state", values=value)


def record_ends(read: Read) -> str:
    """The date of the last event on record."""
    return read("events")["date"].max()


def output(read: Read) -> pd.DataFrame:
    """Output at constant prices of 2015, by year and state."""
    return series(read, "gdp", "value", "unit == 'constant 2015 US dollars' and indicator == 'gdp'")


def spending(read: Read) -> pd.DataFrame:
    """Military spending at constant prices of 2024, by year and state."""
    return series(read, "milex", "constant_2024_usd_million")


def long_run(read: Read) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People and output of the Maddison project, by year and state."""
    return (
        series(read, "population", "population", "series == 'maddison'"),
        series(read, "gdp", "value", "series == 'maddison' and indicator == 'gdp'"),
    )


# --- beginnings ---------------------------------------------------------------------------------

# “From the start” ends before the first pact with Washington, of 1954; 1960 closes the pact years.
START, PACTS = (1947, 1953), (1954, 1960)


def b01(read: Read) -> Finding:
    """Each of the two stood measurably nearer its friend than the other did, from the start."""
    sides = {
        years: (lead(read, "USA", "PAK", "IND", *years), lead(read, "RUS", "IND", "PAK", *years))
        for years in (START, PACTS)
    }
    parts = [west.low > 0 and east.low > 0 for west, east in sides.values()]
    sentences = [
        f"In {span(years)} Pakistan led India in votes shared with the United States by {west} "
        f"percentage points on {west.calls} roll calls, and India led Pakistan in votes shared "
        f"with the USSR by {east} on {east.calls}"
        for years, (west, east) in sides.items()
    ]
    return Finding(by_parts(parts), ". ".join(sentences) + " (main votes, 90% intervals).")


# “Tremendous growth” is read as output per head up by at least 2% a year.
FAST_GROWTH = 0.02


def b02(read: Read) -> Finding:
    """Growth was fast in some decade; its cause, which no series isolates, caps the verdict."""
    # Both wings: the present territory alone would leave out more than half of the people.
    people, value = (table[["PAK", "BGD"]].sum(axis=1, min_count=2) for table in long_run(read))
    head = value / people
    fifties, sixties = (
        (head[end] / head[start]) ** (1 / (end - start)) - 1
        for start, end in ((1950, 1960), (1960, 1970))
    )
    return Finding(
        PARTLY if max(fifties, sixties) >= FAST_GROWTH else CONTRADICTED,
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
    # The index of 1950 counts the eastern wing with Pakistan; the two other tables keep it apart.
    tables = (*long_run(read), series(read, "capabilities", "cinc"))
    shares = [
        table.at[1950, "IND"] / table.loc[1950].reindex(["IND", "PAK", "BGD"]).sum()
        for table in tables
    ]
    first = dated(read, "india-ussr-missions-1947") < dated(read, "relations-1948")
    most = min(shares) >= MOST
    extent = "all" if min(shares) >= ALL else "most" if most else "less than most"
    return Finding(
        PARTLY if most and first else NOT_SUPPORTED if most or first else CONTRADICTED,
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
    own = first_sizeable(read, "SUN", "PAK", SIZEABLE)
    soviet = read("arms_tiv").query("supplier == 'SUN' and recipient == 'IND'")
    early = soviet.loc[soviet["year"] < pakistan, "tiv"].sum()
    before = f"{early:,.0f} million TIV" if early else "nothing"
    return Finding(
        SUPPORTED if india < pakistan else PARTLY if india == pakistan else CONTRADICTED,
        f"Deliveries of at least {SIZEABLE} million TIV in a year begin in {pakistan} from the "
        f"United States to Pakistan, in {india} from the USSR to India and in {own} from the USSR "
        f"to Pakistan; before {pakistan} the register has {before} from the USSR for India.",
    )


def b09(read: Read) -> Finding:
    """Events under Bhutto were better than in 1971, and better than before 1971."""
    defeat, coup = dated(read, "defeat-1971"), dated(read, "coup-1977")
    before, later = split(events(read, "1965-04-01", coup), "1971-01-01")
    ended = later["date"] > defeat
    spans = [part["effect"] for part in (later[ended], later[~ended], before)]
    bhutto, war, earlier = (effect.mean() for effect in spans)
    counts = [f"(n = {len(effect)})" for effect in spans]
    return Finding(
        by_parts([bhutto > war, bhutto > earlier], CONTRADICTED),
        f"The mean effect of events is {signed(bhutto, 1)} under Bhutto {counts[0]}, "
        f"{signed(war, 1)} in 1971 up to the surrender {counts[1]} and {signed(earlier, 1)} from "
        f"April 1965 to 1970 {counts[2]}, on a scale from −3 to +3.",
    )


def b10(read: Read) -> Finding:
    """A step of the mill fell in 1973; port sites, which are not rare, cap the verdict."""
    mill = read("projects").set_index("project").loc["steel-mill"]
    dates = steps(read, "steel-mill")
    found = dates[dates.str.startswith("1973")]
    when = ", ".join(map(written, found)) or "none"
    return Finding(
        NOT_SUPPORTED if found.empty else PARTLY,
        f"Of {len(dates)} events of the mill in the chronology {len(found)} fell in 1973 ({when}); "
        "the "
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
    roughly = kabul.startswith("1979") and error <= ROUGH
    return Finding(
        by_parts([roughly, roughly and error <= RIGHT], CONTRADICTED),
        f"From the seizure of Kabul on {written(kabul)} to the last soldier on {written(bridge)} "
        f"the war took {length:.1f} years.",
    )


# An army that cannot be paid is read as military spending cut by at least half.
COLLAPSE = 0.5


def b15(read: Read) -> Finding:
    """Military spending collapsed before the Union ended; the war’s part in it caps the verdict."""
    falls = []
    for state, last in (("SUN", 1990), ("RUS", 1998)):
        line = spending(read)[state].loc[:last].dropna()
        fall = 1 - line.iloc[-1] / line.iloc[0]
        falls.append((fall, f"by {fall:.0%} from {line.index[0]} to {line.index[-1]}"))
    (union, soviet), (_, russian) = falls
    return Finding(
        PARTLY if union >= COLLAPSE else NOT_SUPPORTED,
        f"Soviet military spending fell {soviet}, the years on record, and Russia’s {russian} "
        "(SIPRI, constant dollars of 2024; two states, so not one line).",
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
        all(start[:4] <= date[:4] <= end[:4] for date in packages),
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
    pair = "exporter in ['PAK', 'USA'] and importer in ['PAK', 'USA']"
    goods = read("trade").query(f"series == 'cow' and flow == 'goods' and {pair}")
    yearly = goods.groupby("year")["value"].sum()
    before, after = yearly.loc[1987:1989].mean(), yearly.loc[1992:1994].mean()
    arms = read("arms_tiv").query("recipient == 'IND' and supplier == 'USA'")
    tiv = arms.set_index("year")["tiv"]
    cold, nineties, late = (tiv.loc[start : start + 9].sum() for start in (1982, 1992, 2002))
    return Finding(
        by_parts([cut > end, after < before, late > cold]),
        f"The first cut-off is of {written(cut)}, {12 * apart(cut, end):.0f} months before the "
        f"Union ended. Goods traded between Pakistan and the United States averaged {before:,.0f} "
        f"million current dollars in 1987–89 and {after:,.0f} in 1992–94; American arms for India "
        f"came to {cold:.0f} million TIV in 1982–91, {nineties:.0f} in 1992–2001 and {late:.0f} in "
        "2002–11.",
    )


# --- visits -------------------------------------------------------------------------------------


def b19(read: Read) -> Finding:
    """Nawaz Sharif was in Moscow in 1999."""
    made = visits(read, TO_MOSCOW, "head of government").query("visitor == 'Nawaz Sharif'")
    found = made.loc[made["start"].str.startswith("1999"), "start"]
    if found.empty:
        return Finding(CONTRADICTED, "No visit of Nawaz Sharif in 1999 is on record.")
    return Finding(
        SUPPORTED,
        f"The visit that began on {written(found.iloc[0])} is one of {len(made)} journeys of Nawaz "
        "Sharif to Russia on record.",
    )


def b20(read: Read) -> Finding:
    """Musharraf and Putin met in 2002; whether it was memorable is a matter of opinion."""
    abroad = visits(read, "third country")
    names = abroad["visitor"].str
    abroad = abroad[names.contains("Musharraf") & names.contains("Putin")]
    journeys = visits(read, TO_MOSCOW).query("visitor == 'Pervez Musharraf'")
    met = pd.concat([abroad, journeys]).sort_values("start")
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
    came = visits(read, TO_PAKISTAN, "head of government")
    found, earlier = came[came["start"].str.startswith("2007")], came[came["start"] < "2007"]
    if found.empty:
        return Finding(CONTRADICTED, "No visit of a Russian premier in 2007 is on record.")
    guest, start = found.iloc[0][["visitor", "start"]]
    if earlier.empty:
        return Finding(PARTLY, f"{guest} came on {written(start)}, the first premier on record.")
    last = earlier.iloc[-1]
    wait = apart(last["start"], start)
    return Finding(
        by_parts([True, abs(wait - GAP) <= SLACK]),
        f"{guest} came on {written(start)}, {wait:.1f} years after the visit of {last['visitor']} "
        f"of {written(last['start'])}, the last of a premier from Moscow on record before it.",
    )


# General Raheel Sharif commanded the army from 29 November 2013 (source tribune-2013-raheel) to 29
# November 2016 (source dawn-2016-raheel).
RAHEEL = ("2013-11-29", "2016-11-29")


def b22(read: Read) -> Finding:
    """The first joint exercise of any service, and that of the armies, fell in his term."""
    exercises = read("exercises").sort_values("start")
    land = exercises.query("branch in ['army', 'special forces']")
    first = [part["start"].iloc[0] for part in (exercises, land)]
    parts = [RAHEEL[0] <= start <= RAHEEL[1] for start in first]
    return Finding(
        by_parts(parts, CONTRADICTED),
        f"Of {len(exercises)} exercises on record the first of any service began on "
        f"{written(first[0])} and the first of the land forces on {written(first[1])}; the general "
        f"commanded the army from {written(RAHEEL[0])} to {written(RAHEEL[1])}.",
    )


# How a summary tells that Khan invited Putin, or hoped to receive him.
INVITED = r"\bKhan\b.*\b(?:asked|hoped|invited)\b.*\bPutin\b"


def b30(read: Read) -> Finding:
    """A Russian delegation came in the last quarter of 2019, and an invitation is of that year.

    The invitation is on record if an event of 2019 that is linked as evidence for the claim tells
    that Imran Khan asked for, or hoped for, a visit by Putin.
    """
    came = visits(read, TO_PAKISTAN).query(
        "rank != 'head of state' and '2019-10' <= start <= '2019-12-31'"
    )
    linked = read("claim_evidence").query("claim == 'B30' and side == 'for'")["event"].dropna()
    year = events(read, "2019-01-01", "2020-01-01")
    told = year["event"].isin(linked) & year["summary"].str.contains(INVITED)
    asked = "; ".join(year.loc[told, "date"].map(written))
    guests = "; ".join(came["visitor"] + ", " + came["start"].map(written)) or "nobody"
    return Finding(
        by_parts([not came.empty, bool(asked)], CONTRADICTED),
        f"Guests from Russia on record in the last quarter of 2019: {guests}. Days of that "
        "year on which Imran Khan is on record as inviting Putin or hoping for his visit: "
        f"{asked or 'none'}.",
    )


def b34(read: Read) -> Finding:
    """No president of Russia is on record as a guest in Pakistan."""
    recent = "start >= '1992'"
    came, missed = (
        visits(read, TO_PAKISTAN, "head of state", status=status).query(recent)
        for status in ("held", "not held")
    )
    premiers = visits(read, TO_PAKISTAN, "head of government").query(recent)
    years, off = (list(part["start"].str[:4]) for part in (premiers, missed))
    return Finding(
        SUPPORTED if came.empty else CONTRADICTED,
        f"From 1992 to {written(record_ends(read))} the record has {len(premiers)} visits of "
        f"Russian premiers to Pakistan ({', '.join(years)}) and {len(came) or 'none'} of a "
        f"president; visits expected in {' and '.join(off)} were not held.",
    )


# “Very near” is read as within two years of the invitation of December 2019.
VERY_NEAR = 2


def b35(read: Read) -> Finding:
    """A president of Russia came within two years of the invitation."""
    invited = dated(read, "igc-6-manturov-2019")
    came = visits(read, TO_PAKISTAN, "head of state").query("start >= @invited")
    end = record_ends(read)
    if came.empty:
        return Finding(
            NOT_SUPPORTED,
            f"In {apart(invited, end):.1f} years from the invitation of {written(invited)} to the "
            f"end of the record on {written(end)} no visit of a Russian president is on record.",
        )
    wait = apart(invited, came["start"].iloc[0])
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
    matrix = vote_matrix(read("votes"), calls)[["CHN", "RUS"]].dropna()
    alike = int((matrix["CHN"] == matrix["RUS"]).sum())
    product = output(read)[["CHN", "USA"]].dropna().iloc[-1]
    size = product["CHN"] / product["USA"]
    stock = series(read, "warheads", "warheads").dropna(subset=["RUS", "USA", "CHN"])
    stock = stock.iloc[-1].dropna()
    spent = spending(read).iloc[-1].dropna()
    parts = [
        # The second condition holds the agenda constant: nearer than Russia’s votes with others.
        now.low > then.high and now.relative > then.relative,
        alike > len(matrix) / 2,
        size >= STRONG,
        stock.idxmax() == "RUS",
    ]
    return Finding(
        by_parts(parts),
        f"China and Russia voted alike on {then} of {then.calls} main votes in 1992–2001 and on "
        f"{now} of {now.calls} in the complete years of 2014–23 (90% intervals), and on {alike} of "
        f"{len(matrix)} texts on Ukraine. China’s output was {size:.0%} of the American in "
        f"{product.name} (constant prices); of {len(spent)} states Russia had the largest stock of "
        f"warheads, {stock['RUS']:,}, and place {spent.rank(ascending=False)['RUS']:.0f} in "
        "military spending.",
    )


# “Very powerful” is read as a doubling against the United States since 2000.
DOUBLED, SINCE = 2, 2000


def b27(read: Read) -> Finding:
    """China doubled its output, Russia its military spending, against an America grown smaller."""
    product, arms = output(read), spending(read)
    year = min(table["USA"].last_valid_index() for table in (product, arms))
    grown, armed = (table.at[year, "USA"] / table.at[SINCE, "USA"] for table in (product, arms))
    china, russia, force = (
        (table.loc[[SINCE, year], state] / table.loc[[SINCE, year], "USA"]).tolist()
        for table, state in ((product, "CHN"), (product, "RUS"), (arms, "RUS"))
    )
    return Finding(
        by_parts(
            [china[1] >= DOUBLED * china[0], force[1] >= DOUBLED * force[0], min(grown, armed) < 1]
        ),
        f"From {SINCE} to {year}, at constant prices, China’s output went from {china[0]:.0%} to "
        f"{china[1]:.0%} and Russia’s from {russia[0]:.0%} to {russia[1]:.0%} of the American, and "
        f"Russia’s military spending from {force[0]:.0%} to {force[1]:.0%}. America’s own output "
        f"stood at {grown:.1f} times and its military spending at {armed:.1f} times the level of "
        f"{SINCE}.",
    )


# The last complete years of votes.
LAST_VOTES = (2022, 2023)


def b31(read: Read) -> Finding:
    """China arms Pakistan, America arms India, and in votes each stands with its own team."""
    pakistan, india = (supplied(read, state, *LATEST) for state in ("PAK", "IND"))
    america, russia, other = (
        agreed(read, a, b, *LAST_VOTES) for a, b in (("IND", "USA"), ("IND", "RUS"), ("PAK", "RUS"))
    )
    parts = [
        pakistan["rank"].idxmin() == "CHN",
        india["rank"].idxmin() == "USA",
        america.low > russia.high,
        other.low > russia.high,
    ]
    return Finding(
        by_parts(parts, CONTRADICTED),
        f"In {span(LATEST)} China supplied {share_of(pakistan, 'CHN'):.0%} and Russia "
        f"{share_of(pakistan, 'RUS'):.0%} of Pakistan’s arms, Russia {share_of(india, 'RUS'):.0%} "
        f"and the United States {share_of(india, 'USA'):.0%} of India’s. In {span(LAST_VOTES)} "
        f"India voted with Russia on {russia} and with the United States on {america} of some "
        f"{russia.calls} main votes, Pakistan with Russia on {other} (90% intervals).",
    )


def b32(read: Read) -> Finding:
    """Russia has the largest area of the table, and Pakistan more people than Russia."""
    area = read("area").query("series == 'factbook' and kind == 'total'")
    area = area.set_index("state")["area_km2"]
    people = series(read, "population", "population", "series == 'wdi'")[["PAK", "RUS"]].dropna()
    last = people.iloc[-1]
    since = people.index[people["PAK"] > people["RUS"]].min()
    return Finding(
        by_parts([area.idxmax() == "RUS", last["PAK"] > last["RUS"]], CONTRADICTED),
        f"Russia has {area['RUS'] / 1e6:.1f} million square kilometres, "
        f"{area['RUS'] / area['PAK']:.0f} times Pakistan’s area and the most of {len(area)} states "
        f"compared; in {last.name} Pakistan had {last['PAK'] / 1e6:.0f} and Russia "
        f"{last['RUS'] / 1e6:.0f} million people, and Pakistan first had more in {since} (World "
        "Bank).",
    )
