"""Questions about a text that are numbered below it, `（1）…`, and answered together under the same numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from question_bank.formats.papers.blocks import Block, Line
from question_bank.formats.papers.headings import cut_tags, heading_of
from question_bank.formats.papers.materials import begins_material
from question_bank.formats.papers.shapes import answer_of, narrow, number_of

_PART = re.compile(r"\s*\(\s*(\d{1,2})\s*\)\s*[.、]?\s*")
_PART_OF_ANSWER = re.compile(r"(?:^|(?<=[\s;,。.!?]))\(\s*(\d{1,2})\s*\)\s*[.、]?\s*")
_TASKS_NAMED = re.compile(r"\s*(?:问题|请回答(?:下列问题)?|思考题?|请思考|请问|要求)\s*:\s*(?=\(\s*1\s*\))")
_LABEL_ALONE = re.compile(r"\s*(?:问题|请回答(?:下列问题)?|思考题?|请思考|请问|要求)\s*[:：]?\s*")
FAR = 12
"""Lines between the number of a question and its first part, at most."""


def with_tasks_below(lines: Sequence[Line]) -> Sequence[Line]:
    """`问题：（1）…` in a numbered question without the word before its parts: it begins no question of its own."""
    out: list[Line] = []
    for at, line in enumerate(lines):
        found = None if line.is_code else _TASKS_NAMED.match(narrow(line.text))
        if found and _is_in_question(lines, at):
            end = found.end()
            marked = tuple((max(a - end, 0), b - end, mark) for a, b, mark in line.marked if b > end)
            out.append(Line(line.where, line.text[end:], marked))
        else:
            out.append(line)
    return out


def _is_in_question(lines: Sequence[Line], at: int) -> bool:
    for above in reversed(lines[max(at - FAR, 0) : at]):
        number = number_of(above.text)
        if answer_of(above.text) is not None or heading_of(above.text) is not None:
            return False
        if number is not None:
            return number.style == "dot"
    return False


def part(block: Block) -> None:
    """Make questions of the numbered parts of a text's question, where its answer has just as many, and marks agree.

    Else nobody types what answers all of them.
    """
    if block.subs or block.options or not block.answer or block.kind or not _is_about_text(block):
        return
    stem = "\n".join(block.stem).split("\n")
    starts = [at for at, line in enumerate(stem) if _PART.match(narrow(line))]
    if len(starts) < 2 or starts[0] == 0:
        return
    asked = ["\n".join(stem[a:b]) for a, b in zip(starts, [*starts[1:], len(stem)], strict=True)]
    block.is_reference = True
    numbers = [int(found.group(1)) for text in asked if (found := _PART.match(narrow(text)))]
    answers = _answers("\n".join(block.answer), len(asked))
    if numbers != list(range(1, len(asked) + 1)) or not answers or not _marks_agree(block, asked):
        return
    block.subs = [_sub(block, n, text, said) for n, (text, said) in enumerate(zip(asked, answers, strict=True), 1)]
    block.stem = without_labels(stem[: starts[0]])
    block.answer = []


def without_labels(stem: Sequence[str]) -> list[str]:
    """The text of a case without `问题：`, which only names what stands below it."""
    return [line for line in stem if not _LABEL_ALONE.fullmatch(line)]


def _is_about_text(block: Block) -> bool:
    return block.section.has_texts or any(map(begins_material, block.stem[:2]))


def _answers(said: str, count: int) -> list[str]:
    """The texts of `（1）…（2）…`, each number once and in order; none when they are others."""
    found = list(_PART_OF_ANSWER.finditer(narrow(said)))
    if [int(one.group(1)) for one in found] != list(range(1, count + 1)) or said[: found[0].start()].strip():
        return []
    ends = [one.start() for one in found[1:]] + [len(said)]
    texts = [said[one.end() : end].strip(" \n;；") for one, end in zip(found, ends, strict=True)]
    return texts if all(texts) else []


def _marks_agree(block: Block, asked: Sequence[str]) -> bool:
    """Whether each part says its mark, or nobody says any but what is the same for every question."""
    said = [bool(cut_tags(text)[2]) for text in asked]
    is_told = bool(cut_tags(block.stem[0])[2]) or "mark" in block.fields or block.section.mark is not None
    return all(said) or not (any(said) or is_told)


def _sub(block: Block, number: int, text: str, said: str) -> Block:
    found = _PART.match(narrow(text))
    sub = Block(block.where, block.section, number, "paren", [text[found.end() if found else 0 :].strip()])
    sub.add_answer(said, is_reference=True)
    return sub
