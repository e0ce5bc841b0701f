"""The parts of a question that has several: as they are asked, put into words, and looked back at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from flask.blueprints import BlueprintSetupState
from markupsafe import Markup

from learnhub.kernel.markup import text_of
from learnhub.web.quizzes.blueprint import area
from learnhub.web.quizzes.rubric_words import level_worth, rubric_rule
from question_bank.kinds import KINDS
from question_bank.kinds.in_text import blanked, is_in_text, split
from question_bank.plain_formulas import in_plain_text

Content = Mapping[str, Any]

_WITH_PLACES = frozenset(name for name, kind in KINDS.items() if is_in_text(kind))
_MORE_THAN_WORDS = re.compile(r"<(?:img|audio|video|table|sup|sub|ruby|math|s)\b|\\\(|\\\[|\$\$")


@dataclass(frozen=True)
class Part:
    """A part of a question in a review: a prompt, an item, a gap, a piece of the text, a part of a cloze.

    None and empty stand for what may not be seen. `prompt_html` is what was asked, where the text around it does not
    say so; `said_html` what was answered; `chosen` is for pieces alone.
    """

    number: int
    key: str = ""
    prompt_html: str = ""
    said_html: str = ""
    chosen: bool | None = None
    correctness: str | None = None
    right_html: str | None = None
    feedback_html: str = ""


def has_places(kind: str) -> bool:
    """Whether questions of that kind have places in their text."""
    return kind in _WITH_PLACES


def is_rich(choices: Iterable[Mapping[str, Any]]) -> bool:
    """Whether some choice is more than its words, so that a list to open can't show it."""
    return any(_MORE_THAN_WORDS.search(one["html"]) for one in choices)


def letter(number: int) -> str:
    """A to Z, then AA, AB …: what a choice is called; numbers from 1."""
    return (letter((number - 1) // 26) if number > 26 else "") + chr(ord("A") + (number - 1) % 26)


def in_signs(markup: str) -> str:
    """HTML as one line of signs, its formulas too: what a list to open can show."""
    return in_plain_text(Markup(markup).striptags())  # noqa: S704


def inline(markup: str) -> str:
    """HTML that stands in a line: without the one paragraph around it."""
    found = re.fullmatch(r"\s*<p>((?:(?!</?p>).)*)</p>\s*", markup, re.DOTALL)
    return found.group(1) if found else markup


@area.record
def _register(state: BlueprintSetupState) -> None:
    state.app.jinja_env.filters |= {
        "pieces": split,
        "blanked": blanked,
        "inline": inline,
        "letter": letter,
        "in_words": in_words,
        "in_signs": in_signs,
    }
    state.app.jinja_env.globals |= {"level_worth": level_worth, "rubric_rule": rubric_rule}
    state.app.jinja_env.tests |= {"with_places": has_places, "rich": is_rich}


# An answer in words


def in_words(public: Mapping[str, Any], kind: str, response: Mapping[str, Any]) -> list[str]:
    """An answer to such a question in words, a line each; from what a sitter may see."""
    match kind:
        case "matching":
            choices, matches = _texts(public["choices"]), response["matches"]
            return [
                f"{text_of(prompt['html'])} → {choices[matches[prompt['key']]]}"
                for prompt in public["prompts"]
                if prompt["key"] in matches
            ]
        case "ordering":
            items, places = _texts(public["items"]), response["places"]
            return [f"{places[key]}. {items[key]}" for key in sorted(places, key=lambda key: (places[key], key))]
        case "select_text":
            pieces = _texts(public["segments"])
            return [pieces[key] for key in response["choices"]]
        case "drag_text":
            choices = _texts(public["choices"])
            return [f"{n}. {choices[key]}" for n, key in enumerate(response["gaps"], 1) if key]
    shown = {str(part["number"]): part["public"] for part in public["parts"]}
    return [f"{n}. {_part_in_words(shown[n], said)}" for n, said in response["parts"].items()]


def _texts(named: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {one["key"]: text_of(one["html"]) for one in named}


def _part_in_words(public: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    options = _texts(public.get("options", []))
    chosen = [options[key] for key in [said.get("choice"), *said.get("choices", [])] if key in options]
    typed = [str(value) for name, value in said.items() if name not in ("choice", "choices")]
    return ", ".join(chosen + typed)


# Looking back


def looked_back(
    kind: str,
    content: Content,
    response: Mapping[str, Any],
    marked: Iterable[Mapping[str, Any]],
    *,
    with_correctness: bool,
    with_feedback: bool,
    with_key: bool,
) -> list[Part]:
    """The parts of an answered question with what the rules allow; none for a kind that has no such parts.

    `marked` holds the parts of the outcome.
    """
    if kind not in _PARTS:
        return []
    found = {str(one.get("key", one.get("number"))): one for one in marked}
    parts = []
    for part in _PARTS[kind](content, response):
        one = found.get(part.key or str(part.number), {})
        parts.append(
            replace(
                part,
                correctness=one.get("correctness") if with_correctness else None,
                feedback_html=one.get("feedback_html", "") if with_feedback else "",
                right_html=part.right_html if with_key else None,
            )
        )
    return parts


def _matching(content: Content, response: Mapping[str, Any]) -> list[Part]:
    choices = {pair["match_key"]: pair["match_html"] for pair in content["pairs"]}
    choices |= {one["key"]: one["html"] for one in content.get("distractors", [])}
    given = response.get("matches", {})
    return [
        Part(n, pair["key"], pair["html"], choices.get(given.get(pair["key"]), ""), right_html=pair["match_html"])
        for n, pair in enumerate(content["pairs"], 1)
    ]


def _ordering(content: Content, response: Mapping[str, Any]) -> list[Part]:
    """Items in the member's order, those without a place last."""
    places = response.get("places", {})
    parts = [
        Part(0, item["key"], item["html"], str(places.get(item["key"], "")), right_html=str(n))
        for n, item in enumerate(content["items"], 1)
    ]
    parts.sort(key=lambda part: (places.get(part.key, len(parts) + 1), part.key))
    return [replace(part, number=n) for n, part in enumerate(parts, 1)]


def _select_text(content: Content, response: Mapping[str, Any]) -> list[Part]:
    chosen = response.get("choices", [])
    return [
        Part(
            n,
            one["key"],
            said_html=one["html"],
            chosen=one["key"] in chosen,
            right_html=one["html"] if one["right"] else "",
        )
        for n, one in enumerate(content["segments"], 1)
    ]


def _drag_text(content: Content, response: Mapping[str, Any]) -> list[Part]:
    html = {one["key"]: one["html"] for one in content["choices"]}
    given = response.get("gaps") or [""] * len(content["gaps"])
    return [
        Part(n, said_html=html.get(key, ""), right_html=content["choices"][at]["html"])
        for n, (at, key) in enumerate(zip(content["gaps"], given, strict=True), 1)
    ]


def _cloze(content: Content, response: Mapping[str, Any]) -> list[Part]:
    given = response.get("parts", {})
    parts = []
    for n, part in enumerate(content["parts"], 1):
        said, kind = given.get(str(n), {}), KINDS[part["kind"]]
        options = {one["key"]: one["html"] for one in part["content"].get("options", [])}
        chosen = [options[key] for key in [said.get("choice"), *said.get("choices", [])] if key in options]
        typed = [escape(str(value)) for name, value in said.items() if name not in ("choice", "choices")]
        right = [one.get("html") or escape(str(one.get("text", ""))) for one in kind.right_answer(part["content"])]
        joined = ", ".join if part["kind"] == "multiple_choice" else " / ".join
        parts.append(Part(n, said_html=", ".join(map(inline, chosen + typed)), right_html=joined(map(inline, right))))
    return parts


_PARTS = {
    "matching": _matching,
    "ordering": _ordering,
    "select_text": _select_text,
    "drag_text": _drag_text,
    "cloze": _cloze,
}
