"""Who looks after a bank is told, once, that questions rest on a source that is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import tell_of_sources
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.notices import inbox
from learnhub.organisations.permissions import Role
from question_bank import authoring, sources
from question_bank.authoring import QuestionDraft
from tests.makers import new_member, new_staff, small_tree


def test_the_editors_of_a_bank_are_told_once_when_a_source_is_over(app: Flask, now: datetime) -> None:
    tree = small_tree()
    editor, above = new_staff(Role.INSTRUCTOR, tree["B1"]), new_staff(Role.INSTRUCTOR, tree["HQ"])
    other, member = new_staff(Role.INSTRUCTOR, tree["B2"]), new_member(tree["B1"])
    bank = authoring.create_bank("law", "Law", now)
    works.own(Work.BANK, bank.id, tree["B1a"].id, now)
    authoring.add_question(bank, QuestionDraft("true_false", "Q", {"answer": True}, source="Old law"), now)
    today = local_date(now, house.zone)
    source, _count = sources.of_bank(bank)[0]
    days = {"valid_from": None, "valid_until": today}
    sources.write(bank, source, name="Old law", today=today, **days)  # type: ignore[arg-type]
    people = [one.id for one in (above, other, member)]
    editor_id, source_id = editor.id, source.id
    db.session.commit()
    tell_of_sources.tell_due(now)
    assert not inbox.of_member(editor_id)[0]
    tell_of_sources.tell_due(now + timedelta(days=1))
    tell_of_sources.tell_due(now + timedelta(days=2))
    told = inbox.of_member(editor_id)[0]
    assert [str(one.title) for one in told] == [f"Old law was in force until {today.isoformat()}."]
    assert told[0].path == f"/desk/banks/law?source={source_id}&stale=yes"
    assert not [one for person in people for one in inbox.of_member(person)[0]]


def test_a_source_without_questions_in_use_is_nobody_s_worry(app: Flask, now: datetime) -> None:
    tree = small_tree()
    editor = new_staff(Role.INSTRUCTOR, tree["B1"])
    bank = authoring.create_bank("law", "Law", now)
    works.own(Work.BANK, bank.id, tree["B1"].id, now)
    today = local_date(now, house.zone)
    source = sources.write(
        bank, None, name="Old law", valid_from=None, valid_until=today - timedelta(days=1), today=today
    )
    assert tell_of_sources.tell(source, now) == 0
    assert not inbox.of_member(editor.id)[0]
