"""`nhactruong`: the operator's commands; each is imported only when it is called.

Doors: `main`. To add a command, write a module with `add_arguments(parser)` and
`run(arguments) -> int`, and add its line to `COMMANDS`.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

from nhactruong.assembly.cli.vietnamese import VietnameseParser
from nhactruong.kernel.errors import DomainError

_HERE: Final = "nhactruong.assembly.cli"

#: Name of the command → (its module, what it does). This table is also the help page.
COMMANDS: Final = {
    "up": (f"{_HERE}.up", "khởi động tất cả và trông coi cho tới khi dừng"),
    "setup": (f"{_HERE}.setup", "chuẩn bị cơ sở dữ liệu và dữ liệu mẫu, không mở trang"),
    "migrate": (f"{_HERE}.migrate", "cập nhật cấu trúc cơ sở dữ liệu"),
    "worker": (f"{_HERE}.worker", "chạy tiến trình nền"),
    "demo": (f"{_HERE}.demo", "cơ quan mẫu: nạp dữ liệu, tài khoản, mã truy cập"),
    "accounts": (f"{_HERE}.accounts", "tài khoản: mở khóa, gỡ bước xác nhận, gắn danh tính"),
    "audit": (f"{_HERE}.audit", "nhật ký: kiểm tra, xuất, niêm, đưa phần hết hạn ra khỏi kho"),
    "signature": (f"{_HERE}.signature", "kiểm tra chữ ký số của tệp PDF bất kỳ, không cần máy chủ"),
    "doctor": (f"{_HERE}.doctor", "kiểm tra máy và bản cài đặt, nói rõ chỗ cần sửa"),
    "backup": (f"{_HERE}.backup", "sao lưu cả văn phòng, có mã hóa, khi đang chạy cũng được"),
    "restore": (f"{_HERE}.restore", "phục hồi từ bản sao lưu vào máy trống, kiểm tra lại tất cả"),
    "bench": (f"{_HERE}.bench", "nạp một văn phòng lớn và đo các con số đã hứa"),
    "manage": (f"{_HERE}.manage", "chuyển tiếp tới lệnh quản trị của Django"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of the command line `argv`; a refusal is one sentence on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words:
        _front_parser().print_help()
        return 0
    if words[0] not in COMMANDS:
        _front_parser().parse_args(words[:1])
    name, rest = words[0], words[1:]
    module = importlib.import_module(COMMANDS[name][0])
    parser = VietnameseParser(prog=f"nhactruong {name}", description=COMMANDS[name][1])
    if getattr(module, "TAKES_EVERYTHING", False):
        arguments = argparse.Namespace(rest=rest)
    else:
        module.add_arguments(parser)
        arguments = parser.parse_args(rest)
    return reported(lambda: module.run(arguments))


def reported(act: Callable[[], int]) -> int:
    """The exit code of `act`; a refusal becomes one sentence on stderr and its own code."""
    try:
        code = int(act())
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; what is left must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except DomainError as error:
        print(error.sentence, file=sys.stderr)
        return int(getattr(error, "exit_code", 1))
    except KeyboardInterrupt:
        return 130


def _front_parser() -> VietnameseParser:
    width = max(map(len, COMMANDS)) + 2
    table = "\n".join(f"  {name:<{width}}{purpose}" for name, (_, purpose) in COMMANDS.items())
    parser = VietnameseParser(
        prog="nhactruong",
        usage="nhactruong LỆNH [tham số]",
        description=f"Nhạc Trưởng: văn phòng số của cấp ủy.\n\nCác lệnh:\n{table}",
        epilog="Xem từng lệnh: nhactruong LỆNH --help\nMã thoát: docs/how-it-works/operations.md",
    )
    parser.add_argument("command", choices=COMMANDS, metavar="LỆNH", help=argparse.SUPPRESS)
    return parser
