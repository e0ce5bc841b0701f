"""The questions of a bank as a table: order, columns, many changed at once and put back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry, BulkChange
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.identity.models import Member
from learnhub.journeys import change_questions
from learnhub.kernel.db import db
from learnhub.organisations.permissions import Role
from question_bank import authoring, catalogue
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, Question, QuestionState
from tests.makers import PASSWORD, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

HOME = "/desk/banks/fire"


def draft(name: str, **more: Any) -> QuestionDraft:
    return QuestionDraft("true_false", f"<p>{name}?</p>", {"answer": True}, title=name, **more)


@pytest.fixture
def staff(app: Flask, now: datetime) -> dict[str, Member]:
    tree = small_tree()
    for slug, code in (("fire", "B1"), ("flood", "B2")):
        bank = authoring.create_bank(slug, slug.title(), now)
        works.own(Work.BANK, bank.id, tree[code].id, now)
    fire = authoring.get_bank("fire")
    for position, (name, mark, difficulty) in enumerate((("Hose", 1000, 5), ("Axe", 3000, 1), ("Mask", 2000, 3))):
        made = now + timedelta(minutes=position)
        authoring.add_question(fire, draft(name, mark=mark, difficulty=difficulty, category="Tools", tags=("x",)), made)
    authoring.add_question(authoring.get_bank("flood"), draft("Boat"), now)
    return {code: new_staff(Role.INSTRUCTOR, tree[code], password=PASSWORD) for code in ("B1", "B2")}


@pytest.fixture
def visitor(app: Flask, staff: dict[str, Member]) -> Visitor:
    return Visitor(app, staff["B1"])


def order(page: str) -> list[str]:
    return re.findall(r'<a class="stretched"[^>]*>([^<]+)</a>', page)


def held() -> dict[str, tuple[Any, ...]]:
    bank = authoring.get_bank("fire")
    page = catalogue.questions(bank, catalogue.Filter(state=None))
    return {
        one.version.title: (one.question.state, one.category, one.tags, one.question.difficulty) for one in page.items
    }


def ids(*names: str) -> list[int]:
    rows = catalogue.questions(authoring.get_bank("fire"), catalogue.Filter(state=None)).items
    return [one.question.id for one in rows if not names or one.version.title in names]


def newest() -> BulkChange:
    return db.session.scalars(select(BulkChange).order_by(BulkChange.id.desc())).first()  # type: ignore[return-value]


def newest_of_questions() -> BulkChange:
    wanted = select(BulkChange).where(BulkChange.kind == change_questions.KIND).order_by(BulkChange.id.desc())
    return db.session.scalars(wanted).first()  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("name", ["Axe", "Hose", "Mask"]),
        ("difficulty", ["Axe", "Mask", "Hose"]),
        ("mark", ["Hose", "Mask", "Axe"]),
        ("updated", ["Hose", "Axe", "Mask"]),
    ],
)
def test_a_click_on_a_heading_sorts_both_ways(visitor: Visitor, key: str, names: list[str]) -> None:
    page = visitor.page(f"{HOME}?sort={key}")
    assert order(page) == names
    assert page.count("aria-sort=") == 1
    assert 'aria-sort="ascending"' in page
    assert order(visitor.page(f"{HOME}?sort=-{key}")) == names[::-1]


def test_sorting_and_choosing_columns_keep_the_filters(visitor: Visitor) -> None:
    page = visitor.page(f"{HOME}?q=mask&kind=true_false&col=name&col=mark&sort=-mark")
    assert order(page) == ["Mask"]
    assert 'data-label="Marks"' in page
    assert 'data-label="Difficulty"' not in page
    assert f'href="{HOME}?kind=true_false&amp;q=mask&amp;col=name&amp;col=mark&amp;sort=mark"' in page
    assert '<input type="hidden" name="q" value="mask">' in page
    assert '<input type="hidden" name="sort" value="-mark">' in page


ACTS: dict[str, tuple[dict[str, str], tuple[Any, ...]]] = {
    "retire": ({}, (QuestionState.RETIRED, "Tools", ["x"], 5)),
    "category": ({"category": " Tools / New "}, (QuestionState.PUBLISHED, "Tools/New", ["x"], 5)),
    "add_tag": ({"tag": " hot  work "}, (QuestionState.PUBLISHED, "Tools", ["hot work", "x"], 5)),
    "remove_tag": ({"tag": "x"}, (QuestionState.PUBLISHED, "Tools", [], 5)),
    "difficulty": ({"difficulty": "2"}, (QuestionState.PUBLISHED, "Tools", ["x"], 2)),
}


@pytest.mark.parametrize("act", ACTS)
def test_chosen_questions_are_changed_together_and_put_back_exactly(visitor: Visitor, act: str) -> None:
    form, wanted = ACTS[act]
    before = held()
    back = f"{HOME}?sort=-mark"
    answer = visitor.post(f"{HOME}/changes", {"id": ids("Hose", "Mask"), "act": act, "back": back, **form})
    assert answer.headers["Location"] == back
    assert held()["Hose"] == wanted
    assert held()["Axe"] == before["Axe"]
    page = visitor.page(back)
    undo = f"{HOME}/changes/{newest().id}/undo"
    assert page.count(f'action="{undo}"') == 2  # in the message, and below for who comes back later
    trail = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "questions.changed")).all()
    assert [entry.details["count"] for entry in trail] == [2]
    assert visitor.post(undo, {"back": back}).headers["Location"] == back
    assert held() == before
    assert "2 questions are as before." in visitor.page(back)
    visitor.post(undo)
    assert "taken back already" in visitor.page(HOME)


def test_a_retired_question_is_brought_back(visitor: Visitor) -> None:
    visitor.post(f"{HOME}/changes", {"id": ids("Axe"), "act": "retire"})
    visitor.post(f"{HOME}/changes", {"id": ids(), "act": "bring_back"})
    assert newest().count == 1
    assert held()["Axe"][0] == QuestionState.PUBLISHED


def test_questions_of_a_category_that_is_no_more_stay_where_they_are(visitor: Visitor) -> None:
    visitor.post(f"{HOME}/changes", {"id": ids(), "act": "category", "category": "Kit"})
    visitor.post(f"{HOME}/categories", {"what": "category", "old": "Tools", "new": "Kit"})
    visitor.post(f"{HOME}/changes/{newest_of_questions().id}/undo")
    assert "3 questions were changed by somebody since, and stay" in visitor.page(HOME)
    assert {category for _state, category, *_rest in held().values()} == {"Kit"}


def test_a_question_that_somebody_changed_since_stays_and_the_others_are_put_back(
    visitor: Visitor, now: datetime
) -> None:
    before = held()
    visitor.post(f"{HOME}/changes", {"id": ids("Hose", "Mask"), "act": "difficulty", "difficulty": "1"})
    mask = db.session.get_one(Question, ids("Mask")[0])
    authoring.revise(mask, draft("Mask", difficulty=1, category="Tools", tags=("x",), mark=4000), now)
    db.session.commit()
    visitor.post(f"{HOME}/changes/{newest().id}/undo")
    page = visitor.page(HOME)
    assert "1 question is as before." in page
    assert "1 question was changed by somebody since, and stays: Mask" in page
    assert held()["Hose"] == before["Hose"]
    assert held()["Mask"][3] == 1


def test_nothing_happens_when_one_question_is_of_another_bank(visitor: Visitor, now: datetime) -> None:
    before = held()
    boat = catalogue.questions(authoring.get_bank("flood")).items[0].question.id
    for foreign in (boat, 7, "x", "9" * 30):
        sent = {"id": [*ids(), foreign], "act": "retire"}
        assert visitor.post(f"{HOME}/changes", sent).status_code == 404
    assert held() == before
    assert newest() is None


def test_a_change_without_sense_is_refused_in_words(visitor: Visitor) -> None:
    for form, words in (
        ({"act": "retire"}, "Choose at least one question."),
        ({"id": ids(), "act": "explode"}, "Choose what is to be done"),
        ({"id": ids(), "act": "add_tag", "tag": " "}, "Write the tag."),
        ({"id": ids(), "act": "difficulty", "difficulty": "6"}, "A difficulty lies between 1 and 5."),
        ({"id": ids(), "act": "difficulty", "difficulty": "1" * 99}, "A difficulty lies between 1 and 5."),
        ({"id": ids("Axe"), "act": "difficulty", "difficulty": "1"}, "Nothing was changed"),
    ):
        assert visitor.post(f"{HOME}/changes", form).status_code == 303
        assert words in visitor.page(HOME)
    assert newest() is None


def test_a_change_of_another_bank_is_not_found_under_this_one(
    app: Flask, visitor: Visitor, staff: dict[str, Member]
) -> None:
    visitor.post(f"{HOME}/changes", {"id": ids(), "act": "retire"})
    neighbour = Visitor(app, staff["B2"])
    number = newest().id
    assert neighbour.post(f"/desk/banks/flood/changes/{number}/undo").status_code == 404
    assert neighbour.post(f"{HOME}/changes/{number}/undo").status_code == 404
    assert visitor.post(f"{HOME}/changes/{number}/undo", {"back": "//evil.example"}).headers["Location"] == HOME


def test_later_changes_are_taken_back_before_earlier_ones(visitor: Visitor) -> None:
    bank: Bank = authoring.get_bank("fire")
    before = held()
    visitor.post(f"{HOME}/changes", {"id": ids(), "act": "add_tag", "tag": "one"})
    first = newest().id
    visitor.post(f"{HOME}/changes", {"id": ids(), "act": "add_tag", "tag": "two"})
    visitor.post(f"{HOME}/changes/{first}/undo")
    assert catalogue.tags(bank) == ["one", "two", "x"]
    visitor.post(f"{HOME}/changes/{newest().id}/undo")
    visitor.post(f"{HOME}/changes/{first}/undo")
    assert held() == before


def test_the_list_says_what_a_question_asks_below_its_title_unless_the_title_does(
    visitor: Visitor, now: datetime
) -> None:
    bank = authoring.get_bank("fire")
    asked = QuestionDraft("true_false", "<p>Is <b>smoke</b> heavier?</p>", {"answer": True}, title="Smoke 01")
    authoring.add_question(bank, asked, now)
    db.session.commit()
    page = visitor.page(HOME)
    assert "Is smoke heavier?" in page
    assert ">Hose</a>" in page
    assert "Hose?" not in page


def test_on_a_phone_a_question_is_a_few_lines_in_which_numbers_and_days_are_named(visitor: Visitor) -> None:
    page = visitor.page(HOME)
    assert "lines-on-phone" in page
    cells = {name: words for words, name in re.findall(r'<td class="([^"]*)" data-label="([^"]*)"', page)}
    assert {name for name, words in cells.items() if "clear" in words.split()} == {"Kind", "Category", "Tags", "State"}
