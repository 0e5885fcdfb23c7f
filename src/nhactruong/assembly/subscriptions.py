"""Who listens to what: the whole wiring on one page. Only for what may be late."""

from __future__ import annotations

from nhactruong.foundation.jobs.commands import subscribe
from nhactruong.foundation.mail import events as mail
from nhactruong.foundation.mail import handlers as mail_handlers
from nhactruong.masterdata.importing import events as importing
from nhactruong.masterdata.importing import handlers as importing_handlers
from nhactruong.records.distribution import events as distribution
from nhactruong.records.documents import events as documents
from nhactruong.records.incoming import events as incoming
from nhactruong.records.incoming import handlers as incoming_handlers
from nhactruong.records.outgoing import batching as outgoing_batching
from nhactruong.records.outgoing import events as outgoing
from nhactruong.records.outgoing import handlers as outgoing_handlers


def register() -> None:
    """Subscribe every handler; called once at start."""
    subscribe(mail.MailWritten, [mail_handlers.send])
    subscribe(outgoing.PresentedForSignature, [outgoing_handlers.prepare_presented])
    subscribe(outgoing.DocumentSigned, [outgoing_handlers.verify_signature])
    subscribe(outgoing.BatchOpened, [outgoing_batching.prepare])
    subscribe(outgoing.BatchConfirmed, [outgoing_batching.finish])
    subscribe(outgoing.DocumentNumbered, [outgoing_handlers.print_number])
    subscribe(outgoing.SealRequested, [outgoing_handlers.apply_seal])
    subscribe(distribution.DeliveryQueued, [incoming_handlers.carry_inside])
    subscribe(distribution.ReceiptRecorded, [outgoing_handlers.note_receipt])
    subscribe(documents.ReplyIssued, [incoming_handlers.mark_answered])
    subscribe(documents.ReplyStarted, [incoming_handlers.mark_started])
    subscribe(incoming.FileReceived, [incoming_handlers.read_file])
    subscribe(importing.ListBroughtIn, [importing_handlers.check])
    subscribe(importing.ListApproved, [importing_handlers.write])
