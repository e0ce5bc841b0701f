"""What an author types for pairs, orders and texts with places, as the content of its kind; and back again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.web.question_bank.typed import Content, answers_in, answers_out, percent, text_in, text_out
from question_bank.fractions import fraction, from_percent, written
from question_bank.kinds.in_text import split

Row = dict[str, Any]

_MARK = re.compile(r"\[\[((?:\\.|[^\\])*?)\]\]", re.DOTALL)
"""What stands between double square brackets; a backslash takes its meaning from the next sign."""
_ESCAPED = re.compile(r"(\\+)([|\]]|$)")
_TO_ESCAPE = re.compile(r"(\\*)([|\]]|$)")
_OPTION_SHARE = re.compile(r"\[\s*(-?[0-9.,]{1,12})\s*%\s*\]\s*(.+)")


# Pairs and orders


def pairs_content(rows: Iterable[Row]) -> Content:
    """Content of a matching from rows of `left` and `right`; a right side alone is a choice that belongs to none."""
    pairs, others = [], []
    for row in rows:
        left, right = text_in(row["left"]), text_in(row["right"])
        if left and not right:
            raise Refused(_("A pair has a left and a right side, neither empty."))
        if left:
            pairs.append({"html": left, "match_html": right})
        elif right:
            others.append({"html": right})
    return {"pairs": pairs, **({"distractors": others} if others else {})}


def pair_rows(content: Content) -> list[Row]:
    """The rows of the form for a matching."""
    pairs = [{"left": text_out(one["html"]), "right": text_out(one["match_html"])} for one in content["pairs"]]
    return pairs + [{"left": "", "right": text_out(one["html"])} for one in content.get("distractors", [])]


def order_content(lines: Iterable[str | None], scoring: str) -> Content:
    """Content of an ordering from its items in their right order; empty lines do not count."""
    return {"items": [{"html": html} for html in map(text_in, lines) if html], "scoring": scoring}


# Pieces of a text


def pieces_content(typed: str) -> tuple[str, Content]:
    """The text with places and the content of a select-in-text, from `[[+right]]`, `[[-wrong]]`, `[[-wrong|why]]`."""
    segments: list[Content] = []

    def place(body: str) -> str:
        if body[:1] not in ("+", "-"):
            raise Refused(_("Write [[+right]] or [[-wrong]]: a piece begins with its sign."))
        piece, feedback = _halves(body[1:])
        segments.append({"html": text_in(piece), "right": body[0] == "+", "feedback_html": text_in(feedback)})
        return f"[[{len(segments)}]]"

    return text_in(_with_places(typed, place)), {"segments": segments}


def pieces_out(stem_html: str, content: Content) -> str:
    """The text of a select-in-text as it would be typed."""

    def mark(number: int) -> str:
        one = content["segments"][number - 1]
        feedback = text_out(one.get("feedback_html", ""))
        body = _escaped(text_out(one["html"])) + (f"|{_escaped(feedback)}" if feedback else "")
        return f"[[{'+' if one['right'] else '-'}{body}]]"

    return _without_places(stem_html, mark)


def _with_places(typed: str, place: Callable[[str], str]) -> str:
    return _MARK.sub(lambda found: place(found.group(1)), typed)


def _without_places(stem_html: str, mark: Callable[[int], str]) -> str:
    return "".join(mark(piece) if isinstance(piece, int) else piece for piece in split(text_out(stem_html)))


def _halves(body: str) -> tuple[str, str]:
    """What stands before the first bar and what after it, signs that were meant literally freed."""
    found = re.fullmatch(r"((?:\\.|[^\\|])*)(?:\|(.*))?", body, re.DOTALL)
    first, second = found.groups() if found else (body, "")
    return _freed(first), _freed(second or "")


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: found[1] * 2 + (f"\\{found[2]}" if found[2] else ""), text)


def _freed(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\\" * (len(found[1]) // 2) + found[2], text)


# Gaps to fill from choices


def gaps_content(typed: str, rows: Sequence[Row]) -> tuple[str, Content]:
    """The text with places and the content of a drag-into-text.

    In the text `[[2]]` names the choice of row 2, `[[words]]` the choice with these words, which is added when there
    is none; `[[=2]]` means the number itself. Rows: `text`, `group`, `again` (may fill several gaps).
    """
    choices: list[Content] = []
    at_row: dict[int, int] = {}
    for number, row in enumerate(rows, 1):
        if (row["text"] or "").strip():
            at_row[number] = len(choices)
            choices.append(
                {"html": text_in(row["text"]), "group": row["group"] or 1, "unlimited": bool(row.get("again"))}
            )
    gaps: list[int] = []

    def place(body: str) -> str:
        if re.fullmatch(r"\d{1,2}", body):
            if int(body) not in at_row:
                raise Refused(_("There is no choice %(n)s. Write [[=%(n)s]] for the number itself.", n=int(body)))
            gaps.append(at_row[int(body)])
        else:
            gaps.append(_choice_of(_freed(body).removeprefix("="), choices))
        return f"[[{len(gaps)}]]"

    return text_in(_with_places(typed, place)), {"choices": choices, "gaps": gaps}


def _choice_of(words: str, choices: list[Content]) -> int:
    html = text_in(words)
    for number, choice in enumerate(choices):
        if choice["html"] == html:
            return number
    choices.append({"html": html, "group": 1, "unlimited": False})
    return len(choices) - 1


def gaps_out(stem_html: str, content: Content) -> str:
    """The text of a drag-into-text as it would be typed: gaps by the numbers of their choices."""
    return _without_places(stem_html, lambda number: f"[[{content['gaps'][number - 1] + 1}]]")


def choice_rows(content: Content) -> list[Row]:
    """The rows of the form for the choices of a drag-into-text."""
    return [
        {"text": text_out(one["html"]), "group": one.get("group", 1), "again": bool(one.get("unlimited"))}
        for one in content["choices"]
    ]


# Parts of a cloze


def parts_content(typed: str, rows: Sequence[Row], before: Content | None = None) -> tuple[str, Content]:
    """The text with places and the content of a cloze.

    In the text `[[2]]` names the part of row 2; `[[Beijing|Peking]]` adds a part that takes these words, and
    `[[*Beijing|Rome]]` one that lets choose, right ones with a star. Rows: `kind`, `answers` (one on each line),
    `weight`, `layout`. What a row can't say is kept from the same row of `before`.
    """
    old = (before or {}).get("parts", [])
    parts: list[Content] = []
    at_row: dict[int, int] = {}
    for number, row in enumerate(rows, 1):
        if (row["answers"] or "").strip():
            at_row[number] = len(parts) + 1
            parts.append(_part(row, old[number - 1] if number <= len(old) else None))

    def place(body: str) -> str:
        if re.fullmatch(r"\d{1,2}", body):
            if int(body) not in at_row:
                raise Refused(_("There is no part %(n)s. Write [[=%(n)s]] for the number itself.", n=int(body)))
            return f"[[{at_row[int(body)]}]]"
        parts.append(_short_part(body))
        return f"[[{len(parts)}]]"

    stem_html = text_in(_with_places(typed, place))
    return _as_they_stand(stem_html, parts) if len(parts) > len(at_row) else (stem_html, {"parts": parts})


def _as_they_stand(stem_html: str, parts: Sequence[Content]) -> tuple[str, Content]:
    """The text and the parts, numbered as they follow each other in the text; those without a place come last."""
    pieces = split(stem_html)
    placed = dict.fromkeys(piece for piece in pieces if isinstance(piece, int) and 1 <= piece <= len(parts))
    order = [*placed, *(n for n in range(1, len(parts) + 1) if n not in placed)]
    numbers = {old: new for new, old in enumerate(order, 1)}
    shown = (f"[[{numbers.get(piece, piece)}]]" if isinstance(piece, int) else piece for piece in pieces)
    return "".join(shown), {"parts": [parts[n - 1] for n in order]}


def _short_part(body: str) -> Content:
    lines = [_freed(line).strip() for line in re.findall(r"(?:\\.|[^\\|])+", body.removeprefix("="), re.DOTALL)]
    right = sum(1 for line in lines if line.startswith("*"))
    kind = "short_answer" if not right else "single_choice" if right == 1 else "multiple_choice"
    return _part({"kind": kind, "answers": "\n".join(lines), "weight": "1", "layout": "inline"}, None)


def _part(row: Row, old: Content | None) -> Content:
    kind = row["kind"]
    before: Content = old["content"] if old is not None and old["kind"] == kind else {}
    rest = {name: value for name, value in before.items() if name not in ("answers", "options")}
    if kind in ("short_answer", "numerical"):
        found = {"answers": answers_in(row["answers"], before.get("answers", ()), numeric=kind == "numerical")}
    else:
        found = {"options": options_in(row["answers"], kind == "multiple_choice", before.get("options", ()))}
    weight = written(fraction((row["weight"] or "1").strip()))
    return {"kind": kind, "weight": weight, "layout": row["layout"], "content": {**rest, **found}}


def options_in(typed: str, several: bool, before: Sequence[Content] = ()) -> list[Content]:
    """Options from lines: `* right`, `wrong`, `[50%] partly`. A line of an option of `before` gives exactly that."""
    known = dict(zip(_option_lines(before, several), before, strict=True))
    lines = [line for line in (" ".join(line.split()) for line in typed.splitlines()) if line]
    count = sum(1 for line in lines if line.startswith("*"))
    options = []
    for line in lines:
        share, text = Fraction(0), line
        weighed = _OPTION_SHARE.fullmatch(line)
        if line.startswith("*"):
            share, text = Fraction(1, count if several else 1), line[1:].strip()
        elif weighed:
            share, text = _share(weighed.group(1)), weighed.group(2)
        kept = known.get(line)
        options.append({**(kept or {"html": text_in(text)}), "fraction": written(share)})
        if kept is not None and not line.startswith("*"):
            options[-1]["fraction"] = kept["fraction"]
    return options


def _share(typed: str) -> Fraction:
    return -from_percent(typed[1:]) if typed.startswith("-") else from_percent(typed)


def _option_lines(options: Sequence[Content], several: bool) -> list[str]:
    right = sum(1 for one in options if Fraction(one["fraction"]) > 0)
    lines = []
    for one in options:
        share, text = Fraction(one["fraction"]), " ".join(text_out(one["html"]).split())
        if share == (Fraction(1, right) if several and right else Fraction(1)):
            lines.append(f"* {text}")
        else:
            lines.append(f"[{percent(share)}%] {text}" if share else text)
    return lines


def part_rows(content: Content) -> list[Row]:
    """The rows of the form for the parts of a cloze."""
    return [
        {
            "kind": part["kind"],
            "answers": answers_out(part["content"]["answers"])
            if "answers" in part["content"]
            else "\n".join(_option_lines(part["content"]["options"], part["kind"] == "multiple_choice")),
            "weight": part["weight"],
            "layout": part["layout"],
        }
        for part in content["parts"]
    ]
