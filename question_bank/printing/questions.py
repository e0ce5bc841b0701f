"""A question as it stands on paper, and its line of the key: by kind, in blocks that any page can set."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from learnhub.kernel.words import _
from question_bank.fractions import fraction
from question_bank.kinds import kind
from question_bank.kinds.base import order_within
from question_bank.kinds.in_text import PLACE
from question_bank.paper_parts import Say

Content = dict[str, Any]
ALL_THAT_ARE_RIGHT = _("Choose all that are right.")
"""Said of a question with several right answers, where nothing above it says so."""


@dataclass(frozen=True)
class Line:
    """A labelled line below a question: an option, a choice, a part."""

    label: str
    html: str


@dataclass
class Printed:
    """A question in blocks: its text, labelled lines, a second column of them, room to write; and its key."""

    stem_html: str
    lines: list[Line] = field(default_factory=list)
    beside: list[Line] = field(default_factory=list)
    room: int = 0
    """Empty lines to write on."""
    parts: list[Printed] = field(default_factory=list)
    key_html: str = ""
    prefix: str = ""
    """What stands before the first word of a question inside a case."""


def printed(name: str, stem_html: str, content: Content, order: Sequence[str], say: Say) -> Printed:
    """The question with what may be shuffled in the given order of keys."""
    return _PRINTERS.get(name, _plain)(name, stem_html, content, order, say)


def letter(number: int) -> str:
    """A, B, … Z, AA, AB …, from 0."""
    first, last = divmod(number, 26)
    return (letter(first - 1) if first else "") + chr(65 + last)


def _plain(_name: str, stem_html: str, _content: Content, _order: Sequence[str], _say: Say) -> Printed:
    return Printed(stem_html)


def _choice(name: str, stem_html: str, content: Content, order: Sequence[str], _say: Say) -> Printed:
    options = kind(name).public(content, order)["options"]
    right = {one["key"] for one in content["options"] if fraction(one["fraction"]) > 0}
    lines = [Line(f"{letter(n)}.", option["html"]) for n, option in enumerate(options)]
    key = "".join(letter(n) for n, option in enumerate(options) if option["key"] in right)
    return Printed(stem_html, lines, key_html=key)


def _true_false(_name: str, stem_html: str, content: Content, _order: Sequence[str], say: Say) -> Printed:
    key = say(_("True") if content["answer"] else _("False"))
    return Printed(f"{stem_html} （　　）", key_html=html.escape(key))


def _typed(_name: str, stem_html: str, content: Content, _order: Sequence[str], _say: Say) -> Printed:
    return Printed(stem_html, room=1, key_html=_accepted(content["answers"]))


def _accepted(answers: Sequence[dict[str, Any]]) -> str:
    from_kind = kind("short_answer").right_answer({"answers": list(answers)})
    return " / ".join(html.escape(one["text"]) for one in from_kind)


def _fill_in(_name: str, stem_html: str, content: Content, _order: Sequence[str], _say: Say) -> Printed:
    key = "; ".join(_accepted(blank["answers"]) for blank in content["blanks"])
    return Printed(stem_html, room=0 if "__" in stem_html else 1, key_html=key)


def _matching(name: str, stem_html: str, content: Content, order: Sequence[str], _say: Say) -> Printed:
    choices = kind(name).public(content, order)["choices"]
    letters = {choice["key"]: letter(n) for n, choice in enumerate(choices)}
    lines = [Line(f"{n}.", pair["html"]) for n, pair in enumerate(content["pairs"], 1)]
    beside = [Line(f"{letters[choice['key']]}.", choice["html"]) for choice in choices]
    key = " ".join(f"{n}-{letters[pair['match_key']]}" for n, pair in enumerate(content["pairs"], 1))
    return Printed(stem_html, lines, beside, key_html=key)


def _ordering(name: str, stem_html: str, content: Content, order: Sequence[str], _say: Say) -> Printed:
    items = kind(name).public(content, order)["items"]
    letters = {item["key"]: letter(n) for n, item in enumerate(items)}
    lines = [Line(f"{letters[item['key']]}.", item["html"]) for item in items]
    key = " ".join(letters[item["key"]] for item in content["items"])
    return Printed(f"{stem_html} （　　　　）", lines, key_html=key)


def _cloze(_name: str, stem_html: str, content: Content, order: Sequence[str], _say: Say) -> Printed:
    lines, keys = [], []
    for number, part in enumerate(content["parts"], 1):
        if "options" in part["content"]:
            by_key = {one["key"]: one for one in part["content"]["options"]}
            options = [by_key[key] for key in order_within(kind(part["kind"]), part["content"], order)]
            shown = "　".join(f"{letter(n)}. {one['html']}" for n, one in enumerate(options))
            lines.append(Line(f"({number})", shown))
            right = "".join(letter(n) for n, one in enumerate(options) if fraction(one["fraction"]) > 0)
            keys.append(f"({number}) {right}")
        else:
            keys.append(f"({number}) {_accepted(part['content']['answers'])}")
    return Printed(_with_places(stem_html, _gap), lines, key_html=" ".join(keys))


def _drag_text(name: str, stem_html: str, content: Content, order: Sequence[str], _say: Say) -> Printed:
    choices = kind(name).public(content, order)["choices"]
    letters = {choice["key"]: letter(n) for n, choice in enumerate(choices)}
    lines = [Line(f"{letters[choice['key']]}.", choice["html"]) for choice in choices]
    gaps = enumerate(content["gaps"], 1)
    key = " ".join(f"({number}) {letters[content['choices'][at]['key']]}" for number, at in gaps)
    return Printed(_with_places(stem_html, _gap), lines, key_html=key)


def _select_text(_name: str, stem_html: str, content: Content, _order: Sequence[str], _say: Say) -> Printed:
    segments = content["segments"]
    shown = _with_places(stem_html, lambda number: f"<u>{segments[number - 1]['html']}</u><sub>({number})</sub>")
    key = " ".join(f"({number})" for number, one in enumerate(segments, 1) if one["right"])
    return Printed(shown, key_html=key)


def _essay(_name: str, stem_html: str, content: Content, _order: Sequence[str], _say: Say) -> Printed:
    notes = [content.get("marker_html", "")]
    for criterion in content.get("rubric", []):
        levels = "; ".join(f"{html.escape(one['text'])} ({one['points']})" for one in criterion["levels"])
        notes.append(f"{html.escape(criterion['title'])}: {levels}")
    return Printed(stem_html, room=10, key_html="<br>".join(filter(None, notes)))


def _upload(name: str, stem_html: str, content: Content, order: Sequence[str], say: Say) -> Printed:
    found = _essay(name, stem_html, content, order, say)
    return Printed(stem_html, key_html=found.key_html)


def _case(_name: str, stem_html: str, content: Content, order: Sequence[str], say: Say) -> Printed:
    parts, keys = [], []
    for number, question in enumerate(content["questions"], 1):
        inner = order_within(kind(question["kind"]), question["content"], order)
        part = printed(question["kind"], question["stem_html"], question["content"], inner, say)
        several = f" {say(ALL_THAT_ARE_RIGHT)}" if question["kind"] == "multiple_choice" else ""
        part.prefix = f"({number}){several}"
        parts.append(part)
        keys.append(f"({number}) {part.key_html}")
    return Printed(stem_html, parts=parts, key_html="<br>".join(keys))


def _gap(number: int) -> str:
    return f"({number})____________"


def _with_places(stem_html: str, shown: Callable[[int], str]) -> str:
    return PLACE.sub(lambda found: shown(int(found.group(1))), stem_html)


_PRINTERS: dict[str, Callable[[str, str, Content, Sequence[str], Say], Printed]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _true_false,
    "short_answer": _typed,
    "numerical": _typed,
    "fill_in": _fill_in,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "drag_text": _drag_text,
    "select_text": _select_text,
    "essay": _essay,
    "file_upload": _upload,
    "case": _case,
}
