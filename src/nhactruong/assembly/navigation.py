"""The shell around every page: who I am, where I may go, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject

from nhactruong.foundation.accounts import selectors as accounts
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.notices import selectors as notices
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import initials
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.oversight.inspection.selectors import emergency_here

_LEADING: Final = frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY})
_OFFICE: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF, Role.HEAD_OF_DIVISION})
_DESK: Final = frozenset({Role.SPECIALIST, Role.MONITOR, Role.STANDING_MEMBER})
_CLERKS: Final = frozenset({Role.CLERK})
_SECRET: Final = frozenset({Role.SECRET_CLERK})
_KEEPERS: Final = frozenset({Role.ARCHIVIST})
_TECHNICAL: Final = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
#: Who reads the whole record of an agency.
_WATCHING: Final = frozenset({Role.CHIEF_OF_OFFICE, Role.INSPECTOR})
#: Who keeps or watches the register of devices; others find their own from Tôi.
_DEVICES: Final = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN, Role.CHIEF_OF_OFFICE})
#: Who brings lists into the shared data, and who sees that it is done.
_LISTS: Final = _OFFICE | _CLERKS | {Role.SPECIALIST, Role.SYSADMIN}
_CONTENT: Final = _LEADING | _OFFICE | _DESK | _CLERKS | _SECRET


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation and the roles that have a right in it."""

    label: str
    url_name: str
    icon: str
    roles: frozenset[Role]
    section: str = ""
    #: The entry beside whose page this one stands as a tab, for whoever has that entry too.
    beside: str = ""


_ORGANIZATION: Final = "reorganization:agencies"

#: screens.md 3, "Navigation map"; entries of later stages join when their pages exist.
ENTRIES: Final = (
    Entry("Hôm nay", "today", "today", _CONTENT | _KEEPERS),
    Entry("Hộp việc", "workitems:inbox", "inbox", _CONTENT | _KEEPERS | _TECHNICAL),
    Entry("Tiếp nhận", "incoming:intake", "intake", _CLERKS, "Văn bản"),
    Entry("Văn bản đến", "incoming:list", "incoming", _CONTENT, "Văn bản"),
    Entry("Soạn thảo", "outgoing:drafts", "draft", _LEADING | _OFFICE | _DESK, "Văn bản"),
    Entry("Văn bản đi", "outgoing:list", "outgoing", _CONTENT | _KEEPERS, "Văn bản"),
    Entry("Hồ sơ", "dossiers:list", "dossier", _CONTENT | _KEEPERS, "Văn bản"),
    Entry("Kiểm tra chữ ký", "signing:check", "sign", _CONTENT | _KEEPERS, "Văn bản"),
    Entry("Tổ chức", _ORGANIZATION, "people", _CONTENT | _KEEPERS, "Dữ liệu chuẩn"),
    Entry(
        "Phiếu thay đổi",
        "changes:list",
        "people",
        frozenset({Role.CHIEF_OF_OFFICE, Role.HEAD_OF_DIVISION, Role.SYSADMIN}),
        "Dữ liệu chuẩn",
        _ORGANIZATION,
    ),
    Entry("Quy trình", "procedures:list", "book", _CONTENT | _KEEPERS, "Dữ liệu chuẩn"),
    Entry("Dữ liệu", "catalogue:list", "folder", _CONTENT | _KEEPERS, "Dữ liệu chuẩn"),
    Entry("Nhập danh sách", "importing:list", "file", _LISTS, "Dữ liệu chuẩn"),
    Entry(
        "Vắng, ủy quyền",
        "delegations:overseen",
        "people",
        frozenset({Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF, Role.SECURITY_ADMIN}),
        "Dữ liệu chuẩn",
        _ORGANIZATION,
    ),
    Entry(
        "Bàn giao",
        "handover:list",
        "person",
        frozenset({Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF, Role.HEAD_OF_DIVISION, Role.SYSADMIN}),
        "Dữ liệu chuẩn",
        _ORGANIZATION,
    ),
    Entry("Quản trị", "administration", "admin", _TECHNICAL, "Hệ thống"),
    Entry("Thiết bị", "devices:list", "lock", _DEVICES, "Hệ thống"),
    Entry("Nhật ký", "inspection:record", "clock", _TECHNICAL | _WATCHING, "Hệ thống"),
    Entry("Cảnh báo", "inspection:alerts", "warn", _WATCHING | {Role.AUDITOR}, "Hệ thống"),
    Entry("Khẩn cấp", "inspection:emergencies", "lock", _WATCHING | {Role.AUDITOR}, "Hệ thống"),
    Entry("Vì sao thấy", "inspection:explain", "eye", frozenset({Role.SECURITY_ADMIN}), "Hệ thống"),
    Entry("Bảng quyền", "access:rights", "book", _TECHNICAL, "Hệ thống"),
)


@lru_cache(maxsize=512)
def _entries_for(roles: frozenset[Role]) -> tuple[Entry, ...]:
    return tuple(entry for entry in ENTRIES if entry.roles & roles)


@lru_cache(maxsize=512)
def _on_their_own(roles: frozenset[Role]) -> tuple[Entry, ...]:
    """The entries of the navigation: those that stand beside no other."""
    mine = _entries_for(roles)
    names = {entry.url_name for entry in mine}
    return tuple(entry for entry in mine if entry.beside not in names)


def _beside(roles: frozenset[Role], here_at: str, path: str) -> list[dict[str, Any]]:
    """The tabs of the page at `path`: its entry's neighbours; none on what lies below an entry."""
    mine = {entry.url_name: entry for entry in _entries_for(roles)}
    here = mine.get(here_at)
    if here is None or path != reverse(here_at):
        return []
    first = mine.get(here.beside, here)
    family = [first, *(entry for entry in mine.values() if entry.beside == first.url_name)]
    if len(family) == 1:
        return []
    return [
        {
            "label": "Cơ quan" if entry is first else entry.label,
            "url": reverse(entry.url_name),
            "current": entry is here,
        }
        for entry in family
    ]


def may_enter(actor: Actor, url_name: str) -> bool:
    """Whether the actor's roles have a right in that entry."""
    roles = frozenset(role for role, _ in actor.role_reach)
    return any(entry.url_name == url_name for entry in _entries_for(roles))


def person_mark(user_id: int) -> str:
    """What tells the browser one person from another, and nothing else about them."""
    return salted_hmac("nhactruong.person_mark", str(user_id)).hexdigest()[:16]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of the shell; three queries for a signed-in person."""
    actor: Actor | None = getattr(request, "actor", None)
    common = {
        "version": settings.PRODUCT_VERSION,
        "source_url": settings.SOURCE_URL,
        "is_sample": settings.ENVIRONMENT == "sample",
    }
    if actor is None or actor.user_id is None:
        return {"shell": common}
    roles = frozenset(role for role, _ in actor.role_reach)
    standing = workitems.standing(actor)
    post = actor.post
    match = request.resolver_match
    here = match.kwargs.get("public_id") if match else None
    here_at = entry_at(request.path)
    alone = _on_their_own(roles)
    lit = "" if here_at in {entry.url_name for entry in alone} else _first_of(here_at)
    return {
        "shell": {
            **common,
            "emergency": emergency_here(actor, here),
            "lent": actor.lent,
            "lent_url": reverse("delegations:mine"),
            "person_mark": person_mark(actor.user_id),
            # Asked of the store by the few pages that want a code.
            "confirmation": SimpleLazyObject(lambda: accounts.way_to_confirm(actor)),
            "me": {
                "name": actor.name,
                "post_title": post.title if post else "",
                "initials": initials(actor.name),
            },
            "navigation": [
                {
                    "label": entry.label,
                    "url": reverse(entry.url_name),
                    "icon": entry.icon,
                    "section": entry.section,
                    "current": entry.url_name in (here_at, lit),
                    "count": standing.waiting if entry.url_name == "workitems:inbox" else 0,
                }
                for entry in alone
            ],
            "beside": _beside(roles, here_at, request.path),
            "agency_name": post.agency_name if post else "",
            "term": _term_name(post.agency_id) if post else "",
            "standing": standing,
            "notices_count": notices.count_unread(actor),
            "shortcuts_off": _shortcuts_off(request),
            "search_query": request.GET.get("q", "") if request.path == reverse("search") else "",
        }
    }


def _shortcuts_off(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, User) and bool(user.preferences.get("shortcuts_off"))


def entry_at(path: str) -> str:
    """The name of the entry a page belongs to: the longest address that begins its own."""
    urls = {reverse(entry.url_name): entry.url_name for entry in ENTRIES}
    above = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return urls[max(above, key=len)] if above else ""


def _first_of(url_name: str) -> str:
    """The entry beside which that one stands."""
    return next((entry.beside for entry in ENTRIES if entry.url_name == url_name), "")


@lru_cache(maxsize=64)
def _term_name(agency_id: int) -> str:
    term = organization.term_of(agency_id)
    return term.name.lower().removeprefix("nhiệm kỳ").strip() if term else ""
