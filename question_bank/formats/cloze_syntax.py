"""Parts written into a text: `{1:MULTICHOICE:=right~wrong#why}`, read into the parts of a cloze and written again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.formats.gift_numbers import with_points
from question_bank.formats.rich_text import html_of, shown
from question_bank.fractions import decimal, evened, fraction, from_percent

_NAMES = (
    r"(?P<choice>MULTICHOICE|MC)_?(?P<choice_way>[HV]?S?)|(?P<several>MULTIRESPONSE|MR)_?(?P<several_way>[HV]?S?)"
    r"|(?P<typed>SHORTANSWER|SA|MW)_?(?P<exact>C?)|(?P<number>NUMERICAL|NM)"
)
BEGIN = re.compile(rf"\s*(?P<weight>\d*)\s*:\s*(?:{_NAMES})\s*:", re.IGNORECASE)
"""What stands between a part's opening brace and its answers."""
_OPENED = re.compile(rf"\{{{BEGIN.pattern}", re.IGNORECASE)
_OF_FORMULA = re.compile(r"(?:[\^_}]|\\[A-Za-z]{1,20}(?:\[[^\]{}~]{0,20}\])?)\Z")
"""What stands before a brace of TeX: `x^{`, `\\frac{`, `\\sqrt[3]{`, and the end of one before."""
_LONGEST_GROUP, _DEEPEST_GROUP = 400, 6
"""Characters between braces of TeX, and how many stand inside each other."""
_LEFT_OVER = re.compile(r"\{\s*\d*\s*:\s*[A-Z]{2,16}(?:_[A-Z]{1,2})?\s*:", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*(=)?\s*(?:%\s*(-?(?:\d+(?:[.,]\d*)?|[.,]\d+))\s*%)?")
_ESCAPED = re.compile(r"\\([}{#~/\"=])")
_NUMBER = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"
_VALUE = re.compile(rf"({_NUMBER})(?:\s*:\s*({_NUMBER}))?", re.ASCII)
_LAYOUTS = {"": "inline", "V": "vertical", "H": "horizontal"}


@dataclass
class Parts:
    """A text with `[[n]]` in place of its parts, the parts, and how many say what is not kept."""

    text: str
    parts: list[dict[str, Any]] = field(default_factory=list)
    exact_case: int = 0
    shuffled: int = 0


def read(text: str, written_as: str) -> Parts:
    """The parts of a text in that format. Refused when it has none, or when one is not well formed."""
    found = Parts("")

    around, at = [], 0
    while match := _OPENED.search(text, at):
        end = _end(text, match.end())
        if end < 0:
            break
        found.parts.append(part_of(match, text[match.end() : end], written_as, _unescaped))
        found.exact_case += bool(match["exact"])
        found.shuffled += "S" in ((match["choice_way"] or "") + (match["several_way"] or "")).upper()
        around.append(f"{text[at : match.start()]}[[{len(found.parts)}]]")
        at = end + 1
    found.text = "".join(around) + text[at:]
    left_over = _LEFT_OVER.search(found.text)
    if left_over:
        rest = text_of(found.text[left_over.start() :])[:40]
        raise Refused(_("A part of the text is not well formed: %(part)s …", part=rest))
    if not found.parts:
        raise Refused(_("The text has no part to answer, such as {1:SHORTANSWER:=word}."))
    return found


def _end(text: str, at: int) -> int:
    """Where the brace stands that closes a part whose answers begin there; -1 when none does.

    Braces of TeX in an answer (`=\\frac{1}{2}~…`) are its own, though Moodle would have them escaped.
    """
    while at < len(text) and text[at] != "}":
        if text[at] == "{" and _OF_FORMULA.search(text[max(at - 44, 0) : at]):
            at = max(at, _end_of_group(text, at))
        at += 2 if text[at] == "\\" else 1
    return at if at < len(text) else -1


def _end_of_group(text: str, opened: int) -> int:
    """Where a group of TeX ends; -1 where an escaped brace or the next answer comes first, or it is too large."""
    depth = 0
    for found in re.finditer(r"\\[{}]|[{}~]", text[opened : opened + _LONGEST_GROUP]):
        if found[0] not in "{}" or depth > _DEEPEST_GROUP:
            return -1
        depth += 1 if found[0] == "{" else -1
        if not depth:
            return opened + found.start()
    return -1


def part_of(
    begin: re.Match[str], answers: str, written_as: str, unescaped: Callable[[str], str] | None = None
) -> dict[str, Any]:
    """One part of a cloze from what BEGIN matched and the answers behind it."""
    plain = unescaped or (lambda raw: raw)
    pieces = [_piece(raw, plain) for raw in _alternatives(answers)]
    if not pieces:
        raise Refused(_("A part of the text has no answers."))
    kind, content = _content(begin, pieces, written_as)
    way = (begin["choice_way"] or begin["several_way"] or "").upper().rstrip("S")
    layout = _LAYOUTS[way] if begin["choice"] or way else "vertical" if begin["several"] else "inline"
    weight = (begin["weight"] or "1").lstrip("0") or "0"
    return {"kind": kind, "weight": weight, "layout": layout, "content": content}


def _content(
    begin: re.Match[str], pieces: list[tuple[Fraction, str, str]], written_as: str
) -> tuple[str, dict[str, Any]]:
    if begin["choice"] or begin["several"]:
        several = bool(begin["several"])
        worths = [worth for worth, _text, _told in pieces]
        if several:
            worths = evened(worths)
        full = worths.count(Fraction(1))
        share = Fraction(1, full) if several and full > 1 else Fraction(1)
        options = [
            {
                "html": html_of(text, written_as),
                "fraction": str(share if worth == 1 else worth),
                "feedback_html": html_of(told, written_as),
            }
            for worth, (_worth, text, told) in zip(worths, pieces, strict=True)
        ]
        return ("multiple_choice" if several else "single_choice"), {"options": options}
    if begin["number"]:
        return "numerical", {"answers": [_number(*piece, written_as) for piece in pieces]}
    return "short_answer", {"answers": [_typed(*piece, written_as) for piece in pieces]}


def _alternatives(answers: str) -> list[str]:
    return [raw for raw in re.split(r"(?<!\\)~", answers) if raw.strip()]


def _piece(raw: str, plain: Callable[[str], str]) -> tuple[Fraction, str, str]:
    """What an answer is worth, its text, what is told to who gave it."""
    head = _WEIGHT.match(raw)
    assert head is not None
    worth = from_percent(head.group(2)) if head.group(2) else Fraction(1 if head.group(1) else 0)
    text, *told = re.split(r"(?<![\\&])#", raw[head.end() :], maxsplit=1)
    if not text.strip():
        raise Refused(_("An answer is empty."))
    return worth, plain(text).strip(), plain(told[0]).strip() if told else ""


def _unescaped(raw: str) -> str:
    return _ESCAPED.sub(r"\1", raw)


def _typed(worth: Fraction, text: str, told: str, written_as: str) -> dict[str, Any]:
    marked = html_of(text, written_as)
    return {
        **typed_answer(text_of(marked) or shown(marked)),
        "fraction": str(worth),
        "feedback_html": html_of(told, written_as),
    }


def typed_answer(text: str) -> dict[str, Any]:
    r"""An accepted text: a star stands for anything unless it multiplies (`2*3`) or is written `\*`."""
    text = " ".join(text.split())
    wild = "*" in text and "\\*" not in text and not re.search(r"\d\s*\*|\*\s*\d", text)
    return {"text": text.replace("\\*", "*"), **({"wildcards": True} if wild else {})}


def _number(worth: Fraction, text: str, told: str, written_as: str) -> dict[str, Any]:
    told_html = html_of(told, written_as)
    spec = with_points(text_of(html_of(text, written_as)).replace("−", "-"))
    if spec == "*":
        return {"text": "*", "wildcards": True, "fraction": str(worth), "feedback_html": told_html}
    found = _VALUE.fullmatch(spec)
    if not found:
        raise Refused(_("%(text)s is not a number, or a number with its tolerance (3.14:0.01).", text=spec[:60]))
    value, tolerance = (exact(one or "0") for one in found.groups())
    return {"value": value, "tolerance": tolerance, "fraction": str(worth), "feedback_html": told_html}


def exact(text: str) -> str:
    """A number as written, without exponent."""
    return format(decimal(text), "f")


def write(stem_html: str, parts: list[dict[str, Any]]) -> str | None:
    """The text with its parts written into it, in HTML; None when one of them can't be said."""
    for number, part in enumerate(parts, 1):
        weight = fraction(part["weight"])
        answers = _written(part)
        if answers is None or weight.denominator != 1:
            return None
        stem_html = stem_html.replace(f"[[{number}]]", "{" + f"{weight}:{answers}" + "}")
    return stem_html


def _written(part: dict[str, Any]) -> str | None:
    way = {"inline": "", "vertical": "V", "horizontal": "H"}[part["layout"]]
    content, kind = part["content"], part["kind"]
    if kind in {"single_choice", "multiple_choice"}:
        name = "MULTICHOICE" if kind == "single_choice" else "MULTIRESPONSE"
        if (kind == "multiple_choice" and not way) or content.get("negative"):
            return None
        way = "" if kind == "multiple_choice" and way == "V" else way
        texts = [_answer(fraction(one["fraction"]), one["html"], one) for one in content["options"]]
        return f"{name}{'_' + way if way else ''}:" + "~".join(texts)
    if way:
        return None
    if kind == "short_answer":
        return "SHORTANSWER:" + "~".join(_written_text(answer) for answer in content["answers"])
    if any("low" in answer for answer in content["answers"]):
        return None
    return "NUMERICAL:" + "~".join(_written_number(answer) for answer in content["answers"])


def _written_text(answer: dict[str, Any]) -> str:
    text = answer["text"] if answer.get("wildcards") else answer["text"].replace("*", "\\*")
    return _answer(fraction(answer["fraction"]), html_of(text, "plain"), answer)


def _written_number(answer: dict[str, Any]) -> str:
    spec = "*" if "text" in answer else f"{answer['value']}:{answer.get('tolerance', '0')}"
    return _answer(fraction(answer["fraction"]), spec, answer)


def _answer(worth: Fraction, text: str, told: dict[str, Any]) -> str:
    feedback = told.get("feedback_html") or ""
    return f"%{percent(worth)}%{_escaped(text)}" + (f"#{_escaped(feedback)}" if feedback else "")


def percent(value: Fraction) -> str:
    """A weight in percent with five places, as far as they are needed."""
    return f"{float(value * 100):.5f}".rstrip("0").rstrip(".")


def _escaped(html: str) -> str:
    return re.sub(r"([}{#~])", r"\\\1", html.strip())
