"""A gathered block as a draft: the answer found wherever it was written, the kind told or inferred."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from learnhub.kernel.cells import folded
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats.answers import (
    answer_in_stem,
    blanks_in,
    letters_in,
    right_letters,
    says_true_or_false,
    truth,
)
from question_bank.formats.blocks import MARKS, Block, Chosen
from question_bank.formats.columns import kind_named
from question_bank.formats.headings import cut_tags
from question_bank.formats.option_columns import out_of_columns
from question_bank.formats.rich_text import html_of
from question_bank.formats.rows import Row, draft_of
from question_bank.formats.shapes import SIGNS, narrow
from question_bank.formats.signs import UNDERLINED
from question_bank.formats.structured import case_of

_LONG = 40
"""Characters from which an answer without blanks or options is a text for the marker, not one to compare with."""
_LONGEST_SOURCE = 160
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
_LETTER_AT_END = re.compile(r"(?:[:?。.\s)\]】]|(?<=[\u4e00-\u9fff]))\s*([A-H](?:[,、\s]?[A-H]){0,7})\s*[。.]?\s*$")
_TRUTH_AT_END = re.compile(
    rf"(?:[(\[]\s*([{SIGNS}]|对|错|正确|错误|T|F)\s*[)\]]|([{SIGNS}])|[\s。]\s*(对|错|正确|错误|T|F))\s*[。.]?\s*$"
)


_LETTERED = re.compile(r"\s*([A-F])\s*[.、:,)]\s*(?=\S[^\n]*$)(?=.*[\u4e00-\u9fff]|[\d.]+\S*$)")
"""A letter and a text with Chinese or a number behind it."""
_LETTER_SHUT = re.compile(r"\s*\(?([A-H])\s*\)\s*\S")
"""`B) Distributed`: no name is written so, as `E. coli` is."""
_ABOUT_OPTIONS = re.compile(
    r"(?:both|either|neither)\s+\(?[A-H]\)?\s+(?:and|n?or)\s+\(?[A-H]\)?\.?|(?:all|none)\s+of\s+(?:the\s+above|these|them)\.?"
    r"|以上(?:都|均|全|皆)?(?:是|对|不对|不是|正确|错误|选项)(?:都?(?:是|对|正确))?[。.]?",
    re.IGNORECASE,
)
"""What only the options of a question can mean."""
_LETTERS_AND_REMARK = re.compile(
    r"(?P<letters>[(（\[【]?\s*[A-Ha-hＡ-Ｈ](?:[\s,、，]{0,2}[A-HＡ-Ｈ]){0,7}\s*[)）\]】]?)\s*"
    r"(?:[(（](?P<a>.+)[)）]\s*[。.]?|(?:[—–―]+|-{1,2}(?=\s))\s*(?P<b>.+)|[。；;，,]\s*(?P<c>.+)|[:：]\s*(?P<d>.{8,}[。.]))",
    re.DOTALL,
)
"""The letters of an answer, and what stands behind them: in brackets, behind a dash, or as a sentence of its own."""
_VERDICT = re.compile(
    rf"\s*[(（]\s*(正确|错误|对|错|[{SIGNS}TFAB])\s*[)）]\s*[。,，;；:：.]?|\s*([{SIGNS}])|"
    r"\s*(正确|错误|对|错|[TFAB](?![A-Za-z]))\s*[。,，;；:：.(（\n]"
)
_VERDICT_LABEL = re.compile(r"^\s*(?:(?:true|false|t|f|[1-2])\s*[.、．:：)）]|[-○◯□☐●])\s*(?=\S)", re.IGNORECASE)


_LABEL = re.compile(
    r"^(?:(?:Question|Q|题目|题干|问题|试题)\s*[:：]|[【\[]\s*(?:题目|题干|试题|问题|题面)\s*[】\]]\s*[:：]?)\s*",
    re.IGNORECASE,
)
_EXPLAINS = re.compile(
    r"^(?:请|试)?(?:你)?(?:简要)?(?:简述|论述|阐述|试述|试论|简答|谈谈|说说|解释|说明|分析|设计|列举|列出|比较|评述|概述|叙述|描述|证明|翻译|结合)"
)
_PROSE = re.compile("[，。；]")
_NAME = 30
"""Characters of a name or a word that answers by itself."""
_SENTENCE = 10
"""Characters from which the answer to such a stem is no word to compare with."""


_FIRST_AGAIN = re.compile(r"\s*[(（]?[AＡ][)）]?\s*[.．、:：)）]\s*\S")
_SECOND_AGAIN = re.compile(r"(?:^|.*\s)[(（]?[BＢ][)）]?\s*[.．、:：)）]\s*\S")


def _begins_again(lines: Sequence[str]) -> bool:
    """Whether the options of another question stand below an option, which would swallow them."""
    first = next((n for n, line in enumerate(lines) if n and _FIRST_AGAIN.match(line)), len(lines))
    return any(_SECOND_AGAIN.match(line) for line in lines[first:])


def draft_of_block(block: Block) -> QuestionDraft:
    """The draft of a block; Refused, with the reason, when it can't be told for certain."""
    if block.holds_next or any(_begins_again(one.lines) for one in block.options):
        raise Refused(_("The next question stands on a line of this one; begin a new line where it begins."))
    if block.subs:
        return _case(block)
    block.options = out_of_columns(block.options)
    row = _row(block)
    draft = draft_of(row)
    if draft.kind == "essay" and not (row.kind or row.kind_of_section or row.answer):
        block.notes.append(
            _("%(where)s: nothing says what is asked for; it was taken for an essay question.", where=block.where)
        )
    first, _break, below = row.stem.partition("\n")
    if draft.kind == "essay" and not row.answer and below and first.rstrip()[-1:] in {"?", "？", "。"}:
        block.notes.append(
            _("%(where)s: the lines below the question were taken as part of it, not as its answer.", where=block.where)
        )
    return replace(draft, mark=_mark(block, row, draft))


def _row(block: Block) -> Row:
    stem, kind_said, mark_said = cut_tags("\n".join(block.stem).strip())
    if kind_said:
        stem = re.sub(r"^\d{1,4}\s*[.．、]\s*(?!\d)", "", stem)
    fields = {name: "\n".join(lines).strip() for name, lines in block.fields.items()}
    said = fields.get("kind", "") or kind_said
    named = kind_named(said) if said else None
    section = _kind_of_section(block)
    stem = _LABEL.sub("", stem)
    if not block.options and truth("\n".join(block.answer)) is not None:
        stem = _without_verdicts(stem)
    row = Row(
        where=block.where,
        stem=stem,
        kind=said if named or fields.get("kind") else "",
        kind_of_section=section,
        answer="\n".join(block.answer).strip(),
        explanation=fields.get("explanation", ""),
        category=fields.get("topic", "") or block.section.category,
        tags=fields.get("tags", ""),
        difficulty=fields.get("difficulty", ""),
        mark=fields.get("mark", "") or mark_said,
        options=_options(block),
    )
    _put_source(row, fields.get("source", ""))
    _find_answer(row, block, named or section)
    if not row.options and named != "essay" and section != "essay":
        _refuse_lost_options(row)
    return row


def _refuse_lost_options(row: Row) -> None:
    """`C．先缓后急` is an option with its letter: without the others there is nothing to choose from.

    So is a letter in the stem's brackets, where nothing else answers the question.
    """
    found = _LETTERED.match(narrow(row.answer)) or _LETTER_SHUT.match(narrow(row.answer))
    inside = answer_in_stem(row.stem) if not row.answer and not row.blank_answers else None
    letters = found.group(1) if found else inside[0] if inside and letters_in(inside[0]) else ""
    if not letters and _ABOUT_OPTIONS.fullmatch(narrow(row.answer).strip().split("\n")[0]):
        raise Refused(_("The answer is %(answer)s, but there are no options.", answer=row.answer[:60]))
    if letters and truth(letters) is None:
        raise Refused(_("The answer is %(answer)s, but there are no options.", answer=letters))


def _without_verdicts(stem: str) -> str:
    """A true/false question without the two lines it is answered with: `true. 正确` above `false. 错误`."""
    lines = stem.split("\n")
    said = [truth(_VERDICT_LABEL.sub("", line)) for line in lines[-2:]]
    return "\n".join(lines[:-2]).strip() if len(lines) > 2 and set(said) == {True, False} else stem


def _put_source(row: Row, said: str) -> None:
    """What a question rests on; a whole passage is more than a name, and explains the answer."""
    if len(said) > _LONGEST_SOURCE or "\n" in said:
        row.explanation = "\n".join(filter(None, (row.explanation, f"出处：{said}")))
    else:
        row.source = said


def _kind_of_section(block: Block) -> str | None:
    """The kind that the heading names, where it fits: the questions of a case may be of any kind."""
    said = block.section.kind
    if said == "case" or (said == "essay" and (len(block.options) > 1 or _is_verdict(block.answer))):
        return None
    return said


def _is_verdict(answer: list[str]) -> bool:
    return len(answer) == 1 and says_true_or_false(answer[0])


def _options(block: Block) -> dict[str, str]:
    options: dict[str, str] = {}
    for one in block.options:
        if one.letter in options:
            raise Refused(_("Two options have the same letter."))
        if not one.text:
            raise Refused(_("Option %(letter)s has no text.", letter=one.letter))
        options[one.letter] = one.text
    if len(options) == 1:
        raise Refused(_("There is only one option; is a line broken or a letter missing?"))
    return options


def _find_answer(row: Row, block: Block, said: str | None) -> None:
    """The answer where no line gave it: ticked or marked options, the stem's brackets, the stem's end."""
    if said == "true_false" and row.answer:
        _part_verdict(row, block)
    if row.options and row.answer:
        _part_remark(row, block)
    if not row.answer:
        row.flags = _ticked(block.options)
        row.options = _options(block)
    if not row.answer and not row.flags and said not in {"essay", "case", "fill_in"}:
        _take_from_stem(row, said)
    if not row.answer and not row.flags and said == "fill_in" and not blanks_in(row.stem):
        _take_blanks(row, block)
    if row.kind or row.kind_of_section or row.options or not row.answer:
        return
    if says_true_or_false(row.answer) or letters_in(row.answer):
        return
    _part_sentence(row, block)
    if not blanks_in(row.stem):
        explains = _EXPLAINS.match(row.stem) and len(row.answer) >= _SENTENCE
        is_prose = len(row.answer) >= _SENTENCE and _PROSE.search(row.answer) is not None
        is_long = explains or is_prose or block.is_reference or len(row.answer) > _LONG or "\n" in row.answer
        row.kind = "简答题" if is_long else "shortanswer"


def _part_remark(row: Row, block: Block) -> None:
    """`D（氧化剂不是要素）`, `C — because …`, `B。因为……`: letters of the answer, and behind them what explains it."""
    first, _break, below = row.answer.partition("\n")
    if below and not _names(row.answer, row.options) and _names(first, row.options):
        row.answer = first
        _explain(row, block, below.strip())
        return
    found = _LETTERS_AND_REMARK.fullmatch(row.answer.strip())
    if not found:
        return
    letters = letters_in(found.group("letters")) or []
    remark = next(text for name in "abcd" if (text := found.group(name))).strip()
    others = {folded(text) for letter, text in row.options.items() if letter not in letters}
    if not letters or not set(letters) <= set(row.options) or folded(remark) in others or letters_in(remark):
        return
    row.answer = found.group("letters").strip()
    if folded(remark) not in {folded(text) for text in row.options.values()}:
        _explain(row, block, remark)


def _part_sentence(row: Row, block: Block) -> None:
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


def _part_verdict(row: Row, block: Block) -> None:
    """`错误。应为……`, `（×）应改为……`, `×，因为……` begin with the verdict; the rest explains it."""
    if truth(row.answer) is not None or letters_in(row.answer):
        return
    found = _VERDICT.match(row.answer)
    if found:
        row.answer = next(group for group in found.groups() if group)
        _explain(row, block, found.string[found.end() :].strip(" \n)）。"))


def _ticked(options: list[Chosen]) -> list[str] | None:
    ticked = [one.letter for one in options if one.ticked]
    if not ticked:
        for mark in MARKS:
            marked = [one for one in options if mark in one.marks]
            if 0 < len(marked) < len(options):
                for one in marked if mark == "underline" else ():
                    one.lines = [UNDERLINED.sub(r"\1", line) for line in one.lines]
                return [one.letter for one in marked]
    return ticked or None


def _take_from_stem(row: Row, said: str | None) -> None:
    choices = len(row.options) > 1
    inside = _last_in_brackets(row.stem) if choices or said in {None, "true_false"} else None
    if inside and (choices or truth(inside[0]) is not None):
        row.answer, row.stem = inside
        return
    if choices and len(marks := _UNDERSCORED.findall(row.stem)) == 1:
        row.answer, row.stem = marks[0], _UNDERSCORED.sub("____", row.stem)
        return
    if choices:
        found = _LETTER_AT_END.search(narrow(row.stem))
        if found and all(letter in row.options for letter in re.findall("[A-H]", found.group(1))):
            row.answer, row.stem = found.group(1), row.stem[: found.start(1)].rstrip(" ：:\t\u3000")
    elif said in {None, "true_false"}:
        found = _TRUTH_AT_END.search(narrow(row.stem))
        if found:
            row.answer = next(group for group in found.groups() if group)
            row.stem = row.stem[: found.start()].rstrip() + row.stem[found.start() : found.start() + 1].strip(
                "(（[ \t" + SIGNS
            )


def _last_in_brackets(stem: str) -> tuple[str, str] | None:
    """The answer in the stem's brackets; of several, the one at the end or before a mark of its end."""
    found = answer_in_stem(stem)
    if found:
        return found
    if len(_ANSWERED_LINE.findall(stem)) > 1:
        raise Refused(_("Several lines of the text end in an answer; is a number missing?"))
    last = re.search(rf"[(（]\s*([A-Ha-hＡ-Ｈ]{{1,8}}|[{SIGNS}])\s*[)）]\s*[。？?.：:]?\s*$", stem)
    return (last.group(1), stem[: last.start()] + "（  ）" + stem[last.end(1) + 1 :].lstrip(" )）")) if last else None


def _take_blanks(row: Row, block: Block) -> None:
    """Answers written into their blanks: `首都是【北京】`, `__北京__`; round brackets count, too, but that is told."""
    pattern = _IN_LINE if _IN_LINE.search(row.stem) else _IN_BRACKETS
    marks = list(pattern.finditer(row.stem))
    if not marks:
        return
    row.blank_answers = [next(group for group in mark.groups() if group) for mark in marks]
    row.stem = pattern.sub("____", row.stem)
    if pattern is _IN_BRACKETS:
        found = "；".join(row.blank_answers)
        block.notes.append(
            _("%(where)s: what stands in brackets was taken for the answers: %(text)s", where=block.where, text=found)
        )


def _mark(block: Block, row: Row, draft: QuestionDraft) -> int:
    if row.mark or block.section.mark is None:
        return draft.mark
    if block.section.mark_per_blank:
        return min(block.section.mark * max(len(draft.content.get("blanks", [])), 1), 1_000_000)
    return block.section.mark


def _case(block: Block) -> QuestionDraft:
    drafts = []
    for number, sub in enumerate(block.subs, 1):
        try:
            drafts.append(cleaned(draft_of_block(sub)))
        except Refused as error:
            raise Refused(
                _("Question %(n)s of the case (%(where)s): %(why)s", n=number, where=sub.where, why=error.message)
            ) from error
    stem, _kind, _mark = cut_tags("\n".join(block.stem).strip())
    draft = case_of(html_of(stem, "auto"), drafts, block.where)
    told = html_of("\n".join(block.fields.get("explanation", [])).strip(), "auto")
    explained = "<br>".join(text for text in (told, draft.explanation_html) if text)
    return replace(draft, explanation_html=explained)
