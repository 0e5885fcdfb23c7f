"""Telling people from agencies by their certificates."""

from __future__ import annotations

import pytest
from asn1crypto import x509

from nhactruong.records.signing.engine.certificates import Holder, holder_of


class _Certificate:
    """Only what `holder_of` reads."""

    def __init__(self, **names: str) -> None:
        self.subject = x509.Name.build(names)


@pytest.mark.parametrize(
    ("names", "holder"),
    [
        ({"common_name": "Vũ Minh Đức", "organization_name": "Tỉnh ủy Sông Lam"}, Holder.PERSON),
        ({"common_name": "Đoàn Thị Mai", "organization_name": "Sở Nội vụ"}, Holder.PERSON),
        ({"common_name": "Nguyễn An"}, Holder.PERSON),
        ({"organization_name": "Tỉnh ủy Sông Lam"}, Holder.AGENCY),
        (
            {"common_name": "TỈNH ỦY SÔNG LAM", "organization_name": "Tỉnh ủy Sông Lam"},
            Holder.AGENCY,
        ),
        (
            {"common_name": "Văn phòng Tỉnh ủy", "organization_name": "Tỉnh ủy Sông Lam"},
            Holder.AGENCY,
        ),
        (
            {"common_name": "Vụ Tổ chức", "organization_name": "Văn phòng Trung ương"},
            Holder.AGENCY,
        ),
        (
            {"common_name": "Ban Mai", "organization_name": "Ban Mai", "given_name": "Mai"},
            Holder.PERSON,
        ),
    ],
)
def test_the_name_tells_who_holds_the_certificate(names: dict[str, str], holder: Holder) -> None:
    assert holder_of(_Certificate(**names)) is holder  # type: ignore[arg-type]


def test_a_known_identifier_outweighs_the_name() -> None:
    certificate = _Certificate(common_name="Sông Lam", serial_number="CQ-0001")
    assert holder_of(certificate, agency_identifiers=["CQ-0001"]) is Holder.AGENCY  # type: ignore[arg-type]
