"""Lines freed of the dress of Markdown, of tags and of ornaments, with what stood out in them marked."""

from __future__ import annotations

import re
from collections.abc import Callable

from question_bank.formats.papers.blocks import Line, Mark
from question_bank.formats.papers.shapes import SIGNS, number_of

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=[^\s_])([^_]+?)(?<=[^\s_])__(?=\s|$)")
_DRESS = re.compile(
    r"\s*(?:>\s*|[-+]\s+(?=(?:\[[ xX]?\]\s*)?\**[(（]?[A-Za-z][.、．:：)）])|[-*+]\s+(?=\[[ xX]\]\s)"
    r"|[-*+]\s+(?=\*{0,2}(?:题目|问题|练习)\s*\d|\*{0,2}(?:本题)?(?:正确|参考|标准)?答案|\*{0,2}解析"
    r"|\*{0,2}(?:[Cc]orrect |[Rr]ight )?[Aa]nswers?\b|\*{0,2}[Ee]xplanation\b))+"
)
_OPTION_ROW = re.compile(
    r"\s*\|(?:\s*(?P<tick>[*√✓✔✅xX]?)\s*\|)?\s*(?P<tick2>[*√✓✔✅])?\s*(?P<letter>[A-Ha-h])\s*[.、．)）]?\s*\|\s*(?P<text>[^|]*[^|\s])\s*\|\s*"
)
_QUESTION_ROW = re.compile(r"\s*\|\s*(\d{1,4}\s*[.、．])\s*\|\s*([^|]*[^|\s])\s*\|[\s|]*")
_ANSWER_ROW = re.compile(
    r"\s*\|\s*((?:正确|参考|标准)?答案\s*[:：»][^|]*[^|\s]|(?:correct\s+)?answer\s*[:»][^|]*[^|\s])\s*\|[\s|]*",
    re.IGNORECASE,
)
_EMPTY_ROW = re.compile(r"\s*\|[\s|:-]*\|\s*")
_CALLOUT = re.compile(r"\s*>\s*\[!\w+\][-+]?\s*")
_NUMBERED_BOX = re.compile(r"\s*\d{1,2}[.)]\s+(?=\[[ xX]\])")
_CONTAINER = re.compile(r"\s*:{3,}\s*[\w-]*\s*(.*)")
"""`::: details 查看答案` folds what stands below it away, as `<details>` does; `:::` ends it."""
_FOLD_BY_NAME = re.compile(r'\s*\?{3}\+?\s*[\w-]*\s*"([^"]*)"\s*')
"""`??? question "Show answer"` does so, too."""
_FRAME = re.compile(r"\s*</?(?:div|p|ol|ul|section)\b[^>]*>\s*", re.IGNORECASE)
_ORNAMENT = re.compile(
    r"(\s*(?:#{1,6}\s+)?\**)(?:[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]\ufe0f?\s*)+"
    r"(?=\**\s*[【\[]?(?:正确|参考|标准)?(?:答案|解析|解释|分析|考点|知识点|关键词|难度)"
    r"|\**(?:correct |right )?answer|\**explanation)",
    re.IGNORECASE,
)
"""Pictures before 答案 and its like, which say nothing."""
_ESCAPED = re.compile(r"(?P<formula>\$[^$\n]+\$)|\\([\\`*_{}\[\]()#+\-.!~>|])")
"""What Markdown escapes; inside a formula, `$\\{1, 2\\}$`, it is TeX's."""
_SUMMARY = re.compile(r"<summary>\s*(.*?)\s*</summary>", re.IGNORECASE)
_SAYS_ANSWER = re.compile(r"答案|answer|solution", re.IGNORECASE)
_FOLDED = re.compile(r"</?(?:details|summary)\b[^>]*>", re.IGNORECASE)
"""What folds an answer away on a page, and what stands on the fold."""
_BOLD_TAG = re.compile(r"</?(?:b|strong)>", re.IGNORECASE)
_TITLE = re.compile(r"^\s*#{1,6}\s+")
_ITALIC_ANSWER = re.compile(
    r"(\s*)([*_])(?=[(（]?(?:正确|参考|标准)?答案|解析|[(（]?(?:correct )?answer|explanation\s*:)([^*]+)\2\s*",
    re.IGNORECASE,
)
"""`*参考答案：…*`: a whole line of Markdown in italics."""


_LETTER_IN_FORMULA = re.compile(rf"([（(]\s*)\$\s*([A-H]{{1,8}}|[TF{SIGNS}])\s*\$(?=\s*[)）])")
_FRAME_INSIDE = re.compile(r"</?(?:div|p|section|span)\b[^>]*>", re.IGNORECASE)
_LETTER_SIGN = re.compile("([\U0001f170\U0001f171\U0001f1e6-\U0001f1ed\u24b6-\u24bd\U0001f130-\U0001f137])\ufe0f?")
"""Letters as pictures and in circles."""
_LETTER_IN_HOOKS = re.compile(rf"〔\s*((?:[A-HＡ-Ｈ]{{1,8}}|[{SIGNS}]|对|错|正确|错误)?)\s*〕")
_POINT = re.compile(r"^\s*[•·▪◦]\s*(?=[(（]?[A-Ha-h]\s*[.、．:：)）])")


def undressed(raw: str, *, is_markdown: bool) -> Line:
    """A line without `>`, `-`, `#` and `**`; what was bold is marked."""
    text = _ORNAMENT.sub(r"\1", raw.rstrip(), count=1) if _ORNAMENT.match(raw) else raw.rstrip()
    text = _POINT.sub("", _LETTER_IN_HOOKS.sub(r"（\1）", text))
    text = _with_plain_letters(text) if _LETTER_SIGN.search(text) else text
    text = _LETTER_IN_FORMULA.sub(r"\1\2", text) if "$" in text else text
    italic = _ITALIC_ANSWER.fullmatch(text)
    text = italic.group(1) + italic.group(3) if italic else text
    if not is_markdown:
        dress = re.match(
            r"\s*(?:[-*+]\s+|>\s*(?=(?:正确|参考|标准)?答案|解析|[Aa]nswer|[Ee]xplanation))"
            r"(?=\[[ xX]\]\s|(?:\[[ xX]?\]\s*)?[A-Za-z][.、．:：)）]|(?:正确|参考|标准)?答案|解析"
            r"|(?:[Cc]orrect |[Rr]ight )?[Aa]nswers?\s*[:：]|[Ee]xplanation\s*[:：])",
            text,
        )
        return Line("", text[dress.end() :] if dress else _of_row(text))
    if _FRAME.fullmatch(text):
        return Line("", "")
    is_quote = text.lstrip().startswith(">")
    text = _CALLOUT.sub("", text, count=1) if _CALLOUT.match(text) else text
    dress = _DRESS.match(text) or _NUMBERED_BOX.match(text)
    text = text[dress.end() :] if dress else text
    if folded := _CONTAINER.fullmatch(text) or _FOLD_BY_NAME.fullmatch(text):
        text = "答案：" if _SAYS_ANSWER.search(folded.group(1)) else ""
    title = _TITLE.match(text)
    level = title.group().count("#") if title else 0
    text = _FRAME_INSIDE.sub("", _BOLD_TAG.sub("", text)) if "<summary>" in text.casefold() else text
    text = _SUMMARY.sub(_of_fold, text)
    text = _of_row(_FOLDED.sub("", _TITLE.sub("", text)))
    marked: list[Mark] = []
    for pattern, mark_of in _STANDS_OUT if "<" in text or "=" in text else _STANDS_OUT[:1]:
        text, marked = _taken_off(text, marked, pattern, mark_of)
    if "\\" in text and not marked:
        text = _ESCAPED.sub(lambda found: found["formula"] or found.group(2), text)
    return Line("", text, tuple(marked), title=level, is_quote=is_quote)


_COLOUR = re.compile(
    r"<(?P<tag>font|span)\b[^<>]*?\bcolor\s*[=:]\s*[\"']?\s*(?P<colour>[#\w]+)[^<>]*>(?P<text>.*?)</(?P=tag)\s*>",
    re.IGNORECASE,
)
_RED = re.compile(r"red|#?(?:f00|[c-f][0-9a-f][0-4][0-9a-f][0-4][0-9a-f])", re.IGNORECASE)
_HIGHLIGHT = re.compile(
    r"<mark\b[^<>]*>(?P<text>.*?)</mark\s*>|(?<![=\w])==(?=[^\s=])(?P<text2>[^=]+)(?<=[^\s=])==(?![=\w])"
)


def _of_colour(found: re.Match[str]) -> str:
    return "red" if _RED.fullmatch(found.group("colour")) else "coloured"


_STANDS_OUT: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_BOLD, lambda found: "bold"),
    (_COLOUR, _of_colour),
    (_HIGHLIGHT, lambda found: "highlight"),
)
"""What makes words stand out, and as what."""


def _taken_off(
    text: str, marked: list[Mark], pattern: re.Pattern[str], mark_of: Callable[[re.Match[str]], str]
) -> tuple[str, list[Mark]]:
    """A text without the signs around what stands out, and every stretch of it that does."""
    dropped: set[int] = set()
    inside = []
    for found in pattern.finditer(text):
        start, end = next(found.span(n) for n in _texts(pattern) if found.group(n) is not None)
        dropped |= {*range(found.start(), start), *range(end, found.end())}
        inside.append((start, end, mark_of(found)))
    if not inside:
        return text, marked
    place, at = [], 0
    for n in range(len(text) + 1):
        place.append(at)
        at += n not in dropped
    kept = "".join(sign for n, sign in enumerate(text) if n not in dropped)
    return kept, [(place[a], place[b], name) for a, b, name in [*marked, *inside]]


def _texts(pattern: re.Pattern[str]) -> list[int]:
    """The groups of a pattern that hold what stands out."""
    named = [n for name, n in pattern.groupindex.items() if name.startswith("text")]
    return named or list(range(1, pattern.groups + 1))


def _with_plain_letters(text: str) -> str:
    """`🅰️ 甲` as `A. 甲`, and 🅰️ anywhere else as A."""
    first = _LETTER_SIGN.match(text.lstrip(" \t-*+"))
    out = _LETTER_SIGN.sub(lambda found: _letter_of_sign(found.group(1)), text)
    if not first:
        return out
    letter = _letter_of_sign(first.group(1))
    return out.replace(letter, f"{letter}. ", 1)


def _letter_of_sign(sign: str) -> str:
    start = next(one for one in (0x1F170, 0x1F1E6, 0x24B6, 0x1F130) if one <= ord(sign) < one + 8)
    return chr(65 + ord(sign) - start)


def _of_fold(found: re.Match[str]) -> str:
    """What stands on a fold: the label of the answer inside it, a question that the fold answers, or nothing."""
    said = found.group(1)
    if _SAYS_ANSWER.search(said) and number_of(said) is None:
        return "答案："
    return str(said) if number_of(said) is not None else ""


def _of_row(text: str) -> str:
    """A row of a table that holds an option, `| * | c. | text |`, as `√c. text`; a row that holds nothing is empty.

    So with a row of a number and a question, `| 3. | text |`, and one of an answer.
    """
    if not text.lstrip().startswith("|"):
        return text
    asked = _QUESTION_ROW.fullmatch(text) or _ANSWER_ROW.fullmatch(text)
    if asked:
        return " ".join(group for group in asked.groups() if group)
    found = _OPTION_ROW.fullmatch(text)
    if not found:
        return "" if _EMPTY_ROW.fullmatch(text) else text
    tick = "√" if found.group("tick") or found.group("tick2") else ""
    return f"{tick}{found.group('letter')}. {found.group('text')}"
