"""`nhactruong restore`: an office brought back from its backup on an empty machine."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nhactruong.assembly.cli.django_door import open_django
from nhactruong.assembly.cli.up import say
from nhactruong.assembly.supervision import schema
from nhactruong.assembly.supervision.database import borrowed
from nhactruong.assembly.supervision.installation import from_environ
from nhactruong.assembly.supervision.keeping import keys, restoring
from nhactruong.assembly.supervision.refusals import ExitCode

if TYPE_CHECKING:
    from nhactruong.assembly.restored import Proof

_NAMED = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`SOURCE --key FILE`."""
    parser.add_argument("source", type=Path, metavar="TỆP", help="tệp sao lưu")
    parser.add_argument(
        "--key", type=Path, required=True, metavar="TỆP", help="tệp khóa bí mật lập bằng --new-key"
    )
    parser.epilog = (
        "Chỉ phục hồi vào thư mục dữ liệu và cơ sở dữ liệu trống. Cuối cùng chương trình kiểm tra\n"
        "chuỗi nhật ký, từng tệp và chữ ký của các văn bản mới nhất."
    )


def run(arguments: argparse.Namespace) -> int:
    """Restore, bring the tables up to date, and prove that nothing is missing."""
    identities = keys.identities(arguments.key)
    installation = from_environ(os.environ)
    restoring.require_empty(installation)
    installation.prepare_folders()
    manifest = restoring.unpack(installation, arguments.source, identities)
    say(f"Bản sao lưu lập {manifest.made_at}, {len(manifest.entries)} tệp, nguyên vẹn")
    with borrowed(installation, "restore") as environment:
        owner_url = environment.get("DATABASE_OWNER_URL") or environment["DATABASE_URL"]
        restoring.fill_database(installation, owner_url)
        say("Đã nạp cơ sở dữ liệu")
        restoring.put_in_place(installation, say)
        schema.migrate(installation, environment)
        # An office that comes back is no empty one that waits for the sample.
        schema.note_sample(installation, environment["DATABASE_URL"])
        open_django(environment)
        from nhactruong.assembly.restored import prove

        proof = prove()
    _tell(proof)
    return ExitCode.DONE if proof.holds else ExitCode.BACKUP_DAMAGED


def _tell(proof: Proof) -> None:
    say(f"Nhật ký: {proof.links} mắt xích, {_said(proof.harms, 'liền mạch')}")
    say(f"Tệp: {proof.files}, {_said(proof.missing, 'đủ')}")
    say(f"Chữ ký kiểm tra lại: {proof.signatures} văn bản, {_said(proof.changed, 'không đổi')}")


def _said(faults: Sequence[str], fine: str) -> str:
    if not faults:
        return fine
    more = f" và {len(faults) - _NAMED} chỗ nữa" if len(faults) > _NAMED else ""
    return "SAI: " + ", ".join(faults[:_NAMED]) + more
