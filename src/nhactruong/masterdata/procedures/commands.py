"""Wording, publishing, adopting: the verbs of the catalogue of procedures."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.db import connection

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.limits import text_within
from nhactruong.kernel.states import next_state
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.procedures import policies, selectors
from nhactruong.masterdata.procedures.base import Case, content_of, office_day
from nhactruong.masterdata.procedures.models import Adoption, Procedure, ProcedureVersion
from nhactruong.masterdata.procedures.rules import (
    STATE_LABELS,
    TRANSITIONS,
    Content,
    State,
    due_at,
    from_json,
    require_sound,
    require_within,
    to_json,
)
from nhactruong.masterdata.workdays import selectors as workdays

_SHIPPED: Final = Path(__file__).parent / "data"


def _who(actor: Actor) -> str:
    post = actor.post
    return f"{actor.name}, {post.title}" if post else actor.name


@command
def load_shipped(actor: Actor) -> int:
    """The number of shipped procedures whose wording is new; loading them again changes nothing."""
    changed = 0
    for file in sorted(_SHIPPED.glob("*.toml")):
        row = tomllib.loads(file.read_text(encoding="utf-8"))
        content = from_json(row)
        require_sound(content)
        procedure, _ = Procedure.objects.update_or_create(
            code=row["code"],
            agency=None,
            defaults={
                "level": Agency.Level.CENTRAL,
                "name": row["name"],
                "subject_field": row["field"],
            },
        )
        changed += _ship(actor, procedure, content, row["note"])
    return changed


def _ship(actor: Actor, procedure: Procedure, content: Content, note: str) -> bool:
    before = selectors.published(procedure)
    stored = to_json(content)
    if before is not None and before.content == stored:
        return False
    if before is not None:
        _replace(before)
    ProcedureVersion.objects.create(
        procedure=procedure,
        number=before.number + 1 if before else 1,
        state=State.PUBLISHED,
        content=stored,
        note=note,
        published_by=actor.name,
        published_at=clock.now(),
    )
    return True


def _replace(version: ProcedureVersion) -> None:
    version.state = next_state(TRANSITIONS, "replace", version.as_state, STATE_LABELS)
    version.replaced_at = clock.now()
    version.save_changes("state", "replaced_at")


@command
def open_draft(actor: Actor, source_id: uuid.UUID, *, agency_id: int) -> ProcedureVersion:
    """A new wording for the agency, begun from the version in force of `source_id`.

    Of the agency's own procedure it is the next version; of a superior's it is an adaptation and
    becomes the agency's own procedure. A wording already in the making is given back.
    Raises: NotFound, AccessDenied, RuleBroken `procedure.not_in_force`, `procedure.not_above`.
    """
    policies.can_propose(actor, agency_id).require()
    source = selectors.get_procedure(actor, source_id)
    base = selectors.published(source)
    if base is None:
        raise RuleBroken("procedure.not_in_force", "Quy trình này chưa có bản nào được ban hành.")
    agency = organization.agency(agency_id)
    adapts = base
    if source.agency_id == agency_id:
        procedure, adapts_own = source, base.adapts
    else:
        if not selectors.is_above(source, agency):
            raise RuleBroken(
                "procedure.not_above", "Chỉ điều chỉnh được quy trình do cấp trên ban hành."
            )
        procedure, _ = Procedure.objects.get_or_create(
            code=source.code,
            agency=agency,
            defaults={
                "level": agency.level,
                "name": source.name,
                "subject_field": source.subject_field,
            },
        )
        adapts_own = adapts
    newest = (
        ProcedureVersion.objects.select_for_update(of=("self",))
        .filter(procedure=procedure)
        .order_by("-number")
        .first()
    )
    if newest is not None and newest.as_state in (State.DRAFT, State.PROPOSED):
        return newest
    draft = ProcedureVersion.objects.create(
        procedure=procedure,
        number=newest.number + 1 if newest else 1,
        content=base.content,
        adapts=adapts_own,
        proposed_by=_who(actor),
        proposer_id=actor.person_id,
    )
    audit.record(actor, "procedures.drafted", draft, code=procedure.code, number=draft.number)
    return draft


@command
def save_draft(
    actor: Actor, public_id: uuid.UUID, content: Content, *, note: str, version: int | None
) -> ProcedureVersion:
    """The wording with this content; whoever words it last is its proposer.

    Raises: NotFound, ConflictingChange, AccessDenied, InvalidInput.
    """
    draft = selectors.lock_version(actor, public_id, version)
    policies.can_edit(actor, draft).require()
    draft.state = next_state(TRANSITIONS, "edit", draft.as_state, STATE_LABELS)
    draft.content = to_json(content)
    draft.note = text_within(1000, note, field="note", label="Điểm mới")
    draft.proposed_by, draft.proposer_id = _who(actor), actor.person_id
    draft.save_changes("content", "note", "proposed_by", "proposer")
    return draft


@command
def send(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> ProcedureVersion:
    """The wording put before whoever may publish it.

    Raises: NotFound, ConflictingChange, AccessDenied, InvalidInput, RuleBroken when an adaptation
    takes away from the superior's version.
    """
    draft = selectors.lock_version(actor, public_id, version)
    policies.can_edit(actor, draft).require()
    _require_lawful(draft)
    if not draft.note.strip():
        raise InvalidInput.at(
            "note", "procedure.no_note", "Thiếu Điểm mới. Đồng chí ghi điểm mới và lý do."
        )
    draft.state = next_state(TRANSITIONS, "send", draft.as_state, STATE_LABELS)
    draft.proposed_by, draft.proposer_id = _who(actor), actor.person_id
    draft.proposed_at = clock.now()
    draft.returned_reason = ""
    draft.save_changes("state", "proposed_by", "proposer", "proposed_at", "returned_reason")
    audit.record(actor, "procedures.proposed", draft, number=draft.number)
    return draft


def _require_lawful(draft: ProcedureVersion) -> None:
    content = from_json(draft.content)
    require_sound(content)
    if draft.adapts is not None:
        require_within(content, from_json(draft.adapts.content), office_day())
    else:
        # The states are those of the record: a new wording keeps them.
        before = selectors.previous_of(draft)
        if before is not None:
            kept = {(step.key, step.states, step.verbs) for step in content.steps if step.states}
            law = from_json(before.content)
            if kept != {(s.key, s.states, s.verbs) for s in law.steps if s.states}:
                raise RuleBroken(
                    "procedure.states_changed",
                    "Bước gắn với trạng thái của hồ sơ không bỏ, không đổi được.",
                )


@command
def publish(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> ProcedureVersion:
    """The version in force from now on; the one before is replaced, its cases stay with it.

    Raises: NotFound, ConflictingChange, AccessDenied (the second person), RuleBroken.
    Source: security.md 8, row "Shared data store".
    """
    proposal = selectors.lock_version(actor, public_id, version)
    policies.can_publish(actor, proposal).require()
    _require_lawful(proposal)
    before = selectors.published(proposal.procedure)
    if before is not None:
        _replace(before)
    proposal.state = next_state(TRANSITIONS, "publish", proposal.as_state, STATE_LABELS)
    proposal.published_by, proposal.publisher_id = _who(actor), actor.person_id
    proposal.published_at = clock.now()
    proposal.save_changes("state", "published_by", "publisher", "published_at")
    if proposal.procedure.agency_id is not None:
        # An own wording stands before an adoption; an adoption left open would mislead.
        _end_adoption(proposal.procedure.agency_id, proposal.procedure.code)
    audit.record(
        actor,
        "procedures.published",
        proposal,
        number=proposal.number,
        proposed_by=proposal.proposed_by,
    )
    return proposal


@command
def send_back(
    actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None
) -> ProcedureVersion:
    """The proposal back in the hands of those who word it, with the reason."""
    proposal = selectors.lock_version(actor, public_id, version)
    policies.can_send_back(actor, proposal).require()
    if not reason.strip():
        raise InvalidInput.at("reason", "procedure.no_reason", "Trả lại phải ghi lý do.")
    proposal.state = next_state(TRANSITIONS, "send_back", proposal.as_state, STATE_LABELS)
    proposal.returned_reason = text_within(500, reason, field="reason", label="Lý do")
    proposal.save_changes("state", "returned_reason")
    audit.record(actor, "procedures.sent_back", proposal, reason=reason)
    return proposal


def _end_adoption(agency_id: int, code: str) -> int:
    return Adoption.objects.filter(agency_id=agency_id, code=code, ended_at=None).update(
        ended_at=clock.now()
    )


@command
def adopt(actor: Actor, source_id: uuid.UUID, *, agency_id: int) -> Adoption:
    """The superior's version in force, applied by the agency as it is.

    Raises: NotFound, AccessDenied, RuleBroken `procedure.not_in_force`, `procedure.not_above`,
    `procedure.has_own`.
    """
    source = selectors.get_procedure(actor, source_id)
    policies.can_adopt(actor, source, agency_id).require()
    version = selectors.published(source)
    if version is None:
        raise RuleBroken("procedure.not_in_force", "Quy trình này chưa có bản nào được ban hành.")
    if not selectors.is_above(source, organization.agency(agency_id)):
        raise RuleBroken("procedure.not_above", "Chỉ áp dụng được quy trình do cấp trên ban hành.")
    own = Procedure.objects.filter(code=source.code, agency_id=agency_id).first()
    if own is not None and selectors.published(own) is not None:
        raise RuleBroken(
            "procedure.has_own",
            "Cơ quan đang có bản riêng của quy trình này. Đồng chí đề nghị bản mới của bản riêng.",
        )
    _end_adoption(agency_id, source.code)
    adoption = Adoption.objects.create(
        agency_id=agency_id,
        code=source.code,
        version=version,
        adopted_by=_who(actor),
        adopted_at=clock.now(),
    )
    audit.record(actor, "procedures.adopted", version, agency=agency_id, number=version.number)
    return adoption


@command
def follow_state(actor: Actor, model: type[Case], keys: Sequence[int], state: str) -> int:
    """The number of cases, brought into `state` by one statement, that stand in another step now."""
    walked = model.objects.filter(pk__in=list(keys)).exclude(procedure=None)
    pairs = walked.order_by().values_list("procedure_id", "agency_id").distinct()  # type: ignore[misc]  # whoever inherits has it
    moved, now = 0, clock.now()
    for version_id, agency_id in list(pairs):
        content = content_of(version_id)
        step = content.step(key := content.step_of(state))
        due = due_at(step.norm, now, workdays.calendar(agency_id), office_day()) if step else None
        sql = (
            f"UPDATE {model._meta.db_table} SET step = %s, step_due_at = %s,"  # noqa: S608 (our own name)
            " trail = trail || jsonb_build_array(jsonb_build_array(%s::text, %s::text))"
            " WHERE id = ANY(%s) AND procedure_id = %s AND agency_id = %s AND step <> %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                sql,
                [key, due, key, now.isoformat(), list(keys), version_id, agency_id, key],
            )
            moved += cursor.rowcount
    return moved
