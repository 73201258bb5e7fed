"""What the pages need of the theme's style sheets: rules that can match something in them."""

from __future__ import annotations

import re
from pathlib import Path

import tinycss2
from tinycss2.ast import AtRule, Node, QualifiedRule

# What may hold rules of its own.
NESTING = ("container", "layer", "media", "supports")
NAMES = re.compile(r'\b(?:class|id)="([^"]*)"')
WORDS = re.compile(r"[\w-]+")
ARGUMENTS = re.compile(r"\([^()]*\)")
SELECTED = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")


def names(folder: Path) -> set[str]:
    """Classes and ids of the pages in a folder, and every word of their scripts, which set some."""
    found: set[str] = set()
    for page in folder.rglob("*.html"):
        for value in NAMES.findall(page.read_text(encoding="utf-8")):
            found.update(value.split())
    for script in folder.rglob("*.js"):
        found.update(WORDS.findall(script.read_text(encoding="utf-8")))
    return found


def pruned(sheet: str, known: set[str]) -> str:
    """A style sheet without rules for classes and ids that are not `known`, and without comments.

    A selector stays unless it needs a name that no element can have; what stands in brackets, as in
    ``:not(.name)``, needs nothing.
    """
    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    return "\n".join(filter(None, (_rule(rule, known) for rule in rules)))


def _rule(rule: Node, known: set[str]) -> str:
    if isinstance(rule, QualifiedRule):
        kept = [one for one in _selectors(rule.prelude) if _needed(one) <= known]
        return f"{','.join(kept)}{{{tinycss2.serialize(rule.content).strip()}}}" if kept else ""
    if isinstance(rule, AtRule) and rule.content and rule.lower_at_keyword in NESTING:
        inner = pruned(tinycss2.serialize(rule.content), known)
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}" if inner else ""
    return rule.serialize()


def _selectors(prelude: list[Node]) -> list[str]:
    """The selectors of a list; commas in brackets are not among the nodes."""
    parts: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    return [tinycss2.serialize(part).strip() for part in parts]


def _needed(selector: str) -> set[str]:
    """The classes and ids without which a selector matches nothing."""
    while (outer := ARGUMENTS.sub("", selector)) != selector:
        selector = outer
    return set() if "\\" in selector else set(SELECTED.findall(re.sub(r"\[[^]]*\]", "", selector)))
