"""Charts on a phone and at 400% zoom: no small print, nothing over the edge, the same numbers on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import sign_in, watched

SMALLEST = 12

TEXTS = """figures => figures.flatMap(figure => [...figure.querySelectorAll("*")].flatMap(one => {
  const own = [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  const box = one.getBoundingClientRect();
  if (!own || !box.width || one.closest(".visually-hidden")) return [];
  const scale = one.getScreenCTM ? Math.min(one.getScreenCTM().a, one.getScreenCTM().d) : 1;
  const size = parseFloat(getComputedStyle(one).fontSize) * scale;
  return [{text: one.textContent.trim(), size, left: box.left, right: box.right}];
}))"""

PLACES = [("member", "/hours"), ("member", "/points"), ("member", "/boards?period=all")]
FOUND = [
    ("secretary", "/units", "main a[href^='/units/']"),
    ("instructor", "/desk/quizzes", "main td a[href*='/desk/quizzes/']"),
]


def texts_of(page: Page, width: int) -> list[dict[str, float]]:
    """Every text of the page's charts at a width, their tables unfolded."""
    page.set_viewport_size({"width": width, "height": 844})
    page.eval_on_selector_all("figure.chart details", "all => all.forEach(one => one.open = true)")
    found: list[dict[str, float]] = page.eval_on_selector_all("figure.chart", TEXTS)
    assert len(found) > 8
    return found


def assert_legible(page: Page) -> None:
    """Nothing smaller than 12 px at 390 px, nothing outside the window at 320 px, more labels on a desk."""
    assert [one for one in texts_of(page, 390) if one["size"] < SMALLEST] == []
    assert [one for one in texts_of(page, 320) if one["left"] < 0 or one["right"] > 320] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert len(texts_of(page, 1280)) >= len(texts_of(page, 390))


@pytest.mark.parametrize(("role", "path"), PLACES)
def test_a_member_s_charts_are_legible(open_browser: Callable[..., BrowserContext], role: str, path: str) -> None:
    page = watched(open_browser(locale="zh-CN").new_page())
    sign_in(page, role)
    page.goto(path)
    assert_legible(page)


@pytest.mark.parametrize(("role", "path", "link"), FOUND)
def test_the_desk_s_charts_are_legible(
    open_browser: Callable[..., BrowserContext], role: str, path: str, link: str
) -> None:
    page = watched(open_browser(locale="en-GB").new_page())
    sign_in(page, role)
    page.goto(path)
    for where in [one.get_attribute("href") or "" for one in page.locator(link).all()]:
        page.goto(where)
        if page.locator("figure.chart").count():
            break
    assert page.locator("figure.chart").count() == 2
    assert_legible(page)


def test_marks_are_told_apart_without_colour(open_browser: Callable[..., BrowserContext]) -> None:
    page = watched(open_browser(forced_colors="active").new_page())
    sign_in(page, "secretary")
    page.goto("/units")
    page.goto(page.locator("main a[href^='/units/']").first.get_attribute("href") or "")
    fills = page.eval_on_selector_all("#standing svg.share .mark", "all => all.map(one => getComputedStyle(one).fill)")
    assert len(fills) >= 2
    assert len(set(fills)) == len(fills)
    page.emulate_media(media="print", forced_colors="none")
    assert page.locator("#standing svg.share").is_visible()
    assert not page.locator("#standing summary").is_visible()
