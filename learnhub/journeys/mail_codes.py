"""The sign-in codes that wait go out by mail: each is made in the moment in which it leaves."""

from __future__ import annotations

from datetime import datetime

import structlog
from babel.dates import format_date

from learnhub.audit.trail import SYSTEM, record
from learnhub.identity import code_mails, invitations
from learnhub.identity.models import OPEN_STATES, CodeMail, Member
from learnhub.kernel import mail
from learnhub.kernel.catalogues import reader
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.house import house
from learnhub.kernel.words import Message, _
from learnhub.organisations import roles

log = structlog.get_logger()

BATCH = 50
"""Letters through one connection."""
NOBODY = 0
"""Asks for nobody: holds no role, so whoever holds one holds more."""


def send_due(now: datetime) -> int:
    """Send what is due, up to a batch; how many were taken. It commits by itself: a letter at a time."""
    with unit_of_work():
        taken = code_mails.take(now, BATCH) if house.mail_url else []
    if not taken:
        return 0
    try:
        with mail.office(house.mail_url, house.mail_from, now) as send:
            for mail_id in taken:
                _deliver_or_note(mail_id, send, now)
    except mail.MailDownError as error:
        log.warning("mail server away", reason=str(error))
        with unit_of_work():
            for mail_id in taken:
                _put_off(mail_id, error, now)
    return len(taken)


def _deliver_or_note(mail_id: int, send: mail.Send, now: datetime) -> None:
    """One mail; a fault of ours costs only this one."""
    try:
        _deliver(mail_id, send, now)
    except Exception as error:
        log.exception("mail failed", mail=mail_id)
        with unit_of_work():
            _put_off(mail_id, error, now)


def _deliver(mail_id: int, send: mail.Send, now: datetime) -> None:
    """One mail, to whom it is for now; what stands in the way is written down for who asked."""
    with unit_of_work():
        letter = _letter(mail_id, now)
    if letter is None:
        return
    try:
        send(letter)
    except mail.MailRefusedError as error:
        log.warning("letter refused", mail=mail_id, reason=str(error))
        with unit_of_work():
            code_mails.failed(db.session.get_one(CodeMail, mail_id), _refused(error), now)
    except mail.MailDownError as error:
        with unit_of_work():
            _put_off(mail_id, error, now)
    else:
        with unit_of_work():
            code_mails.sent(db.session.get_one(CodeMail, mail_id), now)


def _letter(mail_id: int, now: datetime) -> mail.Letter | None:
    """What a mail says, with a code made for it; None when there is nothing to send, which is then written down."""
    row = db.session.get(CodeMail, mail_id)
    if row is None:
        return None
    forgot = bool(row.asked_for)
    member = _who_forgot(row, now) if forgot else db.session.get(Member, row.member_id)
    reason = _in_the_way(row, member, now)
    if reason is not None or member is None:
        code_mails.failed(row, reason or _("Nobody is meant."), now)
        return None
    row.member_id = member.id
    if forgot:
        record(SYSTEM, "password.forgotten", "member", member.id, now)
    code = invitations.invite([member.id], row.asked_by, now, instead=not forgot)[member.id]
    return written(member, code, now)


def _who_forgot(row: CodeMail, now: datetime) -> Member | None:
    found = code_mails.who_forgot(row.asked_for, now)
    return found[0] if len(found) == 1 else None


def _in_the_way(row: CodeMail, member: Member | None, now: datetime) -> Message | None:
    if member is None:
        return _("Nobody is meant.")
    if member.state not in OPEN_STATES:
        return _("The account is closed.")
    if not member.email:
        return _("There is no e-mail address.")
    if roles.holding_more(row.asked_by or NOBODY, [member.id], now):
        return _("%(name)s holds a role; an administrator makes the code.", name=member.name)
    return None


def written(member: Member, code: str, now: datetime) -> mail.Letter:
    """The letter with a code, in the member's language or the organisation's."""
    locale = member.locale or house.default_locale
    read = reader(locale)
    ends = (now + invitations.LIFETIME).astimezone(house.zone)
    day = format_date(ends, "long", locale="zh_Hans" if locale.startswith("zh") else "en")
    text = _(
        "%(name)s,\n\nwith this link you choose your password:\n\n%(link)s\n\n"
        "Or open %(page)s and type this code: %(code)s\n\n"
        "You sign in with the name %(sign_in_name)s. The code is good once, until %(until)s.\n"
        "If you did not expect this mail, you can forget it: without the code nothing changes.",
        name=member.name,
        link=f"{house.base_url.rstrip('/')}/welcome?code={code}",
        page=f"{house.base_url.rstrip('/')}/welcome",
        code=code,
        sign_in_name=member.sign_in_name,
        until=f"{day} {ends:%H:%M}",
    )
    return mail.Letter(member.email or "", read(_("Your password for LearnHub")), read(text))


def _put_off(mail_id: int, error: Exception, now: datetime) -> None:
    row = db.session.get(CodeMail, mail_id)
    if row is not None and row.done_at is None:
        code_mails.try_again(row, _("The mail server is away: %(reason)s", reason=str(error)[:200]), now)


def _refused(error: mail.MailRefusedError) -> Message:
    return _("The mail server does not take it: %(reason)s", reason=str(error)[:200])
