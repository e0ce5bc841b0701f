"""Packed tapes (`.tar.gz`) from outside, read within limits in one pass: nothing is unpacked that nobody asked for."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator

from learnhub.kernel.archives import CHUNK, Entry, Limits, is_junk, safe_name
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

_BLOCK = 512
_LONGEST_HEADER = 64 << 10
"""Bytes of a record that only gives the next file a long name."""
_FILES, _FOLDER, _LONG_NAME, _EXTENDED, _GLOBAL = b"0\0", b"5", b"L", b"x", b"g"


def is_tarball(data: bytes) -> bool:
    """Whether these are the bytes of a packed tape."""
    if data[:3] != b"\x1f\x8b\x08":
        return False
    try:
        head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data[: 1 << 20], _BLOCK)
    except zlib.error:
        return False
    return head[257:262] == b"ustar"


class Tarball:
    """A packed tape: its files are met in the order in which they stand there."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits

    def entries(self) -> Iterator[tuple[Entry, Tape]]:
        """Every file with what its bytes can be taken from, until the next one is asked for.

        Refused for links, names that lead outside, and what exceeds the limits.
        """
        tape = Tape(self._data, self._limits)
        count, long_name = 0, ""
        while header := tape.header():
            kind, size = header[156:157], _number(header[124:136])
            if kind in {_LONG_NAME, _EXTENDED, _GLOBAL}:
                if size > _LONGEST_HEADER:
                    raise Refused(_("The name is too long or too deep."))
                record = tape.take(size)
                long_name = _path_of(record) if kind == _EXTENDED else long_name
                long_name = _words(record) if kind == _LONG_NAME else long_name
                continue
            count += 1
            if count > self._limits.entries:
                raise Refused(
                    _("The archive holds %(n)s files; at most %(limit)s.", n=count, limit=self._limits.entries)
                )
            written, long_name = long_name or _name_of(header), ""
            if kind == _FOLDER:
                continue
            if kind not in _FILES:
                raise Refused(_("Links and special files are not unpacked."))
            if size > self._limits.file_bytes:
                raise Refused(_("The file is larger than %(limit)s MB.", limit=self._limits.file_bytes >> 20))
            name = safe_name(written, self._limits)
            tape.left = size
            if not is_junk(name):
                yield Entry(name, size), tape
            tape.skip()


class Tape:
    """The bytes of a tape as they are unpacked, one file after the other; refused where they swell as a bomb does."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._packed = io.BytesIO(data)
        self._stream = gzip.GzipFile(fileobj=self._packed)
        self._limits = limits
        self._taken = 0
        self.left = 0
        """Bytes of the file at hand that were not taken yet."""
        self._beyond = 0

    def header(self) -> bytes:
        """The next file's header; empty at the end of the tape."""
        self._read_through(self._beyond)
        self._beyond = 0
        block = self._read(_BLOCK)
        if len(block) < _BLOCK or not block.strip(b"\0"):
            return b""
        if sum(block) - sum(block[148:156]) + 8 * 32 != _number(block[148:156]):
            raise Refused(_("The file is damaged in the archive."))
        return block

    def take(self, size: int) -> bytes:
        """The bytes of a record that is no file."""
        self.left = size
        return self.all()

    def all(self) -> bytes:
        """What is left of the file at hand."""
        size, self.left = self.left, 0
        found = self._read(size)
        self._beyond = -size % _BLOCK
        if len(found) < size:
            raise Refused(_("The file is damaged in the archive."))
        return found

    def skip(self) -> None:
        """Go on to the end of the file at hand."""
        if self.left:
            size, self.left = self.left, 0
            self._read_through(size)
            self._beyond = -size % _BLOCK

    def _read_through(self, size: int) -> None:
        while size > 0:
            chunk = self._read(min(size, CHUNK))
            if not chunk:
                raise Refused(_("The file is damaged in the archive."))
            size -= len(chunk)

    def _read(self, size: int) -> bytes:
        try:
            found = self._stream.read(size)
        except (OSError, EOFError, zlib.error):
            raise Refused(_("The file is damaged in the archive.")) from None
        self._taken += len(found)
        if self._taken > self._limits.total_bytes:
            limit = self._limits.total_bytes >> 20
            raise Refused(_("Unpacked, the archive is larger than %(limit)s MB.", limit=limit))
        if self._taken > self._limits.ratio_from and self._taken > self._packed.tell() * self._limits.ratio:
            raise Refused(_("The file is packed suspiciously tightly, as a bomb is."))
        return found


def _number(field: bytes) -> int:
    text = field.strip(b" \0")
    try:
        return int(text, 8) if text else 0
    except ValueError:
        raise Refused(_("The file is damaged in the archive.")) from None


def _words(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")


def _name_of(header: bytes) -> str:
    folder = _words(header[345:500]) if header[257:263] == b"ustar\0" else ""
    name = _words(header[:100])
    return f"{folder}/{name}" if folder else name


def _path_of(record: bytes) -> str:
    """The path that an extended header gives the next file: lines of `LENGTH key=value`."""
    for line in record.split(b"\n"):
        key, _equals, value = line.partition(b" ")[2].partition(b"=")
        if key == b"path":
            return value.decode("utf-8", "replace")
    return ""
