"""Fields of a question in JSON that stand one level too deep, or say something in the text of another field."""

from __future__ import annotations

import re
from typing import Any

from question_bank.formats.json_banks.dialect_items import RIGHT, STEMS, Item, kind_said
from question_bank.formats.json_banks.number_answers import with_number_said
from question_bank.formats.json_banks.option_ids import RIGHT_IDS
from question_bank.formats.json_banks.option_lists import FLAG_NAMES, flags_of_json, options_of_json
from question_bank.formats.json_banks.unnamed import are_lettered
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.sheets.columns import columns_of, role_of

_INSIDE = ("options", "choices", "list", "items", "data", "选项")
_ASKED = tuple(name for name in STEMS if name not in {"title", "text", "content", "name"})
"""What names a question: a list of such objects holds no options."""
_ANSWERS = frozenset({*RIGHT, *RIGHT_IDS, "value", "答案", "正确答案"})


def unwrapped(item: Item) -> Item:
    """The item with its options and its answer as others write them."""
    for change in (
        with_number_said,
        _with_flagged,
        _with_letters_named,
        _with_options,
        _with_answer,
        _with_answer_said,
        _with_marked_options,
        _with_filled,
        _with_tolerance,
    ):
        item = change(item)
    return item


def _with_flagged(item: Item) -> Item:
    """The only list of objects that say of themselves whether they are right, as the options, whatever its name is.

    So with a list under another name for options, where nothing else is called so.
    """
    title = next((str(item[one]) for one in ("title", "name", "标题", "名称") if item.get(one)), "")
    if any(one in item for one in ("options", "choices", "选项")) or heading_of(title) is not None:
        return item
    named = [name for name, value in item.items() if _are_objects(value) and role_of(str(name)) == "options"]
    flagged = [name for name, value in item.items() if _are_objects(value) and _say_right(value)]
    found = flagged or named
    if len(found) != 1:
        return item
    return {"options" if name == found[0] else name: value for name, value in item.items()}


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1 and all(isinstance(one, dict) for one in value)


def _say_right(options: list[Item]) -> bool:
    """Whether all of them have a flag of the same name, and a text beside it."""
    if any(name in one for one in options for name in _ASKED):
        return False
    names = [name for name in FLAG_NAMES if all(name in one and one[name] in (True, False, 0, 1) for one in options)]
    texts = options_of_json(options)
    return len(names) == 1 and len(set(texts.values())) == len(options) and any(len(one) > 1 for one in texts.values())


_LETTER = re.compile("[A-H]")


def _with_letters_named(item: Item) -> Item:
    """`{"answerList": ["A", "C"], "optionMap": [{"A": "…", "B": "…", "C": "…"}]}`: letters alone are the answer."""
    letters = [name for name, value in item.items() if role_of(str(name)) == "options" and _are_letters(value)]
    texts = {name: found for name, value in item.items() if are_lettered(found := _lone(value))}
    is_said = any(role_of(str(name)) == "answer" and value not in (None, "", []) for name, value in item.items())
    if is_said or len(letters) != 1 or len(texts) != 1 or not set(item[letters[0]]) <= set(*texts.values()):
        return item
    rest = {name: value for name, value in item.items() if name not in {*letters, *texts}}
    return {**rest, "options": next(iter(texts.values())), "answer": item[letters[0]]}


def _are_letters(value: Any) -> bool:
    is_list = isinstance(value, list) and bool(value)
    return is_list and all(isinstance(one, str) and _LETTER.fullmatch(one) for one in value)


def _lone(value: Any) -> Any:
    """The only entry of a list; anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _with_options(item: Item) -> Item:
    """`"options": {"options": […]}` and `"options": [[…]]` as the list itself."""
    for name, value in item.items():
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) and role_of(name) == "options":
            return {**item, name: value[0]}
        if isinstance(value, list) and role_of(name) == "options" and are_lettered(_lone(value)):
            return {**item, name: _lone(value)}
        if _are_alone(value) and role_of(name) == "options":
            return {one: _alone(it) if role_of(one) == "answer" else it for one, it in item.items()} | {
                name: [one[0] for one in value]
            }
        full = [one for one in value if value[one] not in (None, "", [], False)] if isinstance(value, dict) else []
        if len(full) == 1 and full[0] in _INSIDE and isinstance(value[full[0]], list) and role_of(name) == "options":
            return {**item, name: value[full[0]]}
    return item


def _are_alone(value: Any) -> bool:
    """Whether each entry of a list is a list of one object: `[[{"key": "A", …}], [{"key": "B", …}]]`."""
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(one, list) and len(one) == 1 and isinstance(one[0], dict) for one in value)
    )


def _alone(value: Any) -> Any:
    """`[["C"]]` as `["C"]`, beside options that stand so."""
    is_nested = isinstance(value, list) and len(value) == 1 and isinstance(value[0], list)
    return value[0] if is_nested else value


def _with_answer(item: Item) -> Item:
    """`"solution": {"correct_option_id": "b"}` as the answer that it holds, under the name that it has there."""
    for name, value in item.items():
        if not isinstance(value, dict) or len(value) != 1 or role_of(str(name)) != "answer":
            continue
        inside, said = next(iter(value.items()))
        if inside in _ANSWERS and not isinstance(said, dict) and not any(item.get(one) for one in RIGHT if one != name):
            kept = {one: it for one, it in item.items() if one != name}
            return {**kept, ("answer" if inside in {"value", "答案", "正确答案"} else inside): said}
        if isinstance(said, str) and _OF_PLACE.fullmatch(str(inside)):
            return {**item, name: said}
    return item


_OF_PLACE = re.compile(r"(?:q|question|ans|input|blank|field|slot)[-_]?\d{0,2}|main|default", re.IGNORECASE)
"""Names of the place on a form that is answered: `{"q": "B"}`; `{"A": "对"}` says more than its value."""


_SAID = ("labels", "label", "letters", "letter", "keys", "key", "values", "value", "raw", "text", "content")
"""What an object says of an answer, the surest first."""


def _with_answer_said(item: Item) -> Item:
    """`"answer": {"labels": ["A", "C"], "raw": "AC"}` as the first of these that says anything."""
    for name, value in item.items():
        if (
            not isinstance(value, dict)
            or len(value) < 2
            or role_of(str(name)) != "answer"
            or not set(value) <= {*_SAID}
        ):
            continue
        said = next((value[one] for one in _SAID if value.get(one) not in (None, "", [])), None)
        if said is not None and not isinstance(said, dict):
            return {**item, name: said}
    return item


_MARKED = re.compile(
    r"(?<=\S)\s*(?:(?<![\]).])(?<!\bint)(?<!\bchar)(?<!\bvoid)(?<!\bfloat)(?<!\bdouble)(?<!\b\w)[*＊]|[✓✔√✅☑]"
    r"|[(（【\[]\s*(?:正确答案|正确|答案|对|right|correct(?: answer)?|answer|✓|√)\s*[)）】\]])\s*$",
    re.IGNORECASE,
)


def _with_marked_options(item: Item) -> Item:
    """Options of which some end with a sign for the right ones, `B. 比特每秒*`, where no other field has an answer."""
    columns = columns_of([str(name) for name in item])
    if columns is None or "options" not in columns.fields:
        return item
    name = list(item)[columns.fields["options"]]
    texts = item[name]
    if not isinstance(texts, list) or not texts or not all(isinstance(one, str) for one in texts):
        return item
    said = [one for one, value in item.items() if role_of(str(one)) == "answer" and value not in (None, "", [])]
    right = [_MARKED.search(one) is not None for one in texts]
    if said or not any(right) or flags_of_json(texts):
        return item
    bare = [_MARKED.sub("", one) for one in texts]
    if len(texts) == 1 and kind_said(item) == "true_false":
        return {**{one: it for one, it in item.items() if one != name}, "answer": bare[0]}
    if len(texts) < 2 or all(right):
        return item
    return {**item, name: [{"text": one, "correct": is_right} for one, is_right in zip(bare, right, strict=True)]}


_TOLERANCES = ("tolerance", "margin", "errorMargin", "error_margin", "误差", "容差")


def _with_tolerance(item: Item) -> Item:
    """`{"type": "numeric", "answer": 42, "tolerance": 2}` with both in the answer."""
    around = next((item[name] for name in _TOLERANCES if type(item.get(name)) in {int, float}), 0)
    answer = next((name for name in RIGHT if type(item.get(name)) in {int, float, str}), None)
    if not around or answer is None or kind_said(item) != "numerical":
        return item
    return {**item, answer: f"{item[answer]}±{around}"}


_FILLED = frozenset({"fill_in", "short_answer"})


def _with_filled(item: Item) -> Item:
    """`{"type": "fill", "answers": ["H2O"], "correct": [0]}`: what fills the blank, and which of it is right."""
    texts, named = item.get("answers"), [name for name in ("correct", "correctIndex", "correct_index") if name in item]
    if kind_said(item) not in _FILLED or not isinstance(texts, list) or len(named) != 1:
        return item
    said: Any = item[named[0]]
    places = said if isinstance(said, list) else [said]
    if not texts or not all(type(one) is int and 0 <= one < len(texts) for one in places) or 0 not in places:
        return item
    rest = {name: value for name, value in item.items() if name not in {"answers", named[0]}}
    return {**rest, "answer": [texts[one] for one in places]}
