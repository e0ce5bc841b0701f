"""A member's pages on a mid-range phone: bytes, requests, first paint, layout shift, and the slowest interaction.

Chromium plays the phone: a processor four times as slow, 1.6 Mbit/s, 150 ms there and back, nothing kept from before.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.harness import options
from scripts import find_chromium
from tests.browser.conftest import FLAGS, PHONE
from tests.browser.walking import enter, kind_of, paths_of
from tests.browser.weighing import MEMBER_PAGES, Scales
from tests.server import Server, served

SLOWER = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
"""Slow 4G: bytes a second, milliseconds."""
PAINT_GOAL = 1800
ACT_GOAL = 100
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
WATCH = """
window.slowest = 0;
new PerformanceObserver((list) => {
  const presses = list.getEntries().filter((entry) => entry.interactionId);
  window.slowest = Math.max(window.slowest, ...presses.map((entry) => entry.duration));
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""


def all_paths(page: Page) -> dict[str, str]:
    """An address of every kind of page of a member's day."""
    return paths_of(page, "member", MEMBER_PAGES)


def some_paths(page: Page) -> dict[str, str]:
    """Addresses of those that are pressed on."""
    return {kind_of(path): path for path in [*enter(page, "member")[:2], "/boards/members"]}


def slow(page: Page) -> Scales:
    """Make a page run on the phone that we think of."""
    scales = Scales(page)
    scales.session.send("Network.emulateNetworkConditions", NETWORK)
    scales.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return scales


def median(figures: list[float]) -> float:
    """The middle one: a single slow load says little on a busy machine."""
    return sorted(figures)[len(figures) // 2]


def load(fresh: Callable[[], BrowserContext], path: str, times: int) -> dict[str, float]:
    """A page as the first of a visit, several times."""
    paints, weight = [], None
    for _n in range(times):
        context = fresh()
        page = context.new_page()
        scales = slow(page)
        page.goto(path)
        weight = scales.read()
        paints.append(float(page.evaluate(PAINT)))
        context.close()
    assert weight is not None
    return {
        "kilobytes": round(weight.bytes / 1000, 1),
        "requests": weight.requests,
        "first_paint_ms": round(median(paints)),
        "shift": round(weight.shift, 3),
    }


def press_choices(page: Page) -> None:
    """Press every choice of the questions shown."""
    for choice in page.locator("fieldset.question label.choice").all():
        choice.click()


def open_menus(page: Page) -> None:
    """Open and close both menus of the header."""
    for menu in page.locator("header details.menu summary").all():
        menu.click()
        page.keyboard.press("Escape")


def switch_tabs(page: Page) -> None:
    """Press the board's tabs one after the other; each leads to a page."""
    for n in range(page.locator("main nav a").count()):
        page.evaluate("() => document.addEventListener('click', (event) => event.preventDefault(), { once: true })")
        page.locator("main nav a").nth(n).click(force=True)


INTERACTIONS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "press a choice": ("/attempts/N", press_choices),
    "open the account menu": ("/", open_menus),
    "press a board's tab": ("/boards/members", switch_tabs),
}


def slowest(context: BrowserContext, path: str, act: Callable[[Page], None]) -> float:
    """The longest that a press kept waiting until the screen had changed, as the browser measures it."""
    page = context.new_page()
    page.add_init_script(WATCH)
    slow(page)
    page.goto(path, wait_until="networkidle")
    act(page)
    page.wait_for_timeout(500)
    longest = float(page.evaluate("() => window.slowest"))
    page.close()
    return longest


def measured(browser: Browser, server: Server, *, quick: bool) -> tuple[dict[str, Any], dict[str, float]]:
    """All pages, and all interactions."""
    settings = {"base_url": server.url, "viewport": PHONE, "locale": "zh-CN", "has_touch": True, "is_mobile": True}
    context = browser.new_context(**settings)
    paths = some_paths(context.new_page()) if quick else all_paths(context.new_page())
    session = context.storage_state()

    def fresh() -> BrowserContext:
        return browser.new_context(**settings, storage_state=session, service_workers="block")

    pages = {kind: load(fresh, path, 1 if quick else 3) for kind, path in paths.items()}
    acts = {name: slowest(context, paths[kind], act) for name, (kind, act) in INTERACTIONS.items()}
    return pages, acts


def main() -> None:
    """Serve the demo, look at it with the phone, print a table."""
    asked = options("pages", len(MEMBER_PAGES), 3, __doc__ or "")
    with (
        tempfile.TemporaryDirectory(prefix="learnhub-benchmark-") as folder,
        sync_playwright() as running,
        served(Path(folder)) as server,
    ):
        browser = running.chromium.launch(executable_path=find_chromium.find(), args=FLAGS)
        pages, acts = measured(browser, server, quick=asked.quick)
        browser.close()
    goals = {"first_paint_ms": PAINT_GOAL, "interaction_ms": ACT_GOAL}
    if asked.as_json:
        print(json.dumps({"name": asked.name, "pages": pages, "interactions_ms": acts, "goals": goals}))
        return
    slow_page = max(pages, key=lambda kind: pages[kind]["first_paint_ms"])
    slow_act = max(acts, key=lambda name: acts[name])
    print(
        f"pages: slowest first paint {pages[slow_page]['first_paint_ms']} ms on {slow_page} (goal {PAINT_GOAL}), "
        f"slowest interaction {acts[slow_act]:.0f} ms, {slow_act} (goal {ACT_GOAL})"
    )
    for kind, figures in pages.items():
        print(f"  {kind:24}" + ", ".join(f"{name} {value}" for name, value in figures.items()))
    for name, duration in acts.items():
        print(f"  {name:24}{duration:.0f} ms")


if __name__ == "__main__":
    main()
