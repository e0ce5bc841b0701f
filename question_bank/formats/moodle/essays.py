"""Moodle's essays: texts to write, and files to hand in where there is no field for a text."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.formats.moodle.choices import Made
from question_bank.formats.moodle.refused import plain_type
from question_bank.formats.moodle.texts import Texts, value_of, whole
from question_bank.formats.rich_text import html_of
from question_bank.kinds import file_upload


def machine_marked_essay(question: Element, texts: Texts) -> Made:
    texts.lose("by_hand")
    return essay(question, texts)


def essay(question: Element, texts: Texts) -> Made:
    attachments = whole(value_of(question, "attachments", "0"))
    marker = texts.html(question.find("graderinfo")) + _model_answers(question, texts)
    if value_of(question, "responseformat", "editor") == "noinline":
        if not attachments:
            texts.remark(_("Neither a text nor a file is asked for there; here a file is."))
        largest = whole(value_of(question, "maxbytes", "0"))
        most = file_upload.MOST_FILES if attachments < 0 else min(max(attachments, 1), file_upload.MOST_FILES)
        content: dict[str, Any] = {"accept": _sorts(question, texts), "most": most, "marker_html": marker}
        if largest > 0:
            content["largest"] = min(largest, file_upload.LARGEST_FILE)
        return "file_upload", content, texts.stem(question)
    if attachments:
        texts.lose("attachments")
    template = question.find("responsetemplate")
    content = {
        "least": whole(value_of(question, "minwordlimit", "0")),
        "most": whole(value_of(question, "maxwordlimit", "0")),
        "template": _plain(template, texts),
        "marker_html": marker,
    }
    return "essay", content, texts.stem(question)


def _model_answers(question: Element, texts: Texts) -> str:
    """Answers that scripts write into an essay, which Moodle itself has none of."""
    if plain_type(question) != "essay":
        return ""
    answers = [texts.html(one) for one in question.findall("answer") if text_of(texts.raw(one)).strip("* ")]
    if answers:
        texts.remark(_("The answer that stands in the essay is kept in the notes for the marker."))
    return "".join(answers)


_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6]|tr)>", re.IGNORECASE)


def _plain(template: Element | None, texts: Texts) -> str:
    raw = texts.raw(template)
    if not raw or texts.written_as(template) == "plain":
        return raw
    html = html_of(raw, texts.written_as(template))
    if re.search(r"<(?!br\b)", html):
        texts.lose("template")
    return "\n".join(text_of(line) for line in _BREAK.split(html.replace("\n", " "))).strip()


_SORTS = {
    "picture": "image web_image optimised_image .png .jpg .jpeg .gif .webp .bmp .svg",
    "pdf": "pdf .pdf document",
    "document": "document .doc .docx .odt .rtf",
    "spreadsheet": "spreadsheet .xls .xlsx .ods .csv",
    "slides": "presentation .ppt .pptx .odp",
    "audio": "audio web_audio html_audio .mp3 .wav .ogg .m4a",
    "video": "video web_video html_video .mp4 .webm .mov .avi",
    "text": "text .txt .md",
    "archive": "archive .zip .7z .rar .gz .tar",
}
"""Sorts of files by the names that Moodle has for them."""


def _sorts(question: Element, texts: Texts) -> list[str]:
    found: set[str] = set()
    for name in re.split(r"[\s,;]+", value_of(question, "filetypeslist").casefold()):
        sorts = {sort for sort, names in _SORTS.items() if name in names.split()}
        if name and not sorts and name != "*":
            texts.lose("sorts")
        found |= sorts
    return [sort for sort in file_upload.ACCEPTED if sort in found]
