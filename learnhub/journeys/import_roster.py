"""A roster comes in: read, compared with who is known, shown beforehand, mended, written, and taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from learnhub.audit import imports
from learnhub.audit.imports import Report
from learnhub.audit.models import Import, ImportState
from learnhub.audit.trail import Actor, record
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.sealing import unseal
from learnhub.kernel.sql import is_sqlite, locked
from learnhub.kernel.words import Message, _
from learnhub.organisations import units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.roster import comparing, details, known, lines, making, reversal, storing
from learnhub.organisations.roster.asking import Asked
from learnhub.organisations.roster.columns import Field
from learnhub.organisations.roster.comparing import Judged, Plan, Progress, Terms, Verdict, silent
from learnhub.organisations.roster.details import Details
from learnhub.organisations.roster.finding import UnitFinder
from learnhub.organisations.roster.reading import Reading, RosterRow, Wanted, read
from learnhub.organisations.scope import Scope, scope_of

KIND = "roster"
MANAGE = Permission.MANAGE_MEMBERS
KEPT_LOOKS = timedelta(days=7)
"""So long after it was accepted the files of a roster's lines are looked for, to be removed."""
MOST_NAMED = 200
"""So many missing members are named in a report; all are counted."""


@dataclass(frozen=True)
class Looked:
    """A roster as it would come in."""

    reading: Reading
    plan: Plan
    finder: UnitFinder
    people: dict[int, comparing.Known]
    to_make: Mapping[str, int]
    """Units that would be made, as the file calls them."""
    elsewhere: list[int]
    """Units beside the one that the file was brought to, of which it tells something."""
    details: Details

    @property
    def ready(self) -> bool:
        """Whether the columns are known without which nothing can be read."""
        return {Field.NUMBER, Field.NAME} <= set(self.reading.columns)

    @property
    def writes(self) -> int:
        """How many rows would be written."""
        counts = self.plan.counts
        return counts[Verdict.NEW] + counts[Verdict.CHANGED] + counts[Verdict.TRANSFER]

    def report(self) -> Report:
        """The report before anything is written; `refused` and `warnings` are Messages."""
        counts, plan = self.plan.counts, self.plan
        warnings: list[Message | str] = list(self.reading.warnings)
        if self.to_make:
            warnings.append(_("%(n)s units would be made.", n=len(self.to_make)))
        if plan.missing:
            warnings.append(
                _("%(n)s members of these units are not in the file. They stay as they are.", n=len(plan.missing))
            )
        return {
            "format": self.reading.format,
            "imported": counts[Verdict.NEW],
            "updated": counts[Verdict.CHANGED] + counts[Verdict.TRANSFER],
            "transferred": counts[Verdict.TRANSFER],
            "skipped": counts[Verdict.SAME],
            "refused": [
                {"where": one.row.where, "reason": one.reason} for one in plan.rows if one.verdict is Verdict.REFUSED
            ],
            "missing": len(plan.missing),
            "missing_numbers": [one.number for one in plan.missing[:MOST_NAMED]],
            "present": plan.present,
            "warnings": warnings,
            "ids": [],
            "undo": None,
        }


def look(
    data: bytes,
    file_name: str,
    *,
    unit: Unit,
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
    progress: Progress = silent,
) -> Looked:
    """Read a roster and compare it with who is known. Refused when it can't be read at all."""
    asked = asked or Asked()
    units.require_open(unit.id)
    own = details_for(unit, actor, now)
    wanted = Wanted(asked.columns or {}, own.by_title, asked.details or {})
    reading = read(data, file_name, encoding=asked.encoding, wanted=wanted)
    rows = _mended(reading.rows, asked.rows or {}, own)
    reach = _reach(actor, now)
    if reach is not None and unit.id not in reach:
        raise NotAllowed(_("You don't manage the members of %(unit)s.", unit=unit.name))
    finder = UnitFinder(reach if reach is not None else set(db.session.scalars(select(Unit.id))))
    today = local_date(now, house.zone)
    people = known.people(sorted({row.number for row in rows if row.number}), reach, today, now, actor.id)
    to_make: dict[str, int] = {}
    if asked.create_units:
        _require_maker(actor, unit, now)
        to_make = {text: -at for at, text in enumerate(comparing.unknown_units(rows, finder), 1)}
    by_id = {one.id: one for one in people.known.values()}
    held = details.held(own, reading.details, sorted(by_id))
    told = own, reading.titles_of_details, held
    terms = Terms(finder, unit.id, today, people.foreign, people.taken, to_make, *told)
    plan = Plan(comparing.judge(rows, people.known, terms, progress))
    _note_missing(plan, rows, terms)
    return Looked(reading, plan, finder, by_id, to_make, _elsewhere(plan, people.known.values(), unit), own)


def details_for(unit: Unit, actor: Actor, now: datetime) -> Details:
    """The organisation's own fields that somebody may bring into a unit."""
    return details.offered(scope_of(actor.member.id, now) if actor.member is not None else None, unit.id)


def _elsewhere(plan: Plan, people: Iterable[comparing.Known], unit: Unit) -> list[int]:
    told = {one for row in plan.rows for one in (row.unit_id, *row.more_unit_ids) if one is not None and one > 0}
    told |= {one.unit_id for one in people if one.unit_id is not None}
    return sorted(told - set(db.session.scalars(units.below(unit.id))))


def _mended(rows: list[RosterRow], mended: Mapping[str, Mapping[str, Any] | None], own: Details) -> list[RosterRow]:
    return [
        _with(row, change, own) if change else row for row in rows if (change := mended.get(row.where, {})) is not None
    ]


def _with(row: RosterRow, change: Mapping[str, Any], own: Details) -> RosterRow:
    sealed = change.get("details", {})
    details = {key: unseal(text.encode()) for key, text in sealed.items() if key in own.fields}
    return replace(row, **{**change, "details": {**row.details, **details}})


def _reach(actor: Actor, now: datetime) -> set[int] | None:
    """The units that the actor manages; None, all of them, for the system."""
    if actor.member is None:
        return None
    scope = scope_of(actor.member.id, now)
    if units.root().id in scope.roots(Permission.ADMINISTER):
        return None
    return set(db.session.scalars(scope.unit_ids(Permission.MANAGE_MEMBERS)))


def _require_maker(actor: Actor, unit: Unit, now: datetime) -> None:
    if actor.member is not None and not scope_of(actor.member.id, now).reaches(Permission.ADMINISTER, unit.id):
        raise Refused(_("Units are made by an administrator. Import without making units, or ask one."))


def _note_missing(plan: Plan, rows: list[RosterRow], terms: Terms) -> None:
    """Who belongs to the units that the file names, and is not in it."""
    named = {one.unit_id for one in plan.rows if one.unit_id is not None and one.unit_id > 0}
    numbers = {row.number for row in rows}
    there = known.belonging(named, terms.today)
    plan.present = len(there)
    plan.missing = [one for one in there if one.number not in numbers]


def dry_run(
    data: bytes, file_name: str, *, unit: Unit, actor: Actor, now: datetime, asked: Asked | None = None
) -> Report:
    """The report of an import that is not carried out, with every row and what it would do."""
    looked = look(data, file_name, unit=unit, actor=actor, now=now, asked=asked)
    _require_columns(looked)
    return {**looked.report(), "rows": [comparing.as_json(one) for one in looked.plan.rows]}


def carry_out(
    data: bytes, file_name: str, *, unit: Unit, actor: Actor, now: datetime, asked: Asked | None = None
) -> Report:
    """Bring a roster at once. Members who are missing in it are listed and stay.

    Where nothing was to be written, `undo` is None.
    """
    _wait_for_others()
    looked = look(data, file_name, unit=unit, actor=actor, now=now, asked=asked)
    _require_columns(looked)
    if not looked.writes:
        return looked.report()
    digest = hashlib.sha256(data).hexdigest()
    row = imports.preview(
        KIND, looked.reading.format, file_name, digest, looked.report(), actor, unit.code, unit.id, now
    )
    return _write(row, looked, unit, actor, now)


def _require_columns(looked: Looked) -> None:
    if not looked.ready:
        raise Refused(_("Say which columns hold the number and the name; nothing can be read before."))


def preview(
    data: bytes, file_name: str, *, unit: Unit, actor: Actor, now: datetime, asked: Asked | None = None
) -> Import:
    """Keep a roster to be looked at before it is accepted. One that can't be read is refused and not kept."""
    asked = asked or Asked()
    looked = look(data, file_name, unit=unit, actor=actor, now=now, asked=asked)
    digest = house.files.put(data).digest
    report = kept_report(looked, asked)
    return imports.preview(KIND, looked.reading.format, file_name, digest, report, actor, unit.code, unit.id, now)


def kept_report(looked: Looked, asked: Asked) -> Report:
    """What is kept of a look: enough to show every row, and to know at the end that nothing changed since."""
    kept = lines.keep(looked.plan.lines(looked.finder))
    return {
        **looked.report(),
        "asked": asked.as_json(),
        "plan": looked.plan.digest(),
        "lines": kept,
        "looks": [kept],
        "titles": looked.reading.titles,
        "columns": {str(one): at for one, at in looked.reading.columns.items()},
        "details": looked.reading.details,
        "ready": looked.ready,
        "elsewhere": looked.elsewhere,
        "much_is_missing": looked.plan.much_is_missing,
    }


def look_again(row: Import, actor: Actor, now: datetime, progress: Progress = silent) -> Looked:
    """The roster of an import that was looked at before, compared with who is known now."""
    with house.files.open(row.file_digest) as kept:
        data = kept.read()
    unit = db.session.get_one(Unit, row.unit_id)
    return look(data, row.file_name, unit=unit, actor=actor, now=now, asked=asked_of(row), progress=progress)


def asked_of(row: Import) -> Asked:
    """How the file of an import is to be read."""
    return Asked.from_json(row.report.get("asked", {}))


def mend(row: Import, asked: Asked, actor: Actor, now: datetime) -> Looked:
    """Read the file of an import in another way, or with rows mended. Refused once it was accepted."""
    require_preview(row)
    row.report = {**row.report, "asked": asked.as_json()}
    looked = look_again(row, actor, now)
    note(row, kept_report(looked, asked))
    return looked


def note(row: Import, report: Report) -> None:
    """Keep what a look found (`kept_report`), and which files of lines were made for it."""
    looks = [*row.report.get("looks", []), *report["looks"]]
    row.format, row.report = report["format"], imports.stored({**report, "looks": looks})
    db.session.flush()


def forget_looks(now: datetime) -> None:
    """Remove the files of lines of rosters that were accepted of late: nobody looks at them any more."""
    lately = select(Import).where(Import.kind == KIND, Import.accepted_at >= now - KEPT_LOOKS)
    for row in db.session.scalars(lately):
        for digest in row.report.get("looks", []):
            house.files.remove(digest)
        row.report = {**row.report, "looks": []}


def accept(
    row: Import, actor: Actor, now: datetime, *, although_missing: bool = False, progress: Progress = silent
) -> Report:
    """Write a roster that was looked at: exactly what was shown, or nothing. `row` is locked by the caller.

    Conflict when somebody changed members since, so that the file would do something else; the preview then shows it.
    Refused when many members are missing and nobody said that this is meant (`although_missing`).
    """
    require_preview(row)
    _wait_for_others()
    looked = look_again(row, actor, now)
    if looked.plan.digest() != row.report.get("plan"):
        raise Conflict(_("Members changed since you looked at this file. Look at it again before you accept it."))
    if looked.plan.much_is_missing and not although_missing:
        raise Refused(_("Many members of these units are not in the file. Confirm that this is meant."))
    return _write(row, looked, db.session.get_one(Unit, row.unit_id), actor, now, progress)


def require_preview(row: Import) -> None:
    """Refused when a roster was accepted."""
    if row.state != ImportState.PREVIEWED:
        raise Refused(_("This import was accepted already."))


def _wait_for_others() -> None:
    """One roster at a time: the second waits for the first, and then sees what it wrote.

    On SQLite whoever writes is alone already.
    """
    if not is_sqlite():
        top = select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
        db.session.execute(top.with_for_update(key_share=True))


def _write(row: Import, looked: Looked, unit: Unit, actor: Actor, now: datetime, progress: Progress = silent) -> Report:
    made, places = making.make_units(looked.to_make, unit, actor, now)
    rows = [making.placed(one, places) for one in looked.plan.rows] if places else looked.plan.rows
    today = local_date(now, house.zone)
    written = storing.write(
        rows,
        looked.people,
        today,
        now,
        made_by=actor.id,
        source=f"roster:{row.id}",
        progress=progress,
        fields=looked.details.fields,
    )
    report = looked.report()
    report["undo"] = imports.name_of(row)
    report["ids"] = written.new
    asked = row.report.get("asked", {})
    kept = {**vars(written), "units": [str(one) for one in made]}
    looks = row.report.get("looks", [])
    report_kept = {**report, "asked": asked, "looks": looks, "kept": kept, "elsewhere": looked.elsewhere}
    imports.accept(row, report_kept, [int(one) for one in written.new], now)
    record(
        actor,
        "import.roster",
        "import",
        row.id,
        now,
        unit_id=unit.id,
        file=row.file_name,
        **{name: report[name] for name in ("imported", "updated", "transferred", "skipped", "missing")},
        refused=len(report["refused"]),
        undo=report["undo"],
    )
    _trace(rows, actor, now)
    return report


def _trace(rows: list[Judged], actor: Actor, now: datetime) -> None:
    """A line for each member who was changed: which fields, and the way of a transfer. Values stand in the history."""
    for one in rows:
        if one.verdict in {Verdict.CHANGED, Verdict.TRANSFER} and one.member_id is not None:
            moved = {name: list(pair) for name, pair in one.changes.items() if name == "unit"}
            record(
                actor,
                "member.changed",
                "member",
                one.member_id,
                now,
                unit_id=one.unit_id,
                fields=sorted(one.changes),
                changes=moved,
            )


def visible(scope: Scope, import_id: int, *, lock: bool = False) -> Import:
    """The import of a roster into a unit whose members the asker manages; otherwise NotFound.

    One that tells of other units too is for those who manage them all.
    """
    wanted = select(Import).where(
        Import.id == import_id, Import.kind == KIND, Import.unit_id.in_(scope.unit_ids(MANAGE))
    )
    row = db.session.scalar(locked(wanted) if lock else wanted)
    elsewhere = set(row.report.get("elsewhere", ())) if row is not None else set()
    if row is None or (elsewhere and not elsewhere <= set(db.session.scalars(scope.unit_ids(MANAGE)))):
        raise NotFound(_("There is no such import in your reach."))
    return row


def take_back(row: Import, actor: Actor, now: datetime) -> dict[str, int]:
    """Put everything back that an accepted roster changed, but for what somebody changed since.

    Who would go back into a closed unit stays where the roster brought them; the report names them (`unmoved`).
    """
    _wait_for_others()
    kept = row.report["kept"]
    today = local_date(now, house.zone)
    result, unmoved = reversal.take_back(kept, today, now, made_by=actor.id, source=f"roster:{row.id}")
    row.report = {**row.report, "unmoved": unmoved}
    gone = sum(units.remove_if_empty(int(one)) for one in reversed(kept["units"]))
    return {**result, "units": gone} if kept["units"] else result
