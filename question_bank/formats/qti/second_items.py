"""Items of QTI 2.0 to 3.0: the body with what is asked in it, declarations, feedback."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from html import escape
from typing import Any, ClassVar
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.areas import GRAPHIC, told_apart
from question_bank.formats.qti.constants import fixed_values, settle
from question_bank.formats.qti.declarations import Declaration, declared
from question_bank.formats.qti.embedded import shown
from question_bank.formats.qti.interactions import MAKERS, is_inside_text, tokens
from question_bank.formats.qti.items import BREAK, SPOT, Item, names_hint, spot
from question_bank.formats.qti.second_rules import SecondRules, unless
from question_bank.formats.qti.sections import UNPACKED
from question_bank.formats.qti.texts import OURS, Texts, beside, serialised
from question_bank.formats.qti.trying import best_first, best_score

_TRANSPARENT = frozenset({"itemBody", "contentBody", "modalFeedback", "mediaInteraction"})
_DROPPED = frozenset({"stylesheet", "catalogInfo", "companionMaterialsInfo", "templateBlockFeedback"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_STIMULUS = "assessmentStimulusRef"
_BY_HAND = frozenset({"essay", "upload"})
"""What a person marks."""
Fetch = Callable[[str], tuple[str, Texts] | None]
"""The text of a stimulus by the address that an item names."""


def item_of(element: Element, texts: Texts, item: Item, stimulus: Fetch) -> Item:
    """The item as any version says it; Refused, with the reason, for what has no counterpart."""
    if element.get("adaptive") == "true":
        item.warn(_("In the file the question may be tried again and changes then; it is read as answered once."))
    if element.find("templateProcessing") is not None:
        raise Refused(_("An item made from a template with values drawn for each member has no counterpart here."))
    return _Reader(element, texts, item, stimulus).read()


class _Reader:
    """One item being read."""

    def __init__(self, element: Element, texts: Texts, item: Item, stimulus: Fetch) -> None:
        self.element = element
        self.texts = texts
        self.item = item
        self.stimulus = stimulus
        settle(element)
        self.fixed = fixed_values(element)
        self.declarations: dict[str, Declaration] = {
            one.get("identifier", ""): declared(one) for one in element.findall("responseDeclaration")
        }
        processing = element.find("responseProcessing")
        self.statements = list(processing) if processing is not None else []
        self.done: list[str] = []
        self.inside_feedback = False
        self.hidden: set[str] = set()

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
        self.item.body = self._before() + self._beside() + text
        self._modal()
        asked = [ask.id for one in [self.item, *self.item.parts] for ask in one.asks]
        unknown = next((ident for ident in asked if ident not in self.declarations), None)
        if unknown is not None:
            raise Refused(_("The response %(name)s is not declared.", name=unknown[:60]))
        rules = SecondRules(self.element, self.declarations, asked, self.hidden)
        self.item.rules = rules
        by_hand = all(ask.sort in _BY_HAND for ask in self.item.asks)
        sets = any(one.tag == "setOutcomeValue" for part in self.statements for one in part.iter())
        if rules.sets_no_score and sets and not by_hand:
            self.item.warn(_("The rules of the file never set its score; what it declares as right counts here."))
        if rules.shares:
            self.item.warn(_("The file sets no score of the whole; here the scores of its parts are added."))
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
        if not self.item.own:
            for ask in self.item.asks:
                best_first(self.item, ask)
        full = best_score(self.item)
        by_hand = any(ask.sort in _BY_HAND for ask in self.item.asks)
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

    def _beside(self) -> str:
        """Rubrics that stand beside the text of an item, not inside it: for those who answer in front of it."""
        shown = "".join(self._rubric(one) for one in self.element.findall("rubricBlock"))
        by_hand = [part for part in self.item.parts if any(ask.sort in _BY_HAND for ask in part.asks)]
        if by_hand and self.item.marker_html:
            by_hand[0].marker_html = beside([by_hand[0].marker_html, self.item.marker_html])
        return shown

    def _modal(self) -> None:
        for one in self.element.findall("modalFeedback"):
            self._keep_feedback(one)

    def _keep_feedback(self, element: Element) -> None:
        if names_hint(element.get("outcomeIdentifier"), element.get("identifier"), element.get("class")):
            self._keep_hint(self._html(element))
            return
        if any(one.tag.endswith("Interaction") and one.tag != "endAttemptInteraction" for one in element.iter()):
            raise Refused(_("Something that is asked only after an answer has no counterpart here."))
        self.inside_feedback = True
        text = self._html(element)
        self.inside_feedback = False
        ident = f"{element.get('outcomeIdentifier', '')} {element.get('identifier', '')}"
        if element.get("showHide") == "hide":
            if self._is_told_by(element.get("identifier", ""), text):
                return
            self.hidden.add(ident)
            ident = unless(ident)
        if text:
            self.item.feedback[ident] = self.item.feedback.get(ident, "") + text

    def _is_told_by(self, ident: str, text: str) -> bool:
        """Whether an option tells the same by itself: Moodle writes its feedback twice, and both as if it hid."""
        options = [option for ask in self.item.asks for option in ask.options if option.id == ident]
        return any(option.feedback_html == text for option in options)

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
        while "\ue003" in found:
            found = re.sub("\ue003(\\d+)\ue004", lambda token: self.done[int(token.group(1))], found)
        return found

    def _finished(self, markup: str) -> str:
        """A token for a text that is ready: what is around it is still to be read."""
        self.done.append(markup)
        return f"\ue003{len(self.done) - 1}\ue004"

    def _replaced(self, element: Element) -> str | None:
        name = element.tag
        if name in MAKERS:
            return self._asked(element)
        if name in _TRANSPARENT:
            return serialised(element, self._replaced)
        if name in _DROPPED:
            return ""
        if _HIDDEN.search(element.get("style", "")) and not any(
            one.get("responseIdentifier") for one in element.iter()
        ):
            self.item.warn(_("Text that the file hides is left out."))
            return ""
        if name == "div" and self.item.own and "class" in element.attrib:
            return self._of_ours(element)
        special = self._SPECIAL.get(name)
        if special is not None:
            return special(self, element)
        if element.get("responseIdentifier") is not None and not name.endswith("Interaction"):
            self.item.warn(_("What is embedded as <%(tag)s> is left out.", tag=name))
            return ""
        if name.endswith("Interaction") or name in {"templateBlock", "templateInline"}:
            raise Refused(_("The interaction <%(name)s> has no counterpart here.", name=name))
        return None

    def _end_of_attempt(self, element: Element) -> str:
        if not names_hint(element.get("responseIdentifier"), element.get("title")):
            self.item.warn(_("What is embedded as <%(tag)s> is left out.", tag=element.tag))
        return ""

    def _feedback(self, element: Element) -> str:
        self._keep_feedback(element)
        return ""

    def _information(self, element: Element) -> str:
        """What is shown when somebody asks for it."""
        self._keep_hint(self._html(element))
        return ""

    def _object(self, element: Element) -> str | None:
        found = shown(element, self.texts, lambda inner: serialised(inner, self._replaced))
        return None if found is None else self._finished(found)

    def _audio(self, element: Element) -> str:
        source = element.get("src") or next((one.get("src", "") for one in element.iter("source")), "")
        return self._finished(self.texts.sound(source))

    def _printed(self, element: Element) -> str:
        fixed = self.fixed.get(element.get("identifier", ""))
        if fixed is not None:
            return escape(fixed, quote=False)
        if not self.inside_feedback:
            raise Refused(_("The interaction <%(name)s> has no counterpart here.", name=element.tag))
        self.item.warn(_("A value that is worked out for each member is left out of the feedback."))
        return "…"

    def _rubric(self, element: Element) -> str:
        if names_hint(element.get("use"), element.get("class")):
            self._keep_hint(self._html(element))
            return ""
        views = set(element.get("view", "candidate").split())
        if "candidate" in views or "testConstructor" in views:
            return serialised(element, self._replaced)
        within = element not in list(self.element)
        holder = self.item.parts[-1] if self.item.parts and within else self.item
        if self.item.own and element.get("class") == "lh-rubric":
            holder.by_hand["rubric"] = _rubric_of(element)
            return ""
        if self.item.own and element.get("class") == "lh-template":
            holder.by_hand["template"] = "".join(element.itertext())
            return ""
        holder.marker_html = beside([holder.marker_html, self._html(element)])
        return ""

    _SPECIAL: ClassVar[dict[str, Callable[[_Reader, Element], str | None]]] = {
        "rubricBlock": _rubric,
        "feedbackBlock": _feedback,
        "feedbackInline": _feedback,
        "endAttemptInteraction": _end_of_attempt,
        "infoControl": _information,
        "object": _object,
        "printedVariable": _printed,
        "audio": _audio,
    }

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
        if declaration.is_void and element.tag != "extendedTextInteraction":
            self.item.warn(_("The file gives no marks to any answer; what it declares as right counts here."))
        prompt = element.find("prompt")
        if prompt is not None:
            element.text = (element.text or "") + (prompt.tail or "")
            element.remove(prompt)
        picture = told_apart(element, self.texts, self.item) if element.tag in GRAPHIC else ""
        made = MAKERS[element.tag](element, declaration, self.statements, self.item, self._html)
        made.ask.details["inside"] = is_inside_text(element)
        if self.item.own and "weight" in tokens(element):
            made.ask.details["weight"] = tokens(element)["weight"]
        self.item.asks.append(made.ask)
        question = self._html(prompt) if prompt is not None else ""
        if made.text or picture:
            return f"{BREAK}{self._finished(beside([question, made.text or picture]))}{spot(number)}"
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
