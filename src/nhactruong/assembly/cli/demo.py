"""`nhactruong demo`: the sample office loaded, its accounts listed, a token given out, a province made."""

from __future__ import annotations

import argparse
import json
import os

from nhactruong.assembly.cli.django_door import open_django
from nhactruong.assembly.cli.sample import account_lines, sample_office
from nhactruong.assembly.cli.vietnamese import VietnameseParser
from nhactruong.assembly.supervision.database import borrowed
from nhactruong.assembly.supervision.installation import Installation, from_environ
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`load`, `accounts [--json]`, `token USERNAME`, `province --code CODE [--seed N]`."""
    acts = parser.add_subparsers(
        dest="act", required=True, metavar="VIỆC", parser_class=VietnameseParser, title="Việc"
    )
    acts.add_parser("load", help="nạp cơ quan mẫu vào cơ sở dữ liệu trống")
    accounts = acts.add_parser("accounts", help="liệt kê tài khoản mẫu")
    accounts.add_argument("--json", action="store_true", help="in dạng JSON")
    token = acts.add_parser("token", help="cấp mã truy cập API cho một tài khoản mẫu")
    token.add_argument("username", metavar="TÊN", help="tên đăng nhập")
    province = acts.add_parser("province", help="dựng tổ chức đảng của cả một tỉnh, người bịa ra")
    province.add_argument(
        "--code", required=True, metavar="MÃ", help="mã tỉnh, thành phố, ví dụ 12 (Lai Châu)"
    )
    province.add_argument(
        "--seed", type=int, default=1, metavar="SỐ", help="số gieo: cùng số thì cùng người (1)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do the act asked for."""
    installation = from_environ(os.environ)
    _require_sample(installation)
    if arguments.act == "accounts":
        return _accounts(as_json=arguments.json)
    with borrowed(installation, f"demo {arguments.act}") as environment:
        open_django(environment)
        if arguments.act == "token":
            print(sample_office().token(arguments.username))
            return 0
        if arguments.act == "province":
            return _province(arguments.code, arguments.seed)
        return _load()


def _accounts(*, as_json: bool) -> int:
    if as_json:
        print(json.dumps(list(sample_office().accounts()), ensure_ascii=False, indent=2))
    else:
        print("\n".join(account_lines()))
    return 0


def _province(code: str, seed: int) -> int:
    if sample_office().load_province(code, seed, lambda line: print(line, flush=True)):
        print(
            "Đã dựng xong. Tên đăng nhập gồm chức danh và mã: van-thu.MÃ-XÃ, chanh-vp.MÃ-XÃ, "
            "bi-thu.MÃ-XÃ,\nvan-thu.MÃ-btc…; mật khẩu chung như các tài khoản mẫu."
        )
    return 0


def _load() -> int:
    from django.contrib.auth import get_user_model

    if get_user_model()._default_manager.exists():
        print("Cơ sở dữ liệu đã có người dùng nên giữ nguyên, không nạp dữ liệu mẫu.")
        return 0
    sample_office().load(lambda line: print(line, flush=True))
    print("Đã nạp dữ liệu mẫu.")
    return 0


def _require_sample(installation: Installation) -> None:
    """Accounts whose passwords everybody knows never enter a working office."""
    if installation.env != "sample":
        raise Refusal(
            ExitCode.SETTING_INVALID,
            "operator.no_sample_here",
            "Bản cài đặt đang ở chế độ %(env)s nên không dùng dữ liệu mẫu; hãy đặt "
            "NHACTRUONG_ENV=sample trên một thư mục dữ liệu riêng.",
            env=installation.env,
        )
