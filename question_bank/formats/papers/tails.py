"""Fields that stand behind a question or its answer: 解析, 出处, 难度 and their like."""

from __future__ import annotations

import re

from question_bank.formats.papers.shapes import labelled

_TAILS = {
    "explanation": "答案解析 试题解析 题目解析 整体解析 解析 分析 详解 解释说明 答案解释 参考解析 解释 点评 解题思路 "
    "思路 答案说明 改正 explanation rationale feedback analysis",
    "source": "出处 来源 依据 题目来源 试题来源 法规依据 source reference",
    "topic": "知识点 考点 考查点 考核点 考查要点 所属知识点 章节 所属章节 分类 类别 category topic chapter",
    "tags": "标签 关键词 关键字 tags tag keywords",
    "hint": "提示 答题提示 解题提示 题目提示 hint",
    "difficulty": "难度 难易度 难易程度 难度系数 难度等级 难易 difficulty level",
    "mark": "分值 分数 本题分值 题目分值 score points mark marks",
    "kind": "题型 类型 题目类型 试题类型 question type type",
    "ignored": "得分 评分 本题得分 本题总得分 总得分 我的得分 学生得分 正确率 题号 编号 试题编号 答题时间 建议用时",
}
_TAIL_NAMES = {name: role for role, names in _TAILS.items() for name in names.replace("question type", "").split()}
_TAIL_WORDS = "|".join(sorted(map(re.escape, _TAIL_NAMES), key=len, reverse=True)) + "|question type"
_TAIL = re.compile(
    rf"\s*(?:[【\[〖(]\s*(?:[\u4e00-\u9fff]{{0,3}}(?=解析))?(?P<a>{_TAIL_WORDS})\s*[】\]〗)]\s*:?"
    rf"|(?:[此本该]题)?(?P<b>{_TAIL_WORDS})\s*(?:\([^()]{{1,20}}\)\s*)?:)\s*",
    re.IGNORECASE,
)
_TAIL_INSIDE = re.compile(
    rf"[\s;,。.|]*(?:[【\[〖]\s*(?P<a>{_TAIL_WORDS})\s*[】\]〗]\s*:?|(?<![\u4e00-\u9fff])(?P<b>{_TAIL_WORDS})\s*:)\s*",
    re.IGNORECASE,
)


def tail_of(text: str) -> tuple[str, str] | None:
    """The field that a line begins (explanation, source, topic …) and the text after its name."""
    found = _TAIL.match(labelled(text))
    return (_tail_role(found), text[found.end() :].strip()) if found else None


def cut_tails(text: str) -> tuple[str, list[tuple[str, str]]]:
    """An answer's text without the fields that stand behind it in the same line, and those fields."""
    marks = list(_TAIL_INSIDE.finditer(labelled(text)))
    if not marks:
        return text.strip(), []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    tails = [(_tail_role(mark), text[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=True)]
    return text[: marks[0].start()].strip(), tails


def _tail_role(found: re.Match[str]) -> str:
    name = (found.group("a") or found.group("b")).casefold()
    return _TAIL_NAMES.get(name, "kind")
