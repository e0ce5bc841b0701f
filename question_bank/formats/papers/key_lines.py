"""The part of gathering a paper that keys of a line or a table decide: `1-5 ABCDE`."""

from __future__ import annotations

import re

from question_bank.formats.papers import keys
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.key_gathering import KeyGathering
from question_bank.formats.papers.key_matching import answers_for
from question_bank.formats.papers.shapes import answer_of, narrow
from question_bank.formats.papers.style_gathering import RULE


class KeyLineGathering(KeyGathering):
    """The state between one line and the next; keys that say everything in a line or in two."""

    def _take_key_line(self, at: int, line: Line) -> bool:
        """A key in a line: `1-5 ABCDE`, or `答案：1.A 2.B` below several open questions."""
        said = answer_of(line.text)
        if said and (self._begins_parts(said.text) or self._begins_list(at, said.text, line.where)):
            return True
        entries = keys.compact(said.text if said else line.text, line.where)
        if said and not entries and self.block is not None and self.block.options:
            listed = keys.several(said.text, line.where)
            entries = listed if all(re.match("[A-H]", narrow("".join(one.answer))) for one in listed) else []
        if len(entries) < 2 and not (said and keys.names_several(said.text)):
            return self._take_answers_in_order(said.text if said else "")
        numbers = {block.number for block in self.section.open}
        asked = {entry.number for entry in entries}
        elsewhere = {block.number for one in self.found.sections for block in one.open} - numbers
        if said and len(entries) < 2:
            entries = self._of_open(said.text, line.where)
            asked = {entry.number for entry in entries}
        is_whole = len(numbers | elsewhere) > 1 and asked == numbers | elsewhere
        if len(entries) < 2 or (len(self.section.open) < 2 and not is_whole):
            return self._take_answers_in_order(said.text if said else "")
        if not numbers & asked:
            return False
        is_of_all = bool(asked - numbers) and asked - numbers <= elsewhere
        here = self.section
        self._open_key(None if is_of_all else here.kind, "" if is_of_all else here.category, entries)
        self.section.entries.extend(entries)
        self.block, self.in_key = None, True
        return True

    def _of_open(self, text: str, where: str) -> list[keys.Entry]:
        """The answers of a line to all questions of the part, or of the paper, without one.

        The last may have none: `（5）谈谈你的看法`.
        """
        for waiting in (self.section.open, [block for one in self.found.sections for block in one.open]):
            told = answers_for(waiting, text, where)
            if told := told or (answers_for(waiting[:-1], text, where) if len(waiting) > 2 else []):
                return told
        return []

    def _begins_parts(self, text: str) -> bool:
        """`答案：一、ACBBA`: the answers of the paper's first part, with those of the others below it."""
        if not self._take_part_in_order(text):
            return False
        self._open_key(None, "")
        self.block, self.in_key = None, True
        return True

    def _begins_list(self, at: int, text: str, where: str) -> bool:
        """`答案：1．C` below question 2, with `2．…` below it, where 1 is the first question without an answer."""
        entry = keys.entry_of(text, where)
        waiting = [block for block in self.section.open if block.number]
        if entry is None or not entry.answer or len(waiting) < 2 or self.block is not waiting[-1]:
            return False
        below = next((one.text for one in self.below(at) if one.text.strip()), "")
        follows = keys.entry_of(below, "")
        numbers = [block.number for block in waiting]
        if follows is None or [entry.number, follows.number] != numbers[:2]:
            return False
        self._open_key(self.section.kind, self.section.category, [entry])
        self.block, self.in_key = None, True
        return True

    def _take_answers_in_order(self, text: str) -> bool:
        if self.section.kind not in {"single_choice", "true_false", "choice"}:
            return False
        listed = keys.in_order(text) if text else []
        open_ones = self.section.open if len(listed) > 2 else []
        if not open_ones or len(listed) != len(open_ones):
            return False
        for block, answer in zip(open_ones, listed, strict=True):
            block.add_answer(answer)
        self.block = None
        return True

    def _take_table(self, at: int, line: Line) -> bool:
        if self.table:
            found = keys.of_table(self.table, line.text, line.where)
            self.table = ""
            if found:
                here = {block.number for block in self.section.open}
                is_of_section = {entry.number for entry in found} <= here
                kind = self.found.key[-1].kind if self.in_key else self.section.kind if is_of_section else None
                self._open_key(kind, "", found)
                return True
        if not keys.begins_table(line.text):
            return False
        below = next(
            (one.text for one in self.lines[at + 1 : at + 4] if one.text.strip() and not RULE.fullmatch(one.text)), ""
        )
        if keys.of_table(line.text, below, ""):
            self.table = line.text
            return True
        return False
