"""Drawing a paper by a blueprint: quotas met exactly, overlaps solved, the same seed giving the same paper."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true

from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _, n_
from question_bank import sources
from question_bank.catalogue import tags_of
from question_bank.kinds import NAMES
from question_bank.models import Bank, Category, Question, QuestionState, Source

MOST_QUESTIONS = 500
"""Questions on one paper."""


@dataclass(frozen=True)
class Candidate:
    """A question that may be drawn, in its newest version."""

    question_id: int
    version_id: int
    category: str
    tags: frozenset[str]
    kind: str
    difficulty: int
    source: str = ""
    uses: int = 0
    """On how many papers it stood before, where somebody counted."""


@dataclass(frozen=True)
class Quota:
    """So many questions of that description, each worth `mark` thousandths. None means no matter.

    `most` makes a range of it, from `count` to `most`, for papers that are assembled; a drawn paper takes `count`.
    """

    count: int
    category: str | None = None
    tag: str | None = None
    kind: str | None = None
    difficulty: tuple[int, int] | None = None
    mark: int = 1000
    source: str | None = None
    most: int | None = None

    @property
    def upper(self) -> int:
        """The most questions of that description."""
        return self.count if self.most is None else self.most

    def takes(self, candidate: Candidate) -> bool:
        """Whether the candidate fits; a category includes what lies below it."""
        inside = (
            self.category is None
            or candidate.category == self.category
            or candidate.category.startswith(self.category + "/")
        )
        return (
            inside
            and (self.tag is None or self.tag in candidate.tags)
            and (self.kind is None or candidate.kind == self.kind)
            and (self.source is None or candidate.source == self.source)
            and (self.difficulty is None or self.difficulty[0] <= candidate.difficulty <= self.difficulty[1])
        )

    def described(self) -> Message:
        """The quota in words."""
        asked: list[Message | str] = [NAMES.get(self.kind, self.kind)] if self.kind else []
        asked += [text for text in (self.category, self.tag and f"#{self.tag}", self.source) if text]
        if self.difficulty:
            asked.append(_("difficulty %(low)s to %(high)s", low=self.difficulty[0], high=self.difficulty[1]))
        if not asked:
            return _("any question")
        sentence = _("%(what)s", what=asked[0])
        for more in asked[1:]:
            sentence = _("%(first)s, %(more)s", first=sentence, more=more)
        return sentence


def quotas_of(blueprint: dict[str, Any]) -> list[Quota]:
    """The quotas of a blueprint; Refused, saying which rule, when one is malformed.

    `{"quotas": [{"count", "most", "category", "tag", "kind", "difficulty": [min, max], "source", "mark":
    thousandths}], "exclude_seen_days": n or null}`; all but `count` may be null or absent.
    """
    rules = blueprint.get("quotas")
    if not isinstance(rules, list) or not rules:
        raise Refused(_("The blueprint has no rules."))
    quotas = [_quota(number, rule) for number, rule in enumerate(rules, 1)]
    if sum(quota.count for quota in quotas) > MOST_QUESTIONS:
        raise Refused(_("A paper has at most %(n)s questions.", n=MOST_QUESTIONS))
    return quotas


def _quota(number: int, rule: Any) -> Quota:
    wrong = Refused(_("Rule %(number)s of the blueprint is not well formed.", number=number), quota=number)
    if not isinstance(rule, dict) or not _is_number(rule.get("count"), 1, MOST_QUESTIONS):
        raise wrong
    mark = 1000 if rule.get("mark") is None else rule["mark"]
    difficulty = rule.get("difficulty")
    if difficulty is not None and not (
        isinstance(difficulty, list | tuple) and len(difficulty) == 2 and all(_is_number(n, 1, 5) for n in difficulty)
    ):
        raise wrong
    named = {name: rule.get(name) or None for name in ("category", "tag", "kind", "source")}
    most = rule.get("most")
    if not _is_number(mark, 0, 1_000_000) or not all(isinstance(name, str | None) for name in named.values()):
        raise wrong
    if most is not None and not _is_number(most, 1, MOST_QUESTIONS):
        raise wrong
    if most is not None and most < rule["count"]:
        raise Refused(
            _("Rule %(number)s asks for %(count)s questions, and for %(most)s at most. Raise the most.",
              number=number, count=rule["count"], most=most),
            quota=number,
        )  # fmt: skip
    span = (difficulty[0], difficulty[1]) if difficulty else None
    if span and span[0] > span[1]:
        raise Refused(_("Rule %(number)s: the lowest difficulty lies above the highest.", number=number), quota=number)
    return Quota(rule["count"], difficulty=span, mark=mark, most=most, **named)


def _is_number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def draw(
    blueprint: dict[str, Any], candidates: Sequence[Candidate], seed: int, seen: frozenset[int] = frozenset()
) -> list[tuple[Candidate, int]]:
    """The paper: candidates with their marks in thousandths, in the order of the quotas.

    `seen` holds ids of questions to leave out. The paper depends on the seed and on what the candidates are, not on
    the order in which they are given. Refused, naming the quota that can't be met and by how much.
    """
    quotas = quotas_of(blueprint)
    pool = {c.question_id: c for c in candidates if c.question_id not in seen}
    order = sorted(pool, key=lambda question_id: _lot(seed, "question", question_id))
    drawn = _Drawing(quotas, [pool[question_id] for question_id in order])
    for number, quota in enumerate(quotas):
        for taken in range(quota.count):
            if not drawn.take_one_more(number):
                _refuse(number, quota, taken, len({c.question_id for c in candidates} & seen))
    return [(candidate, quotas[number].mark) for number, candidate in drawn.paper()]


def _refuse(number: int, quota: Quota, found: int, left_out: int) -> None:
    missing = quota.count - found
    message = n_(
        "Rule %(number)s (%(what)s) can't be met: it asks for %(count)s and one question is missing.",
        "Rule %(number)s (%(what)s) can't be met: it asks for %(count)s and %(n)s questions are missing.",
        n=missing,
        number=number + 1,
        what=quota.described(),
        count=quota.count,
    )
    if left_out:
        message = _("%(why)s Questions seen lately and left out: %(left_out)s.", why=message, left_out=left_out)
    raise Refused(message, quota=number + 1, missing=missing)


def with_expired(refusal: Refused, quotas: Sequence[Quota], bank_ids: Sequence[int], on: date | None) -> Refused:
    """The same refusal of a paper, with how many questions would fit and rest on a source that is over on that day."""
    named = refusal.details.get("quotas") or [refusal.details.get("quota")]
    numbers = [number for number in named if number]
    if on is None or not numbers or not refusal.details.get("missing"):
        return refusal
    asked = [quotas[number - 1] for number in numbers]
    usable = {one.question_id for one in candidates(bank_ids, on=on)}
    over = [one for one in candidates(bank_ids) if one.question_id not in usable and any(q.takes(one) for q in asked)]
    if not over:
        return refusal
    message = n_(
        "%(why)s %(n)s question that fits is left out, since its source is over.",
        "%(why)s %(n)s questions that fit are left out, since their source is over.",
        n=len(over),
        why=refusal.message,
    )
    return Refused(message, **refusal.details)


class _Drawing:
    """A matching of candidates to quotas, grown by augmenting paths: a candidate is handed on where that helps."""

    def __init__(self, quotas: list[Quota], candidates: list[Candidate]) -> None:
        self.candidates = candidates
        self.fits = [[n for n, c in enumerate(candidates) if quota.takes(c)] for quota in quotas]
        self.owner: dict[int, int] = {}
        self._free_from = [0] * len(quotas)

    def take_one_more(self, quota: int) -> bool:
        """Give the quota one more candidate, moving others between quotas if need be."""
        came_from: dict[int, tuple[int, int]] = {}
        waiting = deque([quota])
        while waiting:
            at = waiting.popleft()
            free = self._free(at)
            if free is not None:
                self._hand_over(at, free, came_from)
                return True
            for candidate in self.fits[at]:
                owner = self.owner[candidate]
                if owner != quota and owner not in came_from:
                    came_from[owner] = (at, candidate)
                    waiting.append(owner)
        return False

    def _free(self, quota: int) -> int | None:
        """The first candidate in lot order that fits and is not taken. What is taken stays taken."""
        fits = self.fits[quota]
        while self._free_from[quota] < len(fits):
            candidate = fits[self._free_from[quota]]
            if candidate not in self.owner:
                return candidate
            self._free_from[quota] += 1
        return None

    def _hand_over(self, quota: int, candidate: int, came_from: dict[int, tuple[int, int]]) -> None:
        self.owner[candidate] = quota
        while quota in came_from:
            quota, candidate = came_from[quota]
            self.owner[candidate] = quota

    def paper(self) -> list[tuple[int, Candidate]]:
        """Quota and candidate, by quota and then by lot."""
        return [(self.owner[n], self.candidates[n]) for n in sorted(self.owner, key=lambda n: (self.owner[n], n))]


def shuffled_order(seed: int, slot: int, keys: Sequence[str]) -> list[str]:
    """The keys of a slot's options in the order that the seed gives."""
    return sorted(keys, key=lambda key: _lot(seed, f"slot {slot}", key))


def shuffled_slots(seed: int, count: int) -> list[int]:
    """The numbers from 0 to count - 1 in the order that the seed gives: the order of questions on a paper."""
    return sorted(range(count), key=lambda number: _lot(seed, "slots", number))


def _lot(seed: int, what: str, name: int | str) -> bytes:
    return hashlib.sha256(f"{seed}:{what}:{name}".encode()).digest()


def _may_be_drawn(on: date | None) -> ColumnElement[bool]:
    """Published and no description, by a source that is in force on that day; None looks at no day."""
    return and_(
        Question.state == QuestionState.PUBLISHED,
        Question.kind != "description",
        Question.version_id.is_not(None),
        or_(Source.id.is_(None), not_(sources.stale_on(on))) if on else true(),
    )


def count_candidates(bank: Bank, on: date) -> int:
    """How many questions of a bank a paper of that day may hold."""
    query = select(func.count()).select_from(Question).outerjoin(Source, Source.id == Question.source_id)
    return db.session.scalar(query.where(Question.bank_id == bank.id, _may_be_drawn(on))) or 0


def candidates(
    bank_ids: Iterable[int] = (),
    bank_slugs: Iterable[str] = (),
    *,
    on: date | None = None,
    only: Iterable[int] | None = None,
) -> list[Candidate]:
    """The published questions of the banks named by id or slug; descriptions are never drawn.

    `on` is the day of the paper: questions whose source is not in force on it are left out. None looks at no day.
    `only` are the ids of those that are asked about, where not all are.
    """
    asked = true() if only is None else Question.id.in_(list(only))
    rows = db.session.execute(
        select(Question.id, Question.version_id, Category.path, Question.kind, Question.difficulty, Source.name)
        .join(Bank, Bank.id == Question.bank_id)
        .outerjoin(Category, Category.id == Question.category_id)
        .outerjoin(Source, Source.id == Question.source_id)
        .where(
            _may_be_drawn(on),
            asked,
            Bank.id.in_(list(bank_ids)) | Bank.slug.in_(list(bank_slugs)),
        )
        .order_by(Question.id)
    ).all()
    tags = tags_of(row.id for row in rows)
    return [
        Candidate(
            row.id,
            row.version_id,
            row.path or "",
            frozenset(tags.get(row.id, [])),
            row.kind,
            row.difficulty,
            row.name or "",
        )
        for row in rows
    ]
