"""Vì sao thấy, không thấy: the one question of every read path, told step by step.

The answer is `readers && tokens and secrecy <= clearance`, as in `visible_to`; the steps say in
words what stands behind each side. Nothing of a record's content is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nhactruong.foundation.access import selectors as access
from nhactruong.foundation.access.base import SightedRecord
from nhactruong.foundation.access.rules import TokenKind, TokenMeaning, meaning_of
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import ROLE_LABELS, SECRECY_LABELS, Secrecy
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Person
from nhactruong.oversight.inspection.rules import WITHOUT_CONTENT

#: Reasons of grants in words; a reason that is not here is shown as it stands.
BECAUSE: Final[Mapping[str, str]] = {
    "drafter": "người soạn thảo",
    "reviewer": "người duyệt nội dung",
    "appraiser": "người duyệt thể thức, thủ tục",
    "signer": "người ký",
    "clerk": "văn thư giữ sổ",
    "register": "văn bản đã vào sổ",
    "lead": "được giao chủ trì",
    "support": "được giao phối hợp",
    "inform": "được biết",
    "do": "được giao xử lý",
    "issued": "văn bản đã phát hành",
    "void": "người xác nhận bỏ số",
    "keeper": "lập, giữ hồ sơ",
    "handover": "nhận bàn giao",
    "emergency": "truy cập khẩn cấp",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation: what was asked, whether it lets through, in words.

    `passes` is None where the step decides nothing by itself.
    """

    name: str
    passes: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who sees the record now, and why; `is_asked` when the person bears that token."""

    who: str
    why: str
    granted_by: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer for one person and one record, its steps, and all standing reasons."""

    sees: bool
    sentence: str
    steps: Sequence[Step]
    holders: Sequence[Holder]


def actor_of(person: Person) -> Actor:
    """The person as today's session would be, with what an emergency lends."""
    if person.account_id is None:
        return organization.actor_for_person(person.pk)
    return organization.actor_for_account(person.account_id)


def explain(person: Person, thing: SightedRecord) -> Explanation:
    """Why that person sees, or does not see, that record now. Source: security.md 8 (ten steps)."""
    actor = actor_of(person)
    grants = access.grants_of(thing.public_id)
    names = _names({meaning_of(grant.token) for grant in grants})
    every = {token for tokens, _ in actor.sights() for token in tokens}
    meeting = every.intersection(thing.readers)
    is_cleared = any(
        thing.secrecy <= highest and not meeting.isdisjoint(tokens)
        for tokens, highest in actor.sights()
    ) or (not meeting and thing.secrecy <= actor.clearance)
    holders = [
        Holder(
            names[grant.token],
            BECAUSE.get(grant.because, grant.because),
            grant.granted_by,
            grant.token in meeting,
        )
        for grant in grants
    ]
    steps = [
        _session(person, actor),
        _clearance(actor, thing, passes=is_cleared),
        _administration(actor, has_grant=bool(meeting)),
        _relation(holders, has_grant=bool(meeting)),
        _posts(actor),
        _drift(thing, [grant.token for grant in grants]),
        Step(
            "Bước xử lý",
            None,
            "Bước xử lý và quy tắc hai người chỉ giới hạn việc làm, không giới hạn xem.",
        ),
    ]
    sees = bool(meeting) and is_cleared
    return Explanation(
        sees,
        _sentence(actor, holders, sees=sees, is_cleared=is_cleared, has_grant=bool(meeting)),
        steps,
        holders,
    )


def _sentence(
    actor: Actor, holders: Sequence[Holder], *, sees: bool, is_cleared: bool, has_grant: bool
) -> str:
    if sees:
        why = sorted({holder.why for holder in holders if holder.is_asked})
        return f"{actor.name} thấy được, vì: {', '.join(why)}."
    if not actor.posts:
        return f"{actor.name} không thấy, vì hôm nay không giữ chức danh nào."
    if has_grant and not is_cleared:
        return f"{actor.name} không thấy, vì độ mật của văn bản cao hơn mức được tiếp cận."
    return f"{actor.name} không thấy, vì không có quan hệ nào với văn bản này."


def _session(person: Person, actor: Actor) -> Step:
    if person.account_id is None:
        return Step("Tài khoản", None, "Chưa có tài khoản nên chưa đăng nhập được.")
    if not actor.posts:
        return Step("Tài khoản", False, "Có tài khoản, nhưng hôm nay không giữ chức danh nào.")
    return Step("Tài khoản", True, "Có tài khoản và đang giữ chức danh.")


def _clearance(actor: Actor, thing: SightedRecord, *, passes: bool) -> Step:
    mark = SECRECY_LABELS[Secrecy(thing.secrecy)]
    own = SECRECY_LABELS[actor.clearance]
    words = f"Văn bản ở mức {mark}; người này được tiếp cận đến mức {own}."
    return Step("Độ mật", passes, words)


def _administration(actor: Actor, *, has_grant: bool) -> Step:
    technical = sorted({role for role, _ in actor.role_reach if role in WITHOUT_CONTENT})
    if not technical:
        return Step("Quản trị không xem nội dung", True, "Không giữ vai trò quản trị, kiểm soát.")
    roles = ", ".join(ROLE_LABELS[role] for role in technical)
    words = f"Giữ vai trò {roles}: vai trò này không được giao xem văn bản nào."
    if has_grant:
        words += " Quyền xem bên dưới đến từ chức danh khác cùng giữ."
    return Step("Quản trị không xem nội dung", None if has_grant else False, words)


def _relation(holders: Sequence[Holder], *, has_grant: bool) -> Step:
    own = [
        f"{holder.who}: {holder.why} ({holder.granted_by})" for holder in holders if holder.is_asked
    ]
    if has_grant:
        return Step("Quan hệ với văn bản", True, "; ".join(own) or "Có trong danh sách được xem.")
    others = len({holder.who for holder in holders})
    return Step(
        "Quan hệ với văn bản",
        False,
        f"Không chức danh, đơn vị, vai trò nào của người này được giao xem; có {others} nơi khác được xem.",
    )


def _posts(actor: Actor) -> Step:
    held = [f"{post.title}, {post.unit_name or post.agency_name}" for post in actor.posts]
    return Step("Chức danh hôm nay", None, "; ".join(held) or "Không giữ chức danh nào.")


def _drift(thing: SightedRecord, granted: Iterable[int]) -> Step:
    if set(granted) == set(thing.readers):
        return Step("Danh sách được xem", True, "Khớp với các lý do đã ghi.")
    return Step(
        "Danh sách được xem",
        None,
        "Danh sách trên văn bản khác các lý do đã ghi; đề nghị dựng lại quyền xem.",
    )


class _Names(dict[int, str]):
    """Tokens in words; what was not asked for together is asked for alone."""

    def __missing__(self, token: int) -> str:
        return "Một người, có thời hạn" if token < 0 else "Danh sách có tên"


def _names(meanings: Iterable[TokenMeaning]) -> Mapping[int, str]:
    meant = list(meanings)
    posts = {m.key for m in meant if m.kind is TokenKind.POST}
    units = {m.key for m in meant if m.kind is TokenKind.UNIT}
    agencies = organization.agency_names(m.key for m in meant if m.kind is TokenKind.ROLE)
    cards = {card.post_id: card for card in organization.post_cards(ids=posts)}
    unit_names = organization.unit_names(units)
    found = _Names()
    for m in meant:
        if m.kind is TokenKind.POST and m.key in cards:
            card = cards[m.key]
            found[m.token] = f"{card.title} ({card.holder_name or 'chưa có người'})"
        elif m.kind is TokenKind.UNIT:
            found[m.token] = f"Trưởng đơn vị {unit_names.get(m.key, '')}"
        elif m.kind is TokenKind.ROLE and m.role is not None:
            found[m.token] = f"{ROLE_LABELS[m.role]}, {agencies.get(m.key, '')}"
    return found
