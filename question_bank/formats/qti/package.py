"""Packages of QTI: a zip with or without a manifest, a cartridge, a pool, or one bare XML file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from learnhub.kernel.archives import Archive, Limits, open_archive, printable
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from question_bank.formats.qti import first_pools, tree
from question_bank.fractions import decimal

LIMITS = Limits(entries=10_000, total_bytes=200 << 20, file_bytes=50 << 20)
LARGEST_XML = 16 << 20
"""Bytes of one XML file."""
DEEPEST_ARCHIVE = 2
"""Archives inside each other: Blackboard and New Quizzes pack exports into an export."""
ITEM, TEST, FIRST, BARE = "assessmentItem", "assessmentTest", "questestinterop", "item"
"""Roots of files; the last stands in the third, and sometimes alone."""
ROOTS = frozenset({ITEM, TEST, FIRST, "assessmentSection", first_pools.POOL})
_XML = (".xml", ".qti", ".dat")
_HEAD = 4096
DEGREES = {"very easy": 1, "easy": 2, "medium": 3, "difficult": 4, "very difficult": 5}


@dataclass
class About:
    """What stands around an item: its category, weight, tags, difficulty and what it rests on."""

    category: str = ""
    weight: Fraction | None = None
    tags: tuple[str, ...] = ()
    difficulty: int = 3
    source: str = ""


@dataclass
class Source:
    """A file with questions: its name in the package, its root, and what stands around it."""

    name: str
    root: Element
    about: About = field(default_factory=About)
    within: bool = False
    """Whether it stands in a test with others, so that its file does not name it."""


class Package:
    """The files of a package and what they are. `warn` takes what the sender should know."""

    def __init__(self, archive: Archive | None, data: bytes) -> None:
        self.archive = archive
        self.warnings: list[Message] = []
        self.refused: list[tuple[str, Refused]] = []
        self._data = data
        self._roots: dict[str, str] = {}
        if archive is not None:
            for entry in archive.members():
                if entry.name.casefold().endswith(_XML):
                    found = tree.root_name(archive.head(entry.name, _HEAD))
                    if found:
                        self._roots[entry.name] = found

    def holds_questions(self) -> bool:
        """Whether any file has the root of a question or a test."""
        return not ROOTS.isdisjoint(self._roots.values())

    def sources(self) -> Iterator[Source]:
        """Every file with questions, once: items of a test in its order first, then what stands alone."""
        if self.archive is None:
            yield from self._alone(tree.parse(self._data))
            return
        listed = self._listed()
        placed: dict[str, About] = {}
        for name in self._named(TEST):
            root = self._parsed(name)
            if root is not None:
                self._place(root, posixpath.dirname(name), placed)
                yield from _in_place(name, root)
        alone = [name for name in self._named(ITEM) if name not in placed]
        for name in [*placed, *alone]:
            root = self._parsed(name)
            if root is not None:
                about = placed.get(name, About())
                about.tags, about.difficulty, about.source = listed.get(name, ((), 3, ""))
                yield Source(name, root, about)
        surveys = self._surveys()
        for name in self._first():
            root = self._parsed(name)
            if root is not None:
                self.warnings += surveys.get(_canvas_name(name), [])
                yield Source(name, root)

    def _alone(self, root: Element) -> list[Source]:
        if root.tag == BARE:
            root, item = Element(FIRST), root
            root.append(item)
        if root.tag == first_pools.POOL:
            root = first_pools.as_first(root)
        items = _in_place("", root)
        if items:
            self._place(root, "", {})
        return items or [Source("", root)]

    def stimulus(self, address: str, folder: str) -> tuple[str, Element] | None:
        """A shared text by the address that an item names: its own name and its root."""
        name = posixpath.normpath(posixpath.join(folder, unquote(address)))
        if self.archive is None or self._roots.get(name) != "assessmentStimulus":
            return None
        root = self._parsed(name)
        return None if root is None else (name, root)

    def _named(self, root: str) -> list[str]:
        return [name for name, found in self._roots.items() if found == root]

    def _parsed(self, name: str) -> Element | None:
        assert self.archive is not None
        try:
            root = tree.parse(self.archive.read(name, LARGEST_XML))
            return first_pools.as_first(root) if root.tag == first_pools.POOL else root
        except Refused as error:
            self.refused.append((printable(name), error))
            return None

    def _first(self) -> list[str]:
        """Files of QTI 1.2. Canvas packs every quiz twice: in its own form, and poorer as a cartridge has it."""
        names = [name for name, found in self._roots.items() if found in {FIRST, first_pools.POOL}]
        own = {_canvas_name(name) for name in names if _is_own_form(name)}
        return [name for name in names if _is_own_form(name) or _canvas_name(name) not in own]

    def _surveys(self) -> dict[str, list[Message]]:
        """What to say of quizzes that Canvas keeps as surveys, where one option is called right all the same."""
        found: dict[str, list[Message]] = {}
        for name in self._named("quiz"):
            root = self._parsed(name)
            if root is not None and tree.text(root.find("quiz_type")) in {"survey", "graded_survey"}:
                said = _("“%(title)s” is a survey: its right answers may mean nothing.", title=_title_of(root))
                found[_canvas_name(name)] = [said]
        return found

    # Tests

    def _place(self, element: Element, folder: str, placed: dict[str, About], path: tuple[str, ...] = ()) -> None:
        """Where in a test each item stands."""
        title = _segment(element.get("title", ""))
        own = (element.get("toolName") or "") == "LearnHub"
        if title and not own:
            path = (*path, title)
        if element.find("selection") is not None:
            self._warn_of_choice(title, element.find("selection"))
        for child in element:
            if child.tag in {"assessmentSection", "testPart"}:
                self._place(child, folder, placed, path)
            elif child.tag == "assessmentItemRef":
                name = posixpath.normpath(posixpath.join(folder, unquote(child.get("href", ""))))
                if self._roots.get(name) != ITEM:
                    self.refused.append(
                        (printable(child.get("href", "")), Refused(_("There is no such file in the package.")))
                    )
                    continue
                placed.setdefault(name, About("/".join(path), _weight(child)))
            elif child.tag == "assessmentSectionRef":
                name = posixpath.normpath(posixpath.join(folder, unquote(child.get("href", ""))))
                root = self._parsed(name) if self._roots.get(name) == "assessmentSection" else None
                if root is not None and len(path) < 20:
                    self._place(root, posixpath.dirname(name), placed, path)

    def _warn_of_choice(self, title: str, selection: Element | None) -> None:
        count = selection.get("select", "") if selection is not None else ""
        self.warnings.append(
            _("“%(title)s” draws %(n)s of its questions; here all of them come in.", title=title, n=count)
        )

    # The manifest

    def _listed(self) -> dict[str, tuple[tuple[str, ...], int, str]]:
        """Keywords, difficulty and source of each file, from the metadata of its resource."""
        found: dict[str, tuple[tuple[str, ...], int, str]] = {}
        for name in self._named("manifest"):
            root = self._parsed(name)
            for resource in root.iter("resource") if root is not None else ():
                lom = resource.find("metadata")
                if lom is None or not resource.get("href"):
                    continue
                words = [tree.text(one) for one in lom.iter("keyword")]
                place = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(resource.get("href", ""))))
                found[place] = (tuple(word for word in words if word), _degree(lom), _based_on(lom))
        return found


def _in_place(name: str, root: Element, path: tuple[str, ...] = ()) -> list[Source]:
    """Items that stand in a test itself, where other tests name their files."""
    found: list[Source] = []
    if root.tag not in {TEST, "testPart", "assessmentSection"}:
        return found
    title = _segment(root.get("title", ""))
    path = (*path, title) if title else path
    for child in root:
        if child.tag == ITEM:
            found.append(Source(name, child, About("/".join(path)), within=True))
        elif len(path) < 20:
            found += _in_place(name, child, path)
    return found


def _degree(lom: Element) -> int:
    holder = tree.find(lom, "difficulty")
    value = tree.find(holder, "value") if holder is not None else None
    return DEGREES.get(tree.text(value).casefold(), 3)


def _based_on(lom: Element) -> str:
    """What the metadata call the work that the item is based on (LOM 7, kind `isbasedon`)."""
    for relation in lom.iter("relation"):
        sort, described = tree.find(relation, "kind"), tree.find(relation, "description")
        value = tree.find(sort, "value") if sort is not None else None
        if tree.text(value).casefold() == "isbasedon":
            return tree.text(described)
    return ""


def _weight(reference: Element) -> Fraction | None:
    written = next((one.get("value", "") for one in reference.findall("weight")), "")
    try:
        return Fraction(decimal(written)) if written else None
    except Refused:
        return None


def _is_own_form(name: str) -> bool:
    """Whether Canvas packs a quiz or a bank in its own form here; the cartridge may stand in a folder."""
    return posixpath.basename(posixpath.dirname(name)) == "non_cc_assessments"


def _canvas_name(name: str) -> str:
    """What Canvas calls the quiz of a file: its own form by the file's name, the others by their folder's."""
    folder, last = posixpath.split(name)
    return last.partition(".")[0] if _is_own_form(name) else posixpath.basename(folder)


def _title_of(quiz: Element) -> str:
    return tree.text(quiz.find("title"))[:80]


def _segment(title: str) -> str:
    """A title as a part of a category's path."""
    return re.sub(r"\s+", " ", title).strip().replace("/", "\uff0f")


_MANIFEST_OF_QUESTIONS = re.compile(rb"imsqti|imscc|assessment", re.IGNORECASE)


def is_package(data: bytes) -> bool:
    """Whether a zip holds questions, by the heads of its XML files up to the first that tells.

    A package whose manifest speaks of questions is one too, though there are none in it; a course in SCORM, or a
    workbook, is none.
    """
    try:
        archive: Archive = open_archive(data, LIMITS)
        for _depth in range(DEEPEST_ARCHIVE + 1):
            names = [entry.name for entry in archive.members()]
            if "[Content_Types].xml" in names:
                return False
            if any(_tells(archive, name) for name in names if name.casefold().endswith(_XML)):
                return True
            inner = _inside(archive)
            if inner is None:
                return False
            archive = inner
    except Refused:
        pass
    return False


def _tells(archive: Archive, name: str) -> bool:
    head = archive.head(name, _HEAD)
    root = tree.root_name(head)
    return root in ROOTS or (root == "manifest" and _MANIFEST_OF_QUESTIONS.search(head) is not None)


def _inside(archive: Archive) -> Archive | None:
    """The one archive inside an archive; None when there is none, or several."""
    inner = [entry for entry in archive.members() if entry.name.casefold().endswith((".zip", ".imscc"))]
    return open_archive(archive.read(inner[0].name), LIMITS) if len(inner) == 1 else None


def open_package(data: bytes) -> Package:
    """The package in these bytes; Refused when it is no archive within the limits, nor XML."""
    if not data.startswith(b"PK"):
        if len(data) > LARGEST_XML:
            raise Refused(_("The file is larger than %(n)s MB.", n=LARGEST_XML >> 20))
        return Package(None, data)
    archive: Archive = open_archive(data, LIMITS)
    package = Package(archive, data)
    for _depth in range(DEEPEST_ARCHIVE):
        if package.holds_questions():
            break
        inner = _inside(archive)
        if inner is None:
            break
        archive = inner
        package = Package(archive, data)
    return package
