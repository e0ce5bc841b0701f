"""Many questions of a bank are changed at once, with one line of audit, and the change can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from learnhub.audit import bulk_changes
from learnhub.audit.models import BulkChange
from learnhub.audit.trail import Actor, record
from learnhub.authorship import hands, works
from learnhub.authorship.models import Act, Work
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, n_
from question_bank import together
from question_bank.models import Bank, QuestionState
from question_bank.together import Change, Held

KIND = "questions"
OFFERED_FOR = timedelta(days=7)
"""How long the page of a bank offers to take a change back."""


@dataclass(frozen=True)
class Undone:
    """What came of taking a change back: ids of the questions put back, and of those changed by somebody since."""

    put_back: list[int]
    refused: list[int]


def change(
    bank: Bank, question_ids: Iterable[int], what: Change, value: str, actor: Actor, now: datetime
) -> BulkChange | None:
    """Change these questions of the bank; None when they all were so already.

    A review is another instructor's. Where nobody else looks after the bank, one may review what one wrote oneself.
    """
    value = " ".join(value.split())
    ids = set(question_ids)
    if what is Change.REVIEW:
        _check_reviewer(bank, ids, actor, now)
    before, after = together.change(bank, ids, what, value, now)
    if not before:
        return None
    _note_hands(what, before, after, actor, now)
    row = bulk_changes.note(KIND, bank.id, what, value, _stored(before), _stored(after), actor, now)
    unit_id = works.owner_unit_id(Work.BANK, bank.id)
    record(
        actor,
        "questions.changed",
        "bank",
        bank.id,
        now,
        unit_id=unit_id,
        bank=bank.slug,
        act=str(what),
        value=value,
        count=row.count,
        change=str(row.id),
    )
    return row


def _check_reviewer(bank: Bank, question_ids: set[int], actor: Actor, now: datetime) -> None:
    if actor.id is None or not works.editors(Work.BANK, bank.id, now) - {actor.id}:
        return
    drafts = {one.version_id for one in together.held(bank, question_ids).values() if one.state == QuestionState.DRAFT}
    own = hands.written_by(actor.id, [one for one in drafts if one is not None])
    if own:
        raise Refused(
            n_(
                "You wrote %(n)s of these drafts yourself. Another instructor of the bank reviews it.",
                "You wrote %(n)s of these drafts yourself. Another instructor of the bank reviews them.",
                len(own),
            )
        )


def _note_hands(what: Change, before: dict[int, Held], after: dict[int, Held], actor: Actor, now: datetime) -> None:
    if what is Change.REVIEW:
        hands.note(Act.REVIEWED, [one.version_id or 0 for one in after.values()], actor.id, now)
    written = [one.version_id or 0 for key, one in after.items() if one.version_id != before[key].version_id]
    hands.note(Act.WROTE, written, actor.id, now)


def undo(bank: Bank, change_id: int, actor: Actor, now: datetime) -> Undone:
    """Put back what a change of this bank found, question by question: one that was changed since stays as it is."""
    row = bulk_changes.find_standing(KIND, bank.id, change_id)
    done, refused = together.put_back(bank, _read(row.before), _read(row.after), now)
    if done:
        bulk_changes.mark_undone(row, now)
        unit_id = works.owner_unit_id(Work.BANK, bank.id)
        record(
            actor,
            "questions.change_undone",
            "bank",
            bank.id,
            now,
            unit_id=unit_id,
            bank=bank.slug,
            change=str(row.id),
            count=len(done),
            refused=len(refused),
        )
    return Undone(done, refused)


def to_take_back(bank: Bank, now: datetime) -> list[BulkChange]:
    """The latest changes of the bank that stand, newest first."""
    return bulk_changes.standing(KIND, bank.id, now - OFFERED_FOR)


def in_words(row: BulkChange) -> Message:
    """A change as it is told: how many questions, and what became of them."""
    n, value = row.count, row.value
    match row.act:
        case Change.RETIRE:
            return n_("%(n)s question retired", "%(n)s questions retired", n)
        case Change.BRING_BACK:
            return n_("%(n)s question brought back", "%(n)s questions brought back", n)
        case Change.REVIEW:
            return n_("%(n)s question reviewed", "%(n)s questions reviewed", n)
        case Change.PUBLISH:
            return n_("%(n)s question published", "%(n)s questions published", n)
        case Change.STILL_VALID:
            return n_("%(n)s question said to hold still", "%(n)s questions said to hold still", n)
        case Change.CATEGORY if not value:
            return n_("%(n)s question without a category now", "%(n)s questions without a category now", n)
        case Change.SOURCE if not value:
            return n_("%(n)s question without a source now", "%(n)s questions without a source now", n)
        case _:
            return _of_value(row.act, n, value)


def _of_value(act: str, n: int, value: str) -> Message:
    match act:
        case Change.CATEGORY:
            return n_("%(n)s question now in “%(value)s”", "%(n)s questions now in “%(value)s”", n, value=value)
        case Change.ADD_TAG:
            return n_("Tag “%(value)s” on %(n)s question", "Tag “%(value)s” on %(n)s questions", n, value=value)
        case Change.REMOVE_TAG:
            return n_(
                "Tag “%(value)s” taken off %(n)s question",
                "Tag “%(value)s” taken off %(n)s questions",
                n,
                value=value,
            )
        case Change.SOURCE:
            return n_("%(n)s question now of %(value)s", "%(n)s questions now of %(value)s", n, value=value)
        case Change.MARK:
            return n_("%(n)s question now worth %(value)s", "%(n)s questions now worth %(value)s", n, value=value)
        case _:
            return n_(
                "%(n)s question now of difficulty %(value)s",
                "%(n)s questions now of difficulty %(value)s",
                n,
                value=value,
            )


def _stored(found: dict[int, Held]) -> dict[str, object]:
    return {str(key): one.stored() for key, one in found.items()}


def _read(stored: dict[str, dict[str, object]]) -> dict[int, Held]:
    return {int(key): Held.read(one) for key, one in stored.items()}
