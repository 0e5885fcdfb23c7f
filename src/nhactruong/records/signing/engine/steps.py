"""The checks on one signature in the order of the office, each with how it went.

Read from a report, made now or kept long ago. Fail closed: a check is passed only where the report
says what passed it; what is not said was not checked. Source: signatures.md 6.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from nhactruong.records.signing.engine.verdicts import ReasonCode, SignatureVerdict

Report = Mapping[str, Any]


class Outcome(StrEnum):
    """How a check went."""

    PASSED = "passed"
    NOTED = "noted"
    OPEN = "open"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"
    FOR_THE_READER = "for_the_reader"


@dataclass(frozen=True, slots=True)
class Step:
    """One check: its name, how it went, and the reasons that say so."""

    key: str
    outcome: Outcome
    reasons: tuple[ReasonCode, ...] = ()


@dataclass(frozen=True, slots=True)
class _Check:
    key: str
    reasons: Mapping[ReasonCode, Outcome]
    passed_by: Callable[[Report], bool]


def _path_is_good(one: Report) -> bool:
    return bool(one.get("root_kind"))


_CHECKS: Final = (
    _Check(
        "integrity",
        {ReasonCode.TAMPERED: Outcome.FAILED, ReasonCode.MALFORMED: Outcome.FAILED},
        lambda one: one.get("intact") is True,
    ),
    _Check(
        "coverage",
        {ReasonCode.NOT_COVERED: Outcome.FAILED},
        lambda one: one.get("coverage") in ("entire_file", "entire_revision"),
    ),
    _Check(
        "changes",
        {
            ReasonCode.CHANGED_AFTER_SIGNING: Outcome.FAILED,
            ReasonCode.UNCLASSIFIED_CHANGE: Outcome.OPEN,
        },
        lambda one: bool(one.get("changes")) and "other" not in one["changes"],
    ),
    _Check(
        "path",
        {
            ReasonCode.NO_ROOTS: Outcome.OPEN,
            ReasonCode.UNTRUSTED: Outcome.OPEN,
            ReasonCode.NO_PATH: Outcome.OPEN,
        },
        _path_is_good,
    ),
    _Check(
        "time",
        {
            ReasonCode.NO_TIMESTAMP: Outcome.NOTED,
            ReasonCode.TIMESTAMP_UNTRUSTED: Outcome.NOTED,
        },
        lambda one: bool(one.get("trusted_time")),
    ),
    _Check(
        "validity",
        {
            ReasonCode.OUTSIDE_VALIDITY: Outcome.FAILED,
            ReasonCode.REVOKED: Outcome.FAILED,
            ReasonCode.WRONG_USAGE: Outcome.FAILED,
            ReasonCode.REVOKED_NO_PROOF: Outcome.OPEN,
            ReasonCode.NO_REVOCATION_INFO: Outcome.OPEN,
            ReasonCode.EXPIRED_NOW: Outcome.NOTED,
            ReasonCode.REVOKED_LATER: Outcome.PASSED,
        },
        _path_is_good,
    ),
)
#: From best to worst.
_ORDER: Final = (Outcome.PASSED, Outcome.NOTED, Outcome.OPEN, Outcome.FAILED)
_OF_A_VERDICT: Final = {
    SignatureVerdict.VALID_WITH_WARNINGS: Outcome.NOTED,
    SignatureVerdict.INDETERMINATE: Outcome.OPEN,
}


def steps_of(one: Report) -> tuple[Step, ...]:
    """The checks on the signature whose report is `one`, in their order."""
    codes = [ReasonCode(code) for code in (*one.get("reasons", ()), *one.get("notes", ()))]
    return (
        *(_step(check, codes, one) for check in _CHECKS),
        Step("signer", Outcome.FOR_THE_READER if one.get("signer") else Outcome.NOT_CHECKED),
        Step("algorithms", *_algorithms(codes, one)),
    )


def _step(check: _Check, codes: list[ReasonCode], one: Report) -> Step:
    reasons = tuple(code for code in codes if code in check.reasons)
    outcomes = [check.reasons[code] for code in reasons]
    if reasons and (outcomes != [Outcome.PASSED] or check.passed_by(one)):
        return Step(check.key, max(outcomes, key=_ORDER.index), reasons)
    return Step(check.key, Outcome.PASSED if check.passed_by(one) else Outcome.NOT_CHECKED)


def _algorithms(codes: list[ReasonCode], one: Report) -> tuple[Outcome, tuple[ReasonCode, ...]]:
    """Weak ones weigh as much as the verdict they led to."""
    if ReasonCode.WEAK_ALGORITHM in codes:
        weight = _OF_A_VERDICT.get(SignatureVerdict(one["verdict"]), Outcome.FAILED)
        return weight, (ReasonCode.WEAK_ALGORITHM,)
    return (Outcome.PASSED if one.get("digest_algorithm") else Outcome.NOT_CHECKED), ()
