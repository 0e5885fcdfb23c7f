"""Reorganizations: the list, the form of a proposal, one with its parts and posts."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.shapes import Badge, LifeStep
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    DomainError,
    InvalidInput,
    RuleBroken,
)
from nhactruong.kernel.text import fold, whole_number
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.reorganization import commands, forms, policies, selectors
from nhactruong.masterdata.reorganization.models import Part, Reorganization
from nhactruong.masterdata.reorganization.rules import STATE_LABELS, Kind, PostFacts, State
from nhactruong.masterdata.reorganization.selectors import Planned

REFUSALS: Final = (AccessDenied, ConflictingChange, InvalidInput, RuleBroken)
_LOOKS: Final = {
    State.DRAFT: ("neutral", "edit"),
    State.PROPOSED: ("soon", "clock"),
    State.APPROVED: ("info", "ok"),
    State.CARRIED_OUT: ("ok", "check"),
    State.WITHDRAWN: ("neutral", "undo"),
}
_ROAD: Final = (
    (State.DRAFT, "Đề nghị"),
    (State.PROPOSED, "Duyệt"),
    (State.APPROVED, "Thực hiện"),
    (State.CARRIED_OUT, "Đã thực hiện"),
)


def badge_of(made: Reorganization) -> Badge:
    """The state as a badge."""
    return Badge(STATE_LABELS[made.as_state], *_LOOKS[made.as_state])


def _home() -> tuple[str, str]:
    return ("Tổ chức", reverse("reorganization:agencies"))


def crumbs_of(made: Reorganization, last: str = "") -> list[tuple[str, str]]:
    """The way to a reorganization, or to a page of it."""
    own = (str(made), reverse("reorganization:detail", args=[made.public_id]) if last else "")
    way = [_home(), ("Sắp xếp", reverse("reorganization:list")), own]
    return [*way, (last, "")] if last else way


def life_of(made: Reorganization) -> list[LifeStep]:
    """The three people and the outcome, as knots."""
    notes = {
        State.DRAFT: made.proposed_by,
        State.PROPOSED: made.approved_by,
        State.APPROVED: made.carried_out_by,
    }
    order = [state for state, _ in _ROAD]
    if made.as_state not in order:
        return []
    here = order.index(made.as_state)
    is_done = made.as_state == State.CARRIED_OUT
    return [
        LifeStep(
            label,
            "done" if place < here or is_done else "now" if place == here else "next",
            notes.get(state, "") if place < here else "",
        )
        for place, (state, label) in enumerate(_ROAD)
    ]


@require_safe
def listed(request: ActorRequest) -> HttpResponse:
    """The reorganizations the person may see, newest first."""
    page = keyset_page(
        selectors.visible(request.actor).prefetch_related("parts__agency"),
        order=("-id",),
        cursor=request.GET.get("trang", ""),
    )
    return render(
        request,
        "reorganization/list.html",
        {
            "lines": [(row, badge_of(row), _sides(row)) for row in page.rows],
            "may_propose": policies.can_propose(request.actor),
            "crumbs": [_home(), ("Sắp xếp", "")],
            "newer_url": f"?trang={page.newer}" if page.newer else "",
            "older_url": f"?trang={page.older}" if page.older else "",
        },
    )


def _sides(made: Reorganization) -> str:
    names = {
        side: ", ".join(part.agency.short_name for part in made.parts.all() if part.side == side)
        for side in Part.Side.values
    }
    return f"{names[Part.Side.OLD]} → {names[Part.Side.NEW]}"


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: ActorRequest) -> HttpResponse:
    """The form of a proposal; posts are mapped on the page that follows."""
    policies.can_propose(request.actor).require()
    agencies = [(row.pk, row.short_name) for row in organization.agencies()]
    form = forms.ProposalForm(request.POST if request.method == "POST" else None, agencies=agencies)
    context = {
        "form": form,
        "crumbs": [_home(), ("Đề nghị sắp xếp", "")],
    }
    if request.method != "POST":
        return render(request, "reorganization/propose.html", context)
    if not form.is_valid():
        return render(request, "reorganization/propose.html", context, status=422)
    sent = form.cleaned_data
    try:
        made = commands.open_proposal(
            request.actor,
            kind=Kind(sent["kind"]),
            old_ids=sent["old"],
            new_ids=sent["new"],
            successor_id=sent["successor"],
            basis=sent["basis"],
            effective_on=sent["effective_on"],
        )
    except InvalidInput as fault:
        form.tell(fault)
        return render(request, "reorganization/propose.html", context, status=422)
    except (RuleBroken, AccessDenied) as refusal:
        form.add_error(None, refusal.sentence)
        return render(request, "reorganization/propose.html", context, status=refusal.http_status)
    url = reverse("reorganization:detail", args=[made.public_id])
    return done(request, url, "Đã lập đề nghị. Kiểm tra chức danh kế tục, rồi xem trước.")


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One reorganization: its agencies, which post follows which, and what came of it."""
    return detail_page(request, selectors.get_visible(request.actor, public_id))


def detail_page(
    request: ActorRequest, made: Reorganization, refusal: DomainError | None = None
) -> HttpResponse:
    """The page, with the reason when something was refused."""
    read = selectors.planned(made)
    return render(
        request,
        "reorganization/detail.html",
        {
            "made": made,
            "badge": badge_of(made),
            "life": life_of(made),
            "parts": _parts(read),
            "groups": _groups(read) if read.old else _groups_kept(made),
            "editing": policies.can_edit(request.actor, made),
            "withdrawing": policies.can_withdraw(request.actor, made),
            "is_running": made.as_state in (State.DRAFT, State.PROPOSED, State.APPROVED),
            "refusal": refusal,
            "crumbs": crumbs_of(made),
        },
        status=refusal.http_status if refusal else 200,
    )


def _parts(read: Planned) -> list[dict[str, Any]]:
    return [
        {
            "name": part.agency.short_name,
            "url": reverse("reorganization:agency", args=[part.agency.public_id]),
            "words": f"kế tục: {part.successor.short_name}" if part.successor else "cơ quan kế tục",
            "is_old": part.side == Part.Side.OLD,
        }
        for part in sorted(read.parts, key=lambda one: (one.side != "old", one.agency.sort_key))
    ]


def _words(post: PostFacts) -> str:
    # Many titles name their unit already.
    is_named = fold(post.unit) in fold(post.title)
    return post.title if is_named else f"{post.title}, {post.unit}"


def _groups(read: Planned) -> list[dict[str, Any]]:
    """The old posts by agency, each with the posts that may follow it."""
    several = len(read.plan.new_agencies) > 1
    names = {part.agency_id: part.agency.short_name for part in read.parts}
    options = [
        (
            str(post.post_id),
            f"{_words(post)}{f', {names[post.agency_id]}' if several else ''}"
            f"{f' ({post.holder})' if post.holder else ' (chưa có người)'}",
        )
        for post in read.new
    ]
    labels = dict(options)
    groups: dict[int, dict[str, Any]] = {}
    for post in read.old:
        after = str(read.plan.posts.get(post.post_id, ""))
        group = groups.setdefault(post.agency_id, {"name": names[post.agency_id], "posts": []})
        group["posts"].append(
            {
                "field": forms.field_of(post.post_id),
                "words": _words(post),
                "holder": post.holder or "chưa có người",
                "options": [("", "Chưa chọn"), *options],
                "value": after,
                "after": labels.get(after, ""),
            }
        )
    return list(groups.values())


def _groups_kept(made: Reorganization) -> list[dict[str, Any]]:
    """As `_groups`, when the old posts have ended: what was carried out."""
    groups: dict[str, dict[str, Any]] = {}
    for row in selectors.mappings_of(made):
        name = row.old_post.agency.short_name
        group = groups.setdefault(name, {"name": name, "posts": []})
        after = row.new_post.title if row.new_post else ""
        group["posts"].append({"words": row.old_post.title, "after": after})
    return list(groups.values())


@post_only
def map_posts(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Which post follows which, kept; then the preview."""
    made = selectors.get_visible(request.actor, public_id)
    try:
        commands.map_posts(
            request.actor,
            public_id,
            forms.read_mapping(request.POST.dict()),
            version=whole_number(request.POST.get("version", "")),
        )
    except REFUSALS as refusal:
        return detail_page(request, made, refusal)
    return done(
        request, reverse("reorganization:preview", args=[public_id]), "Đã lưu chức danh kế tục."
    )
