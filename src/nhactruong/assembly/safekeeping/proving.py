"""Whether a restored office is whole: its chain of acts, its files, its signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Max

from nhactruong.assembly.cli.audit import HARM_WORDS
from nhactruong.foundation.audit import selectors as audit
from nhactruong.foundation.files import store
from nhactruong.foundation.files.models import Blob
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.signing import verifying
from nhactruong.records.signing.models import VerificationReport

#: So many of the newest signed files are verified once more.
SAMPLE: Final = 50
#: So many harms to the record are told; `nhactruong audit verify` tells all.
_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at; `faults` are sentences for the operator, none when all is whole."""

    links: int
    files: int
    signed_files: int
    faults: tuple[str, ...]


def prove() -> Proof:
    """The chain from its first link, the presence of every file, a sample of the signatures."""
    faults: list[str] = []
    found = audit.verify().findings
    for harm in found.harms[:_NAMED]:
        faults.append(f"Nhật ký ở vị trí {harm.position}: {HARM_WORDS[harm.kind]} ({harm.what}).")
    files = 0
    for sha256, size in Blob.objects.values_list("sha256", "size_bytes").iterator(2000):
        files += 1
        if store.size_of(sha256) != size:
            faults.append(f"Thiếu tệp {sha256}.")
    newest = (
        VerificationReport.objects.exclude(verdict="unsigned")
        .values("rendition_id")
        .annotate(report_id=Max("id"))
        .order_by("-report_id")[:SAMPLE]
    )
    signed = 0
    for one in newest:
        signed += 1
        report = VerificationReport.objects.get(pk=one["report_id"])
        rendition = Rendition.objects.select_related("holding__blob").get(pk=one["rendition_id"])
        if store.size_of(rendition.holding.blob.sha256) is None:
            continue
        verdict = verifying.verify(contents.bytes_of(rendition)).verdict.value
        if verdict != report.verdict:
            faults.append(
                f"Chữ ký của tệp {rendition.public_id} trước kia là “{report.verdict}”, nay là "
                f"“{verdict}”."
            )
    return Proof(found.links, files, signed, tuple(faults))
