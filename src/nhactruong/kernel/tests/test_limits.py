"""What does not fit is refused with both lengths; nothing is cut."""

from __future__ import annotations

import pytest

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.limits import line_within, text_within


def test_what_fits_is_kept_whole() -> None:
    assert line_within(9, "  Ngày\nhội  ", field="subject", label="Trích yếu") == "Ngày hội"
    assert text_within(8, " Ngày\nhội ", field="opinion", label="Ý kiến") == "Ngày\nhội"


@pytest.mark.parametrize("within", [line_within, text_within])
def test_what_does_not_fit_is_said_at_its_field(within) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidInput) as refused:
        within(1000, "a" * 1001, field="subject", label="Trích yếu")
    assert refused.value.code == "text.too_long"
    assert refused.value.fields == {
        "subject": "Trích yếu dài quá 1000 ký tự (đang có 1001). Đồng chí viết gọn lại."
    }
