"""A registered key at work: the service with the key's own picture, in one or in two halves.

No command: cryptography runs and devices are asked, so no transaction is open meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput
from nhactruong.records.signing import commands, pictures, selectors, waiting
from nhactruong.records.signing.engine.acts import ReadyToSign
from nhactruong.records.signing.models import SigningKey, SigningRequest
from nhactruong.records.signing.ports import ASKS_SECRET, KeyInUse, Made
from nhactruong.records.signing.service import signing_service


class Kind(StrEnum):
    """What a key is asked for."""

    PERSONAL = "personal"
    SEAL = "agency"


def sign_personal(pdf: bytes, key: SigningKey, secret: str = "") -> Made:
    """The signed file by a key at hand. Raises: RuleBroken, OutsideFailure of the service."""
    return _made(pdf, key, Kind.PERSONAL, secret)


def seal(pdf: bytes, key: SigningKey, *, diameter_mm: int, secret: str = "") -> Made:
    """The sealed file by a key at hand. Raises: RuleBroken, OutsideFailure of the service."""
    return _made(pdf, key, Kind.SEAL, secret, diameter_mm)


def _made(
    pdf: bytes, key: SigningKey, kind: Kind, secret: str, diameter_mm: int | None = None
) -> Made:
    in_use = _with_secret(key, secret)
    ready, fingerprint = _prepared(pdf, key, kind, diameter_mm)
    (signature,) = signing_service().ask(
        in_use, [ready.to_be_signed], secret, is_agency=kind is Kind.SEAL
    )
    return _finished(ready, signature, kind, fingerprint)


def prepare(
    actor: Actor,
    request: SigningRequest,
    pdf: bytes,
    kind: Kind,
    *,
    diameter_mm: int | None = None,
) -> ReadyToSign:
    """The file prepared for a key elsewhere, kept with the open request.

    Prepared once: asked again while the request is open it gives the same bytes to be signed.
    """
    if request.prepared is not None:
        return waiting.take_out(request, base=pdf)
    ready, _ = _prepared(pdf, request.key, kind, diameter_mm)
    commands.keep_prepared(actor, request, ready, pdf)
    return ready


def to_be_signed(request: SigningRequest) -> bytes:
    """What the key is to sign of a prepared request. Raises: RuleBroken `signing.lapsed`."""
    return waiting.to_be_signed(request)


def ask_all(key: SigningKey, to_be_signed: Sequence[bytes], secret: str) -> list[bytes]:
    """What a key at hand answers for several papers of a person: all of them or none.

    Raises: InvalidInput `signing.no_secret`, RuleBroken, OutsideFailure of the service.
    """
    in_use = _with_secret(key, secret)
    return signing_service().ask(in_use, to_be_signed, secret)


def _with_secret(key: SigningKey, secret: str) -> KeyInUse:
    in_use = selectors.in_use(key)
    if in_use.mode in ASKS_SECRET and not secret:
        raise InvalidInput.at("secret", "signing.no_secret", "Đồng chí nhập PIN của thiết bị ký.")
    return in_use


def complete(request: SigningRequest, pdf: bytes, kind: Kind, signature: bytes) -> Made:
    """The file with what the key elsewhere answered to `prepare`.

    Raises: RuleBroken `signing.lapsed`, `signing.wrong_answer`; OutsideFailure.
    """
    picture = pictures.fingerprint_of(request.key)
    return _finished(waiting.take_out(request, base=pdf), signature, kind, picture)


def _prepared(
    pdf: bytes, key: SigningKey, kind: Kind, diameter_mm: int | None
) -> tuple[ReadyToSign, str]:
    picture = pictures.take_out(key, diameter_mm=diameter_mm)
    service, in_use = signing_service(), selectors.in_use(key)
    prepare_it = service.prepare_seal if kind is Kind.SEAL else service.prepare_personal
    return prepare_it(pdf, in_use, picture), pictures.fingerprint_of(key)


def _finished(ready: ReadyToSign, signature: bytes, kind: Kind, picture: str) -> Made:
    service = signing_service()
    finish = service.finish_seal if kind is Kind.SEAL else service.finish_personal
    made = finish(ready, signature)
    return replace(made, facts={**made.facts, "picture": picture})
