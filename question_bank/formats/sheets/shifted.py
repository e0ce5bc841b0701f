"""Rows of a table that are not as its head says: answers under an option's head, rows that explain the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from learnhub.kernel.cells import folded
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import says_true_or_false
from question_bank.formats.fields.rows import Row
from question_bank.formats.fields.scripts import simplified
from question_bank.formats.reading import Reading
from question_bank.formats.sheets.columns import kind_named


def take_verdict_of_options(reading: Reading, row: Row) -> None:
    """A true/false question without an answer, one of whose options alone is a verdict: that is its answer.

    Delimiters too few or too many push it there, and what explains it along; both verdicts would be options, and a
    third one repeats the right one of them.
    """
    kind = kind_named(row.kind) if row.kind else row.kind_of_section
    said = [letter for letter, text in row.options.items() if says_true_or_false(text)]
    if kind != "true_false" or row.answer or row.flags or len(row.options) > 3:
        return
    texts = list(row.options.values())
    if len(said) == 3 and texts[0] != texts[1] and texts[2] in texts[:2]:
        row.answer = row.options.pop(said[2])
    elif len(said) == 1 and len(texts) < 3 and said[0] == min(row.options) and not (texts[1:] and row.explanation):
        row.answer, row.explanation, row.options = texts[0], "\n".join(texts[1:]) or row.explanation, {}
    else:
        return
    reading.warnings.append(
        _(
            "%(where)s: the answer %(answer)s stands in the column of an option; it was taken for the answer.",
            where=row.where,
            answer=row.answer,
        )
    )


_EXPLAINS = re.compile(
    r"\s*[*#(（【\[]*\s*(?:填写|填表|导入|使用|模板|格式)?(?:说明|注意|注意事项|备注|提示|注)\s*[)）】\]]*\s*[:：]"
)
_OF_COLUMNS = re.compile(r"请勿|请填|必填|选填|填写|填数字|表头|标题列|标题行|导入|模板|删除")


def explains_columns(cells: Sequence[str], stem: int) -> bool:
    """Whether a row tells how to fill in the table, `说明：请勿删除标题行`, in the place of a question."""
    said = simplified(cells[stem]) if stem < len(cells) else ""
    return bool(_EXPLAINS.match(said) and _OF_COLUMNS.search(said))


_PAIRS = ({"o", "x"}, {"y", "n"}, {"t", "f"}, {"yes", "no"})


def are_verdicts(answers: Sequence[str]) -> bool:
    """Whether all answers of a table without options are O and X, or Y and N: right and wrong."""
    said = {folded(answer) for answer in answers if answer}
    return len(answers) > 1 and any(said == pair for pair in _PAIRS)
