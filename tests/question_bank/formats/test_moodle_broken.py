"""Moodle XML that is broken, or meant to break its reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank.formats import read, xml_stream
from tests.question_bank.formats.moodle_questions import one, question, quiz


def test_a_broken_question_costs_only_itself() -> None:
    good = question("essay", text="fine")
    broken = ["<question type='essay'><name></question>", "<question type='essay'><text>a < b</text></question>"]
    source = "\n".join(
        ["<quiz>", good, *broken, good.replace("fine", "a]]>&nbsp;<![CDATA[b"), "<question type='essay'>", good]
    )
    reading = read(source.encode(), "x.xml")
    assert [draft.where for draft in reading.questions] == ["line 2", "line 5", "line 7"]
    assert [refusal.where for refusal in reading.refused] == ["line 3", "line 4", "line 6"]
    assert reading.questions[1].stem_html == "a&nbsp;b"


def test_questions_on_one_line_are_told_apart() -> None:
    assert [draft.where for draft in quiz(question("essay"), question("essay")).questions] == ["line 1", "question 2"]


@pytest.mark.parametrize(
    "data",
    [
        b"<quiz></quiz>",
        b"<quiz>",
        b"<html><p>no quiz</p></html>",
        b"<?xml version='1.0'?><quiz",
        b"<quiz>" + b"<a>" * 1_000_000,
        b"<quiz><question type='essay'>" + b"<a>" * 1_000_000,
        b"<quiz><question type='essay'>" + b"<a/>" * 1_000_000,
        b"<quiz>" + b"<question type='essay'/>" * 200_000,
        b"<quiz><question type='essay' " + b" ".join(b'a%d=""' % n for n in range(600_000)) + b"/></quiz>",
        b'<!DOCTYPE q [<!ENTITY a "x">]><quiz><question type="essay"><name>&a;</name></question></quiz>',
        b'<!DOCTYPE q [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><quiz><question type="essay">&b;</question></quiz>',
        b'<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz><question type="essay">&a;</question></quiz>',
        b'<!DOCTYPE q [<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;]><quiz><question type="essay"/></quiz>',
    ],
    ids=lambda data: str(data[:40]),
)
def test_bombs_and_what_is_no_quiz_are_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(Refused):
        read(data, "x.xml")


def test_scripts_do_not_come_in() -> None:
    assert "alert" not in str(one("essay", text="Q<script>alert(1)</script><img src=x onerror=alert(1)>"))


def test_texts_of_questions_do_not_count_as_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_stream, "MOST_PIECES", 3)
    assert len(quiz(*[question("essay")] * 3).questions) == 3
    with pytest.raises(Refused, match="more than 3 questions"):
        quiz(*[question("essay")] * 4)


def test_a_hundred_elements_are_held_one_by_one() -> None:
    source = ("<quiz>" + question("essay") * 3000 + "</quiz>").encode()
    found = xml_stream.pieces(source, "question")
    next(found)
    assert found.gi_frame is not None
    assert len(found.gi_frame.f_locals["builder"]._ready) * len(question("essay")) < 2 * xml_stream.CHUNK


@given(st.text(alphabet='<>/"=&;quiztonexypearsw1![]CDATA{}:~% \n', max_size=80))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        reading = read(
            f'<quiz><question type="cloze"><questiontext><text>{source}</text></questiontext>'.encode(), "x.xml"
        )
    except Refused:
        return
    assert reading.questions or reading.refused
