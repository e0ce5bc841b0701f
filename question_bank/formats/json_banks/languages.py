"""JSON that says each text in several languages, `{"zh": …, "en": …}`: one is read, and the sender hears of it."""

from __future__ import annotations

import re
from typing import Any

from question_bank.formats.json_banks.dialect_items import STEMS

_CODE = re.compile(
    r"(default|zh|en|cn|ja|jp|ko|kr|fr|de|es|ru|pt|it|vi|th|id|ar|hi|uz|uk|pl|tr|bn|ug|bo|mn|ml|ta|te|mr|gu|kn|pa|ur)(?:[-_][A-Za-z]{2,4})?"
)
_OF_NAME = re.compile(
    r"([A-Za-z]+(?:_[A-Za-z]+)*)_(zh|cn|en|ja|jp|ko|kr|fr|de|es|ru|pt|vi|th|ar|hi|uk|pl|tr|bn|ug|bo|mn|kk|ml|ta|te|mr|gu|kn|pa|ur)"
)
_OF_OPTIONS = {"option", "label", "answer", "value"}
_FIRST = ("default", "zh", "cn", "en")
DEEPEST = 30


class OneLanguage:
    """Reads what an object says in one language; `taken` is the language, empty while no text has several."""

    def __init__(self) -> None:
        self.taken = ""

    def of(self, found: Any, depth: int = 0) -> Any:
        """The value with each text in one language."""
        if depth > DEEPEST:
            return found
        if isinstance(found, list):
            return [self.of(one, depth + 1) for one in found]
        if not isinstance(found, dict):
            return found
        if _is_of_languages(found):
            name = _first_of(found)
            self.taken = self.taken or name
            return self.of(found[name], depth + 1)
        found = self._of_pairs(self._of_labelled(found))
        return {name: self.of(value, depth + 1) for name, value in found.items()}

    def _of_labelled(self, found: dict[str, Any]) -> dict[str, Any]:
        """`{"key": "A", "en": …, "ml": …}`: an option with its letter, or whether it is right, and texts."""
        texts = {name: value for name, value in found.items() if name not in _BESIDE}
        if len(texts) == len(found) or not _is_of_languages(texts) or not all(map(_is_str, texts.values())):
            return found
        name = _first_of(texts)
        self.taken = self.taken or name
        return {**{one: value for one, value in found.items() if one in _BESIDE}, "text": texts[name]}

    def _of_pairs(self, found: dict[str, Any]) -> dict[str, Any]:
        """`{"stem_en": null, "stem_zh": …}` under the names without the languages, each in the first that is there."""
        names: dict[str, dict[str, str]] = {}
        for name in found:
            if (parted := _OF_NAME.fullmatch(str(name))) and parted.group(1) not in found:
                names.setdefault(parted.group(1), {})[parted.group(2)] = name
        names = {base: codes for base, codes in names.items() if len(codes) > 1}
        if not names.keys() & {*STEMS, *_OF_OPTIONS}:
            return found
        kept = dict(found)
        for base, codes in names.items():
            texts = {code: kept.pop(name) for code, name in codes.items()}
            code = next((one for one in (*_FIRST, *texts) if texts.get(one)), next(iter(texts)))
            if sum(bool(text) for text in texts.values()) > 1:
                self.taken = self.taken or code
            kept[base] = texts[code]
        return kept


_BESIDE = {"key", "id", "label", "letter", "isCorrect", "is_correct", "correct"}


def _is_str(value: Any) -> bool:
    return isinstance(value, str)


def _first_of(found: dict[str, Any]) -> str:
    return next((key for code in _FIRST for key in found if key.lower().startswith(code)), next(iter(found)))


def _is_of_languages(found: dict[str, Any]) -> bool:
    return (
        len(found) > 1
        and all(_CODE.fullmatch(str(name)) for name in found)
        and len({type(value) for value in found.values()}) == 1
        and isinstance(next(iter(found.values())), str | list)
    )
