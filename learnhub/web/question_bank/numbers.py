"""What the form of a numerical question has besides its numbers: units with factors, and significant figures."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from learnhub.web.question_bank import typed
from question_bank.fractions import fraction, from_percent, written
from question_bank.kinds.numerical import MOST_FIGURES
from question_bank.quantities import LONGEST_UNIT, MOST_UNITS

ROWS = 3
"""Rows for units that an empty form shows."""
SPARE = 1


class UnitForm(Form):  # type: ignore[misc]
    """A row: a unit, and what a number in it is multiplied with before it is compared."""

    unit = StringField(_l("Unit of measurement"), [Optional(), Length(max=LONGEST_UNIT)])
    factor = StringField(_l("Factor"), [Optional(), Length(max=40)])


class NumberFields(Form):  # type: ignore[misc]
    """Units and figures, mixed into the form of the kind."""

    units = FieldList(FormField(UnitForm), min_entries=ROWS, max_entries=MOST_UNITS)
    unit_mode = SelectField(
        _l("What the unit of measurement does"),
        choices=[
            ("free", _l("May be left out; another one is wrong")),
            ("share", _l("Costs a share when it is missing or wrong")),
            ("needed", _l("Has to be there")),
        ],
        default="free",
    )
    unit_penalty = StringField(_l("What a wrong unit costs, in percent"), [Optional(), Length(max=12)])
    unit_input = SelectField(
        _l("How the unit of measurement is given"),
        choices=[("text", _l("Typed behind the number")), ("choice", _l("Chosen from a list"))],
    )
    figures = IntegerField(
        _l("Significant figures"),
        [Optional(), NumberRange(1, MOST_FIGURES)],
        description=_l("Empty: any number of them. 0.0350 has three."),
        render_kw={"inputmode": "numeric"},
    )
    figures_penalty = StringField(
        _l("What other figures cost, in percent"),
        [Optional(), Length(max=12)],
        description=_l("Empty: everything."),
    )


def content_of(form: Any) -> dict[str, Any]:
    """The part of the content that these fields describe; the kind checks it."""
    found: dict[str, Any] = {}
    rows = [row.form.data for row in form.units]
    units = [row for row in rows if (row["unit"] or "").strip()]
    if units:
        found["units"] = [{"unit": row["unit"].strip(), "factor": (row["factor"] or "1").strip()} for row in units]
        found["unit_input"] = form.unit_input.data or "text"
        if form.unit_mode.data == "needed":
            found["unit_penalty"] = "1"
        elif form.unit_mode.data == "share":
            found["unit_penalty"] = written(from_percent((form.unit_penalty.data or "").strip() or "10"))
    if form.figures.data:
        penalty = written(from_percent((form.figures_penalty.data or "").strip() or "100"))
        found["significant"] = {"figures": form.figures.data, "penalty": penalty}
    return found


def values_of(content: dict[str, Any]) -> dict[str, Any]:
    """The fields for a content."""
    units = [dict(one) for one in content.get("units", [])]
    penalty, asked = content.get("unit_penalty"), content.get("significant")
    return {
        "units": (units + [{}] * max(SPARE, ROWS - len(units)))[:MOST_UNITS],
        "unit_mode": "free" if penalty is None else "needed" if penalty == "1" else "share",
        "unit_penalty": "" if penalty in (None, "1") else typed.percent(fraction(penalty)),
        "unit_input": content.get("unit_input", "text"),
        "figures": asked["figures"] if asked else None,
        "figures_penalty": typed.percent(fraction(asked["penalty"])) if asked and asked["penalty"] != "1" else "",
    }
