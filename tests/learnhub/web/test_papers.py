"""Papers at the desk: rules in conflict named, variants compared, printed with their key, made into a quiz."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.quizzes import attempts, seen
from learnhub.quizzes.models import Quiz
from question_bank import assembly, authoring, paper_sets
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, PaperSet, QuestionState
from tests.at_once import others_write
from tests.desks import instructor_with_bank
from tests.makers import new_member
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


def draft(number: int, category: str) -> QuestionDraft:
    content = {"options": [{"html": f"right {number}", "fraction": "1"}, {"html": "wrong", "fraction": "0"}]}
    return QuestionDraft("single_choice", f"Question {number}?", content, category=category, difficulty=number % 5 + 1)


@pytest.fixture
def desk(app: Flask, now: datetime) -> tuple[Visitor, Bank]:
    visitor, bank = instructor_with_bank(app, now, "law", "Law")
    authoring.add_questions(bank, [draft(n, "law/civil" if n < 6 else "law/penal") for n in range(16)], now)
    db.session.commit()
    return visitor, bank


@pytest.fixture
def visitor(desk: tuple[Visitor, Bank]) -> Visitor:
    return desk[0]


@pytest.fixture
def bank(desk: tuple[Visitor, Bank]) -> Bank:
    return desk[1]


def rules(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    fields = {f"rules-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return {"title": "Final", **fields, **more}


def kept() -> PaperSet:
    db.session.expire_all()
    return db.session.scalars(select(PaperSet).order_by(PaperSet.id.desc())).first()  # type: ignore[return-value]


def test_others_write_while_papers_are_assembled(
    app: Flask, visitor: Visitor, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    assemble = assembly.assemble

    def slowly(*about: Any) -> Any:
        others_write(app)
        return assemble(*about)

    monkeypatch.setattr(assembly, "assemble", slowly)
    assert visitor.post("/desk/banks/law/new-papers", rules({"count": 4})).status_code == 303
    assert len(kept().variants[0]) == 4


def test_papers_with_a_limit_of_uses_are_assembled_again_when_others_were_made_meanwhile(
    visitor: Visitor, bank: Bank, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assemble = paper_sets.assemble

    def beside_others(bank: Bank, *about: Any) -> Any:
        found = assemble(bank, *about)
        others = assemble(bank, {"quotas": [{"count": 16}]}, 1, now)
        paper_sets.keep(bank, "Others", others, now)
        db.session.commit()
        return found

    monkeypatch.setattr(paper_sets, "assemble", beside_others)
    answer = visitor.post("/desk/banks/law/new-papers", rules({"count": 4}, most_uses=1))
    assert answer.status_code == 422
    assert "Somebody made papers from this bank at the same moment" in answer.get_data(as_text=True)
    assert kept().title == "Others"


def test_an_instructor_assembles_two_papers_and_compares_them(visitor: Visitor, bank: Bank) -> None:
    civil, penal = {"count": 2, "category": "law/civil", "mark": 3}, {"count": 4, "category": "law/penal"}
    answer = visitor.post("/desk/banks/law/new-papers", rules(civil, penal, variants=2, seed=5))
    assert answer.status_code == 303
    page = visitor.page(answer.location)
    assert "Paper A" in page
    assert "Paper B" in page
    assert "full marks 10" in page
    assert paper_sets.uses(bank.id)
    assert "Final" in visitor.page("/desk/banks/law/papers")


def test_rules_in_conflict_are_named_on_the_form_and_what_was_typed_stays(visitor: Visitor) -> None:
    answer = visitor.post("/desk/banks/law/new-papers", rules({"count": 7, "category": "law/civil"}, {"count": 2}))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Rule 1 (law/civil) can&#39;t be met: it asks for 7 and one question is missing." in text
    assert 'class="row-wrong"' in text
    assert 'value="Final"' in text
    assert kept() is None


def test_more_rows_and_rules_used_before_come_back(visitor: Visitor) -> None:
    asked = rules({"count": 2, "category": "law/civil", "low": 2, "mark": 2.5}, more="rows")
    assert 'name="rules-9-count"' in visitor.post("/desk/banks/law/new-papers", asked).get_data(as_text=True)
    del asked["more"]
    visitor.post("/desk/banks/law/new-papers", asked)
    again = visitor.page(f"/desk/banks/law/new-papers?like={kept().id}")
    assert 'value="2.5"' in again
    assert 'selected value="law/civil"' in again


def test_a_paper_and_its_key_are_printed_the_same_each_time(visitor: Visitor) -> None:
    visitor.post("/desk/banks/law/new-papers", rules({"count": 3}))
    address = f"/desk/banks/law/papers/{kept().id}/1.pdf"
    paper = visitor.get(address)
    assert paper.mimetype == "application/pdf"
    text = PdfReader(io.BytesIO(paper.data)).pages[0].extract_text()
    assert "3 questions" in text
    assert "1. (marks: 1)" in text
    key = PdfReader(io.BytesIO(visitor.get(f"{address}?key=1").data)).pages[0].extract_text()
    letters = [line.split()[-1] for line in key.splitlines() if "(marks: 1)" in line]
    assert len(letters) == 3
    assert set(letters) <= {"A", "B"}
    assert visitor.get(address).data == paper.data
    assert visitor.get(f"/desk/banks/law/papers/{kept().id}/2.pdf").status_code == 404


@pytest.mark.parametrize(("language", "rule"), [("en", "One point counts 0.2 marks"), ("zh", "评分标准的1分折合0.2分")])
def test_a_key_says_how_a_rubric_becomes_marks_in_the_language_of_who_prints_it(
    visitor: Visitor, bank: Bank, now: datetime, language: str, rule: str
) -> None:
    rubric = [{"title": "Style", "levels": [{"text": "good", "points": "5"}, {"text": "poor", "points": "0"}]}]
    essay = QuestionDraft("essay", "Write.", {"rubric": rubric}, category="law/essays", difficulty=1)
    authoring.add_questions(bank, [essay], now)
    db.session.commit()
    visitor.post("/desk/banks/law/new-papers", rules({"count": 1, "category": "law/essays"}))
    visitor.headers = {"Accept-Language": language}
    key = PdfReader(io.BytesIO(visitor.get(f"/desk/banks/law/papers/{kept().id}/1.pdf?key=1").data))
    assert rule in "".join(key.pages[0].extract_text().split("\n"))


def test_a_paper_keeps_its_questions_as_they_were(visitor: Visitor, bank: Bank, now: datetime) -> None:
    visitor.post("/desk/banks/law/new-papers", rules({"count": 16}))
    places = paper_sets.paper(kept(), 1)
    question = db.session.get_one(authoring.Question, places[0].question_id)
    authoring.revise(question, draft(99, "law/civil"), now)
    question.state = QuestionState.RETIRED
    db.session.commit()
    assert "Question 99" not in str([place.version.stem_html for place in paper_sets.paper(kept(), 1)])
    assert "Paper A" in visitor.page(f"/desk/banks/law/papers/{kept().id}")


def test_a_paper_becomes_a_quiz_that_nobody_sees_yet(visitor: Visitor) -> None:
    visitor.post("/desk/banks/law/new-papers", rules({"count": 3, "mark": 2}, variants=2))
    answer = visitor.post(f"/desk/banks/law/papers/{kept().id}/quiz", {"variant": 2})
    quiz = db.session.scalars(select(Quiz)).one()
    assert answer.location.endswith(f"/desk/quizzes/{quiz.id}/edit")
    assert (quiz.title, quiz.published) == ("Final B", False)
    assert [one["mark"] for one in quiz.paper["questions"]] == [2000] * 3
    assert visitor.page(f"/desk/quizzes/{quiz.id}/edit")


def test_questions_used_too_often_are_left_out_until_papers_are_thrown_away(visitor: Visitor, bank: Bank) -> None:
    visitor.post("/desk/banks/law/new-papers", rules({"count": 10}))
    answer = visitor.post("/desk/banks/law/new-papers", rules({"count": 10}, most_uses=1))
    assert "4 questions are missing. Questions used or seen lately and left out: 10." in answer.get_data(as_text=True)
    visitor.post(f"/desk/banks/law/papers/{kept().id}/discard")
    assert visitor.post("/desk/banks/law/new-papers", rules({"count": 10}, most_uses=1)).status_code == 303


def test_a_rule_takes_a_category_with_all_below_it(visitor: Visitor) -> None:
    assert '<option value="law">law</option>' in visitor.page("/desk/banks/law/new-papers")
    visitor.post("/desk/banks/law/new-papers", rules({"count": 16, "category": "law"}))
    assert len(kept().variants[0]) == 16


def test_questions_of_papers_that_were_kept_lately_are_left_out(visitor: Visitor) -> None:
    visitor.post("/desk/banks/law/new-papers", rules({"count": 10}))
    asked = {one["question"] for one in kept().variants[0]}
    answer = visitor.post("/desk/banks/law/new-papers", rules({"count": 10}, exclude_seen_days=7))
    assert "4 questions are missing. Questions used or seen lately and left out: 10." in answer.get_data(as_text=True)
    assert visitor.post("/desk/banks/law/new-papers", rules({"count": 6}, exclude_seen_days=7)).status_code == 303
    assert not asked & {one["question"] for one in kept().variants[0]}
    like = visitor.page(f"/desk/banks/law/new-papers?like={kept().id}")
    (field,) = re.findall(r'<input[^>]*name="exclude_seen_days"[^>]*>', like)
    assert 'value="7"' in field


def test_questions_that_members_were_asked_lately_are_left_out(visitor: Visitor, bank: Bank, now: datetime) -> None:
    visitor.post("/desk/banks/law/new-papers", rules({"count": 5}))
    visitor.post(f"/desk/banks/law/papers/{kept().id}/quiz", {"variant": "1"})
    quiz = db.session.scalars(select(Quiz)).one()
    asked = {int(one["question"]) for one in kept().variants[0]}
    visitor.post(f"/desk/banks/law/papers/{kept().id}/discard")
    member = new_member(db.session.get_one(Unit, quiz.unit_id))
    assert seen.of_bank(bank.id, now - timedelta(days=7)) == frozenset()
    quiz.published = True
    attempts.start(quiz, member, now - timedelta(days=3))
    db.session.commit()
    assert seen.of_bank(bank.id, now - timedelta(days=7)) == asked
    assert seen.of_bank(bank.id, now - timedelta(days=2)) == frozenset()
    visitor.post("/desk/banks/law/new-papers", rules({"count": 11}, exclude_seen_days=3000))
    assert not asked & {int(one["question"]) for one in kept().variants[0]}


def test_papers_have_parts_by_kind_which_can_be_taken_off(visitor: Visitor) -> None:
    form = visitor.page("/desk/banks/law/new-papers")
    (box,) = re.findall(r'<input[^>]*name="by_kind"[^>]*>', form)
    assert "checked" in box
    visitor.post("/desk/banks/law/new-papers", rules({"count": 3, "mark": 2}, by_kind="y"))
    page = f"/desk/banks/law/papers/{kept().id}"
    words = "Part 1: Single choice (3 questions, 2 marks each, 6 marks)"
    assert words in visitor.page(page)
    for address in (f"{page}/1.pdf", f"{page}/1.pdf?key=1"):
        assert words in PdfReader(io.BytesIO(visitor.get(address).data)).pages[0].extract_text()
    visitor.post(f"{page}/parts", {"by_kind": "no"})
    assert words not in visitor.page(page)
    assert "Part 1" not in PdfReader(io.BytesIO(visitor.get(f"{page}/1.pdf").data)).pages[0].extract_text()
    like = visitor.page(f"/desk/banks/law/new-papers?like={kept().id}")
    (box,) = re.findall(r'<input[^>]*name="by_kind"[^>]*>', like)
    assert "checked" not in box
    visitor.post(f"{page}/parts", {"by_kind": "yes"})
    visitor.headers["Accept-Language"] = "zh-Hans"
    assert "一、单选题（3道题，每题2分，共6分）" in visitor.page(page)


def test_a_quiz_of_a_paper_asks_in_the_order_of_the_paper(visitor: Visitor, bank: Bank, now: datetime) -> None:
    checks = [QuestionDraft("true_false", f"So {n}?", {"answer": True}, category="mixed") for n in range(3)]
    one = QuestionDraft("single_choice", "Last?", draft(1, "").content, category="mixed")
    authoring.add_questions(bank, [*checks, one], now)
    db.session.commit()
    visitor.post("/desk/banks/law/new-papers", rules({"count": 4, "category": "mixed"}, by_kind="y"))
    visitor.post(f"/desk/banks/law/papers/{kept().id}/quiz", {"variant": "1"})
    quiz = db.session.scalars(select(Quiz)).one()
    asked = [int(one["id"]) for one in quiz.paper["questions"]]
    assert asked == [place.question_id for place in paper_sets.paper(kept(), 1)]
    assert db.session.get_one(authoring.Question, asked[0]).kind == "single_choice"
