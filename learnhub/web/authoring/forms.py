"""Forms about courses, modules, lessons and their files."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import URL, DataRequired, InputRequired, Length, NumberRange, Optional

from courses.models import CompletionRule, LessonKind
from learnhub.web.unit_choice import UnitField

KINDS = [
    (LessonKind.TEXT, _l("Text")),
    (LessonKind.VIDEO, _l("Video")),
    (LessonKind.AUDIO, _l("Audio")),
    (LessonKind.PDF, _l("PDF")),
    (LessonKind.FILE, _l("File")),
    (LessonKind.LINK, _l("Link")),
    (LessonKind.QUIZ, _l("Quiz")),
]
RULES = [
    (CompletionRule.MARKED, _l("The member says so")),
    (CompletionRule.TIME, _l("Enough study time")),
    (CompletionRule.COVERAGE, _l("Enough of the video or audio was played")),
    (CompletionRule.QUIZ, _l("Its quiz is passed")),
]
LANGUAGES = [("zh_Hans", "简体中文"), ("en", "English")]


class CourseForm(FlaskForm):  # type: ignore[misc]
    """What a course is about."""

    title = StringField(_l("Title"), [DataRequired(_l("Enter a title.")), Length(max=200)])
    summary = TextAreaField(_l("Summary"), [Optional(), Length(max=5_000)], render_kw={"rows": 3})
    category = StringField(_l("Category"), [Optional(), Length(max=80)])
    language = SelectField(_l("Language"), choices=LANGUAGES)
    cover = SelectField(_l("Cover picture"), choices=[("", _l("None"))], default="")


class NewCourseForm(FlaskForm):  # type: ignore[misc]
    """A new course."""

    title = StringField(_l("Title"), [DataRequired(_l("Enter a title.")), Length(max=200)])
    slug = StringField(
        _l("Address"),
        [DataRequired(_l("Enter an address.")), Length(max=80)],
        description=_l(
            "The end of its web address: lower-case letters, digits and hyphens. It cannot be changed later."
        ),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    language = SelectField(_l("Language"), choices=LANGUAGES)
    unit = UnitField(_l("Belongs to"))


class PackageForm(FlaskForm):  # type: ignore[misc]
    """A package that is, or becomes, a course."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".zip,.md,.markdown"},
        description=_l(
            "A zip of Markdown with its pictures, videos and files. You see everything before it is written."
        ),
    )
    unit = UnitField(_l("Belongs to"), description=_l("An existing course keeps its unit."))


class ModuleForm(FlaskForm):  # type: ignore[misc]
    """A chapter."""

    title = StringField(_l("Title of the module"), [DataRequired(_l("Enter a title.")), Length(max=200)])


class NewLessonForm(FlaskForm):  # type: ignore[misc]
    """A new lesson of a module."""

    title = StringField(_l("Lesson title"), [DataRequired(_l("Enter a title.")), Length(max=200)])
    kind = SelectField(_l("Kind"), choices=KINDS, default=LessonKind.TEXT)


class FileForm(FlaskForm):  # type: ignore[misc]
    """A file for a course or a lesson."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("The same name again replaces the file."),
    )


class OfItsRule(Optional):  # type: ignore[misc]
    """May be empty, but is not called optional: the field shows where its rule is chosen, and there it counts."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags: dict[str, Any] = {}


class LessonForm(FlaskForm):  # type: ignore[misc]
    """A lesson: its text, its file, when it is completed."""

    title = StringField(_l("Title"), [DataRequired(_l("Enter a title.")), Length(max=200)])
    body_source = TextAreaField(
        _l("Text"),
        [Optional(), Length(max=500_000)],
        description=_l("Markdown. A picture of this course: ![what it shows](name.png)"),
        render_kw={"rows": 16, "spellcheck": "true"},
    )
    link_url = StringField(
        _l("Link"), [Optional(), Length(max=500), URL(message=_l("Enter an address with http:// or https://."))]
    )
    main_asset = SelectField(_l("File in the main place"), choices=[("", _l("None"))], default="")
    minutes = IntegerField(_l("Estimated minutes"), [InputRequired(), NumberRange(1, 1440)], default=5)
    rule = SelectField(_l("Completed when"), choices=RULES, default=CompletionRule.MARKED)
    rule_minutes = IntegerField(_l("Minutes of study time"), [OfItsRule(), NumberRange(1, 1440)])
    rule_percent = IntegerField(_l("Percent played"), [OfItsRule(), NumberRange(1, 100)], default=90)
