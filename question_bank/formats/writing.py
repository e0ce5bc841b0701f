"""Questions written out as GIFT, as a workbook or as JSON; what a format can't say is left out with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from io import BytesIO
from typing import Any

import xlsxwriter

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft, cleaned, fingerprint
from question_bank.formats import gift, objects, tables
from question_bank.formats.reading import Reading, Refusal
from question_bank.formats.rich_text import shown
from question_bank.fractions import fraction

FORMATS = ("gift", "excel", "json")
SUFFIXES = {"gift": "gift", "excel": "xlsx", "json": "json"}
_TYPES = {"single_choice": "单选题", "multiple_choice": "多选题", "true_false": "判断题", "fill_in": "填空题"}
_DEGREES = ("", "易", "较易", "中", "较难", "难")


@dataclass
class Written:
    """A file, and the questions that its format can't say, by title or stem."""

    data: bytes
    left_out: list[Refusal] = field(default_factory=list)


def write(drafts: Sequence[QuestionDraft], format: str) -> Written:
    """The questions as a file of that format; Refused when there is no writer for it.

    Each question is read back as it was written: one that would come back another is left out instead.
    """
    writers: dict[str, Callable[[Sequence[QuestionDraft]], Written]] = {
        "gift": write_gift,
        "excel": write_excel,
        "json": write_json,
    }
    if format not in writers:
        raise Refused(_("Questions can't be written as %(name)s yet.", name=format[:40]), format=format)
    return writers[format](drafts)


def write_json(drafts: Sequence[QuestionDraft]) -> Written:
    """Everything, in our own form."""
    return Written(objects.write(list(drafts)))


def _is_same(before: QuestionDraft, read_back: Iterable[QuestionDraft]) -> bool:
    again = list(read_back)
    if len(again) != 1:
        return False
    try:
        after = cleaned(again[0])
    except Refused:
        return False
    return fingerprint(after) == fingerprint(before) and after.stem_html == before.stem_html


def _name(draft: QuestionDraft) -> str:
    return draft.title or shown(draft.stem_html)[:60]


def _left_out(draft: QuestionDraft, format: str) -> Refusal:
    return Refusal(_name(draft), _("The format %(name)s can't say all of this question.", name=format))


# GIFT


def write_gift(drafts: Sequence[QuestionDraft]) -> Written:
    """GIFT, in HTML, with categories, titles, tags, weights and feedback."""
    parts: list[str] = []
    left_out: list[Refusal] = []
    category = ""
    for draft in map(cleaned, drafts):
        block = _gift(draft)
        if block is None or not _is_same(draft, gift.read(block).questions):
            left_out.append(_left_out(draft, "gift"))
            continue
        if draft.category != category:
            category = draft.category
            parts.append(f"$CATEGORY: $course$/top/{category}".rstrip("/"))
        parts.append(block)
    return Written(("\n\n".join(parts) + "\n").encode(), left_out)


def _gift(draft: QuestionDraft) -> str | None:
    answers = _gift_answers(draft)
    if answers is None:
        return None
    tags = " ".join("[tag:" + re.sub(r"([]\\])", r"\\\1", tag) + "]" for tag in draft.tags)
    head = f"// {tags}\n" if tags else ""
    title = f"::{_escaped(draft.title)}::" if draft.title else ""
    general = f"\n\t####{_escaped(draft.explanation_html)}" if draft.explanation_html else ""
    body = f"{{{answers}{general}\n}}" if answers or general else ""
    return f"{head}{title}[html]{_escaped(draft.stem_html)}{body}"


def _gift_answers(draft: QuestionDraft) -> str | None:
    content = draft.content
    if draft.kind in {"single_choice", "multiple_choice"}:
        return "".join(_gift_option(option, draft.kind) for option in content["options"])
    if draft.kind == "true_false":
        told = {True: content.get("feedback_true_html", ""), False: content.get("feedback_false_html", "")}
        right, wrong = told[content["answer"]], told[not content["answer"]]
        word = "TRUE" if content["answer"] else "FALSE"
        return word + (f"#{_escaped(wrong)}#{_escaped(right)}" if right or wrong else "")
    if draft.kind == "short_answer":
        return "".join(_gift_typed(answer) for answer in content["answers"])
    if draft.kind == "numerical":
        return "#" + "".join(_gift_number(answer) for answer in content["answers"])
    return "" if draft.kind == "description" else None


def _gift_option(option: dict[str, Any], kind: str) -> str:
    worth = fraction(option["fraction"])
    if kind == "single_choice":
        mark = "=" if worth == 1 else f"~%{_percent(worth)}%" if worth else "~"
    else:
        mark = f"~%{_percent(worth)}%"
    return f"\n\t{mark}{_escaped(option['html'])}{_gift_feedback(option)}"


def _gift_typed(answer: dict[str, Any]) -> str:
    text = _escaped(answer["text"])
    text = text if answer.get("wildcards") else text.replace("*", "\\*")
    return f"\n\t=%{_percent(fraction(answer['fraction']))}%[plain]{text}{_gift_feedback(answer)}"


def _gift_number(answer: dict[str, Any]) -> str:
    if "text" in answer:
        return f"\n\t~{_gift_feedback(answer) or '#'}"
    spec = (
        f"{answer['value']}:{answer.get('tolerance', '0')}"
        if "value" in answer
        else f"{answer['low']}..{answer['high']}"
    )
    return f"\n\t=%{_percent(fraction(answer['fraction']))}%{spec}{_gift_feedback(answer)}"


def _gift_feedback(answer: dict[str, Any]) -> str:
    return f"#{_escaped(answer['feedback_html'])}" if answer.get("feedback_html") else ""


def _percent(value: Fraction) -> str:
    return f"{float(value * 100):.5f}".rstrip("0").rstrip(".")


def _escaped(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text.strip()).replace("\n", "\\n")


# The workbook


def write_excel(drafts: Sequence[QuestionDraft]) -> Written:
    """A workbook in the first wide layout, with columns of tags and sources behind it."""
    kept: list[list[str | float]] = []
    left_out: list[Refusal] = []
    ready = [cleaned(draft) for draft in drafts]
    letters = max([6, *(len(draft.content.get("options", [])) for draft in ready)])
    header = [
        "题干",
        "题型",
        *(f"选项{_letter(n)}" for n in range(letters)),
        "答案",
        "解析",
        "知识点",
        "难度",
        "分值",
        "标签",
        "出处",
    ]
    for draft in ready:
        row = _row(draft, letters)
        if row is None or not _is_same(draft, _read_back(header, row)):
            left_out.append(_left_out(draft, "excel"))
        else:
            kept.append(row)
    return Written(_workbook(header, kept), left_out)


def _letter(number: int) -> str:
    return chr(65 + number)


def _row(draft: QuestionDraft, letters: int) -> list[str | float] | None:
    options = draft.content.get("options", [])
    if draft.kind not in _TYPES or letters > 26:
        return None
    texts = [shown(option["html"]) for option in options]
    return [
        shown(draft.stem_html),
        _TYPES[draft.kind],
        *texts,
        *[""] * (letters - len(texts)),
        _answer(draft),
        shown(draft.explanation_html),
        draft.category,
        _DEGREES[draft.difficulty],
        draft.mark / 1000,
        ",".join(draft.tags),
        " ".join(part for part in (draft.source, draft.clause) if part),
    ]


def _answer(draft: QuestionDraft) -> str:
    content = draft.content
    if draft.kind == "true_false":
        return "对" if content["answer"] else "错"
    if draft.kind == "fill_in":
        return "|".join(";".join(answer.get("text", "") for answer in blank["answers"]) for blank in content["blanks"])
    return "".join(_letter(n) for n, option in enumerate(content["options"]) if fraction(option["fraction"]) > 0)


def _read_back(header: list[str], row: list[str | float]) -> list[QuestionDraft]:
    reading = Reading("excel")
    tables.read_sheet(reading, "", [header, row], ["1", "2"])
    return [replace(draft, where="") for draft in reading.questions]


def _workbook(header: list[str], rows: list[list[str | float]]) -> bytes:
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet("题库")
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, len(header) - 1, 16)
    sheet.write_row(0, 0, header, bold)
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    sheet.write_string(at, column, value, wrapped)
            else:
                sheet.write_number(at, column, value, wrapped)
    book.close()
    return out.getvalue()
