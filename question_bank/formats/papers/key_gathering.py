"""The state of gathering a paper, and the part of it that headings and answer keys change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.papers import keys
from question_bank.formats.papers.blocks import Block, Line, Section, section_of
from question_bank.formats.papers.english_parts import part_in_english
from question_bank.formats.papers.gathered import Gathered, KeyPart
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.key_matching import answers_for, same_kind
from question_bank.formats.papers.part_names import counts_on, without_marks
from question_bank.formats.papers.shapes import (
    SIGNS,
    answer_of,
    narrow,
    number_of,
    options_of,
)
from question_bank.formats.papers.style_gathering import StyleGathering
from question_bank.formats.papers.task_names import is_round

_BESIDE = re.compile(rf"[(（]\s*(?:[A-Ha-h]+|[{SIGNS}]|对|错|正确|错误|True|False|[TFXYNV])\s*[)）]")
"""An answer in brackets of its own."""
MOST_BESIDE = 100
"""Lines of a question among whose last such an answer is looked for."""
LONGEST_STEP = 30
"""How far a number may lie from the one before it and still count questions."""


class KeyGathering(StyleGathering):
    """The state between one line and the next; headings and keys."""

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__(lines)
        self.found = Gathered()
        self.block: Block | None = None
        self.style = self._style_after(0)
        self.inner = 0
        self.after_blank = False
        self.in_key = False
        self.table = ""
        self.key_style = ""
        self.line_of_key = ""
        self.chapters: tuple[int, dict[str, list[str]]] = (0, {})
        """How many sections there were, and by their first signs the chapters that had questions without an answer."""
        self.pending: list[tuple[str, str]] = []
        self.title_at = 0
        """How many lines had fitted nowhere when the last title stood there."""
        self.shared: Block | None = None
        """What holds the options that several questions choose from."""

    def _open_key(self, kind: str | None, category: str, entries: list[keys.Entry] | None = None) -> None:
        """Begin a part of a key."""
        self.found.key.append(KeyPart(kind, category, [] if entries is None else entries, len(self.found.sections)))

    def _answer_in(self, stem: Sequence[str]) -> bool:
        return any(_BESIDE.search(text) for text in stem[-MOST_BESIDE:])

    def _waiting(self, blocks: Sequence[Block]) -> list[Block]:
        """Those of some questions whose own brackets answer nothing: it is for them that a key stands below."""
        return [block for block in blocks if not self._answer_in(block.stem)]

    def _with_waiting(self, blocks: Sequence[Block]) -> list[Sequence[Block]]:
        waiting = self._waiting(blocks)
        return [blocks] if len(waiting) == len(blocks) else [blocks, waiting]

    @property
    def section(self) -> Section:
        return self.found.sections[-1]

    # Headings and keys

    def _take_heading(self, at: int, line: Line) -> bool:
        if not self.in_key and keys.is_key_heading(line.text) and not any(one.blocks for one in self.found.sections):
            self.found.unplaced.append(line)
            return True
        if self.in_key and (self._take_part_in_order(line.text) or self._take_part_of_key(line)):
            return True
        if self._begins_key(at, line):
            self.in_key = True
            self._open_key(keys.kind_of_heading(line.text), self._chapter_of(line.text))
            self.block = None
            return True
        heading = heading_of(line.text)
        is_part = heading is not None and heading.total and part_in_english(narrow(line.text).strip(" #*"))
        in_answer = self.block is not None and self.block.into == "answer" and not (is_part or is_round(line.text))
        if heading is None or (in_answer and heading.kind is None and not heading.category):
            return False
        same_part = [one for one in self.found.sections if heading.part and one.part == heading.part and one.open]
        if self.in_key and same_part:
            self._open_key(same_part[0].kind, same_part[0].category)
            return True
        if self.in_key and self._is_heading_of_key(heading.kind, heading.category):
            above = self.found.key[-1].category
            chapter = heading.category or ("" if counts_on(line.text, above) else above)
            self._open_key(heading.kind, chapter)
            return True
        self.in_key, self.block, self.inner = False, None, 0
        self.found.sections.append(section_of(heading, self._above(line)))
        self.style = self._style_after(at + 1)
        return True

    def _above(self, line: Line) -> Section:
        """The section that a heading stands below: a title of its own level ended where other text came below it.

        `三、写作` ends `二、阅读`.
        """
        here = self.section
        if here.level and counts_on(line.text, here.category):
            return Section()
        is_over = here.level >= line.title > 0 and not here.blocks and len(self.found.unplaced) > self.title_at
        return Section() if is_over else here

    def _chapter_of(self, text: str) -> str:
        """`第一章 答案` is the key of a chapter that there is."""
        bare = re.sub(r"\s*(?:参考|标准)?答案.*", "", narrow(text)).strip().strip("#*【】 ")
        chapters = [one.category for one in self.found.sections if one.category]
        return next((name for name in chapters if bare and bare in name), "")

    def _take_part_of_key(self, line: Line) -> bool:
        """In a key, a line that a part of the paper begins with: the answers of that part stand below it."""
        bare = without_marks(narrow(line.text).strip(" #*:"))
        count = len(self.found.sections)
        if self.chapters[0] != count:
            self.chapters = (count, {})
            for name in dict.fromkeys(one.category for one in self.found.sections if one.category and one.open):
                self.chapters[1].setdefault(narrow(name)[0], []).append(name)
        begun = self.chapters[1].get(bare[:1], []) if len(bare) > 2 else []
        part = next((name for name in begun if narrow(name).startswith(bare)), None)
        if part is None:
            return False
        self._open_key(None, part)
        return True

    def _begins_key(self, at: int, line: Line) -> bool:
        if not keys.is_key_heading(line.text) or self._waits_for_answer(line):
            return False
        if self.in_key and self._names_open_one(line.text):
            return False
        open_ones = [block for one in self.found.sections for block in one.open]
        if self.block is None:
            return bool(open_ones)
        if not self.block.is_open:
            return bool(open_ones)
        below = [one.text for one in self.lines[at + 1 : at + 12] if one.text.strip()][:3]
        first_line = below[0] if below else ""
        of_part = (
            heading_of(first_line)
            or keys.cut_kind(first_line)
            or self._part_in_order(first_line)
            or self._names_chapter(first_line)
        )
        looks = bool(
            of_part
            or keys.compact(first_line, "")
            or keys.begins_table(first_line)
            or keys.in_order(first_line)
            or self._of_all(first_line, "")
        )
        here, many = len(self.section.open), len(open_ones) > 1
        if many and keys.is_key_heading(first_line) and keys.kind_of_heading(first_line):
            return True
        if looks and (here > 1 or (many and of_part)):
            return True
        firsts = [one.open[0].number for one in self.found.sections if one.open and one.open[0].number]
        if many and keys.begins_part(first_line, firsts[:1]):
            return True
        numbers = {block.number for block in open_ones}
        told = keys.compact(first_line, "") or (keys.of_table(first_line, below[1], "") if len(below) > 1 else [])
        answered = ({entry.number for entry in told} | set(keys.without_points(below))) & numbers
        if len(answered) > 1 and len(numbers) > 1:
            return True
        self.line_of_key = line.where
        is_label = narrow(line.text).strip()[-1:] == ":" and keys.kind_of_heading(line.text) is None
        is_title = bool(line.title or self.after_blank) and not is_label
        if many and ((looks and is_title) or keys.is_numbered_heading(line.text)):
            return True
        return self._counts_anew(below, open_ones, is_label=is_label, is_title=is_title, looks=looks)

    def _names_chapter(self, text: str) -> bool:
        """Whether a line is the counted name of a part above that has questions without an answer."""
        bare = without_marks(narrow(text).strip(" #*:"))
        is_counted = (number := number_of(bare)) is not None and number.style == "cn"
        return is_counted and any(narrow(one.category) == bare and one.open for one in self.found.sections)

    def _names_open_one(self, text: str) -> bool:
        """Whether `21. 参考答案` stands for question 21, which has no answer yet."""
        number = number_of(text)
        return (
            number is not None
            and number.style not in {"cn", "cnparen"}
            and any(block.number == number.value for one in self.found.sections for block in one.open)
        )

    def _counts_anew(
        self, below: Sequence[str], open_ones: Sequence[Block], *, is_label: bool, is_title: bool, looks: bool
    ) -> bool:
        """Whether the lines below a heading begin with the number of the first question without an answer."""
        assert self.block is not None
        numbered = next((text for text in below if number_of(keys.without_part(text))), "")
        text = keys.without_part(numbered)
        number = number_of(text)
        counted = open_ones if looks else self._waiting(open_ones) or open_ones
        firsts = {min((one.number for one in some if one.number), default=None) for some in self._with_waiting(counted)}
        if number is None or number.value not in firsts:
            return False
        goes_back = bool(self.block.number) and number.value < (self.block.number or 0)
        if goes_back and (looks or self._is_list_of_all(open_ones)):
            return is_label or len(open_ones) > 1
        says_answer = answer_of(text[number.end :]) is not None
        if is_label:
            return False
        but_last = goes_back and self._is_list_of_all(open_ones, but_last=True)
        return len(self.section.open) > 1 or says_answer or (len(open_ones) > 1 and (is_title or but_last))

    def _is_list_of_all(self, open_ones: Sequence[Block], *, but_last: bool = False) -> bool:
        """Whether the numbered lines below `答案：` are as many as there are questions without an answer, by number.

        The last one, a composition, may have none (`but_last`).
        """
        at = next(n for n, line in enumerate(self.lines) if line.where == self.line_of_key)
        below = [one.text for one in self.below(at) if one.text.strip()]
        listed = [number.value for text in below if (number := number_of(text))]
        blanks = blanks_in("\n".join(self.block.stem)) if self.block else 0
        asked = [[block.number for block in some] for some in self._with_waiting(open_ones)]
        return (
            len(listed) > 1
            and any(listed in ([numbers, numbers[:-1]] if but_last else [numbers]) for numbers in asked)
            and (blanks < 2 or blanks != len(listed))
        )

    def _waits_for_answer(self, line: Line) -> bool:
        """Whether `答案：` stands below a number in a key that has no answer yet: it is no heading then."""
        entries = self.found.key[-1].entries if self.in_key else []
        return bool(entries) and not entries[-1].answer and answer_of(line.text) is not None

    def _is_heading_of_key(self, kind: str | None, category: str | None) -> bool:
        if category:
            return any(one.category == category and one.open for one in self.found.sections)
        if kind is None:
            return any(one.kind is None and one.open for one in self.found.sections)
        told = [one.kind for one in self.found.key if one.entries and one.category == self.found.key[-1].category]
        waiting = sum(1 for one in self.found.sections if same_kind(one.kind, kind) and one.open)
        return waiting > 0 and (kind not in told or told.count(kind) < waiting)

    def _leaves_key(self, at: int, line: Line) -> bool:
        """A numbered line with options below it is a question again."""
        if number_of(line.text) is None or keys.compact(line.text, ""):
            return False
        below = [one for one in self.lines[at + 1 : at + 4] if one.text.strip()]
        return bool(below) and len(options_of(below[0].text, "A")) > 0

    def _take_key(self, line: Line) -> None:
        if keys.is_part_alone(line.text):
            return
        of_kind = keys.cut_kind(line.text)
        if of_kind and any(same_kind(one.kind, of_kind[0]) and one.open for one in self.found.sections):
            self._open_key(of_kind[0], self.found.key[-1].category)
            self.key_style = ""
            line = replace(line, text=of_kind[1])
        entries = self.found.key[-1].entries
        if self._waits_for_answer(line):
            keys.add_line(entries[-1], line.text)
            return
        found = keys.compact(_without_label(line.text), line.where) or keys.several(line.text, line.where)
        found = found or (not entries and self._of_all(line.text, line.where)) or []
        found = found or (not entries and self._of_part(line.text, line.where)) or []
        found = found or self._of_blanks(line)
        style = number_of(keys.without_part(line.text))
        is_inner = bool(entries and style and self.key_style and style.style != self.key_style)
        if found and not is_inner:
            self.key_style = self.key_style if entries else style.style if style else ""
            entries.extend(found)
            return
        if listed := keys.in_order(_without_label(line.text)):
            first = entries[-1].number + 1 if entries else self._first_of_part()
            entries.extend(keys.Entry(n, [text], line.where) for n, text in enumerate(listed, first))
            return
        entry = keys.of_row(line.text, line.where) or keys.entry_of(line.text, line.where)
        entry = entry or keys.next_of(entries, line.text, line.where)
        if is_inner:
            entry = None
        elif entry and style and not entries:
            self.key_style = style.style
        if entry and (not entries or 0 < entry.number - entries[-1].number <= LONGEST_STEP or entry.number == 1):
            if entry.number == 1 and entries and self._is_inner_list(entries[-1]):
                keys.add_line(entries[-1], line.text)
            else:
                entries.append(entry)
        elif entries:
            keys.add_line(entries[-1], line.text)
        else:
            self.found.unplaced.append(line)

    def _of_all(self, text: str, where: str) -> list[keys.Entry]:
        """`1．C 2．A 3．天涯若比邻` for just the questions without an answer, in their order."""
        open_ones = [block for one in self.found.sections for block in one.open]
        told = (answers_for(some, text, where) for some in self._with_waiting(open_ones))
        return next((entries for entries in told if entries), [])

    def _of_blanks(self, line: Line) -> list[keys.Entry]:
        """`1.液体 2.固体` for questions with blanks, whose answers hold no lists."""
        open_ones = [block for one in self.found.sections for block in one.open]
        of_blanks = {one.number for one in open_ones if not one.options and blanks_in("\n".join(one.stem))}
        others = {one.number for one in open_ones} - of_blanks
        told = keys.counted_on(line.text, line.where)
        return told if all(entry.number in of_blanks - others for entry in told) else []

    def _of_part(self, text: str, where: str) -> list[keys.Entry]:
        """`1.北京 2.牡丹` below the name of a part of the paper, for just its questions without an answer."""
        here = self.found.key[-1]
        parts = [one for one in self.found.sections if one.open and one.category == here.category]
        parts = [one for one in parts if here.kind is None or same_kind(one.kind, here.kind)]
        return answers_for(parts[0].open, text, where) if len(parts) == 1 else []

    def _first_of_part(self) -> int:
        """The number of the first question that answers without numbers below a heading of the key are for."""
        kind = self.found.key[-1].kind
        waiting = [one.open for one in self.found.sections if kind and same_kind(one.kind, kind) and one.open]
        return waiting[0][0].number or 1 if len(waiting) == 1 else 1

    def _part_in_order(self, text: str) -> list[tuple[Block, str]]:
        """`一、ACBBA`: the questions of a part that has just so many, none of them answered, each with its answer."""
        told = keys.of_part(text)
        if told is None:
            return self._pairs_of_part(text)
        place, kind, said = told
        parts = [one for one in self.found.sections if one.blocks]
        if place is not None:
            parts = parts[place - 1 : place]
        parts = [one for one in parts if kind is None or same_kind(one.kind, kind)]
        if len(parts) != 1 or not len(said) == len(parts[0].open) == len(parts[0].blocks):
            return []
        is_run = len(said) > 1 and narrow(text).rstrip(" .。").endswith("".join(said))
        if parts[0].kind == "multiple_choice" and is_run:
            return []
        return list(zip(parts[0].open, said, strict=True))

    def _pairs_of_part(self, text: str) -> list[tuple[Block, str]]:
        """`二、1-C 2-A`: the only question of a part that matches two sides, and its pairs."""
        told = keys.pairs_of_part(text)
        if told is None or (told[0] is None and self.in_key and self.found.key[-1].kind != "matching"):
            return []
        parts = [one for one in self.found.sections if one.blocks]
        parts = parts[told[0] - 1 : told[0]] if told[0] else [one for one in parts if one.kind == "matching"]
        is_one = len(parts) == 1 and parts[0].kind == "matching" and len(parts[0].open) == len(parts[0].blocks) == 1
        return [(parts[0].open[0], told[1])] if is_one else []

    def _take_part_in_order(self, text: str) -> bool:
        found = self._part_in_order(text)
        for block, answer in found:
            block.add_answer(answer)
        return bool(found)

    def _is_inner_list(self, entry: keys.Entry) -> bool:
        return not entry.answer or len(entry.answer[0]) > 12


def _without_label(text: str) -> str:
    said = answer_of(text)
    return said.text if said else text
