"""Tiếp nhận in the browser: files through the real address, the register line beside its page."""

from __future__ import annotations

import json
import re
import uuid
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhactruong.foundation.files.models import Blob
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.extraction import commands as readings
from nhactruong.records.extraction.tests.sample_letters import word_file
from nhactruong.records.incoming import commands, handlers, selectors
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import State
from nhactruong.records.incoming.tests import letters
from nhactruong.records.incoming.tests.conftest import Desk
from nhactruong.records.incoming.views.suggestions import suggest

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Desk]
INTAKE = "/van-ban-den/tiep-nhan/"
MACHINE = {"HTTP_ACCEPT": "application/json"}


def pdf(name: str = "bao-cao.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(
        name, letters.pdf_of(letters.FROM_DONG_MO) if content is None else content
    )


def locked() -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(letters.pdf_of(letters.FROM_DONG_MO))) as opened:
        opened.save(out, encryption=pikepdf.Encryption(user="abc", owner="xyz"))
    return out.getvalue()


def with_macro(folder: Path) -> bytes:
    plain = word_file(letters.FROM_DONG_MO, folder / "thu.docx")
    out = BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("word/vbaProject.bin", b"\xd0\xcf")
    return out.getvalue()


def bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("[Content_Types].xml", "<Types/>")
        new.writestr("word/document.xml", b"0" * 30_000_000)
    return out.getvalue()


def page_of(document: IncomingDocument) -> str:
    return reverse("incoming:intake_item", args=[document.public_id])


def form_values(html: str) -> dict[str, str]:
    """What the page's register form would send as it stands."""
    form = html[html.index('aria-label="Thông tin vào sổ"') :]
    form = form[: form.index("</form>")]
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name:
            values[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        values[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea name="([^"]+)".*?>(.*?)</textarea>', form, re.S):
        values[name] = body.strip()
    return values


def test_a_dropped_file_waits_in_the_intake_of_the_named_agency(
    office: SmallOffice, sign_in: SignIn
) -> None:
    vptu = office.agencies["vptu"].pk
    answer = sign_in("nhan").send(INTAKE, {"files": pdf(), "agency": vptu}, **MACHINE)
    assert answer.status_code == 201
    document = IncomingDocument.objects.get()
    assert answer.json() == {
        "name": "bao-cao.pdf",
        "label": "bao-cao.pdf",
        "url": page_of(document),
    }
    assert (document.agency_id, document.as_state) == (vptu, State.RECEIVED)
    assert selectors.original_of(document).rendition.page_count == 1


def test_without_a_script_the_file_opens_and_several_go_to_the_queue(
    office: SmallOffice, sign_in: SignIn
) -> None:
    del office
    nhan = sign_in("nhan")
    one = nhan.send(INTAKE, {"files": pdf()})
    assert (one.status_code, one["Location"]) == (303, page_of(IncomingDocument.objects.get()))
    two = nhan.send(INTAKE, {"files": [pdf("a.pdf"), pdf("b.pdf")]})
    assert two.status_code == 303
    assert two["Location"].startswith(INTAKE)
    assert IncomingDocument.objects.count() == 3


def test_several_files_are_answered_each(office: SmallOffice, sign_in: SignIn) -> None:
    del office
    nhan = sign_in("nhan")
    files = [pdf("tot.pdf"), pdf("rong.pdf", b"")]
    answer = nhan.send(INTAKE, {"files": files}, **MACHINE)
    assert answer.status_code == 207
    good, bad = answer.json()["files"]
    assert good["url"] == page_of(IncomingDocument.objects.get())
    assert bad["code"] == "file.empty"
    page = nhan.send(INTAKE, {"files": [pdf("tot-2.pdf"), pdf("rong.pdf", b"")]})
    assert page.status_code == 422
    shown = page.content.decode()
    assert "<b>rong.pdf</b>: Tệp không có nội dung" in shown
    assert ">tot-2.pdf</a>: đã nhận." in shown


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("rong.pdf", lambda folder: b"", "file.empty"),
        ("mat-khau.pdf", lambda folder: locked(), "file.password"),
        ("macro.docx", with_macro, "file.macro"),
        ("bom.docx", lambda folder: bomb(), "file.zip_bomb"),
        ("cut.pdf", lambda folder: letters.pdf_of(letters.FROM_DONG_MO)[:4000], "file.broken"),
        ("anh.png", lambda folder: letters.pdf_of(letters.FROM_DONG_MO), "file.wrong_extension"),
        ("ma.exe", lambda folder: b"MZ" + b"\0" * 200, "file.unsupported"),
    ],
)
def test_a_bad_file_is_turned_away_with_its_sentence_and_nothing_is_kept(
    office: SmallOffice,
    sign_in: SignIn,
    tmp_path: Path,
    name: str,
    content: Callable[[Path], bytes],
    code: str,
) -> None:
    del office
    answer = sign_in("nhan").send(INTAKE, {"files": pdf(name, content(tmp_path))}, **MACHINE)
    assert answer.status_code == 422
    body = json.loads(answer.content)
    assert body["code"] == code
    assert body["title"].endswith(".")
    assert not IncomingDocument.objects.exists()
    assert not Blob.objects.exists()
    stored = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert stored == []


def test_one_byte_over_the_limit_is_turned_away(
    office: SmallOffice, sign_in: SignIn, settings: Any
) -> None:
    del office
    nhan = sign_in("nhan")
    settings.MAX_FILE_BYTES = len(letters.pdf_of(letters.FROM_DONG_MO)) - 1
    answer = nhan.send(INTAKE, {"files": pdf()}, **MACHINE)
    assert (answer.status_code, answer.json()["code"]) == (422, "file.too_large")
    settings.MAX_FILE_BYTES += 1
    assert nhan.send(INTAKE, {"files": pdf()}, **MACHINE).status_code == 201


def test_no_file_at_all_is_said(office: SmallOffice, sign_in: SignIn) -> None:
    del office
    answer = sign_in("nhan").send(INTAKE, **MACHINE)
    assert (answer.status_code, answer.json()["code"]) == (422, "file.none")


def test_a_repeated_upload_is_received_once(office: SmallOffice, sign_in: SignIn) -> None:
    del office
    nhan = sign_in("nhan")
    operation = {"operation_id": str(uuid.uuid4())}
    first = nhan.post(INTAKE, {**operation, "files": pdf()}, **MACHINE)
    again = nhan.post(INTAKE, {**operation, "files": pdf()}, **MACHINE)
    assert first.json() == again.json()
    assert IncomingDocument.objects.count() == 1


@pytest.mark.parametrize("person", ["khue", "suong", "quan"])
def test_who_is_no_clerk_takes_nothing_in(
    office: SmallOffice, sign_in: SignIn, person: str
) -> None:
    del office
    desk = sign_in(person)
    assert desk.get(INTAKE).status_code == 403
    assert desk.send(INTAKE, {"files": pdf()}, **MACHINE).status_code == 403
    assert not Blob.objects.exists()


def test_a_clerk_takes_nothing_in_for_an_agency_she_does_not_serve(
    office: SmallOffice, sign_in: SignIn
) -> None:
    other = {"files": pdf(), "agency": office.agencies["dm"].pk}
    assert sign_in("nhan").send(INTAKE, other, **MACHINE).status_code == 403
    assert not IncomingDocument.objects.exists()


def test_the_queue_shows_one_agency_at_a_time(office: SmallOffice, sign_in: SignIn) -> None:
    letters.received(office, read=False)
    nhan = sign_in("nhan")
    here = nhan.get(INTAKE, {"co-quan": office.agencies["tu"].pk}).content.decode()
    there = nhan.get(INTAKE, {"co-quan": office.agencies["vptu"].pk}).content.decode()
    assert "bao-cao-sat-lo.pdf" in here
    assert "bao-cao-sat-lo.pdf" not in there
    assert "Chưa có tệp nào. Kéo tệp vào đây, hoặc bấm “Chọn tệp”." in there
    assert "Tệp thả vào trang này là văn bản đến của Văn phòng Tỉnh ủy" in there


def test_what_was_read_fills_the_line_with_its_source(office: SmallOffice) -> None:
    document = letters.received(office)
    found = suggest(document, selectors.original_of(document), clock.today())
    letter = letters.FROM_DONG_MO
    values = {name: one.value for name, one in found.fields.items()}
    assert values["reference_code"] == letter.reference_code
    assert values["issued_on"] == letter.issued_on
    assert values["issuer_name"] == "Đảng ủy xã Đồng Mơ"
    assert found.fields["issuer_name"].note == "Khớp danh mục cơ quan"
    assert values["document_type"] == "bao-cao"
    assert values["subject"] == letter.subject
    assert values["signer_name"] == letter.signer
    assert values["urgency"] == "urgent"
    assert found.fields["reference_code"].note == "Trang 1, dòng tô sáng"
    assert {mark.key for mark in found.marks[0]} >= {"reference_code", "issued_on", "subject"}
    # No date is written in it: the office's own term for urgent letters is proposed, and named.
    assert "2 ngày làm việc" in found.fields["due_on"].note
    assert found.rule_of(values["due_on"]).startswith("Mặc định văn bản khẩn")
    assert found.rule_of(clock.today() + timedelta(days=400)) == "Văn thư ghi"


def test_two_presses_register_what_was_read_and_open_the_next_file(
    office: SmallOffice, sign_in: SignIn
) -> None:
    document = letters.received(office)
    following = letters.received(office, letters.again(reference_code="119-BC/ĐU"), read=False)
    nhan = sign_in("nhan")
    page = nhan.get(page_of(document)).content.decode()
    assert "<strong>1</strong>" in page
    answer = nhan.post(page_of(document), form_values(page))
    assert (answer.status_code, answer["Location"]) == (303, page_of(following))
    kept = letters.fresh(document)
    assert kept.as_state == State.SUBMITTED
    assert kept.reference_code == "118-BC/ĐU"
    assert kept.issuer_agency_id == office.agencies["dm"].pk
    assert kept.due_rule.startswith("Mặc định văn bản khẩn: 2 ngày làm việc")
    # What is registered is no longer in the intake.
    assert nhan.get(page_of(document))["Location"] == reverse(
        "incoming:detail", args=[document.public_id]
    )


def test_a_refused_line_keeps_every_word(office: SmallOffice, sign_in: SignIn) -> None:
    document = letters.received(office)
    nhan = sign_in("nhan")
    typed = form_values(nhan.get(page_of(document)).content.decode())
    typed |= {"issued_on": "", "subject": "Một trích yếu vừa gõ", "note": "Kèm phụ lục"}
    answer = nhan.post(page_of(document), typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Chưa vào sổ được: thiếu Ngày văn bản." in shown
    assert "Một trích yếu vừa gõ" in shown
    assert 'value="Kèm phụ lục"' in shown


def test_a_duplicate_is_told_before_and_at_registering(
    office: SmallOffice, sign_in: SignIn
) -> None:
    letters.registered(office)
    twin = letters.received(office)
    nhan = sign_in("nhan")
    page = nhan.get(page_of(twin)).content.decode()
    assert "Văn bản này có thể đã vào sổ" in page
    typed = form_values(page)
    refused = nhan.post(page_of(twin), typed)
    assert refused.status_code == 409
    assert "ghi rõ lý do vào sổ lần nữa" in refused.content.decode()
    typed |= {"duplicate_reason": "Bản có phụ lục", "operation_id": str(uuid.uuid4())}
    assert nhan.post(page_of(twin), typed).status_code == 303
    assert letters.fresh(twin).duplicate_reason == "Bản có phụ lục"


def test_the_same_bytes_dropped_twice_are_told(office: SmallOffice, sign_in: SignIn) -> None:
    letters.received(office, read=False)
    second = letters.received(office, read=False)
    page = sign_in("nhan").get(f"{page_of(second)}?nhap-tay=1").content.decode()
    assert "Cùng một tệp này" in page
    assert "cũng đang chờ vào sổ" in page


def test_while_the_file_is_read_the_page_asks_again_and_then_shows_the_line(
    office: SmallOffice, sign_in: SignIn
) -> None:
    document = letters.received(office, read=False)
    nhan = sign_in("nhan")
    page = nhan.get(page_of(document)).content.decode()
    assert f'hx-get="{page_of(document)}"' in page
    assert 'name="reference_code"' not in page
    asked = nhan.get(page_of(document), headers={"HX-Request": "true"})
    assert asked["HX-Reselect"] == "#dang-doc"
    handlers.read_incoming(selectors.for_service(document.public_id))
    done = nhan.get(page_of(document), headers={"HX-Request": "true"})
    assert done["HX-Retarget"] == done["HX-Reselect"] == "#lam-viec"
    assert 'value="118-BC/ĐU"' in done.content.decode()


def test_a_file_that_cannot_be_read_says_so_over_an_empty_line(
    office: SmallOffice, sign_in: SignIn
) -> None:
    document = letters.received(office, read=False)
    original = selectors.original_of(document).rendition
    sentence = "Không đọc được chữ trong bản quét."
    readings.keep_fault(handlers.READER, original, code="ocr.nothing", sentence=sentence)
    page = sign_in("nhan").get(page_of(document)).content.decode()
    assert f"{sentence} Đồng chí nhập tay" in page
    assert form_values(page)["reference_code"] == ""


def test_a_word_file_shows_its_words_and_where_they_stand(
    office: SmallOffice, sign_in: SignIn, tmp_path: Path
) -> None:
    del office
    word = word_file(letters.FROM_DONG_MO, tmp_path / "thu.docx").read_bytes()
    nhan = sign_in("nhan")
    assert nhan.send(INTAKE, {"files": pdf("thu.docx", word)}).status_code == 303
    document = IncomingDocument.objects.get()
    handlers.read_incoming(selectors.for_service(document.public_id))
    page = nhan.get(page_of(document)).content.decode()
    assert form_values(page)["reference_code"] == "118-BC/ĐU"
    assert "Dòng “" in page
    assert "27 hộ với 103 nhân khẩu" in page


def test_sending_back_wants_a_reason_and_keeps_the_page(
    office: SmallOffice, sign_in: SignIn
) -> None:
    document = letters.received(office)
    nhan = sign_in("nhan")
    url = reverse("incoming:return_to_sender", args=[document.public_id])
    empty = nhan.send(url, {"reason": "", "version": document.version})
    assert empty.status_code == 422
    assert "Trả lại nơi gửi phải nêu lý do." in empty.content.decode()
    assert nhan.send(url, {"reason": "Gửi nhầm", "version": document.version}).status_code == 303
    assert letters.fresh(document).result == "Gửi nhầm"


def test_another_clerk_finds_neither_page_nor_file(office: SmallOffice, sign_in: SignIn) -> None:
    document = letters.received(office, read=False)
    thao = sign_in("thao")
    for name in ("intake_item", "detail", "download", "signatures"):
        assert thao.get(reverse(f"incoming:{name}", args=[document.public_id])).status_code == 404
    assert thao.get(reverse("incoming:page", args=[document.public_id, 1])).status_code == 404
    url = reverse("incoming:return_to_sender", args=[document.public_id])
    assert thao.send(url, {"reason": "x"}).status_code == 404


def test_the_intake_is_thrifty(
    office: SmallOffice,
    sign_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    first = letters.received(office)
    for number in range(3):
        letters.received(office, letters.again(reference_code=f"{number + 1}-BC/ĐU"), read=False)
    commands.register(office.actor("nhan"), first.public_id, letters.line_of(), version=None)
    waiting = letters.received(office)
    nhan = sign_in("nhan")
    for url in (INTAKE, page_of(waiting)):
        nhan.get(url)
        with django_assert_max_num_queries(15):
            assert nhan.get(url).status_code == 200
