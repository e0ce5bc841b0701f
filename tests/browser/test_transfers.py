"""Two secretaries pass a transfer: one sends a member, the other agrees; and one asks for a member by number."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched

PASSWORD = "plain sailing 7"


def add_a_secretary(page: Page, number: str) -> None:
    """The administrator adds a member to the second branch and makes them its secretary."""
    sign_in(page, "admin")
    page.goto("/units/B2/members")
    page.fill("#add [name=number]", number)
    page.fill("#add [name=name]", f"书记{number}")
    page.fill("#add [name=password]", PASSWORD)
    page.locator("#add button[type=submit]").click()
    page.goto("/units/B2/settings")
    page.fill("[name=role-member]", number)
    page.select_option("[name=role-role]", "secretary")
    page.locator("form:has([name=role-member]) button[type=submit]").click()
    expect(page.get_by_text(f"书记{number}").first).to_be_visible()


def add_a_member(page: Page, number: str) -> None:
    page.goto("/units/B2/members")
    page.fill("#add [name=number]", number)
    page.fill("#add [name=name]", f"学员{number}")
    page.locator("#add button[type=submit]").click()
    page.wait_for_load_state()


def send(page: Page, number: str) -> None:
    """From the member's page to another unit, by its name."""
    page.goto(f"/units/B2/members?q={number}")
    page.locator("tr[data-row] a.stretched").click()
    page.click("main .page-head details.menu summary")
    page.click("main a[href$='/transfer']")
    page.fill("[name=to_unit]", "机关第一支部")
    page.fill("[name=reason]", "工作调动")
    page.locator("main form.card-plain button[type=submit]").click()
    page.wait_for_url(re.compile(r"/transfers/\d+"))
    expect(page.get_by_text("等待转入组织").first).to_be_visible()


def belongs_to_the_first_branch(page: Page, number: str) -> None:
    page.goto(f"/units/B1/members?q={number}")
    expect(page.locator("tr[data-row]", has_text=number)).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_two_secretaries_pass_a_transfer(open_browser: Callable[..., BrowserContext], scripts: bool) -> None:
    name = "TJ" if scripts else "TN"
    options = {"viewport": DESK if scripts else PHONE, "java_script_enabled": scripts}
    add_a_secretary(watched(open_browser(**options).new_page()), f"{name}0")
    old, new = (watched(open_browser(**options).new_page()) for _n in range(2))
    sign_in(old, f"{name}0", PASSWORD)
    add_a_member(old, f"{name}1")
    add_a_member(old, f"{name}2")
    send(old, f"{name}1")
    sign_in(new, "secretary")
    new.locator("main a[href$='/transfers?show=waiting']").click()
    new.locator("tr[data-row]", has_text=f"{name}1").locator("a.stretched").click()
    expect(new.get_by_text("工作调动")).to_be_visible()
    new.locator("form[action$='/consent'] button").click()
    expect(new.locator(".timeline")).to_contain_text("完成")
    belongs_to_the_first_branch(new, f"{name}1")

    new.goto("/units/B1/transfers")
    new.click("main a[href$='/transfers/new']")
    new.fill("[name=number]", f"{name}2")
    new.locator("main form.card-plain button[type=submit]").click()
    new.wait_for_url(re.compile(r"/transfers/\d+"))
    asked = new.url
    expect(new.get_by_text(f"学员{name}2")).to_have_count(0)
    old.goto("/")
    old.locator("main a[href$='/transfers?show=waiting']").click()
    old.locator("tr[data-row]", has_text=f"学员{name}2").locator("a.stretched").click()
    old.locator("form[action$='/consent'] button").click()
    new.goto(asked)
    expect(new.locator("h1")).to_contain_text(f"学员{name}2")
    belongs_to_the_first_branch(new, f"{name}2")
