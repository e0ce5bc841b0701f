"""The part of gathering a paper that labels decide: 题目, 题型, 解析, 出处 and what else a line may begin with."""

from __future__ import annotations

import re

from question_bank.formats.papers.blocks import Block, Line
from question_bank.formats.papers.headings import cut_tags
from question_bank.formats.papers.mark_gathering import MarkGathering
from question_bank.formats.papers.materials import begins_material
from question_bank.formats.papers.number_gathering import ABOUT
from question_bank.formats.papers.shapes import FIRST_STYLES, answer_of, cut_answer, narrow, number_of
from question_bank.formats.papers.tails import cut_tails, tail_of

_STEM = re.compile(
    r"\s*(?:[【\[]\s*(?:题目|题干|试题|问题|题面)\s*[】\]]\s*:?|(?:题目|题干|题目内容|问题?|Question)\s*:|Q\s*[.:])\s*(?=\S)",
    re.IGNORECASE,
)
_IN_HOOKS = re.compile(r"\s*[\[【][^\[\]【】]{2,40}[\]】]\s*")


_VERDICT = re.compile(r"\s*(?:回答|答题|作答)?(?:正确|错误|半对|部分正确)[!！。]?\s*|\s*答[对错][了]?\s*")
LONGEST_NAME = 20
"""Characters of a numbered line above 题目 that can be what the question is about."""
_ASKS = re.compile(r"[?？]|[(（][\s\u3000]*[)）]|_{2,}|＿|[。.:：]\s*$")


def _is_name(stem: list[str]) -> bool:
    """Whether the text of a numbered line is a name and asks nothing: `3. 循环的次数`."""
    text = "".join(stem).strip()
    return 0 < len(text) <= LONGEST_NAME and not _ASKS.search(text)


class LabelGathering(MarkGathering):
    """The state between one line and the next; labels, and the fields that they begin."""

    def _take_label(self, line: Line) -> bool:
        """`【题目】…` begins a question; it may stand below its number or its type."""
        found = _STEM.match(narrow(line.text))
        if not found:
            return False
        text = line.text[found.end() :]
        if self.block and self._asks_about_text(self.block):
            self.block.add(text.strip())
        elif self.block and not self.block.has_answer and (not self.block.stem or self._waits_for_question(self.block)):
            self._put_stem(text, line, found.end())
        else:
            self._drop_title()
            self._begin(line.where, text, line, None, found.end())
        assert self.block is not None
        for name, value in self.pending:
            self.block.fields.setdefault(name, []).append(value)
        self.pending = []
        return True

    def _asks_about_text(self, block: Block) -> bool:
        """Whether `6．材料：…` has nothing but its text yet: `问题：…` below it asks about that."""
        is_bare = block.is_open and not block.options and block.into == "stem"
        return is_bare and block.number is not None and begins_material("".join(block.stem[:1]))

    def _waits_for_question(self, block: Block) -> bool:
        """Whether `Question 3` has nothing but a scenario yet: `Question: …` below it asks about that."""
        return block.number is not None and block.style in FIRST_STYLES and not block.is_closed and block.into == "stem"

    def _take_label_of_next(self, at: int, line: Line) -> bool:
        """`[实务·2024·负债]` right above a number says what the next question is about: it is shown, and no part."""
        if not _IN_HOOKS.fullmatch(line.text) or (self.block is not None and not self.block.has_answer):
            return False
        below = self.lines[at + 1].text if at + 1 < len(self.lines) else ""
        is_part = number_of(line.text) or cut_tags(line.text)[1] or answer_of(line.text) or tail_of(line.text)
        if is_part or number_of(below) is None:
            return False
        self.found.unplaced.append(line)
        return True

    def _is_verdict(self, at: int, text: str) -> bool:
        """`正确` alone between the options and `正确答案：B` is what a platform says of an attempt."""
        block = self.block
        if block is None or block.into != "option" or len(block.options) < 2 or not _VERDICT.fullmatch(text):
            return False
        below = [one.text for one in self.lines[at + 1 : at + 8] if one.text.strip()][:3]
        for line in below:
            said = answer_of(line)
            if said is not None and said.text:
                return True
            if (tail_of(line) or ("",))[0] not in {"ignored", "mark"}:
                return False
        return False

    def _drop_title(self) -> None:
        """What stands above a label without options or an answer, numbered as parts are or not at all, is a title."""
        block = self.block
        if block is None or not block.is_open or block.options or block.fields or block.is_material:
            return
        is_title = block.number is None or block.style in {"cn", "cnparen"} or _is_name(block.stem)
        if is_title and block in self.section.blocks:
            self.section.blocks.remove(block)
            self.found.unplaced += [line for line in self.lines if line.where == block.where]

    def _is_of_next(self, at: int, name: str) -> bool:
        """Whether a tail stands above the question it is about: 【题型】 before 【题目】. An explanation never does."""
        if self.block is not None and self.block.has_answer:
            ends = at + 1 == len(self.lines) or not self.lines[at + 1].text.strip()
            if name == "explanation" or (ends and at and self.lines[at - 1].text.strip()):
                return False
        near = self.lines[at + 1 : at + 6]
        is_below_answer = (
            self.block is not None and self.block.has_answer and bool(at and self.lines[at - 1].text.strip())
        )
        below = [one.text for one in near if one.text.strip() or is_below_answer][:3]
        for text in below:
            if not text.strip() or (tail_of(text) or ("",))[0] == "explanation":
                return False
            if _STEM.match(narrow(text)):
                return self.block is None or bool(self.block.stem)
            if tail_of(text) is None:
                return False
        return False

    def _take_tail(self, at: int, line: Line) -> bool:
        found = tail_of(line.text)
        if found is None:
            return False
        name, value = found
        if self._is_of_next(at, name):
            self.pending.append(found)
            return True
        if name == "mark" and value and self._is_mark_of_next(at, is_of_question=True):
            self.mark_above = value
            return True
        if self.block is None:
            return False
        said = answer_of(value) if name == "explanation" and not self.block.has_answer else None
        if said and said.text:
            self._answer(said.text, is_reference=False)
            return True
        cut = cut_answer(value) if name != "explanation" else None
        if cut:
            value = cut[0]
        value, tails = cut_tails(value)
        self.block.add_field(name, value)
        if name in ABOUT and value and not self.block.stem and not self.block.options:
            self.block.into = "stem"
        for other, told in tails:
            self.block.add_field(other, told)
        if cut:
            self._answer(cut[1], is_reference=False)
        return True
