"""Types of Moodle's questions that have no like here, each with the reason in words."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from learnhub.kernel.words import Message, _
from question_bank.formats.moodle.gapfill import PATTERNS

REFUSED = {
    "random": _("it draws from other questions; a quiz does that here."),
    "randomsamatch": _("it is made of other short answers each time; write a matching instead."),
    "ddimageortext": _("things are dragged onto a picture, which is not possible here."),
    "ddmarker": _("places on a picture are marked, which is not possible here."),
    "coderunner": _("its answers are programs that are run, which is not possible here."),
    "stack": _("its answers are formulas checked by an algebra system, which is not possible here."),
    "formulas": _("its numbers come from formulas, which is not possible here."),
    "regexp": PATTERNS,
    "recordrtc": _("its answers are recorded in the browser; ask for a file instead."),
}
"""Types that have no like here, and why."""


_WITH_FORMULAS = frozenset({"essaywiris", "matchwiris", "multichoicewiris", "truefalsewiris"})
"""Types of the add-on WIRIS that are those of Moodle, with numbers that it may draw: `#a` in a text."""


_ALSO_CALLED = {
    "multiplechoice": "multichoice",
    "truefalse": "truefalse",
    "shortanswer": "shortanswer",
    "numeric": "numerical",
    "embeddedanswers": "cloze",
    "pairmatching": "matching",
    "draganddropmatching": "ddmatch",
    "draganddropintotext": "ddwtos",
    "selectmissingwords": "gapselect",
    "allornothingmultiplechoice": "multichoiceset",
}
"""Names that tools write for types of Moodle, as its pages call them."""


def plain_type(question: Element) -> str:
    """The type of a question in small letters; one of WIRIS without numbers that are drawn is Moodle's own."""
    name = question.get("type", "").strip().casefold()
    if name not in _WITH_FORMULAS:
        return _ALSO_CALLED.get(re.sub(r"[\s_-]", "", name), name)
    told = (text for one in question if one.tag != "wirisquestion" for text in one.itertext())
    is_drawn = any(re.search(r"(?<![&\w\"':])#[A-Za-z]", text) for text in told)
    return name if is_drawn else name.removesuffix("wiris")


def why_not(question: Element, name: str) -> Message:
    """Why a question of a type without a like here is refused; `name` is its type in small letters."""
    if name in _WITH_FORMULAS:
        return _("A question of the type %(type)s: %(why)s", type=name, why=REFUSED["formulas"])
    if name in REFUSED:
        return _("A question of the type %(type)s: %(why)s", type=name, why=REFUSED[name])
    if name.startswith("calculated"):
        return _calculated(question, name)
    if not name:
        return _("The question does not say its type, as questions of Moodle do.")
    return _("There is no kind here for a question of the type %(type)s.", type=name[:60])


def _calculated(question: Element, name: str) -> Message:
    sets = [one for one in question.iter("dataset_definition")]
    items = max((len(one.findall("dataset_items/dataset_item")) for one in sets), default=0)
    if items:
        return _(
            "A question of the type %(type)s: its numbers come from formulas, which is not possible here. The file"
            " holds %(n)s fixed sets of numbers for it; each could be a numerical question.",
            type=name,
            n=items,
        )
    return _("A question of the type %(type)s: its numbers come from formulas, which is not possible here.", type=name)
