"""Lists fixed by law: shown where all lists are, read from where the product keeps them, closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from nhactruong.kernel.states import (
    PARTY_FORM_PREFIX,
    ROLE_LABELS,
    SECRECY_LABELS,
    URGENCY_LABELS,
)
from nhactruong.masterdata.codelists import territory
from nhactruong.masterdata.codelists.territory import Place
from nhactruong.masterdata.organization.models import Agency, Delegation, Holding
from nhactruong.masterdata.vocabularies import selectors as vocabularies


@dataclass(frozen=True, slots=True)
class ShippedEntry:
    """One entry of a closed list; without a period it holds as long as the regulation does.

    `within` is the code of what it lies in, of the list that `ClosedList.within` names.
    """

    code: str
    name: str
    abbreviation: str = ""
    since: date | None = None
    until: date | None = None
    within: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the entry is in force on that day."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class ClosedList:
    """A list nobody changes here; `read` gives its entries in their order."""

    slug: str
    name: str
    owner: str
    meaning: str
    basis: str
    read: Callable[[], Sequence[ShippedEntry]]
    within: str = ""


def _labelled(labels: Mapping[Any, str], code: str = "value") -> Sequence[ShippedEntry]:
    return [ShippedEntry(str(getattr(one, code)), label) for one, label in labels.items()]


def _types(profile: str) -> Sequence[ShippedEntry]:
    rows = vocabularies.document_types(profile)
    return [ShippedEntry(row.slug, row.name, row.code) for row in rows]


def _choices(choices: Iterable[tuple[str, str]]) -> Sequence[ShippedEntry]:
    return [ShippedEntry(code, label) for code, label in choices]


def _forms() -> Sequence[ShippedEntry]:
    return [
        ShippedEntry(_code(form), prefix or "Ký theo thẩm quyền của mình", prefix)
        for form, prefix in PARTY_FORM_PREFIX.items()
    ]


def _places(places: Sequence[Place]) -> Sequence[ShippedEntry]:
    return [
        ShippedEntry(one.code, one.full_name, since=one.since, until=one.until, within=one.province)
        for one in places
    ]


def _code(one: Enum) -> str:
    return str(one.value)


_PARTY: Final = "Văn phòng Trung ương Đảng"
_STATE: Final = "Chính phủ"
_PRODUCT: Final = "Bảng quyền giao kèm sản phẩm"

CLOSED: Final[Mapping[str, ClosedList]] = {
    one.slug: one
    for one in (
        ClosedList(
            "document-types",
            "Loại văn bản của Đảng",
            _PARTY,
            "Tên loại và chữ viết tắt dùng khi soạn, cấp số và vào sổ.",
            "Quy định của Đảng về thể loại, thẩm quyền ban hành và thể thức văn bản",
            lambda: _types("party"),
        ),
        ClosedList(
            "state-document-types",
            "Loại văn bản hành chính",
            _STATE,
            "Tên loại văn bản của cơ quan Nhà nước, dùng khi vào sổ văn bản đến.",
            "Nghị định 30/2020/NĐ-CP",
            lambda: _types("state"),
        ),
        ClosedList(
            "urgencies",
            "Độ khẩn",
            _STATE,
            "Mức độ khẩn của văn bản, quyết định hạn xử lý.",
            "Nghị định 30/2020/NĐ-CP",
            lambda: _labelled(URGENCY_LABELS),
        ),
        ClosedList(
            "secrecies",
            "Độ mật",
            _STATE,
            "Mức độ mật của văn bản và mức được xem của chức danh.",
            "Luật Bảo vệ bí mật nhà nước 117/2025/QH15",
            lambda: _labelled(SECRECY_LABELS),
        ),
        ClosedList(
            "roles",
            "Vai trò",
            _PRODUCT,
            "Vai trò mà chức danh mang; quyền của từng vai trò ở Bảng quyền.",
            "Bảng quyền",
            lambda: _labelled(ROLE_LABELS, "code"),
        ),
        ClosedList(
            "signing-forms",
            "Thể thức đề ký",
            _PARTY,
            "Ký thay mặt tập thể, ký thay, thừa lệnh, thừa ủy quyền.",
            "Quy định của Đảng về thể thức văn bản",
            _forms,
        ),
        ClosedList(
            "provinces",
            "Tỉnh, thành phố",
            _STATE,
            "34 đơn vị hành chính cấp tỉnh; ghi địa danh, nơi gửi, nơi nhận.",
            "Nghị quyết 202/2025/QH15 và các nghị quyết năm 2026 về thành lập thành phố",
            lambda: _places(territory.provinces()),
        ),
        ClosedList(
            "communes",
            "Xã, phường, đặc khu",
            _STATE,
            "3.321 đơn vị hành chính cấp xã; ghi địa danh, nơi gửi, nơi nhận.",
            "Các nghị quyết của Ủy ban Thường vụ Quốc hội về sắp xếp đơn vị hành chính cấp xã",
            lambda: _places(territory.communes()),
            within="provinces",
        ),
        ClosedList(
            "agency-levels",
            "Cấp",
            _PARTY,
            "Cấp của cơ quan; từ 01/7/2025 không còn cấp huyện.",
            "Điều lệ Đảng; tổ chức chính quyền địa phương hai cấp",
            lambda: _choices(Agency.Level.choices),
        ),
        ClosedList(
            "holding-kinds",
            "Cách giữ chức danh",
            _PARTY,
            "Chính thức, kiêm nhiệm hay quyền.",
            "Quy định về công tác cán bộ",
            lambda: _choices(Holding.Kind.choices),
        ),
        ClosedList(
            "delegation-kinds",
            "Cách ủy quyền",
            _PRODUCT,
            "Người được ủy quyền làm việc với danh nghĩa nào.",
            "Bảng quyền, mục ủy quyền",
            lambda: _choices(Delegation.Kind.choices),
        ),
    )
}
