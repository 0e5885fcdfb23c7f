"""My drafts, and opening a new one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from nhactruong.foundation.access.rules import Line
from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.shapes import Tab
from nhactruong.foundation.ui.sources import PlainForm, carried
from nhactruong.foundation.web.requests import ActorRequest, done, render_invalid
from nhactruong.kernel.errors import AccessDenied, NotFound
from nhactruong.masterdata.vocabularies.selectors import type_names
from nhactruong.records.drafting.library import templates
from nhactruong.records.drafting.rules import Kind, Run, TextBlock, body_to_json, parse_body
from nhactruong.records.outgoing import commands, policies, selectors
from nhactruong.records.outgoing.commands.drafting import DraftContent, RecipientLine
from nhactruong.records.outgoing.forms.acts import NewDraftForm
from nhactruong.records.outgoing.forms.blocks import new_id
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import AS_ABOVE, EDITABLE, STATE_LABELS, STATE_LOOKS, State
from nhactruong.records.outgoing.selectors import Answered

_TABS: Final = (
    ("", "Tất cả", None),
    ("dang-soan", "Đang soạn", EDITABLE),
    ("dang-duyet", "Đang duyệt, trình ký", frozenset(State) - EDITABLE),
)
_ORDER: Final = ("-listed_on", "-id")

PlainForm(
    __name__,
    "Văn bản cần trả lời",
    {
        "tra-loi": ("Văn bản cần trả lời", carried("Trường ẩn")),
    },
)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as the list shows it."""

    title: str
    url: str
    kind: str
    state: tuple[str, str, str]
    organ: str
    due: Any
    returned: bool


@require_GET
def drafts(request: ActorRequest) -> HttpResponse:
    """The actor's own documents that are not yet signed, newest first."""
    chosen = request.GET.get("tt", "")
    states = next((states for code, _, states in _TABS if code == chosen), None)
    rows = selectors.drafts(request.actor).select_related("organ")
    if states is not None:
        rows = rows.filter(state__in=[state.value for state in states])
    page = keyset_page(rows, order=_ORDER, cursor=request.GET.get("trang", ""))
    here = reverse("outgoing:drafts")
    return render(
        request,
        "outgoing/drafts.html",
        {
            "rows": [_row(row) for row in page.rows],
            "tabs": [
                Tab(label, f"{here}?tt={code}" if code else here, current=code == chosen)
                for code, label, _ in _TABS
            ],
            "newer_url": f"?tt={chosen}&trang={page.newer}" if page.newer else "",
            "older_url": f"?tt={chosen}&trang={page.older}" if page.older else "",
            "may_draft": bool(request.actor.agencies_with(*policies.DRAFTING_ROLES)),
            "is_filtered": bool(chosen),
        },
    )


def _row(row: OutgoingDocument) -> DraftRow:
    kind = type_names().get(row.document_type, row.document_type)
    return DraftRow(
        title=f"{kind} {row.subject or '(chưa có trích yếu)'}",
        url=reverse("outgoing:draft", args=[row.public_id]),
        kind=f"Lần {row.draft_number}",
        state=(STATE_LABELS[row.as_state], *STATE_LOOKS[row.as_state]),
        organ=row.organ.name,
        due=row.due_on,
        returned=row.as_state == State.RETURNED,
    )


@require_http_methods(["GET", "POST"])
def new_draft(request: ActorRequest) -> HttpResponse:
    """The form that opens a draft; with `?tra-loi=` one that answers a document."""
    answered = _answered(request)
    organs = selectors.issuing_organs(request.actor)
    if not organs:
        raise AccessDenied(
            "outgoing.not_a_drafter",
            "Chức danh này không soạn thảo văn bản của cơ quan.",
            line=Line.DRAFT,
        )
    if answered is not None:
        asked = answered.document.agency_id
        organs = sorted(organs, key=lambda organ: organ.agency_id != asked)
    offered = [(slug, template.name) for slug, template in templates().items()]
    form = NewDraftForm(
        request.POST if request.method == "POST" else None,
        organs=[(organ.pk, organ.name) for organ in organs],
        types=offered,
        initial={
            "organ": organs[0].pk if organs else None,
            "document_type": "cong-van" if answered else None,
            "subject": _reply_subject(answered) if answered else "",
            "due_on": answered.due_on if answered else None,
        },
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            return _opened(request, form.cleaned_data, answered)
    context = {
        "form": form,
        "organs": organs,
        "types": [(slug, t.name, t.prompts) for slug, t in templates().items()],
        "chosen_type": form["document_type"].value(),
        "answered": answered,
        "crumbs": [("Soạn thảo", reverse("outgoing:drafts")), ("Văn bản mới", "")],
    }
    return render_invalid(request, "outgoing/new_draft.html", context, status=status)


def _answered(request: ActorRequest) -> Answered | None:
    wanted = request.GET.get("tra-loi") or request.POST.get("tra-loi")
    if not wanted:
        return None
    try:
        public_id = uuid.UUID(wanted)
    except ValueError:
        raise NotFound("outgoing.not_found", "Không tìm thấy văn bản cần trả lời.") from None
    return selectors.answered(request.actor, public_id)


def _reply_subject(answered: Answered) -> str:
    template = templates().get("cong-van")
    opening = template.subject_opening if template else ""
    number = f" số {answered.reference}" if answered.reference else ""
    return f"{opening} trả lời {answered.card.kind}{number} của {answered.sender_name}".strip()


def _opened(
    request: ActorRequest, wanted: dict[str, Any], answered: Answered | None
) -> HttpResponse:
    draft = commands.create_draft(
        request.actor,
        organ_id=wanted["organ"],
        document_type=wanted["document_type"],
        subject=wanted["subject"],
        answers=answered.document if answered else None,
        due_on=wanted["due_on"],
    )
    if answered is not None:
        commands.save_draft(
            request.actor, draft.public_id, _reply(draft, answered), version=draft.version
        )
    url = reverse("outgoing:draft", args=[draft.public_id])
    return done(request, url, "Đã mở bản soạn theo thể thức. Nội dung tự lưu khi đồng chí soạn.")


def _reply(draft: OutgoingDocument, answered: Answered) -> DraftContent:
    """Addressee, recipient and the line that cites what is answered."""
    body = parse_body(draft.body)
    cited = Run(answered.cited, cite=answered.document.public_id)
    blocks: Sequence[Any]
    if draft.document_type == "cong-van":
        about = answered.card.title.rstrip(".")
        opening = TextBlock(
            new_id(),
            Kind.PARAGRAPH,
            (Run("Trả lời "), cited, Run(f" {about}, {draft.organ.name} có ý kiến như sau:")),
        )
        blocks = (opening, *body.blocks[1:])
    else:
        basis = TextBlock(new_id(), Kind.BASIS, (Run("Căn cứ "), cited, Run(";")))
        blocks = (basis, *body.blocks)
    sender = answered.sender
    copies = [RecipientLine(AS_ABOVE, sender.pk)] if sender else [RecipientLine(AS_ABOVE)]
    kept = [
        RecipientLine(row.line, row.agency_id)
        for row in draft.recipients.order_by("position")
        if row.line != AS_ABOVE
    ]
    return DraftContent(
        body=body_to_json(type(body)(tuple(blocks))),
        addressees=[answered.sender_name] if answered.sender_name else [],
        recipients=[*copies, *kept],
    )
