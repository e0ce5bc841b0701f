"""SQL is never built from text that somebody typed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learnhub.kernel.db import db
from learnhub.organisations.permissions import Role
from tests.learnhub.web.test_sign_in import sign_in
from tests.makers import PASSWORD, new_course, new_member, new_staff, small_tree

ROOT = Path(__file__).parents[1]
TAKES_SQL = {"text", "exec_driver_sql", "literal_column"}
FIXED = {
    "learnhub/kernel/db.py": "pragmas and BEGIN, from constants",
    "learnhub/kernel/append_only.py": "names of our own tables, in migrations",
    "learnhub/points/statements.py": "names of our own tables and columns, values bound",
}
HOSTILE = [
    "' OR 1=1 --",
    '"; DROP TABLE member; --',
    "%",
    "_",
    "\\",
    "%' OR '1'='1",
    "1); DELETE FROM unit --",
    "😀",
    "\x00",
    "a" * 5000,
]


def test_w17_no_statement_is_glued_together() -> None:
    glued = []
    for package in ("learnhub", "courses", "question_bank"):
        for path in (ROOT / package).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if name in FIXED:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                built = isinstance(node.args[0], ast.JoinedStr | ast.BinOp) or (
                    isinstance(node.args[0], ast.Call) and getattr(node.args[0].func, "attr", "") == "format"
                )
                if called in TAKES_SQL and built:
                    glued.append(f"{name}:{node.lineno}")
    assert glued == []


@pytest.mark.parametrize("text", HOSTILE)
def test_w17_hostile_words_find_nothing_and_break_nothing(app: Flask, client: FlaskClient, text: str) -> None:
    tree = small_tree()
    new_course("secret", unit=tree["B2"])
    new_member(tree["B1a"], name="Findable")
    admin = new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD)
    db.session.commit()
    sign_in(client, admin.number)
    for path, name in (
        ("/courses", "q"),
        ("/courses", "category"),
        ("/units/B1/members", "q"),
        ("/units/B1/members", "after"),
        ("/units/B1", "sort"),
        ("/audit", "q"),
        ("/audit", "action"),
        ("/audit", "before"),
        ("/boards/members", "unit"),
        ("/boards/members", "period"),
        ("/points", "before"),
        ("/notices", "after"),
        ("/notices/sent", "after"),
    ):
        answer = client.get(path, query_string={name: text})
        assert answer.status_code in {200, 400, 404, 422}, f"{path}?{name}= gives {answer.status_code}"
    if text == "\x00":
        return
    found = client.get("/units/B1/members", query_string={"q": text}).get_data(as_text=True)
    assert "Findable" not in found
    assert client.get("/units/B1/members?q=Findable").get_data(as_text=True).count("Findable") >= 2
