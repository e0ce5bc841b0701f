"""Signatures with Ed25519 (RFC 8032) as compact JWS (RFC 7515, RFC 9864): for transcripts and checkpoints."""

from __future__ import annotations

import json
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"


class BadSignature(Exception):
    """The text was not signed with this key, or was changed afterwards."""


def make_key() -> str:
    """A fresh private key as JWK JSON."""
    return json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True))


def is_key(text: str) -> bool:
    """Whether a text is a private key for Ed25519, as `make_key` writes it."""
    try:
        key = OKPKey.import_key(json.loads(text))
    except (JoseError, ValueError, TypeError, KeyError):
        return False
    return key.is_private and key.curve_name == ALGORITHM


def public_key(private: str) -> dict[str, Any]:
    """The public half of a private key as JWK, with its thumbprint (RFC 7638) as `kid`."""
    key = OKPKey.import_key(json.loads(private))
    return {**key.as_dict(private=False), "kid": key.thumbprint()}


def sign(payload: bytes, private: str) -> str:
    """Compact JWS over the payload; the header names the key by its thumbprint."""
    key = OKPKey.import_key(json.loads(private))
    header = {"alg": ALGORITHM, "kid": key.thumbprint()}
    return jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM])


def verify(token: str, public: dict[str, Any]) -> bytes:
    """The payload of a compact JWS made with the key; BadSignature otherwise."""
    try:
        found = jws.deserialize_compact(token, OKPKey.import_key(public), algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError) as error:
        raise BadSignature(str(error)) from None
    return bytes(found.payload)
