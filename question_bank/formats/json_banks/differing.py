"""Fields of a question in JSON that say differently what is right: `answer: "A"` beside `answers: ["A", "B"]`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from learnhub.kernel.cells import folded, text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import blanks_in, letters_in, truth
from question_bank.formats.json_banks.dialect_items import RIGHT, Item
from question_bank.formats.json_banks.option_lists import flags_of_json, options_of_json
from question_bank.formats.sheets.columns import Columns, columns_of, kind_named

_NAMES = frozenset({*RIGHT, "answers", "key", "答案", "标准答案", "参考答案", "right", "rightAnswers", "correctAns"})
"""What says what is right, and is not what somebody answered."""


_SEVERAL = re.compile(
    r"(?:correct|right)?[-_]?(?:multi(?:ple)?[-_]?answers?|answers?[-_]?multi(?:ple)?)|多选(?:题)?答案", re.IGNORECASE
)
"""Where a program keeps the answers of a question with several, beside the first of them: `answer_multi`."""


def with_several(item: Item) -> Item:
    """The item with what a field for several answers says, where its type says that there are several.

    `{"type": "multiple", "answer": "B", "answer_multi": ["B", "D"]}`: the other field has room for one only. Elsewhere
    such a field has to say what the answer says.
    """
    named = [name for name, value in item.items() if _SEVERAL.fullmatch(str(name)) and value not in (None, "", [])]
    columns = columns_of([str(one) for one in item]) if named else None
    if columns is None or "answer" not in columns.fields:
        return item
    name, values, key = named[0], list(item.values()), list(item)[columns.fields["answer"]]
    if name == key or item[key] in (None, "", []):
        return item
    texts, listed = _texts_of(values, columns), item[name]
    listed = next(iter(listed.values())) if isinstance(listed, dict) and len(listed) == 1 else listed
    if not texts and _are_accepted(listed, item[key], values[columns.fields["stem"]]):
        return {**{one: value for one, value in item.items() if one != name}, key: "|".join(listed)}
    several, one = _said(listed, texts), _said(item[key], texts)
    kind = columns.fields.get("kind")
    is_told = kind is not None and kind_named(text_of_cell(values[kind])) == "multiple_choice"
    if not several or several == one:
        return item
    if is_told and one < several:
        return {**{one: value for one, value in item.items() if one != name}, key: listed}
    raise Refused(_("The fields %(one)s and %(other)s say differently what is right.", one=key[:40], other=name[:40]))


def _are_accepted(several: Any, answer: Any, stem: Any) -> bool:
    """Whether the texts of a field for several answers are all accepted where the other names one of them alone."""
    are_texts = isinstance(several, list) and all(isinstance(one, str) and one and "|" not in one for one in several)
    return are_texts and len(several) > 1 and answer in several and blanks_in(text_of_cell(stem)) < 2


def _texts_of(values: Sequence[Any], columns: Columns) -> dict[str, str]:
    at = columns.fields.get("options", -1)
    packed = values[at] if at >= 0 else None
    listed = options_of_json(packed) if isinstance(packed, list | dict) else {}
    return listed or {letter: text_of_cell(values[at]) for letter, at in columns.options.items()}


def refuse_differing(item: Item) -> None:
    """Refused when two fields, or a field and the flags of the options, name other options than each other.

    Only letters, texts of options and right or wrong are compared: where numbers count from is another question.
    """
    columns = columns_of([str(name) for name in item])
    if columns is None:
        return
    values = list(item.values())
    at = columns.fields.get("options", -1)
    packed = values[at] if at >= 0 else None
    texts = _texts_of(values, columns)
    named = [(str(name), value) for n, (name, value) in enumerate(item.items()) if n != at and str(name) in _NAMES]
    said = {name: found for name, value in named if (found := _said(value, texts))}
    first = next(iter(said), None)
    other = next((name for name in said if said[name] != said[first or ""]), None)
    if first is not None and other is not None:
        raise Refused(
            _("The fields %(one)s and %(other)s say differently what is right.", one=first[:40], other=other[:40])
        )
    flags = frozenset(flags_of_json(packed)) if isinstance(packed, list | dict) else frozenset()
    if first is not None and flags and said[first] != flags and flags <= set(texts):
        raise Refused(_("The options flagged as right are others than the field %(name)s names.", name=first[:40]))


def _said(value: Any, texts: Mapping[str, str]) -> frozenset[Any]:
    """The letters of the options that a value names, or the verdict that it is; nothing when it is anything else."""
    parts = value if isinstance(value, list) else [value]
    if len(texts) < 2:
        verdict = truth(text_of_cell(parts[0])) if len(parts) == 1 and isinstance(parts[0], str | bool) else None
        return frozenset() if verdict is None else frozenset({verdict})
    found: set[str] = set()
    for part in parts:
        named = _named(part, texts) if isinstance(part, str) else set()
        if not named:
            return frozenset()
        found |= named
    return frozenset(found)


def _named(said: str, texts: Mapping[str, str]) -> set[str]:
    by_text = {letter for letter, text in texts.items() if folded(text) == folded(said)}
    labelled = re.match(r"\s*([A-Ha-h])\s*[.、．:：)）]\s*\S", said)
    letters = set([labelled.group(1).upper()] if labelled else letters_in(said) or [])
    letters = letters if letters <= set(texts) else set()
    return (by_text or letters) if not (by_text and letters and by_text != letters) else set()
