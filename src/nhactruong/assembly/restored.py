"""Whether a restored office is the one that was backed up: its record, its files, its signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nhactruong.foundation.audit import selectors as audit
from nhactruong.foundation.files import store
from nhactruong.foundation.files.models import Blob
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.signing import verifying
from nhactruong.records.signing.models import VerificationReport

_SIGNED: Final = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at and what is wrong; `missing` and `changed` name hashes and documents."""

    links: int
    harms: Sequence[str]
    files: int
    missing: Sequence[str]
    signatures: int
    changed: Sequence[str]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.harms or self.missing or self.changed)


def prove() -> Proof:
    """The whole record, every file's presence, and the newest sealed papers verified anew."""
    found = audit.verify()
    harms = [f"{harm.kind} {harm.position}" for harm in found.findings.harms]
    hashes = list(Blob.objects.order_by("pk").values_list("sha256", flat=True))
    missing = [sha256 for sha256 in hashes if not store.path_of(sha256).exists()]
    told = _told()
    changed = [
        str(rendition.version.component.document_id)
        for rendition in Rendition.objects.filter(pk__in=told).select_related(
            "holding__blob", "version__component"
        )
        if verifying.verify(contents.bytes_of(rendition)).verdict.value != told[rendition.pk]
    ]
    return Proof(found.findings.links, harms, len(hashes), missing, len(told), changed)


def _told() -> Mapping[int, str]:
    """The verdict kept for each of the newest verified papers, by rendition."""
    newest = VerificationReport.objects.order_by("-pk").values_list("rendition_id", "verdict")
    told: dict[int, str] = {}
    for rendition_id, verdict in newest[: 10 * _SIGNED]:
        if rendition_id not in told and len(told) < _SIGNED:
            told[rendition_id] = verdict
    return told
