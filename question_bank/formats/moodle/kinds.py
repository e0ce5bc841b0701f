"""What each type of Moodle's questions becomes here: its content, and its text where places are written anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.formats import cloze_syntax, xml_stream
from question_bank.formats.fields.answers import truth
from question_bank.formats.gift_numbers import with_points
from question_bank.formats.gift_signs import truth_elsewhere
from question_bank.formats.moodle import calculated, pictured, rows
from question_bank.formats.moodle.choices import Made, all_or_nothing, multichoice, note_order, tell_of_weights
from question_bank.formats.moodle.essays import essay, machine_marked_essay
from question_bank.formats.moodle.gapfill import gap_fill
from question_bank.formats.moodle.refused import plain_type, why_not
from question_bank.formats.moodle.scorings import scoring_of
from question_bank.formats.moodle.texts import Texts, is_true, value_of, whole
from question_bank.formats.moodle.weights import in_percents, weight_of
from question_bank.formats.moodle.wordselect import word_select
from question_bank.formats.rich_text import html_of
from question_bank.kinds.in_text import PLACE


def made(question: Element, texts: Texts) -> Made:
    """The question of an element. Refused, with the reason in words, when its type has no like here."""
    name = plain_type(question)
    if name != "ordering":
        in_percents(question)
    if name in _TYPES:
        return _TYPES[name](question, texts)
    raise Refused(why_not(question, name))


def _true_false(question: Element, texts: Texts) -> Made:
    right: bool | None = None
    content: dict[str, Any] = {}
    for answer in question.findall("answer"):
        word = text_of(texts.raw(answer)).rstrip(".")
        said = truth_elsewhere(word, or_yes=True) if truth(word) is None else truth(word)
        if said is None:
            raise Refused(_("The answer %(answer)s is neither true nor false.", answer=texts.raw(answer)[:60]))
        content[f"feedback_{'true' if said else 'false'}_html"] = texts.html(answer.find("feedback"))
        if weight_of(answer) == 1:
            if right not in (None, said):
                raise Refused(_("True and false are both marked as right."))
            right = said
    return "true_false", {"answer": right, **content}, texts.stem(question)


_WRAPPED = re.compile(r"<(p|span|div)\b[^>]*>.*</\1>", re.IGNORECASE | re.DOTALL)
_RAISED = re.compile(r"<(su[bp])>[^<]+</\1>", re.IGNORECASE)
_SLANTED = re.compile(r"<(b|i|em|strong|u)>[^<]+</\1>", re.IGNORECASE)
"""Marks that nobody types into an answer, unless the question is about them and says so by another format."""


def _short_answer(question: Element, texts: Texts) -> Made:
    answers = []
    for one in question.findall("answer"):
        text = _typed(one, texts)
        if text:
            answers.append({**cloze_syntax.typed_answer(text), **_worth(one, texts)})
    if is_true(value_of(question, "usecase", "0")):
        texts.lose("case")
    _tell_of_the_best(answers, texts)
    return "short_answer", {"answers": texts.never_below(answers)}, texts.stem(question)


def _typed(answer: Element, texts: Texts) -> str:
    """An accepted answer as somebody types it."""
    text, is_html = texts.raw(answer), answer.get("format") == "html"
    is_wrapped = _WRAPPED.fullmatch(text) is not None
    if not is_wrapped and not _RAISED.search(text) and not (is_html and _SLANTED.search(text)):
        return text
    if not (is_html and is_wrapped):
        texts.remark(_("The accepted answer %(text)s was read without its markup.", text=text[:60]))
    return text_of(html_of(text, "html"))


def _tell_of_the_best(answers: Sequence[dict[str, Any]], texts: Texts) -> None:
    """Say where no accepted answer earns the whole mark: Moodle itself takes no such question."""
    best = max((Fraction(one["fraction"]) for one in answers), default=Fraction(0))
    if 0 < best < 1:
        percent = f"{float(best * 100):g}"
        texts.remark(_("The best of the accepted answers earns %(percent)s%% of the mark.", percent=percent))


def _worth(answer: Element, texts: Texts) -> dict[str, Any]:
    return {"fraction": str(weight_of(answer)), "feedback_html": texts.html(answer.find("feedback"))}


def _numerical(question: Element, texts: Texts) -> Made:
    answers: list[dict[str, Any]] = []
    for one in question.findall("answer"):
        text = text_of(texts.raw(one))
        if text == "*":
            answers.append({"text": "*", "wildcards": True, **_worth(one, texts)})
        elif text:
            tolerance = value_of(one, "tolerance") or value_of(question, "tolerance", "0")
            value, tolerance = with_points(f"{text}:{tolerance}").rsplit(":", 1)
            answers.append({"value": _number(value), "tolerance": _number(tolerance), **_worth(one, texts)})
    _tell_of_the_best(answers, texts)
    content: dict[str, Any] = {"answers": texts.never_below(answers), **_units(question, texts)}
    return "numerical", content, texts.stem(question)


_GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009](?=\d{3}(?!\d))")
"""A space that parts thousands."""
_TIMES_TEN = re.compile(r"\s*[×x*·]\s*10\s*(?:\^|\*\*)\s*([({])?([+-]?\d{1,3})(?(1)[)}])$")
"""A power of ten: `×10^3`."""


def _number(text: str) -> str:
    text = _TIMES_TEN.sub(r"e\2", text.replace("−", "-"))
    return cloze_syntax.exact(with_points(_GROUPED.sub("", text).replace("\u00a0", "")))


def _units(question: Element, texts: Texts) -> dict[str, Any]:
    """Units with the factor by which a typed number is multiplied; Moodle's multiplier is the other way round."""
    shown_as = value_of(question, "showunits", "0")
    found = question.findall("units/unit")
    if not found or shown_as == "3":
        return {}
    if is_true(value_of(question, "unitsleft", "0")):
        texts.lose("unit_left")
    units = []
    for one in found:
        multiplier = Fraction(_number(value_of(one, "multiplier", "1")))
        if multiplier <= 0:
            raise Refused(_("The multiplier of a unit lies above 0."))
        units.append({"unit": value_of(one, "unit_name"), "factor": _factor(1 / multiplier)})
    content: dict[str, Any] = {"units": units, "unit_input": "choice" if shown_as in {"1", "2"} else "text"}
    if value_of(question, "unitgradingtype", "0") in {"1", "2"}:
        content["unit_penalty"] = str(Fraction(_number(value_of(question, "unitpenalty", "0.1"))))
    return content


def _factor(value: Fraction) -> str:
    places = Decimal(value.numerator) / Decimal(value.denominator)
    return format(places.normalize(), "f") if Fraction(places) == value else str(value)


def _matching(question: Element, texts: Texts) -> Made:
    pairs, others = [], []
    for one in question.findall("subquestion"):
        answer = one.find("answer")
        right = html_of(texts.raw(answer), "moodle") if answer is not None and answer.get("format") is None else ""
        left, right = map(_seen, (texts.html(one), right or texts.html(answer)))
        if left:
            pairs.append({"html": left, "match_html": right})
        elif right:
            others.append({"html": right})
    note_order(question, texts)
    return "matching", {"pairs": pairs, **({"distractors": others} if others else {})}, texts.stem(question)


def _seen(html: str) -> str:
    """A text, or nothing where its HTML shows nothing, as an empty field of an editor does."""
    return html if text_of(html).strip() or re.search(r"<(?:img|audio|video)\b", html) else ""


def _rows(read: Callable[[Element, Texts], rows.Rows]) -> Callable[[Element, Texts], Made]:
    """A reader of rows, with the question's text."""

    def made_of_rows(question: Element, texts: Texts) -> Made:
        return *read(question, texts), texts.stem(question)

    return made_of_rows


def _calculated(question: Element, texts: Texts) -> Made:
    """A number worked out for the first set of numbers in the file."""
    answers: list[dict[str, Any]] = []
    numbers = calculated.numbers_of(question)
    for one in question.findall("answer"):
        text = text_of(texts.raw(one))
        if text == "*":
            answers.append({"text": "*", "wildcards": True, **_worth(one, texts)})
        elif text:
            result = calculated.value(text, numbers)
            answers.append({**calculated.as_answer(one, result), **_worth(one, texts)})
    if not answers:
        raise Refused(why_not(question, "calculated"))
    calculated.told(question, texts)
    _tell_of_the_best(answers, texts)
    content: dict[str, Any] = {"answers": texts.never_below(answers), **_units(question, texts)}
    return "numerical", content, calculated.filled(texts.stem(question), numbers)


def _calculated_choice(question: Element, texts: Texts) -> Made:
    numbers = calculated.numbers_of(question)
    kind, content, stem = multichoice(question, texts)
    answers = [one for one in question.findall("answer") if texts.raw(one)]
    for answer, option in zip(answers, content["options"], strict=True):
        option["html"] = calculated.filled(option["html"], numbers, calculated.rounded(answer))
    if len({text_of(option["html"]) for option in content["options"]}) < len(answers):
        raise Refused(_("With the first set of numbers two options are the same."))
    calculated.told(question, texts)
    return kind, content, calculated.filled(stem, numbers)


def _cloze(question: Element, texts: Texts) -> Made:
    holder = question.find("questiontext")
    if holder is None:
        raise Refused(_("The question has no text."))
    written_as = texts.written_as(holder)
    text = texts.with_files(texts.raw(holder), holder)
    if len(text) > xml_stream.LONGEST_TEXT:
        raise Refused(_("A text of the question is too long."))
    found = cloze_syntax.read(text, written_as)
    if found.exact_case:
        texts.lose("case")
    for part in found.parts:
        _tell_of_part(part, texts)
        if part["kind"] in {"short_answer", "numerical"}:
            part["content"]["answers"] = texts.never_below(part["content"]["answers"])
    return "cloze", {"parts": found.parts}, html_of(found.text, written_as) + texts.picture(question)


def _tell_of_part(part: dict[str, Any], texts: Texts) -> None:
    content = part["content"]
    if "options" in content:
        weights = [Fraction(option["fraction"]) for option in content["options"]]
        tell_of_weights(part["kind"], [weight for weight in weights if weight > 0], texts)
    else:
        _tell_of_the_best(content["answers"], texts)


def _drag_text(question: Element, texts: Texts) -> Made:
    """Places name choices by number; here places count on and each says which choice belongs there."""
    is_list = plain_type(question) == "gapselect"
    choices = [
        {
            "html": texts.html(one),
            "group": whole(value_of(one, "group", "1")),
            "unlimited": is_list or one.find("infinite") is not None,
        }
        for one in question.findall("selectoption" if is_list else "dragbox")
    ]
    gaps: list[int] = []

    def count_on(found: re.Match[str]) -> str:
        gaps.append(int(found[1]) - 1)
        return f"[[{len(gaps)}]]"

    stem = PLACE.sub(count_on, texts.stem(question))
    note_order(question, texts)
    return "drag_text", {"choices": choices, "gaps": gaps}, stem


def _ordering(question: Element, texts: Texts) -> Made:
    answers = [one for one in question.findall("answer") if texts.raw(one)]
    _put_in_order(answers, texts)
    scoring, is_known = scoring_of(value_of(question, "gradingtype", "0"))
    if not is_known:
        texts.lose("scoring")
    chosen = value_of(question, "selecttype", "0").casefold()
    count = whole(value_of(question, "selectcount", "0"))
    if chosen not in {"0", "all"} and 0 < count < len(answers):
        texts.lose("subset")
    content = {"items": [{"html": texts.html(one)} for one in answers], "scoring": scoring}
    return "ordering", content, texts.stem(question)


def _put_in_order(items: list[Element], texts: Texts) -> None:
    """Sort the items by their places; where some are the same, items stay as they stand, as Moodle takes them."""
    try:
        places = {item: Decimal(item.get("fraction", "0")) for item in items}
    except InvalidOperation:
        raise Refused(_("The places of the items are not numbers.")) from None
    different = len(set(places.values()))
    if different == len(items):
        in_order = sorted(items, key=places.__getitem__)
        if in_order != items:
            texts.remark(_("The items are in the order of their places; in the file they stand otherwise."))
        items[:] = in_order
    elif different > 1:
        texts.remark(_("Several items have the same place; all of them are in the order in which they stand."))


def _order(question: Element, texts: Texts) -> Made:
    """The add-on before that of Moodle: items that are matched with their place in the order."""
    places: dict[int, dict[str, Any]] = {}
    asked = question.findall("subquestion")
    for one in asked:
        places[whole(text_of(texts.raw(one.find("answer"))) or "0")] = {"html": texts.html(one)}
    if len(places) < len(asked):
        raise Refused(_("The places of the items are not numbers."))
    return "ordering", {"items": [places[n] for n in sorted(places)], "scoring": "per_place"}, texts.stem(question)


def _description(question: Element, texts: Texts) -> Made:
    return "description", {}, texts.stem(question)


_TYPES: dict[str, Callable[[Element, Texts], Made]] = {
    "multichoice": multichoice,
    "multichoiceset": all_or_nothing,
    "oumultiresponse": all_or_nothing,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "match": _matching,
    "matching": _matching,
    "ddmatch": _matching,
    "mtf": _rows(rows.true_or_false),
    "kprime": _rows(rows.true_or_false),
    "matrix": _rows(rows.matrix),
    "oumatrix": _rows(rows.table),
    "sc": _rows(rows.one_right),
    "calculated": _calculated,
    "calculatedsimple": _calculated,
    "calculatedmulti": _calculated_choice,
    "essay": essay,
    "essayautograde": machine_marked_essay,
    "essaysimilarity": machine_marked_essay,
    "aitext": machine_marked_essay,
    "cloze": _cloze,
    "multianswer": _cloze,
    "ddwtos": _drag_text,
    "gapselect": _drag_text,
    "ddimageortext": pictured.labels,
    "ddmarker": pictured.markers,
    "gapfill": gap_fill,
    "wordselect": word_select,
    "ordering": _ordering,
    "order": _order,
    "description": _description,
}
