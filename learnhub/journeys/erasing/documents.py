"""What was written down whole: transcripts, answers and their history, rosters and sheets with their files."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Table, Text, cast, or_, select, update

from courses.models import Asset
from learnhub.audit.models import Import, ImportState
from learnhub.journeys import import_roster
from learnhub.journeys.erasing.words import Words
from learnhub.kernel import signing
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError
from learnhub.kernel.house import house
from learnhub.kernel.leases import DONE
from learnhub.organisations.profile.models import MemberPhoto
from learnhub.organisations.roster.reading import Wanted, read
from learnhub.quizzes.conduct.models import LateDecision, LikenessDecision
from learnhub.quizzes.models import AnswerVersion, HandedInFile, HandMark, TimeGrant
from learnhub.quizzes.taken_back_models import GrantTakenBack
from learnhub.transcripts.document import canonical
from learnhub.transcripts.models import ExportJob, IssuedTranscript

TRANSCRIPT: Table = IssuedTranscript.__table__  # type: ignore[assignment]
VERSION: Table = AnswerVersion.__table__  # type: ignore[assignment]
HAND_MARK: Table = HandMark.__table__  # type: ignore[assignment]
LIKENESS: Table = LikenessDecision.__table__  # type: ignore[assignment]
BACK: Table = GrantTakenBack.__table__  # type: ignore[assignment]
LATE: Table = LateDecision.__table__  # type: ignore[assignment]


def clean(words: Words, erasure_id: int, files: set[str], now: datetime) -> None:
    """Take the person out of all of them, and remove `files` (photos, answers) with those that nobody needs any more.

    Files go last: they don't come back when something fails.
    """
    _clean_transcripts(words, erasure_id)
    _clean_versions(words, erasure_id)
    _clean_comments(words, erasure_id)
    _clean_takings(words, erasure_id)
    unneeded = files | _clean_imports(words) | _end_exports(now)
    db.session.flush()
    for digest in unneeded - _still_needed(unneeded):
        house.files.remove(digest)


def _clean_transcripts(words: Words, erasure_id: int) -> None:
    """The figures stay, under the pseudonym and a new signature. The old one held the name, and so did its digest;
    the fingerprint too is replaced, alike where it was alike, since a name could be guessed from it."""
    fingerprints: dict[str, str] = {}
    for row in db.session.execute(select(TRANSCRIPT).where(TRANSCRIPT.c.member_id == words.member_id)).all():
        document = words.take_out(row.document)
        before = row.document["member"]
        exact = {before["name"]: words.pseudonym, before["number"]: words.code}
        document["member"] = {"name": words.pseudonym, "number": words.code}
        document["head"] = [[label, exact.get(value, words.take_out(value))] for label, value in row.document["head"]]
        document["fingerprint"] = fingerprints.setdefault(row.document["fingerprint"], secrets.token_hex(32))
        said = canonical(document)
        db.session.execute(
            update(TRANSCRIPT)
            .where(TRANSCRIPT.c.id == row.id)
            .values(
                document=document,
                digest=hashlib.sha256(said).hexdigest(),
                signature=signing.sign(said, house.signing_key),
                redacted_by=erasure_id,
            )
        )


def _clean_versions(words: Words, erasure_id: int) -> None:
    own = select(VERSION.c.attempt_id, VERSION.c.slot, VERSION.c.id, VERSION.c.response)
    for row in db.session.execute(own.where(VERSION.c.member_id == words.member_id)).all():
        after = words.take_out(row.response)
        if after != row.response:
            same = (VERSION.c.member_id == words.member_id, VERSION.c.attempt_id == row.attempt_id)
            db.session.execute(
                update(VERSION)
                .where(*same, VERSION.c.slot == row.slot, VERSION.c.id == row.id)
                .values(response=after, redacted_by=erasure_id)
            )


def _clean_comments(words: Words, erasure_id: int) -> None:
    """What markers wrote to the person, and what the person wrote as a marker."""
    for table, text in ((HAND_MARK, "comment"), (LATE, "reason"), (LIKENESS, "reason")):
        people = {"member_id", "other_id", "marker_id", "decided_by"} & set(table.c.keys())
        about = or_(*(table.c[one] == words.member_id for one in sorted(people)))
        for row in db.session.execute(select(table.c.id, table.c[text].label("text")).where(about)).all():
            after = words.take_out(row.text)
            if after != row.text:
                same = (about, table.c.id == row.id)
                db.session.execute(update(table).where(*same).values({text: after, "redacted_by": erasure_id}))


def _clean_takings(words: Words, erasure_id: int) -> None:
    """Why time was taken back from the person, or by them."""
    of_person = select(TimeGrant.id).where(TimeGrant.member_id == words.member_id)
    about = or_(BACK.c.taken_by == words.member_id, BACK.c.grant_id.in_(of_person))
    for row in db.session.execute(select(BACK.c.grant_id, BACK.c.reason).where(about)).all():
        after = words.take_out(row.reason)
        if after != row.reason:
            values = {"reason": after, "redacted_by": erasure_id}
            db.session.execute(update(BACK).where(BACK.c.grant_id == row.grant_id).values(values))


def _clean_imports(words: Words) -> set[str]:
    """Reports lose the person, and can't bring the person back when they are taken back. The digests of the files
    that nobody needs any more: rosters that were written, and those that wait and name the person."""
    unneeded: set[str] = set()
    report = cast(Import.report, Text)
    for row in db.session.scalars(select(Import).where(Import.kind == import_roster.KIND)):
        names_person = row.state == ImportState.PREVIEWED and _names(row, words)
        if row.state != ImportState.PREVIEWED or names_person:
            unneeded |= {row.file_digest, *_lines(row)}
        if names_person:
            row.report = {key: value for key, value in row.report.items() if key != "lines"} | {"asked": {}}
    named = or_(
        *(report.contains(word, autoescape=True) for word in (words.id_text, *words.names)),
        *(Import.file_name.icontains(word, autoescape=True) for word in (*words.telling, *words.people)),
        Import.actor_id == words.member_id,
    )
    for row in db.session.scalars(select(Import).where(named)):
        row.report = _without_person(row.report, words)
        row.file_name = words.take_out(row.file_name)
    return unneeded


def _lines(row: Import) -> set[str]:
    """The files of judged lines that a roster's page showed, one for each time it was looked at."""
    return set(row.report.get("looks", []))


def _names(row: Import, words: Words) -> bool:
    """Whether the file of a roster that waits names the person; one that can't be read any more is taken for yes."""
    asked = import_roster.asked_of(row)
    try:
        with house.files.open(row.file_digest) as kept:
            reading = read(kept.read(), row.file_name, encoding=asked.encoding, wanted=Wanted(asked.columns or {}))
    except DomainError:
        return True
    return any(
        words.take_out([one.number, one.name, one.phone, one.email]) != [one.number, one.name, one.phone, one.email]
        for one in reading.rows
    )


def _without_person(report: dict[str, Any], words: Words) -> dict[str, Any]:
    cleaned: dict[str, Any] = words.take_out(report)
    if "kept" in cleaned and "new" in cleaned["kept"]:
        kept = cleaned["kept"]
        cleaned["kept"] = {
            **kept,
            "new": [one for one in kept["new"] if one != words.id_text],
            "changed": {key: value for key, value in kept["changed"].items() if key != words.id_text},
            "moved": {key: value for key, value in kept["moved"].items() if key != words.id_text},
        }
        cleaned["asked"] = {**cleaned.get("asked", {}), "rows": {}}
    return cleaned


def _end_exports(now: datetime) -> set[str]:
    """Sheets that were written before name the person; they can be written again."""
    ended: set[str] = set()
    for job in db.session.scalars(select(ExportJob).where(ExportJob.state == DONE, ExportJob.file_digest != "")):
        ended.add(job.file_digest)
        job.file_digest = ""
        job.expires_at = min(job.expires_at or now, now)
    return ended


def _still_needed(digests: set[str]) -> set[str]:
    """Those contents that something else refers to as well."""
    waiting = (Import.file_digest.in_(digests), Import.state == ImportState.PREVIEWED)
    others = (Import.file_digest.in_(digests), Import.kind != import_roster.KIND)
    waits = {
        row.file_digest
        for row in db.session.scalars(select(Import).where(*waiting))
        if row.report.get("asked") != {} or row.kind != import_roster.KIND
    }
    return {
        *waits,
        *db.session.scalars(select(Import.file_digest).where(*others)),
        *db.session.scalars(select(MemberPhoto.digest).where(MemberPhoto.digest.in_(digests))),
        *db.session.scalars(select(HandedInFile.digest).where(HandedInFile.digest.in_(digests))),
        *db.session.scalars(select(Asset.digest).where(Asset.digest.in_(digests))),
    }
