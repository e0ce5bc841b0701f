"""Quizzes written for text2qti: `1. question`, `*b) right`, `[*] right`, `* typed`, `= 3.1 +- 0.1`, `____`, `^^^^`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.fields.answers import truth
from question_bank.formats.reading import Reading
from question_bank.formats.rich_text import html_of
from question_bank.fractions import decimal
from question_bank.kinds import kind

_SURE = re.compile(r"^(?:\*[A-Za-z]\)[ \t]+\S|\[\*\][ \t]+(?![(（]?[A-Za-z][.、．)）])\S|quiz title:)", re.M | re.I)
_NUMBERED = re.compile(r"^\d+\.[ \t]+\S", re.MULTILINE)
_OF_OTHERS = re.compile(
    r"^\s*[*_【]*(?:(?:正确|参考|标准)?答案|(?:correct |right )?answers?|解析)\s*[*_】]*\s*[:：]|^::", re.I | re.M
)
_BEGINS = re.compile(
    r"(?P<number>\d+)\.[ \t]+(?=\S)|(?P<tick>\*)?(?P<letter>[A-Za-z])\)[ \t]+(?=\S)|\[(?P<box>[ *]?)\][ \t]+(?=\S)"
    r"|(?P<typed>\*)[ \t]+(?=\S)|(?P<value>=)[ \t]*(?=\S)|(?P<essay>_{3,})\s*$|(?P<upload>\^{3,})\s*$"
    r"|(?P<told>\.\.\.)[ \t]+(?=\S)|(?P<praise>[+-])[ \t]+(?=\S)"
)
_FIELD = re.compile(
    r"(?P<name>quiz [a-z ]+|text title|text|title|points(?: per question)?|pick)\s*:\s*(?P<value>.*)", re.I
)
_BLOCKS = re.compile(r"(?P<begin>GROUP|COMMENT)|(?P<end>END_GROUP|END_COMMENT)")
_CODE = re.compile(r"(`{3,}|~{3,})")
_TOLERANCE = re.compile(r"(?P<value>\S+)\s*(?:\+-|±)\s*(?P<by>[^\s%]+)(?P<percent>%?)")
_RANGE = re.compile(r"\[\s*(?P<low>[^,\s]+)\s*,\s*(?P<high>[^,\s]+)\s*\]")


def looks_like(text: str) -> bool:
    """Whether a text has the marks of such a quiz, and none of any other paper."""
    head = text[:50_000].replace("\r\n", "\n")
    return bool(_SURE.search(head) and _NUMBERED.search(head)) and not _OF_OTHERS.search(head)


@dataclass
class _Choice:
    text: list[str]
    is_right: bool
    told: list[str] = field(default_factory=list)


@dataclass
class _Asked:
    """A question's lines, by what they say."""

    where: str
    title: str
    mark: str
    stem: list[str]
    shape: str = ""
    """What its answers look like: letter, box, typed, value, essay or upload."""
    answers: list[_Choice] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    praise: dict[str, list[str]] = field(default_factory=dict)
    wrong: list[Refused] = field(default_factory=list)


def read(text: str, name: str) -> Reading:
    """Every question of such a quiz; a malformed one costs only itself."""
    reading = Reading(name)
    for asked in _questions(text, reading):
        try:
            draft = _draft(asked)
            kind(draft.kind).validate(draft.content)
        except Refused as error:
            reading.refuse(asked.where, error)
        else:
            reading.questions.append(draft)
    return reading


class _Lines:
    """The state between one line and the next."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.asked: _Asked | None = None
        self.title = self.mark = self.mark_of_group = ""
        self.last: list[str] = []
        """What an indented line goes on with."""
        self.is_comment = False
        self.fence = ""

    def take(self, where: str, line: str) -> _Asked | None:
        """A line; gives the question that ends with it."""
        code = _CODE.match(line.strip())
        if self.fence or code:
            self.fence = (
                "" if self.fence and line.strip() == self.fence else self.fence or (code.group(1) if code else "")
            )
            self.last.append(line)
            return None
        block = _BLOCKS.fullmatch(line.strip())
        if block or self.is_comment or line.startswith("%"):
            return self._set(where, block.group() if block else "")
        if not line.strip() or line[0] in " \t":
            self.last += [line.strip()] if line.strip() else []
            return None
        said = _FIELD.fullmatch(line.strip())
        if said:
            return self._name(where, said.group("name").casefold(), said.group("value").strip())
        return self._begin(where, line)

    def done(self) -> _Asked | None:
        """The question that is open, which ends here."""
        asked, self.asked, self.last = self.asked, None, []
        return asked

    def _set(self, where: str, block: str) -> _Asked | None:
        self.is_comment = block == "COMMENT" or (self.is_comment and block != "END_COMMENT")
        if block == "GROUP":
            self.reading.warnings.append(
                _(
                    "%(where)s: a group from which some questions are drawn was read as all of its questions.",
                    where=where,
                )
            )
        if block in {"GROUP", "END_GROUP"}:
            self.mark_of_group = ""
            return self.done()
        return None

    def _name(self, where: str, name: str, value: str) -> _Asked | None:
        ended = self.done()
        if name == "title":
            self.title = value
        elif name == "points":
            self.mark = value
        elif name == "points per question":
            self.mark_of_group = value
        elif name.startswith("text"):
            self._leave_out(where, value)
        return ended

    def _leave_out(self, where: str, text: str) -> None:
        self.reading.warnings.append(
            _("%(where)s was not taken as part of a question: %(text)s", where=where, text=text[:60])
        )

    def _begin(self, where: str, line: str) -> _Asked | None:
        found = _BEGINS.match(line)
        name = found.lastgroup if found else None
        text = line[found.end() :].strip() if found else line
        ended = None
        if name == "number":
            ended = self.done()
            self.last = [text]
            self.asked = _Asked(where, self.title, self.mark or self.mark_of_group, self.last)
            self.title = self.mark = ""
        elif self.asked is None:
            self._leave_out(where, line.strip())
        elif name is None or found is None:
            self.asked.wrong.append(Refused(_("The line “%(text)s” can't be understood here.", text=line.strip()[:60])))
        else:
            self._answer(self.asked, name, found, text)
        return ended

    def _answer(self, asked: _Asked, name: str, found: re.Match[str], text: str) -> None:
        self.last = [text]
        if name == "told":
            (asked.answers[-1].told if asked.answers else asked.told).append(text)
            self.last = asked.answers[-1].told if asked.answers else asked.told
        elif name == "praise":
            asked.praise[found.group("praise")] = self.last
        else:
            asked.wrong += [Refused(_("Its answers are of several kinds."))] if asked.shape not in {"", name} else []
            asked.shape = name
            asked.answers.append(_Choice(self.last, bool(found.group("tick")) or found.group("box") == "*"))


def _questions(text: str, reading: Reading) -> Iterator[_Asked]:
    lines = _Lines(reading)
    for number, line in enumerate(text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        ended = lines.take(f"line {number}", line.rstrip())
        if ended:
            yield ended
    if last := lines.done():
        yield last


def _html(lines: list[str]) -> str:
    return html_of("\n".join(lines).strip(), "auto")


def _draft(asked: _Asked) -> QuestionDraft:
    if asked.wrong:
        raise asked.wrong[0]
    name, content = _content(asked)
    told = [asked.told] if name in {"single_choice", "multiple_choice"} else [asked.told, *asked.praise.values()]
    mark = decimal(asked.mark) * 1000 if asked.mark else Decimal(1000)
    if mark != int(mark) or not 0 <= mark <= 1_000_000:
        raise Refused(_("A mark lies between 0 and 1000."))
    return QuestionDraft(
        kind=name,
        stem_html=_html(asked.stem),
        content=content,
        title=asked.title,
        mark=int(mark),
        explanation_html="<br>".join(_html(one) for one in told if one),
        where=asked.where,
    )


def _content(asked: _Asked) -> tuple[str, dict[str, Any]]:
    if asked.shape in {"letter", "box"}:
        return _choice(asked)
    if asked.shape == "typed":
        return "short_answer", {"answers": [{"text": " ".join(one.text).strip()} for one in asked.answers]}
    if asked.shape == "value":
        return "numerical", {"answers": [_value(" ".join(one.text).strip()) for one in asked.answers]}
    if asked.shape in {"essay", "upload"}:
        return {"essay": "essay", "upload": "file_upload"}[asked.shape], {}
    raise Refused(_("The question has no answer."))


def _choice(asked: _Asked) -> tuple[str, dict[str, Any]]:
    right = sum(one.is_right for one in asked.answers)
    if not right:
        raise Refused(_("The question has no answer."))
    if asked.shape == "letter" and right > 1:
        raise Refused(_("A single choice has one right answer, not %(n)s.", n=right))
    verdicts = [truth(" ".join(one.text)) for one in asked.answers]
    if asked.shape == "letter" and sorted(map(str, verdicts)) == ["False", "True"]:
        told = {verdict: _html(_told(asked, one)) for verdict, one in zip(verdicts, asked.answers, strict=True)}
        answer = next(verdict for verdict, one in zip(verdicts, asked.answers, strict=True) if one.is_right)
        return "true_false", {"answer": answer, "feedback_true_html": told[True], "feedback_false_html": told[False]}
    share = str(Fraction(1, right))
    options = [
        {"html": _html(one.text), "fraction": share if one.is_right else "0", "feedback_html": _html(_told(asked, one))}
        for one in asked.answers
    ]
    return "single_choice" if asked.shape == "letter" else "multiple_choice", {"options": options}


def _told(asked: _Asked, one: _Choice) -> list[str]:
    """What somebody reads who chose this: its own feedback, or that for a right or a wrong answer."""
    return one.told or asked.praise.get("+" if one.is_right else "-", [])


def _value(text: str) -> dict[str, str]:
    if found := _RANGE.fullmatch(text):
        return {"low": _number(found.group("low")), "high": _number(found.group("high"))}
    if found := _TOLERANCE.fullmatch(text):
        value, by = decimal(found.group("value")), decimal(found.group("by"))
        return {
            "value": format(value, "f"),
            "tolerance": format(abs(value) * by / 100 if found.group("percent") else by, "f"),
        }
    return {"value": _number(text), "tolerance": "0"}


def _number(text: str) -> str:
    return format(decimal(text), "f")
