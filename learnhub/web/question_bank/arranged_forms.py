"""Forms of the kinds whose parts are matched, put in order, chosen in a text or filled into it."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from learnhub.web.question_bank import arranged, typed
from learnhub.web.question_bank.forms import MOST_ROWS, ROWS, SPARE, QuestionForm
from question_bank.authoring import QuestionDraft
from question_bank.kinds.drag_text import MOST_GROUPS
from question_bank.kinds.ordering import MOST_ITEMS

LONGEST = 20_000
"""Characters of one row."""


def padded(rows: list[Any], empty: Any, most: int = MOST_ROWS) -> list[Any]:
    """The rows of a question with empty ones below."""
    return (rows + [empty] * max(SPARE, ROWS - len(rows)))[:most]


class PairForm(Form):  # type: ignore[misc]
    """A row: what belongs together."""

    left = StringField(_l("Left"), [Optional(), Length(max=LONGEST)])
    right = StringField(_l("What belongs to it"), [Optional(), Length(max=LONGEST)])


class MatchingForm(QuestionForm):
    """Pairs, and choices that belong to none."""

    pairs = FieldList(FormField(PairForm), min_entries=ROWS, max_entries=MOST_ROWS)

    def content(self, _before: dict[str, Any] | None) -> dict[str, Any]:
        return arranged.pairs_content(row.form.data for row in self.pairs)

    @staticmethod
    def own_values(content: dict[str, Any]) -> dict[str, Any]:
        return {"pairs": padded(arranged.pair_rows(content), {})}


class OrderingForm(QuestionForm):
    """Items in their right order, and how an order that is partly right is marked."""

    lines = FieldList(
        StringField(_l("Item"), [Optional(), Length(max=LONGEST)]), min_entries=ROWS, max_entries=MOST_ITEMS
    )
    scoring = RadioField(
        _l("An order that is not quite right earns"),
        choices=[
            ("per_place", _l("A share for each item that stands at its own place")),
            ("all_or_nothing", _l("Nothing: only the whole order earns the marks")),
            ("adjacent_pairs", _l("A share for each two neighbours that follow each other rightly, wherever they are")),
            ("longest_sequence", _l("The share of the longest run in right order, even with others in between")),
            ("exact", _l("The share of items from the first on, up to the first that stands wrong")),
        ],
        default="per_place",
    )

    def content(self, _before: dict[str, Any] | None) -> dict[str, Any]:
        return arranged.order_content((one.data for one in self.lines), self.scoring.data)

    @staticmethod
    def own_values(content: dict[str, Any]) -> dict[str, Any]:
        lines = [typed.text_out(one["html"]) for one in content["items"]]
        return {"lines": padded(lines, "", MOST_ITEMS), "scoring": content["scoring"]}


class InTextForm(QuestionForm):
    """A question whose places are written into its text."""

    @abstractmethod
    def read(self, before: dict[str, Any] | None) -> tuple[str, dict[str, Any]]:
        """The text with its places, and the content."""

    def draft(self, kind: str, before: dict[str, Any] | None = None) -> QuestionDraft:
        stem_html, content = self.read(before)
        return replace(super().draft(kind, before), stem_html=stem_html, content=content)


class SelectTextForm(InTextForm):
    """A text with pieces to choose."""

    def read(self, _before: dict[str, Any] | None) -> tuple[str, dict[str, Any]]:
        return arranged.pieces_content(self.stem.data)

    @classmethod
    def values(cls, draft: QuestionDraft) -> dict[str, Any]:
        return {**super().values(draft), "stem": arranged.pieces_out(draft.stem_html, draft.content)}


class ChoiceForm(Form):  # type: ignore[misc]
    """A row: a choice for the gaps of its group."""

    text = StringField(_l("Text"), [Optional(), Length(max=LONGEST)])
    group = SelectField(_l("Group"), coerce=int, choices=[(n, str(n)) for n in range(1, MOST_GROUPS + 1)], default=1)
    again = BooleanField(_l("For several gaps"))


class DragTextForm(InTextForm):
    """A text with gaps, and the choices that fill them."""

    choices = FieldList(FormField(ChoiceForm), min_entries=ROWS, max_entries=MOST_ROWS)

    def read(self, _before: dict[str, Any] | None) -> tuple[str, dict[str, Any]]:
        return arranged.gaps_content(self.stem.data, [row.form.data for row in self.choices])

    @classmethod
    def values(cls, draft: QuestionDraft) -> dict[str, Any]:
        rows = padded(arranged.choice_rows(draft.content), {})
        return {**super().values(draft), "stem": arranged.gaps_out(draft.stem_html, draft.content), "choices": rows}


class PartForm(Form):  # type: ignore[misc]
    """A row: a part of a cloze."""

    kind = SelectField(
        _l("Answered by"),
        choices=[
            ("short_answer", _l("A word")),
            ("numerical", _l("A number")),
            ("single_choice", _l("One choice")),
            ("multiple_choice", _l("Several choices")),
        ],
        default="short_answer",
    )
    answers = TextAreaField(_l("Accepted, or choices"), [Optional(), Length(max=LONGEST)], render_kw={"rows": 3})
    weight = StringField(_l("Weight"), [Optional(), Length(max=25)], default="1")
    layout = SelectField(
        _l("Choices stand"),
        choices=[
            ("inline", _l("In a list to open")),
            ("vertical", _l("One below the other")),
            ("horizontal", _l("Side by side")),
        ],
        default="inline",
    )


class ClozeForm(InTextForm):
    """A text with parts, each a small question."""

    parts = FieldList(FormField(PartForm), min_entries=ROWS, max_entries=MOST_ROWS)

    def read(self, before: dict[str, Any] | None) -> tuple[str, dict[str, Any]]:
        return arranged.parts_content(self.stem.data, [row.form.data for row in self.parts], before)

    @classmethod
    def values(cls, draft: QuestionDraft) -> dict[str, Any]:
        return {**super().values(draft), "parts": padded(arranged.part_rows(draft.content), {})}


FORMS: dict[str, type[QuestionForm]] = {
    "matching": MatchingForm,
    "ordering": OrderingForm,
    "select_text": SelectTextForm,
    "drag_text": DragTextForm,
    "cloze": ClozeForm,
}
