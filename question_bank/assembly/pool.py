"""The candidates of a plan, sorted into classes that the rules can't tell apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from question_bank.assembly.plans import Plan
from question_bank.drawing import Candidate


@dataclass
class Pool:
    """Candidates by class: those of a class fit the same quotas. `left_out` counts what was used too often or seen."""

    plan: Plan
    classes: dict[tuple[int, ...], list[Candidate]] = field(default_factory=dict)
    left_out: int = 0

    def fitting(self, quota: int) -> int:
        """How many candidates fit the quota."""
        return sum(len(members) for fits, members in self.classes.items() if quota in fits)


def pool_of(plan: Plan, candidates: Iterable[Candidate], seen: frozenset[int]) -> Pool:
    """The candidates that fit any quota of the plan, but for those seen or used too often."""
    pool = Pool(plan)
    for candidate in sorted(candidates, key=lambda one: one.question_id):
        fits = tuple(n for n, quota in enumerate(plan.quotas) if quota.takes(candidate))
        if not fits:
            continue
        if candidate.question_id in seen or (plan.most_uses is not None and candidate.uses >= plan.most_uses):
            pool.left_out += 1
            continue
        pool.classes.setdefault(fits, []).append(candidate)
    return pool


def by_lot(members: Sequence[Candidate], seed: int, variant: int) -> list[tuple[int, Candidate]]:
    """The candidates with their lots (0 to 999,999), lowest first: the same seed and variant give the same lots."""
    drawn = [(_lot(seed, variant, one.question_id), one.question_id, one) for one in members]
    return [(lot, one) for lot, _id, one in sorted(drawn, key=lambda entry: entry[:2])]


def _lot(seed: int, variant: int, question_id: int) -> int:
    digest = hashlib.sha256(f"{seed}:assembly:{variant}:{question_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % 1_000_000
