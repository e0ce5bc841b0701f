"""Questions as GIFT, in HTML, with categories, titles, tags, weights and feedback."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from question_bank.authoring import QuestionDraft
from question_bank.formats import gift
from question_bank.formats.sameness import as_shown
from question_bank.formats.written import Files, Written, keep
from question_bank.fractions import fraction

KEPT = ("title", "tags", "category", "explanation_html", "feedback")


def write(drafts: Sequence[QuestionDraft], files: Files) -> Written:
    """GIFT in UTF-8; the line that names a category stands where it changes."""
    parts: list[str] = []
    category = ""

    def read_back(draft: QuestionDraft, block: str) -> list[QuestionDraft]:
        return gift.read(f"{_category(draft.category)}\n\n{block}").questions

    blocks, written = keep(drafts, "GIFT", _gift, read_back, KEPT)
    for draft, block in blocks:
        parts += [_category(draft.category), block] if draft.category != category else [block]
        category = draft.category
    written.data = ("\n\n".join(parts) + "\n").encode()
    return written


def _category(path: str) -> str:
    return f"$CATEGORY: $course$/top/{path}".rstrip("/")


def _gift(draft: QuestionDraft) -> str | None:
    answers = _gift_answers(draft)
    if answers is None:
        return None
    tags = " ".join("[tag:" + re.sub(r"([]\\])", r"\\\1", tag) + "]" for tag in draft.tags)
    head = f"// {tags}\n" if tags else ""
    title = f"::{_escaped(draft.title)}::" if draft.title else ""
    general = f"\n\t####{_escaped(draft.explanation_html)}" if draft.explanation_html else ""
    body = f"{{{answers}{general}\n}}" if draft.kind != "description" else ""
    return f"{head}{title}[html]{_escaped(draft.stem_html)}{body}"


def _gift_answers(draft: QuestionDraft) -> str | None:
    content = draft.content
    if content.get("negative"):
        return None
    if draft.kind in {"single_choice", "multiple_choice"}:
        return "".join(_gift_option(option, draft.kind) for option in content["options"])
    if draft.kind == "true_false":
        told = {True: content.get("feedback_true_html", ""), False: content.get("feedback_false_html", "")}
        right, wrong = told[content["answer"]], told[not content["answer"]]
        word = "TRUE" if content["answer"] else "FALSE"
        return word + (f"#{_escaped(wrong)}#{_escaped(right)}" if right or wrong else "")
    if draft.kind == "short_answer":
        return "".join(_gift_typed(answer) for answer in content["answers"])
    if draft.kind == "numerical":
        return "#" + "".join(_gift_number(answer) for answer in content["answers"])
    if draft.kind == "matching":
        others = [f"\n\t= -> {_escaped(as_shown(one['html']))}" for one in content.get("distractors", [])]
        return "".join([*map(_gift_pair, content["pairs"]), *others])
    is_plain = draft.kind == "description" or (draft.kind == "essay" and not any(content.values()))
    return "" if is_plain else None


def _gift_pair(pair: dict[str, Any]) -> str:
    return f"\n\t={_escaped(pair['html'])} -> {_escaped(as_shown(pair['match_html']))}"


def _gift_option(option: dict[str, Any], kind: str) -> str:
    worth = fraction(option["fraction"])
    if kind == "single_choice":
        mark = "=" if worth == 1 else f"~%{_percent(worth)}%" if worth else "~"
    else:
        mark = f"~%{_percent(worth)}%"
    return f"\n\t{mark}{_escaped(option['html'])}{_gift_feedback(option)}"


def _gift_typed(answer: dict[str, Any]) -> str:
    text = _escaped(answer["text"])
    text = text if answer.get("wildcards") else text.replace("*", "\\*")
    return f"\n\t=%{_percent(fraction(answer['fraction']))}%[plain]{text}{_gift_feedback(answer)}"


def _gift_number(answer: dict[str, Any]) -> str:
    if "text" in answer:
        return f"\n\t~{_gift_feedback(answer) or '#'}"
    spec = (
        f"{answer['value']}:{answer.get('tolerance', '0')}"
        if "value" in answer
        else f"{answer['low']}..{answer['high']}"
    )
    return f"\n\t=%{_percent(fraction(answer['fraction']))}%{spec}{_gift_feedback(answer)}"


def _gift_feedback(answer: dict[str, Any]) -> str:
    return f"#{_escaped(answer['feedback_html'])}" if answer.get("feedback_html") else ""


def _percent(value: Fraction) -> str:
    return f"{float(value * 100):.5f}".rstrip("0").rstrip(".")


def _escaped(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text.strip()).replace("\n", "\\n")
