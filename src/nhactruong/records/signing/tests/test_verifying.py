"""What a verifier must and must not believe: the verdict table of signatures.md 6.2."""

from __future__ import annotations

import io
import json
import random
import re
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm

from nhactruong.records.signing.engine.certificates import Holder
from nhactruong.records.signing.engine.verdicts import (
    REASON_PHRASES,
    VERDICT_LABELS,
    FileOutcome,
    FileVerdict,
    ReasonCode,
    SignatureVerdict,
    worst,
)
from nhactruong.records.signing.tests import tampering
from nhactruong.records.signing.tests.conftest import SEALED_AT, SIGNED_AT, Office

DAY = timedelta(days=1)
LATE = datetime(2035, 6, 1, tzinfo=UTC)


def reasons(verdict: FileVerdict, place: int = 0) -> set[ReasonCode]:
    return set(verdict.signatures[place].reasons)


# Files without a signature, and files that are none ------------------------------------------


def test_a_letter_nobody_signed(office: Office, blank: bytes) -> None:
    verdict = office.check(blank)
    assert verdict.verdict is FileOutcome.UNSIGNED
    assert verdict.label == "KHÔNG CÓ CHỮ KÝ SỐ"


def test_a_picture_of_a_seal_is_no_signature(office: Office) -> None:
    page = Image.new("RGB", (600, 850), "white")
    seal = Image.open(io.BytesIO(office.seal_image))
    page.paste(seal, (100, 400), seal)
    scan = io.BytesIO()
    page.save(scan, "PDF")
    verdict = office.check(scan.getvalue())
    assert verdict.verdict is FileOutcome.UNSIGNED
    assert "không phải là chữ ký số" in verdict.sentence


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"not a pdf",
        b"%PDF-1.7\n",
        b"\x00" * 4096,
        b"%PDF-1.7\n%%EOF",
        b"PK\x03\x04zip",
    ],
)
def test_what_is_no_pdf_is_unreadable(office: Office, content: bytes) -> None:
    verdict = office.check(content)
    assert verdict.verdict is FileOutcome.INVALID
    assert verdict.reasons == (ReasonCode.UNREADABLE,)
    assert verdict.signatures == ()


def test_a_truncated_file_is_unreadable(office: Office, blank: bytes) -> None:
    verdict = office.check(blank[: len(blank) // 2])
    assert verdict.reasons == (ReasonCode.UNREADABLE,)


def test_a_file_with_a_password_is_not_judged(office: Office, signed: bytes) -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(user="mật khẩu", owner="chủ"))
    verdict = office.check(locked.getvalue())
    assert verdict.verdict is FileOutcome.INDETERMINATE
    assert verdict.reasons == (ReasonCode.ENCRYPTED,)


def test_random_damage_never_raises_and_never_turns_green(office: Office, sealed: bytes) -> None:
    dice = random.Random(20261123)  # noqa: S311
    padding = _padding(sealed)
    end_of_seal = _end_of_signature(sealed, "SIG_AGENCY")
    # Behind the last time stamp stands the validation data of its authority, which nothing covers.
    end_of_stamp = _end_of_signature(sealed, "Timestamp")
    for _ in range(40):
        broken = bytearray(sealed)
        for _ in range(dice.choice((1, 3, 30))):
            broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
        touched = [place for place, byte in enumerate(sealed) if broken[place] != byte]
        verdict = office.check(bytes(broken)).verdict
        if verdict is FileOutcome.VALID:
            assert all(place in padding or place >= end_of_stamp for place in touched)
        if verdict is FileOutcome.VALID_WITH_WARNINGS:
            # Behind the seal only the document time stamp itself may be broken and no more.
            assert all(place in padding or place >= end_of_seal for place in touched)


def _padding(pdf: bytes) -> set[int]:
    """Places inside signature values, which no signature covers."""
    values = re.finditer(rb"<[0-9a-fA-F]{2000,}>", pdf)
    return {place for value in values for place in range(*value.span())}


def _end_of_signature(pdf: bytes, name: str) -> int:
    reader = PdfFileReader(io.BytesIO(pdf))
    signature = next(one for one in reader.embedded_signatures if one.field_name.startswith(name))
    return int(signature.byte_range[2]) + int(signature.byte_range[3])


def test_damage_under_the_document_time_stamp_is_tampering(office: Office, sealed: bytes) -> None:
    place = _end_of_signature(sealed, "SIG_AGENCY") + 40
    place = sealed.index("Tỉnh ủy Sông Lam".encode(), place)
    broken = sealed[:place] + b"t" + sealed[place + 1 :]
    verdict = office.check(broken)
    assert verdict.verdict is FileOutcome.INVALID
    assert ReasonCode.TAMPERED in verdict.reasons
    assert verdict.document_timestamps[0].why_not == "other_content"


# Integrity and what follows a signature -------------------------------------------------------


def test_a_changed_word_breaks_both_signatures(office: Office, sealed: bytes) -> None:
    place = sealed.index(b"/MediaBox")
    verdict = office.check(sealed[:place] + b"/MediaBix" + sealed[place + 9 :])
    assert verdict.verdict is FileOutcome.INVALID
    # Damage in the signed revision may also make it unreadable; either way nothing is green.
    assert all(report.verdict is SignatureVerdict.INVALID for report in verdict.signatures)


def test_a_changed_byte_is_called_tampering(office: Office, sealed: bytes) -> None:
    place = sealed.index(b"\n%") + 3
    broken = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
    verdict = office.check(broken)
    assert [report.reasons[0] for report in verdict.signatures] == [ReasonCode.TAMPERED] * 2


@pytest.mark.parametrize(
    "update",
    [
        tampering.rotate_page,
        tampering.add_note,
        tampering.write_field("ghichu", "Gửi thêm Ban Nội chính"),
        tampering.add_empty_visible_field,
    ],
    ids=["page turned", "note added", "third field filled", "covering field"],
)
@pytest.mark.parametrize("stage", ["signed", "sealed"])
def test_a_forbidden_change_makes_every_signature_invalid(
    office: Office,
    request: pytest.FixtureRequest,
    stage: str,
    update: tampering.Update,
) -> None:
    letter: bytes = request.getfixturevalue(stage)
    verdict = office.check(tampering.updated(letter, update))
    assert verdict.verdict is FileOutcome.INVALID
    for report in verdict.signatures:
        assert ReasonCode.CHANGED_AFTER_SIGNING in report.reasons


@pytest.mark.parametrize("field", ["so", "ngay"])
def test_number_or_date_changed_after_the_seal(office: Office, sealed: bytes, field: str) -> None:
    verdict = office.check(tampering.updated(sealed, tampering.write_field(field, "Số 999-QĐ/TU")))
    assert verdict.verdict is FileOutcome.INVALID
    assert reasons(verdict, 0) == reasons(verdict, 1) == {ReasonCode.CHANGED_AFTER_SIGNING}


def test_number_filled_again_with_the_same_look_after_the_seal(
    office: Office, sealed: bytes
) -> None:
    verdict = office.check(office.number(sealed))
    assert reasons(verdict, 1) == {ReasonCode.CHANGED_AFTER_SIGNING}


@pytest.mark.parametrize(
    "tail",
    [b"x", b"\n%%EOF", b"\n<< /Type /Page >>\nstartxref\n0\n%%EOF\n"],
    ids=["a byte", "an end mark", "a false table"],
)
def test_bytes_behind_the_end(office: Office, sealed: bytes, tail: bytes) -> None:
    verdict = office.check(sealed + tail)
    assert verdict.verdict is FileOutcome.INVALID
    for report in verdict.signatures:
        assert set(report.reasons) & {ReasonCode.NOT_COVERED, ReasonCode.MALFORMED}


def test_the_end_repeated_behind_a_personal_signature(office: Office, signed: bytes) -> None:
    start = signed.rindex(b"startxref")
    verdict = office.check(signed + b"hidden text\n" + signed[start:])
    assert reasons(verdict) == {ReasonCode.NOT_COVERED}


def test_a_seal_before_the_personal_signature(office: Office, blank: bytes) -> None:
    sealed_first = tampering.freely_signed(
        blank, office.agency, "SIG_AGENCY", tsa=office.pki.tsa(SIGNED_AT), moment=SIGNED_AT
    )
    both = tampering.freely_signed(
        sealed_first,
        office.leader,
        "SIG_PERSON_1",
        tsa=office.pki.tsa(SEALED_AT),
        moment=SEALED_AT,
    )
    verdict = office.check(both)
    assert verdict.verdict is FileOutcome.INVALID
    assert verdict.signatures[0].purpose is Holder.AGENCY
    assert reasons(verdict, 0) == {ReasonCode.CHANGED_AFTER_SIGNING}


def test_a_lone_seal_on_a_copy_is_valid(office: Office, blank: bytes) -> None:
    copy = tampering.freely_signed(
        blank, office.agency, "SIG_AGENCY", tsa=office.pki.tsa(SIGNED_AT), moment=SIGNED_AT
    )
    assert office.check(copy).verdict is FileOutcome.VALID


def test_filling_what_the_certifying_signature_forbade(office: Office, blank: bytes) -> None:
    strict = tampering.freely_signed(
        blank,
        office.leader,
        "SIG_PERSON_1",
        tsa=office.pki.tsa(SIGNED_AT),
        moment=SIGNED_AT,
        certify=True,
        permission=MDPPerm.NO_CHANGES,
    )
    assert office.check(strict).verdict is FileOutcome.VALID
    verdict = office.check(office.number(strict))
    assert reasons(verdict) == {ReasonCode.CHANGED_AFTER_SIGNING}


def test_an_invisible_change_of_unknown_kind_is_left_to_the_clerk(
    office: Office, signed: bytes
) -> None:
    verdict = office.check(tampering.updated(signed, tampering.add_harmless_object))
    assert verdict.verdict is FileOutcome.INDETERMINATE
    assert reasons(verdict) == {ReasonCode.UNCLASSIFIED_CHANGE}


@pytest.mark.parametrize(
    "byte_range",
    [b"[0 -1 5 5]", b"[0 1 2]", b"[]", b"[0 99999999 0 9]", b"(text)"],
)
def test_an_odd_byte_range_spoils_only_its_own_signature(
    office: Office, sealed: bytes, byte_range: bytes
) -> None:
    first = re.search(rb"/ByteRange\s*\[[^\]]*\]", sealed)
    assert first is not None
    spoiled = byte_range.ljust(len(first.group()) - len(b"/ByteRange "))
    broken = sealed[: first.start()] + b"/ByteRange " + spoiled + sealed[first.end() :]
    verdict = office.check(broken)
    assert verdict.verdict is FileOutcome.INVALID
    assert len(verdict.signatures) == 2
    assert set(verdict.signatures[0].reasons) & {
        ReasonCode.MALFORMED,
        ReasonCode.TAMPERED,
        ReasonCode.NOT_COVERED,
    }


def test_an_emptied_signature_is_malformed(office: Office, sealed: bytes) -> None:
    value = re.search(rb"<([0-9a-fA-F]{2000,})>", sealed)
    assert value is not None
    zeroed = sealed[: value.start(1)] + b"0" * len(value.group(1)) + sealed[value.end(1) :]
    verdict = office.check(zeroed)
    assert verdict.signatures[0].reasons == (ReasonCode.MALFORMED,)
    assert verdict.signatures[0].verdict is SignatureVerdict.INVALID
    assert ReasonCode.TAMPERED in verdict.signatures[1].reasons


# The report ----------------------------------------------------------------------------------


def test_the_report_is_json_and_has_what_the_circular_asks(office: Office, sealed: bytes) -> None:
    verdict = office.check(sealed)
    shown = json.loads(json.dumps(verdict.as_dict(), ensure_ascii=False))
    assert shown["verdict"] == "valid"
    assert shown["label"] == "HỢP LỆ"
    first = shown["signatures"][0]
    assert first["issuer"] == "Cơ quan cấp chứng thư thử nghiệm"
    assert first["signer"] == "Nguyễn Thị Hạnh"
    assert first["trusted_time"] == SIGNED_AT.isoformat()
    assert first["intact"] is True
    assert first["revocation"]["source"] == "crl"
    assert first["root_kind"] == "thu_nghiem"
    assert first["certificate_valid_until"].startswith("2034")


def test_every_reason_and_verdict_has_its_words() -> None:
    assert set(REASON_PHRASES) == set(ReasonCode)
    assert set(VERDICT_LABELS) == set(FileOutcome)
    for phrase in REASON_PHRASES.values():
        assert not re.search(r"[!?]|bạn|vui lòng", phrase)


def test_the_worst_signature_decides() -> None:
    every = list(SignatureVerdict)
    assert worst(every) is SignatureVerdict.INVALID
    assert worst(every[:3]) is SignatureVerdict.INDETERMINATE
    assert worst([]) is SignatureVerdict.VALID


def test_the_library_alone_would_not_see_a_changed_number(office: Office, sealed: bytes) -> None:
    """Keeps the reason for our own rules true: drop them when the library learns them."""
    changed = tampering.updated(sealed, tampering.write_field("so", "Số 999-QĐ/TU"))
    reader = PdfFileReader(io.BytesIO(changed))
    for signature in reader.embedded_regular_signatures:
        signature.compute_integrity_info()
        assert signature.summarise_integrity_info()["docmdp_ok"]
    assert office.check(changed).verdict is FileOutcome.INVALID
