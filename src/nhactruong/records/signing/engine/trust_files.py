"""Certificates and revocation lists out of files as people keep them: PEM or DER, one or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from asn1crypto import pem, x509
from asn1crypto.core import Sequence
from asn1crypto.crl import CertificateList

from nhactruong.records.signing.engine.evidence import DAMAGE
from nhactruong.records.signing.engine.trust import RootKind, TrustList, TrustRoot


def certificates_in(content: bytes) -> list[x509.Certificate]:
    """The certificates in a file, at least one. Raises: ValueError."""
    ders = _whole_objects(content, "CERTIFICATE", x509.Certificate.load)
    return [x509.Certificate.load(der) for der in ders]


def revocation_lists_in(content: bytes) -> list[bytes]:
    """The revocation lists in a file (DER), at least one. Raises: ValueError."""
    return _whole_objects(content, "X509 CRL", CertificateList.load)


def trust_of(certificates: Iterable[x509.Certificate], *, version: str) -> TrustList:
    """The list that trusts the self-issued ones, the others only helping to reach them.

    Where no one is self-issued all are trusted as they are: somebody named them on purpose.
    """
    given = list({certificate.sha256: certificate for certificate in certificates}.values())
    roots = [certificate for certificate in given if certificate.self_issued] or given
    helpers = [certificate for certificate in given if certificate not in roots]
    return TrustList(
        version,
        tuple(TrustRoot(root.dump(), RootKind.PUBLIC) for root in roots),
        tuple(helper.dump() for helper in helpers),
    )


def _whole_objects(content: bytes, label: str, load: Callable[..., Sequence]) -> list[bytes]:
    try:
        ders = _parts(content, label)
        for der in ders:
            _ = load(der, strict=True).native
    except DAMAGE as error:
        raise ValueError(f"no {label}: {error}") from error
    if not ders:
        raise ValueError(f"no {label}")
    return ders


def _parts(content: bytes, label: str) -> list[bytes]:
    if not pem.detect(content):
        return [content]
    return [der for kind, _, der in pem.unarmor(content, multiple=True) if kind == label]
