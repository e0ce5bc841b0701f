"""Notes in plain text as Anki exports them: what its lines of settings say, as a head of the columns below them."""

from __future__ import annotations

import csv
import html
import re
from dataclasses import dataclass
from io import StringIO

from learnhub.kernel.markup import sanitize_html, text_of

_SETTING = re.compile(
    r"#(separator|html|columns|tags|notetype|deck|if matches|(?:tags|deck|guid|notetype) column)\s*:(.*)", re.IGNORECASE
)
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_OWN = {"guid column": "guid", "notetype column": "notetype", "deck column": "category", "tags column": "tags"}
LAST_SETTING = 20
"""Settings stand in the first lines."""


@dataclass(frozen=True)
class Notes:
    """A text with a head in the place of its last setting, and where the cards have their fronts and backs."""

    text: str
    front: int
    back: int
    tags: int | None
    is_html: bool

    def clean(self, rows: list[list[str]]) -> None:
        """Part the tags, and make plain text of the backs, which are answers, and of fronts without markup."""
        for row in rows:
            if self.tags is not None and len(row) > self.tags:
                row[self.tags] = ",".join(row[self.tags].split())
            if self.is_html and len(row) > max(self.front, self.back):
                row[self.back] = text_of(sanitize_html(row[self.back]))
                row[self.front] = row[self.front] if "<" in row[self.front] else html.unescape(row[self.front])


def notes_of(text: str) -> Notes | None:
    """The notes of such a file; None where it is none, or where they don't have two fields of their own.

    Fields have no names in it: two are a card's front and back.
    """
    lines = text.lstrip("\ufeff").split("\n", LAST_SETTING)
    said: dict[str, str] = {}
    count = 0
    for line in lines:
        if not (found := _SETTING.fullmatch(line.strip())):
            break
        said[found.group(1).lower()] = found.group(2).strip()
        count += 1
    delimiter = _SEPARATORS.get(said.get("separator", "").lower(), said.get("separator", ""))
    if len(delimiter) != 1 or count >= len(lines) or "columns" in said:
        return None
    first = next(csv.reader(StringIO("\n".join(lines[count:]), newline=""), delimiter=delimiter), [])
    own = {int(said[name]): head for name, head in _OWN.items() if said.get(name, "").isdigit()}
    fields = [at for at in range(1, max(len(first), *own, 1) + 1) if at not in own]
    if len(fields) != 2:
        return None
    head = own | {fields[0]: "question", fields[1]: "answer"}
    lines[count - 1] = delimiter.join(head.get(at, "") for at in range(1, max(head) + 1))
    is_html = said.get("html", "").lower() == "true"
    tags = next((at - 1 for at, name in own.items() if name == "tags"), None)
    return Notes("\n".join(lines), fields[0] - 1, fields[1] - 1, tags, is_html)
