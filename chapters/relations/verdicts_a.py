"""Verdicts on the claims of essay A that the dataset can decide: one rule a claim.

What a rule is and shares with others stands in :mod:`relations.verdicts`.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from .chronology import written
from .eras import eras
from .measures import rolling_shares, trade_share
from .verdicts import (
    CONTRADICTED,
    LATEST,
    NOT_SUPPORTED,
    PARTLY,
    SUPPORTED,
    TO_MOSCOW,
    Finding,
    Read,
    apart,
    by_parts,
    dated,
    events,
    of_era,
    share_of,
    signed,
    span,
    split,
    steps,
    supplied,
    supplies,
    visits,
)

CODERS = ["effect", "effect_second"]


def means(frame: pd.DataFrame) -> pd.Series:
    """Mean effect of events by the first coder and the second."""
    return frame[CODERS].astype("float64").mean()


def strained(frame: pd.DataFrame) -> pd.Series:
    """Share of events with an effect below zero by the first coder and the second."""
    return frame[CODERS].apply(lambda effect: effect.dropna().lt(0).mean())


def mirrored(start: str, turn: str) -> str:
    """The ISO day that lies as long after a turn as the turn lies after a start."""
    day = pd.Timestamp(turn)
    return f"{day + (day - pd.Timestamp(start)):%Y-%m-%d}"


def worded(frame: pd.DataFrame) -> str:
    """Mean effect by both coders and number of events, in words."""
    first, second = map(signed, means(frame))
    return f"{first} over {len(frame)} events (second coder {second})"


def moscow_windows(read: Read, recipient: str, first: int, last: int) -> pd.DataFrame:
    """Moscow's share in the five-year windows that end in these years, and whether it led."""
    shares = rolling_shares(supplies(read, recipient), by="supplier", value="tiv")
    wide = shares.pivot(index="year", columns="supplier", values="share").loc[first:last]
    ours = wide["RUS"]
    return pd.DataFrame({"share": ours, "leads": ours.eq(wide.max(axis=1)) & ours.gt(0)})


def moscow_trade(read: Read, flows: str, totals: str) -> pd.Series:
    """Moscow's share of Pakistan's trade by year, flows of one series over totals of another."""
    own = read("trade_totals").query("series == @totals")
    shares = trade_share(read("trade").query("series == @flows"), own, "PAK", "RUS")
    return shares.set_index("year")["share"]


def vetoes(read: Read, year: str) -> int:
    """Soviet vetoes on India and Pakistan in a year."""
    cast = read("council_vetoes").merge(read("council_veto_casts"), on="veto")
    ours = cast.query("state == 'SUN' and topic == 'India-Pakistan'")
    return int(ours["date"].str.startswith(year).sum())


def a01(read: Read) -> Finding:
    """Dominant: first supplier of arms in most five-year windows to 1991, in both states or one."""
    india, pakistan = (moscow_windows(read, state, 1954, 1991) for state in ("IND", "PAK"))
    return Finding(
        by_parts([india["leads"].mean() > 0.5, pakistan["leads"].mean() > 0.5]),
        f"In the {len(india)} five-year windows from 1950–54 to 1987–91 the USSR was India’s first "
        f"supplier of major arms by volume (SIPRI, TIV) in {india['leads'].sum()} and Pakistan’s "
        f"in {pakistan['leads'].sum() or 'none'}. Its highest share was "
        f"{india['share'].max():.0%} of India’s deliveries and "
        f"{pakistan['share'].max():.0%} of Pakistan’s.",
    )


# Relations of 1948 were made by an exchange of notes over a week: a day within a month of the
# one that the essay names would be the same act under another date.
NEAR_DAYS = 31


def a02(read: Read) -> Finding:
    """Supported on the day named, partly within a month of it, contradicted beyond."""
    found = read("milestones").set_index("milestone").at["relations-1948", "date"]
    off = abs((pd.Timestamp(found) - pd.Timestamp("1948-05-01")).days)
    distance = f"{off} days from" if off else "which is"
    envoy = dated(read, "first-pakistani-ambassador-1949")
    return Finding(
        by_parts([off == 0, off <= NEAR_DAYS], CONTRADICTED),
        f"The table of milestones dates relations {written(found)}, {distance} the day that the "
        f"essay names. Pakistan’s first ambassador took up his post in {written(envoy)}, about "
        f"{12 * apart(found, envoy):.0f} months later.",
    )


# Ups and downs: a quarter of the events is more than a stray exception on either side, and down,
# up and down again needs two changes of sign between eras.
BOTH_KINDS, CHANGES = 0.25, 2


def a03(read: Read) -> Finding:
    """Supported if a quarter of the events each way and two changes of sign between eras."""
    old = [of_era(read, era) for era in eras().query("end < '1992'")["era"]]
    effect = pd.concat(old)["effect"]
    up, down = (effect > 0).mean(), (effect < 0).mean()
    by_era = [era["effect"].mean() for era in old]
    turns = sum(a * b < 0 for a, b in pairwise(by_era))
    return Finding(
        by_parts([min(up, down) >= BOTH_KINDS, turns >= CHANGES], CONTRADICTED),
        f"Of {len(effect)} events from 1947 to February 1989, {up:.0%} eased relations and "
        f"{down:.0%} strained them; the mean effect by era was {', '.join(map(signed, by_era))}, "
        f"with {turns} changes of sign.",
    )


# The essay's “1950s” up to the coup; the span after it is made as long, so that the early and the
# late years of military rule both count.
FIFTIES = "1950-01-01"


def a04(read: Read) -> Finding:
    """Healthy before the coup: mean above zero. A fall: mean lower in an equal span after it."""
    coup = dated(read, "coup-1958")
    end = mirrored(FIFTIES, coup)
    before, after = events(read, FIFTIES, coup), events(read, coup, end)
    return Finding(
        by_parts([(means(before) > 0).all(), (means(after) < means(before)).all()], CONTRADICTED),
        f"From 1950 to the coup of {written(coup)} the mean effect is {worded(before)}; in the "
        f"equal span after it, to {written(end[:7])}, it is {worded(after)}.",
    )


# The war of 1965 and its mediation: from the fighting of August to the Tashkent meeting. The visits
# and treaties of the spring came before the war and say nothing about sides in it.
WAR_1965 = ("1965-08-01", "1966-02-01")


def a05(read: Read) -> Finding:
    """Supported by a veto or by more harm than help in the war; contradicted by help alone."""
    war = events(read, *WAR_1965)
    helped, harmed = (war["effect"] > 0).sum(), (war["effect"] < 0).sum()
    cast = vetoes(read, "1965")
    gentle = CONTRADICTED if helped and not harmed else PARTLY
    flows = read("arms_tiv").query("supplier == 'SUN' and year == 1965").set_index("recipient")
    sold = flows["tiv"].reindex(["IND", "PAK"], fill_value=0)
    return Finding(
        SUPPORTED if cast or harmed > helped else gentle,
        f"Of {len(war)} events of the war and its mediation, August 1965 to January 1966, "
        f"{helped or 'none'} eased relations and {harmed or 'none'} strained them; Soviet vetoes "
        f"on India and Pakistan in 1965: {cast or 'none'}. Soviet arms delivered that year "
        f"(SIPRI): {sold['IND']:.0f} million TIV to India, {round(sold['PAK']) or 'none'} to "
        "Pakistan.",
    )


def a06(read: Read) -> Finding:
    """Supported by a veto and by a vote with India, against Pakistan, in the Assembly."""
    cast = vetoes(read, "1971")
    call = read("roll_calls").query("about == 'india-pakistan-1971'")[["roll_call"]]
    vote = read("votes").merge(call, on="roll_call").set_index("state")["vote"]
    sided = vote["SUN"] == vote["IND"] != vote["PAK"]
    autumn = events(read, "1971-08-01", "1972-01-01")["effect"]
    return Finding(
        by_parts([cast > 0, sided], CONTRADICTED),
        f"The USSR cast {cast} vetoes on the war in December 1971 and voted in the Assembly "
        f"{'with India against Pakistan' if sided else 'otherwise than India'}. Of "
        f"{len(autumn)} events from August to December, {(autumn < 0).sum()} strained relations.",
    )


def a07(read: Read) -> Finding:
    """Drafts on the war vetoed, and every draft of Pakistan's among them: both, one, neither."""
    drafts = read("council_drafts").query("subject.str.contains('War between')")
    brought = drafts["sponsors"].str.split("; ").map(lambda names: "PAK" in names)
    ballots = read("council_votes").query("state == 'SUN' and vote == 'N'")
    stopped = drafts["result"].eq("vetoed") & drafts["draft"].isin(ballots["draft"])
    call = read("roll_calls").query("about == 'india-pakistan-1971'").iloc[0]
    passed = call["yes"] > call["no"]
    return Finding(
        by_parts([stopped.any(), brought.any() and stopped[brought].all()], CONTRADICTED),
        f"Of {len(drafts)} drafts on the war put to the vote in the Council and on record here, "
        f"Soviet vetoes stopped {stopped.sum() or 'none'}; Pakistan sponsored "
        f"{brought.sum() or 'none'}. The Assembly’s resolution was "
        f"{'adopted' if passed else 'lost'} by {call['yes']} votes to {call['no']}, with "
        f"{call['abstain']} abstentions.",
    )


def a08(read: Read) -> Finding:
    """Supported if events beat 1971 and arms and trade beat 1966–71; partly if only some do."""
    war, thaw = events(read, "1971-01-01", "1972-01-01"), of_era(read, "steel-and-thaw")
    arms = read("arms_tiv").query("recipient == 'PAK' and supplier == 'SUN'")
    sent = arms.groupby("year")["tiv"].sum().reindex(range(1966, 1980), fill_value=0)
    share = moscow_trade(read, "cow", "cow")
    pairs = [
        (war["effect"].mean(), thaw["effect"].mean()),
        (sent.loc[:1971].mean(), sent.loc[1972:].mean()),
        (share.loc[1966:1971].mean(), share.loc[1972:1979].mean()),
    ]
    effect, tiv, goods = pairs
    early, late = (signed(part["effect"].mean()) for part in split(thaw, "1978-01-01"))
    return Finding(
        by_parts([after > before for before, after in pairs], CONTRADICTED),
        f"The mean effect was {signed(effect[0])} in 1971 and {signed(effect[1])} from 1972 to "
        f"1979 ({early} to 1977, {late} after). From 1966–71 to 1972–79 Soviet arms (SIPRI) went "
        f"from {tiv[0]:.0f} to {tiv[1]:.0f} million TIV a year and Moscow’s share of Pakistan’s "
        f"trade (COW, to 1971 with the eastern wing) from {goods[0]:.1%} to {goods[1]:.1%}.",
    )


def a09(read: Read) -> Finding:
    """Supported if the first prime minister on record as a visitor is Bhutto, else contradicted."""
    premiers = visits(read, TO_MOSCOW, "head of government")
    if premiers.empty:
        return Finding(NOT_SUPPORTED, "No visit of a Pakistani prime minister is on record.")
    first = premiers.iloc[0]
    heads = visits(read, TO_MOSCOW, "head of state").query("start < @first.start")
    return Finding(
        SUPPORTED if "Bhutto" in first["visitor"] else CONTRADICTED,
        f"The first prime minister on record as a visitor is {first['visitor']}, on "
        f"{written(first['start'])}; earlier visits of presidents on record: "
        f"{len(heads) or 'none'}.",
    )


def a11(read: Read) -> Finding:
    """Soviet part and a step in 1972: supported; one of the two: partly; neither: contradicted."""
    mill = read("projects").set_index("project").loc["steel-mill"]
    papers = read("milestones").query("title.str.contains('steel') and date < @mill.built")
    dates = sorted({*steps(read, "steel-mill", "steel-credit-1971"), *papers["date"]})
    hits = sum(date.startswith("1972") for date in dates)
    return Finding(
        by_parts([mill["partner"] == "SUN", hits > 0], CONTRADICTED),
        f"Of {len(dates)} dated steps of the mill between {dates[0][:4]} and {dates[-1][:4]} in "
        f"the tables of events and milestones, {hits or 'none'} fall in 1972: it was agreed on "
        f"{written(mill['signed'])}, the stone laid on "
        f"{written(dated(read, 'steel-foundation-1973'))} and the works opened on "
        f"{written(mill['built'])}.",
    )


def a12(read: Read) -> Finding:
    """Strong to the end: mean effect above zero both before and after the Kabul coup of 1978."""
    coup = dated(read, "saur-1978")
    calm, last = split(of_era(read, "steel-and-thaw"), coup)
    war = of_era(read, "afghan-war")["effect"].mean()
    return Finding(
        by_parts([calm["effect"].mean() > 0, last["effect"].mean() > 0]),
        f"From 1972 to the coup in Kabul of {written(coup)} the mean effect is {worded(calm)}; "
        f"from then to the invasion it is {worded(last)}; in the war that followed it is "
        f"{signed(war)}.",
    )


def a14(read: Read) -> Finding:
    """Lowest mean effect, most grave events a year, each by both coders: all four, some, none."""
    bounds = eras().set_index("era")
    parts = {era: of_era(read, era) for era in bounds.index}
    mean = pd.DataFrame({era: means(part) for era, part in parts.items()})
    grave = pd.DataFrame({era: part[CODERS].le(-2).sum() for era, part in parts.items()})
    rate = grave / (bounds["to_year"] - bounds["from_year"])
    war, cold = "afghan-war", "cold-war-rivalry"
    others = rate.drop(columns=war)
    first, second = (
        f"{rate.at[coder, war]:.1f} ({grave.at[coder, war]} events) against "
        f"{others.loc[coder].max():.1f} in “{bounds.at[others.loc[coder].idxmax(), 'title']}”"
        for coder in CODERS
    )
    return Finding(
        by_parts([*mean.idxmin(axis=1).eq(war), *rate.idxmax(axis=1).eq(war)], CONTRADICTED),
        f"The mean effect is {worded(parts[war])} in the Afghan war and {worded(parts[cold])} in "
        "1947–65. Grave events (−2 or −3) a year in the war, against the most in another era: by "
        f"the first coder {first}, by the second {second}.",
    )


def a17(read: Read) -> Finding:
    """A beginning: higher mean effect and fewer strained events than in the war, by each coder."""
    bounds = eras().set_index("era")
    # As long as the war, so that no calm or quarrel picks the span.
    end = mirrored(*bounds.loc[["afghan-war", "after-the-union"], "start"])
    war = of_era(read, "afghan-war")
    after, later = split(of_era(read, "after-the-union"), end)
    now, then = ([f"{share:.0%}" for share in strained(part)] for part in (after, war))
    return Finding(
        by_parts([*(means(after) > means(war)), *(strained(after) < strained(war))], CONTRADICTED),
        f"From the withdrawal to {written(end[:7])}, a span as long as the war, the mean effect is "
        f"{worded(after)}, and {now[0]} of the events strained relations (second coder {now[1]}); "
        f"in the war it was {worded(war)}, and {then[0]} (second coder {then[1]}). Of "
        f"{len(later)} events after the span, to {written(bounds.at['after-the-union', 'end'])}, "
        f"{(later['effect'] < 0).sum() or 'none'} strained them.",
    )


# “Greatly” improved ties of goods: at least twice the share of before.
GREATLY = 2


def a20(read: Read) -> Finding:
    """Talk: better events than in 1989–2001 and more exercises. Goods: trade or arms doubled."""
    start = eras().set_index("era").at["sco-era", "start"]
    then, now = of_era(read, "after-the-union"), of_era(read, "sco-era")
    drills = read("exercises")["start"]
    recent, earlier = (drills >= start).sum(), (drills < start).sum()
    share = moscow_trade(read, "imf", "wdi")
    old_trade, new_trade = share.loc[2011:2014].mean(), share.loc[2016:2021].mean()
    old_arms, new_arms = (
        share_of(supplied(read, "PAK", *years), "RUS") for years in ((1992, 2001), (2016, 2025))
    )
    talk = now["effect"].mean() > then["effect"].mean() and recent > earlier
    goods = new_trade >= GREATLY * old_trade or new_arms >= GREATLY * old_arms
    return Finding(
        by_parts([talk, goods]),
        f"The mean effect rose from {worded(then)} in 1989–2001 to {worded(now)} since "
        f"July 2015; {recent} joint exercises are on record since then, {earlier} before. Russia "
        f"had {old_trade:.1%} of Pakistan’s trade in 2011–14 and {new_trade:.1%} in 2016–21 (its "
        f"own reports), and {old_arms:.1%} of its arms by volume (SIPRI, engines included) in "
        f"1992–2001 and {new_arms:.1%} in 2016–25.",
    )


def a21(read: Read) -> Finding:
    """Weapons only after the announcement: supported; other arms before as well: partly."""
    lifted = int(dated(read, "arms-embargo-lifted-2014")[:4])
    items = read("arms_deliveries").query("supplier == 'RUS'")
    before, after = items[items["year"] < lifted], items[items["year"] > lifted]
    count = before.groupby("group")["delivered"].sum()
    count = count.reindex(["weapon", "transport", "engine"], fill_value=0)
    names = after[after["group"] == "weapon"].groupby("designation", sort=False)["delivered"].sum()
    only_after = len(names) > 0 and not count["weapon"]
    listed = " and ".join(f"{number} {name}" for name, number in names.items()) or "none"
    return Finding(
        by_parts([only_after, only_after and before.empty]),
        f"Before {lifted} SIPRI counts {count['transport']} transport helicopters and "
        f"{count['engine']} engines from Russia, and {count['weapon'] or 'none'} of its weapons; "
        f"after {lifted} the weapons delivered are {listed}.",
    )


# Helicopters that a text written after 2016 can call recent.
RECENT = 2014


def a22(read: Read) -> Finding:
    """Supported with a helicopter ordered and delivered since 2014, partly with older ones only."""
    deals = read("arms_deals").query("recipient == 'PAK' and supplier == 'RUS' and delivered > 0")
    copters = deals[deals["category"].str.contains("helicopter")]
    new, old = copters.query("order_year >= @RECENT"), copters.query("order_year < @RECENT")
    listed = ", ".join(new["delivered"].astype("str") + " " + new["designation"])
    return Finding(
        SUPPORTED if len(new) else PARTLY if len(old) else NOT_SUPPORTED,
        f"SIPRI’s register has {new['delivered'].sum()} Russian helicopters ordered since {RECENT} "
        f"and delivered ({listed or 'none'}), after {old['delivered'].sum()} ordered before.",
    )


# Troops on land, alone or with other services.
LAND = ("army", "special forces", "joint")


def a26(read: Read) -> Finding:
    """First drill of all on land in Pakistan: supported; first on land only: partly."""
    pairs = read("exercises").query("type == 'bilateral'").sort_values("start")
    land = pairs[pairs["branch"].isin(LAND)]
    if land.empty or land.iloc[0]["host"] != "PAK":
        return Finding(
            NOT_SUPPORTED, "The first exercise of land forces on record was not held in Pakistan."
        )
    first = land.iloc[0]
    before = pairs[pairs["start"] < first["start"]]
    branches = ", ".join(before["branch"].unique())
    since = f" ({branches}, from {written(before.iloc[0]['start'][:7])} on)" if len(before) else ""
    return Finding(
        SUPPORTED if before.empty else PARTLY,
        f"The first exercise of land forces on record, {first['series']}, opened in Pakistan on "
        f"{written(first['start'])}; exercises of the two states alone before it: "
        f"{len(before) or 'none'}{since}.",
    )


# Essay A is undated but knows the drills of 2016 and a retired army chief of November 2016: its
# “now” is read as 2016–20, and “earlier” as Moscow’s years as Russia before that. What came later
# is told and decides nothing.
EARLIER, BEFORE, NOW = (1992, 2015), (2011, 2015), (2016, 2020)
# European suppliers of India other than Russia, Ukraine and Belarus.
EUROPE = {
    *("AUT", "BEL", "BGR", "CHE", "CZE", "DEU", "DNK", "ESP", "FIN", "FRA"),
    *("GBR", "HUN", "ITA", "NLD", "NOR", "POL", "ROU", "SVK", "SWE"),
}


def a27(read: Read) -> Finding:
    """At the essay's time Moscow's share was down, America's and Europe's up: all, some, none."""
    shares = [supplied(read, "IND", *years) for years in (EARLIER, NOW, BEFORE, LATEST)]
    russia, america, europe = (
        [share_of(part, *states) for part in shares] for states in (("RUS",), ("USA",), EUROPE)
    )
    turn = [f"{line[0]:.0%} and {line[1]:.0%}" for line in (russia, america, europe)]
    return Finding(
        by_parts(
            [russia[1] < russia[0], america[1] > america[0], europe[1] > europe[0]], CONTRADICTED
        ),
        f"Shares of India’s arms deliveries (SIPRI, TIV) in {EARLIER[0]}–{EARLIER[1]} and in "
        f"{span(NOW)}, the essay’s time: Russia {turn[0]}; the United States {turn[1]}; European "
        f"states other than Russia, Ukraine and Belarus {turn[2]}. The American share was "
        f"{america[2]:.0%} in {span(BEFORE)}. After the essay, in {span(LATEST)}, Russia had "
        f"{russia[3]:.0%}, the United States {america[3]:.0%} and Europe {europe[3]:.0%}.",
    )


def a28(read: Read) -> Finding:
    """First in every five-year window that ends in the earlier years: supported; most: partly."""
    then = moscow_windows(read, "IND", *EARLIER)
    latest = supplied(read, "IND", *LATEST)
    return Finding(
        by_parts([then["leads"].all(), then["leads"].mean() > 0.5], CONTRADICTED),
        f"Moscow was India’s first supplier in {then['leads'].sum()} of the {len(then)} five-year "
        f"windows that end in {EARLIER[0]} to {EARLIER[1]}, with {then['share'].min():.0%} to "
        f"{then['share'].max():.0%} of deliveries by volume (SIPRI, TIV). In {span(LATEST)} its "
        f"rank is {latest['rank'].get('RUS', 'none')}, with {share_of(latest, 'RUS'):.0%}.",
    )


def a30(read: Read) -> Finding:
    """An official visit on record of each of the two army chiefs: both, one or neither."""
    made = visits(read, TO_MOSCOW, "army chief").query("type == 'official'")
    found = {
        name: made.loc[made["visitor"].str.contains(name), "start"]
        for name in ("Kayani", "Raheel Sharif")
    }
    listed = "; ".join(
        f"{name}: {', '.join(map(written, starts)) or 'none'}" for name, starts in found.items()
    )
    return Finding(
        by_parts(len(starts) > 0 for starts in found.values()),
        f"Official visits to Moscow on record, by first day or month: {listed}.",
    )


def a33(read: Read) -> Finding:
    """Trusted ally: first supplier of arms in 2021–25 and first in the poll on help in a war."""
    shares = supplied(read, "PAK", *LATEST)
    poll = read("polls").query("poll == 'gallup-pakistan-2025'").sort_values("value")
    asked = poll.iloc[-1]
    return Finding(
        by_parts([shares["rank"].idxmin() == "CHN", asked["answer"] == "China"]),
        f"China’s share of Pakistan’s arms in {span(LATEST)} is {share_of(shares, 'CHN'):.0%} by "
        f"volume (SIPRI, TIV); in a Gallup Pakistan poll of {asked['period']}, "
        f"{asked['value']:.0f}% named {asked['answer']}, more than any other country, as a helper "
        "in a war with India.",
    )
