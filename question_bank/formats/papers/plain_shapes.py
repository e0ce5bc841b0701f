"""Layouts that say the same in other ways, turned into the plain one: numbers, options with letters, answers below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from question_bank.formats.papers.answers_above import with_answers_below
from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.case_answers import with_answers_of_cases
from question_bank.formats.papers.case_parts import with_tasks_below
from question_bank.formats.papers.chapter_numbers import with_places_alone, with_points_behind
from question_bank.formats.papers.hook_headers import with_headers_told
from question_bank.formats.papers.kinds_first import with_numbers_first
from question_bank.formats.papers.labels_in_line import with_labels_apart, without_verdicts_to_choose
from question_bank.formats.papers.lone_letters import with_letters_joined
from question_bank.formats.papers.lone_numbers import with_numbers_joined
from question_bank.formats.papers.named_columns import with_columns_as_sides
from question_bank.formats.papers.part_names import with_title_as_part, with_verdicts_of_points, without_names
from question_bank.formats.papers.passages import with_passages
from question_bank.formats.papers.publishers import with_fields_named
from question_bank.formats.papers.review_pages import with_reviews_plain, without_scores
from question_bank.formats.papers.roman_options import with_romans_lettered
from question_bank.formats.papers.shared_options import with_shared_options_named
from question_bank.formats.papers.signs_before import with_circles_ticked, with_signs_shut
from question_bank.formats.papers.two_sides import with_left_sides_numbered, with_sides_apart
from question_bank.formats.papers.type_codes import with_types_told
from question_bank.formats.papers.types_above import with_types_above
from question_bank.formats.papers.unlettered import with_options_lettered

_STEPS: tuple[Callable[[Sequence[Line]], Sequence[Line]], ...] = (
    with_title_as_part,
    with_reviews_plain,
    without_scores,
    with_numbers_first,
    with_labels_apart,
    without_verdicts_to_choose,
    with_signs_shut,
    with_circles_ticked,
    with_places_alone,
    with_points_behind,
    with_fields_named,
    with_romans_lettered,
    with_types_above,
    with_types_told,
    with_columns_as_sides,
    with_left_sides_numbered,
    with_sides_apart,
    with_verdicts_of_points,
    with_headers_told,
    with_tasks_below,
    with_answers_of_cases,
    with_passages,
    with_numbers_joined,
    with_letters_joined,
    without_names,
    with_options_lettered,
    with_shared_options_named,
    with_answers_below,
)


def in_plain_shapes(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of a paper as one that says everything in the plain way."""
    for step in _STEPS:
        lines = step(lines)
    return lines
