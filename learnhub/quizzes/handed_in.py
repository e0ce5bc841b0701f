"""Files handed in as answers: taken while the attempt is open, named by answers, found again by who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from sqlalchemy import Table, bindparam, func, select

from learnhub.kernel import file_types, lean
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.file_types import FileKind, FileType
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.quizzes import pace, papers
from learnhub.quizzes.deadlines import takes_saves
from learnhub.quizzes.models import Attempt, AttemptState, HandedInFile
from question_bank.kinds.file_upload import clean_name

HANDED_IN: Table = HandedInFile.__table__  # type: ignore[assignment]

MOST_PER_ATTEMPT = 200
"""Files that a member may upload in one attempt, those taken back counted too."""

_SORTS = {
    FileKind.IMAGE: "picture",
    FileKind.PDF: "pdf",
    FileKind.AUDIO: "audio",
    FileKind.VIDEO: "video",
    FileKind.TEXT: "text",
    FileKind.CAPTIONS: "text",
    FileKind.ARCHIVE: "archive",
}
_OFFICE = {".docx": "document", ".xlsx": "spreadsheet", ".pptx": "slides"}


@dataclass(frozen=True)
class Taken:
    """A file as an answer names it; `size` in bytes."""

    id: int
    digest: str
    name: str
    size: int

    @property
    def line(self) -> str:
        """The value of the form field that names it."""
        return f"{self.digest}/{self.size}/{self.name}"


def sort_of(found: FileType) -> str:
    """Which of the sorts of `question_bank.kinds.file_upload` a file is."""
    return _SORTS.get(found.kind) or _OFFICE.get(found.extension, "document")


def take(attempt: Attempt, slot_number: int, key: str, source: BinaryIO, file_name: str, now: datetime) -> Taken:
    """Keep a file for the answer in a slot of an open attempt (`key`: of the question inside a case).

    Conflict with `code="closed"` after the end. Refused when the question takes no files, none of this sort or size,
    or too many were uploaded.
    """
    if attempt.state != AttemptState.OPEN or not takes_saves(now, attempt.deadline, papers.grace_of(attempt.layout)):
        raise Conflict(_("This attempt is over; answers are no longer taken."), code="closed")
    pace.require_here(attempt, slot_number, now, papers.grace_of(attempt.layout))
    content = _content(attempt, slot_number, key)
    name = clean_name(PurePosixPath(file_name.replace("\\", "/")).name)
    size = source.seek(0, 2)
    source.seek(0)
    if size > content["largest"]:
        raise Refused(_("“%(name)s” has more than %(n)s MB.", name=name, n=content["largest"] // 1_000_000 or 1))
    found = file_types.detect(source.read(file_types.HEAD), name, lambda: _again(source))
    if content["accept"] and sort_of(found) not in content["accept"]:
        raise Refused(_("“%(name)s” is not of a sort that this question takes.", name=name))
    taken = db.session.scalar(select(func.count()).select_from(HANDED_IN).where(*_of(attempt.member_id, attempt.id)))
    if (taken or 0) >= MOST_PER_ATTEMPT:
        raise Refused(_("At most %(n)s files can be uploaded in one attempt.", n=MOST_PER_ATTEMPT))
    source.seek(0)
    stored = house.files.put(source)
    row = HandedInFile(
        member_id=attempt.member_id,
        attempt_id=attempt.id,
        slot=slot_number,
        digest=stored.digest,
        name=name,
        size=stored.size,
        media_type=found.media_type,
        uploaded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return Taken(row.id, row.digest, row.name, row.size)


class _Kept:
    """The upload's own file for who wants to read it whole and close it: closing leaves it open for us."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def __enter__(self) -> _Kept:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing: who brought the file closes it."""


def _again(source: BinaryIO) -> Any:
    source.seek(0)
    return _Kept(source)


def _content(attempt: Attempt, slot_number: int, key: str) -> dict[str, Any]:
    """The content of the question that takes files; Refused when there is none."""
    asked = papers.asked(papers.slot_of(attempt.layout, slot_number).version_id)
    if asked.kind.name == "file_upload" and not key:
        return asked.content
    if asked.kind.name == "case":
        for question in asked.content["questions"]:
            if question["key"] == key and question["kind"] == "file_upload":
                content: dict[str, Any] = question["content"]
                return content
    raise Refused(_("This question takes no files."))


def named_in(response: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The files that a response names, those inside a case too."""
    yield from response.get("files", [])
    answers = response.get("answers")
    for one in answers.values() if isinstance(answers, dict) else ():
        if isinstance(one, dict):
            yield from one.get("files", [])


_THERE = lean.Statement(
    select(HANDED_IN.c.digest, HANDED_IN.c.name, HANDED_IN.c.size).where(
        HANDED_IN.c.member_id == bindparam("of_member"),
        HANDED_IN.c.attempt_id == bindparam("of_attempt"),
        HANDED_IN.c.slot == bindparam("in_slot"),
    )
)


def check(member_id: int, attempt_id: int, slot_number: int, response: dict[str, Any]) -> None:
    """Refused when a response names a file that was not uploaded for this answer; no statement where it names none."""
    named = {(one["digest"], one["name"], one["size"]) for one in named_in(response)}
    if not named:
        return
    there = lean.here().all(_THERE, of_member=member_id, of_attempt=attempt_id, in_slot=slot_number)
    if named - set(there):
        raise Refused(_("A file of this answer was not uploaded here. Upload it again."))


def find(member_id: int, attempt_id: int, slot_number: int, digest: str) -> HandedInFile:
    """A file that a member uploaded for an answer; NotFound otherwise. The caller found the attempt for who asks."""
    found = db.session.scalar(
        select(HandedInFile)
        .where(*_of(member_id, attempt_id), HANDED_IN.c.slot == slot_number, HANDED_IN.c.digest == digest)
        .order_by(HANDED_IN.c.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(_("There is no such file."))
    return found


def digests(member_id: int) -> set[str]:
    """The contents of all files that a member handed in."""
    return set(db.session.scalars(select(HANDED_IN.c.digest).where(HANDED_IN.c.member_id == member_id)))


def _of(member_id: int, attempt_id: int) -> tuple[Any, ...]:
    return HANDED_IN.c.member_id == member_id, HANDED_IN.c.attempt_id == attempt_id
