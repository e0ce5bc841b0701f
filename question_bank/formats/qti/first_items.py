"""Items of QTI 1.2 as Canvas, Common Cartridge, Blackboard, D2L and Respondus export them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import _
from question_bank.formats.qti import (
    first_blanks,
    first_groups,
    first_judged,
    first_keys,
    first_points,
    tree,
)
from question_bank.formats.qti.first_keys import value_of
from question_bank.formats.qti.first_metadata import (
    BLANKS,
    CATEGORIES,
    ESSAYS,
    NAMED_BLANKS,
    REFUSED_KINDS,
    SOURCES,
    TEXTS,
    UPLOADS,
    fields_of,
    files_wanted,
    kind_of,
    words_wanted,
)
from question_bank.formats.qti.first_rules import FirstRules
from question_bank.formats.qti.first_texts import Materials, joined, spoken
from question_bank.formats.qti.first_typed import accepted_labels, counts_capitals, typed_field
from question_bank.formats.qti.items import Ask, Item, NoRules, OneAnswer, Option, Typed, names_hint, spot
from question_bank.formats.qti.texts import Texts
from question_bank.formats.rich_text import html_of
from question_bank.fractions import decimal

_BESIDE = re.compile("(?<=\\w)(?=\ue000)|(?<=\ue001)(?=\\w)")
"""Between a word and a field of D2L, which shows them apart though nothing parts them in the file."""
_RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy", "response_extension")


@dataclass
class _Found:
    """What stands in a presentation: its text with a spot per response, and the responses."""

    body: str
    responses: list[Element]
    before: list[list[str]]
    """The texts that stand between the response before and each response."""


def item_of(element: Element, texts: Texts, item: Item) -> Item:
    """The item as any version says it; Refused, with the reason, for what has no counterpart."""
    kind = kind_of(element)
    if kind in REFUSED_KINDS and not (numbers := _fixed_numbers(element)):
        raise Refused(REFUSED_KINDS[kind])
    reader = _Reader(element, kind, texts, item)
    item.kind = kind
    item.title = element.get("title", "")
    if kind in REFUSED_KINDS:
        return reader.read_fixed(*numbers)
    return reader.read()


def _fixed_numbers(element: Element) -> list[tuple[dict[str, str], str, str]]:
    """The values and the answer of a formula question that has one set of values only."""
    sets = list(element.iter("var_set"))
    if len(sets) != 1:
        return []
    values = {one.get("name", ""): tree.text(one) for one in sets[0].iter("var")}
    answer = tree.text(sets[0].find("answer"))
    tolerance = tree.text(tree.find(element, "answer_tolerance")) or "0"
    return [(values, answer, tolerance)] if answer else []


class _Reader:
    """One item being read."""

    def __init__(self, element: Element, kind: str, texts: Texts, item: Item) -> None:
        self.element = element
        self.kind = kind
        self.texts = texts
        self.materials = Materials(texts, item.warn)
        self.item = item
        self.right_block = _right_block(element)
        self.has_named_blanks = False

    def read(self) -> Item:
        presentation = self.element.find("presentation")
        if presentation is None:
            raise Refused(_("The question has no text."))
        first_keys.put_right(self.element, self.item.warn)
        found = self._presentation(presentation)
        told = (self.element.get("instructions") or "").strip()
        self.item.body = f"<p>{html.escape(told, quote=False)}</p>{found.body}" if told else found.body
        self.has_named_blanks = not self.kind and first_keys.names_blanks(found.responses, found.body)
        options = {
            label.get("ident", ""): response.get("ident", "")
            for response in found.responses
            for label in response.iter("response_label")
        }
        cardinality = {one.get("ident", ""): self._cardinality(one) for one in found.responses}
        rules = FirstRules(self.element, cardinality, options)
        if rules.takes_declared:
            self.item.warn(_("The file gives no marks to any answer; what it declares as right counts here."))
        self.item.mark = said if (said := first_points.said(self.element, rules)) is not None else self.item.mark
        self._source()
        self._feedback()
        self.item.rules = rules
        self.item.linked = frozenset(ident for one in rules.conditions for ident in one.tells) - {"general_fb"}
        if self._is_unscored(found, rules):
            return self.item
        self.item.top = rules.top
        self.item.below_zero = rules.least < 0
        if self.kind == CATEGORIES:
            self._categories(found, rules)
        elif first_judged.is_judged(self.element):
            self._matched(found, first_judged.prompts_of(self.element, self._option))
        elif self._is_matching(found):
            self._matching(found, rules)
        else:
            self.item.asks = [self._ask(one, rules) for one in found.responses]
            if self.kind in NAMED_BLANKS or self.has_named_blanks:
                first_blanks.place(self.item, found.responses)
            if counts_capitals(self.element, self.item.asks):
                self.item.warn(_("Capitals count in the file, but not here."))
            self.item.mark = first_points.earned(self.item, rules)
        return self.item

    def read_fixed(self, numbers: tuple[dict[str, str], str, str]) -> Item:
        """A formula question with one set of values is a number asked."""
        values, answer, tolerance = numbers
        presentation = self.element.find("presentation")
        body = self._presentation(presentation).body if presentation is not None else ""
        body = re.sub("\ue000\\d+\ue001", "", body)
        for name, value in values.items():
            body = body.replace(f"[{name}]", html.escape(value))
        self.item.body = body + spot(0)
        exact = format(decimal(answer), "f")
        share = tolerance.rstrip("% ")
        off = decimal(share or "0") * (abs(decimal(answer)) / 100 if tolerance.strip().endswith("%") else 1)
        typed = Typed({"value": exact, "tolerance": format(off, "f")}, exact)
        self.item.asks = [Ask("response", "number", typed=[typed])]
        self.item.rules = OneAnswer(exact)
        self.item.mark = first_points.said(self.element, FirstRules(self.element, {}, {}))
        self._source()
        self._feedback()
        return self.item

    def _is_unscored(self, found: _Found, rules: FirstRules) -> bool:
        """Texts, essays and files: nothing of the rules is needed."""
        named = self.kind or fields_of(self.element).get("questiontype", "")
        if self.kind in UPLOADS:
            self.item.asks = [Ask("response", "upload", details=files_wanted(self.element, self.item.warn))]
        elif self.kind in ESSAYS or (
            not rules.scores and found.responses and all(_is_free(one, rules) for one in found.responses)
        ):
            begun = tree.text(self.element.find("initial_text"))
            details = {**words_wanted(found.responses), **({"template": begun} if begun else {})}
            self.item.asks = [Ask("response", "essay", details=details)]
        elif not found.responses and (self.kind in TEXTS or not named):
            self.item.asks = []
        elif not found.responses:
            raise Refused(_("The kind %(name)s of a question has no counterpart here.", name=named[:60]))
        else:
            return False
        self.item.body = re.sub("\ue000\\d+\ue001", "", self.item.body)
        self.item.marker_html = self._solution()
        return True

    # What is shown

    def _presentation(self, presentation: Element) -> _Found:
        responses: list[Element] = []
        parts: list[str] = []
        before: list[list[str]] = [[]]
        for piece in self._pieces(presentation):
            if isinstance(piece, str):
                parts.append(piece)
                before[-1].append(piece)
            else:
                parts.append(spot(len(responses)))
                responses.append(piece)
                before.append([])
        body = joined(parts)
        if self.kind in {"fill in the blanks", BLANKS}:
            body = _BESIDE.sub(" ", body)
        return _Found(body, responses, before)

    def _pieces(self, element: Element) -> Iterator[str | Element]:
        for child in element:
            if child.tag in _RESPONSES:
                if first_keys.asks(child):
                    yield child
            elif child.tag in {"material", "altmaterial"}:
                yield self.materials.beside(child)
            elif child.tag == "flow" and child.get("class") == "RIGHT_MATCH_BLOCK":
                continue
            elif self.right_block and child.get("class") == "Block" and child.find("response_lid") is not None:
                yield self._with_prompt(child)
            elif child.tag in {"flow", "flow_mat", "flow_label"}:
                yield from self._pieces(child)

    def _with_prompt(self, flow: Element) -> Element:
        """Blackboard puts the prompt of a match behind its response: there it goes before the choices."""
        response = flow.find("response_lid")
        assert response is not None
        prompt = [one for one in flow if one is not response]
        if response.find("material") is None:
            material = Element("flow_mat")
            material.extend(prompt)
            response.insert(0, material)
        return response

    # What is asked

    def _ask(self, response: Element, rules: FirstRules) -> Ask:
        ident, cardinality = response.get("ident", ""), self._cardinality(response)
        if response.tag in {"response_xy", "response_extension"}:
            raise Refused(_("The interaction <%(name)s> has no counterpart here.", name=response.tag))
        labels = list(response.iter("response_label"))
        prompt = self._prompt(response)
        chosen = bool(labels) and response.find(".//render_choice") is not None
        if response.tag in {"response_str", "response_num"} and not chosen:
            own_limits = "ilias_version" in fields_of(self.element)
            return typed_field(response, rules, self.item, prompt, own_limits)
        if response.find(".//render_hotspot") is not None or response.find(".//render_slider") is not None:
            raise Refused(_("The interaction <%(name)s> has no counterpart here.", name="render_hotspot"))
        if self.kind == BLANKS and not any(label.get("answer_type") in {"dropdown", "wordbank"} for label in labels):
            return accepted_labels(ident, [(one, self.materials.html(one)) for one in labels], self.item, prompt)
        literals = [value_of(one) for one in rules.literals(ident) if one.tag == "varequal"]
        if self.has_named_blanks and len(labels) > 1 and {one.get("ident", "") for one in labels} <= set(literals):
            return accepted_labels(ident, [(one, self.materials.html(one)) for one in labels], self.item, prompt)
        options = [self._option(label) for label in labels]
        if cardinality == "ordered":
            scoring = {"scoring": "per_place"} if first_keys.earns_in_part(self.element) else {}
            right = self._order(ident, options, rules)
            return Ask(ident, "order", options, right=right, prompt_html=prompt, details=dict(scoring))
        is_inline = self.kind in NAMED_BLANKS or self.has_named_blanks or response.tag == "response_str"
        sort = "inline" if is_inline else "choice"
        known = {option.id.casefold() for option in options}
        right = [value for value in dict.fromkeys(literals) if any(option.id == value for option in options)]
        missing = [value for value in literals if value and value.casefold() not in known]
        if right and missing:
            raise Refused(_("The answer names option %(letter)s, which is not there.", letter=missing[0][:60]))
        return Ask(ident, sort, options, multiple=cardinality == "multiple", right=right, prompt_html=prompt)

    def _cardinality(self, response: Element) -> str:
        return first_keys.cardinality(self.element, response, self.kind)

    def _option(self, label: Element) -> Option:
        html = self.materials.html(label)
        return Option(label.get("ident", ""), spoken(html) if self.kind == "either/or" else html)

    def _prompt(self, response: Element) -> str:
        return joined(
            [self.materials.html(one) for one in response if one.tag in {"material", "flow_mat"}]
            + [self.materials.html(one) for one in response.findall("render_extension/material")]
        )

    def _order(self, ident: str, options: list[Option], rules: FirstRules) -> list[str]:
        known = {option.id for option in options}
        literals = [one for one in rules.literals(ident) if one.tag == "varequal"]
        indexed = [(int(one.get("index") or 0), value_of(one)) for one in literals]
        if all((one.get("index") or "").isdigit() for one in literals):
            indexed.sort(key=lambda one: one[0])
        return [value for _index, value in indexed if value in known]

    # Matching

    def _is_matching(self, found: _Found) -> bool:
        if self.kind in NAMED_BLANKS or self.has_named_blanks or not found.responses:
            return False
        if not all(one.tag in {"response_lid", "response_grp"} for one in found.responses):
            return False
        if "match" in self.kind or (len(found.responses) == 1 and first_groups.pairs_of(self.element)):
            return True
        texts = {tuple(tree.text(label) for label in one.iter("response_label")) for one in found.responses}
        prompts = all(one.find("material") is not None for one in found.responses)
        grouped = all(one.tag == "response_grp" for one in found.responses)
        return len(found.responses) > 1 and len(texts) == 1 and prompts and (grouped or not self.kind)

    def _matching(self, found: _Found, rules: FirstRules) -> None:
        self.item.body = re.sub("\ue000\\d+\ue001", "", found.body) + spot(0)
        if len(found.responses) == 1 and (pairs := first_groups.pairs_of(self.element)):
            asks, self.item.rules = first_groups.prompts_of(found.responses[0], pairs, self._option)
            self.item.mark = self.item.mark or sum(self.item.rules.worths.values(), Fraction(0))
            self.item.asks = [Ask("match", "matches", details={"prompts": asks})]
            return
        asks = []
        prompts = [self._prompt(response) for response in found.responses]
        if len(prompts) > 1 and not any(prompts) and (beside := _prompts_beside(found)):
            self.item.body = joined(found.before[0][:-1]) + spot(0)
            prompts = beside
        for response, prompt in zip(found.responses, prompts, strict=True):
            labels = list(response.iter("response_label"))
            options = [self._option(label) for label in labels]
            for option, written in zip(options, self.right_block, strict=False):
                option.html = option.html or self.materials.html(written)
            literals = [value_of(one) for one in rules.literals(response.get("ident", "")) if one.tag == "varequal"]
            right = [value for value in literals if any(option.id == value for option in options)]
            if right and not prompt and not any(option.html for option in options if option.id in right):
                self.item.warn(_("A row of a matching with both sides empty is left out."))
                continue
            if not right:
                raise Refused(_("The prompt “%(text)s” has no right choice.", text=text_of(prompt)[:60]))
            asks.append(Ask(response.get("ident", ""), "choice", options, right=right, prompt_html=prompt))
        self.item.asks = [Ask("match", "matches", details={"prompts": asks})]

    def _categories(self, found: _Found, rules: FirstRules) -> None:
        """Things put into categories are matched with them."""
        things: dict[str, str] = {}
        place: dict[str, str] = {}
        categories: list[Option] = []
        for response in found.responses:
            ident = response.get("ident", "")
            categories.append(Option(ident, self._prompt(response)))
            things |= {label.get("ident", ""): self.materials.html(label) for label in response.iter("response_label")}
            place |= {value_of(one): ident for one in rules.literals(ident) if one.tag == "varequal"}
        if len(place) < len(things):
            self.item.warn(_("Things that belong nowhere go to the choice “—” here."))
            categories.append(Option("", "—"))
        prompts = [
            Ask(ident, "choice", categories, right=[place.get(ident, "")], prompt_html=text)
            for ident, text in things.items()
        ]
        self._matched(found, prompts)

    def _matched(self, found: _Found, prompts: list[Ask]) -> None:
        """Prompts of which the rules say nothing that counts here."""
        self.item.rules, self.item.top = NoRules(), None
        self.item.body = re.sub("\ue000\\d+\ue001", "", found.body) + spot(0)
        self.item.asks = [Ask("match", "matches", details={"prompts": prompts})]

    # What is around it

    def _source(self) -> None:
        fields = fields_of(self.element)
        self.item.source = next((fields[name] for name in SOURCES if fields.get(name)), "")

    def _feedback(self) -> None:
        self.item.hints = self.materials.hints(self.element)
        for one in self.element.findall("itemfeedback"):
            if names_hint(one.get("ident"), one.get("title")):
                continue
            text = self.materials.html(one)
            if text and not (text.startswith("<") and not text_of(text) and "<img" not in text):
                self.item.feedback[self._name_of_feedback(one.get("ident", ""))] = text

    def _name_of_feedback(self, ident: str) -> str:
        """D2L says the feedback of an option by its number: that of `Q_A12` is `Q_IF12`."""
        option = re.sub(r"_IF(\d+)\Z", r"_A\1", ident)
        is_named = option != ident and any(
            label.get("ident") == option for label in self.element.iter("response_label")
        )
        return f"{option}_fb" if is_named else ident

    def _solution(self) -> str:
        """The model answer of an essay, which only the marker sees."""
        key = self.element.find("answer_key")
        if key is not None and (written := self.materials.html(key)):
            return written
        notes = fields_of(self.element).get("grading_notes", "")
        if notes:
            return self.texts.html(html_of(notes, "auto"))
        for name in ("solution", "answer_fb"):
            if name in self.item.feedback:
                return self.item.feedback.pop(name)
        return ""


def _is_free(response: Element, rules: FirstRules) -> bool:
    """Whether a response is text of which no rule asks what it says."""
    asked = rules.literals(response.get("ident", ""), right_only=False)
    return response.tag == "response_str" and not any(value_of(one) for one in asked)


def _prompts_beside(found: _Found) -> list[str]:
    """The texts before the responses, where each has one of its own and the first of them the question's as well."""
    *before, after = found.before
    alone = len(before[0]) > 1 and all(len(texts) == 1 for texts in before[1:]) and not after
    prompts = [texts[-1] for texts in before] if alone else []
    return prompts if all(prompts) else []


def _right_block(element: Element) -> list[Element]:
    block = next((one for one in element.iter("flow") if one.get("class") == "RIGHT_MATCH_BLOCK"), None)
    return [one for one in block if one.tag == "flow"] if block is not None else []
