"""Banks at the desk: looking, writing, changing, bringing in a file and taking it back."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from learnhub.audit.models import Import
from learnhub.authorship import works
from learnhub.authorship.models import CoInstructor, Work
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.quizzes.models import Quiz
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, Question, QuestionState, QuestionVersion
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

GIFT = "::Sum:: 1 + 1 = ? { =2 ~3 }\n\n::Sky:: The sky is <b>green</b>. {F}\n\nMatch these { =a -> b }\n"


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def instructor(tree: dict[str, Unit]) -> Member:
    return new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD)


@pytest.fixture
def bank(tree: dict[str, Unit], now: datetime) -> Bank:
    made = authoring.create_bank("general", "General", now)
    works.own(Work.BANK, made.id, tree["B1"].id, now)
    return made


@pytest.fixture
def visitor(app: Flask, instructor: Member, bank: Bank) -> Visitor:
    return Visitor(app, instructor)


def choice(stem: str = "Which?", **fields: Any) -> QuestionDraft:
    content = {"options": [{"html": "this", "fraction": "1"}, {"html": "that", "fraction": "0"}]}
    return QuestionDraft("single_choice", stem, content, **fields)


def newest() -> QuestionVersion:
    return db.session.scalars(select(QuestionVersion).order_by(QuestionVersion.id.desc())).first()  # type: ignore[return-value]


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_bank_is_made_once(visitor: Visitor) -> None:
    form = {"title": "Fire", "slug": "fire", "unit": "B1"}
    assert visitor.post("/desk/new-bank", form).headers["Location"] == "/desk/banks/fire"
    again = visitor.post("/desk/new-bank", form)
    assert again.status_code == 422
    assert 'value="Fire"' in again.get_data(as_text=True)
    assert visitor.post("/desk/new-bank", {**form, "slug": "Fire 1"}).status_code == 422
    assert visitor.post("/desk/new-bank", {**form, "slug": "far", "unit": "B2"}).status_code == 422
    assert "Fire" in visitor.page("/desk/banks")


QUESTIONS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "single_choice": (
        {"options-0-text": "<p>a &lt; b</p>", "options-0-right": "y", "options-1-text": "x",
         "options-1-feedback": "no"},
        {"options": [("<p>a &lt; b</p>", "1", ""), ("x", "0", "no")]},
    ),
    "multiple_choice": (
        {"options-0-text": "a", "options-0-right": "y", "options-1-text": "b", "options-1-right": "y",
         "options-2-text": "c", "options-2-share": "-33.33333"},
        {"options": [("a", "1/2", ""), ("b", "1/2", ""), ("c", "-1/3", "")]},
    ),
    "true_false": (
        {"answer": "false", "feedback_true": "Look again."},
        {"answer": False, "feedback_true_html": "Look again.", "feedback_false_html": ""},
    ),
    "fill_in": (
        {"blanks-0": "Beijing\n[50%] Peking", "blanks-1": "1949\n[50%] 1949 ± 1", "any_order": "y"},
        {"blanks": [{"answers": [{"text": "Beijing", "fraction": "1"}, {"text": "Peking", "fraction": "1/2"}]},
                    {"answers": [{"text": "1949", "fraction": "1"},
                                 {"value": "1949", "tolerance": "1", "fraction": "1/2"}]}], "unordered": [[0, 1]]},
    ),
    "numerical": (
        {"answers": "3.14 ± 0.01\n100 ± 2.5%\n100 ×÷ 2\n[50%] 3 … 4", "units-0-unit": "m", "units-1-unit": "厘米",
         "units-1-factor": "0.01", "unit_mode": "share", "unit_penalty": "25", "unit_input": "choice", "figures": "3",
         "figures_penalty": "33.33333"},
        {"answers": [{"value": "3.14", "tolerance": "0.01", "fraction": "1"},
                     {"value": "100", "tolerance": "0.025", "tolerance_kind": "relative", "fraction": "1"},
                     {"value": "100", "tolerance": "1", "tolerance_kind": "geometric", "fraction": "1"},
                     {"low": "3", "high": "4", "fraction": "1/2"}],
         "units": [{"unit": "m", "factor": "1"}, {"unit": "厘米", "factor": "0.01"}], "unit_penalty": "1/4",
         "unit_input": "choice", "significant": {"figures": 3, "penalty": "1/3"}},
    ),
    "short_answer": ({"answers": "C# "}, {"answers": [{"text": "C#", "fraction": "1"}]}),
}  # fmt: skip


def plain(content: dict[str, Any]) -> dict[str, Any]:
    options = [(one["html"], one["fraction"], one["feedback_html"]) for one in content.get("options", [])]
    return {**content, **({"options": options} if options else {})}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_question_of_each_kind_is_written_shown_and_saved_again_unchanged(visitor: Visitor, kind: str) -> None:
    own, content = QUESTIONS[kind]
    form = {"stem": "What is it?", "mark": "2.5", "difficulty": "4", "category": "A / B", "tags": "x，y", **own}
    form |= {"hints-0": " ", "hints-1": "Look <b>here</b>", "hints-2": "1 < 2"}
    answer = visitor.post(f"/desk/banks/general/new-question?kind={kind}", form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    version = newest()
    assert (version.kind, version.mark, plain(version.content)) == (kind, 2500, content)
    assert version.hints == ["Look <b>here</b>", "1 &lt; 2"]
    where = answer.headers["Location"]
    page = visitor.page(where)
    assert "What is it?" in page
    assert "A/B" in page
    edit = visitor.page(f"{where}/edit")
    again = visitor.post(f"{where}/edit", fields_of(edit))
    assert (again.status_code, count(QuestionVersion)) == (303, 1), "nothing was changed"
    changed = visitor.post(f"{where}/edit", {**fields_of(edit), "stem": "What is it now?", "hints-0": ""})
    assert (changed.status_code, count(QuestionVersion)) == (303, 2)
    assert newest().hints == ["1 &lt; 2"]
    assert "What is it?" in visitor.page(where), "the earlier version is there to be seen"


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send back of the page's main form."""
    from html import unescape

    form = page[page.index('<form class="card-plain"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checked" in tag or not re.search(r'type="(checkbox|radio)"', tag)) and name[1] != "csrf_token":
            found[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text.removeprefix("\r\n").removeprefix("\n"))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def test_there_is_room_for_as_many_hints_as_a_question_may_have(visitor: Visitor) -> None:
    address = "/desk/banks/general/new-question?kind=true_false"
    form = {"stem": "Is it?", "mark": "1", "difficulty": "3", "answer": "true", "hints-0": "first"}
    page = visitor.post(address, {**form, "more": "hints"}).get_data(as_text=True)
    found = {name: text for name, text in fields_of(page).items() if name.startswith("hints-")}
    assert len(found) == 6
    assert found["hints-0"] == "first"
    full = visitor.post(address, {**form, "more": "hints", **{f"hints-{n}": "x" for n in range(10)}})
    assert 'name="hints-9"' in full.get_data(as_text=True)
    assert 'name="hints-10"' not in full.get_data(as_text=True)


def test_a_refused_question_keeps_what_was_typed(visitor: Visitor) -> None:
    form = {"stem": "Which one?", "mark": "1", "difficulty": "3", "options-0-text": "only one", "options-0-right": "y"}
    answer = visitor.post("/desk/banks/general/new-question?kind=single_choice", form)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "only one" in page
    assert "Which one?" in page
    for wrong in ({"mark": "NaN"}, {"mark": "-1"}, {"mark": "1e9"}, {"stem": " "}, {"difficulty": "9"}):
        assert visitor.post("/desk/banks/general/new-question?kind=single_choice", form | wrong).status_code == 422
    for wrong in ("x", "2 ± x", "2 ± x%", "2 ×÷ x", "2 ×÷ 0.5", "1 … 0", "[200%] 3", "Infinity"):
        numbers = {**form, "answers": wrong}
        assert visitor.post("/desk/banks/general/new-question?kind=numerical", numbers).status_code == 422, wrong
    assert visitor.get("/desk/banks/general/new-question?kind=nonsense").status_code == 404
    assert count(Question) == 0


def test_the_same_question_twice_is_noticed(visitor: Visitor) -> None:
    form = {"stem": "Is it?", "mark": "1", "difficulty": "3", "answer": "true"}
    assert visitor.post("/desk/banks/general/new-question?kind=true_false", form).status_code == 303
    assert visitor.post("/desk/banks/general/new-question?kind=true_false", form).status_code == 422


def test_questions_are_found_by_kind_category_tag_state_and_words(visitor: Visitor, bank: Bank, now: datetime) -> None:
    authoring.add_questions(bank, [choice("Red fox", category="Animals/Wild", tags=("t1",)), choice("Blue sky")], now)
    for query in ("kind=single_choice&q=fox", "category=Animals", "tag=t1", "q=red+fox"):
        page = visitor.page(f"/desk/banks/general?{query}")
        assert "Red fox" in page
        assert "Blue sky" not in page
    assert "No question was found" in visitor.page("/desk/banks/general?q=unheard")
    assert "Blue sky" in visitor.page("/desk/banks/general?page=999999&state=all")
    for odd in ("page=x", "page=-1", "page=99999999999999999999", "state=%00", "kind='"):
        assert visitor.get(f"/desk/banks/general?{odd}").status_code < 500


def test_a_question_says_where_it_is_asked_and_can_be_retired(
    visitor: Visitor, bank: Bank, tree: dict[str, Unit], now: datetime
) -> None:
    question = authoring.add_question(bank, choice(), now)
    paper = {"questions": [{"id": str(question.id), "mark": 1000}]}
    for unit in ("B1", "B2"):
        db.session.add(Quiz(slug=f"q-{unit}", title=f"Of {unit}", unit_id=tree[unit].id, paper=paper, created_at=now))
    where = f"/desk/banks/general/questions/{question.id}"
    page = visitor.page(where)
    assert "Of B1" in page
    assert "Of B2" not in page, "the quiz of a foreign unit is counted, not named"
    assert "1 quiz of another unit" in page
    visitor.post(f"{where}/state", {"act": "retire"})
    db.session.expire_all()
    assert db.session.get_one(Question, question.id).state == QuestionState.RETIRED
    visitor.post(f"{where}/state", {"act": "bring_back"})
    db.session.expire_all()
    assert db.session.get_one(Question, question.id).state == QuestionState.PUBLISHED


def upload(visitor: Visitor, content: bytes, name: str = "q.gift", **fields: str) -> Any:
    return visitor.post("/desk/banks/general/import", {"file": (BytesIO(content), name), "format": "auto", **fields})


def test_a_file_is_seen_before_it_is_written_and_can_be_taken_back(visitor: Visitor) -> None:
    answer = upload(visitor, GIFT.encode())
    assert answer.status_code == 303, answer.get_data(as_text=True)
    where = answer.headers["Location"]
    page = visitor.page(where)
    assert "1 + 1 = ?" in page
    assert "The sky is <b>green</b>." in page
    assert "line 5" in page, "what is refused is listed with its place"
    assert count(Question) == 0
    assert visitor.post(f"{where}/accept").status_code == 303
    assert visitor.post(f"{where}/accept").status_code == 303, "a double click"
    assert count(Question) == 2
    assert "Take it back" in visitor.page(where)
    visitor.post(f"{where}/undo")
    assert set(db.session.scalars(select(Question.state))) == {QuestionState.WITHDRAWN}
    visitor.post(f"{where}/undo")
    assert "Taken back" in visitor.page(where)


def test_questions_of_an_undone_import_are_in_no_list_but_their_own(visitor: Visitor) -> None:
    bank = "/desk/banks/general"
    where = upload(visitor, GIFT.encode()).headers["Location"]
    visitor.post(f"{where}/accept")
    listed = re.findall(r'class="stretched" href="([^"]+)"', visitor.page(bank))
    assert len(listed) == 2
    assert "import undone" not in visitor.page(bank)
    visitor.post(f"{where}/undo")
    for state in ("", "retired", "all"):
        page = visitor.page(f"{bank}?state={state}")
        assert 'class="stretched"' not in page
        assert "import undone (2)" in page
        assert "retired (0)" in page
    assert len(re.findall(r'class="stretched"', visitor.page(f"{bank}?state=withdrawn"))) == 2
    assert "Bring back" in visitor.page(listed[0])
    visitor.post(f"{listed[0]}/state", {"act": "retire"})
    assert "import undone (2)" in visitor.page(bank), "what is gone can't be retired"
    visitor.post(f"{listed[0]}/state", {"act": "bring_back"})
    assert re.findall(r'class="stretched" href="([^"]+)"', visitor.page(bank)) == listed[:1]


def test_a_question_brought_back_after_an_undo_is_known_again(visitor: Visitor) -> None:
    where = upload(visitor, GIFT.encode()).headers["Location"]
    visitor.post(f"{where}/accept")
    visitor.post(f"{where}/undo")
    question = db.session.scalars(select(Question).order_by(Question.id)).first()
    assert question is not None
    visitor.post(f"/desk/banks/general/questions/{question.id}/state", {"act": "bring_back"})
    again = visitor.page(upload(visitor, GIFT.encode()).headers["Location"])
    assert "the bank has this question already" in again


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "q.gift"), (b"PK\x03\x04 not a zip", "q.xlsx"), (b"\x89PNG\r\n\x1a\n", "q.csv"), (b"<quiz/>", "q.xml")],
)
def test_a_wrong_file_is_a_clear_error(visitor: Visitor, content: bytes, name: str) -> None:
    answer = upload(visitor, content, name)
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.get_data(as_text=True)
    assert count(Import) == 0


def test_no_file_is_a_clear_error(visitor: Visitor) -> None:
    answer = visitor.post("/desk/banks/general/import", {"format": "auto"})
    assert answer.status_code == 422
    assert "Choose a file." in answer.get_data(as_text=True)


def test_a_foreign_bank_does_not_exist_but_for_who_is_named_on_it(
    app: Flask, bank: Bank, tree: dict[str, Unit], now: datetime
) -> None:
    question = authoring.add_question(bank, choice(), now)
    stranger = new_staff(Role.INSTRUCTOR, tree["B2"], password=PASSWORD)
    helper = new_member(tree["B2"], password=PASSWORD)
    db.session.add(CoInstructor(work=Work.BANK, work_id=bank.id, member_id=helper.id, since=now))
    addresses = ["/desk/banks/general", "/desk/banks/general/import", f"/desk/banks/general/questions/{question.id}"]
    outside, inside = Visitor(app, stranger), Visitor(app, helper)
    assert [outside.get(address).status_code for address in addresses] == [404, 404, 404]
    assert [inside.get(address).status_code for address in addresses] == [200, 200, 200]


OUT = (
    ("gift", "gift"),
    ("aiken", "txt"),
    ("moodle-xml", "xml"),
    ("qti", "zip"),
    ("excel", "xlsx"),
    ("text", "txt"),
    ("json", "json"),
)
"""The formats that a bank goes out in, with the endings of their files."""


def test_a_bank_goes_out_and_comes_in_again(visitor: Visitor, bank: Bank, now: datetime) -> None:
    authoring.add_questions(bank, [choice("Is it <b>so</b>?", title="So"), choice("Or so?")], now)
    visitor.post("/desk/new-bank", {"title": "Copy", "slug": "copy", "unit": "B1"})
    for name, suffix in OUT:
        answer = visitor.post("/desk/banks/general/export", {"format": name, "anyway": "yes"})
        assert answer.status_code == 200
        assert f'filename="general.{suffix}"' in answer.headers["Content-Disposition"]
        again = visitor.post("/desk/banks/copy/import", {"file": (BytesIO(answer.data), f"x.{suffix}")})
        assert again.status_code == 303, again.get_data(as_text=True)
        assert visitor.page(again.headers["Location"]).count("import-item is-") == (1 if name == "aiken" else 2), name
    assert visitor.post("/desk/banks/general/export", {"format": "docx"}).status_code == 422
    assert "JSON" in visitor.page("/desk/banks/general/export")


def test_what_a_format_can_t_say_is_told_before_the_rest_goes_out(visitor: Visitor, bank: Bank, now: datetime) -> None:
    blanks = [{"answers": [{"text": text}]} for text in ("a", "b")]
    authoring.add_questions(
        bank, [choice(), QuestionDraft("fill_in", "____ and ____", {"blanks": blanks, "unordered": [[0, 1]]})], now
    )
    page = visitor.post("/desk/banks/general/export", {"format": "gift"}).get_data(as_text=True)
    assert "1 question can't be said in this format" in page
    answer = visitor.post("/desk/banks/general/export", {"format": "gift", "anyway": "yes"})
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert b"Which?" in answer.data
