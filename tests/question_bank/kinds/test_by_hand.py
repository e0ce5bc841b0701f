"""Essay, file upload and rubric: what is asked and answered, and what of it a person marks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank.kinds import Correctness, kind, rubric
from question_bank.kinds.file_upload import clean_name

RUBRIC = [
    {"title": "Content", "levels": [{"text": "all", "points": "3"}, {"text": "some", "points": "1.5"}]},
    {"title": "Form", "levels": [{"text": "clear", "points": "1"}, {"text": "not", "points": "0"}]},
]
FILE = {"digest": "ab" * 32, "name": "plan.pdf", "size": 100}


def prepared(name: str, **content: Any) -> dict[str, Any]:
    kind(name).validate(content)
    return kind(name).prepare(content)


def test_an_essay_waits_for_a_person_and_a_blank_one_does_not() -> None:
    essay, content = kind("essay"), prepared("essay", rubric=RUBRIC)
    outcome = essay.mark(content, {"text": "Fire needs air."})
    assert (outcome.fraction, outcome.correctness) == (0, Correctness.BY_HAND)
    assert essay.mark(content, {}).correctness is Correctness.BLANK
    assert essay.right_answer(content) == []
    assert essay.option_keys(content) == []


@pytest.mark.parametrize(
    ("raw", "response"),
    [
        (None, {}),
        ({"text": "  \n "}, {}),
        ({"text": "Dear fire,\n"}, {}),
        ({"text": "a\r\nb "}, {"text": "a\nb"}),
        ({"text": "nul\0"}, {"text": "nul"}),
    ],
)
def test_line_breaks_are_kept_and_an_untouched_template_is_no_answer(raw: Any, response: dict[str, Any]) -> None:
    content = prepared("essay", template="Dear fire,\r\n")
    assert kind("essay").clean_response(content, raw) == response
    assert kind("essay").is_blank(response) is (not response)


@pytest.mark.parametrize("raw", ["text", {"text": []}, {"text": "x" * 50_001}, {"text": "\ud800"}, {"other": "x"}])
def test_what_is_no_essay_is_refused(raw: Any) -> None:
    with pytest.raises(Refused):
        kind("essay").clean_response(prepared("essay"), raw)


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_an_essay_that_was_cleaned_stays_as_it_is(text: str) -> None:
    essay, content = kind("essay"), prepared("essay", template="Dear")
    once = essay.clean_response(content, {"text": text})
    assert essay.clean_response(content, once or None) == once
    assert essay.response_from_fields(content, {"text": [text]}) == once


def test_notes_for_who_marks_are_not_for_members() -> None:
    for name in ("essay", "file_upload"):
        content = prepared(name, marker_html="<p>Air<script>x</script></p>", rubric=RUBRIC)
        assert content["marker_html"] == "<p>Air</p>"
        assert "Air" not in str(kind(name).public(content))
        assert kind(name).public(content)["rubric"] == content["rubric"]


@pytest.mark.parametrize(
    "content",
    [
        {"least": -1},
        {"least": "3"},
        {"most": True},
        {"least": 5, "most": 4},
        {"most": 20_001},
        {"template": 3},
        {"template": "x" * 50_001},
        {"rubric": "all"},
    ],
)
def test_an_essay_that_cant_be_asked_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        kind("essay").validate(content)


def test_files_are_named_by_digest_name_and_size() -> None:
    upload, content = kind("file_upload"), prepared("file_upload", accept=["pdf", "picture"], most=2, rubric=RUBRIC)
    assert content["accept"] == ["picture", "pdf"], "in the platform's order"
    response = upload.clean_response(content, {"files": [{**FILE, "name": " a\0 \n b "}]})
    assert response == {"files": [{**FILE, "name": "a b"}]}
    assert upload.mark(content, response).correctness is Correctness.BY_HAND
    assert upload.mark(content, {}).correctness is Correctness.BLANK
    assert upload.clean_response(content, {"files": []}) == {}
    assert upload.clean_response(content, None) == {}


def test_the_same_file_sent_twice_is_one_file() -> None:
    upload, content = kind("file_upload"), prepared("file_upload", most=1)
    lines = [f"{'a' * 64}/10/first.txt", f"{'a' * 64}/10/again.txt"]
    kept = upload.response_from_fields(content, {"file": lines})
    assert kept == {"files": [{"digest": "a" * 64, "name": "first.txt", "size": 10}]}
    with pytest.raises(Refused):
        upload.response_from_fields(content, {"file": [lines[0], f"{'b' * 64}/10/other.txt"]})


def test_a_form_names_files_line_by_line_with_slashes_in_their_names() -> None:
    upload, content = kind("file_upload"), prepared("file_upload", most=2)
    lines = ["", f"{FILE['digest']}/100/a/b.pdf"]
    assert upload.response_from_fields(content, {"file": lines}) == {"files": [{**FILE, "name": "a/b.pdf"}]}
    assert upload.response_from_fields(content, {}) == {}


@pytest.mark.parametrize(
    "files",
    [
        "all",
        [FILE, {**FILE, "digest": "cd" * 32}],
        [{**FILE, "digest": "AB" * 32}],
        [{**FILE, "digest": "../../etc/passwd"}],
        [{**FILE, "size": 0}],
        [{**FILE, "size": True}],
        [{**FILE, "size": 101}],
        [{**FILE, "name": 3}],
        [{**FILE, "path": "/"}],
        ["plan.pdf"],
    ],
)
def test_what_names_no_file_is_refused(files: Any) -> None:
    with pytest.raises(Refused):
        kind("file_upload").clean_response(prepared("file_upload", largest=100), {"files": files})


@pytest.mark.parametrize("line", ["x", "ab/1", f"{FILE['digest']}/-1/a", f"{FILE['digest']}/１/a"])
def test_what_is_no_line_of_a_form_is_refused(line: str) -> None:
    with pytest.raises(Refused):
        kind("file_upload").response_from_fields(prepared("file_upload"), {"file": [line]})


@pytest.mark.parametrize(
    "content", [{"accept": ["exe"]}, {"accept": "pdf"}, {"most": 0}, {"most": 11}, {"largest": 0}, {"largest": 1 << 40}]
)
def test_an_upload_that_cant_be_asked_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        kind("file_upload").validate(content)


def test_a_name_is_one_line_and_never_nothing() -> None:
    assert (clean_name(" a\tb \0"), clean_name("\n"), len(clean_name("x" * 300))) == ("a b", "file", 200)


def test_a_rubric_comes_to_the_share_of_the_points_reached() -> None:
    made = rubric.prepare(RUBRIC)
    best = {one["key"]: one["levels"][0]["key"] for one in made}
    least = {one["key"]: one["levels"][1]["key"] for one in made}
    assert rubric.worth(made, best) == 1
    assert rubric.worth(made, least) == Fraction(3, 8)
    with pytest.raises(Refused, match="Form"):
        rubric.worth(made, {made[0]["key"]: best[made[0]["key"]]})
    with pytest.raises(Refused, match="Content"):
        rubric.worth(made, {**best, made[0]["key"]: "made up"})
    assert rubric.worth([], {}) == 0


def test_a_rubric_that_was_prepared_can_be_prepared_again() -> None:
    once = rubric.prepare([{"title": " two\n words ", "levels": [{"text": "x\0", "points": 2}]}])
    rubric.validate(once)
    again = rubric.prepare(once)
    assert [(one["title"], [(level["text"], level["points"]) for level in one["levels"]]) for one in again] == [
        ("two words", [("x", "2")])
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        [{"title": "", "levels": [{"text": "a", "points": "1"}]}],
        [{"title": "A", "levels": []}],
        [{"title": "A", "levels": [{"text": " ", "points": "1"}]}],
        [{"title": "A", "levels": [{"text": "a", "points": "0"}]}],
        [{"title": "A", "levels": [{"text": "a", "points": "-1"}]}],
        [{"title": "A", "levels": [{"text": "a", "points": "1001"}]}],
        [{"title": "A", "levels": [{"text": "a", "points": "much"}]}],
        [{"title": "A", "levels": [{"text": "a"}]}],
        [{"title": "A" * 501, "levels": [{"text": "a", "points": "1"}]}],
        [{"title": "A", "levels": [{"text": "a", "points": "1"}] * 13}],
        [{"title": "A", "levels": [{"text": "a", "points": "1"}]}] * 21,
        ["A"],
        {},
    ],
)
def test_what_is_no_rubric_is_refused(wrong: Any) -> None:
    with pytest.raises(Refused):
        rubric.validate(wrong)
