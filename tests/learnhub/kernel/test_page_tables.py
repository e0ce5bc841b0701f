"""Pages that programs send as workbooks: their tables come out as rows."""

from __future__ import annotations

import pytest

from learnhub.kernel import page_tables, workbooks
from learnhub.kernel.errors import Refused

OF_2003 = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Bank"><Table>
<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">Title</Data></Cell>
<Cell><Data ss:Type="String">End</Data></Cell></Row>
<Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="String">a &amp; b</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def rows(page: str) -> list[list[str]]:
    ((_name, found),) = page_tables.tables(page.encode())
    return found


def test_cells_over_several_columns_and_rows_keep_their_places() -> None:
    page = '<html><table><tr><td rowspan="2">1</td><th colspan=2>two</th></tr><tr><td>a</td><td>b</td></tr></table>'
    assert rows(page) == [["1", "two", ""], ["", "a", "b"]]


def test_lines_of_a_cell_stay_and_what_nobody_sees_goes() -> None:
    inner = "<style>td{}</style>x<table><tr><td>y</td></tr></table>"
    assert rows(f"<table><tr><td>A.\n ink<br>B.&nbsp;pen</td><td>{inner}</td></tr>") == [["A. ink\nB. pen", "xy"]]


def test_a_workbook_of_excel_2003_is_read_with_its_empty_cells() -> None:
    ((name, found),) = page_tables.tables(OF_2003.encode())
    assert (name, found) == ("Bank", [["Title", "", "End"], [], ["", "a & b"]])
    assert [sheet.name for sheet in workbooks.sheets(OF_2003.encode())] == ["Bank"]


@pytest.mark.parametrize(
    "broken", [OF_2003.replace("</Table>", ""), OF_2003.replace("<?mso", "<!DOCTYPE a [<!ENTITY e 'x'>]><?mso")]
)
def test_what_is_no_such_workbook_is_refused(broken: str) -> None:
    with pytest.raises(Refused):
        list(page_tables.tables(broken.encode()))


def test_pages_without_tables_and_other_texts_are_no_such_files() -> None:
    assert not page_tables.looks_like(b"<html><p>A page.</p>")
    assert not page_tables.looks_like(b"1. Which <table>?")
    assert page_tables.looks_like(b"\xef\xbb\xbf\n<HTML><TABLE border=1>")
