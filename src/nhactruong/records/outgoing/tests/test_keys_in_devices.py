"""Signing and sealing with keys that lie in devices: at the server by PIN, at one's own PC by the helper."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import logging
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.errors import OutsideFailure
from nhactruong.kernel.states import Role
from nhactruong.masterdata.devices import commands as devices
from nhactruong.masterdata.devices.models import Device
from nhactruong.masterdata.devices.rules import Kind
from nhactruong.masterdata.organization.commands import grant_role
from nhactruong.masterdata.organization.tests.scenarios import (
    FOUNDER,
    PASSWORD,
    SINCE,
    SmallOffice,
)
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import commands, handlers
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.signing import selectors as signatures
from nhactruong.records.signing import vault
from nhactruong.records.signing.engine import images
from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.models import (
    SignaturePicture,
    SignatureRecord,
    SigningKey,
    SigningRequest,
)
from nhactruong.records.signing.providers import token
from nhactruong.records.signing.service import signing_service
from nhactruong.records.signing.soft import sample_pki
from nhactruong.records.signing.tests.softhsm import KEY_ID, PIN, SoftToken, plugged_in

Desk = Callable[[str], Client]

SIGNER, CLERK, KEEPER = "thu", "nhan", "quan"


def op(**fields: Any) -> dict[str, Any]:
    """The fields of a form with an operation of its own."""
    return {"operation_id": str(uuid.uuid4()), "step_up_code": PASSWORD, **fields}


def url(name: str, document: OutgoingDocument) -> str:
    return reverse(f"outgoing:{name}", args=[document.public_id])


def pem(identity: SigningIdentity) -> bytes:
    ders = (identity.certificate_der, *identity.chain_der)
    return b"".join(x509.load_der_x509_certificate(one).public_bytes(Encoding.PEM) for one in ders)


@pytest.fixture(scope="module")
def tokens(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[SigningIdentity, SoftToken]]]:
    """The deputy secretary's token and the agency's, both plugged in."""
    folder = tmp_path_factory.mktemp("tokens")
    signer = sample_pki().person("Phan Thị Hoài Thư", "", "TOKEN-thu")
    seal = sample_pki().agency("Tỉnh ủy Sông Lam", "TOKEN-tu")
    with (
        plugged_in(folder, signer, label="Thiết bị 01") as first,
        plugged_in(folder, seal, label="Dấu 01") as second,
    ):
        yield {"person": (signer, first), "seal": (seal, second)}


@pytest.fixture
def server(tokens: dict[str, tuple[SigningIdentity, SoftToken]], settings: Any) -> Iterator[None]:
    """A server that knows the library of the tokens."""
    settings.PKCS11_MODULE = str(tokens["person"][1].module)
    signing_service.cache_clear()
    yield
    signing_service.cache_clear()


@pytest.fixture
def register(
    office: SmallOffice, desk: Desk, tokens: dict[str, tuple[SigningIdentity, SoftToken]]
) -> Callable[..., Device]:
    """Enter a device, attach its certificate through the page, let its custodian receive it."""

    grant_role(FOUNDER, office.posts[KEEPER], Role.SYSADMIN, office.agencies["tu"], since=SINCE)

    def entered(mode: str, purpose: str = "person", *, received: bool = True) -> Device:
        identity, plugged = tokens[purpose]
        custodian = SIGNER if purpose == "person" else CLERK
        device = devices.register_device(
            office.actor(KEEPER),
            devices.Entry(
                agency_id=office.agencies["tu"].pk,
                kind=Kind.SIGNING_DEVICE,
                serial=f"TK-{purpose}",
                name="Thiết bị ký số",
                issuer="Ban Cơ yếu Chính phủ",
                holder_id=office.people[custodian].pk,
                second_id=None,
                valid_until=None,
                basis="Biên bản giao",
            ),
        )
        answer = desk(KEEPER).post(
            reverse("signing:certificate", args=[device.public_id]),
            op(
                purpose=purpose,
                mode=mode,
                place=plugged.label,
                key_id=KEY_ID,
                file=SimpleUploadedFile("chung-thu.pem", pem(identity)),
                version=device.version,
            ),
        )
        assert answer.status_code == 303, answer.content.decode()
        if received:
            devices.receive(office.actor(custodian), device.public_id, version=None)
        return device

    return entered


def numbered(office: SmallOffice) -> OutgoingDocument:
    document = letters.signed(office)
    commands.assign_number(office.actor(CLERK), document.public_id, version=None)
    assert handlers.stamp_number(document.public_id)
    return letters.again(document)


# At the server, by PIN -----------------------------------------------------------------------


def test_the_signer_types_the_pin_and_the_letter_is_signed(
    office: SmallOffice, desk: Desk, register: Callable[..., Device], server: None
) -> None:
    document = letters.presented(office)
    register("pkcs11")
    thu = desk(SIGNER)
    assert "PIN của thiết bị ký" in thu.get(url("sign", document)).content.decode()
    answer = thu.post(url("sign", document), op(secret=PIN))
    assert answer.status_code == 303
    made = SignatureRecord.objects.get(document_id=document.document_id)
    assert (made.mode, made.level) == ("pkcs11", "B-T")
    assert letters.again(document).as_state is State.SIGNED
    signed = contents.rendition(document.document_id, Rendition.Purpose.SIGNED)
    assert signed is not None
    report = signatures.latest_report(signed.pk)
    assert report is not None and report.verdict == "valid"


def test_a_wrong_pin_is_said_at_its_field_and_harms_nothing(
    office: SmallOffice, desk: Desk, register: Callable[..., Device], server: None
) -> None:
    document = letters.presented(office)
    register("pkcs11")
    thu = desk(SIGNER)
    for wrong, words in (("000000", "PIN không đúng"), ("", "nhập PIN")):
        answer = thu.post(url("sign", document), op(secret=wrong))
        page = answer.content.decode()
        assert answer.status_code in (409, 422)
        assert words in page
        assert "000000" not in page
    assert letters.again(document).as_state is State.AWAITING_SIGNATURE
    assert thu.post(url("sign", document), op(secret=PIN)).status_code == 303


def test_the_clerk_seals_at_the_desk_with_the_agency_s_token(
    office: SmallOffice, desk: Desk, register: Callable[..., Device], server: None
) -> None:
    document = numbered(office)
    register("pkcs11", "seal")
    nhan = desk(CLERK)
    assert "PIN của thiết bị ký" in nhan.get(url("detail", document)).content.decode()
    wrong = nhan.post(url("request_seal", document), op(secret="111111"))
    assert "PIN không đúng" in wrong.content.decode()
    assert letters.again(document).as_state is State.NUMBERED
    assert nhan.post(url("request_seal", document), op(secret=PIN)).status_code == 303
    assert letters.again(document).as_state is State.SEALED
    sealed = contents.rendition(document.document_id, Rendition.Purpose.SEALED)
    assert sealed is not None
    report = signatures.latest_report(sealed.pk)
    assert report is not None and report.verdict == "valid"
    assert [one["level"] for one in report.report["signatures"]] == ["B-LTA", "B-LTA"]


# At one's own PC, by the helper ----------------------------------------------------------------


def helped(prepared: dict[str, Any], module: Path) -> str:
    """What the helper on the PC answers."""
    ask = prepared["ask"]
    (raw,) = token.sign(
        module,
        token=ask["token"],
        key_id=ask["key_id"],
        to_be_signed=[base64.b64decode(ask["papers"][0]["to_be_signed"])],
        pin=PIN,
    )
    return base64.b64encode(raw).decode()


def prepare(client: Client, document: OutgoingDocument, what: str = "signature") -> Any:
    return client.post(
        url(f"prepare_{what}", document), op(), headers={"Accept": "application/json"}
    )


def test_the_helper_signs_what_the_office_prepared(
    office: SmallOffice,
    desk: Desk,
    register: Callable[..., Device],
    tokens: dict[str, tuple[SigningIdentity, SoftToken]],
) -> None:
    document = letters.presented(office)
    register("agent")
    thu = desk(SIGNER)
    page = thu.get(url("sign", document))
    assert "http://127.0.0.1:38765" in page["Content-Security-Policy"]
    assert "38765" not in thu.get(reverse("workitems:inbox"))["Content-Security-Policy"]
    prepared = prepare(thu, document).json()
    again = prepare(thu, document).json()
    assert prepared == again
    kept = SigningRequest.objects.get(public_id=prepared["request"])
    assert kept.prepared and b"to_be_signed" not in bytes(kept.prepared)
    answer = thu.post(
        url("sign", document),
        op(
            signing_request=prepared["request"],
            signature=helped(prepared, tokens["person"][1].module),
        ),
    )
    assert answer.status_code == 303
    made = SignatureRecord.objects.get(document_id=document.document_id)
    assert (made.mode, made.level) == ("agent", "B-T")
    kept.refresh_from_db()
    assert (kept.outcome, kept.prepared) == ("signed", None)


def test_the_agency_s_token_at_the_clerk_s_pc_seals(
    office: SmallOffice,
    desk: Desk,
    register: Callable[..., Device],
    tokens: dict[str, tuple[SigningIdentity, SoftToken]],
) -> None:
    document = numbered(office)
    register("agent", "seal")
    nhan = desk(CLERK)
    prepared = prepare(nhan, document, "seal").json()
    answer = nhan.post(
        url("request_seal", document),
        op(
            signing_request=prepared["request"],
            signature=helped(prepared, tokens["seal"][1].module),
        ),
    )
    assert answer.status_code == 303
    assert letters.again(document).as_state is State.SEALED
    sealed = contents.rendition(document.document_id, Rendition.Purpose.SEALED)
    assert sealed is not None
    report = signatures.latest_report(sealed.pk)
    assert report is not None and report.verdict == "valid"


def test_answers_that_do_not_fit_leave_the_letter_as_it_was(
    office: SmallOffice,
    desk: Desk,
    register: Callable[..., Device],
    tokens: dict[str, tuple[SigningIdentity, SoftToken]],
) -> None:
    """Another key's answer, rubbish, another letter's request, a page without its helper."""
    document, other = letters.presented(office), letters.presented(office)
    register("agent")
    thu = desk(SIGNER)
    prepared = prepare(thu, document).json()
    (by_seal,) = token.sign(
        tokens["seal"][1].module,
        token=tokens["seal"][1].label,
        key_id=KEY_ID,
        to_be_signed=[base64.b64decode(prepared["ask"]["papers"][0]["to_be_signed"])],
        pin=PIN,
    )
    right = helped(prepared, tokens["person"][1].module)
    tries = [
        (document, prepared["request"], base64.b64encode(by_seal).decode(), "không khớp"),
        (document, prepared["request"], "", "không khớp"),
        (document, prepared["request"], "###", "hết hạn"),
        (document, "no-uuid", right, "hết hạn"),
        (document, str(uuid.uuid4()), right, "hết hạn"),
        (other, prepared["request"], right, "hết hạn"),
        (document, "", "", "trợ lý ký số"),
    ]
    for letter, request, signature, words in tries:
        answer = thu.post(url("sign", letter), op(signing_request=request, signature=signature))
        assert answer.status_code == 409, (request, signature)
        assert words in answer.content.decode()
    assert letters.again(document).as_state is State.AWAITING_SIGNATURE
    assert SignatureRecord.objects.count() == 0
    # And the request is still good for the right answer.
    answer = thu.post(
        url("sign", document), op(signing_request=prepared["request"], signature=right)
    )
    assert answer.status_code == 303


def test_a_session_lost_between_digest_and_signature_is_taken_up_or_lapses(
    office: SmallOffice,
    desk: Desk,
    register: Callable[..., Device],
    tokens: dict[str, tuple[SigningIdentity, SoftToken]],
) -> None:
    document = letters.presented(office)
    register("agent")
    prepared = prepare(desk(SIGNER), document).json()
    right = helped(prepared, tokens["person"][1].module)
    with clock.frozen_at(clock.now() + timedelta(minutes=6)):
        thu = desk(SIGNER)
        late = thu.post(
            url("sign", document), op(signing_request=prepared["request"], signature=right)
        )
        assert late.status_code == 409
        assert "hết hạn" in late.content.decode()
        anew = prepare(thu, document).json()
        assert anew["request"] != prepared["request"]
        answer = thu.post(
            url("sign", document),
            op(signing_request=anew["request"], signature=helped(anew, tokens["person"][1].module)),
        )
        assert answer.status_code == 303
    outcomes = SigningRequest.objects.order_by("pk").values_list("outcome", "prepared")
    assert list(outcomes) == [("lapsed", None), ("signed", None)]


# What may not be used -------------------------------------------------------------------------


def test_a_lost_device_signs_nothing_from_that_moment(
    office: SmallOffice, desk: Desk, register: Callable[..., Device], server: None
) -> None:
    document = letters.presented(office)
    device = register("pkcs11", received=False)
    thu = desk(SIGNER)
    early = thu.post(url("sign", document), op(secret=PIN))
    assert "chưa được người giữ ký nhận" in early.content.decode()
    devices.receive(office.actor(SIGNER), device.public_id, version=None)
    devices.report_loss(office.actor(SIGNER), device.public_id, reason="Mất túi", version=None)
    late = thu.post(url("sign", document), op(secret=PIN))
    assert late.status_code == 409
    assert "đã báo mất" in late.content.decode()


def test_a_certificate_revoked_since_the_approval_signs_nothing(
    office: SmallOffice, desk: Desk, server: None
) -> None:
    document = letters.presented(office)
    identity = sample_pki().person("Phan Thị Hoài Thư", "", "REVOKED-thu")
    with writes_allowed():
        SigningKey.objects.filter(holder_id=office.people[SIGNER].pk, holder_kind="person").update(
            subject_id="REVOKED-thu"
        )
    sample_pki().revoke(identity, clock.now() - timedelta(minutes=1))
    answer = desk(SIGNER).post(url("sign", document), op())
    assert answer.status_code == 409
    assert "đã bị thu hồi" in answer.content.decode()
    assert letters.again(document).as_state is State.AWAITING_SIGNATURE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"file": SimpleUploadedFile("a.pem", b"-----BEGIN X-----")}, "đúng một chứng thư"),
        ({"purpose": "seal"}, "không phải chứng thư dấu của cơ quan"),
        ({"key_id": "zz"}, "Mã khóa gồm các cặp"),
        ({"key_id": ""}, "Thiếu Mã khóa"),
        ({"step_up_code": "sai"}, "không đúng"),
    ],
)
def test_a_certificate_that_does_not_fit_is_refused_at_its_field(
    change: dict[str, Any],
    words: str,
    office: SmallOffice,
    desk: Desk,
    register: Callable[..., Device],
    tokens: dict[str, tuple[SigningIdentity, SoftToken]],
) -> None:
    device = register("agent", received=False)
    before = SigningKey.objects.count()
    sent = op(
        purpose="person",
        mode="agent",
        place="Thiết bị 01",
        key_id=KEY_ID,
        file=SimpleUploadedFile("a.pem", pem(tokens["person"][0])),
    )
    answer = desk(KEEPER).post(
        reverse("signing:certificate", args=[device.public_id]), {**sent, **change}
    )
    assert answer.status_code in (409, 422)
    assert words in answer.content.decode()
    assert SigningKey.objects.count() == before


def test_the_record_says_which_key_was_registered_and_holds_no_pin(
    office: SmallOffice, desk: Desk, register: Callable[..., Device], server: None
) -> None:
    document = letters.presented(office)
    register("pkcs11")
    desk(SIGNER).post(url("sign", document), op(secret=PIN))
    row = AuditRow.objects.filter(action="signing.key_registered").latest("pk")
    assert row.facts["mode"] == "pkcs11"
    assert PIN not in json.dumps(list(AuditRow.objects.values_list("facts", flat=True)))


def test_pins_pictures_and_keys_are_in_no_table_log_or_temporary_file(
    office: SmallOffice,
    desk: Desk,
    register: Callable[..., Device],
    server: None,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The whole database as text, every line of the log, and all that was left behind on disk."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    picture = images.signature_png("Một người khác hẳn")
    document = letters.presented(office)
    device = register("pkcs11")
    kept = desk(KEEPER).post(
        reverse("signing:picture", args=[device.public_id]),
        op(purpose="person", file=SimpleUploadedFile("chu-ky.png", picture)),
    )
    assert kept.status_code == 303, kept.content.decode()
    with caplog.at_level(logging.DEBUG):
        desk(SIGNER).post(url("sign", document), op(secret="Pin-sai-1"))
        assert desk(SIGNER).post(url("sign", document), op(secret=PIN)).status_code == 303
    row = AuditRow.objects.filter(action="outgoing.signed").latest("pk")
    assert row.facts["picture"] == hashlib.sha256(picture).hexdigest()
    signed = contents.rendition(document.document_id, Rendition.Purpose.SIGNED)
    assert signed is not None
    left = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    dump = _whole_database()
    inside = picture[100:164]
    assert "Phan Thị Hoài Thư" in dump, "the dump must hold what is no secret"
    for secret in (PIN, "Pin-sai-1", inside.hex(), base64.b64encode(inside).decode()[4:-4]):
        assert secret not in dump
        assert secret not in caplog.text
        assert secret.encode() not in left
    assert inside not in left


def _whole_database() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        parts = []
        for table in tables:
            cursor.execute(
                f"SELECT coalesce(string_agg(kept::text, chr(10)), '') FROM \"{table}\" kept"  # noqa: S608
            )
            parts.append(cursor.fetchone()[0])
    return "\n".join(parts)


def test_the_vault_opens_only_for_its_purpose_and_its_key(settings: Any, tmp_path: Path) -> None:
    settings.VAULT_KEY = tmp_path / "vault-key"
    kept = vault.put_away(b"hinh", purpose="picture:person:1")
    assert b"hinh" not in kept
    assert vault.take_out(kept, purpose="picture:person:1") == b"hinh"
    assert (tmp_path / "vault-key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(OutsideFailure):
        vault.take_out(kept, purpose="picture:person:2")
    settings.VAULT_KEY = tmp_path / "another"
    with pytest.raises(OutsideFailure):
        vault.take_out(kept, purpose="picture:person:1")


def test_a_picture_that_hides_the_page_is_refused(
    office: SmallOffice, desk: Desk, register: Callable[..., Device]
) -> None:
    device = register("agent", received=False)
    here = reverse("signing:picture", args=[device.public_id])
    opaque = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(opaque, "PNG")
    for content in (opaque.getvalue(), b"khong phai hinh"):
        answer = desk(KEEPER).post(
            here, op(purpose="person", file=SimpleUploadedFile("a.png", content))
        )
        assert answer.status_code == 422
        assert "PNG nền trong" in answer.content.decode()
    assert SignaturePicture.objects.count() == 0
