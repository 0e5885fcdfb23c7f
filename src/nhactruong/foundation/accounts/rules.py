"""What the store keeps of secrets."""

from __future__ import annotations

import hashlib


def token_hash(token: str) -> str:
    """What the store keeps of a key: SHA-256 in hex (the key itself is random, 256 bits)."""
    return hashlib.sha256(token.encode()).hexdigest()
