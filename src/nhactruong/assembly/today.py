"""What the first page shows, by what waits for the person and what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Case, Count, IntegerField, Max, Q, Value, When, Window
from django.urls import reverse

from nhactruong.foundation.audit import selectors as audit
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.ui.rules import WEEKDAYS, date_words, time_words, when_words
from nhactruong.foundation.workitems import inbox
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.inbox import Line
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.deadlines import WorkingCalendar, working_days_between
from nhactruong.kernel.states import PARTY_FORM_PREFIX, Role, SigningForm, Urgency
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.masterdata.workdays import selectors as workdays
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.distribution.rules import DeliveryState
from nhactruong.records.incoming import selectors as incoming
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import OPEN_STATES
from nhactruong.records.outgoing import policies
from nhactruong.records.outgoing import selectors as outgoing
from nhactruong.records.outgoing.models import OutgoingDocument

LEADING: Final = frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY})
SIGN: Final = "outgoing.sign"
_OPINIONS: Final = ("incoming.direct", "incoming.opinion")
_TO_SIGN, _TO_DECIDE, _OTHER = "sign", "decide", "other"
_LINES: Final = 8
_SMALL_LINES: Final = 5
_NOON: Final = time(12)
_APPROVALS: Final = ("outgoing.content_approved", "outgoing.form_approved")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at before signing, in words."""

    sentence: str
    is_good: bool = True


@dataclass(frozen=True, slots=True)
class Hero:
    """The first document to sign."""

    line: Line
    kind: str
    checks: Sequence[Check]
    sign_url: str
    page_url: str
    thread_url: str
    return_url: str


@dataclass(frozen=True, slots=True)
class Small:
    """A small line of a side card; `days` are the working days it is late (negative)."""

    title: str
    url: str
    meta: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What came in since the last afternoon of work, and what was heard of what went out."""

    heading: str
    lines: Sequence[Small]


@dataclass(frozen=True, slots=True)
class Today:
    """The page; `waiting` counts everything that waits, as the inbox does."""

    day: date
    greeting: str
    waiting: int
    is_leader: bool
    hero: Hero | None
    to_sign: Sequence[Line]
    to_sign_count: int
    opinions: Sequence[Line]
    opinions_count: int
    others_heading: str
    others: Sequence[Line]
    others_count: int
    overdue: Sequence[Small]
    overdue_count: int
    news: News


def _greeting(moment: datetime, count: int) -> str:
    part = "Sáng nay" if moment.time() < _NOON else "Chiều nay"
    if moment.hour >= 18:
        part = "Tối nay"
    if not count:
        return f"{part} không có việc nào chờ đồng chí"
    return f"{part} có {count} việc chờ đồng chí"


def of(actor: Actor) -> Today:
    """The page of `actor` now."""
    moment = clock.local(clock.now())
    today = moment.date()
    is_leader = any(role in LEADING for role, _ in actor.role_reach)
    desk = _desk(actor, is_leader, today)
    waiting = sum(desk.totals.values())
    overdue, overdue_count = _overdue(actor, today)
    return Today(
        day=today,
        greeting=_greeting(moment, waiting),
        waiting=waiting,
        is_leader=is_leader,
        hero=_hero(actor, desk.lines[_TO_SIGN], today),
        to_sign=desk.lines[_TO_SIGN],
        to_sign_count=desk.totals[_TO_SIGN],
        opinions=desk.lines[_TO_DECIDE],
        opinions_count=desk.totals[_TO_DECIDE],
        others_heading="Việc khác" if waiting > desk.totals[_OTHER] else "Việc đang chờ",
        others=desk.lines[_OTHER],
        others_count=desk.totals[_OTHER],
        overdue=overdue,
        overdue_count=overdue_count,
        news=_news(actor, moment),
    )


def _pressing(today: date) -> Case:
    """0 for what is late or due today, 1 for what is marked urgent, 2 for the rest."""
    return Case(
        When(due_on__lte=today, then=0),
        When(~Q(urgency=Urgency.NORMAL), then=1),
        default=2,
        output_field=IntegerField(),
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    lines: dict[str, list[Line]]
    totals: dict[str, int]


def _desk(actor: Actor, is_leader: bool, today: date) -> _Desk:
    """The first lines of each part of the inbox and how many it has, in one query."""
    waiting = workitems.waiting(actor)
    apart = (SIGN, *_OPINIONS) if is_leader else (SIGN,)
    # Nobody signs for another: what waits for a lent post's signature is in the inbox only.
    own = waiting.filter(kind=SIGN, token__in=list(actor.own_tokens))
    parts = {_TO_SIGN: own, _OTHER: waiting.exclude(kind__in=apart)}
    if is_leader:
        parts[_TO_DECIDE] = waiting.filter(kind__in=_OPINIONS)
    first = [
        rows.annotate(
            part=Value(part), total=Window(Count("pk")), pressing=_pressing(today)
        ).order_by("pressing", *workitems.WORST_FIRST)[:_LINES]
        for part, rows in parts.items()
    ]
    lines: dict[str, list[Line]] = {_TO_SIGN: [], _TO_DECIDE: [], _OTHER: []}
    totals = dict.fromkeys(lines, 0)
    found = first[0].union(*first[1:], all=True)
    items = sorted(found, key=lambda item: (item.pressing, item.due_on, item.pk))
    for item, line in zip(items, inbox.lines_of(actor, items, today), strict=True):
        lines[item.part].append(line)
        totals[item.part] = item.total
    return _Desk(lines, totals)


def _hero(actor: Actor, to_sign: Sequence[Line], today: date) -> Hero | None:
    if not to_sign:
        return None
    line = to_sign[0]
    key = line.item.object_id
    document = (
        outgoing.visible(actor)
        .filter(public_id=key)
        .select_related("organ", "authority__post")
        .first()
    )
    if document is None:
        return None
    sign_url = line.url
    return Hero(
        line=line,
        kind=type_name(document.document_type),
        checks=_checks(actor, document, today),
        sign_url=sign_url,
        page_url=reverse("outgoing:page", args=[key, 1]) if document.presented_hash else "",
        thread_url=reverse("thread", args=[key]),
        return_url=f"{sign_url}#d-tra-lai",
    )


def _checks(actor: Actor, document: OutgoingDocument, today: date) -> list[Check]:
    acts = audit.acts_on([document.public_id])
    checks = [
        Check(_approval_words(act, today)) for act in reversed(acts) if act.action in _APPROVALS
    ]
    if not checks:
        sent = next((act for act in acts if act.action == "outgoing.submitted"), None)
        if sent is not None:
            checks.append(Check(f"{_who(sent)} trình thẳng người ký {_moment(sent.at, today)}"))
    holds = outgoing.authority_holds(document, today)
    decision = policies.can_sign(actor, document, authority_holds=holds)
    if document.presented_hash:
        checks.append(Check("Bản trình ký đã khóa nội dung, dàn trang đúng thể thức"))
    if holds and document.authority is not None:
        form = SigningForm(document.authority.form)
        name = f"{PARTY_FORM_PREFIX[form]} {document.organ.name}".strip()
        words = (
            f"Ký {name}, đúng thẩm quyền {document.authority.post.title}"
            if PARTY_FORM_PREFIX[form]
            else f"Ký đúng thẩm quyền {document.authority.post.title}"
        )
        checks.append(Check(words))
    if not decision:
        checks.append(Check(decision.reason, is_good=False))
    return checks


def _who(act: AuditRow) -> str:
    title = act.post_title.split(",")[0]
    return f"{title} {act.person_name}".strip()


def _moment(at: datetime, today: date) -> str:
    moment = clock.local(at)
    if moment.date() == today:
        return f"lúc {time_words(at)} hôm nay"
    day = f"{moment:%d/%m}" if moment.year == today.year else date_words(moment)
    return f"lúc {time_words(at)} ngày {day}"


def _approval_words(act: AuditRow, today: date) -> str:
    return f"{_who(act)} đã duyệt {_moment(act.at, today)}"


def _overdue(actor: Actor, today: date) -> tuple[list[Small], int]:
    """Documents in sight that are past their date and not yet settled, the oldest first."""
    late = incoming.listed(actor, incoming.ListFilter(late=True), today=today)
    rows: list[Any] = list(
        late.annotate(total=Window(Count("pk"))).order_by("due_on", "pk")[:_SMALL_LINES]
    )
    calendar = _calendar(actor)
    return [
        Small(
            title=row.subject,
            url=reverse("incoming:detail", args=[row.public_id]),
            meta=row.lead_printed or row.issuer_name,
            days=min(working_days_between(today, row.due_on, calendar), -1),
        )
        for row in rows
    ], rows[0].total if rows else 0


def _calendar(actor: Actor) -> WorkingCalendar:
    """The working calendar of the person's own agency."""
    post = actor.post
    return workdays.calendar(post.agency_id if post else None)


def _since(moment: datetime, calendar: WorkingCalendar) -> datetime:
    """Noon of the last working day before this one."""
    day = moment.date() - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, _NOON, tzinfo=clock.OFFICE_ZONE)


def _news(actor: Actor, moment: datetime) -> News:
    since = _since(moment, _calendar(actor))
    is_yesterday = since.date() == moment.date() - timedelta(days=1)
    day = "qua" if is_yesterday else WEEKDAYS[since.weekday()]
    lines = [*_deliveries(actor, since, moment.date()), *_arrivals(actor, since, moment.date())]
    return News(f"Từ chiều {day} đến nay", lines)


def _arrivals(actor: Actor, since: datetime, today: date) -> list[Small]:
    """How much was registered since then of what is in sight, and the newest three."""
    newest = list(
        incoming.visible(actor)
        .filter(agency_id__in=actor.agency_ids, registered_at__gte=since)
        .annotate(
            total=Window(Count("pk")),
            urgent=Window(Count("pk", filter=~Q(urgency=Urgency.NORMAL))),
            waiting=Window(Count("pk", filter=Q(state__in=sorted(OPEN_STATES)))),
        )
        .order_by("-registered_at")[:3]
    )
    if not newest:
        return []
    head = newest[0]
    parts = [f"{head.total} văn bản đến"]
    if head.urgent:
        parts.append(f"{head.urgent} bản khẩn")
    state = f"{head.waiting} bản đang chờ giải quyết" if head.waiting else "Đã giải quyết xong"
    return [
        Small(", ".join(parts), reverse("incoming:list"), state),
        *(_arrival(row, today) for row in newest),
    ]


def _arrival(row: IncomingDocument, today: date) -> Small:
    when = when_words(row.registered_at, today) if row.registered_at else ""
    meta = " · ".join(filter(None, (row.reference_code, row.issuer_name, when)))
    return Small(row.subject, reverse("incoming:detail", args=[row.public_id]), meta)


def _deliveries(actor: Actor, since: datetime, today: date) -> list[Small]:
    """What was heard since then of documents in sight: how many places have acknowledged."""
    heard = (
        Delivery.objects.filter(
            document__public_id__in=outgoing.visible(actor)
            .filter(agency_id__in=actor.agency_ids, issued_at__gte=since - timedelta(days=30))
            .values("public_id")
        )
        .values("document__public_id", "letter__reference_code")
        .annotate(
            total=Count("pk"),
            received=Count("pk", filter=Q(state=DeliveryState.ACKNOWLEDGED)),
            refused=Count("pk", filter=Q(state=DeliveryState.REFUSED)),
            last=Max("acknowledged_at"),
        )
        .filter(Q(last__gte=since) | Q(refused__gt=0))
        .order_by("-last")[:3]
    )
    lines = []
    for row in heard:
        code = row["letter__reference_code"]
        title = f"{row['received']}/{row['total']} nơi đã nhận {code}"
        if row["received"] == row["total"] and row["last"]:
            meta = f"Nhận đủ: {when_words(row['last'], today)}"
        elif row["refused"]:
            meta = f"{row['refused']} nơi trả lại"
        else:
            meta = f"Gần nhất: {when_words(row['last'], today)}" if row["last"] else ""
        lines.append(
            Small(title, reverse("outgoing:detail", args=[row["document__public_id"]]), meta)
        )
    return lines
