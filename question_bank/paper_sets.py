"""Papers that were assembled and kept: made, found, read again with the versions they were made of, thrown away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select

from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from question_bank import assembly, drawing
from question_bank.assembly import Variant
from question_bank.drawing import Candidate
from question_bank.kinds import KINDS, kind
from question_bank.models import Bank, PaperSet
from question_bank.paper_parts import Part
from question_bank.versions import Version, versions_by_id

MOST_COUNTED = 500
"""Sets that are read to count how often a question was used: the newest."""
BY_KIND = "by_kind"
"""The key of a blueprint that says whether its papers have parts by kind."""
Asked = Callable[[datetime], frozenset[int]]
"""Ids of the questions that were asked since a moment."""


@dataclass(frozen=True)
class Place:
    """A question of a paper: its number from 1, its version, its mark in thousandths, the order of its options."""

    number: int
    question_id: int
    version: Version
    mark: int
    order: tuple[str, ...]


@dataclass(frozen=True)
class Assembled:
    """Papers that are not kept yet, and on how many papers the questions of their bank stood when they were made."""

    blueprint: dict[str, Any]
    seed: int
    variants: list[Variant]
    uses: Mapping[int, int]


def make(bank: Bank, title: str, blueprint: dict[str, Any], seed: int, now: datetime) -> PaperSet:
    """Assemble the papers of a blueprint and keep them; errors as in `assemble` and `keep`."""
    return keep(bank, title, assemble(bank, blueprint, seed, now), now)


def assemble(
    bank: Bank, blueprint: dict[str, Any], seed: int, now: datetime, asked: Asked = lambda _since: frozenset()
) -> Assembled:
    """The papers of a blueprint from the bank's published questions; it may take half a minute, and only reads.

    Where the blueprint leaves out what was seen lately, these are the questions of papers kept since, and those that
    `asked` tells. Refused, naming the rules that are in each other's way, when there are no such papers.
    """
    plan = assembly.plan_of(blueprint)
    used = uses(bank.id)
    pool = candidates(bank, local_date(now, house.zone), used)
    seen: frozenset[int] = frozenset()
    if plan.seen_days is not None:
        since = now - timedelta(days=plan.seen_days)
        seen = asked(since) | _kept_since(bank, since)
    try:
        variants = assembly.assemble(plan, pool, seed, seen)
    except Refused as refusal:
        raise drawing.with_expired(refusal, plan.quotas, [bank.id], local_date(now, house.zone)) from None
    return Assembled(blueprint, seed, variants, used)


def _kept_since(bank: Bank, since: datetime) -> frozenset[int]:
    """The questions of the papers that were made since then."""
    sets = [kept for kept in of_bank(bank) if kept.created_at >= since]
    return frozenset(int(one["question"]) for kept in sets for variant in kept.variants for one in variant)


def keep(bank: Bank, title: str, made: Assembled, now: datetime) -> PaperSet:
    """Keep assembled papers. Refused without a title; Conflict when other papers of the bank were made meanwhile and
    these have a limit of uses, or leave out what was seen lately."""
    title = " ".join(title.split())[:200]
    if not title:
        raise Refused(_("Give the paper a title."))
    plan = assembly.plan_of(made.blueprint)
    if plan.most_uses is not None or plan.seen_days is not None:
        db.session.execute(locked(select(Bank.id).where(Bank.id == bank.id)))
        if uses(bank.id) != made.uses:
            raise Conflict(_("Somebody made papers from this bank at the same moment. Assemble these again."))
    kept = PaperSet(
        id=new_id(),
        bank_id=bank.id,
        title=title,
        blueprint={BY_KIND: True, **made.blueprint},
        seed=made.seed,
        variants=[_stored(variant) for variant in made.variants],
        created_at=now,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _stored(variant: Variant) -> list[dict[str, Any]]:
    return [
        {"question": str(one.question_id), "version": str(one.version_id), "mark": mark}
        for one, mark in variant.questions
    ]


def candidates(bank: Bank, day: date, used: Mapping[int, int]) -> list[Candidate]:
    """The published questions of the bank that may stand on a paper of that day, each with its uses so far."""
    return [replace(one, uses=used.get(one.question_id, 0)) for one in drawing.candidates(bank_ids=[bank.id], on=day)]


def uses(bank_id: int) -> Mapping[int, int]:
    """On how many kept papers each question of the bank stands."""
    rows = db.session.scalars(
        select(PaperSet.variants)
        .where(PaperSet.bank_id == bank_id, PaperSet.discarded_at.is_(None))
        .order_by(PaperSet.id.desc())
        .limit(MOST_COUNTED)
    )
    return Counter(int(one["question"]) for variants in rows for variant in variants for one in variant)


def holding(bank: Bank, question_id: int) -> list[PaperSet]:
    """The kept papers of a bank on which a question stands, newest first."""
    wanted = str(question_id)
    return [
        kept for kept in of_bank(bank) if any(one["question"] == wanted for variant in kept.variants for one in variant)
    ]


def of_bank(bank: Bank) -> list[PaperSet]:
    """The kept papers of a bank, newest first."""
    query = select(PaperSet).where(PaperSet.bank_id == bank.id, PaperSet.discarded_at.is_(None))
    return list(db.session.scalars(query.order_by(PaperSet.id.desc()).limit(MOST_COUNTED)))


def get(bank: Bank, set_id: int) -> PaperSet:
    """A kept set of papers; NotFound when the bank has none of that id."""
    found = db.session.get(PaperSet, set_id)
    if found is None or found.bank_id != bank.id or found.discarded_at is not None:
        raise NotFound(_("There is no such paper."))
    return found


def paper(kept: PaperSet, variant: int) -> list[Place]:
    """The questions of one variant (from 1) in their frozen versions; NotFound for a number that is not there.

    Options are shuffled by the set's seed, the variant and the place that a question was drawn for, so the same
    variant always prints the same. Where the set groups by kind, questions of a kind stand together, in the order in
    which they were drawn; numbers run through.
    """
    if not 1 <= variant <= len(kept.variants):
        raise NotFound(_("There is no such paper."))
    stored = kept.variants[variant - 1]
    versions = versions_by_id(int(one["version"]) for one in stored)
    places = [_place(kept.seed + variant, number, one, versions) for number, one in enumerate(stored, 1)]
    if not is_by_kind(kept):
        return places
    order = _order_of_kinds(kept.blueprint, places)
    places.sort(key=lambda place: order.index(place.version.kind))
    return [replace(place, number=number) for number, place in enumerate(places, 1)]


def is_by_kind(kept: PaperSet) -> bool:
    """Whether the set's papers have parts by kind. Those that were made before there were any keep their numbers,
    which stand on paper already, until somebody asks for parts."""
    return bool(kept.blueprint.get(BY_KIND))


def group_by_kind(kept: PaperSet, wanted: bool) -> None:
    """Print the set in parts by kind from now on, or in the order of its rules."""
    kept.blueprint = {**kept.blueprint, BY_KIND: wanted}
    db.session.flush()


def parts(kept: PaperSet, places: Sequence[Place]) -> list[Part]:
    """The parts by kind of the places of `paper`; none where the set is not grouped."""
    if not is_by_kind(kept):
        return []
    runs = groupby(places, lambda place: place.version.kind)
    return [Part(name, [place.mark for place in run]) for name, run in runs if name != "description"]


def _order_of_kinds(blueprint: dict[str, Any], places: Sequence[Place]) -> list[str]:
    """Kinds in the order of the rules, if each rule names one: somebody thought of it. Else as papers have them."""
    by_rules = all(quota.get("kind") for quota in blueprint.get("quotas", [{}]))
    found = list(dict.fromkeys(place.version.kind for place in places))
    return found if by_rules else [name for name in ("description", *KINDS) if name in found]


def _place(seed: int, number: int, stored: dict[str, Any], versions: Mapping[int, Version]) -> Place:
    version = versions[int(stored["version"])]
    order = drawing.shuffled_order(seed, number, kind(version.kind).option_keys(version.content))
    return Place(number, int(stored["question"]), version, int(stored["mark"]), tuple(order))


def compare(kept: PaperSet) -> assembly.Comparison:
    """The variants beside each other, by the categories and difficulties that the questions have today."""
    known = {one.question_id: one for one in drawing.candidates(bank_ids=[kept.bank_id])}
    versions = versions_by_id(int(one["version"]) for variant in kept.variants for one in variant)
    variants = [
        Variant(number, tuple((_candidate(one, known, versions), int(one["mark"])) for one in stored))
        for number, stored in enumerate(kept.variants, 1)
    ]
    return assembly.compare(variants)


def _candidate(stored: dict[str, Any], known: Mapping[int, Candidate], versions: Mapping[int, Version]) -> Candidate:
    question_id, version_id = int(stored["question"]), int(stored["version"])
    if question_id in known:
        return known[question_id]
    return Candidate(question_id, version_id, "", frozenset(), versions[version_id].kind, 3)


def discard(kept: PaperSet, now: datetime) -> None:
    """Throw a set of papers away; quizzes made of it stay."""
    kept.discarded_at = now
    db.session.flush()
