"""Headings of the parts of English papers: counted, or named by what is to be done."""

from __future__ import annotations

import re
from typing import NamedTuple

_COUNTED = re.compile(
    r"(?:Part|PART|Section|SECTION)\s+(?P<part>[IVX]{1,4}|\d{1,2}|[A-H])(?:\s*[.:—–-]\s*|\s{2,}|\s*(?=\()|\s+(?=[A-Z][a-z]+(?:\s+(?:[A-Z][a-z]+|and|&|or|of)){0,4}\s*(?:\(|$))|$)"
    r"(?P<name>[A-Z][A-Za-z/&’' -]{2,50}?)?\s*(?P<told>\([^()]{1,60}\))?"
)
"""`Part III  Translation (10 points)`: a part of an English paper, whatever it is called."""
_EACH = re.compile(
    r"(?:[IVX]{1,4}|[A-H]|(?:Part|Section)\s+\w{1,4})\s*[.:]\s*(?P<task>[A-Z][^?_]{3,80}?)"
    r"(?P<told>\(\s*\d{1,2}(?:\.\d)?\s*(?:points?|marks?)\s*(?:each|per\s+\w+)[^()]*\))\s*[.:]?",
    re.IGNORECASE,
)
"""`I. Choose the best answer (2 points each)`: a part that is named by what is to be done."""
_WHOLE = re.compile(
    r"[IVX]{1,4}\s*[.:、]\s*(?P<task>(?:multiple|choose|circle|complete|fill|match|true|decide|read|cloze|grammar|vocabulary|listen"
    r"|translat|rewrite|writing|correct|order|put|short|answer\s+the)[^?_()]{0,80}?)\s*"
    r"(?P<told>\(\s*\d{1,3}(?:\.\d)?\s*(?:points?|marks?|分)\s*\))\s*[.:]?",
    re.IGNORECASE,
)
"""`II. Reading comprehension (4 points)`: what the part earns as a whole."""
_TASKS = {
    "true_false": re.compile(
        r"(?:state|say|indicate|decide|determine|identify|mark|tell|write)\b[^?_:]{0,60}\btrue\s*(?:or|/)\s*false\b[^?_:]{0,20}",
        re.IGNORECASE,
    ),
    "fill_in": re.compile(
        r"(?:fill\s+in\s+the\s+(?:blanks?|gaps?|missing\s+words?)|complete\s+(?:the|each)\s+(?:following\s+)?"
        r"(?:sentences?|statements?))\b[^?_:]{0,60}",
        re.IGNORECASE,
    ),
    "choice": re.compile(
        r"(?:choose|select|circle|tick|pick|identify)\s+the\s+(?:most\s+)?(?:correct|best|right|appropriate|suitable)\s+"
        r"(?:one|answer|option|choice|alternative|letter|word)s?\b[^?_:]{0,60}",
        re.IGNORECASE,
    ),
}
_TOLD = re.compile(r"[IVX]{1,4}\s*[.:、)]\s*(?P<task>[A-Z][^?_]{8,100}?)\s*[.:]?")
"""`II. State whether the following are true or false.`, where nothing is said of marks."""
_OF_TEXTS = re.compile(r"\bread(?:ing)?\b|\bpassages?\b|\bcase\s+stud", re.IGNORECASE)


class EnglishPart(NamedTuple):
    """The part's name or task, what it is counted by where `Part` or `Section` says so, and what is said of marks."""

    name: str
    number: str
    told: str

    @property
    def is_counted(self) -> bool:
        """Whether its name stands behind `Part I` or `Section A`."""
        return bool(self.number)

    @property
    def has_texts(self) -> bool:
        """Whether its questions are about texts that stand above them."""
        return _OF_TEXTS.search(self.name) is not None


def part_in_english(thin: str) -> EnglishPart | None:
    """The part of a paper that a line of narrow signs begins; None for any other line."""
    if part := _COUNTED.fullmatch(thin):
        return EnglishPart(part["name"] or "", part["part"], part["told"] or "")
    if task := _EACH.fullmatch(thin) or _WHOLE.fullmatch(thin):
        return EnglishPart(task["task"].strip(), "", task["told"])
    told = _TOLD.fullmatch(thin)
    return EnglishPart(told["task"], "", "") if told and kind_of_english_task(told["task"]) else None


def kind_of_english_task(name: str) -> str | None:
    """The kind of a part that is named by what is to be done: `Choose the best answer`."""
    return next((kind for kind, task in _TASKS.items() if task.fullmatch(name.strip(" .:"))), None)
