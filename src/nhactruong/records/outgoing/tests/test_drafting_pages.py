"""The drafter's pages without script, and what the script sends."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.drafting.rules import parse_body
from nhactruong.records.outgoing import commands, selectors
from nhactruong.records.outgoing.commands.drafting import DraftContent
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.outgoing.tests.pages import form_of, op, texts

Desk = Callable[[str], Client]


def test_a_new_draft_opens_in_the_form_of_its_type(office: SmallOffice, desk: Desk) -> None:
    client = desk("suong")
    page = client.get(reverse("outgoing:new_draft"))
    assert "Gửi cơ quan nào, để làm gì?" in page.content.decode()
    answer = client.post(
        reverse("outgoing:new_draft"),
        op(organ=office.organs["tu.btv"].pk, document_type="thong-bao", subject="kết luận"),
    )
    assert answer.status_code == 303
    page = client.get(answer["Location"])
    assert "Thông báo kết luận" in page.content.decode()
    assert "Gửi Trưởng phòng duyệt" in page.content.decode()


@pytest.mark.parametrize(
    ("drafter", "button"),
    [("may", "Gửi Chánh Văn phòng duyệt"), ("son", "Trình đồng chí Mạc Văn Trầm ký")],
)
def test_in_a_small_commune_the_button_names_who_gets_the_draft(
    office: SmallOffice, desk: Desk, drafter: str, button: str
) -> None:
    draft = letters.drafted(office, by=drafter, organ="dm.btv")
    signer = next(
        row for row in selectors.authorities_for(draft) if row.post_id == office.posts["tram"].pk
    )
    commands.save_draft(
        office.actor(drafter), draft.public_id, DraftContent(authority_id=signer.pk), version=None
    )
    page = desk(drafter).get(reverse("outgoing:draft", args=[draft.public_id])).content.decode()
    assert button in page
    assert "Trưởng phòng duyệt" not in page


def test_a_form_without_type_comes_back_with_what_was_typed(
    office: SmallOffice, desk: Desk
) -> None:
    answer = desk("suong").post(
        reverse("outgoing:new_draft"), op(organ=office.organs["tu.btv"].pk, subject="giữ lại")
    )
    assert answer.status_code == 422
    assert "giữ lại" in answer.content.decode()


def test_the_form_without_script_saves_and_keeps_styles(office: SmallOffice, desk: Desk) -> None:
    body = {
        "schema": 1,
        "blocks": [
            {
                "id": "a",
                "kind": "paragraph",
                "runs": [{"text": "Giao "}, {"text": "Văn phòng", "bold": True}, {"text": " làm."}],
            }
        ],
    }
    draft = letters.drafted(office)
    draft = commands.save_draft(
        office.actor("suong"),
        draft.public_id,
        DraftContent(body=body),
        version=None,
    )
    sent = form_of(draft, **{"act": "save"})
    sent["b-text"] = ["Giao Văn phòng Tỉnh ủy làm ngay."]
    answer = desk("suong").post(reverse("outgoing:draft", args=[draft.public_id]), sent)
    assert answer.status_code == 303
    (block,) = parse_body(letters.again(draft).body).blocks
    runs = [(run.text, run.bold) for run in block.runs]  # type: ignore[union-attr]
    assert ("Văn phòng", True) in runs
    assert "".join(text for text, _ in runs) == "Giao Văn phòng Tỉnh ủy làm ngay."


@pytest.mark.parametrize(
    ("act", "places"),
    [("up:1", [1, 0, 2]), ("down:1", [0, 2, 1]), ("delete:0", [1, 2]), ("up:0", [0, 1, 2])],
)
def test_blocks_move_by_buttons(
    office: SmallOffice, desk: Desk, act: str, places: list[int]
) -> None:
    draft = letters.drafted(office)
    old = texts(draft)
    desk("suong").post(reverse("outgoing:draft", args=[draft.public_id]), form_of(draft, act=act))
    assert texts(draft) == [old[place] for place in places]


def test_lines_typed_into_one_block_become_blocks(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office)
    sent = form_of(draft)
    sent["b-text"][0] = "Dòng một\r\nDòng hai"
    desk("suong").post(reverse("outgoing:draft", args=[draft.public_id]), sent)
    assert texts(draft)[:2] == ["Dòng một", "Dòng hai"]


def test_pasted_lines_become_blocks_of_their_kind(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office)
    answer = desk("suong").post(
        reverse("outgoing:paste", args=[draft.public_id]),
        op(plain="I- Kết quả\n1. Một\n- Hai"),
        headers={"accept": "application/json"},
    )
    kinds = [(one["kind"], one.get("level")) for one in answer.json()["blocks"]]
    assert kinds == [("heading", 1), ("heading", 2), ("item", None)]
    assert letters.again(draft).version == draft.version


def test_typing_saves_by_itself_and_says_when(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office)
    body = json.dumps({"schema": 1, "blocks": [{"id": "x", "kind": "article", "runs": []}]})
    answer = desk("suong").post(
        reverse("outgoing:save", args=[draft.public_id]),
        op(version=draft.version, subject="quy chế", body_json=body),
        headers={"accept": "application/json"},
    )
    said = answer.json()
    assert said["version"] == draft.version + 1
    assert said["said"].startswith("Đã lưu ")
    assert said["pages"] == 1
    assert said["next"] == "Gửi Trưởng phòng duyệt"
    assert "văn bản chưa có nội dung" not in said["checks"]
    assert letters.again(draft).body["blocks"][0]["kind"] == "article"


def test_a_stale_page_is_told_and_its_text_kept(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office)
    stale = form_of(draft)
    stale["b-text"][0] = "Chữ vừa gõ còn nguyên"
    commands.save_draft(
        office.actor("suong"),
        draft.public_id,
        DraftContent(subject="bản mới hơn"),
        version=None,
    )
    client = desk("suong")
    saved = client.post(
        reverse("outgoing:save", args=[draft.public_id]),
        stale,
        headers={"accept": "application/json"},
    )
    assert saved.status_code == 409
    assert "vừa được lưu ở một nơi khác" in saved.json()["title"]
    stale["operation_id"] = str(uuid.uuid4())
    page = client.post(reverse("outgoing:draft", args=[draft.public_id]), stale)
    assert page.status_code == 409
    assert "Chữ vừa gõ còn nguyên" in page.content.decode()
    assert letters.again(draft).subject == "bản mới hơn"
    # A refused page does not become the newer one by itself: only its own button overwrites.
    assert f'name="version" value="{stale["version"]}"' in page.content.decode()
    assert "Lưu đè bằng nội dung trang này" in page.content.decode()
    over = op(**{key: value for key, value in stale.items() if key not in ("act", "operation_id")})
    saved = client.post(
        reverse("outgoing:draft", args=[draft.public_id]), {**over, "act": "overwrite"}
    )
    assert saved.status_code == 303
    assert "Chữ vừa gõ còn nguyên" in texts(letters.again(draft))[0]


def test_hostile_words_are_words(office: SmallOffice, desk: Desk) -> None:
    hostile = '</textarea><script>alert(1)</script> #let x = $a_1$ \\ {{ 7 }} "\u202e"'
    draft = letters.drafted(office, text=hostile)
    commands.save_draft(
        office.actor("suong"),
        draft.public_id,
        DraftContent(subject="<img src=x onerror=alert(1)>"),
        version=None,
    )
    client = desk("suong")
    page = client.get(reverse("outgoing:draft", args=[draft.public_id])).content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page
    picture = client.get(reverse("outgoing:preview", args=[draft.public_id, 1]))
    assert picture.content.startswith(b"\x89PNG")


def test_a_broken_body_is_refused_with_its_place(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office)
    body = '{"schema": 1, "blocks": [{"id": "x", "kind": "script", "runs": []}]}'
    for sent in ("no json", "[]", body):
        answer = desk("suong").post(
            reverse("outgoing:save", args=[draft.public_id]),
            op(version=draft.version, body_json=sent),
            headers={"accept": "application/json"},
        )
        assert answer.status_code == 422
    assert texts(draft) == texts(letters.again(draft))


def test_a_subject_that_does_not_fit_is_refused_whole(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office)
    said = "rất dài " * 130
    answer = desk("suong").post(
        reverse("outgoing:draft", args=[draft.public_id]),
        {**form_of(draft, act="save"), "subject": said},
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Trích yếu dài quá 1000 ký tự (đang có 1039). Đồng chí viết gọn lại." in page
    assert said.strip() in page
    assert letters.again(draft).subject == draft.subject


def test_recipients_are_added_ordered_and_taken_away(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office)
    client = desk("suong")
    here = reverse("outgoing:draft", args=[draft.public_id])
    added = office.agencies["vptu"].pk
    client.post(here, form_of(draft, **{"r-add": [added, added, 999999], "r-free": "Báo Sông Lam"}))
    lines = [row.line for row in letters.again(draft).recipients.order_by("position")]
    assert lines == [
        "Đảng ủy xã Đồng Mơ",
        "Văn phòng Tỉnh ủy",
        "Báo Sông Lam",
        "Lưu Văn phòng Tỉnh ủy",
    ]
    client.post(here, form_of(letters.again(draft), act="r-delete:0"))
    found = [agency.short_name for agency in selectors.recipient_agencies(letters.again(draft))]
    assert found == ["Văn phòng Tỉnh ủy"]


def test_the_preview_is_drawn_once_and_named_by_its_words(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office)
    client = desk("suong")
    here = reverse("outgoing:preview", args=[draft.public_id, 1])
    first = client.get(here)
    again = client.get(here, headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert client.get(reverse("outgoing:preview", args=[draft.public_id, 9])).status_code == 404
    commands.save_draft(
        office.actor("suong"),
        draft.public_id,
        DraftContent(subject="khác"),
        version=None,
    )
    assert client.get(here, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_what_is_missing_is_said_on_the_page_and_again_when_sent(
    office: SmallOffice, desk: Desk
) -> None:
    actor = office.actor("suong")
    draft = commands.create_draft(
        actor, organ_id=office.organs["tu.btv"].pk, document_type="thong-bao"
    )
    client = desk("suong")
    here = reverse("outgoing:draft", args=[draft.public_id])
    page = client.get(here).content.decode()
    assert "Thiếu Trích yếu" in page
    assert "chỗ gợi ý của mẫu chưa viết nội dung" in page
    assert "Chưa có nơi nhận trên hệ thống; chỉ vào sổ." in page
    answer = client.post(here, form_of(letters.again(draft), act="submit"))
    assert answer.status_code == 409
    assert "Chưa gửi duyệt được: thiếu Trích yếu" in answer.content.decode()
    assert letters.again(draft).as_state == State.DRAFT


def test_what_the_template_suggested_goes_in_one_press(office: SmallOffice, desk: Desk) -> None:
    draft = commands.create_draft(
        office.actor("suong"), organ_id=office.organs["tu.btv"].pk, document_type="bao-cao"
    )
    client = desk("suong")
    here = reverse("outgoing:draft", args=[draft.public_id])
    assert "Bỏ các chỗ gợi ý còn lại" in client.get(here).content.decode()
    client.post(here, form_of(letters.again(draft), act="drop-placeholders"))
    assert "Kết quả thực hiện" in texts(draft)
    assert not any(text.startswith("[") for text in texts(draft))
    assert "Bỏ các chỗ gợi ý còn lại" not in client.get(here).content.decode()


def test_who_is_addressed_receives_the_copy(office: SmallOffice, desk: Desk) -> None:
    draft = commands.create_draft(
        office.actor("suong"), organ_id=office.organs["tu.btv"].pk, document_type="cong-van"
    )
    client = desk("suong")
    here = reverse("outgoing:draft", args=[draft.public_id])
    client.post(here, form_of(letters.again(draft), act="save", addressees="Đảng ủy xã Đồng Mơ."))
    sent = [(row.line, row.agency) for row in letters.again(draft).recipients.all()]
    assert sent == [("Như trên", office.agencies["dm"])]
    assert "Phát hành sẽ gửi đến 1 cơ quan." in client.get(here).content.decode()
    client.post(here, form_of(letters.again(draft), act="save", addressees="Sở Nội vụ"))
    assert [(row.line, row.agency) for row in letters.again(draft).recipients.all()] == [
        ("Như trên", None)
    ]


def test_sending_saves_first_and_shows_the_page_to_read(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office)
    client = desk("suong")
    here = reverse("outgoing:draft", args=[draft.public_id])
    sent = form_of(draft, act="submit")
    sent["subject"] = "kết luận mới nhất"
    assert client.post(here, sent).status_code == 303
    draft = letters.again(draft)
    assert (draft.subject, draft.as_state) == ("kết luận mới nhất", State.CONTENT_REVIEW)
    page = client.get(here).content.decode()
    assert "Chờ duyệt nội dung" in page
    assert 'name="b-text"' not in page


def test_a_draft_is_not_there_for_others(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office)
    for person in ("mien", "thu", "nhan", "may"):
        client = desk(person)
        for name in ("draft", "save", "paste", "submit"):
            here = reverse(f"outgoing:{name}", args=[draft.public_id])
            answer = client.get(here) if name == "draft" else client.post(here, op())
            assert answer.status_code == 404
        assert client.get(reverse("outgoing:preview", args=[draft.public_id, 1])).status_code == 404


def test_my_drafts_by_step(office: SmallOffice, desk: Desk) -> None:
    letters.drafted(office)
    letters.submitted(office)
    client = desk("suong")
    here = reverse("outgoing:drafts")
    assert client.get(here).content.decode().count('class="row-title"') == 2
    assert client.get(here, {"tt": "dang-soan"}).content.decode().count('class="row-title"') == 1
    assert "chưa có dự thảo nào" in desk("mien").get(here).content.decode()


def test_queries_of_the_drafting_pages(
    office: SmallOffice, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    draft = letters.drafted(office)
    client = desk("suong")
    for name, args in (
        ("drafts", []),
        ("new_draft", []),
        ("draft", [draft.public_id]),
        ("preview", [draft.public_id, 1]),
    ):
        client.get(reverse(f"outgoing:{name}", args=args))
        with django_assert_max_num_queries(15):
            client.get(reverse(f"outgoing:{name}", args=args))
