"""pdfium's bindings carry no types: the one place that says so to the type checker."""

from __future__ import annotations

from typing import Any, Final

import pypdfium2 as _pypdfium2
import pypdfium2.raw as _raw

pypdfium2: Final[Any] = _pypdfium2
raw: Final[Any] = _raw
PdfiumError: Final = _pypdfium2.PdfiumError
