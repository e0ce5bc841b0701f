"""Settings: each is documented, and a wrong one stops the start with a sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from learnhub.config import Config, ConfigError, read_config
from learnhub.kernel import signing

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"
GOOD = "0123456789abcdef" * 3


def test_the_document_lists_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"^\| `(LEARNHUB_\w+)`", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == {f"LEARNHUB_{name.upper()}" for name in Config.model_fields}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Mars/Olympus"),
        ("base_url", "learnhub.example"),
        ("database_url", "mysql://x"),
        ("files_url", "ftp://x"),
        ("default_locale", "fr"),
        ("idle_minutes", "0"),
        ("trusted_proxies", "many"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"LEARNHUB_{name.upper()}", value)
    with pytest.raises(ConfigError, match=f"LEARNHUB_{name.upper()}"):
        read_config()


@pytest.mark.parametrize("key", ["short", "changeme", "a" * 64, "abab" * 16])
def test_w19_a_default_empty_or_short_key_stops_the_start(key: str) -> None:
    with pytest.raises(ConfigError, match="LEARNHUB_SECRET_KEY"):
        read_config(secret_key=key)


def test_w19_with_postgresql_a_missing_key_stops_the_start() -> None:
    config = read_config(database_url="postgresql://localhost/x", secret_key="")
    with pytest.raises(ConfigError, match="LEARNHUB_SECRET_KEY is required"):
        config.complete_keys(signing.make_key)


def test_w19_keys_of_the_embedded_shape_are_made_once_and_kept_for_their_owner(tmp_path: Path) -> None:
    first = read_config(instance=tmp_path).complete_keys(signing.make_key)
    again = read_config(instance=tmp_path).complete_keys(signing.make_key)
    assert (first.secret_key, first.signing_key) == (again.secret_key, again.signing_key)
    assert len(first.secret_key) >= 32
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.key")} == {0o600}


def test_w19_the_repository_holds_no_secret() -> None:
    root = Path(__file__).parents[2]
    secret = re.compile(rb'"d":\s*"[\w-]{40,}"|BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY|lh_[\w-]{43}')
    checked = [
        path
        for folder in ("learnhub", "courses", "question_bank", "migrations", "docs", "scripts", "benchmarks", "tests")
        for path in (root / folder).rglob("*")
        if path.is_file() and path.suffix in {".py", ".md", ".toml", ".json", ".html", ".js", ".txt", ".yml", ".key"}
    ]
    assert len(checked) > 50
    assert [str(path) for path in checked if secret.search(path.read_bytes())] == []


@pytest.mark.parametrize("key", ["short", "a" * 44, "0123456789" * 4 + "一二三四"])
def test_a_key_for_fields_that_is_none_stops_the_start(key: str) -> None:
    with pytest.raises(ConfigError, match="LEARNHUB_FIELD_KEYS"):
        read_config(field_keys=key)


@pytest.mark.parametrize("key", ["short", "{}", "[1]", '{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}'])
def test_a_key_to_sign_with_that_is_none_stops_the_start(key: str) -> None:
    with pytest.raises(ConfigError, match="LEARNHUB_SIGNING_KEY"):
        read_config(signing_key=key)


def test_a_public_key_signs_nothing_and_stops_the_start() -> None:
    public = json.dumps(signing.public_key(signing.make_key()))
    with pytest.raises(ConfigError, match="LEARNHUB_SIGNING_KEY"):
        read_config(signing_key=public)


def test_with_postgresql_a_missing_key_for_fields_stops_the_start() -> None:
    config = read_config(database_url="postgresql://localhost/x", secret_key=GOOD, signing_key=signing.make_key())
    with pytest.raises(ConfigError, match="LEARNHUB_FIELD_KEYS is required"):
        config.complete_keys(signing.make_key)
