"""The inbox: whatever waits for me, worst first."""

from __future__ import annotations

from typing import Final, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.shapes import FilterTag, Tab
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.foundation.workitems import inbox as board
from nhactruong.foundation.workitems import selectors
from nhactruong.kernel import clock

#: Value of `han=` → (key of the selector, word of the tab, sentence when it is empty).
_TABS: Final = {
    "": ("", "Đang chờ tôi", "Không còn việc nào chờ đồng chí. Việc mới sẽ hiện ở đây."),
    "qua-han": (
        "late",
        "Quá hạn",
        "Không có việc quá hạn. Việc sắp đến hạn nằm ở “Tuần này”.",
    ),
    "hom-nay": ("today", "Hôm nay", "Không có việc nào đến hạn hôm nay."),
    "tuan-nay": ("week", "Tuần này", "Không có việc nào đến hạn trong sáu ngày tới."),
}
_NOTHING_LIKE_THIS: Final = "Không có việc nào khớp bộ lọc. Bỏ bớt điều kiện, hoặc bỏ mọi bộ lọc."


def _address(**values: str) -> str:
    kept = {key: value for key, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


@require_safe
def inbox(request: ActorRequest) -> HttpResponse:
    """The page, or only the panel of one row when a script asks for it."""
    actor, today = request.actor, clock.today()
    # Asked before the list: what comes in between is told again rather than never.
    standing_now = selectors.standing(actor)
    due = request.GET.get("han", "")
    due = due if due in _TABS else ""
    kind, source = request.GET.get("loai", ""), request.GET.get("noi", "")
    codes = board.codes_like(kind)
    chosen = selectors.InboxFilter(due=_TABS[due][0], kinds=codes, source=source)
    page = keyset_page(
        selectors.listed(actor, chosen, today=today),
        order=selectors.WORST_FIRST,
        cursor=request.GET.get("trang", ""),
    )
    lines = board.marked(board.lines_of(actor, page.rows, today), request.GET.get("xem", ""))
    here = next((line for line in lines if line.is_here), None)
    context = {"peek": board.peek_of(actor, here) if here else None}
    if request.headers.get("X-Requested-With") == "nt-peek":
        return render(request, "workitems/_peek.html", context)
    counts = selectors.counts(actor, today, chosen)
    facets = selectors.facets(actor)
    kinds = board.kind_choices(pair[0] for pair in facets)
    sources = board.senders(facets)
    filters = {"loai": kind if codes else "", "noi": source}
    tags = []
    if codes:
        word = next((word for code, word in kinds if code in codes), kind)
        tags.append(FilterTag(f"Loại việc: {word}", _address(han=due, noi=source)))
    if source:
        tags.append(FilterTag(f"Nơi gửi: {source}", _address(han=due, loai=filters["loai"])))
    return render(
        request,
        "workitems/inbox.html",
        {
            **context,
            "tabs": [
                Tab(
                    word,
                    _address(han=value, **filters),
                    counts[key or "all"],
                    current=value == due,
                    late=key == "late" and counts["late"] > 0,
                )
                for value, (key, word, _) in _TABS.items()
            ],
            "due": due,
            "kind_options": [("", "Mọi loại việc"), *kinds],
            "kind": next((code for code, _ in kinds if code in codes), ""),
            "source_options": [("", "Mọi nơi gửi"), *((name, name) for name in sources)],
            "source": source,
            "tags": tags,
            "clear_url": _address(han=due),
            "groups": board.grouped(lines, today),
            "empty_sentence": _NOTHING_LIKE_THIS if tags else _TABS[due][2],
            "newer_url": _address(han=due, trang=page.newer, **filters) if page.newer else "",
            "older_url": _address(han=due, trang=page.older, **filters) if page.older else "",
            "lead": _lead(request),
            "standing": standing_now,
            "fresh_url": _address(han=due, **filters),
        },
    )


def _etag(request: HttpRequest) -> str:
    # `condition` passes on what the middleware gave the request, an ActorRequest.
    return f'"{selectors.standing(cast(ActorRequest, request).actor).mark}"'


@require_safe
@condition(etag_func=_etag)
def standing(request: ActorRequest) -> HttpResponse:
    """How much waits now; 304 while it is the same work as the page that asks shows."""
    return JsonResponse({"waiting": selectors.standing(request.actor).waiting})


def _lead(request: ActorRequest) -> str:
    post = request.actor.post
    if len(request.actor.posts) > 1 or post is None:
        return "Mọi việc đang chờ các chức danh của đồng chí, đến hạn trước đứng trước"
    return f"Mọi việc đang chờ {post.title}, đến hạn trước đứng trước"
