"""Records with sight: the columns, the index and the one filter all read paths share."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from nhactruong.foundation.persistence.base import GuardedQuerySet, VersionedRecord
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Secrecy

M = TypeVar("M", bound=models.Model)


class SightedQuerySet(GuardedQuerySet[M]):
    """Rows filtered by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows that carry one of the actor's tokens at or below the actor's clearance."""
        if not actor.tokens:
            return self.none()
        return self.filter(readers__overlap=list(actor.tokens), secrecy__lte=int(actor.clearance))


class SightedRecord(VersionedRecord):
    """A record that is seen by grant: `readers` is the union of its grants' tokens."""

    readers = ArrayField(models.IntegerField(), default=list)
    secrecy = models.PositiveSmallIntegerField(
        default=Secrecy.ORDINARY, choices=[(level.value, level.name) for level in Secrecy]
    )

    objects = SightedQuerySet.as_manager()  # type: ignore[misc]  # a narrower query set

    class Meta(VersionedRecord.Meta):
        abstract = True

    @classmethod
    def type_name(cls) -> str:
        """The name under which grants, cards and threads know this kind of record."""
        return cls.__name__

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; only inside a command."""
        super().save(*args, **kwargs)
