"""The pages: making, seeing, taking back a delegation; what an agency has delegated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from nhactruong.foundation.notices.models import Notice
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.masterdata.delegations.tests.lent import lend
from nhactruong.masterdata.organization.models import Delegation
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice
from nhactruong.records.incoming.tests import letters as coming
from nhactruong.records.incoming.tests.conftest import Desk

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Desk]


def asked(office: SmallOffice, **changes: Any) -> dict[str, Any]:
    now = clock.local(clock.now())
    return {
        "post": office.posts["khue"].pk,
        "person": office.people["mien"].pk,
        "kind": "by_order",
        "basis": "12-GUQ/VPTU",
        "from_day": f"{now:%d/%m/%Y}",
        "from_hour": f"{now:%H:%M}",
        "to_day": f"{now + timedelta(days=1):%d/%m/%Y}",
        "to_hour": "17:00",
        "acts": ["direct", "review"],
        "document_types": ["bao-cao"],
        "highest_secrecy": "1",
        "step_up_code": PASSWORD,
        **changes,
    }


def test_a_leader_delegates_with_his_code_sees_what_is_done_and_takes_it_back(
    office: SmallOffice, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    chief, mien = sign_in("khue"), sign_in("mien")
    made = chief.send("/toi/uy-quyen/lap/", asked(office))
    assert made.status_code == 303
    lent = Delegation.objects.get()
    assert (lent.acts, lent.document_types) == (["direct", "review"], ["bao-cao"])
    page = reverse("delegations:detail", args=[lent.public_id])
    assert made.headers["Location"] == page
    letter = coming.registered(office)
    mien.get(reverse("incoming:detail", args=[letter.public_id]))
    with django_assert_max_num_queries(15):
        told = chief.get(page).content.decode()
    assert "Đinh Thùy Miên (TL. Chánh Văn phòng Tỉnh ủy)" in told
    assert letter.reference_code in told
    assert "Bút phê, trình lãnh đạo; Duyệt, trả lại dự thảo" in told
    with django_assert_max_num_queries(15):
        received = mien.get("/toi/uy-quyen/").content.decode()
    assert "Đang có hiệu lực" in received
    assert "giao đồng chí TL. Chánh Văn phòng" in mien.get("/toi/thong-bao/").content.decode()
    assert mien.send(f"{page}thu-hoi/").status_code == 403
    assert chief.send(f"{page}thu-hoi/").status_code == 303
    assert "Đã thu hồi" in chief.get(page).content.decode()
    assert mien.get(reverse("incoming:detail", args=[letter.public_id])).status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"step_up_code": ""}, 422, "Thiếu Mã xác nhận"),
        ({"step_up_code": "sai"}, 409, "Mã xác nhận không đúng"),
        ({"basis": ""}, 422, "Thiếu Căn cứ"),
        ({"to_hour": "25:00"}, 422, "Giờ này không có"),
        ({"to_day": "01/01/2026"}, 403, "Thời điểm kết thúc phải sau"),
        ({"to_day": "01/01/2099"}, 403, "không quá một năm"),
        ({"person": "999999"}, 422, ""),
        ({"post": "999999"}, 422, ""),
    ],
)
def test_a_refused_delegation_keeps_what_was_typed_and_says_why(
    office: SmallOffice, sign_in: SignIn, changes: dict[str, str], status: int, sentence: str
) -> None:
    answer = sign_in("khue").send("/toi/uy-quyen/lap/", asked(office, **changes))
    text = answer.content.decode()
    assert answer.status_code == status
    assert sentence in text
    assert changes.get("basis", "12-GUQ/VPTU") in text
    assert not Delegation.objects.exists()


def test_who_keeps_the_seal_is_told_that_he_cannot(office: SmallOffice, sign_in: SignIn) -> None:
    text = sign_in("nhan").get("/toi/uy-quyen/lap/").content.decode()
    assert "giữ sổ và giữ dấu không giao người khác" in text
    assert "step_up_code" not in text


def test_a_delegation_is_seen_by_giver_delegate_and_overseers(
    office: SmallOffice, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    lent = lend(office, "khue", "suong")
    page = reverse("delegations:detail", args=[lent.public_id])
    for who, status in (("khue", 200), ("suong", 200), ("le", 200), ("mien", 404), ("son", 404)):
        assert sign_in(who).get(page).status_code == status, who
    le = sign_in("le")
    le.get("/to-chuc/uy-quyen/")
    with django_assert_max_num_queries(15):
        overseen = le.get("/to-chuc/uy-quyen/")
    assert "Hoàng Mai Sương (TL. Chánh Văn phòng Tỉnh ủy)" in overseen.content.decode()
    assert "Hoàng Mai" not in sign_in("son").get("/to-chuc/uy-quyen/").content.decode()
    assert sign_in("mien").get("/to-chuc/uy-quyen/").status_code == 403


def test_the_form_stays_small_and_marks_who_is_away(
    office: SmallOffice, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    le, today = sign_in("le"), clock.local(clock.now())
    last = today + timedelta(days=2)
    sent = {
        "first": f"{today:%d/%m/%Y}",
        "last": f"{last:%d/%m/%Y}",
        "reason": "Đi công tác",
        "person": "",
    }
    assert le.send("/toi/vang-mat/", sent).status_code == 303
    chief = sign_in("khue")
    chief.get("/toi/uy-quyen/lap/")
    with django_assert_max_num_queries(15):
        form = chief.get("/toi/uy-quyen/lap/").content.decode()
    assert f"vắng đến {last:%d/%m}" in form
    letter = coming.registered(office)
    page = sign_in("khue").get(reverse("incoming:detail", args=[letter.public_id]))
    assert f"vắng đến {last:%d/%m}" in page.content.decode()
    assert "Trịnh Thu Lệ" in sign_in("khue").get("/to-chuc/uy-quyen/").content.decode()


def test_the_delegate_is_told_in_his_own_name_only(office: SmallOffice) -> None:
    lend(office)
    with writes_allowed():
        told = Notice.objects.get(kind="delegation.received")
    assert told.text.startswith("Đỗ Minh Khuê giao đồng chí TL. Chánh Văn phòng Tỉnh ủy đến")
