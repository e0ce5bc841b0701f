"""Categories and tags at the desk, without JavaScript."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask

from learnhub.kernel.db import db
from question_bank import authoring, shelving
from question_bank.authoring import QuestionDraft
from tests.desks import instructor_with_bank

pytestmark = pytest.mark.sqlite_only

HOME = "/desk/banks/law"


def test_categories_and_tags_are_renamed_and_put_back(app: Flask, now: datetime) -> None:
    visitor, bank = instructor_with_bank(app, now, "law", "Law")
    draft = QuestionDraft("true_false", "Q", {"answer": True}, category="A/B", tags=("x",))
    authoring.add_question(bank, draft, now)
    db.session.commit()
    assert "— B (1)" in visitor.page(HOME)
    visitor.post(f"{HOME}/categories", {"what": "category", "old": "A", "new": "Z"})
    visitor.post(f"{HOME}/categories", {"what": "tag", "old": "x", "new": "new tag"})
    page = visitor.page(f"{HOME}/categories")
    assert "Z/B" in page
    assert "new tag" in page
    for address in re.findall(rf'action="({HOME}/categories/\d+/undo)"', page):
        visitor.post(address)
        visitor.post(address)
    bank = authoring.get_bank("law")
    assert [one.path for one in shelving.tree(bank)] == ["A", "A/B"]
    assert shelving.tags(bank) == [("x", 1)]
    visitor.post(f"{HOME}/categories", {"what": "category", "old": "A", "new": "A/B"})
    assert "lie below itself" in visitor.page(f"{HOME}/categories")
