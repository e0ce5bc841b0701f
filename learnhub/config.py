"""Settings: read from the environment once, checked once; a wrong one stops the start with a sentence."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from learnhub.kernel import mail, signing

SHORTEST_KEY = 32
_GUESSABLE = {"changeme", "secret", "dev", "password", "default", "learnhub"}


class ConfigError(Exception):
    """A setting is wrong; the text names it and says what to write instead."""


class Config(BaseSettings):
    """Every setting is an environment variable `LEARNHUB_NAME`; docs/configuration.md lists them."""

    model_config = SettingsConfigDict(env_prefix="LEARNHUB_", extra="ignore", frozen=False)

    instance: Path = Field(
        default_factory=lambda: Path.cwd() / "instance",
        description="Folder for data of the embedded shape: database, files, keys.",
    )
    database_url: str = Field(
        "",
        description=(
            "SQLAlchemy address; default: learnhub.db in the instance folder. postgresql:// is served by psycopg 3."
        ),
    )
    secret_key: str = Field(
        "",
        description=(
            "Signs cookies; at least 32 characters. Made and kept in the instance folder when absent on SQLite."
        ),
    )
    secret_key_old: str = Field("", description="The key before the last rotation: still accepted for reading cookies.")
    signing_key: str = Field(
        "",
        description=(
            "Ed25519 private key (JWK as JSON) that signs transcripts. Made and kept in the instance folder "
            "when absent on SQLite."
        ),
    )
    field_keys: str = Field(
        "",
        description=(
            "Keys that seal sensitive fields of members, newest first, with commas between them. Made and kept in the "
            "instance folder when absent on SQLite."
        ),
    )
    files_url: str = Field(
        "",
        description="Where uploaded files live: file:///path. Default: files/ in the instance folder.",
    )
    files_origin: str = Field(
        "",
        description=(
            "A second origin, without cookies, that serves uploaded files. Empty: the same origin, sandboxed."
        ),
    )
    redis_url: str = Field(
        "",
        description="Redis for rate limits shared by several nodes. Empty: limits are kept in memory.",
    )
    mail_url: str = Field(
        "",
        description=(
            "How mail is sent: smtp://name:password@host:587, smtps://name:password@host:465, or file:///folder, "
            "which keeps the messages there. Empty: no mail, sign-in codes are printed."
        ),
    )
    mail_from: str = Field("", description="Who mail comes from. Empty: learnhub@ and the host of the base address.")
    base_url: str = Field(
        "http://127.0.0.1:8000",
        description="The address that people type; links in print and QR codes begin with it.",
    )
    timezone: str = Field(
        "Asia/Shanghai",
        description="The organisation's time zone: days, weeks and months begin by it.",
    )
    default_locale: Literal["zh_Hans", "en"] = Field("zh_Hans", description="Language of a visitor who states none.")
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=5,
        description="How many proxies in front of us are ours; their X-Forwarded headers are believed.",
    )
    idle_minutes: int = Field(
        720,
        ge=5,
        description="After so many minutes without a request the password is asked again, in place.",
    )
    starts_per_second: float = Field(
        20,
        ge=0,
        le=10_000,
        description=(
            "Quizzes that may be started each second in each web process; who comes beyond that waits in the lobby. "
            "0: no lobby."
        ),
    )
    busy_requests: int = Field(
        8,
        ge=0,
        description=(
            "Requests worked on at once in a web process, for a second or longer, from which exports, boards and "
            "searches are refused; from twice as many, everything but exams. 0: never."
        ),
    )
    max_upload_mb: int = Field(200, ge=1, description="Largest request body, in MB of 1,000,000 bytes.")
    demo_password: str = Field(
        "",
        description="Password of the demo accounts. Empty: made once and kept in the instance folder.",
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except Exception:
            raise ValueError(f"“{value}” is not a time zone; write a name such as Asia/Shanghai") from None
        return value

    @field_validator("base_url", "files_origin")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("mail_url")
    @classmethod
    def _usable_mail(cls, value: str) -> str:
        if value and (fault := mail.fault_of(value)):
            raise ValueError(fault)
        return value

    @field_validator("secret_key")
    @classmethod
    def _strong_key(cls, value: str) -> str:
        if value and (len(value) < SHORTEST_KEY or value.lower().strip() in _GUESSABLE or len(set(value)) < 8):
            raise ValueError(f"must be {SHORTEST_KEY} random characters or more, as `openssl rand -hex 32` prints")
        return value

    @field_validator("signing_key")
    @classmethod
    def _signing_key(cls, value: str) -> str:
        if value and not signing.is_key(value):
            raise ValueError('a private key for Ed25519 as JWK: {"kty":"OKP","crv":"Ed25519","x":"…","d":"…"}')
        return value

    @field_validator("field_keys")
    @classmethod
    def _whole_keys(cls, value: str) -> str:
        for key in filter(None, (one.strip() for one in value.split(","))):
            if len(key) != 44 or len(set(key)) < 8:
                raise ValueError("each key is 32 random bytes in URL-safe Base64: 44 characters")
            try:
                urlsafe_b64decode(key)
            except ValueError:
                raise ValueError("each key is 32 random bytes in URL-safe Base64: 44 characters") from None
        return value

    @model_validator(mode="after")
    def _complete(self) -> Config:
        self.instance = self.instance.absolute()
        if not self.database_url:
            self.database_url = f"sqlite:///{self.instance / 'learnhub.db'}"
        if self.database_url.startswith(("postgres://", "postgresql://")):
            self.database_url = "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("LEARNHUB_DATABASE_URL must begin with sqlite:/// or postgresql://")
        if not self.files_url:
            self.files_url = (self.instance / "files").as_uri()
        if not self.files_url.startswith("file:///"):
            raise ValueError("LEARNHUB_FILES_URL must begin with file:///")
        if not self.mail_from:
            self.mail_from = f"learnhub@{urlsplit(self.base_url).hostname or 'localhost'}"
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded shape: SQLite, one machine."""
        return self.database_url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Whether people reach us over https."""
        return self.base_url.startswith("https://")

    def kept_secret(self, name: str, make: Any) -> str:
        """A key that the embedded shape makes once and keeps, readable by its owner only."""
        path = self.instance / f"{name}.key"
        if not path.exists():
            self.instance.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(make(), encoding="utf-8")
        return path.read_text(encoding="utf-8").strip()

    def complete_keys(self, make_signing_key: Any) -> Config:
        """Fill in the keys: from the instance folder when embedded; elsewhere their absence stops the start."""
        made = {
            "secret_key": lambda: secrets.token_hex(32),
            "signing_key": make_signing_key,
            "field_keys": lambda: urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        for name, make in made.items():
            if getattr(self, name):
                continue
            if not self.embedded:
                variable = f"LEARNHUB_{name.upper()}"
                raise ConfigError(f"{variable} is required with PostgreSQL: every node needs the same key.")
            setattr(self, name, self.kept_secret(name, make))
        return self


def read_config(**overrides: Any) -> Config:
    """The settings from the environment; ConfigError with a sentence for people when one is wrong."""
    try:
        return Config(**overrides)
    except ValidationError as error:
        sentences = []
        for fault in error.errors():
            name = "LEARNHUB_" + "_".join(str(part) for part in fault["loc"]).upper() if fault["loc"] else "Settings"
            sentences.append(f"{name}: {fault['msg'].removeprefix('Value error, ')}")
        raise ConfigError("; ".join(sentences)) from None
