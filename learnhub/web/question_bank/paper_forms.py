"""The form of a blueprint: rules, marks together, how many papers and how alike."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, NumberRange, Optional

from learnhub.web.decimals import FiniteField
from question_bank.assembly.plans import MOST_DAYS, MOST_VARIANTS
from question_bank.drawing import MOST_QUESTIONS
from question_bank.paper_sets import BY_KIND

RULES = 6
"""Rows that an empty form shows."""
MOST_RULES = 40


class RuleForm(Form):  # type: ignore[misc]
    """So many questions of that description. A row without a number does not count."""

    count = IntegerField(_l("How many"), [Optional(), NumberRange(1, MOST_QUESTIONS)])
    most = IntegerField(_l("Up to"), [Optional(), NumberRange(1, MOST_QUESTIONS)])
    category = SelectField(_l("Category"), [Optional()], validate_choice=False)
    tag = SelectField(_l("Tag"), [Optional()], validate_choice=False)
    kind = SelectField(_l("Kind"), [Optional()], validate_choice=False)
    source = SelectField(_l("Source"), [Optional()], validate_choice=False)
    low = IntegerField(_l("Difficulty from"), [Optional(), NumberRange(1, 5)])
    high = IntegerField(_l("Difficulty to"), [Optional(), NumberRange(1, 5)])
    mark = FiniteField(_l("Marks each"), [Optional(), NumberRange(0, 1000)], places=None)


class BlueprintForm(FlaskForm):  # type: ignore[misc]
    """Papers to be assembled."""

    title = StringField(_l("Title of the paper"), [DataRequired(_l("Give the paper a title."))])
    rules = FieldList(FormField(RuleForm), min_entries=RULES, max_entries=MOST_RULES)
    total_marks = FiniteField(
        _l("Marks of the paper"),
        [Optional(), NumberRange(0, 1_000_000)],
        places=None,
        description=_l("Empty: whatever the rules add up to. Ranges give way to it."),
    )
    variants = IntegerField(_l("How many papers"), [Optional(), NumberRange(1, MOST_VARIANTS)], default=1)
    overlap = IntegerField(
        _l("Questions that two papers may share"), [Optional(), NumberRange(0, MOST_QUESTIONS)], default=0
    )
    most_uses = IntegerField(
        _l("Leave out questions that stand on so many papers"),
        [Optional(), NumberRange(1, 1000)],
        description=_l("Counted over the kept papers of this bank. Empty: leave none out."),
    )
    exclude_seen_days = IntegerField(
        _l("Leave out questions seen in the last days"),
        [Optional(), NumberRange(1, MOST_DAYS)],
        description=_l("In an attempt of anybody, or on a kept paper of this bank. Empty: leave none out."),
    )
    by_kind = BooleanField(
        _l("Group questions by kind"),
        default=True,
        description=_l("Each part has a heading with its marks: Part 1: Single choice (10 questions, 20 marks)."),
    )
    seed = IntegerField(
        _l("Seed"),
        [Optional(), NumberRange(0, 2**53 - 1)],
        description=_l("Leave empty for a new one. The same seed, rules and questions give the same papers."),
    )

    def blueprint(self) -> dict[str, Any]:
        """What the form asks for, as `question_bank.assembly.plan_of` reads it."""
        return {
            "quotas": [_quota(row) for row in self.rules if row["count"].data],
            "total_marks": None if self.total_marks.data is None else int(self.total_marks.data * 1000),
            "variants": self.variants.data or 1,
            "overlap": self.overlap.data or 0,
            "most_uses": self.most_uses.data or None,
            "exclude_seen_days": self.exclude_seen_days.data or None,
            BY_KIND: bool(self.by_kind.data),
        }

    def add_rows(self) -> None:
        """Empty rows more, as far as there may be any."""
        for _row in range(min(4, MOST_RULES - len(self.rules))):
            self.rules.append_entry()


def _quota(row: Any) -> dict[str, Any]:
    low, high, mark = row["low"].data, row["high"].data, row["mark"].data
    return {
        "count": row["count"].data,
        "most": row["most"].data,
        "category": row["category"].data or None,
        "tag": row["tag"].data or None,
        "kind": row["kind"].data or None,
        "source": row["source"].data or None,
        "difficulty": [low or 1, high or 5] if low or high else None,
        "mark": 1000 if mark is None else int(mark * 1000),
    }


def values_of(title: str, blueprint: dict[str, Any]) -> dict[str, Any]:
    """The fields of the form for a blueprint that was used before."""
    rows = [_row(quota) for quota in blueprint["quotas"]]
    total = blueprint.get("total_marks")
    return {
        "title": title,
        "rules": rows + [{}] * max(2, RULES - len(rows)),
        "total_marks": None if total is None else plain(total),
        BY_KIND: blueprint.get(BY_KIND, True),
        **{name: blueprint.get(name) for name in ("variants", "overlap", "most_uses", "exclude_seen_days")},
    }


def _row(quota: dict[str, Any]) -> dict[str, Any]:
    low, high = quota.get("difficulty") or (None, None)
    named = {name: quota.get(name) for name in ("count", "most", "category", "tag", "kind", "source")}
    return {**named, "low": low, "high": high, "mark": plain(quota.get("mark", 1000))}


def plain(thousandths: int) -> Decimal:
    """Marks as somebody types them: no zeros at the end."""
    value = (Decimal(thousandths) / 1000).normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral() else value
