"""Fields of a question in JSON that nobody else names or writes so: marks, accepted answers, lists as texts."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from question_bank.formats.json_banks.by_values import ASKS, TOLD
from question_bank.formats.json_banks.dialect_items import IDENTIFIER, RIGHT, STEMS, Item
from question_bank.formats.json_banks.option_lists import flags_of_json
from question_bank.formats.json_banks.wrapped import unwrapped
from question_bank.formats.sheets.columns import kind_named, role_of

_MARK = re.compile(r"score|(?:分值|分数|满分)|(?:^|题|本|总)分$")
_OTHER_MARK = re.compile(
    r"user|my|stu|get|gain|got|obtain|earn|avg|aver|mean|rat[eio]|diff|hard|pass|real|actual|conf|qual|relev|match|simil"
    r"|rank|paper|exam|卷|(?:^|_)ai|best|last|high|low|wrong|part|miss|less|min|discrim|import|weight|label|得|难|平均|率|及格|我|用户"
    r"|学生|实际|部分|漏|错"
)
"""Scores that are not what a question is worth: what somebody got for it, how hard it is."""
_OF_ALL = re.compile(r"total|总")
"""In rows of a table, what the whole paper is worth."""
_FULL = re.compile(r"(?:full|max|positive|correct)[-_]?(?:score|mark|point)s?|满分|题目满分|本题满分", re.IGNORECASE)
"""Names of what a question is worth, beside which any other score is what somebody got."""
HIGHEST_MARK = 100
_ACCEPTED = re.compile(r"accept|alternativ|variant|synonym|同义|可接受|备选答案")


def with_fields_settled(item: Item) -> Item:
    """The item with its fields as others write them."""
    item = {name: value for name, value in item.items() if not (isinstance(value, bool) and _is_mark(str(name)))}
    settled = unwrapped(_with_described(_with_solution_parted(_with_lists_read(item))))
    return _with_content_above(_with_title_settled(_with_number_cut(settled)))


def _with_lists_read(item: Item) -> Item:
    """The item with lists that stand as JSON in a text read, `"[\\"甲\\", \\"乙\\"]"` beside `"[1]"`.

    Only where the options are such a text: alone, `[1, 2]` is one of mathematics.
    """
    texts = {name: value for name, value in item.items() if isinstance(value, str) and value.lstrip()[:1] == "["}
    options = {
        name: found for name, value in texts.items() if role_of(str(name)) == "options" if (found := _list(value))
    }
    if not options:
        return item
    answers = {name: found for name, value in texts.items() if name in RIGHT if (found := _list(value))}
    return {**item, **options, **answers}


def _list(text: str) -> list[Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None


def _with_solution_parted(item: Item) -> Item:
    """`solution: {"analysis": …}` beside an answer is no second one: what it holds belongs to the question."""
    inside = item.get("solution")
    if not isinstance(inside, dict) or not any(item.get(name) for name in RIGHT if name != "solution"):
        return item
    return {**inside, **{name: value for name, value in item.items() if name != "solution"}}


_NUMBER = re.compile(
    r"\s*(?:第\s*\d{1,4}\s*[题問问]|题目?\s*\d{1,4})\s*(?:[(（【\[]\s*([\u4e00-\u9fff]{2,5})\s*[)）】\]])?\s*"
)


def _with_number_cut(item: Item) -> Item:
    """`{"title": "第5题(判断)", "topic": "地球会自转。"}`: a number asks nothing, the text beside it does."""
    for name in ("title", "name"):
        label = _NUMBER.fullmatch(item[name]) if isinstance(item.get(name), str) else None
        said = [one for one in ("topic", *_TEXTS) if isinstance(item.get(one), str) and item[one].strip()]
        if label is None or len(said) != 1 or any(item.get(one) for one in ("question", "stem", "题目", "题干")):
            continue
        rest = {"question" if one == said[0] else one: value for one, value in item.items() if one != name}
        kind = label.group(1) or ""
        return {**rest, "type": kind} if kind_named(kind) and item.get("type") else rest
    return item


_TEXTS = ("content", "text", "body")


def _with_title_settled(item: Item) -> Item:
    """A title beside a text of which only one asks: the text alone, or the title with what the text adds to it.

    `{"title": "结构体", "content": "下列正确的是（ ）"}` and `{"title": "哪一个是质数？", "content": "请选择"}`.
    """
    texts = (*_TEXTS, "description")
    title, said = item.get("title"), next((one for one in texts if isinstance(item.get(one), str)), None)
    if not isinstance(title, str) or not title.strip() or said is None or not item[said].strip():
        return item
    if not any(name in item for name in RIGHT) or any(isinstance(item.get(one), str) for one in ("question", "stem")):
        return item
    rest = {name: value for name, value in item.items() if name not in ("title", said)}
    if ASKS.search(item[said]):
        return item if ASKS.search(title) else {"question": item[said], **rest}
    return {"question": f"{title}\n{item[said]}", **rest} if ASKS.search(title) and said == "content" else item


_ASKED = (
    "question", "stem", "question_content", "questionContent", "question_text", "questionText", "题干", "题目", "问题",
)  # fmt: skip


def _with_content_above(item: Item) -> Item:
    """`{"content": "短文", "question": "…？"}`: what the question is about stands above it, and is not the question."""
    name = next((one for one in _ASKED if isinstance(item.get(one), str) and item[one].strip()), None)
    content = item.get("content")
    if name is None or not isinstance(content, str) or not content.strip():
        return item
    asked = item[name].strip()
    if (ASKS.search(content) and not ASKS.search(asked)) or asked.isdigit():
        return item
    rest = {one: value for one, value in item.items() if one not in ("content", name)}
    is_said = content.strip() in asked or asked in content
    return {"question": asked if is_said else f"{content.strip()}\n\n{asked}", **rest}


_DESCRIPTIONS = ("desc", "description", "题目描述", "message")


def _with_described(item: Item) -> Item:
    """`{"desc": "延时小于（ ）s。", "name": "que1"}`: a name that is an id asks nothing; the description does."""
    name, said = item.get("name"), next((one for one in _DESCRIPTIONS if isinstance(item.get(one), str)), None)
    if said is not None and name is None and _are_flagged_alone(item):
        return {"question" if one == said else one: value for one, value in item.items()}
    if said is None or not isinstance(name, str) or not IDENTIFIER.fullmatch(name):
        return item
    if any(isinstance(item.get(one), str) for one in STEMS if one != "name"):
        return item
    return {"question" if one == said else one: value for one, value in item.items() if one != "name"}


def _are_flagged_alone(item: Item) -> bool:
    """Whether an item has options that say which is right, and nothing that is called a question or a title."""
    if any(isinstance(item.get(one), str) for one in STEMS):
        return False
    lists = [value for one, value in item.items() if isinstance(value, list) and role_of(str(one)) == "options"]
    return len(lists) == 1 and len(lists[0]) > 1 and bool(flags_of_json(lists[0]))


def with_mark(question: Item, found: Item) -> Item:
    """The question with the mark that `found`, as it stood in the file, has under a name of its own, and a note."""
    if full := {float(value) for name, value in found.items() if _FULL.fullmatch(str(name)) and is_worth(value)}:
        rest = {name: value for name, value in question.items() if not _is_mark(str(name))}
        return {**rest, "score": full.pop()} if len(full) == 1 else question
    if any(_is_mark(str(name)) for name in question):
        return question
    marks = {str(name): value for name, value in found.items() if _could_be_mark(str(name)) and is_worth(value)}
    if not marks or len({float(value) for value in marks.values()}) > 1:
        return question
    name, value = next(iter(marks.items()))
    rest = {one: it for one, it in question.items() if one != name}
    told = ", ".join(filter(None, (question.get(TOLD), name)))
    return {**rest, "score": value, TOLD: told}


@lru_cache(maxsize=4096)
def _is_mark(name: str) -> bool:
    return role_of(name) == "mark"


@lru_cache(maxsize=4096)
def _could_be_mark(name: str) -> bool:
    return bool(_MARK.search(name.casefold())) and not _OTHER_MARK.search(name.casefold())


def is_worth(value: Any) -> bool:
    """Whether a value is a number that a question could be worth."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_number = is_number or (isinstance(value, str) and bool(re.fullmatch(r"\d{1,3}(?:\.\d{1,2})?", value.strip())))
    return is_number and 0 < float(value) <= HIGHEST_MARK


def names_mark(head: str) -> bool:
    """Whether the head of a column could say what each question is worth."""
    return _could_be_mark(head) and not _OF_ALL.search(head.casefold())


@lru_cache(maxsize=4096)
def says_accepted(name: str) -> bool:
    """Whether a name says that what stands there is accepted as an answer as well."""
    return bool(_ACCEPTED.search(name.casefold()))
