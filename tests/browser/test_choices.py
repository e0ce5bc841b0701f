"""Choices beside each other on a phone: on one line, tall enough for a thumb, the chosen one told from the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import PHONE, sign_in, watched

MEASURED = """all => all.map(tabs => ({
  tops: new Set([...tabs.querySelectorAll("a")].map(one => one.getBoundingClientRect().top)).size,
  least: Math.min(...[...tabs.querySelectorAll("a")].map(one => one.getBoundingClientRect().height)),
  broken: [...tabs.querySelectorAll("a")].filter(one => one.scrollWidth > one.clientWidth).length,
  beyond: tabs.scrollWidth - tabs.clientWidth,
}))"""
LIGHTNESS = (
    """one => getComputedStyle(one).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, n) => sum + +n, 0)"""
)


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_choices_share_one_line_on_a_phone(open_browser: Callable[..., BrowserContext], locale: str) -> None:
    page = watched(open_browser(viewport=PHONE, locale=locale).new_page())
    sign_in(page, "admin")
    for path in ("/boards?period=all", "/boards/units-per-head", "/units/HQ/map?figure=completion", "/units/HQ"):
        page.goto(path)
        for width in (390, 360):
            page.set_viewport_size({"width": width, "height": 844})
            found = page.eval_on_selector_all(".tabs", MEASURED)
            assert found
            for tabs in found:
                assert (tabs["tops"], tabs["broken"], tabs["beyond"]) == (1, 0, 0), (path, width, tabs)
                assert tabs["least"] >= 44


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_one_is_lighter_than_its_track(open_browser: Callable[..., BrowserContext], theme: str) -> None:
    page = watched(open_browser(color_scheme=theme).new_page())
    sign_in(page, "member")
    page.goto("/boards")
    track, chosen = page.locator(".tabs").first, page.locator(".tabs [aria-current]").first
    assert chosen.evaluate(LIGHTNESS) > track.evaluate(LIGHTNESS)
