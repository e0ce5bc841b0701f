"""What the objects of the audit trail are called today, and where they stand: as far as the reader's reach goes.

The trail keeps numbers. A name is shown where the reader administers the unit that the object belongs to, and leads to
its page where the reader may open that. Each kind of object costs one statement, however many entries name it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import get_locale
from markupsafe import Markup
from sqlalchemy import ColumnElement, exists, or_, select, true

from courses.models import Course, Lesson
from learnhub.audit.models import AuditEntry, Import
from learnhub.authorship.models import Ownership, Work
from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations import kinds, transfer_reach, units
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Transfer, Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import fields
from learnhub.organisations.profile.models import MemberField
from learnhub.organisations.scope import Scope
from learnhub.organisations.search.models import SavedSearch
from learnhub.points.models import PointRule
from learnhub.quizzes.models import Attempt, Quiz, TimeGrant
from learnhub.web.language import html_language, say
from learnhub.web.role_names import role_names
from question_bank.models import Bank, Question, QuestionVersion

WORDS = 60
"""Letters of a question that name it."""


@dataclass(frozen=True)
class Named:
    """What an object is called, and the address of its page for a reader who may open it."""

    name: str
    url: str = ""


Found = Iterable[tuple[int | str, str, str]]
"""The number that the trail keeps, the name, the address."""


def named(rows: Sequence[AuditEntry], scope: Scope) -> dict[tuple[str, str], Named]:
    """The names that this reader may see, by kind and number; what is gone or out of reach is not among them."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        wanted[row.object_kind].add(row.object_id)
    return {
        (kind, str(key)): Named(name, url)
        for kind, keys in wanted.items()
        if kind in FINDERS
        for key, name, url in FINDERS[kind](scope, keys)
        if name
    }


def _numbers(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal() and len(key) < 19]


def _opens(scope: Scope, permission: Permission) -> bool:
    """Whether pages of a permission open wherever this reader administers."""
    return set(scope.roots(Permission.ADMINISTER)) <= set(scope.roots(permission))


def _whole(scope: Scope) -> bool:
    return scope.reaches(Permission.ADMINISTER, units.root().id)


def _covered(scope: Scope, unit_id: Any) -> ColumnElement[bool]:
    return scope.covers(Permission.ADMINISTER, unit_id)


def _known_here(scope: Scope, member_id: Any) -> ColumnElement[bool]:
    """Who belongs today to a unit in reach, or left from one; for whom the whole is in reach, everybody."""
    if _whole(scope):
        return true()
    today = holds_on(local_date(scope.now, house.zone))
    here = exists().where(Membership.member_id == member_id, _covered(scope, Membership.unit_id))
    return here.where(today) | (here & ~exists().where(Membership.member_id == member_id, today))


def _members(scope: Scope, keys: Collection[str]) -> Found:
    found = db.session.execute(
        select(Member.id, Member.name).where(Member.id.in_(_numbers(keys)), _known_here(scope, Member.id))
    ).all()
    open_ = scope.among(Permission.SEE_MEMBERS, [one.id for one in found]) if found else set()
    for one in found:
        yield one.id, one.name, url_for("organisations.member", member_id=one.id) if one.id in open_ else ""


def _units(scope: Scope, keys: Collection[str]) -> Found:
    opens = _opens(scope, Permission.SEE_MEMBERS)
    query = select(Unit.id, Unit.name, Unit.code).where(Unit.id.in_(_numbers(keys)), _covered(scope, Unit.id))
    for key, name, code in db.session.execute(query):
        yield key, name, url_for("organisations.unit", code=code) if opens else ""


def _unit_kinds(scope: Scope, keys: Collection[str]) -> Found:
    url = url_for("organisations.kinds") if _whole(scope) else ""
    for key, kind in kinds.known().items():
        if key in keys:
            yield key, str(say(kind.called(html_language()))), url


def _works(model: type[Any], work: Work, endpoint: str) -> Callable[[Scope, Collection[str]], Found]:
    """Courses and banks: they belong to a unit, and instructors of that unit open them."""

    def found(scope: Scope, keys: Collection[str]) -> Iterator[tuple[int, str, str]]:
        opens = _opens(scope, Permission.AUTHOR)
        query = (
            select(model.id, model.title, model.slug)
            .join(Ownership, (Ownership.work == work) & (Ownership.work_id == model.id))
            .where(model.id.in_(_numbers(keys)), _covered(scope, Ownership.unit_id))
        )
        for key, title, slug in db.session.execute(query):
            yield key, title, url_for(endpoint, slug=slug) if opens else ""

    return found


def _lessons(scope: Scope, keys: Collection[str]) -> Found:
    opens = _opens(scope, Permission.AUTHOR)
    query = (
        select(Lesson.id, Lesson.title, Lesson.slug, Course.slug.label("course"))
        .join(Course, Course.id == Lesson.course_id)
        .join(Ownership, (Ownership.work == Work.COURSE) & (Ownership.work_id == Course.id))
        .where(Lesson.id.in_(_numbers(keys)), _covered(scope, Ownership.unit_id))
    )
    for key, title, slug, course in db.session.execute(query):
        yield key, title, url_for("authoring.lesson", slug=course, lesson_slug=slug) if opens else ""


def _questions(scope: Scope, keys: Collection[str]) -> Found:
    """A question is named by its title, or by the first words of what it asks."""
    opens = _opens(scope, Permission.AUTHOR)
    query = (
        select(Question.id, QuestionVersion.title, QuestionVersion.stem_html, Bank.slug)
        .join(QuestionVersion, QuestionVersion.id == Question.version_id)
        .join(Bank, Bank.id == Question.bank_id)
        .join(Ownership, (Ownership.work == Work.BANK) & (Ownership.work_id == Bank.id))
        .where(Question.id.in_(_numbers(keys)), _covered(scope, Ownership.unit_id))
    )
    for key, title, stem, slug in db.session.execute(query):
        asked = Markup(stem).striptags()  # noqa: S704 (cleaned when it was kept)
        name = title or (asked if len(asked) <= WORDS else f"{asked[:WORDS]}…")
        yield key, name, url_for("question_bank.question", slug=slug, question_id=key) if opens else ""


def _quizzes(scope: Scope, keys: Collection[str]) -> Found:
    opens = _opens(scope, Permission.AUTHOR)
    query = select(Quiz.id, Quiz.title).where(Quiz.id.in_(_numbers(keys)), _covered(scope, Quiz.unit_id))
    for key, title in db.session.execute(query):
        yield key, title, url_for("quizzes.results", quiz_id=key) if opens else ""


def _attempts(scope: Scope, keys: Collection[str]) -> Found:
    """An attempt is named by its quiz; whose it is stands beside the act."""
    query = (
        select(Attempt.id, Quiz.title)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.id.in_(_numbers(keys)), _covered(scope, Attempt.unit_id))
    )
    for key, title in db.session.execute(query):
        yield key, title, ""


def _time_grants(scope: Scope, keys: Collection[str]) -> Found:
    query = (
        select(TimeGrant.id, Quiz.title)
        .join(Quiz, Quiz.id == TimeGrant.quiz_id)
        .where(TimeGrant.id.in_(_numbers(keys)), _covered(scope, Quiz.unit_id))
    )
    for key, title in db.session.execute(query):
        yield key, title, ""


def _fields(scope: Scope, keys: Collection[str]) -> Found:
    language = str(get_locale())
    whole = _whole(scope)
    for one in db.session.scalars(select(MemberField).where(MemberField.id.in_(_numbers(keys)))):
        yield (
            one.id,
            str(say(fields.label_of(one, language))),
            url_for("profiles.field", field_id=one.id) if whole else "",
        )


def _searches(scope: Scope, keys: Collection[str]) -> Found:
    """One's own, and those that their owner shares."""
    query = select(SavedSearch.id, SavedSearch.name).where(
        SavedSearch.id.in_(_numbers(keys)),
        _covered(scope, SavedSearch.unit_id),
        or_(SavedSearch.shared, SavedSearch.owner_id == scope.member_id),
    )
    opens = _opens(scope, Permission.SEE_MEMBERS)
    for key, name in db.session.execute(query):
        yield key, name, url_for("searches.kept", search_id=key) if opens else ""


def _transfers(scope: Scope, keys: Collection[str]) -> Found:
    """A transfer is named by its member."""
    query = (
        select(Transfer.id, Member.name)
        .join(Member, Member.id == Transfer.member_id)
        .where(Transfer.id.in_(_numbers(keys)), _known_here(scope, Transfer.member_id), transfer_reach.visible(scope))
    )
    for key, name in db.session.execute(query):
        yield key, name, url_for("transfers.show", transfer_id=key)


def _imports(scope: Scope, keys: Collection[str]) -> Found:
    query = select(Import.id, Import.file_name).where(Import.id.in_(_numbers(keys)), _covered(scope, Import.unit_id))
    for key, name in db.session.execute(query):
        yield key, name, ""


def _rules(_scope: Scope, keys: Collection[str]) -> Found:
    language = str(get_locale())
    for code, title in db.session.execute(select(PointRule.code, PointRule.title).where(PointRule.code.in_(keys))):
        yield code, title.get(language) or title.get("en", ""), f"{url_for('points.rules')}#{code}"


def _roles(_scope: Scope, keys: Collection[str]) -> Found:
    for key, name in role_names().items():
        if key in keys:
            yield key, name, ""


FINDERS: dict[str, Callable[[Scope, Collection[str]], Found]] = {
    "member": _members,
    "unit": _units,
    "unit_kind": _unit_kinds,
    "course": _works(Course, Work.COURSE, "authoring.course"),
    "bank": _works(Bank, Work.BANK, "question_bank.bank"),
    "lesson": _lessons,
    "question": _questions,
    "quiz": _quizzes,
    "attempt": _attempts,
    "time_grant": _time_grants,
    "field": _fields,
    "search": _searches,
    "transfer": _transfers,
    "import": _imports,
    "rule": _rules,
    "custom_role": _roles,
}
