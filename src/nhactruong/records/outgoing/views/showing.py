"""Page pictures, verdicts and roads as the pages of this app show them."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from nhactruong.foundation.audit import selectors as audit
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.ui.shapes import PagePicture, TimelineItem
from nhactruong.foundation.ui.templatetags.ui.filters import vn_when
from nhactruong.kernel.errors import DomainError
from nhactruong.records.documents.models import Rendition
from nhactruong.records.drafting.typesetting import Letter
from nhactruong.records.extraction import pictures as kept
from nhactruong.records.outgoing import pictures
from nhactruong.records.outgoing.models import OutgoingDocument

#: The verdict of the signing engine → the component's word.
VERDICTS: Final = {
    "valid": "valid",
    "valid_with_warnings": "caution",
    "indeterminate": "unknown",
    "unsigned": "unknown",
    "invalid": "invalid",
}

_ROAD: Final = {
    "outgoing.drafted": "Mở bản soạn",
    "outgoing.submitted": "Gửi duyệt",
    "outgoing.content_approved": "Duyệt nội dung",
    "outgoing.form_approved": "Duyệt thể thức, thủ tục",
    "outgoing.returned": "Trả lại",
    "outgoing.signed": "Ký",
    "outgoing.numbered": "Cấp số",
    "outgoing.seal_requested": "Yêu cầu đóng dấu",
    "outgoing.sealed": "Đóng dấu",
    "outgoing.issued": "Phát hành",
    "outgoing.void_requested": "Đề nghị bỏ số",
    "outgoing.voided": "Xác nhận bỏ số",
}


def acts_of(document: OutgoingDocument) -> list[AuditRow]:
    """What was done to the document, newest first; one query."""
    return [row for row in audit.acts_on([document.public_id]) if row.action in _ROAD]


def who_of(row: AuditRow) -> str:
    """The person of an act with the post it was done in."""
    return f"{row.person_name}, {row.post_title}" if row.post_title else row.person_name


def road_of(acts: list[AuditRow]) -> list[TimelineItem]:
    """The acts as a story, newest first."""
    return [
        TimelineItem(
            when=vn_when(row.at),
            what=f"{_ROAD[row.action]}: {row.reason}" if row.reason else _ROAD[row.action],
            who=who_of(row),
        )
        for row in acts
    ]


def draft_crumbs(kind_name: str, document: OutgoingDocument) -> list[tuple[str, str]]:
    """Where a draft lies."""
    here = f"Dự thảo lần {document.draft_number}"
    return [("Soạn thảo", reverse("outgoing:drafts")), (kind_name, ""), (here, "")]


def detail_crumbs(document: OutgoingDocument, last: str = "") -> list[tuple[str, str]]:
    """Where a signed document lies; `last` names a page under it."""
    own = document.reference_code or "Chưa có số"
    detail = reverse("outgoing:detail", args=[document.public_id]) if last else ""
    crumbs = [("Văn bản đi", reverse("outgoing:list")), (own, detail)]
    return [*crumbs, (last, "")] if last else crumbs


def preview_pages(document: OutgoingDocument, letter: Letter) -> list[PagePicture]:
    """The pages of a draft for the viewer; none when it cannot be set in type."""
    try:
        count = pictures.page_count(letter)
    except DomainError:
        return []
    mark = pictures.stamp_of(letter)[:12]
    return [
        PagePicture(
            f"{reverse('outgoing:preview', args=[document.public_id, n])}?v={mark}",
            *pictures.SIZE,
        )
        for n in range(1, count + 1)
    ]


def rendition_pages(document: OutgoingDocument, shown: Rendition | None) -> list[PagePicture]:
    """The pages of a frozen rendition for the viewer."""
    if shown is None:
        return []
    mark = shown.holding.blob.sha256[:12]
    return [
        PagePicture(
            f"{reverse('outgoing:page', args=[document.public_id, n])}?v={mark}",
            *kept.SCREEN_SIZE,
        )
        for n in range(1, kept.page_count(shown) + 1)
    ]
