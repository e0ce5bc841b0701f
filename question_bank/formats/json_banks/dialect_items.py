"""What the dialects of quiz programs in JSON share: names of the question's text and answer, parts and materials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from question_bank.formats.sheets.columns import columns_of, kind_named, role_of

Item = dict[str, Any]
INDEX = "answer_index"
"""The key under which an answer stands that counts the options from 0."""
STEMS = (
    "question",
    "questionText",
    "question_text",
    "q",
    "prompt",
    "stem",
    "title",
    "text",
    "题目",
    "题干",
    "content",
    "questionTitle",
    "questionContent",
    "questionName",
    "问题",
    "试题",
    "题面",
    "题目内容",
    "statement",
    "problem",
    "questionStr",
    "questionDesc",
    "quContent",
    "describe",
    "phrase",
    "name",
)
_STEMS = frozenset(STEMS)
RIGHT = (
    "correct_answer_key", "correctAnswerKey",
    "correct", "correctAnswer", "correctOptionKey", "rightOptionKey", "correctKey", "correctLetter",
    "answerLetter", "correct_letter", "correctChoice", "answer_text", "answerText", "correct_text",
    "correctText", "correct_answer", "correctAnswers", "correct_answers", "correctOption", "correct_option",
    "correctIndex", "correct_index", "answerIndex", "answer_index", "rightAnswer", "right_answer", "answer",
    "ans", "solution", "quAnswer", "correctAnswerIndex", "correctOptionIndex", "correctAnswerText", "correctOptions",
    "correctOptionId", "correct_option_id", "correctOptionIds", "correct_option_ids", "correct_option_index",
    "正确答案", "correctIndices", "correct_indices", "answerIndices", "answer_indices", "correctAnswerIndices",
    "correctAns", "correctArray", "correct_array", "correctAnswerList", "rightAnswerList",
)  # fmt: skip


def kept(item: Item, *more: str) -> Item:
    """What an item says beside its question and answer, under names that mean the same everywhere."""
    names = (
        "difficulty",
        "category",
        "explanation",
        "tags",
        "points",
        "score",
        "解析",
        "难度",
        "知识点",
        "topic",
        "source",
        "reference",
        "出处",
        "来源",
        *more,
    )
    return {name: item[name] for name in names if name in item}


def flagged(texts: list[str], right: set[int]) -> list[Item]:
    """Options that say of themselves whether they are right."""
    return [{"text": text, "correct": n in right} for n, text in enumerate(texts)]


def kind_said(item: Item) -> str | None:
    """The kind that an item names under any of the names for it; None where it names none."""
    said = next((item[name] for name in _SAYS_KIND if item.get(name)), None)
    return kind_named(said) if isinstance(said, str) else None


def text_within(value: Mapping[str, Any]) -> str | None:
    """The text of an object that holds nothing else: `{"text": "…", "image": null}`."""
    texts = [value[name] for name in ("text", "文本", "内容", "content", "html", "value") if value.get(name)]
    others = [name for name, one in value.items() if one and one not in texts and name not in {"format", "type"}]
    return texts[0] if texts and isinstance(texts[0], str) and not others else None


def stem_of(item: Item) -> str | None:
    """The question of an item, under any of its names."""
    if _STEMS.isdisjoint(item):
        columns = columns_of([str(name) for name in item])
        found = None if columns is None else list(item.values())[columns.fields["stem"]]
        return found if isinstance(found, str) and found.strip() else None
    for name in STEMS:
        value = item.get(name)
        if isinstance(value, dict):
            value = text_within(value)
        if isinstance(value, str) and value.strip() and not (name == "name" and IDENTIFIER.fullmatch(value)):
            return value
    return None


IDENTIFIER = re.compile(r"[A-Za-z]{1,12}[-_]?\d{1,6}")
"""`question1` asks nothing."""
_TASKS = ("instruction", "instructions", "directions", "task")


def task_of(item: Item) -> str | None:
    """The question of an item, or what it says is to be done."""
    said = (item[name] for name in _TASKS if isinstance(item.get(name), str) and item[name].strip())
    return stem_of(item) or next(said, None)


_PASSAGES = (
    "passage", "material", "article", "stimulus", "材料", "案例", "context", "passageText", "passage_text", "paragraph",
    "paragraph_text", "paragraphText", "短文", "文章",
)  # fmt: skip
_LONG_TEXTS = ("text", "reading", "reading_text", "readingText", "transcript", "script", "body")
_OF_CHAPTERS = ("title", "name", "chapter", "section", "subject", "标题", "名称", "章节")
_INSTRUCTS = re.compile(r"每\s*(?:小|道)?\s*题\s*\d|共\s*\d+\s*(?:小|道)?\s*题")
_SAYS_KIND = ("type", "question_type", "questionType", "qtype", "kind", "题型", "类型")
LONG = 30
"""Characters from which `text` beside questions is what they are about, and no name of theirs."""


_MAIN = re.compile("(?:main|big|parent|common)[-_]?(?:question|stem|title|content|text)")
_SUB = re.compile(
    "(?:sub|small|child)[-_]?(?:question|quiz|quizz|item|topic|problem)(?:s|e?s|list)?"
    "|(?:子|小)(?:题目?|问题?|试题)(?:列表|集)?"
)


def material_of(item: Item) -> tuple[str, list[Any], str] | None:
    """A text with questions about it: the text, the questions, and the key under which they stand."""
    text = next((item[n] for n in _PASSAGES if isinstance(item.get(n), str)), None)
    text = text or next((item[n] for n in _LONG_TEXTS if isinstance(item.get(n), str) and len(item[n]) >= LONG), None)
    text = text or _named_material(item)
    keys: tuple[str, ...] = ("questions", "subQuestions", "subquestions", "sub_questions", "children", "小题", "子题")
    if text is None and not any(isinstance(item.get(name), str) and item[name].strip() for name in ("stem", "题干")):
        keys = keys[1:]
    text = (
        text
        or _beside_title(item)
        or stem_of(item)
        or next((item[n] for n in item if _MAIN.fullmatch(str(n).casefold())), None)
    )
    if not isinstance(text, str) or not text.strip():
        return None
    keys += tuple(name for name in item if _SUB.fullmatch(str(name).casefold()))
    key = next((name for name in keys if isinstance(item.get(name), list) and item[name]), None)
    if key is None or not all(isinstance(one, dict) for one in item[key]):
        return None
    return text, item[key], key


def _beside_title(item: Item) -> str | None:
    """The only long text beside a title, under whatever name: it is what the questions are about."""
    titled = any(isinstance(item.get(name), str) and item[name].strip() for name in _OF_CHAPTERS)
    if not titled or any(isinstance(item.get(name), str) for name in STEMS if name not in _OF_CHAPTERS):
        return None
    long = [
        value
        for name, value in item.items()
        if isinstance(value, str) and len(value) >= LONG and not _says_else(name, value)
    ]
    return long[0] if len(long) == 1 else None


def _says_else(name: str, value: str) -> bool:
    return name in _OF_CHAPTERS or role_of(name) not in {"", "stem", "material"} or "://" in value.split(maxsplit=1)[0]


def _named_material(item: Item) -> str | None:
    """The text of what calls itself a case, `{"type": "材料题", "content": …}`, or a long `content` of no chapter."""
    content = item.get("content")
    is_long = isinstance(content, str) and len(content) >= LONG and not _INSTRUCTS.search(content)
    if is_long and not any(item.get(name) for name in _OF_CHAPTERS):
        return str(content)
    if kind_said(item) != "case":
        return None
    named = (name for name in STEMS if name not in {"title", "name", "questionTitle", "questionName"})
    return next((item[name] for name in named if isinstance(item.get(name), str)), None)
