"""An administrator lets a branch pass into another after seeing what that does, and plans a merger and withdraws it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_administrator_merges_what_was_split(open_browser: Callable[..., BrowserContext], scripts: bool) -> None:
    code = "M1" if scripts else "M2"
    context = open_browser(viewport=DESK if scripts else PHONE, java_script_enabled=scripts)
    page = watched(context.new_page())
    sign_in(page, "admin")

    split_off(page, code)
    plan_and_withdraw(page, code)

    page.goto(f"/units/{code}/merge")
    page.select_option("[name=to]", "B2")
    page.click("main form[method=get] button")
    expect(page.locator(".facts")).to_be_visible()
    page.click("main form[method=post] button")
    page.wait_for_url("**/units/B2/settings")
    page.goto(f"/units/{code}/settings")
    expect(page.locator("main .notice-warning")).to_be_visible()
    page.goto(f"/units?q={code}")
    expect(page.locator("main .rows .pill")).to_have_count(1)
    page.goto("/units/B2/merge")
    expect(page.locator(f"[name=to] option[value={code}]")).to_have_count(0)


def split_off(page: Page, code: str) -> None:
    page.goto("/units/B2/settings")
    page.click("main a[href='/units/B2/split']")
    page.fill("[name=unit_code]", code)
    page.fill("[name=name]", f"新支部 {code}")
    page.locator("[name=member]").first.check()
    page.click("main form button[value=split]")
    page.wait_for_url(f"**/units/{code}/settings")


def plan_and_withdraw(page: Page, code: str) -> None:
    page.goto(f"/units/B3/merge?to={code}&on=2099-01-01")
    page.click("main form[method=post] button")
    expect(page.locator("#to-error")).to_be_visible()
    soon = date.today() + timedelta(days=3)
    page.goto(f"/units/B3/merge?to={code}&on={soon.isoformat()}")
    page.click("main form[method=post] button")
    page.wait_for_url("**/units/B3/settings")
    page.locator("form[action*='/changes/'] button").click()
    expect(page.locator("form[action*='/changes/']")).to_have_count(0)
