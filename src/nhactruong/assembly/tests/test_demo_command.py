"""`nhactruong demo`: accounts for machines, and never outside a sample installation."""

from __future__ import annotations

import json

import pytest

from nhactruong.assembly.cli import main


def test_accounts_are_listed_for_machines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NHACTRUONG_ENV", "sample")
    assert main(["demo", "accounts", "--json"]) == 0
    accounts = json.loads(capsys.readouterr().out)
    assert len(accounts) >= 65
    assert {frozenset(account) for account in accounts} == {
        frozenset({"username", "password", "name", "post", "role", "agency"})
    }
    roles = {account["role"] for account in accounts}
    assert {"secretary", "chief_of_office", "clerk", "specialist", "sysadmin"} <= roles


@pytest.mark.parametrize("environment", ["production", "test"])
@pytest.mark.parametrize(
    "words",
    [
        ["accounts", "--json"],
        ["accounts"],
        ["token", "khoi.ta"],
        ["load"],
        ["province", "--code", "12"],
    ],
)
def test_the_sample_is_refused_outside_a_sample_installation(
    words: list[str],
    environment: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NHACTRUONG_ENV", environment)
    assert main(["demo", *words]) == 17
    told = capsys.readouterr()
    assert told.out == ""
    assert environment in told.err and told.err.count("\n") == 1
