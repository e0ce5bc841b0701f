"""Lines that begin the material of a case, or options that several questions share, and for which numbers."""

from __future__ import annotations

import re

from question_bank.formats.papers.shapes import CN, narrow

_SHARED = (
    r"\(?\s*(?:第\s*)?(\d{1,3})\s*题?\s*[-~—–至到、]+\s*(?:第\s*)?(\d{1,3})\s*小?题?\s*(?:[,:]?\s*)(?:共用|共享|共有)"
)
_SHARED_STEM = re.compile(_SHARED + r"(?:同一|一个)?(?:题干|材料|病例|病历|案例|资料)\s*\)?\s*:?")
_SHARED_OPTIONS = re.compile(_SHARED + r"(?:同一|一组|一个)?(?:备选)?(?:答案|选项|备选项)\s*\)?\s*:?\s*")
_MATERIAL = re.compile(
    rf"\s*[【\[(]?\s*(?:(?:案例|病例|病案|材料|资料|阅读材料|背景材料|背景资料|共用题干|公共题干)\s*(?:分析)?\s*(?:{CN}|\d{{1,3}})?\s*(?:[】\])]|[:.]|$)"
    r"|(?:请?阅读|根据|依据|仔细阅读)(?:下列|以下|下面|上述)?.{0,12}(?:材料|资料|案例|短文|内容|诗歌|古诗|诗文|诗词|文段|文字|选文|文章|文言文|语段|对话|图文|图表|图片|漫画).{0,12}(?:回答|完成|作答)"
    r"|(?:passage|text)\s+(?:[A-H]|\d{1,2}|one|two|three|four)\s*[:.]?$"
    r"|questions?\s+\d{1,3}\s*(?:to|through|and|-|–)\s*\d{1,3}\s+(?:are|is)\s+based\s+on\b"
    r"|(?:please\s+)?read\s+(?:the\s+|this\s+)?(?:following\s+)?(?:passage|text|article|story|paragraph|dialogue|extract|case)s?\b.{0,40}\b"
    r"(?:answer|questions?)\b)",
    re.IGNORECASE,
)


def begins_material(text: str) -> bool:
    """Whether a line begins the material of a case."""
    thin = narrow(text).strip()
    return _MATERIAL.match(thin) is not None or _SHARED_STEM.match(thin) is not None


def cut_shared_stem(text: str) -> str | None:
    """What stands behind `（1～3题共用题干）`; None where a line does not begin so."""
    found = _SHARED_STEM.match(narrow(text))
    return text[found.end() :].strip() if found else None


def numbers_of_shared_options(text: str) -> tuple[int, int] | None:
    """First and last of the questions that choose from the same options: `（1～3题共用备选答案）`."""
    found = _SHARED_OPTIONS.fullmatch(narrow(text).strip())
    return (int(found.group(1)), int(found.group(2))) if found else None


def numbers_of_next(text: str, number: int) -> bool:
    """Whether a material says that it is for the questions behind this one: `回答4～5题` below the third."""
    numbers = numbers_of_material(text)
    return numbers is not None and numbers[0] == number + 1


_FOR_NUMBERS = re.compile(
    r"(?:questions?\s+(\d{1,3})\s*(?:-|–|~|to)\s*(\d{1,3})\b)|(?:回答|完成|作答)(?:下列|以下)?第?\s*(\d{1,3})\s*(?:题)?\s*[-~—–至到]+\s*第?\s*(\d{1,3})\s*(?:小?题|问|各题)",
    re.IGNORECASE,
)


def numbers_of_material(text: str) -> tuple[int, int] | None:
    """First and last of the numbers that a material says it is for: `回答1～3题`."""
    found = _FOR_NUMBERS.search(narrow(text)) or _SHARED_STEM.match(narrow(text).strip())
    numbers = [int(one) for one in found.groups() if one] if found else []
    return (numbers[0], numbers[1]) if numbers else None
