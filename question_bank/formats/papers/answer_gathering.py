"""The part of gathering a paper that answers decide, wherever they stand below their question."""

from __future__ import annotations

import re

from question_bank.formats.fields.answers import blanks_in, letters_in
from question_bank.formats.fields.blanks import is_answer_of_blank, parts_of
from question_bank.formats.papers.blocks import Block, Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.lone_letters import answer_in_brackets, answer_on_line
from question_bank.formats.papers.material_gathering import MaterialGathering
from question_bank.formats.papers.shapes import (
    Answer,
    answer_in_sentence,
    answer_of,
    is_given_answer,
    narrow,
    number_of,
    options_of,
    says_nothing_given,
)

_TO_WRITE_ON = re.compile(r"[\s_＿]{8,}")
_FIRST_PART = re.compile(r"\s*(?:\(\s*1\s*\)|①)")


class AnswerGathering(MaterialGathering):
    """The state between one line and the next; answers."""

    def _take_answer(self, at: int, line: Line) -> bool:
        if is_given_answer(line.text) and answer_of(line.text) is None:
            block = self.block
            if block:
                block.was_tried = True
            is_over = block is not None and (block.is_closed or bool(block.stem) or self._right_answer_follows(at))
            if block and is_over and says_nothing_given(line.text):
                block.add_field("ignored", "")
            return self.block is not None
        said = answer_of(line.text) or self._answer_of_blank(line.text) or self._answer_set_apart(line.text)
        if said is not None and self.block is not None and is_given_answer(line.text):
            self.block.was_tried = True
        if said is None and self.block and self.block.options and not "".join(self.block.answer).strip():
            return self._take_sentence(line)
        if said is None or self.block is None:
            return False
        if not said.text and self._is_left_open(at):
            return True
        if self.block.has_answer and self.block.into == "answer" and not self.after_blank and not said.text:
            return True
        if self._share_out(said):
            return True
        if self._contradicts(self.block, said):
            self.block.holds_next = True
        self._answer(said.text, is_reference=said.is_reference)
        first = number_of(said.text)
        self.inner = 1 if first and first.value == 1 and first.style == self.style else 0
        return True

    def _is_left_open(self, at: int) -> bool:
        """Whether lines to write on stand below `Answer:`."""
        below = next((one.text for one in self.below(at) if one.text.strip()), "")
        return _TO_WRITE_ON.fullmatch(below) is not None

    def _contradicts(self, block: Block, said: Answer) -> bool:
        """Whether other letters answer the question than those above, behind a line that is neither: two are in one."""
        before, now = letters_in("".join(block.answer)), letters_in(said.text)
        if not (before and now) or block.into == "answer":
            return False
        return set(before) != set(now) or self._options_in(block.fields.get(block.into, []))

    def _options_in(self, lines: list[str]) -> bool:
        """Whether options of another question stand in what explains this one."""
        return any(options_of(line, "A") for line in lines) and any(options_of(line, "B") for line in lines)

    def _share_out(self, said: Answer) -> bool:
        """`答案：（1）B （2）加强宣传` below the last question of a case answers each of them."""
        parent = self._parent() if _FIRST_PART.match(narrow(said.text)) else None
        subs = parent.subs if parent else []
        parts = parts_of(said.text, len(subs)) if subs and all(sub.is_open for sub in subs) else []
        for sub, part in zip(subs, parts, strict=False):
            sub.add_answer(part, is_reference=said.is_reference)
        return bool(parts)

    def _right_answer_follows(self, at: int) -> bool:
        """Whether the right answer stands below what somebody answered, and above the next question."""
        for line in self.lines[at + 1 : at + 40]:
            if answer_of(line.text):
                return True
            number = number_of(line.text)
            if heading_of(line.text) or (number is not None and number.style == self.style):
                return False
        return False

    def _answer_of_blank(self, text: str) -> Answer | None:
        """`第一空：…` below a question with blanks is the first part of its answer."""
        block = self.block
        waits = block is not None and not block.has_answer and not block.options and is_answer_of_blank(text)
        return Answer(text.strip()) if waits and block and blanks_in("\n".join(block.stem)) else None

    def _answer_set_apart(self, text: str) -> Answer | None:
        """An answer on a line of its own, without a word that says so, or on the line that is to be filled."""
        block = self.block
        if block is None or block.has_answer or not block.stem:
            return None
        letters = [one.letter for one in block.options]
        said = answer_in_brackets(text, letters) or ("" if letters else answer_on_line(text))
        return Answer(said) if said else None

    def _take_sentence(self, line: Line) -> bool:
        """`The correct answer is B. …`: the letter answers, and what follows it explains."""
        found = re.match(r"\(?([A-H])\)?\s*[.,:;–—-]*\s*(.*)", answer_in_sentence(line.text) or "")
        if self.block is None or not found:
            return False
        self._answer(found.group(1), is_reference=False)
        if found.group(2):
            self.block.add_field("explanation", found.group(2))
        return True
