"""Verdicts on the claims of essay A that the dataset can decide: one rule a claim.

A rule reads its tables through `read` (name to data frame), judges by the criterion in its
docstring and says in plain words what it measured. Thresholds are named here with a reason.
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from .dataset import decimal_year, moscow
from .measures import rolling_shares, trade_share, window_shares

Read = Callable[[str], pd.DataFrame]

# Relations of 1948 were made by an exchange of notes over a week: a day within a month of the
# one that the essay names would be the same act under another date.
NEAR_DAYS = 31
# Ups and downs: a quarter of the events is more than a stray exception on either side.
BOTH_KINDS = 0.25
# Ups and downs: down, up and down again needs two changes of sign.
CHANGES = 2
# “Greatly” improved ties of goods: at least twice the share of before.
GREATLY = 2.0
# Helicopters that a text written after 2016 can call recent.
RECENT = 2014
# The essay's “1950s” up to the coup; the span after it is made as long, so that the early and the
# late years of military rule both count.
FIFTIES = "1950-01-01"
# SIPRI publishes shares over five years, since single years depend on a few deliveries.
WINDOW = 5
# Essay A is undated but knows the drills of 2016 and a retired army chief of November 2016: its
# “now” is compared with the windows before, and with the latest.
NOW = (2006, 2016)
SINCE = (2011, 2021)
# European suppliers of India other than Russia, Ukraine and Belarus.
EUROPE = {
    *("AUT", "BEL", "BGR", "CHE", "CZE", "DEU", "DNK", "ESP", "FIN", "FRA"),
    *("GBR", "HUN", "ITA", "NLD", "NOR", "POL", "ROU", "SVK", "SWE"),
}
LAND = ("army", "special forces", "joint")


class Finding(NamedTuple):
    """What a rule found: the verdict, and the figures in one or two plain sentences."""

    verdict: str
    measured: str


def day(text: str) -> str:
    """An ISO date of any precision in words: ``1971-01-22`` is 22 January 1971."""
    year, *rest = str(text).split("-")
    words = [month_name[int(rest[0])], year] if rest else [year]
    return " ".join([str(int(rest[1])), *words] if len(rest) > 1 else words)


def signed(value: float) -> str:
    """A mean effect with its sign and two decimals."""
    return f"{value:+.2f}".replace("-", "−")


def number(value: int) -> str:
    """A count, with a word for nothing."""
    return str(value) if value else "none"


def percent(value: float, digits: int = 0) -> str:
    """A share (0 to 1) in per cent."""
    return f"{value:.{digits}%}"


def position(text: str) -> float:
    """An ISO date as a decimal year."""
    return float(decimal_year(pd.Series([text])).iloc[0])


def events(read: Read, first: str, last: str) -> pd.DataFrame:
    """The events that took place from one ISO date to another, both included."""
    held = read("events").query("status == 'held'")
    at = decimal_year(held["date"])
    return held[at.between(position(first), position(last))].assign(at=at)


def date_of(read: Read, event: str) -> str:
    """The date of one event."""
    return read("events").set_index("event").loc[event, "date"]


def bounds(read: Read) -> pd.DataFrame:
    """First and last day of each era, the open one to the end of 2026."""
    return read("eras").set_index("era")[["start", "end"]].fillna({"end": "2026-12-31"})


def of_era(read: Read, era: str) -> pd.DataFrame:
    """The events that took place in one era; the first era holds its prelude."""
    days = bounds(read)
    start, end = days.loc[era]
    return events(read, "1900-01-01" if era == days.index[0] else start, end)


def mean(frame: pd.DataFrame, coder: str = "effect") -> float:
    """Mean effect of events, by the first coder or the second."""
    return float(frame[coder].mean())


def both_means(frame: pd.DataFrame) -> str:
    """Number of events and mean effect by both coders, in words."""
    second = signed(mean(frame, "effect_second"))
    return f"{signed(mean(frame))} over {len(frame)} events (second coder {second})"


def supplies(read: Read, recipient: str) -> pd.DataFrame:
    """Arms deliveries to one state, with the Soviet and the Russian seat joined."""
    flows = read("arms_tiv").query("recipient == @recipient")
    return flows.assign(supplier=moscow(flows["supplier"]))


def windows(read: Read, recipient: str, first: int, last: int) -> pd.DataFrame:
    """Moscow's share and rank among a state's suppliers in windows that end in these years."""
    shares = rolling_shares(supplies(read, recipient), by="supplier", value="tiv", window=WINDOW)
    shares["rank"] = shares.groupby("year")["share"].rank(ascending=False, method="min")
    ours = shares.query("supplier == 'RUS' and @first <= year <= @last")
    return ours.assign(first=ours["rank"].eq(1) & ours["share"].gt(0)).set_index("year")


def share_of(read: Read, recipient: str, supplier: str, start: int, end: int) -> float:
    """One supplier's share of a state's arms over the years given (0 where it sent nothing)."""
    shares = window_shares(supplies(read, recipient), start, end, by="supplier", value="tiv")
    return float(shares.set_index("supplier")["share"].get(supplier, 0.0))


def trade(read: Read, flows: str, totals: str) -> pd.Series:
    """Moscow's share of Pakistan's trade by year, flows of one series over totals of another."""
    own = read("trade_totals").query("series == @totals")
    return trade_share(read("trade").query("series == @flows"), own, "PAK", "RUS").set_index(
        "year"
    )["share"]


def vetoes(read: Read, year: int) -> int:
    """Soviet vetoes on India and Pakistan in a year."""
    cast = read("council_vetoes").merge(read("council_veto_casts"), on="veto")
    ours = cast[(cast["state"] == "SUN") & (cast["topic"] == "India-Pakistan")]
    return int(ours["date"].str.startswith(str(year)).sum())


def to_moscow(read: Read) -> pd.DataFrame:
    """Visits to Soviet or Russian soil that took place, in order of date."""
    visits = read("visits").query("status == 'held' and direction == 'to Moscow'")
    return visits.sort_values("start", ignore_index=True)


def graded(met: list[bool], none: str) -> str:
    """All conditions met: supported; some: partly supported; none of them: as given."""
    if all(met):
        return "supported"
    return "partly supported" if any(met) else none


def a01(read: Read) -> Finding:
    """Dominant: first supplier of arms in most five-year windows to 1991, in both states or one."""
    india, pakistan = (windows(read, state, 1954, 1991) for state in ("IND", "PAK"))
    verdict = graded([india["first"].mean() > 0.5, pakistan["first"].mean() > 0.5], "not supported")
    return Finding(
        verdict,
        f"In the {len(india)} five-year windows from 1950–54 to 1987–91 the USSR was India’s first "
        f"supplier of major arms by volume (SIPRI, TIV) in {india['first'].sum()} and Pakistan’s "
        f"in {number(pakistan['first'].sum())}. Its highest share was "
        f"{percent(india['share'].max())} of India’s deliveries and "
        f"{percent(pakistan['share'].max())} of Pakistan’s.",
    )


def a02(read: Read) -> Finding:
    """Supported on the day named, partly within a month of it, contradicted beyond."""
    found = read("milestones").set_index("milestone").loc["relations-1948", "date"]
    off = abs((pd.Timestamp(found) - pd.Timestamp("1948-05-01")).days)
    envoy = date_of(read, "first-pakistani-ambassador-1949")
    verdict = "partly supported" if off <= NEAR_DAYS else "contradicted"
    later = round(12 * (position(envoy) - position(found)))
    return Finding(
        "supported" if off == 0 else verdict,
        f"The table of milestones dates relations {day(found)}, {off} days from the day named. "
        f"Pakistan’s first ambassador took up his post in {day(envoy)}, about {later} months "
        "later.",
    )


def a03(read: Read) -> Finding:
    """Supported if a quarter of the events each way and two changes of sign between eras."""
    old = bounds(read).query("end < '1992'")
    parts = [of_era(read, era) for era in old.index]
    effect = pd.concat(parts)["effect"]
    up, down = (effect > 0).mean(), (effect < 0).mean()
    means = [mean(part) for part in parts]
    turns = sum(a * b < 0 for a, b in pairwise(means))
    verdict = graded([min(up, down) >= BOTH_KINDS, turns >= CHANGES], "contradicted")
    return Finding(
        verdict,
        f"Of {len(effect)} events from 1947 to February 1989, {percent(up)} eased relations and "
        f"{percent(down)} strained them; the mean effect by era was "
        f"{', '.join(signed(value) for value in means)}, with {turns} changes of sign.",
    )


def a04(read: Read) -> Finding:
    """Healthy before the coup: mean above zero. A fall: mean lower in an equal span after it."""
    coup = date_of(read, "coup-1958")
    last = pd.Timestamp(coup) - pd.Timedelta(days=1)
    length = last - pd.Timestamp(FIFTIES)
    end = (pd.Timestamp(coup) + length).date().isoformat()
    before, after = events(read, FIFTIES, last.date().isoformat()), events(read, coup, end)
    coders = ("effect", "effect_second")
    healthy = all(mean(before, coder) > 0 for coder in coders)
    fell = all(mean(after, coder) < mean(before, coder) for coder in coders)
    return Finding(
        graded([healthy, fell], "contradicted"),
        f"From 1950 to the coup of {day(coup)} the mean effect is {both_means(before)}; in the "
        f"equal span after it, to {day(end[:7])}, it is {both_means(after)}.",
    )


def a05(read: Read) -> Finding:
    """Supported with a veto or more harm than help in the war year; contradicted by help alone."""
    year = events(read, "1965-04-01", "1966-01-31")
    helped, harmed = (year["effect"] > 0).sum(), (year["effect"] < 0).sum()
    cast = vetoes(read, 1965)
    if cast or harmed > helped:
        verdict = "supported"
    else:
        verdict = "contradicted" if helped and not harmed else "partly supported"
    flows = read("arms_tiv").query("supplier == 'SUN' and year == 1965").set_index("recipient")
    sold = flows["tiv"].reindex(["IND", "PAK"], fill_value=0)
    return Finding(
        verdict,
        f"Of {len(year)} events from April 1965 to January 1966, {number(helped)} eased "
        f"relations and {number(harmed)} strained them; Soviet vetoes on India and Pakistan in "
        f"1965: {number(cast)}. Soviet arms delivered that year (SIPRI): {sold['IND']:.0f} million "
        f"TIV to India, {number(round(sold['PAK']))} to Pakistan.",
    )


def a06(read: Read) -> Finding:
    """Supported by a veto and by a vote with India, against Pakistan, in the Assembly."""
    cast = vetoes(read, 1971)
    call = read("roll_calls").query("about == 'india-pakistan-1971'")[["roll_call"]]
    vote = read("votes").merge(call, on="roll_call").set_index("state")["vote"]
    sided = vote["SUN"] == vote["IND"] != vote["PAK"]
    autumn = events(read, "1971-08-01", "1971-12-31")["effect"]
    return Finding(
        graded([cast > 0, bool(sided)], "contradicted"),
        f"The USSR cast {cast} vetoes on the war in December 1971 and voted in the Assembly "
        f"{'with India against Pakistan' if sided else 'otherwise than India'}. Of "
        f"{len(autumn)} events from August to December, {(autumn < 0).sum()} strained relations.",
    )


def a07(read: Read) -> Finding:
    """Every draft of Pakistan's vetoed: supported; some: partly; none, and a text passed: not."""
    drafts = read("council_drafts").query("subject.str.contains('War between')")
    brought = drafts["sponsors"].str.split("; ").map(lambda names: "PAK" in names)
    ballots = read("council_votes").query("state == 'SUN' and vote == 'N'")
    stopped = drafts["result"].eq("vetoed") & drafts["draft"].isin(ballots["draft"])
    call = read("roll_calls").query("about == 'india-pakistan-1971'").iloc[0]
    passed = bool(call["yes"] > call["no"])
    if brought.any():
        verdict = graded([bool(value) for value in stopped[brought]], "contradicted")
    else:
        verdict = "contradicted" if passed else "not supported"
    return Finding(
        verdict,
        f"Of {len(drafts)} drafts on the war put to the vote in the Council and on record here, "
        f"Soviet vetoes stopped {number(stopped.sum())}; Pakistan sponsored "
        f"{number(brought.sum())}. The Assembly’s resolution was "
        f"{'adopted' if passed else 'lost'} by {call['yes']} votes to {call['no']}, with "
        f"{call['abstain']} abstentions.",
    )


def a08(read: Read) -> Finding:
    """Supported if events beat 1971 and arms and trade beat 1966–71; partly if only some do."""
    start, end = bounds(read).loc["steel-and-thaw"]
    war, thaw = events(read, "1971-01-01", "1971-12-31"), events(read, start, end)
    arms = read("arms_tiv").query("recipient == 'PAK' and supplier == 'SUN'")
    sent = arms.groupby("year")["tiv"].sum().reindex(range(1966, 1980), fill_value=0)
    share = trade(read, "cow", "cow")
    pairs = [
        (mean(war), mean(thaw)),
        (sent.loc[:1971].mean(), sent.loc[1972:].mean()),
        (share.loc[1966:1971].mean(), share.loc[1972:1979].mean()),
    ]
    early, late = events(read, start, "1977-12-31"), events(read, "1978-01-01", end)
    return Finding(
        graded([after > before for before, after in pairs], "contradicted"),
        f"The mean effect was {signed(pairs[0][0])} in 1971 and {signed(pairs[0][1])} from 1972 to "
        f"1979 ({signed(mean(early))} to 1977, {signed(mean(late))} after). From 1966–71 to "
        f"1972–79 Soviet arms (SIPRI) went from {pairs[1][0]:.0f} to {pairs[1][1]:.0f} million TIV "
        f"a year and Moscow’s share of Pakistan’s trade (COW, to 1971 with the eastern wing) from "
        f"{percent(pairs[2][0], 1)} to {percent(pairs[2][1], 1)}.",
    )


def a09(read: Read) -> Finding:
    """Supported if the first prime minister on record as a visitor is Bhutto, else contradicted."""
    visits = to_moscow(read)
    premiers = visits[visits["office"] == "Prime Minister"]
    if premiers.empty:
        return Finding("not supported", "No visit of a Pakistani prime minister is on record.")
    first = premiers.iloc[0]
    heads = visits[(visits["rank"] == "head of state") & (visits["start"] < first["start"])]
    return Finding(
        "supported" if "Bhutto" in first["visitor"] else "contradicted",
        f"The first prime minister on record as a visitor is {first['visitor']}, on "
        f"{day(first['start'])}; earlier visits of presidents on record: {number(len(heads))}.",
    )


def a11(read: Read) -> Finding:
    """Soviet part and a step in 1972: supported; one of the two: partly; neither: contradicted."""
    mill = read("projects").set_index("project").loc["steel-mill"]
    linked = read("project_events").query("project in ['steel-mill', 'steel-credit-1971']")
    dates = read("events").set_index("event").loc[linked["event"], "date"]
    papers = read("milestones").query("title.str.contains('steel') and date < @mill.built")
    steps = sorted({*dates, *papers["date"]})
    stone = date_of(read, "steel-foundation-1973")
    hits = sum(step.startswith("1972") for step in steps)
    return Finding(
        graded([mill["partner"] == "SUN", hits > 0], "contradicted"),
        f"Of {len(steps)} dated steps of the mill between {steps[0][:4]} and {steps[-1][:4]} in "
        f"the tables of events and milestones, {number(hits)} fall in 1972: it was agreed on "
        f"{day(mill['signed'])}, the stone laid on {day(stone)} and the works opened on "
        f"{day(mill['built'])}.",
    )


def a12(read: Read) -> Finding:
    """Strong to the end: mean effect above zero both before and after the Kabul coup of 1978."""
    start, end = bounds(read).loc["steel-and-thaw"]
    coup = date_of(read, "saur-1978")
    eve = (pd.Timestamp(coup) - pd.Timedelta(days=1)).date().isoformat()
    calm, last = events(read, start, eve), events(read, coup, end)
    return Finding(
        graded([mean(calm) > 0, mean(last) > 0], "not supported"),
        f"From 1972 to the coup in Kabul of {day(coup)} the mean effect is {both_means(calm)}; "
        f"from then to the invasion it is {both_means(last)}; in the war that followed it is "
        f"{signed(mean(of_era(read, 'afghan-war')))}.",
    )


def a14(read: Read) -> Finding:
    """Lowest era by mean effect (both coders) and by grave events a year: both, one or neither."""
    days = bounds(read)
    parts = {era: of_era(read, era) for era in days.index}
    lows = {
        min(parts, key=lambda era: mean(parts[era], coder)) for coder in ("effect", "effect_second")
    }
    grave = pd.Series({era: int((part["effect"] <= -2).sum()) for era, part in parts.items()})
    years = decimal_year(days["end"]) - decimal_year(days["start"])
    rate = grave / years
    war, cold = "afghan-war", "cold-war-rivalry"
    return Finding(
        graded([lows == {war}, rate.idxmax() == war], "contradicted"),
        f"The mean effect is {both_means(parts[war])} in the Afghan war and "
        f"{both_means(parts[cold])} in 1947–65; grave events (−2 or −3) number {grave[war]} in "
        f"{years[war]:.0f} years against {grave[cold]} in {years[cold]:.0f}, or {rate[war]:.1f} "
        f"a year against {rate[cold]:.1f}.",
    )


def a17(read: Read) -> Finding:
    """Normal: better events than in the war by both coders, and a share of trade no lower."""
    war, after = of_era(read, "afghan-war"), of_era(read, "after-the-union")
    better = all(mean(after, coder) > mean(war, coder) for coder in ("effect", "effect_second"))
    share = trade(read, "cow", "cow")
    before, now = share.loc[1980:1988].mean(), share.loc[1990:2000].mean()
    calm, late = after[after["at"] < 1997], after[after["at"] >= 1997]
    return Finding(
        graded([better, now >= before], "not supported"),
        f"The mean effect went from {both_means(war)} in the war to {both_means(after)} in "
        f"1989–2001; {number((calm['effect'] < 0).sum())} of {len(calm)} events to 1996 and "
        f"{number((late['effect'] < 0).sum())} of {len(late)} from 1997 strained relations. "
        f"Moscow’s share of Pakistan’s trade (COW) went from {percent(before, 1)} in 1980–88 to "
        f"{percent(now, 1)} in 1990–2000.",
    )


def a20(read: Read) -> Finding:
    """Talk: better events than in 1989–2001 and more exercises. Goods: trade or arms doubled."""
    start = bounds(read).loc["sco-era", "start"]
    then, now = of_era(read, "after-the-union"), of_era(read, "sco-era")
    drills = read("exercises")["start"]
    recent, earlier = (drills >= start).sum(), (drills < start).sum()
    share = trade(read, "imf", "wdi")
    old_trade, new_trade = share.loc[2011:2014].mean(), share.loc[2016:2021].mean()
    old_arms = share_of(read, "PAK", "RUS", 1992, 2001)
    new_arms = share_of(read, "PAK", "RUS", 2016, 2025)
    talk = mean(now) > mean(then) and recent > earlier
    goods = new_trade >= GREATLY * old_trade or new_arms >= GREATLY * old_arms
    return Finding(
        graded([bool(talk), bool(goods)], "not supported"),
        f"The mean effect rose from {both_means(then)} in 1989–2001 to {both_means(now)} since "
        f"July 2015; {recent} joint exercises are on record since then, {earlier} before. Russia "
        f"had {percent(old_trade, 1)} of Pakistan’s trade in 2011–14 and {percent(new_trade, 1)} in"
        f" 2016–21 (its own reports), and {percent(old_arms, 1)} of its arms by volume (SIPRI, "
        f"engines included) in 1992–2001 and {percent(new_arms, 1)} in 2016–25.",
    )


def a21(read: Read) -> Finding:
    """Weapons only after the announcement: supported; other arms before as well: partly."""
    lifted = int(date_of(read, "arms-embargo-lifted-2014")[:4])
    items = read("arms_deliveries").query("supplier == 'RUS'")
    before, after = items[items["year"] < lifted], items[items["year"] > lifted]
    armed_before = before[before["group"] == "weapon"]
    armed_after = after[after["group"] == "weapon"]
    if armed_after.empty or not armed_before.empty:
        verdict = "not supported"
    else:
        verdict = "supported" if before.empty else "partly supported"
    count = before.groupby("group")["delivered"].sum().reindex(["transport", "engine"]).fillna(0)
    names = armed_after.groupby("designation", sort=False)["delivered"].sum()
    listed = " and ".join(f"{number} {name}" for name, number in names.items()) or "none"
    return Finding(
        verdict,
        f"Before {lifted} SIPRI counts {count['transport']:.0f} transport helicopters and "
        f"{count['engine']:.0f} engines from Russia, and "
        f"{number(armed_before['delivered'].sum())} of its weapons; after {lifted} the weapons "
        f"delivered are {listed}.",
    )


def a22(read: Read) -> Finding:
    """Supported with a helicopter ordered and delivered since 2014, partly with older ones only."""
    deals = read("arms_deals").query("recipient == 'PAK' and supplier == 'RUS' and delivered > 0")
    copters = deals[deals["category"].str.contains("helicopter")]
    new = copters[copters["order_year"] >= RECENT]
    old = copters[copters["order_year"] < RECENT]
    none = "not supported" if old.empty else "partly supported"
    listed = ", ".join(f"{row.delivered} {row.designation}" for row in new.itertuples())
    return Finding(
        none if new.empty else "supported",
        f"SIPRI’s register has {new['delivered'].sum()} Russian helicopters ordered since {RECENT} "
        f"and delivered ({listed or 'none'}), after {old['delivered'].sum()} ordered before.",
    )


def a26(read: Read) -> Finding:
    """First drill of all on land in Pakistan: supported; first on land only: partly."""
    pairs = read("exercises").query("type == 'bilateral'").sort_values("start", ignore_index=True)
    land = pairs[pairs["branch"].isin(LAND)]
    if land.empty or land.iloc[0]["host"] != "PAK":
        return Finding(
            "not supported", "The first exercise of land forces on record was not held in Pakistan."
        )
    first = land.iloc[0]
    before = pairs[pairs["start"] < first["start"]]
    branches = ", ".join(before["branch"].unique())
    since = f" ({branches}, from {day(before.iloc[0]['start'][:7])} on)" if len(before) else ""
    return Finding(
        "supported" if before.empty else "partly supported",
        f"The first exercise of land forces on record, {first['series']}, opened in Pakistan on "
        f"{day(first['start'])}; exercises of the two states alone before it: "
        f"{number(len(before))}{since}.",
    )


def a27(read: Read) -> Finding:
    """Moscow's share down, America's and Europe's up, from both bases: supported; one: partly."""

    def shares(start: int) -> list[float]:
        own = [share_of(read, "IND", state, start, start + 4) for state in ("RUS", "USA")]
        flows = supplies(read, "IND").query("supplier in @EUROPE")
        total = supplies(read, "IND").query("@start <= year <= @start + 4")["tiv"].sum()
        return [*own, flows.query("@start <= year <= @start + 4")["tiv"].sum() / total]

    turned = []
    for first, last in (NOW, SINCE):
        (rus, usa, eur), (rus_now, usa_now, eur_now) = shares(first), shares(last)
        turned.append(rus_now < rus and usa_now > usa and eur_now > eur)
    years = sorted({*NOW, *SINCE})
    table = pd.DataFrame({start: shares(start) for start in years}, index=["RUS", "USA", "EUR"])
    runs = {key: ", ".join(percent(value) for value in table.loc[key]) for key in table.index}
    spans = ", ".join(f"{start}–{(start + 4) % 100:02d}" for start in years)
    left = shares(SINCE[1])[0] < shares(SINCE[0])[0]
    return Finding(
        graded(turned, "partly supported" if left else "contradicted"),
        f"Shares of India’s arms deliveries (SIPRI, TIV) in {spans}: Russia {runs['RUS']}; the "
        f"United States {runs['USA']}; European states other than Russia, Ukraine and Belarus "
        f"{runs['EUR']}.",
    )


def a28(read: Read) -> Finding:
    """First in every five-year window that ends in 1992–2015: supported; in most: partly."""
    then = windows(read, "IND", 1992, 2015)
    latest = windows(read, "IND", 2025, 2025).iloc[0]
    most = "partly supported" if then["first"].mean() > 0.5 else "contradicted"
    return Finding(
        "supported" if then["first"].all() else most,
        f"Moscow was India’s first supplier in {then['first'].sum()} of the {len(then)} five-year "
        f"windows that end in 1992 to 2015, with {percent(then['share'].min())} to "
        f"{percent(then['share'].max())} of deliveries by volume (SIPRI, TIV). In 2021–25 its rank "
        f"is {latest['rank']:.0f}, with {percent(latest['share'])}.",
    )


def a30(read: Read) -> Finding:
    """An official visit on record of each of the two army chiefs: both, one or neither."""
    visits = to_moscow(read).query("rank == 'army chief' and type == 'official'")
    chiefs = ("Kayani", "Raheel Sharif")
    found = [visits[visits["visitor"].str.contains(name)] for name in chiefs]
    listed = "; ".join(
        f"{name}: {', '.join(day(start) for start in part['start']) or 'none'}"
        for name, part in zip(chiefs, found, strict=True)
    )
    return Finding(
        graded([len(part) > 0 for part in found], "not supported"),
        f"Official visits to Moscow on record, by first day or month: {listed}.",
    )


def a33(read: Read) -> Finding:
    """Trusted ally: first supplier of arms in 2021–25 and first in the poll on help in a war."""
    shares = window_shares(supplies(read, "PAK"), 2021, 2025, by="supplier", value="tiv")
    poll = read("polls").query("poll == 'gallup-pakistan-2025'").sort_values("value")
    first, asked = shares.iloc[0], poll.iloc[-1]
    return Finding(
        graded([first["supplier"] == "CHN", asked["answer"] == "China"], "not supported"),
        f"China’s share of Pakistan’s arms in 2021–25 is "
        f"{percent(share_of(read, 'PAK', 'CHN', 2021, 2025))} by volume (SIPRI, TIV); in a Gallup "
        f"Pakistan poll of {asked['period']} {asked['value']:.0f} per cent named "
        f"{asked['answer']}, more than any other country, as a helper in a war with India.",
    )


RULES = {
    "A01": a01,
    "A02": a02,
    "A03": a03,
    "A04": a04,
    "A05": a05,
    "A06": a06,
    "A07": a07,
    "A08": a08,
    "A09": a09,
    "A11": a11,
    "A12": a12,
    "A14": a14,
    "A17": a17,
    "A20": a20,
    "A21": a21,
    "A22": a22,
    "A26": a26,
    "A27": a27,
    "A28": a28,
    "A30": a30,
    "A33": a33,
}
