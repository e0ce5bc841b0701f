"""The roster pages with the organisation's own fields: mapped by hand, and nothing told to who may not see."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import Import
from learnhub.audit.trail import SYSTEM
from learnhub.identity.models import Member
from learnhub.journeys import close_unit, import_roster, undo_import
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.profile import fields, records
from learnhub.organisations.profile.models import ChangedBy, Kind, MemberField, SeenBy
from tests.makers import NOW, PASSWORD, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

ROSTER = "姓名,工号,文化程度,Shelf\n甲,001,硕士,A7\n"


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def own(tree: dict[str, Unit]) -> list[MemberField]:
    """A field of everybody, and one of administrators."""
    above = {"seen_by": SeenBy.ADMINISTRATOR, "changed_by": ChangedBy.ADMINISTRATOR}
    return [
        fields.add(SYSTEM, {"zh_Hans": "学历", "en": "Degree"}, NOW),
        fields.add(SYSTEM, {"zh_Hans": "档案位置", "en": "Shelf"}, NOW, **above),  # type: ignore[arg-type]
    ]


def uploaded(visitor: Visitor) -> str:
    """The address of the preview of the roster."""
    sent = {"file": (io.BytesIO(ROSTER.encode()), "r.csv"), "encoding": ""}
    return visitor.post("/units/B1/roster", sent).headers["Location"]


def test_a_column_is_mapped_to_a_field_by_hand(tree: dict[str, Unit], own: list[MemberField], app: Flask) -> None:
    degree, shelf = (one.key for one in own)
    administrator = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["B1"], password=PASSWORD))
    preview = uploaded(administrator)
    page = administrator.page(preview)
    assert "Shelf: <ins>A7</ins>" in page
    assert "Degree: <ins>" not in page
    chosen = {"column-number": "1", "column-name": "0", f"column-{degree}": "2", f"column-{shelf}": ""}
    assert administrator.post(f"{preview}/columns", chosen).status_code == 303
    page = administrator.page(preview)
    assert "Degree: <ins>硕士</ins>" in page
    assert "A7" not in page
    assert re.search(rf'name="column-{degree}".*?<option selected value="2">', page, re.S)
    assert administrator.post(f"{preview}/accept", {"missing": "1"}).status_code == 303


def test_a_secretary_is_told_nothing_of_fields_of_administrators(
    tree: dict[str, Unit], own: list[MemberField], app: Flask
) -> None:
    administrator = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["B1"], password=PASSWORD))
    preview = uploaded(administrator)
    secretary = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    page = secretary.page(preview)
    assert "A7" not in page
    assert f"column-{own[1].key}" not in page
    assert f"column-{own[0].key}" in page


def test_who_stayed_in_the_new_unit_is_named_with_the_reason(tree: dict[str, Unit], app: Flask) -> None:
    titles = "姓名,工号,部门\n"
    for text in ("甲,001,B2", "甲,001,B1"):
        done = import_roster.carry_out(f"{titles}{text}\n".encode(), "r.csv", unit=tree["HQ"], actor=SYSTEM, now=NOW)
    close_unit.close(SYSTEM, tree["B2"], NOW.date(), NOW)
    undo_import.undo(done["undo"], SYSTEM, NOW)
    db.session.commit()
    visitor = Visitor(app, new_staff(Role.SECRETARY, tree["HQ"], password=PASSWORD))
    page = visitor.page(f"/rosters/{done['undo'].removeprefix('import:')}")
    assert "Not taken back" in page
    assert "“Unit B2” has been closed since" in page


def test_a_value_of_an_own_field_is_mended_in_its_row_and_kept_sealed(tree: dict[str, Unit], app: Flask) -> None:
    born = fields.add(SYSTEM, {"zh_Hans": "出生日期", "en": "Born"}, NOW, kind=Kind.DATE, sensitive=True)
    secretary = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    file = "姓名,工号,出生日期\n甲,001,一九八〇\n乙,002,1979-01-02\n".encode()
    sent = {"file": (io.BytesIO(file), "r.csv"), "encoding": ""}
    preview = secretary.post("/units/B1/roster", sent).headers["Location"]
    page = secretary.page(f"{preview}?mend=line+2")
    assert "“出生日期”" in page
    assert f'name="detail_{born.key}"' in page
    entered = {"where": "line 2", "number": "001", "name": "甲", f"detail_{born.key}": "1980年5月6日"}
    assert secretary.post(f"{preview}/rows", entered).status_code == 303
    entered = {"where": "line 2", "number": "001", "name": "甲一"}
    assert secretary.post(f"{preview}/rows", entered).status_code == 303
    kept = db.session.scalars(select(Import)).one().report
    assert [said for said in ("1980年", "1980-05") if said in str(kept)] == []
    assert secretary.post(f"{preview}/accept", {"missing": "1"}).status_code == 303
    member = db.session.scalars(select(Member).where(Member.number == "001")).one()
    assert member.name == "甲一"
    assert records.values_of(member, [born]) == {born.id: "1980-05-06"}


def test_a_unit_that_the_file_gives_by_code_is_shown_by_name(tree: dict[str, Unit], app: Flask) -> None:
    name = tree["B1"].name
    administrator = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["B1"], password=PASSWORD))
    sent = {"file": (io.BytesIO("姓名,工号,组织\n甲,001,B1\n".encode()), "r.csv"), "encoding": ""}
    page = administrator.page(administrator.post("/units/B1/roster", sent).headers["Location"])
    assert re.search(rf'data-label="Unit">\s*{re.escape(name)}\s*</td>', page)
