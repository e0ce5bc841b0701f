"""JSON: our own lossless form, questions by chapter and section, and flat lists with any of the known names."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank import media
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats.carries import BOTH, Carried
from question_bank.formats.cells import flags_of_json, options_in_one_cell, options_of_json, with_wrong
from question_bank.formats.columns import Columns, as_choices, columns_of, kind_named
from question_bank.formats.dialects import INDEX, flat, material_of
from question_bank.formats.reading import Reading, Refusal
from question_bank.formats.rich_text import html_of
from question_bank.formats.rows import Row, draft_of
from question_bank.formats.structured import case_of
from question_bank.kinds import KINDS, NAMES

NAME = "json"
OURS = "learnhub-questions"
CARRIES = Carried(
    "Our own form: nothing is lost, pictures and sounds included. The JSON of other programs (OpenTDB, Kahoot,"
    " SurveyJS, Quizizz, quizapi, and questions by chapter) is read as the rows of a workbook are.",
    dict.fromkeys(KINDS, BOTH),
)
DEEPEST = 30
_CHILDREN = ("questions", "subquestions", "children", "items", "sections", "chapters", "list", "data")


def looks_like(text: str) -> bool:
    """Whether the text begins as JSON does."""
    return re.match(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\]\"\d])", text.lstrip("\ufeff")) is not None


def is_ours(data: bytes) -> bool:
    """Whether a file begins as our own form does, which may be larger, since it holds pictures and sounds."""
    return re.match(rb"\s*\{\s*\"format\":\s*\"learnhub-questions\"", data[:200]) is not None


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
        _read_all(reading, seen)
    if not reading.questions and not reading.refused:
        raise Refused(_("There are no questions in this file."))
    return reading


def _read_all(reading: Reading, seen: list[tuple[Found, _Context]]) -> None:
    """The questions of a file, and how it counts options: from 0 or from 1, by the evidence of all of them."""
    items = [item for item, _context in seen if isinstance(item, dict)]
    items += [one for item in items for one in item.get(_OF_CASE, []) if isinstance(one, dict)]
    base = _first_index(items)
    if base is None and any(INDEX in item for item in items):
        base = 0
        reading.warnings.append(_("The answers count the options; they were taken to count from 0. Please check."))
    _name_choices(items)
    for item, context in seen:
        if isinstance(item, Refused):
            reading.refuse(context.where, item)
        elif _OF_CASE in item:
            _read_case(reading, item, context, base)
        else:
            _read_one(reading, item, context, base)


def _name_choices(items: list[dict[str, Any]]) -> None:
    """Let `multiple_choice` mean what it means in this file (see `as_choices`)."""
    keys = [(item, key) for item in items for key in ("type", "kind", "questionType", "question_type", "qtype")]
    named = [(item, key) for item, key in keys if isinstance(item.get(key), str)]
    means = as_choices(item[key] for item, key in named)
    for item, key in named:
        item[key] = means.get(item[key], item[key])


def _read_case(reading: Reading, item: dict[str, Any], context: _Context, base: int | None) -> None:
    parts, drafts = item[_OF_CASE], []
    for n, part in enumerate(parts, 1):
        try:
            if isinstance(part, Refused):
                raise part
            drafts.append(cleaned(draft_of(_row(part, context, base))))
        except Refused as error:
            why = _("Question %(n)s of the case: %(why)s", n=n, why=error.message)
            reading.refused.append(Refusal(context.where, why))
            return
    reading.questions.append(case_of(html_of(item["question"], "auto"), drafts, context.where))


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _read_ours(reading: Reading, found: dict[str, Any]) -> None:
    items = found.get("questions")
    if found.get("version") != 1 or not isinstance(items, list):
        raise Refused(_("This version of the LearnHub format can't be read."))
    _read_files(reading, found.get("files", {}))
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


def _read_files(reading: Reading, files: Any) -> None:
    """Pictures and sounds, each under the name of its content."""
    if not isinstance(files, dict):
        raise Refused(_("The files of this document are not well formed."))
    for name, text in files.items():
        try:
            data = base64.b64decode(text, validate=True)
        except (TypeError, ValueError):
            data = b""
        if media.name_of(data) == name:
            reading.files[name] = data
        else:
            reading.warnings.append(_("The file %(name)s is not what its name says; it was left out.", name=name[:80]))


OURS_HOLDS = {
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
"""What a question in our own form holds."""


def _ours(item: Any, where: str) -> QuestionDraft:
    wrong = not isinstance(item, dict) or set(item) - set(OURS_HOLDS) or not {"kind", "stem_html"} <= set(item)
    if wrong or any(not isinstance(value, OURS_HOLDS[name]) for name, value in item.items()):
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


Found = dict[str, Any] | Refused
"""A question in the flat form, or the reason why an object that is one can't be read."""
_OF_CASE = "\0questions"
"""Where a case in the flat form holds its questions: no file has such a key."""


def _lifted(found: dict[str, Any]) -> dict[str, Any]:
    """`{"type": …, "content": {"stem": …, "options": …}, "answer": {"correct": …}}` with all that on one level."""
    content = found.get("content")
    if not isinstance(content, dict) or not _is_question(content) or _is_question(found):
        return found
    answer = found.get("answer")
    if isinstance(answer, dict) and len(answer) == 1:
        found = {**found, "answer": next(iter(answer.values()))}
    return {**{name: value for name, value in found.items() if name != "content"}, **content}


def _flat(found: dict[str, Any]) -> Found | None:
    """The object as a question in the flat form; None when it is none."""
    found = _lifted(found)
    try:
        material = material_of(found)
        if material:
            parts = [_flat(part) for part in material[1]]
            return {"question": material[0], _OF_CASE: parts} if all(parts) else None
        known = flat(found)
    except Refused as error:
        return error
    except (TypeError, ValueError, KeyError, AttributeError):
        return Refused(_("The question is not well formed."))
    if known is not None:
        return known
    if _is_question(found):
        return found
    # `text` may be anything; beside a type of question it is the stem.
    if isinstance(found.get("text"), str) and kind_named(str(found.get("type", ""))):
        named = {"question" if name == "text" else name: value for name, value in found.items()}
        return named if _is_question(named) else None
    return None


def _questions(found: Any, context: _Context, depth: int = 0) -> Iterator[tuple[Found, _Context]]:
    """Every object that is a question, with what stands above it."""
    if depth > DEEPEST:
        return
    if isinstance(found, list):
        yield from _listed(found, context, depth)
    elif isinstance(found, dict):
        question = _flat(found)
        if question is not None:
            yield question, context
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


def _listed(found: list[Any], context: _Context, depth: int) -> Iterator[tuple[Found, _Context]]:
    """The questions of a list. Beside others, what says it is one and is in no known form is refused, not lost."""
    inside = []
    for n, item in enumerate(found):
        below = _Context(f"{context.where}/{n}", context.category, context.kind)
        inside.append((item, below, list(_questions(item, below, depth + 1))))
    is_of_questions = any(len(seen) == 1 and seen[0][1] == below for _item, below, seen in inside)
    for item, below, seen in inside:
        yield from seen
        if not seen and is_of_questions and isinstance(item, dict) and kind_named(str(item.get("type", ""))):
            yield Refused(_("The object says that it is a question, but its text was not found.")), below


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
    bases: set[int] = set()
    for item in items:
        columns = columns_of([str(name) for name in item])
        if columns is None or "options" not in columns.fields:
            continue
        options = _values(item)[columns.fields["options"]]
        answer = (
            item[INDEX]
            if INDEX in item
            else _values(item)[columns.fields["answer"]]
            if "answer" in columns.fields
            else None
        )
        if not isinstance(options, list):
            continue
        for number in answer if isinstance(answer, list) else [answer]:
            place = _counts(number, options)
            if place == 0:
                bases.add(0)
            elif place == len(options):
                bases.add(1)
    return bases.pop() if len(bases) == 1 else None


def _counts(number: Any, options: list[Any]) -> int | None:
    """The answer as a whole number, unless it is the text of an option; None for anything else."""
    if isinstance(number, str):
        number = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    texts = {text_of_cell(one) for one in options if not isinstance(one, dict)} | set(options_of_json(options).values())
    return None if str(number) in texts else number


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
    if columns.wrong and not options and value("answer") is not None:
        wrong = [text_of_cell(values[at]) for at in columns.wrong]
        options, flags = with_wrong(text_of_cell(value("answer")), wrong)
    category = "/".join(text_of_cell(value(name)) for name in ("subject", "category", "category2") if value(name))
    tags = value("tags")
    kind = text_of_cell(value("kind"))
    return Row(
        where=context.where,
        stem=text_of_cell(value("stem")),
        kind=kind,
        answer=_answer(item[INDEX] if INDEX in item else value("answer"), value("options"), base),
        explanation=_texts_of(value("explanation")),
        category=category or context.category,
        tags=",".join(map(_tag, tags)) if isinstance(tags, list) else text_of_cell(tags),
        difficulty=text_of_cell(value("difficulty")),
        mark=text_of_cell(value("mark")),
        source=text_of_cell(value("source")),
        options=options,
        flags=flags or None,
        blank_answers=[text_of_cell(values[at]) for at in columns.blank_answers if values[at]],
        numbered=columns.numbered,
        kind_of_section=context.kind or (kind if kind in NAMES else None),
    )


def _texts_of(found: Any) -> str:
    """The texts in a value, one below the other: some programs part an explanation into points and words."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        return "\n".join(filter(None, map(_texts_of, found)))
    return text_of_cell(found)


def _tag(found: Any) -> str:
    return text_of_cell(found.get("name")) if isinstance(found, dict) else str(found)


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
        if any(isinstance(one, dict) for one in answer):
            raise Refused(_("The answer is written in a way that is not known here."))
        places = _places(answer, options, base)
        found = places or [_counted(one, options, base) for one in answer]
        return json.dumps(found, ensure_ascii=False) if answer else ""
    return text_of_cell(_counted(answer, options, base))


def _places(answer: list[Any], options: Any, base: int | None) -> list[str]:
    """The letters of a list of whole numbers of which one at least is no option's text: then all count the options."""
    if base is None or not isinstance(options, list) or not all(type(one) is int for one in answer):
        return []
    texts = set(options_of_json(options).values())
    if all(str(one) in texts for one in answer) or not all(0 <= one - base < len(options) for one in answer):
        return []
    return [chr(65 + one - base) for one in answer]


def _counted(answer: Any, options: Any, base: int | None) -> Any:
    _refuse_number_or_text(answer, options, base)
    place = _counts(answer, options) if isinstance(options, list) and options else None
    if place is None:
        return answer
    if base is None:
        raise Refused(_("The answer %(n)s counts the options, but from 0 or from 1?", n=answer))
    if not 0 <= place - base < len(options):
        raise Refused(_("The answer %(n)s is none of the options.", n=answer))
    return chr(65 + place - base)


def _refuse_number_or_text(answer: Any, options: Any, base: int | None) -> None:
    """A number (no text in quotes) that counts the options where the rest of the file counts, and is one's text too."""
    if base is None or isinstance(answer, bool) or not isinstance(answer, int) or not isinstance(options, list):
        return
    if 0 <= answer - base < len(options):
        texts = list(options_of_json(options).values())
        if str(answer) in texts and texts[answer - base] != str(answer):
            raise Refused(_("The answer %(answer)s is both the number and the text of an option.", answer=answer))


def write(drafts: list[QuestionDraft], files: Mapping[str, bytes] | None = None) -> bytes:
    """Questions in our own form, with their files: reading it back gives the same drafts and files."""
    questions = [{name: _plain(getattr(draft, name)) for name in OURS_HOLDS} for draft in drafts]
    document: dict[str, Any] = {"format": OURS, "version": 1, "questions": questions}
    if files:
        document["files"] = {name: base64.b64encode(data).decode() for name, data in sorted(files.items())}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
