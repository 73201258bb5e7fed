"""Generated from the dataset: the codebook ``data/README.md`` and ``data/references.bib``."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from . import files
from .citations import named, years
from .dataset import DATA, package, table

# The kinds of the table `sources` as BibTeX entry types; `keywords` groups the bibliography.
ENTRY = {
    "primary": "misc",
    "press": "article",
    "academic": "misc",
    "reference": "misc",
    "dataset": "misc",
}
# Braces and backslashes have names, since BibTeX counts braces even after a backslash.
SPECIAL = str.maketrans(
    {character: f"\\{character}" for character in "&%#_$"}
    | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}", "\\": r"\textbackslash{}"}
)


def codebook(folder: Path = DATA) -> str:
    """The codebook as Markdown: every table and column of the descriptor, with row counts."""
    described = package(folder)
    parts = [
        f"# {described['title']}: codebook",
        "",
        "Generated from `datapackage.json` by `make data`. Do not edit by hand.",
        "",
        described["description"],
        "",
        f"Version {described['version']}. An empty cell means unknown, never zero. Dates are ISO",
        "text as far as they are known. `SUN` is the USSR (to 1991), `RUS` Russia (from 1992).",
        "",
        "| table | rows | subject |",
        "| --- | ---: | --- |",
    ]
    for item in described["resources"]:
        rows = len(table(item["name"], folder))
        link = f"[`{item['name']}`](#{item['name']})"
        parts.append(f"| {link} | {rows:,} | {_cell(item['title'])} |")
    for item in described["resources"]:
        parts += ["", *_section(item)]
    return "\n".join(parts) + "\n"


def _section(item: dict) -> list[str]:
    key = ", ".join(f"`{name}`" for name in item["schema"].get("primaryKey", [])) or "none"
    lines = [f"## {item['name']}", "", f"**{item['title']}.** {item['description']}", ""]
    for source in item["sources"]:
        edition = f", {source['edition']}" if source.get("edition") else ""
        link = f"[{source['title']}]({source['path']})" if source.get("path") else source["title"]
        lines.append(f"- Source: {link}{edition}")
    lines += [f"- Licence: {licence['title']}" for licence in item["licenses"]]
    lines += [f"- Coverage: {item['coverage']}", f"- Processing: {item['processing']}"]
    lines += [f"- Known defect: {defect}" for defect in item.get("defects", [])]
    lines += [f"- To refresh: {item['refresh']}"] if item.get("refresh") else []
    lines += [
        f"- Key: {key}",
        "",
        "| column | type | unit | meaning |",
        "| --- | --- | --- | --- |",
    ]
    references = {
        name: other["reference"]
        for other in item["schema"].get("foreignKeys", [])
        for name in other["fields"]
    }
    for field in item["schema"]["fields"]:
        text = field["description"]
        allowed = field.get("constraints", {}).get("enum")
        if allowed and len(allowed) <= 20:
            text += f" One of: {', '.join(f'`{value}`' for value in allowed)}."
        if field["name"] in references:
            target = references[field["name"]]
            name = target.get("resource") or item["name"]
            text += f" Refers to `{name}.{target['fields'][0]}`."
        unit = field.get("unit", "")
        lines.append(f"| `{field['name']}` | {field['type']} | {_cell(unit)} | {_cell(text)} |")
    return lines


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", str(text)).replace("|", r"\|")


def bibliography(folder: Path = DATA) -> str:
    """The table ``sources`` as BibTeX, one entry a row, keyed by the source's id."""
    frame = table("sources", folder)
    year = frame["source"].map(years(frame)).fillna("n.d.")
    frame = frame.assign(name=named(frame), year=year)
    entries = [_entry(row) for _, row in frame.iterrows()]
    return "% Generated from sources.csv by make data. Do not edit by hand.\n\n" + "\n".join(
        entries
    )


def _entry(row: pd.Series) -> str:
    text = {name: "" if pd.isna(row[name]) else str(row[name]) for name in row.index}
    title = text["title"].translate(SPECIAL)
    author = text["name"]
    names = author.translate(SPECIAL)
    fields = {
        "author": "{" + names + "}",
        # A numbered document is listed under its number, a book under its authors in full.
        "names": "" if "no. " in author else text["author"].translate(SPECIAL),
        "title": "{" + title + "}",
        "howpublished" if ENTRY[row["kind"]] == "misc" else "journal": text["container"].translate(
            SPECIAL
        ),
        "year": text["year"],
        "url": text["url"],
        "note": text["note"].translate(SPECIAL),
        "keywords": row["kind"],
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{ENTRY[row['kind']]}{{{row['source']},\n{body}\n}}\n"


def generated(folder: Path = DATA) -> dict[Path, str]:
    """Every generated file of the dataset with the text that it must hold."""
    return {
        folder / "README.md": codebook(folder),
        folder / "references.bib": bibliography(folder),
    }


def write(folder: Path = DATA) -> list[str]:
    """Write what is out of step; returns a note on each file written."""
    changed = {
        path: text
        for path, text in generated(folder).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    files.write(changed)
    return [f"Wrote {path.name}." for path in changed]
