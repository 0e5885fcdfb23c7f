"""What is written when an order is approved: the verb of `organization` that belongs to its kind."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import Kind
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import AgencyIdentifier

#: Where a new post stands among the others until somebody ranks it.
_NEW_RANK = 90


def carry_out(actor: Actor, order: ChangeOrder) -> None:
    """Nothing; the organization is as the order says. Raises: RuleBroken when it moved meanwhile."""
    try:
        with transaction.atomic():
            _write(actor, order)
    except IntegrityError as fault:
        # Something slipped in between the check and the row: the database refused it.
        raise RuleBroken(
            "change.moved", "Dữ liệu vừa được người khác đổi. Đồng chí tải lại trang rồi xem lại."
        ) from fault


def _write(actor: Actor, order: ChangeOrder) -> None:
    kind, day, said = order.as_kind, order.from_on, order.said
    if kind is Kind.GRANT_ROLE:
        organization.grant_role(actor, order.the_post, *order.the_role, since=day)
    elif kind is Kind.TAKE_ROLE:
        organization.take_role(actor, order.the_post, *order.the_role, on=day)
    elif kind is Kind.APPOINT:
        organization.appoint(
            actor,
            order.the_person,
            order.the_post,
            kind=said["holding_kind"],
            since=day,
            until=order.until_on,
        )
    elif kind is Kind.END_HOLDING:
        organization.end_holding(actor, order.the_person, order.the_post, on=day)
    elif kind is Kind.OPEN_POST:
        order.post = organization.create_post(
            actor,
            key=_key(order),
            agency=order.agency,
            unit=order.unit,
            title=said["title"],
            rank=_NEW_RANK,
            valid_from=day,
        )
    elif kind is Kind.CLOSE_POST:
        organization.close_post(actor, order.the_post, on=day)
    elif kind is Kind.FOUND_UNIT:
        order.unit = organization.create_unit(
            actor,
            key=_key(order),
            agency=order.agency,
            name=said["name"],
            short_name=said["short_name"],
            valid_from=day,
        )
    elif kind is Kind.RENAME_AGENCY:
        organization.rename_agency(
            actor,
            order.agency,
            name=said["name"],
            short_name=said["short_name"],
            issuer_lines=said["issuer_lines"].splitlines(),
            since=day,
            basis=order.basis,
        )
    elif kind is Kind.GIVE_ACCOUNT:
        account = accounts.create_account(
            actor,
            username=said["username"],
            password="",
            email=said["email"],
            encoded=make_password(None),
        )
        order.person = organization.give_account(actor, order.the_person, account)
    elif kind is Kind.RESET_ACCOUNT:
        accounts.end_sessions_of(actor, order.the_person.account_id or 0)
    else:
        organization.give_identifier(
            actor,
            order.agency,
            scheme=AgencyIdentifier.Scheme(said["scheme"]),
            value=said["value"],
            since=day,
        )


def _key(order: ChangeOrder) -> str:
    return f"{order.agency.key[:40]}-{order.public_id.hex[:12]}"
