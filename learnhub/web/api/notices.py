"""Notices: my list, and how many are unread."""

from __future__ import annotations

from pydantic import BaseModel

from learnhub.kernel.clock import iso
from learnhub.notices import inbox
from learnhub.web.api.blueprint import api, documented
from learnhub.web.api.paging import Page
from learnhub.web.context import member_id
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.notices.cursors import received_after, received_cursor


class NoticeAnswer(BaseModel):
    """A notice as I have it, in my language; `path` is the page that it leads to."""

    id: str
    kind: str
    title: str
    text: str
    path: str
    sender: str | None
    unit: str | None
    at: str
    read_at: str | None


class NoticeList(BaseModel):
    """A page of my notices, the unread first; `next` is the cursor of the next page."""

    unread: int
    items: list[NoticeAnswer]
    next: str | None


@api.get("/me/notices")
@documented(tag="notices", query=Page, answer=NoticeList)
@signed_in
def my_notices(query: Page) -> NoticeList:
    """My notices: the unread first, the latest first in each."""
    found, key = inbox.of_member(member_id(), after=received_after(query.cursor), limit=query.limit)
    return NoticeList(
        unread=inbox.unread(member_id()), items=[_answer(one) for one in found], next=received_cursor(key)
    )


def _answer(one: inbox.Received) -> NoticeAnswer:
    return NoticeAnswer(
        id=str(one.id),
        kind=one.kind,
        title=say(one.title),
        text=say(one.text),
        path=one.path,
        sender=one.sender,
        unit=one.unit,
        at=iso(one.at),
        read_at=iso(one.read_at) if one.read_at else None,
    )
