"""Two change orders decided at once never put into one hand what must not meet there."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from nhactruong.kernel import clock
from nhactruong.kernel.errors import RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.changes import commands
from nhactruong.masterdata.changes.tests.orders import (
    office_under_the_province,
    role_for,
    vacant_post,
)
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import PostRole
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER
from tests.many_at_once.test_page_and_job import await_waiting_or_done


@pytest.mark.django_db(transaction=True)
def test_two_roles_that_never_meet_are_not_given_to_one_person_at_once() -> None:
    office = office_under_the_province()
    person = organization.register_person(FOUNDER, key="moi", full_name="Cầm Thị Mới")
    posts = [vacant_post(office), vacant_post(office)]
    for post, kind in zip(posts, ("main", "concurrent"), strict=True):
        organization.appoint(FOUNDER, person, post, kind=kind, since=clock.today())
    first, second = (
        role_for(office, "", role, post=post)
        for role, post in zip((Role.SECURITY_ADMIN, Role.SPECIALIST), posts, strict=True)
    )
    chief = office.actor("khue")
    said: list[str] = []

    def decide() -> None:
        try:
            commands.approve(chief, second.public_id, version=None)
        except RuleBroken as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    other = threading.Thread(target=decide)
    with transaction.atomic():
        commands.approve(chief, first.public_id, version=None)
        other.start()
        await_waiting_or_done(other)
    other.join()
    assert said == ["organization.sees_content"]
    assert not PostRole.objects.filter(post__in=posts, role=Role.SPECIALIST).exists()
