"""An administrator names kinds and posts, fills a post, and moves a branch after seeing what goes along."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_administrator_keeps_the_tree(open_browser: Callable[..., BrowserContext], scripts: bool) -> None:
    to, post = ("B2", "书记") if scripts else ("B1", "组织委员")
    context = open_browser(viewport=DESK if scripts else PHONE, java_script_enabled=scripts)
    page = watched(context.new_page())
    sign_in(page, "admin")

    page.goto("/unit-kinds?key=branch")
    parents = page.locator("#change [name=below]")
    for kind in ("committee", "branch"):
        page.check(f"#change [name=below][value={kind}]")
    page.fill("[name=posts]", "书记\n组织委员")
    page.click("#change form button")
    expect(page.locator("main")).to_contain_text("组织委员")
    page.goto("/unit-kinds?key=branch")
    expect(parents).to_have_count(3)
    expect(page.locator("#change [name=below]:checked")).to_have_count(2)

    page.goto("/units")
    page.fill("#q", "支部")
    page.locator("form[role=search] button").first.click()
    page.locator("main a[href='/units/B3']").click()
    page.locator("main .page-head details.menu summary").click()
    page.locator("main a[href='/units/B3/posts']").click()
    expect(page.locator(".pill-danger").first).to_be_visible()
    vacant = page.locator(".pill-danger").count()
    page.fill("#add [name=post]", post)
    page.fill("#add [name=member]", "admin")
    page.fill("#add [name=starts_on]", "2026-01-01")
    page.click("#add button[type=submit]")
    expect(page.locator(".pill-danger")).to_have_count(vacant - 1)

    move(page, to)
    page.goto(f"/units?open={to}")
    expect(page.locator("main a[href='/units/B3']")).to_be_visible()
    move(page, "HQ")


def move(page: Page, to: str) -> None:
    page.goto("/units/B3/move")
    page.select_option("[name=to]", to)
    page.click("main form[method=get] button")
    expect(page.locator(".facts")).to_be_visible()
    page.click("main form[method=post] button")
    page.wait_for_url("**/settings")
