"""Question banks as quiz apps and mini programs keep them: in JSON, and as data in scripts."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import sourced
from question_bank.formats.json_banks import script_lists
from question_bank.formats.sourced import Asked


def _read(text: str, name: str = "bank.json") -> Any:
    return sourced.read(text.encode(), name, Asked("auto", None), "", at_desk=True).reading


def right_texts(draft: Any) -> list[str]:
    return [one["html"] for one in draft.content["options"] if one["fraction"] != "0"]


def _bank(*items: dict[str, Any]) -> str:
    return json.dumps(list(items), ensure_ascii=False)


ITEM = "{title: '水在几度结冰？', options: ['0', '50'], answer: 'A'}"
SCRIPTS = (
    "export default [\n  // 第一题\n  {title: '水在几度结冰？', options: ['0', '50',], answer: 'A'},\n]\n",
    "'use strict';\nmodule.exports = [{title: `水在几度结冰？`, options: [\"0\", '50'], answer: \"A\"}];\n",
    "window.QUIZ = {questions: [{'title': '水在' + '几度结冰？', options: {A: '0', B: '50'}, answer: 'A'}]};",
    f"var list = {{\n data: [{ITEM}]\n}}\nmodule.exports = {{ list: list }}\n",
    f"export default {{\n data() {{\n  return {{\n   list: [{ITEM}]\n }}}}}}",
    "import { Question } from './types';\n"
    f"export const questions: Question[] = [{ITEM}];\nexport const pick = () => questions[0];\n",
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_that_begins_with_data_is_read_as_json(script: str) -> None:
    found = _read(script, "bank.js")
    (draft,) = found.questions
    assert (draft.stem_html, right_texts(draft)) == ("水在几度结冰？", ["0"])


def test_several_lists_of_a_script_are_all_read() -> None:
    one = "{question: '%s', options: ['甲', '乙'], answer: 'B'}"
    found = _read(f"const easy = [{one % '一'}]\nconst hard = [{one % '二'}]\n", "bank.js")
    assert [draft.stem_html for draft in found.questions] == ["一", "二"]
    assert [draft.where for draft in found.questions] == ["/easy/0", "/hard/0"]


def test_what_a_script_names_elsewhere_is_no_data() -> None:
    with pytest.raises(Refused):
        _read("const list = [{title: text, options: all, answer: 'A'}]\n", "bank.js")


def test_json_with_remarks_and_a_comma_too_many_is_read_and_can_be_corrected() -> None:
    text = '[{"question": "首都？", "options": ["北京", "上海"], "answer": "C"}, // 一\n]\n'
    refused = sourced.read(text.encode(), "bank.json", Asked("auto", None), "", at_desk=True)
    assert refused.reading.refused[0].where == "/0"
    right = json.dumps({"question": "首都？", "options": ["北京", "上海"], "answer": "A"})
    asked = Asked("auto", None, corrections={"/0": {"text": right}})
    assert right_texts(sourced.read(text.encode(), "bank.json", asked, "json").reading.questions[0]) == ["北京"]


def test_scripts_are_read_in_linear_time() -> None:
    def seconds(times: int) -> float:
        text = "const a = [" + "{x: [{y: '" * times
        began = time.perf_counter()
        script_lists.values_of(text + "\nconst b = [f(" * times)
        return time.perf_counter() - began

    seconds(2_000)
    assert seconds(32_000) < 40 * max(seconds(4_000), 0.002)


def test_options_are_told_from_their_letters_under_any_name() -> None:
    app = {"title": "几米以上？", "answer": "B"}
    boxes = [{"checked": False, "name": "1米", "value": "A"}, {"name": "2米", "value": "B", "checked": False}]
    words = [{"label": "A", "desc": "1米"}, {"label": "B", "desc": "2米"}]
    named = [{"oId": "1", "oOrder": "A", "oText": "1米"}, {"oId": "2", "oOrder": "B", "oText": "2米"}]
    found = _read(_bank(*({**app, "options": options} for options in (boxes, words, named))))
    assert [right_texts(draft) for draft in found.questions] == [["2米"]] * 3


def test_letters_said_twice_are_taken_off_twice() -> None:
    item = {"题目": "包括（）", "选项": ["A.A．甲", "B.B．乙", "C.C．丙"], "题型": "多选题", "正确答案": "A.C."}
    assert right_texts(_read(_bank(item)).questions[0]) == ["甲", "丙"]


def test_options_in_the_question_or_in_its_name_behind_strokes() -> None:
    named = json.dumps({"红军        渡赤水。|五|六|四": "四", "招聘会        收取费用。|不得|可以": "不得"})
    assert [right_texts(draft) for draft in _read(named).questions] == [["四"], ["不得"]]
    found = _read(_bank({"ID": 1, "Question": "大殿一座。|南禅寺|佛光寺", "Answer": "佛光寺"}))
    assert (found.questions[0].stem_html, right_texts(found.questions[0])) == ("大殿一座。", ["佛光寺"])


def test_the_only_list_that_can_be_the_options_is() -> None:
    lettered = {
        "question": "红茶是？",
        "opitions": {"A": "半发酵", "B": "全发酵"},
        "correct": "B",
        "tags": ["茶", "红"],
    }
    listed = {"question": "红茶是？", "candidates": ["半发酵", "全发酵"], "answer": "全发酵"}
    found = _read(_bank(lettered, listed))
    assert [right_texts(draft) for draft in found.questions] == [["全发酵"]] * 2


def test_options_under_a_name_for_the_question_and_lines_of_a_question() -> None:
    sign = {"question": {"A": "右转", "B": "左转"}, "name": "题库1", "questionStr": "这是什么标志？", "answer": "A"}
    lines = {"title": "选择", "question_text": ["读一读。", "哪项错误？"], "options": ["甲", "乙"], "answers": ["2"]}
    found = _read(_bank(sign, lines))
    assert found.questions[0].stem_html == "这是什么标志？"
    assert "哪项错误？" in found.questions[1].stem_html


def test_a_mark_behind_a_question_counts_and_none_is_no_mark() -> None:
    item = {"stem": "须经人工确认。 (3.00分)", "type": "判断题", "options": ["错误", "正确"], "answer": ["B"]}
    found = _read(_bank(item, {**item, "stem": "须确认。", "score": 0}))
    assert [(draft.stem_html, draft.mark) for draft in found.questions] == [
        ("须经人工确认。", 3000),
        ("须确认。", 1000),
    ]
    assert found.questions[0].content["answer"] is True


def test_a_case_with_options_of_its_own_is_a_choice() -> None:
    item = {"type": "case", "q": "某成员又发了广告。", "options": ["无违规", "轻微", "严重"], "answer": [2]}
    settled = {"type": "single", "q": "谁可以？", "options": ["甲", "乙"], "answer": [0]}
    assert right_texts(_read(_bank(item, settled)).questions[0]) == ["严重"]


def test_names_of_fields_seen_in_apps() -> None:
    ask = {"question": "人口最多？", "answer1": "中国", "answer2": "埃及", "true_ans": "1"}
    drill = {
        "试题正文": "拉线（ ）",
        "试题选项": "A. 正确\nB. 错误",
        "试题答案": "B",
        "题型": "判断题",
        "AI 解析": "依据",
    }
    own = {
        "stem": "选一",
        "type": "SingleChoice",
        "options": ["甲", "乙"],
        "reference-answer": "乙",
        "answer-analysis": "因",
    }
    assert right_texts(_read(_bank(ask, {**ask, "true_ans": "2"})).questions[0]) == ["中国"]
    assert _read(_bank(drill)).questions[0].explanation_html == "依据"
    assert _read(_bank(own)).questions[0].explanation_html == "因"


def _said(draft: Any) -> Any:
    """What answers a question, whatever its kind."""
    content = draft.content
    if "options" in content:
        return right_texts(draft)
    if "blanks" in content:
        return [[one["text"] for one in blank["answers"]] for blank in content["blanks"]]
    return content.get("answer", content.get("marker_html"))


PLANTS = {"几时开花": ["春天", "冬天"], "几时落叶": ["秋天", "春天"]}


def test_fields_that_nobody_knows_are_told_by_what_they_hold_in_all_records() -> None:
    stems = [f"这种树{name}？" for name in PLANTS]
    records = [
        {"fldNo": n, "fldName": stem, "fldA": among, "fldRight": among[0], "fldTips": "见书", "userAnswer": among[1]}
        for n, (stem, among) in enumerate(zip(stems, PLANTS.values(), strict=True))
    ]
    found = _read(_bank(*records))
    assert [(draft.stem_html, _said(draft)) for draft in found.questions] == [
        (stems[0], ["春天"]),
        (stems[1], ["秋天"]),
    ]
    assert [str(one) for one in found.warnings] == [
        "Told by what they hold: the fields fldName, fldRight, fldA. Please check."
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"fldMore": "这也可能是题目的文字"},
        {"fldB": ["春天", "秋天"]},
        {"fldRight": "夏天"},
    ],
)
def test_fields_that_could_be_two_things_are_left_alone(changes: dict[str, Any]) -> None:
    records = [
        {"fldName": f"这种树{name}？", "fldA": among, "fldRight": among[0]}
        | {key: f"{value}{n}" if key == "fldMore" else value for key, value in changes.items()}
        for n, (name, among) in enumerate(PLANTS.items())
    ]
    found = _read(_bank(*records))
    assert found.questions == []
    assert found.tables, "somebody at the desk can tell"


def _flagged(places: tuple[int, ...], stem: str = "哪个？", *among: str) -> dict[str, Any]:
    options = [
        {"code": "AB"[n], "content": text, "value": "1" if n in places else "0"}
        for n, text in enumerate(among or ("甲", "乙"))
    ]
    return {"qtype": "single", "content_md": stem, "options": options}


def test_options_that_say_by_a_value_that_they_are_right() -> None:
    found = _read(_bank(_flagged((0,), "一？", "春", "冬"), _flagged((1,), "二？", "东", "西")))
    assert [_said(draft) for draft in found.questions] == [["春"], ["西"]]
    assert [str(one) for one in found.warnings] == ["Told by what they hold: the fields value. Please check."]


@pytest.mark.parametrize(
    "second", [_flagged((1,)), _flagged((0,), "二？", "东", "西"), _flagged((0, 1), "二？", "东", "西")]
)
def test_values_of_a_scale_and_values_that_do_not_agree_say_nothing(second: dict[str, Any]) -> None:
    found = _read(_bank(_flagged((0,)), second))
    assert (found.questions, len(found.refused)) == ([], 2)


def test_a_scale_that_is_turned_round_and_lists_of_names_are_no_questions() -> None:
    turned = _flagged((0,), "二？")
    turned["options"].reverse()
    assert _read(_bank(_flagged((0,)), turned)).questions == []
    towns = [{"town": f"很长的地名{n}", "parts": [f"{n}东", f"{n}西"], "capital": f"{n}东"} for n in (1, 2)]
    assert _read(_bank(*towns)).questions == []


def test_flags_are_words_as_well() -> None:
    options = [{"code": "A", "content": "甲", "isRight": "NO"}, {"code": "B", "content": "乙", "isRight": "YES"}]
    found = _read(_bank({"questionsName": "哪个？", "questionsParse": "因为", "optionList": options}))
    assert (_said(found.questions[0]), found.questions[0].explanation_html) == (["乙"], "因为")


def test_an_answer_under_another_name_than_the_empty_one() -> None:
    many = {
        "type": "multi",
        "question": "哪些？",
        "options": ["甲", "乙", "丙"],
        "answer": "",
        "answer_multi": ["A", "C"],
    }
    points = {"题型": "开放题", "题目内容": "说说春天。", "参考答案要点": ["花开", "草绿"], "追问建议": ["还有呢"]}
    open_ = {"typeName": "简答题", "content": "说说冬天。", "subAnswer": "下雪", "options": []}
    assert [_said(draft) for draft in _read(_bank(many, points, open_)).questions] == [
        ["甲", "丙"],
        "花开<br>草绿",
        "下雪",
    ]


def test_digits_that_count_in_one_question_count_in_all() -> None:
    """`5 - 3` has an option 1, which the answer 1 does not mean: the other answers can be no texts."""
    sums = {"1 + 2 = ?": ["2", "3"], "5 - 3 = ?": ["1", "2"], "3 + 4 = ?": ["6", "7"]}
    found = _read(_bank(*({"question": stem, "options": among, "answer": "1"} for stem, among in sums.items())))
    assert (found.questions, len(found.refused)) == ([], 3)


def test_a_number_and_a_letter_that_agree() -> None:
    item = {"type": "single", "question": "栈是（　）", "options": ["A. 先进先出", "B. 后进先出"], "correctIndex": 1}
    found = _read(_bank({**item, "answer": "答案：B。后来的先走。"}))
    assert (_said(found.questions[0]), found.questions[0].explanation_html) == (["后进先出"], "后来的先走。")
    assert len(_read(_bank({**item, "answer": "见书。"})).refused) == 1


def test_parts_below_a_main_question_are_a_case() -> None:
    part = {"options": [{"oid": "A", "text": "甲"}, {"oid": "B", "text": "乙"}], "answer": "B"}
    case = {
        "type": "A3",
        "mainQuestion": "一人发热。",
        "subQuizs": [{"question": "先查？", **part}, {"question": "再查？", **part}],
    }
    found = _read(_bank(case, {"type": "X", "question": "哪些？", **part}))
    assert [draft.kind for draft in found.questions] == ["case", "multiple_choice"]
    essays = {"typeName": "材料分析题", "stem": "一段材料。", "subQuestions": [{"stem": "说明一", "answer": "要点"}]}
    assert [one["kind"] for one in _read(_bank(essays)).questions[0].content["questions"]] == ["essay"]


def test_a_question_and_its_options_in_one_list() -> None:
    bank = {
        "单选题": [{"question_content": ["安全指什么？", "A. 甲", "B. 乙"], "question_answer": "B"}],
        "判断题": [{"question_content": ["水能灭油火。"], "question_answer": "错误"}],
    }
    found = _read(json.dumps(bank))
    assert [(draft.stem_html, _said(draft)) for draft in found.questions] == [
        ("安全指什么？", ["乙"]),
        ("水能灭油火。", False),
    ]


def test_choices_of_practice_apps_count_from_0() -> None:
    among = [{"type": 101, "options": ["甲", "乙", "丙"]}]
    one = {"content": "哪个？", "type": 1, "accessories": among, "correctAnswer": {"type": 201, "choice": "1"}}
    many = {
        "content": "哪些？",
        "type": "多选",
        "accessories": ["甲", "乙"],
        "answer": {"choice": "0,1"},
        "solution": "因为",
    }
    judged = {"content": "水是湿的。", "type": "判断", "accessories": [], "answer": {"choice": "1"}}
    assert [_said(draft) for draft in _read(_bank(one, many, judged)).questions] == [["乙"], ["甲", "乙"], True]


def test_blanks_with_their_answers_in_slots() -> None:
    slots = [{"slot": "blank_1", "correct_answer": ["三", "3"]}, {"slot": "blank_2", "correct_answer": ["四"]}]
    item = {"question_type": "fill_blank", "stem": "{{blank:1}}位或{{blank:2}}位。", "answer_slots": slots}
    assert _said(_read(_bank(item)).questions[0]) == [["三", "3"], ["四"]]


def test_blanks_that_show_their_answers_are_emptied() -> None:
    behind = {"题型": "填空题", "题干": "首都是____（北京），大城是____（上海）。"}
    braces = {"题型": "填空题", "题干": "一年有{12}个月。", "答案": ""}
    found = _read(_bank(behind, braces))
    assert [(draft.stem_html, _said(draft)) for draft in found.questions] == [
        ("首都是____，大城是____。", [["北京"], ["上海"]]),
        ("一年有____个月。", [["12"]]),
    ]
    sets = _read(_bank({"题型": "填空题", "题干": "集合{1,2}的子集有几个？"}, {"题型": "填空题", "题干": "求{x}。"}))
    assert len(sets.refused) == 2


def test_a_question_into_which_a_program_puts_numbers_is_refused() -> None:
    found = _read(_bank({"type": "计算题", "text": "{a} + {b} = ?", "answer": "{a+b}"}))
    assert [str(one.reason) for one in found.refused] == ["A program puts the numbers into this question."]


def test_the_answer_is_the_name_of_an_option_or_of_one_in_capitals() -> None:
    named = {"question": "最高的山？", "answer_1": "泰山", "answer_2": "珠峰", "right_answer": "answer_2"}
    answers = [{"AnswerID": 1, "AnswerContent": "巴黎", "isCorrect": True}, {"AnswerID": 2, "AnswerContent": "罗马"}]
    capitals = {"QuestionID": 1, "QuestionContent": "法国首都？", "Answers": answers}
    assert [_said(draft) for draft in _read(_bank(named, capitals)).questions] == [["珠峰"], ["巴黎"]]


def test_objects_one_after_the_other_are_a_list() -> None:
    one = json.dumps({"question": "首都？", "options": ["北京", "上海"], "answer": "A"})
    assert len(_read(f"{one}{one},\n{one}").questions) == 3


PAGE = "// index.js\nPage({\n  data: { list: [%s] },\n  onLoad: function () { this.go() },\n})\n"
TYPED = "import { ref } from 'vue';\ntype Item = Known;\nconst list: Item[] = [%s];\nexport default () => list\n"
VUE = (
    "<template><p>{{ q }}</p></template>\n<script>\nexport default {\n"
    " data() { return { list: [%s] } },\n go() {} }\n</script>\n"
)


@pytest.mark.parametrize(("script", "name"), [(PAGE, "a.js"), (TYPED, "a.ts"), (VUE, "a.vue")])
def test_a_list_inside_of_a_page_is_read_from_a_file_named_as_a_script(script: str, name: str) -> None:
    found = sourced.read((script % ITEM).encode(), name, Asked("auto", None), "", at_desk=True).reading
    assert [right_texts(draft) for draft in found.questions] == [["0"]]


def test_labels_inside_of_the_fields() -> None:
    item = {"question": "【选择题】哪个对？\nA. 甲\nB. 乙", "answer": "正确答案：B\n解析：因为乙。"}
    strokes = {
        "question_type": "选择题",
        "question_title": "哪个？#A.　DB大#B.　DB小 # C.　DB同",
        "question_answer": "A",
    }
    found = _read(_bank(item, strokes))
    assert [(draft.stem_html, _said(draft)) for draft in found.questions] == [
        ("哪个对？", ["乙"]),
        ("哪个？", ["DB大"]),
    ]
    assert found.questions[0].explanation_html == "因为乙。"


@pytest.mark.parametrize(
    ("stem", "answer"), [("下列哪种不是环绕方式()", "左右型"), ("视图方式有（ ）", "普通;分页;页面;")]
)
def test_a_choice_without_its_options_is_no_blank(stem: str, answer: str) -> None:
    assert len(_read(_bank({"title": stem, "answer": answer})).refused) == 1
    assert _said(_read(_bank({"title": "首都是（ ）。", "answer": "北京"})).questions[0]) == [["北京"]]
