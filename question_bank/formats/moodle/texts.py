"""Texts of Moodle XML as HTML, with the pictures and sounds that stand beside them; and what of a file is lost."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _, n_
from question_bank import media
from question_bank.formats import xml_stream
from question_bank.formats.reading import Reading
from question_bank.formats.rich_text import html_of

_FORMATS = {
    "html": "html",
    "moodle_auto_format": "moodle",
    "moodle": "moodle",
    "plain_text": "plain",
    "plain": "plain",
    "markdown": "markdown",
    "0": "moodle",
    "1": "html",
    "2": "plain",
    "4": "markdown",
}
_BESIDE = frozenset(
    """
    answer clearwrong correctanswerformat correctanswerlength correctanswers correctfeedback description feedback file
    draggroup fraction group infinite name no noofdrags options shorttext shownumcorrect tolerance tolerancetype value
    """.split()
)
"""What stands beside the text of an answer, a row, a hint or a choice."""
_IN_ATTRIBUTE = re.compile(r"""\b(src|href|poster|data)\s*=\s*(["'])@@PLUGINFILE@@/?([^"']*)\2""", re.IGNORECASE)
_ANYWHERE = re.compile(r"""@@PLUGINFILE@@/?([^\s"'<>)]*)""")
_INLINE = re.compile(r"""\bsrc\s*=\s*(["'])data:([a-z]+/[\w.+-]{1,60});base64,([^"']*)\1""", re.IGNORECASE)
_PACKED = re.compile(r"<!\[CDATA\[((?:(?!\]\]>).)*)\]\]>", re.DOTALL)
_MISSING = "data-missing"
_PICTURE = re.compile(rf'<img\b[^>]*\b{_MISSING}="([^"]*)"[^>]*>', re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL)
_LANGUAGES = re.compile(r"""class\s*=\s*["']multilang["']|\{mlang\s""", re.IGNORECASE)
_NEXT_LANGUAGE = re.compile(
    r"""(?P<behind></span>|\{mlang\})\s*(?=<span\b[^<>]{0,200}class\s*=\s*["']multilang["']|\{mlang\s)""", re.IGNORECASE
)
_MARK_OF_LANGUAGE = re.compile(r"\{mlang(?:\s[^{}]{0,40})?\}", re.IGNORECASE)


class Texts:
    """The texts of one file's questions. `where` is the place of the question at hand, `lost` counts per question."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.where = ""
        self.default = "html"
        """The format of a text of the question at hand that names none: that of the question's own text."""
        self.is_packed = False
        """Whether the text of the question at hand has its CDATA written as words."""
        self._elsewhere: dict[str, str] = {}
        """Files anywhere in the question at hand: scripts put them beside the text that shows them."""
        self.lost: Counter[str] = Counter()
        self._lost_here: set[str] = set()
        self._remarks: list[Message] = []

    def begin(self, where: str, question: Element) -> None:
        """The next question."""
        asked = question.find("questiontext")
        self.where = where
        self._elsewhere = {one.get("name", ""): one.text or "" for one in question.iter("file")}
        self.default = self.written_as(asked, "html")
        self.is_packed = asked is not None and _PACKED.fullmatch("".join(asked.itertext()).strip()) is not None
        self._lost_here, self._remarks = set(), []

    def lose(self, what: str) -> None:
        """Something of this question is not kept; it is counted once."""
        self._lost_here.add(what)

    def remark(self, what: Message) -> None:
        """Say something of this question by itself, if it comes in."""
        self._remarks.append(_("%(where)s: %(what)s", where=self.where, what=what))

    def never_below(self, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Typed answers that cost marks there are wrong here, no more."""
        if any(Fraction(one["fraction"]) < 0 for one in answers):
            self.lose("below")
        return [{**one, "fraction": str(max(Fraction(one["fraction"]), Fraction(0)))} for one in answers]

    def end(self) -> None:
        """The question came in: what it lost counts."""
        self.lost.update(self._lost_here)
        self.reading.warnings += self._remarks

    def raw(self, holder: Element | None) -> str:
        """The text of an element as it stands there: that of its `text`, or its own.

        Scripts that write CDATA as words (`&lt;![CDATA[…]]&gt;`) mean what stands in it. So may a typed answer that a
        question on XML asks for, unless the question's own text is written so too.
        """
        if holder is None:
            return ""
        text = holder.find("text")
        raw = (_inner(text) if text is not None else xml_stream.inner(_own(holder))).strip()
        packed = _PACKED.fullmatch(raw)
        if packed and (self.is_packed or holder.tag != "answer" or self.written_as(holder) == "html"):
            raw = packed[1].strip()
        if _LANGUAGES.search(raw):
            self.lose("languages")
            raw = _languages_parted(raw)
        return raw

    def written_as(self, holder: Element | None, default: str | None = None) -> str:
        """The format of an element's text."""
        default = default or self.default
        return (
            _FORMATS.get(holder.get("format", default).strip().casefold(), "moodle") if holder is not None else default
        )

    def html(self, holder: Element | None, default: str | None = None) -> str:
        """The text of an element as HTML, its files taken along."""
        text = self.raw(holder)
        if not text or holder is None:
            return ""
        text = self.with_files(text, holder)
        if len(text) > xml_stream.LONGEST_TEXT:
            raise Refused(_("A text of the question is too long."))
        return html_of(text, self.written_as(holder, default))

    def with_files(self, text: str, holder: Element) -> str:
        """The text with the addresses that its files will have; a file that can't be taken leaves its name."""
        if len(text) > xml_stream.LONGEST_TEXT and "data:" not in text:
            raise Refused(_("A text of the question is too long."))
        if "data:" in text:
            text = _instead(_INLINE.sub(lambda match: self._source(match[2], match[3]), text))
        if "@@PLUGINFILE@@" not in text:
            return text
        files = holder.findall("file")
        named = {f"{one.get('path', '/')}{one.get('name', '')}".lstrip("/"): one.text or "" for one in files}
        addresses: dict[str, str] = {}

        def found(name: str) -> str:
            name = unquote(html.unescape(name)).partition("?")[0].lstrip("/")
            if name not in addresses:
                encoded = named.get(name) or self._elsewhere.get(name.rpartition("/")[2])
                addresses[name] = self._address(name, encoded)
            return addresses[name]

        def in_attribute(match: re.Match[str]) -> str:
            address = found(match[3])
            return f'{match[1]}="{address}"' if address else f'{_MISSING}="{html.escape(match[3])}"'

        text = _instead(_IN_ATTRIBUTE.sub(in_attribute, text))
        return _ANYWHERE.sub(lambda match: found(match[1]) or match[1], text)

    def _source(self, name: str, encoded: str) -> str:
        address = self._address(name, encoded)
        return f'src="{address}"' if address else f'{_MISSING}="{name}"'

    def _address(self, name: str, encoded: str | None) -> str:
        try:
            data = base64.b64decode("".join((encoded or "").split()), validate=True)
        except (binascii.Error, ValueError):
            data = b""
        found = self.keep(data)
        if found is None:
            said = _("the file %(name)s is not there, or not of a sort that is taken.", name=name[:200])
            self.reading.warnings.append(_("%(where)s: %(what)s", where=self.where, what=said))
            return ""
        return found

    def keep(self, data: bytes) -> str | None:
        """Keep a picture or sound with the questions: where it will be found; None for what a question can't show."""
        stored = media.name_of(data) if data else None
        if stored is None:
            return None
        self.reading.files[stored] = data
        return media.address(stored)

    def stem(self, question: Element) -> str:
        """The question's own text in HTML, with the picture of an old file."""
        return self.html(question.find("questiontext")) + self.picture(question)

    def picture(self, question: Element) -> str:
        """The picture that old files (before 2010) hang onto a whole question."""
        name = question.findtext("image", "").strip()
        if not name:
            return ""
        address = self._address(name, question.findtext("image_base64"))
        return f'<p><img src="{address}" alt="{html.escape(name)}"></p>' if address else ""

    def warnings(self) -> list[Message]:
        """One sentence for each sort of thing that is not kept, with the number of questions."""
        return [_LOST[what](self.lost[what]) for what in _LOST if self.lost[what]]


def _languages_parted(text: str) -> str:
    """A text in several languages with a stroke between them where they stand in one line, and without their marks."""

    def parted(found: re.Match[str]) -> str:
        is_block = text[max(found.start() - 1, 0)] == ">"
        return found["behind"] + ("" if is_block else " / ")

    return _MARK_OF_LANGUAGE.sub("", _NEXT_LANGUAGE.sub(parted, text))


def _instead(text: str) -> str:
    """A text in which the words of each picture that is missing, or its name, stand where it would be."""

    def words(picture: re.Match[str]) -> str:
        said = _ALT.search(picture[0])
        return f"[{said[2].strip() if said and said[2].strip() else picture[1]}]"

    return _PICTURE.sub(words, text) if _MISSING in text else text


def _inner(text: Element) -> str:
    return xml_stream.inner(text)


def _own(holder: Element) -> Element:
    """An element without a `text`: the words and tags in it, without what Moodle lets stand beside a text."""
    if all(child.tag not in _BESIDE for child in holder):
        return holder
    own = Element(holder.tag)
    own.text = holder.text
    own.extend(child for child in holder if child.tag not in _BESIDE)
    return own


def value_of(question: Element, name: str, default: str = "") -> str:
    """The value of an element below, whether or not it stands in a `text`."""
    found = question.find(name)
    if found is None:
        return default
    return (found.findtext("text") or found.text or "").strip() or default


def whole(text: str) -> int:
    """A whole number; Refused for what is none."""
    try:
        return int(Decimal(text))
    except (InvalidOperation, ValueError, OverflowError):
        raise Refused(_("%(text)s is not a number.", text=text[:60])) from None


def is_true(text: str) -> bool:
    """Whether a value says yes."""
    return text.strip().casefold() in {"1", "true", "yes"}


_LOST: dict[str, Callable[[int], Message]] = {
    "penalty": lambda n: n_(
        "The penalty for further tries of %(n)s question is not kept.",
        "The penalties for further tries of %(n)s questions are not kept.",
        n=n,
    ),
    "in_order": lambda n: n_(
        "%(n)s question keeps its options in order there; here each quiz says whether options are shuffled.",
        "%(n)s questions keep their options in order there; here each quiz says whether options are shuffled.",
        n=n,
    ),
    "feedback": lambda n: n_(
        "The feedback of %(n)s question for right, partly right and wrong answers as a whole is not kept.",
        "The feedback of %(n)s questions for right, partly right and wrong answers as a whole is not kept.",
        n=n,
    ),
    "case": lambda n: n_(
        "%(n)s question tells capital and small letters apart there; here they count as the same.",
        "%(n)s questions tell capital and small letters apart there; here they count as the same.",
        n=n,
    ),
    "below": lambda n: n_(
        "Typed answers of %(n)s question cost marks there; here they are only wrong.",
        "Typed answers of %(n)s questions cost marks there; here they are only wrong.",
        n=n,
    ),
    "hidden": lambda n: n_(
        "%(n)s question was hidden there and comes in like the others.",
        "%(n)s questions were hidden there and come in like the others.",
        n=n,
    ),
    "draft": lambda n: n_(
        "%(n)s question was a draft there and comes in like the others.",
        "%(n)s questions were drafts there and come in like the others.",
        n=n,
    ),
    "information": lambda n: n_(
        "The description of %(n)s category is not kept.", "The descriptions of %(n)s categories are not kept.", n=n
    ),
    "languages": lambda n: n_(
        "%(n)s question is written in several languages; all of them are shown.",
        "%(n)s questions are written in several languages; all of them are shown.",
        n=n,
    ),
    "template": lambda n: n_(
        "The template of %(n)s essay comes in as plain text.",
        "The templates of %(n)s essays come in as plain text.",
        n=n,
    ),
    "attachments": lambda n: n_(
        "%(n)s essay takes files too there; here it takes a text only.",
        "%(n)s essays take files too there; here they take a text only.",
        n=n,
    ),
    "sorts": lambda n: n_(
        "%(n)s question names sorts of files that are not known here.",
        "%(n)s questions name sorts of files that are not known here.",
        n=n,
    ),
    "unit_left": lambda n: n_(
        "The unit of %(n)s question stands to the left there.",
        "The units of %(n)s questions stand to the left there.",
        n=n,
    ),
    "scoring": lambda n: n_(
        "%(n)s ordering is marked there in a way that is not known here; it is marked in the nearest way.",
        "%(n)s orderings are marked there in ways that are not known here; they are marked in the nearest way.",
        n=n,
    ),
    "subset": lambda n: n_(
        "%(n)s ordering shows some of its items there; here it shows all of them.",
        "%(n)s orderings show some of their items there; here they show all of them.",
        n=n,
    ),
    "columns": lambda n: n_(
        "%(n)s question of rows and columns comes in as a matching.",
        "%(n)s questions of rows and columns come in as matchings.",
        n=n,
    ),
    "crossed_out": lambda n: n_(
        "%(n)s question gives a part of the mark for wrong options crossed out there; here only the right one counts.",
        "%(n)s questions give a part of the mark for wrong options crossed out there; here only the right one counts.",
        n=n,
    ),
    "word_penalty": lambda n: n_(
        "In %(n)s question a wrong word costs less there; here it takes back as much as a right one earns.",
        "In %(n)s questions a wrong word costs less there; here it takes back as much as a right one earns.",
        n=n,
    ),
    "grouped": lambda n: n_(
        "The text of %(n)s question is long: its wrong words can be chosen in groups only.",
        "The texts of %(n)s questions are long: their wrong words can be chosen in groups only.",
        n=n,
    ),
    "by_hand": lambda n: n_(
        "%(n)s essay is marked by a program there; here somebody marks it.",
        "%(n)s essays are marked by a program there; here somebody marks them.",
        n=n,
    ),
    "numbered": lambda n: n_(
        "In %(n)s question places in a picture are matched by numbers here, which were drawn on it.",
        "In %(n)s questions places in a picture are matched by numbers here, which were drawn on it.",
        n=n,
    ),
    "whole": lambda n: n_(
        "%(n)s question gives few marks or none there once a row is wrong; here every row earns its share.",
        "%(n)s questions give few marks or none there once a row is wrong; here every row earns its share.",
        n=n,
    ),
}
"""What of a question is not kept, by name."""
