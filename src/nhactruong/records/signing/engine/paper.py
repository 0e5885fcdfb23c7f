"""The report on a file's signatures as a PDF: data handed to a fixed typst template."""

from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst

from nhactruong.kernel.errors import OutsideFailure

#: The letter faces; they are vendored beside the sources, no system font is ever read.
_FONTS: Final = Path(__file__).resolve().parents[5] / "vendor" / "fonts" / "tinos"
_TEMPLATE: Final = Path(str(files(__package__).joinpath("paper.typ")))


class _Compiler(threading.local):
    """One compiler a thread: a compiler holds the inputs of its last run."""

    def __init__(self) -> None:
        self._made: typst.Compiler | None = None

    def get(self) -> typst.Compiler:
        if self._made is None:
            fonts = typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)]
            )
            self._made = typst.Compiler(
                input=str(_TEMPLATE), root=str(_TEMPLATE.parent), font_paths=fonts
            )
        return self._made


_compiler = _Compiler()


def printed(report: Mapping[str, Any], made_at: datetime) -> bytes:
    """The PDF of a report as people read it; a sign that the faces lack shows as an empty box.

    The same report gives the same bytes. Raises: OutsideFailure `signing.paper_failed`.
    """
    try:
        pdf = _compiler.get().compile(
            format="pdf",
            sys_inputs={"report": json.dumps(_clean(report), ensure_ascii=False)},
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise OutsideFailure(
            "signing.paper_failed",
            "Không dàn được trang báo cáo. Thử lại; nếu vẫn lỗi, báo quản trị hệ thống mã"
            " %(hint)s.",
            hint=error.message[:120],
        ) from error
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no PDF bytes")
    return pdf


def _clean(value: Any) -> Any:
    """`value` without signs that steer a printer, and without halves of signs."""
    if isinstance(value, str):
        return "".join(
            " " if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") else sign
            for sign in value
        )
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(one) for one in value]
    return value
