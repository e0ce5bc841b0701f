"""Questions written as a package of QTI 2.1: one item per file, a test with their categories, their pictures."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

from learnhub.kernel.archives import Entry
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.qti import kinds_written, second_items, tree
from question_bank.formats.qti.drafts import draft_of
from question_bank.formats.qti.items import Item
from question_bank.formats.qti.package import DEGREES, LIMITS
from question_bank.formats.qti.texts import Shelf, Texts
from question_bank.formats.qti.xhtml import attribute, feedback, named_files, outcome
from question_bank.formats.resting import source_said
from question_bank.formats.written import Files, Written, keep

MOST_QUESTIONS = LIMITS.entries - 1_000
_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_PACKAGING = "http://www.imsglobal.org/xsd/imscp_v1p1"
_METADATA = "http://ltsc.ieee.org/xsd/LOM"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_WHEN = (1980, 1, 1, 0, 0, 0)
_UNNUMBERED = ' identifier="q"'
KEPT = ("title", "mark", "category", "tags", "difficulty", "explanation_html", "hints", "feedback", "source", "clause")


@dataclass
class _Kept:
    """A question that is written: its file's name, its draft."""

    name: str
    draft: QuestionDraft


def write(drafts: Sequence[QuestionDraft], files: Files) -> Written:
    """The questions as a package. Each is read back as it was written: one that would come back another is left out.

    A question whose pictures and recordings are not among `files` is left out. Refused when there are more questions
    than a package may hold files.
    """
    if len(drafts) > MOST_QUESTIONS:
        raise Refused(_("At most %(n)s questions go into one package.", n=MOST_QUESTIONS))
    texts, written = keep(drafts, "QTI", lambda draft: _text(draft, files), _read_back(files), KEPT)
    kept = [_Kept(f"items/q{n}.xml", draft) for n, (draft, _text) in enumerate(texts, 1)]
    shown: dict[str, bytes] = {}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (_draft, text) in enumerate(texts, 1):
            shown |= {name: files[name] for name in named_files(text)}
            _put(archive, f"items/q{number}.xml", text.replace(_UNNUMBERED, f' identifier="q{number}"', 1).encode())
        for name, data in shown.items():
            _put(archive, f"media/{name}", data)
        _put(archive, "assessment.xml", _test(kept).encode())
        _put(archive, "imsmanifest.xml", _manifest(kept, shown).encode())
    written.data = out.getvalue()
    return written


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _WHEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)


def _text(draft: QuestionDraft, files: Files) -> str:
    text = item_xml(draft)
    if not named_files(text) <= set(files):
        raise Refused(_("A picture or recording of the question is not at hand."))
    return text


def item_xml(draft: QuestionDraft) -> str:
    """A cleaned draft as an item; Refused for what QTI 2.1 has no way to say."""
    written = kinds_written.write(draft.kind, draft.stem_html, draft.content)
    negative = ' normalMinimum="-1"' if written.negative else ""
    outcomes = [outcome("SCORE", initial="0", extra=f' normalMaximum="1"{negative}'), *written.outcomes]
    told = list(written.feedback)
    if draft.explanation_html:
        outcomes.append(outcome("EXPLANATION", "identifier", initial="always"))
        told.insert(0, feedback("modalFeedback", "EXPLANATION", "always", draft.explanation_html))
    if draft.hints:
        outcomes.append(outcome("HINT", "identifier"))
        told += [feedback("modalFeedback", "HINT", f"hint{n}", text) for n, text in enumerate(draft.hints, 1)]
    rules = f"<responseProcessing>{''.join(written.rules)}</responseProcessing>" if written.rules else ""
    return (
        f'{_HEAD}<assessmentItem xmlns="{_QTI}"{_UNNUMBERED} title="{attribute(draft.title)}"'
        f' label="learnhub-{draft.kind}" adaptive="false" timeDependent="false" toolName="LearnHub">\n'
        + "\n".join([*written.declarations, *outcomes])
        + f"\n<itemBody>{written.body}</itemBody>\n{rules}{''.join(told)}\n</assessmentItem>\n"
    )


# Read back


class _Held:
    """The files of one question, as they lie in the package."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = {f"media/{name}": data for name, data in files.items()}

    def members(self) -> list[Entry]:
        return [Entry(name, len(data)) for name, data in self._files.items()]

    def read(self, name: str, limit: int | None = None) -> bytes:
        return self._files[name]


def _read_back(files: Files) -> Callable[[QuestionDraft, str], list[QuestionDraft]]:
    def read(draft: QuestionDraft, text: str) -> list[QuestionDraft]:
        item = Item("", "", mark=Fraction(draft.mark, 1000), category=draft.category, tags=draft.tags)
        item.difficulty = draft.difficulty
        item.source = _source(draft)
        held = _Held({name: files[name] for name in named_files(text)})
        texts = Texts(Shelf(held, {}), "items", item.warn)
        return [draft_of(second_items.item_of(tree.parse(text.encode()), texts, item, lambda _address: None))]

    return read


# What holds the items together


def _test(kept: Iterable[_Kept]) -> str:
    """The test: its sections are the categories, in the order of their first question."""
    root: dict[str, Any] = {"": []}
    for one in kept:
        here = root
        for segment in filter(None, one.draft.category.split("/")):
            here = here.setdefault(segment, {"": []})
        here[""].append(one)
    return (
        f'{_HEAD}<assessmentTest xmlns="{_QTI}" identifier="test" title="LearnHub" toolName="LearnHub">\n'
        '<testPart identifier="part" navigationMode="nonlinear" submissionMode="simultaneous">\n'
        + _section(root, "", [0])
        + "</testPart>\n</assessmentTest>\n"
    )


def _section(here: dict[str, Any], title: str, count: list[int]) -> str:
    count[0] += 1
    inner = "".join(_reference(one) for one in here[""])
    inner = f'<assessmentSection identifier="s{count[0]}" title="{attribute(title)}" visible="true">\n{inner}'
    inner += "".join(_section(below, name, count) for name, below in here.items() if name)
    return f"{inner}</assessmentSection>\n"


def _reference(one: _Kept) -> str:
    mark = format((Decimal(one.draft.mark) / 1000).normalize(), "f")
    ident = one.name.removeprefix("items/").removesuffix(".xml")
    return (
        f'<assessmentItemRef identifier="{ident}" href="{one.name}">'
        f'<weight identifier="MARK" value="{mark}"/></assessmentItemRef>\n'
    )


def _manifest(kept: Sequence[_Kept], files: dict[str, bytes]) -> str:
    media = [
        f'<resource identifier="f{n}" type="webcontent" href="media/{name}"><file href="media/{name}"/></resource>'
        for n, name in enumerate(files, 1)
    ]
    return (
        f'{_HEAD}<manifest xmlns="{_PACKAGING}" xmlns:lom="{_METADATA}" identifier="package">\n'
        "<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>\n"
        "<organizations/>\n<resources>\n"
        '<resource identifier="test" type="imsqti_test_xmlv2p1" href="assessment.xml"><file href="assessment.xml"/>'
        + "".join(f'<dependency identifierref="{_ident(one)}"/>' for one in kept)
        + "</resource>\n"
        + "\n".join([*map(_resource, kept), *media])
        + "\n</resources>\n</manifest>\n"
    )


def _ident(one: _Kept) -> str:
    return f"r_{one.name.removeprefix('items/').removesuffix('.xml')}"


def _source(draft: QuestionDraft) -> str:
    return source_said(draft.source, draft.clause) if draft.source else ""


def _resource(one: _Kept) -> str:
    words = "".join(f"<lom:keyword><lom:string>{attribute(tag)}</lom:string></lom:keyword>" for tag in one.draft.tags)
    source = _source(one.draft)
    rests_on = (
        "<lom:relation><lom:kind><lom:source>LOMv1.0</lom:source><lom:value>isbasedon</lom:value></lom:kind>"
        f"<lom:resource><lom:description><lom:string>{attribute(source)}</lom:string></lom:description></lom:resource>"
        "</lom:relation>"
    )
    degree = next(name for name, number in DEGREES.items() if number == one.draft.difficulty)
    return (
        f'<resource identifier="{_ident(one)}" type="imsqti_item_xmlv2p1" href="{one.name}"><metadata><lom:lom>'
        f"<lom:general>{words}</lom:general><lom:educational><lom:difficulty><lom:source>LOMv1.0</lom:source>"
        f"<lom:value>{degree}</lom:value></lom:difficulty></lom:educational>"
        f"{rests_on if source else ''}</lom:lom></metadata>"
        f'<file href="{one.name}"/></resource>'
    )
