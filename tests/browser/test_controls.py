"""Controls as people meet them: file fields, folded filters, what is free to choose, the marks of a navigator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE, sign_in, watched

BANK = "/desk/banks/demo"
SHEET = {"name": "sheet 2026.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"}
CONTRAST = """(one) => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3)
    .map((part) => part / 255).map((part) => (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4))
    .reduce((sum, part, n) => sum + part * [.2126, .7152, .0722][n], 0);
  const ground = (box) => {
    const colour = getComputedStyle(box).backgroundColor;
    return colour.endsWith(", 0)") ? ground(box.parentElement) : colour;
  };
  const both = [getComputedStyle(one).borderTopColor, ground(one.parentElement)].map(light);
  const [more, less] = both.sort((a, b) => b - a);
  return { edge: (more + .05) / (less + .05), fill: getComputedStyle(one).backgroundColor };
}"""

BOTH_STATES = """(form) => {
  const pair = (state) => `<input type="checkbox" ${state}><input type="radio" ${state}>`;
  form.insertAdjacentHTML("afterbegin", `<p>${pair("")}</p><p>${pair("disabled")}</p>`);
}"""


@pytest.mark.parametrize(
    ("language", "asks", "none"), [("zh-CN", "选择文件", "未选择文件"), ("en-GB", "Choose a file", "No file chosen")]
)
def test_a_file_field_speaks_the_readers_language(
    open_browser: Callable[..., BrowserContext], language: str, asks: str, none: str
) -> None:
    page = watched(open_browser(locale=language).new_page())
    page.goto("/verify")
    face, name = page.locator(".file-button"), page.locator(".file-name")
    expect(face).to_have_text(asks)
    expect(name).to_have_text(none)
    with page.expect_file_chooser() as asked:
        face.click(force=True)  # what is clicked is the field that lies there
    asked.value.set_files(SHEET)
    expect(name).to_have_text("sheet 2026.pdf")
    page.reload()
    expect(name).to_have_text(none)


def test_a_file_field_keeps_its_label_and_its_place_in_the_way_of_the_tab_key(phone: Page) -> None:
    phone.goto("/verify")
    field = phone.get_by_label("PDF或JSON文件")
    phone.locator("main input:not([type=hidden])").first.focus()
    for _step in range(3):
        phone.keyboard.press("Tab")
        if field.evaluate("one => one === document.activeElement"):
            break
    expect(field).to_be_focused()
    outline = field.evaluate("one => getComputedStyle(one).outlineWidth")
    assert outline == "3px"


def test_without_scripts_a_file_field_is_the_browsers_own(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    page.goto("/verify")
    expect(page.locator(".file-face")).to_be_hidden()
    expect(page.locator("main input[type=file]")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_on_a_phone_the_filters_fold_and_say_how_many_are_set(
    open_browser: Callable[..., BrowserContext], scripts: bool
) -> None:
    page = open_browser(viewport=PHONE, java_script_enabled=scripts).new_page()
    sign_in(page, "instructor")
    page.goto(BANK)
    words, go = page.locator("#q"), page.get_by_role("button", name="搜索", exact=True)
    assert box(words)["y"] == pytest.approx(box(go)["y"], abs=1)
    assert box(page.locator("tr[data-row]").first)["y"] < PHONE["height"]
    expect(page.locator("#kind")).to_be_hidden()
    page.locator(".filters-more > summary").click()
    page.select_option("#kind", "single_choice")
    page.locator(".filters-in button").click()
    page.wait_for_url("**kind=single_choice**")
    expect(page.locator(".filters-more > summary")).to_have_text("筛选 已设1项")
    expect(page.locator("tr[data-row]").first).to_be_visible()


def test_on_a_desk_all_filters_stand_open_with_one_button(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(viewport=DESK).new_page()
    sign_in(page, "instructor")
    page.goto(BANK)
    expect(page.locator(".filters-more > summary")).to_be_hidden()
    expect(page.locator("#kind")).to_be_visible()
    expect(page.locator(".desk-filters").get_by_role("button", name="搜索")).to_have_count(1)


def test_on_a_phone_the_rare_acts_are_in_the_corner_beside_the_way_back(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = open_browser(viewport=PHONE, locale="en-GB").new_page()
    sign_in(page, "instructor")
    page.goto(BANK)
    back, more = box(page.locator("main .back")), box(page.locator(".page-head .menu > summary"))
    assert more["x"] > back["x"] + back["width"]
    assert more["y"] < back["y"] + back["height"]
    assert more["x"] + more["width"] <= PHONE["width"]


def test_fields_of_a_condition_are_as_wide_as_those_above(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(viewport=PHONE).new_page()
    sign_in(page, "secretary")
    page.goto("/units/B1/search")
    above = [box(page.locator(f"#{name}")) for name in ("as_at", "match")]
    below = box(page.locator("#f0"))
    assert below["x"] == above[0]["x"]
    assert below["x"] + below["width"] == pytest.approx(above[1]["x"] + above[1]["width"], abs=1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_free_to_choose_looks_free(open_browser: Callable[..., BrowserContext], theme: str) -> None:
    page = open_browser(color_scheme=theme).new_page()
    page.goto("/verify")
    page.locator("main form").first.evaluate(BOTH_STATES)
    for kind in ("checkbox", "radio"):
        free, barred = (
            page.locator(f"main input[type={kind}]{state}").evaluate(CONTRAST) for state in (":enabled", ":disabled")
        )
        assert free["edge"] >= 3
        assert free["fill"] != barred["fill"]


def test_the_navigator_says_and_shows_what_was_answered(phone: Page, new_quiz: Callable[..., str]) -> None:
    sign_in(phone, "member")
    phone.goto(new_quiz(questions_per_page=2))
    phone.locator("main form button.btn-primary").first.click()
    number = phone.locator("[data-nav='1']")
    expect(number).to_have_attribute("aria-label", "第1题")
    expect(number).to_have_attribute("aria-current", "step")
    expect(phone.locator("[data-nav='3']")).not_to_have_attribute("aria-current", "step")
    expect(phone.locator(".slots-key")).to_have_text("本页 已答 稍后再看")
    phone.locator("#q1 .choice").first.click()
    expect(number).to_have_attribute("aria-label", "第1题, 已答")
    assert number.evaluate("one => getComputedStyle(one, '::before').content") == '""'


def box(locator: Any) -> dict[str, float]:
    """Where a thing stands on the page."""
    found = locator.bounding_box()
    assert found
    return dict(found)
