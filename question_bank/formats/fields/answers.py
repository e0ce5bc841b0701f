"""Answers of tables and lists: letters, texts of options, right and wrong in any spelling, blanks, alternatives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from learnhub.kernel.cells import folded
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.labelled_answers import begins_as, each_labelled, is_text_of, names_another
from question_bank.formats.fields.scripts import simplified
from question_bank.formats.json_banks import literals

TRUE = {
    folded(word) for word in "对 正确 是 同意 √ ✓ ✔ ☑ ✅ t true 1 1.0 y yes 真 right correct 对的 v o ○ 〇 ◯ ⭕".split()
}
FALSE = {
    folded(word)
    for word in (
        "错 错误 否 非 不同意 × ✗ ✘ ✖ ❌ ❎ ☒ x f false 0 0.0 n no 假 wrong incorrect 不对 不正确 不是 错的 ╳"
    ).split()
}
_SPOKEN = TRUE - {"1", "1.0", "y", "v", "t", "o", "〇", "◯"} | FALSE - {"0", "0.0", "n", "x", "f", "非"} | {"t", "f"}
_BRACKETED = re.compile(r"[(\[【]\s*([A-Z])\s*[)\]】]")
_AND = re.compile(r"(?<=\b[A-Ha-h])\s*,?\s+and\s+(?=[A-Ha-h]\b)")
_LETTERS = re.compile(r"[A-Z](?:[\s,;|/、，；.+&和┋]*[A-Z])*[.。;]?")
_BLANK = re.compile(
    r"(?<![①-⑳_])_+\s*[（(]?\s*(?:[①-⑳]|\d{1,2})\s*[)）]?\s*_+|_{2,}|＿+|(?![(](?<=[A-Za-z0-9_][(])[)])[（(][\s\u3000_]*[①-⑳]?[\s\u3000_]*[)）]"
    r"|[（(][\s\u3000_]+/[^（）()]{1,6}[)）]|【[\s\u3000_]*】|\[[\s\u3000_]+\]|\{\s*\}|\{\{\s*(?:blank|填空)?[\s:_-]*\d*\s*\}\}|[\[【{]\s*(?:blank(?:area)?|填空)\s*\d*\s*[\]】}]|﹍+|‗{2,}|-{4,}|…{2,}"
)
_LISTED_NUMBERS = re.compile(r"\d{1,2}(?:\s*[,;|、/&]\s*\d{1,2})*")
_IN_STEM = re.compile(
    r"(?:（|(?<![A-Za-z0-9])\()\s*"
    r"([A-La-lＡ-Ｌａ-ｌ](?:[\s,、，]*[A-La-lＡ-Ｌａ-ｌ]){0,11}|[A-Za-zＡ-Ｚａ-ｚ]|[√✓✔✅☑×✗✘✖❌❎]|对|错|正确|错误|對|錯|正確|錯誤)\s*[)）]"
)


_LEGEND = re.compile(r"(?<=\S)\s*[(（][^()（）]*(?:表示|代表)[^()（）]*[)）]\s*$")
"""`Y（Y表示正确，N表示错误）`: what a word means, behind it."""


LONGEST_LEGEND = 60
"""Characters of an answer among which its legend stands."""


def truth(text: str) -> bool | None:
    """True or false in any spelling, several at once if they agree (正确；√); None when it is neither."""
    text = text.strip()
    text = _LEGEND.sub("", text) if len(text) <= LONGEST_LEGEND else text
    found = {_one_truth(part) for part in re.split(r"[;；|/,，、\s(（]+", text) if part}
    return found.pop() if len(found) == 1 else None


def _one_truth(text: str) -> bool | None:
    word = simplified(folded(text.strip("。.（）()【】[] “”\"'‘’「」").replace("\ufe0f", "")))
    if word in TRUE:
        return True
    return False if word in FALSE else None


def says_true_or_false(text: str) -> bool:
    """Whether an answer without a type can only be that of a true/false question: 1, 0, Y, N alone could be others."""
    parts = [
        simplified(folded(part.rstrip("。.").strip('“”"‘’「」')))
        for part in re.split(r"[;；|/\s]+", text.strip())
        if part
    ]
    return bool(parts) and all(part in _SPOKEN for part in parts) and truth(text) is not None


def letters_in(text: str) -> list[str] | None:
    """The letters of an answer such as `A,B` `AB` `a、c` `Ａ　Ｂ`; None when it is anything else."""
    bare = _AND.sub(",", unicodedata.normalize("NFKC", text).strip())
    if re.search("[a-z]{2}", bare) and re.search("[i-zI-Z]", bare):
        return None
    upper = _BRACKETED.sub(r"\1", bare.upper()).strip("()[]【】 \"'“”‘’")
    if not _LETTERS.fullmatch(upper):
        return None
    found = re.findall("[A-Z]", upper)
    words = re.findall("[A-Z]+", upper)
    if len(set(found)) != len(found) or (
        len(words) == 1 and len(upper) > 1 and found != sorted(found) and len(found) > 8
    ):
        return None
    return found


def only_letters(answer: str) -> bool:
    """Whether an answer names options in their order and is no text that somebody writes: `B`, `ACD`."""
    letters = letters_in(answer) or []
    return bool(letters) and letters == sorted(letters) and letters[-1] <= "H" and len(answer) < 12


def numbers_in(answer: str) -> list[int] | None:
    """The numbers of an answer such as `2` `1,3` `1;3`; None when it is anything else."""
    text = unicodedata.normalize("NFKC", answer).strip().strip("[]")
    return [int(one) for one in re.findall(r"\d+", text)] if _LISTED_NUMBERS.fullmatch(text) else None


def first_number(asked: Iterable[tuple[str, Mapping[str, str]]], *, numbered: bool) -> int | None:
    """0 or 1: how the answers of a table count the options; None when they do not, or it can't be told.

    They count when each of them is made of numbers within the options, and one at least can be nothing else: it is
    the text of no option. An answer 0 says that they count from 0, one that names the last that they count from 1;
    where neither stands, options that the header calls by numbers (`numbered`) count from 1.
    """
    counted = False
    bases: set[int] = set()
    for answer, options in asked:
        numbers = numbers_in(answer)
        if numbers is None or max(numbers) > len(options):
            return None
        texts = {folded(text) for text in options.values()}
        others = [number for number in numbers if str(number) not in texts]
        counted = counted or bool(others)
        bases |= {0 for number in others if number == 0} | {1 for number in others if number == len(options)}
    if not counted or len(bases) > 1:
        return None
    return next(iter(bases), 1 if numbered else None)


def count_from_nought(asked: Iterable[tuple[str, Mapping[str, str]]]) -> bool:
    """Whether an answer of a table that counts options begins with 0, which digits run together (`013`) may do."""
    return any(re.fullmatch("0[1-9]{0,8}", answer.strip()) for answer, _options in asked)


def are_texts(asked: Iterable[tuple[str, Mapping[str, str]]]) -> bool:
    """Whether the numbers among the answers of a table are texts of options: all are, and one can count nothing.

    One that counts nothing is larger than the number of options, or words that are an option.
    """
    beyond = False
    for answer, options in asked:
        number = numbers_in(answer)
        is_text = folded(answer) in {folded(text) for text in options.values()}
        if number is not None and not is_text:
            return False
        if number is None:
            beyond = beyond or (is_text and truth(answer) is None and letters_in(answer) is None)
        else:
            beyond = beyond or max(number) > len(options)
    return beyond


def right_letters(
    answer: str, options: dict[str, str], *, numbered: bool = False, first: int | None = None
) -> list[str]:
    """The letters of the right options; Refused when the answer names none of them, or could name several.

    An answer is letters, or texts of options, or (where the header numbers them) numbers of options. `first` says
    that the answers of the whole file count the options, from 0 or from 1.
    """
    counted = _counted(answer, options, first)
    if counted:
        return counted
    by_text = _by_text(answer, options)
    listed = json_list(answer)
    if listed is not None and not by_text:
        return _each(listed, options, numbered)
    letters = letters_in(answer)
    if letters is not None and all(letter in options for letter in letters):
        return _letters_or_text(answer, letters, by_text)
    if by_text:
        if numbered and answer.strip().isdigit() and _numbered(answer, options) not in (None, *by_text):
            raise Refused(_("The answer %(answer)s is both the number and the text of an option.", answer=answer))
        return by_text
    by_labels = each_labelled(answer, options)
    if by_labels:
        return by_labels
    labelled = re.match(
        r"\s*[(（]?([A-Za-zＡ-Ｚ])(?:[)）]?\s*[.、．:：)）]\s*|\s+|(?=[^\x00-\x7f]))(.+)", answer, re.DOTALL
    )
    if labelled:
        letter = unicodedata.normalize("NFKC", labelled.group(1)).upper()
        said = labelled.group(2)
        is_begun = not names_another(said) and begins_as(said, letter, options)
        if letter in options and (is_text_of(said, options[letter]) or is_begun):
            return [letter]
    listed_letters = _by_parts(answer, options, numbered)
    if listed_letters:
        return listed_letters
    single = _by_number(answer, options, numbered) or _by_run(answer, options, numbered)
    if single:
        return single
    missing = [letter for letter in letters or [] if letter not in options]
    if missing:
        raise Refused(_("The answer names option %(letter)s, which is not there.", letter=missing[0]))
    raise Refused(_("The answer %(answer)s is none of the options.", answer=answer[:60]))


def _letters_or_text(answer: str, letters: list[str], by_text: list[str]) -> list[str]:
    if by_text and len(letters) > 1 and answer.strip().islower():
        return by_text
    if by_text and by_text != letters:
        raise Refused(_("The answer %(answer)s is both a letter and the text of another option.", answer=answer))
    return letters


def _by_parts(answer: str, options: dict[str, str], numbered: bool) -> list[str]:
    for separator in ("\n", "|", "┋", "#", ";", "；", "、", ",", "，", "/", "  "):
        parts = [part.strip() for part in answer.split(separator) if part.strip()]
        if len(parts) > 1:
            places = [_by_number(part, options, numbered) for part in parts]
            each = [_by_text(part, options) or place for part, place in zip(parts, places, strict=True)]
            if all(len(found) == 1 for found in each):
                if all(places) and each != places:
                    raise Refused(
                        _("The answer %(answer)s is both the number and the text of an option.", answer=answer)
                    )
                return list(dict.fromkeys(found[0] for found in each))
    return []


def _counted(answer: str, options: dict[str, str], first: int | None) -> list[str]:
    numbers = numbers_in(answer) if first is not None else None
    if numbers is None or first is None or not first <= min(numbers) <= max(numbers) < len(options) + first:
        return []
    return [list(options)[number - first] for number in dict.fromkeys(numbers)]


def _by_text(answer: str, options: dict[str, str]) -> list[str]:
    wanted = folded(answer)
    found = [letter for letter, text in options.items() if folded(text) == wanted]
    if not found and len(bare := wanted.rstrip(".。 ")) > 1:
        found = [letter for letter, text in options.items() if folded(text).rstrip(".。 ") == bare]
    if len(found) > 1:
        raise Refused(_("The answer %(answer)s is the text of several options.", answer=answer[:60]))
    return found


def _numbered(answer: str, options: dict[str, str]) -> str | None:
    number = int(answer)
    letters = list(options)
    return letters[number - 1] if 1 <= number <= len(letters) else None


def _by_number(answer: str, options: dict[str, str], numbered: bool) -> list[str]:
    text = unicodedata.normalize("NFKC", answer).strip()
    if not numbered or not text.isdigit() or len(text) > 2:
        return []
    letter = _numbered(text, options)
    return [letter] if letter else []


def _by_run(answer: str, options: dict[str, str], numbered: bool) -> list[str]:
    """`124` names three of at most nine numbered options, each once and in their order."""
    digits = unicodedata.normalize("NFKC", answer).strip()
    letters = list(options)
    if not numbered or not re.fullmatch("[1-9]{2,9}", digits) or len(letters) > 9 or int(digits[-1]) > len(letters):
        return []
    is_rising = digits == "".join(sorted(set(digits)))
    return [letters[int(digit) - 1] for digit in digits] if is_rising else []


def json_list(answer: str) -> list[Any] | None:
    if not answer.strip().startswith("["):
        return None
    try:
        found = literals.cell(answer)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and found else None


def _each(listed: list[Any], options: dict[str, str], numbered: bool) -> list[str]:
    found = [
        right_letters(str(item), options, numbered=numbered) for item in listed if not isinstance(item, list | dict)
    ]
    return list(dict.fromkeys(letter for letters in found for letter in letters))


def answer_in_stem(stem: str) -> tuple[str, str] | None:
    """An answer written into the stem's brackets, `（ B ）`, and the stem without it; None unless there is just one."""
    found = list(_IN_STEM.finditer(stem))
    if len(found) != 1:
        return None
    return found[0].group(1), stem[: found[0].start()] + "（  ）" + stem[found[0].end() :]


_FIRST_BEFORE = re.compile(r"(?<!_)[（(]\s*1\s*[)）]\s*_{2,}")
_NUMBERED_BEFORE = re.compile(r"[（(]\s*\d{1,2}\s*[)）](?=\s*_)")
"""`（1）____（2）____`: the numbers stand before their blanks, and in none of them."""


def blanks_in(stem: str) -> int:
    """How many blanks a stem has: lines, empty brackets."""
    return len(_BLANK.findall(_NUMBERED_BEFORE.sub(" ", stem) if _FIRST_BEFORE.search(stem) else stem))
