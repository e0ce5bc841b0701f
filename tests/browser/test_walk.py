"""The whole story in a real browser, on a phone, in Chinese: member, instructor, secretary and administrator.

With LEARNHUB_SCREENSHOTS=FOLDER it also keeps the pictures of the README (`make screenshots`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, sign_in, watched
from tests.server import Server

PICTURES = os.environ.get("LEARNHUB_SCREENSHOTS")
QUESTIONS = Path(__file__).parents[1] / "data" / "q-gift"


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page, if pictures are wanted."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def answer_page(page: Page) -> None:
    """Answer whatever the page asks: the first option of each, or a word."""
    for question in page.locator(".question").all():
        choices = question.locator("input[type=radio], input[type=checkbox]")
        if choices.count():
            choices.first.check()
        for box in question.locator("input[type=text], input:not([type])").all():
            box.fill("3")


def test_a_member_reads_sits_a_quiz_and_finds_points_hours_board_and_transcript(phone: Page) -> None:
    picture(phone, "blank")
    phone.goto("/sign-in")
    picture(phone, "member-1-sign-in")
    sign_in(phone, "member")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("王晓")
    picture(phone, "member-2-home")
    phone.get_by_role("link", name="课程").last.click()
    phone.get_by_role("link", name="网络安全常识").click()
    picture(phone, "member-3-course")
    phone.get_by_role("link", name="继续").first.click()
    expect(phone.locator("#study-state")).to_contain_text("正在计时")
    picture(phone, "member-4-lesson")

    phone.goto("/quizzes")
    phone.get_by_role("link", name="每日一练").click()
    button(phone, "开始")
    expect(phone.locator(".question").first).to_be_visible()
    picture(phone, "member-5-quiz")
    for _n in range(10):
        answer_page(phone)
        expect(phone.locator(".save-state").first).to_have_attribute("data-state", "saved", timeout=8000)
        following = phone.get_by_role("button", name="下一页")
        if not following.count():
            break
        following.click()
    button(phone, "交卷")
    if phone.get_by_role("button", name="交卷").count():
        button(phone, "交卷")
    expect(phone.locator(".receipt")).to_be_visible()
    picture(phone, "member-6-receipt")

    phone.goto("/points")
    expect(phone.locator(".rows").first).to_contain_text("每日一练")
    picture(phone, "member-7-points")
    phone.locator(".rows a").first.click()
    expect(phone.get_by_role("main")).to_contain_text("规则")
    picture(phone, "member-8-why")
    phone.goto("/hours")
    picture(phone, "member-9-hours")
    phone.goto("/boards")
    expect(phone.locator("[aria-current=true]").first).to_contain_text("王晓")
    picture(phone, "member-10-board")
    phone.goto("/transcript")
    expect(phone.get_by_role("main")).to_contain_text("王晓")
    picture(phone, "member-11-transcript")


def test_an_instructor_brings_questions_looks_accepts_and_takes_them_back(phone: Page) -> None:
    sign_in(phone, "instructor")
    picture(phone, "instructor-1-home")
    phone.goto("/desk/banks/demo/import")
    phone.set_input_files("input[type=file]", str(QUESTIONS / "mc1.gift"))
    button(phone, "预览")
    picture(phone, "instructor-2-preview")
    button(phone, "导入")
    picture(phone, "instructor-3-imported")
    phone.once("dialog", lambda dialog: dialog.accept())
    button(phone, "撤销")
    expect(phone.get_by_role("main")).to_contain_text("已撤销")


def test_a_secretary_exports_scores_that_equal_the_page(
    open_browser: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page = watched(open_browser(viewport=DESK, accept_downloads=True).new_page())
    sign_in(page, "secretary")
    picture(page, "secretary-1-home")
    page.get_by_role("link", name="学习进度与成绩").first.click()
    picture(page, "secretary-2-unit")
    with page.expect_download() as loading:
        page.get_by_role("button", name=re.compile("XLSX|Excel")).first.click()
    path = tmp_path / "scores.xlsx"
    loading.value.save_as(path)
    book = openpyxl.load_workbook(path)
    cells = {str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None}
    names = [name.strip() for name in page.locator("table.data tbody td:nth-child(3)").all_inner_texts()]
    assert names
    assert set(names) <= cells


def test_an_administrator_reads_the_trail_and_the_state_of_the_system(phone: Page) -> None:
    sign_in(phone, "admin")
    picture(phone, "administrator-1-home")
    phone.goto("/audit")
    expect(phone.get_by_role("main")).to_contain_text("sign_in")
    picture(phone, "administrator-2-audit")
    phone.goto("/status")
    picture(phone, "administrator-3-system")


@pytest.mark.parametrize("command", ["ledger", "boards"])
def test_the_books_of_the_demo_agree(server: Server, command: str) -> None:
    assert '"broken": []' in server.command("verify", command, "--json").stdout
