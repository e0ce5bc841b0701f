"""Categories as a tree, and tags: counted, renamed, moved, merged, removed; with what it takes to put it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _
from question_bank.authoring import clean_path
from question_bank.models import GONE, Bank, Category, Question, QuestionTag

LONGEST_PATH = 255


@dataclass(frozen=True)
class Branch:
    """A category in the tree: its level from 0, its own questions, and those with all below it (retired left out).

    A level that only holds others is a branch too, though no question names it: its id is None.
    """

    path: str
    name: str
    level: int
    category_id: int | None
    own: int
    below: int


def tree(bank: Bank) -> list[Branch]:
    """The categories of a bank, each below the one it belongs to, with its questions; one statement."""
    return branches({path: (category_id, count) for path, category_id, count in _counted(bank)})


def branches(own: Mapping[str, tuple[int | None, int]]) -> list[Branch]:
    """The tree of categories that are told by path, each with its id and the number of its own questions."""
    paths = {"/".join(path.split("/")[:n]) for path in own for n in range(1, path.count("/") + 2)}
    below: dict[str, int] = dict.fromkeys(paths, 0)
    for path, (_id, count) in own.items():
        for n in range(1, path.count("/") + 2):
            below["/".join(path.split("/")[:n])] += count
    found = []
    for path in sorted(paths, key=lambda path: path.split("/")):
        category_id, count = own.get(path, (None, 0))
        found.append(Branch(path, path.rpartition("/")[2], path.count("/"), category_id, count, below[path]))
    return found


def _counted(bank: Bank) -> list[tuple[str, int, int]]:
    asked = (Question.category_id == Category.id) & (Question.state.not_in(GONE))
    rows = db.session.execute(
        select(Category.path, Category.id, func.count(Question.id))
        .outerjoin(Question, asked)
        .where(Category.bank_id == bank.id)
        .group_by(Category.path, Category.id)
    )
    return [(path, category_id, count) for path, category_id, count in rows]


def tags(bank: Bank) -> list[tuple[str, int]]:
    """The tags of a bank, each with the number of questions that carry it, retired ones left out."""
    query = (
        select(QuestionTag.tag, func.count())
        .join(Question, Question.id == QuestionTag.question_id)
        .where(Question.bank_id == bank.id, Question.state.not_in(GONE))
    )
    return [
        (tag, count) for tag, count in db.session.execute(query.group_by(QuestionTag.tag).order_by(QuestionTag.tag))
    ]


def move_category(bank: Bank, old: str, new: str) -> dict[str, Any]:
    """Call a category by another path, with all below it; where there is one of that path, they become one.

    An empty path lifts the questions out of every category. Gives what puts it back. NotFound when there is nothing
    of the old path; Refused when a category would come to lie below itself, or a path would be too long.
    """
    old, new = clean_path(old), clean_path(new)
    moved = _of_branch(bank, old)
    if not moved:
        raise NotFound(_("There is no such category."))
    if new == old or new.startswith(old + "/"):
        raise Refused(_("A category can't lie below itself."))
    goals = {one.id: _goal(one.path, old, new) for one in moved}
    if any(len(goal) > LONGEST_PATH for goal in goals.values()):
        raise Refused(_("The name is too long."))
    standing = {
        path: category_id
        for path, category_id in db.session.execute(
            select(Category.path, Category.id).where(
                Category.bank_id == bank.id, Category.path.in_(sorted(set(goals.values())))
            )
        )
    }
    kept: dict[str, Any] = {"paths": {}, "merged": {}}
    for one in moved:
        _move_one(one, goals[one.id], standing, kept)
    db.session.flush()
    db.session.expire_all()
    return kept


def _of_branch(bank: Bank, path: str) -> list[Category]:
    below = Category.path.startswith(path + "/", autoescape=True)
    query = select(Category).where(Category.bank_id == bank.id, (Category.path == path) | below)
    return list(db.session.scalars(query.order_by(Category.path))) if path else []


def _goal(path: str, old: str, new: str) -> str:
    return f"{new}{path.removeprefix(old)}" if new else ""


def _move_one(one: Category, goal: str, standing: Mapping[str, int], kept: dict[str, Any]) -> None:
    if goal and goal not in standing:
        kept["paths"][str(one.id)] = one.path
        one.path = goal
        return
    into = standing[goal] if goal else None
    ids = list(db.session.scalars(select(Question.id).where(Question.category_id == one.id).order_by(Question.id)))
    kept["merged"][one.path] = {"into": str(into or ""), "questions": [str(question_id) for question_id in ids]}
    db.session.execute(update(Question).where(Question.category_id == one.id).values(category_id=into))
    db.session.execute(delete(Category).where(Category.id == one.id))


def put_categories_back(bank: Bank, kept: Mapping[str, Any]) -> int:
    """Put back what `move_category` did; questions that came to another category since stay there. How many moved.

    Refused when another category took one of the names in the meantime.
    """
    names = [*kept["paths"].values(), *kept["merged"]]
    taken = select(Category.id).where(Category.bank_id == bank.id, Category.path.in_(names))
    if set(db.session.scalars(taken)) - {int(one) for one in kept["paths"]}:
        raise Refused(_("Another category has this name now."))
    for category_id, path in kept["paths"].items():
        db.session.execute(
            update(Category).where(Category.id == int(category_id), Category.bank_id == bank.id).values(path=path)
        )
    count = len(kept["paths"])
    for path, was in kept["merged"].items():
        category = Category(bank_id=bank.id, path=path)
        db.session.add(category)
        db.session.flush()
        into = int(was["into"]) if was["into"] else None
        still = Question.category_id.is_(None) if into is None else Question.category_id == into
        ids = [int(one) for one in was["questions"]]
        db.session.execute(update(Question).where(Question.id.in_(ids), still).values(category_id=category.id))
        count += len(ids)
    db.session.expire_all()
    return count


def move_tag(bank: Bank, old: str, new: str) -> dict[str, Any]:
    """Call a tag by another name on every question of the bank, or take it off (empty); those with both keep one.

    Gives what puts it back. NotFound when no question carries it.
    """
    old, new = old.strip(), " ".join(new.split())[:80]
    if old == new:
        raise Refused(_("The tag has this name already."))
    carrying = _carrying(bank, old)
    if not carrying:
        raise NotFound(_("No question carries this tag."))
    both = set(_carrying(bank, new)) if new else set(carrying)
    of_old = QuestionTag.tag == old
    db.session.execute(delete(QuestionTag).where(of_old, QuestionTag.question_id.in_(sorted(both & set(carrying)))))
    alone = [one for one in carrying if one not in both]
    db.session.execute(update(QuestionTag).where(of_old, QuestionTag.question_id.in_(alone)).values(tag=new))
    db.session.expire_all()
    return {"old": old, "new": new, "questions": [str(one) for one in carrying], "renamed": [str(one) for one in alone]}


def _carrying(bank: Bank, tag: str) -> list[int]:
    query = select(QuestionTag.question_id).join(Question, Question.id == QuestionTag.question_id)
    return list(db.session.scalars(query.where(Question.bank_id == bank.id, QuestionTag.tag == tag)))


def put_tag_back(bank: Bank, kept: Mapping[str, Any]) -> int:
    """Put back what `move_tag` did: how many questions carry the old tag again."""
    if kept["new"]:
        renamed = [int(one) for one in kept["renamed"]]
        db.session.execute(
            delete(QuestionTag).where(QuestionTag.tag == kept["new"], QuestionTag.question_id.in_(renamed))
        )
    again = {int(one) for one in kept["questions"]} - set(_carrying(bank, kept["old"]))
    db.session.add_all(QuestionTag(question_id=one, tag=kept["old"]) for one in sorted(again))
    db.session.flush()
    return len(again)
