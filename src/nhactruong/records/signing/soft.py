"""The sample office's keys: software keys of the test PKI, behind the port."""

from __future__ import annotations

from functools import cache

from nhactruong.records.signing.ports import SigningService


@cache
def signing_service() -> SigningService:
    """The signing service of this installation."""
    raise NotImplementedError
