"""What comes out of reading a file of questions: drafts, and every refusal with its place and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from question_bank.authoring import QuestionDraft


@dataclass(frozen=True)
class Refusal:
    """A question that was not taken: where it stands in the file, and why."""

    where: str
    reason: Message


@dataclass(frozen=True)
class Lines:
    """The lines of a text that one question takes, counted from 1, both included."""

    first: int
    last: int


@dataclass(frozen=True)
class Cells:
    """A row of a table, and what stands above each of its cells."""

    table: str
    heads: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """The text of a question as it stands in a file that is no text; pictures as HTML."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table of a file, or a list of objects: its name, its heads, what each column was taken for (`columns.ROLES`).

    `samples`: what the first row has under each head; `kinds`: the codes of kinds that nobody knows, and what somebody
    told that they mean (else empty); `is_told`: somebody told what the fields hold, what is not told is a guess.
    """

    name: str
    heads: tuple[str, ...]
    roles: Mapping[int, str]
    samples: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    is_told: bool = False


@dataclass(frozen=True)
class Changes:
    """What somebody says about the tables of a file, or the lists of objects in it.

    `columns`: for a table's name, what its columns hold; `fields`: for a list's name, what the fields of its objects
    hold, by their names; `kinds`: for the name of either, what its codes of kinds mean; `cells`: for a row's place, the
    texts to read instead of those in the file. `at_desk`: a table whose heads say nothing is kept, to be told by hand,
    where it is refused otherwise.
    """

    columns: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    cells: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    at_desk: bool = False


AS_SENT = Changes()


@dataclass
class Reading:
    """A file read: its format, the questions in it, those refused, and what the sender should know."""

    format: str
    questions: list[QuestionDraft] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    """Pictures and sounds of the questions by name (see `question_bank.media`)."""
    sources: dict[str, Lines | Cells | Words] = field(default_factory=dict)
    """By the place of a question or a refusal, where it stands in the file; readers give what they know."""
    tables: list[Table] = field(default_factory=list)

    def refuse(self, where: str, error: Refused) -> None:
        """List a question that was refused with its reason."""
        self.refused.append(Refusal(where, reason_of(error)))


def reason_of(error: Refused) -> Message:
    """What a refusal says, as a message that can be translated later."""
    return error.message if isinstance(error.message, Message) else _("%(reason)s", reason=error.message)
