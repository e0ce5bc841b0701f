"""Boards as files."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from learnhub.boards.export import export_board
from learnhub.kernel.errors import NotFound, Refused
from tests.learnhub.boards.earning import earn
from tests.makers import new_member, small_tree


def test_a_board_of_members_as_csv_holds_no_formulas(app: Flask, now: datetime, tmp_path: Path) -> None:
    tree = small_tree()
    for n, name in enumerate(("=HYPERLINK(1)", "王伟", "王伟")):
        earn(new_member(tree["B1a"], name, number=f"00{n}"), -5 if n == 0 else 3, now)
    report = export_board("members", "B1", "2026-11", "csv", tmp_path / "board.csv", now)
    assert report["rows"] == 3
    with (tmp_path / "board.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["rank", "number", "name", "points"],
        ["1", "001", "王伟", "3"],
        ["1", "002", "王伟", "3"],
        ["3", "000", "'=HYPERLINK(1)", "-5"],
    ]


@pytest.mark.parametrize(("name", "first"), [("units-per-head", "B2"), ("units-total", "B1")])
def test_a_board_of_units_as_json(app: Flask, now: datetime, tmp_path: Path, name: str, first: str) -> None:
    tree = small_tree()
    for code, points in (("B1", 2), ("B1a", 2), ("B2", 3)):
        earn(new_member(tree[code]), points, now)
    export_board(name, "HQ", "all", "json", tmp_path / "board.json", now)
    board = json.loads((tmp_path / "board.json").read_text(encoding="utf-8"))
    assert (board["board"], board["unit"], board["period"]) == (name, "HQ", "all")
    assert board["as_of"] == "2026-11-22T02:00:00.000Z"
    assert [row["rank"] for row in board["rows"]] == [1, 2]
    assert board["rows"][0]["code"] == first


def test_what_does_not_exist_is_refused(app: Flask, now: datetime, tmp_path: Path) -> None:
    small_tree()
    out = tmp_path / "board"
    for name, unit, kind in (("heroes", "HQ", NotFound), ("members", "B9", NotFound)):
        with pytest.raises(kind):
            export_board(name, unit, "all", "csv", out, now)
    for period, format in (("2026-13", "csv"), ("all", "pdf")):
        with pytest.raises(Refused):
            export_board("members", "HQ", period, format, out, now)
    assert not out.exists()
