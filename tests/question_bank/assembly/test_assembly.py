"""Papers assembled by a blueprint: variants, marks that add up, overlaps, and reasons that name the rules."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank.assembly import Variant, assemble, compare, plan_of
from question_bank.drawing import Candidate


def candidate(n: int, tags: str = "", difficulty: int = 3, uses: int = 0, source: str = "") -> Candidate:
    return Candidate(n, n + 1000, "", frozenset(tags.split()), "single_choice", difficulty, source, uses)


def papers(pool: list[Candidate], *quotas: dict[str, Any], seed: int = 1, **rules: Any) -> list[Variant]:
    return assemble(plan_of({"quotas": list(quotas), **rules}), pool, seed)


def reason(pool: list[Candidate], *quotas: dict[str, Any], **rules: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refused) as caught:
        papers(pool, *quotas, **rules)
    return str(caught.value.message), caught.value.details


def test_the_same_seed_assembles_the_same_papers_whatever_the_order() -> None:
    pool = [candidate(n, difficulty=n % 5 + 1) for n in range(60)]
    rules = ({"count": 5, "difficulty": [1, 3]}, {"count": 5, "mark": 2000})
    made = papers(pool, *rules, variants=3)
    assert papers(random.Random(1).sample(pool, len(pool)), *rules, variants=3) == made
    assert papers(pool, *rules, variants=3, seed=2) != made
    assert [paper.marks for paper in made] == [15000] * 3
    assert all(not one.ids & other.ids for one, other in combinations(made, 2))


def test_every_question_has_its_chance_to_stand_on_a_paper() -> None:
    pool = [candidate(n) for n in range(10)]
    counts = [0] * 10
    for seed in range(300):
        for question_id in papers(pool, {"count": 3}, seed=seed)[0].ids:
            counts[question_id] += 1
    assert all(55 < count < 125 for count in counts)


def test_ranges_give_way_to_the_marks_that_are_wanted() -> None:
    pool = [candidate(n, "a") for n in range(10)] + [candidate(n, "b") for n in range(10, 20)]
    rules = (
        {"count": 1, "most": 8, "tag": "a", "mark": 2000},
        {"count": 1, "most": 3, "tag": "b", "mark": 5000},
    )
    made = papers(pool, *rules, total_marks=21000)[0]
    assert made.marks == 21000
    counted = [sum(mark == worth for _c, mark in made.questions) for worth in (2000, 5000)]
    assert counted in ([3, 3], [8, 1])


def test_variants_share_no_more_than_they_may() -> None:
    pool = [candidate(n) for n in range(14)]
    made = papers(pool, {"count": 6}, variants=3, overlap=2)
    assert all(len(one.ids & other.ids) <= 2 for one, other in combinations(made, 2))
    figures = compare(made)
    assert [row.questions for row in figures.figures] == [6, 6, 6]
    assert all(figures.shared[n][n] == 6 for n in range(3))


def test_variants_that_lots_alone_do_not_find_are_found_all_at_once() -> None:
    """Three papers of two from three questions, any two sharing one: only one arrangement is there."""
    made = papers([candidate(n) for n in range(3)], {"count": 2}, variants=3, overlap=1)
    assert {paper.ids for paper in made} == {frozenset(pair) for pair in combinations(range(3), 2)}


def test_questions_used_too_often_or_seen_lately_are_left_out_and_counted() -> None:
    pool = [candidate(n, uses=n) for n in range(6)]
    assert papers(pool, {"count": 3}, most_uses=3)[0].ids == {0, 1, 2}
    words, details = reason(pool, {"count": 4}, most_uses=3)
    assert "one question is missing" in words
    assert "left out: 3" in words
    assert details["missing"] == 1


def test_a_quota_by_source_takes_questions_of_that_source() -> None:
    pool = [candidate(n, source="Statute 2024" if n < 3 else "Statute 2019") for n in range(6)]
    assert papers(pool, {"count": 3, "source": "Statute 2024"})[0].ids == {0, 1, 2}


def test_one_rule_that_asks_for_too_much_is_named_with_what_is_missing() -> None:
    pool = [candidate(n, "a") for n in range(3)] + [candidate(n) for n in range(3, 30)]
    words, details = reason(pool, {"count": 5}, {"count": 5, "tag": "a"})
    assert words == "Rule 2 (#a) can't be met: it asks for 5 and 2 questions are missing."
    assert (details["quotas"], details["missing"]) == ([2], 2)


def test_rules_in_conflict_are_named_and_the_others_are_not() -> None:
    pool = [candidate(n, "a b") for n in range(4)] + [candidate(n, "c") for n in range(4, 30)]
    words, details = reason(pool, {"count": 3, "tag": "a"}, {"count": 5, "tag": "c"}, {"count": 3, "tag": "b"})
    assert details["quotas"] == [1, 3]
    assert details["missing"] == 2
    assert "rule 1 (#a)" in words
    assert "rule 3 (#b)" in words
    assert "rule 2" not in words


def test_marks_that_do_not_add_up_are_told_with_what_is_possible() -> None:
    pool = [candidate(n, "a" if n < 5 else "b") for n in range(10)]
    words, _details = reason(pool, {"count": 5, "tag": "a"}, {"count": 5, "tag": "b"}, total_marks=100_000)
    assert words == "The paper is to be worth 100 marks, and these rules add up to 10."
    ranged = {"count": 1, "most": 5, "mark": 2000, "tag": "a"}
    words, _details = reason(pool, ranged, total_marks=12_500)
    assert words == "The paper is to be worth 12.5 marks, and these rules add up to between 2 and 10."
    words, _details = reason(pool, ranged, total_marks=5000)
    assert words == "With the marks of these rules no paper adds up to exactly 5."


def test_a_rule_that_cannot_be_met_is_named_though_the_marks_could_not_either() -> None:
    pool = [candidate(n, "a" if n < 4 else "b") for n in range(14)]
    rules = ({"count": 10}, {"count": 10, "tag": "a"})
    words, details = reason(pool, *rules, total_marks=50_000, variants=4)
    assert words == "Rule 2 (#a) can't be met: it asks for 10 and 6 questions are missing."
    assert (details["quotas"], details["marks"]) == ([2], False)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from("ab")), max_size=5),
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 4), st.integers(1, 2)), min_size=1, max_size=3),
    st.integers(0, 6),
    st.integers(1, 3),
)
def test_whatever_is_asked_for_papers_come_or_a_reason(
    tags: list[set[str]], quotas: list[tuple[str, int, int]], total: int, variants: int
) -> None:
    pool = [candidate(n, " ".join(of)) for n, of in enumerate(tags)]
    wanted = [{"count": count, "tag": tag, "mark": mark * 1000} for tag, count, mark in quotas]
    try:
        made = papers(pool, *wanted, total_marks=total * 1000, variants=variants)
    except Refused:
        pass
    else:
        assert {paper.marks for paper in made} == {total * 1000}


def test_too_many_variants_are_refused_with_how_many_questions_they_need() -> None:
    words, _details = reason([candidate(n) for n in range(10)], {"count": 4}, variants=3)
    assert "need at least 12 different ones" in words
    assert "10 fit" in words


@pytest.mark.parametrize(
    "rules",
    [
        {"variants": 0.5},
        {"variants": 99},
        {"overlap": -1},
        {"total_marks": "100"},
        {"most_uses": 0},
    ],
)
def test_a_malformed_plan_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        plan_of({"quotas": [{"count": 1}], **rules})


def test_a_malformed_range_is_refused() -> None:
    with pytest.raises(Refused, match="Rule 1"):
        plan_of({"quotas": [{"count": 3, "most": 2}]})


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from("ab")), max_size=7),
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 2)), min_size=1, max_size=2),
    st.integers(1, 3),
    st.integers(0, 2),
)
def test_papers_are_found_exactly_when_there_are_some(
    tags: list[set[str]], quotas: list[tuple[str, int]], variants: int, overlap: int
) -> None:
    pool = [candidate(n, " ".join(of)) for n, of in enumerate(tags)]
    wanted = [{"count": count, "tag": tag} for tag, count in quotas]
    try:
        made = papers(pool, *wanted, variants=variants, overlap=overlap)
    except Refused:
        assert not _brute_force(tags, quotas, variants, overlap)
    else:
        assert len(made) == variants
        assert all(len(one.ids & other.ids) <= overlap for one, other in combinations(made, 2))
        for paper in made:
            taken = [one for one, _mark in paper.questions]
            for tag, count in quotas:
                assert all(tag in one.tags for one in taken[:count])
                taken = taken[count:]
            assert not taken


def _brute_force(tags: list[set[str]], quotas: list[tuple[str, int]], variants: int, overlap: int) -> bool:
    size = sum(count for _tag, count in quotas)
    sets = [set(ids) for ids in combinations(range(len(tags)), size) if _fills(ids, tags, quotas)]

    def more(chosen: list[set[int]]) -> bool:
        if len(chosen) == variants:
            return True
        return any(more([*chosen, one]) for one in sets if all(len(one & other) <= overlap for other in chosen))

    return more([])


def _fills(ids: tuple[int, ...], tags: list[set[str]], quotas: list[tuple[str, int]]) -> bool:
    (tag, count), *rest = quotas
    fitting = [n for n in ids if tag in tags[n]]
    if not rest:
        return len(fitting) >= count and len(ids) == count
    return any(_fills(tuple(n for n in ids if n not in own), tags, rest) for own in combinations(fitting, count))
