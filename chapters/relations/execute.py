"""Run notebooks with nbconvert, each from a fresh kernel, several at a time.

Outputs are written back only if every notebook ran to its end, and without what differs from
machine to machine (times, versions), so that a second run leaves the files as they are.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError
from nbconvert.preprocessors import ExecutePreprocessor

from . import files

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
COLOUR = re.compile(r"\x1b\[[\d;]*m")


class NotebookError(RuntimeError):
    """A notebook cannot be run to its end; the message names file, cell, line and the mend."""


def execute(path: Path) -> nbformat.NotebookNode:
    """The notebook at `path` with fresh outputs; raises NotebookError if it cannot be run."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # whatever the library makes of what is no notebook
        raise NotebookError(f"{path}: no notebook ({error}). Restore the file.") from error
    notebook.metadata = nbformat.from_dict(METADATA)
    runner = ExecutePreprocessor(
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
    )
    try:
        runner.preprocess(notebook, {"metadata": {"path": str(path.parent)}})
    except CellExecutionError as error:
        raise NotebookError(_failure(path, notebook, error)) from error
    except (RuntimeError, TimeoutError) as error:  # a kernel that died or did not answer
        raise NotebookError(f"{path}: {error}. Mend the cell that asks too much.") from error
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def _failure(path: Path, notebook: nbformat.NotebookNode, error: CellExecutionError) -> str:
    number = next(
        number
        for number, cell in enumerate(notebook.cells, start=1)
        if any(output.output_type == "error" for output in cell.get("outputs", []))
    )
    line = LINE.search(COLOUR.sub("", error.traceback))
    where = f"{path}, cell {number}{f', line {line[1]}' if line else ''}"
    words = ": ".join(filter(None, [error.ename, " ".join(error.evalue.split()).rstrip(".")]))
    return f"{where}: {words}. Mend the cell, or what it reads."


def main(arguments: list[str] | None = None) -> int:
    """Run the notebooks named on the command line; the exit code is the number that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("notebooks", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    done: dict[Path, str] = {}
    failures: list[str] = []
    start = time.perf_counter()
    with ProcessPoolExecutor(options.jobs) as pool:
        # The heaviest first, so that none is left to run alone at the end.
        queue = sorted(options.notebooks, key=lambda path: path.stat().st_size, reverse=True)
        running = {pool.submit(execute, path): path for path in queue}
        for future in as_completed(running):
            path = running[future]
            try:
                done[path] = nbformat.writes(future.result()) + "\n"
                print(f"  {path.name} ({time.perf_counter() - start:.0f} s)", flush=True)
            except NotebookError as error:
                failures.append(str(error))
    if not failures:
        try:
            files.write(done)
        except OSError as error:
            failures.append(files.unwritten(error))
    for message in failures:
        print(message, file=sys.stderr)
    if failures:
        print(f"notebooks: {len(failures)} problem(s), no notebook was written.", file=sys.stderr)
    return len(failures)


if __name__ == "__main__":
    sys.exit(main())
