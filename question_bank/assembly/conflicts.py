"""Why a plan can't be met: the fewest rules that are in each other's way, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _, n_
from question_bank.assembly.pool import Pool
from question_bank.assembly.solver import Programme

MARKS, SHARING = "marks", "sharing"
Rule = int | str
"""A quota by its number from 0, the sum of the marks, or the limit of what variants share."""


def refuse(pool: Pool) -> NoReturn:
    """Refused, with the rules in conflict as `quotas` (from 1) and how many questions are `missing`."""
    conflict = conflict_of(pool)
    quotas = [rule for rule in conflict if isinstance(rule, int)]
    missing = _missing(pool, quotas)
    if SHARING in conflict:
        message = _too_alike(pool, quotas)
    elif MARKS in conflict:
        message = _marks(pool)
    elif len(quotas) == 1:
        message = _alone(pool, quotas[0], missing)
    else:
        message = _together(pool, quotas, missing)
    if pool.left_out:
        message = _(
            "%(why)s Questions used or seen lately and left out: %(left_out)s.", why=message, left_out=pool.left_out
        )
    raise Refused(message, quotas=[number + 1 for number in quotas], missing=missing, marks=MARKS in conflict)


def conflict_of(pool: Pool) -> list[Rule]:
    """The rules of which none can be taken away without the others becoming possible (a deletion filter, see
    Chinneck, *Feasibility and Infeasibility in Optimization*, 2008, section 6.1).

    What all papers have together is taken away first, so that a quota that can't be met at all is what is named.
    """
    kept: list[Rule] = list(range(len(pool.plan.quotas)))
    kept += [MARKS] if pool.plan.total_marks is not None else []
    kept += [SHARING] if pool.plan.variants > 1 else []
    for rule in reversed(list(kept)):
        without = [other for other in kept if other != rule]
        if not _is_possible(pool, without):
            kept = without
    return kept


@dataclass
class _Counts:
    """Per variant, how many of each class stand for each quota."""

    programme: Programme
    per_quota: list[list[dict[int, float]]]


def _counts(pool: Pool, rules: list[Rule]) -> _Counts:
    """The programme over classes. Without the limit of sharing, one paper stands for all."""
    programme, plan = Programme(), pool.plan
    papers = plan.variants if SHARING in rules else 1
    per_quota: list[list[dict[int, float]]] = []
    per_class: dict[tuple[int, ...], list[dict[int, float]]] = {}
    for _paper in range(papers):
        quotas: list[dict[int, float]] = [{} for _quota in plan.quotas]
        for fits, members in pool.classes.items():
            taken: dict[int, float] = {}
            for quota in fits:
                variable = programme.variable(len(members))
                quotas[quota][variable] = taken[variable] = 1.0
            programme.row(taken, most=len(members))
            per_class.setdefault(fits, []).append(taken)
        per_quota.append(quotas)
    if papers > 1:
        _limit_sharing(pool, programme, per_class)
    return _Counts(programme, per_quota)


def _limit_sharing(pool: Pool, programme: Programme, per_class: dict[tuple[int, ...], list[dict[int, float]]]) -> None:
    """A class of n members gives at most n plus what the pairs of variants share in it; every pair shares few enough.

    Exact where nothing may be shared; else necessary, which is enough to find a reason.
    """
    plan = pool.plan
    pairs = plan.variants * (plan.variants - 1) // 2
    shared_in_all: dict[int, float] = {}
    for fits, members in pool.classes.items():
        terms = {variable: 1.0 for taken in per_class[fits] for variable in taken}
        if plan.overlap:
            shared = programme.variable(len(members) * pairs)
            terms[shared] = -1.0
            shared_in_all[shared] = 1.0
        programme.row(terms, most=len(members))
    if shared_in_all:
        programme.row(shared_in_all, most=plan.overlap * pairs)


def _is_possible(pool: Pool, rules: list[Rule]) -> bool:
    counts = _counts(pool, rules)
    for quotas in counts.per_quota:
        for number, quota in enumerate(pool.plan.quotas):
            counts.programme.row(quotas[number], quota.count if number in rules else None, quota.upper)
        if MARKS in rules and pool.plan.total_marks is not None:
            total = float(pool.plan.total_marks)
            counts.programme.row(_in_marks(pool, quotas), total, total)
    return counts.programme.solve() is not None


def _in_marks(pool: Pool, quotas: list[dict[int, float]]) -> dict[int, float]:
    return {n: float(pool.plan.quotas[number].mark) for number, terms in enumerate(quotas) for n in terms}


def _missing(pool: Pool, quotas: list[int]) -> int:
    """How many questions one paper lacks to meet these quotas together."""
    if not quotas:
        return 0
    counts = _counts(pool, [])
    programme = counts.programme
    for number, quota in enumerate(pool.plan.quotas):
        terms = counts.per_quota[0][number]
        programme.row(terms, most=quota.count if number in quotas else 0)
        for variable in terms:
            programme.costs[variable] = -1.0
    values = programme.solve() or []
    return sum(pool.plan.quotas[number].count for number in quotas) - sum(values)


def _described(pool: Pool, number: int) -> Message:
    return _("rule %(number)s (%(what)s)", number=number + 1, what=pool.plan.quotas[number].described())


def _alone(pool: Pool, number: int, missing: int) -> Message:
    return n_(
        "Rule %(number)s (%(what)s) can't be met: it asks for %(count)s and one question is missing.",
        "Rule %(number)s (%(what)s) can't be met: it asks for %(count)s and %(n)s questions are missing.",
        n=missing,
        number=number + 1,
        what=pool.plan.quotas[number].described(),
        count=pool.plan.quotas[number].count,
    )


def _listed(pool: Pool, quotas: list[int]) -> Message:
    sentence = _described(pool, quotas[0])
    for number in quotas[1:]:
        sentence = _("%(first)s, %(more)s", first=sentence, more=_described(pool, number))
    return sentence


def _together(pool: Pool, quotas: list[int], missing: int) -> Message:
    return n_(
        "These rules can't be met together: %(rules)s. They ask for %(count)s questions and one is missing.",
        "These rules can't be met together: %(rules)s. They ask for %(count)s questions and %(n)s are missing.",
        n=missing,
        rules=_listed(pool, quotas),
        count=sum(pool.plan.quotas[number].count for number in quotas),
    )


def _marks(pool: Pool) -> Message:
    wanted = pool.plan.total_marks or 0
    least, most = (_reachable(pool, sign) for sign in (1, -1))
    if least <= wanted <= most:
        return _("With the marks of these rules no paper adds up to exactly %(wanted)s.", wanted=_plain(wanted))
    if least == most:
        return _(
            "The paper is to be worth %(wanted)s marks, and these rules add up to %(least)s.",
            wanted=_plain(wanted),
            least=_plain(least),
        )
    return _(
        "The paper is to be worth %(wanted)s marks, and these rules add up to between %(least)s and %(most)s.",
        wanted=_plain(wanted),
        least=_plain(least),
        most=_plain(most),
    )


def _reachable(pool: Pool, sign: int) -> int:
    """The least (sign 1) or most (sign -1) marks that a paper by the quotas has, in thousandths."""
    counts = _counts(pool, [])
    for number, quota in enumerate(pool.plan.quotas):
        counts.programme.row(counts.per_quota[0][number], quota.count, quota.upper)
    marks = _in_marks(pool, counts.per_quota[0])
    for variable, mark in marks.items():
        counts.programme.costs[variable] = sign * mark
    values = counts.programme.solve() or []
    return round(sum(values[variable] * mark for variable, mark in marks.items()))


def _plain(thousandths: int) -> str:
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".") if rest else str(whole)


def _too_alike(pool: Pool, quotas: list[int]) -> Message:
    """Two questions shared by two of three papers are counted once for each pair: the fewest that are needed."""
    plan = pool.plan
    there = sum(len(members) for fits, members in pool.classes.items() if set(fits) & set(quotas or range(99)))
    count = sum(plan.quotas[number].count for number in quotas) or sum(quota.count for quota in plan.quotas)
    needed = count * plan.variants - plan.overlap * (plan.variants * (plan.variants - 1) // 2)
    if needed > there:
        return _(
            "%(variants)s variants that share at most %(overlap)s questions need at least %(needed)s different ones "
            "for %(rules)s, and %(there)s fit.",
            variants=plan.variants,
            overlap=plan.overlap,
            needed=needed,
            there=there,
            rules=_listed(pool, quotas) if quotas else _("the paper"),
        )
    return _(
        "%(variants)s variants that share at most %(overlap)s questions can't be made by these rules: allow them to "
        "share more, or make fewer.",
        variants=plan.variants,
        overlap=plan.overlap,
    )
