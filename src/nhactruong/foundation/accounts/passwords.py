"""Passwords that are long and yet guessed at once: the validator of all pages that set one.

Source: security.md 1.2.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.exceptions import ValidationError

from nhactruong.kernel.text import fold

_LEAST_DIFFERENT: Final = 6
#: What must be left of a password once the name of its owner is taken out of it.
_LEAST_BESIDE_NAME: Final = 6
_COMMON: Final = (
    *("matkhau", "password", "nhactruong", "tinhuy", "danguy", "huyenuy", "thanhuy"),
    *("vanphong", "chanh", "phong", "admin", "quantri", "qwerty", "abc"),
)


class GuessableValidator:
    """Refuses few letters, a repeated word, common words with figures, the owner's own name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Nothing when it is hard to guess. Raises: ValidationError with its code."""
        plain = _bare(password)
        if len(set(plain)) < _LEAST_DIFFERENT:
            raise ValidationError("", code="password_few_letters")
        if re.fullmatch(r"(.+?)\1+", plain):
            raise ValidationError("", code="password_repeated")
        if not _beside(plain, _COMMON):
            raise ValidationError("", code="password_common_words")
        name = _bare(getattr(user, "username", ""))
        if name and name in plain and len(_beside(plain, (name,))) < _LEAST_BESIDE_NAME:
            raise ValidationError("", code="password_too_similar")

    def get_help_text(self) -> str:
        """What the pages say of it."""
        return "Không lặp lại một từ, không chỉ gồm từ thông dụng, chữ số hay tên đăng nhập."


def _bare(text: str) -> str:
    """Its letters and figures, without accents and capitals."""
    return "".join(letter for letter in fold(text) if letter.isalnum())


def _beside(plain: str, words: tuple[str, ...]) -> str:
    """What is left without figures and these words."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.sub("|".join([*map(re.escape, longest_first), r"\d"]), "", plain)
