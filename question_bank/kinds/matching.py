"""Matching: each prompt is given the choice that belongs to it; some choices may belong to none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.kinds.accepted import correctness_of
from question_bank.kinds.base import (
    BLANK_OUTCOME,
    MOST_OPTIONS,
    Content,
    Correctness,
    Outcome,
    Response,
    as_object,
    first,
    need_list,
    new_key,
    rich,
)


class Matching:
    """Content: `{"pairs": [{"key", "html", "match_key", "match_html"}], "distractors": [{"key", "html"}]}`.

    Prompts that share a choice have equal `match_html`, and then one `match_key`. Every prompt is worth the same
    share. Response: `{"matches": {prompt key: choice key}}`, keys sorted. Form fields: `match-PROMPT` with the choice's
    key.
    """

    name = "matching"
    label = _("Matching")

    def validate(self, content: Content) -> None:
        pairs = need_list(content, "pairs", 1, MOST_OPTIONS)
        for pair in pairs:
            if not _is_text(pair.get("html")) or not _is_text(pair.get("match_html")):
                raise Refused(_("A pair has a left and a right side, neither empty."))
        others = content.get("distractors", [])
        if not isinstance(others, list) or len(others) > MOST_OPTIONS:
            raise Refused(_("A question has at most %(n)s choices.", n=MOST_OPTIONS))
        if not all(isinstance(one, dict) and _is_text(one.get("html")) for one in others):
            raise Refused(_("A choice has no text."))
        if len({str(pair["match_html"]) for pair in pairs} | {str(one["html"]) for one in others}) < 2:
            raise Refused(_("There have to be at least two different choices."))

    def prepare(self, content: Content) -> Content:
        taken: set[str] = set()
        keys: dict[str, str] = {}
        pairs = []
        for pair in content["pairs"]:
            right = rich(pair["match_html"])
            if right not in keys:
                keys[right] = new_key(taken)
            pairs.append(
                {
                    "key": new_key(taken),
                    "html": rich(pair["html"]),
                    "match_key": keys[right],
                    "match_html": right,
                }
            )
        others = dict.fromkeys(rich(one["html"]) for one in content.get("distractors", []))
        distractors = [{"key": new_key(taken), "html": html} for html in others if html not in keys]
        return {"pairs": pairs, **({"distractors": distractors} if distractors else {})}

    def option_keys(self, content: Content) -> list[str]:
        return sorted(_choices(content))

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        choices = _choices(content)
        shown = [key for key in order or self.option_keys(content) if key in choices]
        return {
            "prompts": [{"key": pair["key"], "html": pair["html"]} for pair in content["pairs"]],
            "choices": [{"key": key, "html": choices[key]} for key in shown],
        }

    def clean_response(self, content: Content, raw: Any) -> Response:
        matches = as_object(raw, "matches").get("matches")
        if matches is None:
            return {}
        prompts, choices = {pair["key"] for pair in content["pairs"]}, _choices(content)
        if not isinstance(matches, dict) or set(matches) - prompts:
            raise Refused(_("This is not an answer to this question."))
        kept = {}
        for prompt in sorted(prompts):
            choice = matches.get(prompt)
            if choice in (None, ""):
                continue
            if not isinstance(choice, str) or choice not in choices:
                raise Refused(_("This option does not belong to the question."))
            kept[prompt] = choice
        return {"matches": kept} if kept else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        given = {pair["key"]: first(fields, f"match-{pair['key']}") for pair in content["pairs"]}
        return self.clean_response(content, {"matches": given})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        given = response.get("matches")
        if not given:
            return BLANK_OUTCOME
        parts = [_part(pair, given.get(pair["key"])) for pair in content["pairs"]]
        value = sum((Fraction(part["fraction"]) for part in parts), Fraction(0)) / len(parts)
        return Outcome(value, correctness_of(value), parts)

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return [
            {"key": pair["key"], "prompt_html": pair["html"], "html": pair["match_html"]} for pair in content["pairs"]
        ]

    def is_blank(self, response: Response | None) -> bool:
        return not response


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _choices(content: Content) -> dict[str, str]:
    found = {pair["match_key"]: pair["match_html"] for pair in content["pairs"]}
    return found | {one["key"]: one["html"] for one in content.get("distractors", [])}


def _part(pair: Mapping[str, Any], choice: str | None) -> dict[str, Any]:
    is_right = choice == pair["match_key"]
    verdict = Correctness.BLANK if choice is None else Correctness.RIGHT if is_right else Correctness.WRONG
    return {
        "key": pair["key"],
        "correctness": verdict.value,
        "fraction": "1" if is_right else "0",
        "feedback_html": "",
    }


KIND = Matching()
