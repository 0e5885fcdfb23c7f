"""`nhactruong backup`: everything an office cannot make again, in one encrypted file."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from nhactruong.assembly.cli.up import say
from nhactruong.assembly.supervision.database import borrowed
from nhactruong.assembly.supervision.installation import from_environ
from nhactruong.assembly.supervision.keeping import keys
from nhactruong.assembly.supervision.keeping.archive import Manifest
from nhactruong.assembly.supervision.keeping.backing_up import back_up
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

_MEGABYTE = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`TARGET --to KEY`, or `--new-key FILE` once."""
    parser.add_argument("target", type=Path, nargs="?", metavar="TỆP", help="tệp sao lưu sẽ ghi")
    parser.add_argument(
        "--to",
        action="append",
        default=[],
        metavar="KHÓA",
        help="khóa công khai (age1…) của người giữ bản sao lưu; có thể ghi nhiều lần; "
        "mặc định lấy NHACTRUONG_BACKUP_TO",
    )
    parser.add_argument(
        "--new-key", type=Path, metavar="TỆP", help="lập cặp khóa; tệp này cất ở nơi khác máy chủ"
    )
    parser.epilog = (
        "Chạy được khi văn phòng đang làm việc. Bản sao lưu gồm cơ sở dữ liệu, tệp văn bản, khóa,\n"
        "chứng thư tin cậy và dấu niêm nhật ký; không gồm phiên đăng nhập, nhật ký máy và ảnh trang."
    )


def run(arguments: argparse.Namespace) -> int:
    """Take the backup, or make the key pair."""
    if arguments.new_key is not None:
        public = keys.make_key(arguments.new_key)
        say(
            f"Khóa bí mật: {arguments.new_key} (cất ở nơi khác; mất khóa này thì không phục hồi được)"
        )
        say(f"Khóa công khai: {public}")
        return ExitCode.DONE
    wanted = arguments.to or (os.environ.get("NHACTRUONG_BACKUP_TO") or "").split()
    if arguments.target is None or not wanted:
        raise Refusal(
            ExitCode.WRONG_USAGE,
            "backup.no_recipient",
            "Hãy nói ghi vào tệp nào và mã hóa cho khóa nào: nhactruong backup TỆP --to age1…; "
            "chưa có khóa thì lập bằng --new-key.",
        )
    recipients = keys.recipients(wanted)
    installation = from_environ(os.environ)
    with borrowed(installation, "backup") as environment:
        owner_url = environment.get("DATABASE_OWNER_URL") or environment["DATABASE_URL"]
        manifest = Manifest(_version(), _now())
        taken = back_up(
            installation, owner_url, arguments.target.absolute(), recipients, manifest, say
        )
    say(
        f"Đã sao lưu cơ sở dữ liệu và {taken.files} tệp ({taken.content_bytes / _MEGABYTE:.0f} MB) "
        f"vào {arguments.target} ({taken.archive_bytes / _MEGABYTE:.0f} MB)"
    )
    return ExitCode.DONE


def _version() -> str:
    from importlib.metadata import version

    return version("nhactruong")


def _now() -> str:
    from nhactruong.kernel import clock

    return clock.now().isoformat(timespec="seconds")
