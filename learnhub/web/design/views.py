"""Shows every component in the reader's language, in development and in tests; elsewhere the page does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from learnhub.web.context import arrived
from learnhub.web.design.samples import samples
from learnhub.web.guards import public
from learnhub.web.language import html_language

area = Blueprint("design", __name__)


class SampleForm(FlaskForm):  # type: ignore[misc]
    """A field of each kind."""

    name = StringField(validators=[InputRequired()])
    email = StringField(validators=[Optional()])
    password = PasswordField(validators=[InputRequired()])
    days = IntegerField(default=400)
    unit = SelectField()
    shown = RadioField(default="0")
    opens = DateTimeLocalField(validators=[Optional()])
    text = TextAreaField(validators=[Optional()], render_kw={"rows": 3})
    file = FileField()
    agreed = BooleanField(default=True)


def sample_form(words: Mapping[str, Any]) -> SampleForm:
    """The form as it looks after a faulty entry."""
    form = SampleForm(formdata=None)
    for name, label in words["fields"].items():
        form[name].label.text = label
    form.unit.choices = [("B1", words["unit"]), ("B2", words["other_unit"])]
    form.shown.choices = [(str(n), label) for n, label in enumerate(words["counted"])]
    form.name.errors, form.days.errors = [words["errors"][0]], [words["errors"][1]]
    return form


@area.get("/design")
@public
def index() -> ResponseReturnValue:
    """Every component with sample data; `?theme=light` or `dark` overrides what the browser prefers."""
    if not (current_app.debug or current_app.testing):
        abort(404)
    words: Mapping[str, Any] = samples(html_language())
    now = arrived()
    return render_template(
        "design.html",
        s=words,
        form=sample_form(words),
        theme=request.args.get("theme"),
        now=now,
        deadline=now + timedelta(minutes=12),
        earlier=[now - timedelta(minutes=4), now - timedelta(hours=3), now - timedelta(days=12)],
    )
