"""Tables that hold one question each, a name beside every part of it: 题干 | …, A | …, 答案 | …"""

from __future__ import annotations

import re
from collections.abc import Sequence

from question_bank.formats.fields.answers import letters_in, says_true_or_false
from question_bank.formats.papers.keys import in_order
from question_bank.formats.sheets.columns import kind_named, role_of


def lines_of_card(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """The rows' numbers and what they say as lines of a paper; None for a table that is no such card.

    Each row is a name and a value, or two of both; the question comes before its answer, and no name is unknown.
    """
    said: list[tuple[int, str, str, str]] = []
    for number, row in enumerate(rows):
        if not row or len(row) % 2 or not any(row):
            return None
        for name, value in zip(row[::2], row[1::2], strict=True):
            if not name and not value:
                continue
            role = role_of(name)
            if not role or len(name) > 12:
                return None
            said.append((number, role, name, value.strip()))
    roles = [role for _number, role, _name, _value in said]
    if len(rows) < 3 or "stem" not in roles or "answer" not in roles or roles.index("stem") > roles.index("answer"):
        return None
    return [(number, _line(role, name, value)) for number, role, name, value in said if value]


def lines_of_rows(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """So for a table without a header whose rows are a number, a question and its letters or verdict."""
    if len(rows) < 2 or not all(len(row) == 3 and all(row) for row in rows):
        return None
    if [row[0].rstrip(".、．") for row in rows] != [str(n) for n in range(1, len(rows) + 1)]:
        return None
    if not all(letters_in(row[2]) or says_true_or_false(row[2]) for row in rows):
        return None
    lines = []
    for number, (place, stem, answer) in enumerate(rows):
        lines += [(number, f"{place.rstrip('.、．')}. {stem}"), (number, f"答案：{answer}")]
    return lines


def lines_of_pairs(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """So for rows of a number and a question, or of a name and what it says, one below the other."""
    lines = []
    for number, row in enumerate(rows):
        name, value = (row[0].strip(), row[1].strip()) if len(row) == 2 else ("", "")
        if not name or not value:
            return None
        if found := _COUNTED.fullmatch(name):
            lines.append((number, f"{found.group(1)}{'.' if found.group(1).isdigit() else '、'} {value}"))
        elif role_of(name) in {"answer", "explanation"}:
            lines.append((number, f"{name}：{value}"))
        else:
            return None
    roles = {role_of(row[0]) for row in rows}
    return lines if "answer" in roles and len(lines) > 1 else None


_COUNTED = re.compile(r"(\d{1,3}|[一二三四五六七八九十]{1,3})\s*[.、．]?")
_NUMBER_HEAD = re.compile(r"题\s*号|序\s*号|no\.?|number", re.IGNORECASE)


def lines_of_key(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """So for a key: 题号 | 答案 | 解析 above a row for each question, or numbers above letters without any heads."""
    if rows and all(len(row) >= 2 and not len(row) % 2 and _are_ranges(row) for row in rows):
        return [(n, "  ".join(map(" ".join, zip(row[::2], row[1::2], strict=True)))) for n, row in enumerate(rows)]
    rows = _in_two_columns(rows)
    head = [cell.strip() for cell in rows[0]] if rows else []
    if len(head) in {2, 3} and _NUMBER_HEAD.fullmatch(head[0]) and [role_of(one) for one in head[1:]] in _KEY_HEADS:
        below = [row for row in rows[1:] if any(row)]
        if len(below) > 1 and all(len(row) == len(head) and row[0].strip().isdigit() and row[1] for row in below):
            lines = [(n, f"{row[0].strip()}. {row[1]}") for n, row in enumerate(below, 1)]
            told = [(n, f"解析：{row[2]}") for n, row in enumerate(below, 1) if len(row) > 2 and row[2]]
            return sorted(lines + told, key=lambda one: one[0])
        return None
    lines = []
    for at in range(0, len(rows) - 1, 2):
        numbers, answers = list(rows[at]), list(rows[at + 1])
        named = kind_named(numbers[0]) if numbers and not numbers[0].isdigit() else None
        if named and answers[0] in {"", "答案"}:
            lines.append((at, numbers[0]))
            numbers, answers = numbers[1:], answers[1:]
        pairs = [(a, b) for a, b in zip(numbers, answers, strict=False) if a or b]
        if len(pairs) < 2 or not all(a.isdigit() and (letters_in(b) or says_true_or_false(b)) for a, b in pairs):
            return None
        lines += [
            (at, " | ".join(["题号", *(a for a, _b in pairs)])),
            (at + 1, " | ".join(["答案", *(b for _a, b in pairs)])),
        ]
    return lines if lines and len(rows) % 2 == 0 else None


_RANGE = re.compile(r"\s*\d{1,3}\s*[-~—–～至]+\s*\d{1,3}\s*题?\s*[:：]?\s*")


def _are_ranges(row: Sequence[str]) -> bool:
    """Whether a row is nothing but `1-5` beside `ABCDA`."""
    pairs = [(a, b) for a, b in zip(row[::2], row[1::2], strict=True) if a or b]
    return bool(pairs) and all(_RANGE.fullmatch(a) and in_order(b) for a, b in pairs)


def _in_two_columns(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """`题号 | 答案 | 题号 | 答案` with its right columns below the left ones."""
    head = [cell.strip() for cell in rows[0]] if rows else []
    times = len(head) // 2
    if len(head) % 2 or times < 2 or head != head[:2] * times or not _NUMBER_HEAD.fullmatch(head[0]):
        return rows
    if not all(len(row) == len(head) for row in rows):
        return rows
    return [head[:2], *([row[2 * n], row[2 * n + 1]] for n in range(times) for row in rows[1:])]


_KEY_HEADS = (["answer"], ["answer", "explanation"])


def _line(role: str, name: str, value: str) -> str:
    if role == "stem":
        return f"题目：{value}"
    if role.startswith("option:"):
        letter = role[-1]
        return value if value[:1].upper() == letter and value[1:2] in tuple(".、．:：") else f"{letter}. {value}"
    return f"答案：{value}" if role == "answer" else f"{name}：{value}"
