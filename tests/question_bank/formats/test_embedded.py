"""What is embedded in a question and does not come in is told, whatever the format; what comes in is not."""

from __future__ import annotations

import pytest

from question_bank import formats

MOODLE = """<?xml version="1.0"?><quiz><question type="truefalse"><name><text>a</text></name>
<questiontext format="html"><text><![CDATA[<p>%s</p>]]></text></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>"""


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("Look: <iframe src='https://x.example/film'></iframe> Is it so?", "embedded as <iframe>"),
        ("Look: <video src='a.mp4'></video> Is it so?", "embedded as <video>"),
        ("Look: <svg><path d='M0 0'/></svg> Is it so?", "embedded as <svg>"),
        ("Is <math><mlongdiv><mn>3</mn></mlongdiv></math> so?", "a formula can't be told"),
    ],
)
def test_what_is_left_out_of_a_text_is_told(inside: str, told: str) -> None:
    reading = formats.read((MOODLE % inside).encode(), "a.xml")
    assert len(reading.questions) == 1
    assert [told in str(one) for one in reading.warnings] == [True], reading.warnings


@pytest.mark.parametrize("inside", ["Is <math><mi>a</mi></math> so?", "Is &lt;iframe&gt; a tag?", "<b>Is</b> it so?"])
def test_what_comes_in_is_not_told(inside: str) -> None:
    assert formats.read((MOODLE % inside).encode(), "a.xml").warnings == []


def test_options_and_hints_are_looked_at_and_typed_answers_are_not() -> None:
    gift = "::a::Which?{=<video src\\=x></video>one ~two}\n\n::b::[html]Which tag shows a film?{=<video>}\n"
    reading = formats.read(gift.encode(), "a.gift")
    assert len(reading.questions) == 2
    assert [str(one) for one in reading.warnings] == ["line 1: what is embedded as <video> is left out."]


def test_letters_that_were_lost_before_are_told() -> None:
    reading = formats.read("1. 中国的首都是��吗？（ ）\nA. 是 B. 否\n答案：A\n".encode(), "a.txt")
    assert [str(one) for one in reading.warnings] == [
        "line 1: Letters were lost before the file came here: they read �."
    ]
