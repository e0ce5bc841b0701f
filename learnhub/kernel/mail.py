"""Mail that leaves the house: over SMTP, or into a folder where there is no mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from learnhub.kernel.ids import new_id

TIMEOUT = 20
"""Seconds that a mail server has for each answer."""
SCHEMES = ("smtp", "smtps", "file")


class MailDownError(Exception):
    """Nothing can be sent at the moment; it may be tried again."""


class MailRefusedError(Exception):
    """The server does not take this message for this address, today or later."""


@dataclass(frozen=True)
class Letter:
    """One message to one address, in plain text."""

    to: str
    subject: str
    text: str


Send = Callable[[Letter], None]


def fault_of(url: str) -> str | None:
    """What is wrong with a mail address of the settings, as a sentence; None when it can be used."""
    parts = urlsplit(url)
    try:
        known = parts.scheme in SCHEMES and (parts.port or True)
    except ValueError:
        known = False
    if not known or (parts.scheme == "file") == bool(parts.hostname) or (parts.scheme == "file" and not parts.path):
        return "write smtp://name:password@host:587, smtps://name:password@host:465 or file:///folder"
    return None


@contextmanager
def office(url: str, sender: str, now: datetime) -> Iterator[Send]:
    """A function that sends letters, all through one connection.

    `smtp://` goes over to TLS where the server offers it, and must do so before a name and password are given;
    `smtps://` is TLS from the start; `file:///folder` writes `.eml` files (RFC 5322) there. MailDownError when the
    server can't be reached, breaks off or asks to wait (4xx); MailRefusedError for one letter that it does not take.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        yield _into_folder(Path(unquote(parts.path)), sender, now)
        return
    try:
        server = _connected(url)
    except (OSError, smtplib.SMTPException) as error:
        raise MailDownError(str(error)) from error
    try:
        yield lambda letter: _over(server, letter, sender, now)
    finally:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def _connected(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, trust = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=trust)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=trust)
        elif parts.username:
            server.close()
            raise smtplib.SMTPException("the server offers no TLS; name and password were not sent")
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _over(server: smtplib.SMTP, letter: Letter, sender: str, now: datetime) -> None:
    message = _written(letter, sender, now)
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        _raise(code, said)
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        _raise(error.smtp_code, error.smtp_error)
    except smtplib.SMTPNotSupportedError as error:
        raise MailRefusedError(str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailDownError(str(error)) from error


def _raise(code: int, said: bytes | str) -> None:
    text = f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    raise MailRefusedError(text) if code >= 500 else MailDownError(text)


def _into_folder(folder: Path, sender: str, now: datetime) -> Send:
    def keep(letter: Letter) -> None:
        message = _written(letter, sender, now)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            name = f"{now:%Y%m%dT%H%M%S}-{new_id()}.eml"
            (folder / name).write_bytes(message.as_bytes())
        except OSError as error:
            raise MailDownError(str(error)) from error

    return keep


def _written(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    except (ValueError, IndexError) as error:
        raise MailRefusedError(str(error)) from error
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
