"""Names of people who do not exist: family names as they are met, with rare words of nature."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from typing import Final

_FAMILIES: Final = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Đinh", "Mạc", "Tạ", "Lò", "Quàng", "Triệu", "Nông", "Lường", "Hà", "Cao", "Tống", "Chu",
)  # fmt: skip
_MIDDLES: Final = (
    "Bạch", "Cẩm", "Đông", "Giang", "Hải", "Hoài", "Khê", "Lam", "Mộc", "Nhã", "Phong", "Quế",
    "Sơn", "Thạch", "Thảo", "Thiên", "Trúc", "Tùng", "Vân", "Vũ", "Xuân", "Yên",
)  # fmt: skip
_GIVEN: Final = (
    "Bưởi", "Cải", "Chanh", "Cói", "Dâu", "Đước", "Gạo", "Gấm", "Hạc", "Khế", "Lim", "Lụa", "Mận",
    "Mía", "Nhãn", "Ngô", "Ổi", "Sậy", "Sen", "Sim", "Chàm", "Sương", "Táo", "Quýt", "Trám", "Tràm",
    "Trầu", "Tre", "Vải", "Rừng", "Xoan", "Yến", "Diều", "Mơ", "Nắng", "Rạng", "Suối", "Thung",
)  # fmt: skip


def people(dice: random.Random) -> Iterator[str]:
    """Full names, none twice."""
    everybody = [" ".join(words) for words in product(_FAMILIES, _MIDDLES, _GIVEN)]
    dice.shuffle(everybody)
    yield from everybody
