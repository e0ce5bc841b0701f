"""JSON: our own lossless form, questions by chapter and section, and flat lists with any of the known names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats.cells import flags_of_json, options_in_one_cell, options_of_json
from question_bank.formats.columns import Columns, columns_of, kind_named
from question_bank.formats.reading import Reading, Refusal
from question_bank.formats.rows import Row, draft_of
from question_bank.kinds import NAMES

NAME = "json"
OURS = "learnhub-questions"
DEEPEST = 30
_CHILDREN = ("questions", "subquestions", "children", "items", "sections", "chapters", "list", "data")


def looks_like(text: str) -> bool:
    """Whether the text begins as JSON does."""
    return re.match(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\]\"\d])", text.lstrip("\ufeff")) is not None


def read(text: str) -> Reading:
    """Every question of a JSON text; Refused when it is no JSON or holds no question."""
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise Refused(_("This JSON is nested too deeply.")) from None
    except ValueError as error:
        raise Refused(_("This is not JSON: %(why)s", why=str(error)[:200])) from None
    reading = Reading(NAME)
    if isinstance(found, dict) and found.get("format") == OURS:
        _read_ours(reading, found)
    else:
        seen = list(_questions(found, _Context()))
        base = _first_index([item for item, _context in seen])
        for item, context in seen:
            _read_one(reading, item, context, base)
    if not reading.questions and not reading.refused:
        raise Refused(_("There are no questions in this file."))
    return reading


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _read_ours(reading: Reading, found: dict[str, Any]) -> None:
    items = found.get("questions")
    if found.get("version") != 1 or not isinstance(items, list):
        raise Refused(_("This version of the LearnHub format can't be read."))
    for n, item in enumerate(items):
        where = f"/questions/{n}"
        try:
            draft = _ours(item, where)
            cleaned(draft)
        except Refused as error:
            reading.refuse(where, error)
        except (TypeError, ValueError, KeyError, AttributeError):
            reading.refused.append(Refusal(where, _("The question is not well formed.")))
        else:
            reading.questions.append(draft)


_OURS = {
    "kind": str,
    "title": str,
    "stem_html": str,
    "content": dict,
    "mark": int,
    "category": str,
    "tags": list,
    "difficulty": int,
    "explanation_html": str,
    "source": str,
    "clause": str,
}


def _ours(item: Any, where: str) -> QuestionDraft:
    wrong = not isinstance(item, dict) or set(item) - set(_OURS) or not {"kind", "stem_html"} <= set(item)
    if wrong or any(not isinstance(value, _OURS[name]) for name, value in item.items()):
        raise Refused(_("The question is not well formed."))
    tags = item.get("tags", [])
    if not all(isinstance(tag, str) for tag in tags):
        raise Refused(_("The question is not well formed."))
    return QuestionDraft(**{**item, "tags": tuple(tags), "where": where})


@dataclass(frozen=True)
class _Context:
    """What stands above a question: its place, the chapter, the kind that a section names."""

    where: str = ""
    category: str = ""
    kind: str | None = None


def _questions(found: Any, context: _Context, depth: int = 0) -> Iterator[tuple[dict[str, Any], _Context]]:
    """Every object that is a question, with what stands above it."""
    if depth > DEEPEST:
        return
    if isinstance(found, list):
        for n, item in enumerate(found):
            yield from _questions(item, _Context(f"{context.where}/{n}", context.category, context.kind), depth + 1)
    elif isinstance(found, dict):
        if _is_question(found):
            yield found, context
            return
        category, kind = context.category, context.kind
        for name in ("subject", "chapter", "category"):
            if isinstance(found.get(name), str) and found[name].strip():
                category = "/".join(part for part in (category, found[name].strip()) if part)
        if isinstance(found.get("type"), str):
            kind = kind_named(found["type"]) or kind
        for name, value in found.items():
            if isinstance(value, list | dict):
                below = kind_named(name) if len(name) >= 2 else None
                yield from _questions(value, _Context(f"{context.where}/{name}", category, below or kind), depth + 1)


def _is_question(found: dict[str, Any]) -> bool:
    columns = columns_of([str(name) for name in found])
    if columns is None:
        return False
    stem = _values(found)[columns.fields["stem"]]
    below = any(
        isinstance(value, list) and value and isinstance(value[0], dict) and str(name).casefold() in _CHILDREN
        for name, value in found.items()
    )
    return isinstance(stem, str | int | float) and not below


def _values(found: dict[str, Any]) -> list[Any]:
    return list(found.values())


def _first_index(items: list[dict[str, Any]]) -> int | None:
    """0 or 1: how the file counts options where answers are whole numbers; None when it can't be told."""
    base: int | None = None
    for item in items:
        columns = columns_of([str(name) for name in item])
        if columns is None or "answer" not in columns.fields or "options" not in columns.fields:
            continue
        answer, options = (_values(item)[columns.fields[name]] for name in ("answer", "options"))
        if not isinstance(options, list):
            continue
        for number in answer if isinstance(answer, list) else [answer]:
            if isinstance(number, int) and not isinstance(number, bool):
                if number == 0:
                    return 0
                if number == len(options):
                    base = 1
    return base


def _read_one(reading: Reading, item: dict[str, Any], context: _Context, base: int | None) -> None:
    try:
        draft = draft_of(_row(item, context, base))
    except Refused as error:
        reading.refuse(context.where, error)
    else:
        reading.questions.append(draft)


def _row(item: dict[str, Any], context: _Context, base: int | None) -> Row:
    columns = columns_of([str(name) for name in item])
    assert columns is not None
    values = _values(item)

    def value(name: str) -> Any:
        at = columns.fields.get(name)
        return None if at is None else values[at]

    options, flags = _options(columns, values, value("options"))
    category = "/".join(text_of_cell(value(name)) for name in ("subject", "category", "category2") if value(name))
    tags = value("tags")
    kind = text_of_cell(value("kind"))
    return Row(
        where=context.where,
        stem=text_of_cell(value("stem")),
        kind=kind,
        answer=_answer(value("answer"), value("options"), base),
        explanation=text_of_cell(value("explanation")),
        category=category or context.category,
        tags=",".join(map(str, tags)) if isinstance(tags, list) else text_of_cell(tags),
        difficulty=text_of_cell(value("difficulty")),
        mark=text_of_cell(value("mark")),
        source=text_of_cell(value("source")),
        options=options,
        flags=flags or None,
        blank_answers=[text_of_cell(values[at]) for at in columns.blank_answers if values[at]],
        numbered=columns.numbered,
        kind_of_section=context.kind or (kind if kind in NAMES else None),
    )


def _options(columns: Columns, values: list[Any], packed: Any) -> tuple[dict[str, str], list[str]]:
    options = {letter: text_of_cell(values[at]) for letter, at in sorted(columns.options.items())}
    options = {letter: text for letter, text in options.items() if text}
    flags = [letter for letter, at in columns.flags.items() if values[at] in (True, 1, "1", "true")]
    if not options and packed:
        if isinstance(packed, str):
            return options_in_one_cell(packed), flags
        return options_of_json(packed), flags or flags_of_json(packed)
    return options, flags


def _answer(answer: Any, options: Any, base: int | None) -> str:
    """The answer as text; a whole number that counts options becomes its letter."""
    if isinstance(answer, list):
        return json.dumps([_counted(one, options, base) for one in answer], ensure_ascii=False) if answer else ""
    return text_of_cell(_counted(answer, options, base))


def _counted(answer: Any, options: Any, base: int | None) -> Any:
    if not isinstance(answer, int) or isinstance(answer, bool) or not isinstance(options, list) or not options:
        return answer
    if str(answer) in {text_of_cell(option) for option in options if not isinstance(option, dict)}:
        return answer
    if base is None:
        raise Refused(_("The answer %(n)s counts the options, but from 0 or from 1?", n=answer))
    if not 0 <= answer - base < len(options):
        raise Refused(_("The answer %(n)s is none of the options.", n=answer))
    return chr(65 + answer - base)


def write(drafts: list[QuestionDraft]) -> bytes:
    """Questions in our own form: reading it back gives the same drafts."""
    questions = [{name: _plain(getattr(draft, name)) for name in _OURS} for draft in drafts]
    document = {"format": OURS, "version": 1, "questions": questions}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
