"""A file of questions on its way into a bank: looked at, written, reported, taken back."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from learnhub.audit import imports
from learnhub.audit.models import AuditEntry, Import, ImportState
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.identity.models import Member
from learnhub.journeys import import_questions, question_file, undo_import
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.scope import scope_of
from question_bank import authoring
from question_bank.finding import full_text, likeness
from question_bank.finding.texts import words_of
from question_bank.models import Bank, Question, QuestionState, QuestionVersion
from tests.at_once import at_once
from tests.makers import new_member, new_staff, small_tree

GIFT = "::Sum:: 1 + 1 = ? { =2 ~3 }\n\n::Sky:: The sky is green. {F}\n\nMatch these { =a -> b }\n"


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def instructor(tree: dict[str, Unit]) -> Member:
    return new_staff(Role.INSTRUCTOR, tree["B1"])


def bring(
    unit: Unit, now: datetime, text: str = GIFT, actor: Actor = SYSTEM, **more: object
) -> import_questions.Report:
    db.session.commit()
    return import_questions.carry_out(
        text.encode(),
        "q.gift",
        bank_slug="general",
        actor=actor,
        unit=unit,
        now=now,
        **more,  # type: ignore[arg-type]
    )


def questions(state: str = QuestionState.PUBLISHED) -> int:
    return db.session.scalar(select(func.count()).select_from(Question).where(Question.state == state)) or 0


def test_a_file_fills_a_new_bank_and_says_what_it_left_out(tree: dict[str, Unit], now: datetime) -> None:
    report = bring(tree["B1"], now)
    assert (report["format"], report["imported"], report["updated"], report["skipped"]) == ("gift", 2, 0, 0)
    (refused,) = report["refused"]
    assert refused["where"] == "line 5"
    assert "two different choices" in str(refused["reason"])
    assert len(report["ids"]) == 2
    assert report["undo"].startswith("import:")
    bank = authoring.get_bank("general")
    assert works.owner_unit_id(Work.BANK, bank.id) == tree["B1"].id
    assert db.session.scalars(select(AuditEntry.action)).all() == ["import.questions"]


def test_the_same_file_again_changes_nothing_and_warns(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["B1"], now)
    again = bring(tree["B1"], now)
    assert (again["imported"], again["skipped"], len(again["warnings"])) == (0, 2, 2)
    assert questions() == 2


def test_a_question_twice_in_one_file_comes_in_once(tree: dict[str, Unit], now: datetime) -> None:
    report = bring(tree["B1"], now, "1 + 1 = ? { =2 ~3 }\n\n1+1 =？ { =2 ~3 }\n")
    assert (report["imported"], report["skipped"]) == (1, 1)
    assert "line 1" in str(report["warnings"][0])


def test_a_dry_run_lists_every_question_and_writes_nothing(tree: dict[str, Unit], now: datetime) -> None:
    report = import_questions.dry_run(GIFT.encode(), "q.gift", bank_slug="general")
    assert [one["kind"] for one in report["questions"]] == ["single_choice", "true_false"]
    assert report["questions"][0]["options"] == [{"text": "2", "fraction": 1}, {"text": "3", "fraction": 0}]
    assert report["undo"] is None
    assert authoring.find_bank("general") is None
    assert db.session.scalars(select(Import)).all() == []
    bring(tree["B1"], now)
    assert import_questions.dry_run(GIFT.encode(), "q.gift", bank_slug="general")["skipped"] == 2


def test_strict_takes_all_or_nothing(tree: dict[str, Unit], now: datetime) -> None:
    report = bring(tree["B1"], now, strict=True)
    assert (report["imported"], report["undo"], len(report["refused"])) == (0, None, 1)
    assert authoring.find_bank("general") is None
    assert bring(tree["B1"], now, "1 + 1 = ? { =2 ~3 }", strict=True)["imported"] == 1


def test_a_file_that_is_none_is_refused_and_nothing_is_kept(tree: dict[str, Unit], now: datetime) -> None:
    for text in ("", "   \n", "\x00\x01\x02"):
        with pytest.raises(Refused):
            bring(tree["B1"], now, text)
    assert db.session.scalars(select(Import)).all() == []
    assert authoring.find_bank("general") is None


def test_an_import_is_taken_back_once_and_can_come_again(tree: dict[str, Unit], now: datetime) -> None:
    report = bring(tree["B1"], now)
    done = undo_import.undo(report["undo"], SYSTEM, now)
    assert (done["withdrawn"], done["kind"]) == (2, "questions")
    assert (questions(), questions(QuestionState.WITHDRAWN)) == (0, 2)
    with pytest.raises(Refused):
        undo_import.undo(report["undo"], SYSTEM, now)
    assert bring(tree["B1"], now)["imported"] == 2


def test_what_is_no_import_is_not_found(app: Flask, now: datetime) -> None:
    for name in ("import:1", "import:x", "17; drop table", "import:99999999999999999999", ""):
        with pytest.raises(NotFound):
            undo_import.undo(name, SYSTEM, now)


def test_an_instructor_fills_banks_within_reach_only(tree: dict[str, Unit], instructor: Member, now: datetime) -> None:
    actor = Actor(instructor)
    report = bring(tree["B1"], now, actor=actor)
    assert report["imported"] == 2
    with pytest.raises(NotAllowed):
        import_questions.carry_out(b"a? {T}", "q.gift", bank_slug="other", actor=actor, unit=tree["B2"], now=now)
    stranger = Actor(new_staff(Role.INSTRUCTOR, tree["B2"]))
    with pytest.raises(NotFound):
        bring(tree["B2"], now, actor=stranger)
    with pytest.raises(NotFound):
        undo_import.undo(report["undo"], stranger, now)
    with pytest.raises(NotAllowed):
        import_questions.carry_out(
            b"a? {T}", "q.gift", bank_slug="new", actor=Actor(new_member(tree["B1"])), unit=tree["B1"], now=now
        )
    administrator = Actor(new_staff(Role.ADMINISTRATOR, tree["HQ"]))
    assert undo_import.undo(report["undo"], administrator, now)["withdrawn"] == 2


def test_what_was_looked_at_is_what_is_written(tree: dict[str, Unit], instructor: Member, now: datetime) -> None:
    actor = Actor(instructor)
    bank = authoring.create_bank("general", "General", now)
    works.own(Work.BANK, bank.id, tree["B1"].id, now)
    row = import_questions.preview(GIFT.encode(), "q.gift", bank=bank, actor=actor, unit_id=tree["B1"].id, now=now)
    assert (row.state, questions()) == (ImportState.PREVIEWED, 0)
    assert [one.draft.title for one in import_questions.look_again(row).new] == ["Sum", "Sky"]
    report = import_questions.accept(row, actor, now)
    assert (report["imported"], questions()) == (2, 2)
    with pytest.raises(Refused):
        import_questions.accept(row, actor, now)
    found = works.visible_import(scope_of(instructor.id, now), row.id)
    assert [str(one["reason"]) for one in import_questions.imports.read_back(found)["refused"]] == [
        str(one["reason"]) for one in report["refused"]
    ]


def test_two_files_at_once_bring_a_question_once(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["B1"], now, "Is this here? {T}")
    unit_id = tree["B1"].id

    def again(_n: int) -> int:
        return int(bring(db.session.get_one(Unit, unit_id), now)["imported"])

    assert sorted(at_once(app, again, 4)) == [0, 0, 0, 2]


@pytest.mark.postgres_only("on SQLite the transaction that reads the file sees the bank as it was when it began")
def test_what_comes_between_a_look_at_the_bank_and_its_end_is_seen(
    app: Flask, tree: dict[str, Unit], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(tree["B1"], now, "Is this here? {T}")
    unit_id, known, between = tree["B1"].id, authoring.known_fingerprints, []

    def then_another_file_comes(bank: Bank) -> object:
        found = known(bank)
        if not between:
            between.append(True)
            between.extend(at_once(app, lambda _n: bring(db.session.get_one(Unit, unit_id), now)["imported"], 1))
        return found

    monkeypatch.setattr(authoring, "known_fingerprints", then_another_file_comes)
    assert bring(tree["B1"], now)["imported"] == 0
    assert between == [True, 2]


def test_nothing_is_cleaned_or_cut_for_the_indexes_while_others_wait(
    tree: dict[str, Unit], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight thousand questions held the writers' lock four times as long when that was done inside."""
    inside: list[str] = []
    written, ready = imports.preview, authoring.ready

    def from_here_on(*given: object, **named: object) -> Import:
        monkeypatch.setattr(authoring, "ready", lambda draft: inside.append(draft.where) or ready(draft))
        return written(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(imports, "preview", from_here_on)
    assert bring(tree["B1"], now)["imported"] == 2
    assert inside == []


def test_what_was_made_ready_and_the_rest_come_in_in_their_order_and_are_found(
    tree: dict[str, Unit], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_file, "MOST_READY", 2)
    report = bring(tree["B1"], now, "\n\n".join(f"Is the number {n} odd or even? {{T}}" for n in range(5)))
    ids = [int(one) for one in report["ids"]]
    said = dict(db.session.execute(select(QuestionVersion.question_id, QuestionVersion.stem_html)).all())
    assert ["".join(filter(str.isdigit, said[one])) for one in ids] == list("01234")
    bank = authoring.get_bank("general")
    asked = {n: words_of("", said[one], {}) for n, one in enumerate(ids)}
    assert [one[0].question_id for one in likeness.like(bank.id, asked).values()] == ids
    assert set(db.session.scalars(full_text.matching("number"))) == set(ids)
