"""The grammar of GIFT: a file cut into blocks, a block into title, stem and answers, as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from learnhub.kernel.words import Message, _
from question_bank.formats.gift_escapes import escaped
from question_bank.formats.gift_numbers import number_of
from question_bank.formats.gift_signs import (
    NOTE,
    ORDERED,
    all_titled,
    answered,
    arrowed,
    braced,
    closes,
    goes_on,
    mark_behind,
    narrowed,
    pieces_of,
    runs_on,
    split_feedback,
    truth_elsewhere,
    uncommented,
    unfenced,
)

FORMATS = ("html", "markdown", "plain", "moodle")
_ESCAPED = "\\~=#{}:n"
_SHIELD = {c: chr(0xF0000 + n) for n, c in enumerate(_ESCAPED)}
_PLAIN = {ord(shield): "\n" if c == "n" else c for c, shield in _SHIELD.items()}
_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_FORMAT = re.compile(rf"\s*\[({'|'.join(FORMATS)})\]", re.IGNORECASE)
_SETTING = re.compile(r"(\$[A-Z_]{3,30}):[^\n]*")
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_COMMENT_ID = re.compile(r"\[id:((?:\\.|[^\]\\])+)\]")
_COMMENT_TAG = re.compile(r"\[tag:((?:\\.|[^\]\\])+)\]")
_COMMENT_BEHIND = re.compile(r"\A[ \t]*//(?!\S+/)[^\n]*")
"""A comment on the line on which the answers are closed; not an address."""
_WEIGHT = re.compile(r"\s*%\s*([+-]?\d+(?:[.,]\d*)?|[+-]?[.,]\d+)\s*%", re.ASCII)
_CLOZE = re.compile(
    r"\s*\d*\s*:\s*(?:MULTI(?:CHOICE|RESPONSE)|M[CR]|SHORTANSWER|SA|MW|NUMERICAL|NM)(?:_?[A-Z]{1,3})?\s*:",
    re.IGNORECASE,
)
BLANK = "_____"


class Malformed(Exception):
    """The block can't be read; the message says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Text:
    """A text and the format it is written in."""

    format: str
    text: str


@dataclass(frozen=True)
class Answer:
    """One answer: marked `=` (right) or `~`, its weight in percent as written, its text or number, its feedback.

    `number` is `("simple", value)`, `("range", value, tolerance)` or `("high-low", low, high)`.
    """

    right: bool
    weight: str | None
    text: Text
    feedback: Text | None
    number: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Item:
    """A question as written. `type` is MC, Short, TF, Numerical, Matching, Ordering, Essay, Description or Cloze."""

    type: str
    line: int
    title: str | None
    stem: Text
    embedded: bool = False
    answers: list[Answer] = field(default_factory=list)
    is_true: bool | None = None
    feedbacks: tuple[Text | None, Text | None] = (None, None)
    """Of true/false: the first for who was wrong, the second for who was right."""
    general_feedback: Text | None = None
    id: str | None = None
    tags: list[str] = field(default_factory=list)
    category: str = ""
    bare: bool = False
    """Whether the answers stood without braces."""
    wide: bool = False
    """Whether signs of full width were taken for those of GIFT."""
    arrows: bool = False
    """Whether other arrows were taken for `->`."""
    below: bool = False
    """Whether the answers came below an empty line."""
    noted: bool = False
    """Whether a text behind one # was taken for feedback."""
    mark: str | None = None
    """The mark that stands behind the answers."""
    word: str = ""
    """The word of another language that was taken for true or false."""
    scoring: str = ""
    """Of an order: how it is marked, in Moodle's word."""
    source: str = ""
    """Of a cloze: its text with the parts in it, escapes still apart; `groups_of` takes it to pieces."""


@dataclass
class Block:
    """The lines of one question, without comments."""

    line: int = 0
    last: int = 0
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    depth: int = 0
    closed: int = 0
    comment_after: bool = False
    below: bool = False
    id: str | None = None
    tags: list[str] = field(default_factory=list)
    category: str = ""

    def add(self, number: int, line: str) -> None:
        """One more line; braces are counted as it comes."""
        self.line = self.line or number
        self.last = number if line else self.last
        self.lines.append(line)
        self.numbers.append(number)
        for c in _ESCAPE.sub("", line):
            if c == "{":
                self.depth += 1
            elif c == "}" and self.depth:
                self.depth -= 1
                self.closed += 1

    @property
    def complete(self) -> bool:
        """Whether the answers have come and are closed."""
        return self.depth == 0 and self.closed > 0


def lines_of(text: str) -> list[str]:
    """The lines of a file, whatever ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def blocks(text: str) -> Iterator[Block]:
    """The questions of a file. A blank line ends one, except inside braces that are closed further down; a title or
    a category on a new line begins another even without it."""
    lines = unfenced(uncommented(lines_of(escaped(text)))[0])
    block, category, titled = Block(), "", all_titled(lines)
    for number, line in enumerate(lines, 1):
        stripped = line.strip("\ufeff \t\xa0\u200b\u3000")
        if stripped.startswith("//"):
            ended = block.complete or (not block.depth and bool(block.lines))
            block.comment_after = block.comment_after or ended
            if not ended or _COMMENT_ID.search(stripped) or _COMMENT_TAG.search(stripped):
                if ended:
                    yield block
                    block = Block(category=category)
                _note(block, stripped)
            continue
        if not stripped:
            unanswered = not block.complete and not block.depth
            below = unanswered and goes_on(block.lines, lines, number)
            if titled and unanswered and not below:
                block.below = below = runs_on(block.lines, lines, number)
            if below or (block.depth and closes(lines, number)):
                block.add(number, "")
            elif block.lines:
                yield block
                block = Block(category=category)
            continue
        if stripped.startswith("$CATEGORY"):
            if block.lines:
                yield block
            category = stripped.partition(":")[2].strip()
            block = Block(category=category, id=None, tags=[])
            continue
        if block.lines and _begins_another(block, stripped, lines, number):
            yield block
            block = Block(category=category)
        block.category = category
        block.add(number, line)
    if block.lines:
        yield block


def _note(block: Block, comment: str) -> None:
    found = _COMMENT_ID.search(comment)
    if found:
        block.id = re.sub(r"\\(.)", r"\1", found.group(1)).strip()
    block.tags += [re.sub(r"\\(.)", r"\1", tag).strip() for tag in _COMMENT_TAG.findall(comment)]


def _begins_another(block: Block, line: str, lines: list[str], number: int) -> bool:
    if line.startswith("::") and _TITLE.match(line):
        return True
    return block.complete and block.comment_after and answered(lines, number - 1)


def parse(block: Block) -> Item:
    """The question in a block; Malformed, with the reason, when its grammar is broken."""
    source, wide = narrowed("\n".join(block.lines).strip("\ufeff\u200b \t\n\xa0\u3000"))
    source, bare = braced(source)
    shielded = _ESCAPE.sub(lambda found: _SHIELD[found.group(1)], source)
    title: str | None = None
    found = _TITLE.match(shielded)
    if found:
        title = " ".join(_unshielded(found.group(1)).split())
        shielded = shielded[found.end() :]
    before, inner, after = _cut(shielded)
    after = _COMMENT_BEHIND.sub("", after)
    if inner is None and (setting := _SETTING.fullmatch(source)):
        raise Malformed(_("The setting %(name)s has no meaning here.", name=setting.group(1)))
    stem_format, before = _format(before, "moodle")
    common = {"line": block.line, "title": title, "id": block.id, "tags": block.tags, "category": block.category}
    common |= {"bare": bare, "wide": wide, "below": block.below}
    outside = before if inner is None else f"{before}\n{after}"
    if sum(1 for line in outside.split("\n")[1:] if line.lstrip()[:1] in {"~", "="}) > 1:
        raise Malformed(_("The answers do not stand in braces: { before them, } behind."))
    if inner is None:
        return Item("Description", stem=_text(before, stem_format), **common)  # type: ignore[arg-type]
    if "{" in after or _CLOZE.match(inner):
        return Item("Cloze", stem=_text(shielded, stem_format), source=_format(shielded, "moodle")[1], **common)  # type: ignore[arg-type]
    if "}" in after:
        raise Malformed(_("There is a } without its {. Inside a text it is written \\}."))
    mark = mark_behind(after)
    stem, embedded = _joined(before, "" if mark else after, stem_format)
    common["mark"] = mark
    if not inner.strip():
        return Item("Essay", stem=stem, embedded=embedded, **common)  # type: ignore[arg-type]
    return _with_answers(inner, Item("", stem=stem, embedded=embedded, **common))  # type: ignore[arg-type]


def _cut(shielded: str) -> tuple[str, str | None, str]:
    """What stands before, inside and after the first braces."""
    start = shielded.find("{")
    end = shielded.find("}", start + 1)
    if start < 0:
        if end >= 0:
            raise Malformed(_("There is a } without its {. Inside a text it is written \\}."))
        return shielded, None, ""
    if end < 0:
        raise Malformed(_("The answers are not closed: a } is missing."))
    if "{" in shielded[start + 1 : end]:
        raise Malformed(_("There are braces inside the answers. Inside a text they are written \\{ and \\}."))
    if "}" in shielded[:start]:
        raise Malformed(_("There is a } without its {. Inside a text it is written \\}."))
    return shielded[:start], shielded[start + 1 : end], shielded[end + 1 :]


def groups_of(item: Item) -> tuple[list[str], list[Item | str]]:
    """The texts of a cloze and what stands in braces between them: answers as in any question, or, where it begins
    `1:SHORTANSWER:`, the part as written with escapes apart (`unshielded` resolves them)."""
    texts: list[str] = []
    groups: list[Item | str] = []
    rest: str = item.source
    while True:
        before, inner, rest = _cut(rest)
        texts.append(before)
        if inner is None:
            return texts, groups
        if not inner.lstrip().startswith(("=", "~", "#", "%")) and not _CLOZE.match(inner):
            raise Malformed(_("There are braces in the text. Inside a text they are written \\{ and \\}."))
        plain = Item("", line=item.line, title=None, stem=Text(item.stem.format, ""))
        groups.append(inner if _CLOZE.match(inner) else _with_answers(inner, plain))


def text_of_pieces(raw: str, written_as: str) -> Text:
    """A text that was put together again from the pieces of a cloze."""
    return _text(raw, written_as)


def unshielded(raw: str) -> str:
    """A piece of text with its escapes resolved."""
    return _unshielded(raw)


def _joined(before: str, after: str, written_as: str) -> tuple[Text, bool]:
    head, tail = _text(before, written_as).text, _text(after, written_as).text
    if not tail:
        return Text(written_as, head), False
    if written_as == "html" and not re.sub(r"<[^>]*>|&nbsp;|\s", "", tail):
        return Text(written_as, head + tail), False
    return Text(written_as, " ".join(part for part in (head, BLANK, tail) if part)), True


def _format(raw: str, inherited: str) -> tuple[str, str]:
    found = _FORMAT.match(raw)
    return (found.group(1).lower(), raw[found.end() :]) if found else (inherited, raw)


def _text(raw: str, inherited: str) -> Text:
    """A text with its escapes resolved. Line breaks of the file are spaces unless the format is HTML or Markdown."""
    written_as, raw = _format(raw, inherited)
    if written_as in {"moodle", "plain"}:
        raw = re.sub(r"[ \t\n]+", " ", raw)
    return Text(written_as, _unshielded(raw.strip(" \t\n")))


def _unshielded(raw: str) -> str:
    return raw.translate(_PLAIN)


def _with_answers(inner: str, item: Item) -> Item:
    general = None
    if "####" in inner:
        inner, _marks, rest = inner.partition("####")
        general = _text(rest, item.stem.format) if rest.strip() else None
    inner, arrows = arrowed(inner)
    changes: dict[str, object] = {"general_feedback": general, "arrows": arrows}
    bare = inner.strip()
    if not bare:
        changes["type"] = "Essay"
    elif NOTE.fullmatch(bare) and general is None:
        changes |= {"type": "Essay", "general_feedback": _text(bare[1:], item.stem.format), "noted": True}
    elif bare.startswith("#"):
        changes |= {"type": "Numerical", "answers": _numbers(bare[1:], item.stem.format)}
    elif bare.split("#")[0].strip().upper() in {"T", "TRUE", "F", "FALSE"}:
        changes |= _true_false(bare, item.stem.format)
    elif truth_elsewhere(bare.split("#")[0]) is not None:
        changes |= {**_true_false(bare, item.stem.format), "word": bare.split("#")[0].strip()}
    elif ordered := ORDERED.match(bare):
        texts = [_text(line, item.stem.format) for line in bare[ordered.end() :].split("\n") if line.strip()]
        answers = [Answer(True, None, text, None) for text in texts]
        changes |= {"type": "Ordering", "answers": answers, "scoring": ordered[1] or ""}
    else:
        pieces = pieces_of(inner)
        if "~" not in {mark for mark, _raw in pieces} and not _was_tilde(inner):
            matching = "->" in inner and any(mark == "=" for mark, _raw in pieces)
            changes["type"] = "Matching" if matching else "Short"
        else:
            changes["type"] = "MC"
        changes["answers"] = [_answer(mark, raw, item.stem.format) for mark, raw in pieces]
    return Item(**{**item.__dict__, **changes})


def _was_tilde(inner: str) -> bool:
    return re.search(r"~\s*=", inner) is not None


def _true_false(bare: str, written_as: str) -> dict[str, object]:
    word, *feedbacks = split_feedback(bare, most=2)
    texts = [_text(raw, written_as) if raw.strip() else None for raw in feedbacks] + [None, None]
    is_true = truth_elsewhere(word) is True or word.strip().upper() in {"T", "TRUE"}
    return {"type": "TF", "is_true": is_true, "feedbacks": (texts[0], texts[1])}


def _answer(mark: str, raw: str, written_as: str) -> Answer:
    weight = _WEIGHT.match(raw)
    if weight:
        raw = raw[weight.end() :]
    text, *feedback = split_feedback(raw)
    if not _text(text, written_as).text:
        raise Malformed(_("An answer is empty."))
    return Answer(
        mark == "=",
        weight.group(1) if weight else None,
        _text(text, written_as),
        _text(feedback[0], written_as) if feedback and feedback[0].strip() else None,
    )


def _numbers(raw: str, written_as: str) -> list[Answer]:
    answers = []
    for mark, piece in pieces_of(raw):
        weight = _WEIGHT.match(piece)
        text, *feedback = split_feedback(piece[weight.end() :] if weight else piece)
        spec = _unshielded(text).strip()
        told = _text(feedback[0], written_as) if feedback and feedback[0].strip() else None
        number = None if spec in {"", "*"} else number_of(spec)
        if number == ():
            raise Malformed(
                _(
                    "%(text)s is not a number, a number with its tolerance (3.14:0.01) or a range (3..4).",
                    text=spec[:60],
                )
            )
        if number is None and mark == "=" and not weight:
            raise Malformed(_("An answer is empty."))
        shown = Text("moodle", "*") if number is None else Text("moodle", spec)
        answers.append(Answer(mark == "=", weight.group(1) if weight else None, shown, told, number))
    if not answers:
        raise Malformed(_("An answer is empty."))
    return answers
