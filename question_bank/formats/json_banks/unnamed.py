"""Questions in JSON whose options stand under a name that is another thing elsewhere, or one that nobody else uses."""

from __future__ import annotations

import re
from typing import Any

from learnhub.kernel.cells import folded, text_of_cell
from question_bank.formats.json_banks.dialect_items import RIGHT, STEMS, Item, stem_of
from question_bank.formats.json_banks.option_lists import options_of_json
from question_bank.formats.sheets.columns import columns_of

_ABOUT = re.compile(
    "tag|label|keyword|point|chapter|level|source|reference|image|img|pic|media|file|hint|explan|analys|answer|correct"
    "|partial|slot|step|score|mark|solution|comment|reply|log|标签|知识|章节|关键|来源|图|解析|答案|正确|提示|评论|步骤|得分"
)
"""What lists beside a question hold that are none of its options."""

SHORTEST_NAME = 4
"""Characters of a name that can be the text of a question."""


def in_letters(item: Item) -> Item | None:
    """An object of options by letter under a name for the question, which stands under another one."""
    name = next((one for one in STEMS if are_lettered(item.get(one))), None)
    if name is None or item.get("options"):
        return None
    rest = {one: value for one, value in item.items() if one != name}
    stem = stem_of(rest)
    if stem is None:
        return None
    return {
        **{one: value for one, value in rest.items() if one not in STEMS},
        "question": stem,
        "options": item[name],
    }


def are_lettered(value: Any) -> bool:
    """Whether a value is an object of texts by the letters from A on."""
    return (
        isinstance(value, dict)
        and len(value) > 1
        and "".join(map(str, value)) == "ABCDEFGHIJ"[: len(value)]
        and all(isinstance(text, str | int | float) for text in value.values())
    )


def unnamed_options(item: Item) -> Item | None:
    """The only list that could hold the options, when the answer names some of it and no options are known."""
    columns = columns_of([str(name) for name in item])
    if columns is None or "options" in columns.fields or columns.options:
        return None
    key = list(item)[columns.fields["answer"]] if "answer" in columns.fields else ""
    stem, names = stem_of(item), (*RIGHT, key)
    answer = next((item[name] for name in names if item.get(name) not in (None, "", [])), None)
    if stem is None or answer is None:
        return None
    lists = [name for name, value in item.items() if name != key and could_be_options(str(name), value)]
    if len(lists) != 1 or columns.flags or columns.wrong:
        return None
    options = options_of_json(item[lists[0]])
    said = [text_of_cell(one) for one in (answer if isinstance(answer, list) else [answer])]
    letters = "".join(said).replace(",", "").replace(" ", "").upper()
    is_named = all(one in options for one in letters) or {*map(folded, said)} <= {*map(folded, options.values())}
    if not is_named and not all(type(one) is int for one in (answer if isinstance(answer, list) else [answer])):
        return None
    return {**{name: value for name, value in item.items() if name != lists[0]}, "options": item[lists[0]]}


def could_be_options(name: str, value: Any) -> bool:
    """Whether a value could be the options of a question, and its name speaks of nothing else."""
    if _ABOUT.search(name.casefold()):
        return False
    if are_lettered(value):
        return True
    return (
        isinstance(value, list)
        and 2 <= len(value) <= 10
        and (all(isinstance(one, str) for one in value) or all(isinstance(one, dict) for one in value))
        and any(len(text) > 1 for text in options_of_json(value).values())
    )


def parted(text: str, answer: str) -> Item | None:
    """`The sky is …|blue|green` with the answer `blue`: a question that holds its options."""
    stem, *options = (part.strip() for part in text.split("|"))
    if len(options) < 2 or not stem or answer.strip() not in options:
        return None
    return {"question": stem, "options": options, "answer": answer.strip()}


def with_options_in_names(found: Item) -> Item:
    """`{"The sky is …|blue|green": "blue"}`: each name is a question with its options, each value the right one.

    Those few whose value is none of them stay questions, each to be refused by itself; so do all where none has one.
    """
    if not found or not all(isinstance(value, str) and "|" in name for name, value in found.items()):
        return _with_options_in_lines(found)
    whole = {name: parted(str(name), value) for name, value in found.items()}
    is_keyless = not any(value.strip() for value in found.values()) and all(name.count("|") > 1 for name in found)
    if not is_keyless and 2 * sum(map(bool, whole.values())) <= len(found):
        return found
    return {name: one or _unanswered(str(name), found[name]) for name, one in whole.items()}


def _unanswered(text: str, answer: str) -> Item:
    stem, *options = (part.strip() for part in text.split("|"))
    return {"question": stem, "options": options, "answer": answer.strip()}


_LINE_OF_OPTIONS = re.compile(r"\s*A\s*[.．、:：].*\sB\s*[.．、:：]", re.DOTALL)


def _with_options_in_lines(found: Item) -> Item:
    """`{"The sky is …": ["A.blue B.green", "A.blue"]}`: each name is a question, above its options and its answer."""
    pairs = [value for value in found.values() if _is_pair_of_texts(value)]
    if not pairs or len(pairs) < len(found) or not all(len(str(name)) >= SHORTEST_NAME for name in found):
        return found
    if 2 * sum(_LINE_OF_OPTIONS.match(options) is not None for options, _answer in pairs) <= len(pairs):
        return found
    return {
        name: {"question": name, "options": options, "answer": answer}
        for name, (options, answer) in zip(found, pairs, strict=True)
    }


def _is_pair_of_texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value)


def options_in_stem(item: Item) -> Item | None:
    """A question whose text holds its options behind strokes, of which the answer is one; None for any other."""
    stem, answer = stem_of(item), next((item[name] for name in (*RIGHT, "Answer") if name in item), None)
    if stem is None and isinstance(item.get("Question"), str):
        stem = item["Question"]
    if stem is None or "|" not in stem or not isinstance(answer, str) or item.get("options"):
        return None
    found = parted(stem, answer)
    return {**{name: value for name, value in item.items() if value not in (stem, answer)}, **found} if found else None
