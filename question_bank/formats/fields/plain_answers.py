"""Options and answers as people type them: what the workbook and the plain text share when they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from question_bank.authoring import QuestionDraft
from question_bank.formats.carries import BOTH, both, only_read
from question_bank.formats.fields.structured import ARROW
from question_bank.formats.rich_text import shown
from question_bank.fractions import fraction

TYPES = {
    "single_choice": "单选题",
    "multiple_choice": "多选题",
    "true_false": "判断题",
    "fill_in": "填空题",
    "short_answer": "短答题",
    "numerical": "数值题",
    "essay": "简答题",
    "ordering": "排序题",
    "matching": "匹配题",
    "description": "说明",
}
"""What a kind is called in the type's column."""
CARRIED = {
    "single_choice": both("Options worth a part of the mark are left out."),
    "multiple_choice": both("The right options share the mark equally."),
    "true_false": BOTH,
    "fill_in": both("Weights, blanks in any order, and answers with a separator in them are left out."),
    "short_answer": both("Weights, wildcards, and answers with a separator in them are left out."),
    "numerical": both("One value with an absolute tolerance, or one range; what has more is left out."),
    "matching": BOTH,
    "ordering": both("Only those that are marked place by place."),
    "essay": both("With what the marker sees; one with a rubric, a template or a number of words is left out."),
    "file_upload": only_read(),
    "description": BOTH,
}
"""What such a form carries of each kind."""
DEGREES = ("", "易", "较易", "中", "较难", "难")


def letter(number: int) -> str:
    """The letter of an option, counted from 0."""
    return chr(65 + number)


def questions_of(case: QuestionDraft) -> list[QuestionDraft]:
    """The questions of a case, one by one; the first carries the category, the tags and the difficulty of all."""
    found = [
        QuestionDraft(one["kind"], one["stem_html"], one["content"], mark=one["mark"])
        for one in case.content["questions"]
    ]
    found[0] = replace(found[0], category=case.category, tags=case.tags, difficulty=case.difficulty)
    return found


def options_and_answer(draft: QuestionDraft) -> tuple[list[str], str] | None:
    """The texts of the options, and the answer; None for kinds that have no such form."""
    found = _SAID.get(draft.kind)
    return found(draft.content) if found else None


def _choice(content: dict[str, Any]) -> tuple[list[str], str]:
    options = content["options"]
    right = "".join(letter(n) for n, option in enumerate(options) if fraction(option["fraction"]) > 0)
    return [shown(option["html"]) for option in options], right


def _accepted(answer: dict[str, Any]) -> str:
    if "text" in answer:
        return str(answer["text"])
    if "value" in answer:
        tolerance = str(answer.get("tolerance", "0"))
        return str(answer["value"]) + (f"±{tolerance}" if fraction(tolerance) else "")
    return f"{answer['low']}~{answer['high']}"


def _fill_in(content: dict[str, Any]) -> tuple[list[str], str]:
    return [], "|".join(";".join(map(_accepted, blank["answers"])) for blank in content["blanks"])


def _matching(content: dict[str, Any]) -> tuple[list[str], str]:
    pairs = [f"{shown(pair['html'])}{ARROW}{shown(pair['match_html'])}" for pair in content["pairs"]]
    return pairs + [(ARROW + shown(one["html"])).strip() for one in content.get("distractors", [])], ""


def _ordering(content: dict[str, Any]) -> tuple[list[str], str]:
    items = [shown(item["html"]) for item in content["items"]]
    return items, "".join(map(letter, range(len(items))))


_SAID: dict[str, Callable[[dict[str, Any]], tuple[list[str], str]]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": lambda content: ([], "对" if content["answer"] else "错"),
    "fill_in": _fill_in,
    "short_answer": lambda content: ([], ";".join(map(_accepted, content["answers"]))),
    "numerical": lambda content: ([], ";".join(map(_accepted, content["answers"]))),
    "essay": lambda content: ([], shown(content.get("marker_html", ""))),
    "ordering": _ordering,
    "matching": _matching,
    "description": lambda _content: ([], ""),
}
