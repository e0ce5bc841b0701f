"""A small world with one of everything in every unit: what the leak matrix walks."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PIL import Image

from courses.models import Asset, Course, CourseModule, CourseState, Lesson, LessonKind
from learnhub.audit.models import BulkChange, Import
from learnhub.audit.trail import SYSTEM
from learnhub.authorship.models import Ownership, Work
from learnhub.identity.models import Member
from learnhub.journeys import import_roster
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.learning.models import Enrolment
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.organisations import custom_roles, deputies, roles, terms
from learnhub.organisations.models import (
    ChangeKind,
    CustomRole,
    RoleGrant,
    Term,
    Transfer,
    TransferSide,
    TransferState,
    Unit,
    UnitChange,
)
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.profile import photos
from learnhub.organisations.profile.models import ChangeRequest, MemberPhoto
from learnhub.organisations.search.models import SavedSearch
from learnhub.points import ledger, rules
from learnhub.quizzes.models import Answer, AnswerVersion, Attempt, AttemptState, HandedInFile, Quiz, TimeGrant
from learnhub.transcripts.models import ExportJob
from question_bank import authoring, paper_sets, sources
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, Question
from tests.makers import NOW, PASSWORD, new_member, new_unit, small_tree

UNITS = ("HQ", "B1", "B1a", "B2", "X")
"""One's own unit is B1: B1a stands below it, HQ above, B2 beside; X is a tree of its own."""
CANARY = "canary-{code}-"
DAY = date(2026, 11, 22)


@dataclass
class Place:
    """One unit with its people and its things."""

    unit: Unit
    member: Member
    course: Course
    lesson: Lesson
    asset: Asset
    bank: Bank
    question: Question
    quiz: Quiz
    attempt: Attempt
    handed: Attempt
    """Closed, with an essay that waits and a file."""
    digest: str
    late_id: int
    """Of an answer to it that came too late."""
    entry_id: int
    job: ExportJob
    brought: Import
    roster: Import
    change: BulkChange
    grant: RoleGrant
    notice_id: int
    transfer: Transfer
    custom: CustomRole
    request: ChangeRequest
    search: SavedSearch
    term: Term
    planned_id: int
    papers_id: int
    source_id: int
    time_id: int
    """Of time that was granted to the member."""


def build(now: datetime) -> tuple[dict[str, Place], dict[str, Member]]:
    """Every unit's place; people on B1: each role, a custom role for each permission, a deputy; and `top` on HQ."""
    tree = small_tree()
    tree["X"] = new_unit("X")
    rules.ensure_default_rules(now, date(2026, 1, 1))
    places = {code: _place(code, tree[code], now) for code in UNITS}
    people = {str(role): _staff(role, tree["B1"]) for role in (Role.INSTRUCTOR, Role.SECRETARY, Role.ADMINISTRATOR)}
    people["member"] = new_member(tree["B1"], password=PASSWORD)
    people["top"] = _staff(Role.ADMINISTRATOR, tree["HQ"])
    for one in Permission:
        role = custom_roles.make(SYSTEM, f"canary-{one}", f"canary-{one}", {one}, now)
        people[f"only {one}"] = _staff(role.key, tree["B1"])
    people["deputy"] = new_member(tree["B1"], password=PASSWORD)
    held = roles.grants_of(people["secretary"].id, now)[0]
    deputies.pass_on(SYSTEM, held, people["deputy"], DAY, DAY + timedelta(days=30), now)
    db.session.commit()
    return places, people


def _staff(role: str, unit: Unit) -> Member:
    member = new_member(unit, password=PASSWORD)
    roles.grant(SYSTEM, member, role, unit, NOW)
    return member


def _place(code: str, unit: Unit, now: datetime) -> Place:
    member = new_member(unit, name=f"{CANARY.format(code=code)} member")
    course, lesson, asset = _course(code, unit, now)
    bank = authoring.create_bank(f"bank-{code.lower()}", CANARY.format(code=code), now)
    db.session.add(Ownership(work=Work.BANK, work_id=bank.id, unit_id=unit.id, since=now))
    question = authoring.add_question(bank, _question(code), now)
    quiz = Quiz(
        slug=f"quiz-{code.lower()}",
        title=CANARY.format(code=code),
        unit_id=unit.id,
        paper={"banks": [str(bank.id)], "questions": [{"id": str(question.id), "mark": 1000}]},
        created_at=now,
    )
    db.session.add(quiz)
    db.session.flush()
    attempt = Attempt(
        member_id=member.id,
        quiz_id=quiz.id,
        unit_id=unit.id,
        number=1,
        layout={
            "seed": 1,
            "slots": [{"question": str(question.id), "version": str(question.version_id), "order": [], "mark": 1000}],
        },
        started_at=now,
        deadline=now + timedelta(hours=1),
        full_marks=1000,
    )
    entry = ledger.post(
        member.id,
        kind="lesson_completed",
        source_id=f"lesson:{lesson.id}",
        points=2,
        reason=_("Lesson completed"),
        occurred_at=now,
        now=now,
    )
    job = ExportJob(
        kind="scores",
        format="xlsx",
        member_id=member.id,
        created_at=now,
        parameters={"unit": code, "from": "2026-01-01", "to": "2026-12-31"},
    )
    brought = Import(
        kind="questions",
        format="gift",
        file_name=f"{CANARY.format(code=code)}.gift",
        file_digest="0" * 64,
        actor_id=member.id,
        unit_id=unit.id,
        target=bank.slug,
        created_at=now,
    )
    change = BulkChange(
        kind="questions",
        target_id=bank.id,
        act="add_tag",
        value=CANARY.format(code=code),
        before={},
        after={},
        count=1,
        actor_id=member.id,
        created_at=now,
    )
    other = new_member(unit)
    grant = RoleGrant(member_id=other.id, role=Role.SECRETARY, unit_id=unit.id, starts_at=now)
    db.session.add_all(
        [
            attempt,
            job,
            brought,
            change,
            grant,
            Enrolment(member_id=member.id, course_id=course.id, enrolled_at=now),
        ]
    )
    db.session.flush()
    handed = _handed(code, bank, quiz, member, now)
    custom = custom_roles.make(SYSTEM, f"canary-role_{code}", f"canary-role_{code}", set(), now)
    roster = _roster(code, unit, now)
    told = _tell(code, unit, member, other, now)
    return Place(
        unit=unit,
        member=member,
        course=course,
        lesson=lesson,
        asset=asset,
        bank=bank,
        question=question,
        quiz=quiz,
        attempt=attempt,
        handed=handed,
        digest=_file(code, handed, now),
        late_id=_late(code, handed, now),
        entry_id=entry.id,
        job=job,
        brought=brought,
        roster=roster,
        change=change,
        grant=grant,
        notice_id=told,
        transfer=_transfer(code, unit, member, now),
        custom=custom,
        request=_details(code, member, now),
        search=_search(code, unit, other, now),
        term=terms.begin(SYSTEM, unit, CANARY.format(code=code), member, date(2026, 1, 1), now),
        planned_id=_planned(unit, member, now),
        time_id=_time(code, member, now),
        papers_id=paper_sets.make(bank, CANARY.format(code=code), {"quotas": [{"count": 1}]}, 1, now).id,
        source_id=sources.ids_of(bank.id, [CANARY.format(code=code)])[CANARY.format(code=code)],
    )


def _handed(code: str, bank: Bank, quiz: Quiz, member: Member, now: datetime) -> Attempt:
    """An attempt at an essay that waits for its mark."""
    essay = authoring.add_question(bank, QuestionDraft("essay", f"<p>{CANARY.format(code=code)} essay</p>", {}), now)
    slot = {"question": str(essay.id), "version": str(essay.version_id), "order": [], "mark": 1000}
    handed = Attempt(
        member_id=member.id,
        quiz_id=quiz.id,
        unit_id=quiz.unit_id,
        number=2,
        state=AttemptState.CLOSED,
        layout={"seed": 1, "slots": [slot]},
        started_at=now,
        submitted_at=now,
        closed_at=now,
        full_marks=1000,
        waits=1,
        marks=[{"mark": 0, "correctness": "by_hand"}],
    )
    db.session.add(handed)
    db.session.flush()
    text = {"text": f"{CANARY.format(code=code)} answer"}
    key = {"member_id": member.id, "attempt_id": handed.id, "slot": 1}
    db.session.add(Answer(**key, response=text, sequence=1, revision=1, saved_at=now))
    db.session.add(AnswerVersion(**key, response=text, sequence=1, revision=1, base=0, saved_at=now))
    return handed


def _late(code: str, handed: Attempt, now: datetime) -> int:
    version = AnswerVersion(
        member_id=handed.member_id,
        attempt_id=handed.id,
        slot=1,
        response={"text": f"{CANARY.format(code=code)} late"},
        sequence=2,
        revision=0,
        base=1,
        saved_at=now,
        late=True,
    )
    db.session.add(version)
    db.session.flush()
    return version.id


def _file(code: str, handed: Attempt, now: datetime) -> str:
    stored = house.files.put(f"{CANARY.format(code=code)} handed in".encode())
    db.session.add(
        HandedInFile(
            member_id=handed.member_id,
            attempt_id=handed.id,
            slot=1,
            digest=stored.digest,
            name=f"{CANARY.format(code=code)}.txt",
            size=stored.size,
            media_type="text/plain",
            uploaded_at=now,
        )
    )
    return stored.digest


def _time(code: str, member: Member, now: datetime) -> int:
    """Time that was granted to a member."""
    reason = CANARY.format(code=code)
    granted = TimeGrant(member_id=member.id, seconds=60, reason=reason, granted_at=now, carried_out_at=now)
    db.session.add(granted)
    db.session.flush()
    return granted.id


def _planned(unit: Unit, member: Member, now: datetime) -> int:
    """A planned closing of a unit."""
    planned = UnitChange(
        kind=ChangeKind.CLOSE, unit_id=unit.id, effective_on=DAY + timedelta(days=30), asked_by=member.id, asked_at=now
    )
    db.session.add(planned)
    db.session.flush()
    return planned.id


def _transfer(code: str, unit: Unit, member: Member, now: datetime) -> Transfer:
    """A member's wish to go up a unit."""
    asked = Transfer(
        number=member.number,
        member_id=member.id,
        from_unit_id=unit.id,
        to_unit_id=unit.parent_id or unit.id,
        effective_on=now.date(),
        reason=CANARY.format(code=code),
        side=TransferSide.MEMBER,
        state=TransferState.ASKED,
        asked_by=member.id,
        asked_at=now,
    )
    db.session.add(asked)
    db.session.flush()
    return asked


def _search(code: str, unit: Unit, owner: Member, now: datetime) -> SavedSearch:
    """A search that its owner shares with the unit."""
    kept = SavedSearch(
        owner_id=owner.id,
        unit_id=unit.id,
        name=CANARY.format(code=code),
        any_of=False,
        conditions=[["name", "contains", CANARY.format(code=code)]],
        shared=True,
        created_at=now,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _details(code: str, member: Member, now: datetime) -> ChangeRequest:
    """A photo, and a change of the phone number that waits."""
    out = io.BytesIO()
    Image.new("RGB", (30, 40), "teal").save(out, "PNG")
    photo = house.files.put(photos.rendition(out.getvalue()))
    asked = ChangeRequest(
        member_id=member.id, field_id=2, after="13800000000", asked_at=now, state="waiting", reason=""
    )
    db.session.add_all([asked, MemberPhoto(member_id=member.id, digest=photo.digest, set_at=now)])
    db.session.flush()
    return asked


def _roster(code: str, unit: Unit, now: datetime) -> Import:
    data = f"姓名,工号\n{CANARY.format(code=code)},N-{code}\n".encode()
    return import_roster.preview(data, f"{CANARY.format(code=code)}.csv", unit=unit, actor=SYSTEM, now=now)


def _tell(code: str, unit: Unit, member: Member, sender: Member, now: datetime) -> int:
    words = CANARY.format(code=code)
    sent = outbox.send(
        [member.id],
        source=f"message:{code}",
        kind=Kind.MESSAGE,
        title=words,
        text=words,
        now=now,
        unit_id=unit.id,
        sender_id=sender.id,
    )
    return sent.notice_id


def _question(code: str) -> QuestionDraft:
    options = [{"html": "this", "fraction": "1"}, {"html": "that", "fraction": "0"}]
    stem = f"<p>{CANARY.format(code=code)} question</p>"
    return QuestionDraft(kind="single_choice", stem_html=stem, content={"options": options})


def _course(code: str, unit: Unit, now: datetime) -> tuple[Course, Lesson, Asset]:
    course = Course(
        slug=f"course-{code.lower()}",
        title=CANARY.format(code=code),
        state=CourseState.PUBLISHED,
        created_at=now,
        updated_at=now,
    )
    db.session.add(course)
    db.session.flush()
    module = CourseModule(course_id=course.id, position=1, title="1")
    db.session.add(module)
    db.session.flush()
    lesson = Lesson(
        course_id=course.id,
        module_id=module.id,
        position=1,
        slug="one",
        title=CANARY.format(code=code),
        kind=LessonKind.TEXT,
        body_html=f"<p>{CANARY.format(code=code)}</p>",
    )
    db.session.add(lesson)
    stored = house.files.put(f"{CANARY.format(code=code)} file".encode())
    asset = Asset(
        course_id=course.id, path="notes.txt", digest=stored.digest, media_type="text/plain", size=stored.size
    )
    db.session.add_all([asset, Ownership(work=Work.COURSE, work_id=course.id, unit_id=unit.id, since=now)])
    db.session.flush()
    return course, lesson, asset
