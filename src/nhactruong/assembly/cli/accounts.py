"""`nhactruong accounts`: what the operator does for an account whose owner cannot do it himself."""

from __future__ import annotations

import argparse
import os

from nhactruong.assembly.cli.django_door import open_django
from nhactruong.assembly.cli.vietnamese import VietnameseParser
from nhactruong.assembly.supervision.database import borrowed
from nhactruong.assembly.supervision.installation import from_environ
from nhactruong.kernel.actor import service_actor

_OPERATOR = service_actor("operator", "Người vận hành")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`identity USERNAME [SUBJECT]`, `forget-factors USERNAME`, `unlock USERNAME`."""
    acts = parser.add_subparsers(
        dest="act", required=True, metavar="VIỆC", parser_class=VietnameseParser, title="Việc"
    )
    for act, purpose in (
        ("identity", "gắn danh tính của nơi cấp danh tính với tài khoản; bỏ trống là gỡ"),
        ("forget-factors", "gỡ bước xác nhận thứ hai cho người mất điện thoại, mất khóa"),
        ("unlock", "mở tài khoản đang tạm khóa"),
    ):
        one = acts.add_parser(act, help=purpose)
        one.add_argument("username", metavar="TÊN", help="tên đăng nhập")
        if act == "identity":
            one.add_argument(
                "subject", metavar="MÃ", nargs="?", default="", help="mã của người ấy ở nơi cấp"
            )


def run(arguments: argparse.Namespace) -> int:
    """Do the act asked for; it stands in the record as the operator's."""
    installation = from_environ(os.environ)
    with borrowed(installation, f"accounts {arguments.act}") as environment:
        open_django(environment)
        from nhactruong.foundation.accounts import commands

        if arguments.act == "identity":
            commands.attach_identity(_OPERATOR, arguments.username, arguments.subject)
            print("Đã gắn danh tính." if arguments.subject else "Đã gỡ danh tính.")
        elif arguments.act == "forget-factors":
            commands.forget_second_factors(_OPERATOR, arguments.username)
            print("Đã gỡ bước xác nhận thứ hai.")
        else:
            commands.unlock(_OPERATOR, arguments.username)
            print("Đã mở khóa.")
    return 0
