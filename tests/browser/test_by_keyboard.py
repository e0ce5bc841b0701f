"""Every kind of question by keyboard alone: what has the focus is in sight, seen to have it, and never trapped."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.quizzes import setup
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from tests.browser.conftest import DESK, PHONE, watched
from tests.browser.sitting import start, waits_for

WORD = {"answers": [{"text": "tea"}]}
OPTIONS = {"options": [{"html": text, "fraction": "1" if text == "A" else "0"} for text in "ABC"]}
ITEMS = {"items": [{"html": text} for text in ("draft", "sign", "print")]}
DRAFTS = [
    QuestionDraft("single_choice", "<p>One</p>", OPTIONS),
    QuestionDraft("multiple_choice", "<p>Several</p>", OPTIONS),
    QuestionDraft("true_false", "<p>True?</p>", {"answer": True}),
    QuestionDraft("fill_in", "<p>____ and ____</p>", {"blanks": [WORD, WORD]}),
    QuestionDraft(
        "numerical",
        "<p>How long?</p>",
        {
            "answers": [{"value": "3", "tolerance": "0"}],
            "units": [{"unit": "m", "factor": "1"}],
            "unit_input": "choice",
        },
    ),
    QuestionDraft(
        "matching", "<p>Match</p>", {"pairs": [{"html": "a", "match_html": "1"}, {"html": "b", "match_html": "2"}]}
    ),
    QuestionDraft("ordering", "<p>Order</p>", ITEMS),
    QuestionDraft("cloze", "<p>A [[1]]</p>", {"parts": [{"kind": "short_answer", "weight": "1", "content": WORD}]}),
    QuestionDraft(
        "select_text", "<p>[[1]] [[2]]</p>", {"segments": [{"html": "x", "right": True}, {"html": "y", "right": False}]}
    ),
    QuestionDraft(
        "drag_text", "<p>[[1]]!</p>", {"choices": [{"html": "p", "group": 1}, {"html": "q", "group": 1}], "gaps": [0]}
    ),
    QuestionDraft("essay", "<p>Why?</p>", {}),
    QuestionDraft("file_upload", "<p>Send</p>", {}),
    QuestionDraft(
        "case",
        "<p>A story</p>",
        {"questions": [{"kind": "ordering", "stem_html": "<p>Order</p>", "mark": 1000, "content": ITEMS}]},
    ),
]
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect(), label = one.labels?.[0];
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const outlined = [one, label].some((at) => at && getComputedStyle(at).outlineStyle !== "none");
  return {
    name: one.name || one.ariaLabel || one.textContent.trim(), slot: one.closest("[data-slot]")?.id || "",
    seen: Boolean(top) && (one.contains(top) || top.contains(one) || Boolean(label?.contains(top))), outlined,
  };
}"""


_numbers = itertools.count(1)


@pytest.fixture
def every_kind(books: Flask) -> str:
    """A quiz of one question of each kind on three pages; its address."""
    slug, now = f"browser-keys-{next(_numbers)}", utcnow()
    with books.app_context():
        ids = authoring.add_questions(authoring.create_bank(slug, "Keys", now), DRAFTS, now)
        unit = db.session.scalars(select(Unit).where(Unit.code == "HQ")).one()
        paper = {"questions": [{"id": str(one), "mark": 1000} for one in ids]}
        settings = setup.Settings(title="Keys", paper=paper, shuffle_options=False, questions_per_page=5)
        setup.create_quiz(unit, settings, now, slug=slug)
        db.session.commit()
    return f"/quizzes/{slug}"


def stops(page: Page) -> list[dict[str, Any]]:
    """Everything that Tab reaches on the page, from its top until it leaves the page."""
    found = []
    for _n in range(80):
        page.keyboard.press("Tab")
        page.wait_for_timeout(30)
        stop = page.evaluate(FOCUSED)
        if stop is None:
            return found
        if not stop["seen"]:  # the page may still be on its way there
            page.wait_for_timeout(400)
            stop = page.evaluate(FOCUSED)
        found.append(stop)
    raise AssertionError("the focus never leaves the page")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_focus_is_in_sight_in_every_kind_of_question(
    open_browser: Any, every_kind: str, viewport: Any, books: Flask
) -> None:
    page = watched(open_browser(viewport=viewport, locale="zh-CN" if viewport is PHONE else "en-GB").new_page())
    start(page, every_kind)
    address = page.url.split("?")[0]
    slots: set[str] = set()
    for n in (1, 2, 3):
        page.goto(f"{address}?page={n}")
        expect(page.locator("form[data-running]")).to_be_attached(timeout=30_000)
        reached = stops(page)
        assert [one for one in reached if not one["seen"] or not one["outlined"]] == []
        slots |= {one["slot"] for one in reached if one["slot"]}
    assert slots == {f"q{n}" for n in range(1, len(DRAFTS) + 1)}


def test_an_order_is_arranged_by_keyboard_and_the_focus_stays(phone: Page, every_kind: str, held: Any) -> None:
    start(phone, every_kind)
    phone.goto(f"{phone.url.split('?')[0]}?page=2")
    expect(phone.locator("form[data-running]")).to_be_attached(timeout=30_000)
    items = phone.locator("#q7 [data-item]")
    last = items.last.locator("label").inner_text()
    items.last.locator("[data-move='-1']").focus()
    for place in (2, 1, 1):
        phone.keyboard.press("Enter")
        focused = phone.evaluate(
            "document.activeElement.closest('[data-item]').querySelector('label').textContent.trim()"
        )
        assert focused == last
        assert str(place) in phone.locator("#q7 p[data-said]").inner_text()
    assert items.first.locator("label").inner_text() == last
    waits_for(lambda: len(held().get(7, {}).get("places", {})) == 3)
