from __future__ import annotations

import threading
import uuid
from datetime import date

import pytest
from django.db import connection, transaction

from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor, service_actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.records.numbering import commands, selectors
from nhactruong.records.numbering.models import AllottedNumber
from nhactruong.records.numbering.rules import SeriesKey

CLERK = service_actor("test", "Văn thư thử")


class Paper:
    """Something that takes a number."""

    def __init__(self) -> None:
        self.public_id = uuid.uuid4()

    @classmethod
    def type_name(cls) -> str:
        return "Paper"


@command
def number_one(actor: Actor, key: SeriesKey, *, fail: bool = False) -> int:
    """One number, or none when the act fails after taking it."""
    number = commands.take_next(actor, Paper(), key=key, dated_on=date(2026, 11, 23)).number
    if fail:
        raise RuleBroken("test.late_refusal", "Hỏng sau khi lấy số.")
    return number


def series_of(office: SmallOffice) -> SeriesKey:
    from nhactruong.masterdata.organization import selectors as organization

    agency = office.agencies["tu"]
    term = organization.term_of(agency.pk)
    assert term is not None
    return SeriesKey(
        organization.registry_of(agency.pk).pk,
        "tu",
        "thong-bao",
        f"term:{term.starts_on.isoformat()}",
    )


@pytest.mark.django_db(transaction=True)
def test_many_clerks_at_once_get_consecutive_numbers_though_some_acts_fail() -> None:
    key = series_of(small_office())
    taken: list[int] = []

    def work(worker: int) -> None:
        try:
            for turn in range(10):
                if (worker + turn) % 4 == 0:
                    with pytest.raises(RuleBroken):
                        number_one(CLERK, key, fail=True)
                taken.append(number_one(CLERK, key))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 81))
    assert selectors.last_number(key) == 80


@pytest.mark.django_db
def test_a_series_is_never_born_on_the_fly() -> None:
    key = series_of(small_office())
    unknown = SeriesKey(key.registry_id, "tu", "thong-bao", "term:2030-10-01")
    with pytest.raises(RuleBroken) as refusal:
        number_one(CLERK, unknown)
    assert refusal.value.code == "numbering.no_series"


@pytest.mark.django_db
def test_a_void_number_keeps_its_place_its_reason_and_two_names() -> None:
    key = series_of(small_office())
    paper = Paper()
    chief = service_actor("chief", "Đỗ Minh Khuê")
    with transaction.atomic():
        command(lambda: commands.take_next(CLERK, paper, key=key, dated_on=date(2026, 11, 23)))()
    with pytest.raises(RuleBroken):
        commands.void_number(chief, paper, reason="nhầm phụ lục", requested_by=chief.name)
    commands.void_number(chief, paper, reason="nhầm phụ lục", requested_by="Bùi Thị Nhạn")
    assert number_one(CLERK, key) == 2
    void = AllottedNumber.objects.get(
        number=1, series__issuing_body="tu", series__group="thong-bao"
    )
    assert (void.void_reason, void.void_confirmed_by) == ("nhầm phụ lục", "Đỗ Minh Khuê")
