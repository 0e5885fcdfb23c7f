"""The sample data as tables, and small readers of them."""

from __future__ import annotations

import datetime
import re
import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"
FILES = sorted(DATA.rglob("*.toml"))


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


OFFICE = load("organization.toml")
PEOPLE = load("people.toml")["person"]
AUTHORITY = load("signing_authority.toml")["authority"]
OUTGOING = load("documents/outgoing.toml")["document"]
INCOMING = load("documents/incoming.toml")["document"]
DOSSIERS = load("dossiers.toml")
OVERRIDES = load("holidays.toml")["override"]

AGENCIES = {row["key"]: row for row in OFFICE["agency"]}
ORGANS = {row["key"]: row for row in OFFICE["organ"]}
UNITS = {row["key"]: row for row in OFFICE["unit"]}
POSTS = {row["key"]: row for row in OFFICE["post"]}
HOLDER = {held["post"]: person["key"] for person in PEOPLE for held in person["posts"]}
OUT = {row["key"]: row for row in OUTGOING}
IN = {row["key"]: row for row in INCOMING}

TYPES = {
    "nghi-quyet", "quyet-dinh", "chi-thi", "ket-luan", "ke-hoach", "chuong-trinh", "de-an",
    "thong-bao", "bao-cao", "to-trinh", "cong-van", "giay-moi", "phieu-chuyen", "cong-dien",
}  # fmt: skip
OUT_STATE = {
    "create": "draft",
    "submit": "content_review",
    "approve_content": "form_check",
    "form_check": "appraisal",
    "appraise": "awaiting_signature",
    "sign": "signed",
    "number": "numbered",
    "seal": "sealed",
    "issue": "issued",
    "acknowledge": "acknowledged",
    "return": "returned",
}
IN_STATE = {
    "receive": "received",
    "register": "registered",
    "submit": "submitted",
    "direct": "directed",
    "assign": "assigned",
    "start": "in_progress",
    "answer": "answered",
    "complete": "completed",
    "file": "filed",
}
PLACEHOLDER = re.compile(r"\{([^}]*)\}")
PRINTED_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
REAL_PLACES = (
    "Cao Bằng", "Tuyên Quang", "Hà Giang", "Điện Biên", "Lai Châu", "Sơn La", "Lào Cai", "Yên Bái",
    "Thái Nguyên", "Bắc Kạn", "Lạng Sơn", "Quảng Ninh", "Bắc Ninh", "Bắc Giang", "Phú Thọ",
    "Hòa Bình", "Vĩnh Phúc", "Hải Phòng", "Hải Dương", "Hưng Yên", "Thái Bình", "Ninh Bình",
    "Nam Định", "Hà Nam", "Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Quảng Trị", "Quảng Bình", "Huế",
    "Đà Nẵng", "Quảng Nam", "Quảng Ngãi", "Kon Tum", "Gia Lai", "Bình Định", "Khánh Hòa",
    "Ninh Thuận", "Đắk Lắk", "Phú Yên", "Lâm Đồng", "Đắk Nông", "Bình Thuận", "Đồng Nai",
    "Bình Phước", "Hồ Chí Minh", "Bình Dương", "Tây Ninh", "Long An", "Đồng Tháp", "Tiền Giang",
    "Vĩnh Long", "Bến Tre", "Trà Vinh", "An Giang", "Kiên Giang", "Cần Thơ", "Hậu Giang",
    "Sóc Trăng", "Bạc Liêu", "Cà Mau", "Công Hải",
)  # fmt: skip


def moment(act: dict[str, Any]) -> tuple[int, str]:
    return act["day"], act["time"]


def texts(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, dict):
        return [text for value in node.values() for text in texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value)]
    return []


def dates(node: object) -> list[datetime.date]:
    if isinstance(node, datetime.date):
        return [node]
    if isinstance(node, dict):
        return [day for value in node.values() for day in dates(value)]
    if isinstance(node, list):
        return [day for value in node for day in dates(value)]
    return []


def act_of(document: dict[str, Any], verb: str) -> dict[str, Any]:
    return next(act for act in document["acts"] if act["act"] == verb)


def states_of(row: dict[str, Any]) -> set[str]:
    return {OUT_STATE[act["act"]] for act in row["acts"]}
