"""The part of gathering a paper that numbers decide: which line begins a question, and which is a list inside one."""

from __future__ import annotations

import re
from dataclasses import replace

from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.papers.blocks import Block, Line, Section
from question_bank.formats.papers.headings import cut_tags, heading_of
from question_bank.formats.papers.key_gathering import LONGEST_STEP
from question_bank.formats.papers.marks import cut_behind_answer, cut_behind_stem
from question_bank.formats.papers.part_names import PICTURES
from question_bank.formats.papers.shapes import (
    FIRST_STYLES,
    Answer,
    Number,
    answer_before_number,
    answer_of,
    cut_answer,
    narrow,
    number_before_figure,
    number_before_text,
    number_of,
    options_of,
)
from question_bank.formats.papers.tails import cut_tails, tail_of
from question_bank.formats.papers.title_gathering import TitleGathering
from question_bank.formats.sheets.columns import kind_named

_EMPTY = re.compile(r"\s*(?:[(（]\s*[)）]\s*)?")
"""The place for an answer behind `第 1 题`, where nothing else stands on the line."""
_POINT = re.compile(r"\s*[-*+•]\s+(?=\S)")
"""What a question begins with that is a point of a list."""
_LETTERS_ALONE = re.compile(r"\s*[A-H]{1,8}\s*(?:$|[【\[(。.])")
ABOUT = ("topic", "difficulty", "mark", "kind", "source", "tags")
"""Fields of one line: what stands below them, where no text has come yet, is the question."""
ONE_LINE = frozenset({"true_false", "fill_in", "short_answer"})
"""Kinds whose questions hold no lists as a rule."""
_SECOND_PART = re.compile(r"\(\s*2\s*\)\s*[^\s)]")
"""`（1）求毛利率；（2）若打九折，求利润。`: parts on one line, which one answer below them answers."""
LONGEST_SAID = 20
"""Characters of an answer that has no points of its own, counted by `1)`."""
LONGEST_PART = 60
"""Characters of a line that can name a part of a paper."""


class NumberGathering(TitleGathering):
    """The state between one line and the next; numbers, and the first line of a question."""

    def _take_number(self, at: int, line: Line) -> bool:
        given = answer_before_number(line.text)
        text = given[1] if given else line.text
        number = number_of(text) or self._before_figure(at, text) or self._before_text(at, text)
        if number is None or number.style == "cnparen":
            return False
        if number.style == "half" and self._goes_on_otherwise(at, number):
            number = replace(number, style="dot")
        if number.style != self.style:
            return self._take_sub(at, line, number) or False
        if line.title and self._is_title_of_list(at, number):
            return self._take_title(at, line)
        if self._says_number_again(number, text):
            return True
        if self._take_numbered_answer(number, text) or self._take_numbered_kind(at, number, text):
            return True
        if not self._is_next(at, number):
            return False
        if line.title and self._above(line) is not self.section:
            self.section.category = ""
        self._begin(line.where, text[number.end :], line, number, len(line.text) - len(text) + number.end)
        self._give_mark_above()
        if number.style in FIRST_STYLES and self.block and _EMPTY.fullmatch(PICTURES.sub("", text[number.end :])):
            self.block.stem.clear()
        if given and given[0] and self.block:
            self.block.add_answer(given[0])
            self.block.into = "stem"
        return True

    def _says_number_again(self, number: Number, text: str) -> bool:
        """Whether `【第 1 题】` alone stands below `第 1 题`, which has no text yet."""
        block = self.block
        is_empty = block is not None and not (block.stem or block.options or block.has_answer)
        return (
            is_empty
            and block is not None
            and number.style in FIRST_STYLES
            and block.number == number.value
            and not text[number.end :].strip()
        )

    def _give_mark_above(self) -> None:
        """Give a question the mark that stood above its number (see `MarkGathering`)."""

    def _goes_on_otherwise(self, at: int, number: Number) -> bool:
        """`3）…` with an answer below counts on from `2、`, where that question has its answer."""
        last = next((one.number for one in reversed(self.section.blocks) if one.number), 0)
        is_over = self.block is not None and self.block.has_answer and len("".join(self.block.answer)) <= LONGEST_SAID
        return self.style == "dot" and is_over and number.value == (last or 0) + 1 and self._is_answered_below(at)

    def _before_figure(self, at: int, text: str) -> Number | None:
        """`3.220V…` is question 3 where 2 stands above, and options, an answer or, below a blank, 4 follow."""
        number = number_before_figure(text) if self.style == "dot" and not self.in_key else None
        last = next((one.number for one in reversed(self.section.blocks) if one.number), None)
        if number is None or number.value != (last or 0) + 1:
            return None
        if (self.block is None or self.block.is_closed) and self._is_answered_below(at):
            return number
        below = next((found for one in self.below(at) if (found := number_of(one.text))), None)
        is_counted = below is not None and (below.style, below.value) == ("dot", number.value + 1)
        return number if is_counted and blanks_in(text) > 0 else None

    def _before_text(self, at: int, text: str) -> Number | None:
        """`24下列…` below an answered question, above options, is question 24."""
        number = number_before_text(text) if self.style == "dot" and not self.in_key else None
        if number is None or self.block is None or not self.block.has_answer or not self._next_is_option(at):
            return None
        last = next((one.number for one in reversed(self.section.blocks) if one.number), None)
        return number if last is not None and 0 < number.value - last <= LONGEST_STEP else None

    def _take_numbered_answer(self, number: Number, text: str) -> bool:
        """`3.答案：B` below question 3 is its answer."""
        said = answer_of(text[number.end :]) or self._letters_again(number, text)
        if said is None or self.block is None or self.block.number != number.value or not self.block.is_open:
            return False
        self._answer(said.text, is_reference=said.is_reference)
        return True

    def _letters_again(self, number: Number, text: str) -> Answer | None:
        """`3.B【解析】…` below the options of question 3."""
        block = self.block
        if block is None or block.number != number.value or len(block.options) < 2:
            return None
        return Answer(text[number.end :].strip()) if _LETTERS_ALONE.match(narrow(text[number.end :])) else None

    def _take_numbered_kind(self, at: int, number: Number, text: str) -> bool:
        """`1. [Multiple choice]` above a list that counts from 1 is the heading of a part."""
        stem, kind, _mark = cut_tags(text[number.end :])
        below = next((one for one in self.below(at) if one.text.strip()), None)
        first = number_of(below.text) if below else None
        if stem or not kind or first is None or first.value != 1:
            return False
        self.found.sections.append(Section(kind_named(kind), category=self.section.category))
        self.block, self.inner = None, 0
        return True

    def _is_title_of_list(self, at: int, number: Number) -> bool:
        """`## 10. Practice questions` above a list that counts from 1 is the title of a part, and no question."""
        below = next((one for one in self.below(at) if one.text.strip()), None)
        first = number_of(below.text) if below and not below.title else None
        is_more = below is not None and first is not None and bool(below.text[first.end :].strip())
        return is_more and first is not None and first.value == 1 and first.style == number.style

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
        anew = self.after_blank or (len(block.options) > 1 and self._next_is_option(at))
        is_answered = block.has_answer or self._answer_in(block.stem)
        if value == 1 and anew and is_answered and self._is_answered_below(at):
            self.inner = 0
            return True
        if value == 1 and self._asks_again(at, block):
            self.inner = 0
            self._part_title(block)
            return True
        if self.section.kind in ONE_LINE and block.into == "stem" and self._counts_further(number, last):
            return True
        if value == 1 and not (block.is_closed and block.into == "option"):
            self.inner = 1
            return False
        if block.into not in {"answer", "explanation", "stem"} and block.is_closed:
            return True
        if is_answered and 0 < value - last <= LONGEST_STEP:
            return True
        if self._answer_in([self.lines[at].text]) and 0 < value - last <= LONGEST_STEP:
            return True
        return self._is_answered_below(at) and (block.is_closed or self._counts_further(number, last))

    def _counts_further(self, number: Number, last: int) -> bool:
        """Whether numbers were left out: a list inside a question counts from 1, and goes on by one."""
        return not self.inner and 1 < number.value - last <= LONGEST_STEP

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
        for line in self.below(at):
            if heading_of(line.text):
                return False
            again = number_of(line.text)
            if again and again.style == number.style and again.value == number.value:
                return True
        return False

    def _take_sub(self, at: int, line: Line, number: Number) -> bool:
        """`(1) …` with options or an answer of its own is a question of the case above it."""
        parent = self._parent()
        if number.style not in {"paren", "half", "cnparen"} or parent is None or parent.has_answer:
            return False
        if parent.into == "ignored":
            return False
        if self._is_side(parent, line):
            return True
        if number.value == 1 and _SECOND_PART.search(narrow(line.text)[number.end :]):
            return False
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
        if number is None and (point := _POINT.match(text)):
            text, start = text[point.end() :], start + point.end()
        self._put_stem(text, line, start)
        if number is None and self.pending:
            for name, told in self.pending:
                block.fields.setdefault(name, []).append(told)
            self.pending = []

    def _open_case(self, value: int | None) -> Block | None:
        """The case whose material stands above: it takes the questions it names, or all up to the next heading."""
        material = self.section.material
        if material is None or (material.last and value and value > material.last):
            return None
        return material

    def _put_stem(self, text: str, line: Line, start: int) -> None:
        """A stem's first line, with the options or the answer that stand behind it."""
        assert self.block is not None
        about = tail_of(text) if not self.block.stem else None
        if about and about[0] in ABOUT and about[1]:
            self.block.add_field(*about)
            self.block.into = "stem"
            return
        cut = cut_answer(text)
        if cut:
            text, answer = cut
        text, mark = cut_behind_stem(text)
        if mark:
            self.block.fields.setdefault("mark", [mark])
        found = options_of(text, "", anywhere=True)
        if not found and len(first := options_of(text, "A")) > 1:
            found = first
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
        answer, mark = cut_behind_answer(answer)
        if mark:
            self.block.fields.setdefault("mark", [mark])
        self.block.add_answer(answer, is_reference=is_reference)
        for name, value in tails:
            self.block.add_field(name, value)


def _moved(line: Line, offset: int) -> Line:
    return Line(line.where, line.text[offset:], tuple((a - offset, b - offset, mark) for a, b, mark in line.marked))
