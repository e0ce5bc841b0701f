"""The organisation's own fields in a roster: their columns, how a cell is read, what is stored and put back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select

from learnhub.identity.models import Member
from learnhub.kernel.cells import folded
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import upsert
from learnhub.kernel.words import _
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import fields, ranks, records, values
from learnhub.organisations.profile.models import Kind, MemberChange, MemberField, MemberValue
from learnhub.organisations.profile.ranks import Rank
from learnhub.organisations.roster.columns import plain
from learnhub.organisations.roster.reading import day_of
from learnhub.organisations.scope import Scope

VALUE: Table = MemberValue.__table__  # type: ignore[assignment]
CHANGE: Table = MemberChange.__table__  # type: ignore[assignment]
YES = frozenset(folded(word) for word in "yes y true 1 是 有 对 √ ✓".split())
NO = frozenset(folded(word) for word in "no n false 0 否 无 不是 × ✗".split())

Changes = Mapping[str, tuple[str, str]]
"""Field's key → before (empty: nothing) and after, in plain."""


@dataclass(frozen=True)
class Details:
    """The fields that whoever brings a roster may change, and where."""

    fields: Mapping[str, MemberField] = field(default_factory=dict)
    administered: frozenset[int] | None = None
    """Where fields of administrators may be changed; None: everywhere."""

    @property
    def by_title(self) -> dict[str, str]:
        """What a column may be called, as titles are compared → the field's key: its key, or its name in a language."""
        names: dict[str, str] = {}
        for key, one in self.fields.items():
            for name in (key, *one.label.values()):
                names.setdefault(plain(name), key)
        return names

    def read(self, cells: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, str]:
        """What the cells say, as it is stored. Refused, naming the column, where it can't be."""
        said = {}
        for key, text in cells.items():
            if text:
                try:
                    said[key] = _normal(self.fields[key], text)
                except Refused as refusal:
                    raise Refused(
                        _("“%(column)s”: %(reason)s", column=titles.get(key, key), reason=refusal.message)
                    ) from None
        return said

    def check(self, keys: Collection[str], unit_ids: Iterable[int | None]) -> None:
        """Refused when one of these fields of a member of these units is not for who brings the roster to change."""
        if self.administered is None or not keys:
            return
        above = {one for one in unit_ids if one is not None and one > 0} <= self.administered
        if above:
            return
        if not all(ranks.may_change(self.fields[key], Rank.SECRETARY) for key in keys):
            raise Refused(_("A field of this row is changed by administrators of the unit only."))

    def shown(self, changes: Changes) -> dict[str, tuple[str, str]]:
        """Changes as they are shown: the middle of sensitive values hidden."""
        return {
            key: (values.masked(self.fields[key], before or None) or "", values.masked(self.fields[key], after) or "")
            for key, (before, after) in changes.items()
        }


def offered(scope: Scope | None, unit_id: int) -> Details:
    """The fields that the scope's member may bring into a unit; without a scope (the system) all of them."""
    own = [one for one in fields.standing() if not one.built_in]
    if scope is None:
        return Details({one.key: one for one in own})
    administered = frozenset(db.session.scalars(scope.unit_ids(Permission.ADMINISTER)))
    rank = Rank.ADMINISTRATOR if unit_id in administered else Rank.SECRETARY
    return Details({one.key: one for one in own if ranks.may_change(one, rank)}, administered)


def _normal(one: MemberField, text: str) -> str:
    if one.kind == Kind.DATE:
        return day_of(text).isoformat()
    if one.kind == Kind.YES_NO:
        text = "yes" if folded(text) in YES else "no" if folded(text) in NO else text
    elif one.kind == Kind.CHOICE:
        text = next((choice for choice in one.choices if folded(choice) == folded(text)), text)
    return values.normal(one, text) or ""


def held(details: Details, keys: Collection[str], member_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """What these fields hold for members, in plain; by one statement for a thousand members."""
    by_id = {details.fields[key].id: key for key in keys}
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for at in range(0, len(member_ids) if by_id else 0, 1000):
        wanted = VALUE.c.member_id.in_(member_ids[at : at + 1000]), VALUE.c.field_id.in_(by_id)
        for row in db.session.execute(select(VALUE).where(*wanted)):
            found[row.member_id][by_id[row.field_id]] = records.plain(row.text, row.sealed) or ""
    return found


def store(
    changes: Sequence[tuple[int, MemberField, str, str]],
    now: datetime,
    *,
    made_by: int | None,
    source: str,
    history: bool = True,
) -> None:
    """Write (member, field, before, after) of a batch, by two statements; with a line of history for each."""
    if not changes:
        return
    rows = []
    for member_id, one, _before, after in changes:
        text, sealed = records.kept(one, after)
        rows.append({"member_id": member_id, "field_id": one.id, "text": text, "sealed": sealed, "changed_at": now})
    wanted = upsert(VALUE)
    names = ("text", "sealed", "changed_at")
    db.session.execute(
        wanted.on_conflict_do_update(
            index_elements=["member_id", "field_id"], set_={name: wanted.excluded[name] for name in names}
        ),
        rows,
    )
    if history:
        db.session.execute(insert(CHANGE), [_told(*one, now, made_by, source) for one in changes])


def _told(
    member_id: int, one: MemberField, before: str, after: str, now: datetime, made_by: int | None, source: str
) -> dict[str, Any]:
    old, new = records.kept(one, before or None), records.kept(one, after)
    return {
        "id": new_id(),
        "member_id": member_id,
        "field_id": one.id,
        "before": old[0],
        "after": new[0],
        "sealed_before": old[1],
        "sealed_after": new[1],
        "made_by": made_by,
        "made_at": now,
        "source": source,
    }


def put_back(member_ids: Sequence[int], now: datetime, *, made_by: int | None, source: str) -> set[int]:
    """Put back what a roster wrote into these members' fields, but for what somebody changed since; whose it was."""
    touched = set()
    for at in range(0, len(member_ids), 1000):
        rows = db.session.execute(
            select(MemberChange, MemberField, Member)
            .join(MemberField, MemberField.id == MemberChange.field_id)
            .join(Member, Member.id == MemberChange.member_id)
            .where(
                MemberChange.member_id.in_(member_ids[at : at + 1000]),
                MemberChange.source == source,
                MemberField.built_in.is_(False),
            )
        ).all()
        for change, one, member in rows:
            after = records.plain(change.after, change.sealed_after)
            if records.values_of(member, [one])[one.id] == after:
                before = records.plain(change.before, change.sealed_before)
                records.write(member, one, before, now, made_by=made_by, source=f"{source}:undo")
                touched.add(member.id)
    return touched
