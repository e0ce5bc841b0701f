"""Options without letters: a list below a question whose answer names one of its points, or whose ends are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from learnhub.kernel.cells import folded
from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.marked_lines import marked_lines
from question_bank.formats.papers.shapes import answer_in_sentence, answer_of, narrow, number_of, options_of
from question_bank.formats.papers.tails import tail_of

POINT = re.compile(r"\s*[-*+•·▪◦]\s+(?=\S)(?!\[)")
_COUNTED = re.compile(r"\s*(\d{1,2})\s*[.)]\s+(?=\S)")
_MARKED_RIGHT = re.compile(r"\s*[(\[【]\s*(?:正确答案|正确选项)\s*[)\]】]\s*$")
_NAMED = re.compile(r"\(?\s*([A-Ha-h])\s*\)?\s*(?:[.、:)»-]\s*(.*))?", re.DOTALL)
_LETTER = re.compile(r"\s*[(（]?[B-HＢ-Ｈb-h][.．、)）:：]")
MOST_OPTIONS = 10
LONGEST_OPTION = 300
"""Characters of a line that can be an option."""


def with_options_lettered(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which the points of such lists have letters before them."""
    lines = [_parted(line) for line in lines]
    named: dict[int, tuple[str, int]] = {}
    for run in _lists(lines):
        if _is_answered_below(lines, run) or _is_marked_bold(lines, run) or _is_ticked_at_ends(lines, run):
            named.update({at: (chr(65 + n), _mark_of(lines[at].text)) for n, at in enumerate(run)})
    for run in marked_lines(lines):
        named.update({at: (chr(65 + n), 0) for n, at in enumerate(run)})
    for run in _marked_at_their_ends(lines):
        named.update({at: (chr(65 + n), 0) for n, at in enumerate(run)})
    return [_lettered(line, *named[at]) if at in named else line for at, line in enumerate(lines)] if named else lines


_DASHED = re.compile(r"\s*选项\s*[:：]\s*(A\s*[-–—=].+)")
"""`选项：A-甲 B-乙`."""
_IN_ONE = re.compile(r"\s*选项\s*[:：]\s*(?=[^A-Za-z]|[A-Za-z][^.、．:：)）])(.+\|\|.+)")


def _parted(line: Line) -> Line:
    """`选项：甲||乙||丙` with a letter before each."""
    dashed = _DASHED.fullmatch(line.text) if "选项" in line.text else None
    if dashed:
        texts = [text.strip() for text in re.split(r"(?:^|\s+)[A-H]\s*[-–—=]\s*", dashed.group(1)) if text.strip()]
        letters = re.findall(r"(?:^|\s)([A-H])\s*[-–—=]", dashed.group(1))
        if letters == [chr(65 + n) for n in range(len(texts))]:
            return Line(line.where, "   ".join(f"{chr(65 + n)}. {text}" for n, text in enumerate(texts)))
    found = _IN_ONE.fullmatch(line.text) if "||" in line.text else None
    if not found:
        return line
    texts = [text.strip() for text in found.group(1).split("||")]
    if not all(texts) or len(texts) > MOST_OPTIONS:
        return line
    return Line(line.where, "   ".join(f"{chr(65 + n)}. {text}" for n, text in enumerate(texts)))


def _lettered(line: Line, letter: str, start: int) -> Line:
    before = f"{letter}. "
    moved = tuple((max(a - start, 0) + 3, b - start + 3, mark) for a, b, mark in line.marked if b > start)
    return Line(line.where, before + line.text[start:].strip(), moved)


def _mark_of(text: str) -> int:
    found = POINT.match(text) or _COUNTED.match(text)
    return found.end() if found else 0


def _lists(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Bulleted lines, or lines counted from 1 and set in below a numbered one, that follow one another."""
    run: list[int] = []
    for at, line in enumerate(lines):
        if not line.text.strip():
            continue
        if _goes_on(lines, run, line):
            run.append(at)
            continue
        if len(run) > 1:
            yield run
        run = [at] if _begins(lines, at) else []
    if len(run) > 1:
        yield run


def _begins(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    bulleted, counted = _is_point(line), _COUNTED.match(line.text)
    if line.is_code or not (bulleted or counted) or options_of(line.text, "A"):
        return False
    if bulleted and _LETTER.match(line.text[_mark_of(line.text) :]):
        return False
    if bulleted:
        return True
    before = next((lines[n] for n in range(at - 1, -1, -1) if lines[n].text.strip()), Line("", ""))
    above = before.text
    outer, inner = number_of(above), number_of(line.text)
    if not counted or counted.group(1) != "1" or outer is None or inner is None:
        return False
    return bool(before.title) or outer.style != inner.style or _depth(line.text) > _depth(above)


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())


def _goes_on(lines: Sequence[Line], run: list[int], line: Line) -> bool:
    if not run or line.is_code:
        return False
    first = lines[run[0]]
    if _is_point(first):
        return _is_point(line) and answer_of(line.text[_mark_of(line.text) :]) is None
    counted = _COUNTED.match(line.text)
    return counted is not None and int(counted.group(1)) == len(run) + 1 and _depth(line.text) == _depth(first.text)


def _is_point(line: Line) -> bool:
    return line.is_point or POINT.match(line.text) is not None


def _is_answered_below(lines: Sequence[Line], run: list[int]) -> bool:
    """Whether the line below says which of the points is right: its letter, its text, or both."""
    below = [one.text for one in lines[run[-1] + 1 : run[-1] + 8] if one.text.strip()]
    said = answer_of(below[0]) if below else None
    if said is None or not said.text:
        sentence = next((answer_in_sentence(text) for text in below[: 1 if said is None else 2][-1:]), None)
        named = re.match(r"\(?([A-Ha-h])\b", sentence or "")
        return named is not None and ord(named.group(1).upper()) - 65 < len(run) <= MOST_OPTIONS
    if len(run) > MOST_OPTIONS:
        return False
    texts = [folded(lines[at].text[_mark_of(lines[at].text) :].strip()) for at in run]
    if folded(said.text) in texts:
        return True
    named = _NAMED.fullmatch(narrow(said.text))
    place = ord(named.group(1).upper()) - 65 if named else len(texts)
    return named is not None and place < len(texts) and (not named.group(2) or folded(named.group(2)) == texts[place])


def _is_marked_bold(lines: Sequence[Line], run: list[int]) -> bool:
    """Whether a question stands above the points, and some of them but not all are bold from end to end."""
    above = next((lines[n].text for n in range(run[0] - 1, -1, -1) if lines[n].text.strip()), "")
    asks = narrow(above).rstrip()[-1:] == "?" or (blanks_in(above) > 0 and number_of(above) is not None)
    bold = [at for at in run if "bold" in lines[at].marks(_mark_of(lines[at].text), len(lines[at].text))]
    whole = all(
        not lines[at]
        .text[_mark_of(lines[at].text) : min(a for a, _b, mark in lines[at].marked if mark == "bold")]
        .strip()
        for at in bold
    )
    return asks and whole and 0 < len(bold) < len(run) <= MOST_OPTIONS


TICKED_END = re.compile("\\w\\W*[✅✔☑]\ufe0f?\\s*$")
"""A sign that right options of notes and documents end with."""


def _is_ticked_at_ends(lines: Sequence[Line], run: list[int]) -> bool:
    """Whether some points but not all end with a tick."""
    ticked = sum(1 for at in run if TICKED_END.search(lines[at].text))
    return _is_point(lines[run[0]]) and 0 < ticked < len(run) <= MOST_OPTIONS


def _marked_at_their_ends(lines: Sequence[Line]) -> Iterator[list[int]]:
    """The lines between a numbered one and the next, where one of them ends in （正确答案） and none has a letter."""
    if not any(_MARKED_RIGHT.search(narrow(line.text)) for line in lines):
        return
    run: list[int] = []
    is_open = False
    for at, line in enumerate([*lines, Line("", "1. ")]):
        text = line.text.strip()
        if number_of(text) is not None:
            if is_open and len(run) > 1 and any(_MARKED_RIGHT.search(narrow(lines[n].text)) for n in run):
                yield run
            run, is_open = [], True
        elif text and (line.is_code or line.title or options_of(text, "") or len(text) > LONGEST_OPTION):
            is_open = False
        elif text and (answer_of(text) or tail_of(text)):
            is_open = is_open and bool(run) and not answer_of(text)
        elif text:
            run.append(at)
