"""The map of units: what stands where, which class it has, who may see it, and the statistics as files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import insert, select

from learnhub.audit.models import AuditEntry
from learnhub.kernel.db import db
from learnhub.organisations.mapping.models import UnitPlace
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.study_time.models import YearlyTarget
from learnhub.web import maps
from tests.learnhub.transcripts.test_pace import studied
from tests.makers import PASSWORD, grown_tree, new_course, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

PLACES = {"HQ": (102.71, 25.04), "B1": (99.17, 25.11), "B1a": (99.1701, 25.1101), "B2": (104.0, 23.4)}
OUTLINE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "<b>"},
            "geometry": {"type": "Polygon", "coordinates": [[[98, 22], [106, 22], [106, 28], [98, 22]]]},
        }
    ],
}


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    tree = small_tree()
    for code, (longitude, latitude) in PLACES.items():
        db.session.add(UnitPlace(unit_id=tree[code].id, longitude=longitude, latitude=latitude))
    return tree


@pytest.fixture
def administrator(app: Flask, tree: dict[str, Unit]) -> Visitor:
    return Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))


def numbers_of(page: str) -> dict[str, list[str]]:
    """The rows of the table behind the map."""
    rows = re.findall(r'<tr><th scope="row"><a href="[^"]+">([^<]+)</a></th>(.*?)</tr>', page)
    return {name: re.findall(r">([^<]+)</td>", cells) for name, cells in rows}


def test_points_are_links_with_their_class_and_the_numbers_behind_them(app: Flask, tree: dict[str, Unit]) -> None:
    course_id = new_course("one")[0].course_id
    db.session.add(YearlyTarget(year=2026, role="member", unit_id=0, hours=4_000))
    studied(new_member(tree["B1a"]), tree["B1a"], course_id, date(2026, 11, 2), 90)
    studied(new_member(tree["B2"]), tree["B2"], course_id, date(2026, 11, 2), 180)
    visitor = Visitor(app, new_staff(Role.SECRETARY, tree["HQ"], password=PASSWORD))
    page = visitor.page("/units/HQ/map?figure=hours")
    assert numbers_of(page) == {
        "Unit HQ": ["3", "2", "50"],
        "Unit B1": ["1", "2", "50"],
        "Unit B1a": ["1", "2", "50"],
        "Unit B2": ["1", "4", "100"],
    }
    assert 'href="/units/B2" aria-label="Unit B2: Hours per head 4"' in page
    assert re.search(r'href="/units/B2" [^<]*<title>[^<]*</title>\s*<circle class="map-mark grade-5"', page)
    assert 'href="#near-B1" aria-label="2 units close together: Unit B1, Unit B1a"' in page
    assert 'id="near-B1"' in page
    assert re.search(r'href="#near-B1".*?<rect class="map-mark [^>]*></rect>\s*<text[^>]*>2 units<', page, re.DOTALL)
    assert "100°E" in page
    assert "map-outline" not in page
    assert visitor.get("/units/HQ/map?figure=secrets").status_code == 404


def test_a_secretary_s_map_ends_where_the_reach_ends(app: Flask, tree: dict[str, Unit]) -> None:
    visitor = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    page = visitor.page("/units/B1/map")
    assert set(numbers_of(page)) == {"Unit B1", "Unit B1a"}
    assert "Unit B2" not in page
    assert "/map-outline" not in page
    for address in ("/units/HQ/map", "/units/B2/map"):
        assert visitor.get(address).status_code == 404
    assert visitor.get("/map-outline").status_code == 403


def test_an_administrator_places_a_unit(administrator: Visitor) -> None:
    address = "/units/B2/place"
    assert administrator.post(address, {"longitude": "102.71, 25.04", "latitude": ""}).status_code == 303
    assert 'value="102.71"' in administrator.page("/units/B2/settings")
    refused = administrator.post(address, {"longitude": "25.04", "latitude": "102.71"})
    assert refused.status_code == 422
    assert "The longitude comes first" in refused.get_data(as_text=True)
    assert administrator.post(address, {"longitude": "", "latitude": ""}).status_code == 303
    page = administrator.page("/units/HQ/map")
    assert "Unit B2" not in numbers_of(page)
    assert 'href="/units/B2/settings#place"' in page
    assert "placed a unit on the map" in administrator.page("/audit")


def test_without_any_place_the_map_says_what_to_do(app: Flask) -> None:
    visitor = Visitor(app, new_staff(Role.ADMINISTRATOR, small_tree()["HQ"], password=PASSWORD))
    assert "/units/HQ/settings#place" in visitor.page("/units/HQ/map")


def test_an_outline_is_drawn_for_everybody_until_it_is_removed(administrator: Visitor, app: Flask) -> None:
    def bring(data: bytes) -> Any:
        return administrator.post("/map-outline", {"file": (io.BytesIO(data), "../云南.geojson")})

    refused = bring(b"{}")
    assert refused.status_code == 422
    assert "no FeatureCollection" in refused.get_data(as_text=True)
    assert administrator.post("/map-outline").status_code == 422
    assert bring(json.dumps(OUTLINE).encode()).headers["Location"] == "/units/HQ/map"
    page = administrator.page("/units/HQ/map")
    assert re.search(r'<path class="map-outline map-land" d="M[\d. LM-]+"', page)
    assert "map-land" in administrator.page("/units/B1/map")
    assert "云南.geojson" in administrator.page("/map-outline")
    assert administrator.post("/map-outline/remove").status_code == 303
    assert "map-outline map-land" not in administrator.page("/units/HQ/map")
    assert administrator.post("/map-outline/remove").status_code == 404
    assert "removed the outline of the map" in administrator.page("/audit")


def test_the_map_of_a_large_organisation_takes_as_many_statements(
    app: Flask, tree: dict[str, Unit], statements: Callable[[], Any]
) -> None:
    visitor = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    with statements() as few:
        visitor.page("/units/HQ/map")
    ids = grown_tree(tree["B2"], 1_000)
    rows = [
        {"unit_id": one, "longitude": 100 + at % 40 / 5, "latitude": 22 + at // 40 / 5} for at, one in enumerate(ids)
    ]
    db.session.execute(insert(UnitPlace), rows)
    db.session.commit()
    with statements() as many:
        page = visitor.page("/units/HQ/map?figure=completion")
    assert len(few) == len(many) < 25
    assert page.count("<circle") < 700, "points that would hide one another are one"


def test_statistics_are_exported_as_csv_and_workbook(app: Flask, tree: dict[str, Unit]) -> None:
    new_member(tree["B1a"])
    visitor = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    assert "/units/B1/statistics/export" in visitor.page("/units/B1/statistics")
    answer = visitor.post("/units/B1/statistics/export", {"format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0] == ["Kind", "Units", "Members", "Largest", "Without members", "Posts held", "Vacant posts"]
    assert sum(int(row[1]) for row in rows[1:]) == 2
    assert sum(int(row[2]) for row in rows[1:]) == 2
    book = visitor.post("/units/B1/statistics/export", {"format": "xlsx"}).get_data()
    assert book == visitor.post("/units/B1/statistics/export", {"format": "xlsx"}).get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    assert [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] == rows
    assert visitor.post("/units/B1/statistics/export", {"format": "pdf"}).status_code == 422
    assert visitor.post("/units/B2/statistics/export", {"format": "csv"}).status_code == 404
    exports = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "export")).all()
    assert [set(entry) for entry in exports] == [{"statistics"}] * 3


def test_classes_hold_about_as_many_values_and_never_split_equal_ones() -> None:
    def limits(*values: int | None) -> list[tuple[int, int, int]]:
        found = maps.graded([None if one is None else Fraction(one) for one in values])
        return [(one.number, int(one.low), int(one.high)) for one in found]

    assert limits(*range(1, 11)) == [(1, 1, 2), (2, 3, 4), (3, 5, 6), (4, 7, 8), (5, 9, 10)]
    assert limits(1, 1, 1, 1, 9) == [(1, 1, 1), (5, 9, 9)]
    assert limits(7, 7, None) == [(1, 7, 7)]
    assert limits(None) == []
    grades = maps.graded([Fraction(one) for one in range(1, 11)])
    assert [maps.grade_of(Fraction(one), grades) for one in (1, 2, 3, 10)] == [1, 1, 2, 5]
    assert maps.grade_of(None, grades) == 0


def test_a_frame_is_true_to_scale_in_its_middle_and_holds_all_points() -> None:
    frame = maps.framed([(100.0, 60.0), (104.0, 60.0)])
    wide, tall = frame.east - frame.west, frame.north - frame.south
    assert wide / 2 / tall == pytest.approx(4 / 3), "at 60 degrees a degree east is half as long as one north"
    assert frame.at(100.0, 60.0)[0] == pytest.approx(100 / 7), "a fifth of the extent is free on each side"
    assert frame.at(102.0, 60.0) == pytest.approx((50, 50))
    alone = maps.framed([(102.71, 25.04)])
    assert alone.north - alone.south == pytest.approx(maps.SMALLEST * 1.4)


def test_the_graticule_has_round_degrees_on_both_sides_of_zero() -> None:
    drawn = maps.drawn([(-1.0, -1.0), (1.0, 1.0)], [1, 1], [None, None])
    assert [tick.text for tick in drawn.parallels] == ["1.0°S", "0.5°S", "0.0°", "0.5°N", "1.0°N"]
    assert all(0 <= tick.at <= 100 for tick in drawn.meridians)


def test_without_an_outline_the_frame_is_as_flat_as_its_places() -> None:
    def of(*places: tuple[float, float], lines: list[list[tuple[float, float]]] | None = None) -> maps.Map:
        return maps.drawn(list(places), [1] * len(places), [None] * len(places), lines or [])

    assert of((99.0, 25.0), (104.0, 25.5)).height == maps.FLAT
    assert of((99.0, 25.0), (100.0, 28.0)).height == maps.HEIGHT
    alone = of((99.0, 25.0), (99.0, 25.0))
    assert (alone.height, alone.meridians, alone.parallels, alone.bare) == (maps.ALONE, [], [], True)
    outlined = of((99.0, 25.0), lines=[[(98.0, 24.0), (100.0, 24.0), (99.0, 26.0), (98.0, 24.0)]])
    assert (outlined.height, outlined.bare) == (maps.HEIGHT, False)
    assert outlined.parallels
    whole = maps.drawn([(100.0, 25.0)], [1], [None], [[(98.0, 24.0), (102.0, 24.0), (100.0, 27.0)]], whole=True)
    assert "851.8" in whole.lines, "an outline of the whole fills the frame but for a small margin"


def test_names_stand_within_the_frame_and_over_no_mark() -> None:
    drawing = maps.drawn([(99.0, 25.0), (101.5, 25.1), (104.0, 25.0)], [1, 1, 1], [None] * 3)
    names = maps.named(drawing, ["Unit A 12", "Unit B 3", "Unit C of a long name 5"])
    assert [(one.text, one.anchor) for one in names if one] == [
        ("Unit A 12", "middle"),
        ("Unit B 3", "middle"),
        ("Unit C of a long name 5", "end"),
    ]
    assert maps.named(drawing, [None, "x" * 100, None]) == [None] * 3, "what has no room is not written"
    crowd = maps.drawn([(99.0 + n % 4, 25.0 + n // 4) for n in range(15)], [1] * 15, [None] * 15)
    assert maps.named(crowd, ["A"] * 15) == [None] * 15
