"""Taking bytes into an agency's possession."""

from __future__ import annotations

from nhactruong.foundation.files.models import Blob, Holding
from nhactruong.foundation.files.store import StoredBytes
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor


@command
def hold(
    actor: Actor, agency_id: int, stored: StoredBytes, *, media_type: str, file_name: str
) -> Holding:
    """The agency's holding of bytes that the store already has."""
    blob = Blob.objects.filter(sha256=stored.sha256).first()
    if blob is None:
        Blob.objects.bulk_create(
            [
                Blob(
                    sha256=stored.sha256,
                    size_bytes=stored.size,
                    media_type=media_type,
                    stored_at=clock.now(),
                )
            ],
            ignore_conflicts=True,
        )
        blob = Blob.objects.get(sha256=stored.sha256)
    return Holding.objects.create(
        agency_id=agency_id, blob=blob, file_name=file_name[:255], held_since=clock.now()
    )


@command
def share(actor: Actor, agency_id: int, holding: Holding) -> Holding:
    """Another agency's own holding of the same bytes."""
    return Holding.objects.create(
        agency_id=agency_id,
        blob_id=holding.blob_id,
        file_name=holding.file_name,
        held_since=clock.now(),
    )
