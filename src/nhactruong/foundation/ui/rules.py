"""Pure words and numbers of the screen: dates, quantities, due words, tones, differences of text."""

from __future__ import annotations

import difflib
import re
from datetime import date, datetime, timedelta
from typing import Final, Literal

from nhactruong.kernel.clock import local
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import SECRECY_LABELS, URGENCY_LABELS, Secrecy, Urgency

#: What a caller may say → the colour it becomes in CSS. One place for all components.
TONES: Final[dict[str, str]] = {
    "ok": "tot",
    "soon": "canh",
    "info": "tin",
    "late": "nguy",
    "neutral": "tinh",
    "good": "tot",
    "warn": "canh",
    "bad": "nguy",
    "danger": "nguy",
    "success": "tot",
    "warning": "canh",
    "error": "nguy",
    "": "tinh",
} | {name: name for name in ("tot", "canh", "tin", "nguy", "tinh")}

TONE_ICONS: Final = {"tot": "ok", "canh": "clock", "tin": "info", "nguy": "warn", "tinh": "info"}

WEEKDAYS: Final = (
    "thứ Hai",
    "thứ Ba",
    "thứ Tư",
    "thứ Năm",
    "thứ Sáu",
    "thứ Bảy",
    "Chủ nhật",
)

#: Verdict code → (words, tone, icon). Source: screens.md §4, number 14.
VERDICTS: Final[dict[str, tuple[str, str, str]]] = {
    "valid": ("HỢP LỆ", "tot", "ok"),
    "caution": ("HỢP LỆ, CẦN LƯU Ý", "canh", "warn"),
    "unknown": ("CHƯA XÁC ĐỊNH", "tinh", "help"),
    "invalid": ("KHÔNG HỢP LỆ", "nguy", "stop"),
}
VERDICTS["valid_with_notes"] = VERDICTS["caution"]
VERDICTS["indeterminate"] = VERDICTS["unknown"]

CONNECTION_LOST: Final = (
    "Mất kết nối. Nội dung vừa nhập còn nguyên trên máy này; sẽ lưu lại khi có mạng."
)

_URGENCIES: Final = frozenset(urgency.value for urgency in Urgency)
DiffKind = Literal["same", "ins", "del"]
_WORD: Final = re.compile(r"\s+|[^\s]+")


def tone_class(tone: str) -> str:
    """The CSS name of a tone (`late` → `nguy`).

    Raises: InvalidInput `ui.unknown_tone` when the tone is none of `TONES`.
    """
    try:
        return TONES[tone]
    except KeyError:
        raise InvalidInput(
            "ui.unknown_tone", "Không có sắc thái %(tone)s trong bộ mẫu.", tone=tone
        ) from None


def date_words(day: date | datetime | None) -> str:
    """`23/11/2026`; an instant is read on the office's clock; nothing for None."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = local(day).date() if day.tzinfo else day.date()
    return f"{day:%d/%m/%Y}"


def time_words(instant: datetime | None) -> str:
    """`08:12` on the office's clock; nothing for None."""
    if instant is None:
        return ""
    return f"{(local(instant) if instant.tzinfo else instant):%H:%M}"


def day_words(day: date) -> str:
    """`thứ Hai 23/11`."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m}"


def long_day_words(day: date) -> str:
    """`Thứ Hai, ngày 23 tháng 11 năm 2026`, the heading of a day."""
    name = WEEKDAYS[day.weekday()]
    return f"{name[0].upper()}{name[1:]}, ngày {day.day} tháng {day.month} năm {day.year}"


def when_words(instant: datetime | date, today: date) -> str:
    """`Hôm nay 08:20`, `Hôm qua 15:40`, `16/11 09:05`, `12/06/2026`; a date has no hour."""
    moment = local(instant) if isinstance(instant, datetime) and instant.tzinfo else instant
    day = moment.date() if isinstance(moment, datetime) else moment
    hour = f" {moment:%H:%M}" if isinstance(moment, datetime) else ""
    if day == today:
        return f"Hôm nay{hour}"
    if day == today - timedelta(days=1):
        return f"Hôm qua{hour}"
    return f"{day:%d/%m}{hour}" if day.year == today.year and hour else f"{day:%d/%m/%Y}{hour}"


def quantity(number: int) -> str:
    """`2.451`: a quantity with dots; a register number is written without them."""
    return f"{number:,}".replace(",", ".")


def count_words(number: int, ceiling: int = 10_000) -> str:
    """`9`, `2.451`, or `10.000+` when the count stopped at the ceiling."""
    return f"{quantity(ceiling)}+" if number > ceiling else quantity(number)


def due_words(
    remaining: int | None, *, immediate: bool = False, short: bool = False
) -> tuple[str, str, str]:
    """(words, tone, icon) for working days left: late below 0, soon at 0 and 1, quiet above.

    Lists may shorten only the late ones (`short`).
    Source: screens.md §4, number 7.
    """
    if remaining is None:
        return ("Chưa có hạn", "neutral", "calendar-day")
    if remaining < 0:
        unit = "ngày" if short else "ngày làm việc"
        return (f"Quá hạn {quantity(-remaining)} {unit}", "late", "warn")
    if immediate:
        return ("Xử lý ngay", "soon", "clock")
    if remaining == 0:
        return ("Hôm nay", "soon", "clock")
    tone, icon = ("soon", "clock") if remaining == 1 else ("neutral", "calendar")
    return (f"Còn {quantity(remaining)} ngày làm việc", tone, icon)


def missing_words(label: str) -> str:
    """What is said at a field that must be filled and was left empty."""
    return f"Thiếu {label}. Đồng chí nhập hoặc chọn mục này rồi gửi lại."


def stamp_words(value: Urgency | Secrecy | str | int | None) -> tuple[str, bool]:
    """(capitals, is_quiet) of an urgency or secrecy mark; empty for the ordinary ones."""
    if value is None or value == "":
        return ("", False)
    if isinstance(value, int):
        secrecy = Secrecy(value)
        if secrecy is Secrecy.ORDINARY:
            return ("", False)
        return (SECRECY_LABELS[secrecy].upper(), secrecy is Secrecy.INTERNAL)
    if value in _URGENCIES:
        urgency = Urgency(value)
        return (
            ("", False) if urgency is Urgency.NORMAL else (URGENCY_LABELS[urgency].upper(), False)
        )
    return (str(value).upper(), False)


def word_diff(old: str, new: str) -> list[tuple[DiffKind, str]]:
    """Pieces of `old` → `new` by whole words, in reading order; neighbours of a kind are joined."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces: list[tuple[DiffKind, str]] = []

    def add(kind: DiffKind, words: list[str]) -> None:
        if words:
            pieces.append((kind, "".join(words)))

    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for change, i1, i2, j1, j2 in matcher.get_opcodes():
        if change == "equal":
            add("same", before[i1:i2])
        else:
            add("del", before[i1:i2])
            add("ins", after[j1:j2])
    return pieces
