"""The two fields of our own letters that the office fills after the personal signature."""

from __future__ import annotations

from typing import Final

NUMBER_FIELD: Final = "so"
DATE_FIELD: Final = "ngay"
#: The only fields of a letter that may change after a personal signature.
#: Source: signatures.md 2 and 6.1.
RESERVED_FIELDS: Final = frozenset({NUMBER_FIELD, DATE_FIELD})
