"""HTML of ours as XML of QTI, and the small pieces that items are made of."""

from __future__ import annotations

import re
from fractions import Fraction
from html import escape
from html.parser import HTMLParser

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank import media
from question_bank.formats.qti.texts import OURS

_VOID = frozenset({"br", "hr", "img", "col", "wbr", "source"})
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\ue000-\ue004]")
_FILE = re.compile(re.escape(media.ADDRESS) + r"([0-9a-f]{64}\.[a-z0-9]{2,5})")


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data, quote=False))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = "".join(f' {name}="{escape(value if value is not None else name)}"' for name, value in attrs)
        self.parts.append(f"<{tag}{named}/>" if tag in _VOID else f"<{tag}{named}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self.open or self.open.pop() != tag:
            raise Refused(_("The markup of a text is not well formed."))
        self.parts.append(f"</{tag}>")


def xhtml(markup: str) -> str:
    """Clean HTML as XML, files of questions named as they lie in the package. Refused when it can't be XML."""
    if _NOT_XML.search(markup):
        raise Refused(_("A text holds characters that XML has no way to write."))
    writer = _Writer()
    writer.feed(markup)
    writer.close()
    if writer.open:
        raise Refused(_("The markup of a text is not well formed."))
    return _FILE.sub(r"../media/\1", "".join(writer.parts))


def boxed(markup: str) -> str:
    """A text that is to come back exactly as it is."""
    return f'<div class="{OURS}">{xhtml(markup)}</div>' if markup else ""


def named_files(text: str) -> set[str]:
    """The names of the files that an XML text of ours shows."""
    return set(re.findall(r"\.\./media/([0-9a-f]{64}\.[a-z0-9]{2,5})", text))


def as_text(text: str) -> str:
    """Plain text between tags; Refused when XML can't hold it."""
    if _NOT_XML.search(text) or "\r" in text:
        raise Refused(_("A text holds characters that XML has no way to write."))
    return escape(text, quote=False)


def attribute(text: str) -> str:
    """A text as the value of an attribute; Refused when XML can't hold it."""
    if _NOT_XML.search(text):
        raise Refused(_("A text holds characters that XML has no way to write."))
    return escape(text).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


def decimals(value: Fraction) -> str:
    """A share with ten decimals at most: simple ratios are known again by their readers."""
    text = f"{value.numerator * 10**10 // value.denominator / 10**10:.10f}" if value.denominator > 1 else str(value)
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def response(ident: str, cardinality: str, base: str, correct: list[str], mapping: str = "") -> str:
    """The declaration of a response."""
    values = "".join(f"<value>{escape(value, quote=False)}</value>" for value in correct)
    right = f"<correctResponse>{values}</correctResponse>" if correct else ""
    return (
        f'<responseDeclaration identifier="{ident}" cardinality="{cardinality}" baseType="{base}">'
        f"{right}{mapping}</responseDeclaration>"
    )


def mapping(entries: list[tuple[str, Fraction]], extra: str = "") -> str:
    """What values are worth."""
    inner = "".join(
        f'<mapEntry mapKey="{attribute(key)}" mappedValue="{decimals(worth)}"{extra}/>' for key, worth in entries
    )
    return f'<mapping defaultValue="0">{inner}</mapping>'


def outcome(ident: str, base: str = "float", cardinality: str = "single", initial: str = "", extra: str = "") -> str:
    """The declaration of an outcome."""
    value = f"<defaultValue><value>{initial}</value></defaultValue>" if initial else ""
    return (
        f'<outcomeDeclaration identifier="{ident}" cardinality="{cardinality}" baseType="{base}"{extra}>'
        f"{value}</outcomeDeclaration>"
    )


def feedback(tag: str, name: str, key: str, text: str) -> str:
    """A text shown when the outcome of that name holds the key."""
    return f'<{tag} outcomeIdentifier="{name}" identifier="{key}" showHide="show">{boxed(text)}</{tag}>'


def base(kind: str, value: str) -> str:
    """A constant."""
    return f'<baseValue baseType="{kind}">{escape(value, quote=False)}</baseValue>'


def variable(ident: str) -> str:
    """The value of a response or an outcome."""
    return f'<variable identifier="{ident}"/>'


def setting(ident: str, expression: str) -> str:
    """A rule that gives an outcome its value."""
    return f'<setOutcomeValue identifier="{ident}">{expression}</setOutcomeValue>'
