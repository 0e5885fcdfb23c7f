"""Keys in a token or HSM, by PKCS #11: each question in a child process of its own.

The PIN is handed on and kept nowhere. Source: signatures.md 5 (mode `pkcs11`).
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nhactruong.kernel.errors import OutsideFailure, RuleBroken

_CHILD: Final = "nhactruong.records.signing.providers.token_child"
#: To open a token on a slow bus; and for each signature it makes then.
_SECONDS: Final = 30
_SECONDS_EACH: Final = 3
#: Refusals after which the person can do something: code of the child → (code, sentence).
_SENTENCES: Final = {
    "wrong_pin": (
        "signing.wrong_pin",
        "PIN không đúng nên chưa ký. Đồng chí nhập lại; nhập sai nhiều lần thiết bị sẽ khóa.",
    ),
    "pin_locked": (
        "signing.pin_locked",
        "Thiết bị ký đã khóa vì nhập sai PIN nhiều lần. Đề nghị bộ phận Cơ yếu mở khóa.",
    ),
    "no_token": (
        "signing.no_token",
        "Không thấy thiết bị ký. Đồng chí cắm lại thiết bị rồi ký lại.",
    ),
    "no_key": (
        "signing.no_key_in_token",
        "Thiết bị đang cắm không có khóa của chứng thư đã đăng ký. Đồng chí cắm đúng thiết bị.",
    ),
}


@dataclass(frozen=True, slots=True)
class TokenCertificate:
    """A certificate found in a token, and where its key lies."""

    token: str
    serial: str
    key_id: str
    certificate_der: bytes


def certificates(module: Path) -> list[TokenCertificate]:
    """All certificates of the tokens that are plugged in.

    Raises: OutsideFailure `signing.token_failed` when the library does not answer.
    """
    return [
        TokenCertificate(
            one["token"], one["serial"], one["key_id"], base64.b64decode(one["certificate"])
        )
        for one in _asked(module, {"act": "list"})["certificates"]
    ]


def sign(
    module: Path, *, token: str, key_id: str, to_be_signed: Sequence[bytes], pin: str
) -> list[bytes]:
    """Raw signatures by the key with that id in the token of that label: all, or none.

    Raises: RuleBroken `signing.wrong_pin`, `signing.pin_locked`, `signing.no_token`,
    `signing.no_key_in_token`; OutsideFailure `signing.token_failed`.
    """
    answer = _asked(
        module,
        {
            "act": "sign",
            "token": token,
            "key_id": key_id,
            "pin": pin,
            "to_be_signed": [base64.b64encode(one).decode() for one in to_be_signed],
        },
        seconds=_SECONDS + _SECONDS_EACH * len(to_be_signed),
    )
    return [base64.b64decode(one) for one in answer["signatures"]]


def _asked(module: Path, question: dict[str, Any], *, seconds: float = _SECONDS) -> dict[str, Any]:
    try:
        done = subprocess.run(  # our own program, its input is no command
            [sys.executable, "-P", "-m", _CHILD],
            input=json.dumps({"module": str(module), **question}),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        # Not `from`: the exception carries the input, and with it the PIN.
        raise _failed("timeout") from None
    except ValueError:
        raise _failed("no answer") from None
    refused = answer.get("refused")
    if refused is None:
        return answer
    if refused in _SENTENCES:
        raise RuleBroken(*_SENTENCES[refused])
    raise _failed(f"{refused} {answer.get('detail', '')}")


def _failed(detail: str) -> OutsideFailure:
    return OutsideFailure(
        "signing.token_failed",
        "Thiết bị ký không trả lời nên chưa ký được; văn bản còn nguyên. Đồng chí cắm lại thiết bị, "
        "chờ ít giây rồi ký lại.",
        detail=detail,
    )
