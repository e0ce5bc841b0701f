"""Aiken, the plainest format: a line with the question, lettered options, and `ANSWER: B`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.carries import Carried, Carries, both
from question_bank.formats.reading import Reading
from question_bank.formats.rich_text import html_of, shown
from question_bank.formats.written import Files, Written, keep
from question_bank.fractions import fraction
from question_bank.kinds import kind

NAME = "aiken"
CARRIES = Carried(
    "Titles, marks, tags, categories, difficulty and explanations are not written, and no markup.",
    {
        "single_choice": both("Only plain texts of one line each, one right option, no weights, no feedback."),
        "multiple_choice": Carries(
            read=True, lost="An answer with several letters is read; the format has no such thing."
        ),
    },
)
_OPTION = re.compile(r"\s*[(（]?([A-Za-zＡ-Ｚａ-ｚ])\s*[)）.．、]\s*(\S.*|)$")
_ANSWER = re.compile(r"\s*ANSWERS?\s*[:：]\s*(.*)$", re.IGNORECASE)
_BECAUSE = re.compile(r"\s*(?:FEEDBACK|EXPLANATION)\s*[:：]\s*(.*)$", re.IGNORECASE)
_LOOKS = re.compile(
    r"^[^\S\n]*[AＡ]\s*[)）.．、][^\n]*\n(?:[^\n]*\n){1,200}?[^\S\n]*ANSWERS?\s*[:：]\s*[A-ZＡ-Ｚ]\b", re.MULTILINE
)


def looks_like(text: str) -> bool:
    """Whether a text has lettered options with `ANSWER: B`, in capitals, below them."""
    return _LOOKS.search(text[:50_000].replace("\r\n", "\n").replace("\r", "\n") + "\n") is not None


def read(text: str) -> Reading:
    """Every question of an Aiken text; a malformed one costs only itself."""
    reading = Reading(NAME)
    for block in _without_numbers(list(_blocks(text))):
        where = f"line {block.line}"
        try:
            draft = _draft(block, where)
            kind(draft.kind).validate(draft.content)
        except Refused as error:
            reading.refuse(where, error)
        else:
            reading.questions.append(draft)
    return reading


@dataclass
class _Block:
    """The lines of one question."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    answer: str | None = None
    because: list[str] = field(default_factory=list)
    was_blank: bool = False

    @property
    def is_begun(self) -> bool:
        return bool(self.stem or self.options)


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block()
    for number, raw in enumerate(text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = raw.strip("\u200b\ufeff \t\u3000\xa0")
        if not line:
            block.was_blank = True
            continue
        if _ends_before(block, line):
            yield block
            block = _Block()
        block.line = block.line or number
        _add(block, line)
        block.was_blank = False
    if block.is_begun or block.answer is not None:
        yield block


_NUMBER = re.compile(r"(?:Q(?:uestion)?\s*)?(\d{1,4})\s*[.)．、）:：]\s*(?=\S)", re.IGNORECASE)


def _without_numbers(blocks: list[_Block]) -> list[_Block]:
    """The questions without the numbers that they begin with, where these count them all from 1 on."""
    found = [_NUMBER.match(block.stem[0]) if block.stem else None for block in blocks]
    if len(blocks) > 1 and [int(one.group(1)) for one in found if one] == list(range(1, len(blocks) + 1)):
        for block, number in zip(blocks, found, strict=True):
            block.stem[0] = block.stem[0][number.end() if number else 0 :]
    return blocks


def _ends_before(block: _Block, line: str) -> bool:
    """Whether a line belongs to the next question."""
    if block.answer is not None:
        return not _BECAUSE.match(line) and not (block.because and not block.was_blank)
    if not block.options or _ANSWER.match(line):
        return False
    option = _OPTION.match(line)
    if option and _letter(option.group(1)) == _expected(block):
        return False
    return block.was_blank


def _add(block: _Block, line: str) -> None:
    answer, option, because = _ANSWER.match(line), _OPTION.match(line), _BECAUSE.match(line)
    if block.answer is not None:
        block.because.append(because.group(1) if because else line)
    elif answer and block.is_begun:
        block.answer = answer.group(1)
    elif option and block.stem and _letter(option.group(1)) == _expected(block):
        block.options.append(option.group(2))
    elif block.options:
        block.options[-1] += "\n" + line
    else:
        block.stem.append(line)


def _letter(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()


def _expected(block: _Block) -> str:
    return chr(65 + len(block.options))


def _draft(block: _Block, where: str) -> QuestionDraft:
    if not block.options:
        raise Refused(_("There are no options (A, B …) below the question."))
    if block.answer is None:
        raise Refused(_("The line with the answer (ANSWER: B) is missing."))
    letters = re.findall("[A-Z]", _letter(block.answer))
    if (
        not letters
        or not re.fullmatch(r"[A-Z\s,;&.、，；]+", _letter(block.answer))
        or len(set(letters)) != len(letters)
    ):
        raise Refused(_("The answer %(answer)s is none of the options.", answer=block.answer[:60]))
    missing = [letter for letter in letters if ord(letter) - 65 >= len(block.options)]
    if missing:
        raise Refused(_("The answer names option %(letter)s, which is not there.", letter=missing[0]))
    worth = "1" if len(letters) == 1 else f"1/{len(letters)}"
    options = [
        {"html": html_of(text.strip(), "plain"), "fraction": worth if chr(65 + n) in letters else "0"}
        for n, text in enumerate(block.options)
    ]
    return QuestionDraft(
        kind="single_choice" if len(letters) == 1 else "multiple_choice",
        stem_html=html_of("\n".join(block.stem), "plain"),
        content={"options": options},
        explanation_html=html_of("\n".join(block.because), "plain"),
        where=where,
    )


def write(drafts: Sequence[QuestionDraft], files: Files) -> Written:
    """Single choices in plain text, nothing around them."""
    blocks, written = keep(drafts, "Aiken", _block, lambda draft, block: read(block).questions, ("feedback",))
    written.data = ("\n\n".join(block for _draft, block in blocks) + "\n").encode()
    return written


def _block(draft: QuestionDraft) -> str | None:
    """A question as Aiken; None when it is no choice of one among plain texts of one line."""
    options: list[dict[str, Any]] = draft.content.get("options", [])
    right = [n for n, option in enumerate(options) if fraction(option["fraction"]) == 1]
    if draft.kind != "single_choice" or len(right) != 1 or len(options) > 26:
        return None
    lines = [shown(draft.stem_html), *(f"{chr(65 + n)}) {shown(one['html'])}" for n, one in enumerate(options))]
    if any("\n" in line for line in lines):
        return None
    return "\n".join([*lines, f"ANSWER: {chr(65 + right[0])}"])
