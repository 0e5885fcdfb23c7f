"""What a report says of a signature before it is judged: its certificate, or how it is malformed."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from asn1crypto import x509

from nhactruong.records.signing.engine.certificates import display_name, subject_value
from nhactruong.records.signing.engine.evidence import FoundSignature
from nhactruong.records.signing.engine.verdicts import (
    ReasonCode,
    SignatureReport,
    SignatureVerdict,
)


def malformed(signature: FoundSignature, detail: str) -> SignatureReport:
    """The report on a signature that cannot be read as one; `detail` says what is wrong."""
    base = SignatureReport(
        field_name=signature.field_name,
        verdict=SignatureVerdict.INVALID,
        reasons=(ReasonCode.MALFORMED,),
        revision=signature.revision,
        detail=detail,
    )
    if signature.certificate is None:
        return base
    return replace(
        base,
        signer=display_name(signature.certificate.subject),
        purpose=signature.purpose,
    )


def removed(field_name: str) -> SignatureReport:
    """The report on a signature that an earlier revision held and a later one took away."""
    return SignatureReport(
        field_name=field_name,
        verdict=SignatureVerdict.INVALID,
        reasons=(ReasonCode.CHANGED_AFTER_SIGNING,),
        changes=("other",),
        detail="a later revision takes the signature away",
    )


def certificate_facts(signature: FoundSignature, certificate: x509.Certificate) -> SignatureReport:
    """The report on a signature as far as its certificate and its own words go, not yet judged."""
    embedded = signature.embedded
    info = None if embedded is None else embedded.signer_info
    return SignatureReport(
        field_name=signature.field_name,
        verdict=SignatureVerdict.INVALID,
        reasons=(),
        signer=display_name(certificate.subject),
        organisation=subject_value(certificate.subject, "organization_name"),
        unit=subject_value(certificate.subject, "organizational_unit_name"),
        subject_identifier=subject_value(certificate.subject, "serial_number"),
        purpose=signature.purpose,
        issuer=display_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        certificate_sha256=hashlib.sha256(certificate.dump()).hexdigest(),
        certificate_valid_from=certificate.not_valid_before,
        certificate_valid_until=certificate.not_valid_after,
        digest_algorithm="" if info is None else info["digest_algorithm"]["algorithm"].native,
        signature_algorithm="" if info is None else info["signature_algorithm"]["algorithm"].native,
        revision=signature.revision,
    )
