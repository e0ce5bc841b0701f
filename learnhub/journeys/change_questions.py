"""Many questions of a bank are changed at once, with one line of audit, and the change can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from learnhub.audit import bulk_changes
from learnhub.audit.models import BulkChange
from learnhub.audit.trail import Actor, record
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.kernel.words import Message, n_
from question_bank import together
from question_bank.models import Bank
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
    """Change these questions of the bank; None when they all were so already."""
    value = " ".join(value.split())
    before, after = together.change(bank, question_ids, what, value)
    if not before:
        return None
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


def undo(bank: Bank, change_id: int, actor: Actor, now: datetime) -> Undone:
    """Put back what a change of this bank found, question by question: one that was changed since stays as it is."""
    row = bulk_changes.find_standing(KIND, bank.id, change_id)
    done, refused = together.put_back(bank, _read(row.before), _read(row.after))
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
    match row.act:
        case Change.RETIRE:
            return n_("%(n)s question retired", "%(n)s questions retired", row.count)
        case Change.BRING_BACK:
            return n_("%(n)s question brought back", "%(n)s questions brought back", row.count)
        case Change.CATEGORY if not row.value:
            return n_("%(n)s question without a category now", "%(n)s questions without a category now", row.count)
        case Change.CATEGORY:
            return n_(
                "%(n)s question now in “%(value)s”", "%(n)s questions now in “%(value)s”", row.count, value=row.value
            )
        case Change.ADD_TAG:
            return n_(
                "Tag “%(value)s” on %(n)s question", "Tag “%(value)s” on %(n)s questions", row.count, value=row.value
            )
        case Change.REMOVE_TAG:
            return n_(
                "Tag “%(value)s” taken off %(n)s question",
                "Tag “%(value)s” taken off %(n)s questions",
                row.count,
                value=row.value,
            )
        case _:
            return n_(
                "%(n)s question now of difficulty %(value)s",
                "%(n)s questions now of difficulty %(value)s",
                row.count,
                value=row.value,
            )


def _stored(found: dict[int, Held]) -> dict[str, object]:
    return {str(key): one.stored() for key, one in found.items()}


def _read(stored: dict[str, dict[str, object]]) -> dict[int, Held]:
    return {int(key): Held.read(one) for key, one in stored.items()}
