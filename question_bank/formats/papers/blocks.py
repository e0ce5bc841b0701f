"""Lines of a written paper gathered into blocks, one for each question, with the sections and keys they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from learnhub.kernel.words import Message
from question_bank.formats.papers.headings import Heading
from question_bank.formats.papers.keys import Entry
from question_bank.formats.papers.shapes import Option

Mark = tuple[int, int, str]
"""A stretch of a line that stands out, and by what: bold, red, coloured (in any other colour), underline, highlight."""
MARKS = ("red", "highlight", "coloured", "underline", "bold")
"""What marks a right option, the surest first."""


@dataclass(frozen=True)
class Line:
    """A line: its place, its text, and which stretches of it stand out."""

    where: str
    text: str
    marked: tuple[Mark, ...] = ()
    is_code: bool = False
    title: int = 0
    """The level of a heading as Markdown writes it (`##` is 2); 0 for any other line."""
    is_part: bool = False
    """Whether the lines around it show that a counted part of the paper begins with the line."""
    is_quote: bool = False
    """Whether Markdown sets the line apart with `>`."""
    is_point: bool = False
    """Whether Word puts a bullet before the line, which stands in no text."""
    is_item: bool = False
    """Whether a list of Word counts the line: what stands in the next paragraph does not go on with it."""
    gaps: tuple[int, int] | None = None
    """First and last of the gaps in the passage that the line belongs to (see `passages`)."""

    def marks(self, start: int, end: int) -> frozenset[str]:
        """What marks most of the visible signs between two places."""
        visible = [at for at in range(start, min(end, len(self.text))) if not self.text[at].isspace()]
        found = set()
        for mark in {name for _a, _b, name in self.marked}:
            inside = sum(1 for at in visible if any(a <= at < b for a, b, name in self.marked if name == mark))
            if inside > 0.6 * len(visible):
                found.add(mark)
        return frozenset(found)


@dataclass
class Section:
    """What a heading set: kind and mark of the questions below it, and the chapter they stand in."""

    kind: str | None = None
    mark: int | None = None
    mark_per_blank: bool = False
    category: str = ""
    total: int | None = None
    """What all its questions earn together."""
    marks: dict[int, int] = field(default_factory=dict)
    """What single questions earn, by their numbers, where the heading says so of each."""
    part: str = ""
    """What an English paper counts the part by."""
    has_texts: bool = False
    """Whether the heading says that the questions are about texts above them."""
    product: tuple[int, int] | None = None
    """How many questions the heading says there are, and what each earns, in either order."""
    count: int | None = None
    """How many questions the heading says there are, beside what each earns."""
    level: int = 0
    """The level of the title, as Markdown writes it, that gave the category; 0 where none did."""
    blocks: list[Block] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    _looked: int = 0
    _material: Block | None = None

    @property
    def material(self) -> Block | None:
        """The last text that questions are about; whether there is one is known without a look at every question."""
        for block in self.blocks[self._looked :]:
            self._material = block if block.is_material else self._material
        self._looked = len(self.blocks)
        return self._material

    @cached_property
    def right_marks(self) -> list[str]:
        """What stands out among the options of every question, and is no look of the whole part: it answers them."""
        choices = [block.options for block in self.blocks if block.options]
        counts = {mark: [sum(mark in one.marks for one in options) for options in choices] for mark in MARKS}
        return [
            mark
            for mark, found in counts.items()
            if all(found) and any(n < len(options) for n, options in zip(found, choices, strict=True))
        ]

    @property
    def open(self) -> list[Block]:
        """The questions that have no answer yet."""
        return [block for block in self.blocks if block.is_open]


@dataclass
class Chosen:
    """An option as it was gathered: its letter, its lines, whether a sign or its look marks it as right."""

    letter: str
    lines: list[str]
    ticked: bool = False
    marks: frozenset[str] = frozenset()
    item: str = ""
    """The place of the paragraph, where a list of Word counts it."""
    letter_marks: frozenset[str] = frozenset()
    """What marks the letter itself."""

    @property
    def text(self) -> str:
        """The option's text."""
        return "\n".join(self.lines).strip()


_serial = count(1)


@dataclass
class Block:
    """A question as it was gathered from its lines."""

    where: str
    section: Section
    number: int | None = None
    style: str = ""
    stem: list[str] = field(default_factory=list)
    options: list[Chosen] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)
    has_answer: bool = False
    is_reference: bool = False
    fields: dict[str, list[str]] = field(default_factory=dict)
    kind: str = ""
    mark: str = ""
    subs: list[Block] = field(default_factory=list)
    is_material: bool = False
    notes: list[Message] = field(default_factory=list)
    """What the sender should know of how the question was understood."""
    was_tried: bool = False
    """Whether a line says what somebody answered: what stands below may be what they got for it."""
    holds_next: bool = False
    """Whether the next question stands inside this one."""
    answers_next: bool = False
    """Whether the answer of the next question stands inside this one's."""
    last: int = 0
    """The last number that the material of a case says it is for."""
    into: str = "stem"
    """What a line that says nothing of itself goes on with: stem, option, answer, or a field's name."""
    serial: int = field(default_factory=lambda: next(_serial))

    @property
    def is_open(self) -> bool:
        """Whether no answer has been seen, neither written nor ticked."""
        return (
            not self.has_answer
            and not self.subs
            and not self.is_material
            and not any(one.ticked for one in self.options)
        )

    @property
    def is_closed(self) -> bool:
        """Whether the question seems complete: it has its options or its answer."""
        return self.has_answer or len(self.options) >= 2 or bool(self.fields)

    def is_left(self, line: Line) -> bool:
        """Whether a line stands outside the list of Word whose last item was an option: it is no part of that."""
        item = self.options[-1].item if self.into == "option" and self.options else ""
        return bool(item) and not line.is_item and line.where != item

    def add(self, text: str) -> None:
        """A line that goes on with what the last one began."""
        if self.into == "option" and self.options:
            self.options[-1].lines.append(text)
        elif self.into == "answer":
            self.answer.append(text)
        elif self.into in self.fields:
            self.fields[self.into].append(text)
        else:
            self.stem.append(text)

    def add_answer(self, text: str, *, is_reference: bool = False) -> None:
        """The answer's first line, with what stands behind it cut off by the caller."""
        self.has_answer, self.into = True, "answer"
        self.is_reference = self.is_reference or is_reference
        if text:
            self.answer.append(text)

    def add_field(self, name: str, text: str) -> None:
        """The first line of a tail."""
        self.fields.setdefault(name, []).append(text)
        self.into = name

    def add_options(self, line: Line, found: list[Option]) -> None:
        """The options of a line."""
        for option in found:
            behind_letter = max(line.text.find(option.text, option.start), option.start)
            marks = line.marks(behind_letter, option.end) if line.marked else frozenset()
            item = line.where if line.is_item else ""
            of_letter = line.marks(*_letter_at(line.text, option.start, behind_letter)) if line.marked else frozenset()
            self.options.append(Chosen(option.letter, [option.text], option.ticked, marks, item, of_letter))
        self.into = "option"

    def put_options_back(self) -> None:
        """What had letters above `选项：` are clues of the stem: the options stand below."""
        self.stem += [f"{one.letter}. {one.text}" for one in self.options]
        self.options, self.into = [], "stem"


def _letter_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the letter of a label stands, without the point or the brackets around it."""
    at = next((at for at in range(start, end) if text[at].isalpha()), start)
    return at, min(at + 1, end)


def section_of(heading: Heading, before: Section) -> Section:
    """The section that a heading opens, below the one before it."""
    if heading.category is not None:
        return Section(category=heading.category)
    return Section(
        heading.kind,
        heading.mark,
        heading.mark_per_blank,
        before.category,
        total=heading.total,
        marks=dict(heading.marks),
        part=heading.part,
        has_texts=heading.has_texts,
        product=heading.product,
        count=heading.count,
    )
