"""What of a paragraph of Word is not seen at first: hidden text, notes, and which of two verdicts stands out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml.parser import parse_xml

from question_bank.formats.fields.answers import letters_in, says_true_or_false, truth
from question_bank.formats.papers.blocks import MARKS, Line
from question_bank.formats.papers.shapes import SIGNS, answer_of, narrow, number_of
from question_bank.formats.papers.tails import tail_of
from question_bank.formats.word_lists import W

HIDDEN = "hidden"
"""What marks a run that Word does not show."""
LONGEST_TOLD = 60
"""Characters of a text that is told because it was left out."""


@dataclass
class Run:
    """A stretch of a paragraph that looks the same from end to end."""

    text: str
    marks: frozenset[str] = frozenset()


def seen(runs: Sequence[Run]) -> tuple[list[Run], list[str]]:
    """The runs without hidden ones that answer nothing, and what those say.

    Teachers hide answers: in brackets, behind 答案, or as a paragraph of its own.
    """
    out: list[Run] = []
    left: list[str] = []
    for at, run in enumerate(runs):
        if HIDDEN not in run.marks:
            out.append(run)
        elif _answers(run.text, "".join(one.text for one in out), runs[at + 1].text if at + 1 < len(runs) else ""):
            out.append(replace(run, marks=run.marks - {HIDDEN}))
        elif run.text.strip():
            left.append(run.text.strip())
    return out, left


def _answers(text: str, before: str, behind: str) -> bool:
    is_shut = narrow(before).rstrip()[-1:] == "(" and narrow(behind).lstrip()[:1] == ")"
    if is_answer_alone(text.strip("()（） ")):
        return is_shut or (narrow(text).strip()[:1] == "(" and narrow(text).strip()[-1:] == ")")
    return answer_of(text) is not None or (not before.strip() and tail_of(text) is not None)


def is_answer_alone(text: str) -> bool:
    """Whether a text is nothing but letters of options or a verdict."""
    return letters_in(text) is not None or says_true_or_false(text)


def shortened(text: str) -> str:
    """A text as it is told of."""
    bare = " ".join(text.split())
    return bare if len(bare) <= LONGEST_TOLD else bare[: LONGEST_TOLD - 1] + "…"


def notes_of(part: Any, kind: str) -> dict[str, str]:
    """The texts of a document's footnotes, endnotes or comments, by their ids."""
    target = next(
        (one.target_part for one in part.rels.values() if not one.is_external and one.reltype.endswith(f"/{kind}s")),
        None,
    )
    if target is None:
        return {}
    root = parse_xml(target.blob)
    return {
        note.get(f"{W}id", ""): "\n".join(
            "".join(text.text or "" for text in one.iter(f"{W}t")) for one in note.iter(f"{W}p")
        ).strip()
        for note in root.iter(f"{W}{kind}")
    }


def answer_of_note(text: str) -> str | None:
    """The line of an answer that a note is; None for any other note."""
    said = answer_of(text)
    if said is not None and said.text and "\n" not in said.text:
        return text
    return f"答案：{text}" if is_answer_alone(text) else None


_RIGHT, _WRONG = "True|T|Yes|对|正确|是|√", "False|F|No|错误?|不正确|否|×"
_PAIR = rf"(?P<right>{_RIGHT})(?:\s*[/／|]\s*|\s{{2,}}|\t)(?P<wrong>{_WRONG})"
_AT_END = re.compile(rf"(?:(?<=[\s.。?？!！])|(?<=[\u4e00-\u9fff])(?=[TF√]))\s*[(（]?\s*{_PAIR}\s*[)）]?\s*$")
_AT_START = re.compile(rf"(?:\d{{1,3}}\s*[.、．)]\s*)?(?P<pair>[(（]?\s*{_PAIR}\s*[)）]?\s+)(?=\S)")


def with_verdict(line: Line) -> list[Line]:
    """`… True / **False**` and below it its answer: of two verdicts the one that stands out."""
    if not line.marked:
        return [line]
    start = _AT_START.match(line.text)
    found = _AT_END.search(line.text) or (start if start and number_of(line.text[: start.end()] + "x") else None)
    if found is None:
        return [line]
    right, wrong = line.marks(*found.span("right")), line.marks(*found.span("wrong"))
    mark = next((one for one in MARKS if (one in right) != (one in wrong)), None)
    if mark is None:
        return [line]
    verdict = found.group("right" if mark in right else "wrong")
    said = "对" if verdict in _RIGHT.split("|") else "错"
    if found is start:
        text = line.text[: found.start("pair")] + line.text[found.end("pair") :].rstrip()
    else:
        text = line.text[: found.start()].rstrip()
    return [replace(line, text=text, marked=()), Line(line.where, f"答案：{said}")]


_SHUT = re.compile(rf"\s*[(（]\s*(?:[A-Ha-h]{{1,8}}|[{SIGNS}]|对|错|正确|错误)?\s*[)）]\s*")


def is_shut_answer(text: str) -> bool:
    """Whether a text is nothing but an answer in its brackets."""
    return _SHUT.fullmatch(text) is not None


def pieces_with(found: Sequence[Line], notes: Sequence[str]) -> Iterator[Line]:
    """The lines of a paragraph, and below them the answers that its notes give."""
    yield from found
    for text in notes:
        if answer := answer_of_note(text):
            yield Line(found[-1].where, answer)


_BOX = re.compile(r"\s*(?P<box>[☐□☒☑✓✔])\s*\S")


def with_boxes_ticked(lines: Sequence[Line]) -> list[Line]:
    """Lines in which ☒ is the sign of a box that is ticked, where the others are empty and none has a tick of its own.

    So Word and programs that write for it show a box that somebody clicked.
    """
    boxes = {found["box"] for line in lines if (found := _BOX.match(line.text))}
    if "☒" not in boxes or not boxes <= {"☐", "□", "☒"} or len(boxes) < 2:
        return list(lines)
    return [
        replace(line, text=line.text.replace("☒", "☑", 1)) if line.text.lstrip().startswith("☒") else line
        for line in lines
    ]


_CIRCLED = re.compile("[Ⓐ-Ⓗ]")


def with_plain_letters(line: Line) -> Line:
    """`Ⓐ 甲  Ⓑ 乙` as `A. 甲  B. 乙`, and such a letter of an answer as the letter."""
    if not _CIRCLED.search(line.text):
        return line
    point = ". " if _CIRCLED.match(line.text.lstrip()) and len(line.text.strip()) > 1 else ""
    places, text = [0], ""
    for sign in line.text:
        text += chr(ord(sign) - 0x24B6 + 65) + point if _CIRCLED.match(sign) else sign
        places.append(len(text))
    return replace(line, text=text, marked=tuple((places[a], places[b], mark) for a, b, mark in line.marked))


def with_verdicts_told(lines: Sequence[Line]) -> list[Line]:
    """Lines in which 对 above 错, of which one stands out, are the answer of the statement above them."""
    out: list[Line] = []
    for line in lines:
        above = out[-1] if out else None
        said = _marked_verdict(above, line) if above is not None else None
        if said is None:
            out.append(line)
        else:
            out[-1] = Line(line.where, f"答案：{said}")
    return out


LONGEST_VERDICT = 8
"""Characters of a line that is nothing but a verdict."""


def _marked_verdict(above: Line, line: Line) -> str | None:
    texts = [one.text.strip(" \t○●□☐☑") for one in (above, line)]
    if max(map(len, texts)) > LONGEST_VERDICT or {truth(text) for text in texts} != {True, False}:
        return None
    looks = [one.marks(0, len(one.text)) for one in (above, line)]
    mark = next((one for one in MARKS if (one in looks[0]) != (one in looks[1])), None)
    if mark is None:
        return None
    return "对" if truth(texts[0] if mark in looks[0] else texts[1]) else "错"
