"""A file comes in to be checked; a list goes out."""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.files import commands as files
from nhactruong.foundation.files.store import StoredBytes
from nhactruong.foundation.jobs.commands import publish
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.importing import policies, selectors
from nhactruong.masterdata.importing.events import ListBroughtIn
from nhactruong.masterdata.importing.models import ListImport
from nhactruong.masterdata.importing.rules import ListCode

#: The kind of work that waits for the second person.
DECIDE: Final = "importing.decide"
#: Whoever brings a list in waits for its check.
_AWAITED = 10


def who(actor: Actor) -> str:
    """The person and post as the pages of imports name them."""
    post = actor.post
    return f"{actor.name}, {post.title}" if post else actor.name


@command
def bring_in(
    actor: Actor,
    *,
    agency_id: int,
    list_code: ListCode,
    stored: StoredBytes,
    media_type: str,
    file_name: str,
) -> ListImport:
    """An import whose file is about to be checked; nothing of the list is written.

    Raises: AccessDenied.
    """
    policies.can_bring_in(actor, agency_id).require()
    held = files.hold(actor, agency_id, stored, media_type=media_type, file_name=file_name)
    made = ListImport.objects.create(
        list_code=list_code,
        agency_id=agency_id,
        file=held,
        file_name=held.file_name,
        sha256=stored.sha256,
        scope=sorted(selectors.reach_of(actor, policies.PROPOSING)),
        proposer_id=actor.person_id or 0,
        proposed_by=who(actor)[:300],
        proposed_at=clock.now(),
    )
    publish(ListBroughtIn(import_id=made.public_id), priority=_AWAITED)
    audit.record(actor, "importing.brought_in", made, list=list_code.value, sha256=stored.sha256)
    return made


@command
def note_taken_out(actor: Actor, list_code: ListCode, *, form: str, agencies: int) -> str:
    """The code of the list the actor takes out as a file, recorded. Raises: AccessDenied."""
    policies.can_bring_in(actor).require()
    audit.record(
        actor, "importing.list_exported", None, list=list_code.value, form=form, agencies=agencies
    )
    return list_code.value
