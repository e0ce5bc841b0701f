"""Rich text: what is dangerous goes, what is meant stays, and cleaning twice changes nothing."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bleach._vendor import html5lib

from learnhub.kernel import markup
from learnhub.kernel.markup import CLASSES, TAGS, markdown_to_html, sanitize_html, text_of
from tests.conftest import CORPORA

HERE = Path(__file__).parents[2] / "data" / "sec-xss"
ATTRIBUTES = set(
    "title href src controls alt width height start type value colspan rowspan scope span class lang dir rel".split()
)


def attacks(folder: Path) -> Iterator[str]:
    """Every payload of the collections in a folder."""
    for file in folder.rglob("xss-payload-list.txt"):
        yield from file.read_text(encoding="utf-8", errors="replace").split("\n")
    for file in folder.rglob("pairs.json"):
        yield from (pair["payload"] for pair in json.loads(file.read_text(encoding="utf-8")))
    for file in sorted(folder.rglob("*.dat")):
        for case in ("\n" + file.read_text(encoding="utf-8")).split("\n#data\n")[1:]:
            yield case.split("\n#errors")[0]


class Tags(HTMLParser):
    """Start tags as another, simpler parser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def tags_by_html5lib(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Elements as a parser of the HTML standard sees them."""
    for element in html5lib.parseFragment(text, treebuilder="etree").iter():
        assert isinstance(element.tag, str), "a comment"
        tag = element.tag.replace("{http://www.w3.org/1999/xhtml}", "")
        if tag != "DOCUMENT_FRAGMENT":
            yield tag, element.attrib


def look_at(payload: str) -> None:
    """Fail when anything that could run survives the cleaning of a payload."""
    clean = sanitize_html(payload)
    simple = Tags(clean)
    assert simple.others == []
    for tag, attributes in [*simple.seen, *tags_by_html5lib(clean)]:
        assert tag in TAGS, (payload, clean)
        assert set(attributes) <= ATTRIBUTES, (payload, clean)
        for name in {"href", "src"} & set(attributes):
            address = re.sub(r"[\x00-\x20]", "", attributes[name] or "").lower()
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", address)
            allowed = {"http:", "https:"} if name == "src" else {"http:", "https:", "mailto:", "tel:"}
            assert not scheme or scheme.group() in allowed, (payload, clean)
        if tag == "audio":
            assert markup.OWN_SOUND.fullmatch(attributes.get("src") or ""), (payload, clean)
            assert set(attributes) <= {"src", "controls", "lang", "dir"}
        else:
            assert "controls" not in attributes, (payload, clean)
        assert set((attributes.get("class") or "").split()) <= CLASSES, (payload, clean)
    assert sanitize_html(clean) == clean, payload


def test_nothing_that_runs_survives_the_selected_attacks() -> None:
    count = 0
    for payload in attacks(HERE):
        look_at(payload)
        count += 1
    assert count > 500


@pytest.mark.skipif(not (CORPORA / "sec-xss").exists(), reason="the collections are not on this machine")
def test_nothing_that_runs_survives_all_attacks() -> None:
    count = 0
    strings = json.loads(next((CORPORA / "sec-strings").rglob("blns.json")).read_text(encoding="utf-8"))
    for payload in [*attacks(CORPORA / "sec-xss"), *strings]:
        look_at(payload)
        count += 1
    assert count > 8_000


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("茶 & 水", "茶 &amp; 水"),
        ("a &lt; b", "a &lt; b"),
        ("<p>What is <b>this</b>?</p>", "<p>What is <b>this</b>?</p>"),
        ("<h1 id=x>标题</h1>", "<h2>标题</h2>"),
        ('<p style="text-align: center; color: red">x</p>', '<p class="align-center">x</p>'),
        ('<td align="right">', ""),
        ('<p align="RIGHT" class="lead evil">x</p>', '<p class="lead align-right">x</p>'),
        ('<img src="a/b.png" onerror="x()" alt="图">', '<img src="a/b.png" alt="图">'),
        ('<img src="https://example.org/b.png">', '<img src="https://example.org/b.png">'),
        ('<img src="data:image/png;base64,AAAA">', "<img>"),
        ('<img src="//example.org/b.png">', "<img>"),
        ('<img src="mailto:a@b.c">', "<img>"),
        ('<img src="/\\example.org/b.png">', "<img>"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="/a" target="_top" name="b" id="c">x</a>', '<a href="/a" rel="noopener noreferrer nofollow">x</a>'),
        ("<script>alert(1)</script>后", "后"),
        ("<svg><script>alert(1)</script></svg>后", "后"),
        ("<form><input name=action><b>x</b></form>", "<b>x</b>"),
        ('<ol start="3" type="a"><li>x</li></ol>', '<ol start="3" type="a"><li>x</li></ol>'),
        ('<td colspan="1e9">x', "x"),
        ("<p>一\r\n二</p>", "<p>一\n二</p>"),
        ("a\0b", "ab"),
    ],
)
def test_what_is_written_becomes(written: str, kept: str) -> None:
    assert sanitize_html(written) == kept


def test_the_short_way_gives_what_the_long_way_gives() -> None:
    pieces = (
        "<p> </p> <b> </b> <i> </i> <br> <br/> <code> </code> <sup> </sup> x 中 &amp; &lt; < > & &nbsp; \xa0 '".split(
            " "
        )
    )
    dice = random.Random(20261122)
    short = 0
    for _turn in range(4_000):
        text = "".join(dice.choices(pieces, k=dice.randint(1, 9)))
        quick = markup._words(text) if "<" not in text else markup._clean_flat(text)
        if quick is not None:
            short += 1
            assert quick == markup._clean_once(text), text
        clean = sanitize_html(text)
        assert sanitize_html(clean) == clean
    assert short > 300


@pytest.mark.parametrize(
    "piece", ["<div>", "<b>", "<b><p>", "<table>", "<ul><li>", "<p align=", '<p class="', "&", "<"]
)
def test_endless_markup_costs_little(piece: str) -> None:
    begun = time.process_time()
    clean = sanitize_html(piece * 4_000)
    text_of(clean)
    assert time.process_time() - begun < 5
    assert sanitize_html(clean) == clean


def test_every_naughty_string_is_kept_as_words() -> None:
    for text in ("Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤", "﷽", "👩‍👩‍👧", "\u202eabc", "田中さん", "%s%d{{7*7}}"):
        assert text_of(sanitize_html(text)) == text


def test_text_of_gives_the_words_alone() -> None:
    assert (
        text_of("<p>一<b>二</b></p><p>三 &amp; 四<img src='x' alt='五'></p><ul><li>六</li><li>七</li></ul>")
        == "一二 三 & 四五 六 七"
    )
    assert text_of("a &lt; b") == "a < b"


def test_markdown_becomes_clean_html() -> None:
    html = markdown_to_html(
        "# 题\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n\n~~旧~~ <script>x</script> [x](javascript:y)"
    )
    assert "<h2>题</h2>" in html
    assert '<td class="align-right">2</td>' in html
    assert "<s>旧</s>" in html
    assert "script" not in html.replace("javascript:y", "")
    assert "href" not in html


SOUND = "/bank-files/" + "a1" * 32 + ".mp3"
OURS = f'<audio controls="" src="{SOUND}"></audio>'


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f'<p>Listen: <audio controls src="{SOUND}"></audio></p>', f"<p>Listen: {OURS}</p>"),
        (f'<audio src="{SOUND}" autoplay loop onplay="x()" preload="auto">old</audio>.', OURS + "."),
        (f'<audio><source src="{SOUND}" type="audio/mpeg"><p>no</p></audio>b', OURS + "b"),
        ('a<audio controls src="https://example.org/x.mp3"></audio>b', "ab"),
        ('a<audio controls src="/lessons/1.mp3">x</audio>b', "ab"),
        (f'a<audio src="{SOUND}?x"></audio>b', "ab"),
        (f'a<audio src="{SOUND}#t=1"></audio>b', "ab"),
        (f'a<audio src="//evil.example{SOUND}"></audio>b', "ab"),
        ('a<audio src="x" /><b>c</b>', "a"),
        (f'<source src="{SOUND}">a', "a"),
        (f'<audio><audio src="{SOUND}"></audio></audio>a', OURS + "a"),
        ('<b title="<audio>">a</b>', "<b>a</b>"),
        ('<a title="<audio>">a</a>', '<a title="&lt;audio&gt;" rel="noopener noreferrer nofollow">a</a>'),
        (f'<video controls src="{SOUND}"></video>a', "a"),
        (f'<img src="{SOUND}" controls>', f'<img src="{SOUND}">'),
    ],
)  # fmt: skip
def test_a_sound_of_our_own_is_kept_and_no_other(written: str, kept: str) -> None:
    assert sanitize_html(written) == kept
    assert sanitize_html(kept) == kept


def test_sounds_put_into_attacks_bring_nothing_through() -> None:
    """Each attack inside a sound, around one, and in its attributes; `look_at` asserts that nothing survives."""
    payloads = list(attacks(HERE))[:1500]
    assert payloads
    for payload in payloads:
        look_at(f'<audio src="{SOUND}">{payload}</audio>')
        look_at(f"<audio {payload} src='{SOUND}'>{payload}")
        look_at(f'{payload}<source src="{SOUND}"></audio>{payload}')
