"""Moodle's questions of rows: each row belongs to a column, or one row of all is right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.moodle.texts import Texts, is_true, value_of
from question_bank.fractions import decimal

Rows = tuple[str, dict[str, Any]]
"""A kind and its content."""
_OF_THE_WHOLE = frozenset({"kprime", "kprimeonezero", "mtfonezero", "all", "allnone"})
"""Ways to mark rows in which a wrong one costs more than its share."""
_COSTLY = frozenset({"aprime", "subpoints"})
"""Ways to mark a single choice that give something for each wrong option that was crossed out."""


def true_or_false(question: Element, texts: Texts) -> Rows:
    """Rows that are each true or false: every row is matched with the heading of its column."""
    names = {
        one.get("number", ""): texts.html(one.find("responsetext"), "moodle") for one in question.findall("column")
    }
    right: dict[str, list[str]] = {}
    for weight in question.findall("weight"):
        if decimal(value_of(weight, "value", "0")) > 0:
            right.setdefault(weight.get("rownumber", ""), []).append(weight.get("columnnumber", ""))
    rows = [
        (texts.html(row.find("optiontext")), right.get(row.get("number", ""), [])) for row in question.findall("row")
    ]
    return _matched(rows, names, question, texts)


def matrix(question: Element, texts: Texts) -> Rows:
    """A table of rows and columns (the add-on matrix) with one right column in each row."""
    names = {str(n): _cell(one, texts) for n, one in enumerate(question.findall("col"))}
    weights = [
        [str(n) for n, one in enumerate(row.findall("weight-of-col")) if decimal((one.text or "").strip() or "0") > 0]
        for row in question.findall("weights-of-row")
    ]
    rows = question.findall("row")
    if len(weights) != len(rows):
        raise Refused(_("A row has no column, or several, that are right."))
    return _matched(
        [(_cell(row, texts), columns) for row, columns in zip(rows, weights, strict=True)], names, question, texts
    )


def _cell(holder: Element, texts: Texts) -> str:
    """The heading of a row or column, and what is said below it."""
    more = texts.html(holder.find("description"))
    short = texts.html(holder.find("shorttext"), "plain")
    return f"{short}<br>{more}" if short and more else short or more


def table(question: Element, texts: Texts) -> Rows:
    """A table of rows and columns (the add-on oumatrix) with one right column in each row."""
    names = {one.get("key", ""): texts.html(one) for one in question.iterfind("columns/column")}
    rows = []
    for row in question.iterfind("rows/row"):
        try:
            told = json.loads(value_of(row, "correctanswers", "{}"))
        except ValueError:
            told = {}
        columns = [key for key, said in told.items() if str(said) == "1"] if isinstance(told, dict) else []
        rows.append((texts.html(row.find("name")), columns))
    return _matched(rows, names, question, texts)


def _matched(
    rows: Sequence[tuple[str, Sequence[str]]], names: Mapping[str, str], question: Element, texts: Texts
) -> Rows:
    pairs = []
    for html, columns in rows:
        if not html:
            continue
        if len(columns) != 1 or not names.get(columns[0]):
            raise Refused(_("A row has no column, or several, that are right."))
        pairs.append({"html": html, "match_html": names[columns[0]]})
    texts.lose("columns")
    told = value_of(question, "scoringmethod") or value_of(question, "grademethod")
    if told.casefold() in _OF_THE_WHOLE:
        texts.lose("whole")
    return "matching", {"pairs": pairs, "distractors": [{"html": name} for name in names.values() if name]}


def one_right(question: Element, texts: Texts) -> Rows:
    """Rows of which one is right (the add-on sc)."""
    right = value_of(question, "correctrow")
    options = [
        {
            "html": texts.html(row.find("optiontext")),
            "fraction": "1" if row.get("number", str(n)) == right else "0",
            "feedback_html": texts.html(row.find("feedbacktext")),
        }
        for n, row in enumerate(question.findall("row"), 1)
    ]
    if value_of(question, "scoringmethod").casefold() in _COSTLY:
        texts.lose("crossed_out")
    if not is_true(value_of(question, "shuffleanswers", "1")):
        texts.lose("in_order")
    return "single_choice", {"options": [one for one in options if one["html"]]}
