"""What was told of the tables of a file, remembered by the bank."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from question_bank import authoring, told_shapes
from question_bank.formats.reading import Table
from question_bank.models import Bank
from question_bank.told_shapes import Told


@pytest.fixture
def bank(app: Flask, now: datetime) -> Bank:
    return authoring.create_bank("general", "General", now)


def test_the_latest_that_was_told_of_a_shape_holds_for_the_next_file_alike(bank: Bank, now: datetime) -> None:
    table = Table("Sheet1", ("Frage", "Antwort"), {0: "stem", 1: "explanation"}, kinds={"7": ""})
    told_shapes.remember(bank.id, [table], now, are_lists=False)
    later = Table("Sheet1", ("Frage", "Antwort"), {0: "stem", 1: "answer"}, kinds={"7": "essay"})
    told_shapes.remember(bank.id, [later], now + timedelta(hours=1), are_lists=False)
    found = told_shapes.recalled(bank.id, [Table("Blatt", ("Frage", "Antwort"), {})], are_lists=False)
    assert found == Told(columns={"Blatt": {0: "stem", 1: "answer"}}, kinds={"Blatt": {"7": "essay"}})
    assert told_shapes.recalled(bank.id, [Table("", ("Antwort", "Frage"), {})], are_lists=False) is None
    told_shapes.forget(bank.id, [later], are_lists=False)
    assert not told_shapes.has_any(bank.id)


def test_a_list_needs_every_field_that_was_told(bank: Bank, now: datetime) -> None:
    told_shapes.remember(bank.id, [Table("rows", ("a", "b", "c"), {0: "stem", 2: "answer"})], now, are_lists=True)
    found = told_shapes.recalled(bank.id, [Table("rows", ("c", "x", "a"), {})], are_lists=True)
    assert found == Told(fields={"rows": {"a": "stem", "c": "answer"}}, kinds={"rows": {}})
    assert told_shapes.recalled(bank.id, [Table("rows", ("a", "b"), {})], are_lists=True) is None
    assert told_shapes.recalled(bank.id, [Table("items", ("a", "c"), {})], are_lists=True) is None


def test_a_table_without_heads_is_not_remembered(bank: Bank, now: datetime) -> None:
    told_shapes.remember(bank.id, [Table("", ("", ""), {0: "stem", 1: "answer"})], now, are_lists=False)
    assert not told_shapes.has_any(bank.id)


def test_no_more_shapes_are_kept_than_a_bank_has_room_for(
    bank: Bank, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_shapes, "MOST_SHAPES", 2)
    tables = [Table("", (f"Frage {n}", "Antwort"), {0: "stem", 1: "answer"}) for n in range(3)]
    for n, table in enumerate(tables):
        told_shapes.remember(bank.id, [table], now + timedelta(hours=n), are_lists=False)
    known = [told_shapes.recalled(bank.id, [table], are_lists=False) is not None for table in tables]
    assert known == [False, True, True]
