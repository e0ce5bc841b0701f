"""Archives and folders from outside, read within limits: nothing escapes, explodes, or is opened inside another."""

from __future__ import annotations

import os
import re
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NoReturn, Protocol, Self, cast

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _

CHUNK = 1 << 16
IN_MEMORY = 1 << 20
"""Bytes of an opened file that stay in memory; a longer one is spooled to a temporary file."""

_JUNK_FOLDERS = frozenset({"__MACOSX", ".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv"})
_JUNK_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Limits:
    """What an archive may hold. Sizes in bytes; `ratio` is unpacked over packed, judged above `ratio_from` bytes."""

    entries: int = 2_000
    total_bytes: int = 1 << 30
    file_bytes: int = 512 << 20
    ratio: int = 200
    ratio_from: int = 1 << 20
    name_length: int = 255
    depth: int = 16


@dataclass(frozen=True)
class Entry:
    """A file in an archive: its path with forward slashes, and its unpacked size in bytes."""

    name: str
    size: int


class Archive(Protocol):
    """What can be read from: a zip or a folder."""

    def members(self) -> list[Entry]:
        """The files, sorted by name; leftovers of file managers and version control are not listed."""

    def read(self, name: str, limit: int | None = None) -> bytes:
        """A whole file; Refused when it is longer than `limit` bytes or absent."""

    def head(self, name: str, size: int = 4096) -> bytes:
        """The first bytes of a file."""

    def open(self, name: str) -> BinaryIO:
        """A file as a seekable binary file of its own, spooled within the limits."""

    def close(self) -> None:
        """Let go of the file behind."""


def open_archive(source: bytes | str | Path | BinaryIO, limits: Limits | None = None) -> ZipArchive | FolderArchive:
    """A zip (its bytes, its path, an open file) or a folder, checked as a whole before anything is read.

    Raises Refused, with the entry's name in `details["where"]`, for names that lead outside (`..`, absolute, drive,
    UNC, backslash), links, duplicates, encryption, and for whatever exceeds the limits.
    """
    limits = limits or Limits()
    if isinstance(source, str | Path):
        path = Path(source)
        if path.is_dir():
            return FolderArchive(path, limits)
        try:
            return ZipArchive(path.open("rb"), limits)
        except OSError as error:
            _refuse(path.name, _("The file can't be opened: %(reason)s", reason=error.strerror or str(error)))
    return ZipArchive(BytesIO(source) if isinstance(source, bytes) else source, limits)


class _Reading(ABC):
    """The part that zips and folders share: whole reads and spooled files on top of a stream of chunks."""

    limits: Limits
    _entries: dict[str, Entry]

    def members(self) -> list[Entry]:
        return [entry for name, entry in sorted(self._entries.items()) if not is_junk(name)]

    def read(self, name: str, limit: int | None = None) -> bytes:
        entry = self._entry(name)
        if limit is not None and entry.size > limit:
            _refuse(name, _("%(size)s bytes are too many here; at most %(limit)s.", size=entry.size, limit=limit))
        return b"".join(self._checked(entry))

    def head(self, name: str, size: int = 4096) -> bytes:
        taken = b""
        for chunk in self._checked(self._entry(name)):
            taken += chunk
            if len(taken) >= size:
                break
        return taken[:size]

    def open(self, name: str) -> BinaryIO:
        spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        try:
            for chunk in self._checked(self._entry(name)):
                spool.write(chunk)
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return cast(BinaryIO, spool)

    @abstractmethod
    def close(self) -> None:
        """Let go of the file behind."""

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _entry(self, name: str) -> Entry:
        if name not in self._entries:
            _refuse(name, _("There is no such file in the package."))
        return self._entries[name]

    def _checked(self, entry: Entry) -> Iterator[bytes]:
        taken = 0
        for chunk in self._chunks(entry):
            taken += len(chunk)
            if taken > entry.size or taken > self.limits.file_bytes:
                _refuse(entry.name, _("The file is longer than its archive says."))
            yield chunk

    @abstractmethod
    def _chunks(self, entry: Entry) -> Iterator[bytes]:
        """The content of an entry, piece by piece."""


class ZipArchive(_Reading):
    """A zip, read in place."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self.limits = limits
        self._file = file
        try:
            size = _refuse_long_directory(file, limits)
            self._zip = zipfile.ZipFile(file)
            self._infos = self._checked_infos(size)
        except (zipfile.BadZipFile, struct.error, ValueError, EOFError, OverflowError, NotImplementedError) as error:
            file.close()
            raise _refusal("", _("This is not a readable zip archive.")) from error
        except BaseException:
            file.close()
            raise
        self._entries = {name: Entry(name, info.file_size) for name, info in self._infos.items()}

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    def _checked_infos(self, archive_size: int) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > self.limits.entries:
            _refuse_count(len(infos), self.limits)
        files: dict[str, zipfile.ZipInfo] = {}
        seen: set[str] = set()
        unpacked = packed = 0
        for info in infos:
            name = safe_name(_name_of(info), self.limits)
            if name in seen:
                _refuse(name, _("The name stands twice in the archive."))
            seen.add(name)
            self._refuse_unsafe(name, info)
            unpacked += info.file_size
            packed += info.compress_size
            _refuse_total(unpacked, self.limits)
            if not info.is_dir():
                files[name] = info
        if packed > archive_size:
            _refuse("", _("Entries of the archive overlap."))
        _refuse_file_as_folder(files)
        return files

    def _refuse_unsafe(self, name: str, info: zipfile.ZipInfo) -> None:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            _refuse(name, _("Links and special files are not unpacked."))
        if info.flag_bits & 0x2041:
            _refuse(name, _("The archive is encrypted; pack it without a password."))
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            _refuse(name, _("The file is packed by a method that is not read here; use plain zip."))
        if info.file_size > self.limits.file_bytes:
            _refuse_size(name, self.limits)
        if info.file_size > self.limits.ratio_from and info.file_size > info.compress_size * self.limits.ratio:
            _refuse(name, _("The file is packed suspiciously tightly, as a bomb is."))

    def _chunks(self, entry: Entry) -> Iterator[bytes]:
        try:
            with self._zip.open(self._infos[entry.name]) as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise _refusal(entry.name, _("The file is damaged in the archive.")) from error


class FolderArchive(_Reading):
    """A folder on disk, read like an archive."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self.limits = limits
        self._root = root.resolve()
        self._entries = {}
        total = 0
        for path in self._walk(self._root):
            name = safe_name(path.relative_to(self._root).as_posix(), limits)
            facts = path.lstat()
            if not stat.S_ISREG(facts.st_mode):
                _refuse(name, _("Links and special files are not unpacked."))
            if facts.st_size > limits.file_bytes:
                _refuse_size(name, limits)
            total += facts.st_size
            _refuse_total(total, limits)
            self._entries[name] = Entry(name, facts.st_size)
            if len(self._entries) > limits.entries:
                _refuse_count(len(self._entries), limits)

    def close(self) -> None:
        """A folder holds nothing open."""

    def _walk(self, folder: Path) -> Iterator[Path]:
        for current, folders, files in os.walk(folder, followlinks=False):
            here = Path(current)
            for name in folders:
                if (here / name).is_symlink():
                    _refuse(
                        (here / name).relative_to(folder).as_posix(), _("Links and special files are not unpacked.")
                    )
            folders[:] = sorted(name for name in folders if name not in _JUNK_FOLDERS)
            yield from (here / name for name in sorted(files))

    def _chunks(self, entry: Entry) -> Iterator[bytes]:
        try:
            handle = os.open(self._root / entry.name, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError as error:
            raise _refusal(
                entry.name, _("The file can't be opened: %(reason)s", reason=error.strerror or "")
            ) from error
        with os.fdopen(handle, "rb") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk


def is_junk(name: str) -> bool:
    """Whether a path is a leftover of a file manager or of version control, which nobody meant to send."""
    *folders, last = name.split("/")
    return last in _JUNK_FILES or last.startswith("._") or not _JUNK_FOLDERS.isdisjoint(folders)


def safe_name(name: str, limits: Limits | None = None) -> str:
    """A path inside an archive with forward slashes, without `.` parts; Refused when it leads anywhere else."""
    limits = limits or Limits()
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        _refuse(name, _("The name holds control characters."))
    if "\\" in name:
        _refuse(name, _("The name holds a backslash; folders are separated by /."))
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        _refuse(name, _("The name is an absolute path."))
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if any(part.strip() == ".." or part.rstrip(". ") == "" for part in parts):
        _refuse(name, _("The name leads out of the archive."))
    clean = unicodedata.normalize("NFC", "/".join(parts))
    if not clean:
        _refuse(name, _("The name is empty."))
    if len(clean) > limits.name_length or len(parts) > limits.depth:
        _refuse(name, _("The name is too long or too deep."))
    return clean


def _name_of(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.orig_filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")


def _refuse_long_directory(file: BinaryIO, limits: Limits) -> int:
    """Look at the counts in the archive's last record before the directory is read; gives the file's size."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - (1 << 16) - _END.size)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile
    count, directory = _END.unpack_from(tail, at)[4:6]
    end_64 = tail.rfind(b"PK\x06\x06", 0, at)
    if end_64 >= 0 and at - end_64 >= _END_64.size:
        count, directory = _END_64.unpack_from(tail, end_64)[7:9]
    elif tail[max(at - 20, 0) : at].startswith(b"PK\x06\x07"):
        raise zipfile.BadZipFile
    if count > limits.entries:
        _refuse_count(count, limits)
    if directory > 4096 + limits.entries * 1024:
        _refuse("", _("The archive's list of files is too long."))
    file.seek(0)
    return size


def _refuse_file_as_folder(files: Iterable[str]) -> None:
    names = set(files)
    for name in names:
        parts = name.split("/")
        for depth in range(1, len(parts)):
            if "/".join(parts[:depth]) in names:
                _refuse(name, _("A file and a folder have the same name."))


def _refuse_count(count: int, limits: Limits) -> NoReturn:
    _refuse("", _("The archive holds %(n)s files; at most %(limit)s.", n=count, limit=limits.entries))


def _refuse_total(total: int, limits: Limits) -> None:
    if total > limits.total_bytes:
        _refuse("", _("Unpacked, the archive is larger than %(limit)s MB.", limit=limits.total_bytes >> 20))


def _refuse_size(name: str, limits: Limits) -> None:
    _refuse(name, _("The file is larger than %(limit)s MB.", limit=limits.file_bytes >> 20))


def _refusal(where: str, why: Message) -> Refused:
    message = _("%(where)s: %(why)s", where=printable(where), why=why) if where else why
    return Refused(message, where=printable(where), why=why)


def _refuse(where: str, why: Message) -> NoReturn:
    raise _refusal(where, why)


def printable(name: str) -> str:
    """A name from outside as it may stand in a message: control characters replaced, at most 120 characters."""
    hidden = {"Cc", "Cs", "Cf"}
    shown = "".join("\ufffd" if unicodedata.category(letter) in hidden else letter for letter in name)
    return shown if len(shown) <= 120 else shown[:119] + "…"
