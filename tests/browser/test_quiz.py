"""A quiz page in a real browser: saved as one answers, kept when the network, the tab or the session goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, expect

from learnhub.identity.models import SignInSession
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from tests.browser.conftest import sign_in, watched
from tests.browser.sitting import kept, newest, running, start, state, waits_for
from tests.server import DEMO_PASSWORD


def test_every_answer_is_saved_as_it_is_given(phone: Page, new_quiz: Any, held: Any) -> None:
    start(phone, new_quiz(time_limit_seconds=600))
    phone.locator("#q1 .choice").nth(1).click()
    expect(state(phone, 1)).to_have_attribute("data-state", "saved", timeout=2000)
    phone.locator("#q2 .choice").nth(0).click()
    phone.locator("#q2 .choice").nth(2).click()
    phone.locator("#q3 input[name=s3-text]").press_sequentially("green tea")
    phone.locator("#q4 input[name=s4-blank-2]").fill("y")
    for slot in (2, 3, 4):
        expect(state(phone, slot)).to_have_attribute("data-state", "saved", timeout=4000)
    saved = held()
    assert len(saved[2]["choices"]) == 2
    assert (saved[3], saved[4]) == ({"text": "green tea"}, {"blanks": ["", "y"]})
    assert kept(phone) == set()
    phone.reload()
    expect(phone.locator("#q3 input[name=s3-text]")).to_have_value("green tea")
    expect(phone.locator("#q1 input").nth(3)).to_be_checked()
    phone.locator("#q1 button[name=clear]").click()
    waits_for(lambda: held()[1] == {})


def test_e05_text_that_was_just_typed_is_there_after_turning_the_page_and_handing_in(
    phone: Page, new_quiz: Any, held: Any
) -> None:
    start(phone, new_quiz(questions_per_page=3))
    phone.locator("#q3 input[name=s3-text]").fill("tea")
    phone.locator("button[value=next]").click()
    phone.wait_for_url("**?page=2")
    assert held() == {3: {"text": "tea"}}
    phone.locator("#q4 input[name=s4-blank-1]").fill("x")
    phone.locator("button[value=hand-in]").click()
    phone.wait_for_url("**/hand-in")
    phone.locator("form[data-final] button").click()
    phone.wait_for_url("**/review")
    expect(phone.locator(".receipt")).to_be_visible()
    assert held() == {3: {"text": "tea"}, 4: {"blanks": ["x", ""]}}


def test_e18_without_a_network_answers_wait_here_and_go_out_when_it_is_back(
    open_browser: Callable[..., BrowserContext], new_quiz: Any, held: Any
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz(time_limit_seconds=600))
    context.set_offline(True)
    page.locator("#q1 .choice").nth(0).click()
    page.locator("#q3 input[name=s3-text]").fill("kept")
    expect(state(page, 1)).to_contain_text("尚未保存", timeout=3000)
    expect(page.locator("[data-all]")).to_have_attribute("data-state", "failed", timeout=3000)
    assert held() == {}
    assert len(kept(page)) == 2
    context.set_offline(False)
    expect(state(page, 1)).to_have_attribute("data-state", "saved", timeout=8000)
    expect(state(page, 3)).to_have_attribute("data-state", "saved", timeout=8000)
    assert held()[3] == {"text": "kept"}
    assert kept(page) == set()


def test_e18_a_tab_that_was_closed_without_a_network_loses_nothing(
    open_browser: Callable[..., BrowserContext], new_quiz: Any, held: Any
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz(time_limit_seconds=600, questions_per_page=3))
    attempt = page.url
    context.set_offline(True)
    page.locator("#q3 input[name=s3-text]").fill("survives")
    page.close()
    context.set_offline(False)
    again = watched(context.new_page())
    again.goto(f"{attempt}?page=2")
    waits_for(lambda: held() == {3: {"text": "survives"}})
    waits_for(lambda: kept(again) == set())
    again.goto(attempt)
    expect(again.locator("#q3 input[name=s3-text]")).to_have_value("survives")


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_e14_two_tabs_that_differ_ask_which_answer_stands(
    open_browser: Callable[..., BrowserContext], new_quiz: Any, held: Any, choice: str
) -> None:
    context = open_browser()
    first = watched(context.new_page())
    start(first, new_quiz())
    second = watched(context.new_page())
    second.goto(first.url)
    running(second)
    first.locator("#q3 input[name=s3-text]").fill("first")
    expect(state(first, 3)).to_have_attribute("data-state", "saved", timeout=4000)
    second.locator("#q3 input[name=s3-text]").fill("second")
    dialog = second.locator("#conflict")
    expect(dialog.locator("[data-mine]")).to_have_text("second")
    expect(dialog.locator("[data-theirs]")).to_have_text("first")
    assert held() == {3: {"text": "first"}}
    dialog.locator(f"button[value={choice}]").click()
    expect(state(second, 3)).to_have_attribute("data-state", "saved", timeout=4000)
    stands = "second" if choice == "mine" else "first"
    expect(second.locator("#q3 input[name=s3-text]")).to_have_value(stands)
    assert held() == {3: {"text": stands}}


def held_back(page: Page) -> list[Route]:
    """The page's script, on its way until it is told to continue."""
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route("**/js/quiz.js*", hold)
    return asked


def test_e14_what_was_typed_before_the_scripts_ran_does_not_replace_what_another_tab_saved_since(
    open_browser: Callable[..., BrowserContext], new_quiz: Any, held: Any
) -> None:
    context = open_browser(service_workers="block")
    first = watched(context.new_page())
    start(first, new_quiz())
    second = watched(context.new_page())
    on_its_way = held_back(second)
    second.goto(first.url, wait_until="commit")
    second.locator("#q3 input[name=s3-text]").fill("second")
    first.locator("#q3 input[name=s3-text]").fill("first")
    expect(state(first, 3)).to_have_attribute("data-state", "saved", timeout=4000)
    on_its_way[0].continue_()
    dialog = second.locator("#conflict")
    expect(dialog.locator("[data-mine]")).to_have_text("second", timeout=30_000)
    expect(dialog.locator("[data-theirs]")).to_have_text("first")
    assert held() == {3: {"text": "first"}}


def test_e18_what_was_typed_before_the_scripts_ran_is_newer_than_what_waits_on_this_device(
    open_browser: Callable[..., BrowserContext], new_quiz: Any, held: Any
) -> None:
    context = open_browser(service_workers="block")
    page = watched(context.new_page())
    start(page, new_quiz())
    attempt = page.url
    context.set_offline(True)
    page.locator("#q3 input[name=s3-text]").fill("earlier")
    page.locator("#q1 .choice").nth(0).click()
    page.close()
    context.set_offline(False)
    again = watched(context.new_page())
    on_its_way = held_back(again)
    again.goto(attempt, wait_until="commit")
    again.locator("#q3 input[name=s3-text]").fill("later")
    on_its_way[0].continue_()
    waits_for(lambda: held().get(3) == {"text": "later"})
    waits_for(lambda: len(held()) == 2 and kept(again) == set())
    expect(again.locator("#q3 input[name=s3-text]")).to_have_value("later")


def test_e05_at_zero_everything_is_sent_and_handed_in(phone: Page, new_quiz: Any, held: Any, books: Flask) -> None:
    start(phone, new_quiz(time_limit_seconds=6))
    phone.locator("#q1 .choice").nth(0).click()
    expect(phone.locator("[data-left]")).to_have_text("0:02", timeout=8000)
    phone.locator("#q3 input[name=s3-text]").fill("at the last moment")
    phone.wait_for_url("**/review")
    assert held()[3] == {"text": "at the last moment"}
    with books.app_context():
        attempt = newest()
        assert (attempt.closed_by, attempt.submitted_at) == ("request", attempt.deadline)
    assert kept(phone) == set()


def test_e06_at_zero_a_paper_with_blanks_is_handed_in_all_the_same(
    phone: Page, new_quiz: Any, held: Any, books: Flask
) -> None:
    start(phone, new_quiz(time_limit_seconds=3))
    phone.wait_for_url("**/review")
    assert held() == {}
    with books.app_context():
        assert [one["correctness"] for one in newest().marks] == ["blank"] * 4


def test_e10_a_reload_at_zero_shows_the_end_and_offers_another_attempt(phone: Page, new_quiz: Any) -> None:
    address = new_quiz(time_limit_seconds=4, attempts_allowed=2)
    start(phone, address)
    expect(phone.locator("[data-left]")).to_have_text("0:01", timeout=8000)
    phone.wait_for_timeout(1000)
    phone.evaluate("setTimeout(() => location.reload(), 0)")  # the page may be on its way by itself
    phone.wait_for_url("**/review")
    expect(phone.locator("main .receipt")).to_be_visible()
    again = phone.locator(f"main a[href='{address}']").last
    again.click()
    expect(phone.locator("main .big-action button")).to_be_visible()


@pytest.mark.parametrize("hours", [-6, 6])
def test_e01_the_clock_of_the_device_does_not_matter(
    open_browser: Callable[..., BrowserContext], new_quiz: Any, hours: int
) -> None:
    page = watched(open_browser().new_page())
    page.add_init_script(
        f"const real = Date.now.bind(Date); const off = {hours} * 3600e3; Date.now = () => real() + off;"
        "globalThis.Date = class extends Date { constructor(...a) { a.length ? super(...a) : super(real() + off); } };"
    )
    start(page, new_quiz(time_limit_seconds=1800))
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"^29:5\d$|^30:00$"))


def test_e17_a_session_that_ended_asks_in_place_and_sends_what_was_typed(
    phone: Page, new_quiz: Any, held: Any, books: Flask
) -> None:
    start(phone, new_quiz(time_limit_seconds=600))
    with books.app_context():
        db.session.query(SignInSession).filter(SignInSession.ended_at.is_(None)).update({"ended_at": utcnow()})
        db.session.commit()
    phone.locator("#q3 input[name=s3-text]").fill("still here")
    dialog = phone.locator("#resume")
    expect(dialog).to_be_visible(timeout=5000)
    dialog.locator("input[type=password]").fill(DEMO_PASSWORD)
    dialog.locator("button[type=submit]").click()
    expect(state(phone, 3)).to_have_attribute("data-state", "saved", timeout=5000)
    assert held() == {3: {"text": "still here"}}


def test_a_quiz_is_sat_without_scripts(open_browser: Callable[..., BrowserContext], new_quiz: Any, held: Any) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    start(page, new_quiz(questions_per_page=3), scripts=False)
    page.locator("#q1 .choice").nth(0).click()
    page.locator("#q3 input[name=s3-text]").fill("tea")
    page.locator("button[value=next]").click()
    page.locator("#q4 input[name=s4-blank-1]").fill("x")
    page.locator("button[value=hand-in]").click()
    page.locator("form[data-final] button").click()
    expect(page.locator(".receipt")).to_be_visible()
    assert set(held()) == {1, 3, 4}


def test_e21_ten_minutes_after_a_power_cut_show_on_the_running_clock(
    phone: Page, open_browser: Callable[..., BrowserContext], new_quiz: Any, held: Any
) -> None:
    start(phone, new_quiz(time_limit_seconds=240))
    timer = phone.locator(".timer")
    expect(timer).to_have_attribute("data-tone", "warning")
    desk = watched(open_browser(viewport={"width": 1280, "height": 900}, locale="en-GB").new_page())
    sign_in(desk, "admin")
    desk.goto("/units/HQ/sitting")
    form = desk.locator("form:has(#reason)")
    form.locator("[name=reason]").fill("Power cut 14:05–14:20")
    form.locator("button[type=submit]").click()
    expect(desk.locator(".notice-success")).to_contain_text("more time")
    expect(timer).to_have_attribute("data-tone", "", timeout=15_000)
    expect(phone.locator("[data-left]")).to_have_text(re.compile(r"^1[23]:\d\d$"))
    expect(phone.locator(".toast-line")).to_contain_text("10分钟")
    phone.locator("#q1 input[type=radio]").first.check()
    expect(state(phone, 1)).to_have_attribute("data-state", "saved")
    assert len(held()[1]) == 1
    own = desk.get_by_role("listitem").filter(has_text="Power cut 14:05–14:20")
    own.locator("details:has([name=grant]) > summary").click()
    back = own.locator("form[action$='take-back']")
    back.locator("[name=reason]").fill("It was another room")
    back.locator("button[type=submit]").click()
    expect(desk.locator(".notice-success")).to_contain_text("less time")
    expect(timer).to_have_attribute("data-tone", "warning", timeout=15_000)
    expect(phone.locator("[data-left]")).to_have_text(re.compile(r"^[0-3]:\d\d$"))
