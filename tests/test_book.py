"""The built book in a real browser, and every link in it. `make book` comes first."""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from conftest import HTML
from playwright.sync_api import Browser, Locator, Page
from relations.chronology import chronology
from relations.dataset import ROOT

WIDE, PHONE, REFLOWED = 1280, 360, 320
# Every rule of WCAG 2.2 A and AA that axe-core knows, and what it holds to be good practice.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}


def chapters() -> list[str]:
    """The pages of the table of contents, in order."""

    def files(entry: dict) -> Iterator[str]:
        if "file" in entry:
            yield entry["file"]
        for key in ("parts", "chapters", "sections"):
            for child in entry.get(key, []):
                yield from files(child)

    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *files(toc)]


def has_figures(chapter: str) -> bool:
    page = HTML / f"{chapter}.html"
    return page.exists() and "evidence-chart" in page.read_text(encoding="utf-8")


CHAPTERS = chapters()
DRAWN = [chapter for chapter in CHAPTERS if has_figures(chapter)]


@contextmanager
def opened(
    browser: Browser, url: str, width: int = WIDE, allowed: str = "(?!)", **options
) -> Iterator[Page]:
    """A page that talks to its own host alone and complains of nothing but what is allowed."""
    host = urlsplit(url)._replace(path="", query="", fragment="").geturl()
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 800}, **options)

    def guard(route) -> None:
        if route.request.url.startswith((host, "data:", "blob:")):
            route.continue_()
        else:
            complaints.append(f"asks for {route.request.url}")
            route.abort()

    def heard(message) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text}")

    def answered(response) -> None:
        if response.status >= 400:
            complaints.append(f"{response.status}: {response.url}")

    context.route("**/*", guard)
    page = context.new_page()
    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
    page.on("response", answered)
    page.goto(url)
    yield page
    assert context.cookies() == []
    context.close()
    assert [complaint for complaint in complaints if not re.match(allowed, complaint)] == []


def wake(page: Page) -> list[str]:
    """Scroll to every figure in turn, wait until it is live; how each came out."""
    states = []
    for chart in page.locator(".evidence-chart").all():
        chart.scroll_into_view_if_needed()
        page.wait_for_function("chart => chart.dataset.live", arg=chart.element_handle())
        states.append(chart.get_attribute("data-live"))
    return states


# What is out of sight is laid out as well: or else it is as long as is guessed, and clipped.
LAY_OUT = (
    "for (const one of document.querySelectorAll('.record, section[data-letters]'))"
    " one.style.contentVisibility = 'visible';"
)


def violations(page: Page) -> list[tuple[str, list]]:
    """What axe-core holds against the page with all that folds unfolded, and where.

    Of long lists, tables and listings the first entries stand for all: they are written by one
    function each, and axe-core would take minutes for thousands of cells.
    """
    page.evaluate(
        "for (const more of [...document.querySelectorAll('.citation:nth-child(n+9),"
        " .record:nth-child(n+9), .evidence-table tbody tr:nth-child(n+3)'),"
        " ...[...document.querySelectorAll('.tag_hide-input')].slice(2)]) more.remove();"
        "document.querySelectorAll('details').forEach(details => details.open = true);"
    )
    page.evaluate(LAY_OUT)
    found = Axe().run(page, options=AXE)
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]])
        for violation in found.response["violations"]
    ]


def heights(page: Page, layout: str) -> list[float]:
    images = page.locator(f".evidence-chart .{layout} svg")
    return [box["height"] for box in (image.bounding_box() for image in images.all())]


# --- every page ---------------------------------------------------------------------------------


# The phone in light would repeat the layout of one view and the colours of another.
@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (PHONE, "dark")])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_page_is_quiet_accessible_and_fits(chapter, width, scheme, browser, address):
    layout = "wide" if width == WIDE else "narrow"
    url = f"{address}/{chapter}.html"
    with opened(browser, url, width, color_scheme=scheme, reduced_motion="reduce") as page:
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        assert set(wake(page)) <= {layout}
        page.evaluate(LAY_OUT)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("button[aria-label=Search]:visible").count() == 1
        footer = page.locator(".bd-footer-content").inner_text()
        assert "© Copyright 2026" in footer
        assert "2023" not in footer
        assert violations(page) == []


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
@pytest.mark.parametrize("path", ["search.html?q=pakistan", "genindex.html"])
def test_a_page_of_the_theme_is_accessible(path, width, scheme, browser, address):
    with opened(browser, f"{address}/{path}", width, color_scheme=scheme) as page:
        page.locator(":is(article, #search-results) a").first.wait_for()
        assert violations(page) == []


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("chapter", DRAWN)
def test_figures_stand_without_javascript_and_keep_their_size(chapter, width, browser, address):
    layout, other = ("wide", "narrow") if width == WIDE else ("narrow", "wide")
    url = f"{address}/{chapter}.html"
    with opened(browser, url, width, java_script_enabled=False) as page:
        still = heights(page, layout)
        assert len(still) == page.locator(".evidence-chart").count() > 0
        assert min(still) > 60
        assert page.locator(f".evidence-chart .{other} svg:visible").count() == 0
        assert page.locator(".pst-js-only:visible").count() == 0
    with opened(browser, url, width) as page:
        wake(page)
        live = heights(page, layout)
    assert live == pytest.approx(still, abs=8)


@pytest.mark.parametrize("chapter", DRAWN)
def test_a_table_is_what_its_download_holds(chapter, browser, address):
    with opened(browser, f"{address}/{chapter}.html", accept_downloads=True) as page:
        for figure in page.locator("figure.evidence").all():
            figure.locator("summary").click()
            with page.expect_download() as waiting:
                figure.get_by_role("link", name="Data (CSV)").click()
            text = Path(waiting.value.path()).read_text(encoding="utf-8")
            header, *rows = csv.reader(io.StringIO(text))
            header = [name.replace("_", " ") for name in header]
            shown = figure.locator("thead th").all_inner_texts()
            cells = figure.locator("tbody").evaluate(
                "body => [...body.rows].map(row => [...row.cells].map(cell => cell.textContent))"
            )
            summary = figure.locator("summary").inner_text()
            if " of " in summary:  # the page shows a part of a long table
                places = [header.index(name) for name in shown]
                held = {tuple(row[place] for place in places) for row in rows}
                assert {tuple(row) for row in cells} <= held
                assert summary == f"Table ({len(cells):,} of {len(rows):,} rows)"
            else:
                assert shown == header
                assert cells == rows
                assert summary == f"Table ({len(rows):,} rows)"


@pytest.mark.parametrize("chapter", DRAWN)
def test_a_figure_says_in_words_what_it_shows(chapter, browser, address):
    with opened(browser, f"{address}/{chapter}.html") as page:
        for chart in page.locator(".evidence-chart").all():
            assert chart.get_attribute("role") == "img"
            assert re.search(r"\d", chart.get_attribute("aria-label"))
            # An image shows assistive technology its text alone: nothing in it may take the focus.
            exposed = "svg:not([aria-hidden=true]), a, button, select, input"
            assert chart.locator(exposed).count() == 0
        numbers = page.locator("figure.evidence .caption-number").all_text_contents()
        assert len(set(numbers)) == len(numbers) == page.locator("figure.evidence").count()
        assert all(re.match(r"Figure \d+", number) for number in numbers)
        notes = page.locator("figure.evidence .evidence-note").all_text_contents()
        assert all("Source" in note for note in notes)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_page_enlarged_fourfold_scrolls_one_way(chapter, browser, address):
    with opened(browser, f"{address}/{chapter}.html", REFLOWED) as page:
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true;")
        page.evaluate(LAY_OUT)
        assert page.evaluate("document.documentElement.scrollWidth") <= REFLOWED
        # What scrolls by itself can be scrolled by keyboard.
        stuck = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(part =>"
            " /auto|scroll/.test(getComputedStyle(part).overflowX)"
            " && part.scrollWidth > part.clientWidth + 1 && part.tabIndex < 0"
            " && !part.querySelector('a, button, select, input, [tabindex]'))"
            ".map(part => part.outerHTML.slice(0, 80))"
        )
        assert stuck == []


# --- the book as a whole ------------------------------------------------------------------------


def test_the_first_address_leads_to_the_first_page(browser, address):
    with opened(browser, f"{address}/index.html") as page:
        page.wait_for_url(f"{address}/{CHAPTERS[0]}.html")


def test_charts_live_from_a_file(browser, html):
    with opened(browser, (html / f"{DRAWN[0]}.html").as_uri()) as page:
        assert set(wake(page)) == {"wide"}


def test_a_tooltip_shows_what_lies_under_the_pointer(browser, address):
    with opened(browser, f"{address}/{DRAWN[0]}.html") as page:
        wake(page)
        page.locator(".evidence-chart .wide .role-mark path:visible").last.hover(force=True)
        tip = page.locator("#vg-tooltip-element.visible")
        tip.wait_for()
        assert re.search(r"^Sources?\s", tip.inner_text(), re.MULTILINE)


def test_a_tooltip_fits_a_phone(browser, address):
    with opened(browser, f"{address}/{DRAWN[0]}.html", PHONE) as page:
        wake(page)
        page.locator(".evidence-chart .narrow .role-mark path:visible").last.hover(force=True)
        tip = page.locator("#vg-tooltip-element.visible")
        tip.wait_for()
        box = tip.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE


# A pointer over each chart that is live, while the others are drawn.
PESTER = """() => setInterval(() => {
  for (const chart of document.querySelectorAll("[data-live]")) {
    const mark = chart.querySelector(".role-mark > path");
    const { x, y } = mark.getBoundingClientRect();
    for (const type of ["pointermove", "pointerdown", "pointerup", "click"]) {
      mark.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: x, clientY: y }));
    }
  }
}, 25)"""


def test_live_charts_answer_while_others_are_drawn(browser, address):
    with opened(browser, f"{address}/{DRAWN[1]}.html") as page:
        page.evaluate(PESTER)
        assert set(wake(page)) == {"wide"}


def test_search_finds_a_word(browser, address):
    with opened(browser, f"{address}/search.html?q=pakistan") as page:
        page.locator("#search-results li a").first.wait_for()


def test_search_finds_a_word_from_a_file(browser, html):
    # A browser keeps a file from reading other files: the hits come without excerpts.
    allowed = (
        r"error: (Access to fetch at 'file:|Failed to load resource: net::ERR_FAILED)"
        r"|page error: Failed to fetch"
    )
    url = f"{(html / 'search.html').as_uri()}?q=pakistan"
    with opened(browser, url, allowed=allowed) as page:
        page.locator("#search-results li a").first.wait_for()


def test_no_page_carries_the_icon_script(html):
    for page in pages():
        assert "fontawesome" not in page.read_text(encoding="utf-8"), page
    assert not list(html.rglob("fontawesome.js"))


@pytest.mark.parametrize("chapter", DRAWN)
def test_little_is_loaded_before_the_first_chart(chapter, html):
    page = html / f"{chapter}.html"
    text = page.read_text(encoding="utf-8")
    head, body = text.split("</head>", 1)
    needed = re.findall(r'<link [^>]*href="([^"?]*\.css)|<script (?!defer)[^>]*src="([^"?]*)', head)
    files = [(page.parent / (sheet or script)).read_bytes() for sheet, script in needed]
    start = head + body[: body.index("</svg>", body.index('class="evidence-chart"'))]
    weight = sum(len(gzip.compress(part)) for part in (start.encode(), *files))
    assert weight < 120_000  # bytes: a tenth of what Altair's and Jupyter Book's defaults need


# --- the explorer -------------------------------------------------------------------------------


LINES = '[data-figure="fig-wb-explorer"] .wide .mark-line path'


def explorer(page: Page) -> Locator:
    chart = page.locator('.evidence-chart[data-figure="fig-wb-explorer"]')
    chart.scroll_into_view_if_needed()
    page.wait_for_function("chart => chart.dataset.live", arg=chart.element_handle())
    return page.locator("figure.evidence", has=chart)


def drawn(figure: Locator) -> list[str]:
    """The paths of the lines that are drawn."""
    return figure.locator(".wide .mark-line path").evaluate_all(
        "all => all.map(p => p.getAttribute('d'))"
    )


def test_the_explorer_draws_the_pair_that_is_chosen(browser, address):
    with opened(browser, f"{address}/chapters/washington-and-beijing.html") as page:
        figure = explorer(page)
        first, second = figure.get_by_role("combobox").all()
        before = drawn(figure)
        first.select_option("China")
        page.wait_for_function(
            "([lines, old]) => [...document.querySelectorAll(lines)]"
            ".map(p => p.getAttribute('d')).join() !== old",
            arg=[LINES, ",".join(before)],
        )
        either = drawn(figure)
        second.select_option("China")
        figure.get_by_text("Choose two different states").first.wait_for()
        first.select_option("USSR/Russia")
        figure.get_by_text("Choose two different states").first.wait_for(state="detached")
        assert sorted(drawn(figure)) == sorted(either)


def test_a_choice_of_the_explorer_is_said(browser, address):
    with opened(browser, f"{address}/chapters/washington-and-beijing.html") as page:
        figure = explorer(page)
        figure.get_by_label("First state").select_option("China")
        said = "First state China, Second state USSR/Russia"
        assert figure.get_by_role("status").inner_text() == f"The chart now shows: {said}."
        text = figure.get_by_role("img").get_attribute("aria-label")
        assert text.startswith(f"Now shown: {said}. At first: ")


# --- keyboard, colours, paper -------------------------------------------------------------------

CHAPTER = "chapters/washington-and-beijing"
FOCUS = (
    "() => { const e = document.activeElement, s = getComputedStyle(e);"
    " const r = e.getBoundingClientRect();"
    " const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);"
    " return { text: (e.ariaLabel || e.name || e.innerText).trim(),"
    "  seen: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2"
    "   && (e.contains(top) || e.getClientRects().length > 1) }; }"
)


def tabbed(page: Page, key: str = "Tab") -> str:
    """The name of what the key brings the focus to, which must be seen to have it."""
    page.keyboard.press(key)
    page.wait_for_function(f"() => ({FOCUS})().seen")
    return page.evaluate(FOCUS)["text"]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_keyboard_skips_to_the_text_and_sees_its_way(width, browser, address):
    with opened(browser, f"{address}/{CHAPTER}.html", width, reduced_motion="reduce") as page:
        assert tabbed(page) == "Skip to main content"
        page.keyboard.press("Enter")
        assert tabbed(page) == "Contents"
        path = [tabbed(page) for _ in range(12)]
        assert "Color mode" in path
        assert "Code" in path
        back = [tabbed(page, "Shift+Tab") for _ in range(12)]
        assert back == [*path[-2::-1], "Contents"]


def test_the_keyboard_opens_a_figures_table_and_scrolls_it(browser, address):
    with opened(browser, f"{address}/{CHAPTER}.html", reduced_motion="reduce") as page:
        figure = explorer(page)
        figure.get_by_label("First state").focus()
        assert tabbed(page) == "second"
        page.keyboard.press("ArrowDown")
        figure.locator("summary").focus()
        page.keyboard.press("Enter")
        title = figure.locator("figcaption .caption-text").inner_text()
        assert tabbed(page) == f"Table: {title}"
        page.keyboard.press("End")
        region = figure.get_by_role("region")
        page.wait_for_function("part => part.scrollTop > 0", arg=region.element_handle())
        assert tabbed(page) == "Data (CSV)"
        assert tabbed(page) == "Image (SVG)"
        assert tabbed(page) == "Link"
        page.keyboard.press("Enter")
        assert page.url.endswith("#fig-wb-explorer")


@pytest.mark.parametrize(
    "chapter", ["chapters/chronology", "chapters/the-essays-against-the-evidence"]
)
def test_the_keyboard_walks_through_a_filter(chapter, browser, address):
    with opened(browser, f"{address}/{chapter}.html") as page:
        form = page.locator(".records-form")
        form.get_by_label("Search").focus()
        for facet in form.locator("select").all():
            page.keyboard.press("Tab")
            assert facet.evaluate("facet => facet === document.activeElement")
            assert facet.evaluate("facet => facet.labels[0].innerText.trim()")
        assert tabbed(page) == "Show all"
        assert tabbed(page) == "All as CSV"


def test_a_citation_says_its_reference_until_escape(browser, address):
    with opened(browser, f"{address}/{CHAPTER}.html") as page:
        link = page.locator("article a[href*='references.html#']").first
        link.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        note = page.get_by_role("tooltip")
        note.wait_for()
        assert note.inner_text() == link.get_attribute("data-note")
        assert link.get_attribute("aria-describedby") == note.get_attribute("id")
        page.keyboard.press("Escape")
        note.wait_for(state="hidden")
        assert link.evaluate("link => link === document.activeElement")


def test_the_phones_contents_open_and_close_by_keyboard(browser, address):
    with opened(browser, f"{address}/{CHAPTER}.html", PHONE, reduced_motion="reduce") as page:
        for name in ("Contents", "On this page"):
            button = page.get_by_role("button", name=name)
            button.focus()
            page.keyboard.press("Enter")
            page.get_by_role("dialog", name=name).wait_for()
            page.keyboard.press("Escape")
            page.get_by_role("dialog", name=name).wait_for(state="hidden")
            assert button.evaluate("button => button === document.activeElement")


def test_charts_follow_the_switch_to_dark(browser, address):
    ink = "chart => getComputedStyle(chart.querySelector('.wide text')).fill"
    with opened(browser, f"{address}/{CHAPTER}.html", color_scheme="light") as page:
        wake(page)
        chart = page.locator(".evidence-chart").first
        button = page.get_by_role("button", name="Color mode")
        found = {}
        for _ in range(3):
            button.focus()
            page.keyboard.press("Enter")
            assert button.locator("svg:visible").count() == 1  # the sign of the mode
            found[page.evaluate("document.documentElement.dataset.theme")] = chart.evaluate(ink)
        assert found.keys() == {"light", "dark"}
        assert found["light"] != found["dark"]
        assert button.evaluate("button => button === document.activeElement")


def test_the_chosen_mode_holds_where_its_script_comes_late(browser, address):
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script("localStorage.mode = 'dark'")
        page.route("**/mode.js*", lambda route: route.abort())
        page.goto(f"{address}/{CHAPTER}.html")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_keep_their_ground_under_forced_colours(scheme, browser, address):
    url = f"{address}/{CHAPTER}.html"
    with opened(browser, url, forced_colors="active", color_scheme=scheme) as page:
        wake(page)
        ground, ink = page.locator(".evidence-chart").first.evaluate(
            "chart => [chart, chart.querySelector('.wide text')].map(part => {"
            " const style = getComputedStyle(part);"
            " return (part === chart ? style.backgroundColor : style.fill)"
            "  .match(/\\d+/g).slice(0, 3).map(Number); })"
        )
        assert abs(sum(ground) - sum(ink)) > 300


def test_paper_is_light_and_bears_no_controls(browser, address):
    url = f"{address}/chapters/the-essays-against-the-evidence.html"
    with opened(browser, url, color_scheme="dark") as page:
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("document.documentElement.dataset.theme") == "light"
        unwanted = "form, button, select, summary:not(.record-head), .evidence-tools a"
        assert page.locator(f":is({unwanted}):visible").all_inner_texts() == []
        for record in page.locator(".record").all():
            assert len(record.inner_text()) > 100
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


# --- lists of records ---------------------------------------------------------------------------

RECORDS = "chapters/chronology"


def visible(page: Page) -> list[str]:
    return page.locator(".record:visible").evaluate_all("all => all.map(one => one.id)")


def settled(page: Page, text: str) -> None:
    page.wait_for_function(
        "text => document.querySelector('.records-form output').textContent.startsWith(text)",
        arg=text,
    )


def test_records_are_complete_without_javascript(browser, address):
    with opened(browser, f"{address}/{RECORDS}.html", java_script_enabled=False) as page:
        assert visible(page) == [f"event-{event}" for event in chronology()["event"]]
        assert page.locator(".records-form:visible").count() == 0
        assert page.get_by_role("link", name="All as CSV").is_visible()


def test_records_are_searched_and_filtered(browser, address):
    every = chronology()
    with opened(browser, f"{address}/{RECORDS}.html") as page:
        page.get_by_label("Search").last.fill("BADABER  prisoners RISE")
        settled(page, "1 of ")
        assert visible(page) == ["event-badaber-rising-1985"]
        assert page.locator("section:has(.record):visible > h2").all_inner_texts() == [
            "The Afghan war"
        ]
        page.get_by_role("button", name="Show all").click()
        settled(page, f"{len(every)} events")
        page.get_by_label("Effect").select_option("−3")
        page.get_by_label("Era").select_option("The Afghan war")
        found = every[(every["effect"] == -3) & (every["era"] == "afghan-war")]
        settled(page, f"{len(found)} of")
        assert visible(page) == list("event-" + found["event"])
        page.reload()
        settled(page, f"{len(found)} of")


def test_a_link_to_a_record_shows_it_whatever_is_filtered_out(browser, address):
    url = f"{address}/{RECORDS}.html?find=nothing-of-the-kind#event-badaber-rising-1985"
    with opened(browser, url) as page:
        settled(page, f"{len(chronology())} events")
        page.wait_for_function(
            "() => { const box = document.querySelector(':target').getBoundingClientRect();"
            " return box.top >= 0 && box.top < innerHeight; }"
        )


def test_the_download_of_records_is_the_whole_list(browser, address):
    with opened(browser, f"{address}/{RECORDS}.html", accept_downloads=True) as page:
        with page.expect_download() as waiting:
            page.get_by_role("link", name="All as CSV").click()
        rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text("utf-8"))))
        assert [row["event"] for row in rows] == list(chronology()["event"])


# --- links --------------------------------------------------------------------------------------


class Links(HTMLParser):
    """What a page links to or loads, and the anchors that it offers."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "data-src", "xlink:href") and value:
                self.targets.append(value)
            elif name == "id" and value:
                self.anchors.append(value)


@cache
def links(page: Path) -> Links:
    found = Links()
    found.feed(page.read_text(encoding="utf-8"))
    return found


def pages(folder: Path = HTML) -> list[Path]:
    return [p for p in sorted(folder.rglob("*.html")) if "_static" not in p.parts]


class Nesting(HTMLParser):
    """Elements that are closed out of turn, or never: what a browser would mend by a guess."""

    VOID = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] == [tag]:
            self.open.pop()
        else:
            self.faults.append(f"line {self.getpos()[0]}: </{tag}> in {self.open[-3:]}")


def test_elements_are_closed_in_turn(html):
    for page in pages():
        nesting = Nesting()
        nesting.feed(page.read_text(encoding="utf-8"))
        assert (nesting.faults[:3], nesting.open) == ([], []), page


def dead_links(folder: Path) -> list[str]:
    """Each link of the pages in a folder that leads to no file or to no anchor of a page."""
    dead = []
    for page in pages(folder):
        for target in links(page).targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            anchor = unquote(parts.fragment) if file.suffix == ".html" else ""
            if not file.is_file() or (anchor and anchor not in links(file).anchors):
                dead.append(f"{page.relative_to(folder)}: {target} leads nowhere. Mend the link.")
    return dead


def test_every_internal_link_resolves(html):
    assert dead_links(html) == []


def test_anchors_are_unique_on_their_page(html):
    for page in pages():
        anchors = links(page).anchors
        double = {anchor for anchor in anchors if anchors.count(anchor) > 1}
        assert double == set(), page


class Closed(HTMLParser):
    """What a page must not hold: anything before its policy, code or style of its own, windows."""

    def __init__(self) -> None:
        super().__init__()
        self.policies: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(found["content"])
        loads = tag in ("script", "link", "style", "img", "body") and not self.policies
        if loads or tag == "style" or any(re.match("on|style$|target$", name) for name in found):
            self.faults.append(self.get_starttag_text())

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.faults.append(data)


def test_a_page_keeps_to_its_own_files(html):
    # What the policy forbids is complained of in the console, which no test of a page lets pass.
    for page in pages():
        closed = Closed()
        closed.feed(page.read_text(encoding="utf-8"))
        assert (closed.policies, closed.faults) == (["default-src 'self'"], []), page


def test_external_links_are_addresses(html):
    for page in pages():
        for target in links(page).targets:
            scheme = urlsplit(target).scheme
            assert scheme in ("", "http", "https", "mailto"), f"{page.name}: {target}"


def test_every_chapter_was_built(html):
    missing = [chapter for chapter in CHAPTERS if not (html / f"{chapter}.html").is_file()]
    assert missing == []
