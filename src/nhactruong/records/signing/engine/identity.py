"""Who signs: a certificate and its chain; with a key at hand, the way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from asn1crypto import x509
from pyhanko.sign.signers import Signer

from nhactruong.records.signing.engine.certificates import (
    Holder,
    display_name,
    holder_of,
    subject_value,
)


@dataclass(frozen=True)
class Certified:
    """A certificate and the certificates of the authorities above it."""

    certificate_der: bytes
    chain_der: tuple[bytes, ...]

    @cached_property
    def certificate(self) -> x509.Certificate:
        """The parsed certificate."""
        certificate: x509.Certificate = x509.Certificate.load(self.certificate_der)
        return certificate

    @cached_property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The parsed certificates of the authorities above it."""
        return tuple(x509.Certificate.load(one) for one in self.chain_der)

    @property
    def subject_common_name(self) -> str:
        """The name of the person or of the agency."""
        return display_name(self.certificate.subject)

    @property
    def serial(self) -> str:
        """The certificate's serial number in upper-case hexadecimal."""
        return f"{self.certificate.serial_number:X}"

    @property
    def organisation(self) -> str:
        """The organisation named by the subject, or the empty string."""
        return subject_value(self.certificate.subject, "organization_name")

    @property
    def unit(self) -> str:
        """The unit inside the organisation, or the empty string."""
        return subject_value(self.certificate.subject, "organizational_unit_name")

    @property
    def subject_identifier(self) -> str:
        """The subject's `serialNumber`: the stable identifier of the person or agency."""
        return subject_value(self.certificate.subject, "serial_number")

    @property
    def holder(self) -> Holder:
        """Whether this identity signs as a person or seals as an agency."""
        return holder_of(self.certificate)


@dataclass(frozen=True)
class SigningIdentity(Certified):
    """A certificate with the handle of its key; the key itself never passes through here.

    `signer_factory` gives a fresh pyHanko signer.
    """

    signer_factory: Callable[[], Signer] = field(repr=False, compare=False)
