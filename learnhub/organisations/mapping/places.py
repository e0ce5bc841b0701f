"""Places of units: read from what people type, written with a trace, and found for a whole branch at once."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from learnhub.audit.trail import Actor, record
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.organisations import units
from learnhub.organisations.mapping.models import UnitPlace
from learnhub.organisations.models import Unit

_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{0,15})?")
PLACES = 6
"""Decimals that are kept: a tenth of a metre."""


@dataclass(frozen=True)
class Place:
    """Degrees east and degrees north."""

    longitude: float
    latitude: float


@dataclass(frozen=True)
class Placed:
    """A unit of a branch, and where it is; None: nobody said."""

    unit: Unit
    place: Place | None


def read(longitude: str, latitude: str) -> Place | None:
    """The place of two fields as they were typed, or of both numbers pasted into the first; None when both are empty.

    Refused when they are no degrees, or one is missing.
    """
    first, second = (unicodedata.normalize("NFKC", text).strip() for text in (longitude, latitude))
    if not first and not second:
        return None
    pasted = [one for one in re.split(r"[,;\s]+", first) if one]
    if len(pasted) == 2 and second in ("", pasted[1]):
        first, second = pasted
    if not first or not second:
        raise Refused(_("A place needs its longitude and its latitude; leave both empty for none."))
    return checked(_degrees(first), _degrees(second))


def _degrees(text: str) -> float:
    if not _DEGREES.fullmatch(text):
        raise Refused(_("“%(text)s” is no number of degrees, such as 102.71.", text=text[:40]))
    return float(text)


def checked(longitude: float, latitude: float) -> Place:
    """A place on earth. Refused otherwise; when the two stand the wrong way round, the sentence says so."""
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise Refused(_("A place needs finite numbers."))
    if abs(longitude) <= 90 < abs(latitude) <= 180:
        raise Refused(_("The latitude lies between -90 and 90. The longitude comes first, then the latitude."))
    if abs(longitude) > 180:
        raise Refused(_("The longitude lies between -180 and 180."))
    if abs(latitude) > 90:
        raise Refused(_("The latitude lies between -90 and 90."))
    return Place(round(longitude, PLACES) + 0.0, round(latitude, PLACES) + 0.0)


def of(unit_id: int) -> Place | None:
    """Where a unit is; None when nobody said."""
    row = db.session.get(UnitPlace, unit_id)
    return Place(row.longitude, row.latitude) if row else None


def put(actor: Actor, unit: Unit, place: Place | None, now: datetime) -> None:
    """Say where a unit is, or that it has no place. The same again changes nothing."""
    before = of(unit.id)
    if before == place:
        return
    row = db.session.get(UnitPlace, unit.id)
    if place is None:
        db.session.delete(row)
    elif row is None:
        db.session.add(UnitPlace(unit_id=unit.id, longitude=place.longitude, latitude=place.latitude))
    else:
        row.longitude, row.latitude = place.longitude, place.latitude
    db.session.flush()
    told = {"before": _written(before), "place": _written(place)}
    record(actor, "unit.placed", "unit", unit.id, now, unit_id=unit.id, **told)


def _written(place: Place | None) -> str:
    return f"{place.longitude}, {place.latitude}" if place else ""


def below(unit_id: int) -> list[Placed]:
    """A unit and all below it in the order of the tree, with their places, by one statement."""
    rows = db.session.execute(
        select(Unit, UnitPlace.longitude, UnitPlace.latitude)
        .outerjoin(UnitPlace, UnitPlace.unit_id == Unit.id)
        .where(Unit.id.in_(units.below(unit_id)))
        .order_by(Unit.position, Unit.code)
    )
    return [Placed(unit, None if x is None else Place(x, y)) for unit, x, y in rows]
