"""Titles and lines of a page that name a part of a question, and say nothing themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.fields.answers import truth
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import answer_of, narrow, number_of, options_of
from question_bank.formats.papers.task_names import kind_of_task
from question_bank.formats.sheets.columns import kind_named

PICTURES = re.compile("[\u2600-\u27bf\u2b50\U0001f300-\U0001faff\ufe0f]")
_NAMES_PART = re.compile(r"(?:题目|题干|问题|试题)(?:描述|内容)?|选项|Question|Options|Choices", re.IGNORECASE)
_NAMES_EXPLANATION = re.compile(r"(?:答案|题目|详细)?解析|分析|详解|Explanation|Analysis", re.IGNORECASE)
_OF_OPTION = re.compile(r"\s*(?:[-*+]\s+)?(?:选项|Option)\s*\(?[A-H]\b|\s*[A-H]\s*选项", re.IGNORECASE)
"""What says something about an option."""
_BOX = re.compile(r"\s*\[[ xX]?\]\s")


def without_names(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines without titles such as `### 题目`, `### 选项` that only name what stands below them."""
    out: list[Line] = []
    is_below = False
    for line in lines:
        if line.title and _NAMES_PART.fullmatch(_bare(line)):
            is_below = True
        elif not (is_below and not line.text.strip()):
            out.append(line)
            is_below = False
    return out


def with_verdicts_of_points(lines: Sequence[Line]) -> Sequence[Line]:
    """`- 对` and `- **错**` below a sentence, as its answer; where neither is bold, they are no part of it."""
    out = list(lines)
    for at in range(len(lines) - 1):
        below = next((n for n in range(at + 1, min(at + 3, len(lines))) if lines[n].text.strip()), at)
        said = {n: _verdict_of_point(lines[n]) for n in (at, below)}
        bold = [n for n in said if lines[n].marked]
        if {*said.values()} != {True, False} or len(bold) > 1:
            continue
        out[at] = Line(lines[at].where, f"答案：{'正确' if said[bold[0]] else '错误'}" if bold else "")
        out[below] = Line(lines[below].where, "")
    return out


_POINT = re.compile(r"\s*[-*+•]\s+(?P<said>\S.{0,6})")


def _verdict_of_point(line: Line) -> bool | None:
    point = _POINT.fullmatch(line.text)
    return truth(point.group("said")) if point and not line.is_code else None


def with_titles_underlined(lines: Sequence[Line]) -> list[Line]:
    """Lines in which what stands alone above a line of `===` is a title, as Markdown and many a printout write it."""
    out = list(lines)
    for at in range(len(lines) - 1):
        above = lines[at - 1].text if at else ""
        text = lines[at].text
        is_title = not above.strip() and 0 < len(text.strip()) <= LONGEST_TITLE and not lines[at].is_code
        if is_title and _UNDERLINE.fullmatch(lines[at + 1].text) and not (number_of(text) or answer_of(text)):
            out[at] = replace(lines[at], title=lines[at].title or 2)
    return out


_UNDERLINE = re.compile(r"\s*={3,}\s*")
LONGEST_TITLE = 60
"""Characters of a line that is underlined as a title."""


def with_parts_counted(lines: Sequence[Line]) -> list[Line]:
    """Lines in which `二、综合`, alone below a part that is counted one less, is a title, whatever it is called."""
    out = list(lines)
    parts = last = 0
    is_counted = True
    for at, line in enumerate(lines):
        number = number_of(line.text) if not (line.is_code or line.title) else None
        if number is None or number.style != "cn":
            last = number.value if number and number.style == "dot" else last
            continue
        if heading_of(line.text) is not None:
            parts, is_counted = number.value, True
            continue
        name = without_marks(line.text[number.end :])
        beside = [lines[n].text.strip() for n in (at - 1, at + 1) if 0 <= n < len(lines)]
        is_named = 1 < len(name) <= LONGEST_NAME and not _NO_NAME.search(_without_kind(name))
        is_above = is_counted and _is_above_question(lines, at, last) and (parts > 0 or last == 0)
        if is_named and number.value == parts + 1 and ((parts and not any(beside)) or is_above):
            out[at], parts = replace(line, title=2, is_part=is_above), number.value
        else:
            is_counted = False
    return out


def _is_above_question(lines: Sequence[Line], at: int, last: int) -> bool:
    """Whether the next number below a line is that of a question that counts on from the last one, or begins to count.

    A text that the questions are about may stand between; no option, answer, or other heading.
    """
    for line in lines[at + 1 : at + FARTHEST_QUESTION]:
        number = number_of(line.text) if not line.is_code else None
        if number is not None:
            return number.style == "dot" and number.value in {1, last + 1}
        if line.is_code or answer_of(line.text) or options_of(line.text, "A") or heading_of(line.text):
            return False
    return False


FARTHEST_QUESTION = 12
"""How many lines below the name of a part its first question may stand."""
_MARKS_BEHIND = re.compile(r"\s*[(（]\s*(?:[共计]|满分)?\s*\d{1,3}\s*分\s*[)）]\s*[:：]?$")


def without_marks(name: str) -> str:
    """The name of a part without what it earns: `三、习作（30分）`."""
    bare = _MARKS_BEHIND.sub("", name).strip()
    return bare.rstrip("。") if len(bare) <= LONGEST_WITH_STOP else bare


LONGEST_WITH_STOP = 8
"""Characters of a name that may end as a sentence does: `我会选。`."""


_KIND_BEHIND = re.compile(r"\s*[(（]\s*(?P<kind>[\u4e00-\u9fff]{2,6})\s*[)）]\s*[:：]?$")


def _without_kind(name: str) -> str:
    return _KIND_BEHIND.sub("", name) if _KIND_BEHIND.search(name) and kind_behind(name) else name.rstrip(":：")


def kind_behind(name: str) -> str | None:
    """The kind that a part's name ends with, or the task that it names: `二、党纪条规（多选）`, `二、默写填空`."""
    found = _KIND_BEHIND.search(name)
    return kind_named(found.group("kind")) if found else kind_of_task(without_marks(name))


LONGEST_NAME = 16
"""Characters of a part's name."""
_NO_NAME = re.compile(r"[。.,，;；:：?？!！（）()_]|、(?=\s*$)")


def counts_on(text: str, name: str) -> bool:
    """Whether a heading is counted as the part before it is, which it ends: `三、写作` below `二、阅读`."""
    number, before = number_of(text), number_of(name)
    if number is None or before is None:
        return False
    return number.style == before.style == "cn" and number.value == before.value + 1


def names_explanation(line: Line) -> bool:
    """Whether a line is a title such as `### 解析`: what stands below it explains the question above."""
    return bool(line.title) and _NAMES_EXPLANATION.fullmatch(_bare(line)) is not None


_PAPER = re.compile(
    r"[^。？！?!]*(?:试卷|试题|考试|测验|测试|练习|题库|考核|卷)\s*[(]\s*[A-D]\s*卷?\s*[)]\s*(?:(?:参考|标准)?答案)?\s*"
)


def names_paper(text: str) -> bool:
    """Whether a line is the title of one of several papers: `《大学语文》试题（B）`."""
    return _PAPER.fullmatch(narrow(text)) is not None


def is_about_option(text: str) -> bool:
    """Whether a line speaks of an option by its letter: `选项A：…`, `Option B is …`."""
    return _OF_OPTION.match(text) is not None


def is_below_box(above: str, text: str) -> bool:
    """Whether a line is set in right below `- [ ] …`, which it goes on with."""
    return text[:1] in {" ", "\t"} and _BOX.match(above) is not None


def _bare(line: Line) -> str:
    return PICTURES.sub("", narrow(line.text)).strip(" :")


_NAMES_KIND = re.compile(r"\s*[\u4e00-\u9fff（）()《》“”]{4,24}(?P<kind>填空题?|判断题?|选择题)\s*")


def kind_of_title(text: str) -> str | None:
    """The kind of all questions that the first line of a paper names at its end: `必背古诗填空`."""
    found = _NAMES_KIND.fullmatch(text) if number_of(text) is None else None
    return found["kind"] if found and kind_named(found["kind"]) and heading_of(text) is None else None


def with_title_as_part(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which such a title heads the part that they all belong to."""
    first = next((at for at, line in enumerate(lines) if line.text.strip()), None)
    kind = kind_of_title(lines[first].text) if first is not None and not lines[first].is_code else None
    if first is None or kind is None or any(heading_of(line.text) for line in lines):
        return lines
    return [*lines[:first], replace(lines[first], text=f"{kind.removesuffix('题')}题"), *lines[first + 1 :]]
