"""What is laid on the shelf outside the database: signed roots of days and notes of what expired.

A file is an envelope `{"body", "key", "signature"}` in canonical JSON: Ed25519 over the canonical
JSON of the body. Each root names the digest of the one before, so that none can be taken out.
Source: security.md 4 ("daily root signed and timestamped").
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from nhactruong.foundation.audit.engine.hashing import canonical_json

ROOT_FORMAT: Final = "nhactruong-audit-root/1"
NOTE_FORMAT: Final = "nhactruong-audit-expiry/1"


@dataclass(frozen=True, slots=True)
class Root:
    """The seal of a day: which links it covers, where they end, and the root of their tree."""

    number: int
    day: str
    first_position: int
    last_position: int
    last_link: str
    merkle: str
    previous_root: str
    made_at: str

    def body(self) -> dict[str, Any]:
        """What is signed."""
        return {"format": ROOT_FORMAT, **asdict(self)}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Self:
        """The root that `body` tells of. Raises: ValueError."""
        return cls(**_told(cls, body, ROOT_FORMAT))


@dataclass(frozen=True, slots=True)
class ExpiryNote:
    """Which month of which kind went out of the store, and the digest over its rows' hashes."""

    keep: str
    month: str
    rows: int
    digest: str
    made_at: str

    def body(self) -> dict[str, Any]:
        """What is signed."""
        return {"format": NOTE_FORMAT, **asdict(self)}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Self:
        """The note that `body` tells of. Raises: ValueError."""
        return cls(**_told(cls, body, NOTE_FORMAT))


def _told(kind: Any, body: Mapping[str, Any], form: str) -> dict[str, Any]:
    fields = {name: body[name] for name in kind.__slots__ if name in body}
    if body.get("format") != form or not len(body) - 1 == len(fields) == len(kind.__slots__):
        raise ValueError(form)
    return fields


def digest(content: bytes) -> str:
    """SHA-256 (hex) of a file of the shelf."""
    return hashlib.sha256(content).hexdigest()


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 (hex) of the raw public key: what people compare."""
    return digest(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def sealed(body: Mapping[str, Any], key: Ed25519PrivateKey) -> bytes:
    """The file that says `body` and bears the signature of `key`."""
    signature = key.sign(canonical_json(body).encode()).hex()
    return _envelope(body, fingerprint(key.public_key()), signature)


def _envelope(body: Mapping[str, Any], key: str, signature: str) -> bytes:
    return (canonical_json({"body": body, "key": key, "signature": signature}) + "\n").encode()


def opened(content: bytes, key: Ed25519PublicKey) -> dict[str, Any]:
    """The body of a file of the shelf. Raises: ValueError when anything in it was changed."""
    try:
        told = json.loads(content)
        body, signature = told["body"], bytes.fromhex(told["signature"])
        # Hexadecimal capitals would say the same and are not what was written.
        if content != _envelope(body, fingerprint(key), signature.hex()):
            raise ValueError("not as it was written")
        key.verify(signature, canonical_json(body).encode())
    except (InvalidSignature, KeyError, TypeError, RecursionError) as fault:
        raise ValueError("signature") from fault
    return dict(body)
