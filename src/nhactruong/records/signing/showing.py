"""A report on a file's signatures as people read it: on the screen and on paper, in one order.

Takes the report as it is kept (`FileVerdict.as_dict()`), so that old ones read the same.
Source: signatures.md 6.1 (the order), 6.2 (the words), 6.3 (what to show, TT 15/2025 Điều 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from nhactruong.foundation.ui.rules import date_words, time_words
from nhactruong.records.signing.engine.paper import printed
from nhactruong.records.signing.engine.reserved import DATE_FIELD, NUMBER_FIELD, RESERVED_FIELDS
from nhactruong.records.signing.engine.steps import Outcome, Step, steps_of
from nhactruong.records.signing.engine.telling import signed_at
from nhactruong.records.signing.engine.verdicts import REASON_PHRASES, ReasonCode

Report = Mapping[str, Any]

#: The engine's word for a verdict → the component's.
VERDICT_KINDS: Final[Mapping[str, str]] = {
    "valid": "valid",
    "valid_with_warnings": "caution",
    "indeterminate": "unknown",
    "invalid": "invalid",
}
_PURPOSES: Final = {"personal": "Cá nhân", "agency": "Cơ quan, tổ chức"}
_ROOTS: Final = {
    "cong_vu": "Chữ ký số chuyên dùng công vụ",
    "cong_cong": "Chữ ký số công cộng",
    "thu_nghiem": "Chứng thư thử nghiệm, không có giá trị pháp lý",
}
_COVERAGE: Final = {
    "entire_file": "Toàn bộ tệp",
    "entire_revision": "Toàn bộ nội dung tính đến lúc ký",
}
_CHANGES: Final = {
    "none": "Không có",
    "form_filling": "Điền số và ngày văn bản",
    "new_signature": "Thêm chữ ký sau",
    "validation_data": "Thêm dữ liệu để kiểm tra lâu dài",
    "annotations": "Thêm hoặc sửa ghi chú",
    "other": "Thay đổi khác",
}
_OTHER_FIELDS: Final = "Điền hoặc sửa ô của biểu mẫu"
_SOURCES: Final = {
    "timestamp": "theo dấu thời gian",
    "claimed": "máy người ký khai, chưa có dấu thời gian chứng minh",
}
_PAGE_CHANGES: Final = {
    "added": "trang thêm vào sau khi ký",
    "removed": "trang bị bỏ sau khi ký",
    "moved": "trang bị đổi chỗ",
    "content": "nội dung trang bị thay đổi",
    "comments": "ghi chú, hình dán trên trang bị thay đổi",
}
_FIELD_CHANGES: Final = {
    "added": "thêm ô",
    "removed": "bỏ ô",
    "filled": "điền",
    "redrawn": "đổi hình hiện ra nhưng giữ giá trị của",
    "reshaped": "đổi chỗ hoặc tính chất của",
    "signed": "thêm chữ ký ở ô",
}
_FIELD_NAMES: Final = {NUMBER_FIELD: "số văn bản", DATE_FIELD: "ngày văn bản"}
_FILE_CHANGES: Final = "lớp hiển thị, tệp kèm, mã lệnh hoặc khóa mã của tệp bị thay đổi"
_STEPS: Final = {
    "integrity": "Toàn vẹn nội dung",
    "coverage": "Phạm vi chữ ký",
    "changes": "Thay đổi sau khi ký",
    "path": "Nguồn gốc chứng thư",
    "time": "Thời điểm ký",
    "validity": "Hiệu lực lúc ký",
    "algorithms": "Thuật toán",
    "signer": "Người ký",
}
_OUTCOMES: Final = {
    Outcome.PASSED: ("Đạt", "ok", "ok"),
    Outcome.NOTED: ("Cần lưu ý", "soon", "warn"),
    Outcome.OPEN: ("Chưa đủ căn cứ", "neutral", "help"),
    Outcome.FAILED: ("Không đạt", "late", "stop"),
    Outcome.NOT_CHECKED: ("Chưa kiểm tra được", "neutral", "help"),
    Outcome.FOR_THE_READER: ("Đồng chí đối chiếu", "info", "eye"),
}
_STAMP_KINDS: Final = {"signature": "trên chữ ký", "document": "trên cả tệp"}


@dataclass(frozen=True, slots=True)
class PageLine:
    """What followed a signature on one page: words, and lines of text that went and came."""

    place: str
    words: str
    before: Sequence[str]
    after: Sequence[str]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One check of §6, in its order: what was asked, how it went, and the words for it."""

    number: int
    label: str
    outcome: str
    tone: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature as people read it."""

    title: str
    kind: str
    label: str
    sentence: str
    steps: Sequence[StepLine]
    pages: Sequence[PageLine]
    pages_sentence: str
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole report as people read it; `kind` is "" for a file without signatures."""

    kind: str
    label: str
    sentence: str
    signatures: Sequence[SignatureLine]
    facts: Sequence[tuple[str, str]]
    stamps: Sequence[tuple[str, str]]


def shown(report: Report) -> Shown:
    """The report in words."""
    return Shown(
        kind=VERDICT_KINDS.get(str(report.get("verdict")), ""),
        label=str(report.get("label", "")),
        sentence=str(report.get("sentence", "")),
        signatures=[_signature(one) for one in report.get("signatures", ())],
        facts=_file_facts(report),
        stamps=_stamps(report.get("document_timestamps", ())),
    )


def instant(text: str | None) -> str:
    """A kept moment in words; "" for none."""
    return _moment(datetime.fromisoformat(text)) if text else ""


def _moment(moment: datetime) -> str:
    return f"{time_words(moment)} ngày {date_words(moment)}"


def _signature(one: Report) -> SignatureLine:
    return SignatureLine(
        title=one.get("signer") or one.get("field_name") or "Chữ ký",
        kind=VERDICT_KINDS.get(str(one.get("verdict")), "unknown"),
        label=str(one.get("label", "")),
        sentence=str(one.get("sentence", "")),
        steps=_steps(one),
        pages=[_page_line(page) for page in one.get("changed_pages", ())],
        pages_sentence=_pages_sentence(one),
        facts=[(label, value) for label, value in _facts(one) if value],
    )


def _facts(one: Report) -> list[tuple[str, str]]:
    validity = " đến ".join(
        part
        for part in (
            instant(one.get("certificate_valid_from")),
            instant(one.get("certificate_valid_until")),
        )
        if part
    )
    return [
        ("Người ký", str(one.get("signer") or "")),
        ("Tổ chức", ", ".join(p for p in (one.get("unit"), one.get("organisation")) if p)),
        ("Thời điểm ký", _when(one)),
        ("Mức chữ ký", str(one.get("level") or "")),
        ("Chứng thư cấp cho", _PURPOSES.get(str(one.get("purpose")), "")),
        ("Nơi cấp chứng thư", str(one.get("issuer") or "")),
        ("Số chứng thư", str(one.get("serial") or "")),
        ("Chứng thư có hiệu lực", validity),
        ("Kiểm tra thu hồi", _revocation(one.get("revocation"))),
        ("Ô chữ ký", str(one.get("field_name") or "")),
    ]


def _when(one: Report) -> str:
    moment, source = signed_at(one)
    return "" if moment is None else f"{_moment(moment)}, {_SOURCES[source]}"


def _kinds_of_change(one: Report) -> str:
    kinds = [_CHANGES.get(kind, kind) for kind in one.get("changes") or ()]
    if set(one.get("changed_fields") or ()) - RESERVED_FIELDS:
        kinds = [_OTHER_FIELDS if kind == _CHANGES["form_filling"] else kind for kind in kinds]
    return "; ".join(kinds)


def _revocation(fact: Report | None) -> str:
    if not fact:
        return "Không có dữ liệu thu hồi"
    where = "kèm trong tệp" if fact.get("embedded") else "do nơi kiểm tra giữ"
    told = f"{str(fact.get('source', '')).upper()} lúc {instant(fact.get('issued_at'))}, {where}"
    revoked = instant(fact.get("revoked_at"))
    return f"{told}; thu hồi lúc {revoked}" if revoked else told


# The eight steps -----------------------------------------------------------------------------


def _steps(one: Report) -> list[StepLine]:
    words = {
        "integrity": "Nội dung không đổi từ khi ký",
        "coverage": _COVERAGE.get(str(one.get("coverage")), ""),
        "changes": _kinds_of_change(one),
        "path": _ROOTS.get(str(one.get("root_kind")), ""),
        "time": _when(one),
        "validity": "Chứng thư còn hiệu lực, không bị thu hồi, dùng được để ký văn bản",
        "algorithms": _algorithms(one),
        "signer": _who(one),
    }
    return [
        _step_line(number, step, words[step.key])
        for number, step in enumerate(steps_of(one), start=1)
    ]


def _step_line(number: int, step: Step, words: str) -> StepLine:
    told = _sentence_case("; ".join(REASON_PHRASES[code] for code in step.reasons))
    if not told and step.outcome is not Outcome.NOT_CHECKED:
        told = words
    outcome, tone, icon = _OUTCOMES[step.outcome]
    return StepLine(number, _STEPS[step.key], outcome, tone, icon, told)


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _algorithms(one: Report) -> str:
    return " · ".join(
        part for part in (one.get("signature_algorithm"), one.get("digest_algorithm")) if part
    )


def _who(one: Report) -> str:
    """Whom the certificate names; whether that is whom the document names, a reader must see."""
    named = ", ".join(
        str(part) for part in (one.get("signer"), one.get("unit"), one.get("organisation")) if part
    )
    if not named:
        return ""
    kind = "cơ quan" if one.get("purpose") == "agency" else "cá nhân"
    return f"Chứng thư {kind} của {named}; đồng chí đối chiếu với tên ghi trên văn bản"


# Pages ---------------------------------------------------------------------------------------


def _page_line(page: Report) -> PageLine:
    number = int(page["page"])
    kinds = page["kinds"]
    words = [_PAGE_CHANGES[kind] if number else _FILE_CHANGES for kind in kinds]
    by_kind: dict[str, list[str]] = {}
    for kind, name in page["fields"]:
        told = _FIELD_NAMES.get(name, f"“{name}”")
        if told not in by_kind.setdefault(kind, []):
            by_kind[kind].append(told)
    words += [f"{_FIELD_CHANGES[kind]} {', '.join(names)}" for kind, names in by_kind.items()]
    place = f"Trang {number}" if number else "Cả tệp"
    if "removed" in kinds:
        place = f"Trang {number} lúc ký"
    return PageLine(place, _sentence_case("; ".join(words)), page["before"], page["after"])


def _pages_sentence(one: Report) -> str:
    """What is said where no page is named."""
    reasons = set(one.get("reasons", ()))
    if "changed_pages" not in one:
        return "Lần kiểm tra này chưa so từng trang."
    if one["changed_pages"]:
        return ""
    if {ReasonCode.TAMPERED, ReasonCode.MALFORMED} & reasons:
        return "Chữ ký không khớp với tệp nên không dựng lại được từng trang lúc ký để so."
    if ReasonCode.NOT_COVERED in reasons:
        return "Có phần của tệp nằm ngoài chữ ký nên không so được từng trang."
    if {ReasonCode.CHANGED_AFTER_SIGNING, ReasonCode.UNCLASSIFIED_CHANGE} & reasons:
        return "Tệp có thay đổi sau khi ký nhưng không gắn với trang nào nhìn thấy được."
    if not one.get("coverage"):
        return "Chưa so được từng trang."
    return "Không trang nào thay đổi sau khi ký."


# The file ------------------------------------------------------------------------------------


def _stamps(stamps: Sequence[Report]) -> list[tuple[str, str]]:
    return [
        (
            f"Dấu thời gian {_STAMP_KINDS.get(str(one.get('kind')), '')}".strip(),
            f"{instant(one.get('time'))}, {one.get('authority', '')}" + _standing(one),
        )
        for one in stamps
    ]


def _standing(stamp: Report) -> str:
    if stamp.get("trusted"):
        return ""
    unknown = stamp.get("why_not") == ReasonCode.NO_ROOTS.value
    return " (chưa đối chiếu được)" if unknown else " (không tin cậy)"


def _file_facts(report: Report) -> list[tuple[str, str]]:
    return [
        ("Chữ ký trong tệp", _who_signed(report.get("signatures", ()))),
        ("Mã băm của tệp (SHA-256)", str(report.get("sha256") or "")),
        ("Danh sách tin cậy", str(report.get("trust_version") or "Chưa có")),
        ("Kiểm tra lúc", instant(report.get("checked_at"))),
    ]


def _who_signed(signatures: Sequence[Report]) -> str:
    """Step 8 as far as a file alone can say. Source: signatures.md 6.1."""
    if not signatures:
        return "Không có"
    agencies = sum(one.get("purpose") == "agency" for one in signatures)
    people = sum(one.get("purpose") == "personal" for one in signatures)
    rest = len(signatures) - agencies - people
    told = [f"{people} chữ ký cá nhân", f"{agencies} chữ ký cơ quan"]
    if rest:
        told.append(f"{rest} chữ ký không rõ của ai")
    missing = "" if agencies and people else "; văn bản đi của cơ quan cần đủ cả hai loại"
    return ", ".join(told) + missing


# On paper ------------------------------------------------------------------------------------

_TITLE: Final = "BÁO CÁO KIỂM TRA CHỮ KÝ SỐ"


def paper_of(report: Report, name: str) -> bytes:
    """The report as PDF; `name` is the file's."""
    seen = shown(report)
    checked_at = datetime.fromisoformat(report["checked_at"])
    return printed(
        {
            **asdict(seen),
            "title": _TITLE,
            "name": name,
            "footer": f"Kiểm tra lúc {_moment(checked_at)}. Chỉ nói về chữ ký số của tệp có mã băm"
            " ghi ở trên.",
        },
        checked_at,
    )
