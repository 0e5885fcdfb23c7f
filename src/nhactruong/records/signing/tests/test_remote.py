"""Letters signed by a key at a remote signing service, and what such services do wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nhactruong.kernel.errors import DomainError
from nhactruong.records.signing.engine import acts
from nhactruong.records.signing.engine.interrupted import require_made_by
from nhactruong.records.signing.engine.verdicts import FileOutcome
from nhactruong.records.signing.ports import KeyInUse, Mode
from nhactruong.records.signing.providers import remote
from nhactruong.records.signing.providers.remote import RemoteKeys
from nhactruong.records.signing.tests.conftest import SIGNED_AT, Office
from nhactruong.records.signing.tests.remote_service import (
    CREDENTIAL,
    PIN,
    TOKEN,
    RemoteService,
    running,
)


@pytest.fixture
def service(office: Office) -> Iterator[RemoteService]:
    """The service that keeps the leader's key."""
    with running(office.leader) as one:
        yield one


def key(office: Office, **change: object) -> KeyInUse:
    leader = office.leader
    said: dict[str, object] = {
        "subject_id": leader.subject_identifier,
        "name": leader.subject_common_name,
        "mode": Mode.CSC,
        "certificates": (leader.certificate_der, *leader.chain_der),
        "reference": {"credential": CREDENTIAL},
        **change,
    }
    return KeyInUse(**said)  # type: ignore[arg-type]


def test_a_letter_is_signed_by_the_service(
    service: RemoteService, office: Office, blank: bytes
) -> None:
    ready = office.prepare(blank)
    keys = RemoteKeys(service.url, TOKEN)
    (raw,) = keys.sign(key(office), [ready.to_be_signed], PIN, is_agency=False)
    signed = acts.finish(ready, raw, tsa=office.pki.tsa(SIGNED_AT)).content
    assert office.check(signed).verdict is FileOutcome.VALID
    assert service.asked == ["credentials/info", "credentials/authorize", "signatures/signHash"]


def test_ten_are_signed_in_the_portions_the_service_takes(
    service: RemoteService, office: Office
) -> None:
    wanted = [f"thuộc tính của văn bản {number}".encode() for number in range(10)]
    made = RemoteKeys(service.url, TOKEN).sign(key(office), wanted, PIN, is_agency=False)
    for paper, raw in zip(wanted, made, strict=True):
        require_made_by(office.leader.certificate, paper, raw)
    assert service.asked.count("signatures/signHash") == 3


@pytest.mark.parametrize(
    ("secret", "token", "fault", "code"),
    [
        ("sai", TOKEN, "", "signing.wrong_pin"),
        (PIN, "khac", "", "signing.remote_failed"),
        (PIN, TOKEN, "down", "signing.remote_failed"),
        (PIN, TOKEN, "silent", "signing.remote_failed"),
    ],
)
def test_what_goes_wrong_is_said_in_words_and_never_with_the_pin(
    service: RemoteService,
    office: Office,
    secret: str,
    token: str,
    fault: str,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remote, "_SECONDS", 2)
    service.fault = fault
    with pytest.raises(DomainError) as refusal:
        RemoteKeys(service.url, token).sign(key(office), [b"x"], secret, is_agency=False)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")
    assert PIN not in repr(refusal.value.__dict__)
    assert refusal.value.__cause__ is None


def test_a_service_that_keeps_another_certificate_is_not_asked_to_sign(
    service: RemoteService, office: Office
) -> None:
    deputy = office.deputy
    other = key(office, certificates=(deputy.certificate_der, *deputy.chain_der))
    with pytest.raises(DomainError) as refusal:
        RemoteKeys(service.url, TOKEN).sign(other, [b"x"], PIN, is_agency=False)
    assert refusal.value.code == "signing.no_key_in_service"
    assert service.asked == ["credentials/info"]


def test_a_signature_of_another_key_never_gets_into_the_file(
    service: RemoteService, office: Office, blank: bytes
) -> None:
    service.fault = "other_key"
    ready = office.prepare(blank)
    (raw,) = RemoteKeys(service.url, TOKEN).sign(
        key(office), [ready.to_be_signed], PIN, is_agency=False
    )
    with pytest.raises(DomainError) as refusal:
        acts.finish(ready, raw, tsa=None)
    assert refusal.value.code == "signing.wrong_answer"
