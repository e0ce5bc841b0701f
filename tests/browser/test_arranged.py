"""Matching, ordering and texts with gaps in a real browser: by finger, by keyboard, and without scripts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import func, select

from learnhub.app import create_app
from learnhub.config import read_config
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.quizzes import papers, setup
from learnhub.quizzes.models import Attempt, Mode, Quiz
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from tests.browser.conftest import DESK, PHONE, sign_in, watched
from tests.browser.sitting import running
from tests.browser.test_budgets import REQUESTS, SHIFT
from tests.browser.weighing import weigh
from tests.server import Server

_numbers = itertools.count(1)
STEPS = ("draft", "sign", "print", "send")
TARGETS = """() => [...document.querySelectorAll(
    ".question select, .question button, .question .token, .question .piece, .question .form-control, .question .grip")]
  .filter((one) => one.checkVisibility()).map((one) => [one.className, one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""


@pytest.fixture(scope="module")
def books(server: Server) -> Flask:
    """The server's own database, read and written beside it."""
    return create_app(read_config(instance=Path(server.folder), _env_file=None))


@pytest.fixture
def quiz(books: Flask) -> str:
    """A practice of one question of each kind on a page; its address."""
    n, now = next(_numbers), utcnow()
    options = [{"html": text, "fraction": "1" if text == "north" else "0"} for text in ("north", "south")]
    drafts = [
        QuestionDraft(
            "matching",
            f"Capitals {n}?",
            {
                "pairs": [{"html": "France", "match_html": "Paris"}, {"html": "Japan", "match_html": "Tokyo"}],
                "distractors": [{"html": "Rome"}],
            },
        ),
        QuestionDraft("ordering", f"Order {n}?", {"items": [{"html": t} for t in STEPS], "scoring": "all_or_nothing"}),
        QuestionDraft(
            "select_text",
            f"<p>{n}: The [[1]] can [[2]] or [[3]].</p>",
            {"segments": [{"html": t, "right": t != "dog"} for t in ("dog", "bark", "run")]},
        ),
        QuestionDraft(
            "drag_text",
            f"<p>{n}: A [[1]] on a [[2]].</p>",
            {"choices": [{"html": "cat"}, {"html": "mat", "group": 2}, {"html": "hat", "group": 2}], "gaps": [0, 1]},
        ),
        QuestionDraft(
            "cloze",
            f"<p>{n}: It lies [[1]], has [[2]] towns, is called [[3]] and is [[4]].</p>",
            {
                "parts": [
                    {"kind": "single_choice", "content": {"options": options}},
                    {"kind": "numerical", "content": {"answers": [{"value": "7"}]}},
                    {"kind": "short_answer", "content": {"answers": [{"text": "Ur"}]}},
                    {"kind": "single_choice", "layout": "horizontal", "content": {"options": options}},
                ]
            },
        ),
    ]
    with books.app_context():
        ids = authoring.add_questions(authoring.create_bank(f"arranged-{n}", "Arranged", now), drafts, now)
        unit = db.session.scalars(select(Unit).where(Unit.code == "HQ")).one()
        paper = {"questions": [{"id": str(one), "mark": 1000} for one in ids]}
        settings: dict[str, Any] = {"title": f"Arranged {n}", "paper": paper, "mode": Mode.PRACTICE}
        setup.create_quiz(unit, setup.Settings(**settings, questions_per_page=5), now, slug=f"arranged-{n}")
        db.session.commit()
    return f"/quizzes/arranged-{n}"


def start(page: Page, address: str) -> None:
    """Sign in as the demo's member and start the quiz."""
    sign_in(page, "member")
    page.goto(address)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/attempts/\d+"))


def saved(page: Page) -> None:
    """Every question's line says that the server has it."""
    for slot in range(1, 6):
        line = page.locator(f"#q{slot} .save-state")
        expect(line).to_have_attribute("data-state", "saved", timeout=8000)


def hand_in_and_see_it_is_right(page: Page) -> None:
    """Everything was right: the review says so, part by part."""
    page.locator("button[value=hand-in]").click()
    page.wait_for_url(re.compile(r"/review$"))
    expect(page.locator(".result-marks")).to_contain_text(re.compile(r"5\D+5"))
    assert page.locator(".verdict.right").count() == 2 + 4 + 2 + 2 + 4
    assert page.locator(".verdict.wrong").count() == 0
    assert clean(page) == []


def clean(page: Page) -> list[str]:
    """What axe finds; the sizes of targets are measured above, since a sticky bar may lie over some."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]]


def items(page: Page) -> Locator:
    """The items of the ordering as they stand."""
    return page.locator("#q2 [data-item] label")


def order_by(page: Page, move: Callable[[int, int], None]) -> None:
    """Bring the items into their order, one after the other."""
    for place, step in enumerate(STEPS):
        at = [text.strip() for text in items(page).all_inner_texts()].index(step)
        if at != place:
            move(at, place)
    if page.locator("#q2 [data-untouched]").is_visible():
        page.locator("#q2 [data-as-it-stands]").click()
    assert [text.strip() for text in items(page).all_inner_texts()] == list(STEPS)


def test_each_kind_is_answered_by_finger(open_browser: Callable[..., BrowserContext], quiz: str) -> None:
    page = watched(open_browser(viewport=PHONE, has_touch=True).new_page())
    start(page, quiz)
    running(page)
    assert page.evaluate(TARGETS) == []
    assert clean(page) == []
    for prompt, choice in (("France", "Paris"), ("Japan", "Tokyo")):
        page.locator("#q1 .token", has_text=choice).tap()
        page.locator("#q1 .match", has_text=prompt).tap()
        chosen = page.locator("#q1 .match", has=page.get_by_text(prompt, exact=True)).locator("option:checked")
        expect(chosen).to_have_text(choice)

    def tap_up(at: int, place: int) -> None:
        for _n in range(at - place):
            page.locator("#q2 [data-item]").nth(at).locator("[data-move='-1']").tap()
            at -= 1

    order_by(page, tap_up)
    for word in ("bark", "run"):
        page.locator("#q3 .piece", has_text=word).tap()
    for word, gap in (("cat", 1), ("mat", 2)):
        page.locator("#q4 .token", has_text=re.compile(f"^{word}$")).tap()
        page.locator("#q4 [data-place]").nth(gap - 1).tap()
    page.get_by_role("combobox", name="1").last.select_option(label="north")
    page.locator("#q5 input.form-control").nth(0).fill("7")
    page.locator("#q5 input.form-control").nth(1).fill("Ur")
    page.locator("#q5 .gap-options .piece", has_text="north").tap()
    saved(page)
    page.reload()
    running(page)
    expect(page.locator("#q1 option:checked").nth(0)).to_have_text("Paris")
    assert [text.strip() for text in items(page).all_inner_texts()] == list(STEPS), "the order is kept"
    hand_in_and_see_it_is_right(page)


def test_each_kind_is_answered_by_keyboard(open_browser: Callable[..., BrowserContext], quiz: str) -> None:
    page = watched(open_browser(viewport=DESK, locale="en-GB").new_page())
    start(page, quiz)
    running(page)
    assert clean(page) == []

    def type_into(field: Locator, keys: str) -> None:
        field.focus()
        page.keyboard.type(keys)

    type_into(page.get_by_label("France"), "Par")
    type_into(page.get_by_label("Japan"), "Tok")

    def press_up(at: int, place: int) -> None:
        button = page.locator("#q2 [data-item]").nth(at).locator("[data-move='-1']")
        button.focus()
        for _n in range(at - place):
            page.keyboard.press("Enter")

    order_by(page, press_up)
    for word in ("bark", "run"):
        page.get_by_role("checkbox", name=word).focus()
        page.keyboard.press("Space")
    type_into(page.locator("#q4").get_by_label("Gap 1"), "cat")
    type_into(page.locator("#q4").get_by_label("Gap 2"), "mat")
    type_into(page.locator("#q5").get_by_label("Gap 1"), "nor")
    type_into(page.locator("#q5").get_by_label("Gap 2"), "7")
    type_into(page.locator("#q5").get_by_label("Gap 3"), "Ur")
    page.locator("#q5").get_by_role("radio", name="north").focus()
    page.keyboard.press("Space")
    saved(page)
    hand_in_and_see_it_is_right(page)


def test_choices_and_items_are_dragged_with_a_mouse(open_browser: Callable[..., BrowserContext], quiz: str) -> None:
    page = watched(open_browser(viewport=DESK, locale="en-GB").new_page())
    start(page, quiz)
    running(page)

    def drag(what: Locator, to: Locator, above: bool = False) -> None:
        what.scroll_into_view_if_needed()
        begin, end = what.bounding_box(), to.bounding_box()
        assert begin
        assert end
        page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2)
        page.mouse.down()
        page.mouse.move(end["x"] + end["width"] / 2, end["y"] + (2 if above else end["height"] / 2), steps=8)
        page.mouse.up()

    drag(page.locator("#q1 .token", has_text="Tokyo"), page.locator("#q1 .match", has_text="Japan"))
    expect(page.get_by_label("Japan").locator("option:checked")).to_have_text("Tokyo")
    drag(page.locator("#q4 .token", has_text="hat"), page.locator("#q4 [data-place]").nth(0))
    expect(page.locator("#q4 select").nth(0)).to_have_value("")
    drag(page.locator("#q4 .token", has_text="hat"), page.locator("#q4 [data-place]").nth(1))
    expect(page.locator("#q4 select").nth(1).locator("option:checked")).to_have_text("hat")
    order_by(
        page,
        lambda at, place: drag(
            page.locator("#q2 .grip").nth(at), page.locator("#q2 [data-item]").nth(place), above=True
        ),
    )
    expect(page.locator("#q2 .save-state")).to_have_attribute("data-state", "saved", timeout=8000)
    page.locator("#q2 button[name=clear]").click()
    expect(page.locator("#q2 [data-untouched]")).to_be_visible()


def test_nothing_jumps_when_the_scripts_come(open_browser: Callable[..., BrowserContext], quiz: str) -> None:
    context = open_browser(service_workers="block")
    page = context.new_page()
    start(page, quiz)
    first, later = weigh(context, page.url)
    assert (first.shift < SHIFT, later.shift < SHIFT) == (True, True), (first.moved, later.moved)
    assert first.requests <= REQUESTS


def test_each_kind_is_answered_without_scripts(
    open_browser: Callable[..., BrowserContext], quiz: str, books: Flask
) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    start(page, quiz)
    page.get_by_label("France").select_option(label="Paris")
    page.get_by_label("Japan").select_option(label="Tokyo")
    for place, step in enumerate(STEPS, 1):
        page.get_by_label(step, exact=True).select_option(str(place))
    for word in ("bark", "run"):
        page.get_by_role("checkbox", name=word).check()
    page.locator("#q4 select").nth(0).select_option(label="cat")
    page.locator("#q4 select").nth(1).select_option(label="mat")
    page.locator("#q5 select").select_option(label="north")
    page.locator("#q5 input.form-control").nth(0).fill("7")
    page.locator("#q5 input.form-control").nth(1).fill("Ur")
    page.locator("#q5").get_by_role("radio", name="north").check()
    page.locator("button[value=hand-in]").click()
    page.wait_for_url(re.compile(r"/review$"))
    expect(page.locator(".verdict.right")).to_have_count(2 + 4 + 2 + 2 + 4)
    with books.app_context():
        newest = select(func.max(Attempt.id)).join(Quiz, Quiz.id == Attempt.quiz_id).where(Quiz.slug.like("arranged-%"))
        attempt = db.session.scalars(select(Attempt).where(Attempt.id == newest.scalar_subquery())).one()
        assert attempt.score == papers.full_marks(attempt.layout)
