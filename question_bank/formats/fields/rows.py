"""One row of a table, or one object of a list, as a draft: the kind found, options and answer brought together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from learnhub.kernel.cells import folded
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.fields.answers import (
    answer_in_stem,
    blanks_in,
    json_list,
    letters_in,
    only_letters,
    right_letters,
    says_true_or_false,
    truth,
)
from question_bank.formats.fields.blanks import blanks_of, parted_from_marks
from question_bank.formats.fields.prose import asks_for_order, is_left_out, is_prose, is_sentence, lost_its_options
from question_bank.formats.fields.remarks import letters_and_remark
from question_bank.formats.fields.row_values import answer_said, difficulty_of, mark_beside, mark_of, tags_of
from question_bank.formats.fields.shown_answers import answers_shown, is_one_of
from question_bank.formats.fields.structured import matching, numerical, ordering
from question_bank.formats.fields.verdicts import reasoned, truth_by_number
from question_bank.formats.fields.vocabulary import KINDS, KINDS_OF_MEDICINE, OPTIONS_ARE_ACCEPTED
from question_bank.formats.papers.headings import begins_with_kind, cut_tags, names_kind_and_mark
from question_bank.formats.papers.shapes import answer_in_sentence, answer_of
from question_bank.formats.papers.tails import tail_of
from question_bank.formats.resting import source_and_clause
from question_bank.formats.rich_text import html_of
from question_bank.formats.sheets.cells import options_below, options_joined
from question_bank.formats.sheets.columns import kind_named, plain
from question_bank.formats.signs import as_typed
from question_bank.kinds import kind


@dataclass
class Row:
    """The fields of one question as texts; options and feedback by letter; `flags` None where nobody flags options."""

    where: str
    stem: str = ""
    kind: str = ""
    material: str = ""
    """The text of the case that the question belongs to."""
    answer: str = ""
    reference: str = ""
    """The answer with the pictures in it, for a marker's eyes."""
    explanation: str = ""
    hints: list[str] = field(default_factory=list)
    category: str = ""
    tags: str = ""
    difficulty: str = ""
    mark: str = ""
    source: str = ""
    options: dict[str, str] = field(default_factory=dict)
    feedback: dict[str, str] = field(default_factory=dict)
    flags: list[str] | None = None
    blank_answers: list[str] = field(default_factory=list)
    blanks: str = ""
    numbered: bool = False
    first: int | None = None
    """Where the answers of the whole file count the options: the number of the first one, 0 or 1."""
    codes: dict[str, str] = field(default_factory=dict)
    kind_of_section: str | None = None


def draft_of(row: Row) -> QuestionDraft:
    """The draft of a row; Refused, with the reason, when it can't be told for certain."""
    if not row.stem:
        raise Refused(_("The question has no text."))
    row.reference = answer_said(row.answer, row.options.values())
    row.answer = as_typed(row.reference)
    _take_from_stem(row)
    name = _kind_of(row)
    if name == "choice":
        name = "multiple_choice" if len(_right(row)) > 1 else "single_choice"
    asked = kind(name)
    if name not in _CONTENT:
        raise Refused(_("A question of the kind “%(kind)s” can't be told from such a text.", kind=asked.label))
    content = _CONTENT[name](row)
    asked.validate(content)
    return QuestionDraft(
        kind=name,
        stem_html=html_of(row.stem, "auto"),
        content=content,
        mark=mark_of(row.mark),
        category=re.sub(r"\s*(?:[>＞→\\]|::)\s*", "/", row.category),
        tags=tags_of(row.tags),
        difficulty=difficulty_of(row.difficulty),
        explanation_html=html_of(row.explanation, "auto"),
        hints=tuple(html_of(hint, "auto") for hint in row.hints),
        where=row.where,
        **source_and_clause(row.source),
    )


_OPTIONS_IN_STEM = re.compile(
    r"(?:^|[\s\u3000]+|(?<=[）)？?。：:]))([A-HＡ-Ｈ])(?:([.．、:：)）])\s*(?=[^\s.．、])|\s*(?=[^\s.．、A-Za-z]))"
)
_CHOICES = {"choice", "single_choice", "multiple_choice"}
_LABELLED = re.compile(r"\s*[【\[]?(?:正确|参考|标准)?答案[】\]]?\s*[:：].*\n\s*[【\[]?(?:答案)?解析", re.DOTALL)
_LABEL = re.compile(r"\s*(?:【(?:正确|参考|标准)?答案】\s*[:：]?|(?:正确|参考|标准)?答案\s*[:：])\s*\S[^\n]*")
_STROKES = re.compile(r"[ \t\u3000]{0,4}#[ \t\u3000]{0,4}(?=[A-HＡ-Ｈ]\s*[.．、:：])")

LONGEST_LABELLED = 2000  # Characters of an answer among which the label of its explanation is looked for.


def _take_labels(row: Row) -> None:
    """What some files write with its label into another field: `【选择题】…` and `正确答案：A`, `解析：…` below it."""
    if not (row.kind or row.kind_of_section) and (begins_with_kind(row.stem) or names_kind_and_mark(row.stem)):
        stem, tag, mark = cut_tags(row.stem)
        if not row.options or kind_named(tag) != "case":
            row.stem, row.kind, row.mark = stem, tag, row.mark or mark
    row.mark = row.mark or mark_beside(row.kind)
    if not row.options and len(_STROKES.findall(row.stem)) > 1:
        row.stem = _STROKES.sub("\n", row.stem)
    if said := answer_of(row.answer) if _LABEL.fullmatch(row.answer) else None:
        row.answer = row.reference = said.text
    said = answer_of(row.answer) if _LABELLED.match(row.answer[:LONGEST_LABELLED]) else None
    if said is not None:
        row.answer, _break, why = said.text.partition("\n")
        told = tail_of(why)
        row.explanation = row.explanation or (told[1] if told else why)
        row.reference = row.answer


def _take_from_stem(row: Row) -> None:
    """What some files put into the stem: the answer in its brackets, the options at its end."""
    _take_labels(row)
    kind_said = kind_named(row.codes.get(row.kind, row.kind)) if row.kind else row.kind_of_section
    is_bare = (kind_said == "fill_in" or "{{c1::" in row.stem) and not (row.answer or row.blank_answers or row.options)
    if is_bare and (shown := answers_shown(row.stem)):
        row.stem, row.blank_answers = shown
    choices = bool(row.options) and (row.kind_of_section or row.kind or "") != "true_false"
    if not row.answer and row.flags is None and not row.blank_answers:
        found = answer_in_stem(row.stem)
        if found and (choices or truth(found[0]) is not None):
            row.answer, row.stem = found
    part = letters_and_remark(row.answer, row.options) if row.answer and row.flags is None else None
    if part and (row.options or options_below(row.stem, max(letters_in(part[0]) or "Z"))):
        row.answer, remark = part
        row.explanation = "\n".join(filter(None, (remark, row.explanation)))
    if not row.options and (joined := options_joined(row.stem, row.answer)):
        row.stem, row.options, row.answer = joined
    labelled = re.match(r"\s*([A-H])\s*[.．、:：]\s*\S", row.answer)
    letters = (letters_in(row.answer) or ([labelled.group(1)] if labelled else None)) if row.answer else None
    if row.options or not letters or truth(row.answer) is not None:
        return
    if below := options_below(row.stem, max(letters)):
        row.stem, row.options = below
        return
    marks = [mark for mark in _OPTIONS_IN_STEM.finditer(row.stem)]
    names = [unicodedata.normalize("NFKC", mark.group(1)) for mark in marks]
    is_told = len(names) == 2 and kind_said in _CHOICES and marks[0].group(2)
    if names != [chr(65 + n) for n in range(len(names))] or (len(names) < 3 and not is_told):
        return
    if max(letters) > names[-1]:
        return
    if len({bool(mark.group(2)) for mark in marks}) > 1:
        return
    ends = [mark.start() for mark in marks[1:]] + [len(row.stem)]
    row.options = {name: row.stem[m.end() : end].strip() for name, m, end in zip(names, marks, ends, strict=True)}
    row.stem = row.stem[: marks[0].start()].strip()


_OF_MATTER = re.compile("计算|应用|分析|综合|案例|材料|实验|操作")


def _kind_of(row: Row) -> str:
    """What the row says it is; a question of an order whose options are orders (`A. ①③②`) is a choice.

    So is a blank to fill with one of a list of words (选词填空).
    """
    name, letters = _said(row), letters_in(row.answer) or []
    if name == "short_answer" and (is_prose(row.answer) or is_sentence(row.answer) or is_left_out(row.answer)):
        return "essay"
    if name == "cloze" and (len(letters) < 2 or not row.options):
        return "choice" if len(row.options) > 1 else "fill_in"
    if name == "essay" and "open" in plain(row.kind) and len(row.options) > 1 and not row.answer:
        return "short_answer"
    if name in {"ordering", "matching"} and len(row.options) > 1 and len(letters) == 1:
        return "choice"
    is_answered = len(row.options) > 1 and letters and set(letters) <= set(row.options)
    is_of_matter = name == "essay" and (_OF_MATTER.search(row.kind) or plain(row.kind) not in KINDS["essay"].split())
    if is_answered and (is_of_matter or (name == "true_false" and not row.kind and len(row.options) > 2)):
        return "choice"
    if name == "fill_in" and row.kind_of_section and not row.kind and is_one_of(row.answer, row.options, row.stem):
        return "choice"
    if plain(row.kind) == "input" and (is_answered or folded(row.answer) in map(folded, row.options.values())):
        return "choice"
    if name == "fill_in" and is_answered and not row.blanks:
        return "choice" if blanks_in(row.stem) < 2 or len(letters) != blanks_in(row.stem) else name
    return name


def _said(row: Row) -> str:
    if row.kind:
        written = row.codes.get(row.kind, row.kind)
        if named := kind_named(written) or (KINDS_OF_MEDICINE.get(written.upper()) if row.options else None):
            return named
        if not written.isdigit():
            raise Refused(_("The type %(name)s is not known.", name=row.kind[:40]))
    elif row.kind_of_section and not (row.kind_of_section == "essay" and not row.options and only_letters(row.answer)):
        return row.kind_of_section
    return _inferred(row)


LAST_LETTER = "H"
"""Of options: what answers a blank with letters beyond it is a word, such as IR."""


def _inferred(row: Row) -> str:
    """The kind that follows from the answer, where nobody says it."""
    if len(row.options) >= 2:
        letters = letters_in(row.answer)
        counts = (row.numbered or row.first is not None) and re.fullmatch(r"\d", row.answer, re.ASCII)
        is_one = counts or len(letters or row.flags or []) == 1
        said = is_one and all(map(says_true_or_false, row.options.values()))
        if _are_true_and_false(row) and (said or (truth(row.answer) is not None and len(letters or "TF") > 1)):
            return "true_false"
        is_order = len(letters or ()) == len(row.options) > 2 and letters != sorted(letters or ())
        return "ordering" if is_order and asks_for_order(row.stem) else "choice"
    listed = json_list(row.answer) or []
    if says_true_or_false(str(listed[0]) if len(listed) == 1 else row.answer):
        return "true_false"
    letters = letters_in(row.answer) or []
    if letters and (max(letters) <= LAST_LETTER or len(letters) < 2) and len(row.answer) < 12:
        raise Refused(_("The answer is %(answer)s, but there are no options.", answer=row.answer))
    if row.answer and not row.options and lost_its_options(row.stem, row.answer):
        raise Refused(_("The kind of this question can't be told: it has no options, no blanks and no type."))
    if row.blank_answers or (row.answer and blanks_in(row.stem)):
        return "fill_in"
    if not row.answer and not blanks_in(row.stem) and not row.options:
        return "essay"
    if not row.answer:
        raise Refused(_("The question has no answer."))
    if is_prose(row.answer) or is_sentence(row.answer):
        return "essay"
    raise Refused(_("The kind of this question can't be told: it has no options, no blanks and no type."))


def _are_true_and_false(row: Row) -> bool:
    return sorted(str(truth(text)) for text in row.options.values()) == ["False", "True"]


def _right(row: Row) -> list[str]:
    if any("#" in letter for letter in row.options):
        raise Refused(_("Two options have the same letter."))
    if row.flags:
        right = [letter for letter in row.flags if letter in row.options]
        if len(right) < len(row.flags):
            raise Refused(_("An option that is flagged as right has no text."))
        return right
    if not row.answer:
        raise Refused(_("The question has no answer."))
    said = answer_of(row.answer)
    text = _CHOSEN.sub("", said.text if said and said.text else answer_in_sentence(row.answer) or row.answer)
    return right_letters(text, row.options, numbered=row.numbered, first=row.first)


_CHOSEN = re.compile(r"^\s*(?:应|故)?选(?:择)?\s*[:：]?\s*(?=[A-HＡ-Ｈ])")
"""`选C`."""


def _choice(row: Row, right: Sequence[str]) -> dict[str, Any]:
    share = str(Fraction(1, len(right)))
    if len({folded(text) for text in row.options.values()}) < len(row.options):
        wrong = {folded(text) for letter, text in row.options.items() if letter not in right}
        twice = next((row.options[letter] for letter in right if folded(row.options[letter]) in wrong), None)
        if twice is not None:
            raise Refused(_("The same option stands among the right and the wrong ones: %(text)s", text=twice[:60]))
    return {
        "options": [
            {"html": html_of(text, "auto"), "fraction": share if letter in right else "0"}
            | ({"feedback_html": html_of(row.feedback[letter], "auto")} if letter in row.feedback else {})
            for letter, text in row.options.items()
        ]
    }


def _single(row: Row) -> dict[str, Any]:
    right = _right(row)
    if len(right) != 1:
        raise Refused(_("A single choice has one right answer, not %(n)s.", n=len(right)))
    return _choice(row, right)


def _multiple(row: Row) -> dict[str, Any]:
    return _choice(row, _right(row))


def _true_false(row: Row) -> dict[str, Any]:
    answer = row.answer
    if row.stem.rstrip(".、").isdigit():
        raise Refused(_("The question has no text."))
    if not answer and row.flags and len(row.flags) == 1:
        answer = row.flags[0]
    if truth(answer) is None and (said := reasoned(answer)):
        answer, why = said
        row.explanation = row.explanation or why
    listed = json_list(answer) if answer else None
    answer = str(listed[0]) if listed and len(listed) == 1 else answer
    letters = letters_in(answer) if answer else None
    if letters and len(letters) == 1 and letters[0] in row.options:
        found = truth(row.options[letters[0]])
    elif row.options and answer.isascii() and answer.isdigit():
        first = row.first if row.first is not None else 1 if row.numbered else None
        found = truth_by_number(int(answer), list(row.options.values()), first)
    else:
        found = truth(answer) if answer else None
    if found is None:
        raise Refused(
            _("The answer “%(answer)s” says neither true nor false.", answer=answer[:40])
            if answer
            else _("The question has no answer.")
        )
    return {"answer": found}


def _fill_in(row: Row) -> dict[str, Any]:
    said = int(row.blanks) if row.blanks.isdigit() else 0
    count = said or blanks_in(row.stem)
    row.answer, row.mark = parted_from_marks(row.answer, row.mark, count)
    if row.blank_answers:
        blanks = [blanks_of(as_typed(text), 1)[0] for text in row.blank_answers]
    elif row.answer:
        blanks = blanks_of(row.answer, count or None)
    elif len(row.options) in {1, count} - {0}:
        blanks = [blanks_of(text, 1)[0] for text in row.options.values()]
    elif count < 2 and row.options and row.numbered and folded(row.kind) in OPTIONS_ARE_ACCEPTED:
        blanks = [list(row.options.values())]
    else:
        raise Refused(_("The question has no answer."))
    if all(is_left_out(text) for accepted in blanks for text in accepted):
        raise Refused(_("The question has no answer."))
    _refuse_other_options(row, blanks)
    return {"blanks": [{"answers": [{"text": text} for text in accepted]} for accepted in blanks]}


def _refuse_other_options(row: Row, blanks: Sequence[Sequence[str]]) -> None:
    """Texts under 选项 that the answer does not name: a column too many or too few, or a choice after all."""
    texts = {folded(text) for text in row.options.values()}
    if texts and not all(texts & {folded(text) for text in accepted} for accepted in blanks):
        raise Refused(_("The answer %(answer)s is none of the options.", answer=row.answer[:60]))


def _short(row: Row) -> dict[str, Any]:
    if not row.answer and row.options:
        return {"answers": [{"text": text} for text in row.options.values()]}
    if not row.answer:
        raise Refused(_("The question has no answer."))
    row.answer, row.mark = parted_from_marks(row.answer, row.mark, 1)
    return {"answers": [{"text": text} for text in blanks_of(row.answer, 1)[0]]}


def _numerical(row: Row) -> dict[str, Any]:
    return numerical(row.answer)


def _essay(row: Row) -> dict[str, Any]:
    if len(row.options) > 1 or (row.options and letters_in(row.answer)):
        raise Refused(_("A question of the kind “%(kind)s” has no options.", kind=kind("essay").label))
    row.reference = row.reference or next(iter(row.options.values()), "")
    listed = json_list(row.reference) if row.reference else None
    are_texts = listed is not None and all(isinstance(one, str | int | float) for one in listed)
    reference = "\n".join(map(str, listed or [])) if are_texts else row.reference
    return {"marker_html": html_of(reference, "auto")} if reference else {}


def _ordering(row: Row) -> dict[str, Any]:
    row.stem, content = ordering(row.stem, row.options, row.answer)
    return content


def _matching(row: Row) -> dict[str, Any]:
    row.stem, content = matching(row.stem, row.options, row.answer)
    return content


_CONTENT: dict[str, Callable[[Row], dict[str, Any]]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _true_false,
    "fill_in": _fill_in,
    "short_answer": _short,
    "numerical": _numerical,
    "essay": _essay,
    "file_upload": _essay,
    "ordering": _ordering,
    "matching": _matching,
    "description": lambda _row: {},
}
