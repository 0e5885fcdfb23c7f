"""What of outgoing papers passes on when agencies merge, split or dissolve.

Drafts that nobody has signed become the new agency's. What is signed is issued first, by the body
in whose name it was signed; what was issued keeps its issuer.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import connection
from django.db.models import F, Q, QuerySet

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.procedures import commands as procedures
from nhactruong.masterdata.reorganization.base import Blocker
from nhactruong.masterdata.reorganization.rules import Plan
from nhactruong.records.documents import commands as documents
from nhactruong.records.outgoing.commands.indexing import wording
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.policies import REACHED_BEFORE_SIGNED
from nhactruong.records.outgoing.rules import STATE_LABELS, State

_UNSIGNED: Final = sorted(state.value for state in REACHED_BEFORE_SIGNED)
_SIGNED: Final = [
    state.value for state in (State.SIGNED, State.NUMBERED, State.SEALING, State.SEALED)
]
_MOST_NAMED: Final = 20

#: The desk that comes after, by post and unit; the registry with its books.
_NEW_DESKS: Final = """
UPDATE outgoing_outgoingdocument draft SET version = draft.version + 1,
       drafter_post_id = coalesce((SELECT new FROM unnest(%(posts)s::bigint[], %(posts_after)s::bigint[])
                                          AS told (old, new) WHERE old = draft.drafter_post_id),
                                  drafter_post_id),
       drafting_unit_id = coalesce((SELECT new FROM unnest(%(units)s::bigint[], %(units_after)s::bigint[])
                                           AS told (old, new) WHERE old = draft.drafting_unit_id),
                                   drafting_unit_id),
       registry_id = coalesce((SELECT new FROM unnest(%(books)s::bigint[], %(books_after)s::bigint[])
                                      AS told (old, new) WHERE old = draft.registry_id),
                              registry_id)
 WHERE id = ANY(%(ids)s)"""


class Drafts:
    """Drafts on their way to a signature."""

    name = "outgoing.drafts"
    words = "Dự thảo chưa ký"

    def rows(self, plan: Plan) -> QuerySet[OutgoingDocument]:
        """The drafts of the old agencies, and those an old post drafts or would sign."""
        return _rows(plan)

    def blockers(self, plan: Plan) -> Sequence[Blocker]:
        """What is signed and not issued."""
        waiting = (
            OutgoingDocument.objects.filter(agency_id__in=plan.old_agencies, state__in=_SIGNED)
            .select_related("agency")
            .order_by("signed_at", "pk")[:_MOST_NAMED]
        )
        return [
            Blocker(
                # No more than number, office and step: who reads this may not see the paper.
                f"Đã ký, chưa phát hành: {paper.reference_code or 'văn bản chưa có số'} của "
                f"{paper.agency.short_name} ({STATE_LABELS[paper.as_state].lower()}).",
                "outgoing:detail",
                str(paper.public_id),
            )
            for paper in waiting
        ]

    def move(self, actor: Actor, plan: Plan) -> int:
        """The number of drafts in the hands of the successors from now on."""
        return _pass_drafts(actor, plan)

    def orphans(self, plan: Plan) -> int:
        """Drafts left with what has ended."""
        return _rows(plan).count()


def _rows(plan: Plan) -> QuerySet[OutgoingDocument]:
    posts = list(plan.posts)
    return OutgoingDocument.objects.filter(
        Q(agency_id__in=plan.old_agencies)
        | Q(drafter_post_id__in=posts)
        | Q(authority__post_id__in=posts),
        state__in=_UNSIGNED,
    )


@command
def _pass_drafts(actor: Actor, plan: Plan) -> int:
    """The number of drafts passed on: desk, agency and organ, signer, and what must be presented anew."""
    drafts = list(
        _rows(plan).values_list(
            "pk", "public_id", "agency_id", "organ_id", "drafter_post_id", "authority__post_id"
        )
    )
    groups: dict[tuple[int, int, int], list[tuple[int, uuid.UUID]]] = defaultdict(list)
    unsettled: list[int] = []
    for pk, public_id, agency, organ, drafter, signer in drafts:
        if agency in plan.successors:
            after = plan.agency_after(agency, drafter)
            groups[agency, organ, after].append((pk, public_id))
        if agency in plan.successors or signer in plan.posts:
            unsettled.append(pk)
    _to_new_desks(plan, [pk for pk, *_ in drafts])
    for (agency, organ, after), rows in groups.items():
        _to_agency(actor, plan, agency, organ, after, rows)
    _choose_signers(plan, unsettled)
    _present_anew(actor, unsettled)
    return len(drafts)


def _to_new_desks(plan: Plan, ids: Sequence[int]) -> None:
    values: dict[str, list[int]] = {"ids": list(ids)}
    for name, pairs in (("posts", plan.posts), ("units", plan.units), ("books", plan.books)):
        values |= {name: list(pairs), f"{name}_after": list(pairs.values())}
    with connection.cursor() as cursor:
        cursor.execute(_NEW_DESKS, values)


def _to_agency(
    actor: Actor,
    plan: Plan,
    old: int,
    organ: int,
    after: int,
    rows: Sequence[tuple[int, uuid.UUID]],
) -> None:
    """These drafts of one organ are the new agency's and are to be issued by its organ."""
    ids = [public_id for _, public_id in rows]
    OutgoingDocument.objects.filter(pk__in=[pk for pk, _ in rows]).update(
        agency_id=after, organ_id=plan.organs[organ, after], registry_id=plan.registries[after]
    )
    documents.pass_to(actor, ids, after)
    roles = {tokens.role_token(role, old): tokens.role_token(role, after) for role in Role}
    access.grant_alike(actor, OutgoingDocument, ids, roles)
    workitems.pass_on(actor, roles, objects=ids, agency_id=after)


def _choose_signers(plan: Plan, ids: Iterable[int]) -> None:
    """The first row of the signing table in force that is not the drafter's own post, or none."""
    kinds: dict[tuple[int, str], list[int]] = defaultdict(list)
    drafts = OutgoingDocument.objects.filter(pk__in=list(ids))
    for pk, organ, document_type in drafts.values_list("pk", "organ_id", "document_type"):
        kinds[organ, document_type].append(pk)
    for (organ, document_type), chosen in kinds.items():
        rows = [
            row
            for row in organization.authorities(organ, document_type, plan.day)
            if row.post_id not in plan.posts
        ]
        left = OutgoingDocument.objects.filter(pk__in=chosen)
        left.update(authority=None)
        for row in rows[:2]:
            left.filter(authority=None).exclude(drafter_post_id=row.post_id).update(authority=row)


def _present_anew(actor: Actor, ids: Iterable[int]) -> None:
    """What was before a signer goes back to its drafter: the page bore another issuer or signer."""
    waiting = OutgoingDocument.objects.filter(
        pk__in=list(ids), state=State.AWAITING_SIGNATURE.value
    )
    papers = list(waiting)
    if not papers:
        return
    keys = [paper.pk for paper in papers]
    public_ids = [paper.public_id for paper in papers]
    OutgoingDocument.objects.filter(pk__in=keys).update(
        state=State.RETURNED.value, presented_hash="", draft_number=F("draft_number") + 1
    )
    procedures.follow_state(actor, OutgoingDocument, keys, State.RETURNED.value)
    documents.new_versions(actor, public_ids)
    workitems.close_many(actor, public_ids, ["outgoing.sign"], "reorganized")
    source = f"{clock.today():%d/%m/%Y}: cơ quan được sắp xếp lại, trình ký lại"
    workitems.put_many_before_posts(
        actor,
        "outgoing.revise",
        [(paper.drafter_post_id, paper, wording(paper, source)) for paper in papers],
    )
