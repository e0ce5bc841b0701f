"""Who may begin a quiz, and from where: its access code, and the addresses from which it may be sat."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from learnhub.kernel.errors import NotAllowed, Refused
from learnhub.kernel.words import _
from learnhub.quizzes.models import Quiz

LONGEST_CODE = 40
MOST_RANGES = 100
WRONG_CODE = "access_code"
"""The `code` of a refusal for want of the right access code."""

_BETWEEN = re.compile(r"[\s,;，；、]+")


@dataclass(frozen=True)
class Came:
    """How somebody comes to a quiz: the access code that they typed, and the address that they come from."""

    code: str = ""
    address: str = ""


def ranges_of(text: str) -> list[str]:
    """The addresses and ranges that an author wrote, one a line or between commas; Refused for what is none."""
    found = [_range(one) for one in _BETWEEN.split(unicodedata.normalize("NFKC", text)) if one]
    if len(found) > MOST_RANGES:
        raise Refused(_("At most %(n)s address ranges can be named.", n=MOST_RANGES))
    return list(dict.fromkeys(str(one) for one in found))


def _range(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise Refused(_("“%(text)s” is no address range. Write 10.1.0.0/16 or 2001:db8::/32.", text=text)) from None


def is_inside(ranges: Iterable[str], address: str) -> bool:
    """Whether an address lies in one of the ranges; an IPv4 address inside an IPv6 one counts as what it is."""
    try:
        found = ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in ip_network(one) for one in ranges)


def require_address(quiz: Quiz, address: str) -> None:
    """NotAllowed, naming the address, where the quiz may not be sat from there.

    Asked when an attempt begins and whenever its questions are shown, not when an answer is saved: a member whose
    phone changes networks loses no work.
    """
    if quiz.addresses and not is_inside(quiz.addresses, address):
        raise NotAllowed(
            _(
                "This quiz can only be taken on certain networks, and you come from %(address)s. Go to the place that"
                " was named for it, or tell your instructor this address.",
                address=address or "?",
            )
        )


def require_code(quiz: Quiz, given: str) -> None:
    """Refused unless the code is the quiz's; the comparison takes as long for every wrong one."""
    if not quiz.access_code:
        return
    if not given.strip():
        raise Refused(_("Type the access code. Your instructor gives it out."), code=WRONG_CODE)
    if not hmac.compare_digest(_folded(given).encode(), _folded(quiz.access_code).encode()):
        raise Refused(_("This is not the access code of this quiz. Ask your instructor for it."), code=WRONG_CODE)


def _folded(code: str) -> str:
    """Wide and narrow, large and small letters are the same: the code stands on a blackboard or is called out."""
    return unicodedata.normalize("NFKC", code).strip().casefold()
