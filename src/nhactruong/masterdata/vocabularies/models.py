"""Types of documents."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import Record


class DocumentType(Record):
    """A type of document in a profile; the code is not unique (Quyết định, Quy định: both QĐ)."""

    profile = models.CharField(max_length=20)
    slug = models.SlugField(max_length=60)
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=100)
    can_be_numbered = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["profile", "slug"], name="document_type_slug")
        ]

    def __str__(self) -> str:
        return self.name
