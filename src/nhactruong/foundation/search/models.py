"""Cards: what search knows of a record."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from nhactruong.foundation.persistence.base import Record


class SearchCard(Record):
    """A record as search shows it; `words` is made of folded text, so accents do not matter."""

    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField()
    agency_id = models.BigIntegerField()
    title = models.CharField(max_length=1000)
    reference = models.CharField(max_length=100, blank=True)
    #: Number and symbol as they are compared (`rules.code_key`).
    code = models.CharField(max_length=200, blank=True)
    facts = models.CharField(max_length=500, blank=True)
    occurred_on = models.DateField()
    secrecy = models.PositiveSmallIntegerField(default=0)
    readers = ArrayField(models.IntegerField(), default=list)
    words = SearchVectorField(null=True)
    #: Folded title and reference, for parts of a number and typed-ahead words.
    folded = models.CharField(max_length=1200, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id"], name="card_of_object")
        ]
        indexes = [
            # One index for both questions: a rare word then skips through a wide sight.
            GinIndex(fields=["readers", "words"], name="card_found"),
            GinIndex(fields=["folded"], name="card_folded", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["code"], name="card_code", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["agency_id", "-occurred_on", "-id"], name="card_recent"),
            models.Index(fields=["-occurred_on", "-id"], name="card_newest"),
        ]
