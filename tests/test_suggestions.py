"""Each chapter ends with a cell to change, and every change that it suggests works."""

import ast
import json
import re

import pytest
from relations.dataset import ROOT

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
# A suggestion holds the lines to try: `name = value` stands for the line that sets the same name.
LINE = re.compile(r"`([^`]+ = [^`]+)`")

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path) -> list[dict]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell | {"source": "".join(cell["source"])} for cell in notebook["cells"]]


def with_line(code: str, line: str) -> str:
    """The code with `line` in the place of the one line that sets the same name."""
    name = line.split(" = ")[0]
    changed, count = re.subn(rf"^{re.escape(name)} = .*$", lambda _: line, code, flags=re.M)
    assert count == 1, f"{count} lines set {name}"
    return changed


def reads(statement: ast.AST) -> set[str]:
    """Names whose values a statement uses."""
    found = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.AugAssign(target=ast.Name(id=name)):
                found.add(name)
    return found


def sets(statement: ast.AST) -> set[str]:
    """Names that a statement gives a value, or whose value it changes in part."""
    found = set()
    for node in ast.walk(statement):
        match node:
            case (
                ast.Name(id=name, ctx=ast.Store())
                | ast.FunctionDef(name=name)
                | ast.alias(name=name, asname=None)
                | ast.alias(asname=str(name))
                | ast.Attribute(value=ast.Name(id=name), ctx=ast.Store())
                | ast.Subscript(value=ast.Name(id=name), ctx=ast.Store())
                | ast.Subscript(value=ast.Attribute(value=ast.Name(id=name)), ctx=ast.Store())
                | ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name))))
            ):
                found.add(name)
    return found


def needed(before: list[str], code: str) -> list[ast.stmt]:
    """The statements of the cells `before` that set what the code reads, or what these read."""
    last = ast.parse(code)
    wanted = reads(last) - sets(last)
    kept = []
    for statement in reversed(ast.parse("\n".join(before)).body):
        if sets(statement) & wanted:
            kept.insert(0, statement)
            wanted |= reads(statement)
    return kept


@each
def test_a_chapter_ends_with_a_cell_to_change(path):
    *_, lead, code, suggestions = cells(path)
    assert lead["source"].startswith("## Try it yourself\n")
    assert code["cell_type"] == "code"
    assert 3 <= len(code["source"].splitlines()) <= 8
    listed, closing = suggestions["source"].rsplit("\n\n", 1)
    items = re.split(r"^\d\. ", listed, flags=re.M)[1:]
    assert len(items) in (2, 3)
    assert all(LINE.match(item) for item in items)
    assert closing.startswith("**Next:** ")


@each
def test_every_suggestion_runs_and_changes_the_answer(path, capsys):
    *before, code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    lines = LINE.findall(cells(path)[-1]["source"])
    tried = [code["source"], *(with_line(code["source"], line) for line in lines)]
    statements = needed([cell["source"] for cell in before], "\n".join(tried))
    known = {}
    exec(compile(ast.Module(statements, []), path.name, "exec"), known)
    answers = []
    for variant in tried:
        capsys.readouterr()
        exec(variant, dict(known))
        answers.append(capsys.readouterr().out)
    assert answers[0] == "".join(code["outputs"][0]["text"])
    assert all(answer.strip() and "NaN" not in answer for answer in answers)
    assert len(set(answers)) == len(answers)
