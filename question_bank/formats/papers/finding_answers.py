"""The answer of a gathered block, where no line is nothing but the answer: cut from remarks, the stem, or marks."""

from __future__ import annotations

import re

from learnhub.kernel.cells import folded
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import answer_in_stem, blanks_in, letters_in, right_letters, truth
from question_bank.formats.fields.remarks import letters_and_remark
from question_bank.formats.fields.rows import Row
from question_bank.formats.papers.blocks import MARKS, Block, Chosen
from question_bank.formats.papers.shapes import SIGNS, narrow
from question_bank.formats.signs import UNDERLINED

_IN_LINE = re.compile(
    "\ue006\\s*([^\ue006\ue007]{1,60}?)\\s*\ue007|"
    r"[_＿]*【\s*([^【】]{1,60}?)\s*】[_＿]*|_{1,}\s*([^_\s][^_]{0,60}?)\s*_{1,}|\{\s*([^{}]{1,60}?)\s*\}"
)
_IN_BRACKETS = re.compile(r"[（(]\s*([^（）()]{1,60}?)\s*[)）]")
_ANSWERED_LINE = re.compile(
    rf"[(（]\s*(?:[A-Ha-h]{{1,8}}|[{SIGNS}]|对|错|正确|错误)\s*[)）]\s*[。？?.：:]?\s*$", re.MULTILINE
)
_UNDERSCORED = re.compile(r"_+\s*([A-HＡ-Ｈ](?:[\s,、，]?[A-HＡ-Ｈ]){0,7})\s*_+")
"""Letters of the answer on the line that is to be filled: `__B__`."""
_HOOKED_AT_END = re.compile(r"[ \t\u3000]*[【\[]\s*([A-HＡ-Ｈ](?:[\s,、，]?[A-HＡ-Ｈ]){0,7})\s*[】\]]\s*[。.]?\s*$")
"""Letters of the answer behind the stem: `…的原则。【 A 】`."""
_UNDERLINED_LETTERS = re.compile("\ue006\\s*([A-HＡ-Ｈ](?:[\\s,、，]?[A-HＡ-Ｈ]){0,7})\\s*\ue007")
"""So in Word, with a line below them."""
_LETTER_AT_END = re.compile(r"(?:[:?。.\s)\]】]|(?<=[\u4e00-\u9fff]))\s*([A-H](?:[,、\s]?[A-H]){0,7})\s*[。.]?\s*$")
_TRUTH_AT_END = re.compile(
    rf"(?:[(\[【]\s*([{SIGNS}]|对|错|正确|错误|T|F|True|False)\s*[)\]】]|([{SIGNS}])|[\s。]\s*(对|错|正确|错误|T|F))\s*[。.]?\s*$"
)
_VERDICT = re.compile(
    rf"\s*[(（]\s*(正确|错误|对|错|[{SIGNS}TFAB])\s*[)）]\s*[。,，;；:：.]?|\s*([{SIGNS}])\s*(?:(?:正确|错误|对|错)(?=\s*[(（。,，；;：:\n]))?|"
    r"\s*(正确|错误|对|错|[Tt]rue(?![A-Za-z])|[Ff]alse(?![A-Za-z])|[TFAB](?![A-Za-z]))(?:\s*[。,，;；:：.(（\n]|\s+[-–—]+\s)"
)
_NAME = 30
"""Characters of a name or a word that answers by itself."""


_LETTER_AND_TEXT = re.compile(r"\(?(?P<letter>[A-Ha-h])\s*[.、:)]\s*(?P<text>\S.*)")


def part_remark(row: Row, block: Block) -> None:
    """`D（氧化剂不是要素）`, `C — because …`, `B。因为……`: letters of the answer, and behind them what explains it."""
    named = _LETTER_AND_TEXT.fullmatch(narrow(row.answer))
    if named and folded(named["text"]) == folded(row.options.get(named["letter"].upper(), "")):
        row.answer = named["letter"].upper()
        return
    first, _break, below = row.answer.partition("\n")
    if below and not _names(row.answer, row.options) and _names(first, row.options):
        row.answer = first
        _explain(row, block, below.strip())
        return
    found = letters_and_remark(row.answer, row.options)
    if not found:
        return
    row.answer, remark = found
    if folded(remark) not in {folded(text) for text in row.options.values()}:
        _explain(row, block, remark)


def part_sentence(row: Row, block: Block) -> None:
    """`Answer: China` and a sentence about it below, in English: a word or a name answers, the sentence explains."""
    first, _break, below = row.answer.partition("\n")
    is_name = first.isascii() and first[:1].isalpha() and len(first) <= _NAME and first[-1] not in ".:;,"
    if is_name and row.stem.rstrip().endswith("?") and below.strip().endswith(".") and len(below) > _NAME:
        row.answer = first
        _explain(row, block, below.strip())


def _explain(row: Row, block: Block, text: str) -> None:
    row.explanation = "\n".join(filter(None, (text, row.explanation)))
    block.notes.append(_("%(where)s: the text behind the answer was taken for its explanation.", where=block.where))


def _names(answer: str, options: dict[str, str]) -> bool:
    try:
        return bool(right_letters(answer, options))
    except Refused:
        return False


_CORRECTED = re.compile(r"\s*(?:F|错误?|[×✗✘])\s*[(（][^()（）]{6,}.*[)）]\s*", re.DOTALL)
_STATED = re.compile(r"[。．]\s*[}」』】]?\s*$")


def is_corrected(row: Row) -> bool:
    """Whether `F（应为一万伏以上）` is said of a statement: a verdict on it, and how it would be true."""
    return not row.options and bool(_CORRECTED.fullmatch(row.answer) and _STATED.search(row.stem))


def part_verdict(row: Row, block: Block) -> None:
    """`错误。应为……`, `（×）应改为……`, `×，因为……` begin with the verdict; the rest explains it."""
    if truth(row.answer) is not None or letters_in(row.answer):
        return
    found = _VERDICT.match(row.answer)
    if found:
        row.answer = next(group for group in found.groups() if group)
        _explain(row, block, found.string[found.end() :].strip(" \n)）。"))


def ticked(options: list[Chosen]) -> list[str] | None:
    """The options that a sign or their look marks as right, where it does not mark all of them."""
    ticked = [one.letter for one in options if one.ticked]
    return ticked or _standing_out(options) or _by_letter(options) or _starred(options) or None


def _standing_out(options: list[Chosen]) -> list[str]:
    red, coloured = ({one.letter for one in options if mark in one.marks} for mark in ("red", "coloured"))
    for mark in MARKS if not (red and coloured) else ():
        marked = [one for one in options if mark in one.marks]
        if 0 < len(marked) < len(options):
            for one in marked if mark == "underline" else ():
                one.lines = [UNDERLINED.sub(r"\1", line) for line in one.lines]
            return [one.letter for one in marked]
    return []


_LOOKS_OF_LETTERS = frozenset(MARKS) - {"bold"}
"""A letter is bold by chance more often than its option is right."""


def _by_letter(options: list[Chosen]) -> list[str]:
    """The options of which only the letter stands out, where no text does."""
    looks = {one.letter: one.letter_marks & _LOOKS_OF_LETTERS for one in options}
    if any(_LOOKS_OF_LETTERS & one.marks for one in options) or len(set(looks.values())) != 2:
        return []
    return [letter for letter, look in looks.items() if look] if not all(looks.values()) else []


def all_marked(block: Block) -> list[str]:
    """All letters of a question whose options all stand out, where the others of its part are answered by that mark."""
    is_whole = any(all(mark in one.marks for one in block.options) for mark in block.section.right_marks)
    return [one.letter for one in block.options] if is_whole else []


def _starred(options: list[Chosen]) -> list[str]:
    """The options that end with a star, where some do and others do not: `C) Paris*`."""
    starred = [one for one in options if one.lines and _STAR_BEHIND.search(one.lines[-1])]
    if not 0 < len(starred) < len(options):
        return []
    for one in starred:
        one.lines[-1] = _STAR_BEHIND.sub("", one.lines[-1])
    return [one.letter for one in starred]


_STAR_BEHIND = re.compile(r"(?<=[^\s*])\s?[*＊]\s*$")


_CORRECTED_BEHIND = re.compile(
    r"[(（]\s*[)）]\s*(?P<said>(?:改正|更正|订正|错因|理由|应改为|改为|应为|正确(?:的说法|说法)?(?:是|应为|为))\s*[:：]?.+)$",
    re.DOTALL,
)
"""What would be true, behind the verdict on a statement: `（×）改正：…`."""


def take_from_stem(row: Row, said: str | None) -> None:
    choices = len(row.options) > 1
    inside = _last_in_brackets(row.stem) if choices or said in {None, "true_false"} else None
    if inside and (choices or truth(inside[0]) is not None):
        row.answer, row.stem = inside
        if not choices and (corrected := _CORRECTED_BEHIND.search(row.stem)):
            row.explanation = "\n".join(filter(None, (corrected["said"].strip(), row.explanation)))
            row.stem = row.stem[: corrected.start("said")].rstrip()
        return
    for pattern in (_UNDERSCORED, _UNDERLINED_LETTERS) if choices else ():
        if len(marks := pattern.findall(row.stem)) == 1:
            row.answer, row.stem = marks[0], pattern.sub("____", row.stem)
            return
    if choices and (hooked := _HOOKED_AT_END.search(row.stem)):
        row.answer, row.stem = hooked.group(1), row.stem[: hooked.start()]
    elif choices:
        found = _LETTER_AT_END.search(narrow(row.stem))
        if found and all(letter in row.options for letter in re.findall("[A-H]", found.group(1))):
            row.answer, row.stem = found.group(1), row.stem[: found.start(1)].rstrip(" ：:\t\u3000")
    elif said in {None, "true_false"} and not _offers_both(row.stem):
        found = _TRUTH_AT_END.search(narrow(row.stem))
        if found:
            row.answer = next(group for group in found.groups() if group)
            row.stem = row.stem[: found.start()].rstrip() + row.stem[found.start() : found.start() + 1].strip(
                "(（[【 \t" + SIGNS
            )


def _offers_both(stem: str) -> bool:
    """Whether the last two lines are 对 and 错: what is to be chosen, and no answer."""
    last = [truth(line.strip(" \t○●□☐")) for line in stem.split("\n")[-2:]]
    return set(last) == {True, False}


_SAID_IN_STEM = re.compile(
    rf"(?:（|(?<![A-Za-z0-9_])\()(?P<said>\s*(?:[A-H](?:[\s,、，]*[A-H]){{0,7}}|[{SIGNS}]|对|错|正确|错误)\s*)[)）](?P<end>\s*[。.？?：:]?\s*)$"
)
"""An answer in the brackets that a question ends with."""


def take_same_from_stem(row: Row) -> None:
    """Empty the brackets that say the same as the answer elsewhere; refused where they say another one."""
    found = _SAID_IN_STEM.search(row.stem) if row.answer else None
    if found is None:
        _empty_slot(row)
        return
    inside = found["said"].strip()
    mine, other = (letters_in(text) if row.options else truth(text) for text in (inside, row.answer))
    if mine is None or other is None:
        return
    if (set(mine) if isinstance(mine, list) else mine) != (set(other) if isinstance(other, list) else other):
        raise Refused(
            _(
                "The brackets of the question say %(inside)s, its answer elsewhere %(answer)s.",
                inside=inside,
                answer=row.answer[:60],
            )
        )
    row.stem = f"{row.stem[: found.start()]}（  ）{found['end']}"


_SLOT = re.compile(r"[(（][ \u3000]+([A-H](?:[ ,、，]?[A-H]){0,7})[ \u3000]+[)）]")


def _empty_slot(row: Row) -> None:
    """Empty the only brackets of a choice that hold its answer with room around it: `在（ B ）中`."""
    found = list(_SLOT.finditer(row.stem)) if row.options and row.answer else []
    if len(found) == 1 and letters_in(found[0][1]) == letters_in(row.answer):
        row.stem = f"{row.stem[: found[0].start()]}（  ）{row.stem[found[0].end() :]}"


def _last_in_brackets(stem: str) -> tuple[str, str] | None:
    """The answer in the stem's brackets; of several, the one at the end or before a mark of its end."""
    found = answer_in_stem(stem)
    if found:
        return found
    if len(_ANSWERED_LINE.findall(stem)) > 1:
        raise Refused(_("Several lines of the text end in an answer; is a number missing?"))
    last = re.search(rf"[(（]\s*([A-Ha-hＡ-Ｈ]{{1,8}}|[{SIGNS}])\s*[)）]\s*[。？?.：:]?\s*$", stem)
    return (last.group(1), stem[: last.start()] + "（  ）" + stem[last.end(1) + 1 :].lstrip(" )）")) if last else None


_ASIDE = re.compile(
    r"以下[简统]称.*|下同|含(?![义有蓄量]|\S{0,3}[量率])\S{1,12}|包括.{2,}|即(?![期时将使位便刻日席兴墨])\S.*"
    r"|(?:\d{4}年?|\S{1,8}年|第?[\d一二三四五六七八九十]{1,3}[次版]?|最?新)\S{0,4}(?:修订|修正|修改|版)"
)
_EDITION = re.compile(r"\d{4}年?.{0,6}|.{0,8}年.{0,4}|\S{0,8}(?:修订|修正|修改|版)")
_IN_TRIAL = re.compile(r"试行|暂行")
_ENDS_NAME = re.compile(r"[》法例定程则准度见案章]$")


def _is_aside(stem: str, mark: re.Match[str]) -> bool:
    """Whether brackets say which edition a law is, `《…条例》（试行）`, or what else nobody would ask for."""
    said = mark.group(1)
    above = stem[: mark.start()]
    if _IN_TRIAL.fullmatch(said):
        return _ENDS_NAME.search(above) is not None
    is_behind_name = above.endswith("》") and _EDITION.fullmatch(said)
    return bool(is_behind_name) or _ASIDE.fullmatch(said) is not None


def take_blanks(row: Row, block: Block) -> None:
    """Answers written into their blanks: `首都是【北京】`, `__北京__`; round brackets count, too, but that is told."""
    pattern = _IN_LINE if _IN_LINE.search(row.stem) else _IN_BRACKETS
    marks = list(pattern.finditer(row.stem))
    if pattern is _IN_BRACKETS:
        marks = [mark for mark in marks if not _is_aside(row.stem, mark)] or marks
    if not marks:
        return
    row.blank_answers = [next(group for group in mark.groups() if group) for mark in marks]
    for mark in reversed(marks):
        row.stem = f"{row.stem[: mark.start()]}____{row.stem[mark.end() :]}"
    if pattern is _IN_BRACKETS:
        found = "；".join(row.blank_answers)
        block.notes.append(
            _("%(where)s: what stands in brackets was taken for the answers: %(text)s", where=block.where, text=found)
        )


_BEHIND_BLANKS = re.compile(r"[(（](?P<said>[^()（）]*[^()（）\d分][；;|][^()（）]+)[)）]\s*[。.]?\s*$")
_TELLS_HOW = re.compile(r"\s*(?:[填选用写每共]|注|提示|答案不)|[“\"「]")
"""What brackets at the end begin with, or hold, that tell how to fill in the blanks, not with what."""


def take_behind_blanks(row: Row, block: Block) -> None:
    """`贯彻____、____的方针。（预防为主；防消结合）`: brackets at the end with a text for each blank; that is told."""
    found = _BEHIND_BLANKS.search(row.stem)
    if found is None or _TELLS_HOW.search(found["said"]) or blanks_in(found["said"]):
        return
    said = [text.strip() for text in re.split("[；;|]", found["said"])]
    stem = row.stem[: found.start()].rstrip()
    if not all(said) or len(said) != blanks_in(stem) or len(set(said)) < len(said):
        return
    row.stem, row.blank_answers = stem, said
    block.notes.append(
        _(
            "%(where)s: what stands in brackets was taken for the answers: %(text)s",
            where=block.where,
            text=found["said"],
        )
    )


_SAYS_CHOICE = re.compile(
    r"(?:故|所以|因此|综上|应)[^。；;\n]{0,8}?选(?:择|项)?(?:是|为)?\s*[:：]?\s*(?P<said>[A-HＡ-Ｈ](?:[\s,，、]*[A-HＡ-Ｈ]){0,7})\s*(?:项|选项)?\s*[。.．]?\s*$"
)


def take_from_explanation(row: Row, block: Block) -> None:
    """`【解析】……故选B。` answers a choice that says its answer nowhere else; that is told."""
    found = _SAYS_CHOICE.search(row.explanation.strip())
    if found:
        row.answer = found["said"]
        block.notes.append(
            _(
                "%(where)s: the answer was taken from the end of the explanation: %(text)s",
                where=block.where,
                text=found["said"],
            )
        )
