"""Questions as Moodle XML: what each kind looks like there."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from question_bank import media
from question_bank.authoring import QuestionDraft
from question_bank.formats import cloze_syntax
from question_bank.formats.cloze_syntax import percent
from question_bank.formats.moodle import exported
from question_bank.formats.moodle.scorings import SCORING_NUMBERS
from question_bank.formats.resting import source_said
from question_bank.formats.sameness import as_shown
from question_bank.formats.written import Files, Written, keep
from question_bank.fractions import fraction
from question_bank.kinds.in_text import PLACE

KEPT = ("title", "tags", "category", "explanation_html", "hints", "mark", "feedback", "source", "clause")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
FOOT = "</quiz>\n"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STORED = re.compile(rf'"{re.escape(media.ADDRESS)}([0-9a-f]{{64}}\.[a-z0-9]{{2,4}})"')


def write(drafts: Sequence[QuestionDraft], files: Files) -> Written:
    """Moodle XML with categories, tags, weights, feedback and pictures."""
    parts = [HEAD]
    before = ""

    def read_back(draft: QuestionDraft, block: str) -> list[QuestionDraft]:
        return exported.read(f"<quiz>{category(draft.category)}{block}</quiz>".encode()).questions

    blocks, written = keep(drafts, "Moodle XML", lambda draft: question(draft, files), read_back, KEPT)
    for draft, block in blocks:
        parts += [category(draft.category), block] if draft.category != before else [block]
        before = draft.category
    written.data = "".join([*parts, FOOT]).encode()
    return written


def category(path: str) -> str:
    """The category of the questions that follow."""
    levels = path.replace("\uff0f", "//")
    full = f"$course$/top/{levels}".rstrip("/")
    return f'<question type="category">\n<category>{_text(full)}</category>\n</question>\n'


def question(draft: QuestionDraft, files: Files | None = None) -> str | None:
    """One question; None when its kind can't be said. A picture without its bytes keeps the address it has here."""
    files = files or {}
    writer = _WRITERS.get(draft.kind)
    inner = writer(draft, files) if writer else None
    if inner is None or writer is None:
        return None
    name, stem, body = inner
    rests_on = [f"出处：{source_said(draft.source, draft.clause)}"] if draft.source else []
    tags = "".join(f"<tag>{_text(tag)}</tag>" for tag in [*draft.tags, *rests_on])
    hints = "".join(_html("hint", hint, files) for hint in draft.hints)
    return (
        f'<question type="{name}">\n<name>{_text(draft.title)}</name>\n{_html("questiontext", stem, files)}'
        f"{_html('generalfeedback', draft.explanation_html, files)}"
        f"<defaultgrade>{_decimal(Fraction(draft.mark, 1000))}</defaultgrade>\n"
        "<penalty>0</penalty>\n<hidden>0</hidden>\n"
        f"{body}{hints}{f'<tags>{tags}</tags>' if tags else ''}\n</question>\n"
    )


Inner = tuple[str, str, str] | None
"""The type, the text, and what else belongs to it."""


def _text(text: str) -> str:
    text = _NOT_XML.sub("", text)
    if "&" in text or "<" in text:
        return "<text><![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]></text>"
    return f"<text>{escape(text)}</text>"


def _html(tag: str, html: str, files: Files, attributes: str = "") -> str:
    return f'<{tag}{attributes} format="html">{_inside(html, files)}</{tag}>\n'


def _inside(html: str, files: Files) -> str:
    """A text in HTML, with the bytes of its pictures and sounds behind it."""
    beside: list[str] = []

    def enclose(found: re.Match[str]) -> str:
        if found[1] not in files:
            return found[0]
        beside.append(
            f'<file name={quoteattr(found[1])} path="/" encoding="base64">'
            f"{base64.b64encode(files[found[1]]).decode()}</file>"
        )
        return f'"@@PLUGINFILE@@/{found[1]}"'

    html = _STORED.sub(enclose, html) if media.ADDRESS in html else html
    return _text(html) + "".join(dict.fromkeys(beside))


def _decimal(value: Fraction) -> str:
    return f"{float(value):.7f}".rstrip("0").rstrip(".")


def _answer(worth: Fraction, text: str, told: dict[str, Any], files: Files, more: str = "") -> str:
    feedback = _html("feedback", told.get("feedback_html") or "", files)
    return f'<answer fraction="{percent(worth)}" format="moodle_auto_format">{_text(text)}{feedback}{more}</answer>\n'


def _choice(draft: QuestionDraft, files: Files) -> Inner:
    if draft.content.get("negative"):
        return None
    options = "".join(
        f'<answer fraction="{percent(fraction(one["fraction"]))}" format="html">'
        + _inside(one["html"], files)
        + _html("feedback", one.get("feedback_html") or "", files)
        + "</answer>\n"
        for one in draft.content["options"]
    )
    single = "true" if draft.kind == "single_choice" else "false"
    head = f"<single>{single}</single>\n<shuffleanswers>true</shuffleanswers>\n<answernumbering>abc</answernumbering>\n"
    return "multichoice", draft.stem_html, head + options


def _true_false(draft: QuestionDraft, files: Files) -> Inner:
    content = draft.content
    answers = "".join(
        _answer(
            Fraction(int(content["answer"] == (word == "true"))),
            word,
            {"feedback_html": content.get(f"feedback_{word}_html")},
            files,
        )
        for word in ("true", "false")
    )
    return "truefalse", draft.stem_html, answers


def _short_answer(draft: QuestionDraft, files: Files) -> Inner:
    answers = "".join(
        _answer(
            fraction(one["fraction"]),
            one["text"] if one.get("wildcards") else one["text"].replace("*", "\\*"),
            one,
            files,
        )
        for one in draft.content["answers"]
    )
    return "shortanswer", draft.stem_html, "<usecase>0</usecase>\n" + answers


def _numerical(draft: QuestionDraft, files: Files) -> Inner:
    content = draft.content
    if content.get("significant") or any(
        "low" in one or one.get("tolerance_kind", "absolute") != "absolute" for one in content["answers"]
    ):
        return None
    answers = "".join(
        _answer(fraction(one["fraction"]), "*", one, files, "<tolerance>0</tolerance>")
        if "text" in one
        else _answer(
            fraction(one["fraction"]), one["value"], one, files, f"<tolerance>{one.get('tolerance', '0')}</tolerance>"
        )
        for one in content["answers"]
    )
    return "numerical", draft.stem_html, answers + _units(content)


def _units(content: dict[str, Any]) -> str:
    if not content.get("units"):
        return "<showunits>3</showunits>\n"
    units = "".join(
        f"<unit><multiplier>{_multiplier(one['factor'])}</multiplier><unit_name>{escape(one['unit'])}</unit_name></unit>"
        for one in content["units"]
    )
    penalty = content.get("unit_penalty")
    shown = "1" if content.get("unit_input") == "choice" else "0"
    return (
        f"<units>{units}</units>\n<unitgradingtype>{1 if penalty else 0}</unitgradingtype>\n"
        f"<unitpenalty>{_decimal(fraction(penalty or '0'))}</unitpenalty>\n"
        f"<showunits>{shown}</showunits>\n<unitsleft>0</unitsleft>\n"
    )


def _multiplier(factor: str) -> str:
    value = 1 / Fraction(factor)
    return f"{float(value):.12f}".rstrip("0").rstrip(".")


def _matching(draft: QuestionDraft, files: Files) -> Inner:
    pairs = [(pair["html"], as_shown(pair["match_html"])) for pair in draft.content["pairs"]]
    pairs += [("", as_shown(one["html"])) for one in draft.content.get("distractors", [])]
    body = "".join(
        f'<subquestion format="html">{_inside(left, files)}<answer>{_text(right)}</answer></subquestion>\n'
        for left, right in pairs
    )
    return "matching", draft.stem_html, "<shuffleanswers>true</shuffleanswers>\n" + body


def _ordering(draft: QuestionDraft, files: Files) -> Inner:
    number = SCORING_NUMBERS.get(draft.content["scoring"])
    if number is None:
        return None
    items = "".join(
        _html("answer", one["html"], files, f' fraction="{n}"') for n, one in enumerate(draft.content["items"], 1)
    )
    head = "<layouttype>0</layouttype>\n<selecttype>0</selecttype>\n<selectcount>0</selectcount>\n"
    head += f"<gradingtype>{number}</gradingtype>\n"
    return "ordering", draft.stem_html, head + items


def _cloze(draft: QuestionDraft, files: Files) -> Inner:
    stem = cloze_syntax.write(draft.stem_html, draft.content["parts"])
    return ("cloze", stem, "") if stem is not None else None


def _drag_text(draft: QuestionDraft, files: Files) -> Inner:
    choices, gaps = draft.content["choices"], draft.content["gaps"]
    stem = PLACE.sub(lambda found: f"[[{gaps[int(found[1]) - 1] + 1}]]", draft.stem_html)
    boxes = "".join(
        f"<dragbox>{_text(one['html'])}<group>{one['group']}</group>"
        f"{'<infinite/>' if one['unlimited'] else ''}</dragbox>\n"
        for one in choices
    )
    return "ddwtos", stem, "<shuffleanswers>1</shuffleanswers>\n" + boxes


def _essay(draft: QuestionDraft, files: Files) -> Inner:
    content = draft.content
    if content["rubric"]:
        return None
    return (
        "essay",
        draft.stem_html,
        "<responseformat>plain</responseformat>\n<responserequired>1</responserequired>\n<attachments>0</attachments>\n"
        f"<minwordlimit>{content['least'] or ''}</minwordlimit>\n<maxwordlimit>{content['most'] or ''}</maxwordlimit>\n"
        f"{_html('graderinfo', content['marker_html'], files)}"
        f'<responsetemplate format="plain_text">{_text(content["template"])}</responsetemplate>\n',
    )


def _file_upload(draft: QuestionDraft, files: Files) -> Inner:
    content = draft.content
    if content["rubric"]:
        return None
    sorts = ",".join(_SORTS[sort] for sort in content["accept"])
    return (
        "essay",
        draft.stem_html,
        f"<responseformat>noinline</responseformat>\n<responserequired>0</responserequired>\n"
        f"<attachments>{content['most']}</attachments>\n<attachmentsrequired>1</attachmentsrequired>\n"
        f"<maxbytes>{content['largest']}</maxbytes>\n<filetypeslist>{sorts}</filetypeslist>\n"
        f"{_html('graderinfo', content['marker_html'], files)}",
    )


_SORTS = {
    "picture": "web_image",
    "pdf": ".pdf",
    "document": ".doc,.docx,.odt,.rtf",
    "spreadsheet": "spreadsheet",
    "slides": "presentation",
    "audio": "audio",
    "video": "video",
    "text": ".txt",
    "archive": "archive",
}


def _description(draft: QuestionDraft, files: Files) -> Inner:
    return "description", draft.stem_html, ""


_WRITERS: dict[str, Callable[[QuestionDraft, Files], Inner]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "drag_text": _drag_text,
    "essay": _essay,
    "file_upload": _file_upload,
    "description": _description,
}
