"""Odd shapes of JSON banks, read as somebody told: shares, ids, chapters by name, options that stand apart."""

from __future__ import annotations

import json
from typing import Any

import pytest

from question_bank.formats import sourced
from question_bank.formats.listing import as_json
from question_bank.formats.reading import Reading
from question_bank.formats.sourced import Asked

NAMES = {"tm": "stem", "xx": "options", "da": "answer"}
FLAGGED = {"tm": "stem", "xx[] › n": "options", "xx[] › k": "flag"}


def read(data: Any, name: str = "", told: dict[str, str] | None = None, **asked: Any) -> Reading:
    fields = {} if told is None else {"fields": {name: told}}
    return sourced.read(json.dumps(data).encode(), "bank.json", Asked(**fields, **asked), "json").reading


def asking(**fields: Any) -> list[dict[str, Any]]:
    return [{"tm": "何者为木？", **fields}]


def right(reading: Reading) -> list[Any]:
    return [as_json(one)["answers"] for one in reading.questions]


def flagged(*flags: Any) -> list[dict[str, Any]]:
    return asking(xx=[{"n": text, "k": flag} for text, flag in zip("松石柏", flags, strict=True)])


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ((100, 0, 0), ["松"]),
        ((50, 0, 50), ["松", "柏"]),
        (("0.5", "-0.5", "0.5"), ["松", "柏"]),
        (("是", "否", ""), ["松"]),
        ((True, False, None), ["松"]),
    ],
)
def test_flags_may_be_words_or_shares_of_the_whole(flags: tuple[Any, ...], says: list[str]) -> None:
    assert right(read(flagged(*flags), told=FLAGGED)) == [says]


@pytest.mark.parametrize("flags", [(100, 50, 0), ("maybe", "否", "否"), (1, 1, "x")])
def test_flags_that_say_nothing_known_are_refused_with_what_they_say(flags: tuple[Any, ...]) -> None:
    reading = read(flagged(*flags), told=FLAGGED)
    assert (len(reading.questions), len(reading.refused)) == (0, 1)


def test_wrong_options_may_stand_apart_from_the_right_one() -> None:
    reading = read(asking(ok="松", no=["石", "水"]), told={"tm": "stem", "ok": "answer", "no": "wrong"})
    assert [one["text"] for one in as_json(reading.questions[0])["options"]] == ["松", "石", "水"]
    assert right(reading) == [["松"]]


def test_options_may_have_ids_that_are_others_in_each_question() -> None:
    rows = asking(xx={"o17": "松", "o18": "石"}, da="o17") + asking(xx={"o19": "水", "o20": "柏"}, da="o20")
    (table,) = read(rows).tables
    assert table.heads == ("tm", "xx", "da")
    assert right(read(rows, told=NAMES)) == [["松"], ["柏"]]


def test_options_as_pairs_of_id_and_text_are_called_by_their_ids() -> None:
    rows = asking(xx=[[7, "松"], [8, "石"], [9, "柏"]], da=[7, 9])
    assert right(read(rows, told=NAMES)) == [["松", "柏"]]


def test_an_id_that_two_options_have_names_none() -> None:
    rows = asking(xx=[{"id": "a1", "n": "松"}, {"id": "a1", "n": "石"}], da="a1")
    reading = read(rows, told={"tm": "stem", "xx[] › id": "label", "xx[] › n": "options", "da": "answer"})
    assert (len(reading.questions), len(reading.refused)) == (0, 1)


@pytest.mark.parametrize("answer", [4, [1, 9], "1.5"])
def test_a_number_that_counts_no_option_is_refused(answer: Any) -> None:
    reading = read(asking(xx=["松", "石"], da=answer), told=NAMES | {"da": "answer:1"})
    assert (len(reading.questions), len(reading.refused)) == (0, 1)


def test_chapters_by_their_names_are_one_list() -> None:
    book = {"第一章": asking(xx=["松", "石"], da="A"), "第二章": asking(xx=["水", "柏"], da="B")}
    found = read({"book": book})
    assert [table.name for table in found.tables] == ["book/*"]
    reading = read({"book": book}, "book/*", NAMES)
    assert right(reading) == [["松"], ["柏"]]
    assert [one.category for one in reading.questions] == ["第一章", "第二章"]


def test_lists_packed_into_texts_are_opened() -> None:
    rows = asking(xx=json.dumps([{"n": "松", "k": 1}, {"n": "石", "k": 0}]))
    assert read(rows).tables[0].heads == ("tm", "xx[] › n", "xx[] › k")
    assert right(read(rows, told=FLAGGED)) == [["松"]]


def test_a_question_without_its_text_is_refused_and_not_left_out() -> None:
    reading = read([*asking(xx=["松", "石"], da="A"), {"tm": "", "xx": ["水", "柏"], "da": "B"}], told=NAMES)
    assert (len(reading.questions), len(reading.refused)) == (1, 1)


def test_two_fields_that_explain_are_both_kept() -> None:
    told = NAMES | {"a": "explanation", "b": "explanation"}
    reading = read(asking(xx=["松", "石"], da="A", a="见甲书。", b="又见乙书。"), told=told)
    assert all(text in (reading.questions[0].explanation_html or "") for text in ("见甲书。", "又见乙书。"))


def test_questions_told_inside_of_others_are_their_parts_however_deep() -> None:
    data = [{"cl": "松高石低。", "in": {"zt": asking(xx=["松", "石"], da="A")}}]
    fields = {"": {"cl": "material"}, "in/zt": NAMES}
    (case,) = sourced.read(json.dumps(data).encode(), "b.json", Asked(fields=fields), "json").reading.questions
    assert (case.kind, as_json(case)["stem"]) == ("case", "松高石低。")
    assert [one["answers"] for one in as_json(case)["questions"]] == [["松"]]


def test_codes_of_kinds_are_found_however_late_they_come() -> None:
    rows = [{"tm": f"第{n}问？", "lx": "K1" if n < 900 else "K2", "xx": ["松", "石"], "da": "A"} for n in range(901)]
    assert read(rows, told=NAMES | {"lx": "kind"}).tables[0].kinds == {"K1": "", "K2": ""}


@pytest.mark.parametrize(("types", "categories"), [(["K1", "K2"], ["", ""]), (["鸟类", "鱼类"], ["鸟类", "鱼类"])])
def test_codes_of_kinds_that_nobody_told_are_no_categories(types: list[str], categories: list[str]) -> None:
    rows = [one for lx in types for one in asking(xx=["松", "石"], da="A", lx=lx)]
    assert [one.category for one in read(rows, told=NAMES | {"lx": "kind"}).questions] == categories


def test_halves_of_signs_are_left_out_of_texts() -> None:
    data = '[{"question": "Which\\ud83d tree\\u0000?", "options": ["Oak", "Rye \\ud83c\\udf3e"], "answer": "A"}]'
    reading = sourced.read(data.encode(), "bank.json", Asked(), "json").reading
    (found,) = [as_json(one) for one in reading.questions]
    assert (found["stem"], found["options"][1]["text"]) == ("Which tree?", "Rye 🌾")
