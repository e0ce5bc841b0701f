"""QTI 1.2 to 3.0 and Common Cartridge: packages and single files read, packages of QTI 2.1 written."""

from __future__ import annotations

import posixpath
from xml.etree.ElementTree import Element

from learnhub.kernel.archives import printable
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.carries import BOTH, Carried, both
from question_bank.formats.qti import first_files, first_items, first_metadata, second_items, tree
from question_bank.formats.qti.drafts import draft_of, with_shared_texts
from question_bank.formats.qti.items import Item
from question_bank.formats.qti.package import BARE, FIRST, ITEM, ROOTS, Package, Source, is_package, open_package
from question_bank.formats.qti.texts import Shelf, Texts, serialised
from question_bank.formats.reading import Reading, Refusal, reason_of

NAME = "qti"
CARRIES = Carried(
    "QTI 1.2 (Canvas, Common Cartridge, Blackboard and its older pools, D2L, Sakai, ILIAS, Respondus), 2.x and 3.0 "
    "are read; 2.1 is written. Capitals that count, rules that give marks only to a whole answer and draws from a "
    "group are told and left out. Feedback that its name calls a hint becomes one; other programs show the hints that"
    " are written only on request. In 2.x and 3.0 places in a picture are chosen by their names, else by numbers "
    "drawn on it; points in a picture, drawings, templates with values of their own and what is asked only after an "
    "answer are refused.",
    {
        "single_choice": BOTH,
        "multiple_choice": BOTH,
        "true_false": BOTH,
        "fill_in": both("Blanks in any order are not written; blanks with a number among texts only as ours."),
        "short_answer": both("Answers by a regular expression are refused."),
        "numerical": both("Relative and geometric margins, units and significant figures are not written."),
        "matching": both(
            "Prompts of unlike worth earn equal shares; a row with several becomes a question; one list becomes two."
        ),
        "ordering": both("Other platforms mark the whole order or nothing."),
        "cloze": BOTH,
        "select_text": both("Pieces of unlike worth earn equal shares."),
        "drag_text": both("Gaps of unlike worth earn equal shares; groups are known to us only."),
        "essay": both("The limits of words, the rubric and the text to begin with are known to us only."),
        "file_upload": both("The number and size of files and the rubric are known to us only."),
        "case": BOTH,
        "description": BOTH,
    },
)
"""What is read and written of each kind."""


def looks_like(data: bytes) -> bool:
    """Whether these are the bytes of a file or a package of QTI."""
    if data.startswith(b"PK"):
        return is_package(data)
    root = tree.root_name(data[:4096])
    return root in ROOTS or (root == BARE and b"<presentation" in data)


def read(data: bytes) -> Reading:
    """Every question of a package or an XML file; a malformed one costs only itself.

    Refused when the file can't be read at all, or holds no questions.
    """
    package = open_package(data)
    reading = Reading(NAME)
    shelf = Shelf(package.archive, reading.files)
    if package.archive is not None and not package.holds_questions():
        raise Refused(_("There are no questions in this file."))
    named = first_files.Named()
    for source in package.sources():
        _read(reading, package, shelf, source, named)
    reading.refused += [Refusal(where, reason_of(error)) for where, error in package.refused]
    reading.warnings[:0] = [*package.warnings, *named.told()]
    if not reading.questions and not reading.refused:
        raise Refused(_("There are no questions in this file."))
    return reading


def _read(reading: Reading, package: Package, shelf: Shelf, source: Source, named: first_files.Named) -> None:
    if source.root.tag == ITEM:
        _read_second(reading, package, shelf, source)
    elif source.root.tag == FIRST:
        _read_first(reading, package, shelf, source, named)
    else:
        name = source.root.tag[:60]
        raise Refused(_("A file with <%(name)s> at its root holds no questions.", name=name))


def _read_first(reading: Reading, package: Package, shelf: Shelf, source: Source, named: first_files.Named) -> None:
    folder = posixpath.dirname(source.name)
    parents: dict[str, str] = {}
    before = len(reading.questions)
    items = first_files.items_in(source.root, package.warnings, named)
    for number, (element, category, points) in enumerate(items, 1):
        ident = element.get("ident", "") or tree.text(tree.find(element, "bbmd_asi_object_id"))
        item = Item(ident, _where(source.name, number), category=category)
        texts = Texts(shelf, folder, item.warn)
        try:
            first_items.item_of(element, texts, item)
            item.mark = points if points is not None else item.mark
            _keep(reading, item)
        except Refused as error:
            reading.refuse(item.where, error)
        parents[item.where] = first_metadata.fields_of(element).get("parent_stimulus_item_ident", "")
    reading.questions[before:] = with_shared_texts(reading.questions[before:], parents)


def _read_second(reading: Reading, package: Package, shelf: Shelf, source: Source) -> None:
    folder = posixpath.dirname(source.name)
    ident = source.root.get("identifier", "")
    about = source.about
    item = Item(
        ident,
        (ident or printable(source.name)) if source.within else (printable(source.name) or ident),
        category=about.category,
        mark=about.weight,
        tags=about.tags,
        difficulty=about.difficulty,
        source=about.source,
    )
    texts = Texts(shelf, folder, item.warn)

    def stimulus(address: str) -> tuple[str, Texts] | None:
        found = package.stimulus(address, folder)
        if found is None:
            return None
        name, root = found
        at = Texts(shelf, posixpath.dirname(name), item.warn)
        body = root.find("stimulusBody")
        return (at.html(serialised(body, _plainly).strip()) if body is not None else "", at)

    try:
        second_items.item_of(source.root, texts, item, stimulus)
        _keep(reading, item)
    except Refused as error:
        reading.refuse(item.where, error)


def _plainly(element: Element) -> str | None:
    return "" if element.tag in {"stylesheet", "catalogInfo"} else None


def _keep(reading: Reading, item: Item) -> None:
    draft = draft_of(item)
    reading.questions.append(draft)
    reading.warnings += [_("%(where)s: %(what)s", where=item.where, what=one) for one in item.warnings]


def _where(name: str, number: int) -> str:
    place = printable(name if len(name) <= 60 else posixpath.basename(name)[-60:])
    return f"{place}#{number}"


__all__ = ["CARRIES", "NAME", "looks_like", "read"]
