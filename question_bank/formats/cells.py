"""Cells that hold options: with letters before them, several in one cell, or written as JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.shapes import options_of

_LABEL = re.compile(r"\s*[(（]?([A-Z])[)）]?\s*[.、．:：)）,，]\s*|\s*[(（]([A-Z])[)）]\s*")


def without_label(text: str, letter: str) -> str:
    """An option's text without its own letter before it: `B、乙` is `乙`."""
    found = _LABEL.match(unicodedata.normalize("NFKC", text[:6]).upper() + text[6:])
    if found and (found.group(1) or found.group(2)) == letter:
        rest = text[_label_length(text) :].strip()
        return rest or text
    return text


def _label_length(text: str) -> int:
    for at, c in enumerate(text[:6]):
        if unicodedata.normalize("NFKC", c) in ".、:),,，" and at > 0:
            return at + 1 + (1 if text[at + 1 : at + 2] in {".", "、", "．"} and c in ")）" else 0)
    return 0


def options_in_one_cell(cell: str) -> dict[str, str]:
    """The options of a cell that holds them all: JSON, a line each, or separated by letters, `|` or `;`."""
    cell = cell.strip()
    if cell[:1] in {"[", "{"}:
        try:
            return options_of_json(json.loads(cell))
        except (ValueError, RecursionError):
            pass
    lettered = _by_letters(cell)
    if lettered:
        return lettered
    for separator in ("\n", "|||", "||", "|", "；", ";", "$$", "##", "\t", "^"):
        parts = [part.strip() for part in cell.split(separator)]
        parts = [part for part in parts if part]
        if len(parts) > 1:
            return {chr(65 + n): without_label(part, chr(65 + n)) for n, part in enumerate(parts[:26])}
    for separator in ("、", "，", ","):
        parts = [part.strip() for part in cell.split(separator) if part.strip()]
        if len(parts) > 1:
            return {chr(65 + n): part for n, part in enumerate(parts[:26])}
    return {"A": cell} if cell else {}


_LETTERED = re.compile(r"(?:^|[\s;；|,，。$^]+)[(（]?([A-Z])(?:[)）]|[.．、:：])\s*", re.MULTILINE)


def _by_letters(cell: str) -> dict[str, str]:
    """`A.甲 B.乙` or `A、甲|B、乙`: the letters in order from A on."""
    wide = re.sub("[Ａ-Ｚ]", lambda found: chr(ord(found.group()) - 0xFEE0), cell)
    marks: list[re.Match[str]] = []
    for found in _LETTERED.finditer(wide):
        if ord(found.group(1)) == 65 + len(marks):
            marks.append(found)
    if len(marks) < 2 or wide[: marks[0].start()].strip():
        close = options_of(cell, "A")
        return {option.letter: option.text for option in close} if len(close) > 1 else {}
    ends = [found.start() for found in marks[1:]] + [len(cell)]
    texts = [cell[found.end() : end].strip(" \t\n;；|") for found, end in zip(marks, ends, strict=True)]
    return {chr(65 + n): text for n, text in enumerate(texts)}


def with_wrong(right: str, wrong: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The options by letter and the right one's letter, where the right answer and the wrong ones stand apart."""
    texts = [right, *(text for text in wrong if text)]
    if len(wrong) == 1 and texts[1:]:
        texts[1:] = options_in_one_cell(texts[1]).values()
    return {chr(65 + n): text for n, text in enumerate(texts[:26])}, ["A"]


_TEXT_NAMES = (
    "text",
    "content",
    "value",
    "label",
    "title",
    "name",
    "option",
    "html",
    "内容",
    "选项",
    "answerText",
    "answer_text",
    "answer",
    "optionContent",
    "option_content",
    "optionText",
    "option_text",
    "optionValue",
)
_LABEL_NAMES = (
    "label", "key", "letter", "id", "index", "tag", "code", "name", "option", "序号", "选项",
    "optionKey", "option_key", "optionLabel", "optionName",
)  # fmt: skip
_FLAG_NAMES = ("isCorrect", "is_correct", "correct", "isRight", "right", "isAnswer", "is_answer", "isTrue", "answer")


def options_of_json(found: Any) -> dict[str, str]:
    """Options as JSON: a list of texts, a list of objects, or an object by letter."""
    if isinstance(found, dict):
        return {
            str(key).strip().upper()[:1] or "?": text_of_cell(value) for key, value in found.items() if _is_text(value)
        }
    if not isinstance(found, list):
        return {}
    options: dict[str, str] = {}
    for n, item in enumerate(found[:26]):
        letter, text = chr(65 + n), item
        if isinstance(item, dict):
            label = next((str(item[name]).strip() for name in _LABEL_NAMES if _is_letter(item.get(name))), "")
            letter = label.upper()[:1] if label else letter
            text = next((item[name] for name in _TEXT_NAMES if name in item and item[name] != label), "")
        if letter in options:
            letter = f"{letter}#{n}"
        options[letter] = without_label(text_of_cell(text), letter)
    return options


def flags_of_json(found: Any) -> list[str]:
    """Letters of the options that say of themselves that they are right."""
    if not isinstance(found, list):
        return []
    return [
        chr(65 + n)
        for n, item in enumerate(found)
        if isinstance(item, dict)
        and any(item.get(name) is True or item.get(name) in (1, "1", "true") for name in _FLAG_NAMES)
    ]


def _is_letter(value: Any) -> bool:
    return (
        isinstance(value, str)
        and len(value.strip().rstrip(".、)")) == 1
        and value.strip()[0].isalpha()
        and value.strip()[0].isascii()
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float)
