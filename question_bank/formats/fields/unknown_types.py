"""Rows that say what they are in no known way: types that nobody knows, templates that a program fills."""

from __future__ import annotations

import re
from collections.abc import Sequence

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import (
    blanks_in,
    json_list,
    letters_in,
    numbers_in,
    right_letters,
    says_true_or_false,
    truth,
)
from question_bank.formats.fields.blanks import fills_blanks
from question_bank.formats.fields.prose import is_prose, is_sentence, lost_its_options
from question_bank.formats.fields.rows import LAST_LETTER, Row
from question_bank.formats.fields.vocabulary import KINDS_OF_MEDICINE
from question_bank.formats.papers.finding_answers import take_same_from_stem
from question_bank.formats.reading import Reading
from question_bank.formats.sheets.columns import kind_named
from question_bank.typed_text import folded as folded_typed


def take_unknown_type(reading: Reading, row: Row) -> None:
    """What has options of which its answer names one is a single choice, whatever somebody calls it.

    What has none, and whose answer is prose, is an essay; 单项填空 and 多项填空 with an answer for each gap are blanks.
    """
    _take_open(reading, row)
    named = kind_named(row.kind) or KINDS_OF_MEDICINE.get(row.kind.upper())
    is_typed = not row.options and letters_in(row.answer) is None and fills_blanks(row.stem, row.answer)
    if named is None and "填空" in row.kind and is_typed:
        row.kind = "fill_in"
        return
    if named is None and not row.options and _is_for_a_person(row.kind, row.answer):
        reading.warnings.append(
            _("%(where)s: the type %(name)s is not known; taken for an essay.", where=row.where, name=row.kind[:40])
        )
        row.kind = "essay"
        return
    if not row.kind or row.kind.isdigit() or named not in {None, "case"} or len(row.options) < 2:
        return
    if row.flags and not row.answer and named is None:
        _take_for_choice(reading, row)
    if not row.answer:
        return
    if named == "case":
        row.kind, row.kind_of_section = "", None
        return
    try:
        right = right_letters(row.answer, row.options, numbered=row.numbered, first=row.first)
    except Refused:
        return
    if len(right) == 1:
        _take_for_choice(reading, row)


def _take_for_choice(reading: Reading, row: Row) -> None:
    reading.warnings.append(
        _("%(where)s: the type %(name)s is not known; taken for a choice.", where=row.where, name=row.kind[:40])
    )
    row.kind = ""


_CHINESE = re.compile("[\u4e00-\u9fff]{2,12}")


def _is_for_a_person(kind: str, answer: str) -> bool:
    """Whether what answers a question of an unknown type (句子改错) is a text that a person marks."""
    is_prose_of_type = kind.endswith(("题", "題")) and is_prose(answer)
    is_text = len(answer) > 1 and letters_in(answer) is None and truth(answer) is None
    return is_prose_of_type or (_CHINESE.fullmatch(kind) is not None and is_text)


_LETTER = re.compile(r"(?:^|(?<=[\s)）]))\s*[A-HＡ-Ｈ]\s*[.．、:：)）]")


def take_lost_choice(reading: Reading, row: Row) -> None:
    """A single choice whose options nobody kept, with a text for each of its blanks, is filled in; the sender hears."""
    named = kind_named(row.kind) if row.kind else None
    if (
        named not in {"choice", "single_choice"}
        or row.options
        or letters_in(row.answer)
        or truth(row.answer) is not None
    ):
        return
    if _LETTER.match(row.answer) or _LETTER.search(row.stem):
        return
    if fills_blanks(row.stem, row.answer) and not lost_its_options(row.stem, row.answer):
        row.kind = "fill_in"
        reading.warnings.append(_("%(where)s: there are no options; taken for blanks to fill in.", where=row.where))


def settle_kind(reading: Reading, row: Row) -> None:
    """Tell by the whole row what it does not say: options that count themselves, a type that nobody knows, or none."""
    refuse_run_together(row)
    take_same_from_stem(row)
    row.numbered = row.numbered or _number_themselves(row)
    take_unknown_type(reading, row)
    if kind_named(row.kind) == "short_answer" and row.explanation and not (row.answer or row.options):
        row.kind = "essay"
    take_letters_for_truth(reading, row)
    take_lost_choice(reading, row)
    take_explained(reading, row)
    settle_parts(reading, row)


_OPEN = frozenset({"open", "openended", "openquestion", "openendedquestion", "freetext", "freeresponse"})
_LONGEST_OPEN = 4
"""Words of an answer to an open question that people can be asked to type as it stands."""
_VARIES = re.compile(r"\b(?:var(?:y|ies|ious)|any|sample|possible|depends?|own)\b|n/a", re.IGNORECASE)


def _take_open(reading: Reading, row: Row) -> None:
    """An open question of a quiz service with a short accepted answer is marked by it, with a note."""
    named = re.sub("[-_ ]", "", row.kind.casefold())
    words = row.answer.split()
    if named not in _OPEN or set(row.options.values()) - {row.answer} or not 0 < len(words) <= _LONGEST_OPEN:
        return
    if is_prose(row.answer) or row.answer[-1] in ".。?？!！" or _VARIES.search(row.answer):
        return
    row.kind = "short_answer"
    reading.warnings.append(
        _("%(where)s: an open question with a short answer; taken for a short answer.", where=row.where)
    )


_VERDICTS = {"A": "对", "B": "错"}
_VERDICTS_COUNTED = {"1": "对", "2": "错"}


def take_letters_for_truth(reading: Reading, row: Row) -> None:
    """A and B of true/false questions whose options nobody wrote down: 对 and 错, in the order of every service.

    So are 1 and 2, in a file whose other answers count the options from 1. Of options that were written down, `B) 错`
    is B.
    """
    named = kind_named(row.codes.get(row.kind, row.kind)) if row.kind else row.kind_of_section
    if row.options and row.answer and all(map(says_true_or_false, row.options.values())):
        row.answer = _letter_of_labelled(row)
    if named != "true_false" or row.options:
        return
    if row.first == 1 and row.answer.strip() in _VERDICTS_COUNTED:
        row.answer = _VERDICTS_COUNTED[row.answer.strip()]
        note = _("True/false questions without options are answered with 1 and 2; 1 was taken for true. Please check.")
        if note not in reading.warnings:
            reading.warnings.append(note)
    if row.answer.strip().upper() not in _VERDICTS:
        return
    row.answer = _VERDICTS[row.answer.strip().upper()]
    note = _("True/false questions without options are answered with A and B; A was taken for true. Please check.")
    if note not in reading.warnings:
        reading.warnings.append(note)


def _letter_of_labelled(row: Row) -> str:
    """The letter of `B) False`; any other answer as it is."""
    if truth(row.answer) is not None or letters_in(row.answer) is not None:
        return row.answer
    try:
        right = right_letters(row.answer, row.options)
    except Refused:
        return row.answer
    return right[0] if len(right) == 1 else row.answer


def take_explained(reading: Reading, row: Row) -> None:
    """What has an answer in words and says why, but no type, options or blanks, is read by a person who marks it."""
    if row.kind or row.kind_of_section or row.options or row.blank_answers or not (row.answer and row.explanation):
        return
    is_plain = letters_in(row.answer) is None and truth(row.answer) is None and json_list(row.answer) is None
    if is_plain and not blanks_in(row.stem) and not lost_its_options(row.stem, row.answer):
        row.kind = "essay"
        reading.warnings.append(_("%(where)s: nothing says of what kind this is; taken for an essay.", where=row.where))


HIGHEST_COUNTED = 8
"""Up to it a number may count options that are lost."""


def ask_for_words(answers: Sequence[str]) -> bool:
    """Whether the answers of a table without types and options can be words or numbers to type, and nothing else."""
    numbers = [numbers_in(answer) for answer in answers if answer]
    return any(number is None or max(number) > HIGHEST_COUNTED for number in numbers)


_OF_WHAT_FOLLOWED = re.compile(
    r"(?:以下|下列|下面|下述|以上|上述|of the following|of these)[^:：\n]*[:：]?\s*$|哪一?项", re.IGNORECASE
)
"""What asks to choose among things that stood there once."""


def take_words(reading: Reading, row: Row, *, are_all: bool) -> None:
    """A row without a type and options whose answer is words or a number asks for them; with a note.

    In a table of choices a small number may count options that are lost; where all rows are such (`are_all`) it may
    be 0 or 1 for a verdict.
    """
    if row.kind or row.kind_of_section or row.options or row.flags or row.blank_answers or not row.answer:
        return
    numbers = numbers_in(row.answer)
    letters = letters_in(row.answer) or []
    is_word = not letters or (len(letters) > 1 and max(letters) > LAST_LETTER)
    is_word = is_word and truth(row.answer) is None and json_list(row.answer) is None
    is_counting = numbers is not None and (not are_all and max(numbers) <= HIGHEST_COUNTED)
    if not is_word or is_counting or blanks_in(row.stem) or is_prose(row.answer) or is_sentence(row.answer):
        return
    if not lost_its_options(row.stem, row.answer) and not _OF_WHAT_FOLLOWED.search(row.stem):
        row.kind = "short_answer"
        reading.warnings.append(
            _("%(where)s: nothing says of what kind this is; taken for a short answer.", where=row.where)
        )


_LINE_OF_ANSWER = re.compile(r"\n\s*[【\[]?(?:正确|参考|标准)?答案[】\]]?\s*[:：]?\s*[A-HＡ-Ｈ]{1,8}\s*(?:\n|$)")


def refuse_run_together(row: Row) -> None:
    """Refuse a question of which an option holds the line of an answer: what follows is another question's."""
    if any(_LINE_OF_ANSWER.search(text) for text in row.options.values()):
        raise Refused(_("An option holds an answer of its own: two questions have run together."))


_PARTS = re.compile(r"[|｜；\n]")
_COUNTED = re.compile(
    r"([两二三四五六七八九]|[2-9])\s*(?:大|个|种|类|项|点|条|步|部分|方面|要素|原则|阶段|环节|者|色|性)"
)


def settle_parts(reading: Reading, row: Row) -> None:
    """Say that several texts that are not alike are all accepted for one blank: they could be parts of its answer.

    Refused where the question says how many things it asks for, and there are as many texts. Where the question shows
    no blank, each has one of its own, unless one is the other with a word more: `1954年|1954`.
    """
    _take_forms(row)
    if (
        row.options
        or not row.answer
        or kind_named(row.kind) != "fill_in"
        or (row.blanks or blanks_in(row.stem)) not in {1, "1"}
    ):
        return
    listed = json_list(row.answer) or [one.strip() for one in _PARTS.split(row.answer) if one.strip()]
    texts = {folded_typed(str(one)) for one in listed if not isinstance(one, list | dict)}
    if len(texts) < 2:
        return
    if str(len(texts)) in {_DIGITS.get(one, one) for one in _COUNTED.findall(row.stem)}:
        raise Refused(
            _(
                "The one blank asks for %(n)s things: give it a blank for each, or all in one text.",
                n=len(texts),
            )
        )
    said = "；".join(map(str, listed))
    reading.warnings.append(
        _("%(where)s: each of these was taken for an answer of the one blank: %(text)s", where=row.where, text=said)
    )


def _take_forms(row: Row) -> None:
    said = not (row.options or row.blanks or blanks_in(row.stem)) and json_list(row.answer) is None
    texts = [folded_typed(one) for one in _PARTS.split(row.answer) if one.strip()] if said else []
    if len(texts) != 2 or kind_named(row.kind) != "fill_in":
        return
    short, long = sorted(texts, key=len)
    if short and short in long and re.findall(r"\d+", short) == re.findall(r"\d+", long):
        row.blanks = "1"


_DIGITS = {"两": "2", **{sign: str(n) for n, sign in enumerate("二三四五六七八九", 2)}}


_NUMBER = re.compile(r"\s*(\d{1,2})\s*[.．、)）]\s*(?!\d)\S")


def _number_themselves(row: Row) -> bool:
    """Whether the texts of the options begin with their own numbers: `1. …`, `2. …`."""
    numbers = [found.group(1) for text in row.options.values() if (found := _NUMBER.match(text))]
    return len(numbers) == len(row.options) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def refuse_doubtful_truth(row: Row, said: object) -> None:
    """Refuse 0 or 1 for right or wrong where the answers of the file are numbers that count options from 0.

    The options that a program shows for a true/false question, 正确 and 错误, may be counted as well.
    """
    digits = said[0] if isinstance(said, list) and len(said) == 1 else said
    is_number = type(digits) is int or (isinstance(said, list) and str(digits) in {"0", "1"})
    if is_number and not row.options and kind_named(row.kind) == "true_false":
        raise Refused(_("The answer %(n)s may be a verdict, or count options that are not there.", n=str(digits)))


_PLACE = re.compile(r"\{([a-z]\w{0,9})\}")


def is_template(row: Row) -> bool:
    """Whether a question and its answer or options have places, `{a} + {b}`, that a program fills."""
    places = set(_PLACE.findall(row.stem))
    if places and any(_PLACE.fullmatch(text.strip()) for text in row.options.values()):
        return True
    return bool(places) and any(re.search(rf"\{{[^{{}}]*\b{name}\b[^{{}}]*\}}", row.answer) for name in places)
