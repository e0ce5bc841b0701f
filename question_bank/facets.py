"""What a bank holds, counted for the filters of its list: one read of one index, whatever the filters are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from learnhub.kernel.db import db
from question_bank import shelving, sources
from question_bank.catalogue import Filter, with_those_above
from question_bank.models import GONE, Bank, Category, Question, QuestionState, QuestionTag, Source
from question_bank.shelving import Branch


@dataclass(frozen=True)
class Facets:
    """The questions of a bank by what they can be found by; `counted` is by state, kind, category and source."""

    counted: dict[tuple[str, str, int | None, int | None], int]
    paths: dict[int, str]
    all_sources: list[Source]
    tags: list[str]
    stale: int
    """Published questions whose source is not in force."""

    @property
    def kinds(self) -> dict[str, int]:
        """Published questions by kind."""
        found: Counter[str] = Counter()
        for (state, kind, _category, _source), count in self.counted.items():
            if state == QuestionState.PUBLISHED:
                found[kind] += count
        return dict(sorted(found.items()))

    @property
    def states(self) -> dict[str, int]:
        """Questions by state."""
        found: Counter[str] = Counter()
        for (state, *_rest), count in self.counted.items():
            found[state] += count
        return dict(found)

    @property
    def categories(self) -> list[str]:
        """Paths of the categories and of what stands above them, in order."""
        return with_those_above(self.paths.values())

    @property
    def tree(self) -> list[Branch]:
        """The categories as a tree; what is gone is not counted."""
        found: Counter[int | None] = Counter()
        for (state, _kind, category, _source), count in self.counted.items():
            if state not in GONE:
                found[category] += count
        return shelving.branches({path: (one, found[one]) for one, path in self.paths.items()})

    @property
    def sources(self) -> list[tuple[Source, int]]:
        """The sources by name, each with its questions that are not gone."""
        found: Counter[int | None] = Counter()
        for (state, _kind, _category, source), count in self.counted.items():
            if state not in GONE:
                found[source] += count
        return [(one, found[one.id]) for one in self.all_sources]

    def total(self, wanted: Filter) -> int | None:
        """How many questions a filter finds; None when it asks for more than was counted here."""
        if wanted.tag or wanted.text or wanted.difficulty or wanted.stale_on or wanted.category:
            return None
        return sum(
            count
            for (state, kind, _category, source), count in self.counted.items()
            if (wanted.state == state if wanted.state else state != QuestionState.WITHDRAWN)
            and wanted.kind in (None, "", kind)
            and wanted.source in (None, 0, source)
        )


def of_bank(bank: Bank, day: date) -> Facets:
    """Count a bank as it is on a day: a fixed number of statements."""
    by = (Question.state, Question.kind, Question.category_id, Question.source_id)
    rows = db.session.execute(select(*by, func.count()).where(Question.bank_id == bank.id).group_by(*by))
    counted = {(state, kind, category, source): count for state, kind, category, source, count in rows}
    paths = db.session.execute(select(Category.id, Category.path).where(Category.bank_id == bank.id))
    named = list(db.session.scalars(select(Source).where(Source.bank_id == bank.id).order_by(Source.name, Source.id)))
    is_any_over = any(sources.why_stale(one, None, day) for one in named)
    stale = sources.count_stale([bank.id], day).get(bank.id, 0) if is_any_over else 0
    return Facets(counted, {one: path for one, path in paths}, named, tags(bank), stale)


def tags(bank: Bank) -> list[str]:
    """Tags that questions of the bank carry, in order: from each tag to the next, not over all that carry it.

    Those that only questions of undone imports carry are left out: no filter by a tag finds these.
    """
    first = select(func.min(QuestionTag.tag).label("tag")).cte("each_tag", recursive=True)
    after = select(func.min(QuestionTag.tag)).where(QuestionTag.tag > first.c.tag).correlate(first).scalar_subquery()
    each = first.union_all(select(after).where(first.c.tag.is_not(None)))
    carried = (
        select(QuestionTag.question_id)
        .join(Question, Question.id == QuestionTag.question_id)
        .where(QuestionTag.tag == each.c.tag, Question.bank_id == bank.id, Question.state != QuestionState.WITHDRAWN)
        .correlate(each)
        .limit(1)
        .scalar_subquery()
    )
    here = select(each.c.tag).where(each.c.tag.is_not(None), carried.is_not(None))
    return list(db.session.scalars(here.order_by(each.c.tag)))
