"""Pages stay light: what a phone must fetch for each page of a member, first and later, and nothing jumps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import PHONE
from tests.browser.walking import paths_of
from tests.browser.weighing import MEMBER_PAGES, Weight, weigh
from tests.server import Server

FIRST = 100_000
LATER = 15_000
WORKER = 15_000
REQUESTS = 12
SHIFT = 0.02


@pytest.fixture(scope="module")
def weights(browser: Browser, server: Server) -> dict[str, tuple[Weight, Weight]]:
    """Every page of a member's day, by its kind; the service worker stays out, since it only makes pages lighter."""
    options = {"base_url": server.url, "viewport": PHONE, "locale": "zh-CN", "service_workers": "block"}
    context = browser.new_context(**options)
    paths = paths_of(context.new_page(), "member", MEMBER_PAGES)
    session = context.storage_state()
    context.close()
    weighed = {}
    for kind, path in paths.items():
        context = browser.new_context(**options, storage_state=session)
        weighed[kind] = weigh(context, path)
        context.close()
    print(f"\n{'page':24} first{' ' * 33}later")
    for kind, (first, later) in weighed.items():
        print(f"{kind:24} {first}   {later}")
    return weighed


def test_every_page_of_a_member_was_weighed(weights: dict[str, tuple[Weight, Weight]]) -> None:
    assert set(MEMBER_PAGES) - set(weights) == set()


def test_no_page_asks_for_more_than_a_phone_may_fetch(weights: dict[str, tuple[Weight, Weight]]) -> None:
    heavy = {kind: first.files[:4] for kind, (first, _later) in weights.items() if first.bytes > FIRST}
    again = {kind: later.files[:4] for kind, (_first, later) in weights.items() if later.bytes > LATER}
    many = {kind: first.files for kind, (first, _later) in weights.items() if first.requests > REQUESTS}
    assert (heavy, again, many) == ({}, {}, {})


def test_nothing_jumps_while_a_page_loads(weights: dict[str, tuple[Weight, Weight]]) -> None:
    jumpy = {kind: (load.shift, load.moved) for kind, loads in weights.items() for load in loads if load.shift > SHIFT}
    assert jumpy == {}


def test_the_service_worker_fetches_little_of_its_own(open_browser: Callable[..., BrowserContext]) -> None:
    request = open_browser().request
    own = ("/sw.js", "/offline")
    assert sum(len(request.get(path).body()) for path in own) < WORKER


def test_the_scales_notice_a_jump(open_browser: Callable[..., BrowserContext]) -> None:
    context = open_browser(service_workers="block")
    context.add_init_script(
        """addEventListener("load", () => setTimeout(() => {
          const late = document.createElement("p");
          late.textContent = "late";
          document.body.prepend(late);
        }, 200));"""
    )
    first, _later = weigh(context, "/sign-in")
    assert first.shift > SHIFT
