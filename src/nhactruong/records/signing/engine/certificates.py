"""What a certificate says about its holder, read the same way when signing and when verifying."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from asn1crypto import x509

from nhactruong.kernel.text import one_line

#: Purposes of a key that may sign documents: any, e-mail, client, and the three document-signing
#: purposes (RFC 9336, Microsoft, Adobe).
_SIGNING_PURPOSES: Final = frozenset(
    {
        "any_extended_key_usage",
        "email_protection",
        "client_auth",
        "1.3.6.1.5.5.7.3.36",
        "microsoft_document_signing",
        "1.3.6.1.4.1.311.10.3.12",
        "adobe_authentic_documents_trust",
        "1.2.840.113583.1.1.5",
    }
)
_SIGNING_USAGES: Final = frozenset({"digital_signature", "non_repudiation"})


class Holder(StrEnum):
    """For whom a certificate was issued."""

    PERSON = "personal"
    AGENCY = "agency"


#: Words a name of an office begins with, in lower case and with their marks: without marks
#: "Vụ" would be the family name Vũ. Only foreign certificates need them: ours carry an identifier
#: that the product knows. Source: signatures.md 6.2 (a setting).
AGENCY_NAME_WORDS: Final = (
    "ban ",
    "báo ",
    "bộ ",
    "chi bộ",
    "chi cục",
    "công an",
    "công ty",
    "cục ",
    "đảng bộ",
    "đảng ủy",
    "đoàn thanh niên",
    "hội ",
    "huyện ủy",
    "liên đoàn",
    "mặt trận",
    "phường ",
    "quân ủy",
    "sở ",
    "thành ủy",
    "thị ủy",
    "tỉnh ",
    "tòa án",
    "tổng cục",
    "trung tâm",
    "trường ",
    "ủy ban",
    "văn phòng",
    "viện ",
    "vụ ",
    "xã ",
)


def subject_values(name: x509.Name, attribute: str) -> tuple[str, ...]:
    """All values of one attribute of a distinguished name, in the order written."""
    return tuple(
        str(pair["value"].native)
        for part in name.chosen
        for pair in part
        if pair["type"].native == attribute
    )


def subject_value(name: x509.Name, attribute: str) -> str:
    """The first value of one attribute of a distinguished name, or the empty string."""
    return next(iter(subject_values(name, attribute)), "")


def display_name(name: x509.Name) -> str:
    """The name a person reads: common name, else organisation, else unit, else the whole name."""
    for attribute in ("common_name", "organization_name", "organizational_unit_name"):
        value = subject_value(name, attribute)
        if value:
            return value
    return str(name.human_friendly)


def holder_of(
    certificate: x509.Certificate,
    *,
    agency_identifiers: Iterable[str] = (),
    agency_name_words: tuple[str, ...] = AGENCY_NAME_WORDS,
) -> Holder:
    """Person or agency: known identifiers first, else an organisation without a personal name.

    Source: signatures.md 6.2 (last paragraph).
    """
    name = certificate.subject
    if subject_value(name, "serial_number") in frozenset(agency_identifiers):
        return Holder.AGENCY
    if subject_value(name, "organization_identifier"):
        return Holder.AGENCY
    if subject_value(name, "given_name") or subject_value(name, "surname"):
        return Holder.PERSON
    organisation = one_line(subject_value(name, "organization_name")).lower()
    common_name = one_line(subject_value(name, "common_name")).lower()
    if not organisation:
        return Holder.PERSON
    if common_name in ("", organisation) or common_name.startswith(agency_name_words):
        return Holder.AGENCY
    return Holder.PERSON


def may_sign_documents(certificate: x509.Certificate) -> bool:
    """Whether key usage, purposes and constraints allow the holder to sign documents.

    An absent extension does not restrict. Source: signatures.md 5, RFC 5280 4.2.1.3 and 4.2.1.12.
    """
    usage = certificate.key_usage_value
    if usage is not None and not _SIGNING_USAGES & set(usage.native):
        return False
    purposes = certificate.extended_key_usage_value
    if purposes is not None:
        named = set(purposes.native)
        # A certificate for servers is one for clients as well; that alone makes no signer.
        if not (_SIGNING_PURPOSES - ({"client_auth"} if "server_auth" in named else set())) & named:
            return False
    return not certificate.ca


def may_stamp_time(certificate: x509.Certificate) -> bool:
    """Whether the certificate is made for time stamping alone. Source: RFC 3161 2.3."""
    usage = certificate.key_usage_value
    if usage is not None and not _SIGNING_USAGES & set(usage.native):
        return False
    purposes = certificate.extended_key_usage_value
    return purposes is not None and "time_stamping" in purposes.native
