"""Keeping what was read of a file."""

from __future__ import annotations

from typing import Any

from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.records.documents.models import Rendition
from nhactruong.records.extraction.models import Reading


@command
def await_reading(actor: Actor, rendition: Rendition) -> Reading:
    """The reading of a rendition, still to be done; asking twice changes nothing."""
    reading, _ = Reading.objects.get_or_create(rendition=rendition)
    return reading


@command
def keep_reading(
    actor: Actor,
    rendition: Rendition,
    *,
    text: str,
    source: str,
    page_count: int,
    proposals: dict[str, Any],
    seconds: float,
) -> Reading:
    """The reading with its text and proposals; a new reading replaces the old one."""
    reading = Reading.objects.select_for_update(of=("self",)).get(rendition=rendition)
    reading.state = Reading.State.READ
    reading.text, reading.source, reading.page_count = text, source, page_count
    reading.proposals, reading.seconds = proposals, seconds
    reading.fault_code = reading.fault_sentence = ""
    reading.read_at = clock.now()
    reading.save()
    return reading


@command
def keep_fault(actor: Actor, rendition: Rendition, *, code: str, sentence: str) -> Reading:
    """The reading, failed for a reason a person can read."""
    reading = Reading.objects.select_for_update(of=("self",)).get(rendition=rendition)
    reading.state = Reading.State.FAILED
    reading.fault_code, reading.fault_sentence = code, sentence[:500]
    reading.read_at = clock.now()
    reading.save()
    return reading
