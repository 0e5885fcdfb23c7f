"""Keys at a remote signing service that speaks the CSC API (v1), by pyHanko's own client.

Source: signatures.md 5 (mode `csc`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import aiohttp
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.csc_signer import (
    CSCAuthorizationInfo,
    CSCAuthorizationManager,
    CSCServiceSessionInfo,
    CSCSigner,
    fetch_certs_in_csc_credential,
)

from nhactruong.kernel.errors import OutsideFailure, RuleBroken
from nhactruong.records.signing.engine.identity import Certified
from nhactruong.records.signing.engine.interrupted import DIGEST
from nhactruong.records.signing.ports import KeyInUse, registered

_SECONDS: Final = 20
#: What the service says of a PIN or one-time code that does not open the key.
_WRONG_SECRETS: Final = frozenset({"invalid_pin", "invalid_otp"})


class RemoteKeys:
    """`Provider` over one service; its token opens the service, the person's PIN the key."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._token = token

    def certified(self, key: KeyInUse, *, is_agency: bool) -> Certified:
        """The certificate registered with the key."""
        del is_agency
        return registered(key)

    def sign(
        self, key: KeyInUse, to_be_signed: Sequence[bytes], secret: str, *, is_agency: bool
    ) -> list[bytes]:
        """Raw signatures after the PIN `secret`.

        Raises: RuleBroken `signing.wrong_pin`, `signing.no_key_in_service`; OutsideFailure
        `signing.remote_failed`.
        """
        del is_agency
        return asyncio.run(self._signed(key, to_be_signed, secret))

    async def _signed(
        self, key: KeyInUse, to_be_signed: Sequence[bytes], secret: str
    ) -> list[bytes]:
        service = CSCServiceSessionInfo(self._url, key.reference["credential"], self._token)
        limit = aiohttp.ClientTimeout(total=_SECONDS)
        try:
            async with aiohttp.ClientSession(timeout=limit) as session:
                credential = await fetch_certs_in_csc_credential(session, service, _SECONDS)
                if credential.signing_cert.dump() != key.certificates[0]:
                    raise RuleBroken(
                        "signing.no_key_in_service",
                        "Chứng thư ở dịch vụ ký từ xa không phải chứng thư đã đăng ký. Đề nghị bộ phận "
                        "Cơ yếu đăng ký lại chứng thư.",
                    )
                made: list[bytes] = []
                most = max(1, credential.max_batch_size)
                for begin in range(0, len(to_be_signed), most):
                    some = to_be_signed[begin : begin + most]
                    signer = CSCSigner(
                        session,
                        _ByPin(service, credential, session, secret),
                        sign_timeout=_SECONDS,
                        batch_size=len(some),
                    )
                    made += await asyncio.gather(
                        *(signer.async_sign_raw(one, DIGEST) for one in some)
                    )
                return made
        except (SigningError, aiohttp.ClientError, TimeoutError, ValueError) as error:
            # Not `from`: a request in the exception would carry the PIN.
            raise _failed(type(error).__name__) from None


class _ByPin(CSCAuthorizationManager):
    """Asks the service to open the key for exactly these digests, with the person's PIN."""

    def __init__(
        self, service: Any, credential: Any, session: aiohttp.ClientSession, secret: str
    ) -> None:
        super().__init__(service, credential)
        self._session = session
        self._secret = secret

    async def authorize_signature(self, hash_b64s: list[str]) -> CSCAuthorizationInfo:
        asked = self.format_csc_auth_request(
            num_signatures=len(hash_b64s), pin=self._secret, hash_b64s=hash_b64s
        )
        url = self.csc_session_info.endpoint_url("credentials/authorize")
        async with self._session.post(
            url, headers=self.csc_session_info.auth_headers, json=asked
        ) as answer:
            told = await answer.json()
            if answer.status == 400 and told.get("error") in _WRONG_SECRETS:
                raise RuleBroken(
                    "signing.wrong_pin",
                    "Mã mở khóa của dịch vụ ký từ xa không đúng nên chưa ký. Đồng chí nhập lại.",
                )
            if answer.status != 200:
                raise SigningError("authorization refused")
        return self.parse_csc_auth_response(told)


def _failed(detail: str) -> OutsideFailure:
    return OutsideFailure(
        "signing.remote_failed",
        "Dịch vụ ký từ xa không trả lời nên chưa ký được; văn bản còn nguyên. Chờ ít phút rồi ký lại.",
        detail=detail,
    )
