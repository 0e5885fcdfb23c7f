"""Making documents, adding renditions, relating documents."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Max

from nhactruong.foundation.files import commands as files
from nhactruong.foundation.files.models import Holding
from nhactruong.foundation.files.store import StoredBytes
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.records.documents.models import (
    Component,
    ComponentVersion,
    Document,
    Relation,
    Rendition,
)


@command
def create_document(actor: Actor, agency_id: int) -> Document:
    """A document without content yet, with its main component and first version."""
    document = Document.objects.create(
        agency_id=agency_id, created_at=clock.now(), created_by=actor.name
    )
    component = Component.objects.create(document=document)
    ComponentVersion.objects.create(
        component=component, number=1, created_at=clock.now(), created_by=actor.name
    )
    return document


@command
def new_version(actor: Actor, document: Document) -> ComponentVersion:
    """The next version of the main component; earlier ones stay as they are."""
    component = Component.objects.select_for_update(of=("self",)).get(
        document=document, kind=Component.Kind.MAIN
    )
    last = component.versions.order_by("-number").first()
    return ComponentVersion.objects.create(
        component=component,
        number=last.number + 1 if last else 1,
        created_at=clock.now(),
        created_by=actor.name,
    )


@command
def pass_to(actor: Actor, ids: Sequence[uuid.UUID], agency_id: int) -> int:
    """The number of documents, not registered yet, that are another agency's from now on."""
    return Document.objects.filter(public_id__in=list(ids)).update(agency_id=agency_id)


@command
def new_versions(actor: Actor, ids: Sequence[uuid.UUID]) -> int:
    """The number of documents whose main component has a further version; earlier ones stay."""
    mains = Component.objects.filter(
        document__public_id__in=list(ids), kind=Component.Kind.MAIN
    ).annotate(last=Max("versions__number"))
    made = ComponentVersion.objects.bulk_create(
        [
            ComponentVersion(
                component=main,
                number=(main.last or 0) + 1,
                created_at=clock.now(),
                created_by=actor.name,
            )
            for main in mains
        ]
    )
    return len(made)


@command
def add_attachment(actor: Actor, document: Document, title: str) -> ComponentVersion:
    """A new attachment's first version, ready for its original."""
    position = Component.objects.filter(document=document).count()
    component = Component.objects.create(
        document=document, kind=Component.Kind.ATTACHMENT, position=position, title=title[:300]
    )
    return ComponentVersion.objects.create(
        component=component, number=1, created_at=clock.now(), created_by=actor.name
    )


@command
def add_rendition(
    actor: Actor,
    version: ComponentVersion,
    purpose: Rendition.Purpose,
    stored: StoredBytes,
    *,
    media_type: str,
    file_name: str,
    parent: Rendition | None = None,
    page_count: int | None = None,
) -> Rendition:
    """The rendition of stored bytes, held by the document's agency."""
    holding = files.hold(
        actor,
        version.component.document.agency_id,
        stored,
        media_type=media_type,
        file_name=file_name,
    )
    return _rendition(version, purpose, holding, media_type, parent, page_count)


@command
def copy_rendition(
    actor: Actor, version: ComponentVersion, purpose: Rendition.Purpose, source: Rendition
) -> Rendition:
    """The same bytes as another agency's own rendition, with its own holding."""
    holding = files.share(actor, version.component.document.agency_id, source.holding)
    return _rendition(version, purpose, holding, source.media_type, None, source.page_count)


def _rendition(
    version: ComponentVersion,
    purpose: Rendition.Purpose,
    holding: Holding,
    media_type: str,
    parent: Rendition | None,
    page_count: int | None,
) -> Rendition:
    return Rendition.objects.create(
        version=version,
        purpose=purpose,
        holding=holding,
        parent=parent,
        parent_sha256=parent.holding.blob.sha256 if parent else "",
        media_type=media_type,
        page_count=page_count,
        made_at=clock.now(),
    )


@command
def relate(actor: Actor, document: Document, to: Document, kind: str) -> None:
    """`document` stands to `to` as `kind`; saying so twice changes nothing."""
    Relation.objects.bulk_create(
        [Relation(from_document=document, to_document=to, kind=kind)], ignore_conflicts=True
    )
