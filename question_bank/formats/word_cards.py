"""Tables that hold one question each, a name beside every part of it: 题干 | …, A | …, 答案 | …"""

from __future__ import annotations

import re
from collections.abc import Sequence

from question_bank.formats.fields.answers import letters_in, says_true_or_false, truth
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
            if _NUMBER_HEAD.fullmatch(name.strip(" ：:")) and value.strip(" .、").isdigit():
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


def lines_of_questions(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """So for a table of numbers and questions without their answers: 题号 | 题目 | 分值. A key below may have those."""
    roles = ["number" if _NUMBER_HEAD.fullmatch(cell.strip()) else role_of(cell) for cell in (rows[0] if rows else ())]
    if roles[:2] != ["number", "stem"] or roles[2:] not in ([], ["mark"]):
        return None
    lines = []
    for n, row in enumerate(rows[1:], 1):
        number = row[0].strip().rstrip(".、．") if len(row) == len(roles) else ""
        mark = row[2].strip().rstrip("分") if len(row) > 2 else ""
        if not number.isdigit() or not row[1].strip() or not re.fullmatch(r"(?:\d+(?:\.\d+)?)?", mark):
            return None
        lines.append((n, f"{number}. {f'（{mark}分）' if mark else ''}{row[1].strip()}"))
    return lines or None


_TICKS = re.compile(r"[√✓✔☑]")


def lines_of_verdicts(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """So for statements with a column for right and one for wrong, of which one is ticked."""
    head = [cell.strip() for cell in rows[0]] if rows else []
    verdicts = [truth(cell) if says_true_or_false(cell) else None for cell in head]
    if len(head) not in {3, 4} or sorted(map(str, verdicts[-2:])) != ["False", "True"] or len(rows) < 2:
        return None
    lines = []
    for n, row in enumerate(rows[1:], 1):
        ticked = [at for at in (-2, -1) if len(row) == len(head) and _TICKS.fullmatch(row[at].strip())]
        others = [at for at in (-2, -1) if len(row) == len(head) and at not in ticked and row[at].strip()]
        if len(ticked) != 1 or others or not row[-3].strip():
            return None
        number = row[0].strip().rstrip(".、．") if len(head) == 4 else str(n)
        if not number.isdigit():
            return None
        lines += [(n, f"{number}. {row[-3].strip()}"), (n, f"答案：{'对' if verdicts[ticked[0]] else '错'}")]
    return lines


_SCORED = re.compile(r"得\s*分|(?:评卷|阅卷|评分|核分|复核|改卷|统分)\s*(?:人|教师|员)?|总\s*分|签\s*名")
_OF_FORM = re.compile(
    rf"(?:{_SCORED.pattern}|题\s*号|大题|分\s*数|满\s*分|合\s*计|总得分|[一二三四五六七八九十]{{1,3}}|[IVX]{{1,4}})?"
)


def is_score_box(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table is the form that a marker fills in: 得分 | 评卷人, or the parts of the paper and their scores."""
    cells = [cell.strip(" ：:\n") for row in rows for cell in row]
    return all(map(_OF_FORM.fullmatch, cells)) and any(map(_SCORED.fullmatch, cells))


def lines_of_sides(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """So for the two sides of a matching question, letters on the right and numbers or none on the left, row by row."""
    told = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    if len(told) < 2 or not all(len(row) == 2 for row in told):
        return None
    for n, (left, right) in enumerate(told):
        first, second = _LEFT.match(left), _RIGHT.match(right)
        is_left = int(first.group(1)) == n + 1 if first else _NAMED_LEFT.match(left) is not None
        if not is_left or not second or ord(second.group(1).upper()) - 65 != n:
            return None
    return [(n, "\t".join(" ".join(cell.split()) for cell in row)) for n, row in enumerate(told)]


_LEFT = re.compile(r"[(（]?(\d{1,2})\s*[.、．)）]\s*\S")
_NAMED_LEFT = re.compile(r"[^\s\dA-Za-z(（【\[]")
_RIGHT = re.compile(r"[(（]?([A-Ja-j])\s*[.、．)）]\s*\S")
_COUNTED = re.compile(r"(\d{1,3}|[一二三四五六七八九十]{1,3})\s*[.、．]?")
_NUMBER_HEAD = re.compile(r"题\s*号|序\s*号|q?\.?\s*no\.?|q\.?|number", re.IGNORECASE)


def lines_of_key(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """So for a key: 题号 | 答案 | 解析 above a row for each question, or numbers above letters without any heads."""
    if rows and all(len(row) >= 2 and not len(row) % 2 and _are_ranges(row) for row in rows):
        return [(n, "  ".join(map(" ".join, zip(row[::2], row[1::2], strict=True)))) for n, row in enumerate(rows)]
    if found := _by_kind_and_range(rows) or _by_kinds_across(rows):
        return found
    rows = _in_two_columns(rows)
    head = [cell.strip() for cell in rows[0]] if rows else []
    if len(head) in {2, 3} and _NUMBER_HEAD.fullmatch(head[0]) and [role_of(one) for one in head[1:]] in _KEY_HEADS:
        return _below_heads(rows)
    lines = []
    for at in range(0, len(rows) - 1, 2):
        numbers, answers = list(rows[at]), list(rows[at + 1])
        named = kind_named(numbers[0]) if numbers and not numbers[0].isdigit() else None
        if named and answers and answers[0] in {"", "答案", numbers[0]}:
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


def _below_heads(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    below = [row for row in rows[1:] if any(row)]
    if len(below) < 2 or not all(len(row) == len(rows[0]) and row[0].strip().isdigit() and row[1] for row in below):
        return None
    lines = [(n, f"{row[0].strip()}. {row[1]}") for n, row in enumerate(below, 1)]
    told = [(n, f"解析：{row[2]}") for n, row in enumerate(below, 1) if len(row) > 2 and row[2]]
    return sorted(lines + told, key=lambda one: one[0])


def key_of_questions(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """So for a key below `Question | Answer`, where numbers stand for the questions."""
    roles = [role_of(cell) for cell in rows[0]] if rows else []
    return _below_heads(rows) if roles[:1] == ["stem"] and roles[1:] in _KEY_HEADS else None


_RANGE = re.compile(r"\s*\d{1,3}\s*[-~—–～至]+\s*\d{1,3}\s*题?\s*[:：]?\s*")


def _are_ranges(row: Sequence[str]) -> bool:
    """Whether a row is nothing but `1-5` beside `ABCDA`."""
    pairs = [(a, b) for a, b in zip(row[::2], row[1::2], strict=True) if a or b]
    return bool(pairs) and all(_RANGE.fullmatch(a) and in_order(b) for a, b in pairs)


def _by_kind_and_range(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """`题型 | 题号 | 答案` above `单选题 | 1-5 | ABCDA`."""
    head = [cell.strip() for cell in rows[0]] if rows else []
    if (
        len(head) != 3
        or role_of(head[0]) != "kind"
        or not _NUMBER_HEAD.fullmatch(head[1])
        or role_of(head[2]) != "answer"
    ):
        return None
    lines = []
    for n, row in enumerate(rows[1:], 1):
        is_run = len(row) == 3 and kind_named(row[0].strip()) and _RANGE.fullmatch(row[1]) and in_order(row[2])
        if not is_run:
            return None
        lines += [(n, row[0].strip()), (n, f"{row[1].strip()} {row[2].strip()}")]
    return lines or None


def _by_kinds_across(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]] | None:
    """`单选题 | | 判断题 |` above `题号 | 答案 | 题号 | 答案`: a key beside the other for each kind."""
    if len(rows) < 3 or any(len(row) != len(rows[0]) or len(row) % 2 or len(row) < 4 for row in rows):
        return None
    lines = []
    for at in range(0, len(rows[0]), 2):
        kind, head = rows[0][at].strip(), [cell.strip() for cell in rows[1][at : at + 2]]
        if not kind_named(kind) or not _NUMBER_HEAD.fullmatch(head[0]) or role_of(head[1]) != "answer":
            return None
        told = [(n, row[at].strip(), row[at + 1].strip()) for n, row in enumerate(rows[2:], 2) if row[at].strip()]
        if not told or not all(number.isdigit() and answer for _n, number, answer in told):
            return None
        lines += [(0, kind), *((n, f"{number}. {answer}") for n, number, answer in told)]
    return lines


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
