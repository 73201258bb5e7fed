"""Render the pages with Jupyter Book: a whole book or none. ``make book`` runs :func:`main`.

Pages are made in ``_build/work`` and come to ``_build/html`` when all of them are made without a
warning; before any is made anew they go back. So a build that fails, or is stopped half way, leaves
no page behind, and the next one starts clean; after a good one only what has changed is made anew.
"""

from __future__ import annotations

import io
import shutil
import sys
import traceback
from contextlib import redirect_stdout

import jupyter_book.sphinx
from jupyter_book.cli.main import main as jupyter_book_command
from sphinx.errors import ExtensionError, SphinxError

from .dataset import ROOT, DatasetError
from .files import unwritten

HTML = ROOT / "_build" / "html"
WORK = ROOT / "_build" / "work"
PAGES = WORK / "_build" / "html"
OPTIONS = ["--path-output", str(WORK), "--quiet", "-W", "-n", "--keep-going"]


def main() -> int:
    """Build the book. Returns the exit code."""
    try:
        if HTML.exists() and PAGES.parent.exists() and not PAGES.exists():
            HTML.rename(PAGES)
        else:
            for folder in filter(lambda folder: folder.exists(), (HTML, WORK)):
                shutil.rmtree(folder)
        WORK.mkdir(parents=True, exist_ok=True)
        if _render():
            PAGES.rename(HTML)
            return 0
        shutil.rmtree(WORK)
    except OSError as error:
        print(unwritten(error), file=sys.stderr)
    print("book: no pages were built. Mend what is named above.", file=sys.stderr)
    return 1


def _render() -> bool:
    """Run Jupyter Book; false if it failed, which has then been said."""
    jupyter_book.sphinx.handle_exception = _tell
    try:
        with redirect_stdout(io.StringIO()):  # it would praise pages that are still to be moved
            jupyter_book_command(["build", str(ROOT), *OPTIONS], standalone_mode=False)
    except SystemExit as stop:  # warnings, each of them told
        return not stop.code
    except RuntimeError as error:
        if error.__cause__ is None:  # or else `_tell` has told it
            print(error, file=sys.stderr)
        return False
    return True


def _tell(app, arguments, error: BaseException, stream) -> None:
    """One message for a fault of the book or of the disk; a trace for a fault of the code."""
    if isinstance(error, ExtensionError) and error.orig_exc:
        error = error.orig_exc
    if isinstance(error, OSError):
        print(unwritten(error), file=stream)
    elif isinstance(error, SphinxError | DatasetError):
        print(error, file=stream)
    else:
        traceback.print_exception(error, file=stream)


if __name__ == "__main__":
    sys.exit(main())
