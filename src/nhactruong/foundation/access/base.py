"""Records with sight: the columns, the index and the one filter all read paths share."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, Final, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.array import ArrayOverlap  # type: ignore[attr-defined]  # not in the stubs
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Coalesce

from nhactruong.foundation.access.breadth import is_narrow
from nhactruong.foundation.access.rules import Line
from nhactruong.foundation.persistence.base import GuardedQuerySet, VersionedRecord
from nhactruong.foundation.persistence.paging import (
    COUNT_CAP,
    PAGE_ROWS,
    Page,
    beyond,
    capped_count,
    is_backward,
    keyset_page,
)
from nhactruong.foundation.persistence.sight import shown_to
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied
from nhactruong.kernel.states import Secrecy

M = TypeVar("M", bound=models.Model)

#: Above every number a register can give.
_UNNUMBERED: Final = 2**31 - 1


class OverlapWalk(ArrayOverlap):  # type: ignore[misc]  # untyped for the same reason
    """The same question as `overlap`, written so that no inverted index answers it.

    `IS TRUE` keeps the planner's estimate and leaves it the walk along the newest rows.
    """

    lookup_name = "overlap_walk"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """`(readers && tokens) IS TRUE`."""
        sql, parameters = super().as_postgresql(compiler, connection)
        return f"({sql}) IS TRUE", parameters


ArrayField.register_lookup(OverlapWalk)


class SightedQuerySet(GuardedQuerySet[M]):
    """Rows filtered by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows that carry one of the actor's tokens at or below the secrecy it shows.

        Source: docs/adr/0001 (the form depends on breadth, the answer does not).
        """
        sights = actor.sights()
        if not sights:
            return self.none()
        lookup = "readers__overlap_walk" if self._broad_for(actor) else "readers__overlap"
        return self.filter(shown_to(actor, lookup))

    def _broad_for(self, actor: Actor) -> Set[int]:
        """Those of the actor's agencies whose newest rows are walked; elsewhere the few are fetched."""
        table, every = self.model._meta.db_table, _every_token(actor)
        return {a for a in actor.agency_ids if not is_narrow(table, every, a)}

    def newest_page(
        self,
        actor: Actor,
        *,
        by: str,
        then: str = "",
        cursor: str = "",
        rows: int = PAGE_ROWS,
    ) -> Page[M]:
        """The page after (or before) `cursor`, newest first.

        Ordered by the date field `by`, on one day by the number field `then` if there is one (what
        has no number yet stands before all that has), then by id. One walk per agency of the
        actor, merged: an index that begins with the agency keeps its order, the days themselves
        are sorted. Every filter must come before. Raises: InvalidInput `page.bad_cursor`.
        """
        place: dict[str, Any] = {"place": Coalesce(then, models.Value(_UNNUMBERED))} if then else {}
        ties = ("-place", "-id") if then else ("-id",)
        agencies, broad = actor.agency_ids, self._broad_for(actor)
        if not broad:
            fetched: Any = self.filter(agency_id__in=agencies).annotate(**_fetched_by(by), **place)
            return keyset_page(fetched, order=("-fetch_key", *ties), cursor=cursor, rows=rows)
        newest = (f"-{by}", *ties)
        walks = []
        for agency in agencies:
            there: Any = self.filter(agency_id=agency).annotate(**place)
            order = newest
            if agency not in broad:
                # Little is in sight here: a walk would read the whole book to find it.
                there = there.filter(readers__overlap=_every_token(actor)).annotate(
                    **_fetched_by(by)
                )
                order = ("-fetch_key", *ties)
            past = beyond(there, order=order, cursor=cursor)
            if is_backward(cursor):
                order = tuple(name[1:] for name in order)
            walks.append(past.order_by(*order).values("pk")[: rows + 1])
        merged = walks[0] if len(walks) == 1 else walks[0].union(*walks[1:], all=True)
        chosen = self.model._default_manager.filter(pk__in=merged).annotate(**place)
        return keyset_page(self._as(chosen), order=newest, cursor=cursor, rows=rows)

    def capped_count(self, actor: Actor) -> int:
        """As `paging.capped_count`; where little is in sight it is fetched, elsewhere walked."""
        broad = self._broad_for(actor)
        narrow = [agency for agency in actor.agency_ids if agency not in broad]
        if not broad or not narrow:
            return capped_count(self)
        few: Any = self.filter(agency_id__in=narrow, readers__overlap=_every_token(actor))
        there: Any = self.exclude(agency_id__in=narrow)
        return min(COUNT_CAP + 1, capped_count(few) + capped_count(there))

    def _as(self, rows: models.QuerySet[M]) -> models.QuerySet[M]:
        """`rows` with this query set's joins and annotations of neighbours."""
        related = self.query.select_related
        if isinstance(related, dict):
            rows = rows.select_related(*_paths(related))
        return rows


def _every_token(actor: Actor) -> list[int]:
    return [token for part, _ in actor.sights() for token in part]


def _fetched_by(by: str) -> dict[str, Any]:
    """The day as an expression: no index has its order, so the planner fetches the few and sorts."""
    plain = models.F(by) + models.Value(0)
    return {"fetch_key": models.ExpressionWrapper(plain, output_field=models.DateField())}


def _paths(tree: dict[str, Any], prefix: str = "") -> list[str]:
    found = []
    for name, below in tree.items():
        found.append(f"{prefix}{name}")
        found.extend(_paths(below, f"{prefix}{name}__"))
    return found


class SightedRecord(VersionedRecord):
    """A record that is seen by grant: `readers` is the union of its grants' tokens."""

    readers = ArrayField(models.IntegerField(), default=list)
    secrecy = models.PositiveSmallIntegerField(
        default=Secrecy.ORDINARY, choices=[(level.value, level.name) for level in Secrecy]
    )

    objects = SightedQuerySet.as_manager()  # type: ignore[misc]  # a narrower query set

    class Meta(VersionedRecord.Meta):
        abstract = True

    def require_lasting_sight(self, actor: Actor) -> Self:
        """Itself when the actor sees it by more than an emergency's lease.

        Raises: AccessDenied `emergency.read_only`. Source: security.md 10 (never sign, seal, delete).
        """
        meeting = {
            token
            for tokens, highest in actor.sights()
            if self.secrecy <= highest
            for token in tokens
            if token in self.readers
        }
        if meeting and meeting <= actor.leases:
            raise AccessDenied(
                "emergency.read_only",
                "Truy cập khẩn cấp chỉ để xem; việc này do người được giao thực hiện.",
                line=Line.EMERGENCY,
            )
        return self

    @classmethod
    def type_name(cls) -> str:
        """The name under which grants, cards and threads know this kind of record."""
        return cls.__name__

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; only inside a command."""
        super().save(*args, **kwargs)


def walk_indexes(prefix: str, by: str) -> list[models.Index]:
    """The indexes a large register needs: walks along the newest of an agency, and the readers.

    Source: docs/adr/0001.
    """
    return [
        models.Index(
            fields=["agency", by, "id"],
            include=["secrecy", "state", "document_type", "readers"],
            name=f"{prefix}_walk",
        ),
        models.Index(
            fields=["agency", "state", by, "id"],
            include=["secrecy", "readers"],
            name=f"{prefix}_state_walk",
        ),
        models.Index(
            fields=["agency", "document_type", by, "id"],
            include=["secrecy", "readers"],
            name=f"{prefix}_type_walk",
        ),
        GinIndex(fields=["agency", "readers"], fastupdate=False, name=f"{prefix}_sight"),
    ]


def most_readers(prefix: str) -> models.CheckConstraint:
    """No record carries more tokens than an index entry holds; wider circles get a list token."""
    return models.CheckConstraint(
        condition=models.Q(readers__len__lte=500), name=f"{prefix}_most_readers"
    )
