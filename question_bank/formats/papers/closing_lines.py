"""Lines of a page that are no part of any question: who set the paper, good wishes, the end, a place and a date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from question_bank.formats.papers.blocks import Block, Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.keys import Entry, is_key_heading
from question_bank.formats.papers.shapes import SIGNS, answer_of, narrow, number_of, options_of
from question_bank.formats.signs import has_signs

_MAKER = re.compile(
    r"(?:(?:(?:出题|命题|审题|拟题|制卷|组卷|出卷|审卷|审核|复核|校对|编制|监制|阅卷|评卷|批改|监考)(?:人员?|者|单位|部门|教师|老师)?"
    r"|(?:考生|学员|本人)?签[字名])\s*:[ _]*(?:[^\s:_]{1,20}[ _]*)?){1,4}"
)
_MAKER_OF_OFFICE = re.compile(
    r"(?:出题|命题|审题|拟题|制卷|组卷|出卷|审卷|审核|编制)(?:人员?|者|教师|老师)?\s*:\s*[\u4e00-\u9fff]{2,12}\s+[\u4e00-\u9fff×*○]{2,4}"
)
"""`出题人：支部书记 王××`"""
_OFFICE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,10}(?:书记|委员|主任|主管|经理|科长|部长|院长|校长|园长|护士长|组长|安全员|干事|负责人|联系人)"
    r"|[填制]表人?|整理人?)\s*:\s*[\u4e00-\u9fff×*○_ ]{0,8}"
)
"""`宣传委员：陈××`"""
_JUDGED_END = re.compile(rf"\(\s*(?:[A-Ha-h]{{1,8}}|[{SIGNS}]|对|错|正确|错误|T|F)?\s*\)\s*[.。]?")
_CLOSED_KINDS = frozenset({"single_choice", "multiple_choice", "true_false", "fill_in"})
_WISH = re.compile(
    r"[(\[]?\s*(?:预?祝|恭祝)[^。!?]{0,14}(?:顺利|成功|愉快|佳绩|好?成绩|进步|凯旋)[^。!?]{0,4}[!。]?\s*[)\]]?"
)
_END = re.compile(
    r"[(\[【\s*—\-…=]*(?:完|全卷完|(?:全卷|全文|试卷|试题|本卷|考试|答题)(?:到此|至此)?(?:结束|完毕|完)|以下(?:为|是)?空白|(?:试卷)?到此结束)[)\]】\s*—\-…=!。]*"
)
_DATE = re.compile(r"\d{4}\s*(?:年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|[./-]\d{1,2}[./-]\d{1,2})")
_PAGE = re.compile(r"[-—–]\s*\d{1,3}\s*[-—–]|第\s*\d{1,3}\s*页(?:[,/\s]*共\s*\d{1,3}\s*页)?")
_UNIT = re.compile(r"[\u4e00-\u9fff()A-Za-z0-9·]{2,30}")
LONGEST_SHORT_ANSWER = 12
"""Characters of an answer that goes on in no further line."""


def closes(lines: Sequence[Line], at: int, block: Block | None, kind: str | None = None) -> bool:
    """Whether a line is none of the question above it, and says so itself, or by where it stands.

    The kind is that of the part of the paper.
    """
    if block is None or lines[at].is_code:
        return False
    text = narrow(lines[at].text).strip()
    if _names_maker(text):
        return True
    above = next((narrow(lines[n].text).strip() for n in range(at - 1, -1, -1) if lines[n].text.strip()), "")
    if _OFFICE.fullmatch(text):
        is_whole = kind in _CLOSED_KINDS and block.into == "stem" and above[-1:] in {"。", ".", ")", "?", "!"}
        return (is_whole or _is_over(block)) and _ends_dated(lines, at)
    if not _is_over(block):
        return (_names_maker(above) or _OFFICE.fullmatch(above) is not None) and _signs(lines, at, text)
    return any(one.fullmatch(text) for one in (_WISH, _END, _PAGE)) or _signs(lines, at, text)


def closes_key(lines: Sequence[Line], at: int, entries: Sequence[Entry]) -> bool:
    """Whether a line of a key is none of the answer above it, and says so itself, or by where it stands."""
    text = narrow(lines[at].text).strip()
    if _names_maker(text):
        return True
    said = "".join(entries[-1].answer) if entries else ""
    is_over = 0 < len(said) <= LONGEST_SHORT_ANSWER and not entries[-1].fields
    return is_over and (
        _WISH.fullmatch(text) is not None or _END.fullmatch(text) is not None or _signs(lines, at, text)
    )


def _is_over(block: Block) -> bool:
    """Whether a question is complete, and its last line is none of a text that may end so itself."""
    if block.into == "answer":
        said = "".join(block.answer)
        return 0 < len(said) <= LONGEST_SHORT_ANSWER
    if block.into == "stem":
        return bool(block.stem) and _ends_judged(block.stem[-1])
    return block.into == "option" and len(block.options) > 1


def _names_maker(text: str) -> bool:
    return (_MAKER.fullmatch(text) or _MAKER_OF_OFFICE.fullmatch(text)) is not None


def _ends_judged(line: str) -> bool:
    """Whether a stem ends with the brackets that its answer stands in, or belongs in: `…不得超载。（ √ ）`."""
    thin = narrow(line).rstrip()
    return any(found.end() == len(thin) for found in _JUDGED_END.finditer(thin))


def _ends_dated(lines: Sequence[Line], at: int) -> bool:
    """Whether nothing, or the key, stands below a line and the date below that."""
    below = next((n for n in range(at + 1, len(lines)) if lines[n].text.strip()), None)
    if below is not None and _DATE.fullmatch(narrow(lines[below].text).strip()):
        return _ends(lines, below)
    return _ends(lines, at)


def _signs(lines: Sequence[Line], at: int, text: str) -> bool:
    """Whether a place and a date, or the date alone, stand below all the rest."""
    if _DATE.fullmatch(text):
        return _ends(lines, at)
    below = next((n for n in range(at + 1, min(at + 4, len(lines))) if lines[n].text.strip()), 0)
    is_name = _UNIT.fullmatch(text) is not None and number_of(text) is None and not options_of(text, "")
    return (
        is_name and below > 0 and _DATE.fullmatch(narrow(lines[below].text).strip()) is not None and _ends(lines, below)
    )


def _ends(lines: Sequence[Line], at: int) -> bool:
    """Whether nothing, or the key, stands below a line."""
    below = next((lines[n].text for n in range(at + 1, len(lines)) if lines[n].text.strip()), "")
    return not below or is_key_heading(below)


_LETTERED = re.compile(r"[(\[【]?\s*[A-Ha-h]\s*[)\]】.、:]")
WIDEST = 80
"""How many columns of a page a line is measured against."""
FULL = 0.6
"""The share of the widest line from which a line may have been broken."""


def width_of(text: str) -> int:
    """The columns that a text takes, a Chinese sign two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text.strip())


def stands_below_options(lines: Sequence[Line], at: int, block: Block, widest: int) -> bool:
    """Whether a line can't go on with the last option: each takes a line, and that one ended before the margin."""
    text = lines[at].text
    if block.into != "option" or len(block.options) < 2 or any(len(one.lines) > 1 for one in block.options):
        return False
    above = next((lines[n].text for n in range(at - 1, -1, -1) if lines[n].text.strip()), "")
    first = narrow(text).strip()[:1]
    goes_on = not first or first in ",.;:)]!?、。-*•" or first.islower() or text[:1].isspace()
    is_words = "|" not in text and not has_signs(text) and re.search(r"[\u4e00-\u9fff]", text) is not None
    goes_on = goes_on or narrow(above).rstrip()[-1:] in {",", "、", ":", ";", "("}
    is_marked = _LETTERED.match(narrow(text)) is not None or answer_of(text) is not None or heading_of(text) is not None
    return is_words and not goes_on and not is_marked and width_of(above) < FULL * min(widest, WIDEST)
