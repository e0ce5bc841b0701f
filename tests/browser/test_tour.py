"""The tour on the first visit, by keyboard alone: steps beside their places, Escape, skip, and never again unasked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched

STEPS = 4
"""Of the instructor's tour."""


def focused(page: Page, selector: str) -> bool:
    """Whether the keyboard is at this element."""
    return bool(page.evaluate("selector => document.activeElement?.matches(selector)", selector))


def step_title(page: Page) -> str:
    """What the shown step is called."""
    return page.locator("#tour-title").inner_text()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_tour_is_walked_by_keyboard(open_browser: Callable[..., BrowserContext], size: dict[str, int]) -> None:
    page = watched(open_browser(viewport=size, locale="en-GB", reduced_motion="reduce").new_page())
    sign_in(page, "instructor")
    page.goto("/?tour=instructor")
    tour = page.get_by_role("dialog")
    expect(tour).to_be_visible()
    assert focused(page, "#tour")

    seen = [step_title(page)]
    for _n in range(STEPS - 1):
        page.keyboard.press("Tab")
        while not focused(page, "[data-do=next]"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert focused(page, "#tour")
        seen.append(step_title(page))
        inside = tour.bounding_box()
        assert inside is not None
        assert inside["x"] >= 0
        assert inside["x"] + inside["width"] <= size["width"]
        assert 0 <= inside["y"] <= size["height"] - inside["height"]
    assert len(set(seen)) == STEPS

    page.keyboard.press("Escape")
    expect(tour).to_be_hidden()
    assert focused(page, "[data-begin]")
    page.keyboard.press("Enter")
    expect(tour).to_be_visible()
    assert step_title(page) == seen[0]
    page.keyboard.press("Shift+Tab")
    expect(tour).to_be_visible()


def test_a_tour_that_was_skipped_does_not_come_back(phone: Page) -> None:
    sign_in(phone, "member")
    phone.goto("/?tour=member")
    with phone.expect_response("**/help/tour/member/seen") as answered:
        phone.locator("[data-do=skip]").click()
    assert answered.value.ok
    expect(phone.locator(".tour-card")).to_be_hidden()
    phone.goto("/")
    expect(phone.locator("main h1")).to_be_visible()
    expect(phone.locator(".tour-card")).to_have_count(0)


def test_the_tour_points_at_its_places(open_browser: Callable[..., BrowserContext]) -> None:
    page = watched(open_browser(viewport=DESK).new_page())
    sign_in(page, "admin")
    page.goto("/?tour=administrator")
    places = []
    while page.get_by_role("dialog").is_visible():
        places.append(page.locator(".tour-here").first.get_attribute("href"))
        page.locator("[data-do=next]").click()
    assert places[:4] == ["/units", "/points/rules", "/audit", "/status"]
    assert (places[4] or "").startswith("/help")
