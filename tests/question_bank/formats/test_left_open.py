"""Tags and brackets that thousands of times are opened and never closed take no longer than others of their length."""

from __future__ import annotations

import html
import json
import time

import pytest

from learnhub.kernel.markup import text_of
from question_bank.formats import read

LENGTH = 120_000
LONGEST = 12
"""Seconds of the processor: many times what it takes, and far from the minutes of reading each to the end."""


def moodle(stem: str) -> bytes:
    answers = "".join(
        f'<answer fraction="{worth}"><text>{text}</text></answer>' for worth, text in ((100, "a"), (0, "b"))
    )
    return (
        '<?xml version="1.0"?><quiz><question type="multichoice"><name><text>t</text></name>'
        f'<questiontext format="html"><text>Which? {html.escape(stem)}</text></questiontext>{answers}'
        "<single>true</single></question></quiz>"
    ).encode()


def qti(stem: str) -> bytes:
    options = "".join(
        f'<response_label ident="{one}"><material><mattext>{one}</mattext></material></response_label>' for one in "ab"
    )
    return (
        '<?xml version="1.0"?><questestinterop><assessment ident="q" title="q"><section ident="s"><item ident="i">'
        f'<presentation><material><mattext texttype="text/html">Which? {html.escape(stem)}</mattext></material>'
        f'<response_lid ident="r" rcardinality="Single"><render_choice>{options}</render_choice></response_lid>'
        "</presentation><resprocessing><outcomes><decvar/></outcomes><respcondition><conditionvar>"
        '<varequal respident="r">a</varequal></conditionvar><setvar action="Set" varname="SCORE">100</setvar>'
        "</respcondition></resprocessing>"
        "</item></section></assessment></questestinterop>"
    ).encode()


def objects(stem: str) -> bytes:
    return json.dumps([{"question": f"Which? {stem}", "options": ["a", "b"], "answer": "A"}]).encode()


def table(stem: str) -> bytes:
    return f'题干,选项A,选项B,答案\n"Which? {stem}",a,b,A\n'.encode()


FILES = {
    "moodle-xml": ("q.xml", moodle),
    "qti": ("q.xml", qti),
    "json": ("q.json", objects),
    "csv": ("q.csv", table),
}


@pytest.mark.parametrize("sign", ["<a ", "<math>", "<iframe>", "<audio ", "<!--", "[[", "\\("])
@pytest.mark.parametrize("format", FILES)
def test_what_is_left_open_is_read_once(format: str, sign: str) -> None:
    name, written = FILES[format]
    data = written(sign * (LENGTH // len(sign)))
    started = time.process_time()
    reading = read(data, name, format)
    assert time.process_time() - started < LONGEST
    assert len(reading.questions) + len(reading.refused) == 1


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("1 < 2 <b", "1 < 2 <b"),
        ("<p>one</p> 1<2 <b", "one 1<2 <b"),
        ("seen <!-- not seen --> 1 < 2 <!-- seen", "seen 1 < 2 <!-- seen"),
        ("<p>1 &lt; 2</p> <br", "1 < 2 <br"),
    ],
)
def test_what_is_opened_and_never_closed_is_a_word(markup: str, words: str) -> None:
    assert text_of(markup) == words
