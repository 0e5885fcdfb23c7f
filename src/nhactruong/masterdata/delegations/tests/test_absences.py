"""Somebody is away: the substitute works, the digest tells, the summary waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from nhactruong.foundation.jobs.commands import taken_by
from nhactruong.foundation.mail.events import MailWritten
from nhactruong.foundation.notices.models import Notice
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import service_actor
from nhactruong.kernel.errors import AccessDenied, NotFound, RuleBroken
from nhactruong.masterdata.delegations import commands, rules
from nhactruong.masterdata.delegations.models import Digest
from nhactruong.masterdata.organization.models import Absence, Delegation
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters as coming
from nhactruong.records.incoming.tests.conftest import Desk

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (TODAY, TODAY, ""),
        (TODAY - timedelta(days=3), TODAY, ""),
        (TODAY, TODAY - timedelta(days=1), "absence.backwards"),
        (TODAY - timedelta(days=3), TODAY - timedelta(days=1), "absence.past"),
        (TODAY, TODAY + timedelta(days=59), ""),
        (TODAY, TODAY + timedelta(days=60), "absence.too_long"),
    ],
)
def test_which_days_may_be_declared(first: date, last: date, code: str) -> None:
    said = rules.may_be_away(first, last, TODAY)
    assert (bool(said), said.code) == (not code, code)


def test_the_substitute_stands_in_from_now_to_the_end_of_the_last_day() -> None:
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    begins, ends = rules.instants(TODAY, TODAY, now, clock.OFFICE_ZONE)
    assert (begins, ends) == (now, datetime(2026, 11, 23, 17, tzinfo=UTC))
    begins, _ = rules.instants(TODAY + timedelta(days=1), TODAY, now, clock.OFFICE_ZONE)
    assert begins == datetime(2026, 11, 23, 17, tzinfo=UTC)


def away(office: SmallOffice, who: str = "khue", substitute: str | None = "le") -> Absence:
    return commands.declare_absence(
        office.actor(who),
        first=clock.today(),
        last=clock.today() + timedelta(days=1),
        reason="Đi công tác",
        substitute=office.people[substitute] if substitute else None,
    )


def direct(office: SmallOffice, who: str, letter: IncomingDocument) -> None:
    incoming.direct(
        office.actor(who), letter.public_id, lead=coming.desk(office, "th"), version=None
    )


@pytest.mark.django_db
def test_new_work_is_before_both_and_either_does_it(office: SmallOffice) -> None:
    made = away(office)
    letter = coming.registered(office)
    for who in ("khue", "le"):
        waiting = workitems.waiting(office.actor(who)).values_list("object_id", flat=True)
        assert letter.public_id in set(waiting), who
    direct(office, "le", letter)
    assert workitems.count_waiting(office.actor("khue")) == 0
    commands.end_absence(office.actor("khue"), made.public_id)
    assert office.actor("le").lent == ()
    with pytest.raises(NotFound):
        commands.end_absence(office.actor("le"), made.public_id)


@pytest.mark.django_db
def test_the_substitute_stands_in_until_the_last_second_of_the_last_day(
    office: SmallOffice,
) -> None:
    made = away(office)
    ends = datetime.combine(made.valid.upper, datetime.min.time(), clock.OFFICE_ZONE)
    for moment, stands in ((ends - timedelta(seconds=1), True), (ends, False)):
        with clock.frozen_at(moment):
            assert bool(office.actor("le").lent) is stands


@pytest.mark.django_db
def test_absences_do_not_overlap_and_the_clerk_names_no_substitute(office: SmallOffice) -> None:
    away(office)
    with pytest.raises(RuleBroken, match="đã khai vắng"):
        away(office, substitute=None)
    with pytest.raises(AccessDenied, match="giữ dấu"):
        away(office, "nhan", "suong")
    assert away(office, "nhan", None).substitute is None
    assert Delegation.objects.count() == 1


@pytest.mark.django_db
def test_declared_worked_through_and_told_on_return(
    office: SmallOffice,
    sign_in: Callable[[str], Desk],
    django_assert_max_num_queries: Any,
) -> None:
    chief, today = sign_in("khue"), clock.local(clock.now())
    sent = {
        "first": f"{today:%d/%m/%Y}",
        "last": f"{today:%d/%m/%Y}",
        "reason": "Đi công tác",
        "person": office.people["le"].pk,
    }
    assert chief.send("/toi/vang-mat/", sent).status_code == 422  # no code
    assert chief.send("/toi/vang-mat/", {**sent, "step_up_code": PASSWORD}).status_code == 303
    letter = coming.registered(office)
    direct(office, "le", letter)
    with django_assert_max_num_queries(15):
        listed = chief.get("/toi/vang-mat/").content.decode()
    assert "Trịnh Thu Lệ xử lý thay" in listed
    page = reverse("delegations:meanwhile", args=[Absence.objects.get().public_id])
    with django_assert_max_num_queries(15):
        told = chief.get(page).content.decode()
    assert "Trong thời gian đồng chí vắng" in told
    assert "Trịnh Thu Lệ (xử lý thay Chánh Văn phòng Tỉnh ủy)" in told
    assert "118-BC/ĐU" in told
    assert sign_in("le").get(page).status_code == 404
    assert chief.send(f"{page}co-mat/").status_code == 303
    assert office.actor("le").lent == ()


MESSENGER = service_actor("messenger", "Hệ thống")


@pytest.mark.django_db
def test_the_giver_is_told_once_the_next_morning_without_content(office: SmallOffice) -> None:
    day = clock.today()
    evening = datetime.combine(day, time(16), clock.OFFICE_ZONE)
    with writes_allowed():
        account = office.user("khue")
        account.email = "khue@vptu.example"
        account.save()
    letters: list[MailWritten] = []

    def take(event: Any, handler: Any) -> None:
        letters.append(event)

    with clock.frozen_at(evening):
        away(office)
        letter = coming.registered(office)
        direct(office, "le", letter)
        assert commands.send_digests(MESSENGER) == 0  # nothing was done yesterday
    before_six, morning = evening + timedelta(hours=13), evening + timedelta(hours=15)
    with taken_by(take):
        with clock.frozen_at(before_six):
            assert commands.send_digests(MESSENGER) == 0
        with clock.frozen_at(morning):
            assert commands.send_digests(MESSENGER) == 1
            assert commands.send_digests(MESSENGER) == 0
    digest = Digest.objects.get()
    assert (digest.day, digest.acts) == (day, 1)
    told = Notice.objects.get(kind="delegation.digest")
    assert told.text == (
        f"Ngày {day:%d/%m}, Trịnh Thu Lệ (xử lý thay Chánh Văn phòng Tỉnh ủy) đã làm 1 việc, xem 0 lượt"
    )
    sent = [event for event in letters if isinstance(event, MailWritten)]
    assert [event.to for event in sent] == ["khue@vptu.example"]
    assert "- Bút phê: 1" in sent[0].text
    assert letter.subject not in sent[0].text
    assert mail.outbox == []
