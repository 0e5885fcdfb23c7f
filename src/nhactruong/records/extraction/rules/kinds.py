"""Type names as they are printed and the codes that stand for them in a symbol.

Source: documents.md 2.1, 2.3 and document_types.csv.
"""

from __future__ import annotations

import re
from typing import Final

from nhactruong.kernel.text import fold
from nhactruong.records.extraction.rules.flat import letters_only
from nhactruong.records.extraction.rules.symbols import Profile, Reference

_PARTY: Final = """
CL Chiến lược|NQ Nghị quyết|QĐ Quyết định|CT Chỉ thị|KL Kết luận|QC Quy chế|QĐ Quy định|TT Thông tri
HD Hướng dẫn|TB Thông báo|TC Thông cáo|- Tuyên bố|- Lời kêu gọi|BC Báo cáo|KH Kế hoạch|QH Quy hoạch
CTr Chương trình|ĐA Đề án|PA Phương án|DA Dự án|TTr Tờ trình|CV Công văn|BB Biên bản
GGT Giấy giới thiệu|GCN Giấy chứng nhận|GĐĐ Giấy đi đường|GNP Giấy nghỉ phép|GM Giấy mời
PC Phiếu chuyển|PG Phiếu gửi|- Thư công|BS Bản sao|- Cương lĩnh chính trị|- Điều lệ Đảng
QĐi Quy định|QyĐ Quy định
"""
_STATE: Final = """
NQ Nghị quyết|QĐ Quyết định|CT Chỉ thị|QC Quy chế|QyĐ Quy định|TC Thông cáo|TB Thông báo
HD Hướng dẫn|CTr Chương trình|KH Kế hoạch|PA Phương án|ĐA Đề án|DA Dự án
BC Báo cáo|BB Biên bản|TTr Tờ trình|HĐ Hợp đồng|- Công văn|CĐ Công điện
BGN Bản ghi nhớ|BTT Bản thỏa thuận|GUQ Giấy ủy quyền
GM Giấy mời|GGT Giấy giới thiệu|GNP Giấy nghỉ phép|PG Phiếu gửi|PC Phiếu chuyển
PB Phiếu báo|- Thư công|SY Bản sao y|SL Bản sao lục|TrS Bản trích sao|L Luật|NĐ Nghị định
TT Thông tư|TTLT Thông tư liên tịch|PL Pháp lệnh
"""


def slug(name_vi: str) -> str:
    """A type's name as a key: `Nghị quyết (cá biệt)` → `nghi-quyet`."""
    return fold(re.sub(r"\(.*?\)", "", name_vi)).replace(" ", "-")


def _rows(table: str) -> list[tuple[str, str]]:
    rows = [
        row.strip().split(" ", 1) for line in table.splitlines() for row in line.split("|") if row
    ]
    return [(code, name) for code, name in rows]


#: (profile, code) → slugs in the order of likelihood; one code may stand for two types.
SLUGS_BY_CODE: Final[dict[tuple[str, str], tuple[str, ...]]] = {}
#: slug → the name a clerk reads.
NAMES: Final[dict[str, str]] = {}
for _profile, _table in (("party", _PARTY), ("state", _STATE)):
    for _code, _name in _rows(_table):
        NAMES.setdefault(slug(_name), _name)
        _known = SLUGS_BY_CODE.get((_profile, _code), ())
        SLUGS_BY_CODE[_profile, _code] = (*_known, slug(_name))

#: Longest first, so that "thông tư liên tịch" is not read as "thông tư".
_BY_LETTERS: Final = sorted(
    ((letters_only(name), key) for key, name in NAMES.items()), key=lambda row: -len(row[0])
)


def printed_kind(line: str) -> str | None:
    """The slug of the type whose name `line` opens with in capital letters, else `None`."""
    words = line.split()
    if not words or line.strip()[:1].islower() or not line.strip()[:1].isalpha():
        return None
    packed = letters_only(line)
    for letters, key in _BY_LETTERS:
        if packed.startswith(letters):
            head = _head(line, len(letters))
            if head.isupper():
                return key
    return None


def _head(line: str, count: int) -> str:
    """The shortest beginning of `line` that holds `count` letters or digits."""
    seen = 0
    for place, sign in enumerate(line):
        seen += sign.isalnum()
        if seen == count:
            return line[: place + 1]
    return line


def rest_after_kind(line: str, key: str) -> str:
    """What stands on the same line after the type's name."""
    return line[len(_head(line, len(letters_only(NAMES[key])))) :].strip(" :.-–*")


def kinds_of(reference: Reference) -> tuple[str, ...]:
    """The slugs a reference's code may stand for, most likely first; empty when unknown."""
    profile: Profile = reference.profile
    if profile == "state" and not reference.code:
        if reference.organ.startswith(("QH", "UBTVQH")):
            return ("luat", "nghi-quyet", "phap-lenh")
        return ("cong-van",)
    return SLUGS_BY_CODE.get((profile, reference.code), ())
