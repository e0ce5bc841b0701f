"""Files of QTI 1.2: assessments, sections, groups and banks, with the items in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from question_bank.formats.qti import tree
from question_bank.formats.qti.first_metadata import fields_of
from question_bank.fractions import decimal

_UNNAMED = frozenset({"root_section", "root section", "root", "section", "main", "default"})
_HOLDERS = frozenset({"assessment", "section", "objectbank", "questestinterop"})


def items_in(root: Element, warnings: list[Message]) -> Iterator[tuple[Element, str, Fraction | None]]:
    """Every item with its category and the points that its group gives each of its items."""
    yield from _in(root, (), None, warnings, 0)


def _in(
    holder: Element, path: tuple[str, ...], points: Fraction | None, warnings: list[Message], depth: int
) -> Iterator[tuple[Element, str, Fraction | None]]:
    title = _title(holder)
    if title and (not path or path[-1] != title):
        path = (*path, title)
    points = _points(holder) or points
    _warn_of_draw(holder, title, warnings)
    for child in holder:
        if child.tag == "item":
            yield child, "/".join(path), points
        elif child.tag in _HOLDERS and depth < 20:
            yield from _in(child, path, points, warnings, depth + 1)
        elif child.tag in {"itemref", "sectionref"}:
            name = child.get("linkrefid", "")
            warnings.append(_("%(name)s is only named in the file, not contained in it.", name=name[:80]))


def _title(holder: Element) -> str:
    title = holder.get("title", "")
    if holder.tag == "objectbank":
        title = fields_of(holder).get("bank_title") or title
    title = re.sub(r"\s+", " ", title).strip()
    return "" if title.casefold() in _UNNAMED else title.replace("/", "\uff0f")


def _points(holder: Element) -> Fraction | None:
    found = holder.find("selection_ordering/selection/selection_extension/points_per_item")
    try:
        return Fraction(decimal(tree.text(found))) if found is not None else None
    except Refused:
        return None


def _warn_of_draw(holder: Element, title: str, warnings: list[Message]) -> None:
    """Groups from which some questions are drawn: all come in, the drawing itself is for a paper."""
    selection = holder.find("selection_ordering/selection")
    if selection is None:
        return
    count = tree.text(selection.find("selection_number"))
    bank = tree.text(selection.find("sourcebank_ref"))
    if bank:
        warnings.append(
            _("“%(title)s” draws %(n)s questions from the bank %(bank)s.", title=title, n=count or "?", bank=bank[:80])
        )
        return
    held = sum(1 for child in holder if child.tag == "item")
    if count.isdigit() and int(count) < held:
        warnings.append(_("“%(title)s” draws %(n)s of its questions; here all of them come in.", title=title, n=count))
