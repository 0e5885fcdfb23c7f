"""Keys of programs: given out and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.contrib.auth.hashers import make_password

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.gateways.http_api import policies, rules
from nhactruong.gateways.http_api.models import ServiceKey
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, NotFound, RuleBroken
from nhactruong.kernel.limits import line_within
from nhactruong.masterdata.organization import selectors as organization

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
def issue_key(actor: Actor, terms: KeyTerms, *, token_hash: str) -> ServiceKey:
    """The key that opens what `terms` say; the store knows the hash of the secret only.

    The secret is made by the caller and shown once: the result of a command is kept.
    Raises: InvalidInput naming the field, AccessDenied. Source: security.md 8.
    """
    policies.can_keep_keys(actor, terms.agency_id).require()
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
    account = accounts.create_account(
        actor,
        username=f"khoa.{uuid.uuid4().hex[:16]}",
        password="",
        encoded=make_password(None),
    )
    key = ServiceKey.objects.create(
        agency_id=terms.agency_id,
        account=account,
        name=name,
        purpose=purpose,
        scopes=scopes,
        networks=networks,
        requests_per_minute=terms.requests_per_minute,
        token_hash=token_hash,
        issued_at=clock.now(),
        issued_by=actor.name,
        expires_at=clock.now() + timedelta(days=terms.days),
    )
    audit.record(
        actor,
        "key.issued",
        key,
        reason=purpose,
        name=name,
        scopes=scopes,
        days=terms.days,
        networks=networks,
    )
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

    Raises: NotFound, AccessDenied, RuleBroken when it is closed already, InvalidInput without a
    reason.
    """
    key = ServiceKey.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if key is None or not policies.can_keep_keys(actor, key.agency_id):
        raise NotFound("key.not_found", "Không tìm thấy khóa này.")
    if not reason.strip():
        raise InvalidInput.at("reason", "key.no_reason", "Thu hồi khóa phải nêu lý do.")
    if key.revoked_at is not None:
        raise RuleBroken("key.revoked", "Khóa này đã thu hồi rồi.")
    key.revoked_at, key.revoked_by = clock.now(), actor.name
    key.save(update_fields=["revoked_at", "revoked_by"])
    audit.record(actor, "key.revoked", key, reason=reason.strip(), name=key.name)
    return key
