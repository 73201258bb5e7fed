"""The built book, a server for it and one browser, shared by the tests of a worker."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import copies
import pytest
from browser import ARGUMENTS, executable
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

# The same examples in every run, and none judged by the clock of a busy machine.
settings.register_profile("book", deadline=None, derandomize=True)
settings.load_profile("book")

HTML = Path(__file__).parents[1] / "_build" / "html"


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files in silence."""

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; yields its address."""
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Path:
    """A sound part of the dataset: the first events and roll calls with all that they refer to."""
    return copies.small(tmp_path_factory.mktemp("small"))


@pytest.fixture
def copy(small, tmp_path) -> Path:
    """The small part of the dataset, free to be spoilt."""
    return Path(shutil.copytree(small, tmp_path / "data"))


@pytest.fixture
def project(copy) -> Path:
    """A copy of the project with code and a small part of the data, in which commands run."""
    return copies.project(copy.parent)


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built book."""
    if not (HTML / "index.html").exists():
        pytest.fail(f"There is no built book in {HTML}. Run: make book", pytrace=False)
    return HTML


@pytest.fixture(scope="session")
def address(html) -> Iterator[str]:
    """The address of the built book."""
    with serve(html) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield chromium
        chromium.close()
