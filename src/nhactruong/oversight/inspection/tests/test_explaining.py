"""Vì sao thấy, không thấy: the explanation is the answer that every list gives."""

from __future__ import annotations

import random

import pytest

from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel.states import Secrecy
from nhactruong.masterdata.organization.models import Person, Post
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SmallOffice
from nhactruong.oversight.inspection.commands import emergencies
from nhactruong.oversight.inspection.selectors.explaining import actor_of, explain
from nhactruong.oversight.inspection.tests.watchers import Browser, express_letter
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters

pytestmark = pytest.mark.django_db
PAGE = "/quan-tri/vi-sao-thay/"


def test_the_security_officer_is_told_why(office: SmallOffice) -> None:
    letter = letters.assigned(office)
    officer = Browser(office, "toan")
    told = officer.read(PAGE, nguoi="hoang mai suong", **{"van-ban": letter.reference_code})
    assert "Hoàng Mai Sương thấy được, vì: được giao xử lý." in told
    told = officer.read(PAGE, nguoi="Đinh Thùy Miên", **{"van-ban": letter.reference_code})
    assert "không thấy, vì không có quan hệ nào" in told
    assert "Trưởng đơn vị Phòng Tổng hợp" in told
    assert letter.subject not in told
    told = officer.read(PAGE, nguoi="Hồ Quản Trị", **{"van-ban": str(letter.public_id)})
    assert "Giữ vai trò Quản trị hệ thống" in told
    assert AuditRow.objects.filter(action="access.explained").count() == 3


def test_nobody_else_asks(office: SmallOffice) -> None:
    for who in ("quan", "kiem", "khue", "mien"):
        assert Browser(office, who).get(PAGE).status_code == 403


def test_what_is_meant_is_chosen_when_several_are(office: SmallOffice) -> None:
    letters.registered(office)
    page = Browser(office, "toan").read(PAGE, nguoi="th", **{"van-ban": "999"})
    assert "Chọn cho đúng" in page
    assert "Không có văn bản, hồ sơ nào" in page


def _shaken(office: SmallOffice, dice: random.Random) -> list[Dossier | IncomingDocument]:
    """Records with grants of every kind given and taken at random, at every level of secrecy."""
    specialist = office.actor("suong")
    made: list[Dossier | IncomingDocument] = [letters.assigned(office)]
    posts, units = list(office.posts.values()), list(office.units.values())
    agencies = [agency.pk for agency in office.agencies.values()]
    roles = sorted({role for who in office.people for role, _ in office.actor(who).role_reach})
    for number in range(6):
        thing = dossiers.open_dossier(
            specialist,
            agency_id=office.agencies["vptu"].pk,
            code=f"{number:02d}.TH",
            title="Hồ sơ",
            retention="10",
        )
        given = [
            *(tokens.post_token(post.pk) for post in dice.sample(posts, 3)),
            tokens.unit_token(dice.choice(units).pk),
            *(tokens.role_token(dice.choice(roles), dice.choice(agencies)) for _ in range(3)),
        ]
        access.grant(FOUNDER, thing, given, "inform")
        access.revoke(FOUNDER, thing, dice.sample(given, 3), "inform")
        if dice.random() < 0.5:
            access.revoke(FOUNDER, thing, list(thing.readers), "keeper")
        with writes_allowed():
            Dossier.objects.filter(pk=thing.pk).update(secrecy=dice.choice(list(Secrecy)))
        made.append(Dossier.objects.get(pk=thing.pk))
    return made


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3, 4))])
def test_the_explanation_agrees_with_every_list(office: SmallOffice, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (a seed that can be named again)
    with writes_allowed():
        for post in Post.objects.order_by("pk"):
            Post.objects.filter(pk=post.pk).update(clearance=dice.choice(list(Secrecy)))
    letter = express_letter(office, letter=letters.again(reference_code="77-CĐ/TU"))
    asked = emergencies.request(office.actor("mien"), asked="77-CĐ/TU", reason="Bão", minutes=30)
    emergencies.allow(office.actor("khue"), asked.public_id, object_id=None, version=None)
    if letter.secrecy <= office.actor("mien").clearance:
        emergencies.open_sight(office.actor("mien"), asked.public_id)
    answers = {True: 0, False: 0}
    people = [office.people["mien"], *dice.sample(list(Person.objects.order_by("pk")), 8)]
    for thing in (*_shaken(office, dice), IncomingDocument.objects.get(pk=letter.pk)):
        for person in people:
            told = explain(person, thing)
            listed = type(thing).objects.visible_to(actor_of(person)).filter(pk=thing.pk).exists()
            assert told.sees is listed, (person.full_name, thing, told.sentence)
            assert ("thấy được" in told.sentence) is listed
            relation = next(step for step in told.steps if step.name == "Quan hệ với văn bản")
            clearance = next(step for step in told.steps if step.name == "Độ mật")
            assert (relation.passes and clearance.passes) is listed
            answers[listed] += 1
    assert min(answers.values()) > 0.1 * sum(answers.values()), answers
