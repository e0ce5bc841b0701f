"""Answers in JSON under a name that says what they are, beside one that is known and holds nothing."""

from __future__ import annotations

import re
from typing import Any

from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.json_banks.dialect_items import RIGHT, Item
from question_bank.formats.json_banks.option_lists import flags_of_json
from question_bank.formats.sheets.columns import columns_of, named_columns, role_of

_WORD = (
    "sub|ref|reference|model|sample|std|standard|right|correct|final|full|text|essay|objective|subjective"
    "|multi|multiple"
)
_NAME = re.compile(
    rf"(?:{_WORD}|single|judge|fill|blank|expected|accepted|acceptable|valid|official|suggested|question)?answers?"
    r"(?:multi|multiple|single|text|key|value|content|str|letter|html|points|array)?"
    "|(?:参考|标准|正确|样例|示例|示范|官方|建议|主观|客观|多选|单选|判断|填空)?(?:题)?(?:答案|答题)(?:要点|要素|内容|文本|列表)?"
)


def with_hidden_answer(item: Item) -> Item:
    """The item with its answer under a name that is known, where just one name of an answer holds anything."""
    columns = columns_of([str(name) for name in item])
    if columns is None or columns.flags or columns.blank_answers or columns.wrong:
        return item
    values, at = list(item.values()), columns.fields.get("answer")
    if at is not None and values[at] not in (None, "", []):
        return item
    if "options" in columns.fields and flags_of_json(values[columns.fields["options"]]):
        return item
    slots = [(name, said) for name, value in item.items() if (said := _said_in_slots(value))]
    blanks = blanks_in(str(values[columns.fields["stem"]]))
    if len(slots) == 1 and len(slots[0][1]) == blanks and not ("options" in columns.fields or columns.options):
        return {**{name: value for name, value in item.items() if name != slots[0][0]}, "answer": slots[0][1]}
    found = [name for name, value in item.items() if _is_answer(str(name), value)]
    if len(found) != 1:
        return item
    known = list(item)[at] if at is not None else None
    rest = {name: value for name, value in item.items() if name not in (found[0], known)}
    return {**rest, "answer": item[found[0]]}


def _said_in_slots(value: Any) -> list[list[str]]:
    """What fills each blank, of which each is an object with its answers: `[{"slot": 1, "correct_answer": ["甲"]}]`."""
    said: list[list[str]] = []
    for one in value if isinstance(value, list) else []:
        is_slot = isinstance(one, dict) and "stem" not in named_columns([str(name) for name in one]).fields
        names = [name for name in one if name in RIGHT] if is_slot else []
        texts = one[names[0]] if len(names) == 1 else None
        texts = [texts] if isinstance(texts, str) else texts
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            return []
        said.append(texts)
    return said


def _is_answer(name: str, value: Any) -> bool:
    if role_of(name) not in {"", "answer"} or not _NAME.fullmatch(re.sub(r"[-_\s]", "", name).casefold()):
        return False
    texts = value if isinstance(value, list) else [value]
    return bool(texts) and all(isinstance(one, str) and one.strip() for one in texts)


def with_small_names(item: Item) -> Item:
    """The item with `QuestionContent`, as programs in C# write names, as `questionContent`; so in its lists."""
    if not any(_small(str(name)) != name for name in item):
        return item
    small = {_small(str(name)): _all_small(value) for name, value in item.items()}
    return small if len(small) == len(item) else item


def _small(name: str) -> str:
    return name[0].lower() + name[1:] if re.match("[A-Z][a-z]", name) else name


def _all_small(value: Any) -> Any:
    if isinstance(value, list):
        return [with_small_names(one) if isinstance(one, dict) else one for one in value]
    return value


def with_parted_stem(item: Item) -> Item:
    """`["What is …?", "A. …", "B. …"]` under a name for the question: its text, and its options below it."""
    for name, value in item.items():
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            continue
        if role_of(str(name)) != "stem" or any(role_of(str(one)) == "options" for one in item):
            continue
        below = [re.match(r"\s*([A-H])\s*[.、．:：)）,，]\s*(?=\S)", one) for one in value[1:]]
        if [mark.group(1) if mark else "" for mark in below] != [chr(65 + n) for n in range(len(below))]:
            continue
        texts = [one[mark.end() :].strip() for one, mark in zip(value[1:], below, strict=True) if mark]
        options = {"options": texts} if len(below) > 1 else {}
        if len(below) != 1:
            return {**{one: it for one, it in item.items() if one != name}, "question": value[0], **options}
    return item
