"""What the first page shows, by what waits for the person and what the person may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Max, Q
from django.urls import reverse

from nhactruong.foundation.audit import selectors as audit
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.ui.rules import date_words, time_words, when_words
from nhactruong.foundation.workitems import inbox
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.inbox import Line
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
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
_SIGN: Final = "outgoing.sign"
_OPINIONS: Final = ("incoming.direct", "incoming.opinion")
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
    """A small line of a side card."""

    title: str
    url: str
    meta: str
    line: Line | None = None
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
    waiting = workitems.waiting(actor)
    tally = waiting.aggregate(
        all=Count("pk"),
        sign=Count("pk", filter=Q(kind=_SIGN)),
        opinions=Count("pk", filter=Q(kind__in=_OPINIONS)),
    )
    is_leader = any(role in LEADING for role, _ in actor.role_reach)
    apart = (_SIGN, *_OPINIONS) if is_leader else (_SIGN,)
    order = workitems.WORST_FIRST
    to_sign = inbox.lines_of(
        actor,
        waiting.filter(kind=_SIGN).order_by(*order)[:_LINES] if tally["sign"] else (),
        today,
    )
    opinions = inbox.lines_of(
        actor,
        waiting.filter(kind__in=_OPINIONS).order_by(*order)[:_LINES]
        if is_leader and tally["opinions"]
        else (),
        today,
    )
    others_count = tally["all"] - tally["sign"] - (tally["opinions"] if is_leader else 0)
    others = inbox.lines_of(
        actor,
        waiting.exclude(kind__in=apart).order_by(*order)[:_LINES] if others_count else (),
        today,
    )
    overdue, overdue_count = _overdue(actor, today)
    return Today(
        day=today,
        greeting=_greeting(moment, tally["all"]),
        waiting=tally["all"],
        is_leader=is_leader,
        hero=_hero(actor, to_sign, today),
        to_sign=to_sign[1:],
        to_sign_count=tally["sign"],
        opinions=opinions,
        opinions_count=tally["opinions"],
        others=others,
        others_count=others_count,
        overdue=overdue,
        overdue_count=overdue_count,
        news=_news(actor, moment),
    )


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
        return_url=f"{sign_url}#tra-lai",
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
        basis = document.authority.basis
        checks.append(Check(f"{words} ({basis})" if basis else words))
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
    return f"lúc {time_words(at)} ngày {date_words(moment)}"


def _approval_words(act: AuditRow, today: date) -> str:
    return f"{_who(act)} đã duyệt {_moment(act.at, today)}"


def _overdue(actor: Actor, today: date) -> tuple[list[Small], int]:
    """Documents in sight that are past their date and not yet settled, the oldest first."""
    late = incoming.listed(actor, incoming.ListFilter(late=True), today=today)
    rows = list(late.order_by("due_on", "pk")[: _SMALL_LINES + 1])
    count = len(rows) if len(rows) <= _SMALL_LINES else late.count()
    calendar = workdays.calendar()
    from nhactruong.kernel.deadlines import working_days_between

    return [
        Small(
            title=row.subject,
            url=reverse("incoming:detail", args=[row.public_id]),
            meta=row.lead_printed or row.issuer_name,
            days=min(working_days_between(today, row.due_on, calendar), -1),
        )
        for row in rows[:_SMALL_LINES]
    ], count


def _since(moment: datetime) -> datetime:
    """Noon of the last working day before this one."""
    calendar = workdays.calendar()
    day = moment.date() - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, _NOON, tzinfo=clock.OFFICE_ZONE)


_WEEKDAYS: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def _news(actor: Actor, moment: datetime) -> News:
    since = _since(moment)
    is_yesterday = since.date() == moment.date() - timedelta(days=1)
    heading = (
        "Từ chiều qua đến nay" if is_yesterday else f"Từ chiều {_WEEKDAYS[since.weekday()]} đến nay"
    )
    lines = [*_deliveries(actor, since, moment.date()), *_arrivals(actor, since, moment.date())]
    return News(heading, lines)


def _arrivals(actor: Actor, since: datetime, today: date) -> list[Small]:
    arrived = incoming.visible(actor).filter(
        agency_id__in=actor.agency_ids, registered_at__gte=since
    )
    tally = arrived.aggregate(
        all=Count("pk"),
        urgent=Count("pk", filter=~Q(urgency=Urgency.NORMAL)),
        settled=Count("pk", filter=~Q(state__in=[state.value for state in OPEN_STATES])),
    )
    if not tally["all"]:
        return []
    parts = [f"{tally['all']} văn bản đến đã vào sổ"]
    if tally["urgent"]:
        parts.append(f"{tally['urgent']} bản khẩn")
    summary = Small(
        ", ".join(parts),
        reverse("incoming:list"),
        f"{tally['settled']} bản đã giải quyết xong" if tally["settled"] else "",
    )
    newest: Iterable[IncomingDocument] = arrived.order_by("-registered_at")[:3]
    return [
        summary,
        *(
            Small(
                row.subject,
                reverse("incoming:detail", args=[row.public_id]),
                " · ".join(
                    part
                    for part in (
                        row.reference_code,
                        row.issuer_name,
                        when_words(row.registered_at, today) if row.registered_at else "",
                    )
                    if part
                ),
            )
            for row in newest
        ),
    ]


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
