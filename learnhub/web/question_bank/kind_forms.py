"""The form of each kind that can be written in the browser."""

from __future__ import annotations

from learnhub.web.question_bank import by_hand_forms, forms
from learnhub.web.question_bank.forms import QuestionForm

FORMS: dict[str, type[QuestionForm]] = {**forms.FORMS, **by_hand_forms.FORMS}
"""By the name of the kind, in the order of the lists."""
