"""Searches that somebody kept under a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.db import Id, Json, Model
from learnhub.organisations.models import Unit


class SavedSearch(Model):
    """A search of a unit under a name: for its owner, or for all who see the members of that unit."""

    __tablename__ = "saved_search"

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    name: Mapped[str] = mapped_column(String(80))
    any_of: Mapped[bool]
    conditions: Mapped[list[Any]] = mapped_column(Json)
    """[field, operator, value] each, as in addresses."""
    shared: Mapped[bool]
    created_at: Mapped[datetime]
