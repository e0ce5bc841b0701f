"""A file of questions comes into a bank: read, compared with what is there, shown beforehand, written, reported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from learnhub.audit import imports
from learnhub.audit.imports import Report
from learnhub.audit.models import Import, ImportState
from learnhub.audit.trail import Actor, record
from learnhub.authorship import hands, works
from learnhub.authorship.models import Act, Work
from learnhub.journeys import bank_files
from learnhub.journeys.question_file import Looked, Stamp, find_near, items_of, look, stamp_of
from learnhub.kernel.db import aside, db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.sql import lock_again, locked
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit
from learnhub.organisations.scope import scope_of
from question_bank import authoring, catalogue, media, told_shapes
from question_bank.formats import listing, objects
from question_bank.formats.reading import Table
from question_bank.formats.sourced import Asked
from question_bank.models import Bank, QuestionState

KIND = "questions"


def dry_run(
    data: bytes, file_name: str, *, format: str = "auto", encoding: str | None = None, bank_slug: str = ""
) -> Report:
    """The report of an import that is not carried out, with every question of the file."""
    bank = authoring.find_bank(bank_slug) if bank_slug else None
    looked = look(data, file_name, bank, Asked(format, encoding), recall=True)
    find_near(looked, bank)
    return {
        **looked.report(),
        "questions": [listing.as_json(one.draft) for one in looked.questions],
        "verdicts": [one.as_json() for one in items_of(looked)],
    }


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
    review, instead of publishing them. Where nothing was written, `undo` is None. The file is read while others write,
    so what was not committed before is rolled back.
    """
    bank, asked = _bank(bank_slug, actor, unit, now), Asked(format, encoding)
    with aside():
        looked = look(data, file_name, bank, asked, recall=True)
        looked.make_ready()
    bank = _bank(bank_slug, actor, unit, now)
    if stamp_of(bank) != looked.stamp:
        looked = look(data, file_name, bank, looked.asked)
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
    looked: Looked | None = None,
) -> Import:
    """Keep a file to be looked at before it is accepted. A file that can't be read is refused and not kept. `looked` is
    what was read from it already (by `look`, for the desk).

    Its pictures and sounds are stored now, so that the preview shows them. A content that is stored twice takes its
    room once, and nothing refers to what is never accepted.
    """
    looked = looked or look(data, file_name, bank, Asked(format, encoding), at_desk=True, recall=True)
    bank_files.store(looked.files, [one.draft for one in looked.questions], now)
    digest = bank_files.keep(data, now)
    return imports.preview(
        KIND, looked.format, file_name, digest, _kept(looked, looked.asked), actor, bank.slug, unit_id, now
    )


def _kept(looked: Looked, asked: Asked) -> Report:
    """What the register keeps of a look; `shown` names the files that its page shows, so that they stay."""
    names = sorted(set().union(*(media.names_of(one.draft) for one in looked.questions)) & set(looked.files))
    return {**looked.report(), "asked": asked.as_json(), "shown": [media.address(name) for name in names]}


def asked_of(row: Import) -> Asked:
    """How the file of an import is to be read."""
    return Asked.from_json(row.report.get("asked", {}))


def look_again(row: Import, asked: Asked | None = None) -> Looked:
    """What an import that waits to be accepted would write at this moment, or would if it were read as `asked`.

    Refused, with what to do, when its file is not kept any more.
    """
    try:
        with house.files.open(row.file_digest) as file:
            data = file.read()
    except NotFound:
        raise Refused(_("The file of this import is not kept any more. Bring it in again."), expired=True) from None
    bank = authoring.find_bank(row.target)
    return look(data, row.file_name, bank, asked or asked_of(row), found=row.format, at_desk=True)


@dataclass(frozen=True)
class Seen:
    """What was read from the file of an import, and all that it depends on: how the file is read and corrected, and the
    state of the bank."""

    looked: Looked
    of: State

    def stands(self, row: Import, bank: Bank | None) -> bool:
        """Whether a look at this moment would be the same."""
        return self.of == state_of(row, stamp_of(bank))


State = tuple[str, str, str, Stamp]


def state_of(row: Import, stamp: Stamp) -> State:
    """All that a look at the file of an import depends on."""
    asked = json.dumps(row.report.get("asked", {}), sort_keys=True)
    return (row.file_digest, row.file_name, asked, stamp)


def keep(row: Import, looked: Looked, asked: Asked, before: Asked) -> None:
    """Note that the file of an import is read in this way from now on, and no longer as `before`.

    Conflict when somebody noted something else meanwhile.
    """
    lock_again(row)
    require_preview(row)
    if asked_of(row) != before:
        raise Conflict(_("This import was changed elsewhere at the same moment. Load the page again."))
    bank_files.store(looked.files, [one.draft for one in looked.questions], row.created_at)
    row.format, row.report = looked.format, imports.stored(_kept(looked, asked))
    db.session.flush()


def read_again(row: Import, format: str, encoding: str | None) -> None:
    """Read the file of an import as another format or in another encoding; what was corrected is given up.

    Refused, and nothing changed, when it can't be read that way.
    """
    _read_as(row, Asked(format, encoding))


Columns = Mapping[str, Mapping[int, str]]
Fields = Mapping[str, Mapping[str, str]]


def tell_columns(row: Import, columns: Columns, kinds: Fields, now: datetime) -> None:
    """Read the tables of an import with these columns (see `formats.columns.ROLES`), by the name of each table, and
    with what their codes of kinds mean. So is the next file with the same heads."""
    looked = _read_as(row, replace(asked_of(row), columns=columns, kinds=kinds, is_recalled=False))
    _remember(row, looked, looked.tables, now)


def tell_fields(row: Import, fields: Fields, kinds: Fields, now: datetime) -> None:
    """Read these lists of objects of an import with what their fields hold, all others as before. So is the next file
    that has them."""
    asked = asked_of(row)
    told = replace(asked, fields={**asked.fields, **fields}, kinds={**asked.kinds, **kinds}, is_recalled=False)
    looked = _read_as(row, told)
    _remember(row, looked, [table for table in looked.tables if table.name in fields], now)


def _remember(row: Import, looked: Looked, tables: list[Table], now: datetime) -> None:
    told_shapes.remember(authoring.get_bank(row.target).id, tables, now, are_lists=looked.format == objects.NAME)


def read_as_found(row: Import) -> None:
    """Read the tables and lists of an import as they were found, and forget what was told of such."""
    looked = _read_as(row, replace(asked_of(row), columns={}, fields={}, kinds={}, is_recalled=False))
    told_shapes.forget(authoring.get_bank(row.target).id, looked.tables, are_lists=looked.format == objects.NAME)


def _read_as(row: Import, asked: Asked) -> Looked:
    """The file is read while others write."""
    require_preview(row)
    before = asked_of(row)
    with aside():
        looked = look_again(row, asked)
    keep(row, looked, asked, before)
    return looked


def again(row: Import, actor: Actor, now: datetime) -> Import:
    """A new look at the file of an import that was taken back, read and corrected as it was then."""
    if row.state != ImportState.UNDONE:
        raise Refused(_("Only an import that was taken back can come in again."))
    asked = asked_of(row)
    with aside():
        looked = look_again(row)
    return imports.preview(
        KIND, row.format, row.file_name, row.file_digest, _kept(looked, asked), actor, row.target, row.unit_id, now
    )


def require_preview(row: Import) -> None:
    """Refused when an import was accepted."""
    if row.state != ImportState.PREVIEWED:
        raise Refused(_("This import was accepted already."))


def accept(row: Import, actor: Actor, now: datetime, *, as_drafts: bool = False, seen: Seen | None = None) -> Report:
    """Write an import that was looked at, published or as drafts; `row` is locked by the caller. What was `seen` before
    is written if it still stands; else the file is read once more.

    Refused when it was accepted before.
    """
    require_preview(row)
    bank = authoring.get_bank(row.target)
    if actor.member is not None:
        works.editable_bank(scope_of(actor.member.id, now), row.target)
    _lock(bank)
    looked = seen.looked if seen is not None and seen.stands(row, bank) else look_again(row)
    return _write(row, looked, bank, row.unit_id, actor, now, as_drafts)


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
    bank_files.store(looked.files, [one.draft for one in looked.new], now)
    state = QuestionState.DRAFT if as_drafts else QuestionState.PUBLISHED
    ids = authoring.add_questions(bank, looked.to_write(), now, state)
    if as_drafts:
        hands.note(Act.WROTE, catalogue.version_ids(ids), actor.id, now)
    report = {**looked.report(), "ids": [str(one) for one in ids], "undo": imports.name_of(row), "bank": bank.slug}
    imports.accept(row, {**report, "asked": row.report.get("asked", {})}, ids, now)
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
