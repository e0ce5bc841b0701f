"""The part of gathering a paper that texts decide: materials of cases, passages with gaps, options that are shared."""

from __future__ import annotations

import re

from question_bank.formats.papers.blocks import Block, Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.label_gathering import LabelGathering
from question_bank.formats.papers.materials import (
    begins_material,
    cut_shared_stem,
    numbers_of_material,
    numbers_of_next,
    numbers_of_shared_options,
)
from question_bank.formats.papers.shapes import narrow, number_of

_TASKS_BELOW = re.compile(
    r"\s*\D.{15,}(?:完成|回答|解答)(?:下列|以下|下面)(?:各)?(?:任务|问题|小题|要求|各题)\s*[:。.]?\s*"
)
"""`某校要开发……请完成以下任务：` below a heading: what is asked about it stands below."""

_ABOUT_ABOVE = re.compile(
    r"\s*(?:要求|问题)?\s*[:,]?\s*请?(?:根据|依据|结合)(?:上述|以上|上面)的?(?:资料|材料|案例|案情|内容|信息|情况|业务)"
)
"""`要求：根据上述资料，回答下列问题。`: what stands above, up to the heading, is what the questions are about."""
_NAME_OF_CASE = re.compile(
    r"\s*(?:(?:案例|病例|材料|资料)\s*(?:[一二三四五六七八九十百]{1,5}|\d{1,3})|(?:passage|text)\s+(?:[A-H]|\d{1,2}|one|two|three|four))\s*[:：.]?\s*",
    re.IGNORECASE,
)
"""`案例一` alone on its line only counts the case."""


class MaterialGathering(LabelGathering):
    """The state between one line and the next; texts that questions are about."""

    def _take_material(self, at: int, line: Line) -> bool:
        if self.block and self.block.is_material and not self.block.subs and begins_material(line.text):
            numbers = numbers_of_material(line.text)
            self.block.last = numbers[1] if numbers else self.block.last
            self.block.add(line.text.strip())
            return True
        shared = cut_shared_stem(line.text.strip())
        if shared is None and not self._can_begin_material(line.text) and not self._is_referred_to(at):
            return False
        stem = (
            ""
            if _NAME_OF_CASE.fullmatch(line.text) or self._is_counted_alone(at)
            else line.text.strip()
            if shared is None
            else shared
        )
        block = Block(line.where, self.section, is_material=True, stem=[stem] if stem else [])
        numbers = numbers_of_material(line.text)
        block.last = numbers[1] if numbers else 0
        self.section.blocks.append(block)
        self.block = block
        return True

    def _take_text_number(self, line: Line) -> bool:
        """`（一）` in a part with texts begins one; the text may stand behind it, or below."""
        number = number_of(line.text) if self.section.has_texts and self.style != "cnparen" else None
        if number is None or number.style != "cnparen":
            return False
        self._begin_text(line, line.text[number.end :].strip())
        return True

    def _begin_text(self, line: Line, text: str) -> None:
        self.block = Block(line.where, self.section, is_material=True, stem=[text] if text else [])
        self.section.blocks.append(self.block)

    def _take_passage(self, line: Line, gaps: tuple[int, int]) -> None:
        """A line of a passage with gaps: the rows below it, by their numbers, ask for them."""
        self.in_key = self.after_blank = False
        if self.block is None or not self.block.is_material or self.block.subs or self.block.last != gaps[1]:
            self._begin_text(line, "")
            assert self.block is not None
            self.block.last = gaps[1]
            self.style = "dot"
        self.block.add(line.text.strip())

    def _can_begin_material(self, text: str) -> bool:
        block = self.block
        begins = begins_material(text) or (block is None and _TASKS_BELOW.fullmatch(narrow(text)) is not None)
        if block and block.number is not None and numbers_of_next(text, block.number):
            return begins
        is_name = block is not None and len(block.options) > 1 and _NAME_OF_CASE.fullmatch(text) is not None
        if not begins or (block and block.is_open and block.into != "stem" and not is_name):
            return False
        return not (block and not block.is_closed and not block.is_material and block.number is not None)

    def _is_referred_to(self, at: int) -> bool:
        """Whether the first line below a heading begins what a line above the questions says that they are about."""
        block = self.block
        is_first = block is None and not self.section.blocks and len(self.found.sections) > 1
        is_next = block is None or (block.has_answer and len(block.options) > 1 and self.after_blank)
        if self.in_key or not (is_first or (is_next and self._is_counted_alone(at))):
            return False
        for line in self.below(at):
            if number_of(line.text) is not None or heading_of(line.text) is not None:
                return False
            if _ABOUT_ABOVE.match(narrow(line.text)):
                return True
        return False

    def _is_counted_alone(self, at: int) -> bool:
        """Whether a line is `（二）` and nothing else, as cases are counted, above the text of one."""
        number = number_of(self.lines[at].text)
        return number is not None and number.style == "cnparen" and not self.lines[at].text[number.end :].strip()

    def _take_shared_options(self, line: Line) -> bool:
        """`（1～3题共用备选答案）`: the options below it belong to each of the questions that it names."""
        numbers = numbers_of_shared_options(line.text)
        if numbers is None:
            return False
        self.shared = self.block = Block(line.where, self.section, last=numbers[1])
        return True
