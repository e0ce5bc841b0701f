"""Numerical: one typed number, compared with values and tolerances or ranges in exact decimals."""

from __future__ import annotations

from learnhub.kernel.words import _
from question_bank.kinds.short_answer import ShortAnswer


class Numerical(ShortAnswer):
    """Content: `{"answers": [{"value", "tolerance"} or {"low", "high"}, with "fraction" and "feedback_html"]}`.

    Numbers are strings, exact decimals. Response: `{"text": "3.14"}` as typed. Form field: `text`.
    """

    name = "numerical"
    label = _("Numerical")
    numeric = True


KIND = Numerical()
