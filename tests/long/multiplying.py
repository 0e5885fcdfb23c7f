"""Many papers out of one: rows that commands wrote, copied by the database with all that hangs on them."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection, models

from nhactruong.foundation.access.models import Grant
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.records.documents.models import Component, ComponentVersion, Document
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.incoming.models import Handling, IncomingDocument
from nhactruong.records.outgoing.models import OutgoingDocument

#: copies(number, public_id): the identifiers of the copies in the making.
_COPIES = "CREATE TEMP TABLE IF NOT EXISTS copies (number int, public_id uuid) ON COMMIT DROP"
_NEW = "INSERT INTO copies SELECT n, gen_random_uuid() FROM generate_series(1, %s) n"


def _copy(model: type[models.Model], where: str, values: list[Any], **instead: str) -> None:
    """Each row of `model` that is `where`, once for each copy, with columns replaced by expressions."""
    table = model._meta.db_table
    columns = [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]
    names = [column for column in columns if column != "public_id" or "public_id" in instead]
    if "public_id" in columns and "public_id" not in instead:
        names.append("public_id")
        instead["public_id"] = "gen_random_uuid()"
    told = ", ".join(instead.get(name, f"source.{name}") for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {told}"  # noqa: S608 (our own names)
            f" FROM {table} source CROSS JOIN copies WHERE {where}",
            values,
        )


def _begin(count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COPIES)
        cursor.execute("DELETE FROM copies")
        cursor.execute(_NEW, [count])


def _hangers_on(key: uuid.UUID) -> None:
    """Grants, work and search cards of the copies."""
    _copy(Grant, "source.object_id = %s", [key], object_id="copies.public_id")
    _copy(WorkItem, "source.object_id = %s", [key], object_id="copies.public_id")
    _copy(SearchCard, "source.object_id = %s", [key], object_id="copies.public_id")


def _document(document: Document) -> str:
    """Content of the copies; what to put for the key of the document."""
    _copy(Document, "source.id = %s", [document.pk], public_id="copies.public_id")
    own = "(SELECT id FROM documents_document made WHERE made.public_id = copies.public_id)"
    _copy(Component, "source.document_id = %s", [document.pk], document_id=own)
    part = f"(SELECT id FROM documents_component part WHERE part.document_id = {own})"  # noqa: S608 (as above)
    _copy(
        ComponentVersion,
        "source.component_id IN (SELECT id FROM documents_component WHERE document_id = %s)",
        [document.pk],
        component_id=part,
    )
    return own


def incoming(paper: IncomingDocument, count: int, *, numbered_from: int = 0) -> None:
    """So many more papers that came and stand where `paper` stands."""
    _begin(count)
    own = _document(paper.document)
    number = {"arrival_number": f"copies.number + {numbered_from}"} if paper.series_id else {}
    _copy(
        IncomingDocument,
        "source.id = %s",
        [paper.pk],
        public_id="copies.public_id",
        document_id=own,
        **number,
    )
    made = "(SELECT id FROM incoming_incomingdocument made WHERE made.public_id = copies.public_id)"
    _copy(Handling, "source.incoming_id = %s", [paper.pk], incoming_id=made)
    _hangers_on(paper.public_id)


def outgoing(paper: OutgoingDocument, count: int) -> None:
    """So many more drafts that stand where `paper` stands."""
    _begin(count)
    own = _document(paper.document)
    _copy(
        OutgoingDocument,
        "source.id = %s",
        [paper.pk],
        public_id="copies.public_id",
        document_id=own,
    )
    _hangers_on(paper.public_id)


def dossiers(dossier: Dossier, count: int) -> None:
    """So many more dossiers like this one, each with a code of its own."""
    _begin(count)
    _copy(
        Dossier,
        "source.id = %s",
        [dossier.pk],
        public_id="copies.public_id",
        code="source.code || '/' || copies.number",
    )
    _hangers_on(dossier.public_id)
