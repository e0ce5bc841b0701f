"""A question of a Moodle backup, whose elements are rows of tables, in the elements of Moodle XML."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats import xml_stream
from question_bank.formats.moodle.backup_files import Place, said
from question_bank.formats.moodle.refused import REFUSED

Files = Mapping[Place, list[tuple[str, str]]]
"""For each place in a bank the path and the hash of its files."""
_SHOWN = re.compile(r"""@@PLUGINFILE@@/?([^\s"'<>)]*)""")
_PART = re.compile(r"\{#(\d{1,3})\}")
_GROUP = re.compile(r'"draggroup";(?:s:\d+:"|i:)(\d+)')
_INFINITE = re.compile(r'"infinite";(?:b:1|i:1|s:1:"1")')
_IN_PICTURES = frozenset({"ddimageortext", "ddmarker"})
"""Types that have a picture of their own, which no text shows."""
_OVERALL = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def hashes_shown(questions: Iterable[Element], files: Files) -> set[str]:
    """The hashes of the files that these questions show, in their texts or as pictures of their own."""
    found: set[str] = set()
    items = {item for question in questions if _shows(question) for item in _ids(question)}
    for (_area, item), listed in files.items():
        if item in items:
            found.update(content for _path, content in listed)
    return found


def _shows(question: Element) -> bool:
    return said(question.findtext("qtype")) in _IN_PICTURES or any(
        "@@PLUGINFILE@@" in (one.text or "") for one in question.iter()
    )


def _ids(question: Element) -> Iterator[str]:
    return (one.get("id", "") for one in question.iter() if one.get("id"))


class Translating:
    """The questions of one backup: the parts of texts by id, where files lie, and the files by hash."""

    def __init__(self, parts: Mapping[str, Element], files: Files, media: Mapping[str, bytes]) -> None:
        self._parts = parts
        self._files = files
        self._media = media

    def as_moodle_xml(self, question: Element) -> Element:
        """The question; Refused for a type whose table is not known here."""
        name = said(question.findtext("qtype"))
        out = Element("question", {"type": name})
        ident = question.get("id", "")
        _text(out, "name", said(question.findtext("name")))
        self._holder(out, "questiontext", question, "questiontext", ident)
        self._holder(out, "generalfeedback", question, "generalfeedback", ident)
        for theirs, ours in (("defaultmark", "defaultgrade"), ("penalty", "penalty"), ("idnumber", "idnumber")):
            SubElement(out, ours).text = said(question.findtext(theirs))
        SubElement(out, "hidden").text = said(question.findtext("hidden"))
        plugin = next((one for one in question if one.tag.startswith("plugin_qtype_")), Element("none"))
        if name in _TYPES:
            _TYPES[name](self, out, question, plugin)
        elif name not in REFUSED:
            raise Refused(
                _(
                    "A question of the type %(type)s can't be read from a backup; export it as Moodle XML.",
                    type=name[:60],
                )
            )
        for hint in question.iterfind("question_hints/question_hint"):
            self._holder(out, "hint", hint, "hint", hint.get("id", ""))
        tags = SubElement(out, "tags")
        for tag in question.iterfind("tags/tag"):
            _text(tags, "tag", said(tag.findtext("rawname")) or said(tag.findtext("name")))
        return out

    def _holder(self, out: Element, name: str, row: Element, column: str, item: str, area: str = "") -> Element:
        """A text of a row with its format and the files that it shows."""
        text = said(row.findtext(column))
        written_as = said(row.findtext(f"{column}format")) or said(row.findtext(f"{column.removesuffix('text')}format"))
        holder = _text(out, name, text)
        holder.set("format", written_as or "1")
        if "@@PLUGINFILE@@" in text:
            shown = {unquote(html.unescape(one)).partition("?")[0].lstrip("/") for one in _SHOWN.findall(text)}
            for path, content in self._files.get((area or name, item), []):
                if path in shown:
                    self._file(holder, path, content)
        return holder

    def _file(self, holder: Element, path: str, content: str) -> None:
        if content in self._media:
            file = SubElement(holder, "file", {"name": path, "path": "/", "encoding": "base64"})
            file.text = base64.b64encode(self._media[content]).decode()

    def _own_files(self, holder: Element, area: str, item: str) -> None:
        """The files of an area whose texts don't name them."""
        for path, content in self._files.get((area, item), []):
            self._file(holder, path, content)

    # Types

    def _answers(self, out: Element, plugin: Element) -> dict[str, Element]:
        """The answers by their id, each with its weight in percent and its feedback."""
        found = {}
        for row in plugin.iterfind("answers/answer"):
            ident = row.get("id", "")
            answer = self._holder(out, "answer", row, "answertext", ident)
            answer.set("fraction", _percent(said(row.findtext("fraction"))))
            self._holder(answer, "feedback", row, "feedback", ident, "answerfeedback")
            found[ident] = answer
        return found

    def _options(self, out: Element, question: Element, plugin: Element, row: Element | None) -> None:
        """What a row of options says, value by value, and feedback on the whole."""
        if row is None:
            return
        for one in row:
            if one.tag in _OVERALL:
                self._holder(out, one.tag, row, one.tag, question.get("id", ""))
            elif not one.tag.endswith("format"):
                SubElement(out, one.tag).text = said(one.text)

    def _choice(self, out: Element, question: Element, plugin: Element) -> None:
        self._answers(out, plugin)
        self._options(out, question, plugin, plugin.find(said(question.findtext("qtype"))))

    def _true_false(self, out: Element, question: Element, plugin: Element) -> None:
        """The answers are words of the author's language; a row says which of them is true."""
        answers = self._answers(out, plugin)
        for word in ("true", "false"):
            answer = answers.get(said(plugin.findtext(f"truefalse/{word}answer")))
            if answer is not None:
                _set_text(answer, word)

    def _numerical(self, out: Element, question: Element, plugin: Element) -> None:
        self._answers_with(out, plugin, "numerical_records/numerical_record")
        self._units(out, question, plugin)

    def _answers_with(self, out: Element, plugin: Element, records: str) -> None:
        """The answers, each with what its record says of it."""
        answers = self._answers(out, plugin)
        for record in plugin.iterfind(records):
            answer = answers.get(said(record.findtext("answer")))
            if answer is not None:
                for one in record:
                    if one.tag != "answer":
                        SubElement(answer, one.tag).text = said(one.text)

    def _units(self, out: Element, question: Element, plugin: Element) -> None:
        self._options(out, question, plugin, plugin.find("numerical_options/numerical_option"))
        units = SubElement(out, "units")
        for row in plugin.iterfind("numerical_units/numerical_unit"):
            unit = SubElement(units, "unit")
            SubElement(unit, "multiplier").text = said(row.findtext("multiplier"))
            SubElement(unit, "unit_name").text = said(row.findtext("unit"))

    def _calculated(self, out: Element, question: Element, plugin: Element) -> None:
        """The sets of numbers stand as they do in Moodle XML."""
        self._answers_with(out, plugin, "calculated_records/calculated_record")
        self._units(out, question, plugin)
        self._options(out, question, plugin, plugin.find("calculated_options/calculated_option"))
        out.extend(plugin.findall("dataset_definitions"))

    def _matching(self, out: Element, question: Element, plugin: Element) -> None:
        for row in plugin.iter("match"):
            pair = self._holder(out, "subquestion", row, "questiontext", row.get("id", ""))
            _text(pair, "answer", said(row.findtext("answertext")))
        options = next(
            (plugin.find(name) for name in ("matchoptions", "ddmatchoptions") if plugin.find(name) is not None), None
        )
        self._options(out, question, plugin, options)

    def _essay(self, out: Element, question: Element, plugin: Element) -> None:
        row = plugin.find(said(question.findtext("qtype")))
        if row is None:
            return
        for name in ("graderinfo", "responsetemplate"):
            self._holder(out, name, row, name, question.get("id", ""))
        for one in row:
            if one.tag not in {"graderinfo", "responsetemplate", "graderinfoformat", "responsetemplateformat"}:
                SubElement(out, one.tag).text = said(one.text)

    def _cloze(self, out: Element, question: Element, plugin: Element) -> None:
        """The parts of the text stand in questions of their own; their codes go back to their places."""
        parts = said(plugin.findtext("multianswer/sequence")).split(",")
        holder = out.find("questiontext")
        assert holder is not None

        def code(place: re.Match[str]) -> str:
            number = int(place[1])
            part = self._parts.get(parts[number - 1].strip()) if 0 < number <= len(parts) else None
            if part is None:
                raise Refused(_("Part %(n)s of the text is missing in the backup.", n=number))
            return said(part.findtext("questiontext"))

        out.set("type", "cloze")
        _set_text(holder, _PART.sub(code, holder.findtext("text") or ""))

    def _drag(self, out: Element, question: Element, plugin: Element) -> None:
        """Choices in the order of their numbers; the group of each stands where other types have feedback."""
        is_list = said(question.findtext("qtype")) == "gapselect"
        for row in plugin.iterfind("answers/answer"):
            told = said(row.findtext("feedback"))
            choice = SubElement(out, "selectoption" if is_list else "dragbox")
            SubElement(choice, "text").text = said(row.findtext("answertext"))
            group = _GROUP.search(told)
            SubElement(choice, "group").text = group[1] if group else told if told.isdecimal() else "1"
            if _INFINITE.search(told):
                SubElement(choice, "infinite")
        self._options(out, question, plugin, plugin.find(said(question.findtext("qtype"))))

    def _in_picture(self, out: Element, question: Element, plugin: Element) -> None:
        """Labels and the places they belong to, in a picture that lies in an area of its own."""
        self._own_files(out, "bgimage", question.get("id", ""))
        for row in plugin.iterfind("drags/drag"):
            drag = SubElement(out, "drag")
            SubElement(drag, "no").text = said(row.findtext("no"))
            SubElement(drag, "text").text = said(row.findtext("label"))
            self._own_files(drag, "dragimage", row.get("id", ""))
        out.extend(plugin.iterfind("drops/drop"))
        self._choice(out, question, plugin)

    # Rows and columns

    def _true_or_false(self, out: Element, question: Element, plugin: Element) -> None:
        """Rows, columns and weights by their numbers (mtf and kprime), or rows alone (sc)."""
        for row in plugin.iterfind("rows/row"):
            ident = row.get("id", "")
            here = SubElement(out, "row", {"number": said(row.findtext("number"))})
            self._holder(here, "optiontext", row, "optiontext", ident)
            self._holder(here, "feedbacktext", row, "optionfeedback", ident)
        for row in plugin.iterfind("columns/column"):
            here = SubElement(out, "column", {"number": said(row.findtext("number"))})
            self._holder(here, "responsetext", row, "responsetext", "")
        for row in plugin.iterfind("weights/weight"):
            places = {name: said(row.findtext(name)) for name in ("rownumber", "columnnumber")}
            SubElement(SubElement(out, "weight", places), "value").text = said(row.findtext("weight"))
        self._choice(out, question, plugin)

    def _matrix(self, out: Element, question: Element, plugin: Element) -> None:
        """A table whose weights name rows and columns by their ids; a cell without one weighs nothing."""
        rows, columns = (sorted(plugin.iterfind(f"matrix/{name}"), key=_by_id) for name in ("rows/row", "cols/col"))
        if len(rows) * len(columns) > xml_stream.MOST_ELEMENTS:
            raise Refused(_("A question of this file has too many elements."))
        for row in [*rows, *columns]:
            here = SubElement(out, row.tag)
            _text(here, "shorttext", said(row.findtext("shorttext")))
            self._holder(here, "description", row, "description", "")
        weights = {
            (said(one.findtext("rowid")), said(one.findtext("colid"))): said(one.findtext("weight"))
            for one in plugin.iterfind("matrix/weights/weight")
        }
        for row in rows:
            here = SubElement(out, "weights-of-row")
            for column in columns:
                weight = weights.get((row.get("id", ""), column.get("id", "")), "0")
                SubElement(here, "weight-of-col").text = weight
        SubElement(out, "grademethod").text = said(plugin.findtext("matrix/grademethod"))

    def _table(self, out: Element, question: Element, plugin: Element) -> None:
        """A table (oumatrix) in which each row names its right columns by their ids."""
        columns, rows = SubElement(out, "columns"), SubElement(out, "rows")
        for row in sorted(plugin.iterfind("columns/column"), key=_by_number):
            _text(columns, "column", said(row.findtext("name"))).set("key", row.get("id", ""))
        for row in sorted(plugin.iterfind("rows/row"), key=_by_number):
            here = SubElement(rows, "row")
            _text(here, "name", said(row.findtext("name")))
            _text(here, "correctanswers", said(row.findtext("correctanswers")))
        self._choice(out, question, plugin)

    def _nothing(self, out: Element, question: Element, plugin: Element) -> None:
        """A description asks nothing."""


_TYPES: dict[str, Callable[[Translating, Element, Element, Element], None]] = {
    "multichoice": Translating._choice,
    "multichoiceset": Translating._choice,
    "oumultiresponse": Translating._choice,
    "shortanswer": Translating._choice,
    "ordering": Translating._choice,
    "truefalse": Translating._true_false,
    "numerical": Translating._numerical,
    "match": Translating._matching,
    "ddmatch": Translating._matching,
    "calculated": Translating._calculated,
    "calculatedsimple": Translating._calculated,
    "calculatedmulti": Translating._calculated,
    "mtf": Translating._true_or_false,
    "kprime": Translating._true_or_false,
    "sc": Translating._true_or_false,
    "matrix": Translating._matrix,
    "oumatrix": Translating._table,
    "essay": Translating._essay,
    "essayautograde": Translating._essay,
    "aitext": Translating._essay,
    "multianswer": Translating._cloze,
    "ddwtos": Translating._drag,
    "gapselect": Translating._drag,
    "ddimageortext": Translating._in_picture,
    "ddmarker": Translating._in_picture,
    "gapfill": Translating._choice,
    "wordselect": Translating._choice,
    "description": Translating._nothing,
}


def _by_id(row: Element) -> int:
    return _number(row.get("id", ""))


def _by_number(row: Element) -> int:
    return _number(said(row.findtext("number")))


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else 0


def _text(out: Element, name: str, text: str) -> Element:
    holder = SubElement(out, name)
    SubElement(holder, "text").text = text
    return holder


def _set_text(holder: Element, text: str) -> None:
    found = holder.find("text")
    if found is not None:
        found.text = text


def _percent(share: str) -> str:
    try:
        return format(Decimal(share or "0") * 100, "f")
    except InvalidOperation:
        raise Refused(_("%(text)s is not a number.", text=share[:60])) from None
