"""Fetch the front end's pinned packages from npm, check their integrity, and keep only the files that we serve."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

from scripts import trim

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "vendor.json"
TARGET = ROOT / "learnhub" / "web" / "static" / "vendor"
SPRITE = ROOT / "learnhub" / "web" / "static" / "img" / "icons.svg"


def pack(name: str, version: str, folder: Path) -> Path:
    """The package's archive, as the registry gives it; nothing of it is run."""
    out = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--json", "--pack-destination", str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    return folder / json.loads(out.stdout)[0]["filename"].replace("@", "").replace("/", "-")


def integrity(archive: Path) -> str:
    """The archive's digest as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()


def fetch(package: dict[str, object], folder: Path) -> tarfile.TarFile:
    """The checked archive of a package of the list; a first time fills in its integrity."""
    archive = pack(str(package["name"]), str(package["version"]), folder)
    found = integrity(archive)
    wanted = package.setdefault("integrity", found)
    if wanted != found:
        raise SystemExit(f"{package['name']}: integrity is {found}, vendor.json says {wanted}")
    return tarfile.open(archive)


def sprite(archive: tarfile.TarFile, icons: list[str]) -> str:
    """One file with the chosen icons as symbols."""
    symbols = []
    for icon in sorted(icons):
        source = archive.extractfile(f"package/icons/{icon}.svg")
        assert source is not None
        inner = re.search(r"<svg[^>]*viewBox=\"([^\"]+)\"[^>]*>(.*?)</svg>", source.read().decode(), re.DOTALL)
        assert inner is not None
        body = re.sub(r"\s*\n\s*", "", inner.group(2))
        symbols.append(f'<symbol id="{icon}" viewBox="{inner.group(1)}">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"


def served(name: str, content: bytes) -> bytes:
    """A file of a package as we serve it: without the address of its sources, fonts in the one form that we keep."""
    if not name.endswith((".js", ".css")):
        return content
    content = re.sub(rb"\n?(?://|/\*)# sourceMappingURL=.*", b"", content)
    content = re.sub(rb',url\([^)]+\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', b"", content)
    return re.sub(rb"url\((fonts/)", rb"url(./\1", content)


def main() -> None:
    """Bring learnhub/web/static/vendor to what vendor.json says."""
    packages = json.loads(LIST.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        for package in packages:
            with fetch(package, Path(folder)) as archive:
                for source, name in package.get("files", {}).items():
                    found = archive.extractfile(f"package/{source}")
                    assert found is not None, source
                    target = TARGET / package["name"] / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(served(name, found.read()))
                if package.get("icons"):
                    SPRITE.parent.mkdir(parents=True, exist_ok=True)
                    SPRITE.write_text(sprite(archive, package["icons"]), encoding="utf-8")
            print(f"{package['name']} {package['version']}")
    trim.main()
    LIST.write_text(json.dumps(packages, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
