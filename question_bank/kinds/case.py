"""Case: one text (a story, a table, a picture) and several questions about it, marked one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.kinds.accepted import correctness_of
from question_bank.kinds.base import (
    BLANK_OUTCOME,
    Content,
    Correctness,
    Kind,
    Outcome,
    Response,
    as_object,
    need_list,
    new_key,
    order_within,
    rich,
    within,
)
from question_bank.kinds.in_text import check_places, is_in_text

MOST_QUESTIONS = 30
LARGEST_MARK = 1_000_000
"""Thousandths."""


class Case:
    """Content: `{"questions": [{"key", "kind", "stem_html", "mark": thousandths, "content": {…}}]}`.

    A question's share of the case's mark is its own mark over their sum. Response: `{"answers": {key: {…}}}`, each as
    its kind has it. Form fields: those of each question, with `KEY-` in front.
    """

    name = "case"
    label = _("Case")

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds

    def validate(self, content: Content) -> None:
        questions = need_list(content, "questions", 1, MOST_QUESTIONS)
        for number, question in enumerate(questions, 1):
            try:
                self._validate(question)
            except Refused as error:
                raise Refused(_("Question %(n)s of the case: %(why)s", n=number, why=error.message)) from error
        if not any(question.get("mark", 1000) for question in questions):
            raise Refused(_("No question of the case is worth any marks."))

    def _validate(self, question: Mapping[str, Any]) -> None:
        kind = self.kinds.get(str(question.get("kind")))
        if kind is None or not isinstance(question.get("content"), dict):
            raise Refused(_("A question of a case has one of the other kinds."))
        stem, mark = question.get("stem_html"), question.get("mark", 1000)
        if not isinstance(stem, str) or not stem.strip():
            raise Refused(_("The question has no text."))
        if not isinstance(mark, int) or isinstance(mark, bool) or not 0 <= mark <= LARGEST_MARK:
            raise Refused(_("A mark lies between 0 and 1000."))
        kind.validate(question["content"])
        if is_in_text(kind):
            check_places(stem, kind.places(question["content"]))

    def prepare(self, content: Content) -> Content:
        taken: set[str] = set()
        return {
            "questions": [
                {
                    "key": new_key(taken),
                    "kind": question["kind"],
                    "stem_html": rich(question["stem_html"]).strip(),
                    "mark": question.get("mark", 1000),
                    "content": self.kinds[question["kind"]].prepare(question["content"]),
                }
                for question in content["questions"]
            ]
        }

    def option_keys(self, content: Content) -> list[str]:
        """Those of all its questions, so that their options are shuffled as those of any other question."""
        return [
            key
            for question in content["questions"]
            for key in self.kinds[question["kind"]].option_keys(question["content"])
        ]

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        return {
            "questions": [
                {
                    "key": question["key"],
                    "kind": question["kind"],
                    "stem_html": question["stem_html"],
                    "mark": question["mark"],
                    "public": self._public(question, order),
                }
                for question in content["questions"]
            ]
        }

    def _public(self, question: Mapping[str, Any], order: Sequence[str] | None) -> dict[str, Any]:
        kind, content = self.kinds[question["kind"]], question["content"]
        return kind.public(content, order_within(kind, content, order))

    def clean_response(self, content: Content, raw: Any) -> Response:
        answers = as_object(raw, "answers").get("answers")
        if answers is None:
            return {}
        if not isinstance(answers, dict) or set(answers) - {question["key"] for question in content["questions"]}:
            raise Refused(_("This is not an answer to this question."))
        kept = {}
        for question in content["questions"]:
            given = answers.get(question["key"])
            response = self.kinds[question["kind"]].clean_response(question["content"], given)
            if response:
                kept[question["key"]] = response
        return {"answers": kept} if kept else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        given = {
            question["key"]: self.kinds[question["kind"]].response_from_fields(
                question["content"], within(fields, f"{question['key']}-")
            )
            for question in content["questions"]
        }
        return self.clean_response(content, {"answers": given})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        answers = response.get("answers")
        if not answers:
            return BLANK_OUTCOME
        total = sum(question["mark"] for question in content["questions"])
        value, parts = Fraction(0), []
        for question in content["questions"]:
            kind = self.kinds[question["kind"]]
            found = kind.mark(question["content"], answers.get(question["key"], {}), multiple_marking)
            value += found.fraction * Fraction(question["mark"], total)
            parts.append(_part(question["key"], found))
        return Outcome(value, _verdict(value, {part["correctness"] for part in parts}), parts)

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return [
            {"key": question["key"], "answers": self.kinds[question["kind"]].right_answer(question["content"])}
            for question in content["questions"]
        ]

    def is_blank(self, response: Response | None) -> bool:
        return not response


def _part(key: str, found: Outcome) -> dict[str, Any]:
    return {
        "key": key,
        "correctness": found.correctness.value,
        "fraction": str(found.fraction),
        "feedback_html": "",
        "parts": found.parts,
    }


def _verdict(value: Fraction, verdicts: set[str]) -> Correctness:
    if Correctness.BY_HAND in verdicts:
        return Correctness.BY_HAND
    if value <= 0 and verdicts & {Correctness.RIGHT, Correctness.PARTLY}:
        return Correctness.PARTLY
    return correctness_of(value)
