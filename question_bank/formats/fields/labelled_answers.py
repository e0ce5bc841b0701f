"""Answers that name options by label and text: `A:甲;C:丙;`, `选项A`, `option 2`, `c) L1 (fast)`."""

from __future__ import annotations

import re
import unicodedata

from learnhub.kernel.cells import folded


def is_text_of(said: str, option: str) -> bool:
    """Whether a text is that of an option, or that and a remark in brackets."""
    said, option = folded(said), folded(option)
    if said.rstrip(".。") == option.rstrip(".。"):
        return True
    behind = said.removeprefix(option) if option else said
    return said == option or (behind != said and re.fullmatch(r"\s*[(（].*[)）]", behind) is not None)


def begins_as(said: str, letter: str, options: dict[str, str]) -> bool:
    """Whether a text begins with that of the option, as a sentence about it does, and with that of no other."""
    said = folded(said)
    begun = [name for name, text in options.items() if folded(text) and re.match(rf"{re.escape(folded(text))}\b", said)]
    return begun == [letter] and len(folded(options[letter])) > 1


_LABELLED = re.compile(
    r"(?:^|(?<=[;；]))\s*(?:(?:选项|答案|option|choice|answer)\s*)?([A-H]|(?<=[n项r])\s?[1-9]|(?<=[n项r] )[1-9])"
    r"\s*(?:[:：.．、]\s*([^;；]+))?(?:[;；]|$)",
    re.I,
)


def each_labelled(answer: str, options: dict[str, str]) -> list[str]:
    """The letters of `A:甲;C:丙;`, where each text is that of its option; of `选项A` and `option1`, too."""
    said = unicodedata.normalize("NFKC", answer).strip()
    if whole := _in_turn(said, options) or _behind_letters(said, options):
        return whole
    found = list(_LABELLED.finditer(said))
    if not found or "".join(one.group() for one in found) != said:
        return []
    letters = [chr(64 + int(mark)) if (mark := one.group(1).strip().upper()).isdigit() else mark for one in found]
    texts = [folded(one.group(2)) if one.group(2) else None for one in found]
    fit = all(
        letter in options and text in {None, folded(unicodedata.normalize("NFKC", options[letter]))}
        for letter, text in zip(letters, texts, strict=True)
    )
    return letters if fit and len(set(letters)) == len(letters) else []


_LETTER = re.compile(r"\s*([A-H])\s*[:.、]\s*")
_BETWEEN = re.compile(r"[\s;,、]*")


def _in_turn(said: str, options: dict[str, str]) -> list[str]:
    """The letters of `A:甲;乙;C:丙;`, read by the texts of the options, which may hold what stands between them."""
    letters: list[str] = []
    texts = {letter: unicodedata.normalize("NFKC", text).strip() for letter, text in options.items()}
    at = 0
    while at < len(said):
        mark = _LETTER.match(said, at)
        text = texts.get(mark.group(1)) if mark else None
        if mark is None or not text or not said.startswith(text, mark.end()):
            return []
        letters.append(mark.group(1))
        between = _BETWEEN.match(said, mark.end() + len(text))
        assert between is not None
        if not between.group() and between.end() < len(said):
            return []
        at = between.end()
    return letters if len(set(letters)) == len(letters) else []


_LETTERS_FIRST = re.compile(r"\s*([A-H](?:[\s,、;]*[A-H])+)\s*[:.]\s*(?=\S)")


def _behind_letters(said: str, options: dict[str, str]) -> list[str]:
    """The letters of `AC:甲;丙;`, where the texts behind them are those of their options, one after the other."""
    mark = _LETTERS_FIRST.match(said)
    letters = re.findall("[A-H]", mark.group(1)) if mark else []
    at = mark.end() if mark else 0
    for letter in letters:
        text = unicodedata.normalize("NFKC", options.get(letter, "")).strip()
        if not text or not said.startswith(text, at):
            return []
        between = _BETWEEN.match(said, at + len(text))
        assert between is not None
        at = between.end()
    return letters if at == len(said) and len(set(letters)) == len(letters) else []


_ANOTHER = re.compile(r"[;；]\s*[A-HＡ-Ｈ]\s*[:：.．、]")


def names_another(said: str) -> bool:
    """Whether a text goes on with the letter of another option: `甲;B:乙`."""
    return _ANOTHER.search(said) is not None
