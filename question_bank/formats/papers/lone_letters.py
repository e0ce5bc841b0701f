"""Options whose letters stand alone on a line, as pages of course platforms are copied: `A` above its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from question_bank.formats.fields.answers import letters_in, truth
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.shapes import SIGNS, answer_of, narrow, options_of, says_nothing_given

_LONE = re.compile(r"\s*([A-H])\s*[.、:)]?\s*")
FURTHEST_LETTER = 12
"""How many lines below a lone A a lone B may stand."""


def with_letters_joined(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which `A` alone on a line stands before the option below it, if the letters follow one another."""
    lines = _with_answers_named(lines)
    letters = {at: found.group(1) for at, line in enumerate(lines) if (found := _lone_letter(line))}
    if not any(letter == "A" for letter in letters.values()):
        return lines
    joined: dict[int, int] = {}
    for start, letter in letters.items():
        if letter == "A" and not _is_answer_alone(lines, start):
            joined.update(_run_of_letters(lines, letters, start))
    out = []
    for at, line in enumerate(lines):
        below = joined.get(at)
        if below is not None:
            text = lines[below]
            before = f"{letters[at]}. "
            moved = tuple((a + len(before), b + len(before), mark) for a, b, mark in text.marked)
            out.append(Line(line.where, before + text.text.strip(), moved))
        elif at not in joined.values():
            out.append(line)
    return out


def answers_alone(text: str, above: str) -> bool:
    """Whether a line is the letter of an option that is there, below the last of them: the answer, without a word."""
    found = _LONE.fullmatch(narrow(text)) if len(text) < 8 else None
    options = options_of(above, "") if found else []
    return found is not None and bool(options) and "A" <= found.group(1) <= options[-1].letter > "A"


def _with_answers_named(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which `B` alone below the options says `答案：B`."""
    out, above = [], ""
    for line in lines:
        is_answer = not line.is_code and answers_alone(line.text, above)
        out.append(Line(line.where, f"答案：{line.text.strip()}") if is_answer else line)
        above = line.text if line.text.strip() else above
    return out


def _lone_letter(line: Line) -> re.Match[str] | None:
    return _LONE.fullmatch(narrow(line.text)) if len(line.text) < 8 and not line.is_code else None


def _is_answer_alone(lines: Sequence[Line], at: int) -> bool:
    """Whether a lone letter stands below a number, 答案 or 我的答案: it is an answer then."""
    above = next((lines[n].text for n in range(at - 1, -1, -1) if lines[n].text.strip()), "")
    said = answer_of(above)
    return (
        says_nothing_given(above)
        or (said is not None and not said.text)
        or re.fullmatch(r"\s*\d{1,4}\s*[.、)]?\s*", narrow(above)) is not None
    )


def _run_of_letters(lines: Sequence[Line], letters: dict[int, str], start: int) -> dict[int, int]:
    """From each lone letter, beginning with A, to the line of its option; empty unless a B follows the A."""
    found: dict[int, int] = {}
    at, wanted = start, "A"
    while letters.get(at) == wanted and not _is_answer_alone(lines, at):
        below = next((n for n in range(at + 1, min(at + 4, len(lines))) if lines[n].text.strip()), None)
        if below is None or below in letters or lines[below].is_code:
            return {}
        found[at] = below
        wanted = chr(ord(wanted) + 1)
        at = next((n for n in range(below + 1, below + FURTHEST_LETTER) if letters.get(n) == wanted), -1)
        if any(letters.get(n) == "A" for n in range(below + 1, at)):
            break
    return found if len(found) > 1 else {}


_IN_BRACKETS = re.compile(rf"\s*\(\s*([A-Ha-h](?:[\s,、]?[A-Ha-h]){{0,7}}|[{SIGNS}]|对|错|正确|错误)\s*\)\s*[。.]?\s*")


def answer_in_brackets(text: str, letters: Sequence[str]) -> str | None:
    """`（B）` alone on a line below options of these letters, or `（√）` below none: the answer, set apart."""
    found = _IN_BRACKETS.fullmatch(narrow(text)) if len(text) < LONGEST_IN_BRACKETS else None
    if not found:
        return None
    said = found.group(1)
    named = letters_in(said) if said.isascii() else None
    if letters:
        return said if len(letters) > 1 and named and set(named) <= set(letters) else None
    return said if not named and truth(said) is not None else None


LONGEST_IN_BRACKETS = 60
"""Characters of a line, spaces and all, that holds nothing but an answer in brackets."""


_ON_LINE = re.compile(r"[\s_＿]{4,}[（(]\s*(?:正确|参考)?答案\s*[:：](?P<said>[^()（）]+)[)）]\s*")


def answer_on_line(text: str) -> str:
    """`________(答案：台湾岛)` below a question: the line to write on, and what belongs there."""
    shown = _ON_LINE.fullmatch(text)
    return shown["said"].strip() if shown else ""
