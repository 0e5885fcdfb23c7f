"""Cases the comparison brought up, each decided by security.md and kept as an office story."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.files import store
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound
from nhactruong.kernel.states import Secrecy
from nhactruong.masterdata.organization.tests.scenarios import small_office
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.dossiers import policies as dossier_policies
from nhactruong.records.dossiers import selectors as dossier_selectors
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming.commands.handling import Desk
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing import commands as outgoing
from nhactruong.records.outgoing.commands.drafting import DraftContent
from nhactruong.records.outgoing.models import OutgoingDocument
from tests.sight.scene import PEOPLE, Scene, paper, register_paper, registered_paper


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene(small_office())


def test_nothing_is_given_to_the_administrator(scene: Scene) -> None:
    """Administrators never see content. Source: security.md 8."""
    given = registered_paper(scene)
    administrator = Desk(post_id=scene.office.posts["quan"].pk)
    chief = scene.actor("chief_of_office")
    with pytest.raises(NotFound, match="không thuộc cơ quan"):
        incoming.direct(chief, given.public_id, lead=administrator, version=None)
    incoming.direct(
        chief, given.public_id, lead=Desk(unit_id=scene.office.units["th"].pk), version=None
    )
    with pytest.raises(NotFound):
        incoming.assign(chief, given.public_id, post_id=administrator.post_id or 0, version=None)


def _lower(scene: Scene, person: str) -> None:
    with writes_allowed():
        scene.office.posts[person].clearance = Secrecy.ORDINARY
        scene.office.posts[person].save(update_fields=["clearance"])


def test_nobody_marks_a_draft_above_what_he_may_see(scene: Scene) -> None:
    made = paper(scene, "sketch")
    _lower(scene, "suong")
    with pytest.raises(InvalidInput, match="cao hơn mức"):
        outgoing.save_draft(
            scene.actor("specialist"),
            made.public_id,
            DraftContent(secrecy=Secrecy.INTERNAL),
            version=None,
        )


def test_a_raised_marking_takes_the_waiting_work_out_of_sight(scene: Scene) -> None:
    """Raising secrecy hides from index and old links. Source: security.md 11."""
    made = paper(scene, "reviewed")
    outgoing.return_draft(
        scene.actor("head_of_division"), made.public_id, reason="Sửa lại", version=None
    )
    drafter = scene.actor("specialist")
    assert [item.kind for item in workitems.waiting(drafter)] == ["outgoing.revise"]
    outgoing.save_draft(
        drafter, made.public_id, DraftContent(secrecy=Secrecy.INTERNAL), version=None
    )
    _lower(scene, "suong")
    assert not workitems.waiting(scene.actor("specialist")).exists()


def test_a_number_that_is_to_be_void_is_not_issued(scene: Scene) -> None:
    made = paper(scene, "sealed")
    clerk = scene.actor("clerk")
    outgoing.request_void(clerk, made.public_id, reason="Nhầm số", version=None)
    with pytest.raises(AccessDenied, match="đề nghị bỏ"):
        outgoing.issue(clerk, made.public_id, version=None)
    outgoing.confirm_void(scene.actor("chief_of_office"), made.public_id, version=None)
    assert OutgoingDocument.objects.get(pk=made.pk).state == "cancelled"


def test_the_deputy_chief_sees_and_closes_dossiers_of_his_office(scene: Scene) -> None:
    """Row "Close dossier": Chánh and Phó Chánh Văn phòng alike. Source: security.md 8."""
    made = dossiers.open_dossier(
        scene.actor("specialist"),
        agency_id=scene.office.agencies["vptu"].pk,
        code="01.TH",
        title="Báo cáo tháng",
        retention="10",
    )
    deputy = scene.actor("deputy_chief")
    seen = dossier_selectors.get_visible(deputy, made.public_id)
    assert dossier_policies.can_close(deputy, seen)
    with pytest.raises(NotFound):
        dossier_selectors.get_visible(scene.actor("other_clerk"), made.public_id)
    with pytest.raises(NotFound):
        dossier_selectors.get_visible(deputy, uuid.uuid4())


def test_a_warning_of_a_twin_tells_nothing_of_another_agency(scene: Scene) -> None:
    """The same bytes, number and issuer: only one's own register is compared. Source: security.md 8."""
    stored = store.write([b"the very same bytes"])

    def received(column: str, agency: str) -> IncomingDocument:
        return incoming.receive_file(
            scene.actor(column),
            agency_id=scene.office.agencies[agency].pk,
            stored=stored,
            media_type="application/pdf",
            file_name="den.pdf",
            page_count=1,
        )

    def desk_of(column: str, document: IncomingDocument) -> str:
        client = Client()
        client.force_login(scene.office.user(PEOPLE[column]))
        typed = {
            "operation_id": str(uuid.uuid4()),
            "reference_code": "31-BC/ĐU",
            "issuer_name": "Đảng ủy xã Đồng Mơ",
        }
        page = client.post(reverse("incoming:intake_item", args=[document.public_id]), typed)
        assert page.status_code == 422
        return page.content.decode()

    first = received("clerk", "tu")
    register_paper(scene, first)
    assert str(first.public_id) in desk_of("clerk", received("clerk", "tu"))
    elsewhere = desk_of("other_clerk", received("other_clerk", "dm"))
    assert str(first.public_id) not in elsewhere and "Báo cáo tháng" not in elsewhere
