"""A prepared file while the key of somebody's own PC is asked.

Kept is what the preparation added behind the document's bytes, encrypted; the document itself is
read again when the answer comes.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.signing import vault
from nhactruong.records.signing.engine.acts import ReadyToSign
from nhactruong.records.signing.engine.geometry import Box
from nhactruong.records.signing.engine.identity import Certified
from nhactruong.records.signing.engine.interrupted import Prepared
from nhactruong.records.signing.models import SigningRequest


def put_away(ready: ReadyToSign, *, base: bytes, request: SigningRequest) -> bytes:
    """The prepared file as it is kept with the request: what stands behind `base`, encrypted."""
    prepared, drawn = ready.prepared, ready.drawn
    kept = {
        "added": _text(prepared.content[len(base) :]),
        "place": prepared.place,
        "document_digest": _text(prepared.document_digest),
        "to_be_signed": _text(prepared.to_be_signed),
        "moment": prepared.moment.isoformat(),
        "field": ready.field_name,
        "certificates": [_text(ready.signer.certificate_der), *map(_text, ready.signer.chain_der)],
        "drawn": [drawn.page, drawn.x, drawn.y, drawn.width, drawn.height] if drawn else None,
    }
    return vault.put_away(json.dumps(kept).encode(), purpose=_purpose(request))


def to_be_signed(request: SigningRequest) -> bytes:
    """What the key is to sign of a prepared request. Raises: RuleBroken `signing.lapsed`."""
    return _bytes(_kept(request)["to_be_signed"])


def take_out(request: SigningRequest, *, base: bytes) -> ReadyToSign:
    """The file as it was prepared over `base`.

    Raises: RuleBroken `signing.lapsed` when nothing is kept any more.
    """
    kept = _kept(request)
    leaf, *chain = map(_bytes, kept["certificates"])
    first, last = kept["place"]
    return ReadyToSign(
        prepared=Prepared(
            content=base + _bytes(kept["added"]),
            place=(first, last),
            document_digest=_bytes(kept["document_digest"]),
            to_be_signed=_bytes(kept["to_be_signed"]),
            moment=datetime.fromisoformat(kept["moment"]),
        ),
        field_name=kept["field"],
        signer=Certified(leaf, tuple(chain)),
        drawn=Box(*kept["drawn"]) if kept["drawn"] else None,
    )


def _kept(request: SigningRequest) -> dict[str, Any]:
    if request.prepared is None:
        raise RuleBroken("signing.lapsed", "Lần ký này đã hết hạn. Đồng chí ký lại.")
    kept: dict[str, Any] = json.loads(
        vault.take_out(bytes(request.prepared), purpose=_purpose(request))
    )
    return kept


def _purpose(request: SigningRequest) -> str:
    return f"signing-request:{request.public_id}"


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
