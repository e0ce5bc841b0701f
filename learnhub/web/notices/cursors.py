"""Where a page of notices ended, read back from its cursor."""

from __future__ import annotations

from datetime import UTC, datetime

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.notices import inbox
from learnhub.web.api.paging import cursor_of, key_like


def received_cursor(key: inbox.Key | None) -> str | None:
    """The cursor after a notice of a member's list; None when the list is over."""
    return cursor_of(key[0], key[1].isoformat(), key[2]) if key else None


def received_after(cursor: str) -> inbox.Key | None:
    """The notice after which a member's list goes on; None on the first page."""
    match key_like(cursor, int, str, int):
        case [0 | 1 as was_read, text, notice_id]:
            return was_read, _moment(text), notice_id
        case []:
            return None
    raise _foreign()


def sent_cursor(key: tuple[datetime, int] | None) -> str | None:
    """The cursor after a notice of those that were sent; None when the list is over."""
    return cursor_of(key[0].isoformat(), key[1]) if key else None


def sent_after(cursor: str) -> tuple[datetime, int] | None:
    """The notice after which the list of those sent goes on; None on the first page."""
    match key_like(cursor, str, int):
        case [text, notice_id]:
            return _moment(text), notice_id
    return None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _foreign() from None
    raise _foreign()


def _foreign() -> Refused:
    return Refused(_("This cursor is not one of ours. Begin the list again."))
