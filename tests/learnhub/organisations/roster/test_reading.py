"""A roster's file as it was read: header, columns, rows; whatever program made it."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from learnhub.kernel.errors import Refused
from learnhub.organisations.roster.columns import Field, columns_of
from learnhub.organisations.roster.reading import Wanted, is_damaged, read

DATA = Path(__file__).parents[3] / "data" / "rosters"
HEADER = ["序号", "姓名（必填）", "*工号", "身份证号", "所在支部", "职务", "手机号码", "邮箱", "入党时间"]


def workbook(*rows: list[object], title: str = "名册") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_header_is_found_under_titles_and_notes() -> None:
    reading = read(
        workbook(
            ["第一支部党员花名册"],
            ["填表说明：带 * 的必填"],
            HEADER,
            [1, "张　三", "００１２", "110101199001011234", "第一支部", "书记", 13800000000, "ZHANG@x.cn", "2001-07"],
            [None, None, None],
            [2, "李四", "0013", "", "第一支部 | 第二支部", "", "", "", ""],
        ),
        "名册.xlsx",
    )
    assert reading.columns == {
        Field.NAME: 1,
        Field.NUMBER: 2,
        Field.UNIT: 4,
        Field.POST: 5,
        Field.PHONE: 6,
        Field.EMAIL: 7,
    }
    first, second = reading.rows
    assert (first.where, first.number, first.phone, first.name) == ("名册!4", "0012", "13800000000", "张三")
    assert (second.number, second.unit) == ("0013", "第一支部 | 第二支部")


def test_of_two_columns_for_the_number_the_nearer_word_counts() -> None:
    assert columns_of(["身份证号", "姓名", "工号"])[Field.NUMBER] == 2
    assert columns_of(["身份证号", "姓名"])[Field.NUMBER] == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_reads_in_any_encoding_and_with_any_delimiter(encoding: str, delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["姓名", "工号", "部门"], ["王五", "0007", "总部/第一支部"]])
    reading = read(out.getvalue().encode(encoding), "r.csv")
    assert [(row.number, row.name, row.unit) for row in reading.rows] == [("0007", "王五", "总部/第一支部")]


def test_a_template_with_sixteen_thousand_empty_columns_is_read_and_asks_for_the_number() -> None:
    data = (DATA / "playedu-template.xlsx").read_bytes()
    reading = read(data, "模板.xlsx")
    assert reading.titles == ["部门", "邮箱", "密码", "姓名"]
    assert Field.NUMBER not in reading.columns
    by_hand = read(data, "模板.xlsx", wanted=Wanted({Field.NUMBER: 1, Field.EMAIL: None}))
    assert by_hand.columns == {Field.UNIT: 0, Field.NAME: 3, Field.NUMBER: 1}


def test_a_column_of_roles_is_named_and_not_read() -> None:
    reading = read("姓名,工号,角色\n张三,1,管理员\n".encode(), "r.csv")
    assert any("roles" in str(one) for one in reading.warnings)
    assert "管理员" not in str(reading.rows)


def test_a_second_sheet_with_the_same_header_goes_on_and_another_is_named() -> None:
    book = openpyxl.Workbook()
    for title, rows in (
        ("一", [["姓名", "工号"], ["张三", "1"]]),
        ("二", [["姓名", "工号"], ["李四", "2"]]),
        ("说明", [["怎么填"]]),
    ):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    reading = read(out.getvalue(), "r.xlsx")
    assert [row.where for row in reading.rows] == ["一!2", "二!2"]
    assert any("说明" in str(one) for one in reading.warnings)


def test_a_page_with_a_table_that_a_system_sends_as_a_workbook_is_read() -> None:
    rows = "".join(f"<tr><td>{number}</td><td>{name}</td></tr>" for number, name in (("007", "张三"), ("8", "李四")))
    page = (
        f"<html><head><style>td {{color: red}}</style></head><table><tr><th>工号</th><th>姓名</th></tr>{rows}</table>"
    )
    reading = read(page.encode("gbk"), "名册.xls")
    assert [(row.where, row.number, row.name) for row in reading.rows] == [
        ("Sheet1!2", "007", "张三"),
        ("Sheet1!3", "8", "李四"),
    ]


@pytest.mark.parametrize(
    "data", [b"", b"   \n", b"PK\x03\x04 nothing", "只有一格".encode(), b"\x00\x01\x02\x03", b"<table>"]
)
def test_what_is_no_table_is_refused_with_words(data: bytes) -> None:
    with pytest.raises(Refused):
        read(data, "r.xlsx")


@pytest.mark.parametrize(
    ("number", "damaged"), [("1.38E+10", True), ("3.4e17", True), ("13800000000", False), ("E10", False), ("2E", False)]
)
def test_a_number_that_a_spreadsheet_shortened_is_noticed(number: str, damaged: bool) -> None:
    assert is_damaged(number) is damaged


ORGS = "sourcedId,status,name,type,parentSourcedId\nd1,active,District,district,\ns1,active,North School,school,d1\n"
USERS_11 = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,identifier,email\n"
    "u1,active,,true,s1,student,ana,Ana,Silva,0101,Ana@Example.org\n"
    "u2,tobedeleted,,true,s1,student,bo,Bo,Li,0102,\n"
    "u3,active,,true,s1,administrator,xm,小明,王,,\n"
)
USERS_12 = "sourcedId,status,username,givenName,familyName,primaryOrgSourcedId\nu1,active,ana,Ana,Silva,\n"
ROLES_12 = "sourcedId,userSourcedId,roleType,role,orgSourcedId\nr0,u1,secondary,aide,d1\nr1,u1,primary,student,s1\n"


def zipped(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return out.getvalue()


def test_oneroster_11_gives_people_with_the_path_of_their_organisation() -> None:
    reading = read(zipped(users=USERS_11, orgs=ORGS), "roster.zip")
    assert reading.format == "oneroster"
    assert [(one.number, one.name, one.unit, one.email) for one in reading.rows] == [
        ("0101", "Ana Silva", "District > North School", "Ana@Example.org"),
        ("u3", "王小明", "District > North School", ""),
    ]
    assert len(reading.warnings) == 1


def test_oneroster_12_takes_the_organisation_of_the_primary_role() -> None:
    reading = read(zipped(users=USERS_12, orgs=ORGS, roles=ROLES_12), "roster.zip")
    assert [(one.number, one.unit) for one in reading.rows] == [("u1", "District > North School")]
