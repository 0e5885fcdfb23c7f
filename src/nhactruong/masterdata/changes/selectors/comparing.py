"""What was and what will be, side by side, in the words of the office."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from nhactruong.foundation.ui.rules import date_words
from nhactruong.kernel import clock
from nhactruong.kernel.states import ROLE_LABELS, Role
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import Kind, State
from nhactruong.masterdata.changes.selectors import facts
from nhactruong.masterdata.organization.models import AgencyIdentifier, Holding, PostRole

_NONE = "Không có"
_VACANT = "Chưa có người"


class Line(NamedTuple):
    """One thing, as it is and as it will be; the same on both sides: it stays."""

    what: str
    before: str
    after: str


def lines_of(order: ChangeOrder) -> list[Line]:
    """What the order changes, as of now; once it is decided, as it stood then."""
    if order.as_state is not State.REQUESTED:
        return [Line(*line) for line in order.compared]
    return compared(order)


def compared(order: ChangeOrder) -> list[Line]:
    """What the order changes, as of now."""
    made = {
        Kind.GRANT_ROLE: _roles,
        Kind.TAKE_ROLE: _roles,
        Kind.APPOINT: _holder,
        Kind.END_HOLDING: _holder,
        Kind.OPEN_POST: _opened,
        Kind.CLOSE_POST: _closed,
        Kind.FOUND_UNIT: _founded,
        Kind.RENAME_AGENCY: _names,
        Kind.GIVE_IDENTIFIER: _identifier,
        Kind.GIVE_ACCOUNT: _account,
        Kind.RESET_ACCOUNT: _password,
    }
    return made[order.as_kind](order)


def held_by(post_id: int) -> str:
    """Who holds the post today, in words."""
    held = Holding.objects.filter(post_id=post_id, valid__contains=clock.today())
    return held.values_list("person__full_name", flat=True).first() or _VACANT


def role_words(rows: Iterable[tuple[int, str]]) -> str:
    """`Chuyên viên (Văn phòng Tỉnh ủy), Văn thư (Tỉnh ủy)` of (role, agency)."""
    return ", ".join(f"{ROLE_LABELS[Role(role)]} ({name})" for role, name in rows) or _NONE


def _pair(row: PostRole) -> tuple[int, str]:
    return row.role, row.agency.short_name


def _roles(order: ChangeOrder) -> list[Line]:
    post = order.the_post
    before = [_pair(row) for row in facts.lasting_roles([post.pk], clock.today())]
    role, reached = order.the_role
    named = (role.value, reached.short_name)
    kept = [pair for pair in before if pair != named]
    after = sorted([*kept, named]) if order.as_kind is Kind.GRANT_ROLE else kept
    holder = held_by(post.pk)
    return [
        Line("Vai trò", role_words(before), role_words(after)),
        Line("Người giữ", holder, holder),
    ]


def _holder(order: ChangeOrder) -> list[Line]:
    post = order.the_post
    person = order.the_person
    name = person.full_name
    kind = dict(Holding.Kind.choices).get(order.said.get("holding_kind", ""), "")
    until = f", đến trước {date_words(order.until_on)}" if order.until_on else ""
    comes = order.as_kind is Kind.APPOINT
    after = f"{name}, {kind.lower()}{until}" if comes else _VACANT
    posts = facts.holdings_during(clock.today()).filter(person=person)
    titles = [row.post.title for row in posts]
    later = [*titles, post.title] if comes else [one for one in titles if one != post.title]
    carried = role_words(_pair(row) for row in facts.lasting_roles([post.pk], clock.today()))
    return [
        Line("Người giữ", held_by(post.pk), after),
        Line(f"Chức danh của {name}", ", ".join(titles) or _NONE, ", ".join(later) or _NONE),
        Line("Vai trò", carried, carried),
    ]


def _opened(order: ChangeOrder) -> list[Line]:
    where = order.unit.name if order.unit is not None else order.agency.short_name
    return [
        Line("Chức danh", _NONE, order.said["title"]),
        Line("Thuộc", _NONE, where),
        Line("Vai trò", _NONE, "Chưa có; giao bằng phiếu khác"),
    ]


def _closed(order: ChangeOrder) -> list[Line]:
    post = order.the_post
    carried = role_words(_pair(row) for row in facts.lasting_roles([post.pk], clock.today()))
    return [
        Line("Chức danh", post.title, "Kết thúc"),
        Line("Vai trò", carried, _NONE),
    ]


def _founded(order: ChangeOrder) -> list[Line]:
    return [
        Line("Phòng, ban", _NONE, order.said["name"]),
        Line("Tên gọi tắt", _NONE, order.said["short_name"]),
    ]


def _names(order: ChangeOrder) -> list[Line]:
    agency, said = order.agency, order.said
    return [
        Line("Tên cơ quan", agency.name, said["name"]),
        Line("Tên gọi tắt", agency.short_name, said["short_name"]),
        Line(
            "In trên đầu văn bản",
            " / ".join(agency.issuer_lines),
            " / ".join(said["issuer_lines"].splitlines()),
        ),
    ]


def _identifier(order: ChangeOrder) -> list[Line]:
    scheme = order.said["scheme"]
    rows = AgencyIdentifier.objects.filter(
        agency_id=order.agency_id, scheme=scheme, valid__contains=clock.today()
    )
    label = dict(AgencyIdentifier.Scheme.choices)[scheme]
    before = rows.values_list("value", flat=True).first()
    return [Line(str(label), before or _NONE, order.said["value"])]


def _account(order: ChangeOrder) -> list[Line]:
    title = order.the_post.title
    return [
        Line("Tên đăng nhập", _NONE, order.said["username"]),
        Line("Thư điện tử", _NONE, order.said.get("email") or _NONE),
        Line("Chức danh", title, title),
    ]


def _password(order: ChangeOrder) -> list[Line]:
    account = order.the_person.account
    username = account.username if account is not None else _NONE
    return [
        Line("Tên đăng nhập", username, username),
        Line("Mật khẩu", "Đang dùng", "Hết hiệu lực khi người ấy đặt mật khẩu mới"),
        Line("Phiên làm việc", "Đang mở nếu có", "Kết thúc khi duyệt"),
    ]
