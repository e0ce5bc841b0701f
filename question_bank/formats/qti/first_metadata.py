"""What items of QTI 1.2 say of themselves beside their text: their kind, their points, their limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.words import Message, _
from question_bank.formats.qti import tree
from question_bank.kinds.file_upload import MOST_FILES

REFUSED_KINDS = {
    "hot_spot_question": _("A hot spot in a picture has no counterpart here."),
    "hot spot": _("A hot spot in a picture has no counterpart here."),
    "calculated_question": _("A formula question with values drawn for each member has no counterpart here."),
    "formula_question": _("A formula question with values drawn for each member has no counterpart here."),
    "calculated": _("A formula question with values drawn for each member has no counterpart here."),
    "calculated question": _("A formula question with values drawn for each member has no counterpart here."),
    "calculation": _("A formula question with values drawn for each member has no counterpart here."),
    "arithmetic": _("A formula question with values drawn for each member has no counterpart here."),
    "jumbled sentence": _("A jumbled sentence has no counterpart here."),
    "quiz bowl": _("A quiz bowl question has no counterpart here."),
    "opinion scale": _("A scale of opinions has no right answer."),
    "likert": _("A scale of opinions has no right answer."),
}
ESSAYS = frozenset({"essay_question", "cc.essay.v0p1", "essay", "short response", "long answer", "written response"})
UPLOADS = frozenset({"file_upload_question", "file upload", "fileupload"})
TEXTS = frozenset(
    {"text_only_question", "stimulus_question", "text_block_question", "stimulus", "passage"}
    | {"text information", "presentation only", "image"}
)
CATEGORIES = "categorization_question"
BLANKS = "fill_in_multiple_blanks_question"
NAMED_BLANKS = frozenset({"multiple_dropdowns_question", BLANKS})
SOURCES = ("source", "reference", "出处", "来源", "qmd_source")
"""Fields that say what a question rests on."""
_SORTS = {
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp", "bmp"), "picture"),
    **dict.fromkeys(("doc", "docx", "odt", "rtf"), "document"),
    **dict.fromkeys(("xls", "xlsx", "ods", "csv"), "spreadsheet"),
    **dict.fromkeys(("ppt", "pptx", "odp"), "slides"),
    **dict.fromkeys(("mp3", "ogg", "wav", "m4a"), "audio"),
    **dict.fromkeys(("mp4", "webm", "mov"), "video"),
    **dict.fromkeys(("txt", "md"), "text"),
    **dict.fromkeys(("zip",), "archive"),
    "pdf": "pdf",
}


def words_wanted(responses: list[Element]) -> dict[str, Any]:
    """The limits on the number of words that New Quizzes sets."""
    details: dict[str, Any] = {}
    for response in responses[:1]:
        if (response.get("word_limit_enabled") or "").casefold() == "yes":
            for name, theirs in (("least", "word_limit_min"), ("most", "word_limit_max")):
                if response.get(theirs, "").isdigit():
                    details[name] = int(response.get(theirs, ""))
    return details


def kind_of(item: Element) -> str:
    """What the author's platform calls the kind of an item, in small letters; empty when it does not say."""
    fields = fields_of(item)
    for name in ("question_type", "cc_profile", "qmd_itemtype", "qmd_questiontype", "itemtype", "type"):
        if fields.get(name):
            return fields[name].casefold()
    for name in ("bbmd_questiontype", "qmd_itemtype"):
        found = tree.text(tree.find(item, name))
        if found:
            return found.casefold()
    return ""


def fields_of(element: Element) -> dict[str, str]:
    """Fields of metadata of an item, an assessment or a bank: label to entry."""
    holder = element.find("itemmetadata")
    found: dict[str, str] = {}
    for one in [element.find("qtimetadata"), holder]:
        for pair in one.iter() if one is not None else ():
            if pair.tag not in {"qtimetadatafield", "qti_metadatafield"}:
                continue
            found.setdefault(tree.text(pair.find("fieldlabel")).casefold(), tree.text(pair.find("fieldentry")))
    return found


def files_wanted(item: Element, warn: Callable[[Message], None]) -> dict[str, Any]:
    """How many files of which sorts New Quizzes asks for; what is not known is warned about."""
    presentation = item.find("presentation")
    if presentation is None:
        return {}
    details: dict[str, Any] = {}
    count = presentation.get("files_count", "")
    if count.isdigit() and 1 <= int(count) <= MOST_FILES:
        details["most"] = int(count)
    endings = [one.strip(" .").casefold() for one in presentation.get("allowed_types", "").split(",")]
    sorts = list(dict.fromkeys(_SORTS[ending] for ending in endings if ending in _SORTS))
    if sorts:
        details["accept"] = sorts
    if any(ending and ending not in _SORTS for ending in endings) or len(sorts) < len(set(filter(None, endings))):
        warn(_("The kinds of files asked for are taken by sort: %(types)s.", types=", ".join(endings)))
    return details
