"""The verbs of a dossier."""

from __future__ import annotations

import uuid
from typing import Protocol

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.search import commands as search
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, HeldPost
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.limits import line_within
from nhactruong.kernel.states import Role, next_state
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.selectors import PostCard
from nhactruong.records.dossiers import policies, selectors
from nhactruong.records.dossiers.models import Dossier, DossierEntry, PlanHeading
from nhactruong.records.dossiers.rules import STATE_LABELS, TRANSITIONS, State


class Filed(Protocol):
    """A record that may lie in a dossier."""

    public_id: uuid.UUID
    agency_id: int

    @classmethod
    def type_name(cls) -> str:
        """The kind of record."""
        ...


def _put_card(actor: Actor, dossier: Dossier) -> None:
    search.put(
        actor,
        search.Card(
            object_type=dossier.type_name(),
            object_id=dossier.public_id,
            agency_id=dossier.agency_id,
            title=dossier.title,
            reference=dossier.code,
            facts="Hồ sơ công việc",
            occurred_on=dossier.opened_on,
            secrecy=dossier.secrecy,
            readers=dossier.readers,
        ),
    )


def _keeper(actor: Actor, agency_id: int) -> HeldPost:
    for post in actor.posts:
        if any(agency == agency_id for _, agency in post.roles):
            return post
    raise RuleBroken("dossier.no_post", "Đồng chí không giữ chức danh nào ở cơ quan này.")


@command
def open_dossier(
    actor: Actor,
    *,
    agency_id: int,
    code: str,
    title: str,
    retention: str,
    heading: PlanHeading | None = None,
) -> Dossier:
    """A new dossier kept by the actor's post. Source: documents.md 9.3.

    Raises: InvalidInput naming the fields, AccessDenied.
    """
    policies.can_open(actor, agency_id).require()
    organization.require_in_force(agency_id)
    fields = {}
    if not title.strip():
        fields["title"] = "Hồ sơ phải có tiêu đề."
    if not code.strip():
        fields["code"] = "Hồ sơ phải có số, ký hiệu."
    if Dossier.objects.filter(
        agency_id=agency_id, year=clock.today().year, code=code.strip()
    ).exists():
        fields["code"] = "Số, ký hiệu này đã dùng cho hồ sơ khác trong năm."
    if fields:
        raise InvalidInput("dossier.incomplete", next(iter(fields.values())), fields=fields)
    post = _keeper(actor, agency_id)
    actor = actor.acting_as(post)
    dossier = Dossier.objects.create(
        agency_id=agency_id,
        heading=heading,
        code=line_within(40, code, field="code", label="Số, ký hiệu hồ sơ"),
        year=clock.today().year,
        title=line_within(500, title, field="title", label="Tiêu đề hồ sơ"),
        retention=retention,
        unit_id=post.unit_id,
        keeper_post_id=post.post_id,
        opened_on=clock.today(),
    )
    readers = [
        tokens.post_token(post.post_id),
        tokens.role_token(Role.CHIEF_OF_OFFICE, agency_id),
        tokens.role_token(Role.DEPUTY_CHIEF, agency_id),
        tokens.role_token(Role.ARCHIVIST, agency_id),
    ]
    if post.unit_id is not None:
        readers.append(tokens.unit_token(post.unit_id))
    access.grant(actor, dossier, readers, "keeper")
    _put_card(actor, dossier)
    audit.record(actor, "dossier.opened", dossier, code=dossier.code)
    return dossier


@command
def enter_plan_line(
    actor: Actor,
    *,
    agency_id: int,
    year: int,
    code: str,
    title: str,
    retention: str,
    position: int,
) -> PlanHeading:
    """A line of the agency's file plan of that year. Source: documents.md 9.2."""
    policies.can_plan(actor, agency_id).require()
    return PlanHeading.objects.create(
        agency_id=agency_id,
        year=year,
        code=line_within(40, code, field="code", label="Số, ký hiệu hồ sơ"),
        title=line_within(500, title, field="title", label="Tiêu đề hồ sơ"),
        retention=retention,
        position=position,
    )


@command
def file(actor: Actor, dossier_id: uuid.UUID, thing: Filed) -> DossierEntry:
    """The entry of `thing` in the dossier; filing it again changes nothing.

    Văn phòng keeps the papers of its committee with its own: what one registry serves may lie in
    one dossier. The caller has found `thing` among what the actor may see.
    Raises: RuleBroken for a record of an agency with another registry.
    """
    dossier = selectors.lock_visible(actor, dossier_id, None)
    policies.can_add(actor, dossier).require()
    if thing.agency_id not in organization.agencies_kept_with(dossier.agency_id):
        raise RuleBroken(
            "dossier.other_agency", "Chỉ lưu văn bản của chính cơ quan vào hồ sơ của cơ quan."
        )
    entry, is_new = DossierEntry.objects.get_or_create(
        dossier=dossier,
        object_id=thing.public_id,
        removed_at=None,
        defaults={
            "object_type": thing.type_name(),
            "filed_at": clock.now(),
            "filed_by": actor.name,
        },
    )
    if is_new:
        audit.record(actor, "dossier.filed", thing, dossier=dossier.code)
    return entry


@command
def remove(actor: Actor, dossier_id: uuid.UUID, object_id: uuid.UUID) -> DossierEntry | None:
    """The entry, taken out of an open dossier; the record itself stays."""
    dossier = selectors.lock_visible(actor, dossier_id, None)
    policies.can_add(actor, dossier).require()
    entry = DossierEntry.objects.filter(
        dossier=dossier, object_id=object_id, removed_at=None
    ).first()
    if entry is not None:
        entry.removed_at = clock.now()
        entry.save(update_fields=["removed_at"])
        audit.record(actor, "dossier.removed", dossier, object=str(object_id))
    return entry


@command
def close(actor: Actor, dossier_id: uuid.UUID, *, version: int | None) -> Dossier:
    """The dossier, closed because its work is done; an empty one cannot be closed."""
    dossier = selectors.lock_visible(actor, dossier_id, version)
    policies.can_close(actor, dossier).require()
    if not DossierEntry.objects.filter(dossier=dossier, removed_at=None).exists():
        raise RuleBroken("dossier.empty", "Hồ sơ chưa có văn bản nào nên chưa kết thúc được.")
    dossier.state = next_state(TRANSITIONS, "close", State(dossier.state), STATE_LABELS)
    dossier.closed_on = clock.today()
    dossier.save_changes("state", "closed_on")
    audit.record(actor, "dossier.closed", dossier, code=dossier.code)
    return dossier


@command
def take_over(actor: Actor, from_post_id: int, to: PostCard) -> int:
    """How many open dossiers are kept by `to` from now on; sight goes with them."""
    kept = selectors.open_of(from_post_id).select_for_update(of=("self",))
    moved = 0
    for dossier in kept.order_by("pk"):
        dossier.keeper_post_id = to.post_id
        dossier.save_changes("keeper_post")
        access.grant(actor, dossier, [tokens.post_token(to.post_id)], "keeper")
        audit.record(actor, "dossier.taken_over", dossier, to=to.title)
        moved += 1
    return moved
