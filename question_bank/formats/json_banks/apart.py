"""Questions in JSON whose parts stand apart: answers in an object of their own, lists side by side, texts as keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.fields.answers import blanks_in, letters_in, truth
from question_bank.formats.json_banks.benchmarks import side_by_side
from question_bank.formats.json_banks.dialect_items import RIGHT, Item, stem_of
from question_bank.formats.json_banks.option_lists import options_of_json
from question_bank.formats.json_banks.unnamed import with_options_in_names
from question_bank.formats.sheets.columns import columns_of, kind_named, role_of

_KEYS = (
    "answers", "answerKey", "answer_key", "answerkey", "key", "keys", "correctAnswers", "correct_answers", "solutions",
    "answerSheet", "answer_sheet", "答案", "参考答案", "正确答案", "标准答案", "答案表",
)  # fmt: skip
_IDS = ("id", "qid", "questionId", "question_id", "number", "no", "num", "index", "题号", "序号", "编号", "question")
_NAME = re.compile(r"[A-Za-z]{0,12}[-_ ]?\d{1,6}|[A-Za-z_$][\w$-]*|\w{1,4}", re.ASCII)
"""What names something in a program, and asks nothing."""
SHORTEST_TEXT = 4
"""Characters of a key that can be the text of a question."""


def is_tuple(found: Any) -> bool:
    """Whether a list is a question: its text, its options, its answer."""
    return (
        isinstance(found, list)
        and len(found) == 3
        and isinstance(found[0], str)
        and isinstance(found[1], list)
        and len(found[1]) > 1
        and all(isinstance(one, str | int | float) for one in found[1])
        and isinstance(found[2], str | int)
    )


def with_pairs_named(found: list[Any], kind: str | None) -> list[Any]:
    """Questions of a known kind that are pairs of text and answer, `["天是蓝的。", "T"]`; others as they are."""
    if kind is None or not found or not all(_is_pair(one) for one in found):
        return found
    return [{"question": text, "answer": answer} for text, answer in found]


def _is_pair(one: Any) -> bool:
    if not isinstance(one, list) or len(one) != 2 or not all(isinstance(part, str) and part.strip() for part in one):
        return False
    asks = len(one[0]) > SHORTEST_TEXT and len(one[0]) > len(one[1])
    return asks and (truth(one[1]) is not None or bool(letters_in(one[1])) or blanks_in(one[0]) > 0)


def together(found: Item) -> Item:
    """The object with its questions whole; as it is when it holds none whose parts stand apart."""
    found = side_by_side(_with_answers_named(with_options_in_names(found)))
    return _with_texts(_with_key(_with_shared_options(found)))


def _with_shared_options(found: Item) -> Item:
    """Options that stand once above several questions, of which each is answered with some of their letters."""
    name = next((one for one in found if role_of(str(one)) == "options" and len(options_of_json(found[one])) > 1), None)
    lists = [one for one, value in found.items() if one != name and isinstance(value, list) and _are_without(value)]
    if name is None or len(lists) != 1 or len(found[lists[0]]) < 2:
        return found
    letters = set(options_of_json(found[name]))
    answers = [letters_in(str(next(one[key] for key in RIGHT if key in one))) for one in found[lists[0]]]
    if not all(said and set(said) <= letters for said in answers):
        return found
    whole = [{**one, "options": found[name]} for one in found[lists[0]]]
    return {**{one: value for one, value in found.items() if one != name}, lists[0]: whole}


def _are_without(value: list[Any]) -> bool:
    """Whether a list holds questions that have answers and no options."""
    return all(
        isinstance(one, dict)
        and stem_of(one)
        and any(isinstance(one.get(name), str) for name in RIGHT)
        and not any(role_of(str(name)) == "options" for name in one)
        for one in value
    )


def _with_answers_named(found: Item) -> Item:
    """Lists side by side, whatever the one with the answers is called."""
    if isinstance(found.get("questions"), list) and "answers" not in found:
        named = next((name for name in _KEYS if isinstance(found.get(name), list)), None)
        if named and all(isinstance(one, str) for one in found["questions"]):
            return {"answers" if name == named else name: value for name, value in found.items()}
    return found


def _with_key(found: Item) -> Item:
    """Questions without answers beside an object or a list that has an answer for each."""
    key = next((name for name in _KEYS if isinstance(found.get(name), dict | list) and found[name]), None)
    lists = [name for name, value in found.items() if name != key and _are_open(value)]
    if key is None or len(lists) != 1:
        return found
    asked = found[lists[0]]
    answers = _answers(found[key], asked)
    if answers is None:
        return found
    whole = [{**one, "answer": answer} for one, answer in zip(asked, answers, strict=True)]
    return {**{name: value for name, value in found.items() if name != key}, lists[0]: whole}


def _are_open(value: Any) -> bool:
    """Whether a list holds nothing but questions, none of which has an answer."""
    return (
        isinstance(value, list)
        and len(value) > 0
        and all(isinstance(one, dict) and stem_of(one) and not any(one.get(name) for name in RIGHT) for one in value)
    )


def _answers(key: Any, asked: list[Item]) -> list[Any] | None:
    """An answer for each question, by its id or number; None unless there is just one for every question."""
    if isinstance(key, list) and all(isinstance(one, dict) for one in key):
        pairs = [(_id_of(one), next((one[name] for name in RIGHT if name in one), None)) for one in key]
        if any(name is None or answer is None for name, answer in pairs) or len(dict(pairs)) < len(pairs):
            return None
        key = dict(pairs)
    if isinstance(key, list):
        return key if len(key) == len(asked) and not any(isinstance(one, dict) for one in key) else None
    named: Mapping[str, Any] = {str(name): value for name, value in key.items()}
    names = [_id_of(one) for one in asked]
    if len(set(names)) < len(names) or None in names:
        names = [str(n) for n in range(1, len(asked) + 1)]
    answers = [named.get(str(name)) for name in names]
    answers = [_only_answer(one) for one in answers]
    return answers if all(one is not None for one in answers) and len(named) == len(asked) else None


def _only_answer(value: Any) -> Any:
    """`{"answer": "B", "explanation": …}` stands for B."""
    return next((value[name] for name in RIGHT if name in value), None) if isinstance(value, dict) else value


def _id_of(item: Item) -> str | None:
    return next((text_of_cell(item[name]) for name in _IDS if isinstance(item.get(name), str | int)), None)


def _with_texts(found: Item) -> Item:
    """`{"What is red?": {"options": …, "answer": …}}`: the names are the texts of the questions."""
    if not found or not all(isinstance(value, dict) and _is_without_text(name, value) for name, value in found.items()):
        return found
    return {name: {"question": name, **value} for name, value in found.items()}


def _is_without_text(name: str, value: Item) -> bool:
    if len(name) < SHORTEST_TEXT or _NAME.fullmatch(name) or kind_named(name) or role_of(name):
        return False
    columns = columns_of(["question", *map(str, value)])
    return (
        columns is not None
        and columns.fields["stem"] == 0
        and "answer" in columns.fields
        and not any(role_of(str(one)) == "stem" for one in value)
    )
