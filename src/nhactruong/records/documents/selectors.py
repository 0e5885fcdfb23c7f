"""Finding contents; the caller has already checked sight of the record that owns them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Final

from django.db.models import Subquery

from nhactruong.foundation.files import store
from nhactruong.records.documents.models import (
    Component,
    ComponentVersion,
    Document,
    Relation,
    Rendition,
)

#: From the fullest form to the first: what a reader is shown.
_BEST_FIRST: Final = ("sealed", "numbered", "signed", "presented", "original", "preview")


def document(public_id: uuid.UUID) -> Document | None:
    """The document of that identifier, without regard to sight: for systems, not for people."""
    return Document.objects.filter(public_id=public_id).first()


def main_version(document_id: int) -> ComponentVersion:
    """The latest version of the main component."""
    return (
        ComponentVersion.objects.filter(
            component__document_id=document_id, component__kind=Component.Kind.MAIN
        )
        .select_related("component__document")
        .latest("number")
    )


def renditions(document_id: int) -> Sequence[Rendition]:
    """All renditions of the latest main version, fullest first."""
    latest = ComponentVersion.objects.filter(
        component__document_id=document_id, component__kind=Component.Kind.MAIN
    ).order_by("-number")
    # Asked with "=", the version is found first and its few renditions by their key; with "in",
    # the planner joined every rendition of the installation before it looked which one is meant.
    rows = Rendition.objects.filter(version_id=Subquery(latest.values("pk")[:1])).select_related(
        "holding__blob", "version__component__document"
    )
    return sorted(rows, key=lambda row: _BEST_FIRST.index(row.purpose))


def best_rendition(document_id: int) -> Rendition | None:
    """What a reader is shown: the fullest rendition of the latest main version."""
    found = renditions(document_id)
    return found[0] if found else None


def rendition(document_id: int, purpose: str) -> Rendition | None:
    """The rendition of that purpose of the latest main version."""
    return next((row for row in renditions(document_id) if row.purpose == purpose), None)


def attachments(document_id: int) -> Sequence[Rendition]:
    """Originals of the attachments in their order."""
    return list(
        Rendition.objects.filter(
            version__component__document_id=document_id, purpose=Rendition.Purpose.ORIGINAL
        )
        .exclude(version__component__kind=Component.Kind.MAIN)
        .select_related("holding__blob", "version__component")
        .order_by("version__component__position")
    )


def bytes_of(row: Rendition) -> bytes:
    """The rendition's bytes, whole; for files of known size."""
    with store.open_stored(row.holding.blob.sha256) as stream:
        return stream.read()


def stream_of(row: Rendition) -> BinaryIO:
    """The rendition's bytes, open for reading; for files of any size."""
    return store.open_stored(row.holding.blob.sha256)


def local_copy(row: Rendition) -> AbstractContextManager[Path]:
    """The rendition's bytes as a file of this machine, for engines that read files by path."""
    return store.local_copy(row.holding.blob.sha256)


def answers_to(document_id: int) -> Sequence[uuid.UUID]:
    """The documents that this one answers."""
    return list(
        Relation.objects.filter(from_document_id=document_id, kind="replies_to").values_list(
            "to_document__public_id", flat=True
        )
    )


def original_of(document_id: int) -> uuid.UUID | None:
    """The sender's document of which this one is the received copy."""
    return (
        Relation.objects.filter(from_document_id=document_id, kind="copy_of")
        .values_list("to_document__public_id", flat=True)
        .first()
    )
