"""How pages are made: Jinja as Flask has it, with what a page asks for a hundred times answered once.

A template is compiled for each language, with its own sentences already in it; the addresses of pages are kept, and
the few plain functions that pages call most are called as they are, without Jinja's look at what they might want.
"""

from __future__ import annotations

import functools
import keyword
import re
from collections.abc import Iterable, MutableMapping
from typing import Any, cast

from flask import Flask, current_app, request
from flask.templating import Environment
from flask_babel import get_locale
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, escape

from learnhub.web.assets import asset
from learnhub.web.language import single

PLAIN = frozenset({"_", "asset", "csrf_token", "get_locale", "symbol", "url_for"})
"""Names of functions that want nothing of the template's context."""
KEPT_ADDRESSES = 10_000
MID_DOT = Markup('<span class="mid-dot"> </span>')
"""Between two facts in a line, `mid_dot` in templates: a space on which the style sheet draws a dot.

Where a line breaks at a space, browsers drop it, and with it the dot: none begins or ends a line.
"""

UNIT_SIGN = " \u203a\u00a0"
"""Between a unit and the one below it, `unit_sign` in templates: it begins a line rather than ends one."""


def facts(parts: Iterable[Any]) -> Markup:
    """Those that there are of several facts in a line, each unbroken where it fits."""
    return MID_DOT.join(Markup('<span class="whole">{}</span>').format(part) for part in parts if part)


class Page(Template):
    """A template whose parts are made once: none of ours is loaded with globals of its own."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """Jinja compares the globals of both templates at each import, a thirtieth of a page's time."""
        return self._module or super()._get_default_module(ctx)


class Compiler(CodeGenerator):
    """Writes the sentences of one language into the template."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """A sentence is itself, with its parameters filled in; a plain function is called without ado."""
        sentence = self._sentence(node)
        if sentence is not None and not node.kwargs:
            self.write(f"Markup({str(sentence)!r})")
        elif sentence is not None:
            self.write(f"(Markup({str(sentence)!r}) % {{")
            for parameter in node.kwargs:
                self.write(f"{parameter.key!r}: ")
                self.visit(parameter.value, frame)
                self.write(", ")
            self.write("})")
        elif _is_plain(node):
            self.visit(node.node, frame)
            self.write("(")
            for part in (*node.args, *node.kwargs):
                self.visit(part, frame)
                self.write(", ")
            self.write(")")
        else:
            super().visit_Call(node, frame, forward_caller=forward_caller)

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        sentence = self._sentence(node)
        if sentence is None or node.kwargs:  # type: ignore[attr-defined]
            return super()._output_child_to_const(node, frame, finalize)
        return str(sentence)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(")

    def _sentence(self, node: nodes.Node) -> Markup | None:
        """What `_("…")` says in the language of this compilation, its parameters not filled in; None for all else."""
        match node:
            case nodes.Call(
                node=nodes.Name(name="_"), args=[nodes.Const(value=text)], kwargs=params, dyn_args=None, dyn_kwargs=None
            ) if getattr(self.environment, "language", ""):
                said = single(text)
                return Markup(said if params or "%" not in said else said % ())  # noqa: S704 (the catalogues are ours)
        return None


def _is_plain(node: nodes.Call) -> bool:
    return (
        isinstance(node.node, nodes.Name)
        and node.node.name in PLAIN
        and node.dyn_args is None
        and node.dyn_kwargs is None
        and not any(keyword.iskeyword(one.key) for one in node.kwargs)
    )


def shown(value: Any) -> str:
    """What stands in the page for a value: escaped as MarkupSafe does it, in half the time for the usual ones."""
    kind = type(value)
    if kind is str:
        return value if _SPECIAL(value) is None else escape(value)
    if kind is Markup:
        return cast(Markup, value)
    return str(value) if kind is int else escape(value)


_SPECIAL = re.compile("[&<>'\"]").search


class PageEnvironment(Environment):
    """Jinja's environment with one more for each language, made when a page in it is asked for."""

    template_class = Page
    code_generator_class = Compiler
    shown = staticmethod(shown)
    language = ""
    """The locale that templates are compiled for; empty for none, where sentences are looked up each time."""

    def get_or_select_template(
        self, template_name_or_list: Any, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """A template in the reader's language."""
        here = self
        if not self.language and (locale := get_locale()) is not None:
            here = self.of_language(str(locale))
        return super(PageEnvironment, here).get_or_select_template(template_name_or_list, parent, globals)

    def of_language(self, language: str) -> PageEnvironment:
        """The environment whose templates speak that language, whatever is asked in between."""
        kept: dict[str, PageEnvironment] = self.__dict__.setdefault("kept", {})
        if language not in kept:
            made = self.overlay()
            made.language = language
            kept[language] = made
        return kept[language]

    def forget(self) -> None:
        """Compile everything anew: the catalogues changed."""
        self.__dict__.pop("kept", None)


def address(endpoint: str, /, **values: Any) -> str:
    """What templates call `url_for`: as Flask's, kept for each prefix under which we are served."""
    if endpoint.startswith(".") or "_external" in values or not request:
        return current_app.url_for(endpoint, **values)
    try:
        return _address(request.script_root, endpoint, tuple(values), *values.values())
    except TypeError:  # a list among the values can't be a key
        return current_app.url_for(endpoint, **values)


@functools.lru_cache(KEPT_ADDRESSES, typed=True)
def _address(_root: str, endpoint: str, names: tuple[str, ...], *values: Any) -> str:
    return current_app.url_for(endpoint, **dict(zip(names, values, strict=True)))


def symbol(name: str) -> Markup:
    """A symbol of the sprite, as an element; decoration only, words stand beside it."""
    return _symbol(asset("img/icons.svg"), name)


@functools.lru_cache(1000)
def _symbol(sprite: str, name: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>').format(
        sprite, name
    )


def init_app(app: Flask) -> None:
    """Give templates the functions that are kept."""
    app.jinja_env.globals |= {"url_for": address, "symbol": symbol, "mid_dot": MID_DOT, "unit_sign": UNIT_SIGN}
    app.jinja_env.filters["facts"] = facts
