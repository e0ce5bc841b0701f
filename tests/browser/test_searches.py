"""A secretary finds members by conditions, keeps the search and takes out what was found."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_secretary_searches_by_conditions(open_browser: Callable[..., BrowserContext], scripts: bool) -> None:
    context = open_browser(viewport=DESK if scripts else PHONE, java_script_enabled=scripts)
    page = watched(context.new_page())
    sign_in(page, "secretary")
    page.goto("/units/B1/members")
    page.locator("main a[href$='/search']").click()
    search = page.locator("form[role=search] button.btn-primary")
    page.select_option("[name=f0]", "email")
    search.click()
    page.select_option("[name=o0]", "missing")
    page.get_by_role("button", name="添加条件").click()
    page.select_option("[name=f1]", "joined")
    search.click()
    page.fill("[name=v1]", "2020-01-01")
    search.click()
    expect(page).to_have_url(re.compile("f0=email.*o1=from.*v1=2020-01-01"))
    expect(page.locator("tr[data-row]").first).to_be_visible()
    name = "缺邮箱" if scripts else "缺邮箱（无脚本）"
    page.fill("main [name=name]", name)
    page.get_by_role("button", name="保存", exact=True).click()
    page.goto("/units/B1/search")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator("#v1")).to_have_value("2020-01-01")
    with page.expect_download() as taken:
        page.locator("button[value=xlsx]").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
