"""Proposing, approving, refusing and withdrawing a change; loading what is shipped."""

from __future__ import annotations

import csv
import uuid
from datetime import date
from pathlib import Path
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.limits import line_within, text_within
from nhactruong.kernel.states import Role
from nhactruong.masterdata.codelists import policies, selectors
from nhactruong.masterdata.codelists.models import CodeChange, CodeEntry, CodeList
from nhactruong.masterdata.codelists.rules import (
    VERB_LABELS,
    State,
    Verb,
    require_sound,
)

DECIDE: Final = "codelists.decide"
_DATA: Final = Path(__file__).parent / "data"
#: The shipped entries hold from the day the two levels of local government began.
_SHIPPED_FROM: Final = date(2025, 7, 1)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@command
def load_shipped(actor: Actor) -> int:
    """The number of lists that were not there; what the office has changed since is left alone."""
    shipped = _rows("lists.csv")
    entries = _rows("entries.csv")
    known = set(CodeList.objects.values_list("slug", flat=True))
    now = clock.now()
    for position, row in enumerate(shipped):
        if row["slug"] in known:
            continue
        made = CodeList.objects.create(position=position, **row)
        CodeEntry.objects.bulk_create(
            CodeEntry(
                code_list=made,
                code=entry["code"],
                name=entry["name"],
                valid=DateRange(_SHIPPED_FROM, None),
                position=place,
                recorded_at=now,
            )
            for place, entry in enumerate(entries)
            if entry["list"] == row["slug"]
        )
    return len(shipped) - len(known)


@command
def propose(
    actor: Actor, slug: str, *, verb: Verb, code: str, name: str, from_on: date, basis: str
) -> CodeChange:
    """The proposal, now before the head of the office that keeps the lists.

    Raises: NotFound for a closed or unknown list, AccessDenied, InvalidInput, RuleBroken when the
    code has an open proposal already or nobody can approve. Source: security.md 8.
    """
    code_list = selectors.changeable(slug)
    policies.can_propose(actor).require()
    person_id = actor.person_id or 0
    code = line_within(60, code, field="code", label="Mã").lower()
    name = line_within(200, name, field="name", label="Tên")
    basis = text_within(500, basis, field="basis", label="Căn cứ")
    if not basis:
        raise InvalidInput.at(
            "basis", "code_list.no_basis", "Thiếu Căn cứ. Đồng chí ghi văn bản hoặc lý do."
        )
    entry = selectors.standing(code_list, code, from_on)
    require_sound(
        verb, code, name, from_on, standing=selectors.as_standing(entry), today=clock.today()
    )
    if CodeChange.objects.filter(code_list=code_list, code=code, state=State.PROPOSED).exists():
        raise RuleBroken(
            "code_list.already_proposed",
            "Mã này đang có đề nghị chờ duyệt. Đồng chí xem đề nghị ấy.",
        )
    decider, agency_id = _decider(actor)
    post = actor.post
    change = CodeChange.objects.create(
        code_list=code_list,
        agency_id=agency_id,
        verb=verb,
        code=code,
        name=name if verb is not Verb.END else "",
        from_on=from_on,
        basis=basis,
        proposed_by=_signed(actor),
        proposer_id=person_id,
        proposer_post_id=post.post_id if post else 0,
        proposed_at=clock.now(),
    )
    workitems.put_before(
        actor,
        tokens.role_token(decider, agency_id),
        DECIDE,
        change,
        workitems.Wording(
            f"{VERB_LABELS[verb]} {name or code}: {code_list.name}", source=actor.name
        ),
    )
    audit.record(actor, "codelists.proposed", change, list=slug, verb=verb.value, code=code)
    return change


def _decider(actor: Actor) -> tuple[Role, int]:
    """Chánh Văn phòng of the keeping agency, his deputy when he proposes himself."""
    for role in (Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF):
        agency_id = selectors.keeping_agency(role)
        if agency_id is not None and not actor.has_role(role, agency_id):
            return role, agency_id
    raise RuleBroken(
        "code_list.nobody_approves",
        "Chưa có người thứ hai để duyệt: cơ quan giữ danh mục chưa có lãnh đạo Văn phòng khác.",
    )


def _signed(actor: Actor) -> str:
    post = actor.post
    return f"{actor.name}, {post.title}" if post else actor.name


@command
def approve(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> CodeChange:
    """The change in effect from its day on, or from today when that day has passed.

    Raises: AccessDenied for whoever proposed it, InvalidInput when the list has changed meanwhile.
    """
    change = selectors.lock_change(actor, public_id, version)
    policies.can_approve(actor, change).require()
    today = clock.today()
    from_on = max(change.from_on, today)
    entry = selectors.standing(change.code_list, change.code, from_on)
    require_sound(
        change.as_verb,
        change.code,
        change.name,
        from_on,
        standing=selectors.as_standing(entry),
        today=today,
    )
    _carry_out(change, entry, from_on)
    change.from_on = from_on
    return _decided(actor, change, State.APPROVED, "")


def _carry_out(change: CodeChange, entry: CodeEntry | None, from_on: date) -> None:
    now = clock.now()
    position, until = 0, None
    if entry is None:
        last = CodeEntry.objects.filter(code_list=change.code_list).aggregate(last=Max("position"))
        position = (last["last"] or 0) + 1
        until = _next_beginning(change, from_on)
    else:
        position, until = entry.position, entry.valid.upper
        entry.superseded_at = now
        entry.save(update_fields=["superseded_at"])
        if entry.valid.lower < from_on:
            _write(change, entry.name, entry.valid.lower, from_on, position)
    if change.as_verb is not Verb.END:
        _write(change, change.name, from_on, until, position)


def _next_beginning(change: CodeChange, after: date) -> date | None:
    """The day from which the same code holds again, so that a period never runs into the next."""
    later = CodeEntry.objects.filter(
        code_list=change.code_list,
        code=change.code,
        superseded_at=None,
        valid__startswith__gt=after,
    ).order_by("valid")
    first = later.first()
    return first.valid.lower if first else None


def _write(change: CodeChange, name: str, since: date, until: date | None, position: int) -> None:
    CodeEntry.objects.create(
        code_list=change.code_list,
        code=change.code,
        name=name,
        valid=DateRange(since, until),
        position=position,
        recorded_at=clock.now(),
    )


@command
def refuse(actor: Actor, public_id: uuid.UUID, *, reason: str, version: int | None) -> CodeChange:
    """The change, refused with a reason. Raises: InvalidInput without one."""
    change = selectors.lock_change(actor, public_id, version)
    policies.can_approve(actor, change).require()
    reason = text_within(500, reason, field="reason", label="Lý do")
    if not reason:
        sentence = "Thiếu lý do. Đồng chí ghi vì sao không duyệt."
        raise InvalidInput.at("reason", "code_list.no_reason", sentence)
    return _decided(actor, change, State.REFUSED, reason)


@command
def withdraw(actor: Actor, public_id: uuid.UUID, *, version: int | None) -> CodeChange:
    """The proposal, taken back by whoever made it."""
    change = selectors.lock_change(actor, public_id, version)
    policies.can_withdraw(actor, change).require()
    return _decided(actor, change, State.WITHDRAWN, "")


def _decided(actor: Actor, change: CodeChange, to: State, reason: str) -> CodeChange:
    change.state = to
    change.decided_by, change.decider_id = _signed(actor), actor.person_id
    change.decided_at, change.decision_reason = clock.now(), reason
    change.save_changes(
        "state", "from_on", "decided_by", "decider", "decided_at", "decision_reason"
    )
    workitems.close(actor, change, [DECIDE])
    if to is not State.WITHDRAWN:
        said = "được duyệt" if to is State.APPROVED else "không được duyệt"
        words = f"{VERB_LABELS[change.as_verb]} {change.name or change.code}: {said}"
        notices.tell(actor, [tokens.post_token(change.proposer_post_id)], DECIDE, change, words)
    audit.record(actor, f"codelists.{to.value}", change, reason=reason)
    return change
