"""W10: markup in names, questions and files is shown as text, or cleaned, on every page and in every export."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import Import
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from question_bank import authoring, sources
from question_bank.models import Bank, Question
from tests.makers import PASSWORD, new_staff, new_unit, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

ATTACKS = (
    '"><script>alert(1)</script>',
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '" autofocus onfocus="alert(1)',
    "<a href='javascript:alert(1)'>x</a>",
    "{{ 7 * 7 }}",
)


class Armed(HTMLParser):
    """Notes what would run: inline scripts, handlers, addresses that are programs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if (
            tag == "script"
            and not (said.get("src") or "").startswith("/static/")
            and said.get("type") != "application/json"
        ):
            self.found.append(f"script {attrs}")
        self.found += [f"{tag} {name}" for name in said if name.startswith("on") or name.startswith("hx-on")]
        leads = [(said.get(name) or "").strip().casefold() for name in ("href", "src", "action", "formaction")]
        self.found += [f"{tag} {address}" for address in leads if address.startswith(("javascript:", "data:text"))]
        if tag in {"iframe", "object", "embed"}:
            self.found.append(tag)

    handle_startendtag = handle_starttag


@pytest.fixture(params=range(len(ATTACKS)))
def attack(request: pytest.FixtureRequest) -> str:
    return ATTACKS[request.param]


@pytest.fixture
def tree(app: Flask, attack: str) -> dict[str, Unit]:
    tree = small_tree()
    tree["B1"].name = f"B1 {attack}"[:100]
    new_unit("B9", tree["B1"], name=attack)
    return tree


@pytest.fixture
def bank(tree: dict[str, Unit], attack: str, now: datetime) -> Bank:
    made = authoring.create_bank("general", f"Bank {attack}", now)
    works.own(Work.BANK, made.id, tree["B1"].id, now)
    sources.write(
        made, None, name=f"《{attack}》", valid_from=None, valid_until=None, today=local_date(now, house.zone)
    )
    option = f"b{attack}"
    draft = authoring.QuestionDraft(
        "single_choice",
        f"<p>Which? {attack}</p>",
        {
            "options": [
                {"html": f"a{attack}", "fraction": "1", "feedback_html": attack},
                {"html": option, "fraction": "0", "feedback_html": attack},
            ]
        },
        title=attack,
        category=f"Law {attack}".replace("/", ""),
        tags=(attack,),
        explanation_html=attack,
        hints=(attack, "another"),
        source=f"《{attack}》",
    )
    question = authoring.add_question(made, draft, now)
    authoring.revise(question, authoring.QuestionDraft("true_false", f"Is it? {attack}", {"answer": True}), now)
    authoring.revise(question, draft, now)
    return made


@pytest.fixture
def visitor(app: Flask, tree: dict[str, Unit], bank: Bank, attack: str) -> Visitor:
    return Visitor(app, new_staff(Role.INSTRUCTOR, tree["B1"], name=f"Eve {attack}"[:60], password=PASSWORD))


def check(visitor: Visitor, address: str) -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200, address
    page = answer.get_data(as_text=True)
    assert Armed(page).found == [], address
    assert ">49<" not in page
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    return page


def test_w10_stored_markup_is_inert_on_every_page_of_a_bank(visitor: Visitor, attack: str) -> None:
    question = db.session.scalars(select(Question.id)).one()
    shown = check(visitor, "/desk/banks/general")
    assert "&lt;" in shown or "<" not in attack, "it is shown as it was written"
    for page in ("", "/edit", "/versions", "/try"):
        check(visitor, f"/desk/banks/general/questions/{question}{page}")
    for page in ("categories", "sources", "reports", "new-papers", "papers", "import", "export"):
        check(visitor, f"/desk/banks/general/{page}")
    for address in ("/", "/desk", "/me"):
        check(visitor, address)


def test_w10_markup_in_a_file_and_its_name_is_inert_at_the_import_desk(visitor: Visitor, attack: str) -> None:
    escaped = attack.replace("=", "\\=").replace("{", "\\{").replace("}", "\\}").replace("~", "\\~")
    text = f"::{escaped}::[html]Which? {escaped} {{={escaped}#{escaped} ~b#{escaped}}}\n\n::{escaped}::Broken {{=a ~b\n"
    file = {"file": (BytesIO(text.encode()), f"{attack}.gift".replace("/", "").replace(chr(34), "")), "format": "gift"}
    where = visitor.post("/desk/banks/general/import", file).location
    check(visitor, where)
    broken = visitor.post(f"{where}/question", {"key": "line 3", "n": "2", "act": "correct", "text": f"// {attack}"})
    assert Armed(broken.get_data(as_text=True)).found == []
    visitor.post(f"{where}/accept")
    check(visitor, where)
    assert db.session.scalars(select(Import)).one().state == "accepted"


@pytest.mark.parametrize("format_", ["gift", "moodle-xml", "text", "json"])
def test_w10_what_goes_out_comes_back_cleaned(visitor: Visitor, bank: Bank, format_: str) -> None:
    answer = visitor.post("/desk/banks/general/export", {"format": format_, "anyway": "yes"})
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    data = answer.get_data()
    again = visitor.post("/desk/banks/general/import", {"file": (BytesIO(data), "again"), "format": format_})
    if again.status_code == 303:
        check(visitor, again.location)
