"""Repairs of the theme's pages and files: what is taken out is what no page needs."""

import re

import pytest
from relations import styles, theme

KNOWN = {"btn", "note", "main"}


@pytest.mark.parametrize(
    "rule",
    [
        "p{color:red}",
        ".btn{color:red}",
        "#main .note:hover{color:red}",
        "p:not(.gone){color:red}",
        ":is(.gone,.btn) p{color:red}",
        'a[href$=".gone"]{color:red}',
        r".md\:gone{color:red}",
        "@media print{.btn{color:red}}",
        "@supports (gap: 1px){@container (width>1px){p{color:red}}}",
        "@keyframes gone{from{color:red}}",
        '@charset "utf-8";',
    ],
)
def test_a_rule_that_may_match_stays(rule):
    assert styles.pruned(rule, KNOWN) == rule


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (".gone{color:red}", ""),
        (".btn .gone,.btn,#gone{color:red}", ".btn{color:red}"),
        (".btn:not(.note).gone{color:red}", ""),
        ("@media print{.gone{color:red}}", ""),
        ("/* said */p{color:red}", "p{color:red}"),
    ],
)
def test_a_rule_that_can_match_nothing_goes(rule, left):
    assert styles.pruned(rule, KNOWN) == left


def test_names_are_those_of_pages_and_scripts(tmp_path):
    (tmp_path / "page.html").write_text('<p class="one two" id="three">four</p>', "utf-8")
    (tmp_path / "set.js").write_text('page.classList.add("five-six")', "utf-8")
    assert styles.names(tmp_path) >= {"one", "two", "three", "five-six"}
    assert "four" not in styles.names(tmp_path)


def test_the_sheets_of_the_book_keep_what_its_pages_use(html):
    known = styles.names(html)
    for sheet in (html / "_static").rglob("*theme.css"):
        text = sheet.read_text(encoding="utf-8")
        assert styles.pruned(text, known) == text, f"{sheet.name} is not pruned"
    text = (html / "_static/styles/pydata-sphinx-theme.css").read_text(encoding="utf-8")
    for name in ("bd-sidebar-primary", "skip-link", "prev-next-area", "pst-navbar-icon"):
        assert f".{name}" in text


def test_code_keeps_its_words_and_the_colours_that_differ():
    line = (
        '<span class="n">a</span> <span class="o">=</span> <span class="s2">&quot;</span>'
        '<span class="s2">b</span><span class="s2">&quot;</span><span class="mi">1</span>'
    )
    repaired = theme.repair(line)
    assert repaired == 'a = <span class="s2">&quot;b&quot;</span><span class="mi">1</span>'


def test_sections_say_how_long_they_are():
    words, figure = "word " * 200, '<figure class="evidence"><svg>1</svg></figure>'
    page = (
        f'<section id="a">\n<h1>Title</h1><section id="b">\n<h2>One</h2><p>{words}</p></section>'
        f'<section id="c">\n<span id="d"></span><h2>Two</h2><p>{words}</p>{figure}</section>'
        "</section></article>"
    )
    one, two = map(
        int, re.findall(r'<section data-letters="(\d+)" id="[bc]"', theme.measured(page))
    )
    assert one == pytest.approx(1000, abs=10)
    assert two - one == pytest.approx(1500, abs=10)
    assert '<section id="a">' in theme.measured(page)
