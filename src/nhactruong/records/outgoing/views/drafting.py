"""The editor of a draft: structured blocks, the page as it will be printed, saving by itself."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.ui.shapes import Fault, Person
from nhactruong.foundation.web.pictures import tagged_picture
from nhactruong.foundation.web.requests import ActorRequest, done, see_other
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.kernel.errors import ConflictingChange, NotFound
from nhactruong.masterdata.organization import finding
from nhactruong.masterdata.organization.models import SigningAuthority
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.drafting.library import templates
from nhactruong.records.drafting.rules import body_from_plain, body_to_json
from nhactruong.records.drafting.typesetting import Letter, unprintable
from nhactruong.records.outgoing import (
    acting,
    commands,
    pictures,
    policies,
    printing,
    rules,
    selectors,
)
from nhactruong.records.outgoing.forms import blocks
from nhactruong.records.outgoing.forms.addressing import Directory, directory
from nhactruong.records.outgoing.forms.sheet import (
    SECRECIES,
    URGENCIES,
    Sheet,
    stored_sheet,
    typed_sheet,
)
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import STATE_LABELS, STATE_LOOKS, State
from nhactruong.records.outgoing.views import flow, reviewing, showing

_SIGNED = frozenset(
    {State.SIGNED, State.NUMBERED, State.SEALING, State.SEALED, State.ISSUED, State.CANCELLED}
)
_MOST_FOUND = 50
_DROP_PLACEHOLDERS = "drop-placeholders"
#: Saves what this page shows over what was saved elsewhere meanwhile.
_OVERWRITE = "overwrite"
_RELOAD = (
    "Dự thảo này vừa được lưu ở một nơi khác nên trang này chưa được lưu. Nội dung đồng chí vừa "
    "nhập còn nguyên trên trang."
)


@require_http_methods(["GET", "POST"])
def draft(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The draft in its present stage: the editor, or the page to be read and reviewed."""
    document = selectors.get_visible(request.actor, public_id)
    if request.method == "POST":
        return _saved_by_form(request, document)
    if document.as_state in _SIGNED:
        return see_other(reverse("outgoing:detail", args=[public_id]))
    if not policies.can_edit(request.actor, document):
        signs = document.as_state == State.AWAITING_SIGNATURE and document.authority is not None
        if signs and request.actor.holds(document.authority.post_id):  # type: ignore[union-attr]  # checked above
            return see_other(reverse("outgoing:sign", args=[public_id]))
        return reviewing.review_page(request, document)
    return _editor(request, document)


def _saved_by_form(request: ActorRequest, document: OutgoingDocument) -> HttpResponse:
    """The form without script: every button saves, then does its own."""
    stored = stored_sheet(document)
    sheet = stored
    here = reverse("outgoing:draft", args=[document.public_id])
    act = request.POST.get("act", "")
    try:
        sheet = typed_sheet(request.POST, stored, _directory(document))
        if act == _DROP_PLACEHOLDERS:
            sheet = replace(sheet, body=blocks.without(sheet.body, _placeholders(document)))
        document = commands.save_draft(
            request.actor,
            document.public_id,
            sheet.content(),
            version=None if act == _OVERWRITE else flow.version_of(request.POST),
        )
        if act == "submit":
            document = commands.submit(request.actor, document.public_id, version=document.version)
            return _submitted(request, document)
    except flow.REFUSALS as error:
        fresh = selectors.get_visible(request.actor, document.public_id)
        if fresh.as_state in _SIGNED:
            raise
        if not policies.can_edit(request.actor, fresh):
            return reviewing.review_page(
                request, fresh, refusal=error.sentence, status=error.http_status
            )
        if isinstance(error, ConflictingChange):
            # The page stays at the version it was made from: only the person overwrites.
            made_from = flow.version_of(request.POST)
            return _editor(request, fresh, sheet=sheet, made_from=made_from, status=409)
        return _editor(
            request, fresh, sheet=sheet, refusal=error.sentence, status=error.http_status
        )
    return done(request, here, f"Đã lưu {clock.local(clock.now()):%H:%M}")


def _submitted(request: ActorRequest, document: OutgoingDocument) -> HttpResponse:
    if document.as_state == State.AWAITING_SIGNATURE:
        acting.prepare_now(document.public_id)
    here = reverse("outgoing:draft", args=[document.public_id])
    return done(request, here, f"Đã gửi. Dự thảo đang ở bước “{STATE_LABELS[document.as_state]}”.")


@post_only
def submit(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The stored draft on its way to whoever reviews it first."""
    document = selectors.get_visible(request.actor, public_id)
    try:
        document = commands.submit(request.actor, public_id, version=flow.version_of(request.POST))
    except flow.REFUSALS as error:
        if not policies.can_edit(request.actor, document):
            return reviewing.review_page(
                request, document, refusal=error.sentence, status=error.http_status
            )
        return _editor(request, document, refusal=error.sentence, status=error.http_status)
    return _submitted(request, document)


@post_only
def save(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """What was typed, saved while typing goes on; answers version, time, pages and faults."""
    document = selectors.get_visible(request.actor, public_id)
    if not is_carried_out(commands.save_draft):
        policies.can_edit(request.actor, document).require()
    sheet = typed_sheet(request.POST, stored_sheet(document), _directory(document))
    try:
        document = commands.save_draft(
            request.actor, public_id, sheet.content(), version=flow.version_of(request.POST)
        )
    except ConflictingChange as error:
        raise ConflictingChange(error.code, _RELOAD) from error
    letter = _letter(document, sheet)
    return JsonResponse(
        {
            "version": document.version,
            "said": f"Đã lưu {clock.local(clock.now()):%H:%M}",
            "pages": pictures.page_count(letter),
            "stamp": pictures.stamp_of(letter)[:12],
            "next": _submit_label(document, letter.signer_name),
            "checks": render_to_string(
                "outgoing/_checks.html",
                _checks(document, sheet, letter, reviewing.remarks_of(document)),
            ),
        }
    )


@post_only
def paste(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Blocks made of a plain text; nothing is stored until the editor saves."""
    document = selectors.get_visible(request.actor, public_id)
    policies.can_edit(request.actor, document).require()
    body = body_from_plain(request.POST.get("plain", ""))
    fresh = type(body)(tuple(replace(block, id=blocks.new_id()) for block in body.blocks))
    return JsonResponse(body_to_json(fresh))


@require_GET
def preview(request: ActorRequest, public_id: uuid.UUID, number: int) -> HttpResponse:
    """The PNG of one page of the draft as it would be printed now."""
    document = selectors.get_visible(request.actor, public_id)
    if document.as_state in _SIGNED:
        raise NotFound("outgoing.not_found", "Văn bản đã ký nên không còn bản xem trước.")
    letter = printing.letter_of(document)
    return tagged_picture(
        request,
        f"{pictures.stamp_of(letter)}-{number}",
        lambda: pictures.page(letter, number),
    )


def _placeholders(document: OutgoingDocument) -> Sequence[str]:
    template = templates().get(document.document_type)
    return template.placeholders if template else ()


def _directory(document: OutgoingDocument) -> Directory:
    return directory(finding.called(), own=document.agency_id)


@require_safe
def recipients(request: ActorRequest) -> HttpResponse:
    """Agencies of which a name has the words, for the picker of recipients."""
    policies.can_draft_somewhere(request.actor).require()
    found = finding.agencies(request.GET.get("q", ""), most=_MOST_FOUND)
    return JsonResponse(
        {
            "options": [
                {"value": str(one.agency_id), "label": one.short_name, "meta": one.above}
                for one in found
            ]
        }
    )


def _letter(document: OutgoingDocument, sheet: Sheet, signer: str | None = None) -> Letter:
    return printing.letter_of(document, recipients=sheet.printed_recipients, signer=signer)


def _checks(
    document: OutgoingDocument,
    sheet: Sheet,
    letter: Letter,
    comments: Sequence[reviewing.Remark],
) -> dict[str, Any]:
    """What the strip under the editor says after a save."""
    kept = blocks.without(sheet.body, _placeholders(document))
    return {
        "faults": faults_of(document, sheet, letter),
        "droppable": rules.PLACEHOLDERS_LEFT if len(kept.blocks) < len(sheet.body.blocks) else "",
        "copies": len(sheet.sent_to),
        "open_comments": [one for one in comments if one.state == "open"],
    }


def faults_of(document: OutgoingDocument, sheet: Sheet, letter: Letter) -> list[Fault]:
    """What still stands against sending the draft to review, as the page lists it."""
    written = printing.written(
        document.document_type,
        subject=sheet.subject,
        body=sheet.body,
        addressees=sheet.addressees,
        recipients=sheet.printed_recipients,
        has_authority=sheet.authority_id is not None,
        own_signer=selectors.is_own_signer(sheet.authority_id, document.drafter_person_id),
    )
    found = [
        Fault(sentence[:1].upper() + sentence[1:], rule=code)
        for code, sentence in rules.missing_parts(written)
    ]
    unknown = unprintable(letter)
    if unknown:
        shown = " ".join(f"{one} (U+{ord(one):04X})" for one in unknown[:8])
        found.append(Fault(f"Bộ chữ của thể thức không in được: {shown}. Đồng chí thay chữ khác."))
    return found


@dataclass(frozen=True, slots=True)
class SignerChoice:
    """A row of the signing table as the form offers it."""

    id: int
    label: str
    basis: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """A line of Nơi nhận as the form shows it."""

    line: str
    agency_id: int | None
    agency: str


def _signers(
    rows: Sequence[SigningAuthority], names: Mapping[int, str], chosen: int | None
) -> list[SignerChoice]:
    return [
        SignerChoice(
            id=row.pk,
            label=" · ".join(
                part
                for part in (
                    row.capacity_line,
                    row.title_line,
                    names.get(row.post_id, "chức danh đang khuyết"),
                )
                if part
            ),
            basis=row.basis,
            chosen=row.pk == chosen,
        )
        for row in rows
    ]


def _editor(
    request: ActorRequest,
    document: OutgoingDocument,
    *,
    sheet: Sheet | None = None,
    refusal: str = "",
    made_from: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """The editor; with `made_from`, of a page that somebody else has overtaken since."""
    sheet = sheet or stored_sheet(document)
    authorities = selectors.authorities_for(document)
    holders = selectors.holder_names([row.post_id for row in authorities])
    chosen = next((row for row in authorities if row.pk == sheet.authority_id), None)
    signer = holders.get(chosen.post_id, "") if chosen else ""
    letter = _letter(document, sheet, signer)
    sent_to = [row.agency_id for row in sheet.recipients if row.agency_id is not None]
    around = selectors.addressees(document, sent_to)
    comments = reviewing.remarks_of(document)
    template = templates().get(document.document_type)
    context: dict[str, Any] = {
        "document": document,
        "version": document.version if made_from is None else made_from,
        "overtaken": made_from is not None,
        "overtaken_words": _RELOAD,
        "sheet": sheet,
        "kind_name": type_name(document.document_type),
        "addressing": template.addressing.label if template else "",
        "prompts": template.prompts if template else (),
        "blocks": blocks.fields_of(sheet.body),
        "kinds": blocks.KINDS,
        "last_place": len(sheet.body.blocks) - 1,
        "body_json_text": json.dumps(body_to_json(sheet.body), ensure_ascii=False),
        "preview_base": reverse("outgoing:preview", args=[document.public_id, 1])[:-2],
        "crumbs": showing.draft_crumbs(type_name(document.document_type), document),
        "urgencies": URGENCIES,
        "secrecies": SECRECIES,
        "signers": _signers(authorities, holders, sheet.authority_id),
        "signer_line": _signer_line(chosen, signer),
        "recipients": [
            RecipientRow(row.line, row.agency_id, around.chosen.get(row.agency_id or 0, ""))
            for row in sheet.recipients
        ],
        "agencies": [
            Person(str(one.agency_id), one.short_name, recent=one.is_recent)
            for one in around.offered
        ],
        "recipients_url": reverse("outgoing:recipients") if around.has_more else "",
        "comments": comments,
        "state": (STATE_LABELS[document.as_state], *STATE_LOOKS[document.as_state]),
        "returned": document.as_state == State.RETURNED,
        "pages": showing.preview_pages(document, letter),
        "submit_label": _submit_label(document, signer),
        "refusal": refusal,
        **_checks(document, sheet, letter, comments),
    }
    if document.as_state == State.RETURNED:
        context |= _return_of(document)
    return render(request, "outgoing/draft.html", context, status=status)


def _submit_label(document: OutgoingDocument, signer: str) -> str:
    """The button that names who gets the draft first; a small office has no head of division."""
    first = selectors.reviewers(document)
    if first.heads and not first.head_is_chief:
        return "Gửi Trưởng phòng duyệt"
    if first.heads or first.chiefs:
        return "Gửi Chánh Văn phòng duyệt"
    return f"Trình đồng chí {signer} ký" if signer else "Trình ký"


def _return_of(document: OutgoingDocument) -> dict[str, str]:
    for row in showing.acts_of(document):
        if row.action == "outgoing.returned":
            return {"returned_by": row.person_name, "returned_reason": row.reason}
    return {}


def _signer_line(row: SigningAuthority | None, name: str) -> str:
    if row is None:
        return "chưa chọn người ký"
    return ", ".join(part for part in (row.capacity_line, row.title_line, name) if part)
