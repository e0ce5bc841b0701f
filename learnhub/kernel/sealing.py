"""Sealing what must not be read from a stolen database: Fernet (AES-128-CBC with HMAC-SHA256), several keys at once."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _


def make_key() -> str:
    """A fresh key."""
    return Fernet.generate_key().decode()


def seal(text: str) -> bytes:
    """A text as only the holder of a key can read it; sealed with the newest key."""
    return _keys().encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """The text that was sealed with any of the keys; Refused when its key is gone."""
    try:
        return _keys().decrypt(sealed).decode()
    except InvalidToken:
        raise Refused(
            _("This field was sealed with a key that is no longer set. Ask whoever runs LearnHub for it.")
        ) from None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in house.field_keys if key.strip()])
