"""Places in pictures that Moodle and H5P ask for: numbered on the picture, and matched or chosen by their numbers."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from question_bank.formats.listing import as_json
from question_bank.formats.numbered_places import MOST, Place, with_numbers
from tests.question_bank.formats.moodle_questions import question, quiz, reasons, warnings
from tests.question_bank.formats.test_h5p import dragged, read_h5p

DRAWN = "which were drawn on it"


def canvas(width: int = 200, height: int = 100, colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


PICTURE = f'<file name="p.png" path="/" encoding="base64">{base64.b64encode(canvas()).decode()}</file>'


def drag(number: int, text: str, more: str = "") -> str:
    return f"<drag><no>{number}</no><text>{text}</text>{more}</drag>"


def drop(choice: int, inside: str) -> str:
    return f"<drop><no>1</no><choice>{choice}</choice>{inside}</drop>"


def shape(name: str, coords: str) -> str:
    return f"<shape>{name}</shape><coords>{coords}</coords>"


MARKERS = PICTURE + drag(1, "tower") + drag(2, "moat") + drag(3, "stable")
BOTH_PLACES = drop(2, shape("circle", "150,50;20")) + drop(1, shape("rectangle", "10,40;50,30"))


def test_markers_are_matched_with_the_numbers_of_their_places() -> None:
    reading = quiz(question("ddmarker", MARKERS + BOTH_PLACES))
    found = as_json(reading.questions[0])
    assert [(pair["text"], pair["match"]) for pair in found["answers"]] == [("1", "moat"), ("2", "tower")]
    assert "stable" in [option["text"] for option in found["options"]]
    assert any(DRAWN in str(warning) for warning in reading.warnings)
    (shown,) = reading.files.values()
    assert opened(shown).getpixel((10, 55)) == (192, 0, 0)


def test_a_marker_may_belong_to_several_places_of_any_shape() -> None:
    inside = drop(1, shape("polygon", "10,30;60,30;60,80")) + drop(1, shape("circle", "150,50;20"))
    found = as_json(quiz(question("ddmarker", MARKERS + inside)).questions[0])
    assert [(pair["text"], pair["match"]) for pair in found["answers"]] == [("1", "tower"), ("2", "tower")]


def test_labels_are_matched_with_the_numbers_of_the_boxes_they_are_dragged_to() -> None:
    file = f'<file name="m.png" encoding="base64">{base64.b64encode(canvas(8, 8, "blue")).decode()}</file>'
    drags = PICTURE + drag(1, "keep", "<draggroup>1</draggroup>") + drag(2, "moat", file)
    drops = drop(1, "<xleft>20</xleft><ytop>40</ytop>") + drop(2, "<xleft>120</xleft><ytop>60</ytop>")
    reading = quiz(question("ddimageortext", drags + drops))
    first, second = as_json(reading.questions[0])["answers"]
    assert (first["match"], "<img" in second["match"], 'alt="moat"' in second["match"]) == ("keep", True, True)
    assert len(reading.files) == 2


@pytest.mark.parametrize(
    "inside",
    [
        MARKERS,
        MARKERS + drop(7, shape("circle", "150,50;20")),
        MARKERS + drop(1, shape("circle", "150,50")),
        MARKERS + drop(1, shape("circle", "here")),
        MARKERS + drop(1, shape("star", "150,50;20")),
        drag(1, "tower") + drop(1, shape("circle", "150,50;20")),
        PICTURE.replace("iVBOR", "AAAAA") + drag(1, "tower") + drop(1, shape("circle", "150,50;20")),
        MARKERS + drop(1, shape("circle", "nan,50;20")),
    ],
)
def test_places_that_cannot_be_numbered_are_refused(inside: str) -> None:
    assert len(reasons(question("ddmarker", inside))) == 1
    assert not [one for one in warnings(question("ddmarker", inside)) if DRAWN in one]


def test_no_more_places_are_drawn_than_anybody_can_tell_apart() -> None:
    places = [Place("circle", (50, 50, 5))] * (MOST + 1)
    assert with_numbers(canvas(), places[:-1]) is not None
    assert with_numbers(canvas(), places) is None
    assert with_numbers(b"no picture", places[:1]) is None
    assert with_numbers(canvas(), [None]) is None


# H5P


def spot(x: float, y: float, *, right: bool, figure: str = "rectangle") -> dict[str, Any]:
    where = {"x": x, "y": y, "width": 20, "height": 20, "figure": figure}
    return {"userSettings": {"correct": right, "feedbackText": f"at {x}"}, "computedSettings": where}


def hotspots(*spots: dict[str, Any]) -> dict[str, Any]:
    settings = {"taskDescription": "<p>Click on the moat.</p>", "hotspot": list(spots)}
    return {"imageHotspotQuestion": {"backgroundImageSettings": {"path": "images/p.png"}, "hotspotSettings": settings}}


def test_hotspots_are_chosen_by_numbers_from_the_top() -> None:
    content = hotspots(spot(70, 60, right=True, figure="circle"), spot(10, 10, right=False))
    reading = read_h5p("H5P.ImageHotspotQuestion", content, p=canvas())
    found = as_json(reading.questions[0])
    assert [(option["text"], option["fraction"]) for option in found["options"]] == [("1", 0), ("2", 1)]
    assert found["options"][1]["feedback"] == "at 70"
    assert ("Click on the moat." in found["stem"], "<img" in found["stem"]) == (True, True)
    assert any(DRAWN in str(warning) for warning in reading.warnings)


@pytest.mark.parametrize(
    ("content", "files"),
    [
        (hotspots(spot(70, 60, right=True)), {"p": canvas()}),
        (hotspots(spot(70, 60, right=True), spot(10, 10, right=False)), {}),
        (hotspots(spot(70, 60, right=True), {"userSettings": {}}), {"p": canvas()}),
    ],
)
def test_hotspots_that_cannot_be_numbered_are_refused(content: Any, files: dict[str, bytes]) -> None:
    assert "point at places" in str(read_h5p("H5P.ImageHotspotQuestion", content, **files).refused[0].reason)


def test_places_without_names_are_numbered_on_their_picture() -> None:
    content = dragged(["Moat", "Tower"], [("", [0]), ("", [1])])
    task = content["question"]["task"]
    for zone, left in zip(task["dropZones"], (10, 60), strict=True):
        zone |= {"x": left, "y": 40, "width": 3, "height": 2, "showLabel": False}
    settings = {"size": {"width": 400, "height": 200}, "background": {"path": "images/p.png"}}
    content["question"]["settings"] = settings
    reading = read_h5p("H5P.DragQuestion", content, p=canvas())
    found = as_json(reading.questions[0])
    assert [(pair["text"], pair["match"]) for pair in found["answers"]] == [("Moat", "1"), ("Tower", "2")]
    assert [DRAWN in str(warning) for warning in reading.warnings].count(True) == 1
    (shown,) = [data for data in reading.files.values() if data != canvas()]
    assert opened(shown).getpixel((20, 48)) == (192, 0, 0)
    settings["size"] = {}
    reading = read_h5p("H5P.DragQuestion", content, p=canvas())
    assert "told apart by the picture" in str(reading.refused[0].reason)


@pytest.mark.parametrize(
    "place",
    [
        Place("rect", (500, 10, 520, 30)),
        Place("rect", (10, -50, 20, -30)),
        Place("rect", (1e19, 1e19, 1e300, 1e300)),
        Place("circle", (50, 50, 1e9)),
        Place("poly", tuple(float(n % 90) for n in range(2000))),
    ],
)
def test_a_place_that_nobody_would_see_makes_no_sense(place: Place) -> None:
    assert with_numbers(canvas(), [place]) is None


def test_a_place_partly_on_its_picture_is_numbered() -> None:
    assert with_numbers(canvas(), [Place("rect", (-20, -20, 30, 30)), Place("circle", (199, 99, 40))]) is not None


def test_a_size_of_nothing_and_a_picture_of_too_many_points_make_no_sense() -> None:
    assert with_numbers(canvas(), [Place("rect", (0, 0, 1, 1))], (1e-320, 1e-320)) is None
    for width, height in ((8000, 8000), (60_000, 60_000)):
        head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
        chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
        end = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
        assert with_numbers(b"\x89PNG\r\n\x1a\n" + chunk + end, [Place("default")]) is None
