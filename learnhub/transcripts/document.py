"""A member's transcript as a document: what it says, its check code and signature; issued once and never changed."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from courses.models import Course
from learnhub.audit.trail import Actor, record
from learnhub.identity.models import Member
from learnhub.kernel import signing
from learnhub.kernel.clock import iso
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _, n_
from learnhub.learning.models import Enrolment
from learnhub.organisations import units
from learnhub.organisations.models import Unit
from learnhub.quizzes.models import Attempt, Quiz
from learnhub.transcripts import credit, gathering, numbers
from learnhub.transcripts.columns import COLUMNS, Say, rounded, shown
from learnhub.transcripts.held_back import held_back
from learnhub.transcripts.models import IssuedTranscript
from learnhub.transcripts.spans import Span, printed

KIND = "learnhub.transcript/1"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read as a digit."""
LEFT_OUT = {"position", "number", "name", "unit", "remarks"}


@dataclass(frozen=True)
class Checked:
    """What the public page says of a check code: the transcript, and a newer one of the period that says otherwise."""

    transcript: IssuedTranscript
    newer: IssuedTranscript | None


@dataclass(frozen=True)
class Sat:
    """An attempt at a quiz; score and full marks in thousandths, score and passed None until a person has marked it."""

    quiz: str
    number: int
    score: int | None
    full_marks: int
    passed: bool | None
    closed_at: datetime | None
    held_back: bool
    """Whether the member may not see its mark yet."""


@dataclass(frozen=True)
class Facts:
    """What the records say, before it is put into words."""

    member: Member
    span: Span
    line: numbers.Line
    path: list[Unit]
    courses: list[tuple[str, Fraction, datetime | None]]
    """Title, hours, completed at."""
    attempts: list[Sat]
    rules: list[dict[str, Any]]


def facts(member: Member, span: Span) -> Facts:
    """Read what a transcript is made of: nothing that the member may not see at that moment."""
    held = held_back(member.id, span)
    line = numbers.of_member(member.id, span, held)
    return Facts(
        member=member,
        span=span,
        line=line,
        path=units.path(line.unit_id) if line.unit_id else [],
        courses=_courses(member.id, span),
        attempts=_attempts(member.id, span, held),
        rules=gathering.rules_in_force(span),
    )


def _courses(member_id: int, span: Span) -> list[tuple[str, Fraction, datetime | None]]:
    hours = credit.by_course(member_id, span)
    done = dict(
        db.session.execute(
            select(Enrolment.course_id, Enrolment.completed_at).where(
                Enrolment.member_id == member_id, gathering.completed(span)
            )
        ).all()
    )
    found = db.session.execute(
        select(Course.id, Course.title).where(Course.id.in_({*hours, *done})).order_by(Course.title, Course.id)
    )
    return [(title, hours.get(course_id, Fraction(0)), done.get(course_id)) for course_id, title in found]


def _attempts(member_id: int, span: Span, held: Collection[int]) -> list[Sat]:
    sat = db.session.execute(
        select(
            Quiz.title,
            Attempt.number,
            Attempt.score,
            Attempt.full_marks,
            Attempt.passed,
            Attempt.closed_at,
            Attempt.id,
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.member_id == member_id, gathering.counted(span))
        .order_by(Attempt.closed_at, Attempt.id)
    )
    return [
        Sat(title, number, score, full, passed, closed_at, attempt_id in held)
        for title, number, score, full, passed, closed_at, attempt_id in sat
    ]


def content(known: Facts, say: Say) -> dict[str, Any]:
    """What a transcript says, in the words of a language, so that whoever prints it prints the same."""
    span, values = known.span, shown(known.line, say)
    unit = [one.name for one in known.path]
    figures = [
        [say(column.heading), _text(values[column.key])]
        for column in COLUMNS
        if column.key not in LEFT_OUT and values[column.key] is not None
    ]
    return {
        "kind": KIND,
        "organisation": unit[0] if unit else "",
        "title": say(_("Transcript")),
        "member": {"number": known.member.number, "name": known.member.name},
        "unit": unit,
        "period": {"key": span.key, "first": span.first.isoformat(), "last": span.last.isoformat()},
        "as_at": iso(span.as_at),
        "head": [
            [say(_("Name")), known.member.name],
            [say(_("Number")), known.member.number],
            [say(_("Unit")), " › ".join(unit)],
            [say(_("Period")), f"{span.first.isoformat()} – {span.last.isoformat()}"],
            [say(_("As at")), printed(span.as_at)],
        ],
        "figures": figures,
        "numbers": {column.key: _number(values[column.key]) for column in COLUMNS if column.key not in LEFT_OUT},
        "tables": [_course_table(known, say), _quiz_table(known, say)],
        "rules": known.rules,
        "notes": list(_notes(known, values["remarks"], say)),
    }


def _course_table(known: Facts, say: Say) -> dict[str, Any]:
    return {
        "title": say(_("Courses")),
        "columns": [say(_("Course")), say(_("Hours")), say(_("Completed on"))],
        "rows": [[title, _text(rounded(hours)), _day(done)] for title, hours, done in known.courses],
    }


def _quiz_table(known: Facts, say: Say) -> dict[str, Any]:
    return {
        "title": say(_("Tests and exams")),
        "columns": [say(_("Quiz")), say(_("Attempt")), say(_("Score")), say(_("Result")), say(_("Date"))],
        "rows": [[one.quiz, str(one.number), *_result(one, say), _day(one.closed_at)] for one in known.attempts],
    }


def _result(one: Sat, say: Say) -> tuple[str, str]:
    """Score and result, or why there is none."""
    if one.held_back:
        return "—", say(_("not published yet"))
    if one.passed is None:
        return "—", say(_("awaiting marking"))
    score = f"{_thousandths(one.score or 0)} / {_thousandths(one.full_marks)}"
    return score, say(_("passed")) if one.passed else say(_("not passed"))


def _notes(known: Facts, remarks: Any, say: Say) -> Iterator[str]:
    if remarks:
        yield str(remarks)
    held = sum(one.held_back for one in known.attempts)
    if held:
        yield say(
            n_(
                "%(n)s result is not published yet and not counted in the scores.",
                "%(n)s results are not published yet and not counted in the scores.",
                n=held,
            )
        )


def fingerprint(known: Facts) -> str:
    """A digest of all that a transcript says but for its moment and language: two of the same fingerprint agree."""
    said = content(known, str)
    del said["as_at"], said["head"]
    return hashlib.sha256(canonical(said)).hexdigest()


def issue(member: Member, span: Span, now: datetime, actor: Actor, say: Say) -> IssuedTranscript:
    """Hand out a member's transcript of a span: the last one again if it still says the same, else a new revision.

    The same in another language is a paper of its own, but makes no other one outdated.
    """
    db.session.execute(locked(select(Member.id).where(Member.id == member.id)))
    known = facts(member, span)
    said, same = content(known, say), fingerprint(known)
    for before in _of_period(member.id, span.key):
        if before.document["fingerprint"] != same:
            break
        if all(before.document[part] == said[part] for part in ("title", "figures", "tables")):
            return before
    revision = (
        db.session.scalar(
            select(func.coalesce(func.max(IssuedTranscript.revision), 0)).where(IssuedTranscript.member_id == member.id)
        )
        or 0
    ) + 1
    code = new_code()
    document = {
        **said,
        "fingerprint": same,
        "code": code,
        "revision": revision,
        "issued_at": iso(now),
        "check": f"{house.base_url}/verify/{code}",
    }
    document["labels"] = _labels(say, revision)
    issued = IssuedTranscript(
        code=code,
        member_id=member.id,
        revision=revision,
        as_at=span.as_at,
        issued_at=now,
        issued_by=actor.id,
        document=document,
        digest=hashlib.sha256(canonical(document)).hexdigest(),
        signature=signing.sign(canonical(document), house.signing_key),
    )
    db.session.add(issued)
    db.session.flush()
    record(actor, "transcript.issued", "member", member.id, now, code=code, revision=revision, period=span.key)
    return issued


def _labels(say: Say, revision: int) -> dict[str, str]:
    return {
        "check": say(_("Check code")),
        "revision": say(_("Revision %(n)s", n=revision)),
        "how": say(_("Scan the code or type the address to see whether this transcript is genuine.")),
        "page": say(_("Page")),
        "none": say(_("Nothing in this period.")),
        "figures": say(_("In figures")),
    }


def _of_period(member_id: int, period: str) -> list[IssuedTranscript]:
    """What was handed out for a period, the newest first."""
    return list(
        db.session.scalars(
            select(IssuedTranscript)
            .where(
                IssuedTranscript.member_id == member_id,
                IssuedTranscript.document["period"]["key"].as_string() == period,
            )
            .order_by(IssuedTranscript.revision.desc())
            .limit(20)
        )
    )


def check(code: str) -> Checked | None:
    """The transcript of a check code, however it was typed; None when there is none."""
    found = db.session.scalar(select(IssuedTranscript).where(IssuedTranscript.code == normal_code(code)))
    if found is None:
        return None
    newest = _of_period(found.member_id, found.document["period"]["key"])[0]
    outdated = newest.document["fingerprint"] != found.document["fingerprint"]
    return Checked(found, newest if outdated else None)


def new_code() -> str:
    """A check code of 80 random bits: LH-XXXX-XXXX-XXXX-XXXX."""
    letters = "".join(secrets.choice(_LETTERS) for _n in range(16))
    return "LH-" + "-".join(letters[place : place + 4] for place in range(0, 16, 4))


def normal_code(code: str) -> str:
    """A code as it is kept, from what a person typed: case, spaces, hyphens, O for 0, I and L for 1."""
    bare = "".join(c for c in code.upper() if c.isalnum()).removeprefix("LH")
    letters = bare.translate(str.maketrans("OIL", "011"))[:16]
    return "LH-" + "-".join(letters[place : place + 4] for place in range(0, 16, 4))


def canonical(document: dict[str, Any]) -> bytes:
    """A document as bytes that are the same wherever it is read: JSON, keys sorted, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def as_json(issued: IssuedTranscript) -> bytes:
    """The transcript as a file for programs: the document, and its signature over the canonical form."""
    public = signing.public_key(house.signing_key)
    parts = {"document": issued.document, "signature": issued.signature, "key": public}
    return json.dumps(parts, ensure_ascii=False, indent=2, sort_keys=True).encode()


def _day(instant: datetime | None) -> str:
    return printed(instant)[:10] if instant else "–"


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


def _number(value: Any) -> Any:
    return _text(value) if isinstance(value, Decimal) else value


def _thousandths(value: int) -> str:
    text = format(Decimal(value).scaleb(-3), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
