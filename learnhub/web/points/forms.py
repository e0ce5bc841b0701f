"""Forms of the points pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from learnhub.points.ledger import LONGEST_REASON
from learnhub.points.rules import LARGEST_AMOUNT, LARGEST_CAP


class ReversalForm(FlaskForm):  # type: ignore[misc]
    """Why points are taken back."""

    reason = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Say why these points are taken back.")), Length(max=LONGEST_REASON)],
        description=_l("The member reads this beside the entry."),
        render_kw={"rows": 3, "maxlength": LONGEST_REASON},
    )


class RuleForm(FlaskForm):  # type: ignore[misc]
    """A new version of a rule."""

    amount = IntegerField(
        _l("Points for each event"),
        [InputRequired(), NumberRange(-LARGEST_AMOUNT, LARGEST_AMOUNT)],
        description=_l("Enter 0 to end the rule."),
    )
    daily_cap = IntegerField(_l("Daily limit of points"), [Optional(), NumberRange(1, LARGEST_CAP)])
    total_cap = IntegerField(_l("Total limit of points"), [Optional(), NumberRange(1, LARGEST_CAP)])
    valid_from = DateField(_l("From this day on"), [InputRequired()])
