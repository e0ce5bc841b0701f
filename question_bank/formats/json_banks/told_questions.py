"""An object of which somebody told what its fields hold, as a question in the flat form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.json_banks.dialect_items import Item, flagged
from question_bank.formats.json_banks.json_fields import texts_of
from question_bank.formats.sheets.row_cells import says_yes

_AS_THEY_ARE = {"hint": "hint", "tags": "tags", "difficulty": "difficulty"}
_AS_TEXTS = {"category": ("category", "/"), "subject": ("subject", "/"), "mark": ("score", "/")}
_NO = {"", "0", "false", "no", "n", "f", "否", "错", "错误", "×", "wrong", "incorrect"}
_EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class ToldQuestion:
    """What an object holds by role, and what its codes of kinds mean."""

    values: Mapping[str, list[Any]]
    kinds: Mapping[str, str]

    def flat(self) -> Item:
        """The object under the names of the flat form. Refused where it can't be told what is right."""
        found: Item = {}
        for role, name in (("material", "material"), ("stem", "question")):
            if role in self.values:
                found[name] = self._texts(role, "\n")
        if "question" not in found:
            found["question"] = found.pop("material", "")
        options, answer = self._options(), self._first("answer")
        if "wrong" in self.values and not options and answer is not None:
            options, answer = _beside_wrong(answer, self.values["wrong"]), None
        elif options:
            answer = self._chosen(options)
        else:
            answer = next(
                (one for one in map(self._first, ("answer", "answer:0", "answer:1")) if one is not None), None
            )
        if options:
            found["options"] = _texts_by_place(options)
        blanks = [
            one for value in self.values.get("blank", ()) for one in (value if isinstance(value, list) else [value])
        ]
        if answer is None and len(blanks) == 1 and isinstance(blanks[0], str):
            answer = blanks.pop()
        if answer is not None or not (options or blanks):
            found["answer"] = "" if answer is None else answer
        found |= {f"blank{n}": one for n, one in enumerate(blanks, 1)}
        return {**found, **self.beside()}

    def beside(self) -> Item:
        """What the object says beside a question, which holds for those inside of it, too."""
        found: Item = {}
        if kind := text_of_cell(self._first("kind")):
            found["type"] = self.kinds.get(kind) or kind
        found |= {name: self._first(role) for role, name in _AS_THEY_ARE.items() if self._first(role)}
        for role, (name, between) in (_AS_TEXTS | {"explanation": ("explanation", "\n")}).items():
            if text := self._texts(role, between):
                found[name] = text
        return found

    def _texts(self, role: str, between: str) -> str:
        return between.join(filter(None, map(texts_of, self.values.get(role, ()))))

    def _first(self, role: str) -> Any:
        """What the first field of a role holds that holds anything."""
        return next((one for one in self.values.get(role, ()) if one not in _EMPTY), None)

    def _options(self) -> Any:
        lettered = {role[-1]: values[0] for role, values in sorted(self.values.items()) if role.startswith("option:")}
        if lettered:
            return {letter: text for letter, text in lettered.items() if text not in (None, "")}
        values = self.values.get("options", [])
        found = [one for one in values if one not in (None, "")] if len(values) > 1 else self._first("options")
        flags = self._first("flag")
        if isinstance(found, list) and isinstance(flags, list) and len(flags) == len(found):
            return flagged(list(map(texts_of, found)), _right_of(flags))
        return found

    def _chosen(self, options: Any) -> Any:
        """The answer to a question with options: as letters, where it counts them or calls them by labels."""
        for first in (0, 1):
            if (counted := self._first(f"answer:{first}")) is not None:
                return _letters(counted, first)
        answer, labels = self._first("answer"), self._first("label") or _labels_in(options)
        if isinstance(labels, list) and answer is not None:
            named = [text_of_cell(one) for one in labels]
            whole = text_of_cell(answer)
            said = [whole] if whole in named else _listed(answer)
            if said and all(named.count(one) == 1 for one in said):
                return ",".join(chr(65 + named.index(one)) for one in said)
            if any(named.count(one) > 1 for one in said):
                raise Refused(_("The answer %(answer)s is none of the options.", answer=whole[:60]))
        return answer


def _beside_wrong(answer: Any, wrong: list[Any]) -> list[Item]:
    """The options of a question whose right answers and wrong ones stand apart."""
    right = answer if isinstance(answer, list) else [answer]
    others = [one for value in wrong for one in (value if isinstance(value, list) else [value]) if one not in _EMPTY]
    return flagged(list(map(texts_of, [*right, *others])), set(range(len(right))))


def _labels_in(options: Any) -> Any:
    """The names of options that have any beside their texts: ids as keys, or the first of pairs."""
    if isinstance(options, dict):
        return None if all(re.fullmatch("[A-Za-z]", str(key)) for key in options) else list(options)
    return [one[0] for one in options] if _are_pairs(options) else None


def _are_pairs(options: Any) -> bool:
    return (
        isinstance(options, list)
        and all(isinstance(one, list) and len(one) == 2 for one in options)
        and all(isinstance(one[0], str | int) and len(str(one[0])) < 4 for one in options)
    )


def _texts_by_place(options: Any) -> Any:
    """Options as their texts in order, where they have ids that are no letters; anything else as it is."""
    if isinstance(options, dict) and _labels_in(options):
        return list(map(texts_of, options.values()))
    if _are_pairs(options):
        return [texts_of(one[1]) for one in options]
    if isinstance(options, list) and any(isinstance(one, list) for one in options):
        return list(map(texts_of, options))
    return options


def _right_of(flags: list[Any]) -> set[int]:
    """The places of the flags that say yes; a share of the whole (100, 50, 0) does where all shares are the same."""
    said = [text_of_cell(flag).strip() for flag in flags]
    if all(says_yes(one) or one.casefold() in _NO for one in said):
        return {n for n, one in enumerate(said) if says_yes(one)}
    shares = [float(one) if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,9})?", one or "0") else None for one in said]
    right = {share for share in shares if share is None or share > 0}
    if len(right) != 1 or None in right or all(share in right for share in shares):
        unknown = next(one for one in said if not says_yes(one) and one.casefold() not in _NO)
        raise Refused(_("What %(said)s says of an option is not known.", said=unknown[:60]))
    return {n for n, share in enumerate(shares) if share in right}


def _listed(answer: Any) -> list[str]:
    """The parts of an answer: those of a list, or of a text with commas."""
    if isinstance(answer, list):
        return [text_of_cell(one) for one in answer]
    return [one for one in re.split(r"[,;|，；、\s]+", text_of_cell(answer)) if one]


def _letters(counted: Any, first: int) -> Any:
    """Numbers that count the options, as letters; an answer without a number as it is. Refused where the number of an
    option that is not there is among them."""
    said = _listed(counted)
    numbers = [int(one) - first for one in said if re.fullmatch("[0-9]{1,3}", one)]
    if not any(one[:1].isdigit() for one in said):
        return counted
    if len(numbers) < len(said) or not all(0 <= one < 26 for one in numbers):
        raise Refused(_("The answer %(answer)s is none of the options.", answer=text_of_cell(counted)[:60]))
    return ",".join(chr(65 + one) for one in numbers)
