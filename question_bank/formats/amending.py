"""A text of questions with some of its lines written anew: what is read, and which lines of the file that was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.reading import Lines, Reading

BY_LINES = ("gift", "aiken", "text", "moodle-xml")
"""Formats whose questions stand in lines of their own, each place being `line 7`."""


@dataclass(frozen=True)
class Block:
    """The lines of one question: `where` and the lines by the file as it was sent, `text` as it is read now."""

    where: str
    key: str
    first: int
    last: int
    text: str
    corrected: bool = False


@dataclass
class Amended:
    """The lines as they are read; for each, the line of the file that it stands for, and the correction it is of."""

    format: str
    lines: list[str] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    corrections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def blocks(self, reading: Reading) -> dict[str, Block]:
        """For each place of a reading of these lines, its block."""
        places = dict.fromkeys([*(one.where for one in reading.questions), *(one.where for one in reading.refused)])
        starts = {where: number for where in places if (number := _line_of(where)) and number <= len(self.lines)}
        ordered = sorted(set(starts.values()))
        following = dict(zip(ordered, [*ordered[1:], len(self.lines) + 1], strict=True))
        found = {}
        for where, start in starts.items():
            known = reading.sources.get(where)
            last = known.last if isinstance(known, Lines) else self._end(start, following[start] - 1)
            found[where] = self._block(start, min(last, following[start] - 1))
        return found

    def _block(self, start: int, last: int) -> Block:
        key = self.keys[start - 1]
        if key:
            one = self.corrections[key]
            where = f"line {self.origins[start - 1]}"
            return Block(where, key, int(one["first"]), int(one["last"]), str(one["text"]), corrected=True)
        while last > start and self.keys[last - 1]:
            last -= 1
        first = self.origins[start - 1]
        text = "\n".join(self.lines[start - 1 : last])
        return Block(f"line {first}", f"line {first}", first, self.origins[last - 1], text)

    def _end(self, start: int, last: int) -> int:
        """The last line of a question of which only the first is known: without what is empty below it."""
        if self.format == "moodle-xml":
            return next((n for n in range(start, last + 1) if "</question>" in self.lines[n - 1]), last)
        while last > start and not self.lines[last - 1].strip():
            last -= 1
        return last


def lines_of(text: str, format: str) -> Amended:
    """The lines of a text as its readers count them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = (text.replace("\f", "\n") if format == "text" else text).split("\n")
    return Amended(format, lines, list(range(1, len(lines) + 1)), [""] * len(lines))


def amend(sent: Amended, corrections: Mapping[str, Mapping[str, Any]]) -> Amended:
    """The lines with each correction instead of those it stands for. Refused when two are of the same lines."""
    amended = Amended(sent.format, corrections=corrections)
    at = 0
    for key, one in sorted(corrections.items(), key=lambda pair: int(pair[1]["first"])):
        first, last = int(one["first"]), int(one["last"])
        if not at < first <= last <= len(sent.lines):
            raise Refused(_("The place %(where)s is not in this file.", where=key))
        _add(amended, sent.lines[at : first - 1], range(at + 1, first), "")
        written = str(one["text"]).replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
        _add(amended, written, [min(first + n, last) for n in range(len(written))], key)
        at = last
    _add(amended, sent.lines[at:], range(at + 1, len(sent.lines) + 1), "")
    return amended


def _add(amended: Amended, lines: Sequence[str], origins: Sequence[int], key: str) -> None:
    amended.lines += lines
    amended.origins += origins
    amended.keys += [key] * len(lines)


def _line_of(where: str) -> int:
    number = where.removeprefix("line ")
    return int(number) if number != where and number.isdecimal() else 0
