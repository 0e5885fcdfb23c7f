"""The catalogue, one procedure with its times, and its late cases."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.persistence.paging import capped_count, keyset_page
from nhactruong.foundation.ui.rules import count_words, date_words
from nhactruong.foundation.ui.shapes import Badge, Column, FilterTag, RegisterRow
from nhactruong.foundation.ui.thread_layout import ThreadEdge, ThreadNode
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import DomainError, NotFound
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.procedures import policies, selectors
from nhactruong.masterdata.procedures.base import office_day
from nhactruong.masterdata.procedures.models import Procedure, ProcedureVersion
from nhactruong.masterdata.procedures.rules import STATE_LABELS, Content, State, time_words
from nhactruong.masterdata.procedures.selectors import CatalogueFilter, Measured

STATE_LOOKS: Final = {
    State.DRAFT: ("neutral", "edit"),
    State.PROPOSED: ("soon", "clock"),
    State.PUBLISHED: ("ok", "check"),
    State.REPLACED: ("neutral", "undo"),
}
_SHIPPED_BY: Final = "Giao kèm sản phẩm"
_NO_NORM: Final = "Theo hạn của việc"
STEP_COLUMNS: Final = (
    Column("number", "Bước", "code"),
    Column("name", "Nội dung", "subject"),
    Column("doer", "Người thực hiện"),
    Column("norm", "Định mức", "state"),
    Column("rule", "Căn cứ định mức"),
    Column("result", "Kết quả"),
)
_MEASURED_COLUMNS: Final = (
    *STEP_COLUMNS[:4],
    Column("spent", "Trung vị đã dùng", "nowrap"),
    Column("running", "Đang làm", "number"),
    STEP_COLUMNS[4],
    # On paper; on the screen the measured columns need its room.
    Column("result", "Kết quả", shown=False),
)
_LATE_COLUMNS: Final = (
    Column("code", "Số, ký hiệu", "code"),
    Column("title", "Trích yếu", "subject"),
    Column("step", "Đang ở bước"),
    Column("late", "Quá định mức từ", "date"),
    Column("state", "Trạng thái", "state"),
)


def badge_of(version: ProcedureVersion) -> Badge:
    """The state of a version as a badge."""
    return Badge(STATE_LABELS[version.as_state], *STATE_LOOKS[version.as_state])


def owner_of(procedure: Procedure) -> str:
    """Who publishes it."""
    return procedure.agency.short_name if procedure.agency else _SHIPPED_BY


def _address(**values: str) -> str:
    return "?" + urlencode({key: value for key, value in values.items() if value})


@require_safe
def catalogue(request: ActorRequest) -> HttpResponse:
    """Procedures in force and in the making, by level, field and state."""
    get = request.GET
    levels, states = (
        dict(Agency.Level.choices),
        {state.value: STATE_LABELS[state] for state in State},
    )
    fields = selectors.subject_fields()
    asked = {
        "cap": get.get("cap", "") if get.get("cap", "") in levels else "",
        "linh-vuc": get.get("linh-vuc", "") if get.get("linh-vuc", "") in fields else "",
        "trang-thai": get.get("trang-thai", "") if get.get("trang-thai", "") in states else "",
        "tim": get.get("tim", "").strip()[:100],
    }
    chosen = CatalogueFilter(asked["cap"], asked["linh-vuc"], asked["trang-thai"], asked["tim"])
    rows = selectors.catalogue(request.actor, chosen)
    page = keyset_page(rows, order=("-id",), cursor=get.get("trang", ""))
    words = {
        "cap": levels.get(asked["cap"], ""),
        "linh-vuc": asked["linh-vuc"],
        "trang-thai": states.get(asked["trang-thai"], ""),
        "tim": f"Có chữ: {asked['tim']}" if asked["tim"] else "",
    }
    return render(
        request,
        "procedures/list.html",
        {
            "lines": [_line(row) for row in page.rows],
            "asked": asked,
            "levels": [("", "Mọi cấp"), *levels.items()],
            "fields": [("", "Mọi lĩnh vực"), *((one, one) for one in fields)],
            "states": [("", "Đang áp dụng, đang soạn"), *states.items()],
            "tags": [
                FilterTag(label, _address(**{**asked, key: ""}))
                for key, label in words.items()
                if label
            ],
            "summary": f"{count_words(capped_count(rows))} bản quy trình",
            "newer_url": _address(**asked, trang=page.newer) if page.newer else "",
            "older_url": _address(**asked, trang=page.older) if page.older else "",
            "chosen_level": asked["cap"],
            "chosen_field": asked["linh-vuc"],
            "chosen_state": asked["trang-thai"],
            "words": asked["tim"],
        },
    )


def _line(version: ProcedureVersion) -> dict[str, Any]:
    procedure = version.procedure
    is_open = version.as_state in (State.DRAFT, State.PROPOSED)
    own = reverse("procedures:version", args=[version.public_id])
    return {
        "title": procedure.name,
        "url": own if is_open else reverse("procedures:detail", args=[procedure.public_id]),
        "level": procedure.get_level_display(),
        "owner": owner_of(procedure),
        "field": procedure.subject_field,
        "number": version.number,
        "since": version.published_at,
        "badge": badge_of(version),
    }


def step_rows(content: Content, found: Measured | None = None) -> list[RegisterRow]:
    """The steps as lines of the table."""
    rows = []
    for number, step in enumerate(content.steps, 1):
        cells = {
            "number": str(number),
            "name": step.name,
            "doer": step.doer_words,
            "norm": step.norm.words if step.norm else _NO_NORM,
            "rule": step.rule,
            "result": step.result,
        }
        if found is not None:
            spent = found.minutes_by_step.get(step.key)
            cells["spent"] = "–" if spent is None else time_words(spent, office_day())
            cells["running"] = str(found.running_by_step.get(step.key, 0)) if step.states else "–"
        rows.append(RegisterRow(cells))
    return rows


def drawing(content: Content) -> tuple[list[ThreadNode], list[ThreadEdge]]:
    """The steps as knots of one line; what an office added is drawn as expected."""
    nodes = [
        ThreadNode(
            key=step.key,
            label=f"{number}. {step.name}",
            note=step.norm.words if step.norm else _NO_NORM,
            column=number - 1,
            state="" if step.states else "next",
        )
        for number, step in enumerate(content.steps, 1)
    ]
    keys = [step.key for step in content.steps]
    edges = [ThreadEdge(a, b) for a, b in itertools.pairwise(keys)]
    return nodes, edges


def sheets(content: Content) -> list[tuple[str, str]]:
    """(name, address) of the forms; the address is empty when there is no page for it."""
    found = []
    for sheet in content.forms:
        try:
            url = reverse(sheet.address) if sheet.address else ""
        except NoReverseMatch:
            url = ""
        found.append((sheet.name, f"{url}?{sheet.query}" if url and sheet.query else url))
    return found


def _chosen(versions: Sequence[ProcedureVersion], asked: str) -> ProcedureVersion:
    number = whole_number(asked)
    if asked and number is None:
        raise NotFound("procedure.not_found", "Không tìm thấy bản quy trình.")
    if number is not None:
        found = next((one for one in versions if one.number == number), None)
        if found is None:
            raise NotFound("procedure.not_found", "Không tìm thấy bản quy trình.")
        return found
    in_force = next((one for one in versions if one.as_state == State.PUBLISHED), None)
    return in_force or versions[0]


def agencies_for(actor: Actor, procedure: Procedure, *, adopting: bool) -> list[tuple[int, str]]:
    """The actor's agencies that may adopt the procedure, or word a version from it."""
    found = []
    for agency in organization.agencies(actor.agency_ids).select_related("parent"):
        own = procedure.agency_id == agency.pk
        may = (
            policies.can_adopt(actor, procedure, agency.pk)
            if adopting
            else policies.can_propose(actor, agency.pk)
        )
        if may and (own or selectors.is_above(procedure, agency)) and not (own and adopting):
            found.append((agency.pk, agency.short_name))
    return found


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """A procedure: its steps, how its cases run, its versions and who follows it."""
    return procedure_page(request, selectors.get_procedure(request.actor, public_id))


def procedure_page(
    request: ActorRequest, procedure: Procedure, refusal: DomainError | None = None
) -> HttpResponse:
    """The page, again with the reason when an act was refused; with `in=1` the sheet to print."""
    actor = request.actor
    versions = selectors.versions_of(actor, procedure)
    shown = _chosen(versions, request.GET.get("ban", ""))
    content = selectors.reads(shown)
    list_url = reverse("procedures:list")
    here = reverse("procedures:detail", args=[procedure.public_id])
    context: dict[str, Any] = {
        "procedure": procedure,
        "shown": shown,
        "content": content,
        "owner": owner_of(procedure),
        "badge": badge_of(shown),
        "crumbs": [("Quy trình", list_url), (procedure.name, "")],
        "refusal": refusal,
        "published_on": shown.published_at,
    }
    if request.GET.get("in") == "1":
        context |= {
            "columns": STEP_COLUMNS,
            "rows": step_rows(content),
            "crumbs": [("Quy trình", list_url), (procedure.name, here), ("Bản in", "")],
            "printed_on": clock.today(),
            "agency": procedure.agency or organization.agency(actor.agency_ids[0]),
        }
        return render(request, "procedures/sheet.html", context)
    found = selectors.measured(actor, procedure)
    nodes, edges = drawing(content)
    post = actor.post
    in_force = (
        selectors.version_in_force(procedure.code, post.agency_id) if post is not None else None
    )
    context |= {
        "columns": _MEASURED_COLUMNS,
        "rows": step_rows(content, found),
        "nodes": nodes,
        "edges": edges,
        "found": found,
        "sheets": sheets(content),
        "versions": [(one, badge_of(one), _version_url(here, one)) for one in versions],
        "followers": selectors.followers(procedure),
        "is_ours": in_force == shown.pk,
        "our_agency": post.agency_name if post is not None else "",
        "adopting": agencies_for(actor, procedure, adopting=True),
        "wording": agencies_for(actor, procedure, adopting=False),
        "print_url": f"{here}?{urlencode({'ban': shown.number, 'in': 1})}",
    }
    status = refusal.http_status if refusal else 200
    return render(request, "procedures/detail.html", context, status=status)


def _version_url(here: str, version: ProcedureVersion) -> str:
    if version.as_state in (State.DRAFT, State.PROPOSED):
        return reverse("procedures:version", args=[version.public_id])
    return f"{here}?ban={version.number}"


@require_safe
def late(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The late cases behind the number, those the person may see."""
    procedure = selectors.get_procedure(request.actor, public_id)
    rows = [
        RegisterRow(
            {
                "code": card.reference or "Chưa có số",
                "title": card.heading,
                "step": step,
                "late": clock.local(due).date(),
                "state": Badge(card.state, card.state_tone),
            },
            url=card.url,
        )
        for card, step, due in selectors.late_cases(request.actor, procedure)
    ]
    here = reverse("procedures:detail", args=[procedure.public_id])
    return render(
        request,
        "procedures/late.html",
        {
            "procedure": procedure,
            "columns": _LATE_COLUMNS,
            "rows": rows,
            "crumbs": [
                ("Quy trình", reverse("procedures:list")),
                (procedure.name, here),
                ("Quá định mức", ""),
            ],
            "as_of": date_words(clock.today()),
        },
    )
