"""Messages written below web, translated only where somebody reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

Gettext = Callable[[str], str]
Ngettext = Callable[[str, str, int], str]
Shown = Callable[[Any], Any]

reading: Callable[[Message], str] = str
"""How whoever makes pages says a message to the reader of the page; set once, when an application is made."""


class Message:
    """A sentence with its parameters, kept apart so that each reader gets it in their own language.

    `str()` gives the English of the source. Parameters use `%(name)s`; a parameter may be a Message itself.
    """

    __slots__ = ("params", "plural", "text")

    def __init__(self, text: str, plural: str | None = None, params: Mapping[str, Any] | None = None) -> None:
        self.text = text
        self.plural = plural
        self.params = dict(params or {})

    def translated(self, gettext: Gettext, ngettext: Ngettext, shown: Shown | None = None) -> str:
        """The sentence through a catalogue's functions; `shown` writes a parameter as the reader's language does."""
        if self.plural is not None:
            template = ngettext(self.text, self.plural, int(self.params["n"]))
        else:
            template = gettext(self.text)
        if not self.params:
            return template
        filled = {
            key: value.translated(gettext, ngettext, shown)
            if isinstance(value, Message)
            else (shown(value) if shown else value)
            for key, value in self.params.items()
        }
        return template % filled

    def __str__(self) -> str:
        return self.translated(lambda text: text, lambda one, many, n: one if n == 1 else many)

    def __html__(self) -> str:
        """In a page: in its reader's language, escaped (the protocol of MarkupSafe)."""
        return escape(reading(self))

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash((self.text, self.plural))

    def to_json(self) -> dict[str, Any]:
        """A form that can be stored (in reports and reasons) and read back by `from_json`."""
        stored: dict[str, Any] = {"text": self.text}
        if self.plural is not None:
            stored["plural"] = self.plural
        if self.params:
            stored["params"] = {
                key: {"message": value.to_json()}
                if isinstance(value, Message)
                else value
                if isinstance(value, int | str)
                else str(value)
                for key, value in self.params.items()
            }
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | str) -> Message:
        """The message that `to_json` stored; a bare string becomes a message without parameters."""
        if isinstance(stored, str):
            return cls(stored)
        params = {
            key: cls.from_json(value["message"]) if isinstance(value, dict) else value
            for key, value in stored.get("params", {}).items()
        }
        return cls(stored["text"], stored.get("plural"), params)


def _(text: str, /, **params: Any) -> Message:
    """Mark a sentence for translation: `_("%(n)s rows", n=3)`. A literal % is written %% when there are parameters."""
    return Message(text, None, params)


def n_(one: str, many: str, /, n: int, **params: Any) -> Message:
    """Mark a sentence that depends on a number: `n_("%(n)s row", "%(n)s rows", n=3)`."""
    return Message(one, many, {"n": n, **params})


def place(where: str) -> Message | str:
    """Where something stands in a file, for people: `line 7` or `paragraph 7` as a message, `Sheet1!7` as it is."""
    what, _space, number = where.partition(" ")
    if not number.isdecimal():
        return where
    return {
        "line": _("line %(n)s", n=number),
        "question": _("question %(n)s", n=number),
        "paragraph": _("paragraph %(n)s", n=number),
    }.get(what, where)
