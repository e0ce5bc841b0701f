"""What the API takes and gives of attempts."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from learnhub.quizzes.answers import LARGEST_SEQUENCE, MOST_AT_ONCE
from learnhub.web.api.blueprint import Body


class Starting(Body):
    """What a start may bring along: the access code of a quiz that asks for one."""

    access_code: str | None = Field(None, max_length=200)


class Leaving(Body):
    """The page that is left."""

    page: int = Field(ge=1, le=10_000)


class Flagging(Body):
    """Whether a question is to be looked at again."""

    flagged: bool


class Flags(BaseModel):
    """The slots that are to be looked at again, in order."""

    flags: list[int]


class Answering(Body):
    """An answer: the response in the form of its kind, the client's counter of the slot, the revision it was made on.

    `recorded_at` is what the device's clock said; it decides nothing that counts.
    """

    response: Any = None
    sequence: int = Field(ge=1, le=LARGEST_SEQUENCE)
    base: int | None = Field(None, ge=0, le=LARGEST_SEQUENCE)
    recorded_at: AwareDatetime | None = None


class SlotAnswering(Answering):
    """An answer with its slot."""

    slot: int = Field(ge=1, le=10_000)


class SeveralAnswers(Body):
    """Answers that waited offline."""

    answers: list[SlotAnswering] = Field(min_length=1, max_length=MOST_AT_ONCE)


class SaveReceipt(BaseModel):
    """The server holds the answer. `superseded`: a newer one stands, at this revision and sequence.

    `deadline` and `server_now` are the attempt's clock: it shows more time as soon as it was granted.
    """

    slot: int
    revision: int
    sequence: int
    saved_at: str
    superseded: bool
    deadline: str | None
    server_now: str


class Clock(BaseModel):
    """The clock of an attempt: its state, and the two moments from which a page counts down.

    `page_extra_seconds` is what was granted to its page since it was shown, where each question has its own time.
    `other_device_at` is when another device was refused, in a quiz that is sat on one device at a time.
    """

    state: str
    deadline: str | None
    server_now: str
    page: int
    page_extra_seconds: int
    other_device_at: str | None = None


class Current(BaseModel):
    """The answer that the server holds."""

    slot: int
    response: dict[str, Any]
    revision: int
    sequence: int
    saved_at: str


class Outcome(BaseModel):
    """What became of one of several answers: `saved` with its receipt, `stale` with the current one, or `refused`."""

    slot: int
    status: str
    revision: int | None = None
    sequence: int | None = None
    saved_at: str | None = None
    superseded: bool = False
    current: Current | None = None
    detail: str | None = None


class Outcomes(BaseModel):
    """What became of each answer, in the order sent."""

    results: list[Outcome]


class OptionShown(BaseModel):
    """An option under its key; what may not be seen is null."""

    key: str
    html: str
    right: bool | None = None
    feedback_html: str = ""


class PartShown(BaseModel):
    """A prompt, an item, a gap, a piece or a part of a cloze in a review; what may not be seen is null or empty."""

    number: int
    key: str = ""
    prompt_html: str = ""
    said_html: str = ""
    chosen: bool | None = None
    correctness: str | None = None
    right_html: str | None = None
    feedback_html: str = ""


class QuestionShown(BaseModel):
    """A question of the paper. Marks in thousandths; everything after `fixed` only as far as the review allows.

    `tries` counts the checks of its answer during the attempt; a `fixed` answer stands.

    `public` is what its kind shows besides the text, in the order shuffled for this attempt: options, prompts and
    choices, items, gaps, segments, parts. `[[n]]` in the text stands for gap, segment or part n.
    """

    slot: int
    kind: str
    stem_html: str
    full_mark: int
    options: list[OptionShown] = []
    blanks: int | None = None
    public: dict[str, Any] = {}
    response: dict[str, Any] | None = None
    revision: int | None = None
    sequence: int | None = None
    tries: int = 0
    fixed: bool = False
    mark: int | None = None
    correctness: str | None = None
    right_answers: list[str] = []
    parts: list[PartShown] = []
    feedback_html: list[str] = []
    explanation_html: str = ""
    hints_html: list[str] = []


class CheckShown(BaseModel):
    """What a check found: how right the answer is, and whether it stands; with `ends` the whole attempt is over.

    The rest as far as the review rules show it of a checked answer.
    """

    slot: int
    tries: int
    tries_left: int
    fixed: bool
    ends: bool
    correctness: str
    mark: int | None = None
    right_answers: list[str] = []
    options: list[OptionShown] = []
    parts: list[PartShown] = []
    feedback_html: list[str] = []
    explanation_html: str = ""
    hints_html: list[str] = []


class HandInReceipt(BaseModel):
    """What handing in gives: the number of answers held, their digest (SHA-256), the moment of submission."""

    attempt: str
    answers: int
    digest: str
    submitted_at: str


class AttemptShown(BaseModel):
    """An attempt as it stands. Times are instants of the server; scores in thousandths, null until they may be seen.

    Where there is no way back (`sequential`), an open attempt shows the questions of its `page` only.
    """

    id: str
    quiz: str
    number: int
    state: str
    started_at: str
    deadline: str | None
    server_now: str
    save_interval_ms: int
    sequential: bool = False
    page: int | None = None
    pages: int | None = None
    page_ends: str | None = None
    """When the time of the page is over, where questions have their own; of the last page it is the deadline."""
    flags: list[int] = []
    questions: list[QuestionShown]
    receipt: HandInReceipt | None = None
    score: int | None = None
    full_marks: int | None = None
    passed: bool | None = None


class PlaceShown(BaseModel):
    """A place in the queue before a quiz: how many stand before it, and when to ask again."""

    quiz: str
    ahead: int
    again_in_seconds: int
