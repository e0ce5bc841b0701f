"""Packed tapes (`.tar.gz`) from outside, read within limits in one pass: nothing is unpacked that nobody asked for."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from learnhub.kernel.archives import Entry, Limits, is_junk, safe_name
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

_BLOCK = 512
_LONGEST_HEADER = 64 << 10
"""Bytes of a record that only says more of the next file: its long name."""
_SAYS_MORE = frozenset(
    {
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
    }
)


def is_tarball(data: bytes) -> bool:
    """Whether these are the bytes of a packed tape."""
    if data[:3] != b"\x1f\x8b\x08":
        return False
    try:
        head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data[: 1 << 20], _BLOCK)
    except zlib.error:
        return False
    return head[257:262] == b"ustar"


@dataclass(frozen=True)
class Taking:
    """A file on the tape, whose bytes can be taken until the next one is asked for."""

    _tape: tarfile.TarFile
    _member: tarfile.TarInfo

    def all(self) -> bytes:
        """The bytes of the file. Refused when the tape ends before they do."""
        try:
            file = self._tape.extractfile(self._member)
            return file.read() if file else b""
        except tarfile.TarError:
            raise _damaged() from None


class Tarball:
    """A packed tape: its files are met in the order in which they stand there."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits

    def entries(self) -> Iterator[tuple[Entry, Taking]]:
        """Every file, and how its bytes are taken.

        Refused for links, names that lead outside, and what exceeds the limits.
        """
        try:
            with tarfile.open(fileobj=_Unpacked(self._data, self._limits), mode="r|", tarinfo=_Header) as tape:  # type: ignore[call-overload]
                for count, member in enumerate(tape, 1):
                    if self._is_file(member, count):
                        name = safe_name(member.name, self._limits)
                        if not is_junk(name):
                            yield Entry(name, member.size), Taking(tape, member)
        except tarfile.TarError:
            raise _damaged() from None

    def _is_file(self, member: tarfile.TarInfo, count: int) -> bool:
        limits = self._limits
        if count > limits.entries:
            raise Refused(_("The archive holds %(n)s files; at most %(limit)s.", n=count, limit=limits.entries))
        if member.isdir():
            return False
        if not member.isreg():
            raise Refused(_("Links and special files are not unpacked."))
        if member.size > limits.file_bytes:
            raise Refused(_("The file is larger than %(limit)s MB.", limit=limits.file_bytes >> 20))
        return True


class _Header(tarfile.TarInfo):
    """A header of a file; one that would hold a name without end is refused before it is read."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        found = super().frombuf(buf, encoding, errors)
        if found.type in _SAYS_MORE and found.size > _LONGEST_HEADER:
            raise Refused(_("The name is too long or too deep."))
        return found


class _Unpacked:
    """The bytes of a tape as they are unpacked; refused where they swell as a bomb does."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._packed = io.BytesIO(data)
        self._stream = gzip.GzipFile(fileobj=self._packed)
        self._limits = limits
        self._taken = 0

    def read(self, size: int) -> bytes:
        try:
            found = self._stream.read(size)
        except (OSError, EOFError, zlib.error):
            raise _damaged() from None
        self._taken += len(found)
        if self._taken > self._limits.total_bytes:
            limit = self._limits.total_bytes >> 20
            raise Refused(_("Unpacked, the archive is larger than %(limit)s MB.", limit=limit))
        if self._taken > self._limits.ratio_from and self._taken > self._packed.tell() * self._limits.ratio:
            raise Refused(_("The file is packed suspiciously tightly, as a bomb is."))
        return found


def _damaged() -> Refused:
    return Refused(_("The file is damaged in the archive."))
