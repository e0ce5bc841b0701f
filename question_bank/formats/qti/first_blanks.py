"""Blanks that a text of QTI 1.2 names in brackets: `[name]`, as Canvas and its relatives write them."""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element

from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.formats.qti import tree
from question_bank.formats.qti.items import SPOT, Item, spot


def place(item: Item, responses: list[Element]) -> None:
    """Put each thing asked where its name stands in the text, and the things asked into the order of the text."""
    for number, (ask, response) in enumerate(zip(item.asks, responses, strict=True)):
        names = [ask.id.removeprefix("response_"), text_of(ask.prompt_html), tree.text(response.find("material"))]
        for token in (f"[{html.escape(name, quote=False)}]" for name in names if name):
            if not _places(item.body, token):
                continue
            item.body = item.body.replace(spot(number), "")
            first, *others = _places(item.body, token)
            item.body = item.body[:first] + spot(number) + item.body[first + len(token) :]
            if others:
                item.warn(_("The blank %(name)s stands in the text more than once; it is asked once.", name=token[:60]))
            break
        ask.prompt_html = ""
    _in_order_of_text(item)


def _places(body: str, token: str) -> list[int]:
    """Where a text holds that token, tags left aside."""
    starts = (found.start() for found in re.finditer(re.escape(token), body))
    return [start for start in starts if body.rfind("<", 0, start) <= body.rfind(">", 0, start)]


def _in_order_of_text(item: Item) -> None:
    numbers = [int(found.group(1)) for found in SPOT.finditer(item.body)]
    if sorted(numbers) != list(range(len(item.asks))):
        return
    item.asks = [item.asks[number] for number in numbers]
    item.body = SPOT.sub(lambda found: spot(numbers.index(int(found.group(1)))), item.body)
