"""A letter signed with a key that never leaves its token; what people do wrong with tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from nhactruong.kernel.errors import DomainError
from nhactruong.records.signing.engine import acts, interrupted
from nhactruong.records.signing.engine.verdicts import FileOutcome
from nhactruong.records.signing.providers import token
from nhactruong.records.signing.tests.conftest import SIGNED_AT, Office
from nhactruong.records.signing.tests.softhsm import KEY_ID, PIN, SoftToken, plugged_in


@pytest.fixture(scope="module")
def plugged(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftToken]:
    """The leader's token in this PC."""
    with plugged_in(tmp_path_factory.mktemp("token"), office.leader) as one:
        yield one


def test_the_token_shows_its_certificates_without_a_pin(plugged: SoftToken, office: Office) -> None:
    (found,) = token.certificates(plugged.module)
    assert (found.token, found.key_id) == (plugged.label, KEY_ID)
    assert found.certificate_der == office.leader.certificate_der


def test_a_letter_is_signed_by_the_token(plugged: SoftToken, office: Office, blank: bytes) -> None:
    prepared = office.prepare(blank)
    (raw,) = token.sign(
        plugged.module,
        token=plugged.label,
        key_id=KEY_ID,
        to_be_signed=[prepared.to_be_signed],
        pin=PIN,
    )
    signed = acts.finish(prepared, raw, tsa=office.pki.tsa(SIGNED_AT)).content
    verdict = office.check(signed)
    assert verdict.verdict is FileOutcome.VALID
    assert verdict.signatures[0].level == "B-T"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"pin": "000000"}, "signing.wrong_pin"),
        ({"token": "Thiết bị khác"}, "signing.no_token"),
        ({"key_id": "ff"}, "signing.no_key_in_token"),
        ({"module": Path("/no/such/library.so")}, "signing.token_failed"),
    ],
)
def test_what_goes_wrong_is_said_in_words_and_never_with_the_pin(
    changed: dict[str, object], code: str, plugged: SoftToken
) -> None:
    asked = {"module": plugged.module, "token": plugged.label, "key_id": KEY_ID, "pin": PIN}
    asked |= changed
    module = asked.pop("module")
    with pytest.raises(DomainError) as refusal:
        token.sign(module, to_be_signed=[b"abc"], **asked)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")
    assert str(asked["pin"]) not in repr(refusal.value.__dict__)
    assert refusal.value.__cause__ is None


def test_an_answer_of_another_key_is_refused(office: Office, blank: bytes) -> None:
    prepared = office.prepare(blank)
    other = asyncio.run(
        office.deputy.signer_factory().async_sign_raw(prepared.to_be_signed, "sha256")
    )
    for raw in (other, b"", b"\0" * 64, other[:-1]):
        with pytest.raises(DomainError) as refusal:
            interrupted.require_made_by(office.leader.certificate, prepared.to_be_signed, raw)
        assert refusal.value.code == "signing.wrong_answer"
