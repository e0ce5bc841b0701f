"""A roster against what is known: for each row what it would do, or why it is refused. Nothing is written here."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from learnhub.identity.members import clean_name, normal_email
from learnhub.identity.models import MemberState
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _, place
from learnhub.organisations.roster.details import Changes, Details
from learnhub.organisations.roster.finding import SEVERAL, UnitFinder
from learnhub.organisations.roster.reading import RosterRow, day_of, is_damaged

_NUMBER = re.compile(r"[^\s\x00-\x1f,;|]{1,64}")
_PHONE = re.compile(r"\+?[0-9][0-9()\-]{4,30}")
_EMAIL = re.compile(r"[^@\s,;]{1,64}@[^@\s,;]+\.[^@\s,;.]+")

Progress = Callable[[int, int], None]
"""Told now and then how many rows of how many are through."""
STEP = 1_000
"""Rows after which progress is told."""


def silent(_done: int, _total: int) -> None:
    """Progress that nobody asked for."""


class Verdict(StrEnum):
    """What a row does."""

    NEW = "new"
    CHANGED = "changed"
    TRANSFER = "transfer"
    SAME = "same"
    REFUSED = "refused"
    MISSING = "missing"
    """Of a member, not of a row: in the units that the file names, and not in the file."""


@dataclass(frozen=True)
class Known:
    """A member as stored: what a roster can change, and where he or she belongs today (None: nowhere)."""

    id: int
    number: str
    name: str
    phone: str
    email: str
    post: str
    state: str
    unit_id: int | None
    unit_ids: frozenset[int]
    since: date | None = None
    """The day from which the member belongs to the unit."""
    moves_later: bool = False
    guarded: bool = False
    """Holds a role that whoever imports could not give."""
    until: date | None = None
    """The day from which the member belongs nowhere any more."""

    @property
    def values(self) -> dict[str, str]:
        """What a roster can change, by field."""
        return {"name": self.name, "phone": self.phone, "email": self.email, "post": self.post}


@dataclass(frozen=True)
class Judged:
    """A row, what it does, and the values that it would store."""

    row: RosterRow
    verdict: Verdict
    reason: Message | str | None = None
    member_id: int | None = None
    unit_id: int | None = None
    more_unit_ids: tuple[int, ...] = ()
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Field → before and after, as people read them."""
    starts_on: date | None = None
    details: Changes = field(default_factory=dict)
    """What it would write into the organisation's own fields, in plain; `changes` shows it, sensitive values masked."""


@dataclass
class Plan:
    """Every row with its verdict, and who is missing in the units that the file names."""

    rows: list[Judged]
    missing: list[Known] = field(default_factory=list)
    present: int = 0
    """How many belong to the units that the file names today."""

    @property
    def counts(self) -> Counter[Verdict]:
        """How many rows of each verdict."""
        return Counter(one.verdict for one in self.rows)

    @property
    def much_is_missing(self) -> bool:
        """Whether more than one in twenty of those who belong to the named units is not in the file."""
        return len(self.missing) * 20 > self.present

    def lines(self, finder: UnitFinder) -> list[Judged]:
        """All rows, and after them a line for each who is missing."""
        return self.rows + [
            Judged(
                RosterRow("", one.number, one.name, finder.path_of(one.unit_id) if one.unit_id else "", one.post),
                Verdict.MISSING,
                _("Not in the file; stays as before."),
                one.id,
            )
            for one in self.missing
        ]

    def digest(self) -> str:
        """The same for two plans that would do the same: what was looked at is what is written, or nothing."""
        lines = [
            [one.row.where, one.verdict, one.member_id, one.unit_id, one.more_unit_ids, sorted(one.changes.items())]
            + ([sorted(one.details.items())] if one.details else [])
            for one in self.rows
        ]
        text = json.dumps([lines, sorted(one.id for one in self.missing)], ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Terms:
    """Under which terms rows are judged: the units in reach, the unit for rows that name none, the day."""

    finder: UnitFinder
    default_unit_id: int
    today: date
    foreign: Collection[str] = ()
    """Numbers of members who belong to units out of reach."""
    taken: Collection[str] = ()
    """Numbers, in small letters, that are the sign-in names of other members."""
    to_make: Mapping[str, int] = field(default_factory=dict)
    """Units that are made with the import: what the file calls them → a stand-in id."""
    details: Details = field(default_factory=Details)
    titles: Mapping[str, str] = field(default_factory=dict)
    """What the file calls the organisation's own fields, by their keys."""
    held: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Member → what these fields hold now."""


def judge(
    rows: Sequence[RosterRow], known: Mapping[str, Known], terms: Terms, progress: Progress = silent
) -> list[Judged]:
    """The verdict on each row. A number that comes twice is refused the second time."""
    seen: dict[str, RosterRow] = {}
    judged = []
    for at, row in enumerate(rows):
        if at % STEP == 0:
            progress(at, len(rows))
        bare = replace(row, details={}) if row.details else row
        try:
            _check_number(bare, seen)
            said = terms.details.read(row.details, terms.titles)
            judged.append(_judge(bare, known.get(row.number), terms, said))
        except Refused as refusal:
            judged.append(Judged(bare, Verdict.REFUSED, refusal.message))
        if row.number:
            seen.setdefault(row.number.lower(), row)
    return judged


def _check_number(row: RosterRow, seen: Mapping[str, RosterRow]) -> None:
    if not row.number:
        raise Refused(_("The number is missing."))
    if is_damaged(row.number):
        raise Refused(
            _(
                "A spreadsheet shortened this number to %(number)s. Make the column text and enter it again.",
                number=row.number,
            )
        )
    if not _NUMBER.fullmatch(row.number):
        raise Refused(_("The number “%(number)s” can't be used.", number=row.number[:80]))
    first = seen.get(row.number.lower())
    if first is not None:
        raise Refused(
            _("The number %(number)s stands already at %(first)s.", number=row.number, first=place(first.where))
        )


def _judge(row: RosterRow, member: Known | None, terms: Terms, said: Mapping[str, str]) -> Judged:
    if member is None and row.number in terms.foreign:
        raise Refused(_("This number belongs to a member of a unit out of your reach. Ask for a transfer."))
    if member is None and row.number.lower() in terms.taken:
        raise Refused(_("%(number)s is the sign-in name of another member.", number=row.number))
    values = values_of(row)
    units = _units(row, terms)
    starts_on = day_of(row.since) if row.since else None
    if member is None:
        if not values["name"]:
            raise Refused(_("The name is missing."))
        first, *more = units or [terms.default_unit_id]
        own = {key: ("", value) for key, value in said.items()}
        terms.details.check(own, [first if first > 0 else terms.default_unit_id])
        return Judged(row, Verdict.NEW, None, None, first, tuple(more), terms.details.shown(own), starts_on, own)
    if member.state == MemberState.ERASED:
        raise Refused(_("What belonged to this number was erased. Give the person a new number."))
    stored = member.values
    changes = {name: (stored[name], value) for name, value in values.items() if value and value != stored[name]}
    unit_id = units[0] if units else member.unit_id or terms.default_unit_id
    held = terms.held.get(member.id, {})
    own = {key: (held.get(key, ""), value) for key, value in said.items() if value != held.get(key, "")}
    changes |= terms.details.shown(own)
    others = tuple(one for one in units[1:] if one not in member.unit_ids)
    moves = unit_id != member.unit_id
    if moves:
        before = terms.finder.path_of(member.unit_id) if member.unit_id else ""
        changes["unit"] = (before, _shown(unit_id, row, terms))
    if not changes and not others and member.state != MemberState.LEFT:
        return Judged(row, Verdict.SAME, None, member.id, unit_id)
    if member.guarded:
        raise Refused(_("%(name)s holds a role; ask an administrator to change this.", name=member.name))
    terms.details.check(own, [member.unit_id or terms.default_unit_id, unit_id])
    if moves:
        _check_day(member, starts_on or terms.today)
    verdict = Verdict.TRANSFER if moves and member.unit_id is not None else Verdict.CHANGED
    return Judged(row, verdict, None, member.id, unit_id, others, changes, starts_on, own)


def _check_day(member: Known, on: date) -> None:
    if member.since is not None and on < member.since:
        raise Refused(_("A transfer can't come before the day of joining (%(day)s).", day=member.since.isoformat()))
    if member.until is not None and on < member.until:
        raise Refused(_("Nobody comes back before the day of leaving (%(day)s).", day=member.until.isoformat()))
    if member.moves_later:
        raise Refused(_("A transfer of this member is planned already; take it back first."))


def _shown(unit_id: int, row: RosterRow, terms: Terms) -> str:
    return row.unit if unit_id in terms.to_make.values() else terms.finder.path_of(unit_id)


def values_of(row: RosterRow) -> dict[str, str]:
    """What a row says, as it is stored; empty where it says nothing. Refused when it can't be stored."""
    email = normal_email(row.email) or ""
    if email and not _EMAIL.fullmatch(email):
        raise Refused(_("“%(email)s” is not an e-mail address.", email=row.email))
    if row.phone and is_damaged(row.phone):
        raise Refused(
            _(
                "A spreadsheet shortened this number to %(number)s. Make the column text and enter it again.",
                number=row.phone,
            )
        )
    if row.phone and not _PHONE.fullmatch(row.phone):
        raise Refused(_("“%(phone)s” is not a telephone number.", phone=row.phone))
    return {"name": clean_name(row.name) if row.name else "", "phone": row.phone, "email": email, "post": row.post[:80]}


def _units(row: RosterRow, terms: Terms) -> list[int]:
    found: list[int] = []
    for text in SEVERAL.split(row.unit) if row.unit else ():
        if not text:
            continue
        one = terms.to_make[text] if text in terms.to_make else terms.finder.find(text)
        if one not in found:
            found.append(one)
    return found


def unknown_units(rows: Sequence[RosterRow], finder: UnitFinder) -> Iterator[str]:
    """What the file calls units that are not there, each once."""
    seen: set[str] = set()
    for row in rows:
        for text in SEVERAL.split(row.unit) if row.unit else ():
            if text and text not in seen:
                seen.add(text)
                try:
                    finder.find(text)
                except Refused:
                    yield text


def as_json(one: Judged) -> dict[str, Any]:
    """A row for a program: where it stands, what it does and why."""
    return {
        "where": one.row.where,
        "number": one.row.number,
        "name": one.row.name,
        "verdict": str(one.verdict),
        "reason": one.reason,
        "changes": {name: {"before": before, "after": after} for name, (before, after) in one.changes.items()},
    }
