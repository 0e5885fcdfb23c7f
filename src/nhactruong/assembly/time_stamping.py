"""Who stamps the roots of the record: the sample office's own authority, elsewhere none yet."""

from __future__ import annotations

import asyncio
import secrets

from asn1crypto import algos, tsp
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper as TimeStampingAuthority
from pyhanko.sign.timestamps import TimestampRequestError

from nhactruong.foundation.audit.ports import TimeStamper
from nhactruong.kernel.errors import OutsideFailure
from nhactruong.records.signing.soft import sample_pki

_NONCE_BYTES = 8


class AuthorityStamper:
    """`TimeStamper` over an authority that speaks RFC 3161."""

    def __init__(self, authority: TimeStampingAuthority) -> None:
        self._authority = authority

    def stamp(self, digest: bytes) -> bytes:
        """The authority's answer (DER) over a SHA-256 digest. Raises: OutsideFailure."""
        asked = tsp.TimeStampReq(
            {
                "version": 1,
                "message_imprint": {
                    "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                    "hashed_message": digest,
                },
                "nonce": int.from_bytes(secrets.token_bytes(_NONCE_BYTES)),
                "cert_req": True,
            }
        )
        try:
            answer = asyncio.run(self._authority.async_request_tsa_response(asked))
        except (TimestampRequestError, OSError) as fault:
            raise _silent() from fault
        if answer["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise _silent()
        content: bytes = answer.dump()
        return content


def _silent() -> OutsideFailure:
    return OutsideFailure(
        "audit.no_stamp", "Dịch vụ cấp dấu thời gian chưa trả lời. Hệ thống sẽ tự thử lại."
    )


def time_stamper() -> TimeStamper | None:
    """The authority of this installation; None in production until one is configured."""
    return None if settings.ENVIRONMENT == "production" else AuthorityStamper(sample_pki().tsa())
