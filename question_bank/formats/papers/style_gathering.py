"""The part of gathering a paper that tells in which style its questions are numbered, and which numbers are lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.papers import keys
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import (
    FIRST_STYLES,
    answer_before_number,
    answer_of,
    cut_answer,
    narrow,
    number_of,
    options_of,
)

RULE = re.compile(r"\s*(?:[-=*_—~·.]{3,}|\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?)\s*")
"""A line that only parts what stands above from what stands below."""


class StyleGathering:
    """The lines of a paper, and how their numbers are written."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines

    def below(self, at: int) -> Iterator[Line]:
        """The lines below one, as far as somebody looks."""
        return (self.lines[n] for n in range(at + 1, len(self.lines)))

    def _style_after(self, at: int) -> str | None:
        """The style in which the questions from here to the next heading are numbered."""
        found: list[tuple[str, int, int]] = []
        has_options = False
        for n, line in enumerate(self.lines[at:], at):
            if line.is_code or not line.text.strip():
                continue
            if not found and ((has_options and self._begins_part(n)) or self._names_part(at, n)):
                break
            has_options = has_options or bool(options_of(line.text, "A"))
            if heading_of(line.text) or (found and keys.is_key_heading(line.text)):
                break
            given = answer_before_number(line.text)
            number = number_of(given[1] if given else line.text)
            if number and not keys.compact(line.text, ""):
                found.append((number.style, number.value, n))
        styles = [style for style, _value, _at in found]
        for style in FIRST_STYLES:
            if style in styles:
                return style
        if not styles:
            return None
        dotted = "dot" in styles
        if styles[0] == "paren" and dotted and self._parens_are_lists(found):
            return "dot"
        if styles[0] in {"cn", "cnparen"} and dotted and self._dots_are_lists(found):
            return styles[0]
        if dotted and (styles[0] == "dot" or styles.index("dot") <= 1 or styles[0] in {"cn", "cnparen", "space"}):
            return "dot"
        return styles[0]

    def _names_part(self, at: int, title: int) -> bool:
        """Whether a title without a number, which asks nothing, ends the lines from a place on that have no number."""
        line = self.lines[title]
        return line.title > 1 and title > at and number_of(line.text) is None and not self._is_asking(title, line)

    def _is_asking(self, at: int, line: Line) -> bool:
        """Whether a title is a question itself."""
        text = narrow(line.text).strip()
        return text[-1:] in {"?", ":"} or blanks_in(text) > 0 or self._next_is_option(at) or bool(cut_answer(text))

    def _next_is_option(self, at: int) -> bool:
        below = next((one.text for one in self.below(at) if one.text.strip()), "")
        return bool(options_of(below, "A"))

    def _begins_part(self, at: int) -> bool:
        """Whether a line of dashes stands above a number 1: what was not numbered so far may be so from here on."""
        below = next((one.text for one in self.below(at) if one.text.strip()), "")
        number = number_of(below) if RULE.fullmatch(self.lines[at].text) else None
        return number is not None and number.value == 1

    def _dots_are_lists(self, found: list[tuple[str, int, int]]) -> bool:
        """Whether none of the dotted lines has options or an answer below it: then they are points of a list."""
        for style, _value, at in found:
            below = next((one.text for one in self.below(at) if one.text.strip()), "")
            if style == "dot" and (options_of(below, "A") or answer_of(below)):
                return False
        return True

    def _parens_are_lists(self, found: list[tuple[str, int, int]]) -> bool:
        """Whether `（1）…（2）…` above `1.` are points of a text: nothing answers one, the dotted one has options."""
        styles = [style for style, _value, _at in found]
        first = styles.index("dot")
        points = [at for _style, _value, at in found[:first]]
        return self._is_answered_below(found[first][2]) and not any(map(self._is_answered_below, points))

    def _is_answered_below(self, at: int) -> bool:
        """Whether options or an answer stand between this numbered line and the next one."""
        if cut_answer(self.lines[at].text):
            return True
        for line in self.below(at):
            if answer_of(line.text) or options_of(line.text, "A"):
                return True
            if number_of(line.text) or heading_of(line.text):
                return False
        return False
