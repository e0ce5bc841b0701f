"""What may stand in a field, how it is stored, and how a sensitive one is shown to who need not read all of it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from learnhub.identity.members import clean_name, normal_email
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.organisations.profile.models import Kind, MemberField

LONGEST = 200
LONGEST_TEXT = 2_000
_PHONE = re.compile(r"\+?[0-9]{5,20}")
_EMAIL = re.compile(r"[^@\s,;]{1,64}@[^@\s,;]+\.[^@\s,;.]+")
_BETWEEN = re.compile(r"[\s()\-.]")
HIDDEN = "****"


def normal(field: MemberField, written: str | None) -> str | None:
    """What was written as it is stored; None when nothing was. Refused with what to write instead."""
    text = unicodedata.normalize("NFC", written or "").strip()
    if not text:
        if field.required:
            raise Refused(_("This must be filled in."))
        return None
    if field.key == "name":
        return clean_name(text)
    match Kind(field.kind):
        case Kind.LONG_TEXT:
            return _limited(text.replace("\r\n", "\n"), LONGEST_TEXT)
        case Kind.NUMBER:
            return _number(text)
        case Kind.DATE:
            return _day(text)
        case Kind.CHOICE | Kind.YES_NO:
            return _chosen(text, choices_of(field))
        case Kind.PHONE:
            return normal_phone(text)
        case Kind.EMAIL:
            return _address(text)
    return _limited(" ".join(text.split()), LONGEST)


def choices_of(field: MemberField) -> list[str]:
    """What can be chosen in a field."""
    return ["yes", "no"] if field.kind == Kind.YES_NO else field.choices


def normal_phone(text: str) -> str:
    """A telephone number as it is compared: narrow digits, nothing between them. Refused when it is none."""
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    if not _PHONE.fullmatch(bare):
        raise Refused(_("Write a telephone number of 5 to 20 digits, with + in front if you like."))
    return bare


def _address(text: str) -> str:
    email = normal_email(text) or ""
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise Refused(_("Write an address such as name@example.org."))
    return email


def _limited(text: str, most: int) -> str:
    if len(text) > most:
        raise Refused(_("Write at most %(most)s characters.", most=most))
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc")


def _number(text: str) -> str:
    try:
        found = Decimal(unicodedata.normalize("NFKC", text).replace(",", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= 10**15:
        raise Refused(_("Write a number such as 12 or 3.5."))
    plain = f"{found:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _day(text: str) -> str:
    try:
        return date.fromisoformat(unicodedata.normalize("NFKC", text).replace("/", "-").replace(".", "-")).isoformat()
    except ValueError:
        raise Refused(_("Write a date such as 2026-11-24.")) from None


def _chosen(text: str, choices: list[str]) -> str:
    if text not in choices:
        raise Refused(_("Choose one of the list."))
    return text


def masked(field: MemberField, text: str | None) -> str | None:
    """A sensitive value with its middle hidden: 138****5678, a****@example.org; of a short one nothing is shown."""
    if text is None or not field.sensitive:
        return text
    if field.kind == Kind.EMAIL:
        return text[0] + HIDDEN + text[text.index("@") :]
    if field.kind in {Kind.TEXT, Kind.PHONE} and len(text) >= 11:
        return text[:3] + HIDDEN + text[-4:]
    return HIDDEN
