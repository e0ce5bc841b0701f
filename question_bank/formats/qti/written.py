"""The parts of an item of QTI 2.1 as it is being written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from question_bank.formats.qti.xhtml import feedback, outcome, setting, variable

Content = dict[str, Any]


@dataclass
class Written:
    """Parts of an item: what is declared, shown, scored and told. `name` is the outcome that holds the score."""

    name: str
    declarations: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    body: str = ""
    rules: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)
    negative: bool = False
    count: int = 0

    def ident(self) -> str:
        """A name for the next response of the question."""
        self.count += 1
        if self.name == "SCORE":
            return "RESPONSE" if self.count == 1 else f"RESPONSE{self.count}"
        return f"{self.name}_R{self.count}"

    def score(self, expression: str) -> None:
        """What the question earns."""
        self.rules.append(setting(self.name, expression))

    def tell(self, ident: str, told: dict[str, str], rules: str) -> None:
        """Feedback by identifier, shown by rules that set an outcome of its own; Refused when it can't be told."""
        name = self.feedback_of(ident)
        self.outcomes.append(outcome(name, "identifier"))
        self.rules.append(rules)
        self.feedback += [feedback("modalFeedback", name, key, text) for key, text in told.items()]

    def feedback_of(self, ident: str) -> str:
        """The name of the outcome that shows feedback to a response."""
        return f"{self.name}_F{self.count}" if self.name != "SCORE" else f"FEEDBACK{self.count}"


def mapped(ident: str) -> str:
    """What a response is worth by its mapping."""
    return f'<mapResponse identifier="{ident}"/>'


def told_inside(written: Written, ident: str, choices: list[tuple[str, str]], cardinality: str) -> dict[str, str]:
    """Feedback inside choices, by choice; with the rule that shows it."""
    told = {key: text for key, text in choices if text}
    if not told:
        return {}
    name = written.feedback_of(ident)
    written.outcomes.append(outcome(name, "identifier", cardinality))
    written.rules.append(setting(name, variable(ident)))
    return {key: feedback("feedbackInline", name, key, text) for key, text in told.items()}
