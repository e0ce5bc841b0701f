"""A form of a page that was opened in an earlier session: nothing written is lost, and nobody else's is sent."""

from __future__ import annotations

import html
import re
from datetime import datetime

import pytest
from flask import Flask

from question_bank.models import Bank
from tests.desks import instructor_with_bank
from tests.learnhub.web.test_question_bank import newest
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

ENGLISH = {"Accept-Language": "en"}
HERE = {**ENGLISH, "Origin": "http://localhost"}
FORM = {"stem": "Who & when?", "answers": "me\nyou", "mark": "1", "difficulty": "3", "csrf_token": "of another session"}
NEW = "/desk/banks/general/new-question?kind=short_answer"


@pytest.fixture
def desk(app: Flask, now: datetime) -> tuple[Visitor, Bank]:
    return instructor_with_bank(app, now)


def test_what_was_written_is_sent_again_with_one_press(desk: tuple[Visitor, Bank]) -> None:
    visitor, _bank = desk
    answer = visitor.client.post(NEW, data=FORM, headers=HERE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Nothing was done yet" in page
    form = page[page.index(f'action="{html.escape(NEW)}"') :]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    assert fields["csrf_token"] != FORM["csrf_token"]
    sent = {name: html.unescape(value) for name, value in fields.items()}
    assert visitor.client.post(NEW, data=sent, headers=HERE).status_code == 303
    assert newest().stem_html == "Who &amp; when?"


@pytest.mark.parametrize(
    ("path", "fields", "headers"),
    [
        (NEW, FORM, {**ENGLISH, "Origin": "http://elsewhere.example"}),
        (NEW, FORM, ENGLISH),
        ("/sign-in", {"name": "a", "password": "secret words", "csrf_token": "old"}, HERE),
    ],
)
def test_what_came_from_elsewhere_or_holds_a_password_is_not_kept(
    desk: tuple[Visitor, Bank], path: str, fields: dict[str, str], headers: dict[str, str]
) -> None:
    answer = desk[0].client.post(path, data=fields, headers=headers)
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert "too old or came from elsewhere" in html.unescape(page)
    assert "secret words" not in page
    assert "Who &amp; when" not in page


def test_who_is_signed_out_is_told_to_sign_in_and_keeps_the_page(app: Flask, desk: tuple[Visitor, Bank]) -> None:
    page = Visitor(app).client.post(NEW, data=FORM, headers=HERE).get_data(as_text=True)
    assert "Sign in (in a new tab), then send it from here." in page
    assert 'value="Who &amp; when?"' in page
