"""A roster is taken back: everything that it wrote is put back, but for what somebody changed since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, case, delete, select, update
from sqlalchemy.exc import IntegrityError

from learnhub.identity import finding, states
from learnhub.identity.models import OPEN_STATES, Invitation, Member, MemberState
from learnhub.kernel.db import db
from learnhub.organisations import roles
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.roster import details
from learnhub.organisations.roster.known import batches
from learnhub.organisations.roster.storing import FIELDS, MEMBER, MEMBERSHIP, note_history


def take_back(
    done: dict[str, Any], today: date, now: datetime, *, made_by: int | None, source: str
) -> tuple[dict[str, int], list[list[str]]]:
    """Undo what was written, but for what somebody changed since.

    Members who came with the file go when nothing was done by them or to them; else they stay as members who left.
    Who was given a role since stays a member, and so does who came back with the file and retired since.
    Where the unit of before is closed by now nobody goes back: the member stays where the roster brought them.
    Gives how many went (`withdrawn`), left (`left`), stay members (`stays`), were put back (`restored`) and stay in
    their new unit (`unmoved`); and who those are, with the closed unit: ids as text, as JSON keeps them.
    """
    withdrawn, left, stays = _withdraw([int(one) for one in done["new"]], today, made_by, now)
    for one in done["more"]:
        db.session.execute(delete(MEMBERSHIP).where(MEMBERSHIP.c.id == int(one)))
    touched: set[str] = set()
    back: list[tuple[int, str, str | None, str | None]] = []
    returned = {member_id for member_id, changes in done["changed"].items() if "state" in changes}
    stay = _staying({int(one) for one in returned}, now)
    stays += len(stay)
    closed, unmoved = _closed([ended for _began, ended in done["moved"].values() if ended]), []
    for member_id, (began, ended) in done["moved"].items():
        if ended and ended[0] in closed:
            if _still_holds(int(began)):
                unmoved.append([member_id, closed[ended[0]]])
        elif int(member_id) not in stay and _move_back(int(began), ended):
            touched.add(member_id)
            if member_id in returned:
                states.change(db.session.get_one(Member, int(member_id)), MemberState.LEFT, today, "", made_by, now)
    for membership_id, (before, after) in done["posts"].items():
        _put_back(MEMBERSHIP, int(membership_id), {"post": [before, after]})
    for some in batches(list(done["changed"])):
        with finding.at_once([int(one) for one in some]):
            written = _restore({one: done["changed"][one] for one in some})
        back += written
        touched |= {str(one) for one, *_values in written}
    own = [int(one) for one in done.get("detailed", [])]
    touched |= {str(one) for one in details.put_back(own, now, made_by=made_by, source=source)}
    note_history(back, made_by, f"{source}:undo", now)
    db.session.expire_all()
    counts = {"withdrawn": withdrawn, "left": left, "restored": len(touched)}
    more = {"stays": stays, "unmoved": len(unmoved)}
    return {**counts, **{name: n for name, n in more.items() if n}}, unmoved


def _restore(changed: dict[str, dict[str, list[Any]]]) -> list[tuple[int, str, str | None, str | None]]:
    """Put back what the fields of members held; gives (member, field, before, after) where nobody changed it."""
    back: list[tuple[int, str, str | None, str | None]] = []
    for member_id, changes in changed.items():
        fields = {name: pair for name, pair in changes.items() if name in FIELDS}
        restored = _put_back(MEMBER, int(member_id), fields)
        back += [(int(member_id), name, changes[name][1], changes[name][0]) for name in restored]
    return back


def _closed(ended: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Memberships that would hold beyond the day on which their unit was closed → that unit; by the thousand."""
    until = {str(one[0]): date.fromisoformat(one[1]) if one[1] else date.max for one in ended}
    found = {}
    for some in batches(sorted(until)):
        rows = db.session.execute(
            select(Membership.id, Unit.id, Unit.closed_on)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.id.in_([int(one) for one in some]), Unit.closed_on.is_not(None))
        )
        found.update({str(one): str(unit_id) for one, unit_id, day in rows if day and until[str(one)] > day})
    return found


def named(unmoved: Sequence[Sequence[str]]) -> list[tuple[Member, Unit]]:
    """Who stayed in the new unit when a roster was taken back, with the closed unit of before; by two statements."""
    ids = [(int(member_id), int(unit_id)) for member_id, unit_id in unmoved]
    people = {one.id: one for one in db.session.scalars(select(Member).where(Member.id.in_([one for one, _u in ids])))}
    closed = {one.id: one for one in db.session.scalars(select(Unit).where(Unit.id.in_({one for _m, one in ids})))}
    return [(people[member_id], closed[unit_id]) for member_id, unit_id in ids if member_id in people]


def _still_holds(membership_id: int) -> bool:
    still = select(Membership.id).where(Membership.id == membership_id, Membership.ends_on.is_(None))
    return db.session.scalar(still) is not None


def _staying(member_ids: set[int], now: datetime) -> set[int]:
    """Those of these members who are more than the file made them: they hold a role, or retired since."""
    retired = select(Member.id).where(Member.id.in_(member_ids), Member.state == MemberState.RETIRED)
    return roles.holding_any(member_ids, now) | set(db.session.scalars(retired))


def _withdraw(member_ids: Sequence[int], today: date, made_by: int | None, now: datetime) -> tuple[int, int, int]:
    gone = left = stays = 0
    for some in batches(member_ids):
        with finding.at_once(some):
            went = _delete(some)
        if went:
            gone += len(some)
            continue
        for one in some:
            if _delete([one]):
                gone += 1
            elif roles.holding_any([one], now):
                stays += 1
            else:
                _end(one, today, made_by, now)
                left += 1
    return gone, left, stays


def _end(member_id: int, today: date, made_by: int | None, now: datetime) -> None:
    """A member who did something since leaves today; where he or she belonged until then stays in the books."""
    member = db.session.get_one(Member, member_id)
    if member.state not in OPEN_STATES:
        return
    starts_on = MEMBERSHIP.c.starts_on
    db.session.execute(
        update(MEMBERSHIP)
        .where(MEMBERSHIP.c.member_id == member_id, MEMBERSHIP.c.ends_on.is_(None))
        .values(ends_on=case((starts_on > today, starts_on), else_=today))
    )
    states.change(member, MemberState.LEFT, today, "", made_by, now)


def _delete(member_ids: Sequence[int]) -> bool:
    """Whether these members could go: the database refuses when anything refers to them."""
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Invitation).where(Invitation.member_id.in_(member_ids)))
            db.session.execute(delete(MEMBERSHIP).where(MEMBERSHIP.c.member_id.in_(member_ids)))
            db.session.execute(delete(details.VALUE).where(details.VALUE.c.member_id.in_(member_ids)))
            db.session.execute(delete(MEMBER).where(MEMBER.c.id.in_(member_ids)))
    except IntegrityError:
        return False
    return True


def _move_back(began: int, ended: list[str | None] | None) -> bool:
    """The membership that began goes, if it still holds; the one that ended goes on."""
    went: Any = db.session.execute(delete(MEMBERSHIP).where(MEMBERSHIP.c.id == began, MEMBERSHIP.c.ends_on.is_(None)))
    if not went.rowcount:
        return False
    if ended is not None:
        until = date.fromisoformat(ended[1]) if ended[1] else None
        db.session.execute(update(MEMBERSHIP).where(MEMBERSHIP.c.id == int(str(ended[0]))).values(ends_on=until))
    return True


def _put_back(table: Table, row_id: int, changes: dict[str, list[Any]]) -> list[str]:
    """Put back what nobody changed since; gives the names of the columns that were."""
    restored = []
    for name, (before, after) in changes.items():
        still = (table.c.id == row_id, table.c[name] == after)
        done: Any = db.session.execute(update(table).where(*still).values({name: before}))
        if done.rowcount:
            restored.append(name)
    return restored
