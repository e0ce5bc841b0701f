"""Plain text in the conventions of the field: numbered questions, lettered options, answers beside or at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats import plain_answers
from question_bank.formats.answering import answer_all
from question_bank.formats.blocks import Block, Line
from question_bank.formats.carries import Carried, both
from question_bank.formats.composing import draft_of_block
from question_bank.formats.gathering import gather
from question_bank.formats.headings import heading_of
from question_bank.formats.keys import is_key_heading
from question_bank.formats.reading import Reading, Refusal
from question_bank.formats.shapes import answer_of, number_of, options_of

NAME = "text"
CARRIES = Carried(
    "Numbered questions with lettered options, answers beside them or in a key at the end. Titles and feedback are not"
    " kept, nor markup.",
    plain_answers.CARRIED
    | {"case": both("Read as a material, or as numbers in brackets below a question; written with such numbers.")},
)
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD], None)
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=[^\s_])([^_]+?)(?<=[^\s_])__(?=\s|$)")
_DRESS = re.compile(
    r"\s*(?:>\s*|[-+]\s+(?=(?:\[[ xX]?\]\s*)?\**[A-Za-z][.、．)）])"
    r"|[-*+]\s+(?=\*{0,2}(?:正确|参考|标准)?答案|\*{0,2}解析))+"
)
LONGEST_SHOWN = 60
"""Characters of a line that is shown because it fits nowhere."""


def looks_like(text: str) -> bool:
    """Whether a text has the shapes of a paper: options or answers below numbers or headings."""
    options = answers = numbers = headings = 0
    for raw in text.split("\n", 3000)[:3000]:
        line = _undressed(raw, is_markdown=True).text
        if not line.strip():
            continue
        headings += heading_of(line) is not None or is_key_heading(line)
        numbers += number_of(line) is not None
        answers += answer_of(line) is not None
        options += len(options_of(line, "A")) or len(options_of(line, "", anywhere=True))
    return (
        bool(options and (answers or numbers or headings))
        or bool(answers and (numbers or headings))
        or bool(headings and numbers)
    )


def says_answers(text: str) -> bool:
    """Whether lines beginning with 答案 stand below lines with numbers or letters: no other format has such lines."""
    answers = len(re.findall(r"^\s*【?(?:正确|参考|标准)?答案】?\s*[:：]", text, re.MULTILINE))
    return answers > 0 and re.search(r"^\s*[(（]?(?:\d{1,4}|[A-Da-d])\s*[.．、）)]", text, re.MULTILINE) is not None


def read(text: str) -> Reading:
    """Every question of a plain text; what fits nowhere is listed as warnings with its line."""
    reading = Reading(NAME)
    read_lines(reading, lines_of(text))
    return reading


def lines_of(text: str) -> list[Line]:
    """The lines of a text, freed of Markdown's dress and of invisible signs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLE).replace("\x0c", "\n")
    is_markdown = bool(re.search(r"^#{1,6} |^\s*\*\*.+\*\*|^```", text, re.MULTILINE))
    lines: list[Line] = []
    in_code = False
    for number, raw in enumerate(text.split("\n"), 1):
        where = f"line {number}"
        if is_markdown and raw.lstrip().startswith(("```", "~~~")):
            in_code = not in_code
            continue
        if in_code:
            lines.append(Line(where, raw, is_code=True))
        else:
            found = _undressed(raw, is_markdown=is_markdown)
            lines.append(Line(where, found.text, found.marked))
    return lines


def _undressed(raw: str, *, is_markdown: bool) -> Line:
    """A line without `>`, `-`, `#` and `**`; what was bold is marked."""
    text = raw.rstrip()
    if not is_markdown:
        dress = re.match(r"\s*[-*+]\s+(?=(?:\[[ xX]?\]\s*)?[A-Za-z][.、．)）])", text)
        return Line("", text[dress.end() :] if dress else text)
    dress = _DRESS.match(text)
    text = text[dress.end() :] if dress else text
    text = re.sub(r"^\s*#{1,6}\s+", "", text)
    out, marked, at = "", [], 0
    for found in _BOLD.finditer(text):
        out += text[at : found.start()]
        bold = found.group(1) or found.group(2)
        marked.append((len(out), len(out) + len(bold), "bold"))
        out, at = out + bold, found.end()
    return Line("", out + text[at:], tuple(marked))


def read_lines(reading: Reading, lines: Sequence[Line]) -> None:
    """Add the questions of a paper's lines to a reading; every line that fits nowhere becomes a warning."""
    found = gather(lines)
    answer_all(found)
    inside = {block.serial for section in found.sections for one in section.blocks for block in one.subs}
    for section in found.sections:
        for block in section.blocks:
            if block.serial not in inside:
                _read_block(reading, block)
    reading.warnings += found.warnings
    _show_unplaced(reading, found.unplaced, lines)


def _read_block(reading: Reading, block: Block) -> None:
    if block.is_material and not block.subs and not block.has_answer:
        reading.refused.append(Refusal(block.where, _("No question follows this text.")))
        return
    try:
        reading.questions.append(draft_of_block(block))
    except Refused as error:
        reading.refuse(block.where, error)
    else:
        reading.warnings += block.notes


def _show_unplaced(reading: Reading, unplaced: Sequence[Line], lines: Sequence[Line]) -> None:
    at = {line.where: n for n, line in enumerate(lines)}
    last = -2
    for line in unplaced:
        place = at.get(line.where, 0)
        if place > last + 1:
            shown = line.text.strip()
            shown = shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"
            reading.warnings.append(
                _("%(where)s was not taken as part of a question: %(text)s", where=line.where, text=shown)
            )
        last = place
