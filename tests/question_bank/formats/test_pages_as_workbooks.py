"""Banks that a program sends as a page under the name of a workbook."""

from __future__ import annotations

from html import escape

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import read
from tests.question_bank.formats.sheets import listed, right

ROWS = [
    ["题型", "题干", "选项A", "选项B", "选项C", "答案"],
    ["单选题", "哪种液体用来写字？", "墨水", "牛奶", "茶", "A"],
    ["判断题", "冰比水轻。", "", "", "", "正确"],
]


def page() -> str:
    cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in ROWS]
    return "<html><body><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table></body></html>"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_under_the_name_of_a_workbook_is_read(encoding: str) -> None:
    reading = read(page().encode(encoding), "bank.xls")
    assert (reading.format, [draft.kind for draft in reading.questions]) == ("excel", ["single_choice", "true_false"])
    assert right(listed(reading)[0]) == ["墨水"]
    assert reading.questions[0].where == "Sheet1!2"


def test_a_workbook_of_excel_2003_is_read_under_any_name() -> None:
    cells = ["".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) for row in ROWS]
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    written = f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="题库"><Table>'
    written += "".join(f"<Row>{row}</Row>" for row in cells) + "</Table></Worksheet></Workbook>"
    assert [draft.where for draft in read(written.encode(), "bank.xml").questions] == ["题库!2", "题库!3"]


def test_a_page_whose_tables_hold_no_questions_is_refused() -> None:
    with pytest.raises(Refused, match="No sheet has a header"):
        read(b"<html><table><tr><td>Monday</td><td>rain</td></tr></table></html>", "weather.xls")
