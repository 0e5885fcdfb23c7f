"""A child process that asks a PKCS #11 library for one thing and ends.

Libraries of token makers crash, hang and keep state; here they take nobody else with them. The
question comes on the input, never as an argument, because it may hold a PIN; the answer, or the
code of a refusal, goes to the output. Imports nothing of the product: the helper on a signer's PC
runs the same program.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from typing import Any

import pkcs11
from pkcs11 import Attribute, Mechanism, ObjectClass, TokenFlag
from pkcs11.exceptions import (
    MultipleTokensReturned,
    NoSuchKey,
    NoSuchToken,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    TokenNotPresent,
    TokenNotRecognised,
)
from pkcs11.util.ec import encode_ecdsa_signature

#: What went wrong, told in one word that the caller puts into a sentence.
_REFUSALS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((PinIncorrect, PinInvalid, PinLenRange), "wrong_pin"),
    ((PinLocked,), "pin_locked"),
    ((NoSuchToken, TokenNotPresent, TokenNotRecognised, MultipleTokensReturned), "no_token"),
    ((NoSuchKey,), "no_key"),
)


def main() -> None:
    """Answer the one question on the input."""
    asked = json.load(sys.stdin)
    try:
        answer = _ACTS[asked["act"]](pkcs11.lib(asked["module"]), asked)
    except PKCS11Error as error:
        answer = {"refused": _refusal(error), "detail": type(error).__name__}
    except (RuntimeError, OSError) as error:
        answer = {"refused": "no_library", "detail": type(error).__name__}
    json.dump(answer, sys.stdout)


def _refusal(error: Exception) -> str:
    return next((code for kinds, code in _REFUSALS if isinstance(error, kinds)), "failed")


def _listed(library: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Certificates of every token that is plugged in, with the id of the key each belongs to."""
    del asked
    found = []
    for slot in library.get_slots(token_present=True):
        token = slot.get_token()
        if not token.flags & TokenFlag.TOKEN_INITIALIZED:
            continue
        with token.open() as session:
            for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
                found.append(
                    {
                        "token": token.label.strip(),
                        "serial": bytes(token.serial).decode("ascii", "replace").strip(),
                        "key_id": bytes(one[Attribute.ID]).hex(),
                        "certificate": base64.b64encode(one[Attribute.VALUE]).decode(),
                    }
                )
    return {"certificates": found}


def _signed(library: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """A raw signature over each of the byte strings: ECDSA as DER or PKCS #1 v1.5, with SHA-256."""
    token = library.get_token(token_label=asked["token"])
    with token.open(user_pin=asked["pin"]) as session:
        key = session.get_key(
            object_class=ObjectClass.PRIVATE_KEY, id=bytes.fromhex(asked["key_id"])
        )
        made = [_by(key, base64.b64decode(one, validate=True)) for one in asked["to_be_signed"]]
    return {"signatures": [base64.b64encode(one).decode() for one in made]}


def _by(key: Any, data: bytes) -> bytes:
    if key.key_type is pkcs11.KeyType.EC:
        raw = key.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA)
        return bytes(encode_ecdsa_signature(raw))
    return bytes(key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))


_ACTS = {"list": _listed, "sign": _signed}

if __name__ == "__main__":
    main()
