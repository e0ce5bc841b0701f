"""The part of gathering a paper that numbers decide: which line begins a question, and which is a list inside one."""

from __future__ import annotations

import re
from dataclasses import replace

from question_bank.formats.blocks import Block, Line, Section
from question_bank.formats.columns import kind_named
from question_bank.formats.headings import cut_tags, heading_of
from question_bank.formats.key_gathering import LONGEST_STEP
from question_bank.formats.shapes import (
    FIRST_STYLES,
    Number,
    answer_before_number,
    answer_of,
    cut_answer,
    cut_tails,
    narrow,
    number_of,
    options_of,
)
from question_bank.formats.title_gathering import TitleGathering

_EMPTY = re.compile(r"\s*[(（]\s*[)）]\s*")
"""The place for an answer behind `第 1 题`, where nothing else stands on the line."""
LONGEST_PART = 60
"""Characters of a line that can name a part of a paper."""


class NumberGathering(TitleGathering):
    """The state between one line and the next; numbers, and the first line of a question."""

    def _take_number(self, at: int, line: Line) -> bool:
        given = answer_before_number(line.text)
        text = given[1] if given else line.text
        number = number_of(text)
        if number is None or number.style == "cnparen":
            return False
        if number.style != self.style:
            return self._take_sub(at, line, number) or False
        if line.title and self._is_title_of_list(at, number):
            return self._take_title(at, line)
        if self._take_numbered_answer(number, text) or self._take_numbered_kind(at, number, text):
            return True
        if not self._is_next(at, number):
            return False
        self._begin(line.where, text[number.end :], line, number, len(line.text) - len(text) + number.end)
        if number.style in FIRST_STYLES and self.block and _EMPTY.fullmatch(text[number.end :]):
            self.block.stem.clear()
        if given and given[0] and self.block:
            self.block.add_answer(given[0])
            self.block.into = "stem"
        return True

    def _take_numbered_answer(self, number: Number, text: str) -> bool:
        """`3.答案：B` below question 3 is its answer."""
        said = answer_of(text[number.end :])
        if said is None or self.block is None or self.block.number != number.value or not self.block.is_open:
            return False
        self._answer(said.text, is_reference=said.is_reference)
        return True

    def _take_numbered_kind(self, at: int, number: Number, text: str) -> bool:
        """`1. [Multiple choice]` above a list that counts from 1 is the heading of a part."""
        stem, kind, _mark = cut_tags(text[number.end :])
        below = next((one for one in self.lines[at + 1 :] if one.text.strip()), None)
        first = number_of(below.text) if below else None
        if stem or not kind or first is None or first.value != 1:
            return False
        self.found.sections.append(Section(kind_named(kind), category=self.section.category))
        self.block, self.inner = None, 0
        return True

    def _is_title_of_list(self, at: int, number: Number) -> bool:
        """`## 10. Practice questions` above a list that counts from 1 is the title of a part, and no question."""
        below = next((one for one in self.lines[at + 1 :] if one.text.strip()), None)
        first = number_of(below.text) if below and not below.title else None
        return first is not None and first.value == 1 and first.style == number.style

    def _is_next(self, at: int, number: Number) -> bool:
        """Whether a number counts the next question, and no list inside the one before."""
        block = self.block
        if cut_tags(self.lines[at].text[number.end :])[1] and block is not None and not self.in_key:
            self.inner = 0
            return True
        last = next((one.number for one in reversed(self.section.blocks) if one.number), None)
        if last is None or block is None or block.is_material or number.style in FIRST_STYLES:
            self.inner = 0
            return True
        value, is_next = number.value, number.value == last + 1
        goes_on = self.inner and value == self.inner + 1
        if goes_on and (
            not is_next
            or self._comes_again(at, number)
            or not self._is_answered_below(at)
            or self._waits_for_options(block)
        ):
            self.inner = value
            return False
        if is_next:
            self.inner = 0
            return True
        if value == 1 and self.after_blank and block.has_answer and self._is_answered_below(at):
            self.inner = 0
            return True
        if value == 1 and self._asks_again(at, block):
            self.inner = 0
            self._part_title(block)
            return True
        if value == 1 and not (block.is_closed and block.into == "option"):
            self.inner = 1
            return False
        if block.into not in {"answer", "explanation", "stem"} and block.is_closed:
            return True
        if (block.has_answer or self._answer_in(block.stem)) and 0 < value - last <= LONGEST_STEP:
            return True
        if self._answer_in([self.lines[at].text]) and 0 < value - last <= LONGEST_STEP:
            return True
        return self._is_answered_below(at) and block.is_closed

    def _asks_again(self, at: int, block: Block) -> bool:
        """Whether a line numbered 1 asks, as the questions above it do: a list inside one of them would not."""
        asked = bool(block.stem) and narrow(block.stem[0]).rstrip()[-1:] == "?"
        return asked and not block.has_answer and narrow(self.lines[at].text).rstrip()[-1:] == "?"

    def _part_title(self, block: Block) -> None:
        """Where the numbers begin anew, a short line above them names a part of the paper, if there is one."""
        here, title = self.section, ""
        if len(block.stem) > 1 and len(block.stem[-1]) <= LONGEST_PART and narrow(block.stem[-1])[-1:] not in "?:.。":
            title = block.stem.pop()
        self.found.sections.append(Section(here.kind, here.mark, here.mark_per_blank, title or here.category))

    def _waits_for_options(self, block: Block) -> bool:
        """Whether a choice question has no options yet: the numbered lines below it are a list in its stem."""
        is_choice = self.section.kind in {"choice", "single_choice", "multiple_choice"}
        return is_choice and block.into == "stem" and not block.options and not block.has_answer

    def _comes_again(self, at: int, number: Number) -> bool:
        for line in self.lines[at + 1 :]:
            if heading_of(line.text):
                return False
            again = number_of(line.text)
            if again and again.style == number.style and again.value == number.value:
                return True
        return False

    def _is_answered_below(self, at: int) -> bool:
        """Whether options or an answer stand between this numbered line and the next one."""
        if cut_answer(self.lines[at].text):
            return True
        for line in self.lines[at + 1 :]:
            if answer_of(line.text) or options_of(line.text, "A"):
                return True
            if number_of(line.text) or heading_of(line.text):
                return False
        return False

    def _take_sub(self, at: int, line: Line, number: Number) -> bool:
        """`(1) …` with options or an answer of its own is a question of the case above it."""
        parent = self._parent()
        if number.style not in {"paren", "half", "cnparen"} or parent is None or parent.has_answer:
            return False
        if self._is_side(parent, line):
            return True
        if parent.options or number.value != len(parent.subs) + 1 or not self._is_answered_below(at):
            return False
        sub = Block(line.where, parent.section, number.value, number.style)
        parent.subs.append(sub)
        self.block = sub
        self._put_stem(line.text[number.end :], line, number.end)
        return True

    def _is_side(self, block: Block, line: Line) -> bool:
        """A numbered line of a matching question is one of its sides: it stays with the stem."""
        named = "matching" in {self.section.kind, kind_named(cut_tags(" ".join(block.stem))[1])}
        if named and (block.options or block.into == "stem"):
            block.stem.append(line.text.strip())
            block.into = "stem"
            return True
        return False

    def _parent(self) -> Block | None:
        if self.block is None:
            return None
        return next((one for one in self.section.blocks if self.block in one.subs), self.block)

    def _begin(self, where: str, text: str, line: Line, number: Number | None, start: int) -> None:
        value = number.value if number else None
        block = Block(where, self.section, value, number.style if number else "")
        case = self._open_case(value)
        if case:
            case.subs.append(block)
        if self.shared and value and value <= self.shared.last:
            block.options = [replace(one) for one in self.shared.options]
        else:
            self.shared = None
        self.section.blocks.append(block)
        self.block, self.inner = block, 0
        self._put_stem(text, line, start)
        if number is None and self.pending:
            for name, told in self.pending:
                block.fields.setdefault(name, []).append(told)
            self.pending = []

    def _open_case(self, value: int | None) -> Block | None:
        """The case whose material stands above: it takes the questions it names, or all up to the next heading."""
        materials = [one for one in self.section.blocks if one.is_material]
        if not materials or (materials[-1].last and value and value > materials[-1].last):
            return None
        return materials[-1]

    def _put_stem(self, text: str, line: Line, start: int) -> None:
        """A stem's first line, with the options or the answer that stand behind it."""
        assert self.block is not None
        cut = cut_answer(text)
        if cut:
            text, answer = cut
        found = options_of(text, "", anywhere=True)
        if found and found[0].letter == "A" and (not cut or len(found) >= 2):
            offset = start
            self.block.stem.append(text[: found[0].start].rstrip())
            self.block.add_options(_moved(line, offset), found)
        elif text.strip():
            self.block.stem.append(text.strip())
        if cut:
            self._answer(answer, is_reference=False)

    def _answer(self, text: str, *, is_reference: bool) -> None:
        assert self.block is not None
        answer, tails = cut_tails(text)
        self.block.add_answer(answer, is_reference=is_reference)
        for name, value in tails:
            self.block.add_field(name, value)


def _moved(line: Line, offset: int) -> Line:
    return Line(line.where, line.text[offset:], tuple((a - offset, b - offset, mark) for a, b, mark in line.marked))
