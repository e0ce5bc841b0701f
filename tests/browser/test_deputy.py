"""An administrator delegates to a deputy for a week: the deputy is told, does the work, and it is traced to both."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from learnhub.kernel.clock import local_date, utcnow
from learnhub.kernel.house import house
from tests.browser.conftest import DESK, PHONE, sign_in, watched


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_administrator_delegates_to_a_deputy_for_a_week(
    open_browser: Callable[..., BrowserContext], scripts: bool
) -> None:
    last = local_date(utcnow(), house.zone) + timedelta(days=7)
    page = watched(open_browser(viewport=PHONE, java_script_enabled=scripts).new_page())
    sign_in(page, "admin")
    page.goto("/me")
    page.click("main a[href='/me/deputies']")
    page.fill("[name=member]", "instructor")
    page.fill("[name=last]", last.isoformat())
    page.fill("[name=reason]", "休假")
    page.click("main form:has([name=last]) button[type=submit]")
    expect(page.get_by_text("已指定代理人，并通知双方。")).to_be_visible()
    deputy = watched(open_browser(viewport=DESK, java_script_enabled=scripts).new_page())
    sign_in(deputy, "instructor")
    banner = deputy.locator("main .notice", has_text="你代理")
    expect(banner).to_be_visible()
    deputy.goto("/notices")
    expect(deputy.locator("main", has_text=re.compile("你代理.*的工作"))).to_be_visible()
    name = f"代理新增组织{'一' if scripts else '二'}"
    deputy.goto("/units/B1/settings")
    deputy.fill("[name=below-code]", f"D{int(scripts)}")
    deputy.fill("[name=below-name]", name)
    deputy.click("main form[action='/units/B1/units'] button[type=submit]")
    page.goto("/audit?action=unit.added")
    expect(page.locator("tr", has_text=name)).to_contain_text("（代理")
    page.goto("/me/deputies")
    page.locator("form[action$='/end'] button").click()
    if scripts:
        page.locator("#confirm button[value=yes]").click()
    expect(page.get_by_text("代理已结束。")).to_be_visible()
    answer = deputy.goto("/units/B1/settings")
    assert answer is not None
    assert answer.status == 403
