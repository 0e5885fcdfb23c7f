"""Whether a time stamp (RFC 3161) is of this file, and when it says the file was there.

The stamp's own signature is checked with the certificate it carries; who issued that certificate
is told by its fingerprint and judged by people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asn1crypto import cms, tsp
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate

from nhactruong.foundation.audit.engine.hashing import time_text

_HASHES: Final[Mapping[str, Callable[[], hashes.HashAlgorithm]]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an authority saw the file, and the SHA-256 of that authority's certificate."""

    at: str
    authority: str


def read_stamp(answer: bytes, content: bytes) -> Stamp:
    """The stamp in the DER `answer` over `content`. Raises: ValueError when it is not of it."""
    try:
        token = tsp.TimeStampResp.load(answer, strict=True)["time_stamp_token"]["content"]
        (signer,) = token["signer_infos"]
        info = token["encap_content_info"]["content"]
        told = info.parsed
        moment = told["gen_time"].native
        imprint = told["message_imprint"]
        name = imprint["hash_algorithm"]["algorithm"].native
        is_of_it = imprint["hashed_message"].native == hashlib.new(name, content).digest()
        certificate = _signed_by(token, signer, bytes(info))
    except (InvalidSignature, KeyError, TypeError, AttributeError) as fault:
        raise ValueError("stamp") from fault
    if not is_of_it or name not in _HASHES or not isinstance(moment, datetime):
        raise ValueError("stamp of something else")
    return Stamp(time_text(moment), hashlib.sha256(certificate).hexdigest())


def _signed_by(token: cms.SignedData, signer: cms.SignerInfo, signed: bytes) -> bytes:
    """The certificate whose key signed `signed`. Raises: ValueError, InvalidSignature."""
    attributes = signer["signed_attrs"]
    named = {one["type"].native: one["values"] for one in attributes}
    method = signer["digest_algorithm"]["algorithm"].native
    if named["message_digest"][0].native != hashlib.new(method, signed).digest():
        raise ValueError("stamp says something else")
    serial = signer["sid"].chosen["serial_number"].native
    (found,) = [one.chosen for one in token["certificates"] if one.chosen.serial_number == serial]
    content: bytes = found.dump()
    key = load_der_x509_certificate(content).public_key()
    signature, covered = signer["signature"].native, attributes.untag().dump()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, covered, ec.ECDSA(_HASHES[method]()))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, covered, padding.PKCS1v15(), _HASHES[method]())
    else:
        raise ValueError("unknown kind of key")
    return content
