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

from learnhub.kernel.words import Message
from learnhub.web import charts
from learnhub.web.charts import Series
from learnhub.web.context import arrived
from learnhub.web.design.samples import samples
from learnhub.web.guards import public
from learnhub.web.language import html_language, number
from learnhub.web.tables import Column, Row, Table, View

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


def sample_charts(words: Mapping[str, Any]) -> dict[str, charts.Drawing]:
    """A drawing of each kind of chart."""
    tabs, people, tones = words["tabs"][:4], words["people"], words["tones"]
    now_and_before = [Series(tabs[1], [3, 8, 5, 11]), Series(tabs[2], [4, 6, 7, 9])]
    return {
        "columns": charts.columns(tabs, now_and_before, number),
        "bars": charts.bars([(words["long_unit"], 42), (words["unit"], 31), (people[2], 7)], words["points"], number),
        "share": charts.share([(tones[1], 31), (tones[2], 12), (tones[3], 5)], words["hours"], number),
        "spark": charts.sparkline([3, 8, 5, 11, 9, 14]),
    }


def sample_rows(words: Mapping[str, Any], asked: Any) -> tuple[View, list[Row]]:
    """A table of the desk with rows that can be chosen."""
    table = Table(
        tuple(
            Column(key, Message(heading), number=key in ("hours", "points"), down=key == "points")
            for key, heading in zip(("member", "unit", "hours", "points"), words["columns"], strict=True)
        ),
        sort="-points",
    )
    figures = (("18.5", "1,284"), ("32", "1,190"), ("0", "0"))
    units = (words["unit"], words["long_unit"], words["unit"])
    rows = [
        Row((person, unit, *pair), "#tables", str(place), person)
        for place, (person, unit, pair) in enumerate(zip(words["people"], units, figures, strict=False), 1)
    ]
    return table.read(asked, "design.index"), rows


@area.get("/design")
@public
def index() -> ResponseReturnValue:
    """Every component with sample data; `?theme=light` or `dark` overrides what the browser prefers."""
    if not (current_app.debug or current_app.testing):
        abort(404)
    words: Mapping[str, Any] = samples(html_language())
    now = arrived()
    view, rows = sample_rows(words, request.args)
    return render_template(
        "design.html",
        view=view,
        rows=rows,
        charts=sample_charts(words),
        s=words,
        form=sample_form(words),
        theme=request.args.get("theme"),
        now=now,
        deadline=now + timedelta(minutes=12),
        earlier=[now - timedelta(minutes=4), now - timedelta(hours=3), now - timedelta(days=12)],
    )
