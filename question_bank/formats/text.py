"""Plain text in the conventions of the field: numbered questions, lettered options, answers beside or at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _, place
from question_bank.formats import aiken
from question_bank.formats.carries import Carried, both
from question_bank.formats.fields import plain_answers
from question_bank.formats.papers import text2qti
from question_bank.formats.papers.answering import answer_all
from question_bank.formats.papers.blocks import Block, Line, Section
from question_bank.formats.papers.composing import asks_for_words, draft_of_block
from question_bank.formats.papers.fences import (
    with_answers_labelled,
    with_bold_answers,
    with_options_unfenced,
    with_plain_labels,
    with_replies_named,
    with_tags_numbered,
    with_titles_numbered,
    without_front_matter,
)
from question_bank.formats.papers.gaps import note_gaps
from question_bank.formats.papers.gathering import gather
from question_bank.formats.papers.glances import Glance, asks
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.one_line import questions_in
from question_bank.formats.papers.page_copies import is_copy, running_heads, without_buttons
from question_bank.formats.papers.part_names import with_parts_counted, with_titles_underlined
from question_bank.formats.papers.rereading import answered, read_best
from question_bank.formats.papers.review_pages import is_review
from question_bank.formats.papers.several_papers import papers_in
from question_bank.formats.papers.shapes import (
    INVISIBLE,
    SIGNS,
    narrow,
    number_of,
)
from question_bank.formats.papers.sitters_notes import notes_to_sitters
from question_bank.formats.papers.undressing import undressed
from question_bank.formats.reading import Reading, Refusal

NAME = "text"
CARRIES = Carried(
    "Numbered questions with lettered options, answers beside them or in a key at the end. Titles and feedback are not"
    " kept, nor markup.",
    plain_answers.CARRIED
    | {"case": both("Read as a material, or as numbers in brackets below a question; written with such numbers.")},
)
_MARKDOWN = re.compile(r"^#{1,6} |^\s*(?:\d{1,3}[.、)]\s+)?\*\*.+\*\*|^```|<summary>", re.MULTILINE)
_BOLD_WORDS = re.compile(r"(?<![\w*])\*\*(?=[^\s*])[^*\n]+(?<=\S)\*\*(?![\w*])")
_ESCAPED_LABEL = re.compile(r"^(\s*(?:[A-H]|\d{1,4}))\\([.)])", re.MULTILINE)
_COLOURED = re.compile(f"(?<=[{SIGNS}])\ufe0f")
LONGEST_SHOWN = 60
"""Characters of a line that is shown because it fits nowhere."""


_POINT_ABOVE_BOXES = re.compile(r"^[-*+] +(?=[^\s\[])(.*\n(?:[ \t]*\n)?[ \t]+[-*+] +\[[ xX]?\] )", re.MULTILINE)
"""A question that is a point of a list, with its options as points of a list inside it."""
_ASKED = re.compile(r"^\s*(?:问|问题|题目|题干)\s*[:：]\s*\S", re.MULTILINE)
_SAID = re.compile(r"^\s*答案?\s*[:：]\s*\S", re.MULTILINE)


def looks_like(text: str) -> bool:
    """Whether a text has the shapes of a paper: options or answers below numbers or headings.

    Numbers and letters alone are those of any list: something has to ask, or to be marked as right.
    """
    text = _seen_first(text)
    glance = Glance()
    for line in _first_lines(text):
        glance.take(line)
    return is_review(text) or glance.is_of_paper() or len(_ASKED.findall(text)) > 1 < len(_SAID.findall(text))


def _first_lines(text: str) -> list[str]:
    """What a glance at a text takes in, questions on one line apart."""
    return [piece for raw in _COLOURED.sub("", text).split("\n", 3000)[:3000] for piece in questions_in(raw)]


def folds_answers(text: str) -> bool:
    """Whether a text that begins with a tag is Markdown whose answers are folded away, and no page of HTML."""
    return "<summary>" in text and "<html" not in text.casefold() and looks_like(text)


def says_answers(text: str) -> bool:
    """Whether lines beginning with 答案 stand below lines with numbers or letters: no other format has such lines."""
    answers = len(re.findall(r"^\s*【?(?:正确|参考|标准)?答案】?\s*[:：]", text, re.MULTILINE))
    return answers > 0 and re.search(r"^\s*[(（]?(?:\d{1,4}|[A-Da-d])\s*[.．、）)]", text, re.MULTILINE) is not None


def holds_more_than_aiken(text: str) -> bool:
    """Whether a text with Aiken's answers has headings, or questions that Aiken does not know: it is a paper then."""
    if not aiken.looks_like(text):
        return False
    chosen = aiken.read(text)
    is_parted = any((found := heading_of(line)) and found.kind for line in text.split("\n", LINES_TRIED)[:LINES_TRIED])
    if not (chosen.refused or is_parted):
        return False
    paper = read(text)
    is_fuller = len(paper.questions) > len(chosen.questions) or is_parted
    return is_fuller and len(paper.questions) >= len(chosen.questions) and len(paper.refused) <= len(chosen.refused)


def reads_as_paper(text: str) -> bool:
    """Whether a text without any of those shapes is one of questions all the same: most of what is read is complete.

    So is a list of nothing but questions, as an examiner hands it out.
    """
    reading = read("\n".join(text.split("\n", LINES_TRIED)[:LINES_TRIED]))
    complete = len(answered(reading))
    if complete > 1:
        return 2 * complete > len(reading.questions) + len(reading.refused)
    return _lists_questions([line for line in text.split("\n") if line.strip()])


def _lists_questions(lines: Sequence[str]) -> bool:
    """Whether lines are numbered upward, and many of them ask; most of them where others stand between them."""
    items: list[list[str]] = []
    for line in lines:
        if number_of(line) is not None:
            items.append([line])
        elif items:
            items[-1].append(line)
        else:
            return False
    numbers = [number.value for item in items if (number := number_of(item[0]))]
    if len(items) < FEWEST_LISTED or any(a >= b for a, b in pairwise(numbers)):
        return False
    asking = sum(narrow(item[0]).rstrip()[-1:] == "?" for item in items)
    if len(items) == len(lines):
        return 3 * asking >= len(items)
    asking = sum(any("?" in narrow(line) for line in item) or _asks_for_words(item[0]) for item in items)
    return len(items) >= FEWEST_MIXED and 5 * len(items) >= 2 * len(lines) and 4 * asking >= 3 * len(items)


def _asks_for_words(line: str) -> bool:
    number = number_of(line)
    return number is not None and asks_for_words(line[number.end :].strip())


FEWEST_LISTED = 3
FEWEST_MIXED = 5
"""Numbered lines that can be a list of questions: without any other line, and with others between them."""
LONGEST_RUN = 200
"""How often a blank, a stroke or another sign stands in a row, at most: thousands say no more, and are slow to read."""
_RUN = re.compile(rf"([^\w\r\n\f]|_)\1{{{LONGEST_RUN},}}")
LINES_TRIED = 600
"""Lines of a text that is read to find out whether it holds questions."""


def read(text: str) -> Reading:
    """Every question of a plain text; what fits nowhere is listed as warnings with its line."""
    if text2qti.looks_like(text):
        return text2qti.read(text, NAME)
    reading, text = Reading(NAME), _with_short_runs(text)
    read_lines(reading, lines_of(text))
    if with_replies_named(text) != text:
        reading.warnings.append(_("The lines below the questions were taken for their answers. Please check."))
    return reading


def _seen_first(text: str) -> str:
    text = _POINT_ABOVE_BOXES.sub(r"\1", with_plain_labels(_with_short_runs(text)))
    return with_replies_named(with_bold_answers(text))


def _with_short_runs(text: str) -> str:
    return _RUN.sub(lambda found: found.group()[:LONGEST_RUN], text)


def lines_of(text: str) -> list[Line]:
    """The lines of a text, freed of Markdown's dress and of invisible signs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(INVISIBLE).replace("\x0c", "\n")
    text = _COLOURED.sub("", text) if "\ufe0f" in text else text
    is_markdown = bool(_MARKDOWN.search(text)) or len(_BOLD_WORDS.findall(text)) > 1
    lines: list[Line] = []
    in_code, is_of_page = False, is_copy(text)
    text = with_tags_numbered(_POINT_ABOVE_BOXES.sub(r"\1", with_plain_labels(text)))
    text = with_titles_numbered(with_options_unfenced(text)) if is_markdown else text
    text = with_bold_answers(with_answers_labelled(text)) if "*" in text else text
    text = with_replies_named(without_front_matter(text))
    text = _ESCAPED_LABEL.sub(r"\1\2", text) if "\\" in text else text
    heads = running_heads(text)
    for number, sent in enumerate(text.split("\n"), 1):
        if heads and sent.strip() in heads:
            continue
        where = f"line {number}"
        raw = without_buttons(sent) if is_of_page else sent
        if is_markdown and raw.lstrip().startswith(("```", "~~~")):
            in_code = not in_code
            continue
        if in_code:
            lines.append(Line(where, raw, is_code=True))
            continue
        for n, piece in enumerate(questions_in(raw), 1):
            found = undressed(piece, is_markdown=is_markdown)
            lines.append(replace(found, where=where if n == 1 else f"{where}, question {n}"))
    return with_parts_counted(with_titles_underlined(lines))


def read_lines(reading: Reading, lines: Sequence[Line]) -> None:
    """Add the questions of a paper's lines to a reading; every line that fits nowhere becomes a warning."""
    for paper in papers_in(lines):
        read_best(reading, paper, _read_as_they_stand)


def _read_as_they_stand(reading: Reading, lines: Sequence[Line]) -> None:
    notes = notes_to_sitters(lines)
    found = gather([line for at, line in enumerate(lines) if at not in notes])
    if notes:
        where, end = lines[min(notes)].where, place(lines[max(notes)].where)
        found.warnings.append(
            _("%(where)s to %(end)s were taken for notes on the paper, not for questions.", where=where, end=end)
        )
    answer_all(found)
    note_gaps(found.sections)
    inside = {block.serial for section in found.sections for one in section.blocks for block in one.subs}
    is_paper = any(block.is_closed for section in found.sections for block in section.blocks)
    for section in found.sections:
        if is_paper and _asks_nothing(section):
            places = {block.where for block in section.blocks}
            found.unplaced += [line for line in lines if line.where in places]
            continue
        asking = None if is_paper or section.kind is not None else _asking(section)
        for block in section.blocks:
            if asking is not None and block.serial not in asking:
                found.unplaced += [line for line in lines if line.where == block.where]
            elif block.serial not in inside:
                _read_block(reading, block)
    reading.warnings += found.warnings
    _show_unplaced(reading, found.unplaced, lines)


def _asks_nothing(section: Section) -> bool:
    """Whether a part of a text holds numbered lines of which none asks, is answered, or has anything to choose from."""
    is_told = section.kind is not None or section.total is not None
    return bool(section.blocks) and not is_told and not any(map(_is_question, section.blocks))


def _is_question(block: Block) -> bool:
    stem = "\n".join(block.stem)
    is_told = block.is_closed or block.is_material or bool(block.subs or block.options or block.mark or block.kind)
    return is_told or asks(stem) or asks_for_words(stem)


def _asking(section: Section) -> set[int]:
    """The questions of a part without answers; where a third asks, what is one line does so, too: `默认端口号`."""
    asking = {block.serial for block in section.blocks if _asks_at_its_ends(block)}
    if 3 * len(asking) >= len(section.blocks):
        asking |= {block.serial for block in section.blocks if len(block.stem) == 1}
    return asking


def _asks_at_its_ends(block: Block) -> bool:
    """Whether a block without an answer asks in its first line or its last one: what asks inside may be a text."""
    return any(_is_question(replace(block, stem=[line])) for line in block.stem[:1] + block.stem[-1:])


def _read_block(reading: Reading, block: Block) -> None:
    if block.is_material and not block.subs and not block.has_answer:
        reading.refused.append(Refusal(block.where, _("No question follows this text.")))
        return
    try:
        reading.questions.append(draft_of_block(block))
    except Refused as error:
        reading.refuse(block.where, error)
    else:
        reading.warnings += [note for note in block.notes if note not in reading.warnings]


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
