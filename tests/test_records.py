"""Lists of records: complete, escaped, in order; the chronology holds every event."""

import json
import re
from types import SimpleNamespace

import pandas as pd
import pytest
from relations import chronology, record_page, records, sphinx
from relations.dataset import table

ENTRY = {
    "id": "event-a",
    "label": "6 May 1950",
    "title": "A <b>title</b>",
    "badge": "+1",
    "body": "Text.",
    "links_title": "Source:",
    "links": [("One & all", "https://example.org/?a=1&b=2"), ("Bare", "")],
    "facets": {"Era": ["First"]},
}
FACETS = {"Era": ["First", "Second"]}


@pytest.fixture
def shown(monkeypatch) -> list[dict]:
    outputs = []
    monkeypatch.setattr(records, "display", lambda bundle, raw: outputs.append(bundle))
    return outputs


def visited(visit, payload: dict) -> str:
    """What a visitor of the page writes for a node."""
    translator = SimpleNamespace(body=[])
    visit(translator, payload)
    return "".join(translator.body)


# --- records() ----------------------------------------------------------------------------------


@pytest.mark.parametrize("part", records.REQUIRED)
def test_a_record_without_a_part_is_refused(part, shown):
    with pytest.raises(records.RecordError, match=f"no {part}"):
        records.records("test", {"": [ENTRY | {part: ""}]})
    assert shown == []


def test_an_id_may_not_stand_twice(shown):
    with pytest.raises(records.RecordError, match="Records test, event-a: the id stands twice"):
        records.records("test", {"One": [ENTRY], "Two": [ENTRY]})


def test_an_unknown_value_of_a_facet_is_refused(shown):
    odd = ENTRY | {"facets": {"Era": ["Third"]}}
    with pytest.raises(records.RecordError, match="'Third' is no value of the facet Era"):
        records.records("test", {"": [odd]}, facets=FACETS)


def test_a_list_reads_in_jupyterlab_too(shown):
    records.records("test", {"One": [ENTRY]}, noun=("event", "events"), facets=FACETS)
    (bundle,) = shown
    assert bundle["text/plain"] == "1 event"
    assert bundle["text/markdown"].startswith("## One\n\n**6 May 1950** A \\<b\\>title")
    assert "[One & all](https://example.org/?a=1&b=2); Bare" in bundle["text/markdown"]


@pytest.mark.parametrize(
    "text",
    [
        "a_b*c*",
        "<script>",
        "`x` {cite}`y`",
        "[a](b)",
        "$1 & $2",
        "# h",
        "- x",
        "3. y",
        "% a",
        "(b)=",
        "&lt;",
    ],
)
def test_plain_text_stays_plain(text):
    from markdown_it import MarkdownIt

    rendered = MarkdownIt().render(records.plain(text))
    assert re.sub(r"</?p>|\n", "", rendered) == text.replace("&", "&amp;").replace(
        "<", "&lt;"
    ).replace(">", "&gt;")


# --- records in the page ------------------------------------------------------------------------


def test_lists_are_lifted_out_of_their_cell(shown):
    records.records("test", {"One": [ENTRY], "Two": [ENTRY | {"id": "b"}]}, facets=FACETS)
    output = {"output_type": "display_data", "data": shown[0], "metadata": {}}
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "outputs": [output]}
    source = [json.dumps({"cells": [cell], "metadata": {}})]
    env = SimpleNamespace(doc2path=lambda name: f"{name}.ipynb", temp_data={})
    sphinx.lift_figures(SimpleNamespace(env=env), "chapters/test", source)
    emptied, added = json.loads(source[0])["cells"]
    assert emptied["outputs"] == []
    assert re.findall(r"^## .*|\{records.*", added["source"], re.M) == [
        "{records-filter} test",
        "## One",
        "{records} test 0",
        "## Two",
        "{records} test 1",
    ]


@pytest.mark.parametrize("fold", [False, True])
def test_whatever_stands_in_a_record_is_escaped(fold):
    node = record_page.record("", item=ENTRY, fold=fold)
    page = visited(record_page.visit_record, node) + visited(record_page.depart_record, node)
    assert "<b>" not in page
    assert "A &lt;b&gt;title&lt;/b&gt;" in page
    assert '<a href="https://example.org/?a=1&amp;b=2">One &amp; all</a>; Bare' in page
    assert ("<details>" in page) is fold
    assert ('<a class="record-label" href="#event-a">' in page) is not fold


def test_a_folded_record_of_another_page_leads_there():
    node = record_page.record("", item=ENTRY | {"href": 'all.html#"a"'}, fold=True)
    page = visited(record_page.visit_record, node) + visited(record_page.depart_record, node)
    assert '<a href="all.html#&quot;a&quot;">6 May 1950 in the full list</a>' in page


# --- the chronology -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("1971", None, "1971"),
        ("1971-12", None, "December 1971"),
        ("1971-12-06", None, "6 December 1971"),
        ("1971-12-06", "1971-12-06", "6 December 1971"),
        ("1974-10-24", "1974-10-26", "24–26 October 1974"),
        ("1994-10-20", "1994-11-01", "20 October – 1 November 1994"),
        ("1979-12-30", "1982-01-13", "30 December 1979 – 13 January 1982"),
        ("1984", "1985", "1984–1985"),
    ],
)
def test_dates_are_written_as_far_as_they_are_known(start, end, words):
    assert chronology.written(start, end) == words


def test_the_chronology_holds_every_event_in_order_with_its_sources():
    rows = chronology.chronology()
    assert set(rows["event"]) == set(table("events")["event"])
    assert rows["year"].is_monotonic_increasing
    linked = table("event_sources").groupby("event").size()
    assert rows.set_index("event")["links"].map(len).eq(linked).all()


def test_every_event_has_its_place_in_every_facet():
    rows = chronology.chronology()
    facets = chronology.facets(rows)
    entries = [entry for group in chronology.by_era(rows).values() for entry in group]
    assert len(entries) == len(rows)
    for entry in entries:
        assert set(entry["facets"]) == set(facets)
        assert all(set(entry["facets"][facet]) <= set(facets[facet]) for facet in facets)
        assert all(entry["facets"].values())


def test_the_download_says_what_the_page_says():
    rows = chronology.chronology()
    flat = chronology.download(rows)
    assert len(flat) == len(rows)
    pd.testing.assert_series_equal(flat["effect"], rows["effect"])
    assert flat["addresses"].str.contains("https?://").mean() > 0.9
