"""axe-core on every page of every role: no serious violations; and no page scrolls sideways on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import sign_in, watched

START = {"member": "/", "instructor": "/", "secretary": "/", "admin": "/"}
MOST_PAGES = 45
"""Pages that are looked at for each role: one of every kind that links lead to."""
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
NOT_PAGES = re.compile(
    r"/static/|/assets/|/files/|\.pdf|\.json|/file$|format=|/download|/metrics|/healthz|/readyz|/export"
)


def kind_of(path: str) -> str:
    """The kind of page an address names: numbers, codes and periods taken out."""
    bare = re.sub(r"\?.*|#.*", "", path)
    bare = re.sub(r"/\d+", "/N", bare)
    bare = re.sub(r"/(courses|quizzes|desk/courses|desk/banks|desk/quizzes|units|boards)/[^/]+", r"/\1/X", bare)
    return re.sub(r"/lessons/[^/]+", "/lessons/X", bare)


def links_of(page: Page) -> list[str]:
    """Addresses of our own that the page links to."""
    found = page.eval_on_selector_all("a[href]", "nodes => nodes.map(node => node.getAttribute('href'))")
    return [href for href in found if href and href.startswith("/") and not NOT_PAGES.search(href)]


@pytest.mark.parametrize("role", START)
def test_every_page_of_a_role_is_accessible(open_browser: Callable[..., BrowserContext], role: str) -> None:
    page = watched(open_browser().new_page())
    axe, seen, waiting, faults = Axe(), set(), [START[role]], []
    page.goto("/sign-in")
    faults += look(page, axe, "/sign-in")
    sign_in(page, role)
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        answer = page.goto(path)
        assert answer is not None
        assert answer.status < 400, f"{role}: {path} gives {answer.status}"
        if "text/html" not in (answer.header_value("content-type") or ""):
            continue
        faults += look(page, axe, path)
        waiting += links_of(page)
    assert len(seen) > 8
    assert faults == []


def look(page: Page, axe: Axe, path: str) -> list[str]:
    """What is wrong with a page, a line each."""
    found = [
        f"{path}: {violation['id']} ({violation['impact']}): {violation['nodes'][0]['html'][:160]}"
        for violation in axe.run(page, options=OPTIONS).response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if width > 1:
        found.append(f"{path}: {width} px wider than the phone")
    return found
