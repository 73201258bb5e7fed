"""How the bibliography is set: author (year), title as the link, container, note."""

from __future__ import annotations

import re

from pybtex.style.formatting import BaseStyle, toplevel
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from pybtex.style.template import field, href, join, optional, sentence

NAMED = {"braceleft": "{", "braceright": "}", "backslash": "\\"}
QUOTED = re.compile(r"(?<!\w)'([^']*(?:\w'\w[^']*)*)'(?!\w)")
APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)")
NUMBER = re.compile(r"\d+")
ESCAPE = re.compile(r"\\(?:([&%#_$])|text(brace(?:left|right)|backslash)\{\})")


def plain(text: str) -> str:
    """A field of ``references.bib`` without its braces and escapes.

    The file is our own and holds no LaTeX beyond these: to decode it in full, for a thousand
    entries, would take longer than the rest of an unchanged build.
    """
    text = text.removeprefix("{").removesuffix("}") if text.startswith("{") else text
    text = APOSTROPHE.sub("’", QUOTED.sub(r"‘\1’", text))
    return ESCAPE.sub(lambda match: match[1] or NAMED[match[2]], text)


class ByAuthor(BaseSortingStyle):
    """Alphabetical by author, then year, then title; 21 before 145."""

    def sorting_key(self, entry):
        """The sort key of one entry, a list of three texts."""
        name = str(entry.persons["author"][0])
        said = (name, entry.fields.get("year", ""), plain(entry.fields["title"]))
        return [NUMBER.sub(lambda n: n[0].zfill(6), text.casefold()) for text in said]


class Unlabelled(BaseLabelStyle):
    """Labels that only tell entries apart; the page does not show them."""

    def format_labels(self, sorted_entries):
        """One label an entry."""
        for entry in sorted_entries:
            yield entry.key


class Style(BaseStyle):
    """Author (year). Title. Container. Note."""

    default_sorting_style = ByAuthor
    default_label_style = Unlabelled

    def __init__(self, **options):
        """Set the book's own sorting and labels."""
        super().__init__(**options)
        self.sort = ByAuthor().sort
        self.format_labels = Unlabelled().format_labels

    def get_misc_template(self, entry):
        """The template of every kind of source."""
        published = "journal" if entry.type == "article" else "howpublished"
        where = field(published, raw=True, apply_func=plain)
        title = field("title", raw=True, apply_func=plain)
        name = plain(entry.fields.get("names") or str(entry.persons["author"][0]))
        if plain(entry.fields.get(published, "")) == name:
            where = ""  # it stands in the author's place
        linked = href[field("url", raw=True), title] if "url" in entry.fields else title
        return toplevel[
            join[name, " (", field("year", raw=True), ")."],
            sentence(capfirst=False)[linked],
            optional[sentence(capfirst=False)[where]],
            optional[sentence(capfirst=False)[field("note", raw=True, apply_func=plain)]],
        ]

    get_article_template = get_misc_template
