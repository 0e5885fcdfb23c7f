"""Static files under names that carry their hash, modules imported by modules included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Files that may be cached for ever, because a changed file has another name."""

    support_js_module_import_aggregation = True
