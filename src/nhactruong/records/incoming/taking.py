"""One uploaded file through the gate, into the store and the intake; for pages and programs."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from nhactruong.foundation.files import store
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.text import one_line
from nhactruong.records.extraction.engine.inspection import inspect_upload
from nhactruong.records.extraction.engine.limits import Limits
from nhactruong.records.incoming import commands, policies
from nhactruong.records.incoming.models import IncomingDocument


def name_of(file: UploadedFile[Any]) -> str:
    """The name of the file as the intake shows it."""
    return one_line(PurePath(file.name or "tep").name)[:255]


def take_upload(actor: Actor, agency_id: int, file: UploadedFile[Any]) -> IncomingDocument:
    """The file in the agency's intake; nothing is kept of a refused one.

    Raises: InvalidInput and its like for what the gate refuses, AccessDenied.
    """
    policies.can_receive(actor, agency_id).require()
    name = name_of(file)
    path = Path(cast(TemporaryUploadedFile, file).temporary_file_path())
    found = inspect_upload(path, name, Limits(max_bytes=settings.MAX_FILE_BYTES))
    with path.open("rb") as stream:
        stored = store.write(store.chunks_of(stream))
    return commands.receive_file(
        actor,
        agency_id=agency_id,
        stored=stored,
        media_type=found.media_type,
        file_name=name,
        page_count=found.pages,
        channel=IncomingDocument.Channel.SCAN
        if found.kind == "image"
        else IncomingDocument.Channel.UPLOAD,
    )
