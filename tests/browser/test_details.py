"""A member changes a phone number that needs approval: it waits, the secretary approves, the member is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched


def kept_phone(page: Page) -> str:
    """What the page says is kept now."""
    page.goto("/me/details")
    return page.locator("dl.facts dt", has_text="手机").locator("xpath=following-sibling::dd[1]").inner_text()


def ask(page: Page, phone: str) -> None:
    page.goto("/me/details")
    page.fill("[name=field-phone]", phone)
    page.locator("#change button[type=submit]").click()
    expect(page.get_by_text("需要书记审批")).to_be_visible()
    expect(page.locator("#waiting").get_by_text("待审批")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_member_changes_a_phone_number_that_needs_approval(
    open_browser: Callable[..., BrowserContext], scripts: bool
) -> None:
    phone = "13911112222" if scripts else "13933334444"
    member = watched(open_browser(viewport=PHONE, java_script_enabled=scripts).new_page())
    sign_in(member, "member")
    before = kept_phone(member)
    member.fill("[name=field-phone]", "打电话")
    member.locator("#change button[type=submit]").click()
    expect(member.locator(".notice-danger")).to_contain_text("手机")
    ask(member, f"{phone[:3]} {phone[3:7]} {phone[7:]}")
    assert kept_phone(member) == before
    secretary = watched(open_browser(viewport=DESK, java_script_enabled=scripts).new_page())
    sign_in(secretary, "secretary")
    secretary.goto("/")
    secretary.locator("a[href$='/changes']").first.click()
    card = secretary.locator("section", has_text=phone)
    card.locator("form[action$='/approve'] button").click()
    expect(secretary.get_by_text("变更已生效")).to_be_visible()
    assert kept_phone(member) == phone
    expect(member.locator("#waiting").get_by_text("已通过").first).to_be_visible()
    member.goto("/notices")
    expect(member.get_by_text("已按你的申请修改").first).to_be_visible()


def test_a_secretary_turns_a_change_down_and_says_why(open_browser: Callable[..., BrowserContext]) -> None:
    member = watched(open_browser(viewport=PHONE).new_page())
    sign_in(member, "member")
    before = kept_phone(member)
    ask(member, "13955556666")
    secretary = watched(open_browser(viewport=PHONE).new_page())
    sign_in(secretary, "secretary")
    secretary.goto("/")
    secretary.locator("a[href$='/changes']").first.click()
    card = secretary.locator("section", has_text="13955556666")
    card.locator("summary").click()
    card.locator("[name=reason]").fill("号码打不通")
    card.locator("form[action$='/refuse'] button").click()
    expect(secretary.get_by_text("变更未通过")).to_be_visible()
    assert kept_phone(member) == before
    expect(member.locator("#waiting").get_by_text("号码打不通")).to_be_visible()
