"""Sheets and lists as tests of tables write them, and what is read of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json

Sheets = dict[str, Sequence[Sequence[Any]]]


def workbook(sheets: Sheets) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(at, column, value)
    book.close()
    return out.getvalue()


def read_sheet(*rows: Sequence[Any], name: str = "Sheet1") -> Reading:
    return read(workbook({name: rows}), "bank.xlsx")


def listed(reading: Reading) -> list[dict[str, Any]]:
    assert not reading.refused, [str(refusal.reason) for refusal in reading.refused]
    return [as_json(draft) for draft in reading.questions]


def right(question: dict[str, Any]) -> list[str]:
    return [option["text"] for option in question["options"] if option["fraction"] > 0]


WIDE = ["题干", "题型", "选项A", "选项B", "选项C", "选项D", "选项E", "选项F", "答案", "解析", "知识点", "难度", "分值"]


def csv_of(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def csv_read(text: str) -> Reading:
    return read(text.encode(), "bank.csv")


def right_texts(reading: Reading) -> list[list[str]]:
    return [
        [option["text"] for option in question["options"] if option["fraction"] > 0] for question in listed(reading)
    ]
