"""The form of each kind of question that can be written in the browser."""

from __future__ import annotations

from learnhub.web.question_bank import arranged_forms, by_hand_forms, forms
from learnhub.web.question_bank.forms import QuestionForm
from question_bank.kinds import KINDS

_ALL: dict[str, type[QuestionForm]] = {**forms.FORMS, **arranged_forms.FORMS, **by_hand_forms.FORMS}
FORMS = {name: _ALL[name] for name in KINDS if name in _ALL}
"""By the name of the kind."""
