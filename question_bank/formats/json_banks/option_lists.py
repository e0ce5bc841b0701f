"""Options as JSON holds them: texts, objects with letters and flags, objects by letter."""

from __future__ import annotations

import re
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.fields.option_labels import without_labels
from question_bank.formats.json_banks.beside import picture_in

TEXT_NAMES = (
    "text",
    "content",
    "value",
    "label",
    "title",
    "name",
    "option",
    "html",
    "内容",
    "选项",
    "answerText",
    "answer_text",
    "answer",
    "optionContent",
    "option_content",
    "optionText",
    "option_text",
    "optionValue",
    "choiceContent",
    "choice_content",
    "choiceText",
    "choice_text",
    "item",
    "文本",
    "文字",
    "选项内容",
    "optionName",
    "option_name",
    "optionDesc",
    "optValue",
    "opt_value",
    "optText",
    "optContent",
)
LABEL_NAMES = (
    "label", "key", "letter", "id", "index", "tag", "code", "name", "option", "序号", "选项",
    "optionKey", "option_key", "optionLabel", "optionName", "choiceName", "choiceKey", "choiceLabel", "opt",
    "optionTitle", "optKey", "opt_key", "optNo", "optionNo", "optionCode", "optionIndex", "标号", "prefix",
    "optionFlag",
)  # fmt: skip
FLAG_NAMES = (
    "isCorrect",
    "is_correct",
    "correct",
    "isRight",
    "right",
    "isAnswer",
    "is_answer",
    "isTrue",
    "answer",
    "is_right",
    "is_true",
    "isCorrectAnswer",
    "正确",
    "是否正确",
    "是否答案",
    "right_answer",
)


def options_of_json(found: Any) -> dict[str, str]:
    """Options as JSON: a list of texts, a list of objects, or an object by letter."""
    if _by_letter(found):
        return options_of_json([{"key": key, **value} for key, value in found.items()])
    if isinstance(found, dict):
        texts = {str(key).strip(): text_of_cell(value) for key, value in found.items() if _is_text(value)}
        if any(not key[:1].isalpha() or (len(key) > 1 and key[1].isalnum()) for key in texts):
            return {chr(65 + n): text for n, text in enumerate(list(texts.values())[:26])}
        lettered = {key.upper()[:1] or "?": text for key, text in texts.items()}
        run = "".join(sorted(lettered))
        is_run = len(lettered) == len(texts) and run == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(run)]
        return dict(sorted(lettered.items())) if is_run else lettered
    if not isinstance(found, list):
        return {}
    if _are_lettered_each(found):
        return options_of_json({letter: text for one in found for letter, text in one.items()})
    if _are_lettered_pairs(found):
        return {letter.strip().upper()[:1]: text_of_cell(text) for letter, text in found}
    options: dict[str, str] = {}
    names = _names_in(found)
    for n, item in enumerate(found[:26]):
        letter, text = chr(65 + n), _of_pair(item)[0]
        if isinstance(item, dict):
            letter, text = _of_object(item, letter, names)
        if letter in options:
            letter = f"{letter}#{n}"
        options[letter] = text_of_cell(text)
    return without_labels(options)


def _are_lettered_each(found: list[Any]) -> bool:
    """Whether options are `[{"A": "oak"}, {"B": "rye"}]`."""
    are_lone = len(found) > 1 and all(isinstance(one, dict) and len(one) == 1 for one in found)
    return are_lone and [next(iter(one)) for one in found] == [chr(65 + n) for n in range(len(found))]


def _are_lettered_pairs(found: list[Any]) -> bool:
    """Whether options are `[["A", "oak"], ["B", "rye"]]`."""
    are_pairs = all(isinstance(one, list) and len(one) == 2 and _is_text(one[1]) for one in found)
    letters = [one[0].strip(" .、)").upper() for one in found if are_pairs and isinstance(one[0], str)]
    return len(found) > 1 and letters == [chr(65 + n) for n in range(len(found))]


def _of_object(item: dict[str, Any], letter: str, names: tuple[str, str]) -> tuple[str, Any]:
    """The letter and the text of an option that is an object; `names` are those that hold them in all of the list."""
    known = (names[0], *LABEL_NAMES) if names[0] else LABEL_NAMES
    label = next((str(item[name]).strip() for name in known if _is_letter(item.get(name))), "")
    places = (*TEXT_NAMES, names[1]) if names[1] else TEXT_NAMES
    if isinstance(item.get("label"), str) and item["label"].strip() and not label:
        places = ("text", "content", "label", *places)  # beside the value of a form, which nobody sees
        label = str(item["value"]).strip() if _is_letter(item.get("value")) else ""
    text = next((item[name] for name in places if name in item and item[name] != label), None)
    if text in (None, "") and (picture := picture_in(item)):
        text = picture
    if isinstance(text, dict):
        text = _of_object(text, "", ("", ""))[1]
    if text is not None:
        return label.upper()[:1] or letter, text
    return letter, label


_POINTS = re.compile("(?i)im(?:g|age)|pic|url|icon|src|audio|file|uuid|(?:^|_|[a-z])i?d$")
"""Names of what points at something: pictures, ids."""


def _names_in(found: list[Any]) -> tuple[str, str]:
    """The names under which all objects of a list have their letters, and those under which they have a text.

    Names that nobody else uses: one that is A, B, C … in turn, and the only one that is another text in each.
    """
    items = [one for one in found if isinstance(one, dict)]
    if len(items) < 2 or len(items) < len(found):
        return "", ""
    shared = [name for name in items[0] if all(isinstance(one.get(name), str) for one in items)]
    lettered = [
        name for name in shared if all(one[name].strip(" .、)") == chr(65 + n) for n, one in enumerate(items[:26]))
    ]
    texts = [
        name
        for name in shared
        if name not in lettered
        and name not in FLAG_NAMES
        and len({one[name] for one in items if one[name]}) == len(items)
    ]
    texts = [name for name in texts if not _POINTS.search(name)]
    if len(texts) > 1:
        texts = [name for name in texts if not any(one[name].isdigit() for one in items)]
    return lettered[0] if lettered else "", texts[0] if len(texts) == 1 else ""


def _by_letter(found: Any) -> bool:
    """Whether options are objects by their letters: `{"A": {"text": …, "correct": false}}`."""
    return isinstance(found, dict) and len(found) > 1 and all(isinstance(one, dict) for one in found.values())


def flags_of_json(found: Any) -> list[str]:
    """Letters of the options that say of themselves that they are right."""
    found = list(found.values()) if _by_letter(found) else found
    if not isinstance(found, list):
        return []
    return [
        chr(65 + n)
        for n, item in enumerate(found)
        if (isinstance(item, dict) and any(_says_right(name, item.get(name)) for name in FLAG_NAMES))
        or _of_pair(item)[1]
    ] or _of_whole_weight(found)


_WEIGHTS = ("weight", "fraction")
SCORES = ("score", "points", "point")


def _of_whole_weight(found: list[Any]) -> list[str]:
    """Letters of the options that weigh 100, or of the only one with a score, where all others have nothing."""
    items = [one for one in found if isinstance(one, dict)]
    for name in (*_WEIGHTS, *SCORES):
        worth = [item.get(name) for item in items]
        if not items or len(items) < len(found) or not all(type(one) in {int, float} for one in worth):
            continue
        is_score = name in SCORES
        right = [chr(65 + n) for n, one in enumerate(worth) if (one or 0) > 0]
        is_whole = len(right) == 1 and min(map(float, filter(None, worth)), default=0) > 0
        if is_whole if is_score else not {*worth} - {0, 100}:
            return right
    return []


_RIGHT = frozenset({"true", "yes", "y", "是", "对", "正确", "√"})


def _says_right(name: str, value: Any) -> bool:
    """Whether what an option says of itself means that it is right: `true`, `1`, `"YES"`.

    Words under `answer` may be the text of the option.
    """
    if value is True or value in (1, "1", "true"):
        return True
    return name != "answer" and isinstance(value, str) and value.strip().casefold() in _RIGHT


def _of_pair(item: Any) -> tuple[Any, bool]:
    """An option written as `["text", true]`, and whether it is right; anything else is a text, and says nothing."""
    if isinstance(item, list) and len(item) == 2 and isinstance(item[1], bool) and _is_text(item[0]):
        return item[0], item[1]
    return item, False


def _is_letter(value: Any) -> bool:
    return (
        isinstance(value, str)
        and len(value.strip().rstrip(".、)")) == 1
        and value.strip()[0].isalpha()
        and value.strip()[0].isascii()
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float)
