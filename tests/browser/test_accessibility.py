"""Every page of every role: axe-core (WCAG 2.2 AA and best practices), no overflow, thumbs, keyboard.

In the suite each page is seen in one setting, and the settings are dealt so that role, theme, language, width and size
of type meet pairwise. A page that several roles reach is looked at for the role whose it is, and for a sixth of it for
the others. `make a11y` looks at every page of every role in every setting, in parts that run beside each other
(`tests/browser/every_setting.py`, `thorough.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from tests.browser.conftest import watched
from tests.browser.looking import every_setting, faults_of, keyboard_faults, small_targets
from tests.browser.walking import OWN, ROLES, walk
from tests.server import Server

SETTINGS = every_setting()
FOR_THUMBS = ("visitor", "member")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_accessible(
    open_browser: Callable[..., BrowserContext], server: Server, role: str
) -> None:
    context = open_browser(reduced_motion="reduce")
    page, axe = watched(context.new_page()), Axe()
    turn = itertools.cycle(SETTINGS)
    setting = SETTINGS[0]
    seen: set[str] = set()
    faults: list[str] = []

    def turn_to_next(kind: str) -> None:
        nonlocal setting
        if is_dealt(kind, role):
            setting = next(turn)
            setting.apply(context, page, server.url)

    for visit in walk(page, role, turn_to_next):
        seen.add(visit.kind)
        if is_dealt(visit.kind, role):
            found = faults_of(page, axe)
            if setting.width == 390 and role in FOR_THUMBS:
                found += small_targets(page)
            found += keyboard_faults(page)
            faults += [f"{role} {visit.path} [{setting}]: {fault}" for fault in found]
    assert set(OWN[role]) - seen == set()
    assert not faults, "\n" + "\n".join(faults)


def is_dealt(kind: str, role: str) -> bool:
    """Whether the suite looks at the page for this role: its own, what is nobody's, and a sixth of the others'."""
    others = {one for other, kinds in OWN.items() if other != role for one in kinds} - set(OWN[role])
    return kind not in others or crc32(f"{role} {kind}".encode()) % 6 == 0


def test_the_first_settings_hold_every_pair_of_values() -> None:
    every = {pair for setting in SETTINGS for pair in setting.pairs()}
    assert len(SETTINGS) == 36
    assert {pair for setting in SETTINGS[:9] for pair in setting.pairs()} == every
