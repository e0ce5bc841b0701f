"""An instructor's walk: a sheet with three faults, mended in place, accepted, undone, accepted; a paper printed."""

from __future__ import annotations

import io
import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import DESK, PHONE, sign_in, watched
from tests.server import Server

TOPICS = ("消防通道", "配电房", "电梯机房", "化学品仓库", "食堂厨房", "地下车库", "会议中心", "档案室")


def sheet(name: str) -> bytes:
    """Good questions, and three with a fault: a letter without an option, no answer, neither true nor false."""
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "题库"
    page.append(["安全知识题库", None, None, None, None, None, None])
    page.append(["题干", "题型", "选项A", "选项B", "选项C", "答案", "知识点"])
    for n, topic in enumerate(TOPICS):
        page.append([f"{name}{topic}由谁负责巡查？", "单选题", f"{topic}值班员", "访客", "无人", "A", f"{name}/巡查"])
        page.append([f"{name}{topic}第{n}号门可以上锁。", "判断题", None, None, None, "错", f"{name}/门"])
    page.append([f"{name}急救电话是哪个？", "单选题", "110", "119", "120", "D", f"{name}/电话"])
    page.append([f"{name}下列哪些是消防设施？", "多选题", "灭火器", "消火栓", "鲜花", None, f"{name}/设施"])
    page.append([f"{name}灭火器要放在看得见的地方。", "判断题", None, None, None, "也许", f"{name}/设施"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def drop(page: Page, data: bytes, name: str) -> None:
    """Drop the file on the form with scripts, choose it without; then look at it."""
    file: Any = {"name": name, "mimeType": "", "buffer": data}
    page.set_input_files("main input[type=file]", file)
    page.locator("main form:has(input[type=file]) button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/desk/imports/\d+"))


def counts(page: Page) -> list[str]:
    return [" ".join(one.split()) for one in page.locator(".tabs a").all_inner_texts()]


def mend(page: Page, place: str, head: str, text: str) -> None:
    item = page.locator(".import-item", has=page.get_by_role("heading", name=place, exact=True))
    item.get_by_label(head, exact=True).fill(text)
    item.get_by_role("button", name="重新识别").click()
    page.wait_for_load_state()


def agree(page: Page, scripts: bool) -> None:
    if scripts:
        page.locator("#confirm button[value=yes]").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_instructor_mends_a_sheet_and_prints_a_paper_of_it(
    open_browser: Callable[..., BrowserContext], scripts: bool
) -> None:
    name = "甲" if scripts else "乙"
    context = open_browser(viewport=DESK if scripts else PHONE, java_script_enabled=scripts)
    page = watched(context.new_page())
    sign_in(page, "instructor")
    bank = f"walk-{secrets.token_hex(4)}"
    page.goto("/desk/new-bank")
    page.fill("[name=title]", f"安全题库{name}")
    page.fill("[name=slug]", bank)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(rf"/desk/banks/{bank}$"))

    page.goto(f"/desk/banks/{bank}/import")
    drop(page, sheet(name), "安全题库.xlsx")
    assert counts(page) == ["全部 19", "可导入 16", "不能导入 3"]
    page.locator(".tabs a", has_text="不能导入").click()
    expect(page.locator(".import-item.is-refused")).to_have_count(3)
    mend(page, "题库!19", "答案", "C")
    mend(page, "题库!20", "答案", "AB")
    mend(page, "题库!21", "答案", "对")
    expect(page.get_by_text("已重新识别，可以导入。")).to_be_visible()
    page.locator(".tabs a", has_text="全部").click()
    assert counts(page)[:2] == ["全部 19", "可导入 19"]

    accept(page)
    page.locator("form[action$='/undo'] button").click()
    agree(page, scripts)
    page.get_by_role("button", name="重新导入").click()
    page.wait_for_url(re.compile(r"/desk/imports/\d+"))
    assert counts(page)[:2] == ["全部 19", "可导入 19"]
    accept(page)

    assemble(page, bank, name)
    (paper,) = [one for one in page.locator("a[href$='.pdf']").all() if "key" not in (one.get_attribute("href") or "")]
    printed = page.request.get(paper.get_attribute("href") or "")
    assert printed.headers["content-type"] == "application/pdf"
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(printed.body())).pages)
    assert text.count("由谁负责巡查") == 4
    assert "急救电话是哪个" in text


def accept(page: Page) -> None:
    page.locator("form[action$='/accept'] button.btn-primary").click()
    expect(page.locator("form[action$='/undo'] button")).to_be_visible()
    assert page.locator(".stats .value").all_inner_texts() == ["19", "0", "0"]


def assemble(page: Page, bank: str, name: str) -> None:
    """Ask for more than there is, read why it can't be, and ask for less."""
    page.goto(f"/desk/banks/{bank}/new-papers")
    page.fill("[name=title]", f"安全测验{name}")
    for n, (count, category) in enumerate(((40, "巡查"), (1, "电话"))):
        page.fill(f"[name=rules-{n}-count]", str(count))
        page.select_option(f"[name=rules-{n}-category]", f"{name}/{category}")
    assemble_button = page.get_by_role("button", name="组卷", exact=True)
    assemble_button.click()
    expect(page.get_by_role("alert")).to_contain_text("32")
    expect(page.locator("tr.row-wrong")).to_have_count(1)
    page.fill("[name=rules-0-count]", "4")
    assemble_button.click()
    page.wait_for_url(re.compile(rf"/desk/banks/{bank}/papers/\d+"))


def test_the_command_line_and_the_browser_say_the_same(
    open_browser: Callable[..., BrowserContext], server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "同一个文件.xlsx"
    file.write_bytes(sheet("丙"))
    answer = server.command("import", "questions", str(file), "--bank", "demo", "--dry-run", "--json")
    told = json.loads(answer.stdout)["verdicts"]
    page = watched(open_browser(viewport=DESK).new_page())
    sign_in(page, "instructor")
    page.goto("/desk/banks/demo/import")
    drop(page, file.read_bytes(), file.name)
    items = page.locator(".import-item")
    shown = [
        (one.locator("h2").inner_text(), (one.get_attribute("class") or "").rpartition("is-")[2]) for one in items.all()
    ]
    assert shown == [(one["where"], one["verdict"]) for one in told]


def test_the_desk_fits_a_phone(browser: Browser, open_browser: Callable[..., BrowserContext]) -> None:
    page = watched(open_browser(viewport=PHONE).new_page())
    sign_in(page, "instructor")
    page.goto("/desk/banks/demo/import")
    long = "::" + "长" * 80 + "::" + "x" * 300 + " {=对 ~错\n\n火警电话是哪个号码？ {=119 ~110}\n"
    drop(page, long.encode(), "q.gift")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    source, shown = (page.locator(".import-item.is-in .beside > div").nth(n).bounding_box() for n in (0, 1))
    assert source
    assert shown
    assert shown["y"] >= source["y"] + source["height"], "one below the other"
