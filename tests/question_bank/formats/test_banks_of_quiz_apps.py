"""Question banks as quiz apps and mini programs keep them: in JSON, and as data in scripts."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import literals, sourced
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
        literals.values_of(text + "\nconst b = [f(" * times)
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
