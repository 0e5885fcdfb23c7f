"""Looking at the signatures of a kept file and keeping what was found.

No command but a service for handlers: a file is opened and cryptography runs, so no transaction
is open meanwhile; the report is kept by a command afterwards.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from nhactruong.foundation.files import store
from nhactruong.foundation.files.store import StoredBytes
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import OutsideFailure
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.signing import commands, selectors, showing, verifying
from nhactruong.records.signing.engine.verdicts import FileOutcome
from nhactruong.records.signing.models import VerificationReport

logger = logging.getLogger("nhactruong.signing")


def check(actor: Actor, rendition: Rendition) -> VerificationReport:
    """A new report on the rendition's signatures, made now."""
    return commands.keep_report(actor, rendition, **_found(rendition))


def check_once(actor: Actor, rendition: Rendition) -> VerificationReport:
    """The newest report on the rendition; made now when there is none."""
    return selectors.latest_report(rendition.pk) or commands.keep_first_report(
        actor, rendition, **_found(rendition)
    )


def check_bytes_once(actor: Actor, rendition: Rendition, *, since: datetime) -> VerificationReport:
    """A new report on the rendition, with its paper.

    One on the same bytes, not older than `since` and resting on the same roots, is taken over.
    """
    known = selectors.report_on_bytes(
        rendition.holding.blob.sha256, since, verifying.trust_version()
    )
    if known is None:
        found = _found(rendition)
        paper = _paper(rendition, found["verdict"], found["report"])
        return commands.keep_report(actor, rendition, **found, paper=paper)
    return commands.keep_report(
        actor,
        rendition,
        verdict=known.verdict,
        sentence=known.sentence,
        report=known.report,
        checked_at=known.checked_at,
        paper=known.paper or _paper(rendition, known.verdict, known.report),
    )


def _found(rendition: Rendition) -> dict[str, Any]:
    found = verifying.verify(contents.bytes_of(rendition))
    return {
        "verdict": found.verdict.value,
        "sentence": found.sentence,
        "report": found.as_dict(),
    }


def _paper(rendition: Rendition, verdict: str, report: dict[str, Any]) -> StoredBytes | None:
    """The stored report as PDF; none on a file that nobody signed.

    A report that cannot be set in type shall not keep a received file from being read.
    """
    if verdict == FileOutcome.UNSIGNED.value:
        return None
    try:
        paper = showing.paper_of(report, rendition.holding.file_name)
    except OutsideFailure as failure:
        logger.warning("no paper for the report on rendition %s: %s", rendition.pk, failure)
        return None
    return store.write([paper])
