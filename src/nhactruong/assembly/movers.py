"""What moves when agencies merge, split or dissolve: the whole wiring on one page, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from nhactruong.gateways.http_api.moving import Keys
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.reorganization import base
from nhactruong.masterdata.reorganization.base import Blocker
from nhactruong.masterdata.reorganization.rules import Plan
from nhactruong.masterdata.vocabularies.selectors import document_types
from nhactruong.records.distribution.moving import OnTheWay
from nhactruong.records.dossiers.moving import OpenDossiers
from nhactruong.records.incoming.moving import Handled, InIntake
from nhactruong.records.incoming.rules import arrival_key
from nhactruong.records.numbering import commands as numbering
from nhactruong.records.numbering import selectors as series
from nhactruong.records.numbering.rules import SeriesKey
from nhactruong.records.outgoing.moving import Drafts
from nhactruong.records.outgoing.rules import series_group


class Books:
    """The books: those of the old agencies close, those of the new ones open.

    First of all movers: whoever is just taking a number is waited for, whoever comes after that is
    refused, so that nothing is registered behind the backs of the others.
    """

    name = "books"
    words = "Sổ của cơ quan cũ đóng lại"

    def rows(self, plan: Plan) -> QuerySet[Any]:
        """The books that close."""
        return series.still_open(plan.old_agencies)

    def blockers(self, plan: Plan) -> Sequence[Blocker]:
        """None: a book may be closed at any number."""
        return ()

    def move(self, actor: Actor, plan: Plan) -> int:
        """The number of books closed; the new agencies have theirs, at number 01."""
        closed = numbering.close_series(actor, plan.old_agencies, on=plan.day)
        numbering.hand_over_series(actor, plan.books, not_of=plan.old_agencies)
        for agency_id in plan.new_agencies:
            numbering.open_series(actor, agency_id, _books_of(agency_id, plan), opened_on=plan.day)
        return closed

    def orphans(self, plan: Plan) -> int:
        """Books in which an agency that has ended could still be given a number."""
        return self.rows(plan).count()


def _books_of(agency_id: int, plan: Plan) -> Iterator[SeriesKey]:
    """The books an agency needs: by organ and type for the term, and arrivals for the year."""
    registry = plan.registries[agency_id]
    agency = organization.agency(agency_id)
    term = organization.term_of(agency_id, plan.day)
    yield arrival_key(registry, agency.key, clock.today())
    if term is None:
        return
    kinds = document_types(numbered_only=True)
    groups = {series_group(kind.slug, kind.code, shared_qd=True) for kind in kinds}
    bodies = {organ.series_body for organ in organization.organs_of([agency_id], plan.day)}
    for body in sorted(bodies):
        for group in sorted(groups):
            yield SeriesKey(registry, body, group, f"term:{term.starts_on.isoformat()}")


def register() -> None:
    """Let everything move in this order; called once at start."""
    base.register([Books(), InIntake(), Handled(), Drafts(), OpenDossiers(), OnTheWay(), Keys()])
