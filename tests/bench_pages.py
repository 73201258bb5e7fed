"""How soon a page shows its first chart, and what its charts cost until all are interactive."""

from __future__ import annotations

import gzip
import http.server
import json
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession

NETWORK = {
    "offline": False,
    "latency": 150,  # ms
    "downloadThroughput": 1.6e6 / 8,  # bytes/s
    "uploadThroughput": 0.75e6 / 8,
}
SLOWDOWN = 4
VIEWPORT = {"width": 1280, "height": 1600}  # holds the first chart: seen is what is drawn in it
PATIENCE = 180_000  # ms
# The page measures itself: a browser that is asked from outside has more to do.
#
# A chart is seen when its image lies in the window, has a size and the page goes on behind it: true
# of a canvas or an SVG that Vega made as of an SVG in the page, which a browser may show before it
# has all of it. Ours say that they are live; Altair's are when they are there. When the first has
# been seen and the page has loaded, each is brought into view in turn until it is interactive; the
# page is at rest after a second without a long task.
WATCH = """
  const seen = { blocked: 0, shift: 0, rested: 0 };
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) {
      seen.blocked += Math.max(0, task.duration - 50);
      seen.rested = task.startTime + task.duration;
    }
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) seen.shift += shift.value;
  }).observe({ type: "layout-shift", buffered: true });

  const frame = () => new Promise(requestAnimationFrame);
  const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
  const images = ".evidence-chart svg, .vega-embed canvas.marks, .vega-embed svg.marks";
  const drawn = (image) => image.parentElement.nextElementSibling && image.clientHeight > 0
    && image.getBoundingClientRect().top < innerHeight;
  const live = (chart) =>
    chart.dataset.live || chart.querySelector(":scope.vega-embed .marks")?.clientHeight > 0;

  (async () => {
    do seen.first = await frame(); while (![...document.querySelectorAll(images)].some(drawn));
    while (document.readyState !== "complete") await pause();
    for (const chart of document.querySelectorAll(".evidence-chart, [id^=altair-viz]")) {
      chart.scrollIntoView({ block: "center", behavior: "instant" });
      while (!live(chart)) await pause();
    }
    while (performance.now() - seen.rested < 1000) await pause();
    seen.paint = performance.getEntriesByName("first-contentful-paint")[0].startTime;
    seen.origin = performance.timeOrigin;
    console.info("bench", JSON.stringify(seen));
  })();
"""


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves files as a common host does: gzip, kept connections, ten minutes of cache."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        body = self.server.packed(path)
        self.send_response(404 if body is None else 200)
        if body is not None:
            kind = mimetypes.guess_type(path)[0] or "text/javascript"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")


@contextmanager
def serve(folder: Path, extra: dict[str, bytes]) -> Iterator[str]:
    """Serve a folder, and what `extra` holds by address; yields the address of the server."""

    @cache
    def packed(path: str) -> bytes | None:
        file = folder / path.lstrip("/")
        body = extra.get(path, file.read_bytes() if file.is_file() else None)
        return None if body is None else gzip.compress(body, 6)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.packed = packed
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Traffic:
    """What a page received, and when."""

    def __init__(self, session: CDPSession) -> None:
        self.received: list[tuple[float, float]] = []
        self.addresses: list[str] = []
        self.offset = 0.0
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.dataReceived", self._got)

    def _asked(self, event: dict) -> None:
        self.addresses.append(event["request"]["url"])
        self.offset = event["wallTime"] - event["timestamp"]

    def _got(self, event: dict) -> None:
        self.received.append((event["timestamp"], event["encodedDataLength"]))

    def until(self, moment: float) -> float:
        """Bytes received by `moment`, in milliseconds since the epoch."""
        return sum(size for time, size in self.received if time + self.offset <= moment / 1000)


def measure(browser: Browser, address: str) -> dict[str, float]:
    """Load a page with an empty cache, wake its charts from the first to the last."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    traffic = Traffic(session)
    page.add_init_script(WATCH)
    with page.expect_console_message(
        lambda message: message.text.startswith("bench "), timeout=PATIENCE
    ) as told:
        page.goto(address, wait_until="commit")
    seen = json.loads(told.value.text.removeprefix("bench "))
    shown = max(seen["first"], seen["paint"])
    context.close()
    return {
        "first chart (ms)": shown,
        "first contentful paint (ms)": seen["paint"],
        "bytes before the first chart": traffic.until(seen["origin"] + shown),
        "bytes until all are interactive": traffic.until(float("inf")),
        "blocking time (ms)": seen["blocked"],
        "layout shift": seen["shift"],
        "icon scripts": sum("fontawesome" in url for url in traffic.addresses),
    }
