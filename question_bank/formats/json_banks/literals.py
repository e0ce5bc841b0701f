"""Data as scripts hold it: `export default [...]`, `module.exports = {...}`, names without quotes, a comma too many."""

from __future__ import annotations

import json
import re
from typing import Any

DEEPEST = 60
ENDINGS = frozenset({"js", "mjs", "cjs", "ts", "mts", "jsx", "tsx", "vue", "wxs"})
"""Of names of files that are scripts."""
HEAD = re.compile(r"\s*(?:['\"]use strict['\"];?|import\b[^\n]*|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)")
_NAME = r"[A-Za-z_$\u4e00-\u9fff][\w$]*"
_CALL = (
    rf"(?:new\s+)?(?:{_NAME}(?:\([^()\n]{{0,40}}\))?\.){{0,4}}{_NAME}(?:<[^<>()\n]{{0,40}}>)?\(\s*"
    r"(?:(?:'[^'\n]{0,60}'|\"[^\"\n]{0,60}\"|\d{1,6})\s*,\s*){0,2}"
)
"""What takes a value in brackets: `ref([…])`, `registerQuiz("one", {…})`, `db.collection("q").insertMany([…])`."""
START = re.compile(
    rf"(?:^|(?<=[;\n{{}}]))[^\S\n]*(?:(?:export\s+default\s*|return\s*|(?:module\.)?exports(?:\.{_NAME})?\s*=\s*"
    rf"|(?:export\s+)?(?:const|let|var)\s+(?:\[\s*)?(?P<name>{_NAME})(?:\s*,\s*{_NAME})?\s*\]?\s*(?::[^=\n]*)?=\s*"
    rf"|(?:window|globalThis|self|this)(?:\.(?P<place>{_NAME})|\[['\"][^'\"\n]{{1,40}}['\"]\])\s*=\s*"
    rf"|(?:{_NAME}\.){{1,3}}{_NAME}\s*=\s*)(?:{_CALL})?|{_CALL})(?=[\[{{])"
)
"""Where a value begins that a script gives a name, or to others."""
INSIDE = re.compile(
    rf"(?<=[\s{{,.])(?:(?P<quote>['\"]?)(?P<name>{_NAME})(?P=quote)\s*:|(?P<place>{_NAME})\s*=)\s*(?=\[\s*\{{)"
)
"""Where a list of objects begins inside of what is no plain data: `Page({ data: { list: [{…}] }, onLoad() … })`."""
_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)"
    r"|(?P<text>\"(?:[^\"\\\n]|\\.|\\\n)*\"|'(?:[^'\\\n]|\\.|\\\n)*'|`(?:[^`\\$]|\\.|\\\n|\$(?!\{))*`)"
    r"|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w$]))"
    r"|(?P<call>JSON\.(?:stringify|parse)\()|(?P<shut>\))"
    rf"|(?P<member>{_NAME}(?:\.{_NAME}){{1,3}})(?!\s*\()|(?P<word>{_NAME})"
    r"|(?P<spread>\.\.\.)|(?P<sign>[\[\]{},:+])"
)
CODE = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`|[^'\"`]", re.DOTALL)
_MADE = re.compile(rf"(?:(?P<new>new)\s+{_NAME}\s*\(\s*(?=['\"`])|{_NAME}\(\s*(?=\{{))")
"""What makes a question of the data in its brackets."""
_BESIDE = re.compile(
    r"(?:\w*_)?(?:image|img|pic|picture|photo|icon|src|url|audio|video|avatar|cover|date|time|color|style|component)\w*"
    r"|(?:created|updated)\w*|on[A-Z]\w*|render|handler|validate|callback|id|key",
    re.ASCII,
)
"""Names of fields beside a question: what a program works out for them costs no question."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|(.)|\n)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None, "True": True, "False": False, "None": None}


_OF_KIND = re.compile(r"\w*(?:type|kind|mode|difficulty|level|category|subject|topic)", re.IGNORECASE | re.ASCII)
"""Names of fields whose values may be members of an enumeration: `type: QuestionType.TRUE_FALSE`."""


class NoLiteral(Exception):
    """What stands there is no plain data: something is called, or named elsewhere."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def loose(text: str) -> Any:
    """A text that is one value with quotes, commas or remarks that JSON does not know; raises NoLiteral."""
    value, end = _Literal(text.lstrip("\ufeff")).whole()
    if text.lstrip("\ufeff")[end:].strip(" \t\r\n;"):
        raise NoLiteral(end)
    return value


def one_at(text: str, at: int) -> tuple[Any, int]:
    """The value that begins at a place of a text, and the place behind it; raises NoLiteral."""
    return _Literal(text, at).whole()


def cell(text: str) -> Any:
    """What a cell holds as a list or an object, in the quotes of JSON or of Python; a ValueError when it is neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        try:
            return loose(text)
        except NoLiteral:
            raise ValueError(text[:60]) from None


class _Literal:
    """One value, read from left to right; each sign is looked at once."""

    def __init__(self, text: str, at: int = 0) -> None:
        self._text = text
        self._at = at
        self._kind, self._sign = "", ""
        self._next()

    def whole(self) -> tuple[Any, int]:
        """The value and the place behind it."""
        value = self._value(0, is_last=True)
        return value, self._at

    def _next(self) -> None:
        while True:
            found = _TOKEN.match(self._text, self._at)
            if found is None:
                self._kind, self._sign = "end", ""
                return
            self._at = found.end()
            if found.lastgroup != "space":
                self._kind, self._sign = str(found.lastgroup), found.group()
                return

    def _value(self, depth: int, *, is_last: bool = False) -> Any:
        if depth > DEEPEST:
            raise NoLiteral(self._at)
        if self._sign == "[" and self._kind == "sign":
            return self._list(depth, is_last=is_last)
        if self._sign == "{" and self._kind == "sign":
            return self._object(depth, is_last=is_last)
        if self._kind == "text":
            return self._texts()
        kind, token = self._kind, self._sign
        if kind == "call":
            return self._written(depth)
        if kind == "word" and (made := _MADE.match(self._text, self._at - len(token))):
            return self._made(made, depth)
        if kind == "number" or (kind == "word" and token in _WORDS):
            self._next()
            return _WORDS[token] if kind == "word" else _number(token)
        raise NoLiteral(self._at)

    def _written(self, depth: int) -> Any:
        """What `JSON.stringify(…)` writes as a text, as the value itself."""
        self._next()
        value = self._value(depth + 1)
        if self._kind != "shut":
            raise NoLiteral(self._at)
        self._next()
        return value

    def _made(self, made: re.Match[str], depth: int) -> Any:
        """`draft({…})` as the object, and `new Question("…", […], "B")` as the list of what stands in its brackets."""
        self._at = made.end()
        self._next()
        found: list[Any] = []
        while self._kind != "shut":
            found.append(self._value(depth + 1))
            if self._is(","):
                self._next()
            elif self._kind != "shut":
                raise NoLiteral(self._at)
        self._next()
        return found if made.group("new") else found[0]

    def _texts(self) -> str:
        """A text, or some put together with `+`."""
        parts = [_text(self._sign)]
        self._next()
        while self._sign == "+" and self._kind == "sign":
            self._next()
            if self._kind != "text":
                raise NoLiteral(self._at)
            parts.append(_text(self._sign))
            self._next()
        return "".join(parts)

    def _list(self, depth: int, *, is_last: bool) -> list[Any]:
        found: list[Any] = []
        self._next()
        while not self._is("]"):
            if self._kind == "spread":
                self._skip()
            else:
                found.append(self._value(depth + 1))
            self._comma("]")
        self._close(is_last=is_last)
        return found

    def _object(self, depth: int, *, is_last: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._next()
        while not self._is("}"):
            if self._kind not in {"text", "word", "number"}:
                raise NoLiteral(self._at)
            name = _text(self._sign) if self._kind == "text" else self._sign
            self._next()
            if not self._is(":"):
                raise NoLiteral(self._at)
            self._next()
            if member := self._member(name):
                found[name] = member
            elif self._kind not in {"text", "number"} and not self._begins() and _BESIDE.fullmatch(name):
                found[name] = self._skip()
            else:
                found[name] = self._value(depth + 1)
            self._comma("}")
        self._close(is_last=is_last)
        return found

    def _member(self, name: str) -> str:
        """The name of a member of an enumeration, where a field says of what kind something is; else nothing."""
        if self._kind != "member" or not _OF_KIND.fullmatch(name):
            return ""
        said = self._sign.rpartition(".")[2]
        self._next()
        return said

    def _begins(self) -> bool:
        """Whether what comes next begins a value, or is one."""
        return self._kind == "call" or self._sign in _WORDS or self._sign in {"[", "{"}

    def _skip(self) -> str:
        """Go on behind what is worked out elsewhere, and give its text."""
        at, depth, start = self._at, 0, self._at - len(self._sign)
        while found := CODE.match(self._text, at):
            sign = found.group()
            if depth == 0 and sign in {",", "]", "}", ")"}:
                break
            depth += (sign in {"(", "[", "{"}) - (sign in {")", "]", "}"})
            at = found.end()
        said = self._text[start:at].strip()
        self._at = at
        self._next()
        return said

    def _is(self, sign: str) -> bool:
        return self._kind == "sign" and self._sign == sign

    def _comma(self, closing: str) -> None:
        if self._kind == "word" and self._sign in {"as", "satisfies"}:
            self._skip()
        if self._is(","):
            self._next()
        elif not self._is(closing):
            raise NoLiteral(self._at)

    def _close(self, *, is_last: bool) -> None:
        """Go on behind a bracket, unless it ends the value: what stands behind it may be anything."""
        if not is_last:
            self._next()


def _number(token: str) -> int | float:
    return int(token) if re.fullmatch(r"[-+]?\d{1,18}", token) else float(token)


def _text(token: str) -> str:
    return _ESCAPE.sub(_unescaped, token[1:-1]) if "\\" in token else token[1:-1]


def _unescaped(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2) or found.group(3)
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    return _ESCAPED.get(found.group(4), found.group(4)) if found.group(4) else ""
