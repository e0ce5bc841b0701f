"""Categories as a tree and tags: renamed, moved, merged, and put back exactly."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from learnhub.kernel.errors import NotFound, Refused
from question_bank import authoring, catalogue, shelving
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank


@pytest.fixture
def bank(app: Flask, now: datetime) -> Bank:
    made = authoring.create_bank("law", "Law", now)
    for n, (category, tags) in enumerate((("A/B", "x"), ("A/B/C", "x y"), ("AB", "y"), ("D", ""), ("", "z"))):
        draft = QuestionDraft(
            "true_false", f"Q{n}", {"answer": True}, title=f"Q{n}", category=category, tags=tuple(tags.split())
        )
        authoring.add_question(made, draft, now)
    return made


def held(bank: Bank) -> list[tuple[str, list[str]]]:
    return [(one.category, one.tags) for one in catalogue.questions(bank).items]


def test_the_tree_counts_each_category_with_what_lies_below(bank: Bank) -> None:
    told = [(one.path, one.level, one.own, one.below) for one in shelving.tree(bank)]
    assert told == [("A", 0, 0, 2), ("A/B", 1, 1, 2), ("A/B/C", 2, 1, 1), ("AB", 0, 1, 1), ("D", 0, 1, 1)]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("A", "E/F", ["E/F/B", "E/F/B/C", "AB", "D", ""]),
        ("A/B", "D", ["D", "D/C", "AB", "D", ""]),
        ("D", "A/B", ["A/B", "A/B/C", "AB", "A/B", ""]),
        ("A/B/C", "", ["A/B", "", "AB", "D", ""]),
        ("A/B", "A", ["A", "A/C", "AB", "D", ""]),
    ],
)
def test_a_category_moves_with_all_below_and_comes_back(bank: Bank, old: str, new: str, wanted: list[str]) -> None:
    before, tree = held(bank), shelving.tree(bank)
    kept = shelving.move_category(bank, old, new)
    assert [category for category, _tags in held(bank)] == wanted
    shelving.put_categories_back(bank, kept)
    assert held(bank) == before
    assert [one.path for one in shelving.tree(bank)] == [one.path for one in tree]


def test_a_category_does_not_come_to_lie_below_itself(bank: Bank) -> None:
    for new in ("A", "A/B", "A/Z"):
        with pytest.raises(Refused):
            shelving.move_category(bank, "A", new)
    for old in ("", "Nowhere"):
        with pytest.raises(NotFound):
            shelving.move_category(bank, old, "X")


def test_a_path_that_grows_too_long_is_refused(bank: Bank) -> None:
    with pytest.raises(Refused, match="too long"):
        shelving.move_category(bank, "A", "x" * 255)


def test_a_name_taken_in_the_meantime_keeps_a_change_from_being_put_back(bank: Bank) -> None:
    kept = shelving.move_category(bank, "D", "E")
    authoring.category_of(bank, "D")
    with pytest.raises(Refused):
        shelving.put_categories_back(bank, kept)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("x", "w", [["w"], ["w", "y"], ["y"], [], ["z"]]),
        ("x", "y", [["y"], ["y"], ["y"], [], ["z"]]),
        ("y", "", [["x"], ["x"], [], [], ["z"]]),
    ],
)
def test_tags_are_renamed_merged_and_taken_off_and_come_back(
    bank: Bank, old: str, new: str, wanted: list[list[str]]
) -> None:
    before = held(bank)
    kept = shelving.move_tag(bank, old, new)
    assert [tags for _category, tags in held(bank)] == wanted
    shelving.put_tag_back(bank, kept)
    assert held(bank) == before


def test_tags_of_other_banks_stay_as_they_are(bank: Bank, now: datetime) -> None:
    other = authoring.create_bank("other", "Other", now)
    authoring.add_question(other, QuestionDraft("true_false", "Q", {"answer": True}, tags=("x",)), now)
    shelving.move_tag(bank, "x", "w")
    assert shelving.tags(other) == [("x", 1)]
    with pytest.raises(NotFound):
        shelving.move_tag(other, "y", "w")
    with pytest.raises(Refused):
        shelving.move_tag(other, "x", "x")
