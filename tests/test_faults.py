"""What happens when the data are broken: a table of faults, each tried on a copy of the dataset.

Whatever is wrong, `make data`, and with it `make book`, `make notebooks` and `make test`, ends with
one message that names file, row, column and the mend, with a non-zero exit, and with no file
written. A row of `FAULTS` is: fault · file · what is done to it · what is said. `EVERYWHERE` does
the same to each table of the dataset, `CODES` to each column that refers to another table.

Where a fault could also be mended on the way in, it is refused all the same, so that the committed
file is what everybody reads: CR line ends (git hands out LF, see `.gitattributes`), a byte-order
mark, a line break in a cell (a row is a line), a cell that a spreadsheet would run as a formula
(negative numbers are none), markup, characters that are not seen or that turn text around, cells
of more than 2000 characters. Text in right-to-left letters is text: it is accepted.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
from copies import describe, full, keep, read, read_file, run, unprivileged, write
from hypothesis import given, settings
from hypothesis import strategies as st
from relations import checks
from relations.dataset import DatasetError, forget, package, table

# --- what is done to a file -----------------------------------------------------------------------


def cells(row: int, **values: str):
    """Write `values` into a row (the header is row 1)."""

    def change(lines: list[list[str]]) -> list[list[str]]:
        for column, value in values.items():
            lines[row - 1][lines[0].index(column)] = value
        return lines

    return rows(change)


def rows(change):
    """Pass the rows of a file through a function."""

    def spoil(path: Path) -> None:
        write(path, change(read_file(path)))

    return spoil


def raw(change):
    """Pass the bytes of a file through a function."""
    return lambda path: path.write_bytes(change(path.read_bytes()))


def described(change):
    """Pass the descriptor through a function that alters it in place."""

    def spoil(path: Path) -> None:
        found = json.loads(path.read_text(encoding="utf-8"))
        change(found)
        path.write_text(json.dumps(found), encoding="utf-8")

    return spoil


def correction(**values: str):
    """Log a value of the copy; the first event is dated 1947-04-13."""
    logged = {"table": "events", "key": "india-ussr-missions-1947", "column": "date"}
    return cells(3, form="value", **(logged | values))


def title(text: str):
    return cells(5, title=text)


DAY = {"precision": "day", "end_date": ""}
DATE = "no such date. Write YYYY-MM-DD, YYYY-MM or YYYY, as far as it is known"
CODE = "Mend the code, or add the row that it refers to"
LIMIT = "Mend the value, or the constraint in datapackage.json"
MARKUP = "markup in plain text. Write it without tags, entities, braces and backslashes"
FORMULA = "a spreadsheet would run this as a formula. Reword its start"
HIDDEN = "a hidden or direction-turning character, U+{}. Delete it"

# fault: (file, what is done to it, what is said of it)
FAULTS = {
    # dates
    "date not in ISO form": (
        "events.csv",
        cells(5, date="1948-5-1", **DAY),
        "row 5, column date, value '1948-5-1': not of the form",
    ),
    "impossible day": (
        "events.csv",
        cells(5, date="1949-02-29", **DAY),
        f"row 5, column date, value '1949-02-29': {DATE}",
    ),
    "impossible month": (
        "events.csv",
        cells(5, date="1949-13", precision="month", end_date=""),
        f"row 5, column date, value '1949-13': {DATE}",
    ),
    "impossible day where a day is asked for": (
        "eras.csv",
        cells(3, start="1965-02-30"),
        "row 3, column start, value '1965-02-30': no date. Give a value of the type",
    ),
    "precision that contradicts the date": (
        "events.csv",
        cells(5, date="1949", **DAY),
        "row 5, column precision, value 'day': the date 1949 has another precision. Mend one",
    ),
    "end before start": (
        "events.csv",
        cells(5, date="1949-05-02", precision="day", end_date="1949-05-01"),
        "row 5, column end_date, value '1949-05-01': ends before it begins (1949-05-02). Mend one",
    ),
    "gap between eras": (
        "eras.csv",
        cells(3, start="1965-04-02"),
        "row 3, column start, value '1965-04-02': an era begins on the day after the one before",
    ),
    # keys and codes
    "double row": (
        "event_actors.csv",
        rows(lambda lines: [*lines[:3], lines[2], *lines[3:]]),
        "row 4, column event, actor: the same as in row 3. Keys are unique: drop the double row",
    ),
    "key that stands twice": (
        "events.csv",
        rows(lambda lines: [*lines, [lines[2][0], *lines[-1][1:]]]),
        "row 32, column event: the same as in row 3. Keys are unique: drop the double row or",
    ),
    "dangling source": (
        "event_sources.csv",
        cells(4, source="no-such-source"),
        f"row 4, column source, value 'no-such-source': sources has no such source. {CODE}",
    ),
    "unknown actor": (
        "event_actors.csv",
        cells(4, actor="XYZ"),
        f"row 4, column actor, value 'XYZ': actors has no such actor. {CODE}",
    ),
    "vote on an unknown roll call": (
        "votes.csv",
        cells(4, roll_call="999999"),
        f"row 4, column roll_call, value '999999': roll_calls has no such roll_call. {CODE}",
    ),
    "unknown kind": (
        "events.csv",
        cells(5, domain="gossip"),
        "row 5, column domain, value 'gossip': none of diplomacy, security",
    ),
    # values
    "wrong vote": (
        "votes.csv",
        cells(7, vote="Z"),
        f"row 7, column vote, value 'Z': none of Y, N, A, X. {LIMIT}",
    ),
    "number above its range": (
        "events.csv",
        cells(5, effect="4"),
        f"row 5, column effect, value '4': more than 3. {LIMIT}",
    ),
    "number below its range": (
        "events.csv",
        cells(5, effect="-4"),
        f"row 5, column effect, value '-4': less than -3. {LIMIT}",
    ),
    "text for a number": (
        "events.csv",
        cells(5, effect="much"),
        "row 5, column effect, value 'much': no integer. Give a value of the type",
    ),
    "fraction for a whole number": (
        "roll_calls.csv",
        cells(5, yes="12.5"),
        "row 5, column yes, value '12.5': no integer. Give a value of the type",
    ),
    "required cell empty": (
        "events.csv",
        cells(5, summary=""),
        f"row 5, column summary: the cell is empty. {LIMIT}",
    ),
    "address that is none": (
        "sources.csv",
        cells(5, url="javascript:alert(1)"),
        "row 5, column url, value 'javascript:alert(1)': not of the form",
    ),
    # texts
    "formula": (
        "events.csv",
        cells(5, disagreement='=HYPERLINK("x")'),
        f"row 5, column disagreement, value '=HYPERLINK(\"x\")': {FORMULA}",
    ),
    "formula that begins like a number": (
        "events.csv",
        cells(5, disagreement="-2+3+cmd|' /C calc'!A0"),
        f"row 5, column disagreement, value \"-2+3+cmd|' /C calc'!A0\": {FORMULA}",
    ),
    "formula after an at sign": (
        "events.csv",
        title("@SUM(1+1)"),
        f"row 5, column title, value '@SUM(1+1)': {FORMULA}",
    ),
    "tab": (
        "events.csv",
        title("\t=1+1"),
        f"row 5, column title, value '\\t=1+1': {HIDDEN.format('0009')}",
    ),
    "script": (
        "events.csv",
        title("Visit <script>alert(1)</script>"),
        f"row 5, column title, value 'Visit <script>alert(1)</script>': {MARKUP}",
    ),
    "image that fails": (
        "events.csv",
        title('Visit <img src=x onerror="alert(1)">'),
        MARKUP,
    ),
    "entity": (
        "events.csv",
        title("Bread &amp; steel"),
        f"row 5, column title, value 'Bread &amp; steel': {MARKUP}",
    ),
    "braces": ("events.csv", title("{cite:p}`x`"), MARKUP),
    "right-to-left override": (
        "events.csv",
        title("Visit \u202eelsewhere"),
        f"row 5, column title, value 'Visit \\u202eelsewhere': {HIDDEN.format('202E')}",
    ),
    "zero-width space": ("events.csv", title("Vi\u200bsit"), HIDDEN.format("200B")),
    "no-break space": ("events.csv", title("A\u00a0visit"), HIDDEN.format("00A0")),
    "line separator": ("events.csv", title("A\u2028visit"), HIDDEN.format("2028")),
    "null": ("events.csv", title("A\0visit"), HIDDEN.format("0000")),
    "character that was lost": (
        "events.csv",
        title("Visit to Bogot\ufffd"),
        "a character was lost (U+FFFD). Restore it from the source",
    ),
    "blank at an end": ("events.csv", title("Visit "), "'Visit ': blanks at an end. Delete them"),
    "long cell": (
        "events.csv",
        cells(5, summary="steel " * 400 + "mill"),
        "2404 characters, 2000 at most. Shorten it",
    ),
    "huge cell": (
        "events.csv",
        cells(5, summary="x" * 200_000),
        "200000 characters, 2000 at most. Shorten it",
    ),
    # corrections and evidence
    "correction undone": (
        "corrections.csv",
        correction(now="1947-04-14"),
        "row 3, column now, value '1947-04-14': events holds '1947-04-13'. Mend the log or",
    ),
    "correction of an unknown row": (
        "corrections.csv",
        correction(key="nowhere", now="1"),
        "row 3, column key, value 'nowhere': no such row in events. Mend it",
    ),
    "correction of an unknown column": (
        "corrections.csv",
        correction(column="day", now="1"),
        "row 3, column column, value 'day': no such column. Mend it",
    ),
    "correction of an unknown table": (
        "corrections.csv",
        correction(table="evens", now="1"),
        "row 3, column table, value 'evens': no such table. Mend it",
    ),
    "evidence of two kinds": (
        "claim_evidence.csv",
        cells(3, figure="fig-cw-arms"),
        "fig-cw-arms': 2 of event, source, figure, table are given. Give one",
    ),
    "evidence of no kind": (
        "claim_evidence.csv",
        cells(3, event=""),
        "row 3, column event, source, figure, table, value '': 0 of event",
    ),
    "evidence in an unknown table": (
        "claim_evidence.csv",
        cells(3, event="", table="arms"),
        "row 3, column table, value 'arms': no such table. Mend it",
    ),
    # files and the descriptor
    "missing file": (
        "votes.csv",
        Path.unlink,
        "votes.csv: cannot be read (No such file or directory). Restore it",
    ),
    "file that is not described": (
        "votes-2.csv",
        lambda path: shutil.copy(path.with_name("votes.csv"), path),
        "votes-2.csv: not in datapackage.json. Describe it there, or delete it",
    ),
    "descriptor cut short": (
        "datapackage.json",
        raw(lambda data: data[:-10]),
        "no data package (JSONDecodeError",
    ),
    "descriptor missing": ("datapackage.json", Path.unlink, "No such file or directory"),
    "descriptor in Latin-1": (
        "datapackage.json",
        raw(lambda data: data.replace(b"Russia", b"Russi\xe0", 1)),
        "no data package (UnicodeDecodeError",
    ),
    "descriptor without tables": (
        "datapackage.json",
        described(lambda found: found.pop("resources")),
        "no data package (KeyError: 'resources'). Mend the descriptor",
    ),
    "table without columns": (
        "datapackage.json",
        described(lambda found: found["resources"][0].pop("schema")),
        "no data package (KeyError: 'schema'). Mend the descriptor",
    ),
    "unknown type of a column": (
        "datapackage.json",
        described(lambda found: found["resources"][0]["schema"]["fields"][0].update(type="text")),
        "Mend the descriptor",
    ),
    "table without coverage": (
        "datapackage.json",
        described(lambda found: found["resources"][0].pop("coverage")),
        "no coverage. State it",
    ),
    "publisher's address that is none": (
        "datapackage.json",
        described(lambda found: found["resources"][0]["sources"][0].update(path="javascript:1")),
        "table actors, sources 1 path, value 'javascript:1': not an address of the web. Mend it",
    ),
    "script in the descriptor": (
        "datapackage.json",
        described(lambda found: found["resources"][0].update(title="<script>alert(1)</script>")),
        f"table actors, title, value '<script>alert(1)</script>': {MARKUP}",
    ),
}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def said(folder: Path, capsys) -> str:
    """The one message of a check that fails and writes nothing."""
    before = contents(folder)
    assert checks.main(folder) == 1
    heard = capsys.readouterr()
    *messages, last = heard.err.splitlines()
    assert last == "data: 1 problem(s), nothing was generated.", heard.err
    assert len(messages) == 1
    assert heard.out == ""
    assert contents(folder) == before
    return messages[0]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_and_nothing_is_written(fault, copy, capsys):
    file, spoil, words = FAULTS[fault]
    spoil(copy / file)
    message = said(copy, capsys)
    assert message.startswith(file)
    assert words in message


def test_a_sound_copy_passes_and_is_generated_once(copy, capsys):
    assert checks.main(copy) == 0
    first = contents(copy)
    assert {"README.md", "references.bib"} <= first.keys()
    assert "Wrote README.md" in capsys.readouterr().out
    assert checks.main(copy) == 0
    assert contents(copy) == first
    assert "Wrote" not in capsys.readouterr().out


@pytest.mark.parametrize("text", ["دورہ ماسکو", "ביקור במוסקבה", "Визит в Москву", "−1, – and “x”"])
def test_text_in_any_letters_is_accepted(text, copy):
    title(text)(copy / "events.csv")
    assert checks.problems(copy) == []


# --- the same faults in each table ----------------------------------------------------------------

# fault: (what is done, what is said of a table with the columns {first} … {last} and {end} rows)
EVERYWHERE = {
    "missing column": (
        rows(lambda lines: [line[:-1] for line in lines]),
        "row 1, column {last}: the column is missing. Restore it",
    ),
    "extra column": (
        rows(lambda lines: [[*line, "extra"] for line in lines]),
        "row 1, column extra: not in datapackage.json. Drop the column, or describe it there",
    ),
    "column that stands twice": (
        rows(lambda lines: [[*line, line[0]] for line in lines]),
        "row 1, column {first}: the column stands twice. Drop one of the two",
    ),
    "columns in another order": (
        rows(lambda lines: [line[::-1] for line in lines]),
        "row 1: the columns stand in another order than {first}, ",
    ),
    "double row": (
        rows(lambda lines: [*lines, lines[1]]),
        ": the same as in row 2. Keys are unique",
    ),
    "row cut short": (
        rows(lambda lines: [*lines[:-1], lines[-1][:-1]]),
        "row {end}, column {last}: the row ends before it, ",
    ),
    "row too long": (
        rows(lambda lines: [*lines[:-1], [*lines[-1], "more"]]),
        "row {end}: {more} cells, {columns} columns. Quote the cell that holds a comma",
    ),
    "empty line": (raw(lambda data: data + b"\n"), "row {next}: the line is empty. Delete it"),
    "line break in a cell": (
        rows(lambda lines: [*lines[:-1], ["one\ntwo", *lines[-1][1:]]]),
        "row {end}, column {first}: a line break in a cell. Close the quote, or put",
    ),
    "open quote": (
        raw(lambda data: data + b'"open\n'),
        "row {next}: unexpected end of data. Mend the quotes",
    ),
    "quote within a cell": (
        raw(lambda data: data + b'"a"b\n'),
        "row {next}: ',' expected after '\"'. Mend the quotes",
    ),
    "header alone": (
        rows(lambda lines: lines[:1]),
        "row 2: the table has no rows. Restore them",
    ),
    "empty file": (raw(lambda data: b""), ": the file is empty. Restore it"),
    "last line cut short": (
        raw(lambda data: data[:-2]),
        "row {end}: the last line is cut short. Restore the rest and a line end",
    ),
    "byte of Latin-1": (
        raw(lambda data: data.replace(b"\n", b"\n\xe7", 1)),
        "row 2: byte 0xe7 is not UTF-8. Save it as UTF-8",
    ),
    "CRLF": (
        raw(lambda data: data.replace(b"\n", b"\r\n")),
        "row 1: CR line end. Save the file with LF line ends",
    ),
    "byte-order mark": (
        raw(lambda data: b"\xef\xbb\xbf" + data),
        "row 1: begins with a byte-order mark. Save it as UTF-8 without BOM",
    ),
}


def without_codes(item: dict) -> dict:
    """The descriptor of a table that refers to no other."""
    schema = {key: value for key, value in item["schema"].items() if key != "foreignKeys"}
    return item | {"schema": schema}


@pytest.mark.parametrize("name", [item["name"] for item in package()["resources"]])
def test_a_fault_is_named_in_each_table(name, tmp_path, capsys):
    item = next(item for item in package()["resources"] if item["name"] == name)
    describe(tmp_path, [without_codes(item)])
    lines = read(name)[:4]
    places = {
        "first": lines[0][0],
        "last": lines[0][-1],
        "columns": len(lines[0]),
        "more": len(lines[0]) + 1,
        "end": len(lines),
        "next": len(lines) + 1,
    }
    for fault, (spoil, words) in EVERYWHERE.items():
        path = tmp_path / f"{name}.csv"
        write(path, lines)
        spoil(path)
        message = said(tmp_path, capsys)
        assert message.startswith(path.name), fault
        assert words.format(**places) in message, fault


def codes() -> list[tuple[str, str]]:
    """Each column that refers to another table, with its table."""
    return [
        (item["name"], key["fields"][0])
        for item in package()["resources"]
        for key in item["schema"].get("foreignKeys", [])
    ]


@pytest.mark.parametrize(("name", "column"), codes())
def test_an_unknown_code_is_named_in_each_table(name, column, tmp_path, capsys):
    items = {item["name"]: item for item in package()["resources"]}
    schema = items[name]["schema"]
    key = next(key for key in schema["foreignKeys"] if key["fields"] == [column])
    parent = key["reference"]["resource"] or name
    target = key["reference"]["fields"][0]
    header, *body = read(name)
    filled = next(row for row in body if row[header.index(column)])
    parents = read(parent)
    held = keep(parents, target, [[column], [filled[header.index(column)]]])
    fields = [
        {k: v for k, v in field.items() if field["name"] != column or k != "constraints"}
        for field in schema["fields"]
    ]
    child = items[name] | {"schema": schema | {"fields": fields, "foreignKeys": [key]}}
    describe(tmp_path, [child, without_codes(items[parent])])
    write(tmp_path / f"{parent}.csv", held)
    write(tmp_path / f"{name}.csv", [header, filled])
    assert list(checks._schema(tmp_path)) == []
    kind = next(field["type"] for field in fields if field["name"] == column)
    code = "QQQ" if kind == "string" else "999999"
    cells(2, **{column: code})(tmp_path / f"{name}.csv")
    message = said(tmp_path, capsys)
    assert f"{name}.csv, row 2, column {column}, value {code!r}: {parent} has no such" in message


# --- the commands ---------------------------------------------------------------------------------


CHECK = (sys.executable, "-m", "relations.checks")


def test_the_command_names_the_fault_and_fails(project):
    title("=1+1")(project / "data/events.csv")
    before = contents(project / "data")
    done = run(project, *CHECK)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"events.csv, row 5, column title, value '=1+1': {FORMULA}.",
        "data: 1 problem(s), nothing was generated.",
    ]
    assert contents(project / "data") == before


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_make_book_stops_at_the_data(project):
    title("=1+1")(project / "data/events.csv")
    ready = f"{sys.prefix}/.ready"
    done = run(project, "make", "book", f"VENV={sys.prefix}", "-o", ready)
    assert done.returncode != 0
    assert f"events.csv, row 5, column title, value '=1+1': {FORMULA}." in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "_build").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="limits and powers are set as on Linux")
@pytest.mark.parametrize(
    ("limit", "mode", "words"),
    [(full, 0o755, "File too large"), (unprivileged, 0o555, "Permission denied")],
)
def test_a_folder_that_takes_no_file_keeps_what_it_held(limit, mode, words, project):
    folder = project / "data"
    (folder / "README.md").write_text("as before", encoding="utf-8")
    before = contents(folder)
    folder.chmod(mode)
    done = run(project, *CHECK, preexec_fn=limit)
    folder.chmod(0o755)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"{folder}/README.md: {words}. Give the folder room, and leave to write.",
        "data: 1 problem(s), nothing was generated.",
    ]
    assert contents(folder) == before


# --- the reader -----------------------------------------------------------------------------------

TYPES = {
    "word": "string",
    "count": "integer",
    "size": "number",
    "held": "boolean",
    "day": "date",
    "in": "year",
}
ROW = st.tuples(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20),
    st.integers(-(10**17), 10**17) | st.none(),
    st.floats(allow_nan=False, allow_infinity=False) | st.none(),
    st.booleans() | st.none(),
    st.dates() | st.none(),
    st.integers(1000, 9999) | st.none(),
)
SAMPLE = (
    "word,count,size,held,day,in\n"
    'Steel,12,1.5,true,1950-05-06,1950\n"a ""b"", c",-3,2e6,false,,\nپاک,,,,1971-12-06,1971\n'
).encode()


@pytest.fixture(scope="module")
def odd(tmp_path_factory) -> Path:
    """A dataset of one table with a column of each type."""
    folder = tmp_path_factory.mktemp("odd")
    fields = [{"name": name, "type": kind} for name, kind in TYPES.items()]
    item = {"name": "odd", "path": "odd.csv", "schema": {"fields": fields}}
    describe(folder, [item])
    return folder


def as_text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@given(st.lists(ROW, min_size=1, max_size=5))
def test_what_was_written_is_read(odd, written):
    write(odd / "odd.csv", [list(TYPES), *([as_text(value) for value in row] for row in written)])
    forget()
    found = table("odd", odd)
    assert list(found) == list(TYPES)
    for row, entry in zip(written, found.itertuples(index=False), strict=True):
        for value, cell in zip(row, entry, strict=True):
            if value in (None, ""):
                assert pd.isna(cell)
            elif isinstance(value, float):
                assert cell == pytest.approx(value, rel=1e-14)
            else:
                assert str(cell) == str(value)


BYTES = st.sampled_from([*b'",\n\r\t\0 -+.e1\xef\xbb\xbf\xff\xe2', *"٣１".encode()])
CHANGES = st.lists(
    st.tuples(
        st.integers(0, len(SAMPLE)), st.integers(0, 9), st.lists(BYTES, max_size=4).map(bytes)
    ),
    min_size=1,
    max_size=4,
)


@given(CHANGES)
@settings(max_examples=400)
def test_whatever_the_bytes_are_the_reader_reads_rows_or_says_why(odd, changes):
    data = SAMPLE
    for start, length, new in changes:
        data = data[:start] + new + data[start + length :]
    (odd / "odd.csv").write_bytes(data)
    forget()
    try:
        found = table("odd", odd)
    except DatasetError as refused:
        complaint = str(refused)
        assert re.match(r"odd\.csv\b.*: .*\. [A-Z].*\.$", complaint, re.DOTALL)
        return
    assert list(found) == list(TYPES)
    assert len(found) == data.count(b"\n") - 1
    assert str(found["count"].dtype) == "Int64"
    assert str(found["size"].dtype) == "float64"
