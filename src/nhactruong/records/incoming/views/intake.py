"""Tiếp nhận: files come in, are read, checked by the clerk and put into the register."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.access.rules import Line
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.foundation.ui.rules import when_words
from nhactruong.foundation.ui.shapes import Tab
from nhactruong.foundation.ui.sources import PlainForm, carried, typed
from nhactruong.foundation.web.errors import problem, wants_json
from nhactruong.foundation.web.limits import takes_files
from nhactruong.foundation.web.requests import ActorRequest, done, see_other
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    DomainError,
    InvalidInput,
    RuleBroken,
)
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.incoming import commands, policies, rules, selectors, taking
from nhactruong.records.incoming.forms import ReasonForm, RegisterForm, faults
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import State
from nhactruong.records.incoming.selectors import Original
from nhactruong.records.incoming.views.reading import file_view, is_waiting
from nhactruong.records.incoming.views.suggestions import Suggestions, suggest

ACCEPT: Final = ".pdf,.docx,.png,.jpg,.jpeg,.tif,.tiff"
_QUEUE_SHOWN: Final = 6
_READING_BADGES: Final = {
    "waiting": ("Đang đọc", "info", "clock"),
    "read": ("Đã đọc", "ok", "ok"),
    "failed": ("Nhập tay", "soon", "warn"),
}

PlainForm(
    __name__,
    "Tiếp nhận tệp",
    {
        "agency": ("Cơ quan nhận", carried("Ghi sẵn trong ô thả tệp")),
        "files": ("Tệp văn bản", typed("Tệp người tiếp nhận đang giữ")),
    },
)


def _agencies(request: ActorRequest) -> list[tuple[int, str]]:
    served = request.actor.agencies_with(Role.CLERK)
    if not served:
        raise AccessDenied(
            "incoming.not_the_clerk",
            "Tiếp nhận văn bản do văn thư của cơ quan thực hiện.",
            line=Line.RECEIVE_INCOMING,
        )
    # For a body that has ended, whoever comes after it takes in.
    names = {agency.pk: agency.short_name for agency in organization.agencies(served)}
    return [(agency, names[agency]) for agency in served if agency in names]


def _agency(request: ActorRequest, agencies: Sequence[tuple[int, str]]) -> int:
    """The agency the page or the upload is about: named, else the first she serves."""
    named = request.POST.get("agency") or request.GET.get("co-quan") or ""
    if not named:
        return agencies[0][0]
    agency = whole_number(named)
    if agency is None:
        raise InvalidInput("incoming.no_agency", "Chưa rõ nhận cho cơ quan nào. Đồng chí chọn lại.")
    return agency


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: ActorRequest) -> HttpResponse:
    """The queue of one agency and the place to drop files; a POST takes files in."""
    agencies = _agencies(request)
    agency = _agency(request, agencies)
    policies.can_receive(request.actor, agency).require()
    if request.method == "POST":
        return _take(request, agencies, agency)
    if request.GET.get("mo") == "moi":
        newest = selectors.intake(request.actor).filter(agency_id=agency).order_by("-pk").first()
        if newest is not None:
            return see_other(reverse("incoming:intake_item", args=[newest.public_id]))
    return _intake_page(request, agencies, agency)


def _intake_page(
    request: ActorRequest,
    agencies: Sequence[tuple[int, str]],
    agency: int,
    taken: Sequence[Taken] = (),
    status: int = 200,
) -> HttpResponse:
    waiting = list(selectors.intake(request.actor))
    states = selectors.readings_of(waiting)
    today = clock.today()
    here = [one for one in waiting if one.agency_id == agency]
    url = _address(agencies, agency)
    context = {
        "tabs": [
            Tab(
                name,
                _address(agencies, key),
                sum(one.agency_id == key for one in waiting),
                current=key == agency,
            )
            for key, name in agencies
        ]
        if len(agencies) > 1
        else [],
        "agency_name": dict(agencies).get(agency, ""),
        "lines": [
            {
                "document": one,
                "url": reverse("incoming:intake_item", args=[one.public_id]),
                "when": when_words(one.received_at, today),
                "badge": _READING_BADGES[states.get(one.document_id, "waiting")],
            }
            for one in here
        ],
        "taken": taken,
        "drop_url": url,
        "next_url": f"{url}{'&' if '?' in url else '?'}mo=moi",
        "accept": ACCEPT,
        "max_mb": max(1, settings.MAX_FILE_BYTES // 1_048_576),
    }
    return render(request, "incoming/intake.html", context, status=status)


def _address(agencies: Sequence[tuple[int, str]], agency: int) -> str:
    url = reverse("incoming:intake")
    return f"{url}?co-quan={agency}" if len(agencies) > 1 else url


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one uploaded file: the document, or the refusal."""

    name: str
    document: IncomingDocument | None = None
    refusal: DomainError | None = None

    @property
    def url(self) -> str:
        """Where the received file waits."""
        if self.document is None:
            return ""
        return reverse("incoming:intake_item", args=[self.document.public_id])

    def as_json(self) -> dict[str, Any]:
        """The answer for a script."""
        if self.refusal is not None:
            return {"name": self.name, "code": self.refusal.code, "title": self.refusal.sentence}
        return {"name": self.name, "url": self.url, "label": self.name}


def _take(request: ActorRequest, agencies: Sequence[tuple[int, str]], agency: int) -> HttpResponse:
    files = request.FILES.getlist("files")
    taken = [_take_one(request, agency, file) for file in files]
    if not taken:
        nothing = InvalidInput(
            "file.none", "Chưa có tệp nào được gửi. Đồng chí chọn tệp rồi gửi lại."
        )
        taken = [Taken("", refusal=nothing)]
    refused = [one for one in taken if one.refusal is not None]
    if wants_json(request):
        return _answer(taken, refused)
    if refused:
        return _intake_page(request, agencies, agency, taken, status=422)
    if len(taken) == 1:
        return see_other(taken[0].url)
    return done(request, _address(agencies, agency), f"Đã nhận {len(taken)} tệp vào hàng chờ.")


def _answer(taken: Sequence[Taken], refused: Sequence[Taken]) -> HttpResponse:
    if len(taken) == 1 and refused and refused[0].refusal is not None:
        refusal = refused[0].refusal
        return problem(refusal.http_status, refusal.code, refusal.sentence)
    if len(taken) == 1:
        return JsonResponse(taken[0].as_json(), status=201)
    status = 201 if not refused else 207 if len(refused) < len(taken) else 422
    return JsonResponse({"files": [one.as_json() for one in taken]}, status=status)


def _take_one(request: ActorRequest, agency: int, file: UploadedFile[Any]) -> Taken:
    """One file through the gate, into the store and the intake; nothing is kept of a refused one."""
    name = taking.name_of(file)
    try:
        document = taking.take_upload(request.actor, agency, file)
    except DomainError as refusal:
        return Taken(name, refusal=refusal)
    return Taken(name, document)


@require_http_methods(["GET", "HEAD", "POST"])
def intake_item(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The file beside its register line; a POST puts it into the register."""
    actor = request.actor
    document = selectors.seen(actor, public_id)
    policies.can_receive(actor, document.agency_id).require()
    if document.as_state != State.RECEIVED and not is_carried_out(commands.register):
        return see_other(reverse("incoming:detail", args=[public_id]))
    original = selectors.original_of(document)
    today = clock.today()
    suggestions = suggest(document, original, today)
    if request.method != "POST":
        return _item_page(request, document, original, suggestions)
    form = RegisterForm(request.POST, initial=_read_values(suggestions))
    if not form.is_valid():
        return _item_page(request, document, original, suggestions, form, status=422)
    try:
        registered = commands.register(
            actor,
            public_id,
            _line(form, document, suggestions),
            version=form.cleaned_data["version"],
        )
    except InvalidInput as fault:
        form.tell(fault)
        return _item_page(request, document, original, suggestions, form, status=422)
    except (RuleBroken, ConflictingChange, AccessDenied) as refusal:
        return _item_page(
            request, document, original, suggestions, form, refusal, refusal.http_status
        )
    notice = f"Đã vào sổ số đến {registered.arrival_number} và trình."
    return done(request, _next_url(request, document), notice)


def _read_values(suggestions: Suggestions) -> dict[str, Any]:
    return {name: one.value for name, one in suggestions.fields.items()}


def _line(
    form: RegisterForm, document: IncomingDocument, suggestions: Suggestions
) -> commands.RegisterLine:
    said = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    same_name = document.issuer_name and said["issuer_name"] == document.issuer_name
    issuer = document.issuer_agency_id if same_name else None
    return commands.RegisterLine(
        **said,
        issuer_agency_id=issuer or selectors.agency_named(said["issuer_name"]),
        due_rule=suggestions.rule_of(said["due_on"]),
    )


def _next_url(request: ActorRequest, document: IncomingDocument) -> str:
    """The next file of the same agency's queue; the queue itself when it is empty."""
    following = (
        selectors.intake(request.actor)
        .filter(agency_id=document.agency_id)
        .exclude(pk=document.pk)
        .first()
    )
    if following is not None:
        return reverse("incoming:intake_item", args=[following.public_id])
    url = reverse("incoming:intake")
    several = len(request.actor.agencies_with(Role.CLERK)) > 1
    return f"{url}?co-quan={document.agency_id}" if several else url


def _item_page(
    request: ActorRequest,
    document: IncomingDocument,
    original: Original,
    suggestions: Suggestions,
    form: RegisterForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
    returning: ReasonForm | None = None,
) -> HttpResponse:
    waits = is_waiting(original) and form is None and request.GET.get("nhap-tay") != "1"
    url = reverse("incoming:intake_item", args=[document.public_id])
    if form is None:
        form = RegisterForm(initial={**_read_values(suggestions), "version": document.version})
    code, issuer = str(form["reference_code"].value() or ""), str(form["issuer_name"].value() or "")
    twins = selectors.possible_duplicates(
        request.actor, document, rules.duplicate_key(code, issuer)
    )
    sha256 = original.rendition.holding.blob.sha256
    copies = [
        one for one in selectors.same_file(request.actor, document, sha256) if one not in twins
    ]
    queue = _queue(request, document)
    context = {
        "document": document,
        "file": file_view(document, original, suggestions.marks),
        "reading": original.reading,
        "waits": waits,
        "poll_url": url,
        "manual_url": f"{url}?nhap-tay=1",
        "form": form,
        "hints": suggestions.fields,
        "read_count": suggestions.read_count,
        "look_count": suggestions.look_count,
        "missing": suggestions.missing,
        "twins": twins,
        "copies": copies,
        "wants_reason": bool(twins) or bool(form.errors.get("duplicate_reason")),
        "refusal": refusal,
        "next_number": selectors.next_arrival_number(document, clock.today()),
        "queue": queue[:_QUEUE_SHOWN],
        "queue_more": max(0, len(queue) - _QUEUE_SHOWN),
        "document_url": f"{reverse('incoming:intake')}?co-quan={document.agency_id}&mo=moi",
        "return_reason": returning["reason"].value() if returning else "",
        "return_fault": faults(returning["reason"]) if returning else "",
        "return_error": refusal.sentence if returning and refusal else "",
        "intake_url": f"{reverse('incoming:intake')}?co-quan={document.agency_id}",
        "return_url": reverse("incoming:return_to_sender", args=[document.public_id]),
        "accept": ACCEPT,
        "max_mb": max(1, settings.MAX_FILE_BYTES // 1_048_576),
    }
    response = render(request, "incoming/intake_item.html", context, status=status)
    if request.headers.get("HX-Request") == "true" and not waits:
        # The reading is done: the whole desk takes the place of the progress bar.
        response.headers["HX-Retarget"] = "#lam-viec"
        response.headers["HX-Reselect"] = "#lam-viec"
        response.headers["HX-Reswap"] = "outerHTML"
    elif request.headers.get("HX-Request") == "true":
        response.headers["HX-Reselect"] = "#dang-doc"
    return response


def _queue(request: ActorRequest, document: IncomingDocument) -> list[dict[str, Any]]:
    waiting = selectors.intake(request.actor).filter(agency_id=document.agency_id)
    lines = [
        {
            "label": one.reference_code or one.file_name,
            "url": reverse("incoming:intake_item", args=[one.public_id]),
            "icon": "intake" if one.channel == IncomingDocument.Channel.SCAN else "file",
            "current": one.pk == document.pk,
        }
        for one in waiting[:100]
    ]
    # The file being worked on stands first, wherever it is in the queue.
    return sorted(lines, key=lambda line: not line["current"])


@post_only
def return_to_sender(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The unregistered file, sent back with a reason."""
    document = selectors.seen(request.actor, public_id)
    form = ReasonForm(request.POST)
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            commands.return_to_sender(
                request.actor,
                public_id,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
            )
        except InvalidInput as fault:
            form.tell(fault)
        except (RuleBroken, ConflictingChange) as error:
            refusal = error
        else:
            return done(request, _next_url(request, document), "Đã trả lại nơi gửi.")
    original = selectors.original_of(document)
    suggestions = suggest(document, original, clock.today())
    status = refusal.http_status if refusal else 422
    return _item_page(
        request, document, original, suggestions, None, refusal, status, returning=form
    )
