"""How long a typed text may be: what does not fit is refused in words, never cut in silence."""

from __future__ import annotations

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import nfc, one_line


def line_within(most: int, text: str, *, field: str, label: str) -> str:
    """`text` on one line, at most `most` characters.

    Raises: InvalidInput `text.too_long` at `field`, calling it `label`.
    """
    return _within(most, one_line(text), field, label)


def text_within(most: int, text: str, *, field: str, label: str) -> str:
    """`text` with its lines, ends trimmed, at most `most` characters. Raises as `line_within`."""
    return _within(most, nfc(text).strip(), field, label)


def too_long_words(label: str) -> str:
    """The sentence about `label`, with the places `%(limit_value)d` and `%(show_value)d`."""
    return f"{label} dài quá %(limit_value)d ký tự (đang có %(show_value)d). Đồng chí viết gọn lại."


def _within(most: int, text: str, field: str, label: str) -> str:
    if len(text) > most:
        sentence = too_long_words(label) % {"limit_value": most, "show_value": len(text)}
        raise InvalidInput.at(field, "text.too_long", sentence)
    return text
