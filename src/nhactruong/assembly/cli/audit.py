"""`nhactruong audit`: the record verified, taken out, sealed, and let go where its time is over."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nhactruong.assembly.cli.django_door import open_django
from nhactruong.assembly.cli.vietnamese import VietnameseParser
from nhactruong.assembly.supervision.database import borrowed
from nhactruong.assembly.supervision.installation import from_environ
from nhactruong.assembly.supervision.refusals import ExitCode
from nhactruong.kernel.actor import service_actor

if TYPE_CHECKING:
    from nhactruong.foundation.audit.selectors import Verification

_OPERATOR: Final = service_actor("operator", "Người vận hành")
_SHOWN: Final = 50
#: Kind of harm → what the operator reads.
HARM_WORDS: Final = {
    "altered": "dòng bị sửa",
    "deleted": "dòng bị xóa",
    "swapped": "dòng bị đổi chỗ",
    "relinked": "mắt xích bị nối lại",
    "link_deleted": "mắt xích bị xóa",
    "truncated": "chuỗi bị cắt đuôi",
    "rewritten": "chuỗi bị viết lại, không khớp dấu niêm",
    "inserted": "dòng chèn thêm ngoài chuỗi",
    "root_altered": "dấu niêm bị sửa",
    "root_deleted": "dấu niêm bị xóa",
    "stamp_wrong": "dấu thời gian không khớp",
    "expiry_wrong": "biên bản hết hạn lưu không khớp",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`verify`, `export`, `root`, `expire`."""
    parser.epilog = (
        f"Mã thoát: 0 nhật ký nguyên vẹn hoặc việc đã xong; {ExitCode.RECORD_HARMED:d} nhật ký bị "
        "xâm phạm;\n1 không làm được; 2 sai cách dùng. Xem docs/how-it-works/audit-record.md."
    )
    acts = parser.add_subparsers(
        dest="act", required=True, metavar="VIỆC", parser_class=VietnameseParser, title="Việc"
    )
    verify = acts.add_parser("verify", help="kiểm tra nhật ký, nói rõ từng chỗ bị xâm phạm")
    _add_days(verify)
    verify.add_argument("--key", type=Path, metavar="TỆP", help="khóa công khai giữ ở nơi khác")
    verify.add_argument("--json", action="store_true", help="in dạng JSON")
    export = acts.add_parser("export", help="xuất nhật ký ra thư mục để nơi khác kiểm tra")
    _add_days(export)
    export.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="thư mục trống để ghi vào")
    acts.add_parser("root", help="niêm ngay phần nhật ký đã vào chuỗi")
    expire = acts.add_parser("expire", help="đưa các tháng hết hạn lưu ra khỏi kho")
    expire.add_argument(
        "--yes", action="store_true", help="làm thật; không có thì chỉ liệt kê các tháng"
    )


def _add_days(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="since", type=_day, metavar="NGÀY", help="từ ngày (2026-11-28), tính cả ngày"
    )
    parser.add_argument(
        "--to", dest="until", type=_day, metavar="NGÀY", help="đến ngày, tính cả ngày"
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def run(arguments: argparse.Namespace) -> int:
    """Do the act asked for."""
    act: Callable[[argparse.Namespace], int] = _ACTS[arguments.act]
    with borrowed(from_environ(os.environ), f"audit {arguments.act}") as environment:
        open_django(environment)
        return act(arguments)


def _verify(arguments: argparse.Namespace) -> int:
    from nhactruong.foundation.audit import selectors

    begun = time.monotonic()
    found = selectors.verify(arguments.since, arguments.until, arguments.key)
    seconds = time.monotonic() - begun
    if arguments.json:
        print(json.dumps(_as_data(found, seconds), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_as_lines(found, seconds)))
    return ExitCode.DONE if found.findings.holds else ExitCode.RECORD_HARMED


def _as_data(found: Verification, seconds: float) -> dict[str, object]:
    told = asdict(found.findings)
    told["roots_checked"] = told.pop("roots")
    return {
        "holds": found.findings.holds,
        **told,
        "roots_on_shelf": found.roots,
        "roots_without_stamp": found.unstamped,
        "rows_not_chained_in_time": found.unchained,
        "key": found.key,
        "stamp_authorities": list(found.authorities),
        "seconds": round(seconds, 2),
    }


def _as_lines(found: Verification, seconds: float) -> list[str]:
    findings = found.findings
    lines = [
        f"Đã kiểm tra {findings.links} mắt xích ({findings.first_position}–"
        f"{findings.last_position}), {findings.rows} dòng, {findings.expired} dòng đã hết hạn lưu, "
        f"{findings.roots}/{found.roots} dấu niêm, trong {_decimal(seconds)} giây."
    ]
    if found.key:
        lines.append(f"Khóa niêm: {found.key}")
    if found.unstamped:
        lines.append(f"Lưu ý: {found.unstamped} tệp trên kệ chưa có dấu thời gian.")
    if found.unchained:
        lines.append(f"Lưu ý: {found.unchained} dòng quá một phút chưa vào chuỗi.")
    if findings.unanchored_from:
        lines.append(f"Lưu ý: từ mắt xích {findings.unanchored_from} trở đi chưa có dấu niêm.")
    if findings.holds:
        return [*lines, "Nhật ký nguyên vẹn."]
    lines.append(f"NHẬT KÝ BỊ XÂM PHẠM, {findings.harm_count} chỗ:")
    for harm in findings.harms[:_SHOWN]:
        place = f"mắt xích {harm.position}" if harm.position else "kệ niêm hoặc kho"
        lines.append(f"  {place}: {HARM_WORDS[harm.kind]} ({harm.what or harm.kind})")
    if findings.harm_count > _SHOWN:
        lines.append(f"  … còn {findings.harm_count - _SHOWN} chỗ nữa, xem --json")
    return lines


def _decimal(seconds: float) -> str:
    return f"{seconds:.1f}".replace(".", ",")


def _export(arguments: argparse.Namespace) -> int:
    from nhactruong.foundation.audit import commands

    done = commands.export_record(
        _OPERATOR, arguments.folder, since=arguments.since, until=arguments.until
    )
    print(
        f"Đã xuất {done.links} mắt xích ({done.first_position}–{done.last_position}), "
        f"{done.rows} dòng vào {done.folder}."
    )
    return ExitCode.DONE


def _root(_arguments: argparse.Namespace) -> int:
    from nhactruong.foundation.audit import commands

    while commands.seal_chain() == commands.AT_ONCE:
        continue
    made = commands.seal_roots(_OPERATOR, today_too=True)
    for root in made:
        print(f"Dấu niêm {root.number}: mắt xích {root.first_position}–{root.last_position}.")
    if not made:
        print("Không có phần nhật ký nào mới để niêm.")
    return ExitCode.DONE


def _expire(arguments: argparse.Namespace) -> int:
    from nhactruong.foundation.audit import commands, selectors

    commands.open_months()
    if not arguments.yes:
        months = selectors.months_past()
        for keep, month in months:
            print(f"{month}: {_KINDS[keep]}")
        print(
            "Gọi lại với --yes để đưa các tháng này ra khỏi kho; việc này không làm ngược được."
            if months
            else "Chưa có tháng nào hết hạn lưu."
        )
        return ExitCode.DONE
    for note in commands.expire_months(_OPERATOR):
        print(f"{note.month}: {_KINDS[note.keep]}, {note.rows} dòng đã ra khỏi kho.")
    return ExitCode.DONE


_KINDS: Final = {
    "read": "lượt xem",
    "short": "việc thường",
    "long": "ký, cấp số, đăng ký, đóng dấu, tiêu hủy, truy cập khẩn cấp",
}
_ACTS: Final = {"verify": _verify, "export": _export, "root": _root, "expire": _expire}
