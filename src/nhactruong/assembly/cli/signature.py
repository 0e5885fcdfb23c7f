"""`nhactruong signature verify`: what the signatures in PDF files are worth, files of others too.

No database, no network, no settings. The libraries are loaded only after the options are read.
"""

from __future__ import annotations

import argparse
import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nhactruong.assembly.cli.vietnamese import VietnameseParser
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal
from nhactruong.kernel import clock

if TYPE_CHECKING:
    from nhactruong.assembly.cli.judging import Judged
    from nhactruong.records.signing.engine.trust import TrustList

#: Options and files may stand in any order, which the common parser does not allow.
TAKES_EVERYTHING: Final = True
_REVOCATION_MARK: Final = b"-----BEGIN X509 CRL-----"
_DER_SEQUENCE: Final = b"\x30"
_LARGEST_LIST_BYTES: Final = 256 * 1024 * 1024


def run(arguments: argparse.Namespace) -> int:
    """Judge every file and print what was found."""
    given = _parser().parse_intermixed_args(arguments.rest)
    now = clock.now() if given.at is None else _moment(given.at)
    # Only now: half a second of libraries must not stand between a slip and its sentence.
    from nhactruong.assembly.cli.judging import judged_file
    from nhactruong.records.signing.engine.trust_folder import TrustBasis

    trust = _trust(given.trust)
    files, lists = _told_apart(given.files, given.crl)
    basis = TrustBasis(trust, tuple(lists))
    found = [(name, judged_file(Path(name), basis, now)) for name in files]
    if given.json:
        print(_printable_json([_as_data(name, one) for name, one in found]))
    else:
        for name, one in found:
            print("\n".join(_as_lines(name, one)))
    return ExitCode.DONE


def _parser() -> VietnameseParser:
    parser = VietnameseParser(
        prog="nhactruong signature",
        description="Kiểm tra chữ ký số trong tệp PDF, không cần cơ sở dữ liệu, không cần mạng.",
        epilog=(
            "Kết luận mỗi tệp: hợp lệ, hợp lệ cần lưu ý, chưa xác định, không hợp lệ, không có chữ "
            "ký số.\nMã thoát: 0 tệp nào cũng có kết luận; 2 sai cách dùng. "
            "Xem docs/how-it-works/signature-verify.md."
        ),
    )
    parser.add_argument("act", choices=["verify"], metavar="verify", help="việc: kiểm tra")
    parser.add_argument("files", nargs="+", metavar="TỆP", help="các tệp PDF cần kiểm tra")
    parser.add_argument(
        "--trust",
        action="append",
        required=True,
        metavar="CHỨNG_THƯ",
        help="chứng thư gốc tin cậy (PEM hoặc DER, một tệp có thể có nhiều); dùng được nhiều lần",
    )
    parser.add_argument(
        "--crl",
        action="append",
        default=[],
        metavar="DANH_SÁCH",
        help="danh sách thu hồi (PEM hoặc DER); dùng được nhiều lần",
    )
    parser.add_argument(
        "--at",
        metavar="LÚC",
        help="coi lúc này là bây giờ (2026-11-28T09:00, giờ Việt Nam nếu không ghi múi giờ)",
    )
    parser.add_argument("--json", action="store_true", help="in dạng JSON")
    return parser


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=clock.OFFICE_ZONE)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong(
            "signature.moment_unreadable",
            "--at không nhận giá trị “%(text)s”; hãy ghi như 2026-11-28T09:00+07:00.",
            text=text,
        ) from None


def _trust(names: list[str]) -> TrustList:
    from nhactruong.records.signing.engine.trust_files import certificates_in, trust_of

    certificates = []
    for name in names:
        try:
            certificates += certificates_in(Path(name).read_bytes())
        except (OSError, ValueError):
            raise _wrong(
                "signature.trust_unreadable",
                "--trust: không đọc được chứng thư nào trong tệp “%(name)s”; cần tệp chứng thư "
                "dạng PEM hoặc DER.",
                name=name,
            ) from None
    return trust_of(certificates, version="command-line")


def _told_apart(files: list[str], crls: list[str]) -> tuple[list[str], list[bytes]]:
    """The files to judge and the revocation lists; `--crl A B` names two lists as well."""
    from nhactruong.records.signing.engine.trust_files import revocation_lists_in

    lists: list[bytes] = []
    for name in crls:
        try:
            lists += revocation_lists_in(Path(name).read_bytes())
        except (OSError, ValueError):
            raise _wrong(
                "signature.list_unreadable",
                "--crl: không đọc được danh sách thu hồi trong tệp “%(name)s”; cần tệp dạng PEM "
                "hoặc DER.",
                name=name,
            ) from None
    papers: list[str] = []
    for name in files:
        further = _revocation_lists(Path(name)) if crls else []
        lists += further
        if not further:
            papers.append(name)
    if not papers:
        raise _wrong("signature.no_file", "Chưa ghi tệp PDF nào để kiểm tra.")
    return papers, lists


def _revocation_lists(path: Path) -> list[bytes]:
    """The revocation lists in a file that looks like one; none in any other."""
    from nhactruong.records.signing.engine.trust_files import revocation_lists_in

    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_LIST_BYTES:
            return []
        with path.open("rb") as file:
            head = file.read(4096)
        if head[:1] != _DER_SEQUENCE and _REVOCATION_MARK not in head:
            return []
        return revocation_lists_in(path.read_bytes())
    except (OSError, ValueError):
        return []


def _wrong(code: str, message: str, **facts: Any) -> Refusal:
    return Refusal(ExitCode.WRONG_USAGE, code, message, **facts)


def _as_data(name: str, judged: Judged) -> dict[str, Any]:
    return {
        "file": name,
        "verdict": judged.verdict,
        "reasons": judged.reasons,
        "signatures": judged.signatures,
    }


def _as_lines(name: str, judged: Judged) -> list[str]:
    """The file and its signatures in sentences; what came from the file cannot steer a screen."""
    lines = [f"{name}: {judged.sentence}"]
    for signature, sentence in zip(judged.signatures, judged.sentences, strict=True):
        lines.append(f"  {signature['field']}: {sentence}{_when(signature)}")
    return [_printable(line) for line in lines]


def _when(signature: dict[str, Any]) -> str:
    """When it was signed, where the sentence has not said so already."""
    if signature["verdict"] == "valid":
        return ""
    if signature["signed_at"] is None:
        return " Không rõ ký lúc nào."
    moment = clock.local(datetime.fromisoformat(signature["signed_at"]))
    source = "theo dấu thời gian" if signature["time_source"] == "timestamp" else "tự khai"
    return f" Ký lúc {moment:%H:%M:%S ngày %d/%m/%Y} ({source})."


def _printable(line: str) -> str:
    shown = (" " if unicodedata.category(letter)[0] == "C" else letter for letter in line)
    return "".join(shown)


def _printable_json(data: list[dict[str, Any]]) -> str:
    """JSON that any screen takes: what is no letter stands as its number."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode()
