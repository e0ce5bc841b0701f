"""Kinds of questions as interactions of QTI 2.1, with their declarations and rules."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti import placed
from question_bank.formats.qti.written import Content, Written, mapped, told_inside
from question_bank.formats.qti.xhtml import (
    base,
    boxed,
    decimals,
    mapping,
    outcome,
    response,
    setting,
    variable,
    xhtml,
)
from question_bank.fractions import fraction
from question_bank.kinds.in_text import PLACE


def write(kind: str, stem_html: str, content: Content, name: str = "SCORE") -> Written:
    """A question as parts of an item; Refused for what QTI 2.1 has no way to say."""
    written = Written(name)
    if kind not in _WRITERS:
        raise Refused(_("Questions of this kind can't be written as %(name)s.", name="qti"))
    _WRITERS[kind](written, stem_html, content)
    return written


def _choice(written: Written, stem_html: str, content: Content, kind: str) -> None:
    written.body = boxed(stem_html) + _choice_in(written, content, kind, "vertical")
    written.negative = bool(content.get("negative"))
    written.score(mapped("RESPONSE" if written.name == "SCORE" else f"{written.name}_R1"))


def _choice_in(written: Written, content: Content, kind: str, layout: str) -> str:
    """Options to choose from: below each other, side by side, or as a list in the line."""
    ident = written.ident()
    several = kind == "multiple_choice"
    cardinality = "multiple" if several else "single"
    options = [(f"c{n}", option) for n, option in enumerate(content["options"], 1)]
    worths = [(key, fraction(option["fraction"])) for key, option in options]
    right = [key for key, worth in worths if worth > 0]
    right = right if several else [max(worths, key=lambda one: one[1])[0]]
    written.declarations.append(response(ident, cardinality, "identifier", right, mapping(worths)))
    pairs = [(key, option.get("feedback_html", "")) for key, option in options]
    told = told_inside(written, ident, pairs, cardinality)
    tag, outer = (
        ("inlineChoice", "inlineChoiceInteraction")
        if layout == "inline" and not several
        else (
            "simpleChoice",
            "choiceInteraction",
        )
    )
    inner = "".join(
        f'<{tag} identifier="{key}">{boxed(option["html"])}{told.get(key, "")}</{tag}>' for key, option in options
    )
    if tag == "inlineChoice":
        return f'<{outer} responseIdentifier="{ident}" shuffle="false">{inner}</{outer}>'
    side = ' orientation="horizontal"' if layout == "horizontal" else ""
    return (
        f'<{outer} responseIdentifier="{ident}" shuffle="false" maxChoices="{0 if several else 1}"{side}'
        f' class="lh-layout-{layout}">{inner}</{outer}>'
    )


def _true_false(written: Written, stem_html: str, content: Content) -> None:
    told = {"true": content.get("feedback_true_html", ""), "false": content.get("feedback_false_html", "")}
    ident = written.ident()
    right = "true" if content["answer"] else "false"
    written.declarations.append(response(ident, "single", "identifier", [right], mapping([(right, Fraction(1))])))
    inside = told_inside(written, ident, list(told.items()), "single")
    inner = "".join(
        f'<simpleChoice identifier="{key}">{word}{inside.get(key, "")}</simpleChoice>'
        for key, word in (("true", "True"), ("false", "False"))
    )
    written.body = (
        f'{boxed(stem_html)}<choiceInteraction responseIdentifier="{ident}" shuffle="false" maxChoices="1">'
        f"{inner}</choiceInteraction>"
    )
    written.score(mapped(ident))


# Typed answers


def _typed(written: Written, stem_html: str, content: Content, kind: str) -> None:
    entry, worth = _entry(written, content["answers"], kind == "numerical")
    written.body = f'{boxed(stem_html)}<div class="lh-answers">{entry}</div>'
    written.score(worth)


def _entry(written: Written, answers: list[dict[str, Any]], numeric: bool) -> tuple[str, str]:
    """A field to type into, and the expression of what the answer is worth."""
    ident = written.ident()
    told = [answer.get("feedback_html", "") for answer in answers]
    *kept, last = answers
    is_rest = last.get("text") == "*" and last.get("wildcards") and fraction(last.get("fraction", "1")) == 0
    kept = kept if is_rest else answers
    if numeric or any("text" not in answer for answer in kept):
        worth = _numbers(written, ident, kept)
        worths = ".".join(str(fraction(answer.get("fraction", "1"))) for answer in kept)
        entry = f'<textEntryInteraction responseIdentifier="{ident}" class="lh-worth-{worths}"/>'
        tests = [_number_test(ident, answer) for answer in kept]
    else:
        worth = mapped(ident)
        wild = ".".join(str(n) for n, answer in enumerate(kept, 1) if answer.get("wildcards"))
        entries = [(answer["text"], fraction(answer.get("fraction", "1"))) for answer in kept]
        best = next((answer["text"] for answer in kept if fraction(answer.get("fraction", "1")) == 1), "")
        written.declarations.append(
            response(ident, "single", "string", [best] if best else [], mapping(entries, ' caseSensitive="false"'))
        )
        named = f' class="lh-wild-{wild}"' if wild else ""
        entry = f'<textEntryInteraction responseIdentifier="{ident}"{named}/>'
        tests = [
            f'<stringMatch caseSensitive="false">{variable(ident)}{base("string", answer["text"])}</stringMatch>'
            for answer in kept
        ]
    if is_rest:
        entry = _with_class(entry, "lh-rest-last")
    if any(told):
        _tell_typed(written, ident, tests, told, is_rest=bool(is_rest))
    return entry, worth


def _tell_typed(written: Written, ident: str, tests: list[str], told: list[str], *, is_rest: bool) -> None:
    name = written.feedback_of(ident)
    keys = {"rest" if is_rest and n == len(told) else f"a{n}": text for n, text in enumerate(told, 1) if text}
    branches = []
    for number, test in enumerate(tests, 1):
        tag = "responseIf" if number == 1 else "responseElseIf"
        branches.append(f"<{tag}>{test}{setting(name, base('identifier', f'a{number}'))}</{tag}>")
    if is_rest:
        branches.append(f"<responseElse>{setting(name, base('identifier', 'rest'))}</responseElse>")
    written.tell(ident, keys, f"<responseCondition>{''.join(branches)}</responseCondition>")


def _number_test(ident: str, answer: dict[str, Any]) -> str:
    if "text" in answer:
        raise Refused(_("A text among numbers can't be written as %(name)s.", name="qti"))
    if answer.get("tolerance_kind", "absolute") != "absolute":
        raise Refused(_("A tolerance that is a share can't be written as %(name)s.", name="qti"))
    if "value" in answer:
        margin = answer.get("tolerance", "0")
        return (
            f'<equal toleranceMode="absolute" tolerance="{margin} {margin}">'
            f"{variable(ident)}{base('float', answer['value'])}</equal>"
        )
    return (
        f"<and><gte>{variable(ident)}{base('float', answer['low'])}</gte>"
        f"<lte>{variable(ident)}{base('float', answer['high'])}</lte></and>"
    )


def _numbers(written: Written, ident: str, answers: list[dict[str, Any]]) -> str:
    """The most that any of the numbers met is worth, in an outcome of its own."""
    name = f"WORTH_{ident}"
    written.outcomes.append(outcome(name, initial="0"))
    right = next((answer["value"] for answer in answers if "value" in answer and answer["fraction"] == "1"), None)
    written.declarations.append(response(ident, "single", "float", [right] if right else []))
    for answer in answers:
        worth = base("float", decimals(fraction(answer.get("fraction", "1"))))
        written.rules.append(
            f"<responseCondition><responseIf><and>{_number_test(ident, answer)}<lt>{variable(name)}{worth}</lt></and>"
            f"{setting(name, worth)}</responseIf></responseCondition>"
        )
    return variable(name)


def _fill_in(written: Written, stem_html: str, content: Content) -> None:
    if content.get("unordered"):
        raise Refused(_("Blanks in any order can't be written as %(name)s.", name="qti"))
    found = [_entry(written, blank["answers"], False) for blank in content["blanks"]]
    fields = "".join(entry for entry, _worth in found)
    written.body = f'{boxed(stem_html)}<div class="lh-answers">{fields}</div>'
    share = Fraction(1, len(found))
    written.score(_sum([(share, _part(written, n, worth)) for n, (_field, worth) in enumerate(found, 1)]))


def _part(written: Written, number: int, worth: str) -> str:
    """What a part of a text earns, in an outcome of its own."""
    name = f"P{number}" if written.name == "SCORE" else f"{written.name}_P{number}"
    written.outcomes.append(outcome(name, initial="0"))
    written.rules.append(setting(name, worth))
    return variable(name)


def _sum(terms: list[tuple[Fraction, str]]) -> str:
    inner = "".join(f"<product>{base('float', decimals(share))}{worth}</product>" for share, worth in terms)
    return f"<sum>{inner}</sum>"


def _cloze(written: Written, stem_html: str, content: Content) -> None:
    total = sum((fraction(part["weight"]) for part in content["parts"]), Fraction(0))
    fields: dict[int, str] = {}
    terms = []
    for number, part in enumerate(content["parts"], 1):
        inner = part["content"]
        if part["kind"] in {"single_choice", "multiple_choice"}:
            if inner.get("negative"):
                raise Refused(_("Marks below zero in a part can't be written as %(name)s.", name="qti"))
            fields[number] = _choice_in(written, inner, part["kind"], part["layout"])
            worth = mapped(f"RESPONSE{written.count if written.count > 1 else ''}")
            worth = worth if written.name == "SCORE" else mapped(f"{written.name}_R{written.count}")
        elif part["layout"] != "inline":
            raise Refused(_("The layout of a typed part can't be written as %(name)s.", name="qti"))
        else:
            fields[number], worth = _entry(written, inner["answers"], part["kind"] == "numerical")
        weighed = f"lh-weight-{fraction(part['weight'])}"
        fields[number] = _with_class(fields[number], weighed)
        terms.append((fraction(part["weight"]) / total, _part(written, number, worth)))
    text = PLACE.sub(lambda place: fields.get(int(place.group(1)), place.group()), xhtml(stem_html))
    written.body = f'<div class="learnhub-text">{text}</div>'
    written.score(_sum(terms))


def _with_class(element: str, name: str) -> str:
    """An interaction with one more class."""
    head, mark, rest = element.partition(">")
    if ' class="' in head:
        return head.replace(' class="', f' class="{name} ', 1) + mark + rest
    slash = "/" if head.endswith("/") else ""
    return f'{head.removesuffix("/")} class="{name}"{slash}{mark}{rest}'


def _description(written: Written, stem_html: str, content: Content) -> None:
    written.body = boxed(stem_html)


def _case(written: Written, stem_html: str, content: Content) -> None:
    parts = [boxed(stem_html)]
    total = sum(question["mark"] for question in content["questions"])
    terms = []
    for number, question in enumerate(content["questions"], 1):
        inner = write(question["kind"], question["stem_html"], question["content"], f"Q{number}")
        below = " lh-below-zero" if inner.negative else ""
        parts.append(
            f'<div class="lh-question-{question["kind"]} lh-mark-{question["mark"]}{below}">{inner.body}</div>'
        )
        written.declarations += inner.declarations
        written.outcomes += [outcome(f"Q{number}", initial="0"), *inner.outcomes]
        written.rules += inner.rules
        written.feedback += inner.feedback
        terms.append((Fraction(question["mark"], total), variable(f"Q{number}")))
    written.body = "".join(parts)
    written.score(_sum(terms))


_WRITERS: dict[str, Callable[[Written, str, Content], None]] = {
    "single_choice": lambda written, stem, content: _choice(written, stem, content, "single_choice"),
    "multiple_choice": lambda written, stem, content: _choice(written, stem, content, "multiple_choice"),
    "true_false": _true_false,
    "short_answer": lambda written, stem, content: _typed(written, stem, content, "short_answer"),
    "numerical": lambda written, stem, content: _typed(written, stem, content, "numerical"),
    "fill_in": _fill_in,
    "cloze": _cloze,
    "matching": placed.matching,
    "ordering": placed.ordering,
    "select_text": placed.select_text,
    "drag_text": placed.drag_text,
    "essay": placed.essay,
    "file_upload": placed.file_upload,
    "description": _description,
    "case": _case,
}
