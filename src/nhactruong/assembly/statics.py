"""Static files under names that carry their hash, our modules imported by modules included."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

#: Django's storage, whose patterns its stubs do not know.
_DJANGO: Any = CompressedManifestStaticFilesStorage
_GLOB, _PATTERNS = _DJANGO._js_module_import_aggregation_patterns


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Files that may be cached for ever, because a changed file has another name.

    Imports are rewritten in our own modules only; scripts of libraries stand as they came.
    """

    patterns = (
        *_DJANGO.patterns,
        ("ui/js/" + _GLOB, _PATTERNS),
        ("outgoing/" + _GLOB, _PATTERNS),
    )
