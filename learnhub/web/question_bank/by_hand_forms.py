"""Forms of the questions that a person marks, with their rubrics, and of cases."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, IntegerField, SelectField, StringField
from wtforms import TextAreaField as _Text
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.web.boxes import Boxes
from learnhub.web.question_bank import typed
from learnhub.web.question_bank.forms import MOST_MARKS, SPARE, QuestionForm
from question_bank.kinds.essay import LONGEST_ESSAY, MOST_WORDS
from question_bank.kinds.file_upload import LARGEST_FILE, MOST_FILES
from question_bank.kinds.rubric import LEVEL_LINE, LONGEST_LINE, MOST_CRITERIA, MOST_LEVELS, Rubric

_MB = 1_000_000


class CriterionForm(Form):  # type: ignore[misc]
    """A row: one criterion of a rubric with its levels."""

    title = StringField(_l("Criterion"), [Optional(), Length(max=LONGEST_LINE)])
    levels = _Text(_l("Levels"), [Optional(), Length(max=MOST_LEVELS * (LONGEST_LINE + 20))], render_kw={"rows": 3})


def rubric_in(rows: list[dict[str, Any]]) -> Rubric:
    """The rubric that the rows describe: each level on a line of its own, its points first. Empty rows do not count."""
    found = []
    for number, row in enumerate(rows, 1):
        title, lines = (row["title"] or "").strip(), (row["levels"] or "").strip().splitlines()
        if not title and not lines:
            continue
        levels = [LEVEL_LINE.fullmatch(line) for line in lines if line.strip()]
        if not title or not levels or not all(levels):
            raise Refused(_("Criterion %(n)s needs a name, and levels as lines that begin with points.", n=number))
        found.append(
            {
                "title": title,
                "levels": [{"points": one[1].replace("．", "."), "text": one[2].strip()} for one in levels if one],
            }
        )
    return found


def rubric_rows(rubric: Rubric) -> list[dict[str, Any]]:
    """The rows of the form for a rubric, with some empty ones below."""
    rows: list[dict[str, Any]] = [
        {
            "title": criterion["title"],
            "levels": "\n".join(f"{level['points']} {level['text']}" for level in criterion["levels"]),
        }
        for criterion in rubric
    ]
    return (rows + [{}] * max(SPARE, 3 - len(rows)))[:MOST_CRITERIA]


class MarkedForm(QuestionForm):
    """What every question has that a person marks."""

    marker = _Text(
        _l("Marking notes"),
        [Optional(), Length(max=100_000)],
        description=_l("What a good answer says. Members never see it."),
        render_kw={"rows": 3},
    )
    rubric = FieldList(FormField(CriterionForm), min_entries=3, max_entries=MOST_CRITERIA)

    def rubric_so_far(self) -> Rubric:
        """The rubric as it stands in the fields; empty while it is not whole."""
        try:
            return rubric_in([row.form.data for row in self.rubric])
        except Refused:
            return []

    def marks_so_far(self) -> int | None:
        """What the question is worth, in thousandths; None while no number that can be kept says so."""
        mark = self.mark.data
        return int(mark * 1000) if mark is not None and 0 <= mark <= MOST_MARKS else None

    def content(self, _before: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "marker_html": typed.text_in(self.marker.data),
            "rubric": rubric_in([row.form.data for row in self.rubric]),
        }

    @staticmethod
    def own_values(content: dict[str, Any]) -> dict[str, Any]:
        return {
            "marker": typed.text_out(content.get("marker_html", "")),
            "rubric": rubric_rows(content.get("rubric", [])),
        }


class EssayForm(MarkedForm):
    """A text of some length."""

    least = IntegerField(_l("Words at least"), [Optional(), NumberRange(0, MOST_WORDS)])
    most = IntegerField(
        _l("Words at most"),
        [Optional(), NumberRange(0, MOST_WORDS)],
        description=_l("Told to the member, not enforced. A Chinese character counts as a word."),
    )
    template = _Text(
        _l("What the field holds at first"), [Optional(), Length(max=LONGEST_ESSAY)], render_kw={"rows": 3}
    )

    def content(self, before: dict[str, Any] | None) -> dict[str, Any]:
        return {
            **super().content(before),
            "least": self.least.data or 0,
            "most": self.most.data or 0,
            "template": (self.template.data or "").replace("\r\n", "\n"),
        }

    @staticmethod
    def own_values(content: dict[str, Any]) -> dict[str, Any]:
        return {
            **MarkedForm.own_values(content),
            "least": content["least"] or None,
            "most": content["most"] or None,
            "template": content["template"],
        }


class FileUploadForm(MarkedForm):
    """Files handed in."""

    accept = Boxes(
        _l("Sorts of files"),
        choices=[
            ("picture", _l("Pictures")),
            ("pdf", _l("PDF")),
            ("document", _l("Word documents (.docx)")),
            ("spreadsheet", _l("Excel sheets (.xlsx)")),
            ("slides", _l("Slides (.pptx)")),
            ("audio", _l("Sound")),
            ("video", _l("Video")),
            ("text", _l("Plain text")),
            ("archive", _l("ZIP archives")),
        ],
        description=_l("None ticked: all of these."),
    )
    most = IntegerField(_l("Files at most"), [InputRequired(), NumberRange(1, MOST_FILES)], default=1)
    largest = IntegerField(
        _l("MB at most in one file"), [InputRequired(), NumberRange(1, LARGEST_FILE // _MB)], default=20
    )

    def content(self, before: dict[str, Any] | None) -> dict[str, Any]:
        return {
            **super().content(before),
            "accept": list(self.accept.data or []),
            "most": self.most.data,
            "largest": self.largest.data * _MB,
        }

    @staticmethod
    def own_values(content: dict[str, Any]) -> dict[str, Any]:
        return {
            **MarkedForm.own_values(content),
            "accept": content["accept"],
            "most": content["most"],
            "largest": max(1, content["largest"] // _MB),
        }


class CaseForm(QuestionForm):
    """The text of a case. Its questions have pages of their own; the first one is written with it."""

    first = SelectField(_l("Kind of its first question"), [Optional()], validate_choice=False)

    def content(self, before: dict[str, Any] | None) -> dict[str, Any]:
        return before or {"questions": []}


FORMS: dict[str, type[QuestionForm]] = {"essay": EssayForm, "file_upload": FileUploadForm, "case": CaseForm}
"""The form of each kind of this module."""
