"""The sample authorities: certomancer's configuration, their keys, and the stamping of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from certomancer.services import TimeStamper as CertomancerTimeStamper
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.timestamps import TimeStamper

from nhactruong.kernel.errors import InvalidInput

SAMPLE_MARK: Final = "Chứng thư thử nghiệm, không có giá trị pháp lý"
AUTHORITIES: Final = ("root", "issuing", "tsa", "other-root")


class InProcessTimeStamper(TimeStamper):
    """A time-stamping authority without a socket; `clock_reading` says what time it stamps."""

    def __init__(
        self, authority: CertomancerTimeStamper, clock_reading: Callable[[], datetime]
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's class is untyped
        self._authority = authority
        self._clock_reading = clock_reading

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer of the authority to one request."""
        self._authority.fixed_dt = self._clock_reading().replace(microsecond=0)
        return self._authority.request_tsa_response(req)

    def at(self, moment: datetime) -> InProcessTimeStamper:
        """A stamper of the same authority that always reads `moment`; shares its size estimate."""
        twin = InProcessTimeStamper(self._authority, lambda: moment)
        twin._dummy_response_cache = self._dummy_response_cache
        twin._certs = self._certs
        twin.cert_registry = self.cert_registry
        return twin


def authority_configuration(pregenerated: bool) -> dict[str, Any]:
    """Certomancer's configuration; with `pregenerated` the certificates come from their files."""

    def certificate(label: str, issuer: str, until: str, **extra: Any) -> dict[str, Any]:
        body: dict[str, Any] = {
            "subject": label,
            "issuer": issuer,
            "validity": {
                "valid-from": "2020-01-01T00:00:00+0000",
                "valid-to": f"{until}-01-01T00:00:00+0000",
            },
            **extra,
        }
        if pregenerated:
            body["certificate-file"] = f"{label}.crt"
        return body

    def authority(max_path_length: int) -> dict[str, Any]:
        return {"profiles": [{"id": "simple-ca", "params": {"max-path-len": max_path_length}}]}

    stamping = {
        "extensions": [
            {
                "id": "extended_key_usage",
                "critical": True,
                "value": ["time_stamping"],
            },
            {
                "id": "key_usage",
                "critical": True,
                "smart-value": {"schema": "key-usage", "params": ["digital_signature"]},
            },
        ]
    }
    names = {
        "root": "Gốc chứng thực thử nghiệm",
        "issuing": "Cơ quan cấp chứng thư thử nghiệm",
        "tsa": "Dấu thời gian thử nghiệm",
        "other-root": "Gốc chứng thực ngoài danh sách",
    }
    return {
        "keysets": {"sample": {"keys": {label: {"path": f"{label}.key"} for label in AUTHORITIES}}},
        "pki-architectures": {
            "sample": {
                "keyset": "sample",
                "entity-defaults": {
                    "country-name": "VN",
                    "organization-name": "Nhạc Trưởng",
                    "organizational-unit-name": SAMPLE_MARK,
                },
                "entities": {label: {"common-name": names[label]} for label in AUTHORITIES},
                "certs": {
                    "root": certificate("root", "root", "2045", **authority(1)),
                    "issuing": certificate("issuing", "root", "2040", **authority(0)),
                    "tsa": certificate("tsa", "root", "2038", **stamping),
                    "other-root": certificate("other-root", "other-root", "2045", **authority(0)),
                },
            }
        },
    }


def new_key_pem() -> bytes:
    """A fresh ECDSA P-256 key as PEM."""
    return key_pem(ec.generate_private_key(ec.SECP256R1()))


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """`key` as PEM, without a password: the folder's mode protects it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def load_key(pem: bytes) -> asn1_keys.PrivateKeyInfo:
    """The key in the form that the signing libraries take.

    Raises: InvalidInput `signing.sample_key_kind`.
    """
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise InvalidInput(
            "signing.sample_key_kind",
            "Khóa thử nghiệm không đúng loại. Xóa thư mục khóa để tạo lại.",
        )
    information: asn1_keys.PrivateKeyInfo = asn1_keys.PrivateKeyInfo.load(
        key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return information


def to_pem(der: bytes) -> bytes:
    """A certificate's DER as PEM."""
    return x509.load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM)
