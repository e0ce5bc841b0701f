"""Test banks of publishers (ExamView, TestGen, Cognero): what stands below each question, by names of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.shapes import number_of

_OF_BANK = re.compile(
    r"^\s*(?:(?:\d+\.\s*)?ANS:.*\bPTS:|PTS:\s*\d"
    r"|Diff\s*:\s*\d\b|POINTS\s*:\s*\d|DIFFICULTY\s*:.*\bBloom)",
    re.MULTILINE,
)
"""What no other paper has."""
_NAMES = {
    "ans": "答案",
    "answer": "答案",
    "pts": "分值",
    "points": "分值",
    "dif": "难度",
    "diff": "难度",
    "difficulty": "难度",
    "ref": "出处",
    "page ref": "出处",
    "references": "出处",
    "top": "分类",
    "topic": "分类",
    "topics": "分类",
    "key": "标签",
    "keywords": "标签",
    "rationale": "解析",
    "explanation": "解析",
    "feedback": "解析",
}
_LEFT_OUT = (
    "obj",
    "nat",
    "sta",
    "loc",
    "msc",
    "blm",
    "not",
    "objective",
    "skill",
    "aacsb",
    "learning objective",
    "learning objectives",
    "learning outcome",
    "bloom's",
    "blooms",
    "question type",
    "has variables",
    "student entry mode",
    "date created",
    "date modified",
    "national standards",
    "accessibility",
)
_WORDS = "|".join(sorted(map(re.escape, (*_NAMES, *_LEFT_OUT)), key=len, reverse=True))
_FIELD = re.compile(rf"(?:^|(?<=\s))(?P<name>{_WORDS})\s*:(?:\s+|$)", re.IGNORECASE)
_PLACE_OF_LETTER = re.compile(r"\s*_+\s+(?=\d+\.\s)")
"""The line before a number, on which the sitter writes the letter."""
_SECTION_OF_ANSWERS = re.compile(r"\s*answer section\s*", re.IGNORECASE)
_DEGREES = {"1": "易", "2": "中", "3": "难", "moderate": "中", "challenging": "难"}


def with_fields_named(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which answers, marks, degrees and topics of such a bank have the names that everybody knows."""
    if not _OF_BANK.search("\n".join(line.text for line in lines)):
        return lines
    lines = [_without_place(line) for line in lines]
    at = next((n for n, line in enumerate(lines) if _SECTION_OF_ANSWERS.fullmatch(line.text)), len(lines))
    named = [piece for line in lines[:at] for piece in _named(line)]
    return named + [_of_key(line) for line in lines[at:] if not _is_field_of_key(line)]


def _without_place(line: Line) -> Line:
    place = _PLACE_OF_LETTER.match(line.text)
    return replace(line, text=line.text[place.end() :], marked=()) if place else line


def _is_field_of_key(line: Line) -> bool:
    """Whether a line of the section of answers says nothing but what a question earns and is about."""
    found = _FIELD.match(line.text.lstrip())
    return found is not None and found["name"].casefold() != "ans"


def _of_key(line: Line) -> Line:
    """A line of the section of answers as a key has it: `3. ANS: B PTS: 1` is `3. B`."""
    if _SECTION_OF_ANSWERS.fullmatch(line.text):
        return replace(line, text="参考答案", marked=())
    number = number_of(line.text)
    start = number.end if number else 0
    marks = list(_FIELD.finditer(line.text, start))
    if not marks or marks[0]["name"].casefold() != "ans" or line.text[start : marks[0].start()].strip():
        return line
    end = marks[1].start() if len(marks) > 1 else len(line.text)
    return replace(line, text=f"{line.text[:start]}{line.text[marks[0].end() : end].strip()}", marked=())


def _named(line: Line) -> Iterator[Line]:
    marks = list(_FIELD.finditer(line.text)) if _FIELD.match(line.text.lstrip()) else []
    if not marks:
        yield line
        return
    ends = [mark.start() for mark in marks[1:]] + [len(line.text)]
    for mark, end in zip(marks, ends, strict=True):
        name, said = mark["name"].casefold(), line.text[mark.end() : end].strip()
        label = _NAMES.get(name, "")
        if label == "难度":
            said = _DEGREES.get(said.casefold(), said)
        if label and (said or label == "答案"):
            yield replace(line, text=f"{label}：{said}", marked=())
