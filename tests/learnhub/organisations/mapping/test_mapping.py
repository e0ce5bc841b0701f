"""Places of units and the outline behind them: what is taken, what is refused with a sentence, what is traced."""

from __future__ import annotations

import itertools
import json
import math
import random
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.organisations.mapping import lines, outline, places
from learnhub.organisations.mapping.models import MapOutline
from learnhub.organisations.mapping.places import Place
from tests.at_once import at_once
from tests.makers import small_tree


@pytest.mark.parametrize(
    ("longitude", "latitude", "place"),
    [
        ("102.71", "25.04", Place(102.71, 25.04)),
        ("102.71, 25.04", "", Place(102.71, 25.04)),
        ("１０２.７１，２５.０４", "", Place(102.71, 25.04)),
        (" -180 ", "90", Place(-180, 90)),
        ("102.71 25.04", "25.04", Place(102.71, 25.04)),
        ("", " ", None),
        ("0.0000001", "-0", Place(0, 0)),
    ],
)
def test_a_place_is_read_as_it_was_typed_or_pasted(longitude: str, latitude: str, place: Place | None) -> None:
    assert places.read(longitude, latitude) == place


@pytest.mark.parametrize(
    ("longitude", "latitude", "why"),
    [
        ("180.1", "0", "between -180 and 180"),
        ("0", "91", "The longitude comes first"),
        ("25.04", "102.71", "The longitude comes first"),
        ("190", "100", "between -180 and 180"),
        ("102.71", "", "its longitude and its latitude"),
        ("", "25", "its longitude and its latitude"),
        ("nan", "25", "no number of degrees"),
        ("1e2", "25", "no number of degrees"),
        ("1,2,3", "", "its longitude and its latitude"),
    ],
)
def test_what_is_no_place_is_refused_in_words(longitude: str, latitude: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        places.read(longitude, latitude)


def test_a_place_is_put_moved_and_taken_away_with_its_trace(app: Flask, now: datetime) -> None:
    tree = small_tree()
    for place in (Place(102.71, 25.04), Place(102.71, 25.04), Place(99.17, 25.11), None, None):
        places.put(SYSTEM, tree["B1"], place, now)
        assert places.of(tree["B1"].id) == place
    acts = select(AuditEntry.details).where(AuditEntry.action == "unit.placed").order_by(AuditEntry.id)
    told = [(entry["before"], entry["place"]) for entry in db.session.scalars(acts)]
    assert told == [("", "102.71, 25.04"), ("102.71, 25.04", "99.17, 25.11"), ("99.17, 25.11", "")]
    places.put(SYSTEM, tree["B1a"], Place(1, 2), now)
    found = {one.unit.code: one.place for one in places.below(tree["B1"].id)}
    assert found == {"B1": None, "B1a": Place(1, 2)}


def geojson(*geometries: dict[str, Any] | None) -> bytes:
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


SQUARE = [[100, 20], [110, 20], [110, 30], [100, 30], [100, 20]]


def test_polygons_and_lines_are_read_and_the_third_number_is_left_out() -> None:
    found = lines.read(
        geojson(
            {"type": "Polygon", "coordinates": [SQUARE]},
            None,
            {"type": "MultiPolygon", "coordinates": [[SQUARE, SQUARE], [SQUARE]]},
            {"type": "LineString", "coordinates": [[100, 20, 7], [101, 21, 8]]},
        )
    )
    assert [len(line) for line in found] == [5, 5, 5, 5, 2]
    assert found[-1] == [(100.0, 20.0), (101.0, 21.0)]


DEEP = b'{"type":"FeatureCollection","features":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "can't be read as JSON"),
        (b"\xff\xfe{}", "can't be read as JSON"),
        (b'{"type":"FeatureCollection","features":[NaN]}', "can't be read as JSON"),
        (b"[]", "no FeatureCollection"),
        (b'{"type":"Topology"}', "no FeatureCollection"),
        (b'{"type":"FeatureCollection","features":[]}', "no features"),
        (b'{"type":"FeatureCollection","features":["x"]}', "neither a polygon nor a line"),
        (geojson(None), "hold no lines"),
        (geojson({"type": "Point", "coordinates": [1, 2]}), "Feature 1 is neither"),
        (geojson({"type": ["Polygon"], "coordinates": [SQUARE]}), "Feature 1 is neither"),
        (geojson({"type": "Polygon", "coordinates": SQUARE}), "not those of its kind"),
        (geojson({"type": "Polygon", "coordinates": None}), "not those of its kind"),
        (geojson({"type": "LineString", "coordinates": [[1, 2], ["3", 4]]}), "not those of its kind"),
        (geojson({"type": "LineString", "coordinates": [[1, 2], [True, 4]]}), "not those of its kind"),
        (geojson({"type": "LineString", "coordinates": [[1, 2]]}), "not those of its kind"),
        (geojson({"type": "LineString", "coordinates": [[11_400_000, 2_800_000], [1, 2]]}), "WGS 84"),
        (geojson({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}).replace(b"3", b"1e999"), "WGS 84"),
        (DEEP, "nested deeper"),
        (b" " * (lines.MOST_BYTES + 1), "more than 5 MB"),
        (geojson({"type": "LineString", "coordinates": [[1, 2]] * (lines.MOST_POSITIONS + 1)}), "positions"),
    ],
)
def test_what_is_no_outline_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        lines.read(data)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.floats() | st.text(), st.lists, max_leaves=9).map(
        lambda found: json.dumps({"type": "FeatureCollection", "features": found}).encode()
    )
)
def test_nothing_but_a_refusal_comes_of_rubbish(data: bytes) -> None:
    with pytest.raises(Refused):
        lines.read(data)


def test_what_a_drawing_can_t_show_is_left_out_and_no_more() -> None:
    wobble = random.Random(7)
    ring = [
        (
            105 + 5 * math.cos(at / 5_000 * math.tau) + wobble.uniform(-2e-4, 2e-4),
            25 + 4 * math.sin(at / 5_000 * math.tau),
        )
        for at in range(5_000)
    ]
    ring.append(ring[0])
    speck = [(104.0, 25.0), (104.0001, 25.0), (104.0, 25.0)]
    made = lines.simplified([ring, speck])
    assert len(made) == 1, "what is smaller than a quarter of a pixel is gone"
    assert made[0][0] == made[0][-1], "a ring stays closed"
    assert 50 < len(made[0]) < 500
    shrink = math.cos(math.radians(25))
    flat = [(x * shrink, y) for x, y in made[0]]
    worst = max(min(lines._distance((x * shrink, y), a, b) for a, b in itertools.pairwise(flat)) for x, y in ring[::50])
    assert worst <= 10 * shrink / lines.PIXELS / 4 * 1.05
    many = [[(100 + wobble.random(), 20 + wobble.random()) for _n in range(20)] for _m in range(2_000)]
    assert sum(len(line) for line in lines.simplified(many)) <= lines.MOST_DRAWN


def test_an_outline_is_kept_replaced_and_removed(app: Flask, now: datetime) -> None:
    small_tree()
    assert outline.drawn() == []
    outline.put(SYSTEM, "一.geojson", geojson({"type": "Polygon", "coordinates": [SQUARE]}), now)
    assert outline.drawn() == [[(x, y) for x, y in SQUARE]]
    with pytest.raises(Refused):
        outline.put(SYSTEM, "no.geojson", b"{}", now)
    outline.put(SYSTEM, "二.geojson", geojson({"type": "LineString", "coordinates": SQUARE[:2]}), now)
    assert outline.drawn() == [[(100.0, 20.0), (110.0, 20.0)]]
    outline.remove(SYSTEM, now)
    assert outline.drawn() == []
    with pytest.raises(NotFound):
        outline.remove(SYSTEM, now)
    assert db.session.scalar(select(func.count()).select_from(MapOutline)) == 2, "what was drawn is still known"
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("map.%")).order_by(AuditEntry.id))
    assert list(acts) == ["map.outline_set", "map.outline_set", "map.outline_removed"]


def test_of_outlines_brought_at_once_one_is_drawn(app: Flask, now: datetime) -> None:
    small_tree()
    outline.put(SYSTEM, "before.geojson", geojson({"type": "LineString", "coordinates": SQUARE[:2]}), now)
    shapes = [SQUARE[n : n + 2] for n in range(3)]

    def bring(n: int) -> int:
        return outline.put(SYSTEM, f"{n}.geojson", geojson({"type": "LineString", "coordinates": shapes[n]}), now).id

    done = at_once(app, bring, 3)
    drawn = db.session.scalars(select(MapOutline.id).where(MapOutline.ended_at.is_(None))).all()
    assert len(drawn) == 1
    assert drawn[0] in done
    assert all(isinstance(one, int | Conflict) for one in done), done


def test_the_database_holds_one_outline_open(app: Flask, now: datetime) -> None:
    row = {"file_name": "x", "digest": "x", "source_digest": "x", "points": 1, "set_at": now}
    db.session.add_all([MapOutline(**row, ended_at=now), MapOutline(**row, ended_at=now), MapOutline(**row)])
    db.session.flush()
    db.session.add(MapOutline(**row))
    with pytest.raises(IntegrityError):
        db.session.flush()
