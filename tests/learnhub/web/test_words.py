"""Words: every string is marked for translation, no Chinese stands in the code, the terms are the house's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import flask_babel
import pytest
from flask import Flask
from werkzeug.routing import Rule

from learnhub.web import language
from scripts import translations
from tests.learnhub.web.test_leak_matrix import filled, rules_of
from tests.learnhub.web.world import build
from tests.visiting import Visitor

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.sqlite_only


class Pseudo:
    """A language that brackets every marked sentence, so that what was never marked stands bare."""

    def gettext(self, text: str) -> str:
        return f"⟦{text}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{one if n == 1 else many}⟧"

    ugettext, ungettext = gettext, ngettext

    def pgettext(self, _context: str, text: str) -> str:
        return f"⟦{text}⟧"

    upgettext = pgettext


class Said(HTMLParser):
    """What a page says to a reader: its text, and the attributes that are read aloud or shown."""

    SILENT = frozenset({"script", "style", "code", "pre", "kbd", "svg"})
    SPOKEN = frozenset({"aria-label", "placeholder", "alt", "data-confirm"})

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silent.append(tag)
        self.said += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
DATA = re.compile(
    r"canary-\w+-?(\.\w+| \w+)?|Unit \w+|\b(this|that|one)\b|[\w-]*(canary|bank|course|quiz|lesson)-\w+"
    r"|\b(HQ|B1a?|B2)\b|Member \d+|M\d+|https?://\S+|\S+@\S+|\S+\.\w{2,4}\b"
)
"""What the world of the test is made of: names, codes, addresses, file names."""
NAMES = frozenset(
    "LearnHub English PDF XLSX CSV JSON GIFT Excel API LH XXXX sqlite postgresql URL ID SHA Markdown "
    "MB kB GB UTF Big Aiken Moodle QTI TXT Word XML".split()
)
"""Names that are the same in every language."""


def bare_words(html: str) -> list[str]:
    """Latin words of a page that no catalogue can translate."""
    page = Said()
    page.feed(html)
    found = []
    for said in page.said:
        left = said
        while MARKED.search(left):
            left = MARKED.sub(" ", left)
        left = DATA.sub(" ", left)
        found += [word for word in re.findall(r"[A-Za-z]{2,}", left) if word not in NAMES]
    return found


def addresses(app: Flask, place: Any) -> Iterator[tuple[Rule, str]]:
    """Every page that can be opened, with the address for a place's objects."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in rules_of(app):
            if "GET" not in (rule.methods or ()) or rule.endpoint.startswith("api."):
                continue
            values = filled(rule, place) if rule.arguments else {}
            if values is not None:
                yield rule, adapter.build(rule.endpoint, values, method="GET")


def test_no_page_says_anything_that_is_not_marked(app: Flask, now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    places, people = build(now)
    visitor = Visitor(app, people["top"], language="zh-CN")
    monkeypatch.setattr(flask_babel.Domain, "get_translations", lambda _self: Pseudo())
    monkeypatch.setattr(language, "_in_marks", language._in_marks.__wrapped__)  # else it keeps what is said here
    environment = app.jinja_env.overlay()
    environment.forget()  # type: ignore[attr-defined]
    monkeypatch.setitem(app.__dict__, "jinja_env", environment)
    found: dict[str, set[str]] = {}
    opened = 0
    for rule, address in addresses(app, places["HQ"]):
        answer = visitor.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            opened += 1
            words = bare_words(answer.get_data(as_text=True))
            if words:
                found[f"{rule.endpoint} {address}"] = set(words)
    assert opened > 35
    assert not found, "\n".join(f"{where}: {sorted(words)}" for where, words in found.items())


def test_a_bare_string_would_be_found() -> None:
    assert bare_words("<p>⟦Hello, %(name)s⟧ canary-HQ <b>Oops</b></p><a aria-label='Close'>⟦a ⟦b⟧⟧</a>") == [
        "Oops",
        "Close",
    ]


CHINESE = re.compile(r"[一-鿿]")
SPEAKS_CHINESE = (
    "learnhub/demo/",
    "learnhub/web/design/samples.py",
    "learnhub/web/manual/",
    "learnhub/transcripts/",
    "question_bank/",
    "courses/",
    "learnhub/points/rules.py",
    "learnhub/kernel/number_formats.py",
    "learnhub/kernel/text.py",
    "learnhub/organisations/roster/",
    "learnhub/web/help/search.py",
)
"""Where Chinese belongs: the demo, samples, the manual, the formats of the field, what a search leaves out."""


def test_no_chinese_sentence_stands_in_the_templates_or_the_code_of_the_web() -> None:
    found = []
    for path in sorted((ROOT / "learnhub").rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(SPEAKS_CHINESE) or path.suffix not in {".py", ".html", ".js"}:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            tree = ast.parse(text)
            docs = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                and node.body
                and isinstance(node.body[0], ast.Expr)
            }
            strings = [
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
            ]
            text = "\n".join(strings)
        found += [f"{name}: {line.strip()[:160]}" for line in text.splitlines() if CHINESE.search(line)]
    allowed = ("简体中文", 'aria-hidden="true">学</span>')
    assert [line for line in found if not any(one in line for one in allowed)] == []


WORDS = {
    "unit": ("组织", "党委", "支部"),
    "member": ("学员", "会员", "人"),
    "instructor": ("讲师",),
    "secretary": ("书记",),
    "course": ("课程", "课"),
    "lesson": ("课时",),
    "question": ("试题", "题"),
    "bank": ("题库",),
    "quiz": ("测验",),
    "transcript": ("成绩单",),
    "ranking board": ("排行榜",),
    "blueprint": ("组卷",),
}
"""The terms of the requirements, with what the Chinese catalogue may call them on labels, headings and buttons."""
NOT_WORDS = {
    "en": ("student", "teacher", "leaderboard", "report card", "submission", "manager"),
    "zh_Hans": ("学生", "老师", "教师", "用户", "考生", "提交记录", "经理", "登陆", "帐号"),
}
"""What nobody says here."""


@pytest.mark.parametrize("term", WORDS)
def test_a_term_of_the_house_is_called_the_same_everywhere(term: str) -> None:
    wrong = []
    for message in translations.load("zh_Hans"):
        source = message.id if isinstance(message.id, str) else " ".join(message.id)
        said = message.string if isinstance(message.string, str) else " ".join(message.string)
        meant = re.sub(r"%\(\w+\)[sd]|“[^”]*”", "", source)
        is_label = len(meant.split()) <= 2
        if (
            is_label
            and re.search(rf"\b{term}(s|es|zes)?\b", meant, re.IGNORECASE)
            and not any(word in said for word in WORDS[term])
        ):
            wrong.append(f"{source} → {said}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("locale", NOT_WORDS)
def test_words_that_mean_something_else_here_are_not_used(locale: str) -> None:
    found = []
    for message in translations.load(locale):
        text = message.string if isinstance(message.string, str) else " ".join(message.string)
        found += [f"{word}: {text}" for word in NOT_WORDS[locale] if re.search(rf"{word}", text, re.IGNORECASE)]
    assert not found, "\n".join(found)


def test_no_space_stands_between_chinese_and_numbers_or_latin_words() -> None:
    spaced = re.compile(r"[\u4e00-\u9fff] (?:%\(\w+\)s|-?\d|\.?[A-Za-z])|(?:%\(\w+\)s|\d%?|[A-Za-z]) [\u4e00-\u9fff]")
    texts = [
        text
        for message in translations.load("zh_Hans")
        if message.id
        for text in ([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert [text for text in texts if spaced.search(text)] == []


def test_days_of_a_signed_paper_are_read_as_the_language_writes_them(app: Flask) -> None:
    with app.test_request_context(), flask_babel.force_locale("zh_Hans"):
        assert language.spelled("2026-10-22") == "2026年10月22日"
        assert language.spelled("2026-01-01 – 2026-12-31") == "2026年1月1日至12月31日"
        assert language.spelled("2026-11-29 21:33:00 +08:00") == "2026年11月29日 21:33:00"
        assert language.spelled("2026-13-45") == "2026-13-45"
        assert language.spelled("YL000007") == "YL000007"


def test_figures_of_a_column_have_as_many_places(app: Flask) -> None:
    with app.test_request_context(), flask_babel.force_locale("en"):
        assert [language.number(one, places=2) for one in (Fraction(9, 2), 3.617, 0)] == ["4.50", "3.62", "0.00"]
        assert [language.number(one) for one in (Fraction(9, 2), 3, None)] == ["4.5", "3", "0"]


def test_times_and_numbers_follow_the_language(app: Flask, now: Any) -> None:
    with app.test_request_context(), flask_babel.force_locale("zh_Hans"):
        assert language.when(now) == "2026年11月22日\u00a010:00"
        assert language.number(1234.5) == "1,234.5"
    with app.test_request_context(), flask_babel.force_locale("en"):
        assert language.when(now) == "Nov\u00a022,\u00a02026,\u00a010:00\u202fAM"
