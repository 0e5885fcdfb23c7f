"""`nhactruong restore SOURCE`: an office put back on an empty machine, and proved whole."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nhactruong.assembly.cli.backup import passphrase
from nhactruong.assembly.cli.django_door import open_django
from nhactruong.assembly.supervision import checks, schema
from nhactruong.assembly.supervision.database import borrowed
from nhactruong.assembly.supervision.installation import from_environ
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`SOURCE`, `--identity FILE`, `--json`."""
    parser.add_argument(
        "source", metavar="NGUỒN", help="thư mục sao lưu (lấy bản mới nhất) hoặc một bản trong đó"
    )
    parser.add_argument(
        "--identity", metavar="TỆP", help="tệp khóa riêng age; không có thì mở bằng mật khẩu"
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.epilog = (
        "Chỉ phục hồi vào thư mục dữ liệu trống (NHACTRUONG_VAR) và cơ sở dữ liệu trống.\n"
        "Mã thoát: 0 xong, chuỗi vết và chữ ký còn nguyên; 21 khóa hoặc nguồn không dùng được;\n"
        "22 bản sao lưu hỏng hoặc kiểm tra lại không khớp; 23 nơi phục hồi không trống."
    )


def run(arguments: argparse.Namespace) -> int:
    """Restore, bring the tables up to date, and look at chain, files and signatures."""
    from nhactruong.assembly.safekeeping import restoring
    from nhactruong.assembly.safekeeping import shelf as layout

    def say(line: str) -> None:
        print(line, file=sys.stderr if arguments.json else sys.stdout, flush=True)

    installation = from_environ(os.environ)
    restoring.require_empty(installation)
    snapshot = layout.snapshot_at(Path(arguments.source).expanduser().absolute())
    identities = _identities(arguments.identity, snapshot)
    manifest = restoring.read_manifest(snapshot, identities)
    installation.prepare_folders()
    mark = installation.var / checks.RESTORE_MARK
    mark.touch()
    with borrowed(installation, "restore") as environment:
        restoring.restore(installation, environment, snapshot, manifest, identities, say)
        say("Đang cập nhật cấu trúc cơ sở dữ liệu…")
        schema.migrate(installation, environment)
        say("Đang kiểm tra chuỗi vết, tệp và chữ ký…")
        open_django(environment)
        from nhactruong.assembly.safekeeping.proving import prove

        proof = prove()
    mark.unlink()
    if arguments.json:
        facts = {
            "snapshot": str(snapshot),
            "links": proof.links,
            "files": proof.files,
            "signed_files": proof.signed_files,
            "faults": list(proof.faults),
        }
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    for fault in proof.faults:
        say(fault)
    if proof.faults:
        raise Refusal(
            ExitCode.BACKUP_DAMAGED,
            "operator.restored_not_whole",
            "Đã phục hồi nhưng %(count)s chỗ không còn nguyên; hãy đối chiếu với bản sao lưu khác.",
            count=len(proof.faults),
        )
    say(
        f"Đã phục hồi bản {snapshot.name}: chuỗi {proof.links} vết kiểm toán liền mạch, "
        f"{proof.files} tệp đủ, {proof.signed_files} tệp ký số kiểm tra lại đúng như trước."
    )
    if not manifest.has_secret_key:
        say("Bản sao lưu không có khóa bí mật; hãy đặt lại NHACTRUONG_SECRET_KEY trước khi chạy.")
    return 0


def _identities(named: str | None, snapshot: Path) -> Sequence[Any]:
    from nhactruong.assembly.safekeeping import keys

    if named:
        return keys.identities_in(Path(named))
    if not (snapshot.parent / keys.LOCKED_KEY).exists():
        raise Refusal(
            ExitCode.BACKUP_IMPOSSIBLE,
            "operator.identity_needed",
            "Bản sao lưu này mở bằng khóa riêng; hãy đưa tệp khóa riêng bằng --identity.",
        )
    return keys.identities_of_passphrase(snapshot.parent, passphrase("Mật khẩu sao lưu: "))
