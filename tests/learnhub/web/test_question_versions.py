"""Versions beside each other, an old one brought back, where a question is used, and trying it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import submit_quiz
from learnhub.kernel.db import db
from learnhub.organisations.permissions import Role
from learnhub.quizzes import item_figures, setup
from learnhub.quizzes.models import Attempt
from learnhub.web.question_bank import paragraphs
from question_bank import authoring, catalogue, paper_sets
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, Question
from tests.learnhub.quizzes.sitting import right, save, wrong
from tests.learnhub.web.test_question_bank import fields_of
from tests.makers import PASSWORD, new_member, new_staff, new_unit, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


def draft(stem: str, right: str = "yes", **more: Any) -> QuestionDraft:
    options = [{"html": "yes", "fraction": "0"}, {"html": "no", "fraction": "0", "feedback_html": "Oh <b>no</b>."}]
    content = {"options": [{**one, "fraction": "1" if one["html"] == right else "0"} for one in options]}
    return QuestionDraft("single_choice", f"<p>{stem}</p>", content, **more)


@pytest.fixture
def bank(app: Flask, now: datetime) -> Bank:
    return authoring.create_bank("law", "Law", now)


@pytest.fixture
def question(bank: Bank, now: datetime) -> Question:
    return authoring.add_question(bank, draft("They must persist."), now)


@pytest.fixture
def visitor(app: Flask, bank: Bank, question: Question, now: datetime) -> Visitor:
    tree = small_tree()
    works.own(Work.BANK, bank.id, tree["B1"].id, now)
    return Visitor(app, new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD))


def test_an_old_version_is_compared_and_brought_back_as_a_new_one(
    app: Flask, visitor: Visitor, question: Question, now: datetime
) -> None:
    question = db.session.get_one(Question, question.id)
    authoring.revise(question, draft("They must not persist.", right="no", category="New"), now)
    db.session.commit()
    where = f"/desk/banks/law/questions/{question.id}"
    page = visitor.page(f"{where}/versions")
    assert "must <ins>not </ins>persist" in page
    assert "<del>" in page
    assert "<ins>" not in visitor.page(f"{where}/versions?old=2&new=2")
    assert "<ins>not " in visitor.page(f"{where}/versions?old=x&new=99")
    visitor.post(f"{where}/versions/1/bring-back")
    listed = catalogue.get_question(authoring.get_bank("law"), question.id)
    assert (listed.version.number, listed.version.stem_html) == (3, "<p>They must persist.</p>")
    assert listed.category == "New"
    visitor.post(f"{where}/versions/1/bring-back")
    assert len(catalogue.history(question.id)) == 3
    assert visitor.post(f"{where}/versions/9/bring-back").status_code == 404


def test_paragraphs_are_typed_as_plain_text_and_stored_as_they_were(
    visitor: Visitor, bank: Bank, question: Question, now: datetime
) -> None:
    question = db.session.get_one(Question, question.id)
    stem = "<p>They &lt;p&gt; must.</p>\n<p>Two<br>lines</p>"
    written = draft("x", explanation_html="<p>Because.</p>", hints=("<p>Think.</p>", "<p>Look <b>here</b></p>"))
    authoring.revise(question, replace(written, stem_html=stem), now)
    db.session.commit()
    where = f"/desk/banks/law/questions/{question.id}"
    fields = fields_of(visitor.page(f"{where}/edit"))
    assert fields["stem"] == "They <p> must.\n\nTwo\nlines"
    assert (fields["explanation"], fields["hints-0"]) == ("Because.", "Think.")
    assert fields["hints-1"] == "<p>Look <b>here</b></p>", "markup is shown as such"
    assert visitor.post(f"{where}/edit", fields).status_code == 303
    assert len(catalogue.history(question.id)) == 2, "nothing was changed"
    visitor.post(f"{where}/edit", {**fields, "mark": "3", "explanation": "Because of it."})
    newest = catalogue.history(question.id)[0]
    assert (newest.number, newest.stem_html, newest.mark) == (3, stem, 3000)
    assert (newest.explanation_html, newest.hints[0]) == ("Because of it.", "<p>Think.</p>")


@pytest.mark.parametrize("markup", ["<p>a &lt;b&gt;x&lt;/b&gt;</p>", "<p>a <b>x</b></p>", "a", "<p>a</p>b"])
def test_what_typed_text_would_not_say_is_shown_as_html(markup: str) -> None:
    assert paragraphs.plain(markup) is None


def test_a_question_is_tried_and_marked_and_nothing_is_kept(visitor: Visitor, question: Question) -> None:
    question_id = question.id
    version = catalogue.get_question(authoring.get_bank("law"), question_id).version
    keys = {option["html"]: option["key"] for option in version.content["options"]}
    where = f"/desk/banks/law/questions/{question_id}/try"
    assert "Outcome" not in visitor.page(where)
    page = visitor.post(where, {"try-choice": keys["yes"]}).get_data(as_text=True)
    assert "1 of 1" in page
    page = visitor.post(where, {"try-choice": keys["no"]}).get_data(as_text=True)
    assert "0 of 1" in page
    assert "Oh <b>no</b>." in page
    assert "no answer" in visitor.post(where).get_data(as_text=True)
    assert visitor.post(where, {"try-choice": "nonsense"}).status_code == 422
    assert db.session.query(Attempt).count() == 0


def test_a_question_says_on_which_papers_it_stands_and_how_it_went(
    app: Flask, visitor: Visitor, bank: Bank, question: Question, now: datetime
) -> None:
    bank, question_id = authoring.get_bank("law"), question.id
    paper_sets.make(bank, "Final", {"quotas": [{"count": 1}]}, 1, now)
    unit = new_unit()
    paper = {"banks": [str(bank.id)], "blueprint": {"quotas": [{"count": 1}]}}
    quiz = setup.create_quiz(unit, setup.Settings(title="Drawn", paper=paper), now)
    for answer in (right, right, wrong, wrong):
        member = new_member(unit)
        attempt = submit_quiz.start(quiz, member, now)
        save(attempt, 1, answer(attempt, 1), now)
        submit_quiz.hand_in(member.id, attempt.id, now)
    other = authoring.add_question(bank, draft("Another"), now)
    assert item_figures.of_question(other.id, bank.id).percent is None
    db.session.commit()
    where = f"/desk/banks/law/questions/{question_id}"
    for page in (visitor.page(where), visitor.page(f"{where}/edit")):
        assert "It stands on 1 kept paper." in page
        assert "Asked 4 times lately, 50% of its points earned." in page
    assert "Final" in visitor.page(where)


def test_what_another_window_saved_is_not_replaced_without_a_word(visitor: Visitor, question: Question) -> None:
    where = f"/desk/banks/law/questions/{question.id}"
    first = fields_of(visitor.page(f"{where}/edit"))
    assert first["version"] == "1"
    second = {**first, "stem": "They may persist."}
    assert visitor.post(f"{where}/edit", {**first, "stem": "They do persist."}).status_code == 303
    looked = visitor.post(f"{where}/edit", {**second, "look": "1"})
    assert fields_of(looked.text)["version"] == "1", "a preview forgets nothing"
    refused = visitor.post(f"{where}/edit", second)
    assert refused.status_code == 409
    assert "Version 2 was saved while you were writing" in refused.text
    assert f'href="{where}/versions"' in refused.text
    assert "They do persist." in visitor.page(where)
    again = fields_of(refused.text)
    assert (again["stem"], again["version"]) == ("They may persist.", "2")
    assert visitor.post(f"{where}/edit", again).status_code == 303
    assert "They may persist." in visitor.page(where)
