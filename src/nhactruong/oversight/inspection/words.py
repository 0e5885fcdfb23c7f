"""Acts of the record in the office's words, and the rules of alarms: data as shipped."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from nhactruong.oversight.inspection.rules import Alarm

_DATA: Final = Path(__file__).parent / "data"

#: Kinds of acts as the filter offers them.
KINDS: Final[Mapping[str, str]] = {
    "reading": "Xem, tải văn bản",
    "incoming": "Văn bản đến",
    "outgoing": "Văn bản đi",
    "dossier": "Hồ sơ",
    "session": "Đăng nhập, xác nhận",
    "account": "Tài khoản",
    "refusal": "Bị từ chối",
    "export": "Xuất dữ liệu",
    "emergency": "Truy cập khẩn cấp",
    "numbering": "Sổ, số",
    "organization": "Tổ chức, chức danh",
    "procedure": "Quy trình",
    "data": "Dữ liệu chuẩn",
    "oversight": "Kiểm soát",
}
OUTCOME_WORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "ok": ("Đã làm", "ok", "ok"),
    "denied": ("Bị từ chối", "late", "stop"),
    "error": ("Lỗi", "soon", "warn"),
}
THING_WORDS: Final[Mapping[str, str]] = {
    "IncomingDocument": "Văn bản đến",
    "OutgoingDocument": "Văn bản đi",
    "Dossier": "Hồ sơ",
    "EmergencyRequest": "Đề nghị khẩn cấp",
    "Release": "Đề nghị xuất dữ liệu",
    "Alert": "Cảnh báo",
    "Agency": "Cơ quan",
    "Post": "Chức danh",
    "Person": "Người",
    "Delivery": "Lượt gửi",
    "Delegation": "Ủy quyền",
    "Absence": "Vắng mặt",
    "HandOver": "Bàn giao",
    "Procedure": "Quy trình",
    "ProcedureVersion": "Bản quy trình",
    "Device": "Thiết bị, chứng thư số",
    "ServiceKey": "Khóa truy cập",
    "Reorganization": "Đề nghị sắp xếp cơ quan",
    "CodeChange": "Đề nghị sửa danh mục mã",
}


def _rows(name: str) -> list[dict[str, Any]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=1)
def _acts() -> Mapping[str, tuple[str, str]]:
    return {row["action"]: (row["words"], row["kind"]) for row in _rows("acts.csv")}


def act_words(action: str) -> str:
    """What was done; an act without words is shown by its code."""
    words = _acts().get(action)
    return words[0] if words else action


def acts_of_kind(kind: str) -> Sequence[str]:
    """The codes of the acts of one kind."""
    return [action for action, (_, of) in _acts().items() if of == kind]


@dataclass(frozen=True, slots=True)
class AlarmRule:
    """When an alarm is raised: more than `most` acts in `window_minutes`, or in those hours."""

    alarm: Alarm
    label: str
    most: int
    window_minutes: int
    from_hour: int
    to_hour: int
    advice: str


@lru_cache(maxsize=1)
def alarm_rules() -> Mapping[Alarm, AlarmRule]:
    """The rules by alarm. Source: security.md 4."""
    return {
        Alarm(row["alarm"]): AlarmRule(
            Alarm(row["alarm"]),
            row["label"],
            int(row["most"]),
            int(row["window_minutes"]),
            int(row["from_hour"] or 0),
            int(row["to_hour"] or 0),
            row["advice"],
        )
        for row in _rows("alarm_rules.csv")
    }
