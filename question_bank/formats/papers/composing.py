"""A gathered block as a draft: the answer found wherever it was written, the kind told or inferred."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from learnhub.kernel.cells import folded
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats.fields.answers import (
    answer_in_stem,
    blanks_in,
    letters_in,
    says_true_or_false,
    truth,
)
from question_bank.formats.fields.prose import is_left_out
from question_bank.formats.fields.row_values import mark_of
from question_bank.formats.fields.rows import LAST_LETTER, Row, draft_of
from question_bank.formats.fields.structured import case_of
from question_bank.formats.fields.unknown_types import take_letters_for_truth, take_unknown_type
from question_bank.formats.hints import as_many_as_fit
from question_bank.formats.papers import case_parts
from question_bank.formats.papers.blocks import Block
from question_bank.formats.papers.circled import take_circled_options
from question_bank.formats.papers.finding_answers import (
    all_marked,
    is_corrected,
    part_remark,
    part_sentence,
    part_verdict,
    take_behind_blanks,
    take_blanks,
    take_from_explanation,
    take_from_stem,
    take_same_from_stem,
    ticked,
)
from question_bank.formats.papers.headings import cut_tags
from question_bank.formats.papers.option_columns import out_of_columns
from question_bank.formats.papers.options_in_stem import take_options_in_stem
from question_bank.formats.papers.section_kinds import kind_of_section
from question_bank.formats.papers.section_marks import mark_in_section
from question_bank.formats.papers.shapes import SIGNS, narrow, number_of
from question_bank.formats.papers.stem_tags import cut_from_stem
from question_bank.formats.papers.two_sides import is_paired
from question_bank.formats.reading import Reading
from question_bank.formats.rich_text import html_of
from question_bank.formats.sheets.columns import kind_named
from question_bank.formats.signs import UNDERLINED, without_stray_stars

_LONG = 40
"""Characters from which an answer without blanks or options is a text for the marker, not one to compare with."""
_LONGEST_SOURCE = 160
_UNDERLINED_ANSWER = re.compile(
    rf"([（(])\s*\ue006\s*([A-H](?:[\s,、，]?[A-H]){{0,7}}|[{SIGNS}]|对|错|正确|错误)\s*\ue007\s*([)）])"
)
"""An answer in brackets that Word underlines."""


_ASKS_VERDICT = re.compile(r"^(?:true\s*(?:or|/)\s*false|t\s*/\s*f)\s*[:：.?？]\s*(?=\S)", re.IGNORECASE)
_TO_CIRCLE = re.compile(
    r"\s*[(（]\s*(?:对|正确|√|是|T|True)\s*[/／]\s*(?:错误?|×|否|F|False)\s*[)）]\s*$", re.IGNORECASE
)
"""`（对/错）` behind a statement, of which one was to be circled."""
_REQUIRED = re.compile(r"(?<=[?？.。:：)）\]】])[ \t]+\*[ \t]*(?=\n|$)")
"""The star of a form behind a question that has to be answered."""
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
_VERDICT_LABEL = re.compile(r"^\s*(?:(?:true|false|t|f|[1-2])\s*[.、．:：)）]|[-○◯□☐●])\s*(?=\S)", re.IGNORECASE)


_LABEL = re.compile(
    r"^(?:(?:Question|Q|题目?|题干|问题|试题|问(?!(?s:.*)\n\s*[问答]\s*[:：])|(?:题目|题干)?内容)\s*[:：]|[【\[]\s*(?:题目|题干|试题|问题|题面)\s*[】\]]\s*[:：]?)\s*",
    re.IGNORECASE,
)
_EXPLAINS = re.compile(
    r"^(?:请|试)?(?:你)?(?:简要)?(?:简述|论述|阐述|试述|试论|简答|谈谈|说说|解释|说明|分析|设计|列举|列出|比较|评述|评价|概述|概括|归纳|总结|赏析|叙述|描述|证明|翻译|结合)"
    r"|^(?:please\s+)?(?:briefly\s+)?(?:explain|describe|discuss|outline|compare|contrast|summari[sz]e|justify|evaluate|list|give|define|prove|derive|solve|find|determine|show\s+that|illustrate|draw|write|state)\b"
    r"|^how\s+(?:can|could|do|does|would|should|to)\b(?=.*\?)",
    re.IGNORECASE,
)
_OPTIONS_LISTED = re.compile(
    r"^\s*(?:[-*+•]\s+)?(?:answer |possible )?(?:options|choices|选项|备选项)\s*[:：]\s*[`\"“\[]", re.I | re.M
)
"""Options in one line of the question that nobody told apart: then it is a choice, and no essay."""
_IN_CODE = re.compile(r"(?:`[^`\n]+`[\s,，、;；|/]*)+")
"""An answer that the page shows as code: nobody types the marks around it."""
_PROSE = re.compile("[，。；]")
_INTERROGATIVE = re.compile("[谁哪吗呢]|什么|怎样|为何|如何|多少|几个|^[请试]")
_OPEN = re.compile(
    "(?:提出|谈谈|说说|写出).{0,12}(?:建议|看法|想法|感想|感受|体会|启示)|你(?:认为|觉得|有(?:什么|哪些|何))"
)
"""What everybody answers in words of their own."""
_SENTENCE = 10
"""Characters from which the answer to such a stem is no word to compare with."""
_WORDS_OF_SENTENCE = 4


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
    if block.answers_next:
        raise Refused(_("The answer of the next question stands on a line of this one's; begin a new line with it."))
    case_parts.part(block)
    if block.subs:
        return _case(block)
    if _answers_others(block):
        raise Refused(
            _("The answers of several questions stand below this one; put a heading such as “Answers” above them.")
        )
    block.options = out_of_columns(block.options)
    row = _row(block)
    _settle_kind(row, block)
    draft = _with_hint_shown(row, draft_of(row))
    if draft.kind in {"essay", "short_answer"} and _OPTIONS_LISTED.search(row.stem):
        raise Refused(_("There are no options (A, B …) below the question."))
    if draft.kind == "essay" and not (row.kind or row.kind_of_section or row.answer):
        block.notes.append(
            _("%(where)s: nothing says what is asked for; it was taken for an essay question.", where=block.where)
        )
    if _grew_below(block):
        block.notes.append(_("%(where)s: the lines below the last option were taken as part of it.", where=block.where))
    first, _break, below = row.stem.partition("\n")
    if draft.kind == "essay" and not row.answer and below and first.rstrip()[-1:] in {"?", "？", "。"}:
        block.notes.append(
            _("%(where)s: the lines below the question were taken as part of it, not as its answer.", where=block.where)
        )
    return replace(draft, mark=mark_in_section(block, row, draft))


def _grew_below(block: Block) -> bool:
    """Whether only the last option takes more than a line: what stands there may be no part of it."""
    others = block.options[:-1]
    is_longer = bool(others) and any(line.strip() for line in block.options[-1].lines[1:])
    return is_longer and not any(len(one.lines) > 1 for one in others)


def _answers_others(block: Block) -> bool:
    """Whether the lines of an answer are numbered up to the question's own number, and not from 1."""
    numbers = [number.value for line in block.answer if (number := number_of(line)) and number.style == block.style]
    counts_on = all(a < b for a, b in pairwise(numbers))
    return len(numbers) > 1 and counts_on and numbers[0] > 1 and block.number in numbers


def _settle_kind(row: Row, block: Block) -> None:
    """A type that nobody knows beside options that one letter answers, and A or B for right or wrong."""
    reading = Reading("")
    take_unknown_type(reading, row)
    take_letters_for_truth(reading, row)
    block.notes += reading.warnings


LONGEST_TOPIC = 80
"""Characters of what names a topic: 知识点 above more than that explains the answer."""


def _with_hint_shown(row: Row, draft: QuestionDraft) -> QuestionDraft:
    """A hint for what nobody tries twice is part of the question."""
    if not draft.hints or draft.kind not in {"essay", "file_upload", "description"}:
        return draft
    shown = html_of("\n".join([row.stem, *(f"提示：{hint}" for hint in row.hints)]), "auto")
    return replace(draft, stem_html=shown, hints=())


def _row(block: Block) -> Row:
    stem, kind_said, mark_said = cut_from_stem(block.stem)
    if kind_said:
        stem = re.sub(r"^\d{1,4}\s*[.．、]\s*(?!\d)", "", stem)
    fields = {name: "\n".join(lines).strip() for name, lines in block.fields.items()}
    if len(topic := fields.get("topic", "")) > LONGEST_TOPIC or "\n" in topic:
        fields["explanation"] = "\n".join(filter(None, (fields.get("explanation"), fields.pop("topic"))))
    said = fields.get("kind", "") or kind_said
    named = kind_named(said) if said else None
    section = kind_of_section(block)
    stem = _REQUIRED.sub("", _UNDERLINED_ANSWER.sub(r"\1\2\3", _LABEL.sub("", without_stray_stars(stem))))
    if not block.options and truth("\n".join(block.answer)) is not None:
        stem = _without_verdicts(_TO_CIRCLE.sub("", _ASKS_VERDICT.sub("", stem)))
    row = Row(
        where=block.where,
        stem=stem,
        kind=said if named or fields.get("kind") else "",
        kind_of_section=section,
        answer="\n".join(block.answer).strip(),
        explanation=fields.get("explanation", ""),
        hints=list(filter(None, [fields.get("hint", "")])),
        category=fields.get("topic", "") or block.section.category,
        tags=fields.get("tags", ""),
        difficulty=fields.get("difficulty", ""),
        mark=fields.get("mark", "") or mark_said,
        options=_options(block),
    )
    _put_source(row, fields.get("source", ""))
    if take_circled_options(row, named or section):
        block.notes.append(_("%(where)s: what is counted by ①, ② … was taken as the options.", where=block.where))
    take_options_in_stem(row, named or section)
    if len(row.options) > 1 and not (named or section) and is_paired(row.stem, row.answer):
        row.kind = "匹配题"
    if not row.options and row.answer and (named or section) in {None, "choice", "single_choice", "multiple_choice"}:
        _take_lines_as_options(row, block)
    take_same_from_stem(row)
    _find_answer(row, block, named or section)
    if not row.options and named != "essay" and section != "essay":
        _refuse_lost_options(row)
    return row


def _take_lines_as_options(row: Row, block: Block) -> None:
    """Short lines below the question, of which the answer is one, are what it asks to choose from."""
    first, *below = [line.strip() for line in row.stem.split("\n") if line.strip()] or [""]
    texts = [folded(line) for line in below]
    if not 2 <= len(below) <= MOST_OPTIONS or texts.count(folded(row.answer)) != 1 or len(set(texts)) < len(texts):
        return
    if any(len(line) > LONGEST_LINE for line in below) or re.fullmatch("[A-Ha-hＡ-Ｈ]", row.answer):
        return
    row.stem, row.options = first, {chr(65 + n): line for n, line in enumerate(below)}
    block.notes.append(_("%(where)s: the lines below the question were taken as its options.", where=block.where))


MOST_OPTIONS = 8
LONGEST_LINE = 40
"""Characters of an option that has no letter."""


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


def _options(block: Block) -> dict[str, str]:
    options: dict[str, str] = {}
    for one in block.options:
        again = re.compile(rf"\s*[(（]?{one.letter}\s*[)）]?\s*[.．、:：]\s*\S")
        if one.letter in options or any(again.match(line) for line in one.lines[1:]):
            raise Refused(_("Two options have the same letter."))
        if not one.text.strip("|｜ \t\n"):
            raise Refused(_("Option %(letter)s has no text.", letter=one.letter))
        options[one.letter] = one.text
    if len(options) == 1:
        raise Refused(_("There is only one option; is a line broken or a letter missing?"))
    return options


def _find_answer(row: Row, block: Block, said: str | None) -> None:
    """The answer where no line gave it: ticked or marked options, the stem's brackets, the stem's end."""
    if not row.options and _IN_CODE.fullmatch(row.answer):
        row.answer = row.answer.replace("`", "")
    if row.answer and (said == "true_false" or (said is None and is_corrected(row))):
        part_verdict(row, block)
    if row.options and row.answer:
        part_remark(row, block)
    if not row.answer:
        row.flags = ticked(block.options) or (all_marked(block) if said == "multiple_choice" else None) or None
        row.options = _options(block)
    if not row.answer and not row.flags and said not in {"essay", "case", "fill_in"}:
        take_from_stem(row, said)
    if not row.answer and not row.flags and len(row.options) > 1:
        take_from_explanation(row, block)
    is_fill_in = said == "fill_in" or (said is None and not row.options and UNDERLINED.search(row.stem) is not None)
    if not row.answer and not row.flags and is_fill_in:
        (take_behind_blanks if blanks_in(row.stem) else take_blanks)(row, block)
    if not (row.kind or row.options or blanks_in(row.stem)) and is_left_out(row.answer):
        row.kind = "简答题"
    if row.kind_of_section == "short_answer" and not row.kind and _is_sentence(row):
        row.kind_of_section = "essay"
    if row.kind or row.kind_of_section or row.options or not row.answer:
        return
    letters = letters_in(row.answer) or []
    if says_true_or_false(row.answer) or len(letters) == 1 or (letters and max(letters) <= LAST_LETTER):
        return
    part_sentence(row, block)
    if not blanks_in(row.stem):
        explains = (_EXPLAINS.match(row.stem) and len(row.answer) >= _SENTENCE) or _OPEN.search(row.stem)
        is_prose = len(row.answer) >= _SENTENCE and _PROSE.search(row.answer) is not None
        is_prose = is_prose or row.answer.count("、") > 1
        is_long = explains or is_prose or block.is_reference or len(row.answer) > _LONG or "\n" in row.answer
        row.kind = "简答题" if is_long else "shortanswer"


def asks_for_words(stem: str) -> bool:
    """Whether a stem asks for what everybody says in words of their own: 简述…, Explain…"""
    return (
        _EXPLAINS.match(stem) is not None
        or _OPEN.search(stem) is not None
        or cut_tags(stem)[1:] != ("", "")
        or _INTERROGATIVE.search(stem) is not None
    )


def _is_sentence(row: Row) -> bool:
    """Whether a sentence answers, which no two people type the same: below `Short answer` it is for the marker."""
    if len(row.answer) < _SENTENCE:
        return False
    is_whole = len(row.answer.split()) >= _WORDS_OF_SENTENCE and row.answer.rstrip()[-1:] == "."
    return is_whole or _EXPLAINS.match(row.stem) is not None


def _case(block: Block) -> QuestionDraft:
    drafts = []
    for number, sub in enumerate(block.subs, 1):
        try:
            drafts.append(cleaned(draft_of_block(sub)))
        except Refused as error:
            raise Refused(
                _("Question %(n)s of the case (%(where)s): %(why)s", n=number, where=sub.where, why=error.message)
            ) from error
        block.notes += sub.notes
    stem, _kind, mark_said = cut_tags("\n".join(case_parts.without_labels(block.stem)).strip())
    draft = case_of(html_of(stem, "auto"), drafts, block.where)
    _note_total(block, mark_said or cut_tags(block.stem[0] if block.stem else "")[2], draft)
    told = html_of("\n".join(block.fields.get("explanation", [])).strip(), "auto")
    explained = "<br>".join(text for text in (told, draft.explanation_html) if text)
    return replace(
        draft, explanation_html=explained, hints=as_many_as_fit(hint for one in drafts for hint in one.hints)
    )


def _note_total(block: Block, mark_said: str, draft: QuestionDraft) -> None:
    """What a case earns is the sum of its questions: another total that the paper says is told."""
    told = "".join(block.fields.get("mark", [])).removesuffix("分") or mark_said
    if told and mark_of(told) != draft.mark:
        block.notes.append(
            _(
                "%(where)s: the paper gives %(total)s marks for the case, but its questions add up to %(sum)s.",
                where=block.where,
                total=told,
                sum=f"{draft.mark / 1000:g}",
            )
        )
