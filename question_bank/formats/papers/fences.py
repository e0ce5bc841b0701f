"""Markdown that fences what is no code: options, an answer; titles numbered without a point; answers in italics."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from itertools import pairwise

from question_bank.formats.papers.shapes import options_of

_FENCE = re.compile(
    r"^[ \t]*(?P<sign>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)\n(?P<body>.*?)^[ \t]*(?P=sign)[ \t]*$", re.M | re.S
)
_ANSWER = re.compile(r"\s*(?:answer|答案)\s*", re.IGNORECASE)
_TITLE = re.compile(r"^(?P<level>#{2,6})[ \t]+(?P<number>\d{1,3})(?P<rest>[ \t]+(?=\S)|[ \t]*$)", re.MULTILINE)


_BARE_TITLE = re.compile(
    r"^(?P<level>#{2,6})[ \t]+\**(?P<number>\d{1,3})\**[ \t]*(?P<mark>[(（]\d{1,2}(?:[ \t]*分)?[)）])?[ \t]*$",
    re.MULTILINE,
)
"""`### 7`, `### **8** (10分)`: a title that is a number, and no more than what it earns."""


def with_options_unfenced(text: str) -> str:
    """The text without the fences around options and answers, line for line: fences become empty lines."""
    return _FENCE.sub(_open, text) if "```" in text or "~~~" in text else text


def _open(found: re.Match[str]) -> str:
    body = found.group("body")
    lines = [line for line in body.split("\n") if line.strip()]
    if _ANSWER.fullmatch(found.group("info")) and len(lines) == 1:
        at = body.index(lines[0])
        return f"\n{body[:at]}答案：{body[at:].strip()}\n"
    letters = [options_of(line, chr(65 + n)) for n, line in enumerate(lines)]
    if len(lines) > 1 and all(len(one) == 1 for one in letters):
        return f"\n{body}"
    return found.group()


def with_titles_numbered(text: str) -> str:
    """The text with a point behind the numbers of titles, where those of one level count on by one from 0 or 1."""
    marks = list(_TITLE.finditer(text))
    sure: set[int] = set()
    for level in {mark.group("level") for mark in marks}:
        of_level = [mark for mark in marks if mark.group("level") == level]
        numbers = [int(mark.group("number")) for mark in of_level]
        if len(numbers) > 1 and numbers[0] < 2 and all(b == a + 1 for a, b in pairwise(numbers)):
            sure |= {mark.start() for mark in of_level}
    text = _TITLE.sub(lambda mark: f"{mark.group(0).rstrip()}. " if mark.start() in sure else mark.group(0), text)
    return _BARE_TITLE.sub(r"\g<level> \g<number>. \g<mark>", text) if len(_BARE_TITLE.findall(text)) > 1 else text


_ASKED_ABOVE = re.compile(
    r"^([ \t]*\d{1,4}[.、．][ \t]*\S[^\n]*[?？][ \t]*\n(?:[ \t]*\n)+)(?=[ \t]*(?!\d{1,4}[ \t]*[.、．])[^\s#>|\-*+\d])",
    re.MULTILINE,
)
_OPTION_LINE = re.compile(r"^[ \t]*(?:[-*+][ \t]+)?[(（]?[A-Ha-h][.、．)）:：]", re.MULTILINE)
_BLANK_ABOVE = re.compile(
    r"^([ \t]*\d{1,4}[.、．][ \t]*[^\n]*(?:[(（][ \t]*[)）]|_{2,})[^\n]*\n)"
    r"(?=[ \t]*(?!\d{1,4}[.、．])[^\s#>|\-*+][^\n]{0,60}(?:\n[ \t]*(?:\n|\d{1,4}[.、．])|\s*\Z))",
    re.MULTILINE,
)
FEWEST_REPLIES = 3
"""Numbered questions with a text below, from which on such texts are answers."""


def with_replies_named(text: str) -> str:
    """The text with 答案 before what stands below each of its numbered questions.

    Only where it has neither options nor answers, and nearly every number asks, with a blank line before a text below
    it, or has a blank to fill, with one line below it.
    """
    if _LABELLED.search(text) or _OPTION_LINE.search(text):
        return text
    numbers = len(_NUMBERED.findall(text))
    for pattern, label in ((_ASKED_ABOVE, "参考答案："), (_BLANK_ABOVE, "答案：")):
        found = len(pattern.findall(text))
        if found >= FEWEST_REPLIES and 5 * found >= 4 * numbers:
            return pattern.sub(rf"\1{label}", text)
    return text


_TAGGED = re.compile(
    r"^[ \t]*(?=[【\[](?:单选|多选|单项选择|多项选择|不定项选择|选择|判断|填空|简答|问答)题?[】\]][ \t]*"
    r"(?!\d{1,3}\s*[.．、])[^\s【\[])",
    re.MULTILINE,
)
_NUMBER_ABOVE_TAG = re.compile(r"^\W*第?\s*\d{1,4}\s*题?[^\w\n]*\n\s*[【\[][\u4e00-\u9fff]{2,6}[】\]]", re.MULTILINE)
_LETTER_AS_CODE = re.compile(r"^([ \t]*(?:[-*+][ \t]+)?)`([A-H])`[ \t]*[:：.、][ \t]*", re.MULTILINE)


def with_tags_numbered(text: str) -> str:
    """The text with numbers before `【单选题】…`, where such tags begin its questions; `` `A` : `` as a letter."""
    if len(_TAGGED.findall(text)) < 2 or _NUMBER_ABOVE_TAG.search(text):
        return text
    count = iter(range(1, text.count("\n") + 2))
    text = _TAGGED.sub(lambda _mark: f"第{next(count)}题 ", text)
    return _LETTER_AS_CODE.sub(r"\1\2. ", text)


_ITALIC = re.compile(r"^[ \t]*\*(?!\*)(?P<said>[^*\n]*[^*\s])\*[ \t]*$", re.MULTILINE)
_NUMBERED = re.compile(r"^[ \t]*\d{1,4}\s*[.、．]\s*\S", re.MULTILINE)
_LABELLED = re.compile(r"^[\s*_【(（]*(?:(?:正确|参考|标准)?答案|answer)", re.IGNORECASE | re.MULTILINE)


def with_answers_labelled(text: str) -> str:
    """The text with 答案 before its lines in italics, where just one such line ends each of its numbered questions."""
    italics = list(_ITALIC.finditer(text))
    if len(italics) < 2 or _LABELLED.search(text):
        return text
    starts = [mark.start() for mark in _NUMBERED.finditer(text)]
    below = Counter(bisect(starts, mark.start()) for mark in italics)
    if below[0] or max(below.values()) > 1 or 4 * len(italics) < 3 * len(starts):
        return text
    return _ITALIC.sub(lambda mark: f"答案：{mark.group('said')}", text)


_ITALIC_LABEL = re.compile(
    r"^(?P<before>[ \t]*)(?P<mark>[*_])"
    r"(?P<label>(?:(?:正确|参考|标准)?答案|(?:correct |right )?answers?|解析|explanation))"
    r"[ \t]*(?:(?P=mark)[ \t]*[:：]|[:：][ \t]*(?P=mark)(?!\*))",
    re.IGNORECASE | re.MULTILINE,
)
_ROUND_EMPTY = re.compile(r"^[ \t]*[-*+][ \t]+\([ \t]\)[ \t]+\S", re.MULTILINE)
_ROUND = re.compile(r"^(?P<before>[ \t]*[-*+][ \t]+)\((?P<tick>[xX \t])\)(?=[ \t]+\S)", re.MULTILINE)


_NUMBERED_ANSWER = re.compile(
    r"^(?P<option>[ \t]*[B-H][ \t]*[.、．][^\n]*\n(?:[ \t]*\n)*)"
    r"[ \t]*(?:\d{1,3}[ \t]*[.、．][ \t]*)?答案[ \t]*[:：]?[ \t]*(?P<said>[A-H]{1,6})[ \t]+解析[ \t]*[:：]?[ \t]*",
    re.MULTILINE,
)
"""`3. 答案 C 解析 …` right below the options of question 3."""
_WRONG_LINE = r"[ \t]*(?:错误|干扰)(?:选项|项|答案)\s*[\d一二三四五六七八九]?\s*[:：][ \t]*\S[^\n]*(?:\n|$)"
_WRONG_BELOW = re.compile(
    rf"^[ \t]*(?:正确选项|正确答案)\s*[:：][ \t]*(?P<right>\S[^\n]*)\n(?P<wrong>(?:{_WRONG_LINE}){{1,8}})", re.MULTILINE
)


def with_wrong_lettered(text: str) -> str:
    """The text with `正确选项：甲` above `错误选项1：乙` as lettered options and their answer."""

    def lettered(found: re.Match[str]) -> str:
        wrong = [line.strip() for line in found.group("wrong").splitlines() if line.strip()]
        texts = [found.group("right").strip(), *(re.split("[:：]", line, maxsplit=1)[1].strip() for line in wrong)]
        return "".join(f"{chr(65 + n)}. {one}\n" for n, one in enumerate(texts)) + "答案：A\n"

    return _WRONG_BELOW.sub(lettered, text)


_POINT_BEHIND_BRACKET = re.compile(r"^([ \t]*\d{1,4})([（《“【])([.．、])(?=[ \t]*\S)", re.MULTILINE)
"""`7（. ）…`, as programs print `7.（ ）…` when they take the text out of a page."""
_ESCAPED_NUMBER = re.compile(r"^([ \t]*)\\(?=\d{1,4}[.、][ \t]*\S)", re.MULTILINE)


_BOLD_LABEL = re.compile(
    r"^([ \t]*)\*\*((?:正确|参考|标准)答案|答案(?:解析)?|解析)\*\*[ \t]*(?=[^\s:：*])", re.MULTILINE
)
"""`**正确答案**北京`, as pages are copied whose labels are set apart by nothing but their looks."""

_CHOSEN_BEHIND = re.compile(
    r"^([ \t]*(?:[-*+][ \t]+)?\[[ xX]?\][ \t]*\*\*[^\n]+\*\*)[ \t]*[未已]选[ \t]*$", re.MULTILINE
)
"""`[ ] **北京**未选`: whether somebody chose it."""


def with_plain_labels(text: str) -> str:
    """The text with `*Answer*: B` as `Answer: B`, and with `- (x)` as `- [x]` where others of its points have `( )`.

    A number that programs keep from being a list of Markdown, `\\1.`, is one all the same.
    """
    text = _NUMBERED_ANSWER.sub(r"\g<option>答案：\g<said>\n解析：", text) if "解析" in text else text
    text = with_wrong_lettered(text) if "错误" in text or "干扰" in text else text
    text = _ESCAPED_NUMBER.sub(r"\1", text) if "\\" in text else text
    text = _POINT_BEHIND_BRACKET.sub(r"\1\3\2", text)
    text = _ITALIC_LABEL.sub(r"\g<before>\g<label>: ", text)
    if "**" in text:
        text = _CHOSEN_BEHIND.sub(r"\1", _BOLD_LABEL.sub(r"\1\2：", _BOLD_OVER_LINES.sub(r"\1\2", text)))
    return _ROUND.sub(r"\g<before>[\g<tick>]", text) if _ROUND_EMPTY.search(text) else text


_BOLD_OVER_LINES = re.compile(
    r"^([ \t]*(?:[-*+][ \t]+)?)\*\*((?:正确|参考)?答案[ \t]*[:：](?:[^*\n]*\n){1,20}?[^*\n]*)\*\*", re.MULTILINE
)
"""An answer whose bold letters end some lines below."""
_BOLD_END = re.compile(
    r"^(?P<asked>[ \t]*\d{1,4}[.、．)][ \t]*[^*\n]+?[?？:：=])[ \t]*"
    r"(?:(?:→|=>|->)[ \t]*)?\*\*(?P<said>[^*\n]+)\*\*[ \t]*$",
    re.MULTILINE,
)


def with_bold_answers(text: str) -> str:
    """The text with 答案 before what is bold at the end of numbered lines that ask, where several end so."""
    if len(_BOLD_END.findall(text)) < 2:
        return text
    return _BOLD_END.sub(lambda mark: f"{mark.group('asked')}  答案：{_CALLED.sub('', mark.group('said'))}", text)


_CALLED = re.compile(r"^\s*(?:(?:正确|参考)?答案|(?:correct )?answer)\s*[:：]\s*", re.IGNORECASE)
_FRONT = re.compile(r"\A---[ \t]*\n(?:(?:[A-Za-z_][\w-]*:|[ \t]+\S|- |#)[^\n]*\n|[ \t]*\n){1,80}?---[ \t]*(?=\n)")


def without_front_matter(text: str) -> str:
    """The text with empty lines instead of what is told about a page above it, between two lines of `---`."""
    return _FRONT.sub(lambda found: "\n" * found.group().count("\n"), text.lstrip("\ufeff"))
