"""What the signing service asks of those who hold keys, and what it gives back.

A verdict needs no key: `verifying`. Source: signatures.md 5, 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.signing.engine.identity import Certified


class Mode(StrEnum):
    """Where a private key lies. Source: signatures.md 5."""

    SOFT = "soft"
    PKCS11 = "pkcs11"
    CSC = "csc"
    AGENT = "agent"


#: Keys that want a word of their holder (PIN, one-time code) with each act.
ASKS_SECRET = frozenset({Mode.PKCS11, Mode.CSC})


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A registered key: whose it is, where it lies, its certificate and the chain above (DER).

    Keys of the sample office keep their certificates in its test PKI, not here.
    """

    subject_id: str
    name: str
    unit: str = ""
    mode: Mode = Mode.SOFT
    certificates: tuple[bytes, ...] = ()
    #: Where to find it: label of the token and id of the key, or name of the credential.
    reference: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """A signed or sealed file and the facts the record keeps."""

    pdf: bytes
    facts: dict[str, Any]
    made_at: datetime


def registered(key: KeyInUse) -> Certified:
    """The certificate that was registered with the key, and the chain above it.

    Raises: RuleBroken `signing.no_certificate`.
    """
    if not key.certificates:
        raise RuleBroken(
            "signing.no_certificate",
            "Khóa ký chưa có chứng thư số kèm theo. Đề nghị bộ phận Cơ yếu đăng ký lại chứng thư.",
        )
    return Certified(key.certificates[0], key.certificates[1:])


class Provider(Protocol):
    """Keys of one mode that answer while the person waits."""

    def certified(self, key: KeyInUse, *, is_agency: bool) -> Certified:
        """The certificate of the key and its chain."""
        ...

    def sign(
        self, key: KeyInUse, to_be_signed: Sequence[bytes], secret: str, *, is_agency: bool
    ) -> list[bytes]:
        """The raw signatures over these bytes, in their order: all of them or none.

        `secret` is handed on and kept nowhere. Raises: RuleBroken, OutsideFailure.
        """
        ...
