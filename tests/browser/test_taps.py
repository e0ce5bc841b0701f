"""How many taps a job takes for somebody who has never seen the product: counted in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import DESK, watched
from tests.server import DEMO_PASSWORD, Server, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, demo: Path) -> Iterator[Server]:
    """A demo organisation that no other test has touched: what somebody sees on the first day."""
    with served(tmp_path_factory.mktemp("first-day"), like=demo) as running:
        yield running


class Finger:
    """Taps what is on the screen, and counts; typing into a field costs the tap that opens it."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, where: Locator) -> None:
        """One tap."""
        self.taps += 1
        where.click()

    def sign_in(self, name: str) -> None:
        """The form is filled in by the browser's password manager; one tap sends it."""
        self.page.goto("/")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", DEMO_PASSWORD)
        self.tap(self.page.locator("main form button[type=submit]"))
        self.page.wait_for_url(lambda url: "/sign-in" not in url)


def test_a_member_gets_from_sign_in_to_a_handed_in_quiz_in_eight_taps(phone: Page) -> None:
    finger = Finger(phone)
    finger.sign_in("member")
    finger.tap(phone.get_by_role("button", name=re.compile("开始.*每日一练")))
    phone.wait_for_url(re.compile(r"/attempts/\d+"))
    questions = phone.locator("fieldset.question")
    assert questions.count() == 5
    for question in questions.all():
        field = question.locator("input.form-control")
        if field.count():
            for one in field.all():
                finger.tap(one)
                one.fill("3")
        else:
            finger.tap(question.locator(".choice").first)
        expect(question.locator(".save-state").first).to_have_attribute("data-state", "saved", timeout=8000)
    finger.tap(phone.locator("main button[value=hand-in]"))
    phone.wait_for_url("**/review")
    expect(phone.locator(".receipt")).to_be_visible()
    assert finger.taps <= 8


def test_a_secretary_gets_from_sign_in_to_the_years_sheet_in_four_clicks(
    open_browser: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page = watched(open_browser(viewport=DESK, accept_downloads=True).new_page())
    hand = Finger(page)
    hand.sign_in("secretary")
    with page.expect_download() as loading:
        hand.tap(page.get_by_role("button", name="导出全年成绩"))
    loading.value.save_as(tmp_path / "scores.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "scores.xlsx").active
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert "林静" in cells
    assert hand.taps <= 4
