"""What names a person: the words of today, and those of before that the trail still knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from learnhub.identity.models import Member
from learnhub.kernel.redaction import Redactor

TELLING = 5
"""From so many characters on, a number or an address names its person wherever it stands."""
PERSONAL = ("name", "number", "phone", "email", "sign_in_name")
_NOT_TEXT = frozenset({"role", "unit", "scopes", "fields"})
"""Details of the trail that are codes of ours, whatever they look like."""


@dataclass
class Words:
    """The words that name one person, and the pseudonym and code that stand in for them."""

    member_id: int
    pseudonym: str
    code: str
    people: set[str]
    """Names: they name this person only where the text is about this person."""
    names: set[str]
    """Numbers, sign-in names, phones, addresses: nobody else has them."""

    @classmethod
    def of(cls, member: Member, pseudonym: str, code: str) -> Words:
        """The words of today."""
        unique = (member.number, member.sign_in_name, member.phone, member.email)
        return cls(member.id, pseudonym, code, {member.name}, {one for one in unique if one})

    @property
    def id_text(self) -> str:
        """The member's id as it stands in JSON."""
        return str(self.member_id)

    @property
    def telling(self) -> list[str]:
        """The words that can be looked for everywhere."""
        return sorted(word for word in self.names if len(word) >= TELLING)

    def remember(self, values: Iterable[Any], *, name: bool) -> None:
        """Add words that the person was known by before."""
        known = self.people if name else self.names
        known.update(value for value in values if isinstance(value, str) and value)

    def take_out(self, value: Any) -> Any:
        """A text or JSON about this person, without the words."""
        return self._redactor(self.people, self.names)(value)

    def take_out_of_foreign(self, value: Any) -> Any:
        """A text or JSON about others, without what names this person and nobody else."""
        return self._redactor((), self.telling)(value)

    def take_out_of_details(self, details: dict[str, Any]) -> dict[str, Any]:
        """The details of an act on this person, without personal values, whatever they were."""
        cleaned = {key: value if key in _NOT_TEXT else self.take_out(value) for key, value in details.items()}
        for key in PERSONAL:
            if key in cleaned:
                cleaned[key] = self.code
        if isinstance(cleaned.get("changes"), dict):
            changed = cleaned["changes"]
            cleaned["changes"] = {key: [self.code] * 2 if key in PERSONAL else changed[key] for key in changed}
        return cleaned

    def _redactor(self, people: Iterable[str], names: Iterable[str]) -> Redactor:
        return Redactor({**dict.fromkeys(names, self.code), **dict.fromkeys(people, self.pseudonym)})
