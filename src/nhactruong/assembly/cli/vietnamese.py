"""An argument parser that speaks Vietnamese in help and in errors."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, Final, NoReturn

_WRONG_USAGE: Final = 2
_SENTENCES: Final = (
    (r"the following arguments are required: (.*)", r"thiếu tham số \1"),
    (r"unrecognized arguments: (.*)", r"không có tham số \1"),
    (
        r"argument (.*?): invalid choice: '?(.*?)'? \(choose from (.*)\)",
        r"\1 không nhận “\2”, "
        r"chỉ nhận \3",
    ),
    (r"argument (.*?): invalid \w+ value: '(.*)'", r"\1 không nhận giá trị “\2”"),
    (r"argument (.*?): expected (?:at least )?(?:one|\d+) arguments?", r"\1 cần thêm giá trị"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 không đi cùng \2"),
)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or "Cách dùng: ")


class VietnameseParser(argparse.ArgumentParser):
    """An `ArgumentParser` whose own words are Vietnamese; wrong usage ends with exit code 2."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", _Formatter)
        super().__init__(add_help=False, allow_abbrev=False, **settings)
        self._positionals.title = "Tham số"
        self._optionals.title = "Tùy chọn"
        self.add_argument("-h", "--help", action="help", help="xem hướng dẫn này rồi thoát")

    def error(self, message: str) -> NoReturn:
        """End with one Vietnamese sentence on stderr."""
        for pattern, sentence in _SENTENCES:
            if re.fullmatch(pattern, message):
                message = re.sub(pattern, sentence, message)
                break
        print(f"Lệnh chưa đúng: {message}; hãy xem `{self.prog} --help`.", file=sys.stderr)
        sys.exit(_WRONG_USAGE)
