"""Forms about banks and questions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from learnhub.web.decimals import FiniteField
from learnhub.web.question_bank import numbers, typed
from learnhub.web.unit_choice import UnitField
from question_bank import media
from question_bank.authoring import MOST_HINTS, QuestionDraft
from question_bank.formats import FORMATS
from question_bank.kinds.base import MOST_BLANKS, MOST_OPTIONS

ROWS = 6
"""Rows for options and blanks that an empty form shows."""
SPARE = 2
"""Empty rows below those that a question fills."""
HINTS = 2
"""Empty places for hints."""
MORE = 4
"""Rows that the button for more of them adds."""
MOST_ROWS = max(MOST_OPTIONS, MOST_BLANKS)
MOST_MARKS = 1000
"""What a question can be worth."""

LABELS = {
    "gift": "GIFT",
    "aiken": "Aiken",
    "moodle-xml": "Moodle XML",
    "qti": "QTI",
    "excel": "Excel",
    "csv": "CSV",
    "text": "TXT",
    "docx": "Word (.docx)",
    "json": "JSON",
    "h5p": "H5P",
    "moodle-backup": "Moodle (.mbz)",
}
"""The formats by the names that people write."""
ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("gb18030", "GB18030"),
    ("big5", "Big5"),
    ("utf-16-le", "UTF-16"),
    ("cp1252", _l("Western (1252)")),
]
"""Encodings that can be chosen for a text, by the names that people know."""


class BankForm(FlaskForm):  # type: ignore[misc]
    """A new bank."""

    title = StringField(_l("Title"), [DataRequired(_l("Enter a title.")), Length(max=200)])
    slug = StringField(
        _l("Address"),
        [
            DataRequired(_l("Enter an address.")),
            Length(max=80),
            Regexp(r"^[a-z0-9-]+$", message=_l("Lower-case letters, digits and hyphens only.")),
        ],
        description=_l(
            "The end of its web address: lower-case letters, digits and hyphens. It cannot be changed later."
        ),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    unit = UnitField(_l("Belongs to"))


class UploadForm(FlaskForm):  # type: ignore[misc]
    """A file of questions."""

    file = FileField(
        _l("File"),
        render_kw={
            "accept": ".gift,.txt,.md,.xml,.zip,.imscc,.xlsx,.xls,.ods,.csv,.tsv,.docx,.json,.jsonl,.js,.h5p,.mbz"
        },
        description=_l(
            "Word, Excel, CSV, text, GIFT, Aiken, Moodle XML and backups, QTI, H5P or JSON, up to 50 MB, "
            "text up to 20 MB. You see everything before it is written."
        ),
    )
    text = TextAreaField(
        _l("Or the questions themselves"),
        [Length(max=1_000_000)],
        description=_l("Questions pasted from Word, a sheet or a page, as they are; GIFT, Aiken and JSON too."),
        render_kw={"rows": 6, "spellcheck": "false"},
    )
    format = SelectField(
        _l("Format"),
        choices=[("auto", _l("Found by itself")), *((name, LABELS[name]) for name in FORMATS)],
        default="auto",
    )
    encoding = SelectField(
        _l("Encoding of a text file"),
        choices=[("", _l("Found by itself")), *ENCODINGS],
        default="",
    )


def _one_break(value: str | None) -> str | None:
    """A text as it was, though a browser sends its line breaks as two characters."""
    return value.replace("\r\n", "\n") if value else value


class OptionForm(Form):  # type: ignore[misc]
    """A row: one option of a choice. Its text has the room that it needs."""

    text = TextAreaField(_l("Text"), [Optional(), Length(max=20_000)], filters=[_one_break], render_kw={"rows": 1})
    right = BooleanField(_l("Right"))
    share = StringField(_l("Share in percent"), [Optional(), Length(max=12)])
    feedback = StringField(_l("Feedback"), [Optional(), Length(max=20_000)])


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """What every question has; the classes below add what their kind needs."""

    stem = TextAreaField(
        _l("Question"),
        [DataRequired(_l("Enter the question.")), Length(max=100_000)],
        description=_l("Plain text; HTML tags in pairs are taken as HTML."),
        render_kw={"rows": 4},
    )
    title = StringField(_l("Name in lists"), [Optional(), Length(max=200)])
    mark = FiniteField(_l("Marks"), [InputRequired(), NumberRange(0, MOST_MARKS)], places=None, default=1)
    category = StringField(
        _l("Category"),
        [Optional(), Length(max=255)],
        description=_l("Levels with a slash between them: Safety/Fire"),
        render_kw={"list": "categories"},
    )
    tags = StringField(_l("Tags"), [Optional(), Length(max=1000)], description=_l("With commas between them."))
    source = StringField(
        _l("Source"),
        [Optional(), Length(max=200)],
        description=_l("What the question rests on: a law, a regulation, a document."),
        render_kw={"list": "sources"},
    )
    clause = StringField(_l("Place in the source"), [Optional(), Length(max=120)])
    difficulty = SelectField(
        _l("Difficulty"),
        coerce=int,
        choices=[(1, _l("1, easy")), (2, "2"), (3, "3"), (4, "4"), (5, _l("5, hard"))],
        default=3,
    )
    explanation = TextAreaField(
        _l("Explanation"),
        [Optional(), Length(max=100_000)],
        description=_l("Shown when the right answers may be seen."),
        render_kw={"rows": 3},
    )

    hints = FieldList(
        TextAreaField(_l("Hint"), [Optional(), Length(max=20_000)], render_kw={"rows": 2}),
        min_entries=HINTS,
        max_entries=MOST_HINTS,
    )

    file = FileField(
        _l("Picture or sound"),
        [Optional()],
        description=_l("A picture up to 10 MB, a sound up to 50 MB. The place where a photo was taken is not kept."),
        render_kw={"accept": media.ACCEPTED},
    )
    file_words = StringField(
        _l("Description of the picture"),
        [Optional(), Length(max=500)],
        description=_l("For who can't see the picture; it does not give the answer away."),
    )

    def content(self, _before: dict[str, Any] | None) -> dict[str, Any]:
        """What belongs to the kind, in its own form; Refused with what to do."""
        return {}

    def add_rows(self, hints: bool = False) -> None:
        """Empty rows more, where the kind has rows and as far as there may be any; or for hints."""
        for rows in (one for one in self if isinstance(one, FieldList) and (one is self.hints) == hints):
            for _row in range(min(MORE, (rows.max_entries or MOST_ROWS) - len(rows))):
                rows.append_entry()

    def draft(self, kind: str, before: dict[str, Any] | None = None) -> QuestionDraft:
        """The question that the form describes. `before` is the content that is being changed."""
        return QuestionDraft(
            kind=kind,
            stem_html=typed.text_in(self.stem.data),
            content=self.content(before),
            title=self.title.data or "",
            mark=int(self.mark.data * 1000),
            category=self.category.data or "",
            tags=tuple((self.tags.data or "").replace("，", ",").replace("、", ",").split(",")),
            difficulty=self.difficulty.data,
            explanation_html=typed.text_in(self.explanation.data),
            source=self.source.data or "",
            clause=self.clause.data or "",
            hints=tuple(typed.text_in(hint.data) for hint in self.hints),
        )

    @staticmethod
    def own_values(_content: dict[str, Any]) -> dict[str, Any]:
        """The kind's own fields for a content."""
        return {}

    @classmethod
    def values(cls, draft: QuestionDraft) -> dict[str, Any]:
        """The fields of the form for a question that is there."""
        return {
            "stem": typed.text_out(draft.stem_html),
            "title": draft.title,
            "mark": _plain(draft.mark),
            "category": draft.category,
            "tags": ", ".join(draft.tags),
            "difficulty": draft.difficulty,
            "explanation": typed.text_out(draft.explanation_html),
            "source": draft.source,
            "clause": draft.clause,
            "hints": [*map(typed.text_out, draft.hints), *[""] * HINTS][:MOST_HINTS],
            **cls.own_values(draft.content),
        }


def _plain(thousandths: int) -> Decimal:
    return (
        (Decimal(thousandths) / 1000).quantize(Decimal(1)) if thousandths % 1000 == 0 else Decimal(thousandths) / 1000
    )


class SingleChoiceForm(QuestionForm):
    """One option is right."""

    several = False
    options = FieldList(FormField(OptionForm), min_entries=ROWS, max_entries=MOST_ROWS)

    def content(self, before: dict[str, Any] | None) -> dict[str, Any]:
        rows = [row.form.data for row in self.options]
        return typed.options_content(rows, self.several, bool((before or {}).get("negative")))

    @classmethod
    def own_values(cls, content: dict[str, Any]) -> dict[str, Any]:
        rows = typed.option_rows(content, cls.several)
        return {"options": (rows + [{}] * max(SPARE, ROWS - len(rows)))[:MOST_ROWS]}


class MultipleChoiceForm(SingleChoiceForm):
    """Several options may be right."""

    several = True


class TrueFalseForm(QuestionForm):
    """A statement to be judged."""

    answer = RadioField(
        _l("The statement is"),
        [InputRequired(_l("Say whether it is true."))],
        choices=[("true", _l("True")), ("false", _l("False"))],
    )
    feedback_true = StringField(_l("Feedback to who says true"), [Optional(), Length(max=20_000)])
    feedback_false = StringField(_l("Feedback to who says false"), [Optional(), Length(max=20_000)])

    def content(self, _before: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "answer": self.answer.data == "true",
            "feedback_true_html": typed.text_in(self.feedback_true.data),
            "feedback_false_html": typed.text_in(self.feedback_false.data),
        }

    @staticmethod
    def own_values(content: dict[str, Any]) -> dict[str, Any]:
        return {
            "answer": "true" if content["answer"] else "false",
            "feedback_true": typed.text_out(content.get("feedback_true_html", "")),
            "feedback_false": typed.text_out(content.get("feedback_false_html", "")),
        }


class FillInForm(QuestionForm):
    """Blanks with their accepted answers."""

    blanks = FieldList(
        TextAreaField(_l("Accepted answers"), [Optional(), Length(max=20_000)], render_kw={"rows": 2}),
        min_entries=ROWS,
        max_entries=MOST_ROWS,
    )
    any_order = BooleanField(_l("The blanks may be filled in any order"))

    def content(self, before: dict[str, Any] | None) -> dict[str, Any]:
        return typed.blanks_content([one.data for one in self.blanks], bool(self.any_order.data), before)

    @staticmethod
    def own_values(content: dict[str, Any]) -> dict[str, Any]:
        blanks = [typed.answers_out(blank["answers"]) for blank in content["blanks"]]
        return {
            "blanks": (blanks + [""] * max(SPARE, ROWS - len(blanks)))[:MOST_ROWS],
            "any_order": typed.is_any_order(content),
        }


class ShortAnswerForm(QuestionForm):
    """One typed answer."""

    numeric = False
    answers = TextAreaField(
        _l("Accepted answers"),
        [DataRequired(_l("Enter an accepted answer.")), Length(max=100_000)],
        description=_l("One on each line. [50%] in front: worth half."),
        render_kw={"rows": 3},
    )

    def content(self, before: dict[str, Any] | None) -> dict[str, Any]:
        return {"answers": typed.answers_in(self.answers.data, (before or {}).get("answers", ()), numeric=self.numeric)}

    @staticmethod
    def own_values(content: dict[str, Any]) -> dict[str, Any]:
        return {"answers": typed.answers_out(content["answers"])}


class NumericalForm(numbers.NumberFields, ShortAnswerForm):
    """One typed number, with or without a unit."""

    numeric = True
    answers = TextAreaField(
        _l("Accepted numbers"),
        [DataRequired(_l("Enter an accepted number.")), Length(max=100_000)],
        description=_l(
            "One on each line: 3.14, or 3.14 ± 0.01, or 3.14 ± 2%, or 100 ×÷ 2 (from 50 to 200), or 3 … 5. "
            "[50%] in front: worth half."
        ),
        render_kw={"rows": 3},
    )

    def content(self, before: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().content(before), **numbers.content_of(self)}

    @staticmethod
    def own_values(content: dict[str, Any]) -> dict[str, Any]:
        return {"answers": typed.answers_out(content["answers"]), **numbers.values_of(content)}


FORMS: dict[str, type[QuestionForm]] = {
    "single_choice": SingleChoiceForm,
    "multiple_choice": MultipleChoiceForm,
    "true_false": TrueFalseForm,
    "fill_in": FillInForm,
    "short_answer": ShortAnswerForm,
    "numerical": NumericalForm,
    "description": QuestionForm,
}
"""The form of each kind that can be written in the browser."""
