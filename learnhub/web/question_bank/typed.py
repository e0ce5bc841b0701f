"""What an author types into the form of a question, as the content of its kind; and back again, losing nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.web.question_bank import paragraphs
from question_bank.formats.rich_text import html_of, shown
from question_bank.fractions import decimal, from_percent, written
from question_bank.kinds.accepted import shown as answer_shown
from question_bank.kinds.accepted import worth
from question_bank.kinds.fill_in import LARGEST_GROUP

Content = dict[str, Any]
Answer = dict[str, Any]

_SHARE = re.compile(r"\[\s*([0-9.,]{1,12})\s*%\s*\]\s*(.+)", re.DOTALL)
_TOLERANCE = re.compile(r"(.+?)(?:±|\+/-|\+-)(.+)")
_RANGE = re.compile(r"(.+?)(?:…|\.\.+|～|~)(.+)")
_TIMES = re.compile(r"(.+?)(?:×\s*÷|\*\s*/)(.+)")
_IN_BLANK = re.compile(r"[-+−]?[\d.]+\s*(?:(?:±|×\s*÷)\s*[\d.]+\s*[%％]?|…\s*[-+−]?[\d.]+)", re.ASCII)


def text_in(typed: str | None) -> str:
    """A typed text as HTML, not yet clean: HTML where its tags come in pairs, else plain."""
    return html_of((typed or "").replace("\r\n", "\n").replace("\0", "").strip(), "auto")


def text_out(markup: str) -> str:
    """Clean HTML as the author would type it."""
    text = paragraphs.plain(markup)
    return shown(markup) if text is None else text


# Options


def options_content(rows: Iterable[dict[str, Any]], several: bool, negative: bool = False) -> Content:
    """Content of a choice. Each row: `text`, `right`, `share` (percent, empty for an equal one), `feedback`."""
    kept = [row for row in rows if (row["text"] or "").strip()]
    count = sum(1 for row in kept if row["right"])
    if not several and count > 1 and not any((row["share"] or "").strip() for row in kept):
        raise Refused(_("A single choice has one right option. Make it a multiple choice, or give shares."))
    options = []
    for row in kept:
        usual = Fraction(1, count if several else 1) if row["right"] else Fraction(0)
        share = from_percent(row["share"]) if (row["share"] or "").strip() else usual
        if row["right"] != (share > 0):
            raise Refused(_("A right option has a share above zero, a wrong one none or a negative one."))
        options.append(
            {"html": text_in(row["text"]), "fraction": written(share), "feedback_html": text_in(row["feedback"])}
        )
    return {"options": options, **({"negative": True} if negative else {})}


def option_rows(content: Content, several: bool) -> list[dict[str, Any]]:
    """The rows of the form for the options of a choice."""
    right = sum(1 for option in content["options"] if Fraction(option["fraction"]) > 0)
    rows = []
    for option in content["options"]:
        share = Fraction(option["fraction"])
        usual = Fraction(1, right if several else 1) if share > 0 else Fraction(0)
        rows.append(
            {
                "text": text_out(option["html"]),
                "right": share > 0,
                "share": "" if share == usual else percent(share),
                "feedback": text_out(option.get("feedback_html", "")),
            }
        )
    return rows


def percent(share: Fraction) -> str:
    """A share as a percentage that `from_percent` reads as the same share."""
    value = share * 100
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.5f}"


# Accepted answers, one a line


def answers_in(typed: str | None, before: Sequence[Answer] = (), *, numeric: bool = False) -> list[Answer]:
    """Accepted answers from lines such as `Beijing`, `[50%] Peking`, `3.14 ± 0.01`, `3.14 ± 2%`, `100 ×÷ 2`, `3 … 5`.

    A line that stands for an answer of `before` gives exactly that one, with what a line can't say.
    """
    known = {line_of(answer): answer for answer in before}
    lines = [" ".join(line.split()) for line in (typed or "").replace("\0", "").splitlines()]
    return [dict(known[line]) if line in known else _answer(line, numeric) for line in lines if line]


def _answer(line: str, numeric: bool) -> Answer:
    share = _SHARE.fullmatch(line)
    answer: Answer = {"fraction": written(from_percent(share.group(1)))} if share else {"fraction": "1"}
    text = share.group(2) if share else line
    if not numeric:
        return {**answer, "text": text}
    return {**answer, **_accepted_number(text)}


def _accepted_number(text: str) -> Answer:
    """A number with its tolerance, or a range, as the line says it."""
    times, around, between = (pattern.fullmatch(text) for pattern in (_TIMES, _TOLERANCE, _RANGE))
    if times:
        tolerance = decimal(_number(times.group(2))) - 1
        return {"value": _number(times.group(1)), "tolerance": str(tolerance), "tolerance_kind": "geometric"}
    if around and around.group(2).strip().endswith(("%", "％")):
        share = decimal(around.group(2).strip().rstrip("%％")).scaleb(-2)
        return {"value": _number(around.group(1)), "tolerance": f"{share:f}", "tolerance_kind": "relative"}
    if around:
        return {"value": _number(around.group(1)), "tolerance": _number(around.group(2))}
    if between:
        return {"low": _number(between.group(1)), "high": _number(between.group(2))}
    return {"value": _number(text), "tolerance": "0"}


def _number(text: str) -> str:
    return str(decimal(text.strip().replace("−", "-")))


def line_of(answer: Answer) -> str:
    """An accepted answer as a line of the form."""
    share = worth(answer)
    text = " ".join(answer_shown(answer)["text"].split())
    return text if share == 1 else f"[{percent(share)}%] {text}"


def answers_out(answers: Iterable[Answer]) -> str:
    """The lines of the form for accepted answers."""
    return "\n".join(line_of(answer) for answer in answers)


def blanks_content(typed: Iterable[str | None], any_order: bool, before: Content | None = None) -> Content:
    """Content of a fill-in from the lines of each blank; blanks without a line at the end do not count."""
    texts = [text or "" for text in typed]
    while texts and not texts[-1].strip():
        texts.pop()
    old = (before or {}).get("blanks", [])
    blanks = [{"answers": _blank_in(text, old[n]["answers"] if n < len(old) else ())} for n, text in enumerate(texts)]
    groups = (before or {}).get("unordered", []) if len(old) == len(blanks) else []
    if any_order:
        if len(blanks) > LARGEST_GROUP:
            raise Refused(_("At most %(n)s blanks may stand in any order.", n=LARGEST_GROUP))
        groups = [list(range(len(blanks)))] if len(blanks) > 1 else []
    elif is_any_order(before or {}):
        groups = []
    return {"blanks": blanks, **({"unordered": groups} if groups else {})}


def _blank_in(text: str, before: Sequence[Answer]) -> list[Answer]:
    """The accepted answers of a blank; a line such as `3.14 ± 0.01` or `3 … 5` that is new is a number there too."""
    return [
        {"fraction": answer["fraction"], **_accepted_number(answer["text"])}
        if answer not in before and _IN_BLANK.fullmatch(answer.get("text", ""))
        else answer
        for answer in answers_in(text, before)
    ]


def is_any_order(content: Content) -> bool:
    """Whether all blanks of a fill-in may stand in any order."""
    return bool(content.get("unordered") == [list(range(len(content.get("blanks", []))))])
