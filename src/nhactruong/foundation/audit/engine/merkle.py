"""The root of a tree of hashes, taken leaf by leaf (RFC 6962: the left side is always full)."""

from __future__ import annotations

import hashlib


class MerkleTree:
    """Takes leaves in order and keeps one hash for every level, however many they are."""

    def __init__(self) -> None:
        self.leaves = 0
        self._full: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf at the right end."""
        self.leaves += 1
        size, node = 1, leaf
        full = self._full
        while full and full[-1][0] == size:
            node = hashlib.sha256(b"\1" + full.pop()[1] + node).digest()
            size *= 2
        full.append((size, node))

    def root(self) -> str:
        """The root (hex) over all leaves taken; of no leaves the hash of nothing."""
        if not self._full:
            return hashlib.sha256().hexdigest()
        node = self._full[-1][1]
        for _, left in reversed(self._full[:-1]):
            node = hashlib.sha256(b"\1" + left + node).digest()
        return node.hex()
