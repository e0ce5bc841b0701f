"""JSON: our own lossless form, questions by chapter and section, and flat lists with any of the known names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import cleaned
from question_bank.formats.carries import BOTH, Carried
from question_bank.formats.fields.answers import letters_in
from question_bank.formats.fields.rows import Row, draft_of
from question_bank.formats.fields.structured import case_of
from question_bank.formats.fields.unknown_types import (
    ask_for_words,
    is_template,
    refuse_doubtful_truth,
    settle_kind,
    take_letters_for_truth,
    take_words,
)
from question_bank.formats.json_banks.accessories import with_accessories
from question_bank.formats.json_banks.apart import is_tuple, together, with_pairs_named
from question_bank.formats.json_banks.bases import base_of
from question_bank.formats.json_banks.beside import has_lost_picture, with_beside
from question_bank.formats.json_banks.broken import BROKEN
from question_bank.formats.json_banks.by_hand import HOLDS, as_told
from question_bank.formats.json_banks.by_values import TOLD, flag_by_values, told_by_values
from question_bank.formats.json_banks.choice_names import key_of_kind, kind_in, name_choices
from question_bank.formats.json_banks.context import Context, heading_between
from question_bank.formats.json_banks.counted_fields import gather_counted
from question_bank.formats.json_banks.counting import (
    SURE_LETTERS,
    answer_in,
    right_by_place,
    take_for_numbers,
    take_letters_for_letters,
    take_numbers_for_places,
    take_texts_for_texts,
)
from question_bank.formats.json_banks.dialect_items import INDEX, STEMS, Item, material_of
from question_bank.formats.json_banks.dialects import flat
from question_bank.formats.json_banks.differing import refuse_differing, with_several
from question_bank.formats.json_banks.hidden_answers import with_hidden_answer, with_parted_stem, with_small_names
from question_bank.formats.json_banks.json_fields import hints_in, named_option, options_in, settled, tag_of, texts_of
from question_bank.formats.json_banks.json_text import loaded
from question_bank.formats.json_banks.languages import OneLanguage
from question_bank.formats.json_banks.numbered import without_numbers, without_stars
from question_bank.formats.json_banks.option_feedback import feedback_of_json
from question_bank.formats.json_banks.parts import kind_of_part, letters_are_verdicts, mark_of_part, with_verdicts
from question_bank.formats.json_banks.recognising import (
    CHILDREN,
    answer_in_item,
    is_question,
    lifted,
    unpacked,
    without_empty,
)
from question_bank.formats.json_banks.scores import settle_scores
from question_bank.formats.json_banks.stray_fields import with_fields_settled, with_mark
from question_bank.formats.json_banks.told_lists import EVERY, lists_of, steps_in
from question_bank.formats.lossless import OURS, read_ours
from question_bank.formats.papers.headings import cut_mark
from question_bank.formats.reading import AS_SENT, Changes, Reading, Refusal
from question_bank.formats.rich_text import html_of
from question_bank.formats.sheets.cells import with_wrong
from question_bank.formats.sheets.columns import columns_of, kind_named, named_columns
from question_bank.kinds import KINDS, NAMES

NAME = "json"
CARRIES = Carried(
    "Our own form: nothing is lost, pictures and sounds included. The JSON of other programs (OpenTDB, Kahoot,"
    " SurveyJS, Quizizz, quizapi, and questions by chapter) is read as the rows of a workbook are.",
    dict.fromkeys(KINDS, BOTH),
)
DEEPEST = 30
WIDEST = 500
"""Fields of an object; one with more has questions by their ids, and is none."""
_SURE_STEMS = tuple(name for name in STEMS if name not in {"title", "text", "content", "prompt", "name"})
"""What names a question and nothing else, such as a heading among questions."""


def read(text: str, kind: str | None = None, changes: Changes = AS_SENT) -> Reading:
    """Every question of a JSON text, of the kind where nothing in it says another.

    Refused when it is no JSON or holds no question, unless somebody may tell by hand where its questions are.
    """
    found = loaded(text)
    reading = Reading(NAME)
    if isinstance(found, dict) and found.get("format") == OURS:
        read_ours(reading, found)
    else:
        reading.tables += lists_of(found, changes) if changes.at_desk else []
        language = OneLanguage()
        seen = list(_questions(language.of(as_told(found, changes)), Context(kind=kind)))
        if language.taken:
            reading.warnings.append(_("The texts stand in several languages; %(name)s was read.", name=language.taken))
        _read_all(reading, seen)
    if not reading.questions and not reading.refused and not reading.tables:
        raise Refused(_("There are no questions in this file."))
    return reading


_NUMBERED_FILE = re.compile(r"[\s\d()（）_-]*(?:\.[A-Za-z]{1,5})?$")
_OF_FILES = frozenset({"true_false", "fill_in", "multiple_choice", "essay"})
"""What a file is named after and its questions may leave open; one with `单选题` in its name may hold others, too."""


def kind_of_file(file_name: str) -> str | None:
    """The kind that a file is named after: `填空题.json`, `第一章 判断题(2).json`."""
    name = _NUMBERED_FILE.sub("", re.split(r"[/\\]", file_name)[-1])
    kind = kind_named(name) if name.endswith("题") else None
    return kind if kind in _OF_FILES else None


def _read_all(reading: Reading, seen: list[tuple[Found, Context]]) -> None:
    """The questions of a file, and how it counts options: from 0 or from 1, by the evidence of all of them."""
    items = [item for item, _context in seen if isinstance(item, dict)]
    items += [one for item in items for one in item.get(_OF_CASE, []) if isinstance(one, dict)]
    _note_told(reading, items)
    settle_scores(reading, items)
    without_stars(items)
    without_numbers(items)
    gather_counted(items)
    take_for_numbers(items)
    take_texts_for_texts(items)
    take_letters_for_letters(items)
    base = base_of(reading, items)
    take_numbers_for_places(items, base)
    name_choices(items)
    asks_words = _ask_for_words(seen)
    verdicts = letters_are_verdicts([(item, at.kind) for item, at in seen if isinstance(item, dict)])
    for item, context in seen:
        if isinstance(item, Refused):
            reading.refuse(context.where, item)
        elif _OF_CASE in item:
            parts = [with_verdicts(one) if verdicts and isinstance(one, dict) else one for one in item[_OF_CASE]]
            _read_case(reading, {**item, _OF_CASE: parts}, context, base)
        else:
            _read_one(reading, item, context, base, asks_words=asks_words)


def _ask_for_words(seen: list[tuple[Found, Context]]) -> bool:
    """Whether the questions of a file have texts and answers alone, none of them a letter: no options are lost then."""
    answers = []
    for item, context in seen:
        if not isinstance(item, dict) or _OF_CASE in item or context.kind:
            return False
        columns = columns_of([str(name) for name in item])
        if columns is None or columns.options or not {"stem", "answer"} >= set(columns.fields):
            return False
        answers.append(text_of_cell(answer_in_item(item)))
    return len(answers) > 1 and not any(map(letters_in, answers)) and ask_for_words(answers)


def _note_told(reading: Reading, items: list[Item]) -> None:
    """Say which fields were told by what they hold, once for each list."""
    told = list(dict.fromkeys(item.pop(TOLD) for item in items if TOLD in item))
    if flags := flag_by_values(items):
        told.append(flags)
    reading.warnings += [
        _("Told by what they hold: the fields %(names)s. Please check.", names=names) for names in told if names
    ]


def _read_case(reading: Reading, item: dict[str, Any], context: Context, base: int | None) -> None:
    parts, drafts = item[_OF_CASE], []
    if kind_named(item["type"]) == "essay":
        context = replace(context, kind="essay")
    for n, part in enumerate(parts, 1):
        try:
            if isinstance(part, Refused):
                raise part
            row = _row(part, context, base)
            take_letters_for_truth(reading, row)
            drafts.append(cleaned(draft_of(row)))
        except Refused as error:
            why = _("Question %(n)s of the case: %(why)s", n=n, why=error.message)
            reading.refused.append(Refusal(context.where, why))
            return
    reading.questions.append(case_of(html_of(item["question"], "auto"), drafts, context.where))


Found = dict[str, Any] | Refused
"""A question in the flat form, or the reason why an object that is one can't be read."""
_OF_CASE = "\0questions"
"""Where a case in the flat form holds its questions: no file has such a key."""


def _flat(found: dict[str, Any]) -> Found | None:
    """The object as a question in the flat form, with its mark; None when it is none."""
    if BROKEN in found:
        return Refused(found[BROKEN])
    found = with_fields_settled(with_small_names(unpacked(found)))
    try:
        found = with_several(found)
        refuse_differing(found)
    except Refused as error:
        return error
    question = _flat_of(found)
    return question if not isinstance(question, dict) or _OF_CASE in question else with_mark(question, found)


def _flat_of(found: dict[str, Any]) -> Found | None:
    if fetched := with_accessories(found):
        return fetched
    found = with_hidden_answer(lifted(without_empty(with_parted_stem(found))))
    try:
        material = material_of(found)
        if material:
            parts = [_flat(part) for part in material[1]]
            return {"question": material[0], _OF_CASE: parts, "type": kind_in(found)} if all(parts) else None
        known = flat(found)
    except Refused as error:
        return error
    except (TypeError, ValueError, KeyError, AttributeError):
        return Refused(_("The question is not well formed."))
    if known is not None:
        return known
    if is_question(found):
        return found
    # `text` may be anything; beside a type of question, or options by letter, it is the stem.
    lettered = named_columns([str(name) for name in found]).options
    if isinstance(found.get("text"), str) and (kind_named(str(found.get("type", ""))) or len(lettered) > 1):
        named = {"question" if name == "text" else name: value for name, value in found.items()}
        return named if is_question(named) else None
    return None


_OF_LIST = re.compile(r"(?<=[a-z])[_-]?(?:List|Questions|list|questions)$")
"""`judgeList`: what a list of a kind is called behind the kind."""


def _questions(found: Any, context: Context, depth: int = 0) -> Iterator[tuple[Found, Context]]:
    """Every object that is a question, with what stands above it."""
    if depth > DEEPEST:
        return
    if isinstance(found, list):
        yield from _listed(found, context, depth)
    elif isinstance(found, dict) and BROKEN in found:
        yield Refused(found[BROKEN]), context
    elif isinstance(found, dict):
        is_above = HOLDS in found
        found = together({key: value for key, value in found.items() if key != HOLDS} if is_above else found)
        question = _flat(found) if len(found) <= WIDEST else None
        if question is not None and (not is_above or (isinstance(question, dict) and _OF_CASE in question)):
            yield question, context
            return
        category, kind = context.category, context.kind
        for name in ("subject", "chapter", "category"):
            if isinstance(found.get(name), str):
                category = _joined(category, found[name])
        if isinstance(found.get("type"), str):
            kind = kind_named(found["type"]) or kind
        kind = kind_of_part(found) or kind
        mark = mark_of_part(found)
        doubt = context.where if mark is None else "" if mark else context.doubt
        are_chapters = EVERY in steps_in(found).values() and not {name.casefold() for name in found} & {*CHILDREN}
        for name, value in found.items():
            if isinstance(value, list | dict):
                below = kind_named(_OF_LIST.sub("", name)) if len(name) >= 2 else None
                each = None if (below or kind) == "case" else below or kind  # Together they are one, none by itself.
                chapter = _joined(category, name) if are_chapters and below is None else category
                inside = Context(f"{context.where}/{name}", chapter, each, mark or context.mark, doubt)
                yield from _questions(value, inside, depth + 1)


def _joined(category: str, name: str) -> str:
    return "/".join(filter(None, (category, name.strip())))


def _listed(found: list[Any], context: Context, depth: int) -> Iterator[tuple[Found, Context]]:
    """The questions of a list. Beside others, what says it is one and is in no known form is refused, not lost."""
    inside = []
    if found and all(map(is_tuple, found)):
        found = [dict(zip(("question", "options", "answer"), one, strict=False)) for one in found]
    found = with_pairs_named(found, context.kind)
    above = context
    for n, item in enumerate(found):
        if heading := heading_between(item):
            above = context.under(heading)
            continue
        below = replace(above, where=f"{context.where}/{n}")
        inside.append((item, below, list(_questions(item, below, depth + 1))))
    if not any(seen for _item, _below, seen in inside) and (told := told_by_values(found)):
        inside = [
            (item, below, list(_questions(item, below, depth + 1)))
            for item, (_old, below, _seen) in zip(told, inside, strict=True)
        ]
    is_of_questions = any(len(seen) == 1 and seen[0][1] == below for _item, below, seen in inside)
    shapes = {frozenset(item) for item, below, seen in inside if isinstance(item, dict) and len(seen) == 1}
    for item, below, seen in inside:
        yield from seen
        if seen or not is_of_questions or not isinstance(item, dict):
            continue
        if kind_named(str(item.get("type", ""))):
            yield Refused(_("The object says that it is a question, but its text was not found.")), below
        elif any(isinstance(item.get(name), str) and item[name].strip() for name in _SURE_STEMS):
            yield Refused(_("The question has no answer.")), below
        elif frozenset(item) in shapes and any(isinstance(value, str | list) and value for value in item.values()):
            yield Refused(_("The question is not well formed.")), below


def _refuse_hidden(item: Item, row: Row) -> None:
    """What has no type, no options and no answer need not ask for a text in own words: its key was not found."""
    if is_template(row):
        raise Refused(_("A program puts the numbers into this question."))
    at = key_of_kind(item)
    if not (
        row.answer or row.blank_answers or row.options or row.kind_of_section or (at and kind_named(str(item[at])))
    ):
        raise Refused(_("The question has no answer."))


def _read_one(reading: Reading, item: dict[str, Any], context: Context, base: int | None, *, asks_words: bool) -> None:
    try:
        row = _row(item, context, base)
        _refuse_hidden(item, row)
        if base == 0:
            refuse_doubtful_truth(row, answer_in_item(item))
        settle_kind(reading, row)
        if asks_words:
            take_words(reading, row, are_all=True)
        draft = draft_of(row)
    except Refused as error:
        reading.refuse(context.where, error)
    else:
        reading.questions.append(draft)
        _note_doubt(reading, context, row)
        if has_lost_picture(item):
            reading.warnings.append(
                _(
                    "%(where)s: a picture could not be taken over (it is missing or of a kind not shown).",
                    where=context.where,
                )
            )


def _note_doubt(reading: Reading, context: Context, row: Row) -> None:
    """Say once of a part that its score was given to no question, where none has a mark of its own."""
    if context.doubt and not row.mark:
        where = context.doubt.strip("/")
        told = _(
            "%(where)s: a score stands above the questions, of each or of all; each counts 1. Please check.",
            where=where,
        )
        if told not in reading.warnings:
            reading.warnings.append(told)


def _row(item: dict[str, Any], context: Context, base: int | None) -> Row:
    columns = columns_of([str(name) for name in item])
    assert columns is not None
    values = list(item.values())

    def value(name: str) -> Any:
        at = columns.fields.get(name)
        return None if at is None else values[at]

    said = item[INDEX] if INDEX in item else named_option(columns, list(map(str, item)), value("answer"))
    options, flags = options_in(columns, values, value("options"))
    flags = flags or item.get(SURE_LETTERS) or right_by_place(said, value("options"), base) or []
    if columns.wrong and not options and value("answer") is not None:
        wrong = [text_of_cell(values[at]) for at in columns.wrong]
        options, flags = with_wrong(text_of_cell(value("answer")), wrong)
    category = "/".join(text_of_cell(value(name)) for name in ("subject", "category", "category2") if value(name))
    tags = value("tags")
    kind = text_of_cell(value("kind"))
    mark = text_of_cell(value("mark"))
    mark = "" if re.fullmatch(r"0(\.0*)?", mark) else mark
    stem = text_of_cell(value("stem"))
    if not mark:
        stem, mark = cut_mark(stem)
    return Row(
        where=context.where,
        stem=with_beside(item, stem),
        kind=kind,
        answer=answer_in(
            said if base is not None else settled(said, value("answer2"), value("options")), value("options"), base
        ),
        explanation=texts_of(value("explanation")),
        hints=hints_in(value("hint")),
        category=category or context.category,
        tags=",".join(map(tag_of, tags)) if isinstance(tags, list) else text_of_cell(tags),
        difficulty=text_of_cell(value("difficulty")),
        mark=mark or context.mark,
        source=text_of_cell(value("source")),
        options=options,
        feedback=feedback_of_json(value("options"), options),
        flags=flags or None,
        blank_answers=[text_of_cell(values[at]) for at in columns.blank_answers if values[at]],
        numbered=columns.numbered,
        kind_of_section=context.kind or (kind if kind in NAMES else None),
    )
