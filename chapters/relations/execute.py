"""Run notebooks with nbconvert, each from a fresh kernel, several at a time.

Outputs are written back only if every notebook ran to its end, and without what differs from
machine to machine (times, versions), so that a second run leaves the files as they are.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError
from nbconvert.preprocessors import ExecutePreprocessor

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(path: Path) -> nbformat.NotebookNode:
    """The notebook at `path` with fresh outputs; raises CellExecutionError if a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = nbformat.from_dict(METADATA)
    runner = ExecutePreprocessor(
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
    )
    runner.preprocess(notebook, {"metadata": {"path": str(path.parent)}})
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def main(arguments: list[str] | None = None) -> int:
    """Run the notebooks named on the command line; the exit code is the number that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("notebooks", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    done: dict[Path, nbformat.NotebookNode] = {}
    failed = 0
    start = time.perf_counter()
    with ProcessPoolExecutor(options.jobs) as pool:
        # The heaviest first, so that none is left to run alone at the end.
        queue = sorted(options.notebooks, key=lambda path: path.stat().st_size, reverse=True)
        running = {pool.submit(execute, path): path for path in queue}
        for future in as_completed(running):
            path = running[future]
            try:
                done[path] = future.result()
                print(f"  {path.name} ({time.perf_counter() - start:.0f} s)", flush=True)
            except CellExecutionError as error:
                failed += 1
                print(f"{path}: a cell failed; no notebook was written.\n{error}", file=sys.stderr)
    if not failed:
        for path, notebook in done.items():
            nbformat.write(notebook, path)
    return failed


if __name__ == "__main__":
    sys.exit(main())
