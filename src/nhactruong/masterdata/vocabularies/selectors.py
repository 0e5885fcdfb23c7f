"""Types of documents as forms and rules need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.db import connection

from nhactruong.masterdata.vocabularies.models import DocumentType


def document_types(
    profile: str = "party", *, numbered_only: bool = False
) -> Sequence[DocumentType]:
    """Types of the profile in the order of the regulation."""
    rows = DocumentType.objects.filter(profile=profile).order_by("position")
    return list(rows.filter(can_be_numbered=True) if numbered_only else rows)


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    return dict(DocumentType.objects.order_by("-profile").values_list("slug", "name"))


def type_name(slug: str) -> str:
    """The name of a type in any profile, or the slug itself when it is unknown."""
    name = _names().get(slug)
    if name is None:
        _names.cache_clear()
        name = _names().get(slug, slug)
    return name


def type_names() -> Mapping[str, str]:
    """Names of all types by slug."""
    if not _names():
        _names.cache_clear()
    return _names()


def type_code(slug: str, profile: str = "party") -> str | None:
    """The code a type has in numbers (`NQ`), or None for no such type; for acts in a hurry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code FROM vocabularies_documenttype WHERE slug = %s AND profile = %s",
            [slug, profile],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def document_type(slug: str, profile: str = "party") -> DocumentType | None:
    """The type of that slug in the profile."""
    return DocumentType.objects.filter(profile=profile, slug=slug).first()
