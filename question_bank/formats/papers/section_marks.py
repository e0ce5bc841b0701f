"""What the heading of a section gives each of its questions."""

from __future__ import annotations

from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.fields.rows import Row
from question_bank.formats.papers.blocks import Block


def mark_in_section(block: Block, row: Row, draft: QuestionDraft) -> int:
    """What a question earns: its own mark, else what the heading of its section gives it."""
    here, mark = block.section, block.section.mark
    if not row.mark and (own := _mark_by_number(block)):
        return own
    if not row.mark and mark is None and here.total and len(here.blocks) == 1:
        return here.total
    if not row.mark and mark is None and here.product:
        return _mark_of_product(block, here.product, draft)
    if row.mark or mark is None:
        return draft.mark
    if (share := _share_of_case(block)) is not None:
        return share
    if here.mark_per_blank:
        return min(mark * max(len(draft.content.get("blanks", [])), 1), 1_000_000)
    return mark


def _mark_of_product(block: Block, product: tuple[int, int], draft: QuestionDraft) -> int:
    """What `(20*2)` gives each question: the number that does not count them; where neither does, that is told."""
    count, each = product
    there = len(block.section.blocks)
    if there not in product:
        block.notes.append(
            _(
                "%(where)s: “%(a)s × %(b)s” in the heading does not tell how many marks a question earns.",
                where=block.where,
                a=count,
                b=each,
            )
        )
        return draft.mark
    return 1000 * (each if there == count else count)


def _mark_by_number(block: Block) -> int | None:
    """What the heading says of this very question: `第1小题6分，第2小题8分`, by its number or by its place."""
    told = block.section.marks
    if not told or block not in block.section.blocks:
        return None
    by_place = sorted(told) == list(range(1, len(block.section.blocks) + 1))
    return told.get(block.section.blocks.index(block) + 1 if by_place else block.number or 0)


def _share_of_case(block: Block) -> int | None:
    """A question's share of its case's mark, where the heading's `每题15分` speaks of cases: there are just so many.

    Where it does not count them, cases that each count their questions from 1 are meant, and that is told.
    """
    here = block.section
    if here.mark is None or here.mark_per_blank:
        return None
    cases = [one for one in here.blocks if one.is_material and one.subs]
    asked = sum(len(one.subs) for one in cases)
    case = next((one for one in cases if any(sub is block for sub in one.subs)), None)
    if case is None or len(cases) == asked:
        return None
    counts_anew = len(cases) > 1 and all(one.subs[0].number == 1 for one in cases)
    if here.count != len(cases) and not (here.count is None and counts_anew):
        return None
    place = [sub.serial for sub in case.subs].index(block.serial)
    if here.count is None and not place:
        case.notes.append(
            _("%(where)s: the marks in the heading were taken for each case, not for each question.", where=case.where)
        )
    each, rest = divmod(here.mark, len(case.subs))
    return each + (place < rest)
