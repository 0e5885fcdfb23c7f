"""`nhactruong migrate`: the tables brought up to date, as the owner of the database."""

from __future__ import annotations

import argparse
import os

from nhactruong.assembly.supervision import schema
from nhactruong.assembly.supervision.database import borrowed
from nhactruong.assembly.supervision.installation import from_environ


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--check` only asks."""
    parser.add_argument("--check", action="store_true", help="chỉ hỏi; mã thoát 1 nếu cần cập nhật")


def run(arguments: argparse.Namespace) -> int:
    """Migrate when needed."""
    installation = from_environ(os.environ)
    installation.prepare_folders()
    with borrowed(installation, "migrate") as environment:
        if schema.is_current(installation, environment["DATABASE_URL"]):
            print("Cấu trúc cơ sở dữ liệu đã mới nhất.")
            return 0
        if arguments.check:
            print("Cấu trúc cơ sở dữ liệu cần cập nhật; hãy chạy `nhactruong migrate`.")
            return 1
        schema.migrate(installation, environment)
    print("Đã cập nhật cấu trúc cơ sở dữ liệu.")
    return 0
