"""A complete sample trust service for tests and demonstrations, kept in one folder, no sockets.

Certomancer builds the authorities (root, issuing authority, time-stamping authority, a foreign
root) from the configuration below, and its builders make the time stamps and revocation lists.
Certificates of people and agencies are issued on demand with `cryptography` under the issuing
authority's key, because certomancer's own list of certificates is fixed when it is loaded.
Every subject carries an organisational unit that says it is a sample.
Source: signatures.md 8.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final

from asn1crypto import algos as asn1_algos
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture
from certomancer.services import CRLBuilder
from certomancer.services import TimeStamper as CertomancerTimeStamper
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from nhactruong.kernel import clock
from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.engine.testpki.authorities import (
    AUTHORITIES,
    InProcessTimeStamper,
    authority_configuration,
    key_pem,
    load_key,
    new_key_pem,
    to_pem,
)
from nhactruong.records.signing.engine.trust import RootKind, TrustList, TrustRoot

ISSUED_FROM: Final = datetime(2024, 1, 1, tzinfo=UTC)
ISSUED_UNTIL: Final = datetime(2034, 1, 1, tzinfo=UTC)
EXPIRED_UNTIL: Final = datetime(2025, 1, 1, tzinfo=UTC)
REVOCATION_LIST_LIFE: Final = timedelta(days=7)

_ARCHITECTURE: Final = ArchLabel("sample")


class Variant(StrEnum):
    """What is deliberately wrong with a sample certificate."""

    ORDINARY = "ordinary"
    EXPIRED = "expired"
    WRONG_USAGE = "wrong_usage"
    OTHER_ROOT = "other_root"


@dataclass(frozen=True)
class Revocation:
    """One entry of the revocation list."""

    serial: int
    revoked_at: datetime
    reason: str


class TestPki:
    """The sample authorities and everything they issued, in `directory` (made on first use).

    Loading touches only the authorities; an identity is read when it is asked for. Keys are
    ECDSA P-256. Several processes may share the folder.
    """

    #: Not a test case, whatever its name says to pytest.
    __test__ = False

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._authorities = directory / "authorities"
        self._identities = directory / "identities"
        self._revoked = directory / "revoked.json"
        for folder in (directory, self._authorities, self._identities):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._loaded: dict[str, SigningIdentity] = {}
        self._lists: dict[tuple[str, datetime, int], bytes] = {}
        self._stampers: dict[str, InProcessTimeStamper] = {}
        self._architecture = self._load_authorities()

    # Identities ---------------------------------------------------------------------------

    def person(
        self,
        common_name: str,
        unit: str,
        stable_id: str,
        *,
        organisation: str = "",
        variant: Variant = Variant.ORDINARY,
    ) -> SigningIdentity:
        """The certificate of a person; issued at the first call for this `stable_id`."""
        words = common_name.split()
        subject = [
            (NameOID.COUNTRY_NAME, "VN"),
            (NameOID.ORGANIZATION_NAME, organisation),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            (NameOID.SURNAME, words[0] if words else ""),
            (NameOID.GIVEN_NAME, " ".join(words[1:])),
            (NameOID.COMMON_NAME, common_name),
            (NameOID.SERIAL_NUMBER, stable_id),
        ]
        return self._identity(f"person/{variant}/{stable_id}", subject, variant)

    def agency(
        self, organisation: str, identifier: str, *, variant: Variant = Variant.ORDINARY
    ) -> SigningIdentity:
        """The seal certificate of an agency; issued at the first call for this `identifier`."""
        subject = [
            (NameOID.COUNTRY_NAME, "VN"),
            (NameOID.ORGANIZATION_NAME, organisation),
            (NameOID.COMMON_NAME, organisation),
            (NameOID.SERIAL_NUMBER, identifier),
        ]
        return self._identity(f"agency/{variant}/{identifier}", subject, variant)

    def revoke(
        self, identity: SigningIdentity, at: datetime, *, reason: str = "key_compromise"
    ) -> None:
        """Put one certificate on the revocation list from `at` on; revoking twice keeps the first.

        `reason` is a name of RFC 5280 5.3.1 in asn1crypto's spelling.
        """
        with self._locked():
            entries = list(self._revocations())
            serial = identity.certificate.serial_number
            if any(entry.serial == serial for entry in entries):
                return
            entries.append(Revocation(serial, at.astimezone(UTC).replace(microsecond=0), reason))
            self._write(
                self._revoked,
                json.dumps(
                    [
                        {
                            "serial": str(entry.serial),
                            "revoked_at": entry.revoked_at.isoformat(),
                            "reason": entry.reason,
                        }
                        for entry in entries
                    ],
                    indent=1,
                ).encode(),
            )

    # Services -----------------------------------------------------------------------------

    def tsa(
        self, at: datetime | None = None, *, variant: Variant = Variant.ORDINARY
    ) -> InProcessTimeStamper:
        """A time-stamping authority; reads the office clock, or always `at`.

        With `Variant.OTHER_ROOT` an authority that no trust list of ours knows.
        """
        label = "other-root" if variant is Variant.OTHER_ROOT else "tsa"
        stamper = self._stampers.get(label)
        if stamper is None:
            issuer = "other-root" if variant is Variant.OTHER_ROOT else "root"
            stamper = self._stampers[label] = InProcessTimeStamper(
                CertomancerTimeStamper(
                    self._certificate(label),
                    self._key(label),
                    certs_to_embed=[self._certificate(issuer)],
                ),
                clock.now,
            )
        return stamper if at is None else stamper.at(at)

    def crls(self, at: datetime, *, life: timedelta = REVOCATION_LIST_LIFE) -> tuple[bytes, ...]:
        """The revocation lists (DER) of the root and of the issuing authority as published at `at`.

        A list begins at the full hour before `at`, or at the latest revocation in that hour.
        """
        moment = at.astimezone(UTC)
        entries = [entry for entry in self._revocations() if entry.revoked_at <= moment]
        hour = moment.replace(minute=0, second=0, microsecond=0)
        begins = max([hour, *(entry.revoked_at for entry in entries)])
        return tuple(
            self._list(label, begins, life, entries if label == "issuing" else [])
            for label in ("root", "issuing")
        )

    def trust_list(self) -> TrustList:
        """The list a verifier of this installation uses: the sample root alone."""
        return TrustList(
            version="sample-1",
            roots=(TrustRoot(self._certificate("root").dump(), RootKind.TEST),),
            intermediates_der=(self._certificate("issuing").dump(),),
        )

    def validation_context(self, at: datetime) -> ValidationContext:
        """What `acts.seal` needs at `at`: the root, the chain and the lists of that hour."""
        return ValidationContext(
            trust_roots=[self._certificate("root")],
            other_certs=[self._certificate("issuing"), self._certificate("tsa")],
            crls=list(self.crls(at)),
            moment=at,
            revocation_mode="require",
            allow_fetching=False,
        )

    def certificate_pem(self, label: str) -> bytes:
        """The PEM of one authority: root, issuing, tsa or other-root."""
        return to_pem(self._certificate(label).dump())

    # Inside -------------------------------------------------------------------------------

    def _load_authorities(self) -> PKIArchitecture:
        with self._locked():
            for label in AUTHORITIES:
                path = self._authorities / f"{label}.key"
                if not path.exists():
                    self._write(path, new_key_pem())
            files = {label: self._authorities / f"{label}.crt" for label in AUTHORITIES}
            if not all(path.exists() for path in files.values()):
                fresh = self._animate(pregenerated=False)
                for label, path in files.items():
                    self._write(path, to_pem(fresh.get_cert(CertLabel(label)).dump()))
            return self._animate(pregenerated=True)

    def _animate(self, *, pregenerated: bool) -> PKIArchitecture:
        configuration = CertomancerConfig(
            authority_configuration(pregenerated),
            key_search_dir=str(self._authorities),
            config_search_dir=str(self._authorities),
            lazy_load_keys=True,
        )
        return configuration.get_pki_arch(_ARCHITECTURE)

    def _certificate(self, label: str) -> asn1_x509.Certificate:
        certificate: asn1_x509.Certificate = self._architecture.get_cert(CertLabel(label))
        return certificate

    def _key(self, label: str) -> asn1_keys.PrivateKeyInfo:
        return load_key((self._authorities / f"{label}.key").read_bytes())

    @cached_property
    def _issuing_keys(self) -> dict[str, ec.EllipticCurvePrivateKey]:
        keys: dict[str, ec.EllipticCurvePrivateKey] = {}
        for label in ("issuing", "other-root"):
            pem = (self._authorities / f"{label}.key").read_bytes()
            key = serialization.load_pem_private_key(pem, password=None)
            if isinstance(key, ec.EllipticCurvePrivateKey):
                keys[label] = key
        return keys

    def _identity(
        self, name: str, subject: list[tuple[x509.ObjectIdentifier, str]], variant: Variant
    ) -> SigningIdentity:
        held = self._loaded.get(name)
        if held is not None:
            return held
        stem = hashlib.sha256(name.encode()).hexdigest()[:32]
        key_path = self._identities / f"{stem}.key"
        certificate_path = self._identities / f"{stem}.crt"
        if not certificate_path.exists():
            with self._locked():
                if not certificate_path.exists():
                    key = ec.generate_private_key(ec.SECP256R1())
                    self._write(key_path, key_pem(key))
                    self._write(certificate_path, self._issue(name, subject, variant, key))
        pem = certificate_path.read_bytes()
        certificate = asn1_x509.Certificate.load(
            x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
        )
        chain = (
            (self._certificate("other-root"),)
            if variant is Variant.OTHER_ROOT
            else (self._certificate("issuing"), self._certificate("root"))
        )

        def signer() -> SimpleSigner:
            registry = SimpleCertificateStore()
            registry.register_multiple(chain)
            return SimpleSigner(
                signing_cert=certificate,
                signing_key=load_key(key_path.read_bytes()),
                cert_registry=registry,
            )

        identity = SigningIdentity(certificate.dump(), tuple(link.dump() for link in chain), signer)
        self._loaded[name] = identity
        return identity

    def _issue(
        self,
        name: str,
        subject: list[tuple[x509.ObjectIdentifier, str]],
        variant: Variant,
        key: ec.EllipticCurvePrivateKey,
    ) -> bytes:
        label = "other-root" if variant is Variant.OTHER_ROOT else "issuing"
        issuer = x509.load_der_x509_certificate(self._certificate(label).dump())
        wrong = variant is Variant.WRONG_USAGE
        usage = x509.KeyUsage(
            digital_signature=not wrong,
            content_commitment=not wrong,
            key_encipherment=wrong,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if wrong else ExtendedKeyUsageOID.EMAIL_PROTECTION
        certificate = (
            x509.CertificateBuilder()
            .subject_name(
                x509.Name([x509.NameAttribute(oid, value) for oid, value in subject if value])
            )
            .issuer_name(issuer.subject)
            .public_key(key.public_key())
            .serial_number(int.from_bytes(hashlib.sha256(name.encode()).digest()[:15], "big"))
            .not_valid_before(ISSUED_FROM)
            .not_valid_after(EXPIRED_UNTIL if variant is Variant.EXPIRED else ISSUED_UNTIL)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                    issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
                ),
                critical=False,
            )
            .sign(self._issuing_keys[label], hashes.SHA256())
        )
        return certificate.public_bytes(serialization.Encoding.PEM)

    def _list(
        self, label: str, begins: datetime, life: timedelta, entries: list[Revocation]
    ) -> bytes:
        held = self._lists.get((label, begins, len(entries)))
        if held is not None:
            return held
        certificate = self._certificate(label)
        builder = CRLBuilder(
            issuer_name=certificate.subject,
            issuer_key=self._key(label),
            signature_algo=asn1_algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            authority_key_identifier=certificate.key_identifier_value,
        )
        made = builder.build_crl(
            crl_number=int(begins.timestamp()),
            this_update=begins,
            next_update=begins + life,
            revoked_certs=[
                builder.format_revoked_cert(
                    entry.serial,
                    reason=asn1_crl.CRLReason(entry.reason),
                    revocation_date=entry.revoked_at,
                )
                for entry in entries
            ],
        )
        der: bytes = made.dump()
        self._lists[label, begins, len(entries)] = der
        return der

    def _revocations(self) -> Iterator[Revocation]:
        if not self._revoked.exists():
            return
        for entry in json.loads(self._revoked.read_text()):
            yield Revocation(
                int(entry["serial"]), datetime.fromisoformat(entry["revoked_at"]), entry["reason"]
            )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time, across processes."""
        descriptor = os.open(self._directory / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        """Write the whole file or nothing, readable by its owner only."""
        draft = path.with_suffix(path.suffix + ".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        draft.replace(path)
