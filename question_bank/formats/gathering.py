"""The lines of a written paper, one after the other: each begins a question, goes on with it, or belongs to a key."""

from __future__ import annotations

import re
from collections.abc import Sequence

from learnhub.kernel.words import _
from question_bank.formats.answers import letters_in, says_true_or_false
from question_bank.formats.blocks import Block, Line
from question_bank.formats.columns import kind_named
from question_bank.formats.headings import (
    begins_material,
    cut_shared_stem,
    heading_of,
    numbers_of_material,
    numbers_of_shared_options,
)
from question_bank.formats.key_gathering import RULE, Gathered
from question_bank.formats.lone_letters import with_letters_joined
from question_bank.formats.number_gathering import NumberGathering
from question_bank.formats.shapes import (
    FIRST_STYLES,
    OPTIONS_LABEL,
    Option,
    answer_in_sentence,
    answer_of,
    cut_answer,
    cut_tails,
    is_given_answer,
    narrow,
    number_of,
    options_inside,
    options_of,
    tail_of,
)
from question_bank.formats.unlettered import with_options_lettered

_STEM = re.compile(
    r"\s*(?:[【\[]\s*(?:题目|题干|试题|问题|题面)\s*[】\]]\s*:?|(?:题目|题干|题目内容|问题?|Question)\s*:|Q\s*[.:])\s*(?=\S)",
    re.IGNORECASE,
)


_ONLY_LABEL = re.compile(rf"\s*(?:{OPTIONS_LABEL}|选择一项(?:或多项)?\s*:|(?:Options|Choices|Answer choices)\s*:)\s*")
"""What stands above options and is no part of them."""
_FOLD = re.compile(
    r"\s*(?:(?:view|show|hide|see|click for)\s+(?:the\s+)?(?:correct\s+)?answers?"
    r"|(?:点击)?(?:查看|显示|隐藏|展开|收起)(?:正确)?答案(?:[与和]?解析)?)\s*[:.]?\s*",
    re.IGNORECASE,
)
"""What stands on the button that shows an answer."""
_ABOUT = ("topic", "difficulty", "mark", "kind", "source", "tags")
"""Fields of one line: what stands below them, where no text has come yet, is the question."""
SHORTEST_TEXT = 40
"""Characters from which a line without a number begins the text of a case, in a part whose heading speaks of texts."""
_PLAIN_OPTION = re.compile(r"\s*[(【\[]?\s*[Aa]\s*[)】\].、:]\s*\S")
_FIRST_BEHIND = re.compile(r"(?P<stem>.*[^\sA-Za-z0-9])\s*A\s*[.、]\s*(?P<text>\S.*)", re.DOTALL)
_SCORED = re.compile(r"\s*\d{1,3}(?:\.\d{1,2})?\s*分\s*")
_KIND_BELOW_NUMBER = re.compile(r"\s*(?:\d{1,4}\s*[.、]\s*)?([\u4e00-\u9fff]{2,6}题)\s*(.*)")


def gather(lines: Sequence[Line]) -> Gathered:
    """The blocks of a paper. Every line ends up in a block, in a key, in a section's heading, or among the unplaced."""
    lines = with_options_lettered(with_letters_joined(lines))
    gathering = _Gathering(lines)
    for at, line in enumerate(lines):
        gathering.take(at, line)
    return gathering.found


class _Gathering(NumberGathering):
    """The state between one line and the next, and what each line does to it."""

    def take(self, at: int, line: Line) -> None:
        text = line.text
        if line.is_code:
            self._go_on(at, line)
            return
        if not text.strip() or RULE.fullmatch(text):
            self.after_blank = True
            return
        if _ONLY_LABEL.fullmatch(narrow(text)) and self.block is not None and not self.block.options:
            return
        if _FOLD.fullmatch(narrow(text)) or self._is_score(text) or self._take_kind_below_number(line):
            return
        if not self._take_marker(at, line):
            self._go_on(at, line)
        self.after_blank = False

    def _take_marker(self, at: int, line: Line) -> bool:
        """Whether the line says of itself what it is."""
        if self._take_table(at, line) or self._take_heading(at, line):
            return True
        if self.in_key:
            if not self._leaves_key(at, line):
                self._take_key(line)
                return True
            self.in_key, self.style = False, self._style_after(at)
        return (
            self._take_key_line(at, line)
            or self._take_shared_options(line)
            or self._take_label(line)
            or self._take_text_number(line)
            or self._take_number(at, line)
            or self._take_answer(line)
            or self._take_tail(at, line)
            or self._take_options(at, line)
            or self._take_material(line)
        )

    def _is_score(self, text: str) -> bool:
        """`0.0分` alone below an answered question is what somebody got for it, which is no part of it."""
        block = self.block
        return (
            block is not None
            and bool(block.answer)
            and (block.into != "answer" or letters_in("".join(block.answer)) is not None)
            and _SCORED.fullmatch(narrow(text)) is not None
        )

    def _take_kind_below_number(self, line: Line) -> bool:
        """`1.单选题 (1分)` below `【第 1 题】` is the question's type, and no heading."""
        block = self.block
        if block is None or block.stem or block.options or block.has_answer or block.style not in FIRST_STYLES:
            return False
        found = _KIND_BELOW_NUMBER.fullmatch(narrow(line.text))
        if not found or kind_named(found.group(1)) is None or len(found.group(2)) > 20:
            return False
        block.stem.append(f"【{found.group(1)}】{found.group(2)}")
        return True

    # Parts of a question

    def _take_answer(self, line: Line) -> bool:
        if is_given_answer(line.text) and answer_of(line.text) is None:
            return self.block is not None
        said = answer_of(line.text)
        if said is None and self.block and self.block.options and not "".join(self.block.answer).strip():
            return self._take_sentence(line)
        if said is None or self.block is None:
            return False
        if self.block.has_answer and self.block.into == "answer" and not self.after_blank and not said.text:
            return True
        self._answer(said.text, is_reference=said.is_reference)
        first = number_of(said.text)
        self.inner = 1 if first and first.value == 1 and first.style == self.style else 0
        return True

    def _take_sentence(self, line: Line) -> bool:
        """`The correct answer is B. …`: the letter answers, and what follows it explains."""
        sentence = answer_in_sentence(line.text)
        found = re.match(r"\(?([A-H])\)?\s*[.,:;–—-]*\s*(.*)", sentence or "")
        if self.block is None or not found:
            return False
        self._answer(found.group(1), is_reference=False)
        if found.group(2):
            self.block.add_field("explanation", found.group(2))
        return True

    def _take_label(self, line: Line) -> bool:
        """`【题目】…` begins a question; it may stand below its number or its type."""
        found = _STEM.match(narrow(line.text))
        if not found:
            return False
        text = line.text[found.end() :]
        if self.block and not self.block.stem and not self.block.has_answer:
            self._put_stem(text, line, found.end())
        else:
            self._drop_title()
            self._begin(line.where, text, line, None, found.end())
        assert self.block is not None
        for name, value in self.pending:
            self.block.fields.setdefault(name, []).append(value)
        self.pending = []
        return True

    def _drop_title(self) -> None:
        """What stands above a label without options or an answer, numbered as parts are or not at all, is a title."""
        block = self.block
        if block is None or not block.is_open or block.options or block.fields or block.is_material:
            return
        if (block.number is None or block.style in {"cn", "cnparen"}) and block in self.section.blocks:
            self.section.blocks.remove(block)
            self.found.unplaced += [line for line in self.lines if line.where == block.where]

    def _is_of_next(self, at: int) -> bool:
        """Whether a tail stands above the question it is about: 【题型】 before 【题目】."""
        below = [one.text for one in self.lines[at + 1 : at + 6] if one.text.strip()][:3]
        for text in below:
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
        if self._is_of_next(at):
            self.pending.append(found)
            return True
        if self.block is None:
            return False
        cut = cut_answer(value) if name != "explanation" else None
        if cut:
            value = cut[0]
        value, tails = cut_tails(value)
        self.block.add_field(name, value)
        if name in _ABOUT and value and not self.block.stem and not self.block.options:
            self.block.into = "stem"
        for other, told in tails:
            self.block.add_field(other, told)
        if cut:
            self._answer(cut[1], is_reference=False)
        return True

    def _take_options(self, at: int, line: Line) -> bool:
        block = self.block
        if block is None or (block.into in {"answer", "explanation"} and not self._is_answer_above_options(block)):
            return False
        if not block.options and block.into == "stem":
            self._take_first_behind_stem(line)
        expected = chr(ord(block.options[-1].letter) + 1) if block.options else "A"
        found = options_of(line.text, expected)
        if not found and block.into == "option" and self._take_wrapped_options(at, line, expected):
            return True
        if not found or not self._are_options(at, line.text, expected):
            return False
        cut = cut_answer(line.text)
        if cut and (again := options_of(cut[0], expected)):
            found = again
        block.add_options(line, found)
        if cut:
            self._answer(cut[1], is_reference=False)
        return True

    def _take_first_behind_stem(self, line: Line) -> None:
        """`精度包括__。A.平面度` above a line that begins with B: the first option stands behind the stem."""
        block = self.block
        if block is None or not block.stem or not options_of(line.text, "B"):
            return
        found = _FIRST_BEHIND.fullmatch(narrow(block.stem[-1]))
        if found:
            last = block.stem[-1]
            block.stem[-1] = last[: found.end("stem")]
            block.add_options(Line(line.where, last), [Option("A", last[found.start("text") :].strip(), 0, len(last))])

    def _take_wrapped_options(self, at: int, line: Line, expected: str) -> bool:
        """`客站 C、货站` goes on with the option above it and begins the next, unless that begins a line below."""
        inside = options_inside(line.text, expected)
        if self.block is None or inside is None:
            return False
        for below in self.lines[at + 1 : at + 8]:
            if number_of(below.text) or answer_of(below.text):
                break
            if options_of(below.text, expected):
                return False
        self.block.add(inside[0])
        self.block.add_options(line, inside[1])
        return True

    def _is_answer_above_options(self, block: Block) -> bool:
        """`1. 哪一个？【答案】B` above its options: the answer is all letters, and no option has come yet."""
        return block.into == "answer" and not block.options and letters_in("".join(block.answer)) is not None

    def _are_options(self, at: int, text: str, expected: str) -> bool:
        """`A 股市场…` begins a sentence unless a line with B follows; a lone letter needs company."""
        if re.match(r"\s*[(【\[]?\s*[A-Za-z]\s*[)】\].、:]", narrow(text)) or expected > "A":
            return True
        if len(options_of(text, "A")) > 1:
            return True
        for line in self.lines[at + 1 : at + 6]:
            if _PLAIN_OPTION.match(narrow(line.text)):
                return False
            if options_of(line.text, "B"):
                return True
        return False

    def _take_material(self, line: Line) -> bool:
        if self.block and self.block.is_material and not self.block.subs and begins_material(line.text):
            numbers = numbers_of_material(line.text)
            self.block.last = numbers[1] if numbers else self.block.last
            self.block.add(line.text.strip())
            return True
        shared = cut_shared_stem(line.text.strip())
        if shared is None and not self._can_begin_material(line.text):
            return False
        stem = line.text.strip() if shared is None else shared
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

    def _can_begin_material(self, text: str) -> bool:
        block = self.block
        if not begins_material(text) or (block and block.is_open and block.into != "stem"):
            return False
        return not (block and not block.is_closed and not block.is_material and block.number is not None)

    def _take_shared_options(self, line: Line) -> bool:
        """`（1～3题共用备选答案）`: the options below it belong to each of the questions that it names."""
        numbers = numbers_of_shared_options(line.text)
        if numbers is None:
            return False
        self.shared = self.block = Block(line.where, self.section, last=numbers[1])
        return True

    # Everything else

    def _go_on(self, at: int, line: Line) -> None:
        """A line without a shape: more of the question above, or a question without a number."""
        block = self.block
        if line.title and self._take_title(at, line):
            return
        if block is not None and line.is_quote and block.into == "option" and not self._is_quoted(at):
            block.fields.setdefault("explanation", []).append(line.text.strip())
            return
        if block is not None and not self._begins_unnumbered(at, line):
            self._explain_letters(line)
            block.add(line.text if line.is_code else line.text.strip())
            return
        if self.section.has_texts and block is None and len(line.text.strip()) >= SHORTEST_TEXT:
            self._begin_text(line, line.text.strip())
            return
        if self.style is not None or self.in_key or not self._could_be_question(at, line):
            self.found.unplaced.append(line)
            return
        self._begin(line.where, line.text, line, None, 0)

    def _is_quoted(self, at: int) -> bool:
        """Whether the options above a quoted line are quoted themselves: else it tells something about one of them."""
        above = (one for one in reversed(self.lines[:at]) if one.text.strip())
        return next((one.is_quote for one in above if options_of(one.text, "", anywhere=False)), False)

    def _explain_letters(self, line: Line) -> None:
        """What stands below an answer of letters explains it, unless it is letters, too."""
        block = self.block
        if block is None or block.into != "answer" or letters_in(line.text) is not None:
            return
        said = "".join(block.answer)
        if (len(block.options) > 1 and letters_in(said) is not None) or says_true_or_false(said):
            block.add_field("explanation", "")
            block.notes.append(
                _("%(where)s: the text below the answer was taken for its explanation.", where=line.where)
            )

    def _begins_unnumbered(self, at: int, line: Line) -> bool:
        """Whether a question without a number begins here: the one above is complete, and this line stands apart."""
        block = self.block
        assert block is not None
        if self.style is not None or line.is_code or block.is_material or not self._could_be_question(at, line):
            return False
        has_options_below = self._next_is_option(at)
        if block.options or block.has_answer:
            short = all(len(text) <= 40 for text in block.answer)
            return (
                has_options_below
                or self.after_blank
                or (block.into == "answer" and short and self._is_answered_below(at))
            )
        return bool(
            self._answer_in(block.stem) and (self._answer_in([line.text]) or (self.after_blank and has_options_below))
        )

    def _next_is_heading(self, at: int) -> bool:
        below = next((one.text for one in self.lines[at + 1 :] if one.text.strip()), "")
        return heading_of(below) is not None

    def _could_be_question(self, at: int, line: Line) -> bool:
        """A line without a number is a question when options or an answer follow before the next blank line but one."""
        if cut_answer(line.text) or (self._answer_in([line.text]) and not self._next_is_heading(at)):
            return True
        blanks = 0
        for below in self.lines[at + 1 : at + 40]:
            if not below.text.strip():
                blanks += 1
                if blanks > (3 if line.title else 1):
                    return False
                continue
            if options_of(below.text, "A") or answer_of(below.text):
                return True
            if heading_of(below.text):
                return False
        return False
