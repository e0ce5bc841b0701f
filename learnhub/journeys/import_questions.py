"""A file of questions comes into a bank: read, compared with what is there, shown beforehand, written, reported."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from learnhub.audit import imports
from learnhub.audit.imports import Report
from learnhub.audit.models import Import, ImportState
from learnhub.audit.trail import Actor, record
from learnhub.authorship import hands, works
from learnhub.authorship.models import Act, Work
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.kernel.house import house
from learnhub.kernel.sql import locked
from learnhub.kernel.words import Message, _
from learnhub.organisations.models import Unit
from learnhub.organisations.scope import scope_of
from question_bank import authoring, catalogue, formats
from question_bank.authoring import QuestionDraft
from question_bank.formats import listing
from question_bank.formats.reading import Refusal
from question_bank.models import Bank, QuestionState

KIND = "questions"


@dataclass(frozen=True)
class Judged:
    """A question of the file that can be asked, and why it is left out, if it is."""

    draft: QuestionDraft
    known: Message | None = None


@dataclass
class Looked:
    """A file as it would come in: its questions in order, those refused, and what the sender should know."""

    format: str
    questions: list[Judged] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)

    @property
    def new(self) -> list[Judged]:
        """What would be written."""
        return [one for one in self.questions if one.known is None]

    def report(self) -> Report:
        """The report before anything is written."""
        known = [one.known for one in self.questions if one.known is not None]
        return {
            "format": self.format,
            "imported": len(self.new),
            "updated": 0,
            "skipped": len(known),
            "refused": [{"where": one.where, "reason": one.reason} for one in self.refused],
            "warnings": [*self.warnings, *known],
            "ids": [],
            "undo": None,
        }


def look(
    data: bytes, file_name: str, bank: Bank | None, *, format: str = "auto", encoding: str | None = None
) -> Looked:
    """Read a file and compare it with the bank (None: there is none yet). Refused when it can't be read at all."""
    reading = formats.read(data, file_name, format, encoding)
    looked = Looked(reading.format, refused=list(reading.refused), warnings=list(reading.warnings))
    in_bank = authoring.known_fingerprints(bank) if bank is not None else {}
    in_file: dict[str, str] = {}
    for draft in reading.questions:
        print_ = authoring.fingerprint(draft)
        looked.questions.append(Judged(draft, _why_known(draft, print_, in_bank, in_file)))
        in_file.setdefault(print_, draft.where)
    return looked


def _why_known(draft: QuestionDraft, print_: str, in_bank: dict[str, int], in_file: dict[str, str]) -> Message | None:
    if print_ in in_file:
        return _("%(where)s: the same question stands at %(first)s; skipped.", where=draft.where, first=in_file[print_])
    if print_ in in_bank:
        return _("%(where)s: the bank has this question already; skipped.", where=draft.where)
    return None


def dry_run(
    data: bytes, file_name: str, *, format: str = "auto", encoding: str | None = None, bank_slug: str = ""
) -> Report:
    """The report of an import that is not carried out, with every question of the file."""
    bank = authoring.find_bank(bank_slug) if bank_slug else None
    looked = look(data, file_name, bank, format=format, encoding=encoding)
    return {**looked.report(), "questions": [listing.as_json(one.draft) for one in looked.questions]}


def carry_out(
    data: bytes,
    file_name: str,
    *,
    bank_slug: str,
    format: str = "auto",
    encoding: str | None = None,
    strict: bool = False,
    as_drafts: bool = False,
    actor: Actor,
    unit: Unit,
    now: datetime,
) -> Report:
    """Bring a file into a bank at once; a bank that does not exist is made and owned by the unit.

    `strict` writes nothing if a question is refused; `as_drafts` brings the questions in as drafts that wait for a
    review, instead of publishing them. Where nothing was written, `undo` is None.
    """
    bank = _bank(bank_slug, actor, unit, now)
    looked = look(data, file_name, bank, format=format, encoding=encoding)
    report = looked.report()
    if strict and looked.refused:
        stays = _("Nothing was imported: one question is refused, and the file was to come as a whole.")
        return {**report, "imported": 0, "skipped": 0, "warnings": [*report["warnings"], stays]}
    if not looked.questions:
        return report
    digest = hashlib.sha256(data).hexdigest()
    row = imports.preview(KIND, looked.format, file_name, digest, report, actor, bank_slug, unit.id, now)
    return _write(row, looked, bank, unit.id, actor, now, as_drafts)


def preview(
    data: bytes,
    file_name: str,
    *,
    bank: Bank,
    format: str = "auto",
    encoding: str | None = None,
    actor: Actor,
    unit_id: int,
    now: datetime,
) -> Import:
    """Keep a file to be looked at before it is accepted. A file that can't be read is refused and not kept."""
    looked = look(data, file_name, bank, format=format, encoding=encoding)
    report = {**looked.report(), "asked": {"format": format, "encoding": encoding}}
    digest = house.files.put(data).digest
    return imports.preview(KIND, looked.format, file_name, digest, report, actor, bank.slug, unit_id, now)


def look_again(row: Import) -> Looked:
    """What an import that waits to be accepted would write at this moment."""
    with house.files.open(row.file_digest) as file:
        data = file.read()
    asked = row.report.get("asked", {})
    return look(
        data,
        row.file_name,
        authoring.find_bank(row.target),
        format=asked.get("format") or "auto",
        encoding=asked.get("encoding"),
    )


def accept(row: Import, actor: Actor, now: datetime, *, as_drafts: bool = False) -> Report:
    """Write an import that was looked at, published or as drafts; `row` is locked by the caller.

    Refused when it was accepted before.
    """
    if row.state != ImportState.PREVIEWED:
        raise Refused(_("This import was accepted already."))
    bank = authoring.get_bank(row.target)
    if actor.member is not None:
        works.editable_bank(scope_of(actor.member.id, now), row.target)
    _lock(bank)
    return _write(row, look_again(row), bank, row.unit_id, actor, now, as_drafts)


def _bank(slug: str, actor: Actor, unit: Unit, now: datetime) -> Bank | None:
    """The bank of that slug, locked, if the actor may edit it; None when it is still to be made, by one who may."""
    bank = authoring.find_bank(slug)
    if actor.member is not None:
        scope = scope_of(actor.member.id, now)
        if bank is None:
            works.require_author(scope, unit.id)
        else:
            works.editable_bank(scope, slug)
    if bank is not None:
        _lock(bank)
    return bank


def _lock(bank: Bank) -> None:
    """Files come into a bank one after another, so that the same question can't come in twice at once."""
    db.session.execute(locked(select(Bank.id).where(Bank.id == bank.id)))


def _made(slug: str, unit_id: int, now: datetime) -> Bank:
    """A new bank; Conflict when somebody else makes it at this moment."""
    try:
        with db.session.begin_nested():
            bank = authoring.create_bank(slug, slug, now)
    except IntegrityError:
        raise Conflict(_("Somebody made this bank at the same moment. Import the file again.")) from None
    works.own(Work.BANK, bank.id, unit_id, now)
    return bank


def _write(
    row: Import,
    looked: Looked,
    bank: Bank | None,
    unit_id: int | None,
    actor: Actor,
    now: datetime,
    as_drafts: bool,
) -> Report:
    bank = bank or _made(row.target, int(unit_id or 0), now)
    state = QuestionState.DRAFT if as_drafts else QuestionState.PUBLISHED
    ids = authoring.add_questions(bank, [one.draft for one in looked.new], now, state)
    if as_drafts:
        hands.note(Act.WROTE, catalogue.version_ids(ids), actor.id, now)
    report = {**looked.report(), "ids": [str(one) for one in ids], "undo": imports.name_of(row), "bank": bank.slug}
    imports.accept(row, report, ids, now)
    record(
        actor,
        "import.questions",
        "bank",
        bank.id,
        now,
        unit_id=unit_id,
        file=row.file_name,
        imported=len(ids),
        undo=report["undo"],
    )
    return report
