"""The desk by keyboard and mouse, and on paper: tables that go on where hands are, and print as they look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, sign_in, watched

BANK = "/desk/banks/demo"


@pytest.fixture
def desk(open_browser: Callable[..., BrowserContext]) -> Page:
    """The bank of the demo before an instructor, in English."""
    page = watched(open_browser(viewport=DESK, locale="en-GB").new_page())
    sign_in(page, "instructor")
    page.goto(BANK)
    return page


def chosen(page: Page) -> int:
    return page.locator("tr.chosen").count()


def test_rows_go_under_the_keys_of_a_hand_and_open(desk: Page) -> None:
    rows = desk.locator("tr[data-row]")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("ArrowDown")
    expect(rows.nth(2).locator("a").first).to_be_focused()
    desk.keyboard.press("k")
    expect(rows.nth(1).locator("a").first).to_be_focused()
    desk.keyboard.press("x")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("Shift+X")
    expect(desk.locator("[data-chosen]")).to_have_text("3 selected")
    desk.keyboard.press("x")
    expect(desk.locator("[data-chosen]")).to_have_text("2 selected")
    desk.keyboard.press("/")
    expect(desk.locator("#q")).to_be_focused()
    desk.keyboard.type("jkx")
    expect(desk.locator("#q")).to_have_value("jkx")
    assert chosen(desk) == 2
    rows.nth(4).locator("a").first.focus()
    name = rows.nth(4).locator("a").first.inner_text()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/questions/*")
    expect(desk.get_by_role("heading", level=1)).to_have_text(name)


def test_letters_can_be_switched_off_for_good(desk: Page) -> None:
    desk.locator("[data-keys] summary").click()
    desk.locator("[data-letters]").uncheck()
    desk.reload()
    desk.keyboard.press("j")
    assert desk.evaluate("document.activeElement === document.body")


def test_all_and_ranges_are_chosen_by_mouse(desk: Page) -> None:
    boxes = desk.locator("input[name=id]")
    expect(desk.locator(".bulk-bar")).to_be_hidden()
    boxes.nth(1).check()
    boxes.nth(5).click(modifiers=["Shift"])
    expect(desk.locator("[data-chosen]")).to_have_text("5 selected")
    assert desk.locator("[data-all]").evaluate("(box) => box.indeterminate")
    desk.locator("[data-all]").check()
    assert chosen(desk) == boxes.count() == 50
    desk.locator("[data-all]").uncheck()
    assert chosen(desk) == 0
    expect(desk.locator(".bulk-bar")).to_be_hidden()


def test_the_head_and_the_first_column_stay_in_view(desk: Page) -> None:
    desk.set_viewport_size({"width": 700, "height": 700})
    wrap = desk.locator(".desk-wrap")
    wrap.evaluate("(one) => one.scrollTo(300, 900)")
    wrap.scroll_into_view_if_needed()
    frame = wrap.bounding_box()
    head = desk.locator("th.first").bounding_box()
    assert frame
    assert head
    assert abs(head["y"] - frame["y"]) < 3
    assert frame["x"] <= head["x"] < frame["x"] + 80
    desk.keyboard.press("j")
    for _n in range(6):
        desk.keyboard.press("j")
    row, head = desk.locator("tr:focus-within").bounding_box(), desk.locator("th.first").bounding_box()
    assert row
    assert head
    assert row["y"] >= head["y"] + head["height"] - 1


def test_a_choice_of_columns_shows_at_once_and_stands_in_the_address(desk: Page) -> None:
    desk.locator("input[name=id]").first.check()
    desk.locator("[data-columns] summary").click()
    desk.get_by_label("Tags").uncheck()
    expect(desk.get_by_role("columnheader", name="Tags")).to_have_count(0)
    expect(desk.locator("[data-columns]")).to_have_attribute("open", "")
    expect(desk.locator("[data-chosen]")).to_have_text("1 selected")
    assert "col=mark" in desk.url
    assert "col=tags" not in desk.url
    desk.keyboard.press("Escape")
    desk.get_by_role("link", name="Marks").click()
    desk.wait_for_url("**sort=-mark**")
    expect(desk.get_by_role("columnheader", name="Tags")).to_have_count(0)
    expect(desk.get_by_role("columnheader", name="Marks")).to_have_attribute("aria-sort", "descending")


def test_many_questions_are_changed_and_put_back_without_javascript(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = open_browser(viewport=DESK, locale="en-GB", java_script_enabled=False).new_page()
    sign_in(page, "instructor")
    page.goto(BANK)
    count = int(page.locator(".desk-tools [role=status]").inner_text().split()[0])
    for position in range(3):
        page.locator("input[name=id]").nth(position).check()
    page.get_by_role("button", name="Retire").click()
    expect(page.locator(".notice")).to_contain_text("3 questions retired")
    expect(page.locator(".desk-tools [role=status]")).to_have_text(f"{count - 3} questions")
    page.locator(".notice").get_by_role("button", name="Undo").click()
    expect(page.locator(".notice")).to_contain_text("3 questions are as before.")
    expect(page.locator(".desk-tools [role=status]")).to_have_text(f"{count} questions")


def test_a_table_is_printed_as_it_looks_without_what_stands_around_it(desk: Page) -> None:
    desk.goto(f"{BANK}?difficulty=3&sort=name")
    desk.emulate_media(media="print")
    for around in (".top", ".side", ".desk-filters", "[data-columns]", ".choose-box", ".pager"):
        for one in desk.locator(around).all():
            expect(one).to_be_hidden()
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    expect(desk.locator(".on-paper")).to_have_text("Difficulty: 3")
    assert desk.locator("tr[data-row]").count() == 50
    full = desk.locator(".desk-wrap").evaluate("(one) => one.scrollHeight <= one.clientHeight + 1")
    assert full, "nothing is cut away below"
    paper = desk.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    width, height = (float(one) for one in paper.split(b"/MediaBox [0 0 ", 1)[1].split(b"]", 1)[0].split())
    assert width > height, "landscape"


WIDE_TABLES = {
    "instructor": ("/desk/banks/demo", "/desk/courses", "/desk/quizzes"),
    "secretary": ("/units/B1", "/units/B1/members", "/units/B1/search", "/units/B1/transfers?state=all"),
    "admin": ("/audit", "/units/HQ", "/units/HQ/members"),
}


@pytest.mark.parametrize("role", WIDE_TABLES)
def test_no_table_of_the_desk_scrolls_sideways_on_a_desk(
    open_browser: Callable[..., BrowserContext], role: str
) -> None:
    page = open_browser(viewport=DESK).new_page()
    sign_in(page, role)
    paths = list(WIDE_TABLES[role])
    if role == "instructor":
        page.goto("/desk/quizzes")
        quizzes = page.locator("td a[href^='/desk/quizzes/']").evaluate_all("(all) => all.map((one) => one.pathname)")
        paths += quizzes
    for language in ("en", "zh_Hans"):
        page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
        for path in paths:
            page.goto(path)
            wide = page.locator(".desk-wrap").evaluate_all(
                "(all) => all.map((one) => one.scrollWidth - one.clientWidth)"
            )
            assert [one for one in wide if one > 1] == [], (language, path)
