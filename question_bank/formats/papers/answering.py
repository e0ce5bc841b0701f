"""Keys brought together with the questions they answer; what answers nothing is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from learnhub.kernel.words import Message, _
from question_bank.formats.fields.answers import letters_in
from question_bank.formats.papers.blocks import Block, Section
from question_bank.formats.papers.gathered import Gathered
from question_bank.formats.papers.key_matching import same_kind
from question_bank.formats.papers.keys import Entry
from question_bank.formats.papers.marks import cut_behind_answer
from question_bank.formats.papers.shapes import narrow


def answer_all(found: Gathered) -> None:
    """Give every open question the answer that a key has for it."""
    told = Counter(part.kind for part in found.key if part.entries)
    taken: Counter[str | None] = Counter()
    for kind, category, entries, above in found.key:
        sections = _sections(_before(found.sections, entries, above), kind, category)
        if kind is not None and entries and not category:
            if told[kind] == len(sections) > 1:
                sections = [_waiting_for(entries, sections) or sections[taken[kind]]]
            taken[kind] += 1
        for run, targets in _runs(entries, sections, named=kind is not None):
            numbered: dict[int | None, list[Block]] = {}
            for block in (block for one in targets for block in one.blocks if not block.subs):
                numbered.setdefault(block.number, []).append(block)
            for entry in run:
                _answer(entry, numbered.get(entry.number, []), found.warnings)
    for mark in ("red", "highlight"):
        _tick_whole(found.sections, mark)
    for section in found.sections:
        for block, below in pairwise(section.blocks):
            if below.is_open and _answers_below(block, below):
                block.answers_next = True


def _waiting_for(entries: Sequence[Entry], sections: Sequence[Section]) -> Section | None:
    """The one section whose questions wait for all of these answers; None where several do, or none."""
    numbers = {entry.number for entry in entries}
    found = [one for one in sections if numbers <= {block.number for block in one.open}]
    return found[0] if len(found) == 1 else None


_BEHIND = re.compile(r"(?:^|(?<=[\s;,。]))\(?(\d{1,3})[.、)]")


def _answers_below(block: Block, below: Block) -> bool:
    """Whether an answer goes on with the number of the next question, which has none, and is no list from 1 on."""
    said = narrow("\n".join(block.answer))
    if not below.number or block.number != below.number - 1 or re.search(r"(?<!\d)1[.、)]", said):
        return False
    return below.number in {int(one) for one in _BEHIND.findall(said)}


FEWEST_MARKED = 3
"""Questions of a paper that a colour answers, from which on it answers all."""


def _tick_whole(sections: Sequence[Section], mark: str) -> None:
    """Where a colour answers every other question of a paper, one whose options all have it is answered, too."""
    asked = [one for section in sections for one in section.blocks if one.is_open and len(one.options) > 1]
    counts = [sum(mark in option.marks for option in one.options) for one in asked]
    parted = sum(0 < count < len(one.options) for count, one in zip(counts, asked, strict=True))
    if parted < FEWEST_MARKED or not all(counts):
        return
    for count, one in zip(counts, asked, strict=True):
        for option in one.options if count == len(one.options) else ():
            option.ticked = True


def _before(sections: Sequence[Section], entries: list[Entry], above: int) -> Sequence[Section]:
    """The sections that a key stands below, if they have all the questions that it answers; else all of them."""
    asked = {block.number for one in sections[:above] for block in one.open}
    return sections[:above] if {entry.number for entry in entries} <= asked else sections


def _sections(sections: Sequence[Section], kind: str | None, category: str) -> list[Section]:
    found = [one for one in sections if one.blocks]
    if category:
        found = [one for one in found if one.category == category]
    if kind is not None:
        found = [one for one in found if same_kind(one.kind, kind)]
    return found


def _runs(entries: list[Entry], sections: list[Section], *, named: bool) -> list[tuple[list[Entry], list[Section]]]:
    """Entries cut where their numbers begin anew: as many pieces as there are sections answer them one by one."""
    runs: list[list[Entry]] = []
    for entry in entries:
        if not runs or entry.number <= runs[-1][-1].number:
            runs.append([])
        runs[-1].append(entry)
    waiting = [one for one in sections if one.open]
    if len(runs) > 1 and len(runs) == len(waiting):
        return [(run, [section]) for run, section in zip(runs, waiting, strict=True)]
    if named and len(waiting) > 1 and len(runs) == 1:
        numbers = {entry.number for entry in runs[0]}
        whole = [one for one in waiting if numbers <= {block.number for block in one.open}]
        return [(runs[0], whole if len(whole) == 1 else waiting[:1])]
    return [(run, sections) for run in runs]


def _answer(entry: Entry, numbered: list[Block], warnings: list[Message]) -> None:
    waiting = [block for block in numbered if block.is_open]
    if len(waiting) == 1 or (waiting and len({id(block.section) for block in waiting}) == 1):
        _give(entry, waiting[0])
    elif waiting:
        warnings.append(
            _(
                "%(where)s: the key's answer to question %(n)s could belong to several questions and was left out.",
                where=entry.where,
                n=entry.number,
            )
        )
    elif not numbered:
        warnings.append(
            _("%(where)s: the key answers question %(n)s, which is not there.", where=entry.where, n=entry.number)
        )
    elif entry.answer and not _agrees(entry, numbered):
        warnings.append(
            _(
                "%(where)s: the key answers question %(n)s another way than the question itself does.",
                where=entry.where,
                n=entry.number,
            )
        )


def _agrees(entry: Entry, blocks: Sequence[Block]) -> bool:
    said = "".join("".join(entry.answer).split())
    return any(said == "".join("".join(block.answer).split()) for block in blocks)


def _give(entry: Entry, block: Block) -> None:
    if entry.answer:
        first, mark = cut_behind_answer(entry.answer[0])
        if mark:
            block.fields.setdefault("mark", [mark])
        block.add_answer(first)
        rest = entry.answer[1:]
        if len(block.options) > 1 and letters_in(first) and rest and letters_in("".join(rest)) is None:
            block.fields.setdefault("explanation", []).extend(rest)
            block.notes.append(
                _("%(where)s: the text below the answer was taken for its explanation.", where=entry.where)
            )
        else:
            block.answer += rest
    for name, lines in entry.fields.items():
        block.fields.setdefault(name, []).extend(lines)
