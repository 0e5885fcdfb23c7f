"""The lists that can be brought in: their columns, as the office heads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import fold

#: More rows are several files. A spreadsheet of an office is far smaller.
MOST_ROWS: Final = 100_000
_MOST_COLUMNS: Final = 60


class ListCode(StrEnum):
    """The code of a list, in the store and in addresses."""

    PEOPLE = "nguoi-chuc-danh"
    UNITS = "don-vi"
    AGENCIES = "co-quan"


class Cell(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what its cells hold and what they are compared with."""

    key: str
    heading: str
    explanation: str
    example: str = ""
    holds: Cell = Cell.TEXT
    is_required: bool = False
    most: int = 200
    #: Folded words → the code kept, for a choice.
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list that can be brought in and taken out."""

    code: ListCode
    label: str
    lead: str
    columns: Sequence[Column]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns by key, in the order of the file."""
        return tuple(column.key for column in self.columns)

    def heading(self, key: str) -> str:
        """What stands above that column."""
        return next((one.heading for one in self.columns if one.key == key), "Cả dòng")


HOLDING_KINDS: Final[Mapping[str, str]] = {
    "main": "Chính thức",
    "concurrent": "Kiêm nhiệm",
    "acting": "Quyền",
}
LEVELS: Final[Mapping[str, str]] = {"central": "Trung ương", "province": "Tỉnh", "commune": "Xã"}


def _words(labels: Mapping[str, str]) -> Mapping[str, str]:
    return {fold(word): code for code, label in labels.items() for word in (code, label)}


_AGENCY: Final = Column(
    "agency",
    "Cơ quan",
    "Mã định danh hoặc mã của cơ quan, phải có sẵn và trong phạm vi của người đưa vào.",
    "A99.02",
    is_required=True,
    most=60,
)
_SINCE: Final = "Ngày/tháng/năm, hoặc ô kiểu ngày của bảng tính."

PEOPLE: Final = ListKind(
    ListCode.PEOPLE,
    "Người và chức danh",
    "Ai giữ chức danh nào, từ ngày nào; người và chức danh chưa có thì được lập.",
    (
        Column(
            "person",
            "Mã cán bộ",
            "Mã riêng của mỗi người, không đổi; cùng mã là cùng người.",
            "CB-00123",
            is_required=True,
            most=60,
        ),
        Column(
            "full_name", "Họ và tên", "Như trong hồ sơ.", "Đỗ Minh Khuê", is_required=True, most=200
        ),
        _AGENCY,
        Column(
            "unit",
            "Đơn vị",
            "Tên hoặc mã phòng, ban của cơ quan ấy; bỏ trống nếu chức danh không thuộc phòng nào.",
            "Phòng Tổng hợp",
        ),
        Column("title", "Chức danh", "Tên chức danh.", "Chuyên viên", is_required=True, most=200),
        Column(
            "post",
            "Mã chức danh",
            "Mã riêng của chức danh. Bỏ trống thì hệ thống tự tìm theo người, cơ quan, đơn vị, tên "
            "chức danh, không có thì lập mã.",
            "",
            most=80,
        ),
        Column(
            "rank",
            "Thứ bậc",
            "Số từ 1 đến 9999, nhỏ đứng trước. Bỏ trống: giữ như đang có, chức danh mới là 90.",
            "90",
            holds=Cell.NUMBER,
        ),
        Column(
            "roles",
            "Vai trò",
            "Tên hoặc mã vai trò, cách nhau bằng dấu chấm phẩy; vai trò ở cơ quan khác ghi thêm "
            "@mã cơ quan. Bỏ trống: giữ như đang có.",
            "Chuyên viên; Chuyên viên@A99.01",
            most=2000,
        ),
        Column(
            "kind",
            "Cách giữ",
            "Chính thức, Kiêm nhiệm hoặc Quyền. Bỏ trống: Chính thức.",
            "Chính thức",
            holds=Cell.CHOICE,
            choices=_words(HOLDING_KINDS),
        ),
        Column("since", "Giữ từ ngày", _SINCE, "01/07/2025", holds=Cell.DATE, is_required=True),
        Column(
            "until",
            "Thôi giữ từ ngày",
            "Ngày đầu tiên không còn giữ; bỏ trống nếu đang giữ.",
            "",
            holds=Cell.DATE,
        ),
    ),
)

UNITS: Final = ListKind(
    ListCode.UNITS,
    "Đơn vị",
    "Phòng, ban của các cơ quan.",
    (
        _AGENCY,
        Column(
            "unit",
            "Mã đơn vị",
            "Mã riêng của đơn vị. Bỏ trống thì hệ thống tự tìm theo tên, không có thì lập mã.",
            "",
            most=60,
        ),
        Column("name", "Tên đơn vị", "Tên đầy đủ.", "Phòng Tổng hợp", is_required=True, most=200),
        Column(
            "short_name",
            "Tên gọi tắt",
            "Bỏ trống: giữ như đang có, đơn vị mới lấy tên đầy đủ.",
            "Phòng TH",
            most=100,
        ),
        Column("since", "Từ ngày", _SINCE, "01/07/2025", holds=Cell.DATE, is_required=True),
    ),
)

AGENCIES: Final = ListKind(
    ListCode.AGENCIES,
    "Cơ quan",
    "Cơ quan có con dấu và mã định danh, cùng cơ quan cấp trên.",
    (
        Column(
            "identifier",
            "Mã định danh",
            "Mã định danh điện tử; cùng mã là cùng cơ quan.",
            "A99.03",
            is_required=True,
            most=35,
        ),
        Column(
            "name",
            "Tên cơ quan",
            "Tên đầy đủ.",
            "Đảng ủy xã Đồng Mơ",
            is_required=True,
            most=300,
        ),
        Column(
            "short_name",
            "Tên gọi tắt",
            "Bỏ trống: giữ như đang có, cơ quan mới lấy tên đầy đủ.",
            "ĐU Đồng Mơ",
            most=200,
        ),
        Column(
            "level",
            "Cấp",
            "Trung ương, Tỉnh hoặc Xã.",
            "Xã",
            holds=Cell.CHOICE,
            is_required=True,
            choices=_words(LEVELS),
        ),
        Column(
            "superior",
            "Mã định danh cấp trên",
            "Phải có sẵn hoặc đứng ở dòng trên. Cơ quan mới thì bắt buộc.",
            "A99.01",
            most=60,
        ),
        Column(
            "symbol", "Ký hiệu", "Ký hiệu trên văn bản.", "ĐU", is_required=True, most=30
        ),
        Column(
            "place", "Địa danh", "Nơi ghi trước ngày tháng trên văn bản.", "Đồng Mơ",
            is_required=True, most=100,
        ),
        Column("since", "Từ ngày", _SINCE, "01/07/2025", holds=Cell.DATE, is_required=True),
    ),
)  # fmt: skip

KINDS: Final[Mapping[ListCode, ListKind]] = {kind.code: kind for kind in (PEOPLE, UNITS, AGENCIES)}


def headings_of(kind: ListKind) -> list[str]:
    """The first row of a file of that list."""
    return [column.heading for column in kind.columns]


def order_of(kind: ListKind, heading: Sequence[str]) -> list[int]:
    """For each column of the list where it stands in the file, -1 for one that is left out.

    All that is wrong with the first row is said at once.
    Raises: InvalidInput `importing.headings`.
    """
    found: dict[str, int] = {}
    known = {fold(column.heading): column.heading for column in kind.columns}
    faults = []
    for place, text in enumerate(heading[:_MOST_COLUMNS]):
        word = fold(text)
        if word in found:
            faults.append(f"cột “{known[word]}” có hai lần")
        elif word in known:
            found[word] = place
        elif word:
            faults.append(f"không có cột nào tên “{text[:60]}”")
    if len(heading) > _MOST_COLUMNS:
        faults.append(f"nhiều hơn {_MOST_COLUMNS} cột")
    faults += [
        f"thiếu cột “{column.heading}”"
        for column in kind.columns
        if column.is_required and fold(column.heading) not in found
    ]
    if faults:
        raise InvalidInput(
            "importing.headings",
            "Dòng đầu của tệp chưa đúng mẫu “%(label)s”: %(faults)s. "
            "Đồng chí tải tệp mẫu rồi chép dữ liệu sang.",
            label=kind.label,
            faults="; ".join(faults),
        )
    return [found.get(fold(column.heading), -1) for column in kind.columns]
