"""Weighing a page as the wire sees it: bytes, requests, layout shift; on a first visit and with everything kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page

MEMBER_PAGES = (
    "/",
    "/courses",
    "/courses/X",
    "/courses/X/lessons/X",
    "/quizzes",
    "/quizzes/X",
    "/attempts/N",
    "/attempts/N/hand-in",
    "/attempts/N/review",
    "/hours",
    "/points",
    "/points/N",
    "/boards/members",
    "/transcript",
    "/me",
)
"""The kinds of page that a member sees on an ordinary day (see walking.kind_of)."""

SETTLE = 300
"""Milliseconds after the last request in which a late script may still move something."""
SHIFT = """() => new Promise((done) => {
  const found = { shift: 0, moved: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      found.shift += entry.value;
      for (const source of entry.sources) found.moved.push(source.node?.className || source.node?.nodeName);
    }
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(found), 50);
})"""


@dataclass
class Weight:
    """What one load of a page took."""

    bytes: int = 0
    requests: int = 0
    shift: float = 0.0
    moved: list[str] = field(default_factory=list)
    files: list[tuple[int, str]] = field(default_factory=list)

    def __str__(self) -> str:
        """For a table."""
        return f"{self.bytes / 1000:6.1f} kB {self.requests:3d} requests  shift {self.shift:.3f}"


class Scales:
    """Counts what a page loads from now on; `read()` gives the weight since the last `reset()`."""

    def __init__(self, page: Page) -> None:
        """Listen to the page's network."""
        self.page = page
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.requestServedFromCache", self._cached)
        self.session.on("Network.loadingFinished", self._finished)
        self.reset()

    def reset(self) -> None:
        """Begin a new load."""
        self.addresses: dict[str, str] = {}
        self.lengths: dict[str, int] = {}

    def _sent(self, event: Any) -> None:
        if event["request"]["url"].startswith("http"):
            self.addresses[event["requestId"]] = event["request"]["url"]

    def _cached(self, event: Any) -> None:
        self.addresses.pop(event["requestId"], None)

    def _finished(self, event: Any) -> None:
        self.lengths[event["requestId"]] = int(event["encodedDataLength"])

    def read(self) -> Weight:
        """The weight of the page that is open, when it has come to rest."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(SETTLE)
        seen = self.page.evaluate(SHIFT)
        files = [(self.lengths[one], url) for one, url in self.addresses.items() if self.lengths.get(one)]
        total = sum(length for length, _url in files)
        return Weight(total, len(files), seen["shift"], seen["moved"], sorted(files, reverse=True))


def weigh(context: BrowserContext, path: str) -> tuple[Weight, Weight]:
    """A page as the first of a visit, with nothing kept, and again, with everything kept that may be."""
    page = context.new_page()
    scales = Scales(page)
    page.goto(path)
    first = scales.read()
    scales.reset()
    page.goto(path)
    later = scales.read()
    page.close()
    return first, later
