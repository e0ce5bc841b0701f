"""A paragraph of Word as lines: its label, its runs with what marks them, pictures and formulas in their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from learnhub.kernel.words import Message, _
from question_bank.formats.papers.blocks import Line, Mark
from question_bank.formats.papers.shapes import INVISIBLE
from question_bank.formats.signs import emphasized, lowered, picture, raised, underlined
from question_bank.formats.word_hidden import (
    HIDDEN,
    Run,
    answer_of_note,
    is_shut_answer,
    pieces_with,
    seen,
    shortened,
    with_verdict,
)
from question_bank.formats.word_lists import Lists, W
from question_bank.formats.word_math import in_a_line
from question_bank.media import name_of

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SYMBOLS = {
    "FC": "√",
    "50": "√",
    "FB": "×",
    "4F": "×",
    "FE": "☑",
    "52": "☑",
    "A8": "□",
    "A3": "□",
    "6F": "□",
    "FD": "×",
}
_LABEL = re.compile(r"\s*[(（]?(?:[A-Za-z]|\d{1,3})[.、．)）]")
_LETTER_OF_LABEL = re.compile(r"[A-Ha-h][.．、)）]")
CONTENTS = -1
"""The level of the lines of a table of contents."""
LEAST_COLOUR = 80
"""How far apart the parts of a colour are, of 255, that people see as one."""
_THROUGH = {
    "hyperlink",
    "ins",
    "moveTo",
    "smartTag",
    "sdt",
    "sdtContent",
    "fldSimple",
    "customXml",
    "Choice",
    "dir",
    "bdo",
}
_LEFT_OUT = {"del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr", "sdtPr", "rt", "rubyPr"}

_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment"}


@dataclass
class Source:
    """What paragraphs draw from: the lists, pictures by relation, and where files and warnings go."""

    lists: Lists
    picture_of: Callable[[str], bytes | None]
    list_of_style: Callable[[str], tuple[str, int] | None]
    chunk_of: Callable[[str], Any]
    """The body of a page that the document points to, by relation; None for what is no page."""
    levels: dict[str, int] = field(default_factory=dict)
    """The level of headings, by their style."""
    notes: dict[str, dict[str, str]] = field(default_factory=dict)
    """The texts of footnotes, endnotes and comments, by their kind and id."""
    noted: list[tuple[str, str]] = field(default_factory=list)
    """The notes that the paragraph at hand refers to: their kind and text."""
    files: dict[str, bytes] = field(default_factory=dict)
    warnings: list[Message] = field(default_factory=list)

    def level_of(self, paragraph: Any) -> int:
        """The level of a heading; 0 for any other paragraph."""
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self.levels.get(style.get(f"{W}val", ""), 0) if style is not None else 0

    def is_of_contents(self, paragraph: Any) -> bool:
        """Whether a paragraph is a line of a table of contents."""
        return self.level_of(paragraph) == CONTENTS

    def warn(self, message: Message) -> None:
        """Tell once what could not be taken over as it was."""
        if message not in self.warnings:
            self.warnings.append(message)


def lines_of_paragraph(paragraph: Any, source: Source, where: str) -> list[Line]:
    """The lines of a paragraph: soft breaks part them; nothing but spaces gives one empty line."""
    place = _place(paragraph, source)
    label = source.lists.label(*place) if place else ""
    source.noted.clear()
    runs, hidden = seen(list(_runs(paragraph, source, where)))
    for left in hidden:
        source.warn(_("%(where)s: hidden text was left out: %(text)s", where=where, text=shortened(left)))
    text_of_runs = "".join(run.text for run in runs)
    if label and not text_of_runs.strip():
        label = ""
    whole = bool(text_of_runs.strip()) and all("underline" in run.marks for run in runs if run.text.strip())
    runs = _with_lines_whole(runs)
    text, marks = label, []
    for n, run in enumerate(runs):
        behind = runs[n + 1].text if n + 1 < len(runs) else ""
        is_letter = not text[-1:].strip() and _LETTER_OF_LABEL.fullmatch(run.text + behind[:1]) is not None
        is_shut = text[-1:] in tuple("(（") and behind[:1] in tuple(")）")
        piece = run.text if is_letter else _piece(run, whole, is_shut=is_shut)
        marks += [(len(text), len(text) + len(piece), mark) for mark in sorted(run.marks)]
        text += piece
    lines = [piece for line in _split(text, marks, where) for piece in with_verdict(line)]
    if label:
        lines[0] = replace(lines[0], is_item=True)
    if place and source.lists.is_bulleted(*place):
        lines[0] = replace(lines[0], is_point=True)
    return list(pieces_with(lines, _noted(source, where)))


def _noted(source: Source, where: str) -> list[str]:
    """The notes of a paragraph that answer; what others say is told, for they are left out."""
    answers = []
    for kind, text in source.noted:
        if kind != "comment" and answer_of_note(text):
            answers.append(text)
        elif kind == "comment":
            source.warn(_("%(where)s: a comment was left out: %(text)s", where=where, text=shortened(text)))
        else:
            source.warn(_("%(where)s: a footnote was left out: %(text)s", where=where, text=shortened(text)))
    return answers


def _with_lines_whole(runs: list[Run]) -> list[Run]:
    """Runs in which a line below a word and below the spaces around it is one line."""
    out: list[Run] = []
    for run in runs:
        last = out[-1] if out else None
        is_one = last is not None and "underline" in last.marks & run.marks and "\n" not in last.text + run.text
        if last is None or not is_one or not (last.text.strip() or run.text.strip()) or _LABEL.match(run.text):
            out.append(run)
            continue
        marks = last.marks & run.marks if last.text.strip() and run.text.strip() else last.marks | run.marks
        out[-1] = Run(last.text + run.text, marks)
    return out


def _piece(run: Run, whole: bool, *, is_shut: bool = False) -> str:
    """A run's text, with the signs of a line below it; so is what stands alone in brackets, red as an answer is."""
    if is_shut and "red" in run.marks and run.text.strip():
        return underlined(run.text)
    if "underline" not in run.marks:
        return run.text
    if not run.text.strip():
        return "____" if run.text else ""
    if whole or _LABEL.match(run.text) or "\n" in run.text or is_shut_answer(run.text):
        return run.text
    return underlined(run.text)


def _split(text: str, marks: list[Mark], where: str) -> Iterator[Line]:
    at = 0
    for piece in text.split("\n"):
        end = at + len(piece)
        inside = tuple((max(a, at) - at, min(b, end) - at, mark) for a, b, mark in marks if a < end and b > at)
        yield Line(where, piece.replace("\xa0", " "), inside)
        at = end + 1


def _place(paragraph: Any, source: Source) -> tuple[str, int] | None:
    """The list that a paragraph belongs to, and how deep in it; None for one of no list."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        return None
    numbered = properties.find(f"{W}numPr")
    style = properties.find(f"{W}pStyle")
    of_style = source.list_of_style(style.get(f"{W}val", "")) if style is not None else None
    if numbered is None:
        return of_style
    num, depth = numbered.find(f"{W}numId"), numbered.find(f"{W}ilvl")
    level = int(depth.get(f"{W}val", "0")) if depth is not None else of_style[1] if of_style else 0
    name = num.get(f"{W}val", "0") if num is not None else of_style[0] if of_style else "0"
    return (name, level) if name != "0" else None


def _runs(element: Any, source: Source, where: str) -> Iterator[Run]:
    for child in element:
        name = _name(child)
        if name == "r":
            yield from _run(child, source, where)
        elif name in {"oMath", "oMathPara"}:
            source.warn(_("%(where)s: a formula was written in a line; please check it.", where=where))
            yield Run(in_a_line(child))
        elif name == "sdt" and (box := _check_box(child)):
            yield Run(box)
        elif name == "sdt" and child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            continue
        elif name == "AlternateContent" or name in _THROUGH:
            yield from _runs(child, source, where)


def _check_box(control: Any) -> str:
    """A box that can be clicked, as the sign of its state: Word shows one that is chosen with a cross in it."""
    state = next((one for one in control.iterfind(f"{W}sdtPr/*") if _name(one) == "checkbox"), None)
    if state is None:
        return ""
    chosen = next((value for one in state if _name(one) == "checked" for value in one.values()), "0")
    return "☑" if chosen in {"1", "true", "on"} else "□"


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _run(run: Any, source: Source, where: str) -> Iterator[Run]:
    properties = run.find(f"{W}rPr")
    text = "".join(_text(child, source, where) for child in run)
    if not text:
        return
    position = properties.find(f"{W}vertAlign") if properties is not None else None
    value = position.get(f"{W}val") if position is not None else ""
    if value == "subscript":
        text = lowered(text)
    elif value == "superscript":
        text = raised(text)
    elif properties is not None and _is_on(properties, "em"):
        text = emphasized(text)
    yield Run(text, _marks(properties) if properties is not None else frozenset())


def _text(element: Any, source: Source, where: str) -> str:
    name = _name(element)
    if name in _LEFT_OUT:
        return ""
    if name == "t":
        return (element.text or "").translate(INVISIBLE)
    if name in {"br", "cr"}:
        return "\n"
    if name == "tab":
        return "\t"
    if name in {"noBreakHyphen", "softHyphen"}:
        return "-" if name == "noBreakHyphen" else ""
    if name == "sym":
        code = element.get(f"{W}char", "")
        return _SYMBOLS.get(code[-2:].upper(), "") if code.upper().startswith("F0") else chr(int(code or "20", 16))
    if name in {"drawing", "pict", "object"}:
        return _drawn(element, source, where)
    if name in _NOTES:
        source.noted.append((_NOTES[name], source.notes.get(_NOTES[name], {}).get(element.get(f"{W}id", ""), "")))
        return ""
    if name == "ruby":
        return "".join(
            _text(one, source, where) for base in element.findall(f"{W}rubyBase") for one in base.iter(f"{W}t")
        )
    if name == "AlternateContent":
        return "".join(_text(one, source, where) for one in element if _name(one) == "Choice")
    if name == "Choice":
        return "".join(_text(one, source, where) for one in element)
    return ""


def _drawn(element: Any, source: Source, where: str) -> str:
    if next(element.iter(f"{W}txbxContent"), None) is not None:
        return ""
    out = ""
    for inner in element.iter():
        relation = None
        if _name(inner) == "blip":
            relation = inner.get(f"{_R}embed") or inner.get(f"{_R}link")
        elif _name(inner) == "imagedata":
            relation = inner.get(f"{_R}id")
        if relation:
            out += _picture(relation, source, where)
    if not out and _name(element) != "pict":
        source.warn(_("%(where)s: a drawing that is no picture was left out.", where=where))
    return out


def _picture(relation: str, source: Source, where: str) -> str:
    data = source.picture_of(relation)
    name = name_of(data) if data else None
    if data is None or name is None:
        source.warn(
            _("%(where)s: a picture could not be taken over (it is missing or of a kind not shown).", where=where)
        )
        return ""
    source.files[name] = data
    return picture(name)


def _is_on(properties: Any, name: str) -> bool:
    found = properties.find(f"{W}{name}")
    return found is not None and found.get(f"{W}val", "1") not in {"0", "false", "off", "none"}


def _marks(properties: Any) -> frozenset[str]:
    marks = {
        name for name, tag in (("bold", "b"), ("underline", "u"), ("highlight", "highlight")) if _is_on(properties, tag)
    }
    if _is_on(properties, "vanish"):
        marks.add(HIDDEN)
    color = properties.find(f"{W}color")
    value = color.get(f"{W}val", "") if color is not None else ""
    if _is_red(value):
        marks.add("red")
    elif is_coloured(value):
        marks.add("coloured")
    shade = properties.find(f"{W}shd")
    if shade is not None and is_coloured(shade.get(f"{W}fill", "")):
        marks.add("highlight")
    return frozenset(marks)


def is_coloured(color: str) -> bool:
    """Whether a colour is none of black, grey and white."""
    if not re.fullmatch("[0-9A-Fa-f]{6}", color):
        return False
    parts = [int(color[at : at + 2], 16) for at in (0, 2, 4)]
    return max(parts) - min(parts) >= LEAST_COLOUR


def _is_red(color: str) -> bool:
    if not re.fullmatch("[0-9A-Fa-f]{6}", color):
        return False
    red, green, blue = (int(color[at : at + 2], 16) for at in (0, 2, 4))
    return red >= 150 and green <= 90 and blue <= 90
