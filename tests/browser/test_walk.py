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
QUESTIONS = Path(__file__).parents[1] / "data" / "q-gift" / "mc5.gift"


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page, if pictures are wanted."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def press(page: Page, selector: str) -> None:
    """Press the first button or link of a kind in the page's main part."""
    page.locator(f"main {selector}").first.click()
    page.wait_for_load_state()


def answer_page(page: Page) -> None:
    """Answer whatever the page asks: the first option of each, or a number."""
    for question in page.locator("fieldset.question").all():
        choices = question.locator("input[type=radio], input[type=checkbox]")
        if choices.count():
            choices.first.check()
        for box in question.locator("input.form-control").all():
            box.fill("3")
        expect(question.locator(".save-state").first).to_have_attribute("data-state", "saved", timeout=8000)


def sit(page: Page) -> None:
    """Answer every page of a quiz and hand it in."""
    for _n in range(30):
        answer_page(page)
        following = page.locator("main button[value=next]")
        if not following.count():
            break
        following.click()
        page.wait_for_load_state()
    press(page, "button[value=hand-in]")
    page.wait_for_url(re.compile("/(hand-in|review)$"))
    if page.url.endswith("/hand-in"):
        press(page, "form[method=post] button.btn-primary")


def test_a_member_reads_sits_a_quiz_and_finds_points_hours_board_and_transcript(phone: Page) -> None:
    phone.goto("/sign-in")
    picture(phone, "member-1-sign-in")
    sign_in(phone, "member")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("王晓")
    picture(phone, "member-2-home")
    phone.locator("nav.bottom a[href='/courses']").click()
    phone.locator("main a[href='/courses/network-security']").first.click()
    picture(phone, "member-3-course")
    press(phone, "a.btn-primary")
    expect(phone.locator("#study-state")).to_contain_text(phone.locator("#study").get_attribute("data-counting") or "?")
    picture(phone, "member-4-lesson")

    phone.locator("nav.bottom a[href='/quizzes']").click()
    phone.locator("main a[href='/quizzes/daily']").click()
    press(phone, "form button.btn-primary")
    expect(phone.locator(".question").first).to_be_visible()
    picture(phone, "member-5-quiz")
    sit(phone)
    expect(phone.locator(".receipt")).to_be_visible()
    picture(phone, "member-6-receipt")

    phone.goto("/points")
    expect(phone.locator(".rows").first).to_contain_text("每日一练")
    picture(phone, "member-7-points")
    press(phone, ".rows a")
    expect(phone.get_by_role("main")).to_contain_text("quiz:")
    picture(phone, "member-8-why")
    phone.goto("/hours")
    picture(phone, "member-9-hours")
    phone.locator("nav.bottom a[href='/boards']").click()
    expect(phone.get_by_role("main")).to_contain_text("王晓")
    picture(phone, "member-10-board")
    phone.goto("/transcript")
    expect(phone.get_by_role("main")).to_contain_text("王晓")
    picture(phone, "member-11-transcript")


def test_an_instructor_brings_questions_looks_accepts_and_takes_them_back(phone: Page) -> None:
    sign_in(phone, "instructor")
    picture(phone, "instructor-1-home")
    phone.goto("/desk/banks/demo")
    picture(phone, "instructor-2-bank")
    press(phone, "a[href*=import]")
    phone.set_input_files("main input[type=file]", str(QUESTIONS))
    press(phone, "form:has(input[type=file]) button[type=submit]")
    expect(phone.get_by_role("main")).to_contain_text("Grant")
    picture(phone, "instructor-3-preview")
    press(phone, "form[action*=accept] button")
    picture(phone, "instructor-4-imported")
    phone.locator("main form[action*=undo] button").first.click()
    with phone.expect_navigation():
        phone.locator("dialog[open] button[value=yes]").click()
    phone.goto("/desk/banks/demo?q=Grant")
    expect(phone.get_by_role("main")).not_to_contain_text("buried")


def test_a_secretary_exports_scores_that_equal_the_page(
    open_browser: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page = watched(open_browser(viewport=DESK, accept_downloads=True).new_page())
    sign_in(page, "secretary")
    picture(page, "secretary-1-home")
    press(page, "a[href='/units/B1']")
    picture(page, "secretary-2-unit")
    with page.expect_download() as loading:
        page.locator("main button[value=xlsx]").first.click()
    path = tmp_path / "scores.xlsx"
    loading.value.save_as(path)
    book = openpyxl.load_workbook(path)
    cells = {str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None}
    names = [name.strip() for name in page.locator("table.data tbody a").all_inner_texts()]
    assert names
    assert set(names) <= cells


def test_an_administrator_reads_the_trail_and_the_state_of_the_system(phone: Page) -> None:
    sign_in(phone, "admin")
    picture(phone, "administrator-1-home")
    phone.goto("/audit")
    expect(phone.get_by_role("main")).to_contain_text("登录")
    picture(phone, "administrator-2-audit")
    phone.goto("/status")
    picture(phone, "administrator-3-system")


@pytest.mark.parametrize("command", ["ledger", "boards"])
def test_the_books_of_the_demo_agree(server: Server, command: str) -> None:
    assert '"broken": []' in server.command("verify", command, "--json").stdout
