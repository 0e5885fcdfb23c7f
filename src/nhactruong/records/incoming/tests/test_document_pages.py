"""The page of a document in the browser: read, direct, assign, close, file, look at the file."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhactruong.foundation.thread import commands as thread
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.extraction import pictures
from nhactruong.records.incoming import commands, selectors
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import State
from nhactruong.records.incoming.tests import letters
from nhactruong.records.incoming.tests.conftest import Desk
from nhactruong.records.signing import commands as signing

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Desk]


def at(document: IncomingDocument, name: str = "detail") -> str:
    return reverse(f"incoming:{name}", args=[document.public_id])


def readings_noted() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, person_name FROM audit_auditrow WHERE keep = 'read' ORDER BY at"
        )
        return cursor.fetchall()


def test_the_proposal_is_right_so_two_presses_are_enough(
    office: SmallOffice, sign_in: SignIn
) -> None:
    letters.directed(office)
    document = letters.registered(office, letters.again(reference_code="119-BC/ĐU"))
    khue = sign_in("khue")
    page = khue.get(at(document)).content.decode()
    lead = f"unit:{office.units['th'].pk}"
    assert f'name="lead" value="{lead}" checked' in page
    assert "với chức danh <b>Chánh Văn phòng Tỉnh ủy</b>" in page
    assert "Chọn sẵn như văn bản số đến 1" in page
    assert "đang chờ đồng chí" in page
    sent = khue.send(
        at(document, "direct"), {"lead": lead, "due": "2", "version": document.version}
    )
    assert (sent.status_code, sent["Location"]) == (303, at(document))
    directed = letters.fresh(document)
    assert directed.as_state == State.DIRECTED
    assert directed.due_rule == "2 ngày làm việc từ ngày bút phê"
    assert "Đã gửi bút phê đến Phòng Tổng hợp." in khue.get(at(document)).content.decode()


def test_other_desks_and_another_day_come_from_the_picker(
    office: SmallOffice, sign_in: SignIn
) -> None:
    document = letters.registered(office)
    day = clock.today() + timedelta(days=20)
    sent = sign_in("khoi").send(
        at(document, "direct"),
        {
            "lead": f"unit:{office.units['th'].pk}",
            "lead_other": f"unit:{office.units['hc'].pk}",
            "support_other": [f"post:{office.posts['suong'].pk}"],
            "inform": [f"post:{office.posts['thu'].pk}"],
            "due": "2",
            "due_other": f"{day:%d/%m/%Y}",
            "opinion": "Báo cáo Thường trực trước khi trả lời.",
            "version": document.version,
        },
    )
    assert sent.status_code == 303
    opened = selectors.opened(office.actor("khoi"), document.public_id)
    parts = {(part.part, part.name_printed) for part in opened.handlings.all()}
    assert parts == {
        ("lead", "Phòng Hành chính - Lưu trữ"),
        ("support", "Hoàng Mai Sương, Chuyên viên Phòng Tổng hợp"),
        ("inform", "Phan Thị Hoài Thư, Phó Bí thư Thường trực Tỉnh ủy"),
    }
    assert (opened.due_on, opened.due_rule) == (day, "Người bút phê đặt")


def test_a_refused_direction_keeps_what_was_typed(office: SmallOffice, sign_in: SignIn) -> None:
    document = letters.registered(office)
    khue = sign_in("khue")
    typed = {"opinion": "Khẩn trương tham mưu.", "version": document.version}
    without_lead = khue.send(at(document, "direct"), typed)
    assert without_lead.status_code == 422
    shown = without_lead.content.decode()
    assert "Chưa gửi được: chưa chọn nơi chủ trì." in shown
    assert "Khẩn trương tham mưu." in shown
    stale = khue.send(
        at(document, "direct"),
        {**typed, "lead": f"unit:{office.units['th'].pk}", "version": document.version + 5},
    )
    assert stale.status_code == 409
    assert "Khẩn trương tham mưu." in stale.content.decode()
    assert letters.fresh(document).as_state == State.SUBMITTED


def test_who_was_slower_is_told_who_was_quicker(office: SmallOffice, sign_in: SignIn) -> None:
    document = letters.registered(office)
    seen = document.version
    commands.direct(
        office.actor("khoi"), document.public_id, lead=letters.desk(office, "hc"), version=None
    )
    late = sign_in("khue").send(
        at(document, "direct"), {"lead": f"unit:{office.units['th'].pk}", "version": seen}
    )
    assert late.status_code == 409
    page = late.content.decode()
    assert "Văn bản vừa được Tạ Đình Khôi bút phê lúc" in page
    assert "Ý kiến đồng chí vừa nhập còn nguyên ở mục Bút phê lại" in page
    assert 'id="but-phe-lai" open' in page


def test_the_same_form_puts_it_before_the_leader(office: SmallOffice, sign_in: SignIn) -> None:
    document = letters.registered(office)
    khue = sign_in("khue")
    assert "Trình Bí thư" in khue.get(at(document)).content.decode()
    sent = khue.send(
        at(document, "direct"),
        {"viec": "trinh", "opinion": "Xin ý kiến", "version": document.version},
    )
    assert sent.status_code == 303
    khoi = sign_in("khoi")
    page = khoi.get(at(document)).content.decode()
    assert "đang chờ đồng chí" in page
    assert "đang chờ đồng chí" not in khue.get(at(document)).content.decode()
    assert "với chức danh <b>Bí thư Tỉnh ủy</b>" in page
    assert 'value="trinh"' not in page


def test_the_head_sees_the_load_and_assigns(office: SmallOffice, sign_in: SignIn) -> None:
    letters.assigned(office)
    document = letters.directed(office, letters.again(reference_code="119-BC/ĐU"))
    lam = sign_in("lam")
    page = lam.get(at(document)).content.decode()
    assert page.index("Đinh Thùy Miên · 0 việc đang mở") < page.index(
        "Hoàng Mai Sương · 1 việc đang mở"
    )
    assert "với chức danh <b>Trưởng phòng Tổng hợp</b>" in page
    nobody = lam.send(at(document, "assign"), {"version": document.version})
    assert nobody.status_code == 422
    assert "Chưa giao được: chưa chọn chuyên viên." in nobody.content.decode()
    stranger = lam.send(
        at(document, "assign"),
        {"post_id": office.posts["may"].pk, "version": document.version},
    )
    assert stranger.status_code == 409
    given = lam.send(
        at(document, "assign"),
        {"post_id": office.posts["mien"].pk, "version": document.version},
    )
    assert given.status_code == 303
    assert "Đã giao Đinh Thùy Miên" in lam.get(at(document)).content.decode()


def test_the_specialist_may_reply_or_close_with_a_result(
    office: SmallOffice, sign_in: SignIn
) -> None:
    document = letters.assigned(office)
    suong = sign_in("suong")
    page = suong.get(at(document)).content.decode()
    assert f"{reverse('outgoing:new_draft')}?tra-loi={document.public_id}" in page
    assert "với chức danh <b>Chuyên viên Phòng Tổng hợp</b>" in page
    empty = suong.send(at(document, "complete"), {"result": "", "version": document.version})
    assert empty.status_code == 422
    assert "Kết thúc phải ghi kết quả giải quyết." in empty.content.decode()
    closed = suong.send(
        at(document, "complete"), {"result": "Đã gọi điện", "version": document.version}
    )
    assert closed.status_code == 303
    after = suong.get(at(document)).content.decode()
    assert "Đã giải quyết xong" in after
    assert "không cần" in after


def test_a_supporting_head_reads_but_is_offered_no_act(
    office: SmallOffice, sign_in: SignIn
) -> None:
    document = letters.directed(office)
    page = sign_in("hanh").get(at(document)).content.decode()
    assert "Ai giữ phần việc nào" in page
    assert "Tham mưu văn bản trả lời." in page
    assert at(document, "assign") not in page
    assert at(document, "direct") not in page
    refused = sign_in("hanh").send(at(document, "complete"), {"result": "x"})
    assert refused.status_code == 403
    assert letters.fresh(document).as_state == State.DIRECTED


@pytest.mark.parametrize("name", ["direct", "submit_to_leader", "assign", "complete", "file"])
def test_other_people_find_no_document_to_act_on(
    office: SmallOffice, sign_in: SignIn, name: str
) -> None:
    document = letters.registered(office)
    for person in ("suong", "thao", "quan"):
        assert sign_in(person).send(at(document, name), {"version": 1}).status_code == 404


def test_it_is_filed_in_an_open_dossier_of_the_agency(office: SmallOffice, sign_in: SignIn) -> None:
    document = letters.assigned(office)
    dossier = dossiers.open_dossier(
        office.actor("suong"),
        agency_id=office.agencies["tu"].pk,
        code="15.TH",
        title="Phòng, chống sạt lở năm nay",
        retention="10",
    )
    suong = sign_in("suong")
    page = suong.get(at(document, "file")).content.decode()
    assert "15.TH · Phòng, chống sạt lở năm nay" in page
    nothing = suong.send(at(document, "file"))
    assert nothing.status_code == 422
    unknown = suong.send(at(document, "file"), {"dossier": str(uuid.uuid4())})
    assert unknown.status_code == 409
    filed = suong.send(at(document, "file"), {"dossier": str(dossier.public_id)})
    assert filed.status_code == 303
    shown = suong.get(at(document)).content.decode()
    assert "15.TH Phòng, chống sạt lở năm nay" in shown
    # Who may not see the dossier is not told of it.
    assert "15.TH" not in sign_in("nhan").get(at(document)).content.decode()


def test_the_nearest_knots_stand_in_the_order_of_time(office: SmallOffice, sign_in: SignIn) -> None:
    first = letters.registered(office, letters.again(reference_code="31-TTr/ĐU"))
    hidden = letters.received(office, clerk="thao", agency="dm", read=False)
    document = letters.registered(office)
    khue = office.actor("khue")
    thread.connect(khue, first, document, "based_on")
    thread.connect(khue, hidden, document, "based_on")
    page = sign_in("khue").get(at(document)).content.decode()
    story = page[page.index("Trên cùng sợi chỉ") :]
    assert story.index("31-TTr/ĐU") < story.index("Văn bản đang xem")
    assert hidden.file_name not in story.replace(document.file_name, "")[:4000]


def test_a_page_picture_is_drawn_once_and_asked_for_again_by_its_tag(
    office: SmallOffice, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = letters.received(office, read=False)
    nhan = sign_in("nhan")
    url = reverse("incoming:page", args=[document.public_id, 1])
    first = nhan.get(url)
    assert first.content.startswith(b"\x89PNG")
    assert first["Content-Type"] == "image/png"
    assert first["Cache-Control"] == "private, no-cache"
    monkeypatch.setattr(pictures, "render_page", None)
    assert nhan.get(url).content == first.content
    unchanged = nhan.get(url, headers={"If-None-Match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert nhan.get(reverse("incoming:page", args=[document.public_id, 2])).status_code == 404


def test_the_original_comes_as_it_was_under_its_own_name(
    office: SmallOffice, sign_in: SignIn
) -> None:
    document = letters.received(office, letters.again(name='báo cáo "sạt lở"'), read=False)
    answer: Any = sign_in("nhan").get(at(document, "download"))
    assert b"".join(answer.streaming_content) == letters.pdf_of(
        letters.again(name='báo cáo "sạt lở"')
    )
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''b%C3%A1o")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    for close in answer._resource_closers:
        close()
    assert readings_noted() == [("incoming.downloaded", "Bùi Thị Nhạn")]


def test_opening_is_noted_with_the_reader(office: SmallOffice, sign_in: SignIn) -> None:
    document = letters.registered(office)
    sign_in("khue").get(at(document))
    assert readings_noted() == [("incoming.opened", "Đỗ Minh Khuê")]


def test_an_unsigned_file_is_said_to_be_unsigned(office: SmallOffice, sign_in: SignIn) -> None:
    document = letters.received(office)
    page = sign_in("nhan").get(at(document, "signatures")).content.decode()
    assert "Tệp không có chữ ký số." in page
    assert "không phải là chữ ký số" in page


def test_the_report_names_everything_the_circular_asks_for(
    office: SmallOffice, sign_in: SignIn
) -> None:
    document = letters.received(office, read=False)
    signing.keep_report(
        office.actor("nhan"),
        selectors.original_of(document).rendition,
        verdict="valid_with_warnings",
        sentence="Tệp có 1 chữ ký số hợp lệ, cần lưu ý: chứng thư nay đã hết hạn.",
        report=_REPORT,
    )
    nhan = sign_in("nhan")
    page = nhan.get(at(document, "signatures")).content.decode()
    for words in (
        "HỢP LỆ, CẦN LƯU Ý",
        "Mạc Văn Trầm",
        "CA thử nghiệm",
        "4f2a",
        "08:12 ngày 20/11/2026",
        "Nội dung không đổi từ khi ký",
        "Toàn bộ tệp",
        "Điền số và ngày văn bản; Thêm chữ ký sau",
        "CRL lúc 07:00 ngày 20/11/2026, kèm trong tệp",
        "sha256",
        "B-LTA",
        "Cá nhân",
    ):
        assert words in page, words
    data = nhan.get(at(document, "signatures"), {"dang": "json"})
    assert data.json()["signatures"][0]["serial"] == "4f2a"
    assert data["Content-Disposition"].startswith("attachment")


_REPORT: dict[str, Any] = {
    "verdict": "valid_with_warnings",
    "sha256": "ab" * 32,
    "checked_at": "2026-11-20T02:00:00+00:00",
    "trust_version": "mau-1",
    "document_timestamps": [],
    "signatures": [
        {
            "field_name": "SIG_PERSON_1",
            "verdict": "valid_with_warnings",
            "label": "HỢP LỆ, CẦN LƯU Ý",
            "sentence": "Chữ ký số của Mạc Văn Trầm hợp lệ, cần lưu ý: chứng thư nay đã hết hạn.",
            "signer": "Mạc Văn Trầm",
            "unit": "",
            "organisation": "Đảng ủy xã Đồng Mơ",
            "purpose": "personal",
            "issuer": "CA thử nghiệm",
            "serial": "4f2a",
            "certificate_valid_from": "2025-01-01T00:00:00+00:00",
            "certificate_valid_until": "2026-11-21T00:00:00+00:00",
            "trusted_time": "2026-11-20T01:12:00+00:00",
            "claimed_time": None,
            "intact": True,
            "coverage": "entire_file",
            "changes": ["form_filling", "new_signature"],
            "revocation": {
                "source": "crl",
                "issued_at": "2026-11-20T00:00:00+00:00",
                "embedded": True,
                "revoked_at": None,
            },
            "digest_algorithm": "sha256",
            "signature_algorithm": "sha256_rsa",
            "level": "B-LTA",
        }
    ],
}


@pytest.mark.parametrize("person", ["khue", "lam", "suong", "hanh", "khoi", "nhan"])
def test_the_page_is_thrifty_for_everybody(
    office: SmallOffice,
    sign_in: SignIn,
    person: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    earlier = letters.directed(office, letters.again(reference_code="1-BC/ĐU"))
    waiting = letters.registered(office, letters.again(reference_code="2-BC/ĐU"))
    given = letters.assigned(office, letters.again(reference_code="3-BC/ĐU"))
    for document in (waiting, given):
        thread.connect(office.actor("khue"), earlier, document, "based_on")
    desk = sign_in(person)
    for document in (waiting, given):
        if desk.get(at(document)).status_code == 404:
            continue
        with django_assert_max_num_queries(15):
            assert desk.get(at(document)).status_code == 200
