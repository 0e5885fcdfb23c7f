"""Keys in a token or HSM that is plugged in at the office's server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nhactruong.records.signing.engine.identity import Certified
from nhactruong.records.signing.ports import KeyInUse, registered
from nhactruong.records.signing.providers import token


class TokenKeys:
    """`Provider` over a token or HSM at the office's server."""

    def __init__(self, module: Path) -> None:
        self._module = module

    def certified(self, key: KeyInUse, *, is_agency: bool) -> Certified:
        """The certificate registered with the key."""
        del is_agency
        return registered(key)

    def sign(
        self, key: KeyInUse, to_be_signed: Sequence[bytes], secret: str, *, is_agency: bool
    ) -> list[bytes]:
        """Raw signatures after the PIN `secret`. Raises: as `token.sign`."""
        del is_agency
        return token.sign(
            self._module,
            token=key.reference["token"],
            key_id=key.reference["key_id"],
            to_be_signed=to_be_signed,
            pin=secret,
        )
