"""Packed tapes from outside: read in one pass within limits, links and names that lead outside refused."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from learnhub.kernel.archives import Limits
from learnhub.kernel.errors import Refused
from learnhub.kernel.tarballs import Tarball, is_tarball

LONG = "folder/" * 14 + "a-name-that-is-longer-than-a-plain-header-can-hold.txt"


def tape(*files: tuple[str, bytes], kind: bytes = tarfile.REGTYPE, format: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=format) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.type, info.size = kind, len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def read(data: bytes, limits: Limits | None = None) -> dict[str, bytes]:
    return {entry.name: tape.all() for entry, tape in Tarball(data, limits or Limits(depth=20)).entries()}


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_files_of_every_dialect_are_read(format: int) -> None:
    data = tape(("a/b.txt", b"x" * 700), ("empty", b""), (LONG, b"long"), format=format)
    assert is_tarball(data)
    assert read(data) == {"a/b.txt": b"x" * 700, "empty": b"", LONG: b"long"}


def test_what_nobody_asks_for_is_passed_over() -> None:
    data = tape(("a", b"1" * 100_000), ("b", b"2"), ("c", b"3" * 1000))
    found = Tarball(data, Limits(ratio=2_000)).entries()
    assert [(entry.name, tape.all() if entry.name == "b" else b"") for entry, tape in found] == [
        ("a", b""),
        ("b", b"2"),
        ("c", b""),
    ]


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../b"])
def test_names_that_lead_outside_are_refused(name: str) -> None:
    with pytest.raises(Refused):
        read(tape((name, b"x")))


def test_links_and_special_files_are_refused() -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
        with pytest.raises(Refused):
            read(tape(("a", b""), kind=kind))


def test_what_swells_is_refused() -> None:
    swollen = tape(("a", b"\0" * (20 << 20)))
    with pytest.raises(Refused, match="bomb"):
        read(swollen)
    with pytest.raises(Refused, match="larger"):
        read(tape(("a", bytes(range(256)) * 20_000)), Limits(total_bytes=1 << 20, ratio=10_000))
    with pytest.raises(Refused, match="larger"):
        read(tape(("a", b"x" * 2000)), Limits(file_bytes=1000))
    with pytest.raises(Refused, match="files"):
        read(tape(*((f"n{n}", b"") for n in range(5))), Limits(entries=4))


def test_a_name_without_end_is_refused_before_it_is_held() -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 100 << 20
    with pytest.raises(Refused):
        read(gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + b"a" * 5000))


def test_damage_is_refused_and_a_plain_packed_file_is_no_tape() -> None:
    data = tape(("a", bytes(range(256)) * 400))
    with pytest.raises(Refused):
        read(data[: len(data) // 2])
    raw = bytearray(gzip.decompress(data))
    raw[0] ^= 1
    with pytest.raises(Refused):
        read(gzip.compress(bytes(raw)))
    assert not is_tarball(gzip.compress(b"hello"))
    assert not is_tarball(b"PK\x03\x04")
    assert not is_tarball(b"\x1f\x8b\x08garbage")
