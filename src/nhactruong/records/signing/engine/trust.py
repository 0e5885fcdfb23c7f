"""Whom a verifier trusts: roots with the kind of trust each carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from asn1crypto import x509


class RootKind(StrEnum):
    """What a root is accepted for. Source: signatures.md 6.1 step 4."""

    OFFICIAL_DUTY = "cong_vu"
    PUBLIC = "cong_cong"
    TEST = "thu_nghiem"


@dataclass(frozen=True)
class TrustRoot:
    """One trusted root certificate (DER) and its kind."""

    certificate_der: bytes
    kind: RootKind

    @cached_property
    def certificate(self) -> x509.Certificate:
        """The parsed root."""
        certificate: x509.Certificate = x509.Certificate.load(self.certificate_der)
        return certificate


@dataclass(frozen=True)
class TrustList:
    """A dated list of roots; `version` is kept with every report.

    `intermediates_der` helps files that do not carry their chain. `agency_identifiers` are
    subject identifiers known to belong to agencies, so that no guess from the name is needed.
    """

    version: str
    roots: tuple[TrustRoot, ...]
    intermediates_der: tuple[bytes, ...] = ()
    agency_identifiers: frozenset[str] = frozenset()

    @cached_property
    def root_certificates(self) -> tuple[x509.Certificate, ...]:
        """The parsed roots, in the order of the list."""
        return tuple(root.certificate for root in self.roots)

    @cached_property
    def intermediates(self) -> tuple[x509.Certificate, ...]:
        """The parsed helpers, in the order of the list."""
        return tuple(x509.Certificate.load(der) for der in self.intermediates_der)

    def kind_of(self, root: x509.Certificate) -> RootKind | None:
        """The kind of `root`, or None when it is not on the list."""
        der = root.dump()
        return next((entry.kind for entry in self.roots if entry.certificate_der == der), None)

    @classmethod
    def of(
        cls, roots: Iterable[x509.Certificate], *, kind: RootKind, version: str = "unnamed"
    ) -> TrustList:
        """A list in which every root has the same kind."""
        return cls(version, tuple(TrustRoot(root.dump(), kind) for root in roots))
