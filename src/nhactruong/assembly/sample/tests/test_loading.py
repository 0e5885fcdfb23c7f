"""The sample office as loaded: every paper stands where the data says, and nothing is left over."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime

import pytest

from nhactruong.assembly import sample
from nhactruong.assembly.sample import story
from nhactruong.assembly.sample.loading import issue_token
from nhactruong.assembly.sample.stage import Stage
from nhactruong.assembly.sample.tests.standing import (
    check_filing,
    check_numbers,
    check_queue,
    check_receipts,
    check_signatures,
    check_states,
)
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.selectors import user_of_token
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.deadlines import WorkingCalendar
from nhactruong.kernel.errors import NotFound, RuleBroken
from nhactruong.records.extraction.models import Reading
from nhactruong.records.incoming.handlers import read_incoming

pytestmark = pytest.mark.django_db


def test_accounts_are_data_and_need_no_django() -> None:
    program = (
        "import sys; from nhactruong.assembly import sample; rows = sample.accounts();"
        "assert 'django' not in sys.modules; print(len(rows))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert int(told.stdout) == len(story.read("people.toml")["person"])
    accounts = sample.accounts()
    assert len({account["username"] for account in accounts}) == len(accounts)
    assert all(len(account["password"]) >= 14 for account in accounts)
    leader = accounts[0]
    assert (leader["post"], leader["role"], leader["agency"]) == (
        "Bí thư Tỉnh ủy",
        "secretary",
        "Tỉnh ủy",
    )


def test_an_act_planned_for_later_today_is_moved_to_the_moment_of_loading() -> None:
    calendar = WorkingCalendar(date(2026, 1, 1), date(2027, 12, 31), {date(2026, 11, 20)})
    sunday_morning = datetime(2026, 11, 22, 8, 0, tzinfo=clock.OFFICE_ZONE)
    days = story.Days(calendar, sunday_morning)
    assert days.on(0) == date(2026, 11, 19)
    assert days.on(-1) == date(2026, 11, 18)
    assert days.on(1) == date(2026, 11, 23)
    early = story.Days(calendar, datetime(2026, 11, 23, 7, 30, tzinfo=clock.OFFICE_ZONE))
    assert early.at(0, "09:00") == early.loaded_at
    assert early.at(0, "07:12") < early.loaded_at
    assert story.Texts(days, {}).fill("{d:1} · {D:1} · {Y:0} · {m:1}") == (
        "23/11/2026 · ngày 23 tháng 11 năm 2026 · 2026 · 11/2026"
    )


def test_a_question_is_answered_filed_and_nothing_else_waits(small_story: Stage) -> None:
    check_states(small_story)
    check_filing()
    check_receipts(small_story)
    check_numbers(small_story)
    check_signatures()
    check_queue(small_story)
    assert small_story.going_out("cv-gop-y-tcd").reference_code == "233-CV/VPTU"
    assert small_story.coming_in("den.cv-tcd").answered_by_reference == "233-CV/VPTU"


def test_a_leader_finds_his_work_and_gets_a_token(small_story: Stage) -> None:
    chief = small_story.actor("vptu.chanh-vp")
    clerk = small_story.actor("vptu.hc.van-thu-1")
    assert "incoming.register" in {item.kind for item in workitems.waiting(clerk)}
    assert "outgoing.revise" in {
        item.kind for item in workitems.waiting(small_story.actor("vptu.qt.cv-1"))
    }
    user = user_of_token(issue_token("khue.do"))
    assert user is not None and user.pk == chief.user_id
    with pytest.raises(NotFound):
        issue_token("khong.co")


def test_a_scan_waits_for_the_worker_who_can_read_it(small_story: Stage) -> None:
    scan = small_story.coming_in("den.thuy-loi")
    reading = Reading.objects.get(rendition__version__component__document=scan.document_id)
    assert reading.state == Reading.State.WAITING
    read_incoming(scan)
    reading.refresh_from_db()
    assert reading.state == Reading.State.READ
    assert "thông báo lịch xả nước hồ Khe Nứa" in reading.text
    assert reading.proposals["issued_on"]["value"] == "2026-11-19"


def test_a_second_office_is_not_loaded_over_the_first(small_story: Stage) -> None:
    people = User.objects.count()
    with pytest.raises(RuleBroken) as refusal:
        sample.load()
    assert refusal.value.code == "sample.not_empty"
    assert User.objects.count() == people
