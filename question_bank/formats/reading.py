"""What comes out of reading a file of questions: drafts, and every refusal with its place and reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from question_bank.authoring import QuestionDraft


@dataclass(frozen=True)
class Refusal:
    """A question that was not taken: where it stands in the file, and why."""

    where: str
    reason: Message


@dataclass
class Reading:
    """A file read: its format, the questions in it, those refused, and what the sender should know."""

    format: str
    questions: list[QuestionDraft] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    """Pictures and sounds of the questions by name (see `question_bank.media`)."""

    def refuse(self, where: str, error: Refused) -> None:
        """List a question that was refused with its reason."""
        self.refused.append(Refusal(where, reason_of(error)))


def reason_of(error: Refused) -> Message:
    """What a refusal says, as a message that can be translated later."""
    return error.message if isinstance(error.message, Message) else _("%(reason)s", reason=error.message)
