"""The files of a package that lessons use: each typed by its content once, then an asset of the draft."""

from __future__ import annotations

import functools
import re
from urllib.parse import quote

from courses.drafts import HERE, AssetDraft
from courses.packages.links import place
from courses.packages.reading import Remark
from learnhub.kernel.archives import Archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.file_types import HEAD, FileKind, detect
from learnhub.kernel.media_length import seconds_of
from learnhub.kernel.words import Message, _

__all__ = ["HERE", "PackageFiles", "quoted"]


def quoted(path: str) -> str:
    """A path or slug as it stands in an address."""
    return quote(path, safe="/-._~")


class PackageFiles:
    """The assets found so far; a file of a kind that is not accepted is refused once, with its place."""

    def __init__(self, archive: Archive, root: str, refused: list[Remark]) -> None:
        self.assets: dict[str, AssetDraft] = {}
        self.attached_to: dict[str, str] = {}
        """Attachment to the page that lists it: the first that names it; the others link to it in their text."""
        self._archive = archive
        self._root = root
        self._refused = refused
        self._names = {entry.name[len(root) :]: entry.size for entry in archive.members()}
        self._failed: set[str] = set()

    def has(self, path: str) -> bool:
        """Whether the package has a file at this path below its root."""
        return path in self._names

    def add(self, path: str, page: str, kind: str = "", rooted: bool = False) -> str | None:
        """The path of an asset named on a page (from the page's folder unless `rooted`); None when refused.

        With `kind`, a file of another kind is refused too.
        """
        target = path if rooted else place(path, page.rpartition("/")[0])
        if target is None or target not in self._names:
            self._refuse(page, _("The file %(name)s is missing.", name=path[:120]))
            return None
        if target not in self.assets and target not in self._failed:
            self._type(target)
        if target in self._failed:
            return None
        if kind and self.assets[target].kind != kind:
            self._refuse(page, _("The file %(name)s is not of the kind needed here.", name=path[:120]))
            return None
        return target

    def _type(self, target: str) -> None:
        name = self._root + target
        opener = functools.partial(self._archive.open, name)
        try:
            found = detect(self._archive.head(name, HEAD), target, opener)
            asset = AssetDraft(
                target, found.media_type, found.kind, self._names[target], opener, details=dict(found.details)
            )
            if found.kind in {FileKind.VIDEO, FileKind.AUDIO}:
                with opener() as file:
                    asset.seconds = seconds_of(file, found.media_type)
        except Refused as refused:
            self._failed.add(target)
            why = refused.details.get("why", refused.message)
            self._refuse(target, why if isinstance(why, Message) else Message(str(why)))
            return
        self.assets[target] = asset
        if found.kind == FileKind.VIDEO:
            self._add_captions(asset)

    def _add_captions(self, video: AssetDraft) -> None:
        stem = re.escape(video.path.rsplit(".", 1)[0])
        for name in sorted(self._names):
            matched = re.fullmatch(rf"{stem}(?:\.([A-Za-z]{{2,3}}(?:[-_][A-Za-z]{{2,4}})?))?\.vtt", name)
            if matched and self.add(name, "", rooted=True):
                track = {"path": name, "language": (matched.group(1) or "").replace("_", "-")}
                video.details.setdefault("captions", []).append(track)

    def _refuse(self, where: str, reason: Message) -> None:
        self._refused.append(Remark(where, reason))
