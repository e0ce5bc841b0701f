"""An exam without a network: nothing typed is lost, the paper opens, everything goes out when the network is back."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from learnhub.identity.models import SignInSession
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.quizzes import answers, closing
from question_bank import media
from tests.browser.conftest import watched
from tests.browser.sitting import cut, kept, mend, newest, paper_is_kept, start, state, stores, text, waits_for
from tests.server import DEMO_PASSWORD, Server

Open = Callable[..., BrowserContext]

SAID_BEFORE_KEPT = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...more) {
    const request = put.call(this, value, ...more);
    request.addEventListener("success", () => {
      if (value.handIn) window.saidBeforeKept = !document.querySelector("[data-handing-in]").hidden;
    });
    return request;
  };
}"""
"""Notes whether the page promised to hand in before this device had that down."""


def hand_in_now(page: Page) -> None:
    """Press the button of the last page and confirm."""
    page.locator("button[value=hand-in]").click()
    page.locator("form[data-final] button").click()
    page.wait_for_url("**/review")


def answer_five(page: Page) -> None:
    """Two choices and three words, on two pages of the paper, without a network."""
    page.locator("#q1 .choice").nth(0).click()
    page.locator("#q2 .choice").nth(1).click()
    text(page, 3).fill("three")
    page.locator("button[value=next]").click()
    expect(page.locator("[data-without]")).to_be_visible()
    text(page, 5).fill("five")
    text(page, 6).fill("six")


def test_five_answers_without_a_network_survive_the_closed_tab_and_are_in_the_receipt(
    open_browser: Open, new_quiz: Any, held: Any, books: Flask, server: Server
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz(texts=4, time_limit_seconds=3600, questions_per_page=3))
    attempt = page.url
    page.locator("#q1 .choice").nth(2).click()
    expect(state(page, 1)).to_have_attribute("data-state", "saved")
    paper_is_kept(page)
    cut(context, server)
    answer_five(page)
    expect(state(page, 6)).to_have_attribute("data-state", "kept", timeout=3000)
    expect(page.locator("[data-all]")).to_contain_text("5")
    assert list(held()) == [1]
    page.close()
    again = watched(context.new_page())
    again.goto(attempt)
    expect(again.locator("[data-without]")).to_be_visible()
    expect(again.locator("#q1 input").nth(2)).to_be_checked()
    expect(again.locator("#q2 input").nth(3)).to_be_checked()
    for slot, word in ((3, "three"), (5, "five"), (6, "six")):
        expect(text(again, slot)).to_have_value(word)
        expect(state(again, slot)).to_have_attribute("data-state", "kept", timeout=3000)
    expect(again.locator("[data-left]")).to_have_text(re.compile(r"^59:\d\d$"))
    again.reload()
    expect(text(again, 6)).to_have_value("six")
    mend(context, server)
    for slot in (1, 2, 3, 5, 6):
        expect(state(again, slot)).to_have_attribute("data-state", "saved", timeout=15_000)
    expect(again.locator("[data-without]")).to_be_hidden()
    hand_in_now(again)
    saved = held()
    with books.app_context():
        mine = newest()
        receipt = closing.receipt(mine.member_id, mine.id)
    digest = closing.digest(saved)
    assert set(saved) == {1, 2, 3, 5, 6}
    assert (receipt.answers, receipt.digest) == (5, digest)
    expect(again.locator(".receipt code")).to_have_text(digest[:16])
    waits_for(lambda: not any(stores(again).values()))


def test_the_first_page_leads_back_to_the_paper_without_a_network(open_browser: Open, new_quiz: Any) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz(questions_per_page=3))
    text(page, 3).fill("saved before")
    expect(state(page, 3)).to_have_attribute("data-state", "saved", timeout=4000)
    paper_is_kept(page)
    page.close()
    context.set_offline(True)
    again = watched(context.new_page())
    again.goto("/")
    expect(again.get_by_role("heading", level=1)).to_have_text("没有网络")
    again.get_by_role("link", name=re.compile("继续测验")).click()
    expect(again.locator("[data-without]")).to_be_visible()
    expect(text(again, 3)).to_have_value("saved before")
    expect(state(again, 3)).to_have_attribute("data-state", "saved")
    again.goto(f"{again.url}?page=2")
    expect(again.locator("#q4")).to_be_in_viewport()


def test_handing_in_without_a_network_is_asked_kept_and_done_once(
    open_browser: Open, new_quiz: Any, held: Any, books: Flask
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz())
    attempt = page.url
    paper_is_kept(page)
    context.set_offline(True)
    text(page, 3).fill("tea")
    page.locator("button[value=hand-in]").click()
    dialog = page.locator("#later")
    expect(dialog).to_be_visible()
    dialog.locator("button[value='']").click()
    expect(page.locator("[data-handing-in]")).to_be_hidden()
    page.evaluate(SAID_BEFORE_KEPT)
    page.locator("button[value=hand-in]").click()
    dialog.locator("button[value=yes]").click()
    expect(page.locator("[data-handing-in]")).to_be_visible()
    assert page.evaluate("saidBeforeKept") is False
    page.close()
    again = watched(context.new_page())
    again.goto(attempt)
    expect(again.locator("[data-handing-in]")).to_be_visible()
    calls: list[str] = []
    context.on("request", lambda one: calls.append(one.url) if one.url.endswith("/hand-in") else None)
    context.set_offline(False)
    again.wait_for_url("**/review", timeout=20_000)
    assert held() == {3: {"text": "tea"}}
    with books.app_context():
        assert newest().closed_by == "member"
    assert sum("/api/" in one for one in calls) >= 1
    waits_for(lambda: not any(stores(again).values()))


def test_who_closed_the_tab_sends_from_whatever_page_is_opened_next(
    open_browser: Open, new_quiz: Any, held: Any
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz())
    context.set_offline(True)
    text(page, 3).fill("from the home page")
    waits_for(lambda: len(kept(page)) == 1)
    page.close()
    context.set_offline(False)
    home = watched(context.new_page())
    home.goto("/")
    waits_for(lambda: bool(held()), 10)
    assert held() == {3: {"text": "from the home page"}}
    waits_for(lambda: kept(home) == set())


def test_e10_zero_comes_without_a_network_and_the_end_shows_when_it_is_back(
    open_browser: Open, new_quiz: Any, held: Any, books: Flask, server: Server
) -> None:
    """E05, E06 and E10 without a network; what was recorded in time and came too late is kept for the marker."""
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz(time_limit_seconds=12, attempts_allowed=2))
    attempt = page.url
    paper_is_kept(page)
    cut(context, server)
    text(page, 3).fill("in time")
    expect(page.locator("[data-left]")).to_have_text("0:00", timeout=15_000)
    expect(page.locator("[data-all]")).to_have_attribute("data-state", re.compile("waiting|failed"))
    page.close()
    again = watched(context.new_page())
    again.goto(attempt)
    expect(text(again, 3)).to_have_value("in time")
    again.wait_for_timeout(7000)
    mend(context, server)
    again.wait_for_url("**/review", timeout=45_000)
    expect(again.locator("main .receipt")).to_be_visible()
    assert held() == {}
    with books.app_context():
        mine = newest()
        assert mine.submitted_at == mine.deadline
        late = late_answers(mine.member_id, mine.id)
    assert late == [{"text": "in time"}]
    waits_for(lambda: not any(stores(again).values()))
    again.goto(attempt)
    again.wait_for_url("**/review")


def late_answers(member_id: int, attempt_id: int) -> list[dict[str, Any]]:
    """What came too late and is kept for the marker."""
    return [one.response for one in answers.versions(member_id, attempt_id, 3) if one.late]


def test_what_waits_is_told_to_the_server_before_the_end_wipes_it(
    open_browser: Open, new_quiz: Any, books: Flask, server: Server
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz(time_limit_seconds=8))
    attempt = page.url
    cut(context, server)
    text(page, 3).fill("recorded in time")
    waits_for(lambda: len(kept(page)) == 1)
    page.close()
    with books.app_context():
        deadline = newest().deadline
    assert deadline is not None
    waits_for(lambda: (utcnow() - deadline).total_seconds() > 6, 20)
    mend(context, server)
    again = watched(context.new_page())
    again.goto(attempt)
    again.wait_for_url("**/review")
    waits_for(lambda: not any(stores(again).values()))
    with books.app_context():
        mine = newest()
        assert late_answers(mine.member_id, mine.id) == [{"text": "recorded in time"}]


def test_two_tabs_without_a_network_send_each_answer_once(open_browser: Open, new_quiz: Any, held: Any) -> None:
    context = open_browser()
    first = watched(context.new_page())
    start(first, new_quiz())
    second = watched(context.new_page())
    second.goto(first.url)
    paper_is_kept(second)
    context.set_offline(True)
    text(first, 3).fill("from the first")
    second.locator("#q1 .choice").nth(1).click()
    third = watched(context.new_page())
    third.goto(first.url)
    expect(text(third, 3)).to_have_value("from the first")
    expect(third.locator("#q1 input").nth(3)).to_be_checked()
    third.locator("#q2 .choice").nth(0).click()
    sent: list[int] = []
    context.on("request", lambda one: sent.append(1) if "/answers" in one.url else None)
    context.set_offline(False)
    waits_for(lambda: set(held()) == {1, 2, 3}, 15)
    waits_for(lambda: kept(third) == set(), 5)
    for page in (first, second, third):
        assert page.locator("#conflict").is_hidden()
    assert held()[3] == {"text": "from the first"}
    assert len(sent) <= 4


def test_e17_a_session_that_ended_while_the_network_was_away_asks_in_place(
    open_browser: Open, new_quiz: Any, held: Any, books: Flask
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz())
    paper_is_kept(page)
    context.set_offline(True)
    page.reload()
    text(page, 3).fill("still here")
    with books.app_context():
        db.session.query(SignInSession).filter(SignInSession.ended_at.is_(None)).update({"ended_at": utcnow()})
        db.session.commit()
    context.set_offline(False)
    dialog = page.locator("#resume")
    expect(dialog).to_be_visible(timeout=15_000)
    expect(text(page, 3)).to_have_value("still here")
    dialog.locator("input[type=password]").fill(DEMO_PASSWORD)
    dialog.locator("button[type=submit]").click()
    expect(state(page, 3)).to_have_attribute("data-state", "saved", timeout=5000)
    assert held() == {3: {"text": "still here"}}


def test_e17_a_cookie_that_is_gone_leads_to_the_sign_in_and_back_and_the_text_is_sent(
    open_browser: Open, new_quiz: Any, held: Any
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz())
    paper_is_kept(page)
    context.set_offline(True)
    page.goto(page.url)
    text(page, 3).fill("still here")
    waits_for(lambda: len(kept(page)) == 1)
    context.clear_cookies()
    context.set_offline(False)
    page.wait_for_url("**/sign-in**", timeout=15_000)
    page.fill("[name=name]", "member")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/attempts/\d+"))
    expect(state(page, 3)).to_have_attribute("data-state", "saved", timeout=5000)
    assert held() == {3: {"text": "still here"}}


def test_a_paper_with_a_formula_and_a_picture_is_whole_without_a_network(
    open_browser: Open, new_quiz: Any, books: Flask
) -> None:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    with books.app_context():
        house.files.put(drawn.getvalue())
    picture = f'<img src="{media.address(str(media.name_of(drawn.getvalue())))}" alt="A teal field">'
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz(stem=rf"<p>\(\frac{{a}}{{b}}\) {picture}</p>"))
    attempt = page.url
    paper_is_kept(page)
    page.close()
    context.set_offline(True)
    again = watched(context.new_page())
    again.goto(attempt)
    expect(again.locator("#q1 .katex").first).to_be_visible()
    again.wait_for_function(
        "() => [...document.fonts].some((one) => /KaTeX/.test(one.family) && one.status === 'loaded')"
    )
    again.wait_for_function("() => document.querySelector('#q1 img').naturalWidth === 40")


def test_e18_a_network_that_hangs_is_called_not_saved_and_the_paper_opens(
    open_browser: Open, new_quiz: Any, held: Any, server: Server
) -> None:
    context = open_browser()
    page = watched(context.new_page())
    start(page, new_quiz())
    attempt = page.url
    paper_is_kept(page)
    assert server.process is not None
    os.killpg(server.process.pid, signal.SIGSTOP)
    try:
        text(page, 3).fill("into the void")
        expect(state(page, 3)).to_have_attribute("data-state", "kept", timeout=3000)
        again = watched(context.new_page())
        again.goto(attempt, timeout=20_000)
        expect(again.locator("[data-without]")).to_be_visible()
        expect(text(again, 3)).to_have_value("into the void")
    finally:
        os.killpg(server.process.pid, signal.SIGCONT)
    expect(state(page, 3)).to_have_attribute("data-state", "saved", timeout=40_000)
    assert held() == {3: {"text": "into the void"}}


def test_an_answer_that_is_older_than_the_server_s_gives_way(open_browser: Open, new_quiz: Any, held: Any) -> None:
    """What a device sends again, since it never heard of its receipt, does not stand on the page as if it were new."""
    page = watched(open_browser().new_page())
    start(page, new_quiz())
    for word in ("first", "second"):
        text(page, 3).fill(word)
        expect(state(page, 3)).to_have_attribute("data-state", "saved", timeout=4000)
    page.evaluate(
        """() => {
          const { member, attempt } = document.querySelector("[data-quiz]").dataset;
          const record = { response: { text: "first" }, sequence: 1, base: 0, recorded_at: new Date().toISOString() };
          localStorage.setItem(`learnhub-answer:${member}:${attempt}:3`, JSON.stringify(record));
        }"""
    )
    page.reload()
    expect(text(page, 3)).to_have_value("second")
    waits_for(lambda: kept(page) == set())
    assert held() == {3: {"text": "second"}}


def test_without_scripts_what_was_sent_stays_and_the_rest_is_sent_when_the_network_is_back(
    open_browser: Open, new_quiz: Any, held: Any
) -> None:
    context = open_browser(java_script_enabled=False)
    page = context.new_page()
    start(page, new_quiz(questions_per_page=3), scripts=False)
    page.locator("#q1 .choice").nth(0).click()
    text(page, 3).fill("tea")
    page.locator("button[value=next]").click()
    page.wait_for_url("**?page=2")
    page.locator("#q4 input[name=s4-blank-1]").fill("x")
    second = page.url
    context.set_offline(True)
    page.locator("button[value=hand-in]").click(no_wait_after=True)
    page.wait_for_timeout(1000)
    assert set(held()) == {1, 3}
    context.set_offline(False)
    page.goto(second)
    page.locator("#q4 input[name=s4-blank-1]").fill("x")
    page.locator("button[value=hand-in]").click()
    page.locator("form[data-final] button").click()
    expect(page.locator(".receipt")).to_be_visible()
    assert set(held()) == {1, 3, 4}
