"""What a stored password is worth. The other tests use hashes that cost nothing (tests/conftest.py)."""

from __future__ import annotations

import pytest

from learnhub.identity import passwords
from tests.conftest import HASHER


@pytest.fixture
def _as_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what members' passwords are hashed."""
    monkeypatch.setattr(passwords, "_hasher", HASHER)


@pytest.mark.usefixtures("_as_in_use")
def test_a_password_is_hashed_with_what_is_recommended_and_a_salt_of_its_own() -> None:
    hashed = passwords.hash_password("fair winds 2026")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashed != passwords.hash_password("fair winds 2026")
    assert not passwords.needs_rehash(hashed)
    assert passwords.matches(hashed, "fair winds 2026")
    assert not passwords.matches(hashed, "fair winds 2025")


@pytest.mark.usefixtures("_as_in_use")
def test_a_cheaper_hash_is_known_to_be_old() -> None:
    cheap = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$"
    assert passwords.needs_rehash(cheap + "Fm1x9Yp0Tg1b0vQ7p2b6kQ")


def test_nobody_has_every_password() -> None:
    assert not passwords.matches(None, "nobody's password")
    assert not passwords.matches("not a hash", "not a hash")
