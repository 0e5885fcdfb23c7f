"""No forgery of a published class is accepted; the papers they start from are valid.

Each forgery is made of one paper in the short run and of every other in the long one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from pyhanko.sign.fields import MDPPerm

from nhactruong.records.signing.engine.verdicts import FileOutcome
from nhactruong.records.signing.tests import tampering
from nhactruong.records.signing.tests.attacks import (
    foreign,
    on_content,
    on_letters,
    on_signature,
    papers,
)
from nhactruong.records.signing.tests.conftest import SIGNED_AT, Office

Forgery = Callable[[bytes], bytes]

ACCEPTED = {FileOutcome.VALID, FileOutcome.VALID_WITH_WARNINGS}
FORGERIES: tuple[Forgery, ...] = (*on_content.ON_ANY_PAPER, *on_signature.ON_ANY_PAPER)
#: How a paper was signed: by approval, or certified with what may follow.
MANNERS: dict[str, MDPPerm | None] = {
    "approved": None,
    "certified, no changes": MDPPerm.NO_CHANGES,
    "certified, forms may be filled": MDPPerm.FILL_FORMS,
    "certified, comments allowed": MDPPerm.ANNOTATE,
}


@pytest.fixture(scope="module")
def signed_papers(office: Office) -> dict[str, bytes]:
    """The paper signed in each manner, with a time stamp."""
    return {
        manner: signed_paper(office, papers.paper(), level) for manner, level in MANNERS.items()
    }


@pytest.fixture(scope="module")
def unstamped_paper(office: Office) -> bytes:
    """The approved paper without a time stamp: quicker to judge."""
    return signed_paper(office, papers.paper(), stamped=False)


def signed_paper(
    office: Office, paper: bytes, level: MDPPerm | None = None, *, stamped: bool = True
) -> bytes:
    """A paper signed by the leader in a field of the signing tool."""
    return tampering.freely_signed(
        paper,
        office.leader,
        "Signature1",
        tsa=office.pki.tsa(SIGNED_AT) if stamped else None,
        certify=level is not None,
        permission=level or MDPPerm.FILL_FORMS,
        moment=SIGNED_AT,
        box=(350, 100, 500, 160),
    )


def test_there_are_enough_of_them() -> None:
    assert len({forgery.__name__ for forgery in FORGERIES}) >= 60
    assert all(forgery.__doc__ for forgery in FORGERIES)


@pytest.mark.parametrize("manner", MANNERS)
def test_the_untouched_papers_are_valid(
    office: Office, signed_papers: dict[str, bytes], manner: str
) -> None:
    assert office.check(signed_papers[manner]).verdict is FileOutcome.VALID


def test_without_a_time_stamp_it_is_valid_with_a_warning(
    office: Office, unstamped_paper: bytes
) -> None:
    assert office.check(unstamped_paper).verdict is FileOutcome.VALID_WITH_WARNINGS


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda one: one.__name__)
def test_no_forgery_is_accepted(office: Office, unstamped_paper: bytes, forgery: Forgery) -> None:
    refused(office, forgery(unstamped_paper), unstamped_paper)


@pytest.mark.long
@pytest.mark.parametrize("manner", [name for name, level in MANNERS.items() if level])
@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda one: one.__name__)
def test_no_forgery_of_a_certified_paper_is_accepted(
    office: Office, signed_papers: dict[str, bytes], manner: str, forgery: Forgery
) -> None:
    refused(office, forgery(signed_papers[manner]), signed_papers[manner])


def refused(office: Office, forged: bytes, paper: bytes) -> None:
    """The forgery differs from the paper and is not accepted."""
    assert forged != paper
    assert office.check(forged).verdict not in ACCEPTED


def test_a_value_taken_from_another_paper(office: Office, signed_papers: dict[str, bytes]) -> None:
    other = signed_paper(office, papers.linearized())
    for paper in signed_papers.values():
        forgery = partial(on_signature.value_of_another_paper, other=other)
        assert office.check(forgery(paper)).verdict is FileOutcome.INVALID


def test_an_object_promised_before_signing_and_delivered_after(office: Office) -> None:
    paper = signed_paper(office, papers.paper(dangling=True))
    later = foreign.with_document_timestamp(office, paper, SIGNED_AT)
    assert office.check(later).verdict is FileOutcome.VALID
    verdict = office.check(on_content.promised_text_delivered(paper))
    assert verdict.verdict is FileOutcome.INVALID


@pytest.mark.parametrize("stage", ["signed", "numbered", "sealed"])
def test_our_untouched_letters_are_valid(
    office: Office, request: pytest.FixtureRequest, stage: str
) -> None:
    assert office.check(request.getfixturevalue(stage)).verdict is FileOutcome.VALID


@pytest.mark.parametrize("act", on_letters.OF_LETTERS_ONLY)
def test_no_forgery_of_a_sealed_letter_is_accepted(office: Office, sealed: bytes, act: str) -> None:
    refused(office, tampering.updated(sealed, on_letters.ON_LETTERS[act]), sealed)


@pytest.mark.long
@pytest.mark.parametrize(
    "act", [act for act in on_letters.ON_LETTERS if act not in on_letters.OF_LETTERS_ONLY]
)
def test_no_forgery_known_from_papers_is_accepted(office: Office, sealed: bytes, act: str) -> None:
    refused(office, tampering.updated(sealed, on_letters.ON_LETTERS[act]), sealed)


@pytest.mark.long
@pytest.mark.parametrize("act", sorted(on_letters.ON_LETTERS.keys() - on_letters.NUMBER_ONLY))
def test_no_forgery_of_a_signed_letter_is_accepted(office: Office, signed: bytes, act: str) -> None:
    refused(office, tampering.updated(signed, on_letters.ON_LETTERS[act]), signed)


@pytest.mark.long
@pytest.mark.parametrize(
    "forgery", on_signature.ON_ANY_SIGNATURE, ids=lambda one: str(one.__name__)
)
def test_no_forged_signature_of_a_letter_is_accepted(
    office: Office, sealed: bytes, forgery: Forgery
) -> None:
    """The last signature of a sealed letter is its document time stamp."""
    refused(office, forgery(sealed), sealed)
