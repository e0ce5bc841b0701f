"""The way through a paper in a real browser: no way back, flags."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from learnhub.audit.trail import SYSTEM
from learnhub.journeys import grant_time
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.quizzes import late_answers, pace
from learnhub.quizzes.models import Quiz
from tests.browser.sitting import kept, newest, running, start, waits_for


def test_e31_with_scripts_a_page_is_sent_and_left_for_good(phone: Page, new_quiz: Any, held: Any) -> None:
    start(phone, new_quiz(navigation="sequential", questions_per_page=2))
    phone.locator("#q1 input[type=radio]").first.check()
    phone.get_by_role("button", name=re.compile("Next|下一页")).click()
    expect(phone.locator("#q3")).to_be_visible()
    assert list(held()) == [1]
    running(phone)
    phone.locator("[name=s3-text]").fill("tea")
    phone.go_back()
    expect(phone.locator("#q3")).to_be_visible()
    waits_for(lambda: held().get(3) == {"text": "tea"})
    waits_for(lambda: kept(phone) == set())


def test_an_answer_to_a_page_that_another_device_left_blocks_nothing(phone: Page, new_quiz: Any, books: Any) -> None:
    start(phone, new_quiz(navigation="sequential", questions_per_page=2))
    phone.context.set_offline(True)
    phone.locator("#q1 input[type=radio]").first.check()
    waits_for(lambda: len(kept(phone)) == 1)
    with books.app_context():
        pace.go_on(newest(), 1)
        db.session.commit()
    phone.context.set_offline(False)
    phone.reload()
    expect(phone.locator("#q3")).to_be_visible()
    waits_for(lambda: kept(phone) == set(), 20)
    phone.get_by_role("button", name=re.compile("Hand in|交卷")).click()
    phone.wait_for_url("**/hand-in")
    with books.app_context():
        attempt = newest()
        assert late_answers.count(attempt.member_id, attempt.id) == 1


def test_a_flag_stays_with_the_question(phone: Page, new_quiz: Any, books: Any) -> None:
    start(phone, new_quiz(questions_per_page=2))
    button = phone.locator("#q2 [data-flag]")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")

    def flags() -> list[int]:
        with books.app_context():
            return newest().flags

    waits_for(lambda: flags() == [2])
    phone.reload()
    expect(phone.locator("#q2 [data-flag]")).to_have_attribute("aria-pressed", "true")
    expect(phone.locator('[data-nav="2"]')).to_have_class(re.compile("flagged"))
    phone.locator("#q2 [data-flag]").click()
    waits_for(lambda: flags() == [])


def test_an_answer_is_checked_with_scripts(phone: Page, new_quiz: Any, held: Any) -> None:
    start(phone, new_quiz(behaviour="at_once", mode="practice", questions_per_page=4))
    phone.locator("#q1 input[type=radio]").first.check()
    phone.locator("#q1 [name=check]").click()
    expect(phone.locator("#q1 input")).to_have_count(0)
    expect(phone.locator("#q1 .choice.reviewed")).to_have_count(3)
    assert list(held()) == [1]
    phone.locator("[name=s3-text]").fill("tea")
    phone.locator("#q3 [name=check]").click()
    expect(phone.locator("#q3 input")).to_have_count(0)
    assert held()[3] == {"text": "tea"}


def test_a_challenge_ends_with_the_first_miss(phone: Page, new_quiz: Any, books: Any) -> None:
    start(phone, new_quiz(behaviour="challenge"))
    phone.locator("#q1 input[type=radio]").first.check()
    phone.locator("#q1 [name=check]").click()
    phone.get_by_role("button", name=re.compile("Next|下一页")).click()
    phone.locator("#q2 input[type=checkbox]").last.check()
    phone.locator("#q2 [name=check]").click()
    phone.wait_for_url(re.compile("/review"))
    with books.app_context():
        assert newest().state == "closed"
        assert newest().score == newest().marks[0]["mark"]


def test_e21_the_clock_of_a_page_shows_the_time_that_was_granted(phone: Page, new_quiz: Any, books: Any) -> None:
    start(phone, new_quiz(navigation="sequential", questions_per_page=1, question_seconds=30))
    with books.app_context():
        quiz = db.session.get_one(Quiz, newest().quiz_id)
        wish = grant_time.Wish(600, "Power cut", member_id=newest().member_id, quiz=quiz)
        grant_id = grant_time.grant(SYSTEM, wish, utcnow()).id
        db.session.commit()
        assert grant_time.carry_out(grant_id, utcnow()).moved == 1
    expect(phone.locator("[data-seconds]")).to_have_text(re.compile(r"^10:[0-3]\d$"), timeout=30_000)
    expect(phone.locator("[data-announce]")).to_contain_text("10")


def test_a_question_whose_time_is_over_is_sent_and_left(phone: Page, new_quiz: Any, held: Any) -> None:
    start(phone, new_quiz(navigation="sequential", questions_per_page=1, question_seconds=5))
    phone.locator("#q1 input[type=radio]").first.check()
    expect(phone.locator("#q2")).to_be_visible(timeout=9000)
    assert list(held()) == [1]
