"""Columns of a table that are not part of a question as it stands: scores, and pictures that lie elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from learnhub.kernel.words import _
from question_bank.formats.json_banks.stray_fields import is_worth
from question_bank.formats.reading import Reading
from question_bank.formats.sheets.columns import Columns, plain, roles_of

Rows = Sequence[Sequence[str]]

_SCORES = {"得分", "总分"}
_OF_PEOPLE = re.compile(
    r"你的|我的|学生|考生|学员|用户|作答|回答|提交|姓名|学号|工号|是否正确|对错|结果|次数|正确率|得分率|user|your|my|student|response"
)
"""Columns beside which a score is what somebody got."""
_SOMEBODYS = {"实得分", "实际得分", "学生得分", *_SCORES}
MOST_OF_ONE = 20
"""Above it, a score that is the same in all rows is that of the whole paper."""
_PICTURES = re.compile(
    r"图片|图像|配图|附图|插图|影像|音频|音效|^(?:image|img|picture|pic|photo|audio|sound|video|media)|(?:image|img)(?:url|path|name)?$"
)


def with_scores(reading: Reading, name: str, rows: Rows, columns: Columns) -> Columns:
    """The columns with 得分 or 总分 as the mark, if it can be no one's score nor the paper's; with a note."""
    heads = [plain(head) for head in rows[0]]
    if "mark" not in columns.fields and (whole := _beside_what_somebody_got(heads, rows[1:])) is not None:
        reading.warnings.append(_("Told by what they hold: the fields %(names)s. Please check.", names=rows[0][whole]))
        return replace(columns, fields={**columns.fields, "mark": whole})
    at = next((at for at, head in enumerate(heads) if head in _SOMEBODYS), None)
    if at is None or "mark" in columns.fields or "stem" not in columns.fields:
        return columns
    if _are_of_questions(heads, rows[1:], at, columns):
        reading.warnings.append(_("Told by what they hold: the fields %(names)s. Please check.", names=rows[0][at]))
        return replace(columns, fields={**columns.fields, "mark": at})
    reading.warnings.append(
        _(
            "%(name)s: the column “%(head)s” was not taken as the mark; call it 分值 if it is.",
            name=name or "1",
            head=rows[0][at][:40],
        )
    )
    return columns


def _beside_what_somebody_got(heads: Sequence[str], rows: Rows) -> int | None:
    """Where 总分 stands, if beside it stands 得分 and no row got more than its 总分: both are of a question then."""
    if not {"得分", "总分"} <= set(heads):
        return None
    got, whole = heads.index("得分"), heads.index("总分")
    pairs = [(row[got], row[whole]) for row in rows if max(got, whole) < len(row) and row[whole]]
    are_scores = bool(pairs) and all(_IS_SCORE.fullmatch(one or "0") and is_worth(of) for one, of in pairs)
    return whole if are_scores and all(Decimal(one or "0") <= Decimal(of) for one, of in pairs) else None


_IS_SCORE = re.compile(r"\d{1,3}(?:\.\d{1,2})?")


def _are_of_questions(heads: Sequence[str], rows: Rows, at: int, columns: Columns) -> bool:
    stem = columns.fields["stem"]
    said = [row[at] if at < len(row) else "" for row in rows if stem < len(row) and row[stem]]
    if (
        heads[at] not in _SCORES
        or set(heads) >= _SCORES
        or any(map(_OF_PEOPLE.search, heads))
        or not said
        or not all(map(is_worth, said))
    ):
        return False
    return len({Decimal(one) for one in said}) > 1 or Decimal(said[0]) <= MOST_OF_ONE


def note_pictures(reading: Reading, name: str, rows: Rows, columns: Columns) -> None:
    """Say which columns name pictures or sounds: the file has no more than their names."""
    taken = set(roles_of(columns))
    for at, head in enumerate(rows[0]):
        if at not in taken and _PICTURES.search(plain(head)) and any(at < len(row) and row[at] for row in rows[1:]):
            reading.warnings.append(
                _(
                    "%(name)s: the column “%(head)s” names pictures or sounds that are not in the file; the questions"
                    " come without them.",
                    name=name or "1",
                    head=head[:40],
                )
            )
