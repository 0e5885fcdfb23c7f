"""Keys, their certificates and pictures: whose they are and whether they may be used.

The second person is the custodian: a key can be used when whoever keeps its device has received it.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Final

from asn1crypto import pem, x509

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.text import fold, one_line
from nhactruong.masterdata.devices import selectors as devices
from nhactruong.masterdata.devices.models import Device
from nhactruong.masterdata.devices.rules import State as DeviceState
from nhactruong.records.signing import selectors, surroundings, vault
from nhactruong.records.signing.engine import appearance, standing
from nhactruong.records.signing.engine.certificates import Holder, display_name
from nhactruong.records.signing.engine.identity import Certified
from nhactruong.records.signing.models import SignaturePicture, SigningKey
from nhactruong.records.signing.pictures import purpose_of
from nhactruong.records.signing.ports import Mode

_DEVICE_FAULTS: Final = {
    DeviceState.LOST: (
        "signing.device_lost",
        "Thiết bị ký này đã báo mất nên không dùng được. Đề nghị bộ phận Cơ yếu cấp lại.",
    ),
    DeviceState.RETURNED: (
        "signing.device_returned",
        "Thiết bị ký này đã trả lại nên không dùng được. Đề nghị bộ phận Cơ yếu đăng ký thiết bị mới.",
    ),
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it is registered: PEM or DER of it and of its authorities, and its key."""

    files: tuple[bytes, ...]
    mode: Mode
    #: Label of the token, or name of the credential at a remote service; id of the key in hex.
    place: str
    key_id: str
    #: Of the agency's seal, else of whoever keeps the device.
    is_seal: bool


@command
def register_key(
    actor: Actor, *, holder_kind: str, holder_id: int, subject_id: str, subject_name: str
) -> SigningKey:
    """The sample office's key of a person or an agency; doing it again changes nothing."""
    key = selectors.key_of(holder_kind, holder_id)
    if key is None:
        key = SigningKey.objects.create(
            holder_kind=holder_kind,
            holder_id=holder_id,
            subject_id=subject_id,
            subject_name=subject_name,
            registered_at=clock.now(),
        )
        audit.record(actor, "signing.key_registered", key, subject=subject_name)
    return key


@command
def register_certificate(
    actor: Actor, device_id: uuid.UUID, certificate: Certificate, *, version: int | None
) -> SigningKey:
    """The key of that device, now the one its holder signs with, or its agency seals with.

    Raises: AccessDenied, NotFound, InvalidInput naming the field, RuleBroken as
    `standing.require_good`. Source: signatures.md 5 (rules), security.md 9.5.
    """
    device = devices.lock_kept(actor, device_id, version)
    certified = _certified(certificate.files)
    holder_kind, holder_id, name = _holder(device, is_seal=certificate.is_seal)
    _require_of(certified, name, is_seal=certificate.is_seal)
    now = clock.now()
    basis = surroundings.trust_basis(now)
    standing.require_good(certified, trust=basis.trust, crls=basis.crls, moment=now)
    earlier = selectors.key_of(holder_kind, holder_id)
    if earlier is not None:
        earlier.withdrawn_at = now
        earlier.save(update_fields=["withdrawn_at"])
    key = SigningKey.objects.create(
        holder_kind=holder_kind,
        holder_id=holder_id,
        mode=certificate.mode,
        subject_id=certified.subject_identifier,
        subject_name=name,
        registered_at=now,
        reference=_reference(certificate),
        certificates=_pem(certified),
        serial=certified.serial,
        valid_until=certified.certificate.not_valid_after,
        device=device,
    )
    audit.record(
        actor,
        "signing.key_registered",
        key,
        subject=name,
        serial=key.serial,
        mode=key.mode,
        device=str(device.public_id),
    )
    return key


def _certified(files: tuple[bytes, ...]) -> Certified:
    """The leaf, then the authorities above it, in whatever order the files bring them."""
    try:
        ders = [
            der
            for content in files
            for der in (
                [one for _, _, one in pem.unarmor(content, multiple=True)]
                if pem.detect(content)
                else [content]
            )
        ]
        found = [x509.Certificate.load(der, strict=True) for der in ders]
        issuers = {one.issuer.hashable for one in found if not one.self_issued}
        leaves = [one for one in found if one.subject.hashable not in issuers]
    except (ValueError, TypeError):
        leaves = []
    if len(leaves) != 1:
        raise InvalidInput.at(
            "file",
            "signing.no_certificate_in_file",
            "Tệp không có đúng một chứng thư của người ký. Đồng chí chọn tệp chứng thư (.cer, .crt, "
            ".pem) do nơi cấp giao.",
        )
    leaf = leaves[0]
    chain = tuple(one.dump() for one in found if one is not leaf)
    return Certified(leaf.dump(), chain)


def _holder(device: Device, *, is_seal: bool) -> tuple[str, int, str]:
    if is_seal:
        return SigningKey.HolderKind.AGENCY, device.agency_id, device.agency.name
    return SigningKey.HolderKind.PERSON, device.holder_id, device.holder.full_name


def _require_of(certified: Certified, name: str, *, is_seal: bool) -> None:
    told = display_name(certified.certificate.subject)
    kind = Holder.AGENCY if is_seal else Holder.PERSON
    if fold(one_line(told)) != fold(one_line(name)) or certified.holder is not kind:
        raise InvalidInput.at(
            "file",
            "signing.certificate_of_another",
            f"Chứng thư này cấp cho “{told}”, không phải chứng thư "
            f"{'dấu của cơ quan' if is_seal else 'cá nhân của'} “{name}”.",
        )


def _reference(certificate: Certificate) -> dict[str, str]:
    if certificate.mode is Mode.CSC:
        return {"credential": certificate.place}
    return {"token": certificate.place, "key_id": certificate.key_id}


def _pem(certified: Certified) -> str:
    ders = (certified.certificate_der, *certified.chain_der)
    return b"".join(pem.armor("CERTIFICATE", der) for der in ders).decode()


@command
def keep_picture(
    actor: Actor, device_id: uuid.UUID, content: bytes, *, is_seal: bool, version: int | None
) -> SignaturePicture:
    """The picture that signatures of the device's holder, or its agency's seals, are drawn with.

    Raises: AccessDenied, NotFound, InvalidInput for what is no transparent PNG.
    Source: signatures.md 3.1, 3.2, 3.5.
    """
    device = devices.lock_kept(actor, device_id, version)
    appearance.require_transparent(content)
    holder_kind, holder_id, _ = _holder(device, is_seal=is_seal)
    now = clock.now()
    SignaturePicture.objects.filter(
        holder_kind=holder_kind, holder_id=holder_id, withdrawn_at=None
    ).update(withdrawn_at=now)
    picture = SignaturePicture(
        holder_kind=holder_kind,
        holder_id=holder_id,
        sha256=hashlib.sha256(content).hexdigest(),
        kept_at=now,
    )
    picture.content = vault.put_away(content, purpose=purpose_of(picture))
    picture.save()
    audit.record(actor, "signing.picture_kept", device, sha256=picture.sha256, seal=is_seal)
    return picture


def usable_key(holder_kind: str, holder_id: int) -> SigningKey:
    """The key in use of a person or an agency, whose device is in its holder's hands.

    Raises: RuleBroken `signing.no_key`, `signing.device_lost`, `signing.device_returned`,
    `signing.device_not_received`.
    """
    key = selectors.key_of(holder_kind, holder_id)
    if key is None:
        raise RuleBroken(
            "signing.no_key",
            "Không thấy thiết bị ký đã đăng ký. Đề nghị bộ phận Cơ yếu đăng ký chứng thư số.",
        )
    device = key.device
    if device is None:
        return key
    fault = _DEVICE_FAULTS.get(device.as_state)
    if fault is not None:
        raise RuleBroken(*fault)
    if not device.is_received:
        raise RuleBroken(
            "signing.device_not_received",
            "Thiết bị ký chưa được người giữ ký nhận nên chưa dùng được. Đồng chí mở Sổ thiết bị để ký "
            "nhận.",
        )
    return key
