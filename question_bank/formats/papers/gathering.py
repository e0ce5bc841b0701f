"""The lines of a written paper, one after the other: each begins a question, goes on with it, or belongs to a key."""

from __future__ import annotations

import re
from collections.abc import Sequence

from learnhub.kernel.words import _
from question_bank.formats.fields.answers import letters_in, says_true_or_false
from question_bank.formats.fields.blanks import fills_blanks
from question_bank.formats.papers.answer_gathering import AnswerGathering
from question_bank.formats.papers.blocks import Block, Line, Section
from question_bank.formats.papers.closing_lines import closes, closes_key, stands_below_options, width_of
from question_bank.formats.papers.composing import asks_for_words
from question_bank.formats.papers.gathered import Gathered
from question_bank.formats.papers.headings import begins_with_kind, heading_of
from question_bank.formats.papers.part_names import (
    is_about_option,
    is_below_box,
    names_explanation,
    names_paper,
)
from question_bank.formats.papers.plain_shapes import in_plain_shapes
from question_bank.formats.papers.shapes import (
    FIRST_STYLES,
    OPTIONS_LABEL,
    Option,
    answer_of,
    cut_answer,
    narrow,
    number_of,
    options_inside,
    options_of,
)
from question_bank.formats.papers.style_gathering import RULE
from question_bank.formats.sheets.columns import kind_named

_ONLY_LABEL = re.compile(
    rf"\s*(?:{OPTIONS_LABEL}|选项|备选答案|选择一项(?:或多项)?\s*:|(?:Options|Choices|Answer choices)\s*:)\s*"
)
"""What stands above options and is no part of them."""
_FOLD = re.compile(
    r"\s*(?:(?:view|show|hide|see|click for)\s+(?:the\s+)?(?:correct\s+)?answers?"
    r"|(?:点击)?(?:查看|显示|隐藏|展开|收起)(?:正确)?答案(?:[与和]?解析)?)\s*[:.]?\s*",
    re.IGNORECASE,
)
"""What stands on the button that shows an answer."""
_ASKS_BELOW = re.compile(r"[?？:：][ \t]*$|[（(][ \t\u3000]*[)）][ \t。.]*$")
"""The end of a question that a program or a table may follow, with blank lines inside, before its options."""
LONGEST_LABEL = 30
SHORTEST_TEXT = 40
"""Characters from which a line without a number begins the text of a case, in a part whose heading speaks of texts."""
_PLAIN_OPTION = re.compile(r"\s*[(【\[]?\s*[Aa]\s*[)】\].、:]\s*\S")
_FIRST_BEHIND = re.compile(r"(?P<stem>.*[^\sA-Za-z0-9])\s*A\s*[.、]\s*(?P<text>\S.*)", re.DOTALL)
_SCORED = re.compile(r"\s*\d{1,3}(?:\.\d{1,2})?\s*分\s*")
_KIND_BELOW_NUMBER = re.compile(r"\s*(?:\d{1,4}\s*[.、]\s*)?([\u4e00-\u9fff]{2,6}题)\s*(.*)")


def gather(lines: Sequence[Line]) -> Gathered:
    """The blocks of a paper. Every line ends up in a block, in a key, in a section's heading, or among the unplaced."""
    gathering = _Gathering(in_plain_shapes(lines))
    gathering.widest = max((width_of(line.text) for line in gathering.lines if not line.is_code), default=0)
    for at, line in enumerate(gathering.lines):
        gathering.take(at, line)
    return gathering.found


class _Gathering(AnswerGathering):
    """The state between one line and the next, and what each line does to it."""

    widest = 0
    """The columns of the widest line."""

    def take(self, at: int, line: Line) -> None:
        text = line.text
        if line.is_code:
            entries = self.found.key[-1].entries if self.in_key else []
            if entries:
                entries[-1].answer.append(text)
            else:
                self._go_on(at, line)
            return
        if line.gaps:
            self._take_passage(line, line.gaps)
            return
        if not text.strip() or RULE.fullmatch(text):
            self.after_blank = True
            if self.style is None and not self.in_key and self.section.blocks and self._begins_part(at):
                self.found.sections.append(Section(category=self.section.category))
                self.block, self.style = None, self._style_after(at)
            return
        if _ONLY_LABEL.fullmatch(narrow(text)) and self.block is not None and self.block.is_open:
            self.block.put_options_back()
            return
        if (
            _FOLD.fullmatch(narrow(text))
            or self._is_score(text)
            or self._is_verdict(at, text)
            or self._take_kind_below_number(line)
        ):
            return
        if self._take_name_of_explanation(line):
            pass
        elif closes(self.lines, at, self.block, self.section.kind) or self._is_label_of_answer(at, line):
            self.found.unplaced.append(line)
        elif not self._take_marker(at, line):
            self._go_on(at, line)
        self.after_blank = False

    def _take_marker(self, at: int, line: Line) -> bool:
        """Whether the line says of itself what it is."""
        if self._take_table(at, line) or self._take_heading(at, line):
            return True
        if self.in_key:
            if not self._leaves_key(at, line):
                if closes_key(self.lines, at, self.found.key[-1].entries):
                    self.found.unplaced.append(line)
                else:
                    self._take_key(line)
                return True
            self.in_key, self.style = False, self._style_after(at)
        return (
            self._take_label_of_next(at, line)
            or self._take_mark(at, line)
            or self._take_key_line(at, line)
            or self._take_shared_options(line)
            or self._take_label(line)
            or self._take_text_number(line)
            or self._take_number(at, line)
            or self._take_answer(at, line)
            or self._take_tail(at, line)
            or self._take_options(at, line)
            or self._take_material(at, line)
        )

    def _take_name_of_explanation(self, line: Line) -> bool:
        """`### 解析` below the question begins its explanation, in which its answer may stand."""
        block = self.block
        if block is None or not block.is_closed or not names_explanation(line):
            return False
        block.add_field("explanation", "")
        return True

    def _is_label_of_answer(self, at: int, line: Line) -> bool:
        """`Answer information` between the options and `Answer: C`, set apart from both, is no part of either."""
        block = self.block
        if block is None or len(block.options) < 2 or block.into != "option" or not self.after_blank:
            return False
        if number_of(line.text) or options_of(line.text, "") or answer_of(line.text) or len(line.text) > LONGEST_LABEL:
            return False
        below = next((one.text for one in self.below(at) if one.text.strip()), "")
        return answer_of(below) is not None

    def _is_score(self, text: str) -> bool:
        """`0.0分` alone below an answered question is what somebody got for it, which is no part of it."""
        block = self.block
        return (
            block is not None
            and bool(block.answer)
            and (block.was_tried or block.into != "answer" or letters_in("".join(block.answer)) is not None)
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
        block.add_options(line, (options_of(cut[0], expected) if cut else []) or found)
        if cut:
            self._answer(cut[1], is_reference=False)
        return True

    def _take_first_behind_stem(self, line: Line) -> None:
        """`精度包括__。A.平面度` above a line that begins with B: the first option stands behind the stem."""
        block = self.block
        if block is None or not block.stem or not options_of(line.text, "B"):
            return
        if found := _FIRST_BEHIND.fullmatch(narrow(block.stem[-1])):
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
            if block.is_left(line) or stands_below_options(self.lines, at, block, self.widest):
                self.found.unplaced.append(line)
            else:
                self._explain_letters(line)
                block.add(line.text if line.is_code else line.text.strip())
            return
        is_text = len(line.text.strip()) >= SHORTEST_TEXT or self._is_counted_below(at)
        if self.section.has_texts and block is None and is_text:
            self._begin_text(line, line.text.strip())
            return
        if self._is_lone_task(at, line):
            self._begin(line.where, line.text, line, None, 0)
            self.found.warnings.append(
                _(
                    "%(where)s: the line without a number below the heading was taken for its question.",
                    where=line.where,
                )
            )
            return
        if self.style is not None or self.in_key or not self._could_be_question(at, line):
            self.found.unplaced.append(line)
            return
        self._begin(line.where, line.text, line, None, 0)

    def _is_lone_task(self, at: int, line: Line) -> bool:
        """`三、论述题（20分）` above `结合实际，谈谈…`: the part's only question, which no number begins."""
        if self.section.kind != "essay" or self.block is not None or self.section.blocks or self.in_key:
            return False
        above = next((self.lines[n].text for n in range(at - 1, -1, -1) if self.lines[n].text.strip()), "")
        if heading_of(above) is None or not asks_for_words(line.text.strip()):
            return False
        for below in self.below(at):
            if heading_of(below.text) is not None:
                break
            if number_of(below.text) is not None:
                return False
        return True

    def _is_counted_below(self, at: int) -> bool:
        """Whether the next line begins to count, as questions about a text do."""
        below = next((one.text for one in self.below(at) if one.text.strip()), "")
        number = number_of(below)
        return number is not None and number.value == 1

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
        fills = self.after_blank and fills_blanks("\n".join(block.stem), "\n".join(block.answer))
        if fills or (len(block.options) > 1 and letters_in(said) is not None) or says_true_or_false(said):
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
        if is_below_box(self.lines[at - 1].text if at else "", line.text):
            return False
        has_options_below = self._next_is_option(at)
        if block.is_closed and (begins_with_kind(line.text) or (block.has_answer and cut_answer(line.text))):
            return True
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
        below = next((one.text for one in self.below(at) if one.text.strip()), "")
        return heading_of(below) is not None

    def _could_be_question(self, at: int, line: Line) -> bool:
        """A line without a number is a question when options or an answer follow before the next blank line but one."""
        if is_about_option(line.text) or names_paper(line.text):
            return False
        if cut_answer(line.text) or (self._answer_in([line.text]) and not self._next_is_heading(at)):
            return True
        blanks = 0
        for below in self.lines[at + 1 : at + 40]:
            if below.is_code:
                blanks = 0
                continue
            if not below.text.strip():
                blanks += 1
                if blanks > (3 if line.title or _ASKS_BELOW.search(line.text) else 1):
                    return False
                continue
            if options_of(below.text, "A") or answer_of(below.text):
                return True
            if heading_of(below.text):
                return False
        return False
