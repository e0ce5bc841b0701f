"""A glance at a text: which signs of a paper its lines show, before anything is read of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from question_bank.formats.fields.answers import blanks_in, truth
from question_bank.formats.fields.blanks import is_answer_of_blank
from question_bank.formats.papers.headings import begins_with_kind, heading_of
from question_bank.formats.papers.hook_headers import is_header
from question_bank.formats.papers.keys import is_key_heading
from question_bank.formats.papers.lone_letters import answers_alone
from question_bank.formats.papers.part_names import kind_of_title
from question_bank.formats.papers.shapes import (
    SIGNS,
    Option,
    answer_before_number,
    answer_of,
    cut_answer,
    narrow,
    number_of,
    options_of,
)
from question_bank.formats.papers.undressing import undressed
from question_bank.formats.papers.unlettered import POINT, TICKED_END

_MARKED_RIGHT = re.compile(r"[(（【\[]\s*正确(?:答案|选项)\s*[】\])）]\s*$")
_JUDGED = re.compile(rf"[(（]\s*(?:[{SIGNS}]|对|错|正确|错误|True|False)\s*[)）]")
_BOLD_POINT = re.compile(r"\s*[-*+]\s+\*\*[^*]+\*\*\s*")
_LIST_POINT = re.compile(r"\s*[-*+]\s")
"""What a point of a list begins with."""
_LETTERED = re.compile(r"[A-Za-z]\s*[.、．)）:：]")
_ASKS = re.compile(rf"[?？]|[(（]\s*(?:[A-Ha-h]{{1,6}}|[{SIGNS}]|对|错|正确|错误|T|F|True|False)\s*[)）]")


@dataclass
class Glance:
    """How often each sign was met in the lines so far, and what the next line may follow on."""

    options: int = 0
    answers: int = 0
    numbers: int = 0
    headings: int = 0
    asked: int = 0
    told_beside: int = 0
    """Answers marked in a line or an option."""
    judged: int = 0
    """Signs of right and wrong beside numbers."""
    verdicts: int = 0
    """Answers that are such words themselves."""
    explained: int = 0
    """Answers right below what asks."""
    chosen: int = 0
    """Ticks and bold points where something asks."""
    above: str = ""
    title: str = ""
    is_asked: bool = False
    is_of_kind: bool = False

    def take(self, raw: str) -> None:
        """Count the signs of one more line."""
        shown = undressed(raw, is_markdown=True)
        line = shown.text
        if not line.strip():
            return
        self.title = line if shown.title else self.title
        is_numbered = number_of(line) is not None
        self.headings += _is_heading(line) or (not self.above and bool(kind_of_title(line)))
        self.numbers += is_numbered or begins_with_kind(line)
        self._count_answers(line, is_numbered)
        self._count_options(raw, line, is_numbered)
        self.is_asked = asks(line) if not POINT.match(raw) else self.is_asked
        self.above = line

    def is_of_paper(self) -> bool:
        """Whether the signs are those of a paper; numbers and letters alone are those of any list."""
        return (
            bool(self.options and (self.answers or self.headings or (self.numbers and self.asked)))
            or bool(self.answers and (self.numbers or self.headings))
            or bool(self.headings and self.numbers)
            or max(self.told_beside, self.judged, self.verdicts, self.explained) > 1
            or self.chosen > 0
        )

    def _count_answers(self, line: str, is_numbered: bool) -> None:
        given, said = answer_before_number(line), answer_of(line)
        self.judged += (is_numbered and _JUDGED.search(line) is not None) or (given is not None and bool(given[0]))
        self.judged += _JUDGED.fullmatch(line.strip()) is not None and number_of(self.above) is not None
        self.answers += said is not None or answers_alone(line, self.above) or is_answer_of_blank(line)
        self.verdicts += said is not None and truth(said.text) is not None and not said.text.isascii()
        self.explained += said is not None and narrow(self.above).rstrip()[-1:] == "?"
        self.told_beside += 2 * is_header(line)
        self.told_beside += bool(_MARKED_RIGHT.search(line)) or (
            ("答案" in line or "ANSWER" in line) and cut_answer(line) is not None
        )

    def _count_options(self, raw: str, line: str, is_numbered: bool) -> None:
        found: list[Option] = options_of(line, "A") or options_of(line, "", anywhere=True)
        is_ticked = any(one.ticked for one in found)
        self.options += len(found)
        self.asked += is_ticked or asks(line if is_numbered else self.above if found else "")
        self.chosen += is_ticked and (asks(self.title) or (asks(self.above) and _LETTERED.search(line) is not None))
        self.chosen += self.is_asked and _BOLD_POINT.fullmatch(raw) is not None
        self.is_of_kind = begins_with_kind(line) if not _LIST_POINT.match(raw) else self.is_of_kind
        self.chosen += is_ticked and self.is_of_kind
        self.chosen += POINT.match(raw) is not None and TICKED_END.search(line) is not None


def _is_heading(line: str) -> bool:
    return heading_of(line) is not None or is_key_heading(line)


def asks(text: str) -> bool:
    """Whether a text has a question mark, room for an answer, or blanks."""
    return bool(text) and (_ASKS.search(text) is not None or blanks_in(text) > 0)
