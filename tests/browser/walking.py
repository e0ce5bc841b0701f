"""Walking the product: every kind of page that a role reaches by links, each once, in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import sign_in

ROLES = ("visitor", "member", "instructor", "secretary", "admin")
PUBLIC = ("/sign-in", "/welcome", "/forgotten", "/forgotten/sent", "/verify", "/no-such-page", "/offline")
"""Where a visitor may look."""
UNLINKED = ("/shared",)
"""Where only the phone's share sheet leads."""
MOST_PAGES = 150
"""More kinds than there are: a walk that finds so many counts numbers as kinds."""
NOT_PAGES = re.compile(
    r"/static/|/assets/|/files/|\.pdf|\.json|/file$|format=|/download|/metrics|/healthz|/readyz|/export$|webmanifest"
)
OWN: dict[str, tuple[str, ...]] = {
    "visitor": PUBLIC,
    "member": tuple(
        """
        / /attempts/N /attempts/N/hand-in /attempts/N/review /boards /boards/members /boards/units-per-head
        /boards/units-total /courses /courses/X /courses/X/lessons/X /help /help/X /help/tour/member /hours
        /me /me/details /me/devices /me/password /me/tokens /me/transfers /notices /points /points/N
        /points/refused /practice /quizzes /quizzes/X /shared /transcript
        """.split()
    ),
    "instructor": tuple(
        """
        / /desk/banks /desk/banks/X /desk/banks/X/import /desk/banks/X/new-papers /desk/banks/X/papers
        /desk/banks/X/papers/N /desk/banks/X/questions/N /desk/banks/X/questions/N/edit
        /desk/courses /desk/courses/X /desk/courses/X/lessons/X
        /desk/import-course /desk/imports/N /desk/new-bank /desk/new-course /desk/quizzes /desk/quizzes/X
        /desk/quizzes/X/conduct /desk/quizzes/X/edit /desk/quizzes/X/likeness /desk/quizzes/X/marking
        /desk/quizzes/X/marking/N/N
        /desk/quizzes/X/marking/N/N/versions /desk/quizzes/new
        """.split()
    ),
    "secretary": tuple(
        """
        / /members/N /members/N/details /members/N/details/edit /members/N/hours /members/N/points
        /members/N/points/refused /members/N/standing /members/N/transfer /notices/sent /rosters/N
        /transfers/N /units /units/X /units/X/changes /units/X/former /units/X/mailed-codes /units/X/map
        /units/X/members /units/X/roster /units/X/search /units/X/transfers /units/X/transfers/new
        """.split()
    ),
    "admin": tuple(
        """
        / /audit /fields /fields/N /map-outline /me/deputies /permissions /points/rules /roles/N/deputy /status
        /units/X/settings
        """.split()
    ),
}
"""The kinds of page that are a role's own work; others may reach them too."""
ROSTER = "姓名,工号,手机,所在支部\n赵一🌱,W001,13800000001,B1\n钱二,W002,1.38E+10,没有这个支部\n"
QUESTIONS = Path(__file__).parents[1] / "data" / "q-gift" / "mc5.gift"
NAMED = "courses|quizzes|desk/courses|desk/banks|desk/quizzes|units|help"


@dataclass(frozen=True)
class Visit:
    """A page that was opened: the name of its kind, for a file or a report, and its address."""

    kind: str
    path: str


def kind_of(path: str) -> str:
    """The kind of page an address names: numbers, codes and periods taken out."""
    bare = re.sub(r"\?.*|#.*", "", path)
    bare = re.sub(r"/\d+", "/N", bare)
    bare = re.sub(rf"/({NAMED})/(?!new$|tour)[^/]+", r"/\1/X", bare)
    return re.sub(r"/lessons/[^/]+", "/lessons/X", bare)


def file_name(kind: str) -> str:
    """A kind as a file name: `/desk/banks/X/import` → `desk-banks-X-import`."""
    return kind.strip("/").replace("/", "-") or "home"


def links_of(page: Page) -> list[str]:
    """Addresses of our own that the page links to; without fragments, since those load no page anew."""
    found = page.eval_on_selector_all("a[href]", "nodes => nodes.map(node => node.getAttribute('href'))")
    return [href.split("#")[0] for href in found if href and href.startswith("/") and not NOT_PAGES.search(href)]


def walk(page: Page, role: str, before: Callable[[str], object] = len) -> Iterator[Visit]:
    """Open one page of every kind that the role's links lead to; the page stays open while the caller looks at it.

    `before` is called with each kind before its page is opened.
    """
    seen: set[str] = set()
    waiting = list(PUBLIC) if role == "visitor" else enter(page, role)
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        before(kind_of(path))
        answer = page.goto(path)
        assert answer is not None
        expected = 404 if path == "/no-such-page" else 200
        assert answer.status == expected, f"{role}: {path} gives {answer.status}"
        seen.add(kind_of(path))
        if "text/html" not in (answer.header_value("content-type") or ""):
            continue
        yield Visit(kind_of(path), path)
        if role != "visitor":
            waiting += links_of(page)


def paths_of(page: Page, role: str, kinds: Collection[str]) -> dict[str, str]:
    """The address of a page of each of these kinds, as far as the role's links lead to it."""
    found: dict[str, str] = {}
    for visit in walk(page, role):
        if visit.kind in kinds:
            found[visit.kind] = visit.path
        if len(found) == len(kinds):
            break
    return found


def enter(page: Page, role: str) -> list[str]:
    """Sign in, and leave something open to look at; gives the addresses that no link leads to."""
    sign_in(page, role)
    prepared = PREPARED[role](page) if role in PREPARED else []
    return ["/", *prepared, *UNLINKED]


def begin_a_quiz(page: Page) -> list[str]:
    """Start the final check of a course: the attempt and its hand-in page are there then."""
    page.goto("/quizzes/network-security-check")
    page.locator("main form button.btn-primary, main a.btn-primary").first.click()
    page.wait_for_url(re.compile(r"/attempts/\d+"))
    attempt = re.sub(r"\?.*", "", page.url.split("/", 3)[3])
    page.goto("/quizzes/daily")
    review = page.locator("main a[href$='/review']").first.get_attribute("href")
    assert review
    return [f"/{attempt}", f"/{attempt}/hand-in", review]


def look_at_a_file(page: Page) -> list[str]:
    """Upload questions without accepting them: the preview is there then."""
    page.goto("/desk/banks/demo/import")
    page.set_input_files("main input[type=file]", str(QUESTIONS))
    page.locator("main form:has(input[type=file]) button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/imports/\d+"))
    return ["/" + page.url.split("/", 3)[3]]


def look_at_a_roster(page: Page) -> list[str]:
    """Upload a roster without accepting it: a new row and a refused one are there then."""
    page.goto("/units/B1/roster")
    page.set_input_files("main input[type=file]", {"name": "花名册.csv", "mimeType": "", "buffer": ROSTER.encode()})
    page.locator("main form:has(input[type=file]) button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/rosters/\d+"))
    return ["/" + page.url.split("/", 3)[3]]


PREPARED = {
    "member": begin_a_quiz,
    "instructor": look_at_a_file,
    "secretary": look_at_a_roster,
    "admin": look_at_a_file,
}
