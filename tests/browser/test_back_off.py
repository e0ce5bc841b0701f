"""When clients try again: spread by the page's own arithmetic, thousands of them at once, on a clock of their own."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from learnhub.web import assets
from tests.browser.conftest import watched
from tests.browser.sitting import start, state, text
from tests.server import Server

OUTBOX = "js/outbox.js"
CLIENTS = 5000
AFTER_A_CRASH = """([module, clients, outage]) => import(module).then(({ backOff }) =>
  Array.from({ length: clients }, () => {
    let now = 2000 * Math.random();
    for (let failures = 1; now < outage; failures += 1) now += backOff(failures);
    return now - outage;
  }))"""
TOLD_WHEN = """([module, clients, failures, retryAfter]) => import(module).then(({ backOff }) =>
  Array.from({ length: clients }, () => backOff(failures, retryAfter)))"""
NETWORK_BACK = """([module, clients, away]) => import(module).then(({ comingBack }) =>
  Array.from({ length: clients }, () => comingBack(away)))"""


@pytest.fixture(scope="module")
def module(browser: Browser, server: Server) -> Iterator[tuple[Page, str]]:
    """A page of ours, and where its outbox lies."""
    page = browser.new_page(base_url=server.url)
    page.goto("/sign-in")
    yield page, f"/static/{assets.digest(OUTBOX)}/{OUTBOX}"
    page.close()


def waits(module: tuple[Page, str], script: str, *words: Any) -> list[float]:
    """The milliseconds that clients wait, in order."""
    page, address = module
    found: list[float] = page.evaluate(script, [address, CLIENTS, *words])
    return sorted(found)


def most_in_a_second(moments: list[float]) -> int:
    """How many come in the fullest second."""
    return max(Counter(int(one // 1000) for one in moments).values())


@pytest.mark.parametrize("failures", [1, 2, 3, 4, 5, 12])
def test_p04_each_pause_is_twice_the_last_one_with_30_percent_of_jitter_and_half_a_minute_at_most(
    module: tuple[Page, str], failures: int
) -> None:
    found = waits(module, TOLD_WHEN, failures, 0)
    pause = min(1000 * 2**failures, 30_000)
    assert 0.7 * pause <= found[0] < 0.72 * pause
    assert 1.28 * pause < found[-1] <= 1.3 * pause
    assert abs(found[CLIENTS // 2] - pause) < 0.05 * pause


@pytest.mark.parametrize(("outage", "share"), [(20_000, 7), (180_000, 10), (3_600_000, 10)])
def test_p04_after_an_outage_of_the_server_5000_clients_do_not_arrive_together(
    module: tuple[Page, str], outage: int, share: int
) -> None:
    found = waits(module, AFTER_A_CRASH, outage)
    assert found[0] >= 0
    assert found[-1] < 39_001
    assert most_in_a_second(found) < CLIENTS / share


@pytest.mark.parametrize("seconds", [3, 60])
def test_p04_whom_the_server_told_when_comes_no_earlier_and_not_at_that_moment(
    module: tuple[Page, str], seconds: int
) -> None:
    found = waits(module, TOLD_WHEN, 1, seconds)
    assert found[0] >= 1000 * seconds
    assert found[-1] <= 1600 * seconds
    assert most_in_a_second(found) < CLIENTS / min(seconds * 0.5, 10)


@pytest.mark.parametrize(("away", "last"), [(2000, 1000), (60_000, 11_000), (3_600_000, 11_000)])
def test_p04_when_the_network_of_a_building_is_back_its_members_come_one_by_one(
    module: tuple[Page, str], away: int, last: int
) -> None:
    found = waits(module, NETWORK_BACK, away)
    assert found[0] >= 200
    assert found[-1] <= last
    if away > 50_000:
        assert most_in_a_second(found) < CLIENTS / 8


@pytest.mark.parametrize("status", [429, 503])
def test_p04_a_page_that_was_told_to_wait_waits_and_then_sends(
    open_browser: Callable[..., BrowserContext], new_quiz: Any, held: Any, status: int
) -> None:
    context = open_browser(service_workers="block")
    page = watched(context.new_page())
    start(page, new_quiz())
    moments: list[float] = []

    def busy(route: Route) -> None:
        moments.append(time.monotonic())
        if len(moments) == 1:
            route.fulfill(status=status, headers={"Retry-After": "4"}, json={"title": "busy"})
        else:
            route.continue_()

    context.route("**/answers/*", busy)
    text(page, 3).fill("patience")
    expect(state(page, 3)).to_have_attribute("data-state", "kept", timeout=3500)
    expect(state(page, 3)).to_have_attribute("data-state", "saved", timeout=15_000)
    assert 4 <= moments[1] - moments[0] < 7.5
    assert held() == {3: {"text": "patience"}}
