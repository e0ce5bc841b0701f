"""A secretary brings in a messy roster: reads it, mends two rows, accepts, takes it back, and accepts again."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched


def messy(name: str) -> bytes:
    """Two title rows, full-width digits, a transfer, a duplicate, a unit that nobody knows, a shortened number."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "花名册"
    for row in (
        ["2026 年度学员花名册", None, None, None, None],
        ["填报单位：示例 填报人：王 💡", None, None, None, None],
        ["序号", "姓名（必填）", "*工号", "所在支部", "手机号码"],
        [1, "赵　一", f"{name}００１", "B1", 13800000001],
        [2, "钱二🌱", f"{name}002", "B1", "１３８００００００２"],
        [3, "孙三", f"{name}003", "没有这个支部", "13800000003"],
        [4, "李四", f"{name}002", "B1", "13800000004"],
        [5, "周五", f"{name}005", "B1", "1.38E+10"],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(page: Page, data: bytes) -> None:
    page.goto("/units/B1/roster")
    page.set_input_files("main input[type=file]", {"name": "花名册.xlsx", "mimeType": "", "buffer": data})
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/rosters/\d+"))


def figures(page: Page) -> list[str]:
    """New, changed, transfers, left as they are, refused."""
    return page.locator(".stats .value").all_inner_texts()


def mend(page: Page, place: str, field: str, value: str) -> None:
    page.locator("tr", has_text=place).locator("a.mend-link").click()
    page.fill(f"#mend [name={field}]", value)
    page.locator("#mend button[type=submit]").first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_secretary_brings_in_a_messy_roster(open_browser: Callable[..., BrowserContext], scripts: bool) -> None:
    name = "js" if scripts else "no"
    context = open_browser(viewport=DESK if scripts else PHONE, java_script_enabled=scripts)
    page = watched(context.new_page())
    sign_in(page, "secretary")
    page.goto("/units/B1/members")
    page.click("main a[href$='/roster']")
    upload(page, messy(name))
    assert figures(page) == ["2", "0", "0", "0", "3"]
    expect(page.get_by_text("没有组织“没有这个支部”")).to_be_visible()
    expect(page.get_by_text("已出现在花名册!5")).to_be_visible()
    mend(page, "花名册!6", "unit", "B1")
    mend(page, "花名册!8", "phone", "13800000005")
    assert figures(page) == ["4", "0", "0", "0", "1"]
    page.check("[name=missing]")
    accept(page)
    assert figures(page) == ["4", "0", "0", "0", "1"]
    found(page, f"{name}001", "赵一")
    page.go_back()
    page.locator("form[action$='/undo'] button").click()
    if scripts:
        page.locator("#confirm button[value=yes]").click()
    expect(page.get_by_text("移除4名学员")).to_be_visible()
    expect(page.locator("form[action$='/undo']")).to_have_count(0)
    page.goto(f"/units/B1/members?q={name}001")
    expect(page.locator("tr[data-row]")).to_have_count(0)
    upload(page, messy(name))
    page.check("[name=missing]")
    accept(page)
    found(page, f"{name}002", "钱二🌱")


def accept(page: Page) -> None:
    page.locator("form[action$='/accept'] button").click()
    expect(page.locator("form[action$='/undo'] button")).to_be_visible()


def found(page: Page, number: str, name: str) -> None:
    page.goto(f"/units/B1/members?q={number}")
    expect(page.locator("tr[data-row]", has_text=name)).to_have_count(1)


def test_a_transfer_is_shown_before_it_is_done(open_browser: Callable[..., BrowserContext]) -> None:
    context = open_browser(viewport=DESK)
    page = watched(context.new_page())
    sign_in(page, "admin")
    number = page.request.get("/api/v1/units/B2/members").json()["items"][0]["number"]
    page.goto("/units/HQ/roster")
    data = f"姓名\t工号\t部门\n\t{number}\tB3\n".encode("gb18030")
    page.set_input_files("main input[type=file]", {"name": "转接.csv", "mimeType": "text/csv", "buffer": data})
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/rosters/\d+"))
    assert figures(page) == ["0", "0", "1", "0", "0"]
    expect(page.locator("tr[data-row] del").first).to_be_visible()
    expect(page.locator("tr[data-row] ins").first).to_be_visible()
