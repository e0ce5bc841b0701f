"""Quizzes in the plain text that text2qti turns into QTI."""

from __future__ import annotations

from question_bank.formats import read
from tests.question_bank.formats.test_unseen_shapes import reasons, told

QUIZ = """Quiz title: Fruit and figures
Quiz description: For a first lesson.

Title: A sum
Points: 2
1.  What is 2+5?
    Take your time.
... Count on your fingers.
a)  6
... One too few.
*b) 7
c)  8

2.  Which are fruit?
[*] Apples
[ ] Stones
[*] Pears

3.  What falls from clouds?
*   rain
*   Rain

4.  What is a third to two places?
=   0.33 +- 0.01

5.  How many days has a week?
=   7

6.  Between which values lies the answer?
=   [1.5, 2.5]

7.  Tell a story.
____

8.  Send a picture.
^^^^

9.  Fire is hot.
*a) True
b)  False
"""


def test_every_kind_of_question_is_read() -> None:
    reading = read(QUIZ.encode(), "quiz.txt")
    assert (reading.format, reading.refused, reading.warnings) == ("text", [], [])
    assert [draft.kind for draft in reading.questions] == [
        "single_choice",
        "multiple_choice",
        "short_answer",
        "numerical",
        "numerical",
        "numerical",
        "essay",
        "file_upload",
        "true_false",
    ]
    assert [one[2] for one in told(reading)[:2]] == [["6", "*7", "8"], ["*Apples", "Stones", "*Pears"]]
    assert [answer["text"] for answer in reading.questions[2].content["answers"]] == ["rain", "Rain"]
    third, week, between = (draft.content["answers"][0] for draft in reading.questions[3:6])
    assert (third["value"], third["tolerance"]) == ("0.33", "0.01")
    assert (week["value"], week["tolerance"]) == ("7", "0")
    assert (between["low"], between["high"]) == ("1.5", "2.5")
    assert reading.questions[8].content["answer"] is True


def test_titles_points_and_feedback_belong_to_their_question() -> None:
    first, second = read(QUIZ.encode(), "quiz.txt").questions[:2]
    assert (first.title, first.mark, second.title, second.mark) == ("A sum", 2000, "", 1000)
    assert "Take your time." in first.stem_html
    assert first.explanation_html == "Count on your fingers."
    assert first.content["options"][0]["feedback_html"] == "One too few."


def test_feedback_for_right_and_wrong_answers_goes_to_the_options() -> None:
    draft = read(b"1. What is cold?\n+ Yes.\n- No.\n*a) Ice\nb) Fire\nc) Steam\n", "q.txt").questions[0]
    assert [option["feedback_html"] for option in draft.content["options"]] == ["Yes.", "No.", "No."]


def test_what_cannot_be_understood_costs_only_its_question() -> None:
    reading = read(
        b"1. One?\n*a) yes\n*b) no\n\n2. Two?\n*a) yes\nb) no\n\n"
        b"3. Three?\na) yes\nb) no\n\n4. Four?\n*a) yes\nwhat is this\n",
        "q.txt",
    )
    assert [one[1] for one in told(reading)] == ["Two?"]
    assert [one.where for one in reading.refused] == ["line 1", "line 9", "line 13"]
    assert reasons(reading)[1] == "The question has no answer."


def test_a_group_is_read_whole_and_the_sender_hears_of_it() -> None:
    reading = read(
        b"Quiz title: Q\nGROUP\npick: 1\npoints per question: 3\n"
        b"1. One?\n*a) y\nb) n\n\n2. Two?\n*a) y\nb) n\nEND_GROUP\n",
        "q.txt",
    )
    assert [draft.mark for draft in reading.questions] == [3000, 3000]
    assert [one.params["where"] for one in reading.warnings] == ["line 2"]


def test_comments_are_no_part_of_the_quiz() -> None:
    reading = read(b"% a note\n1. One?\nCOMMENT\n2. Two?\nEND_COMMENT\n*a) y\nb) n\n", "q.txt")
    assert (len(reading.questions), reading.refused, reading.warnings) == (1, [], [])
