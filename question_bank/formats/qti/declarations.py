"""Responses and outcomes as an item of QTI 2 and 3 declares them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.operators import number_of


@dataclass
class Declaration:
    """A response or an outcome as declared; mapping: value to (worth, whether capitals count)."""

    id: str
    cardinality: str = "single"
    base: str = "identifier"
    correct: list[str] = field(default_factory=list)
    mapping: dict[str, tuple[Fraction, bool]] = field(default_factory=dict)
    lower: Fraction | None = None
    upper: Fraction | None = None
    default: Fraction = Fraction(0)
    initial: list[str] = field(default_factory=list)
    normal: tuple[Fraction | None, Fraction | None] = (None, None)
    has_area: bool = False
    table: list[tuple[Fraction, bool, str]] = field(default_factory=list)
    """From which value on an outcome is looked up as what, and whether that value itself counts."""
    is_exact: bool = False
    """Whether only that value counts."""
    is_void: bool = False
    """Whether its mapping gives nothing to anything: then what is declared as right is shared out evenly."""


def declared(element: Element) -> Declaration:
    """A declaration read."""
    found = Declaration(
        element.get("identifier", ""), element.get("cardinality", "single"), element.get("baseType", "identifier")
    )
    found.correct = [words_of(value) for one in element.findall("correctResponse") for value in one.findall("value")]
    found.initial = [words_of(value) for one in element.findall("defaultValue") for value in one.findall("value")]
    found.normal = (number_of(element.get("normalMinimum")), number_of(element.get("normalMaximum")))
    found.has_area = element.find("areaMapping") is not None
    found.table = [
        (source, one.get("includeBoundary") != "false", one.get("targetValue", ""))
        for table in element
        if table.tag in {"interpolationTable", "matchTable"}
        for one in table
        if (source := number_of(one.get("sourceValue"))) is not None
    ]
    found.is_exact = element.find("matchTable") is not None
    mapping = element.find("mapping")
    if mapping is not None:
        found.lower, found.upper = number_of(mapping.get("lowerBound")), number_of(mapping.get("upperBound"))
        found.default = number_of(mapping.get("defaultValue")) or Fraction(0)
        for entry in mapping.findall("mapEntry"):
            worth = number_of(entry.get("mappedValue"))
            if worth is None:
                raise Refused(_("The score %(text)s is not a number.", text=entry.get("mappedValue", "")[:40]))
            key = entry.get("mapKey", "")
            key = key if found.base == "string" else " ".join(key.split())
            found.mapping[key] = (worth, entry.get("caseSensitive") == "true")
    found.is_void = bool(found.mapping and found.correct) and not any(one for one, _case in found.mapping.values())
    if found.is_void and found.default <= 0:
        share = Fraction(1, len(found.correct))
        found.mapping = {" ".join(key.split()): (share, False) for key in found.correct}
    return found


def words_of(element: Element) -> str:
    """What a value says."""
    return "".join(element.itertext()).strip()
