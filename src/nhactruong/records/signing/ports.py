"""The one door to keys: sign, fill, seal. Nothing here touches the database.

`soft` is the sample office's test PKI with software keys; it refuses to serve a production
installation. Tokens, HSM and remote signing will stand behind the same protocol.
A verdict needs no key: `verifying`.
Source: signatures.md 5, 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose key is to be used, as registered."""

    subject_id: str
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A signed or sealed file and the facts the record keeps."""

    pdf: bytes
    facts: dict[str, Any]
    made_at: datetime


class SigningService(Protocol):
    """What the office needs of its keys."""

    def sign_personal(self, pdf: bytes, holder: Holder) -> Made:
        """The file with the person's signature (B-T) in SIG_PERSON_1, blue image in its box."""
        ...

    def fill(self, pdf: bytes, *, number_line: str, date_line: str) -> bytes:
        """The file with number and date printed as an incremental update."""
        ...

    def seal(self, pdf: bytes, holder: Holder, *, diameter_mm: int) -> Made:
        """The file with the agency's seal (B-LTA) in SIG_AGENCY and validation data for all."""
        ...

    def enrol(self, holder: Holder, *, is_agency: bool) -> None:
        """See to it that the holder has a key and a certificate."""
        ...
