"""The trust list that the keeper of an installation lays into a folder.

`cong_vu/` and `cong_cong/` hold certificates (PEM or DER, `.pem .crt .cer .der`): self-issued ones
are roots of that kind, the others help to reach them. `*.crl` beside the two folders are
revocation lists. A file that cannot be read is left out, so that it trusts nobody, and is named
in the log. Source: signatures.md 6.1 step 4.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from asn1crypto import x509

from nhactruong.records.signing.engine.trust import RootKind, TrustList, TrustRoot
from nhactruong.records.signing.engine.trust_files import certificates_in, revocation_lists_in

logger = logging.getLogger("nhactruong.signing")

Kept = TypeVar("Kept")

_KINDS: Final = (RootKind.OFFICIAL_DUTY, RootKind.PUBLIC)
_CERTIFICATES: Final = frozenset({".pem", ".crt", ".cer", ".der"})


@dataclass(frozen=True, slots=True)
class TrustBasis:
    """What a verdict rests on beside the file: whom we trust, and who was revoked (DER)."""

    trust: TrustList
    crls: tuple[bytes, ...] = ()


def kept_in(folder: Path) -> TrustBasis:
    """The basis kept in `folder`; without roots, and of version "", when there are none."""
    roots: list[TrustRoot] = []
    helpers: list[bytes] = []
    for kind in _KINDS:
        for certificate in _certificates(folder / kind.value):
            if certificate.self_issued:
                roots.append(TrustRoot(certificate.dump(), kind))
            else:
                helpers.append(certificate.dump())
    crls = [
        der for file in sorted(folder.glob("*.crl")) for der in _readable(file, revocation_lists_in)
    ]
    return TrustBasis(TrustList(_version(roots), tuple(roots), tuple(helpers)), tuple(crls))


def _version(roots: list[TrustRoot]) -> str:
    if not roots:
        return ""
    told = "".join(
        f"{root.kind}:{hashlib.sha256(root.certificate_der).hexdigest()};" for root in roots
    )
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _certificates(folder: Path) -> Iterator[x509.Certificate]:
    for file in sorted(folder.glob("*")):
        if file.suffix.lower() in _CERTIFICATES:
            yield from _readable(file, certificates_in)


def _readable(file: Path, read: Callable[[bytes], list[Kept]]) -> list[Kept]:
    """What `read` finds in a file; nothing when a part of it cannot be read."""
    try:
        return read(file.read_bytes())
    except (OSError, ValueError) as error:
        logger.warning("%s cannot be read and is left out: %s", file.name, error)
        return []
