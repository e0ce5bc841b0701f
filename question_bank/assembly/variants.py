"""Assembling variants: one after the other by lot, all at once where that fails, and the reason where nothing helps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from learnhub.kernel.errors import Refused
from question_bank.assembly.conflicts import refuse
from question_bank.assembly.plans import Plan
from question_bank.assembly.pool import Pool, by_lot, pool_of
from question_bank.assembly.solver import Programme
from question_bank.drawing import Candidate

RESTARTS = 6
"""Other lots that are tried before all variants are solved at once."""


@dataclass(frozen=True)
class Variant:
    """One paper: its questions with their marks in thousandths, in the order of the quotas; `number` from 1."""

    number: int
    questions: tuple[tuple[Candidate, int], ...]

    @property
    def ids(self) -> frozenset[int]:
        """Ids of the questions."""
        return frozenset(candidate.question_id for candidate, _mark in self.questions)

    @property
    def marks(self) -> int:
        """What the paper is worth, in thousandths."""
        return sum(mark for _candidate, mark in self.questions)


def assemble(
    plan: Plan, candidates: Iterable[Candidate], seed: int, seen: frozenset[int] = frozenset()
) -> list[Variant]:
    """The variants that the plan asks for. The same plan, candidates and seed give the same papers.

    Refused when there are none, naming the rules that are in each other's way and by how much.
    """
    pool = pool_of(plan, candidates, seen)
    if not _is_possible(pool):
        refuse(pool)
    for attempt in range(RESTARTS if plan.variants > 1 else 1):
        found = _one_by_one(pool, seed + attempt * 1_000_003)
        if found is not None:
            return found
    found = _all_at_once(pool, seed)
    if found is None:
        refuse(pool)
    return found


def _is_possible(pool: Pool) -> bool:
    """Whether one paper can be made at all: quick, since only classes count."""
    try:
        return _one(pool, 0, 1, ()) is not None
    except Refused:
        return True


def _one_by_one(pool: Pool, seed: int) -> list[Variant] | None:
    made: list[Variant] = []
    for number in range(1, pool.plan.variants + 1):
        variant = _one(pool, seed, number, made)
        if variant is None:
            return None
        made.append(variant)
    return made


def _one(pool: Pool, seed: int, number: int, others: Sequence[Variant]) -> Variant | None:
    """The variant with the lowest lots that shares few enough questions with the others."""
    programme, places = Programme(), _Places()
    for fits, members in pool.classes.items():
        for lot, candidate in _useful(pool, members, seed, number, others):
            places.add(programme, candidate, fits, cost=lot)
    places.bind(programme, pool.plan)
    for other in others:
        shared = {variable: 1.0 for variable, (one, _q) in places.of.items() if one.question_id in other.ids}
        programme.row(shared, most=pool.plan.overlap)
    values = programme.solve()
    return None if values is None else places.variant(number, values, pool.plan)


def _useful(
    pool: Pool, members: Sequence[Candidate], seed: int, number: int, others: Sequence[Variant]
) -> list[tuple[int, Candidate]]:
    """The members of a class that a paper of lowest lots could take: the first few of each sort of sharing."""
    most = sum(quota.upper for quota in pool.plan.quotas)
    kept: dict[tuple[bool, ...], int] = {}
    found = []
    for lot, candidate in by_lot(members, seed, number):
        sort = tuple(candidate.question_id in other.ids for other in others)
        if kept.get(sort, 0) < most:
            kept[sort] = kept.get(sort, 0) + 1
            found.append((lot, candidate))
    return found


def _all_at_once(pool: Pool, seed: int) -> list[Variant] | None:
    """All variants in one programme: exact, and slower."""
    programme, plan = Programme(), pool.plan
    most = sum(quota.upper for quota in plan.quotas) * plan.variants
    members = [
        (lot, candidate, fits)
        for fits, of_class in pool.classes.items()
        for lot, candidate in by_lot(of_class, seed, 0)[:most]
    ]
    papers = []
    for _number in range(plan.variants):
        places = _Places()
        for lot, candidate, fits in members:
            places.add(programme, candidate, fits, cost=lot)
        places.bind(programme, plan)
        papers.append(places)
    for one, other in combinations(papers, 2):
        _limit_sharing(programme, one, other, plan.overlap)
    values = programme.solve()
    if values is None:
        return None
    return [places.variant(number, values, plan) for number, places in enumerate(papers, 1)]


def _limit_sharing(programme: Programme, one: _Places, other: _Places, overlap: int) -> None:
    shared: dict[int, float] = {}
    for question_id, variables in one.by_question.items():
        both = dict.fromkeys([*variables, *other.by_question[question_id]], 1.0)
        if not overlap:
            programme.row(both, most=1)
            continue
        on_both = programme.variable(1)
        programme.row({**both, on_both: -1.0}, most=1)
        shared[on_both] = 1.0
    if shared:
        programme.row(shared, most=overlap)


class _Places:
    """The variables of one paper: candidate c stands for quota q."""

    def __init__(self) -> None:
        self.of: dict[int, tuple[Candidate, int]] = {}
        self.by_question: dict[int, list[int]] = {}

    def add(self, programme: Programme, candidate: Candidate, fits: Sequence[int], cost: float) -> None:
        for quota in fits:
            variable = programme.variable(1, cost)
            self.of[variable] = (candidate, quota)
            self.by_question.setdefault(candidate.question_id, []).append(variable)

    def bind(self, programme: Programme, plan: Plan) -> None:
        for number, quota in enumerate(plan.quotas):
            terms = {variable: 1.0 for variable, (_c, q) in self.of.items() if q == number}
            programme.row(terms, quota.count, quota.upper)
        for variables in self.by_question.values():
            if len(variables) > 1:
                programme.row(dict.fromkeys(variables, 1.0), most=1)
        if plan.total_marks is not None:
            terms = {variable: float(plan.quotas[q].mark) for variable, (_c, q) in self.of.items()}
            programme.row(terms, plan.total_marks, plan.total_marks)

    def variant(self, number: int, values: Sequence[int], plan: Plan) -> Variant:
        taken = sorted((self.of[n][1], n) for n in self.of if values[n])
        questions = tuple((self.of[n][0], plan.quotas[quota].mark) for quota, n in taken)
        return Variant(number, questions)
