"""QTI 1.2: what is called right without earning anything, and words around what is asked."""

from __future__ import annotations

from question_bank.formats import read
from tests.question_bank.formats.test_qti_first import choice, html, item, quiz, rules


def test_the_answer_called_right_counts_where_none_earns_anything() -> None:
    nothing = rules(
        '<respcondition><conditionvar><varequal respident="r">a</varequal></conditionvar>'
        '<setvar action="Set" varname="SCORE">0</setvar></respcondition>',
        '<respcondition correctanswer="Yes"><conditionvar><varequal respident="r">b</varequal></conditionvar>'
        '<setvar action="Set" varname="SCORE">0</setvar></respcondition>',
    )
    reading = read(quiz(item(html("Which?") + choice("a", "b"), nothing)), "quiz.xml")
    assert [option["fraction"] for option in reading.questions[0].content["options"]] == ["0", "1"]
    assert "no marks to any answer" in str(reading.warnings[0])


def test_the_words_at_both_ends_of_an_order_are_kept() -> None:
    ends = "".join(f'<material position="{end}"><mattext>{end} end</mattext></material>' for end in ("top", "bottom"))
    asked = choice("a", "b", cardinality="Ordered")
    asked = asked.replace("<render_choice>", f"<render_extension>{ends}<ims_render_object>")
    asked = asked.replace("</render_choice>", "</ims_render_object></render_extension>")
    right = '<varequal respident="r">b</varequal><varequal respident="r">a</varequal>'
    scored = f'<respcondition><conditionvar>{right}</conditionvar><setvar varname="SCORE">100</setvar></respcondition>'
    draft = read(quiz(item(html("Sort.") + asked, rules(scored))), "quiz.xml").questions[0]
    assert draft.kind == "ordering"
    assert "top end bottom end" in draft.stem_html
