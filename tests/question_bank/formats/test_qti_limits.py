"""Packages made to harm: refused before they cost anything."""

from __future__ import annotations

import io
import zipfile

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import qti, read

ITEM = (
    '<assessmentItem identifier="i"><responseDeclaration identifier="R" cardinality="single" baseType="string"/>'
    '<itemBody><p>Write.</p><extendedTextInteraction responseIdentifier="R"/></itemBody></assessmentItem>'
)


def zipped(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("format", ["qti", "auto"])
def test_an_archive_of_twenty_thousand_entries_is_refused(format: str) -> None:
    data = zipped({f"items/{n}.xml": "<a/>" for n in range(20_000)})
    with pytest.raises(Refused, match="20000 files"):
        read(data, "x.zip", format)


def test_a_name_that_leads_outside_is_refused() -> None:
    with pytest.raises(Refused, match="leads out"):
        read(zipped({"../evil.xml": ITEM, "imsmanifest.xml": "<manifest/>"}), "x.zip", "qti")


def test_a_bomb_of_zeros_is_refused() -> None:
    with pytest.raises(Refused, match="bomb"):
        read(zipped({"items/one.xml": b"\0" * (40 << 20)}), "x.zip", "qti")


ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [ENTITIES, OUTSIDE])
def test_w16_xml_with_entities_is_refused(head: str) -> None:
    evil = head + ITEM.replace("Write.", "&a;")
    with pytest.raises(Refused, match="entities"):
        read(evil.encode(), "x.xml")
    reading = read(zipped({"evil.xml": evil, "good.xml": ITEM}), "x.zip")
    assert [(one.where, str(one.reason)) for one in reading.refused] == [
        ("evil.xml", "The XML declares entities; such files are not read.")
    ]
    assert len(reading.questions) == 1


def test_a_document_type_without_entities_is_nothing_bad() -> None:
    head = '<?xml version="1.0"?><!DOCTYPE assessmentItem SYSTEM "qti.dtd">'
    assert len(read((head + ITEM).encode(), "x.xml").questions) == 1


def test_xml_nested_too_deeply_is_refused() -> None:
    evil = ITEM.replace("Write.", "<b>" * 100_000 + "</b>" * 100_000)
    with pytest.raises(Refused, match="nested too deeply"):
        read(evil.encode(), "x.xml")


def test_archives_are_opened_inside_each_other_only_so_deep() -> None:
    data = zipped({"one.xml": ITEM})
    assert len(read(zipped({"export.zip": data}), "x.zip", "qti").questions) == 1
    for _depth in range(4):
        data = zipped({"inner.zip": data})
    with pytest.raises(Refused, match="no questions"):
        read(data, "x.zip", "qti")


def test_a_workbook_is_not_taken_for_a_package() -> None:
    assert not qti.looks_like(zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}))
    course = "<manifest><metadata><schema>ADL SCORM</schema></metadata><resources/></manifest>"
    assert not qti.looks_like(zipped({"imsmanifest.xml": course, "index.html": "<p>A course</p>"}))
    empty = '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="gone.xml"/></resources></manifest>'
    assert qti.looks_like(zipped({"imsmanifest.xml": empty}))
    assert not qti.looks_like(b"PK\x03\x04 broken")
