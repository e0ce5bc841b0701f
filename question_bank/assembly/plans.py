"""What papers are wanted: the rules of a blueprint, their marks together, how many variants and how alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.drawing import MOST_QUESTIONS, Quota, quotas_of

MOST_VARIANTS = 12
MOST_DAYS = 3660
LARGEST_TOTAL = 1_000_000_000
"""Thousandths."""


@dataclass(frozen=True)
class Plan:
    """Papers that are wanted. A question stands on a paper once and counts for one quota.

    `total_marks` in thousandths, None for whatever the quotas add up to; `overlap` is the most questions that any two
    variants may share; `most_uses` leaves out questions that stood on that many papers before, `seen_days` those that
    were seen in so many days; None for no limit.
    """

    quotas: tuple[Quota, ...]
    total_marks: int | None = None
    variants: int = 1
    overlap: int = 0
    most_uses: int | None = None
    seen_days: int | None = None


def plan_of(blueprint: dict[str, Any]) -> Plan:
    """The plan of a blueprint; Refused, saying what is wrong, when it is malformed.

    To what `drawing.quotas_of` reads come `"total_marks"`, `"variants"`, `"overlap"`, `"most_uses"` and
    `"exclude_seen_days"`, all optional; a quota may ask for a range with `"most"` beside `"count"`.
    """
    quotas = quotas_of(blueprint)
    total, variants = blueprint.get("total_marks"), blueprint.get("variants") or 1
    overlap, most_uses = blueprint.get("overlap") or 0, blueprint.get("most_uses")
    if total is not None and not _is_number(total, 0, LARGEST_TOTAL):
        raise Refused(_("The marks of a paper lie between 0 and %(n)s.", n=LARGEST_TOTAL // 1000))
    if not _is_number(variants, 1, MOST_VARIANTS):
        raise Refused(_("From one to %(n)s variants can be made at once.", n=MOST_VARIANTS))
    if not _is_number(overlap, 0, MOST_QUESTIONS):
        raise Refused(_("The number of questions that variants may share lies between 0 and %(n)s.", n=MOST_QUESTIONS))
    if most_uses is not None and not _is_number(most_uses, 1, 1000):
        raise Refused(_("A limit of uses lies between 1 and %(n)s.", n=1000))
    seen_days = blueprint.get("exclude_seen_days")
    if seen_days is not None and not _is_number(seen_days, 1, MOST_DAYS):
        raise Refused(_("The days in which questions were seen lie between 1 and %(n)s.", n=MOST_DAYS))
    return Plan(tuple(quotas), total, variants, overlap, most_uses, seen_days)


def _is_number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
