"""A member leaves, comes back and leaves again; an administrator erases what is personal."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched


def note(page: Page, act: str) -> None:
    page.check(f"[name=act][value={act}]")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_member_leaves_comes_back_and_is_erased(open_browser: Callable[..., BrowserContext], scripts: bool) -> None:
    number = "LEAVES-1" if scripts else "LEAVES-2"
    context = open_browser(viewport=DESK if scripts else PHONE, java_script_enabled=scripts)
    page = watched(context.new_page())
    sign_in(page, "admin")
    page.goto("/units/B1/members")
    page.fill("#add [name=number]", number)
    page.fill("#add [name=name]", f"离任者{number}")
    page.locator("#add button[type=submit]").click()
    page.goto(f"/units/B1/members?q={number}")
    page.locator("tr[data-row] a").first.click()
    page.locator("main .page-head details.menu summary").click()
    page.locator("main a[href$='/standing']").click()
    note(page, "leave")
    expect(page.locator(".timeline")).to_contain_text("已离开")
    note(page, "return")
    expect(page.locator(".timeline")).to_contain_text("在册")
    note(page, "leave")
    page.goto(f"/units/B1/former?q={number}")
    page.locator("tr[data-row] a").first.click()
    page.locator("main a[href$='/erasure']").click()
    page.fill("main [name=number]", number)
    page.check("main [name=sure]")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile("/standing$"))
    expect(page.locator("h1")).to_have_text(re.compile(r"前学员\w{6}"))
    page.goto(f"/units/B1/former?q={number}")
    expect(page.locator("tr[data-row]")).to_have_count(0)
