"""The key that signs or seals, as a page asks for it: nothing, a PIN, or the helper on the PC."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import JsonResponse, QueryDict

from nhactruong.foundation.ui.sources import PlainForm, carried, secret
from nhactruong.foundation.web import csp
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel.errors import DomainError, RuleBroken
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.outgoing.acting import Asked
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.views import flow
from nhactruong.records.signing import selectors as signatures
from nhactruong.records.signing.engine.digest_words import digest_words
from nhactruong.records.signing.models import SigningKey
from nhactruong.records.signing.ports import ASKS_SECRET, Mode

#: Fields of the page: the PIN or one-time code of the key; what the helper on the PC answered.
SECRET: Final = "secret"  # noqa: S105  # the name of a field
REQUEST: Final = "signing_request"
SIGNATURE: Final = "signature"

_ABOUT_SECRET: Final = frozenset({"signing.wrong_pin"})
_SECRET_LABELS: Final = {
    Mode.PKCS11: "PIN của thiết bị ký",
    Mode.CSC: "Mã mở khóa của dịch vụ ký",
}

PlainForm(
    __name__,
    "Ký bằng thiết bị",
    {
        SECRET: ("PIN", secret("PIN của thiết bị hoặc mã mở khóa; không lưu ở đâu")),
        REQUEST: ("Lần ký", carried("Lần ký đang mở")),
        SIGNATURE: ("Chữ ký", carried("Thiết bị của người ký trả lời")),
    },
)


@dataclass(frozen=True, slots=True)
class KeyOnPage:
    """What the page asks beside the confirmation code, and where the helper is asked."""

    mode: str
    secret_label: str = ""
    agent: str = ""


def on_page(request: ActorRequest, holder_kind: str, holder_id: int | None) -> KeyOnPage | None:
    """What the key of that holder wants of the page; None while there is no key.

    A page for a key on the person's own PC may ask the helper there, and no page else.
    """
    key = signatures.key_of(holder_kind, holder_id or 0)
    if key is None:
        return None
    mode = Mode(key.mode)
    agent = settings.SIGN_AGENT if mode is Mode.AGENT else ""
    if agent:
        csp.let_connect(request, agent)
    label = _SECRET_LABELS[mode] if mode in ASKS_SECRET else ""
    return KeyOnPage(mode=mode.value, secret_label=label, agent=agent)


def asked(document: OutgoingDocument, made: Asked) -> JsonResponse:
    """What the page hands to the helper: papers, certificate, and where the key lies."""
    key: SigningKey = made.request.key
    to_be_signed = made.ready.to_be_signed
    kind = type_name(document.document_type)
    code = f"{document.reference_code} · " if document.reference_code else ""
    return JsonResponse(
        {
            "request": str(made.request.public_id),
            "digest": digest_words(to_be_signed),
            "ask": {
                "token": key.reference.get("token", ""),
                "key_id": key.reference.get("key_id", ""),
                "certificate": _text(made.ready.signer.certificate_der),
                "papers": [
                    {
                        "title": f"{code}{kind}: {document.subject}",
                        "to_be_signed": _text(to_be_signed),
                    }
                ],
            },
        }
    )


def answered(post: QueryDict) -> tuple[uuid.UUID, bytes] | None:
    """(the request, the raw signature) when the form brings what the helper answered.

    Raises: RuleBroken `signing.lapsed` when it brings something else in their place.
    """
    request_id = post.get(REQUEST)
    if not request_id:
        return None
    try:
        return uuid.UUID(request_id), base64.b64decode(post.get(SIGNATURE, ""), validate=True)
    except (ValueError, binascii.Error):
        raise RuleBroken("signing.lapsed", "Lần ký này đã hết hạn. Đồng chí ký lại.") from None


def fault_of_secret(error: DomainError) -> str:
    """What a refusal says of the PIN; nothing when it speaks of something else."""
    return error.sentence if error.code in _ABOUT_SECRET else flow.fault_of(error, SECRET)


def require_reachable(key: KeyOnPage | None) -> None:
    """Nothing unless the key lies on the person's PC and the page came without its helper.

    Raises: RuleBroken `signing.agent_silent`.
    """
    if key is not None and key.agent:
        raise RuleBroken(
            "signing.agent_silent",
            "Chưa ký được: trang này chưa nhận được chữ ký từ trợ lý ký số trên máy của đồng chí. Mở "
            "trợ lý, cắm thiết bị rồi bấm lại.",
        )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
