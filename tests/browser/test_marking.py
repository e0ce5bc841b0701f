"""A walk: a member writes and uploads on a phone, an instructor marks by the rubric at a desk, the member reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from learnhub.app import create_app
from learnhub.config import read_config
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.quizzes import setup
from learnhub.quizzes.models import Mode
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from tests.browser.conftest import sign_in, watched
from tests.server import Server

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
RUBRIC = [
    {"title": "Content", "levels": [{"text": "complete", "points": "3"}, {"text": "partly", "points": "1"}]},
    {"title": "Form", "levels": [{"text": "clear", "points": "1"}, {"text": "unclear", "points": "0"}]},
]


def new_quiz(server: Server, slug: str) -> None:
    """A quiz of an essay with a rubric, and a case with a statement and an upload."""
    inside = [
        {"kind": "true_false", "stem_html": "<p>Water helps.</p>", "content": {"answer": False}},
        {"kind": "file_upload", "stem_html": "<p>Your plan.</p>", "content": {"largest": 1_000_000, "most": 2}},
    ]
    drafts = [
        QuestionDraft("essay", "<p>Why does it burn?</p>", {"least": 3, "rubric": RUBRIC}),
        QuestionDraft("case", "<p>A socket caught fire.</p>", {"questions": inside}),
    ]
    with create_app(read_config(instance=Path(server.folder), _env_file=None)).app_context():
        now = utcnow()
        ids = authoring.add_questions(authoring.create_bank(slug, slug, now), drafts, now)
        unit = db.session.scalars(select(Unit).where(Unit.code == "HQ")).one()
        paper = {"questions": [{"id": str(one), "mark": 2000} for one in ids]}
        settings = setup.Settings(title=slug, paper=paper, mode=Mode.PRACTICE)
        setup.create_quiz(unit, settings, now, slug=slug)
        db.session.commit()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_written_on_a_phone_marked_at_a_desk_and_read_again(
    server: Server, open_browser: Callable[..., BrowserContext], tmp_path: Path, scripts: bool
) -> None:
    slug = f"marking-{'scripts' if scripts else 'plain'}"
    new_quiz(server, slug)
    plan = tmp_path / "plan.txt"
    plan.write_text("Switch it off, then use powder.")
    member = watched(open_browser(viewport=PHONE, java_script_enabled=scripts, locale="en").new_page())
    sign_in(member, "member")
    _write(member, slug, plan, scripts)
    member.get_by_role("button", name="Review and hand in").click()
    member.get_by_role("button", name="Hand in now").or_(member.get_by_text("awaiting marking").first).first.wait_for()
    if member.get_by_role("button", name="Hand in now").count():
        member.get_by_role("button", name="Hand in now").click()
    expect(member.get_by_text("2 answers wait for marking")).to_be_visible()

    desk = watched(open_browser(viewport=DESK, java_script_enabled=scripts, locale="en").new_page())
    sign_in(desk, "instructor")
    desk.goto("/")
    desk.get_by_role("link", name=slug).first.click()
    _mark(desk, scripts)

    member.reload()
    expect(member.get_by_text("passed", exact=True).first).to_be_visible()
    expect(member.locator(".result-marks")).to_contain_text("3.5 of 4 marks")
    expect(member.locator(".rubric .reached")).to_have_count(2)
    expect(member.get_by_text("Well argued.")).to_be_visible()
    expect(member.get_by_text("Marked by: instructor").first).to_be_visible()
    assert member.evaluate("document.documentElement.scrollWidth") <= 390 if scripts else True


def _write(page: Page, slug: str, plan: Path, scripts: bool) -> None:
    page.goto(f"/quizzes/{slug}")
    page.get_by_role("button", name="Start").click()
    essay = page.get_by_label("Your answer").first
    essay.fill("It needs air, heat\nand fuel.")
    if scripts:
        expect(page.get_by_text("6 words so far")).to_be_visible()
    page.get_by_label("False").check()
    page.get_by_label("Add a file").set_input_files(plan)
    if scripts:
        expect(page.get_by_role("checkbox", name=re.compile("plan.txt"))).to_be_checked()
        expect(page.locator("fieldset .save-state[data-state=saved]")).to_have_count(2)
        too_large = plan.with_name("large.txt")
        too_large.write_bytes(b"x" * 1_100_000)
        page.get_by_label("Add a file").set_input_files(too_large)
        expect(page.get_by_text("“large.txt” is larger than 1 MB.")).to_be_visible()
        page.reload()
    else:
        page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_label("Your answer").first).to_have_value("It needs air, heat\nand fuel.")
    expect(page.get_by_role("checkbox", name=re.compile("plan.txt"))).to_be_checked()


def _mark(page: Page, scripts: bool) -> None:
    page.get_by_role("link", name="Mark 1 answer").first.click()
    expect(page.get_by_text("and fuel.")).to_be_visible()
    page.get_by_label("complete").check()
    page.get_by_label("unclear").check()
    page.get_by_label("Comment for the member").fill("Well argued.")
    if scripts:
        expect(page.get_by_text("The levels come to 1.5.")).to_be_visible()
        page.keyboard.press("Control+Enter")
    else:
        page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_text("A socket caught fire.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="plan.txt").click()
    assert download.value.path().read_text() == "Switch it off, then use powder."
    page.get_by_label("Mark, of 1").fill("1")
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_text("Every answer to this question is marked.")).to_have_count(2)
