"""A row of cells as the fields of one question, by what each column holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from question_bank.formats.fields.option_labels import without_label
from question_bank.formats.fields.rows import Row
from question_bank.formats.json_banks import literals
from question_bank.formats.json_banks.option_lists import flags_of_json
from question_bank.formats.sheets.cells import options_in_one_cell, with_wrong
from question_bank.formats.sheets.columns import Columns, kind_named
from question_bank.formats.signs import without_stray_stars

_YES = {"1", "true", "yes", "y", "t", "是", "对", "正确", "√", "✓", "right", "correct"}


def row_of(cells: Sequence[str], columns: Columns, where: str) -> Row:
    def cell(name: str) -> str:
        at = columns.fields.get(name)
        return cells[at] if at is not None and at < len(cells) else ""

    options = {
        letter: without_label(cells[at], letter)
        for letter, at in sorted(columns.options.items())
        if at < len(cells) and cells[at]
    }
    flags = [letter for letter, at in sorted(columns.flags.items()) if at < len(cells) and says_yes(cells[at])]
    blanks = [cells[at] for at in columns.blank_answers if at < len(cells) and cells[at]]
    answer = _answer(cells, columns, blanks, options)
    packed = cell("options")
    if packed and not options:
        options = options_in_one_cell(packed)
        flags = flags or _flags_in(packed)
    if columns.wrong and not options and cell("answer"):
        options, flags = with_wrong(cell("answer"), [cells[at] for at in columns.wrong if at < len(cells)])
    categories = sorted(
        (columns.fields[name], cell(name)) for name in ("category", "category2") if name in columns.fields
    )
    stem = without_stray_stars(_joined(cell("stem"), cell("stem2")))
    material, kind = cell("material"), cell("kind")
    if not stem and material:
        stem, material = material, ""
    elif material:
        kind = cell("part_kind") or ("" if kind_named(kind) == "case" else kind)
    tags, path = cell("tags"), [cell("subject"), *(text for _at, text in categories)]
    return Row(
        where=where,
        stem=stem,
        kind=kind,
        material=material,
        answer=answer,
        explanation=cell("explanation"),
        hints=[cell("hint")] if cell("hint") else [],
        category="/".join(dict.fromkeys(level for level in path if level)) or (tags if not categories else ""),
        tags=tags,
        difficulty=cell("difficulty"),
        mark=cell("mark"),
        source=cell("source"),
        options=options,
        flags=flags if columns.flags or flags else None,
        blank_answers=[] if answer else blanks,
        blanks=cell("blanks"),
        numbered=columns.numbered,
        codes=columns.codes,
    )


def _joined(first: str, second: str) -> str:
    """A question that stands in two columns, one text above the other; a text that says what the other does is one."""
    if not second or second in first or second.isdigit():
        return first
    return second if first in second or first.isdigit() else f"{first}\n{second}"


def _answer(cells: Sequence[str], columns: Columns, blanks: Sequence[str], options: Mapping[str, str]) -> str:
    """What stands in the columns of the answer: the first that says anything, or all columns of its name together."""
    fields = (columns.fields.get(name, len(cells)) for name in ("answer", "answer2"))
    same = next((places for places in columns.answers.values() if len(places) > 1), [])
    if same:
        return ",".join(cells[at] for at in same if at < len(cells) and cells[at])
    said = next((cells[at] for at in fields if at < len(cells) and cells[at]), "")
    kind = cells[columns.fields["kind"]] if columns.fields.get("kind", len(cells)) < len(cells) else ""
    chosen = kind_named(columns.codes.get(kind, kind)) in _ANSWERED_IN_PLACES if kind else len(options) > 1
    return said or (",".join(blanks) if chosen else "")


_ANSWERED_IN_PLACES = {"choice", "single_choice", "multiple_choice", "true_false"}
"""Kinds whose answer stands in the columns of the blanks, `答案1`, `答案2`, where there is no other."""


def says_yes(text: str) -> bool:
    """Whether a flag says that its option is right."""
    return text.casefold() in _YES


def _flags_in(packed: str) -> list[str]:
    if packed.lstrip()[:1] != "[":
        return []
    try:
        return flags_of_json(literals.cell(packed))
    except (ValueError, RecursionError):
        return []
