"""Where a page of entries or refused events ended, read back from its cursor."""

from __future__ import annotations

from datetime import UTC, datetime

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.web.api.paging import key_of
from learnhub.web.ids import LARGEST


def entries_before(cursor: str) -> int | None:
    """The sequence before which the page goes on; None on the first page."""
    match key_of(cursor):
        case []:
            return None
        case [int(sequence)] if 0 < sequence <= LARGEST:
            return sequence
    raise _foreign()


def refused_before(cursor: str) -> tuple[datetime, int] | None:
    """The moment and id before which the page goes on; None on the first page."""
    match key_of(cursor):
        case []:
            return None
        case [str(text), int(event_id)] if 0 < event_id <= LARGEST:
            try:
                moment = datetime.fromisoformat(text)
                if moment.tzinfo is not None:
                    return moment.astimezone(UTC), event_id
            except (ValueError, OverflowError):
                raise _foreign() from None
    raise _foreign()


def board_after(cursor: str) -> tuple[int, int] | None:
    """The points and the member after whom the page of a board goes on; None on the first page."""
    match key_of(cursor):
        case []:
            return None
        case [int(points), int(member_id)] if abs(points) <= LARGEST and 0 < member_id <= LARGEST:
            return points, member_id
    raise _foreign()


def _foreign() -> Refused:
    return Refused(_("This cursor is not one of ours. Begin the list again."))
