"""`nhactruong backup TARGET`: an encrypted snapshot of the whole office, also while it works."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from nhactruong.assembly.supervision.database import borrowed
from nhactruong.assembly.supervision.installation import Installation, from_environ
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

PASSPHRASE: Final = "NHACTRUONG_BACKUP_PASSPHRASE"  # noqa: S105  # the name of a variable
RECIPIENTS: Final = "NHACTRUONG_BACKUP_RECIPIENTS"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`TARGET`, `--recipients FILE`, `--json`."""
    parser.add_argument("target", metavar="THƯ_MỤC", help="thư mục giữ các bản sao lưu")
    parser.add_argument(
        "--recipients",
        metavar="TỆP",
        help=f"tệp khóa công khai age của người giữ bản sao lưu (hoặc biến {RECIPIENTS}); không có "
        "thì mã hóa bằng mật khẩu",
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.epilog = (
        f"Mật khẩu: biến {PASSPHRASE}, hoặc nhập khi được hỏi.\n"
        "Mỗi lần thêm một bản vào thư mục; tệp đã có trong thư mục không chép lại.\n"
        "Mã thoát: 0 xong; 21 không sao lưu được; 22 xong nhưng kho có tệp thiếu hoặc hỏng."
    )


def run(arguments: argparse.Namespace) -> int:
    """Save a snapshot and say where it lies."""
    from nhactruong.assembly.safekeeping import saving
    from nhactruong.assembly.safekeeping import shelf as layout

    installation = from_environ(os.environ)
    shelf = Path(arguments.target).expanduser().absolute()
    _require_outside(installation, shelf)
    saving.secret_of(installation)
    installation.prepare_folders()

    def say(line: str) -> None:
        print(line, file=sys.stderr if arguments.json else sys.stdout, flush=True)

    with layout.opened(shelf):
        recipients = _recipients(arguments.recipients, shelf)
        with borrowed(installation, "backup") as environment:
            saved = saving.save(installation, environment, shelf, recipients, say)
    manifest = saved.manifest
    if arguments.json:
        facts = {
            "snapshot": str(saved.snapshot),
            "files": manifest.files,
            "new_files": saved.new_files,
            "file_bytes": manifest.file_bytes,
            "database_bytes": manifest.database.size,
            "damaged": list(manifest.damaged),
        }
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    say(f"Đã sao lưu vào {saved.snapshot}: {manifest.files} tệp, {saved.new_files} tệp mới.")
    if not manifest.has_secret_key:
        say(
            "Khóa bí mật nằm ở NHACTRUONG_SECRET_KEY nên không có trong bản sao lưu; hãy giữ riêng."
        )
    if manifest.damaged:
        raise Refusal(
            ExitCode.BACKUP_DAMAGED,
            "operator.store_damaged",
            "Bản sao lưu đã xong nhưng kho thiếu hoặc hỏng %(count)s tệp, tệp đầu tiên là "
            "%(first)s; hãy lấy lại từ bản sao lưu cũ hơn.",
            count=len(manifest.damaged),
            first=manifest.damaged[0],
        )
    return 0


def passphrase(question: str) -> str:
    """The passphrase from the environment, else typed by a person.

    Raises: Refusal (`BACKUP_IMPOSSIBLE`) when there is nobody to ask.
    """
    given = os.environ.get(PASSPHRASE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise Refusal(
            ExitCode.BACKUP_IMPOSSIBLE,
            "operator.no_backup_key",
            "Chưa có khóa sao lưu; hãy đưa tệp khóa, hoặc đặt biến %(name)s.",
            name=PASSPHRASE,
        )
    return getpass.getpass(question)


def _recipients(named: str | None, shelf: Path) -> Sequence[Any]:
    from nhactruong.assembly.safekeeping import keys

    file = named or os.environ.get(RECIPIENTS)
    if file:
        return keys.recipients_in(Path(file))
    return keys.recipients_of_passphrase(shelf, passphrase("Mật khẩu sao lưu: "))


def _require_outside(installation: Installation, shelf: Path) -> None:
    """A backup inside what it saves would be lost with it."""
    if shelf.resolve().is_relative_to(installation.var.resolve()):
        raise Refusal(
            ExitCode.BACKUP_IMPOSSIBLE,
            "operator.shelf_inside",
            "Thư mục sao lưu %(shelf)s nằm trong thư mục dữ liệu; hãy chọn một ổ đĩa hoặc máy khác.",
            shelf=shelf,
        )
