"""Items of QTI 2.0 to 3.0: the body with what is asked in it, declarations, feedback."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.interactions import MAKERS, is_inside_text, tokens
from question_bank.formats.qti.items import SPOT, Item, names_hint, spot
from question_bank.formats.qti.second_rules import Declaration, SecondRules, declared
from question_bank.formats.qti.sections import UNPACKED
from question_bank.formats.qti.texts import OURS, Texts, beside, serialised
from question_bank.formats.qti.trying import right_of

_TRANSPARENT = frozenset({"itemBody", "contentBody", "infoControl", "feedbackBlock", "feedbackInline", "modalFeedback"})
_DROPPED = frozenset({"stylesheet", "catalogInfo", "companionMaterialsInfo", "templateBlockFeedback"})
_STIMULUS = "assessmentStimulusRef"
Fetch = Callable[[str], tuple[str, Texts] | None]
"""The text of a stimulus by the address that an item names."""


def item_of(element: Element, texts: Texts, item: Item, stimulus: Fetch) -> Item:
    """The item as any version says it; Refused, with the reason, for what has no counterpart."""
    if element.get("adaptive") == "true":
        raise Refused(_("An adaptive item, which changes with the answers, has no counterpart here."))
    if element.find("templateProcessing") is not None or element.find("templateDeclaration") is not None:
        raise Refused(_("An item made from a template with values drawn for each member has no counterpart here."))
    return _Reader(element, texts, item, stimulus).read()


class _Reader:
    """One item being read."""

    def __init__(self, element: Element, texts: Texts, item: Item, stimulus: Fetch) -> None:
        self.element = element
        self.texts = texts
        self.item = item
        self.stimulus = stimulus
        self.declarations: dict[str, Declaration] = {
            one.get("identifier", ""): declared(one) for one in element.findall("responseDeclaration")
        }
        processing = element.find("responseProcessing")
        self.statements = list(processing) if processing is not None else []
        self.done: list[str] = []

    def read(self) -> Item:
        self.item.title = self.element.get("title", "")
        if self.element.get(UNPACKED):
            self.item.warn(_("Markup in CDATA sections was read as markup."))
        label = self.element.get("label", "")
        self.item.own = label.startswith("learnhub-")
        self.item.kind = label.removeprefix("learnhub-") if self.item.own else ""
        body = self.element.find("itemBody")
        if body is None:
            raise Refused(_("The question has no text."))
        text = self._html(body)
        self.item.body = self._before() + text
        self._modal()
        asked = [ask.id for one in [self.item, *self.item.parts] for ask in one.asks]
        unknown = next((ident for ident in asked if ident not in self.declarations), None)
        if unknown is not None:
            raise Refused(_("The response %(name)s is not declared.", name=unknown[:60]))
        rules = SecondRules(self.element, self.declarations, asked)
        self.item.rules = rules
        self.item.linked = frozenset(self.item.feedback)
        self.item.top = rules.top
        self.item.below_zero = rules.least is not None and rules.least < 0
        self._worth(rules)
        if self.item.own:
            self._share_out(self.item, rules, "")
        return self.item

    def _share_out(self, item: Item, rules: SecondRules, name: str) -> None:
        """In items of ours the questions of a case and the parts of a text are scored by outcomes of their own."""
        if item.kind == "case":
            for number, part in enumerate(item.parts, 1):
                part.rules = rules.part(f"Q{number}")
                part.feedback = {
                    ident: text for ident, text in item.feedback.items() if ident.startswith(f"Q{number}_")
                }
                part.linked = frozenset(part.feedback)
                item.feedback = {ident: text for ident, text in item.feedback.items() if ident not in part.feedback}
                self._share_out(part, rules, f"Q{number}_")
        elif item.kind in {"cloze", "fill_in"}:
            order = list(self.declarations)
            ranked = sorted(range(len(item.asks)), key=lambda at: order.index(item.asks[at].id))
            item.body = SPOT.sub(lambda at: spot(ranked.index(int(at.group(1)))), item.body)
            item.asks = [item.asks[at] for at in ranked]
            item.parts = [
                replace(item, kind="", asks=[ask], rules=rules.part(f"{name}P{number}"))
                for number, ask in enumerate(item.asks, 1)
            ]

    def _worth(self, rules: SecondRules) -> None:
        """What the item is worth in its own measure; a weight in a test multiplies it."""
        full = rules.verdict({ask.id: list(right_of(ask)) for ask in self.item.asks if right_of(ask)}).score
        by_hand = any(ask.sort in {"essay", "upload"} for ask in self.item.asks)
        own = rules.top if rules.top is not None and (by_hand or rules.top != 100) else full
        if own is None or own <= 0:
            own = Fraction(1)
        self.item.mark = own * (self.item.mark if self.item.mark is not None else 1)

    def _before(self) -> str:
        """The stimulus that an item refers to, in front of its own text."""
        parts = []
        for reference in self.element.iter(_STIMULUS):
            found = self.stimulus(reference.get("href", ""))
            if found is None:
                self.item.warn(_("The file %(name)s is missing or not taken here.", name=reference.get("href", "")))
            else:
                parts.append(found[0])
        return "".join(parts)

    def _modal(self) -> None:
        for one in self.element.findall("modalFeedback"):
            self._keep_feedback(one)

    def _keep_feedback(self, element: Element) -> None:
        if names_hint(element.get("outcomeIdentifier"), element.get("identifier"), element.get("class")):
            self._keep_hint(self._html(element))
            return
        if element.get("showHide") == "hide":
            self.item.warn(_("Feedback that is shown until something happens is left out."))
            return
        ident = f"{element.get('outcomeIdentifier', '')} {element.get('identifier', '')}"
        text = self._html(element)
        if text:
            self.item.feedback[ident] = self.item.feedback.get(ident, "") + text

    def _keep_hint(self, text: str) -> None:
        if text:
            self.item.hints.append(text)

    # Texts

    def _html(self, element: Element) -> str:
        markup = serialised(element, self._replaced)
        if OURS not in markup:
            if "<pre" not in markup:
                markup = re.sub(r"\s*\n\s*", " ", markup)
            markup = markup.strip()
        found = self.texts.html(markup)
        return re.sub("\ue003(\\d+)\ue004", lambda token: self.done[int(token.group(1))], found)

    def _finished(self, markup: str) -> str:
        """A token for a text that is ready: what is around it is still to be read."""
        self.done.append(markup)
        return f"\ue003{len(self.done) - 1}\ue004"

    def _replaced(self, element: Element) -> str | None:
        name = element.tag
        if name in MAKERS:
            return self._asked(element)
        if name == "rubricBlock":
            return self._rubric(element)
        if name in {"feedbackBlock", "feedbackInline"}:
            self._keep_feedback(element)
            return ""
        if name in _TRANSPARENT:
            return serialised(element, self._replaced)
        if name in _DROPPED:
            return ""
        if name == "endAttemptInteraction":
            if not names_hint(element.get("responseIdentifier"), element.get("title")):
                self.item.warn(_("What is embedded as <%(tag)s> is left out.", tag=name))
            return ""
        if name == "mediaInteraction":
            return serialised(element, self._replaced)
        if name == "audio":
            source = element.get("src") or next((one.get("src", "") for one in element.iter("source")), "")
            return self._finished(self.texts.sound(source))
        if name == "div" and self.item.own and "class" in element.attrib:
            return self._of_ours(element)
        if element.get("responseIdentifier") is not None and not name.endswith("Interaction"):
            self.item.warn(_("What is embedded as <%(tag)s> is left out.", tag=name))
            return ""
        if name.endswith("Interaction") or name in {"printedVariable", "templateBlock", "templateInline"}:
            raise Refused(_("The interaction <%(name)s> has no counterpart here.", name=name))
        return None

    def _rubric(self, element: Element) -> str:
        if names_hint(element.get("use"), element.get("class")):
            self._keep_hint(self._html(element))
            return ""
        views = set(element.get("view", "candidate").split())
        if "candidate" in views or "testConstructor" in views:
            return serialised(element, self._replaced)
        holder = self.item.parts[-1] if self.item.parts else self.item
        if self.item.own and element.get("class") == "lh-rubric":
            holder.by_hand["rubric"] = _rubric_of(element)
            return ""
        if self.item.own and element.get("class") == "lh-template":
            holder.by_hand["template"] = "".join(element.itertext())
            return ""
        holder.marker_html = beside([holder.marker_html, self._html(element)])
        return ""

    def _of_ours(self, element: Element) -> str | None:
        """Boxes of our own: answers below a text, and the questions of a case."""
        found = tokens(element)
        if element.get("class") == "lh-answers":
            serialised(element, self._replaced)
            return ""
        if "question" not in found:
            return None
        mark = int(found["mark"]) if found.get("mark", "").isdigit() else 1000
        part = Item("", self.item.where, kind=found["question"], own=True, top=Fraction(1), mark=Fraction(mark, 1000))
        self.item.parts.append(part)
        before, self.item.asks = self.item.asks, []
        part.warnings = self.item.warnings
        part.below_zero = found.get("below") == "zero"
        kind, self.item.kind = self.item.kind, part.kind
        part.body = self._html(element)
        part.asks, self.item.asks, self.item.kind = self.item.asks, before, kind
        return ""

    def _asked(self, element: Element) -> str:
        """A spot for an interaction, after the text that belongs to it."""
        number = len(self.item.asks)
        ident = element.get("responseIdentifier", "")
        declaration = self.declarations.get(ident)
        if declaration is None:
            raise Refused(_("The response %(name)s is not declared.", name=ident[:60]))
        if declaration.has_area:
            raise Refused(_("Points in a picture have no counterpart here."))
        prompt = element.find("prompt")
        if prompt is not None:
            element.text = (element.text or "") + (prompt.tail or "")
            element.remove(prompt)
        made = MAKERS[element.tag](element, declaration, self.statements, self.item, self._html)
        made.ask.details["inside"] = is_inside_text(element)
        if self.item.own and "weight" in tokens(element):
            made.ask.details["weight"] = tokens(element)["weight"]
        self.item.asks.append(made.ask)
        question = self._html(prompt) if prompt is not None else ""
        if made.text:
            return f"{self._finished(beside([question, made.text]))}{spot(number)}"
        made.ask.prompt_html = question
        return spot(number)


def _rubric_of(element: Element) -> list[dict[str, Any]]:
    """A rubric as it was written here."""
    return [
        {
            "title": "".join(row.findtext("th") or ""),
            "levels": [
                {"text": "".join(cell.itertext()), "points": tokens(cell).get("points", "0")} for cell in row.iter("td")
            ],
        }
        for row in element.iter("tr")
    ]
