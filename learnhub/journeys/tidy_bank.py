"""Categories and tags of a bank are renamed, moved and merged, with a line of audit, and it can be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from learnhub.audit import bulk_changes
from learnhub.audit.models import BulkChange
from learnhub.audit.trail import Actor, record
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.kernel.words import Message, _
from question_bank import shelving
from question_bank.authoring import clean_path
from question_bank.models import Bank

KIND = "shelves"
OFFERED_FOR = timedelta(days=7)
"""How long the page offers to take a change back."""
CATEGORY, TAG = "move_category", "move_tag"


def move_category(bank: Bank, old: str, new: str, actor: Actor, now: datetime) -> BulkChange:
    """Call a category by another path, with all below it; one that is there already takes it in."""
    kept = shelving.move_category(bank, old, new)
    return _note(bank, CATEGORY, clean_path(old), clean_path(new), kept, actor, now)


def move_tag(bank: Bank, old: str, new: str, actor: Actor, now: datetime) -> BulkChange:
    """Call a tag by another name; one that is there already takes it in."""
    kept = shelving.move_tag(bank, old, new)
    return _note(bank, TAG, old, " ".join(new.split()), kept, actor, now)


def _note(bank: Bank, act: str, old: str, new: str, kept: dict[str, Any], actor: Actor, now: datetime) -> BulkChange:
    row = bulk_changes.note(KIND, bank.id, act, old, kept, {"new": new}, actor, now)
    _trace(bank, "bank.tidied", row, actor, now)
    return row


def undo(bank: Bank, change_id: int, actor: Actor, now: datetime) -> None:
    """Put back what a change of this bank did, but for questions that somebody put elsewhere since."""
    row = bulk_changes.find_standing(KIND, bank.id, change_id)
    if row.act == CATEGORY:
        shelving.put_categories_back(bank, row.before)
    else:
        shelving.put_tag_back(bank, row.before)
    bulk_changes.mark_undone(row, now)
    _trace(bank, "bank.tidying_undone", row, actor, now)


def to_take_back(bank: Bank, now: datetime) -> list[BulkChange]:
    """The latest changes of the bank that stand, newest first; only the newest can be put back for certain."""
    return bulk_changes.standing(KIND, bank.id, now - OFFERED_FOR)


def in_words(row: BulkChange) -> Message:
    """A change as it is told."""
    if row.act == CATEGORY:
        return _("Category “%(old)s” moved or renamed", old=row.value)
    return _("Tag “%(old)s” renamed or taken off", old=row.value)


def _trace(bank: Bank, action: str, row: BulkChange, actor: Actor, now: datetime) -> None:
    unit_id = works.owner_unit_id(Work.BANK, bank.id)
    record(actor, action, "bank", bank.id, now, unit_id=unit_id, bank=bank.slug, act=row.act, value=row.value)
