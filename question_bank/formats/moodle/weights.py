"""What answers of Moodle XML are worth, in whichever way a file says it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from xml.etree.ElementTree import Element

from question_bank.formats.moodle.texts import value_of
from question_bank.fractions import from_percent


def in_percents(question: Element) -> None:
    """Write the weights of a question's answers as percents, as Moodle does.

    Files of before 2007 say them in an element as parts of one, and so do scripts in the attribute: Moodle knows no
    weight between nothing and five percent. A sign behind the number says what it would be anyway.
    """
    answers = question.findall("answer")
    said = [_said(answer) for answer in answers]
    numbers = [_number(one) for one in said]
    are_parts = 0 < max(map(abs, numbers), default=Decimal(0)) <= 1 and not any("%" in one for one in said)
    for answer, text, number in zip(answers, said, numbers, strict=True):
        answer.set("fraction", format(number.scaleb(2), "f") if are_parts else text.rstrip("% "))


def _said(answer: Element) -> str:
    return answer.get("fraction", "").strip() or value_of(answer, "fraction", "0")


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.rstrip("% ").replace(",", "."))
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() and abs(number.adjusted()) < 10 else Decimal(0)


def weight_of(answer: Element) -> Fraction:
    """The weight of an answer of a question whose weights are percents."""
    return from_percent(answer.get("fraction", "0").strip() or "0")
