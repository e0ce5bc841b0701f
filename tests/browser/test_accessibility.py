"""Every page of every role: axe-core (WCAG 2.2 AA and best practices), no overflow, thumbs, keyboard.

In the suite each page is seen in one setting, and the settings are dealt so that role, theme, language, width and size
of type meet pairwise. `make a11y` (LEARNHUB_A11Y=all) looks at every page in every setting.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from tests.browser.conftest import watched
from tests.browser.looking import every_setting, faults_of, keyboard_faults, small_targets
from tests.browser.walking import ROLES, walk
from tests.server import Server

ALL = os.environ.get("LEARNHUB_A11Y") == "all"
SETTINGS = every_setting()


@pytest.mark.timeout(3600 if ALL else 240)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_accessible(
    open_browser: Callable[..., BrowserContext], server: Server, role: str
) -> None:
    context = open_browser(reduced_motion="reduce")
    page, axe = watched(context.new_page()), Axe()
    offset = ROLES.index(role) * 3
    faults: list[str] = []
    visits = 0
    for visit in walk(page, role):
        dealt = SETTINGS if ALL else [SETTINGS[(visits + offset) % len(SETTINGS)]]
        for setting in dealt:
            setting.apply(context, page, server.url)
            page.goto(visit.path)
            name = f"{role} {visit.path} [{setting}]"
            faults += faults_of(page, axe, name)
            if setting.width == 390 and role in ("visitor", "member"):
                faults += small_targets(page, name)
            faults += keyboard_faults(page, name)
        visits += 1
    assert visits >= (3 if role == "visitor" else 18)
    assert not faults, "\n" + "\n".join(faults)


def test_the_first_settings_hold_every_pair_of_values() -> None:
    every = {pair for setting in SETTINGS for pair in setting.pairs()}
    assert len(SETTINGS) == 36
    assert {pair for setting in SETTINGS[:9] for pair in setting.pairs()} == every
