"""Where units are, and the outlines that were drawn behind them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.db import Id, Model
from learnhub.organisations.models import Unit


class UnitPlace(Model):
    """Where a unit is, in degrees (WGS 84); a unit without a row has no place on the map."""

    __tablename__ = "unit_place"

    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True, autoincrement=False)
    longitude: Mapped[float]
    latitude: Mapped[float]

    __table_args__ = (
        CheckConstraint("longitude >= -180 AND longitude <= 180", name="longitude_on_earth"),
        CheckConstraint("latitude >= -90 AND latitude <= 90", name="latitude_on_earth"),
    )


class MapOutline(Model):
    """The lines behind the points, simplified and kept as a file; the one that has not ended is drawn."""

    __tablename__ = "map_outline"

    id: Mapped[Id]
    file_name: Mapped[str] = mapped_column(String(160))
    digest: Mapped[str] = mapped_column(String(64))
    """Of the simplified lines in the store of files."""
    source_digest: Mapped[str] = mapped_column(String(64))
    """Of the file as it was brought, which is not kept."""
    points: Mapped[int]
    set_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_map_outline_drawn",
            text("(ended_at IS NULL)"),
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
