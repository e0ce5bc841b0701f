"""Every page of every role in all 36 settings: what `make a11y` names, too long for the suite, which deals them out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import watched
from tests.browser.test_accessibility import FOR_THUMBS
from tests.browser.thorough import Thorough
from tests.browser.walking import OWN, walk
from tests.server import Server

PARTS = {"admin": 3, "secretary": 2, "instructor": 2, "member": 1, "visitor": 1}
"""Into how many tests a role's pages are dealt; the longest first."""


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("role", "part"), [(role, part) for role, parts in PARTS.items() for part in range(parts)])
def test_every_page_of_a_role_is_accessible_in_every_setting(
    open_browser: Callable[..., BrowserContext], server: Server, role: str, part: int
) -> None:
    context = open_browser(reduced_motion="reduce")
    page = watched(context.new_page())
    looking = Thorough(context, page, server.url, thumbs=role in FOR_THUMBS)
    looking.speak("zh_Hans")
    seen = set()
    for n, visit in enumerate(walk(page, role)):
        seen.add(visit.kind)
        if n % PARTS[role] == part:
            looking.look(f"{role} {visit.path}", visit.path)
    assert set(OWN[role]) - seen == set()
    assert not looking.faults, "\n" + "\n".join(looking.faults)
