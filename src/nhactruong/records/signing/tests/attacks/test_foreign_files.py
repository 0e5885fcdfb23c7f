"""Good files of other tools are not called bad: their formats, their orders, their later updates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigSeedSubFilter

from nhactruong.records.signing.engine.verdicts import (
    FileOutcome,
    FileVerdict,
    ReasonCode,
    SignatureVerdict,
)
from nhactruong.records.signing.tests import tampering
from nhactruong.records.signing.tests.attacks import foreign, on_content, on_signature, papers
from nhactruong.records.signing.tests.attacks.test_attacks import signed_paper
from nhactruong.records.signing.tests.attacks.updates import appended, body_of, fresh_number
from nhactruong.records.signing.tests.conftest import CHECKED_AT, SEALED_AT, SIGNED_AT, Office

FORMS = {
    "table": papers.paper,
    "object streams": papers.with_object_streams,
    "linearized": papers.linearized,
    "hybrid": papers.hybrid,
    "encrypted without a password": papers.locked_against_copying,
}


def approved(
    office: Office,
    paper: bytes,
    *,
    field: str = "Signature2",
    subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES,
    box: tuple[int, int, int, int] | None = None,
    locked: FieldMDPSpec | None = None,
) -> bytes:
    """The paper signed by the deputy, an hour after the first."""
    return tampering.freely_signed(
        paper,
        office.deputy,
        field,
        tsa=office.pki.tsa(SEALED_AT),
        moment=SEALED_AT,
        subfilter=subfilter,
        box=box,
        locked=locked,
    )


def filled(pdf: bytes) -> bytes:
    """The blank field filled, as a form program does it."""
    number = fresh_number(pdf)
    body = body_of(pdf, papers.BLANK_FIELD)[:-2]
    written = body + b"/V (Ban Noi chinh) /AP << /N %d 0 R >> >>" % number
    words = on_content.look(b"BT /F1 12 Tf 5 8 Td (Ban Noi chinh) Tj ET")
    return appended(pdf, {papers.BLANK_FIELD: written, number: words})


def verdicts(found: FileVerdict) -> list[SignatureVerdict]:
    return [report.verdict for report in found.signatures]


# Formats -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_file(office: Office, form: str) -> None:
    found = office.check(approved(office, FORMS[form]()))
    assert found.verdict is FileOutcome.VALID
    assert found.signatures[0].level == "B-T"


def test_a_signature_of_the_older_kind(office: Office) -> None:
    older = SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    found = office.check(approved(office, papers.paper(), subfilter=older))
    assert found.verdict is FileOutcome.VALID
    assert found.signatures[0].level == "CMS"


def test_a_hybrid_file_that_reads_in_two_ways(office: Office) -> None:
    found = office.check(approved(office, papers.hybrid(contradictory=True)))
    assert found.verdict is FileOutcome.INDETERMINATE
    assert found.signatures[0].reasons == (ReasonCode.UNCLASSIFIED_CHANGE,)


def test_a_message_without_attributes_has_no_time(office: Office) -> None:
    paper = foreign.signed_by_hand(papers.paper(), foreign.plain_message(office.leader))
    found = office.check(paper)
    assert found.verdict is FileOutcome.VALID_WITH_WARNINGS
    assert found.signatures[0].reasons == (ReasonCode.NO_TIMESTAMP,)
    assert found.signatures[0].claimed_time is None
    changed = office.check(on_signature.one_digit_changed(paper))
    assert changed.signatures[0].reasons[0] is ReasonCode.TAMPERED


@pytest.mark.parametrize(
    ("digest", "expected"),
    [("md5", SignatureVerdict.INVALID), ("sha1", SignatureVerdict.INDETERMINATE)],
)
def test_old_digests(office: Office, digest: str, expected: SignatureVerdict) -> None:
    message = foreign.weak_message(office.leader, digest)
    found = office.check(foreign.signed_by_hand(papers.paper(), message))
    assert verdicts(found) == [expected]
    assert ReasonCode.WEAK_ALGORITHM in found.signatures[0].reasons


# What may follow a signature -------------------------------------------------------------------


def test_levels_grow_by_later_updates(office: Office) -> None:
    paper = approved(office, papers.paper())
    kept = foreign.with_validation_data(office, paper, CHECKED_AT)
    stamped = foreign.with_document_timestamp(office, kept, CHECKED_AT)
    again = foreign.with_document_timestamp(office, stamped, CHECKED_AT + timedelta(minutes=5))
    levels = []
    for stage in (paper, kept, stamped, again):
        found = office.check(stage, now=CHECKED_AT + timedelta(minutes=10))
        assert found.verdict is FileOutcome.VALID
        levels.append(found.signatures[0].level)
    assert levels == ["B-T", "B-LT", "B-LTA", "B-LTA"]
    assert found.signatures[0].changes == ("validation_data",)


def test_a_lock_of_all_fields_leaves_room_for_time_stamps(office: Office) -> None:
    everything = FieldMDPSpec(FieldMDPAction.ALL)
    paper = approved(office, papers.paper(), locked=everything)
    kept = foreign.with_validation_data(office, paper, CHECKED_AT)
    stamped = foreign.with_document_timestamp(office, kept, CHECKED_AT)
    assert office.check(stamped, now=CHECKED_AT).verdict is FileOutcome.VALID
    found = office.check(filled(paper))
    assert found.signatures[0].reasons == (ReasonCode.CHANGED_AFTER_SIGNING,)


@pytest.mark.parametrize("level", [None, MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE])
def test_a_second_signature(office: Office, level: MDPPerm | None) -> None:
    both = approved(office, signed_paper(office, papers.paper(), level))
    found = office.check(both)
    assert found.verdict is FileOutcome.VALID
    assert found.signatures[0].changes == ("new_signature",)


def test_a_second_visible_signature_beside_the_text(office: Office) -> None:
    both = approved(office, signed_paper(office, papers.paper()), box=(60, 100, 200, 160))
    assert office.check(both).verdict is FileOutcome.VALID


def test_a_second_visible_signature_over_the_text(office: Office) -> None:
    both = approved(office, signed_paper(office, papers.paper()), box=(60, 690, 300, 720))
    found = office.check(both)
    assert verdicts(found) == [SignatureVerdict.INDETERMINATE, SignatureVerdict.VALID]


def test_a_second_visible_signature_after_a_certification(office: Office) -> None:
    first = signed_paper(office, papers.paper(), MDPPerm.FILL_FORMS)
    found = office.check(approved(office, first, box=(60, 100, 200, 160)))
    assert verdicts(found) == [SignatureVerdict.INDETERMINATE, SignatureVerdict.VALID]


def test_no_signature_after_a_certification_that_allows_nothing(office: Office) -> None:
    both = approved(office, signed_paper(office, papers.paper(), MDPPerm.NO_CHANGES))
    assert office.check(both).signatures[0].verdict is SignatureVerdict.INVALID


def test_a_certification_comes_first(office: Office) -> None:
    first = approved(office, papers.paper(), field="First")
    found = office.check(signed_paper(office, first, MDPPerm.FILL_FORMS))
    assert found.signatures[1].verdict is SignatureVerdict.INVALID
    assert ReasonCode.MALFORMED in found.signatures[1].reasons


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (MDPPerm.FILL_FORMS, SignatureVerdict.VALID),
        (MDPPerm.ANNOTATE, SignatureVerdict.VALID),
        (MDPPerm.NO_CHANGES, SignatureVerdict.INVALID),
        (None, SignatureVerdict.INDETERMINATE),
    ],
)
def test_a_blank_field_is_filled(
    office: Office, level: MDPPerm | None, expected: SignatureVerdict
) -> None:
    found = office.check(filled(signed_paper(office, papers.paper(), level)))
    assert verdicts(found) == [expected]
    assert found.signatures[0].changed_fields == ("receiver",)


def test_filled_and_then_sealed_by_an_agency(office: Office) -> None:
    paper = filled(signed_paper(office, papers.paper(), MDPPerm.FILL_FORMS))
    sealed = tampering.freely_signed(
        paper, office.agency, "Seal", tsa=office.pki.tsa(SEALED_AT), moment=SEALED_AT
    )
    assert office.check(sealed).verdict is FileOutcome.VALID
    changed = on_content.filled_field_changed(sealed)
    assert verdicts(office.check(changed)) == [SignatureVerdict.INVALID] * 2


def test_a_comment_where_comments_are_allowed(office: Office) -> None:
    for act in (on_signature.free_text_over_the_sum, on_signature.line_through_the_sum):
        paper = act(signed_paper(office, papers.paper(), MDPPerm.ANNOTATE))
        found = office.check(paper)
        assert found.signatures[0].reasons == (ReasonCode.UNCLASSIFIED_CHANGE,)
        assert "annotations" in found.signatures[0].changes


def test_a_time_stamp_alone_is_no_signature(office: Office) -> None:
    stamped = foreign.with_document_timestamp(office, papers.paper(), SIGNED_AT)
    found = office.check(stamped)
    assert found.verdict is FileOutcome.UNSIGNED
    assert found.document_timestamps[0].trusted


def test_what_only_calls_itself_a_time_stamp_is_judged_as_a_signature(office: Office) -> None:
    message = foreign.plain_message(office.leader)
    paper = foreign.signed_by_hand(papers.paper(), message, type_="DocTimeStamp")
    found = office.check(on_signature.one_digit_changed(paper))
    assert verdicts(found) == [SignatureVerdict.INVALID]
