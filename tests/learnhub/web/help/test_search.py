"""Searching the manual: words inside Chinese sentences, several words, and what is marked."""

from __future__ import annotations

import pytest
from flask import Flask

from learnhub.web.help.manual import manual
from learnhub.web.help.search import Found, search, terms_of
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


def find(query: str, language: str) -> list[Found]:
    return search(query, [one for written in manual(language).values() for one in written.all])


def places(query: str, language: str = "zh_Hans") -> list[str]:
    return [f"{one.section.chapter.slug}#{one.section.anchor}" for one in find(query, language)]


def test_a_chinese_word_inside_a_sentence_is_found_and_marked_there() -> None:
    found = next(one for one in find("回执", "zh_Hans") if one.section.anchor == "hand-in")
    assert "<mark>回执</mark>" in found.sentence
    assert found.sentence.startswith("交卷后你会得到")


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("怎么计时", "study-hours#counting"),
        ("没有网络怎么办", "quizzes#no-network"),
        ("核验成绩单", "transcripts#check"),
        ("导入 表格", "importing-questions#formats"),
        ("忘记密码", "account#password"),
        ("ＪａｖａＳｃｒｉｐｔ", "quizzes#without-script"),
    ],
)
def test_what_people_ask_in_chinese_leads_to_its_section(query: str, place: str) -> None:
    assert place in places(query)[:5]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("How is my time counted?", "study-hours#counting"),
        ("hand in", "quizzes#hand-in"),
        ("EXCEL questions", "importing-questions#formats"),
        ("wrong password", "first-steps#sign-in"),
    ],
)
def test_what_people_ask_in_english_leads_to_its_section(query: str, place: str) -> None:
    assert place in places(query, "en")[:5]


@pytest.mark.parametrize("query", ["", "   ", "？！", "xyzzy", "鳄鱼皮鞋"])
def test_nothing_is_found_for_nothing(query: str) -> None:
    assert find(query, "zh_Hans") == []


def test_a_question_made_of_silent_words_alone_is_still_asked() -> None:
    assert terms_of("how") == ["how"]
    assert terms_of("how to hand in") == ["hand"]


def test_the_page_shows_what_was_found_and_escapes_what_was_asked(app: Flask) -> None:
    visitor = Visitor(app, language="zh-CN")
    page = visitor.page("/help?q=没有网络")
    assert '<a class="stretched" href="/help/quizzes#no-network">' in page
    assert "<mark>没有网络</mark>" in page
    assert "<script>alert" not in visitor.page("/help?q=<script>alert(1)</script>")
