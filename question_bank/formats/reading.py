"""What comes out of reading a file of questions: drafts, and every refusal with its place and reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from learnhub.kernel.words import Message
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
