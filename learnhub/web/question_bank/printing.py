"""A kept paper as PDF in the reader's language, with the pictures of its questions."""

from __future__ import annotations

import re

from flask_babel import ngettext

from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import Message
from learnhub.web.language import marks, say
from learnhub.web.language import translated as _
from question_bank import paper_sets, printing
from question_bank.models import PaperSet
from question_bank.paper_parts import heading
from question_bank.printing import Heading, Item
from question_bank.printing.questions import letter

_STORED = re.compile(r"/bank-files/([0-9a-f]{64})\.[a-z0-9]{2,5}")

__all__ = ["letter", "parts_in_words", "pdf_of"]


def pdf_of(kept: PaperSet, variant: int, *, key: bool) -> bytes:
    """The pages of a variant (from 1), or of its key."""
    places = paper_sets.paper(kept, variant)
    asked = [place for place in places if place.version.kind != "description"]
    worth = sum(place.mark for place in asked)
    facts = _(
        "%(questions)s · full marks %(marks)s",
        questions=ngettext("%(n)s question", "%(n)s questions", len(asked), n=len(asked)),
        marks=marks(worth),
    )
    head = Heading(
        title=kept.title,
        variant=_("(paper %(letter)s)", letter=letter(variant - 1)) if len(kept.variants) > 1 else "",
        facts=facts,
        fields=[_("Name"), _("Number"), _("Score")],
        foot=f"{kept.title} · {letter(variant - 1)} · {kept.id}",
    )
    items = [
        Item(
            place.version.kind,
            place.version.stem_html,
            place.version.content,
            place.order,
            place.mark,
            place.version.explanation_html,
        )
        for place in places
    ]
    parts = paper_sets.parts(kept, places)
    return printing.render(head, items, _picture, _said, key=key, parts=parts)


def parts_in_words(kept: PaperSet, variant: int) -> list[str]:
    """The headings of a variant's parts, as they are printed; none where it has no parts."""
    parts = paper_sets.parts(kept, paper_sets.paper(kept, variant))
    return [heading(part, number, _said) for number, part in enumerate(parts, 1)]


def _said(message: Message | str) -> str:
    return str(say(message))


def _picture(address: str) -> bytes | None:
    """The bytes of a picture of the bank; None for one that lies elsewhere or is gone: nothing is fetched."""
    found = _STORED.fullmatch(address)
    if found is None:
        return None
    try:
        with house.files.open(found.group(1)) as file:
            return file.read()
    except NotFound:
        return None
