"""Tìm kiếm: everything one may see, with or without accents."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nhactruong.assembly import search as finding
from nhactruong.foundation.ui.rules import count_words
from nhactruong.foundation.ui.shapes import Tab
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import one_line


def _summary(total: int | None) -> str:
    if total is None:
        return "Rất nhiều kết quả, mới nhất đứng trước; thêm từ để tìm gọn hơn"
    return f"{count_words(total)} kết quả, mới nhất đứng trước"


@require_safe
def search(request: ActorRequest) -> HttpResponse:
    """The page of results, or only the field while nothing is asked."""
    words = one_line(request.GET.get("q", ""))
    kind = request.GET.get("loai", "")
    kind = kind if kind in finding.KINDS else ""
    context: dict[str, object] = {"words": words, "kind": kind}
    if words:
        try:
            results = finding.results(
                request.actor, words, kind=kind, cursor=request.GET.get("trang", "")
            )
        except InvalidInput as fault:
            if fault.code != finding.TOO_LONG:
                raise
            return render(
                request,
                "assembly/search.html",
                {**context, "fault": fault.sentence},
                status=fault.http_status,
            )

        def address(**values: str) -> str:
            return "?" + urlencode({k: v for k, v in {"q": words, **values}.items() if v})

        context |= {
            "results": results,
            "tabs": [
                Tab(
                    label,
                    address(loai=value),
                    results.total
                    if not object_type
                    else (results.counts.get(object_type, 0) if results.counts else None),
                    current=value == kind,
                )
                for value, (object_type, label) in finding.KINDS.items()
            ],
            "newer_url": address(loai=kind, trang=results.newer) if results.newer else "",
            "older_url": address(loai=kind, trang=results.older) if results.older else "",
            "summary": _summary(results.total),
            "empty_sentence": (
                f"Không tìm thấy “{words}” trong những gì đồng chí được xem. "
                "Thử ít từ hơn; gõ không dấu cũng được."
            ),
        }
    return render(request, "assembly/search.html", context)
