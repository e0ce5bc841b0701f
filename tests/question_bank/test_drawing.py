"""Papers drawn by blueprint."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank.drawing import Candidate, draw, shuffled_order, shuffled_slots


def candidate(
    n: int, category: str = "", tags: str = "", kind: str = "single_choice", difficulty: int = 3
) -> Candidate:
    return Candidate(n, n + 1000, category, frozenset(tags.split()), kind, difficulty)


def blueprint(*quotas: dict[str, Any]) -> dict[str, Any]:
    return {"quotas": list(quotas), "exclude_seen_days": None}


def test_the_same_seed_draws_the_same_paper_whatever_the_order() -> None:
    pool = [candidate(n, difficulty=n % 5 + 1) for n in range(60)]
    rules = blueprint({"count": 5, "difficulty": [1, 3]}, {"count": 5, "mark": 2000})
    paper = draw(rules, pool, 7)
    shuffled = random.Random(1).sample(pool, len(pool))
    assert draw(rules, shuffled, 7) == paper
    assert draw(rules, pool, 8) != paper
    assert [mark for _c, mark in paper] == [1000] * 5 + [2000] * 5
    assert len({c.question_id for c, _mark in paper}) == 10


def test_overlapping_quotas_do_not_run_into_a_dead_end() -> None:
    pool = [candidate(1, tags="a b"), candidate(2, tags="b"), candidate(3, tags="a c"), candidate(4, tags="c b")]
    rules = blueprint({"count": 2, "tag": "b"}, {"count": 1, "tag": "a"}, {"count": 1, "tag": "c"})
    for seed in range(50):
        assert len(draw(rules, pool, seed)) == 4


def test_an_infeasible_blueprint_names_the_rule_and_what_is_missing() -> None:
    pool = [candidate(n, category="law/civil") for n in range(3)]
    with pytest.raises(Refused, match=r"Rule 2 .*law.* 2 questions are missing") as caught:
        draw(blueprint({"count": 1}, {"count": 4, "category": "law"}), pool, 1)
    assert caught.value.details == {"quota": 2, "missing": 2}


def test_questions_seen_lately_are_left_out() -> None:
    pool = [candidate(n) for n in range(4)]
    assert {c.question_id for c, _m in draw(blueprint({"count": 2}), pool, 1, frozenset({0, 1}))} == {2, 3}
    with pytest.raises(Refused, match="left out: 2"):
        draw(blueprint({"count": 3}), pool, 1, frozenset({0, 1}))


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"quotas": []},
        blueprint({"count": 0}),
        blueprint({"count": "5"}),
        blueprint({"count": 1, "difficulty": [1]}),
        blueprint({"count": 1, "mark": -1}),
        blueprint({"count": 1, "tag": 5}),
        blueprint({"count": 400}, {"count": 400}),
    ],
)
def test_a_malformed_blueprint_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        draw(rules, [candidate(1)], 1)


@given(st.lists(st.sets(st.sampled_from("abc")), max_size=6), st.lists(st.sampled_from("abc"), min_size=1, max_size=4))
def test_a_paper_is_found_exactly_when_there_is_one(tags: list[set[str]], wanted: list[str]) -> None:
    pool = [candidate(n, tags=" ".join(of)) for n, of in enumerate(tags)]
    possible = any(
        all(t in tags[n] for t, n in zip(wanted, order, strict=True))
        for order in permutations(range(len(tags)), len(wanted))
    )
    try:
        paper = draw(blueprint(*({"count": 1, "tag": tag} for tag in wanted)), pool, 3)
    except Refused:
        assert not possible
    else:
        assert possible
        assert len({c.question_id for c, _m in paper}) == len(wanted)
        assert all(tag in c.tags for tag, (c, _m) in zip(wanted, paper, strict=True))


def test_every_question_has_its_chance() -> None:
    pool = [candidate(n) for n in range(10)]
    counts = [0] * 10
    for seed in range(2000):
        for c, _mark in draw(blueprint({"count": 3}), pool, seed):
            counts[c.question_id] += 1
    assert all(500 < count < 700 for count in counts)


def test_options_are_shuffled_by_seed_and_slot() -> None:
    keys = list("abcdef")
    assert shuffled_order(1, 1, keys) == shuffled_order(1, 1, keys[::-1])
    assert len({tuple(shuffled_order(seed, 1, keys)) for seed in range(100)}) > 80
    assert sorted(shuffled_slots(5, 20)) == list(range(20))


@pytest.mark.parametrize(
    ("rule", "why"),
    [({"count": 5, "most": 3}, "at most. Raise the most"), ({"count": 1, "difficulty": [4, 2]}, "above the highest")],
)
def test_a_rule_that_contradicts_itself_is_told_in_words(rule: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why) as refusal:
        draw(blueprint(rule), [candidate(1)], 1)
    assert refusal.value.details == {"quota": 1}
