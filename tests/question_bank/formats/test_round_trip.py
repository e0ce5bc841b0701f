"""What each format writes, it reads back: the same question, of every kind that it carries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank import media
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats import read
from question_bank.formats.carried import CARRIED
from question_bank.formats.listing import as_json
from question_bank.formats.sameness import as_shown, plain
from question_bank.formats.writing import SUFFIXES, write
from question_bank.kinds import KINDS
from tests.question_bank import making

PNG = making.picture()
NAME = media.name_of(PNG) or ""
KEPT = {
    "gift": ("title", "tags", "explanation_html", "category"),
    "moodle-xml": ("title", "tags", "explanation_html", "hints", "category", "mark"),
    "json": ("title", "tags", "explanation_html", "hints", "category", "mark", "difficulty"),
    "aiken": (),
}
WRITTEN = [(format, kind) for format in KEPT for kind in KINDS if CARRIED[format][kind].written]


def ready(draft: QuestionDraft) -> QuestionDraft | None:
    try:
        return cleaned(draft)
    except Refused:
        return None


def told(draft: QuestionDraft, kept: tuple[str, ...]) -> dict[str, Any]:
    draft = cleaned(draft)
    return {
        "kind": draft.kind,
        "stem_html": as_shown(draft.stem_html),
        "content": plain(draft.content),
        **{name: plain(getattr(draft, name), name) for name in kept if name != "hints"},
        **({"hints": [as_shown(hint) for hint in draft.hints]} if "hints" in kept else {}),
    }


@pytest.mark.parametrize(("format", "kind"), WRITTEN)
@settings(max_examples=40)
@given(data=st.data())
def test_what_is_written_reads_back_the_same(format: str, kind: str, data: st.DataObject) -> None:
    draft = ready(data.draw(making.drafts(kind)))
    if draft is None:
        return
    written = write([draft], format)
    if written.left_out:
        assert [one.where for one in written.left_out]
        return
    reading = read(written.data, f"x.{SUFFIXES[format]}", format)
    assert not reading.refused, [str(one.reason) for one in reading.refused]
    assert [told(one, KEPT[format]) for one in reading.questions] == [told(draft, KEPT[format])]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_our_own_form_leaves_nothing_out(kind: str, data: st.DataObject) -> None:
    draft = ready(data.draw(making.drafts(kind)))
    if draft is None:
        return
    shown = f'{draft.stem_html} <img src="{media.address(NAME)}" alt="a square">'
    draft = cleaned(replace(draft, stem_html=shown, difficulty=data.draw(st.integers(1, 5))))
    written = write([draft], "json", {NAME: PNG})
    assert not written.left_out
    reading = read(written.data, "x.json")
    assert [told(one, KEPT["json"]) for one in reading.questions] == [told(draft, KEPT["json"])]
    assert list(reading.files.values()) == [PNG]


@pytest.mark.parametrize("format", ["gift", "moodle-xml", "json"])
@settings(max_examples=15)
@given(data=st.data())
def test_many_questions_come_back_in_order_with_their_categories(format: str, data: st.DataObject) -> None:
    kinds = [kind for kind in KINDS if CARRIED[format][kind].written]
    drawn = [data.draw(making.drafts(kind)) for kind in data.draw(st.lists(st.sampled_from(kinds), max_size=5))]
    drafts = [draft for draft in map(ready, drawn) if draft is not None]
    written = write(drafts, format)
    if len(written.left_out) == len(drafts):
        return
    named = [told(one, KEPT[format]) for one in drafts]
    again = [told(one, KEPT[format]) for one in read(written.data, f"x.{SUFFIXES[format]}").questions]
    assert len(again) == len(drafts) - len(written.left_out)
    assert [one for one in named if one in again][: len(again)] == again or all(one in named for one in again)


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_every_kind_can_be_listed(kind: str, data: st.DataObject) -> None:
    draft = ready(data.draw(making.drafts(kind)))
    if draft is not None:
        found = as_json(draft)
        assert found["kind"] == kind
        assert isinstance(found["options"], list)
        assert isinstance(found["answers"], list)
