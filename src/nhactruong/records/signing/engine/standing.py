"""Whether a certificate may be used for a signature now: asked before its key is.

Source: signatures.md 5 (rules checked before a signature is asked).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from asn1crypto import crl

from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.signing.engine.certificates import may_sign_documents
from nhactruong.records.signing.engine.identity import Certified
from nhactruong.records.signing.engine.paths import PathJudge, PathStatus, RevocationData
from nhactruong.records.signing.engine.trust import TrustList

_NO_ROOT: Final = (
    "signing.certificate_untrusted",
    "Chứng thư số của %(signer)s không do tổ chức mà cơ quan tin cậy cấp nên chưa ký được. Đề nghị bộ "
    "phận Cơ yếu kiểm tra chứng thư và danh sách gốc tin cậy.",
)
_UNUSABLE: Final = (
    "signing.certificate_unusable",
    "Chứng thư số của %(signer)s hết hạn, chưa có hiệu lực hoặc không được cấp để ký văn bản. Kiểm "
    "tra chứng thư và giờ của máy rồi ký lại.",
)
_FAULTS: Final[Mapping[PathStatus, tuple[str, str]]] = {
    PathStatus.NO_ROOTS: _NO_ROOT,
    PathStatus.NO_PATH: _NO_ROOT,
    PathStatus.UNTRUSTED: _NO_ROOT,
    PathStatus.OUTSIDE_VALIDITY: _UNUSABLE,
    PathStatus.WEAK_ALGORITHM: _UNUSABLE,
    PathStatus.REVOKED: (
        "signing.certificate_revoked",
        "Chứng thư số của %(signer)s đã bị thu hồi nên không ký được; văn bản còn nguyên. Đề nghị bộ "
        "phận Cơ yếu cấp lại chứng thư.",
    ),
    PathStatus.NO_REVOCATION_INFO: (
        "signing.no_revocation_list",
        "Danh sách chứng thư bị thu hồi ở máy chủ đã quá hạn hoặc chưa có nên chưa ký được. Đề nghị "
        "quản trị hệ thống cập nhật danh sách rồi ký lại.",
    ),
}


def require_good(
    signer: Certified, *, trust: TrustList, crls: Iterable[bytes], moment: datetime
) -> None:
    """Nothing when the certificate is valid, trusted, made for signing and not revoked at `moment`.

    `crls` are revocation lists (DER). Raises: RuleBroken `signing.certificate_unusable`,
    `signing.certificate_untrusted`, `signing.certificate_revoked`, `signing.no_revocation_list`.
    """
    data = RevocationData(tuple((crl.CertificateList.load(one), False) for one in crls), ocsps=())
    judge = PathJudge(trust, signer.chain, data)
    outcome = asyncio.run(judge.at(signer.certificate, moment, revocation_required=True))
    fault = _FAULTS.get(outcome.status)
    if fault is None and not may_sign_documents(signer.certificate):
        fault = _UNUSABLE
    if fault is not None:
        raise RuleBroken(*fault, signer=signer.subject_common_name)
