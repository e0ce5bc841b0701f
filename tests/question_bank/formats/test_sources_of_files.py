"""What a question rests on, wherever a format has something like it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from question_bank import formats
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats import writing
from question_bank.formats.resting import source_and_clause, source_said
from tests.question_bank.making import SAMPLES

LAW = {"source": "《公务员法》2018修订", "clause": "第十三条"}


def only(text: str, name: str) -> QuestionDraft:
    (draft,) = formats.read(text.encode(), name).questions
    return draft


def rests_on(draft: QuestionDraft) -> dict[str, str]:
    return {"source": draft.source, "clause": draft.clause}


@pytest.mark.parametrize("label", ["【出处】", "来源：", "依据："])
def test_a_tail_of_a_text_names_it(label: str) -> None:
    draft = only(f"1. 问？\nA.甲\nB.乙\n答案：A\n解析：因为\n{label}《公务员法》2018修订 第十三条\n", "q.txt")
    assert rests_on(draft) == LAW
    assert draft.explanation_html == "因为"


def test_a_passage_is_no_name_and_explains() -> None:
    passage = "依据" + "长" * 170
    draft = only(f"1. 问？\nA.甲\nB.乙\n答案：A\n出处：{passage}\n", "q.txt")
    assert (draft.source, draft.clause) == ("", "")
    assert passage in draft.explanation_html


def test_the_questions_of_a_case_name_it_for_the_case() -> None:
    text = "材料：某机关。\n（1）对吗？\n答案：对\n出处：《宪法》第一条\n（2）错吗？\n答案：错\n"
    draft = only(text, "q.txt")
    assert (draft.kind, draft.source, draft.clause) == ("case", "《宪法》", "第一条")


@pytest.mark.parametrize("tag", ["出处：《公务员法》2018修订 第十三条", "source: 《公务员法》2018修订 | 第十三条"])
def test_a_tag_names_it_where_a_format_has_only_tags(tag: str) -> None:
    xml = (
        '<quiz><question type="truefalse"><name><text>n</text></name><questiontext><text>Is it?</text></questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
        f"<tags><tag><text>law</text></tag><tag><text>{tag}</text></tag></tags></question></quiz>"
    )
    draft = only(xml, "q.xml")
    assert rests_on(draft) == LAW
    assert draft.tags == ("law",)


def test_the_metadata_of_qti_name_it() -> None:
    item = (
        '<questestinterop><item ident="a" title="t"><itemmetadata><qtimetadata><qtimetadatafield>'
        "<fieldlabel>source</fieldlabel><fieldentry>《公务员法》2018修订 第十三条</fieldentry></qtimetadatafield>"
        "<qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>essay_question</fieldentry>"
        "</qtimetadatafield></qtimetadata></itemmetadata><presentation><material><mattext>Why?</mattext></material>"
        '<response_str ident="r"><render_fib/></response_str></presentation></item></questestinterop>'
    )
    assert rests_on(only(item, "q.xml")) == LAW


@pytest.mark.parametrize("key", ["source", "出处", "来源", "reference"])
def test_objects_name_it(key: str) -> None:
    flat = f'[{{"题干": "天是蓝的", "答案": "对", "{key}": "《公务员法》2018修订 第十三条"}}]'
    assert rests_on(only(flat, "q.json")) == LAW


def test_a_dialect_keeps_it() -> None:
    asked = '[{"question": "Sum?", "correct_answer": "2", "incorrect_answers": ["3"], "source": "Peano 1889"}]'
    assert only(asked, "q.json").source == "Peano 1889"


@pytest.mark.parametrize("format_", ["text", "excel", "moodle-xml", "qti", "json"])
@pytest.mark.parametrize(
    "said", [LAW, {"source": "党章", "clause": "总纲"}, {"source": "《宪法》第一条", "clause": ""}, {"source": "a"}]
)
def test_what_is_written_comes_back(format_: str, said: dict[str, Any]) -> None:
    drafts = [cleaned(replace(SAMPLES["single_choice"], **said)), cleaned(SAMPLES["essay"])]
    written = writing.write(drafts, format_)
    assert written.left_out == []
    assert not any("source" in str(one.text) for one in written.lost)
    again = formats.read(written.data, f"q.{writing.SUFFIXES[format_]}", format_).questions
    assert [rests_on(one) for one in again] == [{"source": "", "clause": "", **said}, rests_on(SAMPLES["essay"])]


def test_a_source_and_its_clause_are_one_text_that_can_be_cut_again() -> None:
    assert source_said(**LAW) == "《公务员法》2018修订 第十三条"
    assert source_and_clause(source_said("党章", "总纲")) == {"source": "党章", "clause": "总纲"}
