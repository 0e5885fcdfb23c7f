"""Lists as files: the empty one to fill, the list as it stands, the rows with faults."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel import clock
from nhactruong.kernel.errors import NotFound
from nhactruong.masterdata.importing import commands, policies, selectors
from nhactruong.masterdata.importing.models import ListImport
from nhactruong.masterdata.importing.rules import KINDS, ListCode, ListKind, headings_of
from nhactruong.masterdata.importing.taking_out import MEDIA, csv_lines, xlsx_file


def _kind(list_code: str) -> ListKind:
    if list_code not in list(ListCode):
        raise NotFound("importing.no_list", "Không có danh sách này.")
    return KINDS[ListCode(list_code)]


def _form(request: ActorRequest) -> str:
    return "csv" if request.GET.get("dang") == "csv" else "xlsx"


@require_safe
def template(request: ActorRequest, list_code: str) -> HttpResponseBase:
    """The list without a line: headings, and in XLSX a second sheet that explains them."""
    kind = _kind(list_code)
    policies.can_bring_in(request.actor).require()
    form = _form(request)
    name = f"mau-{list_code}.{form}"
    if form == "csv":
        return _named(StreamingHttpResponse(csv_lines(headings_of(kind), ())), form, name)
    return FileResponse(xlsx_file(kind, ()), as_attachment=True, filename=name)


@require_safe
def take_out(request: ActorRequest, list_code: str) -> HttpResponseBase:
    """The list of the agencies in the actor's reach, in the columns of an import; recorded."""
    kind = _kind(list_code)
    policies.can_bring_in(request.actor).require()
    accounts.require_confirmed(request.actor)
    scope = selectors.reach_of(request.actor, policies.PROPOSING)
    form = _form(request)
    commands.note_taken_out(request.actor, kind.code, form=form, agencies=len(scope))
    lines = selectors.lines_of(kind.code, scope)
    name = f"{list_code}-{clock.today():%Y%m%d}.{form}"
    if form == "csv":
        return _named(StreamingHttpResponse(csv_lines(headings_of(kind), lines)), form, name)
    return FileResponse(xlsx_file(kind, lines), as_attachment=True, filename=name)


@require_safe
def faults(request: ActorRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The rows with faults as they came, each with what is wrong: to be mended and sent again."""
    found = selectors.get_import(request.actor, public_id)
    audit.record_reading(request.actor, "importing.faults_exported", found)
    heading = [*headings_of(found.kind), "Dòng", "Lỗi"]
    lines = csv_lines(heading, _faulty(found))
    return _named(StreamingHttpResponse(lines), "csv", f"loi-{found.list_code}.csv")


def _faulty(found: ListImport) -> Iterator[list[str]]:
    for row in selectors.faulty_rows(found):
        said = [f"{found.kind.heading(column)}: {sentence}" for column, sentence in row.faults]
        yield [*row.cells, str(row.number), " | ".join(said)]


def _named(response: HttpResponseBase, form: str, name: str) -> HttpResponseBase:
    response.headers["Content-Type"] = MEDIA[form]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
