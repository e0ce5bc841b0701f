"""Safe Exam Browser: the hash that each of its requests carries, and a configuration with its Config Key.

After its documentation: https://safeexambrowser.org/developer/seb-config-key.html ("How the Config Key is generated",
"Checking the Config Key"), the specification of the Browser Exam Key beside it, and seb-file-format.html for the file.
"""

from __future__ import annotations

import hashlib
import hmac
import plistlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

CONFIG_HEADER = "X-SafeExamBrowser-ConfigKeyHash"
BROWSER_HEADER = "X-SafeExamBrowser-RequestHash"
MEDIA_TYPE = "application/seb"


def request_hash(url: str, key: str) -> str:
    """What the header of a request holds: SHA-256 of its absolute address, without a fragment, and the key."""
    return hashlib.sha256((url.split("#", 1)[0] + key).encode()).hexdigest()


def is_right(url: str, keys: Iterable[str], header: str | None) -> bool:
    """Whether a header is the hash of this very address with one of the keys."""
    given = (header or "").strip().lower().encode()
    return any(hmac.compare_digest(request_hash(url, key).encode(), given) for key in keys)


def settings_for(start: str) -> dict[str, Any]:
    """A configuration that opens this address, stays with its site, and sends the hashes in headers.

    Keys that are not named have the browser's own safe values. `browserWindowWebView` 2 keeps pages of the site in the
    engine that can send headers (macOS, iOS).
    """
    rule = {"action": 1, "active": True, "expression": urlsplit(start).netloc, "regex": False}
    return {
        "allowDictation": False,
        "allowPreferencesWindow": False,
        "allowQuit": True,
        "allowSpellCheck": False,
        "browserWindowAllowReload": True,
        "browserWindowWebView": 2,
        "examSessionClearCookiesOnStart": True,
        "sebConfigPurpose": 0,
        "sendBrowserExamKey": True,
        "startURL": start,
        "URLFilterEnable": True,
        "URLFilterRules": [rule],
    }


def config_file(settings: Mapping[str, Any]) -> bytes:
    """The configuration as the property list that a .seb file without a password is."""
    return plistlib.dumps(dict(settings), fmt=plistlib.FMT_XML)


def config_key(settings: Mapping[str, Any]) -> str:
    """The Config Key of a configuration: SHA-256 of its SEB-JSON, in small hexadecimal digits."""
    return hashlib.sha256(seb_json(settings).encode()).hexdigest()


def seb_json(settings: Mapping[str, Any]) -> str:
    """A configuration as SEB-JSON: keys sorted whatever their case, no white space, nothing escaped, no empty
    dictionaries; `originatorVersion` is left out."""
    return _said({key: value for key, value in settings.items() if key != "originatorVersion"})


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        kept = [(key, one) for key, one in value.items() if not (isinstance(one, Mapping) and not one)]
        kept.sort(key=lambda pair: pair[0].casefold())
        return "{" + ",".join(f'"{key}":{_said(one)}' for key, one in kept) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ",".join(_said(one) for one in value) + "]"
    return f'"{value}"'
