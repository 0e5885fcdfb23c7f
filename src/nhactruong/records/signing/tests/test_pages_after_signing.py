"""What followed a signature is told page by page, and every check of §6 says how it went."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from nhactruong.records.signing import showing
from nhactruong.records.signing.engine import alone
from nhactruong.records.signing.engine.alone import judged_alone
from nhactruong.records.signing.engine.steps import Outcome, steps_of
from nhactruong.records.signing.engine.trust import TrustList
from nhactruong.records.signing.engine.trust_folder import TrustBasis
from nhactruong.records.signing.engine.validation import verify
from nhactruong.records.signing.engine.verdicts import FileVerdict, PageChange, PageChangeKind
from nhactruong.records.signing.tests import tampering
from nhactruong.records.signing.tests.attacks import on_content, on_letters, on_signature, papers
from nhactruong.records.signing.tests.attacks.test_attacks import signed_paper
from nhactruong.records.signing.tests.conftest import CHECKED_AT, Office

Kind = PageChangeKind
SUM = "Payment of 100 million is approved"


@pytest.fixture(scope="module")
def paper(office: Office) -> bytes:
    """A paper of another office, signed."""
    return signed_paper(office, papers.paper())


def looked_at(office: Office, pdf: bytes) -> FileVerdict:
    return verify(
        pdf,
        trust=office.pki.trust_list(),
        now=CHECKED_AT,
        crls=office.pki.crls(CHECKED_AT),
        tell_pages=True,
    )


def only_change(found: FileVerdict) -> PageChange:
    (change,) = found.signatures[0].changed_pages
    return change


def test_number_date_and_seal_are_told_of_the_leaders_signature(
    office: Office, sealed: bytes
) -> None:
    found = looked_at(office, sealed)
    change = only_change(found)
    assert (change.page, change.kinds) == (1, ())
    assert change.fields == (
        (Kind.FILLED, "ngay"),
        (Kind.FILLED, "so"),
        (Kind.SIGNED, "SIG_AGENCY"),
    )
    assert change.after == ("Sông Lam, ngày 23 tháng 11 năm 2026", "Số 188-TB/TU")
    assert found.signatures[1].changed_pages == ()
    leader, agency = showing.shown(found.as_dict()).signatures
    assert leader.pages[0].words == ("Điền ngày văn bản, số văn bản; thêm chữ ký ở ô “SIG_AGENCY”")
    assert agency.pages_sentence == "Không trang nào thay đổi sau khi ký."


@pytest.mark.parametrize(
    ("forgery", "expected"),
    [
        (
            on_content.text_of_the_page_replaced,
            PageChange(
                1,
                (Kind.CONTENT,),
                before=("Draft, not valid", SUM, "Signed in two copies"),
                after=("Payment of 900 million is approved",),
            ),
        ),
        (
            on_content.page_added,
            PageChange(2, (Kind.ADDED,), after=("Draft, not valid", SUM, "Signed in two copies")),
        ),
        (
            on_content.page_taken_away,
            PageChange(
                1, (Kind.REMOVED,), before=("Draft, not valid", SUM, "Signed in two copies")
            ),
        ),
        (
            on_signature.free_text_over_the_sum,
            PageChange(1, (Kind.COMMENTS,), after=("900 million",)),
        ),
        (
            on_content.filled_field_changed,
            PageChange(1, fields=((Kind.FILLED, "amount"),), before=("100",), after=("900",)),
        ),
        (on_content.script_run_on_opening, PageChange(0, (Kind.CONTENT,))),
        (
            on_signature.signature_moved_over_the_sum,
            PageChange(1, fields=((Kind.RESHAPED, "Signature1"),)),
        ),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_forged_page_is_named_with_the_words_that_changed(
    office: Office, paper: bytes, forgery: Callable[[bytes], bytes], expected: PageChange
) -> None:
    assert only_change(looked_at(office, forgery(paper))) == expected


def test_a_number_drawn_anew_over_its_value_is_told_as_such(office: Office, sealed: bytes) -> None:
    forged = tampering.updated(sealed, on_letters.number_covered)
    found = looked_at(office, forged)
    assert found.signatures[1].changed_pages == (PageChange(1, fields=((Kind.REDRAWN, "so"),)),)


def test_where_pages_cannot_be_compared_the_report_says_why(office: Office, paper: bytes) -> None:
    for forgery, words in (
        (on_signature.one_digit_changed, "không dựng lại được từng trang"),
        (on_signature.bytes_behind_the_end, "nằm ngoài chữ ký"),
        (on_content.objects_nobody_names_added, "không gắn với trang nào"),
    ):
        (line,) = showing.shown(looked_at(office, forgery(paper)).as_dict()).signatures
        assert line.pages == []
        assert words in line.pages_sentence


# The checks, in the order of §6 ----------------------------------------------------------------


def outcomes(found: FileVerdict) -> dict[str, Outcome]:
    return {step.key: step.outcome for step in steps_of(found.as_dict()["signatures"][0])}


def test_the_checks_of_a_good_signature_stand_in_the_order_of_the_office(
    office: Office, sealed: bytes
) -> None:
    found = outcomes(looked_at(office, sealed))
    assert list(found) == [
        "integrity",
        "coverage",
        "changes",
        "path",
        "time",
        "validity",
        "signer",
        "algorithms",
    ]
    assert found.pop("signer") is Outcome.FOR_THE_READER
    assert set(found.values()) == {Outcome.PASSED}


def test_each_fault_stands_at_its_check_and_nothing_unproven_is_passed(
    office: Office, paper: bytes
) -> None:
    tampered = outcomes(looked_at(office, on_signature.one_digit_changed(paper)))
    assert tampered["integrity"] is Outcome.FAILED
    behind = outcomes(looked_at(office, on_signature.bytes_behind_the_end(paper)))
    assert (behind["coverage"], behind["changes"]) == (Outcome.FAILED, Outcome.NOT_CHECKED)
    replaced = outcomes(looked_at(office, on_content.text_of_the_page_replaced(paper)))
    assert replaced["changes"] is Outcome.FAILED
    unstamped = signed_paper(office, papers.paper(), stamped=False)
    assert outcomes(looked_at(office, unstamped))["time"] is Outcome.NOTED
    nobody = verify(paper, trust=_trusting_nobody(office), now=CHECKED_AT)
    found = outcomes(nobody)
    assert (found["path"], found["validity"]) == (Outcome.OPEN, Outcome.NOT_CHECKED)
    broken = outcomes(looked_at(office, on_signature.value_empty(paper)))
    assert broken.pop("integrity") is Outcome.FAILED
    assert set(broken.values()) == {Outcome.NOT_CHECKED}


def _trusting_nobody(office: Office) -> TrustList:
    return dataclasses.replace(office.pki.trust_list(), roots=())


def test_a_valid_verdict_never_stands_over_a_check_that_is_open(
    office: Office, signed: bytes, numbered: bytes, sealed: bytes, paper: bytes
) -> None:
    for pdf in (signed, numbered, sealed, paper):
        for report in looked_at(office, pdf).as_dict()["signatures"]:
            assert report["verdict"] == "valid"
            told = {step.outcome for step in steps_of(report)}
            assert told == {Outcome.PASSED, Outcome.FOR_THE_READER}


# In a child process ------------------------------------------------------------------------------


def test_a_file_judged_alone_is_judged_as_any_other(
    office: Office, sealed: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "van-ban.pdf"
    path.write_bytes(sealed)
    basis = TrustBasis(office.pki.trust_list(), tuple(office.pki.crls(CHECKED_AT)))
    assert judged_alone(path, basis, CHECKED_AT) == looked_at(office, sealed).as_dict()


def test_a_file_that_kills_its_reader_is_not_judged(
    office: Office, sealed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "van-ban.pdf"
    path.write_bytes(sealed)
    monkeypatch.setattr(alone, "_SECONDS", 0)
    monkeypatch.setattr(alone, "_START_SECONDS", 0.01)
    found = judged_alone(path, TrustBasis(office.pki.trust_list()), CHECKED_AT)
    assert (found["verdict"], found["reasons"]) == ("indeterminate", ["not_judged"])
    assert "Chưa dùng làm căn cứ" in showing.shown(found).sentence


# On paper ----------------------------------------------------------------------------------------


def test_the_paper_is_the_same_for_the_same_report_and_shows_strange_names_as_text(
    office: Office, paper: bytes
) -> None:
    report = looked_at(office, on_content.text_of_the_page_replaced(paper)).as_dict()
    name = '#import "x"; $a$ \u202e *đậm* \x00' + "tên-rất-dài" * 30 + ".pdf"
    first, again = showing.paper_of(report, name), showing.paper_of(report, name)
    assert first == again
    assert first.startswith(b"%PDF-")
    later = dict(report, checked_at=(CHECKED_AT + timedelta(days=1)).isoformat())
    assert showing.paper_of(later, name) != first
