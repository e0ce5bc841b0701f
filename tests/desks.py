"""Makers of desks: an instructor at the browser, with what the unit owns."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.organisations.permissions import Role
from question_bank import authoring
from question_bank.models import Bank
from tests.makers import PASSWORD, new_staff, small_tree
from tests.visiting import Visitor


def instructor_with_bank(
    app: Flask, now: datetime, slug: str = "general", title: str = "General"
) -> tuple[Visitor, Bank]:
    """An instructor of B1, signed in, and the bank that B1 owns."""
    unit = small_tree()["B1"]
    bank = authoring.create_bank(slug, title, now)
    works.own(Work.BANK, bank.id, unit.id, now)
    return Visitor(app, new_staff(Role.INSTRUCTOR, unit, password=PASSWORD)), bank
