"""Asking for a change: it waits for the head of office, and nothing else changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from nhactruong.foundation.access.rules import role_token
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, NotFound, RuleBroken
from nhactruong.kernel.limits import line_within, text_within
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import fold, one_line
from nhactruong.masterdata.changes import policies
from nhactruong.masterdata.changes.commands.soundness import require_sound
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import ABOUT_ACCOUNTS, Kind, State
from nhactruong.masterdata.changes.selectors import facts
from nhactruong.masterdata.changes.selectors.reading import title_of
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency, Person, Post, Unit

DECIDE: Final = "changes.decide"
#: What a kind says in words: label, most letters; what it says it must say.
_SAYS: Final[Mapping[Kind, Mapping[str, tuple[str, int]]]] = {
    Kind.APPOINT: {"holding_kind": ("Hình thức giữ", 20)},
    Kind.OPEN_POST: {"title": ("Tên chức danh", 200)},
    Kind.FOUND_UNIT: {"name": ("Tên phòng, ban", 200), "short_name": ("Tên gọi tắt", 100)},
    Kind.RENAME_AGENCY: {"name": ("Tên mới", 300), "short_name": ("Tên gọi tắt", 200)},
    Kind.GIVE_IDENTIFIER: {"scheme": ("Dạng mã", 3), "value": ("Mã định danh mới", 35)},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A change as it is asked for; keys that a kind has no use for stay None."""

    kind: Kind
    agency_id: int
    from_on: date
    reason: str
    basis: str
    unit_id: int | None = None
    post_id: int | None = None
    person_id: int | None = None
    role: Role | None = None
    reached_id: int | None = None
    until_on: date | None = None
    said: Mapping[str, str] = field(default_factory=dict)


@command
def request(actor: Actor, asked: Asked) -> ChangeOrder:
    """The order, now before the head of office of the agency or of the next one above.

    Raises: AccessDenied (who may ask; nobody for himself), NotFound for what is not of the agency,
    InvalidInput, RuleBroken for roles that never meet, a second order about the same thing, or when
    nobody could decide. Source: security.md 8 (row 25), 9 (4).
    """
    policies.can_request(actor).require()
    order = _described(actor, asked)
    policies.can_request_for(actor, order.as_kind, order.agency_id, order.unit_id).require()
    gaining = facts.gaining(order)
    policies.may_gain(actor.person_id, gaining).require()
    require_sound(order)
    deciding = facts.decider_for(order, {actor.person_id or 0, *gaining})
    if deciding is None:
        raise RuleBroken(
            "change.nobody_decides",
            "Chưa có người thứ hai để duyệt: cơ quan này và cơ quan cấp trên không còn Chánh Văn phòng"
            " nào khác người đề nghị, người được giao.",
        )
    if ChangeOrder.objects.filter(mark=order.mark, state=State.REQUESTED).exists():
        raise RuleBroken(
            "change.already_asked", "Việc này đang có phiếu chờ duyệt. Đồng chí xem phiếu ấy."
        )
    order.deciding_id = deciding
    order.save()
    workitems.put_before(
        actor,
        role_token(policies.DECIDING, deciding),
        DECIDE,
        order,
        workitems.Wording(title_of(order), source=actor.name),
    )
    audit.record(
        actor,
        "changes.requested",
        order,
        reason=order.reason,
        kind=order.kind,
        agency=order.agency.key,
        post=order.post.key if order.post else "",
        person=order.person.key if order.person else "",
        role=asked.role.code if asked.role else "",
    )
    return order


def _described(actor: Actor, asked: Asked) -> ChangeOrder:
    """The order as it would be written, all it names found at the agency."""
    seen = actor.agencies_with(*policies.REQUESTING)
    agency = Agency.objects.filter(pk=asked.agency_id).first()
    if agency is None or agency.pk not in seen:
        raise NotFound("change.no_agency", "Không có cơ quan này.")
    post, unit = _post_of(asked), _unit_of(asked)
    signed = actor.post
    order = ChangeOrder(
        kind=asked.kind.value,
        agency=agency,
        unit=post.unit if post is not None else unit,
        post=post,
        person=_person_of(asked),
        role=asked.role.value if asked.role is not None else None,
        reached=_reached_by(asked, seen),
        from_on=asked.from_on,
        until_on=asked.until_on,
        said=_said(asked),
        reason=_required(asked.reason, "reason", "Lý do"),
        basis=_basis(asked),
        requested_by=f"{actor.name}, {signed.title}" if signed else actor.name,
        requester_id=actor.person_id or 0,
        requester_post_id=signed.post_id if signed else 0,
        requested_at=clock.now(),
    )
    order.mark = _mark_of(order)
    return order


def _post_of(asked: Asked) -> Post | None:
    if asked.post_id is None:
        return None
    post = Post.objects.filter(pk=asked.post_id, agency_id=asked.agency_id)
    found = post.select_related("unit").first()
    if found is None:
        raise NotFound("change.no_post", "Không có chức danh này ở cơ quan.")
    return found


def _unit_of(asked: Asked) -> Unit | None:
    if asked.unit_id is None:
        return None
    found = Unit.objects.filter(pk=asked.unit_id, agency_id=asked.agency_id).first()
    if found is None:
        raise NotFound("change.no_unit", "Không có phòng, ban này ở cơ quan.")
    return found


def _person_of(asked: Asked) -> Person | None:
    if asked.person_id is None:
        return None
    found = Person.objects.filter(pk=asked.person_id).first()
    if found is None:
        raise NotFound("change.no_person", "Không có người này.")
    return found


def _reached_by(asked: Asked, seen: tuple[int, ...]) -> Agency | None:
    """The agency the role reaches; a role is given only for agencies the requester serves."""
    if asked.reached_id is None:
        return None
    found = Agency.objects.filter(pk=asked.reached_id).first()
    below = organization.with_those_below(seen)
    if found is None or (asked.kind is Kind.GRANT_ROLE and found.pk not in below):
        raise NotFound("change.no_agency", "Không có cơ quan này.")
    return found


def _basis(asked: Asked) -> str:
    """The paper an order stands on; somebody who forgot a password writes none."""
    if asked.kind in ABOUT_ACCOUNTS:
        return text_within(500, asked.basis, field="basis", label="Văn bản căn cứ")
    return _required(asked.basis, "basis", "Văn bản căn cứ")


def _required(text: str, name: str, label: str) -> str:
    said = text_within(500, text, field=name, label=label)
    if not said:
        raise InvalidInput.at(name, "change.missing", f"Thiếu {label}. Đồng chí ghi vào.")
    return said


def _said(asked: Asked) -> dict[str, str]:
    said = {}
    for name, (label, most) in _SAYS.get(asked.kind, {}).items():
        said[name] = line_within(most, asked.said.get(name, ""), field=name, label=label)
        if not said[name]:
            raise InvalidInput.at(name, "change.missing", f"Thiếu {label}. Đồng chí ghi vào.")
    if asked.kind is Kind.GIVE_ACCOUNT:
        said |= _account_said(asked)
    if asked.kind is Kind.RENAME_AGENCY:
        lines = [one_line(line) for line in asked.said.get("issuer_lines", "").splitlines()]
        lines = [line for line in lines if line]
        if not lines:
            raise InvalidInput.at(
                "issuer_lines", "change.missing", "Thiếu tên in trên đầu văn bản. Đồng chí ghi vào."
            )
        for line in lines:
            line_within(200, line, field="issuer_lines", label="Tên in trên đầu văn bản")
        said["issuer_lines"] = "\n".join(lines)
    return said


def _account_said(asked: Asked) -> dict[str, str]:
    """The name to sign in with, drawn from the person's when none was typed, and the address."""
    username = asked.said.get("username", "").strip().lower()
    person = _person_of(asked)
    if not username and person is not None:
        username = facts.free_username(person.full_name, person.pk)
    return {"username": username, "email": asked.said.get("email", "").strip()}


def _mark_of(order: ChangeOrder) -> str:
    said, kind = order.said, order.as_kind
    if kind in (Kind.GRANT_ROLE, Kind.TAKE_ROLE):
        return f"role:{order.post_id}:{order.role}:{order.reached_id}"
    if kind in (Kind.APPOINT, Kind.END_HOLDING, Kind.CLOSE_POST):
        # Coming, leaving and ending exclude each other: of one post one at a time.
        return f"post:{order.post_id}"
    if kind in ABOUT_ACCOUNTS:
        return f"account:{order.person_id}"
    word = fold(said.get("title", "") or said.get("name", ""))
    if kind is Kind.OPEN_POST:
        return f"{kind}:{order.agency_id}:{order.unit_id or 0}:{word}"
    if kind is Kind.FOUND_UNIT:
        return f"{kind}:{order.agency_id}:{word}"
    return f"{kind}:{order.agency_id}:{said.get('scheme', '')}"
