"""After an erasure nothing names the person, on either database; what was earned stays and still verifies."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Text, cast, select, update
from sqlalchemy.exc import DatabaseError

from learnhub.audit import imports
from learnhub.audit.models import AuditEntry, Import, RepeatableCall
from learnhub.audit.trail import Actor, record
from learnhub.boards.verification import verify_boards
from learnhub.identity import invitations, sessions, tokens
from learnhub.identity.models import Member, MemberState
from learnhub.journeys import import_roster, join_organisation, leave_organisation, undo_import
from learnhub.journeys.erase_member import GOES, STAYS, erase, refers_to_member
from learnhub.kernel.catalogues import reader
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.periods import parse_period
from learnhub.kernel.sealing import seal
from learnhub.kernel.words import _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.organisations.permissions import Role
from learnhub.organisations.profile.models import ChangeRequest, MemberChange, MemberField, MemberPhoto, MemberValue
from learnhub.organisations.roster.asking import Asked
from learnhub.organisations.scope import scope_of
from learnhub.organisations.search.models import SavedSearch
from learnhub.points import ledger
from learnhub.points.chain import checkpoint
from learnhub.points.verification import verify_ledger
from learnhub.quizzes.models import Answer, AnswerVersion, Attempt, HandedInFile, HandMark, Quiz
from learnhub.transcripts import document, spans, verification
from learnhub.transcripts.models import ExportJob, IssuedTranscript
from tests.makers import PASSWORD, new_staff, small_tree

NAME, BEFORE, NUMBER = "欧阳晓燕", "欧阳小燕", "GH-20261187"
PHONE, OLD_PHONE, EMAIL = "13912345678", "13700001111", "xiaoyan.ouyang@example.org"
SECOND_PHONE, PAPER = "13855556666", "110101199003078515"
PERSONAL = (NAME, BEFORE, NUMBER, PHONE, OLD_PHONE, EMAIL, SECOND_PHONE, PAPER)


def traces(files: Path) -> list[str]:
    """Where the person is still named: every column of every table, and every stored file."""
    found = []
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            found += [
                f"{table.name}.{column.name}: {word}"
                for word in PERSONAL
                if db.session.execute(select(column).where(cast(column, Text).icontains(word)).limit(1)).first()
            ]
    for path in files.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        found += [f"{path.name}: {word}" for word in PERSONAL if word.encode() in data]
    return found


@pytest.fixture
def admin(app: Flask, now: datetime) -> Member:
    return new_staff(Role.ADMINISTRATOR, small_tree()["HQ"], name="Admin")


@pytest.fixture
def person(admin: Member, now: datetime) -> Member:
    """Somebody who left traces everywhere."""
    actor = Actor(admin, "10.0.0.9")
    unit = scope_of(admin.id, now).units(import_roster.Permission.ADMINISTER)[0]
    member = join_organisation.join(
        actor, unit, NUMBER, BEFORE, now, password=PASSWORD, phone=OLD_PHONE, starts_on=datetime(2026, 1, 1).date()
    )
    roster = f"姓名,工号,手机,邮箱\n{NAME},{NUMBER},{PHONE},{EMAIL}\n同事,GH-2,13600000000,\n".encode()
    import_roster.carry_out(roster, f"{NAME}.csv", unit=unit, actor=actor, now=now)
    waiting = import_roster.preview(roster + b"\n", "roster.csv", unit=unit, actor=actor, now=now)
    asked = Asked(rows={"line 2": {"name": NAME, "phone": PHONE}})
    import_roster.mend(waiting, asked, actor, now)
    accepted = import_roster.preview(roster + b"\n\n", "again.csv", unit=unit, actor=actor, now=now)
    assert accepted.file_digest
    db.session.refresh(member)
    sign_in(member, now)
    sit(member, unit.id, now)
    write_down(member, actor, unit.id, now)
    describe(member, admin.id, unit.id, now)
    db.session.commit()
    return member


def sign_in(member: Member, now: datetime) -> None:
    own = Actor(member, "10.0.0.7")
    sessions.start(member, now, "10.0.0.7", f"Phone of {NAME}")
    tokens.make(member, NAME, ["read"], 30, now)
    invitations.invite([member.id], None, now)
    sessions.note_failure(NUMBER, "10.0.0.7", now)
    record(Actor(None, "10.0.0.7"), "sign_in.refused", "sign_in_name", NUMBER.lower(), now)
    record(own, "sign_in", "member", member.id, now)
    record(own, "bank.made", "bank", 1, now, title=f"Bank of {EMAIL}")
    answer = f'{{"id": "{member.id}", "name": "{NAME}"}}'
    db.session.add(RepeatableCall(member_id=member.id, key="k", asked="a", status=201, answer=answer, at=now))


def sit(member: Member, unit_id: int, now: datetime) -> None:
    quiz = Quiz(slug="essay", title="Essay", unit_id=unit_id, paper={}, created_at=now)
    db.session.add(quiz)
    db.session.flush()
    attempt = Attempt(
        member_id=member.id, quiz_id=quiz.id, unit_id=unit_id, number=1, layout={"slots": []}, started_at=now,
        full_marks=1000, score=800, state="closed", closed_at=now, passed=True,
    )  # fmt: skip
    db.session.add(attempt)
    db.session.flush()
    key = {"member_id": member.id, "attempt_id": attempt.id, "slot": 1}
    said: dict[str, Any] = {"text": f"我是{NAME}，电话 {PHONE}。"}
    db.session.add(Answer(**key, response=said, sequence=1, revision=1, saved_at=now))
    db.session.add(AnswerVersion(**key, response=said, sequence=1, revision=1, base=0, saved_at=now))
    marked = [{"key": "", "mark": 0, "levels": {}}]
    key = {"member_id": member.id, "attempt_id": attempt.id, "slot": 1}
    db.session.add(HandMark(**key, parts=marked, comment=f"Well done, {NAME}", marker_id=member.id, at=now))
    kept = house.files.put(f"Written by {NAME}".encode())
    handed_in = {"digest": kept.digest, "name": f"{NAME}.txt", "size": kept.size, "media_type": "text/plain"}
    db.session.add(HandedInFile(**key, **handed_in, uploaded_at=now))


def write_down(member: Member, actor: Actor, unit_id: int, now: datetime) -> None:
    entry = ledger.post(
        member.id, kind="quiz_passed", source_id="q:1", points=5, reason=_("Quiz passed"), occurred_at=now, now=now
    )
    ledger.reverse(actor, entry.id, "counted twice", now)
    ledger.post(
        member.id, kind="quiz_passed", source_id="q:2", points=7, reason=_("Quiz passed"), occurred_at=now, now=now
    )
    checkpoint(now)
    document.issue(member, spans.of_period(parse_period("2026"), now), now, actor, reader("zh_Hans"))
    words = f"{NAME}：请补学时"
    about = {"kind": Kind.MESSAGE, "now": now, "unit_id": unit_id}
    outbox.send([member.id], source="message:1", title=words, text=words, sender_id=member.id, **about)
    outbox.send([actor.id or 0], source=f"ask:{member.id}:2", title=words, text=words, sender_id=None, **about)
    stored = house.files.put(f"Sheet with {NAME}".encode())
    db.session.add(
        ExportJob(
            kind="scores", format="csv", member_id=actor.id, parameters={"unit": unit_id}, state="done",
            file_digest=stored.digest, file_name="HQ-2026.csv", created_at=now,
        )
    )  # fmt: skip


def describe(member: Member, admin_id: int, unit_id: int, now: datetime) -> None:
    """What the member base holds: a second phone, a sealed number, the history of the name, a photo."""
    phone = MemberField(key="second_phone", label={"en": "Second phone"}, kind="phone")
    paper = MemberField(key="paper", label={"en": "Identity card"}, sensitive=True)
    db.session.add_all([phone, paper])
    db.session.flush()
    db.session.add_all(
        [
            MemberValue(member_id=member.id, field_id=phone.id, text=SECOND_PHONE, changed_at=now),
            MemberValue(member_id=member.id, field_id=paper.id, sealed=seal(PAPER), changed_at=now),
            MemberChange(member_id=member.id, field_id=1, before=BEFORE, after=NAME, made_at=now, source="profile"),
            MemberPhoto(member_id=member.id, digest=house.files.put(f"Photo of {NAME}".encode()).digest, set_at=now),
            ChangeRequest(member_id=member.id, field_id=2, after=PHONE, asked_at=now),
        ]
    )
    asked = [["number", "is", NUMBER], ["phone", "is", PHONE]]
    search = {"any_of": True, "conditions": asked, "shared": True, "created_at": now, "unit_id": unit_id}
    db.session.add_all(
        [
            SavedSearch(owner_id=member.id, name=NAME, **search),
            SavedSearch(owner_id=admin_id, name=f"Who has {PHONE}", **search),
        ]
    )
    record(Actor(member), "bank.made", "bank", 2, now, title=f"Call {SECOND_PHONE}, paper {PAPER}")


def left_and_erased(admin: Member, person: Member, now: datetime) -> str:
    actor = Actor(admin, "10.0.0.9")
    today = datetime(2026, 11, 22).date()
    leave_organisation.leave(scope_of(admin.id, now), actor, person, today, f"{NAME} moved", now)
    done = erase(actor, person, NUMBER, now)
    db.session.commit()
    return done.pseudonym


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from learnhub.kernel.files import FolderFiles

    monkeypatch.setattr(house, "files", FolderFiles(tmp_path))
    return tmp_path


def test_nothing_names_an_erased_member(app: Flask, files: Path, admin: Member, person: Member, now: datetime) -> None:
    before = {trace.split(":")[0] for trace in traces(files)}
    assert {"member.name", "audit_entry.details", "import.report", "issued_transcript.document"} <= before
    assert {"answer_version.response", "notice.text", "sign_in_session.device", "access_token.name"} <= before
    pseudonym = left_and_erased(admin, person, now)
    assert traces(files) == []
    assert person.state == MemberState.ERASED
    assert person.name == pseudonym
    assert person.password_hash is None


def test_the_books_still_add_up(app: Flask, files: Path, admin: Member, person: Member, now: datetime) -> None:
    left_and_erased(admin, person, now)
    assert verify_ledger()["broken"] == []
    assert verify_boards(now)["broken"] == []
    assert db.session.scalars(select(Attempt.score).where(Attempt.member_id == person.id)).all() == [800]
    assert ledger.find_by_event(person.id, "quiz_passed", "q:2") is not None


def test_a_transcript_keeps_its_figures_under_the_pseudonym(
    app: Flask, files: Path, admin: Member, person: Member, now: datetime
) -> None:
    paper = db.session.scalars(select(IssuedTranscript)).one()
    handed_out, figures = document.as_json(paper), paper.document["figures"]
    pseudonym = left_and_erased(admin, person, now)
    checked = document.check(paper.code)
    assert checked is not None
    kept = checked.transcript
    assert kept.redacted_by is not None
    assert kept.document["figures"] == figures
    assert kept.document["member"]["name"] == pseudonym
    assert verification.verify_file(document.as_json(kept))["genuine"]
    assert verification.verify_file(handed_out)["genuine"], "the paper in the person's hand proves itself"


def test_each_line_that_lost_words_says_so_and_the_guard_still_stands(
    app: Flask, files: Path, admin: Member, person: Member, now: datetime
) -> None:
    left_and_erased(admin, person, now)
    joined = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member.joined")).first()
    assert joined is not None
    assert joined.redacted_by is not None
    assert joined.actor_name == "Admin"
    for change in (
        {"details": {}},
        {"details": {}, "redacted_by": joined.redacted_by},
        {"action": "x", "redacted_by": 1},
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(update(AuditEntry).values(**change))
        db.session.rollback()


def test_taking_a_roster_back_does_not_bring_the_person_back(
    app: Flask, files: Path, admin: Member, person: Member, now: datetime
) -> None:
    left_and_erased(admin, person, now)
    name = db.session.scalars(select(Import).where(Import.state == "accepted")).one()
    undo_import.undo(name.id, Actor(admin), now)
    db.session.commit()
    assert traces(files) == []
    assert db.session.get_one(Member, person.id).state == MemberState.ERASED


def test_a_waiting_roster_that_names_the_person_is_gone(
    app: Flask, files: Path, admin: Member, person: Member, now: datetime
) -> None:
    left_and_erased(admin, person, now)
    waiting = db.session.scalars(select(Import).where(Import.state == "previewed")).first()
    assert waiting is not None
    assert imports.read_back(waiting)["asked"] == {}
    with pytest.raises(NotFound):
        import_roster.look_again(waiting, Actor(admin), now)


def test_only_who_left_and_only_when_it_is_meant(
    app: Flask, files: Path, admin: Member, person: Member, now: datetime
) -> None:
    actor = Actor(admin)
    with pytest.raises(Refused):
        erase(actor, person, NUMBER, now)
    with pytest.raises(NotAllowed):
        erase(actor, admin, admin.number, now)
    leave_organisation.leave(scope_of(admin.id, now), actor, person, datetime(2026, 11, 22).date(), "", now)
    with pytest.raises(Refused):
        erase(actor, person, "GH-2", now)
    erase(actor, person, f" {NUMBER} ", now)
    with pytest.raises(Refused):
        erase(actor, person, person.number, now)
    with pytest.raises(Refused):
        leave_organisation.come_back(scope_of(admin.id, now), actor, person, datetime(2026, 11, 22).date(), "", now)


@pytest.mark.sqlite_only
def test_every_table_that_refers_to_a_member_has_an_answer(app: Flask) -> None:
    """A new table with a member's id in it goes with the person or stays under the pseudonym: say which."""
    refer = {table.name for table in db.metadata.sorted_tables if list(refers_to_member(table))}
    assert refer == {*GOES, *STAYS}
