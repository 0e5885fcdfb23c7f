"""The words of a verification: verdicts, reasons, facts, and the sentences people read.

Source: signatures.md 6.2 (verdict table) and 6.3 (what to show).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from nhactruong.kernel import clock
from nhactruong.records.signing.engine.certificates import Holder


class SignatureVerdict(StrEnum):
    """The conclusion on one signature, from best to worst."""

    VALID = "valid"
    VALID_WITH_WARNINGS = "valid_with_warnings"
    INDETERMINATE = "indeterminate"
    INVALID = "invalid"


class FileOutcome(StrEnum):
    """The conclusion on a file: the worst of its signatures, or that it has none."""

    VALID = "valid"
    VALID_WITH_WARNINGS = "valid_with_warnings"
    INDETERMINATE = "indeterminate"
    INVALID = "invalid"
    UNSIGNED = "unsigned"


class ReasonCode(StrEnum):
    """Why a verdict is not simply valid; `REVOKED_LATER` is a note on a valid one."""

    TAMPERED = "tampered"
    CHANGED_AFTER_SIGNING = "changed_after_signing"
    MALFORMED = "malformed"
    NOT_COVERED = "not_covered"
    UNCLASSIFIED_CHANGE = "unclassified_change"
    NO_ROOTS = "no_roots"
    UNTRUSTED = "untrusted"
    NO_PATH = "no_path"
    OUTSIDE_VALIDITY = "outside_validity"
    NO_TIMESTAMP = "no_timestamp"
    EXPIRED_NOW = "expired_now"
    REVOKED = "revoked"
    REVOKED_LATER = "revoked_later"
    REVOKED_NO_PROOF = "revoked_no_proof"
    NO_REVOCATION_INFO = "no_revocation_info"
    TIMESTAMP_UNTRUSTED = "timestamp_untrusted"
    WRONG_USAGE = "wrong_usage"
    WEAK_ALGORITHM = "weak_algorithm"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"
    NOT_JUDGED = "not_judged"


class PageChangeKind(StrEnum):
    """How a page, or the file as a whole, differs from what was signed."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CONTENT = "content"
    COMMENTS = "comments"
    FILLED = "filled"
    REDRAWN = "redrawn"
    RESHAPED = "reshaped"
    SIGNED = "signed"


VERDICT_LABELS: Final[Mapping[FileOutcome, str]] = {
    FileOutcome.VALID: "HỢP LỆ",
    FileOutcome.VALID_WITH_WARNINGS: "HỢP LỆ, CẦN LƯU Ý",
    FileOutcome.INDETERMINATE: "CHƯA XÁC ĐỊNH",
    FileOutcome.INVALID: "KHÔNG HỢP LỆ",
    FileOutcome.UNSIGNED: "KHÔNG CÓ CHỮ KÝ SỐ",
}

REASON_PHRASES: Final[Mapping[ReasonCode, str]] = {
    ReasonCode.TAMPERED: "nội dung đã ký bị sửa",
    ReasonCode.CHANGED_AFTER_SIGNING: "có thay đổi không được phép sau khi ký",
    ReasonCode.MALFORMED: "dữ liệu chữ ký bị hỏng",
    ReasonCode.NOT_COVERED: "có nội dung thêm sau chữ ký",
    ReasonCode.UNCLASSIFIED_CHANGE: "có thay đổi sau khi ký chưa rõ loại",
    ReasonCode.NO_ROOTS: "nơi kiểm tra chưa có chứng thư gốc tin cậy để đối chiếu",
    ReasonCode.UNTRUSTED: "cơ quan cấp chứng thư không có trong danh sách tin cậy",
    ReasonCode.NO_PATH: "thiếu chứng thư của cơ quan cấp nên chưa lần được đến gốc",
    ReasonCode.OUTSIDE_VALIDITY: "lúc ký chứng thư không còn hoặc chưa có hiệu lực",
    ReasonCode.NO_TIMESTAMP: "chưa có dấu thời gian, thời điểm ký do máy người ký khai",
    ReasonCode.EXPIRED_NOW: "chứng thư nay đã hết hạn",
    ReasonCode.REVOKED: "chứng thư đã bị thu hồi trước khi ký",
    ReasonCode.REVOKED_LATER: "chứng thư bị thu hồi sau khi ký, không ảnh hưởng chữ ký này",
    ReasonCode.REVOKED_NO_PROOF: (
        "chứng thư đã bị thu hồi và không có dấu thời gian chứng minh đã ký trước đó"
    ),
    ReasonCode.NO_REVOCATION_INFO: "chưa có danh sách thu hồi để biết chứng thư còn dùng được",
    ReasonCode.TIMESTAMP_UNTRUSTED: "dấu thời gian không tin cậy, chỉ coi là thời điểm tự khai",
    ReasonCode.WRONG_USAGE: "chứng thư không được cấp để ký văn bản",
    ReasonCode.WEAK_ALGORITHM: "thuật toán cũ, không còn an toàn",
    ReasonCode.ENCRYPTED: "tệp đặt mật khẩu nên chưa đọc được chữ ký",
    ReasonCode.UNREADABLE: "tệp không phải PDF hoặc bị hỏng",
    ReasonCode.NOT_JUDGED: "tệp quá lớn hoặc quá phức tạp nên chưa kiểm tra xong",
}

_ORDER: Final = list(SignatureVerdict)


def worst(verdicts: list[SignatureVerdict]) -> SignatureVerdict:
    """The worst of `verdicts`; valid when there is none."""
    return max(verdicts, key=_ORDER.index, default=SignatureVerdict.VALID)


@dataclass(frozen=True)
class RevocationFact:
    """The revocation data that decided: crl or ocsp, when issued, whether kept in the file."""

    source: str
    issued_at: datetime
    next_update: datetime | None
    embedded: bool
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class TimestampFact:
    """One time stamp: on a signature, or on the whole document up to its revision."""

    kind: str
    time: datetime | None
    authority: str
    serial: str
    trusted: bool
    why_not: str = ""


@dataclass(frozen=True)
class PageChange:
    """What followed a signature on one page, counted from one; page 0 is the file as a whole.

    `kinds` are of the page itself, `fields` pairs of a kind and the field's name. `before` and
    `after` are lines of words that went and that came, where they could be read.
    """

    page: int
    kinds: tuple[PageChangeKind, ...] = ()
    fields: tuple[tuple[PageChangeKind, str], ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class SignatureReport:
    """Everything shown about one signature. Source: signatures.md 6.3."""

    field_name: str
    verdict: SignatureVerdict
    reasons: tuple[ReasonCode, ...]
    notes: tuple[ReasonCode, ...] = ()
    signer: str = ""
    organisation: str = ""
    unit: str = ""
    subject_identifier: str = ""
    purpose: Holder | None = None
    issuer: str = ""
    serial: str = ""
    certificate_sha256: str = ""
    certificate_valid_from: datetime | None = None
    certificate_valid_until: datetime | None = None
    root_kind: str = ""
    claimed_time: datetime | None = None
    trusted_time: datetime | None = None
    timestamps: tuple[TimestampFact, ...] = ()
    intact: bool | None = None
    coverage: str = ""
    changes: tuple[str, ...] = ()
    changed_fields: tuple[str, ...] = ()
    changed_pages: tuple[PageChange, ...] = ()
    revocation: RevocationFact | None = None
    digest_algorithm: str = ""
    signature_algorithm: str = ""
    level: str = ""
    certifies: bool = False
    revision: int = 0
    detail: str = ""

    @property
    def label(self) -> str:
        """The verdict in the words of the regulation."""
        return VERDICT_LABELS[FileOutcome(self.verdict)]

    @property
    def sentence(self) -> str:
        """One plain sentence on this signature."""
        subject = self._subject()
        why = "; ".join(REASON_PHRASES[code] for code in self.reasons)
        match self.verdict:
            case SignatureVerdict.VALID:
                tail = "".join(f"; {REASON_PHRASES[code]}" for code in self.notes)
                return f"{subject} hợp lệ: nội dung không đổi từ khi ký{self._when()}{tail}."
            case SignatureVerdict.VALID_WITH_WARNINGS:
                return f"{subject} hợp lệ, cần lưu ý: {why}."
            case SignatureVerdict.INDETERMINATE:
                return (
                    f"{subject} chưa xác định được: {why}. "
                    "Chưa dùng làm căn cứ cho đến khi kiểm tra lại."
                )
            case SignatureVerdict.INVALID:
                return f"{subject} không hợp lệ: {why}. Đề nghị nơi gửi ký và gửi lại."

    def _subject(self) -> str:
        if not self.signer:
            return f"Chữ ký trong ô “{self.field_name}”"
        kind = "Chữ ký số của cơ quan" if self.purpose is Holder.AGENCY else "Chữ ký số của"
        return f"{kind} {self.signer}"

    def _when(self) -> str:
        if self.trusted_time is None:
            return ""
        return f", dấu thời gian {clock.local(self.trusted_time):%H:%M:%S ngày %d/%m/%Y}"

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values, with label and sentence."""
        return {**_plain(self), "label": self.label, "sentence": self.sentence}


@dataclass(frozen=True)
class FileVerdict:
    """The conclusion on one file with the reports of its signatures, in signing order."""

    verdict: FileOutcome
    reasons: tuple[ReasonCode, ...]
    signatures: tuple[SignatureReport, ...]
    document_timestamps: tuple[TimestampFact, ...]
    sha256: str
    checked_at: datetime
    trust_version: str

    @property
    def label(self) -> str:
        """The verdict in the words of the regulation."""
        return VERDICT_LABELS[self.verdict]

    @property
    def sentence(self) -> str:
        """One plain sentence on the file."""
        count = len(self.signatures)
        why = "; ".join(REASON_PHRASES[code] for code in self.reasons)
        match self.verdict:
            case FileOutcome.UNSIGNED:
                return (
                    "Tệp không có chữ ký số. Hình chữ ký hoặc hình con dấu trên trang, nếu có, "
                    "không phải là chữ ký số."
                )
            case FileOutcome.VALID:
                return f"Tệp có {count} chữ ký số, tất cả đều hợp lệ."
            case FileOutcome.VALID_WITH_WARNINGS:
                return f"Tệp có {count} chữ ký số hợp lệ, cần lưu ý: {why}."
            case FileOutcome.INDETERMINATE:
                return f"Chưa xác định được chữ ký số của tệp: {why}. Chưa dùng làm căn cứ."
            case FileOutcome.INVALID:
                return f"Chữ ký số của tệp không hợp lệ: {why}. Đề nghị nơi gửi gửi lại tệp."

    def as_dict(self) -> dict[str, Any]:
        """The verdict as JSON values, with labels and sentences."""
        return {
            **_plain(self),
            "signatures": [report.as_dict() for report in self.signatures],
            "label": self.label,
            "sentence": self.sentence,
        }


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
