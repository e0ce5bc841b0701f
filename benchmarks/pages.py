"""A member's pages on a mid-range phone: bytes, requests, first contentful paint, layout shift, and what a tap costs.

Chromium with a CPU slowed four times behind a slow 4G line (1.6 Mbit/s down, 150 ms there and back), nothing kept from
an earlier visit. Goals: paint within 1.8 s, no interaction over 100 ms (Event Timing: from the tap to the next paint).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import orjson
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts import find_chromium
from tests.browser.conftest import FLAGS, PHONE
from tests.browser.walking import walk
from tests.browser.weighing import MEMBER_PAGES, Scales
from tests.server import Server

SLOWER = 4
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
PAINT_GOAL, TAP_GOAL = 1800, 100
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
LISTEN = """() => {
  window.taps = [];
  new PerformanceObserver((list) => { for (const one of list.getEntries()) window.taps.push(one.duration); })
    .observe({ type: "event", durationThreshold: 16, buffered: true });
}"""


def press_choices(page: Page) -> None:
    """Answer the questions of a page."""
    for choice in page.locator(".choice").all()[:6]:
        choice.click()


def open_menus(page: Page) -> None:
    """Open both menus of the header."""
    for menu in page.locator("header details.menu > summary").all():
        menu.click()


def open_numbers(page: Page) -> None:
    """Open the table behind a chart."""
    for numbers in page.locator("figure.chart summary").all():
        numbers.click()


TAPS: dict[str, Callable[[Page], None]] = {
    "/": open_menus,
    "/attempts/N": press_choices,
    "/hours": open_numbers,
    "/boards/members": open_numbers,
}


def fresh(browser: Browser, address: str, session: object = None) -> BrowserContext:
    """A phone's profile."""
    return browser.new_context(
        base_url=address,
        viewport=PHONE,  # type: ignore[arg-type]
        locale="zh-CN",
        has_touch=True,
        service_workers="block",
        storage_state=session,  # type: ignore[arg-type]
    )


def measure(context: BrowserContext, kind: str, path: str) -> dict[str, object]:
    """One page on the slow phone."""
    page = context.new_page()
    scales = Scales(page)
    scales.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    scales.session.send("Network.emulateNetworkConditions", LINE)
    page.goto(path)
    weight = scales.read()
    paint = page.evaluate(PAINT)
    slowest = None
    if kind in TAPS:
        page.evaluate(LISTEN)
        TAPS[kind](page)
        page.wait_for_timeout(700)
        slowest = max(page.evaluate("window.taps"), default=16)
    page.close()
    return {
        "page": kind,
        "kilobytes": round(weight.bytes / 1000, 1),
        "requests": weight.requests,
        "paint_ms": round(paint) if paint else None,
        "shift": round(weight.shift, 3),
        "slowest_tap_ms": slowest,
    }


def main() -> None:
    """Serve the demo, walk it as a member, and measure each kind of page."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as running:
        server = Server(Path(folder))
        server.command("db", "upgrade")
        server.command("demo")
        server.start()
        browser = running.chromium.launch(executable_path=find_chromium.find(), args=FLAGS)
        try:
            context = fresh(browser, server.url)
            paths = {visit.kind: visit.path for visit in walk(context.new_page(), "member")}
            session = context.storage_state()
            context.close()
            found = []
            for kind in MEMBER_PAGES:
                context = fresh(browser, server.url, session)
                found.append(measure(context, kind, paths[kind]))
                context.close()
                print(orjson.dumps(found[-1]).decode(), flush=True)
        finally:
            browser.close()
            server.stop()
    slow = [one["page"] for one in found if (one["paint_ms"] or 0) > PAINT_GOAL]  # type: ignore[operator]
    taps = [one["page"] for one in found if (one["slowest_tap_ms"] or 0) > TAP_GOAL]  # type: ignore[operator]
    print(
        orjson.dumps(
            {
                "benchmark": "pages",
                "goal_paint_ms": PAINT_GOAL,
                "over": slow,
                "goal_tap_ms": TAP_GOAL,
                "slow_taps": taps,
            }
        ).decode()
    )


if __name__ == "__main__":
    main()
