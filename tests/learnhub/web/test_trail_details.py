"""The audit trail in the reader's words: what stands beside an act, and what it was done to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, g
from flask_babel import refresh

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, record
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.web.organisations.trail_objects import FINDERS
from learnhub.web.trail_details import beside
from tests.learnhub.quizzes.sitting import new_quiz
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

MOMENT = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def told(app: Flask, language: str, **details: Any) -> list[tuple[str, str]]:
    with app.test_request_context(headers={"Accept-Language": language}):
        refresh()
        for kept in ("role_names", "field_names"):
            g.pop(kept, None)
        return beside(AuditEntry(details=details))


def test_days_and_instants_are_local_and_roles_have_names(app: Flask, tree: dict[str, Unit]) -> None:
    details = {"role": "secretary", "unit": "B1", "starts_at": MOMENT.isoformat(), "ends_at": "", "on": "2026-02-28"}
    assert told(app, "zh", **details) == [
        ("角色", "书记"),
        ("组织", "B1"),
        ("从", "2026年3月2日 00:30:00"),
        ("生效日期", "2026年2月28日"),
    ]
    assert ("Role", "secretary") in told(app, "en", **details)
    assert ("As of", "Feb\u00a028,\u00a02026") in told(app, "en", **details)


def test_what_only_programs_use_is_left_out_and_a_strange_key_stays(app: Flask, tree: dict[str, Unit]) -> None:
    assert told(app, "en", notice="17", stands_in_for="Li", reminded=3, strange="2026-13-40") == [
        ("Reminded", "3"),
        ("strange", "2026-13-40"),
    ]


def test_rules_of_a_field_before_and_after(app: Flask, tree: dict[str, Unit]) -> None:
    before = {"label": {"zh_Hans": "学历", "en": "Education"}, "choices": ["a", "b"], "required": False}
    assert told(app, "zh", before=before) == [("变更前", "名称 学历、选项 a、b、必须填写 否")]
    assert told(app, "en", before=before) == [("before it", "Named Education, Choices a, b, Required No")]
    assert told(app, "en", fields=["phone", "locale"], seen_by="secretary") == [
        ("Fields", "Phone, Language"),
        ("Seen by", "Secretaries and administrators"),
    ]


def test_members_and_units_are_named_by_two_statements_whatever_their_number(
    app: Flask, tree: dict[str, Unit], statements: Callable[[], Any], now: datetime
) -> None:
    visitor = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))

    def write(*names: str) -> None:
        for name in names:
            record(SYSTEM, "member.retired", "member", new_member(tree["B1"], name=name).id, now, on="2026-02-28")
        record(SYSTEM, "unit.added", "unit", tree["B2"].id, now)
        record(SYSTEM, "unit.added", "unit", "gone", now)
        db.session.commit()

    write("Ma")
    page = visitor.page("/audit")
    with statements() as few:
        visitor.page("/audit")
    assert re.search(r'Member <a href="/members/\d+">Ma</a>', page)
    assert f">{tree['B2'].name}</a>" in page
    assert '<code class="meta">gone</code>' in page
    assert "Feb 28, 2026" in page
    write("Li", "Bo", "Yu")
    with statements() as many:
        visitor.page("/audit")
    assert len(many) == len(few)


def test_names_end_where_the_reader_s_reach_ends(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    near, far = new_member(tree["B1"], name="Near"), new_member(tree["B2"], name="Far")
    record(SYSTEM, "unit_kind.changed", "unit_kind", "branch", now, unit_id=tree["B1"].id)
    for one in (near, far):
        record(SYSTEM, "member.changed", "member", one.id, now, unit_id=tree["B1"].id)
    record(SYSTEM, "unit.changed", "unit", tree["B2"].id, now, unit_id=tree["B1"].id)
    quiz = new_quiz(tree["B2"], 1, title="Their quiz")
    record(SYSTEM, "quiz.changed", "quiz", quiz.id, now, unit_id=tree["B1"].id)
    far_id, unit_name = far.id, tree["B2"].name
    visitor = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["B1"], password=PASSWORD))
    page = visitor.page("/audit")
    assert ">Near</a>" in page
    assert "Far" not in page
    assert f'<code class="meta">{far_id}</code>' in page
    assert unit_name not in page
    assert "Their quiz" not in page
    assert "Kind of unit branch" in " ".join(page.split()), "a name, and no link: kinds are changed at the top"
    whole = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    page = whole.page("/audit")
    assert ">Far</a>" in page
    assert "Their quiz" in page
    numbers = whole.page("/audit?col=at&col=number")
    assert re.search(rf'<a class="number" href="/audit\?[^"]*q={far_id}[^"]*">{far_id}</a>', numbers)


def test_a_trail_of_every_kind_of_object_is_shown(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    for kind in FINDERS:
        for number in ("1", "9" * 30, "x"):
            record(SYSTEM, "export", kind, number, now)
    visitor = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    assert "exported a file" in visitor.page("/audit")
