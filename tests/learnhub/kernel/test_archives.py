"""Archives from outside: what leads out, links, explodes or hides is refused as a whole."""

from __future__ import annotations

import os
import stat
import struct
import time
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from learnhub.kernel.archives import Limits, is_junk, open_archive, safe_name
from learnhub.kernel.errors import Refused

DATA = Path(__file__).parents[2] / "data" / "sec-csv-xxe-zip" / "swisskyrepo+PayloadsAllTheThings"


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these entries, written without asking whether they are good."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content, method)
    return buffer.getvalue()


def why(data: bytes, limits: Limits | None = None) -> str:
    """The sentence with which an archive is refused."""
    with pytest.raises(Refused) as refused:
        open_archive(data, limits)
    return str(refused.value)


@pytest.mark.parametrize(
    "name",
    [
        "../a.txt",
        "a/../../b.txt",
        "..",
        "/etc/passwd",
        "//server/share/a.txt",
        "C:/windows/a.txt",
        "c:a.txt",
        "\\\\server\\share\\a.txt",
        "..\\a.txt",
        "a\\b.txt",
        "a/.. /b.txt",
        "a/.../b.txt",
        "a\nb.txt",
        "a\x7f.txt",
        "x" * 300,
        "/".join("abcdefghijklmnopqrst"),
    ],
)
def test_w12_names_that_lead_elsewhere_are_refused(name: str) -> None:
    assert why(zipped(("good.md", b"x"), (name, b"x")))


def test_w12_a_name_that_hides_behind_a_nul_is_refused() -> None:
    assert why(zipped(("ab", b"x")).replace(b"ab", b"a\0"))


def test_w12_every_traversal_of_the_collection_is_refused_or_stays_inside() -> None:
    for line in (DATA / "directory_traversal.txt").read_text(encoding="utf-8", errors="replace").split("\n"):
        name = line.replace("{FILE}", "etc/passwd")
        try:
            safe = safe_name(name)
        except Refused:
            continue
        assert os.path.normpath(f"/root/{safe}").startswith("/root/")


def test_w12_symbolic_links_are_refused() -> None:
    assert "Links" in why((DATA / "etc_passwd.zip").read_bytes())
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    assert "Links" in why(zipped((link, b"/etc/passwd")))


def test_w12_a_name_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(("a.md", b"1"), ("a.md", b"2"))
    assert "twice" in why(data)
    assert "twice" in why(zipped(("a/b.md", b"1"), ("a/./b.md", b"2")))
    assert "same name" in why(zipped(("a", b"1"), ("a/b.md", b"2")))


def test_w12_an_encrypted_archive_is_refused() -> None:
    data = bytearray(zipped(("a.md", b"x")))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, 1)
    assert "password" in why(bytes(data))


def test_w12_too_many_entries_are_refused_at_once() -> None:
    data = zipped(*((f"{n}.txt", b"") for n in range(20_000)), method=zipfile.ZIP_STORED)
    tracemalloc.start()
    begun = time.process_time()
    assert "20000" in why(data)
    assert time.process_time() - begun < 1
    assert tracemalloc.get_traced_memory()[1] < 50 << 20
    tracemalloc.stop()


def test_w12_a_count_that_lies_does_not_help() -> None:
    data = bytearray(zipped(*((f"{n}.txt", b"") for n in range(3_000)), method=zipfile.ZIP_STORED))
    struct.pack_into("<HH", data, len(data) - 14, 5, 5)
    assert why(bytes(data))


def test_w12_a_bomb_is_refused_at_once() -> None:
    data = zipped(("zeros.txt", b"\0" * (64 << 20)))
    begun = time.process_time()
    assert "bomb" in why(data)
    assert time.process_time() - begun < 1


def test_w12_the_sum_of_sizes_is_limited() -> None:
    files = [(f"{n}.bin", os.urandom(1000)) for n in range(20)]
    assert "larger" in why(zipped(*files), Limits(total_bytes=10_000))
    assert "larger" in why(zipped(*files), Limits(file_bytes=500))


def test_w12_a_size_that_lies_is_found_while_unpacking() -> None:
    data = bytearray(zipped(("zeros.txt", b"\0" * (8 << 20))))
    struct.pack_into("<L", data, data.rindex(b"PK\x01\x02") + 24, 1000)
    with open_archive(bytes(data)) as archive:
        with pytest.raises(Refused):
            archive.read("zeros.txt")
        with pytest.raises(Refused):
            archive.open("zeros.txt")


def test_w12_entries_that_share_their_bytes_are_refused() -> None:
    data = zipped(("a.bin", os.urandom(4000)), ("b.bin", b"x"))
    second = data.rindex(b"PK\x01\x02")
    changed = bytearray(data)
    struct.pack_into("<L", changed, second + 20, 4000)
    assert "overlap" in why(bytes(changed))


def test_w12_an_archive_inside_an_archive_is_a_file_like_any_other() -> None:
    inner = zipped(("../evil.txt", b"x"))
    with open_archive(zipped(("inner.zip", inner))) as archive:
        assert archive.read("inner.zip") == inner


def test_w12_other_ways_of_packing_are_refused() -> None:
    assert "plain zip" in why(zipped(("a.md", b"x" * 100), method=zipfile.ZIP_BZIP2))


def test_what_is_no_archive_or_damaged_is_refused() -> None:
    whole = zipped(("a.md", os.urandom(1000)))
    for data in (b"", b"PK", b"not a zip", whole[: len(whole) // 2], whole[: len(whole) - 30]):
        assert "readable zip" in why(data)
    damaged = bytearray(whole)
    damaged[100:110] = b"0123456789"
    with open_archive(bytes(damaged)) as archive, pytest.raises(Refused, match="damaged"):
        archive.read("a.md")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_chinese_names_without_the_flag_are_read(encoding: str) -> None:
    placeholder = "x" * len("第一章/课时.md".encode(encoding))
    data = zipped((placeholder, b"x")).replace(placeholder.encode(), "第一章/课时.md".encode(encoding))
    with open_archive(data) as archive:
        assert [entry.name for entry in archive.members()] == ["第一章/课时.md"]
        assert archive.read("第一章/课时.md") == b"x"


def test_leftovers_of_file_managers_are_not_listed() -> None:
    data = zipped(("a.md", b"x"), ("__MACOSX/._a.md", b"x"), (".DS_Store", b"x"), ("b/Thumbs.db", b"x"))
    with open_archive(data) as archive:
        assert [entry.name for entry in archive.members()] == ["a.md"]
    assert is_junk("a/.git/config")
    assert not is_junk(".github/steps/1.md")


def test_a_file_is_read_within_a_limit_and_opened_seekable() -> None:
    with open_archive(zipped(("a.md", b"0123456789"))) as archive:
        assert archive.head("a.md", 4) == b"0123"
        with pytest.raises(Refused):
            archive.read("a.md", limit=5)
        with pytest.raises(Refused):
            archive.read("b.md")
        with archive.open("a.md") as file:
            file.seek(5)
            assert file.read() == b"56789"


def test_w12_a_folder_is_read_like_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.md").write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    with open_archive(tmp_path) as archive:
        assert [entry.name for entry in archive.members()] == ["a/b.md"]
        assert archive.read("a/b.md") == b"x"
        (tmp_path / "a" / "b.md").unlink()
        (tmp_path / "a" / "b.md").symlink_to("/etc/hostname")
        with pytest.raises(Refused):
            archive.read("a/b.md")


@pytest.mark.parametrize("target", ["/etc", "/etc/hostname"])
def test_w12_a_folder_with_links_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(Refused):
        open_archive(tmp_path)


def test_a_folder_keeps_the_limits(tmp_path: Path) -> None:
    for n in range(5):
        (tmp_path / f"{n}.md").write_text("x" * 100)
    for limits in (Limits(entries=4), Limits(total_bytes=400), Limits(file_bytes=99)):
        with pytest.raises(Refused):
            open_archive(tmp_path, limits)
    with pytest.raises(Refused):
        open_archive(tmp_path / "absent.zip")
