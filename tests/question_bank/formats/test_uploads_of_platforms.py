"""Files that teachers type for a platform's upload, in which each line or block of lines says itself what it is."""

from __future__ import annotations

from typing import Any

from question_bank.formats import read
from question_bank.formats.reading import Reading
from tests.question_bank.formats.sheets import listed, read_sheet, right

LINES = (
    "MC\tWhich barks?\tcat\tincorrect\tdog\tcorrect",
    "MA\tWhich are metals?\tiron\tcorrect\twood\tIncorrect\tzinc\tCorrect",
    "TF\tIce is hot.\tfalse",
    "FIB\tThe capital of Spain is ____.\tMadrid\tand/or",
    "FIB_PLUS\tThe [b] rises in the [a].\ta\teast\t\tb\tsun\tour sun",
    "ORD\tOrder the meals.\tbreakfast\tlunch\tdinner",
    "MAT\tWhose young?\tdog\tpuppy\tcat\tkitten",
    "NUM\tHow many minutes has an hour?\t60\t0.5",
    "ESS\tDescribe your school.\tAny text.",
)


def upload(*lines: str) -> Reading:
    return read("\r\n".join(lines).encode(), "upload.txt")


def content(reading: Reading, at: int) -> dict[str, Any]:
    return reading.questions[at].content


def test_lines_of_blackboard_are_read_by_their_types() -> None:
    reading = upload(*LINES)
    found = listed(reading)
    assert [right(question) for question in found[:2]] == [["dog"], ["iron", "zinc"]]
    assert content(reading, 2)["answer"] is False
    assert [answer["text"] for answer in content(reading, 3)["answers"]] == ["Madrid", "and/or"]
    blanks = [[answer["text"] for answer in blank["answers"]] for blank in content(reading, 4)["blanks"]]
    assert (reading.questions[4].stem_html, blanks) == ("The ____ rises in the ____.", [["sun", "our sun"], ["east"]])
    assert [item["html"] for item in content(reading, 5)["items"]] == ["breakfast", "lunch", "dinner"]
    assert [pair["match_html"] for pair in content(reading, 6)["pairs"]] == ["puppy", "kitten"]
    assert content(reading, 7)["answers"][0]["tolerance"] == "0.5"
    assert (reading.questions[8].kind, reading.questions[8].where) == ("essay", "line 9")


def test_lines_of_blackboard_that_can_not_be_read_are_refused_one_by_one() -> None:
    reading = upload(*LINES, "MC\tWhich?\tcat\tincorect\tdog\tcorrect", "QUIZ_BOWL\tWho wrote it?\tWho")
    assert (len(reading.questions), [refusal.where for refusal in reading.refused]) == (9, ["line 10", "line 11"])
    lost = upload(*LINES, "FIB_PLUS\tThe [a] rises.\tc\tsun")
    assert "do not fit each other" in str(lost.refused[0].reason)


BLOCKS = """//SAMPLE,,,
NewQuestion,MC,,
Title,metals,,
QuestionText,Which is a metal?,HTML,
Points,2,,
Option,0,chalk,,
Option,100,copper,,yes
Hint,It shines.,,
Feedback,Think of wires.,,

NewQuestion,TF,,
QuestionText,Cork floats.,,
TRUE,100,yes,
FALSE,0,,
NewQuestion,MS,,
QuestionText,Which are fruits?,,
Option,1,apple,,
Option,0,nail,,
Option,1,pear,,
NewQuestion,SA,,
QuestionText,What is frozen water?,,
Answer,100,ice,
NewQuestion,WR,,
QuestionText,Describe a lake.,,
AnswerKey,Still water.,,
NewQuestion,M,,
QuestionText,Match the colours.,,
Choice,1,sky,
Match,1,blue,
Match,2,green,
NewQuestion,O,,
QuestionText,Order by size.,,
Item,ant,,
Item,cow,,
"""


def test_blocks_of_brightspace_are_read_by_their_types() -> None:
    reading = read(BLOCKS.encode(), "questions.csv")
    first, found = reading.questions[0], listed(reading)
    assert (right(found[0]), first.mark, first.explanation_html, first.hints) == (
        ["copper"],
        2000,
        "Think of wires.",
        ("It shines.",),
    )
    assert (content(reading, 1)["answer"], right(found[2])) == (True, ["apple", "pear"])
    assert content(reading, 3)["answers"][0]["text"] == "ice"
    assert content(reading, 4)["marker_html"] == "Still water."
    assert [pair["match_html"] for pair in content(reading, 5)["pairs"]] == ["blue"]
    assert [other["html"] for other in content(reading, 5)["distractors"]] == ["green"]
    assert [item["html"] for item in content(reading, 6)["items"]] == ["ant", "cow"]


def test_blocks_of_brightspace_that_would_lose_something_are_refused() -> None:
    part = "NewQuestion,MC\nQuestionText,Which?\nOption,50,ink\nOption,100,pen\n"
    pattern = "NewQuestion,SA\nQuestionText,Name it.\nAnswer,100,^pens?$,regexp\n"
    reading = read((part + pattern + "NewQuestion,XY\nQuestionText,What?\n").encode(), "questions.csv")
    assert (reading.questions, [refusal.where for refusal in reading.refused]) == ([], ["line 1", "line 5", "line 8"])


def test_a_free_text_whose_answer_stands_in_the_first_column_too_is_a_short_answer() -> None:
    head = ["Question type", "Question", "Answer A", "Answer B", "Correct answer"]
    reading = read_sheet(
        head,
        ["Multiple choice", "Which flies?", "bat", "cow", "A"],
        ["Free text", "Largest organ?", "skin", "", "skin"],
    )
    assert [draft.kind for draft in reading.questions] == ["single_choice", "short_answer"]
