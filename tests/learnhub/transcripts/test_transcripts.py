"""Transcripts: what they say, how they are signed, and what a forgery looks like."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from learnhub.audit.trail import SYSTEM
from learnhub.identity.models import Member
from learnhub.journeys import study_lesson
from learnhub.kernel import signing
from learnhub.kernel.catalogues import reader
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.periods import parse_period
from learnhub.organisations.models import Unit
from learnhub.points import rules
from learnhub.quizzes.models import Attempt, Mode, Quiz
from learnhub.transcripts import document, numbers, pdf, sealing, spans, verification
from tests.makers import new_course, new_member, new_unit

SAY = reader("zh_Hans")


@pytest.fixture
def member(app: Flask, now: datetime) -> Member:
    rules.ensure_default_rules(now, date(2026, 1, 1))
    unit: Unit = new_unit("B1", name="第一支部")
    member = new_member(unit, name="王晓")
    for lesson in new_course(lessons=2):
        for second in (0, 30, 60):
            study_lesson.beat(member.id, lesson, "tab", now + timedelta(seconds=second + 100 * lesson.position))
        study_lesson.mark_done(member.id, lesson, now + timedelta(seconds=400))
    return member


def issue(member: Member, moment: datetime):
    span = spans.of_period(parse_period("2026"), moment)
    return document.issue(member, span, moment, SYSTEM, SAY)


def later(now: datetime, minutes: int = 30) -> datetime:
    return now + timedelta(minutes=minutes)


def test_the_document_says_what_the_line_says(member: Member, now: datetime) -> None:
    issued = issue(member, later(now))
    line = numbers.of_member(member.id, spans.of_period(parse_period("2026"), later(now)))
    assert issued.document["numbers"]["points"] == line.points == 4
    assert issued.document["numbers"]["courses"] == line.courses == 1
    assert issued.document["tables"][0]["rows"][0][0] == "Course course"
    assert issued.document["unit"] == ["第一支部"]


def test_the_same_transcript_is_issued_once_and_a_change_makes_revision_two(member: Member, now: datetime) -> None:
    first = issue(member, later(now))
    assert issue(member, later(now, 40)).code == first.code, "nothing changed but the moment"
    study_lesson.mark_done(member.id, new_course("more", lessons=1)[0], later(now, 50))
    second = issue(member, later(now, 60))
    assert (first.revision, second.revision) == (1, 2)
    found = document.check(first.code)
    assert found is not None
    assert found.newer is not None
    assert found.newer.revision == 2
    assert document.check(second.code).newer is None


def test_an_issued_transcript_is_never_changed(member: Member, now: datetime) -> None:
    issued = issue(member, later(now))
    issued.document = {**issued.document, "title": "x"}
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.flush()


def test_a_code_is_found_however_it_is_typed(member: Member, now: datetime) -> None:
    code = issue(member, later(now)).code
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert document.check(typed).transcript.code == code
    assert document.check("LH-0000-0000-0000-0000") is None
    assert document.check("") is None


def test_the_same_document_gives_the_same_bytes(member: Member, now: datetime) -> None:
    issued = issue(member, later(now))
    assert sealing.as_pdf(issued) == sealing.as_pdf(issued)


def test_a_genuine_file_verifies_without_the_database(member: Member, now: datetime) -> None:
    issued = issue(member, later(now))
    for file in (document.as_json(issued), sealing.as_pdf(issued)):
        result = verification.verify_file(file)
        assert result["genuine"], result["reason"]
        assert result["document"]["code"] == issued.code


def test_a_forgery_is_named(member: Member, now: datetime) -> None:
    issued = issue(member, later(now))
    signed = document.as_json(issued)
    parts = json.loads(signed)
    parts["document"]["numbers"]["points"] = 4000
    assert not verification.verify_file(json.dumps(parts).encode())["genuine"]
    stranger = signing.make_key()
    parts["signature"] = signing.sign(document.canonical(parts["document"]), stranger)
    parts["key"] = signing.public_key(stranger)
    assert not verification.verify_file(json.dumps(parts).encode())["genuine"], "the key in the file is not believed"


def test_pages_that_were_touched_are_named(member: Member, now: datetime) -> None:
    issued = issue(member, later(now))
    genuine = sealing.as_pdf(issued)
    proof = sealing.attachment_of(genuine)
    drawn = sealing.seal(pdf.render({**issued.document, "figures": [["积分", "4000"]]}), proof)
    flipped = genuine.replace(b"/Creator", b"/Kreator", 1)
    for forged in (drawn, flipped, genuine + b"\n", genuine + genuine[-200:], written_again(genuine), noted(genuine)):
        result = verification.verify_file(forged)
        assert not result["genuine"]
        assert "pages" in str(result["reason"])
        assert result["document"]["code"] == issued.code, "what was signed is shown, to be compared"


def test_the_pages_of_another_transcript_do_not_fit_the_proof(member: Member, now: datetime) -> None:
    mine = issue(member, later(now))
    other = issue(new_member(db.session.scalar(select(Unit)), name="李强"), later(now))
    swapped = sealing.seal(pdf.render(other.document), sealing.attachment_of(sealing.as_pdf(mine)))
    assert not verification.verify_file(swapped)["genuine"]


def written_again(data: bytes) -> bytes:
    """The same pages as another program writes them."""
    out = io.BytesIO()
    PdfWriter(clone_from=PdfReader(io.BytesIO(data))).write(out)
    return out.getvalue()


def noted(data: bytes) -> bytes:
    """A note over the page, appended as an editor appends it: the words of the page stay the same."""
    out = io.BytesIO(data)
    writer = PdfWriter(out, incremental=True)
    writer.add_annotation(0, FreeText(text="积分 4000", rect=(100, 500, 300, 540)))
    writer.write(out)
    return out.getvalue()


def test_the_same_in_another_language_makes_no_other_outdated(member: Member, now: datetime) -> None:
    chinese = issue(member, later(now))
    span = spans.of_period(parse_period("2026"), later(now, 40))
    loud = document.issue(member, span, later(now, 40), SYSTEM, lambda words: str(words).upper())
    assert loud.code != chinese.code
    assert loud.document["title"] == "TRANSCRIPT"
    assert document.check(chinese.code).newer is None
    assert issue(member, later(now, 45)).code == chinese.code


def test_another_period_is_another_transcript(member: Member, now: datetime) -> None:
    year = issue(member, later(now))
    quarter = spans.of_period(parse_period("2026-Q3"), later(now))
    document.issue(member, quarter, later(now), SYSTEM, SAY)
    assert document.check(year.code).newer is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7 nonsense",
        b"{}",
        b"[1]",
        b'{"document": 1, "signature": 2}',
        b'{"document": {"a": "\\ud800"}, "signature": ""}',
        b"\xff\xfe",
        b"null",
        b"[" * 100_000,
    ],
)
def test_what_is_no_transcript_is_said_to_be_none(app: Flask, data: bytes) -> None:
    result = verification.verify_file(data)
    assert not result["genuine"]
    assert result["document"] is None


def test_chinese_is_drawn_with_an_embedded_font(member: Member, now: datetime) -> None:
    issued = issue(member, later(now))
    file = PdfReader(io.BytesIO(sealing.as_pdf(issued)))
    page = file.pages[0]
    assert "王晓" in page.extract_text()
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert {str(font["/BaseFont"]).split("+")[1] for font in fonts} == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts), "no font is only named"


def test_an_emoji_is_named_and_a_missing_character_refused_by_name() -> None:
    assert pdf.fitting("林静😀") == "林静[grinning face]"
    with pytest.raises(Refused, match="U\\+1D4D0"):
        pdf.fitting("name \U0001d4d0")


# Marks that their member may not see yet


def exam(member: Member, now: datetime, closes_at: datetime | None, scores: list[int]) -> Quiz:
    unit_id = db.session.scalars(select(Unit.id)).one()
    quiz = Quiz(
        slug="exam", title="Exam", unit_id=unit_id, mode=Mode.EXAM, paper={}, created_at=now, closes_at=closes_at
    )
    db.session.add(quiz)
    db.session.flush()
    for number, score in enumerate(scores, 1):
        attempt = {"quiz_id": quiz.id, "unit_id": unit_id, "number": number, "state": "closed", "layout": {}}
        marks = {"score": score, "full_marks": 10_000, "passed": score >= 6_000}
        times = {"started_at": now, "submitted_at": now, "closed_at": now}
        db.session.add(Attempt(member_id=member.id, **attempt, **marks, **times))
    db.session.flush()
    return quiz


def test_a_transcript_tells_no_mark_before_the_review_rules_do(member: Member, now: datetime) -> None:
    closes = now + timedelta(days=2)
    exam(member, now, closes, [9_000, 4_000])
    waiting = issue(member, later(now)).document
    said = json.dumps(waiting, ensure_ascii=False)
    assert [row[2:4] for row in waiting["tables"][1]["rows"]] == [["—", "尚未公布"]] * 2
    assert not any(mark in said for mark in ("90.00", "65.00", "50.00", "9 / 10", "4 / 10"))
    assert waiting["numbers"]["attempts"] == 2, "that they were sat is no secret"
    assert waiting["notes"] == ["有2次成绩尚未公布，未计入最高分、平均分和及格率。"]
    known = issue(member, closes + timedelta(minutes=1)).document
    assert [row[2] for row in known["tables"][1]["rows"]] == ["9 / 10", "4 / 10"]
    assert (known["numbers"]["best"], known["numbers"]["mean"]) == ("90.00", "65.00")
    assert (known["notes"], known["revision"]) == ([], 2)


def test_the_sheet_of_the_unit_has_the_marks_that_a_transcript_waits_for(member: Member, now: datetime) -> None:
    exam(member, now, now + timedelta(days=2), [9_000])
    span = spans.of_period(parse_period("2026"), later(now))
    (line,) = numbers.sheet(db.session.scalars(select(Unit)).one(), span)
    assert (line.attempts, line.best) == (1, 90)
    assert document.facts(member, span).line.best is None


def test_marks_that_are_shown_at_once_are_on_the_transcript_at_once(member: Member, now: datetime) -> None:
    quiz = exam(member, now, now + timedelta(days=2), [9_000])
    quiz.review = {"after": ["mark"], "later": ["mark"], "closed": ["mark"]}
    db.session.flush()
    assert issue(member, later(now)).document["numbers"]["best"] == "90.00"
