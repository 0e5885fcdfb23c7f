"""The sample office's keys: software keys of the test PKI in the state folder.

Refused in production: a test root must never stand behind a real document.
Source: signatures.md 5 (mode `soft`), 8.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.engine.interrupted import DIGEST
from nhactruong.records.signing.engine.testpki import TestPki
from nhactruong.records.signing.ports import KeyInUse


class SoftKeys:
    """`Provider` over the test PKI; a key is made when it is first asked for."""

    def certified(self, key: KeyInUse, *, is_agency: bool) -> SigningIdentity:
        """The certificate of the key and its chain.

        Raises: RuleBroken `signing.no_service` in production.
        """
        if settings.ENVIRONMENT == "production":
            raise RuleBroken(
                "signing.no_service",
                "Khóa mềm chỉ dùng ở cơ quan mẫu, không ký văn bản thật. Đề nghị bộ phận Cơ yếu đăng "
                "ký thiết bị ký.",
            )
        if is_agency:
            return sample_pki().agency(key.name, key.subject_id)
        return sample_pki().person(key.name, key.unit, key.subject_id)

    def sign(
        self, key: KeyInUse, to_be_signed: Sequence[bytes], secret: str, *, is_agency: bool
    ) -> list[bytes]:
        """The raw signatures over these bytes, in their order; no secret is asked."""
        del secret
        signer = self.certified(key, is_agency=is_agency).signer_factory()
        return [asyncio.run(signer.async_sign_raw(one, DIGEST)) for one in to_be_signed]


@cache
def sample_pki() -> TestPki:
    """The test PKI of the sample office; its keys are made when they are first needed."""
    return TestPki(Path(settings.PKI_FOLDER))
