"""Truy cập khẩn cấp: two persons, a code, a clock, a banner, a review."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from nhactruong.foundation.access.models import Grant
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.notices.models import Notice
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, NotFound, RuleBroken
from nhactruong.kernel.states import Secrecy
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, PASSWORD, SmallOffice
from nhactruong.oversight.inspection.commands import emergencies as commands
from nhactruong.oversight.inspection.models import EmergencyRequest
from nhactruong.oversight.inspection.tests.watchers import Browser, express_letter
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters

pytestmark = pytest.mark.django_db


def asked(office: SmallOffice, letter: IncomingDocument, who: str = "mien") -> EmergencyRequest:
    return commands.request(
        office.actor(who), asked=letter.reference_code, reason="Bão về đêm nay", minutes=60
    )


def opened(office: SmallOffice, letter: IncomingDocument, who: str = "mien") -> EmergencyRequest:
    made = asked(office, letter, who)
    commands.allow(office.actor("khue"), made.public_id, object_id=None, version=None)
    return commands.open_sight(office.actor(who), made.public_id)


def test_an_emergency_from_request_to_review(office: SmallOffice) -> None:
    letter = express_letter(office)
    document = f"/van-ban-den/{letter.public_id}/"
    mien, chief = Browser(office, "mien"), Browser(office, "khue")
    assert mien.get(document).status_code == 404
    assert mien.send("/khan-cap/de-nghi/", asked="", reason="", minutes="60").status_code == 422
    turned = mien.send(
        "/khan-cap/de-nghi/", asked=letter.reference_code, reason="Bão về", minutes="60"
    )
    page = turned.headers["Location"]
    # Whether the letter exists is not told to who asks.
    assert letter.subject.lower() not in mien.read(page).lower()

    assert "Truy cập khẩn cấp" in chief.read("/hop-viec/")
    assert letter.subject.lower() in chief.read(page).lower()
    assert chief.send(f"{page}duyet/").status_code == 303
    assert mien.get(document).status_code == 404  # allowed, not open yet
    assert mien.send(f"{page}mo/", step_up_code="sai").status_code == 409
    assert mien.send(f"{page}mo/", step_up_code=PASSWORD).status_code == 303

    shown = mien.read(document)
    assert "emergency-bar" in shown
    assert "main--emergency" in shown
    assert "main--emergency" not in mien.read("/hop-viec/")
    assert "emergency-bar" in mien.read("/hop-viec/")
    row = AuditRow.objects.get(action="incoming.opened", user_id=office.user("mien").pk)
    assert row.facts["emergency"] is True
    told = set(
        Notice.objects.filter(kind="emergency", text__contains="KHẨN CẤP").values_list("token")
    )
    assert len(told) == 2  # auditor and Chánh Văn phòng; nobody handles the letter yet
    assert "KHẨN CẤP" in Browser(office, "kiem").read("/toi/thong-bao/")

    deputy = Browser(office, "thu")
    assert deputy.send(f"{page}hau-kiem/", words="").status_code == 422
    assert deputy.send(f"{page}hau-kiem/", words="Đúng lý do, không tải về.").status_code == 303
    assert mien.get(document).status_code == 404
    assert not Grant.objects.filter(
        object_id=letter.public_id, because="emergency", revoked_at=None
    ).exists()


def test_sight_ends_at_the_second(office: SmallOffice) -> None:
    letter = express_letter(office)
    made = opened(office, letter)
    assert made.ends_at is not None
    for moment, sees in ((-1, True), (0, False), (1, False)):
        with clock.frozen_at(made.ends_at + timedelta(seconds=moment)):
            actor = office.actor("mien")
            assert IncomingDocument.objects.visible_to(actor).exists() is sees


def test_it_shows_and_never_lets_act(office: SmallOffice) -> None:
    letter = express_letter(office)
    opened(office, letter, "hanh")
    page = Browser(office, "hanh")
    assert page.get(f"/van-ban-den/{letter.public_id}/").status_code == 200
    with pytest.raises(AccessDenied) as refusal:
        incoming.complete(office.actor("hanh"), letter.public_id, result="Xong", version=None)
    assert refusal.value.code == "emergency.read_only"
    address = f"/van-ban-den/{letter.public_id}/ket-thuc/"
    assert page.send(address, result="Xong").status_code in (403, 404)
    assert page.get(f"/api/v1/incoming/{letter.public_id}").status_code == 404


def test_nobody_approves_his_own_request(office: SmallOffice) -> None:
    made = asked(office, express_letter(office), "lam")
    with pytest.raises(IntegrityError), transaction.atomic(), writes_allowed():
        EmergencyRequest.objects.filter(pk=made.pk).update(decided_person_id=made.asked_person_id)
    with pytest.raises(AccessDenied):
        commands.allow(office.actor("lam"), made.public_id, object_id=None, version=None)
    with pytest.raises(NotFound):
        commands.allow(office.actor("suong"), made.public_id, object_id=None, version=None)


def test_nobody_reviews_what_he_allowed_but_he_may_end_it(office: SmallOffice) -> None:
    made = opened(office, express_letter(office))
    assert asked_to_review(office, made) == {"khoi", "thu"}
    chief, page = Browser(office, "khue"), f"/khan-cap/{made.public_id}/"
    assert "nên không tự hậu kiểm" in chief.read(page)
    with pytest.raises(AccessDenied) as refusal:
        commands.review(office.actor("khue"), made.public_id, words="Đúng việc", version=None)
    assert refusal.value.code == "emergency.own_decision"
    assert "Kết thúc sớm" in chief.read(page)
    commands.close_sight(office.actor("khue"), made.public_id)
    assert not IncomingDocument.objects.visible_to(office.actor("mien")).exists()
    said = commands.review(office.actor("thu"), made.public_id, words="Đúng việc", version=None)
    assert said.state == "reviewed"


def commune_left_to_its_chief(office: SmallOffice) -> IncomingDocument:
    """Đồng Mơ under Tỉnh ủy with its Chánh Văn phòng as the only one who decides; its letter."""
    with writes_allowed():
        Agency.objects.filter(pk=office.agencies["dm"].pk).update(parent=office.agencies["tu"])
    letter = express_letter(office, clerk="thao", agency="dm")
    for leader in ("tram", "nga"):
        organization.end_holding(
            FOUNDER, office.people[leader], office.posts[leader], on=clock.today()
        )
    return letter


def asked_to_review(office: SmallOffice, made: EmergencyRequest) -> set[str]:
    """In whose inbox the review waits."""
    return {
        person
        for person in office.people
        if any(
            item.kind == commands.REVIEW
            for item in workitems.open_for_object(office.actor(person), made.public_id)
        )
    }


def test_the_head_of_office_above_reviews_where_nobody_else_is_left(office: SmallOffice) -> None:
    letter = commune_left_to_its_chief(office)
    made = asked(office, letter, "may")
    chief_above, page = Browser(office, "khue"), f"/khan-cap/{made.public_id}/"
    assert chief_above.get(page).status_code == 404
    commands.allow(office.actor("son"), made.public_id, object_id=None, version=None)
    commands.open_sight(office.actor("may"), made.public_id)
    # Whom the act refuses it does not wait for.
    assert asked_to_review(office, made) == {"khue"}
    with pytest.raises(AccessDenied) as refusal:
        commands.review(office.actor("son"), made.public_id, words="Đúng việc", version=None)
    assert refusal.value.code == "emergency.own_decision"
    for other in ("le", "thu", "khoi"):
        assert Browser(office, other).get(page).status_code == 404
        with pytest.raises(NotFound):
            commands.review(office.actor(other), made.public_id, words="Đúng việc", version=None)
    assert page in chief_above.read("/hop-viec/") and page in chief_above.read("/khan-cap/")
    shown = chief_above.read(page)
    assert "Ghi kết luận" in shown and letter.subject.lower() not in shown.lower()
    assert chief_above.get(f"/van-ban-den/{letter.public_id}/").status_code == 404
    assert chief_above.send(f"{page}hau-kiem/", words="Đúng lý do.").status_code == 303
    made.refresh_from_db()
    assert (made.state, made.reviewed_person_id) == ("reviewed", office.people["khue"].pk)
    assert "Đúng lý do." in chief_above.read(page)
    assert asked(office, letter, "may").state == "asked"


def test_the_head_of_office_above_sees_no_review_that_somebody_below_may_write(
    office: SmallOffice,
) -> None:
    letter = commune_left_to_its_chief(office)
    organization.appoint(FOUNDER, office.people["nga"], office.posts["nga"], since=clock.today())
    made = asked(office, letter, "may")
    commands.allow(office.actor("son"), made.public_id, object_id=None, version=None)
    commands.open_sight(office.actor("may"), made.public_id)
    assert asked_to_review(office, made) == {"nga"}
    assert Browser(office, "khue").get(f"/khan-cap/{made.public_id}/").status_code == 404
    with pytest.raises(NotFound):
        commands.review(office.actor("khue"), made.public_id, words="Đúng việc", version=None)


def test_administrators_and_auditors_never_get_content(office: SmallOffice) -> None:
    letter = express_letter(office)
    for who in ("quan", "kiem", "toan"):
        with pytest.raises(AccessDenied) as refusal:
            asked(office, letter, who)
        assert (refusal.value.code, refusal.value.line) == ("emergency.administrator", 28)


def test_an_express_letter_opens_by_itself_after_ten_minutes(office: SmallOffice) -> None:
    made = asked(office, express_letter(office))
    with pytest.raises(RuleBroken):
        commands.open_sight(office.actor("mien"), made.public_id)
    with (
        clock.frozen_at(made.asked_at + timedelta(minutes=9, seconds=59)),
        pytest.raises(RuleBroken),
    ):
        commands.open_sight(office.actor("mien"), made.public_id)
    with clock.frozen_at(made.asked_at + timedelta(minutes=10)):
        assert commands.open_sight(office.actor("mien"), made.public_id).is_automatic


def test_what_is_not_express_waits_for_an_answer(office: SmallOffice) -> None:
    made = asked(office, letters.registered(office))
    with clock.frozen_at(made.asked_at + timedelta(hours=3)), pytest.raises(RuleBroken):
        commands.open_sight(office.actor("mien"), made.public_id)


@pytest.mark.parametrize("level", [Secrecy.SECRET, Secrecy.TOP_SECRET])
def test_secret_papers_are_never_opened(office: SmallOffice, level: Secrecy) -> None:
    letter = express_letter(office)
    made = asked(office, letter)
    with writes_allowed():
        IncomingDocument.objects.filter(pk=letter.pk).update(secrecy=level, subject="")
    with pytest.raises(RuleBroken) as refusal:
        commands.allow(office.actor("khue"), made.public_id, object_id=None, version=None)
    assert refusal.value.code == "emergency.secret"


def test_an_unreviewed_emergency_blocks_the_next(office: SmallOffice) -> None:
    letter = express_letter(office)
    made = opened(office, letter)
    commands.close_sight(office.actor("mien"), made.public_id)
    assert not IncomingDocument.objects.visible_to(office.actor("mien")).exists()
    with pytest.raises(RuleBroken) as refusal:
        asked(office, letter)
    assert refusal.value.code == "emergency.unreviewed"
    commands.review(office.actor("thu"), made.public_id, words="Đúng việc", version=None)
    assert asked(office, letter).state == "asked"


def test_a_permission_not_used_within_the_hour_is_over(office: SmallOffice) -> None:
    made = asked(office, letters.registered(office))
    commands.allow(office.actor("khue"), made.public_id, object_id=None, version=None)
    with clock.frozen_at(clock.now() + timedelta(minutes=61)), pytest.raises(RuleBroken):
        commands.open_sight(office.actor("mien"), made.public_id)
    commands.withdraw(office.actor("mien"), made.public_id)


def test_a_number_that_means_nothing_is_refused_by_who_decides(office: SmallOffice) -> None:
    made = commands.request(office.actor("mien"), asked="999-BC/XX", reason="Cần xem", minutes=30)
    page = Browser(office, "khue").read(f"/khan-cap/{made.public_id}/")
    assert "Không có văn bản, hồ sơ nào" in page
    with pytest.raises(RuleBroken):
        commands.allow(office.actor("khue"), made.public_id, object_id=None, version=None)
    said = commands.refuse(office.actor("khue"), made.public_id, reason="Ghi lại số", version=None)
    assert said.state == "refused"
