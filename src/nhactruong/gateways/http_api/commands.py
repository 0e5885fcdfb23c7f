"""Keys of programs: asked for, allowed by a second person, collected once, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.contrib.auth.hashers import make_password

from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.gateways.http_api import policies, rules, selectors
from nhactruong.gateways.http_api.models import ServiceKey
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied, InvalidInput
from nhactruong.kernel.limits import line_within, text_within
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization

DECIDE: Final = "key.decide"
#: The longest a key lives before it must be given anew.
LONGEST_DAYS: Final = 365
MOST_PER_MINUTE: Final = 6_000


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """What a key is for and how far it goes."""

    agency_id: int
    name: str
    purpose: str
    scopes: Iterable[str]
    days: int
    requests_per_minute: int
    networks: str = ""


@command
def ask_for_key(actor: Actor, terms: KeyTerms) -> ServiceKey:
    """The request for a key that opens what `terms` say, now before Chánh Văn phòng.

    Raises: InvalidInput naming the field, AccessDenied. Source: security.md 8.
    """
    policies.can_keep_keys(actor, terms.agency_id).require()
    post = actor.post
    if actor.person_id is None or post is None:
        raise AccessDenied("key.person_only", "Chỉ người có chức danh mới đề nghị khóa được.")
    name = line_within(100, terms.name, field="name", label="Tên chương trình")
    purpose = line_within(500, terms.purpose, field="purpose", label="Mục đích")
    scopes: list[str] = [scope.value for scope in rules.Scope if scope.value in set(terms.scopes)]
    _require_complete(name, purpose, scopes, terms)
    try:
        networks = rules.networks_of(terms.networks)
    except ValueError:
        raise InvalidInput.at(
            "networks",
            "key.networks",
            "Địa chỉ mạng không đúng. Đồng chí ghi dạng 10.0.0.0/8 hoặc 203.0.113.7, cách nhau bằng "
            "dấu phẩy.",
        ) from None
    key = ServiceKey.objects.create(
        agency_id=terms.agency_id,
        name=name,
        purpose=purpose,
        scopes=scopes,
        networks=networks,
        requests_per_minute=terms.requests_per_minute,
        days=terms.days,
        asked_by=f"{actor.name}, {post.title}"[:200],
        asked_person_id=actor.person_id,
        asked_post_id=post.post_id,
        asked_at=clock.now(),
    )
    has_chief = organization.is_filled(Role.CHIEF_OF_OFFICE, terms.agency_id)
    decider = Role.CHIEF_OF_OFFICE if has_chief else Role.DEPUTY_SECRETARY
    workitems.put_before(
        actor,
        tokens.role_token(decider, terms.agency_id),
        DECIDE,
        key,
        workitems.Wording(f"Khóa truy cập cho {name}", source=actor.name),
    )
    audit.record(
        actor,
        "key.asked",
        key,
        reason=purpose,
        name=name,
        scopes=scopes,
        days=terms.days,
        networks=networks,
    )
    return key


@command
def allow_key(actor: Actor, public_id: uuid.UUID) -> ServiceKey:
    """The key, allowed by a second person: who asked may collect it for seven days."""
    return _decide(actor, public_id, is_allowed=True, reason="")


@command
def refuse_key(actor: Actor, public_id: uuid.UUID, *, reason: str) -> ServiceKey:
    """The key, refused with a reason. Raises: InvalidInput without one."""
    return _decide(actor, public_id, is_allowed=False, reason=reason)


def _decide(actor: Actor, public_id: uuid.UUID, *, is_allowed: bool, reason: str) -> ServiceKey:
    key = selectors.lock_visible(actor, public_id)
    policies.can_decide(actor, key).require()
    reason = text_within(1000, reason, field="reason", label="Lý do")
    if not is_allowed and not reason:
        raise InvalidInput.at("reason", "key.no_reason", "Thiếu lý do. Đồng chí ghi vì sao.")
    key.is_allowed, key.decision_reason = is_allowed, reason
    key.decided_by, key.decided_person_id = actor.name, actor.person_id
    key.decided_at = clock.now()
    key.save(
        update_fields=[
            "is_allowed",
            "decision_reason",
            "decided_by",
            "decided_person_id",
            "decided_at",
        ]
    )
    workitems.close(actor, key, [DECIDE])
    said = "được duyệt, đồng chí lấy khóa trong 7 ngày" if is_allowed else "không được duyệt"
    asker = [tokens.post_token(key.asked_post_id)]
    notices.tell(actor, asker, DECIDE, key, f"Khóa truy cập cho {key.name}: {said}")
    audit.record(actor, "key.allowed" if is_allowed else "key.refused", key, reason=reason)
    return key


@command
def collect_key(actor: Actor, public_id: uuid.UUID, *, token_hash: str) -> ServiceKey:
    """The key, open from now; the store knows the hash of the secret only.

    The secret is made by the caller and shown once: the result of a command is kept.
    Raises: AccessDenied.
    """
    key = selectors.lock_visible(actor, public_id)
    policies.can_collect(actor, key).require()
    key.account = accounts.create_account(
        actor,
        username=f"khoa.{uuid.uuid4().hex[:16]}",
        password="",
        encoded=make_password(None),
    )
    key.token_hash = token_hash
    key.issued_at = clock.now()
    key.expires_at = clock.now() + timedelta(days=key.days)
    key.save(update_fields=["account", "token_hash", "issued_at", "expires_at"])
    audit.record(actor, "key.issued", key, reason=key.purpose, name=key.name, scopes=key.scopes)
    return key


def _require_complete(name: str, purpose: str, scopes: list[str], terms: KeyTerms) -> None:
    fields = {}
    if not name:
        fields["name"] = "Thiếu Tên chương trình. Đồng chí ghi tên để sau này nhận ra khóa."
    if not purpose:
        fields["purpose"] = (
            "Thiếu Mục đích. Mỗi khóa chỉ cấp cho một việc; đồng chí ghi rõ việc gì."
        )
    if not scopes:
        fields["scopes"] = "Chưa chọn phạm vi nào. Khóa không có phạm vi thì không mở được gì."
    if not 1 <= terms.days <= LONGEST_DAYS:
        fields["days"] = f"Thời hạn từ 1 đến {LONGEST_DAYS} ngày."
    if not 1 <= terms.requests_per_minute <= MOST_PER_MINUTE:
        fields["requests_per_minute"] = f"Số lần gọi từ 1 đến {MOST_PER_MINUTE} mỗi phút."
    if not organization.agencies([terms.agency_id]).exists():
        fields["agency"] = "Cơ quan này không còn hoạt động."
    if fields:
        raise InvalidInput("key.incomplete", next(iter(fields.values())), fields=fields)


@command
def revoke_key(actor: Actor, public_id: uuid.UUID, *, reason: str) -> ServiceKey:
    """The key, closed at once and for good.

    Raises: NotFound, AccessDenied when it opens nothing any more, InvalidInput without a reason.
    """
    key = selectors.lock_visible(actor, public_id)
    policies.can_revoke(actor, key).require()
    reason = text_within(1000, reason, field="reason", label="Lý do")
    if not reason:
        raise InvalidInput.at("reason", "key.no_reason", "Thu hồi khóa phải nêu lý do.")
    key.revoked_at, key.revoked_by = clock.now(), actor.name
    key.save(update_fields=["revoked_at", "revoked_by"])
    audit.record(actor, "key.revoked", key, reason=reason, name=key.name)
    return key
