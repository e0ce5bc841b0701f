"""Answers of blanks: which text fills which blank, and what else is accepted there."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import blanks_in, json_list
from question_bank.typed_text import folded

_NUMBERED = re.compile(
    r"[（(]\s*(\d{1,2})\s*[)）]|(?:^|(?<=[\s;；|]))(\d{1,2})[.、．]\s*(?!\d)|([①-⑳])(?:\s*[.．、](?=\s))?"
)
_OF_BLANK = re.compile(
    r"(?:^|(?<=[\s;；|,，、。/])|(?=[【\[]))[【\[(（]?\s*(?:第\s*([一二三四五六七八九]|\d{1,2})\s*(?:个|处)?空格?"
    r"|(?:填?空格?|空白|[Bb]lank)\s*([一二三四五六七八九]|\d{1,2})|(?<![^\n])答案\s*([一二三四五六七八九]|\d{1,2}))"
    r"\s*的?(?:正确|标准|参考)?(?:答案)?\s*(?:[】\])）]\s*[:：=＝]?|[:：=＝])\s*"
)
"""`第一空：`, `填空1：`, `空1答案：`, `答案1：`: which blank an answer fills."""
_LETTERED = re.compile(r"[（(]\s*([a-h])\s*[)）]")
"""`(a) … (b) …`"""
_LABEL_LEFT = re.compile(r"\s*(?:[（(]\s*\d{1,2}\s*[)）]|[①-⑳]|第?\s*\d\s*空|空\s*\d)\s*[^\s(（①-⑳,，、;；]")
"""A text that still begins with the number of a blank."""
_IN_BRACKETS = re.compile(r"\s*[(（]([^()（）]*[^()（）\s][^()（）]*)[)）]\s*[、,，;；]?\s*")
_ONLY_FIRST = re.compile(r"[(（]\s*1\s*[)）]\s*(?=[^\s(（])")


_PRODUCT = re.compile(r"\d*(?:[(（][^()（）\u4e00-\u9fff]*[-−+][^()（）\u4e00-\u9fff]*[)）][²³]?)+")
"""`(x+2)(x-2)` fills one blank: what its brackets hold is multiplied."""


def fills_blanks(stem: str, answer: str) -> bool:
    """Whether an answer has a text for each blank of the stem, of which there is one at least."""
    count = blanks_in(stem)
    if not count or not answer.strip():
        return False
    return count == 1 or any(
        len(parts) == count for parts in [*_ways_to_cut(answer), _cut_at_labels(answer), _cut_at_numbers(answer)]
    )


_INTERVAL = re.compile(r"\[\s*[-−+]?\d+(?:\.\d+)?,\s?[-−+]?\d+(?:\.\d+)?\s*\]")
"""`[-1,2]` is a text of mathematics, and no list of two answers."""


def blanks_of(answer: str, count: int | None) -> list[list[str]]:
    """The accepted texts of each blank. `count` is how many blanks the stem has, if it says so.

    Blanks are separated by `|` or `；` (or numbered, or on lines, or far apart), alternatives by `;` or `/`. Refused
    when the numbers do not agree: a wrong guess would mark right answers wrong.
    """
    answer = answer.strip()
    listed = None if _INTERVAL.fullmatch(answer) and count in (None, 0, 1) else json_list(answer)
    if listed is not None and count == 1 < len(listed) and not any(isinstance(one, list | dict) for one in listed):
        return [[str(text) for text in listed]]
    if listed is not None and count in (None, 0, len(listed)):
        return [[str(text) for text in (item if isinstance(item, list) else [item])] for item in listed]
    tried: list[int] = []
    if count == 1 and (first := _ONLY_FIRST.match(answer)) and not _cut_at_numbers(answer):
        answer = answer[first.end() :]
    if count == 1 and _PRODUCT.fullmatch(answer):
        return [[answer]]
    numbered = _cut_at_labels(answer) or _cut_at_numbers(answer) or _cut_at_letters(answer)
    if numbered and count in (None, 0, len(numbered)):
        return [_alternatives(part, whole=True) for part in numbered]
    fitting = [parts for parts in _ways_to_cut(answer) if len(parts) == count]
    if fitting:
        if count and count > 1 and re.search(r"[|｜]", answer) and _parts(answer.split("；")) in fitting[1:]:
            raise Refused(_("The blanks can be cut at | or at ；, with different answers."))
        if len(fitting[0]) > 1 and any(map(_LABEL_LEFT.match, fitting[0])):
            raise Refused(_("The answers do not number the blanks as the question has them."))
        if len(fitting[0]) > 1 and any("\n" in part for part in fitting[0]):
            raise Refused(_("The answer of a blank goes on in the next line; is a line of something else among them?"))
        return [_alternatives(part) for part in fitting[0]]
    tried += [len(parts) for parts in _ways_to_cut(answer)] + [len(numbered)]
    if not count:
        parts = next((_parts(answer.split(mark)) for mark in "|｜；\n" if mark in answer), None)
        return [_alternatives(part) for part in parts or _far_apart(answer)]
    if count == 1 and not numbered:
        if "\n" in answer:
            raise Refused(_("The answer of a blank goes on in the next line; is a line of something else among them?"))
        return [_alternatives(answer, whole=True)]
    raise Refused(
        _(
            "The stem has %(count)s blanks, the answer %(found)s.",
            count=count,
            found=len(numbered) or max(tried, default=1),
        )
    )


_MARK_BEHIND = re.compile(r"[ \t]*[（(]\s*(\d{1,3}(?:\.\d{1,2})?)\s*分\s*[)）](?=\s*(?:$|[;；,，、|/\n（(①-⑳第空]))")


def parted_from_marks(answer: str, mark: str, count: int) -> tuple[str, str]:
    """`肺（1分）；海（2分）` without what each blank earns; and the mark, their sum where nothing else is said."""
    marks = [Decimal(one) for one in _MARK_BEHIND.findall(answer)]
    total = format(sum(marks), "f") if marks and len(marks) in {1, count} else ""
    return _MARK_BEHIND.sub("", answer), mark or total


_FAR_APART = re.compile(r"[ \u3000]{2,}")


_HAN = re.compile("[\u4e00-\u9fff]")


def _far_apart(answer: str) -> list[str]:
    """`甲  乙` fills two blanks that the question does not show; refused where both may say the same."""
    parts = _parts(_FAR_APART.split(answer))
    if len(parts) < 2 or not all(map(_HAN.search, parts)):
        return [answer]
    if any(one in other for n, one in enumerate(parts) for other in parts[:n] + parts[n + 1 :]):
        raise Refused(_("The stem has %(count)s blanks, the answer %(found)s.", count=0, found=len(parts)))
    return parts


def _ways_to_cut(answer: str) -> list[list[str]]:
    ways = [_parts(answer.split(separator)) for separator in ("|", "｜", "；", "\n", ";")]
    ways.append(_parts(_FAR_APART.split(answer)))
    ways += [_parts(answer.split("}{")), _parts(re.split(r"\s/\s", answer))]
    ways += [_parts(answer.split(separator)) for separator in ("、", "，", ",")]
    ways.append(_parts(re.split("[ \u3000\xa0]", answer)))
    if all(map(_HAN.search, strokes := _parts(re.split("[/／]", answer)))):
        ways.append(strokes)
    return [way for way in ways if len(way) > 1]


_SHUT = re.compile(r"[（(][^（()）]*[)）]")


def _outside(text: str, separator: str) -> list[str]:
    """A text cut at a separator, but not inside brackets: `甲（或乙/丙）` is one piece."""
    shut = [range(*found.span()) for found in _SHUT.finditer(text)]
    pieces, start = [], 0
    for found in re.finditer(re.escape(separator), text):
        if not any(found.start() in inside for inside in shut):
            pieces.append(text[start : found.start()])
            start = found.end()
    return [*pieces, text[start:]]


def _parts(found: list[str]) -> list[str]:
    return [part.strip() for part in found if part.strip()]


def parts_of(answer: str, count: int) -> list[str]:
    """The texts of `（1）甲 （2）乙`, when there are just so many; empty otherwise."""
    found = _cut_at_numbers(answer.strip())
    return found if len(found) == count > 1 else []


def is_answer_of_blank(text: str) -> bool:
    """Whether a line says which blank it fills."""
    return _OF_BLANK.match(text.strip()) is not None


def _cut_at_labels(answer: str) -> list[str]:
    """The pieces of `第一空：甲 第二空：乙`, and of `（甲）（乙）`; none unless every one has its label or brackets."""
    marks = list(_OF_BLANK.finditer(answer))
    if marks and not answer[: marks[0].start()].strip():
        said = [mark.group(1) or mark.group(2) or mark.group(3) for mark in marks]
        numbers = ["一二三四五六七八九".index(one) + 1 if not one.isdigit() else int(one) for one in said]
        return _in_order(answer, marks, numbers)
    shut = list(_IN_BRACKETS.finditer(answer))
    is_whole = len(shut) > 1 and "".join(one.group() for one in shut) == answer
    return [one.group(1).strip() for one in shut] if is_whole else []


def _cut_at_numbers(answer: str) -> list[str]:
    marks = list(_NUMBERED.finditer(answer))
    if len(marks) < 2 or answer[: marks[0].start()].strip():
        return []
    said = [found.group(1) or found.group(2) or str(int(unicodedata.numeric(found.group(3)))) for found in marks]
    return _in_order(answer, marks, [int(one) for one in said])


def _cut_at_letters(answer: str) -> list[str]:
    marks = list(_LETTERED.finditer(answer))
    if len(marks) < 2 or answer[: marks[0].start()].strip():
        return []
    return _in_order(answer, marks, [ord(found.group(1)) - 96 for found in marks])


def _in_order(answer: str, marks: list[re.Match[str]], numbers: list[int]) -> list[str]:
    """The texts behind the marks by their numbers; none unless these are 1 to n, in whatever order."""
    ends = [mark.start() for mark in marks[1:]] + [len(answer)]
    parts = [answer[mark.end() : end].strip(" \t\n;；|,，、/。") for mark, end in zip(marks, ends, strict=True)]
    if sorted(numbers) != list(range(1, len(marks) + 1)) or not all(parts):
        return []
    return [part for _number, part in sorted(zip(numbers, parts, strict=True))]


def _alternatives(text: str, *, whole: bool = False) -> list[str]:
    parts = [text]
    for separator in ("；", ";", "/", "／", *(("|",) if whole else ())):
        parts = [piece for part in parts for piece in _cut_alternatives(part, separator)]
    parts = [piece for part in parts for piece in _cut_at_or(part)]
    kept = [one for part in parts if part.strip() for one in _with_gloss(_without_stop(part.strip()))]
    return list(dict.fromkeys(kept)) or [text]


_TERM = r"[(（](?![^()（）]*(?:[A-Za-z]{3}|[\u4e00-\u9fff]))[^()（）]*[-−+*·^][^()（）]*[)）]"
_QUOTIENT = re.compile(rf"\d\s*/\s*\d|://|{_TERM}\s*/|/\s*{_TERM}")
"""`1/2`, `(n+1)/2`: what is divided, and no two answers."""


def _without_stop(text: str) -> str:
    """A text without the full stop that ends the line of a key, `2.一（1）。`; a text of sentences keeps it."""
    return text[:-1].rstrip() if text.endswith("。") and text.count("。") == 1 and len(text) > 1 else text


def _cut_alternatives(text: str, separator: str) -> list[str]:
    """Cut, but leave 1/2, km/h, 2 bit/s and TCP/IP whole; 400-123/400123 is one number written twice."""
    pieces = _outside(text, separator)
    if separator == "/" and len(pieces) > 1:
        short = all(piece.strip().isascii() and len(piece.strip()) <= 3 for piece in pieces)
        of_unit = re.search(r"\d\s+[A-Za-z]+$", pieces[0].strip()) and not re.search(r"\d", pieces[-1])
        if len({re.sub(r"[\s-]", "", piece).casefold() for piece in pieces}) == 1:
            return pieces
        if short or of_unit or _QUOTIENT.search(text) or not all(piece.strip() for piece in pieces):
            return [text]
    return pieces


_SPACED_OR = re.compile(r"\s+(?:或者?|or)\s+")
_OR = re.compile(r"[,，]?(?:或者|或)|(?<!\d)[、,，]|[、,，](?!\d)")


def _cut_at_or(text: str) -> list[str]:
    """`海 或 海洋` names two texts; so does `海或海洋`, where one holds the other: `大于或等于` is one."""
    pieces = _SPACED_OR.split(text) if not _SHUT.search(text) else [text]
    if len(pieces) == 1 and not _SHUT.search(text):
        pieces = _OR.split(text)
        pieces = pieces if len(pieces) > 1 and all(pieces) and _say_the_same(pieces) else [text]
    return pieces


_SIGNED = re.compile(r"(?:[A-Za-z]\s*=\s*)?[-−+]?\d+(?:\.\d+)?")
"""`3或-3` are both roots, and no two texts for one."""
_TURNED = re.compile(r"[^\W_]+\s*[+×*·]\s*[^\W_]+")


def _say_the_same(pieces: list[str]) -> bool:
    """Whether one of the texts is part of each, all are one number (`3或三`), or they are turned about: `5×4或4×5`."""
    signs = {"".join(sorted(piece.strip())) for piece in pieces}
    if len(signs) == 1 and all(_TURNED.fullmatch(piece.strip()) for piece in pieces):
        return True
    is_one = len({folded(piece) for piece in pieces}) == 1
    return is_one or (_hold_one_another(pieces) and not all(_SIGNED.fullmatch(piece.strip()) for piece in pieces))


def _hold_one_another(pieces: list[str]) -> bool:
    shortest = min((piece.strip() for piece in pieces), key=len)
    return bool(shortest) and all(shortest in piece for piece in pieces)


_SHORT_GLOSS = re.compile(r"[\u4e00-\u9fff]{1,12}")


def _with_gloss(text: str) -> list[str]:
    """`三十三（33）` says the same twice: once is enough. `甲（或乙/丙）` names other answers in its brackets."""
    found = re.fullmatch(r"(.+?)[（(](.+)[)）]", text)
    if found and folded(found.group(1)) == folded(found.group(2)):
        return [found.group(1)]
    if found and _SHORT_GLOSS.fullmatch(found.group(2)) and _hold_one_another([found.group(1), found.group(2)]):
        return [found.group(1), found.group(2).strip()]
    other = (
        re.fullmatch(r"(?:或者?|也可(?:以)?(?:填|写|答|是|为)?|or\s)\s*[:：]?\s*(.+)", found.group(2))
        if found
        else None
    )
    if found and other:
        return [found.group(1), *(one.strip() for one in re.split(r"[/、；;]", other.group(1)) if one.strip())]
    return [text]
