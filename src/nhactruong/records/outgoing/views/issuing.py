"""Number, seal and issue: the clerk's page, read by all who may see the document."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from nhactruong.foundation.access import selectors as access
from nhactruong.foundation.accounts import asking
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.ui.sources import PlainForm, chosen, secret
from nhactruong.foundation.ui.templatetags.ui.filters import vn_date, vn_when
from nhactruong.foundation.web.requests import ActorRequest, done, see_other
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.kernel.errors import DomainError, RuleBroken
from nhactruong.masterdata.procedures import selectors as procedures
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.distribution import selectors as deliveries
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.distribution.rules import DELIVERY_LABELS, DeliveryState
from nhactruong.records.documents import selectors as contents
from nhactruong.records.dossiers import commands as filing
from nhactruong.records.dossiers import selectors as dossiers
from nhactruong.records.outgoing import acting, commands, policies, rules, selectors
from nhactruong.records.outgoing.forms.acts import NumberForm
from nhactruong.records.outgoing.models import OutgoingDocument, Recipient
from nhactruong.records.outgoing.policies import REACHED_BEFORE_SIGNED
from nhactruong.records.outgoing.rules import STATE_LABELS, STATE_LOOKS, State
from nhactruong.records.outgoing.views import flow, showing
from nhactruong.records.signing.models import VerificationReport

_DELIVERY_LOOKS: Final = {
    DeliveryState.QUEUED: ("info", "clock"),
    DeliveryState.DELIVERED: ("info", "send"),
    DeliveryState.ACKNOWLEDGED: ("ok", "ok"),
    DeliveryState.REFUSED: ("late", "undo"),
}
_CLERK_KINDS: Final = ("outgoing.number", "outgoing.seal", "outgoing.issue")

PlainForm(
    __name__,
    "Phát hành",
    {
        "step_up_code": ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật")),
        "dossier": ("Hồ sơ", chosen("Hồ sơ đang mở của cơ quan")),
    },
)


@dataclass(frozen=True, slots=True)
class Faults:
    """What an act just refused, to be said at its own place."""

    number: str = ""
    seal: str = ""
    issue: str = ""
    void: str = ""
    void_reason: str = ""
    confirm_void: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A copy on its way, as the page shows it."""

    agency: str
    state: tuple[str, str, str]
    when: str
    remark: str


@require_GET
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The four acts of legal force and where the copies are; drafts open in the editor."""
    document = selectors.get_visible(request.actor, public_id)
    if document.as_state in REACHED_BEFORE_SIGNED:
        return see_other(reverse("outgoing:draft", args=[public_id]))
    audit.record_reading(request.actor, "outgoing.read", document)
    return _page(request, document)


def _page(
    request: ActorRequest,
    document: OutgoingDocument,
    *,
    faults: Faults | None = None,
    form: NumberForm | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    shown = contents.renditions(document.document_id)
    best = shown[0] if shown else None
    acts = {row.action: row for row in reversed(showing.acts_of(document))}
    sent = deliveries.of_document(document.document_id) if document.issued_at else []
    lines = list(document.recipients.select_related("agency").order_by("position"))
    recipients = _recipients(lines)
    code = document.reference_code
    report = selectors.newest_report(shown)
    context: dict[str, Any] = {
        "document": document,
        "may_ask_who_saw": access.may_ask_who_saw(actor, document),
        "kind_name": type_name(document.document_type),
        "crumbs": showing.detail_crumbs(document),
        "state": (STATE_LABELS[document.as_state], *STATE_LOOKS[document.as_state]),
        "standing": procedures.standing_of(document),
        "now": _now(document),
        "pages": showing.rendition_pages(document, best),
        "viewer_title": document.reference_code or "Văn bản đã ký",
        "report": report,
        "personal": _signature(report, 0),
        "agency_seal": _signature(report, 1),
        "signed_words": f"{document.signer_printed}, {_when(document)}",
        "who_numbered": _who(acts, "outgoing.numbered"),
        "who_sealed": _who(acts, "outgoing.sealed"),
        "who_issued": _who(acts, "outgoing.issued"),
        "given": _given(document),
        "number": policies.can_assign_number(actor, document),
        "seal": policies.can_seal(actor, document),
        "issue": policies.can_issue(actor, document),
        "request_void": policies.can_request_void(actor, document),
        "confirm_void": policies.can_confirm_void(actor, document),
        "form": form or NumberForm(),
        "faults": faults or Faults(),
        "reason": reason,
        "recipients": recipients,
        "recipient_words": f"{len(recipients)} nơi nhận"
        if recipients
        else "không gửi qua hệ thống",
        "only_printed": _only_printed(lines),
        "seal_title": f"Đóng dấu {document.agency.short_name}",
        "issue_state": "now" if document.as_state == State.SEALED else "next",
        "issue_title": f"Phát hành {code}",
        "issue_fact": _issue_fact(len(recipients)),
        "void_title": f"Bỏ số {code}",
        "deliveries": [_delivery(row) for row in sent],
        "received": sum(row.state == DeliveryState.ACKNOWLEDGED for row in sent),
    }
    return render(request, "outgoing/detail.html", context, status=status)


def _issue_fact(copies: int) -> str:
    """What the dialog says before others see the document."""
    sent = (
        f"Gửi đến {copies} nơi nhận."
        if copies
        else "Văn bản chỉ vào sổ: chưa có cơ quan nào nhận qua hệ thống."
    )
    return f"{sent} Văn bản đã phát hành không sửa được nữa."


def _now(document: OutgoingDocument) -> int:
    """Which of the four steps is the present one; 0 when none is (issued, void)."""
    return {
        State.SIGNED: 2,
        State.NUMBERED: 3,
        State.SEALING: 3,
        State.SEALED: 4,
    }.get(document.as_state, 0)


def _who(acts: dict[str, AuditRow], action: str) -> str:
    row = acts.get(action)
    return f"{row.person_name}, {vn_when(row.at)}" if row else ""


def _when(document: OutgoingDocument) -> str:
    return vn_when(document.signed_at)


def _only_printed(lines: Sequence[Recipient]) -> list[str]:
    """Lines of Nơi nhận behind which no agency stands."""
    return [line.line for line in lines if line.agency is None]


def _given(document: OutgoingDocument) -> str:
    if document.number is None:
        return ""
    after = f", liền sau số {document.number - 1:02d}" if document.number > 1 else ", số đầu tiên"
    return f"ngày {vn_date(document.issued_on)}{after}"


def _signature(report: VerificationReport | None, place: int) -> dict[str, Any]:
    """What the report says of the signature at that place (0 personal, 1 agency)."""
    found = report.report.get("signatures", []) if report else []
    if place >= len(found):
        return {}
    one: dict[str, Any] = found[place]
    return {**one, "kind": showing.VERDICTS.get(str(one.get("verdict")), "unknown")}


def _recipients(lines: Sequence[Recipient]) -> list[str]:
    return list(dict.fromkeys(line.agency.short_name for line in lines if line.agency))


def _delivery(row: Delivery) -> DeliveryRow:
    state = DeliveryState(row.state)
    when = row.acknowledged_at or row.delivered_at or row.queued_at
    return DeliveryRow(
        agency=row.recipient_agency.short_name,
        state=(DELIVERY_LABELS[state], *_DELIVERY_LOOKS[state]),
        when=vn_when(when),
        remark=row.refused_reason or row.acknowledged_by,
    )


def _refused(
    request: ActorRequest, public_id: uuid.UUID, error: DomainError, faults: Faults, **kept: Any
) -> HttpResponse:
    fresh = selectors.get_visible(request.actor, public_id)
    return _page(request, fresh, faults=faults, status=error.http_status, **kept)


@post_only
def assign_number(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Number, symbol and date, printed on the page at once."""
    document = selectors.get_visible(request.actor, public_id)
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _page(request, document, form=form, status=422)
    try:
        if not is_carried_out(commands.assign_number):
            # Said before the code is asked: a wrong day is no failed try.
            policies.can_assign_number(request.actor, document).require()
            rules.require_day(
                form.cleaned_data["dated_on"], signed_at=document.signed_at, today=clock.today()
            )
        asking.require_code(request, commands.assign_number)
        document = commands.assign_number(
            request.actor,
            public_id,
            version=flow.version_of(request.POST),
            dated_on=form.cleaned_data["dated_on"],
        )
    except flow.REFUSALS as error:
        wrong_day = flow.fault_of(error, "dated_on")
        if wrong_day:
            form.add_error("dated_on", wrong_day)
        faults = Faults(number="" if wrong_day else error.sentence)
        return _refused(request, public_id, error, faults, form=form)
    acting.print_number_now(public_id)
    here = reverse("outgoing:detail", args=[public_id])
    return done(request, here, f"Đã cấp số {document.reference_code}.")


@require_http_methods(["GET", "POST"])
def request_seal(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The clerk's own act of sealing; GET answers how far it has come."""
    document = selectors.get_visible(request.actor, public_id)
    here = reverse("outgoing:detail", args=[public_id])
    if request.method == "GET":
        return _sealing(request, document, here)
    try:
        asking.require_code(
            request, commands.request_seal, lambda: policies.can_seal(request.actor, document)
        )
        commands.request_seal(request.actor, public_id, version=flow.version_of(request.POST))
    except flow.REFUSALS as error:
        return _refused(request, public_id, error, Faults(seal=error.sentence))
    return see_other(here)


def _sealing(request: ActorRequest, document: OutgoingDocument, here: str) -> HttpResponse:
    if "HX-Request" not in request.headers:
        return see_other(here)
    if document.as_state == State.SEALING:
        return render(request, "outgoing/_sealing.html", {"document": document})
    response = HttpResponse()
    response.headers["HX-Refresh"] = "true"
    return response


@post_only
def issue(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The document, sent to its recipients; nothing of it can be taken back."""
    selectors.get_visible(request.actor, public_id)
    try:
        document = commands.issue(request.actor, public_id, version=flow.version_of(request.POST))
    except flow.REFUSALS as error:
        return _refused(request, public_id, error, Faults(issue=error.sentence))
    url, more = flow.next_work_url(request.actor, public_id, *_CLERK_KINDS)
    if not more:
        url = reverse("outgoing:detail", args=[public_id])
    reached = (
        f"đến {document.copies} nơi nhận" if document.copies else "vào sổ, không gửi qua hệ thống"
    )
    notice = f"Đã phát hành {document.reference_code} {reached}."
    return done(request, url, notice)


@post_only
def request_void(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The clerk's proposal that the number be void, with the reason."""
    selectors.get_visible(request.actor, public_id)
    reason = request.POST.get("reason", "")
    try:
        commands.request_void(
            request.actor, public_id, reason=reason, version=flow.version_of(request.POST)
        )
    except flow.REFUSALS as error:
        missing = flow.fault_of(error, "reason")
        faults = Faults(void="" if missing else error.sentence, void_reason=missing)
        return _refused(request, public_id, error, faults, reason=reason)
    here = reverse("outgoing:detail", args=[public_id])
    return done(request, here, "Đã đề nghị bỏ số; Chánh Văn phòng xác nhận.")


@post_only
def confirm_void(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The number, void for good, by the second person."""
    document = selectors.get_visible(request.actor, public_id)
    try:
        asking.require_code(
            request,
            commands.confirm_void,
            lambda: policies.can_confirm_void(request.actor, document),
        )
        document = commands.confirm_void(
            request.actor, public_id, version=flow.version_of(request.POST)
        )
    except flow.REFUSALS as error:
        return _refused(request, public_id, error, Faults(confirm_void=error.sentence))
    here = reverse("outgoing:detail", args=[public_id])
    return done(request, here, f"Đã bỏ số {document.reference_code}. Số vẫn nằm trong sổ.")


@require_http_methods(["GET", "POST"])
def file(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The choice of an open dossier; POST puts the document into it."""
    document = selectors.get_visible(request.actor, public_id)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            filing.file(request.actor, _chosen(request.POST.get("dossier", "")), document)
        except flow.REFUSALS as error:
            refusal, status = error.sentence, error.http_status
        else:
            here = reverse("outgoing:detail", args=[public_id])
            return done(request, here, "Đã đưa văn bản vào hồ sơ.")
    context = {
        "document": document,
        "kind_name": type_name(document.document_type),
        "dossiers": [
            (str(one.public_id), f"{one.code} · {one.title}")
            for one in dossiers.open_for_filing(request.actor, document.agency_id)
        ],
        "filed": dossiers.holding(request.actor, public_id),
        "back_url": reverse("outgoing:detail", args=[public_id]),
        "crumbs": showing.detail_crumbs(document, "Đưa vào hồ sơ"),
        "refusal": refusal,
    }
    return render(request, "outgoing/file.html", context, status=status)


def _chosen(value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError:
        raise RuleBroken(
            "outgoing.no_dossier", "Chưa chọn hồ sơ. Đồng chí chọn một hồ sơ rồi gửi lại."
        ) from None
