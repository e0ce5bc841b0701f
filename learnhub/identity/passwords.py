"""Passwords: Argon2id with the parameters that an exam morning can afford, and what may be chosen as one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

SHORTEST = 8
LONGEST = 256

_hasher = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
"""m = 19 MiB, t = 2, p = 1: the first choice of OWASP's password storage cheat sheet for Argon2id."""


def hash_password(password: str) -> str:
    """The hash to store, with its own salt and parameters."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one. Without a stored hash it costs the same time and is false."""
    try:
        return _hasher.verify(stored or _dummy(), password[: LONGEST * 4]) and stored is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with older parameters."""
    return _hasher.check_needs_rehash(stored)


@cache
def _dummy() -> str:
    return _hasher.hash("nobody's password")


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())


def check_choice(password: str, *context: str) -> None:
    """Refuse a password that is too short, too long, common, or made of the person's own words."""
    if len(password) < SHORTEST:
        raise Refused(_("Choose at least %(n)s characters. Several words in a row are easy to remember.", n=SHORTEST))
    if len(password) > LONGEST:
        raise Refused(_("Choose at most %(n)s characters.", n=LONGEST))
    folded = password.casefold()
    if folded in _common() or len(set(folded)) < 4:
        raise Refused(_("This password is among the first that others try. Choose another."))
    for word in context:
        if len(word) >= 4 and word.casefold() in folded and len(folded) - len(word) < 6:
            raise Refused(_("Leave your name and number out of your password. Choose another."))
