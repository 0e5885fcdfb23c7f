"""Reading procedures: what is in force where, what is new, and how its cases run."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from django.apps import apps
from django.db.models import Case as Chosen
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from nhactruong.foundation.thread.cards import RecordCard, cards
from nhactruong.foundation.ui.shapes import Due
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.deadlines import working_days_between
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.procedures.base import Case, content_of, office_day
from nhactruong.masterdata.procedures.models import Adoption, Procedure, ProcedureVersion
from nhactruong.masterdata.procedures.policies import PROPOSING
from nhactruong.masterdata.procedures.rules import Content, State, from_json, medians
from nhactruong.masterdata.workdays import selectors as workdays

#: The end of a day belongs to that day.
_A_MOMENT: Final = timedelta(microseconds=1)
#: Of so many finished cases, the newest, the median is taken.
_MEASURED: Final = 300
_MOST_COUNTED: Final = 10_000
_MOST_LATE: Final = 200
_PUBLIC: Final = (State.PUBLISHED.value, State.REPLACED.value)
_LEVELS: Final = (Agency.Level.CENTRAL, Agency.Level.PROVINCE, Agency.Level.COMMUNE)


def version_in_force(code: str, agency_id: int) -> int | None:
    """The version a new case of the agency is pinned to; one query.

    Its own wording first, then what it has adopted, then what is shipped for everybody.
    """
    adopted = Adoption.objects.filter(agency_id=agency_id, code=code, ended_at=None)
    own = Q(procedure__agency_id=agency_id, state=State.PUBLISHED.value)
    shipped = Q(procedure__agency=None, state=State.PUBLISHED.value)
    rows = (
        ProcedureVersion.objects.filter(procedure__code=code)
        .filter(own | shipped | Q(pk__in=adopted.values("version_id")))
        .alias(
            nearness=Chosen(
                When(procedure__agency_id=agency_id, then=0),
                When(Exists(adopted.filter(version_id=OuterRef("pk"))), then=1),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("nearness")
    )
    return rows.values_list("pk", flat=True).first()


def _own_agencies(actor: Actor) -> list[int]:
    """The agencies whose unpublished wordings the actor reads."""
    return list(actor.agencies_with(*PROPOSING))


def _readable(actor: Actor) -> Q:
    return Q(state__in=_PUBLIC) | Q(procedure__agency_id__in=_own_agencies(actor))


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """What the list's filter bar says; empty values filter nothing."""

    level: str = ""
    subject_field: str = ""
    state: str = ""
    words: str = ""


def catalogue(actor: Actor, chosen: CatalogueFilter) -> QuerySet[ProcedureVersion]:
    """Versions in force and versions in the making that the actor may read; unordered."""
    rows = (
        ProcedureVersion.objects.filter(_readable(actor))
        .select_related("procedure__agency")
        .defer("content")
    )
    rows = (
        rows.filter(state=chosen.state)
        if chosen.state
        else rows.exclude(state=State.REPLACED.value)
    )
    if chosen.words:
        rows = rows.filter(procedure__name__icontains=chosen.words)
    if chosen.level:
        rows = rows.filter(procedure__level=chosen.level)
    if chosen.subject_field:
        rows = rows.filter(procedure__subject_field=chosen.subject_field)
    return rows


def subject_fields() -> Sequence[str]:
    """The fields that have a procedure, in the order of their letters."""
    found = Procedure.objects.order_by().values_list("subject_field", flat=True).distinct()
    return sorted(found, key=fold)


def get_procedure(actor: Actor, public_id: uuid.UUID) -> Procedure:
    """The procedure when the actor may read any version of it. Raises: NotFound."""
    readable = ProcedureVersion.objects.filter(_readable(actor), procedure=OuterRef("pk"))
    row = (
        Procedure.objects.filter(Exists(readable), public_id=public_id)
        .select_related("agency")
        .first()
    )
    if row is None:
        raise NotFound("procedure.not_found", "Không tìm thấy quy trình.")
    return row


def versions_of(actor: Actor, procedure: Procedure) -> Sequence[ProcedureVersion]:
    """The readable versions of a procedure, the newest first."""
    rows = ProcedureVersion.objects.filter(_readable(actor), procedure=procedure)
    return list(rows.select_related("adapts__procedure__agency").order_by("-number"))


def get_version(actor: Actor, public_id: uuid.UUID) -> ProcedureVersion:
    """A version the actor may read. Raises: NotFound, as if it were absent."""
    row = (
        ProcedureVersion.objects.filter(_readable(actor), public_id=public_id)
        .select_related("procedure__agency", "adapts__procedure__agency")
        .first()
    )
    if row is None:
        raise NotFound("procedure.not_found", "Không tìm thấy bản quy trình.")
    return row


def lock_version(actor: Actor, public_id: uuid.UUID, version: int | None) -> ProcedureVersion:
    """A readable version, locked for change. Raises: NotFound, ConflictingChange."""
    row = (
        ProcedureVersion.objects.filter(_readable(actor), public_id=public_id)
        .select_related("procedure")
        .select_for_update(of=("self",))
        .first()
    )
    if row is None:
        raise NotFound("procedure.not_found", "Không tìm thấy bản quy trình.")
    return row.require_version(version)


def published(procedure: Procedure) -> ProcedureVersion | None:
    """The version in force of a procedure."""
    return ProcedureVersion.objects.filter(procedure=procedure, state=State.PUBLISHED.value).first()


def previous_of(version: ProcedureVersion) -> ProcedureVersion | None:
    """What a version is compared with: the one it replaces, else the superior's it adapts."""
    before = (
        ProcedureVersion.objects.filter(
            procedure_id=version.procedure_id, number__lt=version.number, state__in=_PUBLIC
        )
        .order_by("-number")
        .first()
    )
    return before or version.adapts


def reads(version: ProcedureVersion) -> Content:
    """What a version says, published or not."""
    return content_of(version.pk) if version.state in _PUBLIC else from_json(version.content)


def is_above(procedure: Procedure, agency: Agency) -> bool:
    """Whether the agency stands under whoever publishes the procedure."""
    if procedure.agency_id is None:
        return True
    if procedure.agency_id == agency.pk:
        return False
    if _LEVELS.index(Agency.Level(procedure.level)) < _LEVELS.index(Agency.Level(agency.level)):
        return True
    above = agency.parent
    while above is not None:
        if above.pk == procedure.agency_id:
            return True
        above = above.parent
    return False


@dataclass(frozen=True, slots=True)
class Follower:
    """An agency that applies a version as it is, or adapted."""

    agency: str
    number: int
    is_adapted: bool
    is_current: bool
    since: datetime | None


def followers(procedure: Procedure) -> Sequence[Follower]:
    """Who below has adopted or adapted the procedure."""
    adopted = Adoption.objects.filter(version__procedure=procedure, ended_at=None)
    adapted = ProcedureVersion.objects.filter(
        adapts__procedure=procedure, state=State.PUBLISHED.value
    ).exclude(procedure=procedure)
    current = published(procedure)
    number = current.number if current else 0
    found = [
        Follower(
            row.agency.short_name,
            row.version.number,
            False,
            row.version.number == number,
            row.adopted_at,
        )
        for row in adopted.select_related("agency", "version").order_by("agency__sort_key")
    ]
    for row in adapted.select_related("procedure__agency", "adapts").order_by("pk"):
        owner, base = row.procedure.agency, row.adapts
        if owner is not None and base is not None:
            found.append(
                Follower(
                    owner.short_name, base.number, True, base.number == number, row.published_at
                )
            )
    return found


# Cases ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: step `position` of `steps`, and how much of its time is left."""

    position: int
    steps: int
    name: str
    due: Due | None

    @property
    def words(self) -> str:
        """`Bước 3/7 · còn 2 ngày làm việc`, the quiet line of a document's page."""
        step = f"Bước {self.position}/{self.steps}"
        left = self.due.remaining if self.due else None
        if left is None:
            return step
        if left < 0:
            return f"{step} · quá định mức {-left} ngày làm việc"
        return f"{step} · còn {left} ngày làm việc" if left else f"{step} · hết hôm nay"


def standing_of(case: Case) -> Standing | None:
    """Where a running case stands; None when it is over or follows no procedure. No query."""
    if case.procedure_id is None or not case.step:
        return None
    content = content_of(case.procedure_id)
    step = content.step(case.step)
    if step is None:
        return None
    due = None
    if case.step_due_at is not None:
        last = clock.local(case.step_due_at - _A_MOMENT).date()
        agency_id = cast(int, getattr(case, "agency_id"))  # noqa: B009 (a field of whoever inherits)
        left = working_days_between(clock.today(), last, workdays.calendar(agency_id))
        if case.step_due_at < clock.now() and left >= 0:
            left = -1
        due = Due(left, last, step.rule)
    return Standing(content.position(case.step), len(content.steps), step.name, due)


def _case_models() -> Iterator[type[Case]]:
    for model in apps.get_models():
        if issubclass(model, Case):
            yield model


@dataclass(frozen=True, slots=True)
class Measured:
    """How the cases of a procedure run, as far as the actor sees them."""

    running: int
    late: int
    running_by_step: Mapping[str, int]
    #: Median of working minutes by step, of the newest finished cases.
    minutes_by_step: Mapping[str, int]
    finished: int


def measured(actor: Actor, procedure: Procedure) -> Measured:
    """Running, late and median times; counted among what the actor may see."""
    versions = list(procedure.versions.values_list("pk", flat=True))
    by_step: Counter[str] = Counter()
    late = 0
    trails: list[list[list[str]]] = []
    now = clock.now()
    for model in _case_models():
        seen = model.objects.visible_to(actor).filter(procedure_id__in=versions)
        running = seen.exclude(step="")
        rows = running.values_list("step", "step_due_at")[:_MOST_COUNTED]
        for step, due in rows:
            by_step[step] += 1
            late += due is not None and due < now
        finished = seen.filter(step="").order_by("-pk")
        trails += finished.values_list("trail", flat=True)[:_MEASURED]
    spent = medians(trails, workdays.calendar(), office_day())
    return Measured(by_step.total(), late, by_step, spent, len(trails))


def late_cases(actor: Actor, procedure: Procedure) -> Sequence[tuple[RecordCard, str, datetime]]:
    """(card, name of the step, since when it is late) of late cases, the latest first."""
    versions = list(procedure.versions.values_list("pk", flat=True))
    found: list[tuple[str, uuid.UUID, int, str, datetime]] = []
    for model in _case_models():
        rows = (
            model.objects.visible_to(actor)
            .filter(procedure_id__in=versions, step_due_at__lt=clock.now())
            .exclude(step="")
            .order_by("step_due_at", "pk")
            .values_list("public_id", "procedure_id", "step", "step_due_at")[:_MOST_LATE]
        )
        found += [
            (model.type_name(), thing, version, step, due)
            for thing, version, step, due in rows
            if due is not None and version is not None
        ]
    found.sort(key=lambda row: row[4])
    shown = cards(actor, [(kind, thing) for kind, thing, *_ in found])
    late = []
    for _, thing, version, key, due in found:
        step = content_of(version).step(key)
        if thing in shown and step is not None:
            late.append((shown[thing], step.name, due))
    return late
