"""Makers of Moodle XML for its tests, and what is read of it."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from question_bank.formats.listing import as_json
from question_bank.formats.moodle import exported
from question_bank.formats.reading import Reading
from tests.question_bank import making

PNG = making.picture()


def quiz(*questions: str) -> Reading:
    return exported.read(("<quiz>" + "".join(questions) + "</quiz>").encode())


def question(type: str, inside: str = "", text: str = "Q?", format: str = "html") -> str:
    return (
        f'<question type="{type}"><name><text>N</text></name>'
        f'<questiontext format="{format}"><text><![CDATA[{text}]]></text></questiontext>{inside}</question>'
    )


def answer(fraction: str, text: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{escape(text)}</text>{more}</answer>'


def one(type: str, inside: str = "", text: str = "Q?", format: str = "html") -> dict[str, Any]:
    reading = quiz(question(type, inside, text, format))
    assert not reading.refused, [str(refusal.reason) for refusal in reading.refused]
    return as_json(reading.questions[0])


def content(type: str, inside: str = "", text: str = "Q?") -> dict[str, Any]:
    return quiz(question(type, inside, text)).questions[0].content


def reasons(*questions: str) -> list[str]:
    return [str(refusal.reason) for refusal in quiz(*questions).refused]


def warnings(*questions: str) -> list[str]:
    return [str(warning) for warning in quiz(*questions).warnings]


def fractions(found: dict[str, Any]) -> list[float]:
    return [option["fraction"] for option in found["options"]]
