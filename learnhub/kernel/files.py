"""Where uploaded bytes live: by the digest of their content, so that the same file is stored once and never changes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _

CHUNK = 1 << 20


@dataclass(frozen=True)
class Stored:
    """A stored content: its SHA-256 in hex and its size in bytes."""

    digest: str
    size: int


class Files(Protocol):
    """What a store of files can do."""

    def put(self, source: BinaryIO | bytes) -> Stored:
        """Keep a content; the same content twice is kept once."""

    def open(self, digest: str) -> BinaryIO:
        """The content as a seekable binary file; NotFound when the store does not have it."""

    def size(self, digest: str) -> int:
        """Bytes of a content; NotFound when the store does not have it."""

    def remove(self, digest: str) -> None:
        """Forget a content for good, if the store has it. The caller knows that nothing else refers to it."""


class FolderFiles:
    """A store in a folder: two levels of sub-folders by digest, written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, source: BinaryIO | bytes) -> Stored:
        self.root.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.root, prefix=".part-", delete=False) as part:
            try:
                for chunk in _chunks(source):
                    digest.update(chunk)
                    size += len(chunk)
                    part.write(chunk)
                part.flush()
                os.fsync(part.fileno())
                target = self._path(digest.hexdigest())
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(part.name, target)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
        return Stored(digest.hexdigest(), size)

    def open(self, digest: str) -> BinaryIO:
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            raise NotFound(_("This file is no longer in the store.")) from None

    def size(self, digest: str) -> int:
        try:
            return self._path(digest).stat().st_size
        except FileNotFoundError:
            raise NotFound(_("This file is no longer in the store.")) from None

    def remove(self, digest: str) -> None:
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise NotFound(_("This file is no longer in the store."))
        return self.root / digest[:2] / digest[2:4] / digest


def _chunks(source: BinaryIO | bytes) -> Iterable[bytes]:
    return [source] if isinstance(source, bytes) else iter(lambda: source.read(CHUNK), b"")
