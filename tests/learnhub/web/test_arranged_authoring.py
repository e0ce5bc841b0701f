"""Writing questions that are matched, ordered, chosen in a text or filled into it: typed, shown, saved unchanged."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.web.question_bank import arranged
from learnhub.web.question_bank.kind_forms import FORMS
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.kinds.in_text import PLACE, split
from question_bank.models import QuestionVersion
from tests.desks import instructor_with_bank
from tests.learnhub.web.test_question_bank import count, fields_of, newest
from tests.question_bank.kinds.samples import CONTENTS, WORDS
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def visitor(app: Flask, now: Any) -> Visitor:
    return instructor_with_bank(app, now)[0]


TYPED: dict[str, tuple[dict[str, str], str, dict[str, Any]]] = {
    "matching": (
        {
            "stem": "Which?",
            "pairs-0-left": "France",
            "pairs-0-right": "Paris",
            "pairs-1-left": "",
            "pairs-2-left": "Japan",
            "pairs-2-right": "a < b",
            "pairs-3-left": "",
            "pairs-4-right": "Rome",
        },
        "Which?",
        {
            "pairs": [{"html": "France", "match_html": "Paris"}, {"html": "Japan", "match_html": "a &lt; b"}],
            "distractors": [{"html": "Rome"}],
        },
    ),
    "ordering": (
        {
            "stem": "Sort.",
            "lines-0": "draft",
            "lines-1": "sign",
            "lines-2": "",
            "lines-3": "send",
            "scoring": "longest_sequence",
        },
        "Sort.",
        {"items": [{"html": "draft"}, {"html": "sign"}, {"html": "send"}], "scoring": "longest_sequence"},
    ),
    "select_text": (
        {"stem": r"The [[-dog|A noun \| a name]] can [[+bark]]."},
        "The [[1]] can [[2]].",
        {
            "segments": [
                {"html": "dog", "right": False, "feedback_html": "A noun | a name"},
                {"html": "bark", "right": True, "feedback_html": ""},
            ]
        },
    ),
    "drag_text": (
        {
            "stem": "In [[=1949]] the [[2]] sat on the [[mat]], the [[2]].",
            "choices-0-text": "hat",
            "choices-0-group": "2",
            "choices-1-text": "cat",
            "choices-1-group": "1",
            "choices-2-text": "",
            "choices-3-text": "dog",
            "choices-3-group": "1",
            "choices-3-again": "y",
        },
        "In [[1]] the [[2]] sat on the [[3]], the [[4]].",
        {
            "choices": [
                {"html": "hat", "group": 2, "unlimited": False},
                {"html": "cat", "group": 1, "unlimited": True},
                {"html": "dog", "group": 1, "unlimited": True},
                {"html": "1949", "group": 1, "unlimited": False},
                {"html": "mat", "group": 1, "unlimited": False},
            ],
            "gaps": [3, 1, 4, 1],
        },
    ),
    "cloze": (
        {
            "stem": "[[2]] lies [[*north|south]] of [[Tianjin|Tientsin]]: [[=110]] km.",
            "parts-0-answers": "",
            "parts-1-kind": "multiple_choice",
            "parts-1-answers": "* Beijing\n* Peking\n[-50%] Rome\nOslo",
            "parts-1-weight": "1/3",
            "parts-1-layout": "vertical",
        },
        "[[1]] lies [[2]] of [[3]]: [[4]] km.",
        {
            "parts": [
                {
                    "kind": "multiple_choice",
                    "weight": "1/3",
                    "layout": "vertical",
                    "content": {
                        "options": [
                            {"html": "Beijing", "fraction": "1/2", "feedback_html": ""},
                            {"html": "Peking", "fraction": "1/2", "feedback_html": ""},
                            {"html": "Rome", "fraction": "-1/2", "feedback_html": ""},
                            {"html": "Oslo", "fraction": "0", "feedback_html": ""},
                        ]
                    },
                },
                {
                    "kind": "single_choice",
                    "weight": "1",
                    "layout": "inline",
                    "content": {
                        "options": [
                            {"html": "north", "fraction": "1", "feedback_html": ""},
                            {"html": "south", "fraction": "0", "feedback_html": ""},
                        ]
                    },
                },
                {
                    "kind": "short_answer",
                    "weight": "1",
                    "layout": "inline",
                    "content": {
                        "answers": [{"text": "Tianjin", "fraction": "1"}, {"text": "Tientsin", "fraction": "1"}]
                    },
                },
                {
                    "kind": "short_answer",
                    "weight": "1",
                    "layout": "inline",
                    "content": {"answers": [{"text": "110", "fraction": "1"}]},
                },
            ]
        },
    ),
}


def keyless(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: keyless(one) for name, one in content.items() if name not in ("key", "match_key")}
    return [keyless(one) for one in content] if isinstance(content, list) else content


def faults(answer: Any) -> list[str]:
    """What the page says is wrong."""
    return re.findall(r'(?s)notice-danger".*?</ul>', answer.get_data(as_text=True))


@pytest.mark.parametrize("kind", TYPED)
def test_a_question_is_written_shown_and_saved_again_unchanged(visitor: Visitor, kind: str) -> None:
    own, stem, content = TYPED[kind]
    form = {"mark": "2", "difficulty": "3", **own}
    answer = visitor.post(f"/desk/banks/general/new-question?kind={kind}", form)
    assert answer.status_code == 303, faults(answer)
    version = newest()
    assert (version.kind, version.stem_html, keyless(version.content)) == (kind, stem, content)
    where = answer.headers["Location"]
    page = visitor.page(where)
    assert "[[" not in page.split("<main", 1)[1]
    edit = fields_of(visitor.page(f"{where}/edit"))
    assert visitor.post(f"{where}/edit", edit).status_code == 303
    assert count(QuestionVersion) == 1, "nothing was changed"
    changed = visitor.post(f"{where}/edit", {**edit, "stem": edit["stem"] + " Now?"})
    assert (changed.status_code, count(QuestionVersion)) == (303, 2)


@pytest.mark.parametrize("kind", TYPED)
def test_a_question_is_looked_at_before_it_is_saved(visitor: Visitor, kind: str) -> None:
    form = {"mark": "2", "difficulty": "3", **TYPED[kind][0], "look": "1"}
    answer = visitor.post(f"/desk/banks/general/new-question?kind={kind}", form)
    assert answer.status_code == 200, faults(answer)
    page = answer.get_data(as_text=True)
    assert "Nothing is saved yet." in page
    shown = page[page.index('id="preview-title"') :]
    assert "look-" in shown
    assert "Right answer" in shown
    assert count(QuestionVersion) == 0


@pytest.mark.parametrize("kind", ["matching", "ordering", "drag_text", "cloze"])
def test_more_rows_are_given_and_keep_what_was_typed(visitor: Visitor, kind: str) -> None:
    form = {"mark": "2", "difficulty": "3", **TYPED[kind][0]}
    before = visitor.page(f"/desk/banks/general/new-question?kind={kind}")
    page = visitor.post(f"/desk/banks/general/new-question?kind={kind}", {**form, "more": "rows"})
    kept = fields_of(page.get_data(as_text=True))
    assert len(kept) > len(fields_of(before))
    assert {name: kept[name] for name in TYPED[kind][0]} == TYPED[kind][0]


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("matching", {"pairs-0-left": "France"}, "A pair has a left and a right side"),
        ("ordering", {"lines-0": "alone"}, "between 2 and"),
        ("select_text", {"stem": "no piece"}, "between 1 and"),
        ("select_text", {"stem": "[[-wrong]]"}, "No piece of the text is marked as right."),
        ("select_text", {"stem": "[[right]]"}, "a piece begins with its sign"),
        ("drag_text", {"stem": "[[3]]", "choices-0-text": "cat"}, "There is no choice 3."),
        ("drag_text", {"stem": "no gap", "choices-0-text": "cat"}, "The text has no gap."),
        ("cloze", {"stem": "[[2]]", "parts-0-answers": "cat"}, "There is no part 2."),
        ("cloze", {"stem": "nothing", "parts-0-answers": "cat"}, "exactly once"),
        ("cloze", {"stem": "[[1]]", "parts-0-answers": "many", "parts-0-kind": "numerical"}, "many"),
        ("cloze", {"stem": "[[1]]", "parts-0-answers": "a", "parts-0-weight": "heavy"}, "heavy is not a fraction."),
    ],
)
def test_what_can_not_be_asked_is_refused_with_the_reason(
    visitor: Visitor, kind: str, fields: dict[str, str], why: str
) -> None:
    form = {"stem": "Which?", "mark": "1", "difficulty": "3", "scoring": "exact", **fields}
    answer = visitor.post(f"/desk/banks/general/new-question?kind={kind}", form)
    assert answer.status_code == 422
    assert why in answer.get_data(as_text=True)
    assert count(QuestionVersion) == 0


def test_what_a_line_can_not_say_of_a_part_is_kept() -> None:
    options = [
        {"html": "north", "fraction": "1", "feedback_html": "Yes"},
        {"html": "south", "fraction": "7/13", "feedback_html": "Nearly"},
        {"html": "west", "fraction": "0", "feedback_html": "No"},
    ]
    part = {
        "kind": "single_choice",
        "weight": "1",
        "layout": "inline",
        "content": {"options": options, "negative": True},
    }
    before = {"parts": [part]}
    rows = arranged.part_rows(before)
    assert arranged.parts_content("[[1]]", rows, before) == ("[[1]]", before)
    rows[0]["answers"] += "\neast"
    _stem, changed = arranged.parts_content("[[1]]", rows, before)
    assert changed["parts"][0]["content"]["options"] == [*options, {"html": "east", "fraction": "0"}]


def test_an_unknown_sign_is_refused_by_name() -> None:
    with pytest.raises(Refused):
        arranged.pieces_content("[[*right]]")


@given(st.text(r"ab\|][<&+- ", max_size=12), st.text(r"ab\|][<&", max_size=8))
def test_a_piece_is_written_so_that_it_is_read_the_same(piece: str, feedback: str) -> None:
    html, why = arranged.text_in(piece), arranged.text_in(feedback)
    content = {"segments": [{"html": html, "right": True, "feedback_html": why}]}
    typed = arranged.pieces_out("before [[1]] after", content)
    assert arranged.pieces_content(typed) == ("before [[1]] after", content)


PLACES = {"select_text": "segments", "drag_text": "gaps", "cloze": "parts"}


@pytest.mark.parametrize("kind", sorted(CONTENTS))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_question_comes_back_from_its_form_as_it_was(app: Flask, kind: str, data: st.DataObject) -> None:
    content = data.draw(CONTENTS[kind])
    numbers = list(range(1, len(content[PLACES[kind]]) + 1)) if kind in PLACES else []
    random.Random(data.draw(st.integers(0, 9))).shuffle(numbers)
    stem = data.draw(WORDS) + "".join(f" [[{n}]] {data.draw(WORDS)}" for n in numbers)
    draft = cleaned(QuestionDraft(kind, stem, content))
    with app.test_request_context(method="POST"):
        form = FORMS[kind](formdata=None, data=FORMS[kind].values(draft))
        again = cleaned(form.draft(kind, draft.content))
    same_order = _in_text_order(draft)
    assert (again.stem_html, keyless(again.content)) == (same_order.stem_html, keyless(same_order.content))
    db.session.rollback()


def _in_text_order(draft: QuestionDraft) -> QuestionDraft:
    """Pieces and gaps are numbered by the text: typed again, they stand in its order."""
    name = {"select_text": "segments", "drag_text": "gaps"}.get(draft.kind)
    if name is None:
        return draft
    numbers = [piece for piece in split(draft.stem_html) if isinstance(piece, int)]
    places = iter(range(1, len(numbers) + 1))
    stem = PLACE.sub(lambda _found: f"[[{next(places)}]]", draft.stem_html)
    return replace(
        draft, stem_html=stem, content={**draft.content, name: [draft.content[name][n - 1] for n in numbers]}
    )


def test_parts_of_a_cloze_are_numbered_as_they_stand_in_the_text() -> None:
    rows = [{"kind": "numerical", "answers": "3.14", "weight": "2", "layout": "inline"}]
    stem, content = arranged.parts_content(
        "The capital is [[Beijing]], [[*Yangtze|Yellow River]] flows, pi is [[1]].", rows
    )
    assert stem == "The capital is [[1]], [[2]] flows, pi is [[3]]."
    assert [part["kind"] for part in content["parts"]] == ["short_answer", "single_choice", "numerical"]
    assert [part["weight"] for part in content["parts"]] == ["1", "1", "2"]


def test_wrong_choices_of_lists_that_do_not_open_are_told(visitor: Visitor) -> None:
    pairs = {"stem": "Which?", "pairs-0-left": "France", "pairs-0-right": "Paris", "pairs-1-right": "Rome"}
    gaps = {"stem": "The [[dog]] barks.", "choices-0-text": "cat"}
    cloze = {"stem": "It is [[*wet|dry]] and [[cold]]."}
    for kind, typed, wrong in (("matching", pairs, "Rome"), ("drag_text", gaps, "cat"), ("cloze", cloze, "1. dry")):
        typed |= {"mark": "1", "difficulty": "3", "look": "1"}
        page = visitor.post(f"/desk/banks/general/new-question?kind={kind}", typed).get_data(as_text=True)
        (told,) = re.findall(r"<dt>Wrong choices</dt><dd>(.*?)</dd>", page, re.DOTALL)
        assert told.strip() == f"<div>{wrong}</div>"
