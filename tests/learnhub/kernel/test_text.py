"""Bytes become the right words, or the sender is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from learnhub.kernel.text import decode

CHINESE = "题目：《宪法》第一条是什么？A、国体 B和C都对"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16", "utf-32"])
def test_chinese_text_is_read_in_every_encoding_of_the_field(encoding: str) -> None:
    assert decode(CHINESE.encode(encoding)) == CHINESE


@pytest.mark.parametrize(
    "text", ["it’s", "création d’une instance", "a “quoted” word", "naïve café", "Größe über alles"]
)
def test_windows_1252_is_asked_about_and_then_read(text: str) -> None:
    data = text.encode("cp1252")
    with pytest.raises(Refused) as caught:
        decode(data)
    assert caught.value.details == {"ask": "encoding"}
    assert decode(data, encoding="windows-1252") == text
    assert decode(data, encoding="latin-1") == text


@pytest.mark.parametrize("encoding", ["klingon", "base64", "utf-8"])
def test_a_wrong_name_of_an_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(Refused):
        decode(b"caf\xe9 ", encoding=encoding)


def test_binary_and_utf_16_without_its_mark_are_refused() -> None:
    for data in ("abc".encode("utf-16-le"), b"\x00\x01\x02"):
        with pytest.raises(Refused):
            decode(data)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff\ufffe")))
def test_utf_8_is_always_read_as_it_is(text: str) -> None:
    assert decode(text.encode()) == text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except Refused:
        return
    assert "\ufffd" not in text or "\ufffd".encode() in data, "nothing is replaced in silence"


def test_a_file_whose_letters_became_question_marks_is_refused_and_questions_are_not() -> None:
    lost = "题目,选项A,选项B,答案\n中国的首都是？,北京市,上海市,A\n我国最长的河流是哪一条,长江,黄河,A\n"
    with pytest.raises(Refused, match="were lost when it was saved"):
        decode(lost.encode("ascii", "replace"))
    many = "Is it so? Or not? What??? Who?\n" * 30
    assert decode(many.encode()) == many
