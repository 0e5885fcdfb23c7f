"""Whether a change can be made to the organization as it stands: asked twice, at request and answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from nhactruong.foundation.accounts import selectors as accounts
from nhactruong.foundation.ui.rules import date_words
from nhactruong.kernel import clock
from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.kernel.states import ROLE_LABELS, Role
from nhactruong.kernel.text import fold
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import Kind, is_username, may_begin
from nhactruong.masterdata.changes.selectors import facts
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import (
    AgencyIdentifier,
    AgencyName,
    Holding,
    Person,
    Post,
    PostRole,
)
from nhactruong.masterdata.organization.rules import may_meet, require_identifier

#: Without these nobody would decide, or administer, any more.
_NEVER_GONE: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.SYSADMIN})


def require_sound(order: ChangeOrder) -> None:
    """Nothing when the change can be made from its day on.

    Raises: InvalidInput at the field that is wrong, RuleBroken for what forbids it, NotFound.
    """
    beginning = may_begin(order.as_kind, order.from_on, clock.today())
    if not beginning:
        raise InvalidInput.at("from_on", beginning.code, beginning.reason)
    ended = order.agency.valid_to
    if ended is not None and ended <= order.from_on:
        raise RuleBroken("change.agency_ended", "Cơ quan này đã kết thúc hoạt động trước ngày ấy.")
    _CHECKS[order.as_kind](order)


def _post(order: ChangeOrder) -> Post:
    post, day = order.the_post, order.from_on
    if post.valid_from > day or (post.valid_to is not None and post.valid_to <= day):
        raise InvalidInput.at(
            "from_on", "change.post_not_in_force", "Chức danh không có hiệu lực vào ngày ấy."
        )
    return post


def _require_meeting(found: Mapping[str, frozenset[Role]]) -> None:
    for name, roles in found.items():
        meeting = may_meet(roles)
        if not meeting:
            who = f"{name}: " if name else ""
            raise RuleBroken(meeting.code, f"{who}{meeting.reason}")


def _granted(order: ChangeOrder) -> None:
    post, day = _post(order), order.from_on
    role, reached = order.the_role
    if reached.valid_to is not None and reached.valid_to <= day:
        raise RuleBroken("change.agency_ended", f"{reached.short_name} đã kết thúc hoạt động.")
    rows = list(facts.lasting_roles([post.pk], day))
    if any(row.role == role and row.agency_id == reached.pk for row in rows):
        raise InvalidInput.at(
            "role",
            "change.role_carried",
            f"Chức danh này đã có vai trò {ROLE_LABELS[role]} tại {reached.short_name}.",
        )
    _require_meeting({"": frozenset({role, *(row.as_role for row in rows)})})
    holders = {
        row.person_id: row.person.full_name for row in facts.holdings_during(day).filter(post=post)
    }
    beside = organization.roles_in_hand(list(holders), day)
    _require_meeting(
        {name: frozenset({role, *beside.get(person, ())}) for person, name in holders.items()}
    )


def _taken(order: ChangeOrder) -> None:
    post, day = _post(order), order.from_on
    role, reached = order.the_role
    rows = facts.lasting_roles([post.pk], day).filter(role=role, agency=reached)
    if not rows.exists():
        raise InvalidInput.at(
            "carried", "change.role_not_carried", "Chức danh này không còn vai trò ấy vào ngày đó."
        )
    _require_not_last(post, role, reached.pk, day)


def _require_not_last(post: Post, role: Role, agency_id: int, day: date) -> None:
    if role in _NEVER_GONE and facts.is_last(post.pk, role, agency_id, day):
        raise RuleBroken(
            "change.last_of_all",
            f"Đây là chức danh cuối cùng mang vai trò {ROLE_LABELS[role]} của cơ quan."
            " Đồng chí giao vai trò ấy cho chức danh khác trước.",
        )


def _appointed(order: ChangeOrder) -> None:
    post, person = _post(order), order.the_person
    day, until = order.from_on, order.until_on
    if until is not None and until <= day:
        raise InvalidInput.at(
            "until_on", "change.ends_before", "Ngày thôi giữ phải sau ngày bắt đầu giữ."
        )
    held = facts.holdings_during(day, until)
    there = held.filter(post=post).first()
    if there is not None:
        raise InvalidInput.at(
            "post",
            "change.post_held",
            f"{there.person.full_name} giữ chức danh này từ {date_words(there.valid.lower)}."
            " Đồng chí lập phiếu thôi giữ trước.",
        )
    theirs = held.filter(person=person)
    if order.said["holding_kind"] == Holding.Kind.MAIN:
        main = theirs.filter(kind=Holding.Kind.MAIN).first()
        if main is not None:
            raise InvalidInput.at(
                "holding_kind",
                "change.has_main_post",
                f"{person.full_name} đang giữ chính thức chức danh {main.post.title}."
                " Đồng chí chọn kiêm nhiệm, hoặc lập phiếu thôi giữ chức danh kia trước.",
            )
    carried = {
        Role(role)
        for role in PostRole.objects.filter(
            post=post, valid__overlap=facts.period(day, until), valid__isempty=False
        ).values_list("role", flat=True)
    }
    beside = organization.roles_in_hand([person.pk], day, until).get(person.pk, frozenset())
    _require_meeting({person.full_name: beside | carried})


def _left(order: ChangeOrder) -> None:
    post, day = _post(order), order.from_on
    held = Holding.objects.filter(
        Q(valid__endswith=None) | Q(valid__endswith__gt=day),
        post=post,
        person=order.the_person,
        valid__startswith__lt=day,
    )
    if not held.exists():
        raise InvalidInput.at(
            "from_on",
            "change.not_held",
            "Người này không giữ chức danh ấy trước ngày đó. Đồng chí xem lại ngày.",
        )


def _opened(order: ChangeOrder) -> None:
    unit, day = order.unit, order.from_on
    if unit is not None and (
        unit.valid_from > day or (unit.valid_to is not None and unit.valid_to <= day)
    ):
        raise InvalidInput.at(
            "from_on", "change.unit_not_in_force", "Phòng, ban chưa có hoặc đã hết hiệu lực."
        )


def _closed(order: ChangeOrder) -> None:
    post, day = _post(order), order.from_on
    if post.valid_from >= day:
        raise InvalidInput.at(
            "from_on", "change.never_in_force", "Chức danh phải có hiệu lực ít nhất một ngày."
        )
    holder = facts.holdings_during(day).filter(post=post).first()
    if holder is not None:
        raise RuleBroken(
            "change.post_held",
            f"{holder.person.full_name} còn giữ chức danh này. Đồng chí lập phiếu thôi giữ trước.",
        )
    waiting = facts.waiting_at(post.pk)
    if waiting:
        raise RuleBroken(
            "change.work_waits",
            f"Còn {waiting} việc chờ ở chức danh này. Đồng chí lập bàn giao để chuyển việc trước.",
        )
    for row in facts.lasting_roles([post.pk], day):
        _require_not_last(post, row.as_role, row.agency_id, day)


def _founded(order: ChangeOrder) -> None:
    wanted = fold(order.said["name"])
    for unit in facts.units_in_force(order.agency_id, order.from_on):
        if fold(unit.name) == wanted:
            raise InvalidInput.at("name", "change.unit_named_so", f"Cơ quan đã có “{unit.name}”.")


def _renamed(order: ChangeOrder) -> None:
    agency, said, day = order.agency, order.said, order.from_on
    if (agency.name, agency.short_name) == (said["name"], said["short_name"]):
        raise InvalidInput.at("name", "change.same_name", "Tên mới giống tên đang dùng.")
    names = AgencyName.objects.filter(agency=agency, superseded_at=None)
    if names.filter(valid__startswith__gte=day).exists():
        raise InvalidInput.at(
            "from_on",
            "change.renamed_later",
            "Cơ quan đã đổi tên từ ngày này hoặc sau ngày này. Đồng chí xem lại ngày.",
        )


def _identified(order: ChangeOrder) -> None:
    said, day = order.said, order.from_on
    require_identifier(said["value"], is_old=said["scheme"] == AgencyIdentifier.Scheme.OLD)
    taken = AgencyIdentifier.objects.filter(
        value=said["value"], valid__overlap=facts.period(day), valid__isempty=False
    )
    if taken.exists():
        raise InvalidInput.at(
            "value", "change.identifier_taken", "Mã định danh này đang dùng cho một cơ quan."
        )
    later = AgencyIdentifier.objects.filter(
        agency_id=order.agency_id,
        scheme=said["scheme"],
        valid__startswith__gte=day,
        valid__isempty=False,
    )
    if later.exists():
        raise InvalidInput.at(
            "from_on",
            "change.identified_later",
            "Cơ quan đã có mã từ ngày này hoặc sau ngày này. Đồng chí xem lại ngày.",
        )


def _held_as_main(order: ChangeOrder) -> Person:
    """The person, who holds the post as the main one: an account opens all that he holds."""
    _post(order)
    person = order.the_person
    day = max(order.from_on, clock.today())
    if not facts.main_holdings(day).filter(post=order.the_post, person=person).exists():
        raise InvalidInput.at(
            "holder",
            "change.not_held",
            f"{person.full_name} không giữ chính thức chức danh này vào ngày ấy. Đồng chí xem lại.",
        )
    _require_a_third_to_collect(order, person)
    return person


def _require_a_third_to_collect(order: ChangeOrder, person: Person) -> None:
    """Neither who asked nor whose account it is collects the code: somebody else must be there."""
    administrators = facts.administrators(order.agency_id)
    if not administrators:
        raise RuleBroken(
            "change.nobody_collects",
            "Cơ quan chưa có quản trị hệ thống để lấy mã. Đồng chí giao vai trò ấy trước.",
        )
    others = administrators - {person.pk}
    if not others:
        raise RuleBroken(
            "change.only_administrator",
            f"{person.full_name} là quản trị hệ thống duy nhất của cơ quan, không lấy mã cho chính"
            " mình. Đồng chí giao vai trò ấy cho người thứ hai trước.",
        )
    if not others - {order.requester_id}:
        raise RuleBroken(
            "change.no_third_collects",
            "Cơ quan chỉ có một quản trị hệ thống, nên phiếu này do trưởng phòng hoặc Chánh Văn"
            " phòng lập.",
        )


def _account_given(order: ChangeOrder) -> None:
    person, said = _held_as_main(order), order.said
    if person.account_id is not None:
        raise InvalidInput.at(
            "holder", "change.has_account", f"{person.full_name} đã có tài khoản."
        )
    if not is_username(said["username"]):
        raise InvalidInput.at(
            "username",
            "change.username",
            "Tên đăng nhập gồm chữ thường không dấu, số và dấu chấm, từ 3 đến 60 ký tự, ví dụ"
            " mien.dinh.",
        )
    if not facts.is_username_free(said["username"], person.pk):
        raise InvalidInput.at(
            "username",
            "change.username_taken",
            f"Tên đăng nhập {said['username']} đã có người dùng. Đồng chí đặt tên khác.",
        )
    if said["email"]:
        try:
            validate_email(said["email"])
        except ValidationError:
            raise InvalidInput.at(
                "email", "change.email", "Địa chỉ thư điện tử không đúng. Đồng chí xem lại."
            ) from None


def _account_reset(order: ChangeOrder) -> None:
    person = _held_as_main(order)
    if accounts.account(person.account_id) is None:
        raise InvalidInput.at(
            "holder",
            "change.no_account",
            f"{person.full_name} chưa có tài khoản. Đồng chí lập phiếu cấp tài khoản.",
        )


_CHECKS: Final[Mapping[Kind, Callable[[ChangeOrder], None]]] = {
    Kind.GRANT_ROLE: _granted,
    Kind.TAKE_ROLE: _taken,
    Kind.APPOINT: _appointed,
    Kind.END_HOLDING: _left,
    Kind.OPEN_POST: _opened,
    Kind.CLOSE_POST: _closed,
    Kind.FOUND_UNIT: _founded,
    Kind.RENAME_AGENCY: _renamed,
    Kind.GIVE_IDENTIFIER: _identified,
    Kind.GIVE_ACCOUNT: _account_given,
    Kind.RESET_ACCOUNT: _account_reset,
}
