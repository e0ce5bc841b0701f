"""Files of QTI 1.2: assessments, sections, groups and banks, with the items in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from question_bank.formats.qti import tree
from question_bank.formats.qti.first_metadata import fields_of
from question_bank.fractions import decimal

_UNNAMED = frozenset({"root_section", "root section", "root", "section", "main", "default"})
_HOLDERS = frozenset({"assessment", "section", "objectbank", "questestinterop"})
_NAMING = frozenset({"itemref", "sectionref", "bankentry_item"})
"""Elements that stand for an item or a section elsewhere; the last is of New Quizzes."""


@dataclass
class Named:
    """What the files of a package hold, and what they only name: banks that groups draw from, and single items."""

    held: dict[str, str] = field(default_factory=dict)
    draws: list[tuple[str, str, str]] = field(default_factory=list)
    items: list[str] = field(default_factory=list)

    def told(self) -> list[Message]:
        """What the sender should know of it when all files are read."""
        found = [
            _("“%(title)s” draws %(n)s questions from the bank %(bank)s.", title=title, n=n, bank=self.held[bank])
            if bank in self.held
            else _(
                "“%(title)s” draws %(n)s questions from the bank %(bank)s, which is not in the file.",
                title=title,
                n=n,
                bank=bank[:80],
            )
            for title, n, bank in self.draws
        ]
        return found + [
            _("%(name)s is only named in the file, not contained in it.", name=name[:80])
            for name in dict.fromkeys(self.items)
            if name not in self.held
        ]


def items_in(root: Element, warnings: list[Message], named: Named) -> Iterator[tuple[Element, str, Fraction | None]]:
    """Every item with its category and the points that its group gives each of its items."""
    yield from _in(root, (), None, warnings, named, 0)


def _in(
    holder: Element,
    path: tuple[str, ...],
    points: Fraction | None,
    warnings: list[Message],
    named: Named,
    depth: int,
) -> Iterator[tuple[Element, str, Fraction | None]]:
    title = _title(holder)
    if title and (not path or path[-1] != title):
        path = (*path, title)
    points = _points(holder) or points
    _draw(holder, title, warnings, named)
    named.held[holder.get("ident", "")] = title or holder.get("ident", "")
    for child in holder:
        if child.tag == "item":
            named.held[child.get("ident", "")] = ""
            yield child, "/".join(path), points
        elif child.tag in _HOLDERS and depth < 20:
            yield from _in(child, path, points, warnings, named, depth + 1)
        elif child.tag in _NAMING:
            named.items.append(child.get("linkrefid") or child.get("item_ref") or child.get("sourcebank_ref") or "")


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


def _draw(holder: Element, title: str, warnings: list[Message], named: Named) -> None:
    """Groups from which some questions are drawn: all come in, the drawing itself is for a paper."""
    selection = holder.find("selection_ordering/selection")
    if selection is None:
        return
    count = tree.text(selection.find("selection_number"))
    bank = tree.text(selection.find("sourcebank_ref"))
    held = sum(1 for child in holder if child.tag == "item")
    if bank and not (count.isdigit() and int(count) <= held):
        named.draws.append((title, count or "?", bank))
    elif count.isdigit() and int(count) < held:
        warnings.append(_("“%(title)s” draws %(n)s of its questions; here all of them come in.", title=title, n=count))
