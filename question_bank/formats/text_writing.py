"""Questions written out as plain text, in the first form of each convention: `1.`, `A.`, `答案：`, `解析：`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from question_bank.authoring import QuestionDraft
from question_bank.formats import text
from question_bank.formats.fields.plain_answers import DEGREES, TYPES, letter, options_and_answer, questions_of
from question_bank.formats.resting import source_said
from question_bank.formats.rich_text import shown
from question_bank.formats.written import Files, Written, keep

KEPT = ("mark", "difficulty", "tags", "category", "explanation_html", "source", "clause")


def write(drafts: Sequence[QuestionDraft], files: Files) -> Written:
    """Plain text in UTF-8."""

    def read_back(draft: QuestionDraft, block: str) -> list[QuestionDraft]:
        return text.read(f"1. {block}\n").questions

    blocks, written = keep(drafts, "TXT", block_of, read_back, KEPT)
    written.data = ("\n\n".join(f"{n}. {block}" for n, (_draft, block) in enumerate(blocks, 1)) + "\n").encode()
    return written


def block_of(draft: QuestionDraft) -> str | None:
    """A question without its number; None for a kind that has no form in plain text."""
    if draft.kind == "case":
        return _case(draft)
    said = options_and_answer(draft)
    if said is None:
        return None
    options, answer = said
    lines = [shown(draft.stem_html)]
    lines += [f"{letter(n)}. {option}" for n, option in enumerate(options)]
    if answer:
        lines.append(f"{'参考答案' if draft.kind == 'essay' else '答案'}：{answer}")
    if draft.explanation_html:
        lines.append(f"解析：{shown(draft.explanation_html)}")
    return "\n".join([*lines, f"题型：{TYPES[draft.kind]}", *_tails(draft)])


def _tails(draft: QuestionDraft) -> list[str]:
    lines = [f"知识点：{draft.category}"] if draft.category else []
    lines += [f"难度：{DEGREES[draft.difficulty]}"] if draft.difficulty != 3 else []
    lines += [f"分值：{_number(draft.mark)}"] if draft.mark != 1000 else []
    lines += [f"出处：{source_said(draft.source, draft.clause)}"] if draft.source else []
    return lines + ([f"标签：{'，'.join(draft.tags)}"] if draft.tags else [])


def _number(thousandths: int) -> str:
    value = Fraction(thousandths, 1000)
    return str(value) if value.denominator == 1 else f"{float(value):.3f}".rstrip("0")


def _case(draft: QuestionDraft) -> str | None:
    """The text, its explanation, then the questions about it with their numbers in brackets."""
    lines = [shown(draft.stem_html)]
    if draft.explanation_html:
        lines.append(f"解析：{shown(draft.explanation_html)}")
    for number, question in enumerate(questions_of(draft), 1):
        block = block_of(question)
        if block is None:
            return None
        lines.append(f"({number}) {block}")
    return "\n".join(lines)
