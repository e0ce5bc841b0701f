"""What this process was started with and everybody below web may ask: time zone, file store, keys, address."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from learnhub.kernel.files import Files, FolderFiles


@dataclass
class House:
    """One organisation's fixed settings. `app.create_app` fills it in; nobody else writes to it."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    files: Files = field(default_factory=lambda: FolderFiles(Path("instance/files")))
    signing_key: str = ""
    field_keys: tuple[str, ...] = ()
    base_url: str = "http://127.0.0.1:8000"
    default_locale: str = "zh_Hans"
    mail_url: str = ""
    """How mail is sent; empty where none is."""
    mail_from: str = ""


house = House()
