"""Answers to type, as JSON holds them: objects with a text each, texts by the numbers of blanks, texts in HTML."""

from __future__ import annotations

import re
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.json_banks.option_lists import FLAG_NAMES, TEXT_NAMES

_BESIDE = frozenset(
    {"id", "_id", "color", "image", "media", "case_sensitive", "caseSensitive", *FLAG_NAMES} - {"answer"}
)
"""What may stand beside the text of an answer, and changes nothing of what is accepted."""
_PARAGRAPH = re.compile(r"\s*<p\b[^>]*>((?:(?!</?p\b).)*)</p>\s*", re.DOTALL | re.IGNORECASE)


def of_each_blank(answer: dict[str, Any]) -> list[list[str]]:
    """What each blank accepts, where an answer says it by their numbers: `{"1": ["two", "2"], "2": "tin"}`."""
    texts = [[text_of_cell(one) for one in (said if isinstance(said, list) else [said])] for said in answer.values()]
    are_numbered = list(answer) == [str(n) for n in range(1, len(answer) + 1)]
    return texts if are_numbered and all(texts) and all(all(accepted) for accepted in texts) else []


def texts_of_objects(answers: list[Any]) -> list[str] | None:
    """The texts of `[{"answer": "rye", "case_sensitive": false}]`; None where the objects say anything else."""
    found = [_text_of(one) for one in answers]
    return [text for text in found if text] if all(found) else None


def _text_of(one: Any) -> str:
    if not isinstance(one, dict):
        return ""
    flags = [one[name] for name in FLAG_NAMES if name in one and name != "answer"]
    texts = [value for name, value in one.items() if name not in _BESIDE]
    is_one = len(texts) == 1 and all(name in TEXT_NAMES for name in one if name not in _BESIDE)
    return text_of_cell(texts[0]) if is_one and all(flag in (True, 1) for flag in flags) else ""


def without_paragraph(text: str) -> str:
    """The text of the only paragraph of a piece of HTML; any other text as it is."""
    found = _PARAGRAPH.fullmatch(text)
    return found.group(1).strip() if found else text
