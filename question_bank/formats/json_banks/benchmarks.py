"""Question sets that were made to measure programs with, in JSON: ARC, AGIEval, RACE and those written after them.

Their fields are those of the papers' own releases: `question.choices` with `answerKey` (ARC), `options` with `label`
(AGIEval), and an `article` whose `questions`, `options` and `answers` are lists side by side (RACE).
"""

from __future__ import annotations

import re
from typing import Any

from learnhub.kernel.cells import text_of_cell

Item = dict[str, Any]
_LETTERS = re.compile(r"\s*[A-Ha-h](?:\s*[,、]?\s*[A-Ha-h])*\s*")


def with_key(item: Item) -> Item | None:
    """`{"question": {"stem": …, "choices": [{"text", "label"}]}, "answerKey": "B"}`; the labels may be numbers."""
    asked, key = item.get("question"), item.get("answerKey")
    if not isinstance(key, str) or not key.strip():
        return None
    inside = asked if isinstance(asked, dict) else item
    stem = inside.get("stem") if isinstance(asked, dict) else asked
    choices = _choices(inside.get("choices"))
    if not isinstance(stem, str) or not choices:
        return None
    labels = [label for label, _text in choices]
    if key.strip() not in labels or len(set(labels)) < len(labels):
        return None
    options = [{"text": text, "correct": label == key.strip()} for label, text in choices]
    return {"question": stem, "type": "single_choice", "options": options}


def _choices(found: Any) -> list[tuple[str, str]]:
    """Labels and texts, written as a list of both or as two lists."""
    if isinstance(found, dict) and isinstance(found.get("text"), list) and isinstance(found.get("label"), list):
        found = [{"text": text, "label": label} for text, label in zip(found["text"], found["label"], strict=True)]
    if not isinstance(found, list) or not all(isinstance(one, dict) and {"text", "label"} <= set(one) for one in found):
        return []
    return [(text_of_cell(one["label"]), text_of_cell(one["text"])) for one in found]


def with_label(item: Item) -> Item | None:
    """`{"passage": null, "question": …, "options": ["(A)…"], "label": "B", "answer": null}`."""
    stem, options, label = item.get("question"), item.get("options"), item.get("label")
    if not isinstance(stem, str) or not isinstance(options, list) or item.get("answer") is not None:
        return None
    if isinstance(label, list) and label and all(isinstance(one, str) for one in label):
        label = ",".join(label)
    if not isinstance(label, str) or not _LETTERS.fullmatch(label):
        return None
    passage = item.get("passage")
    text = f"{passage}\n\n{stem}" if isinstance(passage, str) and passage.strip() else stem
    return {"question": text, "options": options, "answer": label}


def side_by_side(item: Item) -> Item:
    """An article whose questions stand in lists, as an article with questions; anything else as it is."""
    lists = [item.get(name) for name in ("questions", "options", "answers")]
    if not all(isinstance(one, list) and one for one in lists) or len({len(one) for one in lists if one}) > 1:
        return item
    questions, options, answers = (list(one or []) for one in lists)
    if not all(isinstance(one, str) for one in questions) or not all(isinstance(one, list) for one in options):
        return item
    asked = [
        {"question": stem, "options": among, "answer": answer}
        for stem, among, answer in zip(questions, options, answers, strict=True)
    ]
    return {**{name: value for name, value in item.items() if name not in {"options", "answers"}}, "questions": asked}
