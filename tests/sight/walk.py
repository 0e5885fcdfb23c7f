"""A small office at work: people do what they may, now and then what they may not.

Every act is a real command; what succeeded is told to the oracle in the words of the office.
The bytes of files are not the matter here, so nothing is typeset or signed with keys.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from nhactruong.foundation.files import store
from nhactruong.foundation.jobs.commands import taken_by
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import DomainError
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Holding
from nhactruong.masterdata.organization.tests.scenarios import (
    FOUNDER,
    SINCE,
    SmallOffice,
    small_office,
)
from nhactruong.records.distribution import selectors as distribution
from nhactruong.records.distribution.events import DeliveryQueued
from nhactruong.records.documents.events import ReplyIssued
from nhactruong.records.documents.models import Document
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.drafting.rules import body_to_json
from nhactruong.records.drafting.rules.plain import body_from_plain
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming.commands.handling import Desk
from nhactruong.records.incoming.handlers import CARRIER
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing import commands as outgoing
from nhactruong.records.outgoing.commands.drafting import DraftContent, RecipientLine
from nhactruong.records.outgoing.commands.sealing import SEAL_FIELD
from nhactruong.records.outgoing.handlers import TYPESETTER
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import Printed, State
from nhactruong.records.outgoing.selectors import authorities_for
from nhactruong.records.signing import commands as signatures
from tests.sight import oracle
from tests.sight.oracle import Deed

#: A word every subject holds, for searching.
COMMON = "chung"
FACTS = {
    "subject_name": "Thử",
    "serial": "1",
    "subject": "CN=Thử",
    "issuer": "CN=Thử",
    "level": "B-T",
    "digest_algorithm": "sha256",
}
#: How often a random person tries instead of the right one.
_WRONG_HAND = 0.15
_MOST_TRIES = 12


@dataclass(slots=True)
class Walk:
    """The office, what was done in it, and the oracle's picture of it."""

    rng: random.Random
    office: SmallOffice = field(default_factory=small_office)
    model: oracle.Office = field(default_factory=oracle.Office)
    deeds: list[Deed] = field(default_factory=list)
    refusals: int = 0
    _made: int = 0

    def __post_init__(self) -> None:
        lowered = self.rng.sample(sorted(self.office.posts), 4)
        with writes_allowed():
            for key in lowered:
                self.office.posts[key].clearance = 0
                self.office.posts[key].save(update_fields=["clearance"])
        units = {unit.pk: key for key, unit in self.office.units.items()}
        for key, post in self.office.posts.items():
            roles = frozenset(
                (row.as_role.code, self._agency_key(row.agency_id)) for row in post.roles.all()
            )
            self.model.posts[key] = oracle.Post(
                key, units.get(post.unit_id or 0, ""), roles, post.clearance
            )
            self.model.holders[key] = key

    # Who is who.

    def _agency_key(self, pk: int) -> str:
        return next(key for key, agency in self.office.agencies.items() if agency.pk == pk)

    def _post_key(self, pk: int | None) -> str:
        return next(key for key, post in self.office.posts.items() if post.pk == pk)

    def _unit_key(self, pk: int | None) -> str:
        return next(key for key, unit in self.office.units.items() if unit.pk == pk)

    def people(self) -> list[str]:
        """The keys of all people, in a stable order."""
        return sorted(self.office.people)

    def _hand(self, right: Iterable[str]) -> Actor:
        """One of the right people, or now and then anybody."""
        able = sorted(set(right))
        chosen = able if able and self.rng.random() > _WRONG_HAND else self.people()
        return self.office.actor(self.rng.choice(chosen))

    def _with(self, role: Role, agency: str) -> list[str]:
        return [one for one in self.people() if self.model.has_role(one, role.code, agency)]

    def _at(self, desk: str) -> list[str]:
        return [one for one in self.people() if self.model.sits_at(one, desk)]

    def _say(self, verb: str, thing: Any, **more: Any) -> None:
        kind = {
            IncomingDocument: "incoming",
            OutgoingDocument: "outgoing",
            Dossier: "dossier",
        }[type(thing)]
        self.deeds.append(
            Deed(verb, str(thing.public_id), kind, self._agency_key(thing.agency_id), **more)
        )

    def _number(self) -> int:
        self._made += 1
        return self._made

    def _some(self, model: Any, *states: str) -> Any:
        rows = list(model.objects.filter(state__in=states).order_by("pk"))
        return self.rng.choice(rows) if rows else None

    # The acts.

    def step(self) -> None:
        """One more act, done or refused; what finds nothing to act on is passed over."""
        before, refused = len(self.deeds), self.refusals
        for _ in range(_MOST_TRIES):
            self._try(self.rng.choice(_ACTS).__get__(self))
            if len(self.deeds) > before or self.refusals > refused:
                return

    def _try(self, act: Callable[[], None]) -> None:
        taken: list[Any] = []
        try:
            with taken_by(lambda event, _handler: taken.append(event)):
                act()
        except DomainError:
            self.refusals += 1
            return
        for event in dict.fromkeys(taken):
            self._follow(event)

    def _follow(self, event: Any) -> None:
        if isinstance(event, DeliveryQueued):
            with taken_by(lambda *_: None):
                copy = incoming.receive_copy(CARRIER, distribution.delivery(event.delivery_id))
            self._say("received", copy, secrecy=copy.secrecy)
        if isinstance(event, ReplyIssued):
            before = IncomingDocument.objects.get(public_id=event.answered_document_id).state
            answered = incoming.mark_answered(
                CARRIER, event.answered_document_id, reference=event.reply_reference
            )
            if answered is not None and answered.state == "answered" != before:
                self._say("answered", answered)

    def receive(self) -> None:
        agency = self.rng.choice(["tu", "vptu", "dm"])
        made = incoming.receive_file(
            self._hand(self._with(Role.CLERK, agency)),
            agency_id=self.office.agencies[agency].pk,
            stored=store.write([uuid.uuid4().bytes]),
            media_type="application/pdf",
            file_name=f"tep-{self._number()}.pdf",
            page_count=1,
        )
        self._say("received", made, secrecy=0)

    def register(self) -> None:
        thing = self._some(IncomingDocument, "received")
        if thing is None:
            return
        agency = self._agency_key(thing.agency_id)
        secrecy = self.rng.choice([0, 0, 1])
        number = self._number()
        done = incoming.register(
            self._hand(self._with(Role.CLERK, agency)),
            thing.public_id,
            incoming.RegisterLine(
                reference_code=thing.reference_code or f"{number}-CV/NT",
                issued_on=clock.today(),
                issuer_name="Nơi gửi thử",
                document_type="cong-van",
                subject=f"Công việc {COMMON} số {number}",
                secrecy=secrecy,
            ),
            version=None,
        )
        roles = ("chief_of_office", "deputy_secretary", "secretary")
        to = next((role for role in roles if self.model.is_filled(role, agency)), "nobody")
        self._say("registered", done, to=to, secrecy=secrecy)

    def return_to_sender(self) -> None:
        thing = self._some(IncomingDocument, "received")
        if thing is None or self.rng.random() < 0.7:
            return
        clerks = self._with(Role.CLERK, self._agency_key(thing.agency_id))
        done = incoming.return_to_sender(
            self._hand(clerks), thing.public_id, reason="Gửi nhầm", version=None
        )
        self._say("returned_to_sender", done)

    def _desks(self, agency: str) -> list[str]:
        posts = [
            f"post:{key}"
            for key, post in self.model.posts.items()
            if any(reached == agency for _, reached in post.roles)
        ]
        return [*posts, *(["unit:th", "unit:hc"] if agency != "dm" else [])]

    def _desk(self, text: str) -> Desk:
        kind, _, key = text.partition(":")
        if kind == "unit":
            return Desk(unit_id=self.office.units[key].pk)
        return Desk(post_id=self.office.posts[key].pk)

    def direct(self) -> None:
        thing = self._some(IncomingDocument, "submitted", "directed", "assigned")
        if thing is None:
            return
        agency = self._agency_key(thing.agency_id)
        chosen = self.rng.sample(self._desks(agency), 3)
        supporting, informed = chosen[1:2], chosen[2:]
        by = self.rng.choice([Role.CHIEF_OF_OFFICE, Role.SECRETARY, Role.DEPUTY_CHIEF])
        done = incoming.direct(
            self._hand(self._with(by, agency)),
            thing.public_id,
            lead=self._desk(chosen[0]),
            supporting=[self._desk(one) for one in supporting],
            informed=[self._desk(one) for one in informed],
            version=None,
        )
        self._say("directed", done, desks=tuple(chosen), to="1")

    def submit_to_leader(self) -> None:
        thing = self._some(IncomingDocument, "submitted")
        if thing is None:
            return
        agency = self._agency_key(thing.agency_id)
        named = self.rng.choice([None, *self._with(Role.DEPUTY_SECRETARY, agency)])
        post = named if named in self.model.holders else None
        done = incoming.submit_to_leader(
            self._hand(self._with(Role.CHIEF_OF_OFFICE, agency)),
            thing.public_id,
            leader_post_id=self.office.posts[post].pk if post else None,
            version=None,
        )
        role = "secretary" if self.model.is_filled("secretary", agency) else "deputy_secretary"
        self._say("submitted_to_leader", done, to=f"post:{post}" if post else f"role:{role}")

    def assign(self) -> None:
        thing = self._some(IncomingDocument, "directed", "assigned", "in_progress")
        if thing is None:
            return
        agency = self._agency_key(thing.agency_id)
        desk = self.rng.choice([one for one in self._desks(agency) if one.startswith("post:")])
        able = [
            *self._with(Role.HEAD_OF_DIVISION, agency),
            *self._with(Role.CHIEF_OF_OFFICE, agency),
        ]
        done = incoming.assign(
            self._hand(able),
            thing.public_id,
            post_id=self._desk(desk).post_id or 0,
            version=None,
        )
        self._say("assigned", done, desks=(desk,))

    def complete(self) -> None:
        thing = self._some(IncomingDocument, "directed", "assigned", "in_progress")
        if thing is None or self.rng.random() < 0.5:
            return
        done = incoming.complete(self._hand([]), thing.public_id, result="Đã xong", version=None)
        self._say("completed", done)

    def draft(self) -> None:
        organ = self.rng.choice(["tu.btv", "vptu.vp", "dm.btv"])
        agency = organ.partition(".")[0]
        author = self._hand(
            [*self._with(Role.SPECIALIST, agency), *self._with(Role.HEAD_OF_DIVISION, agency)]
        )
        answered = None
        if self.rng.random() < 0.4:
            mine = IncomingDocument.objects.visible_to(author).filter(
                agency=self.office.agencies[agency]
            )
            found = list(mine.exclude(state="received").order_by("pk"))
            answered = self.rng.choice(found).document if found else None
        made = outgoing.create_draft(
            author,
            organ_id=self.office.organs[organ].pk,
            document_type="cong-van",
            subject=f"Về việc {COMMON} số {self._number()}",
            answers=answered,
        )
        drafter = f"post:{self._post_key(made.drafter_post_id)}"
        self._say("drafted", made, desks=(drafter,), secrecy=0)

    def revise(self) -> None:
        thing = self._some(OutgoingDocument, "draft", "returned")
        if thing is None:
            return
        other = self.rng.choice(
            [one for one in self.office.agencies.values() if one.pk != thing.agency_id]
        )
        rows = authorities_for(thing)
        secrecy = self.rng.choice([0, 0, 1])
        done = outgoing.save_draft(
            self._hand(self._at(f"post:{self._post_key(thing.drafter_post_id)}")),
            thing.public_id,
            DraftContent(
                body=body_to_json(body_from_plain("Đề nghị đồng chí thực hiện.")),
                secrecy=secrecy,
                addressees=[other.name],
                recipients=[RecipientLine("Như trên", other.pk), RecipientLine("Lưu")],
                authority_id=self.rng.choice(rows).pk,
            ),
            version=None,
        )
        self._say("revised", done, secrecy=secrecy)

    def _sent_on(self, done: OutgoingDocument) -> None:
        match done.as_state:
            case State.CONTENT_REVIEW:
                self._say("to_head", done, desks=(f"unit:{self._unit_key(done.drafting_unit_id)}",))
            case State.APPRAISAL:
                self._say("to_chief", done)
            case State.AWAITING_SIGNATURE:
                self._say("to_signer", done, desks=(self._signer_desk(done),))

    def _signer_desk(self, thing: OutgoingDocument) -> str:
        assert thing.authority is not None
        return f"post:{self._post_key(thing.authority.post_id)}"

    def submit(self) -> None:
        thing = self._some(OutgoingDocument, "draft", "returned")
        if thing is None:
            return
        drafters = self._at(f"post:{self._post_key(thing.drafter_post_id)}")
        self._sent_on(outgoing.submit(self._hand(drafters), thing.public_id, version=None))

    def approve(self) -> None:
        thing = self._some(OutgoingDocument, "content_review", "appraisal")
        if thing is None:
            return
        if thing.as_state == State.CONTENT_REVIEW:
            heads = self._at(f"unit:{self._unit_key(thing.drafting_unit_id)}")
            self._sent_on(
                outgoing.approve_content(self._hand(heads), thing.public_id, version=None)
            )
        else:
            chiefs = self._with(Role.CHIEF_OF_OFFICE, self._agency_key(thing.agency_id))
            self._sent_on(outgoing.approve_form(self._hand(chiefs), thing.public_id, version=None))

    def give_back(self) -> None:
        thing = self._some(OutgoingDocument, "content_review", "appraisal", "awaiting_signature")
        if thing is None or self.rng.random() < 0.6:
            return
        done = outgoing.return_draft(
            self._hand([]), thing.public_id, reason="Sửa lại", version=None
        )
        drafter = f"post:{self._post_key(done.drafter_post_id)}"
        self._say("given_back", done, desks=(drafter,))

    def sign(self) -> None:
        thing = self._some(OutgoingDocument, "awaiting_signature")
        if thing is None:
            return
        if not thing.presented_hash:
            outgoing.record_presented(
                TYPESETTER,
                thing.public_id,
                stored=store.write([uuid.uuid4().bytes]),
                pages=1,
                printed=Printed("CƠ QUAN", "Người ký", "CHỨC VỤ", "", ("Như trên",)),
                version=thing.version,
            )
        signer = self._hand(self._at(self._signer_desk(thing)))
        request = outgoing.open_signature(signer, thing.public_id, version=None)
        done = outgoing.record_signature(
            signer,
            thing.public_id,
            request.public_id,
            stored=store.write([uuid.uuid4().bytes]),
            facts=FACTS,
            signed_at=clock.now(),
        )
        self._say("signed", done)

    def _clerk_of(self, thing: Any) -> Actor:
        return self._hand(self._with(Role.CLERK, self._agency_key(thing.agency_id)))

    def number(self) -> None:
        thing = self._some(OutgoingDocument, "signed")
        if thing is None:
            return
        done = outgoing.assign_number(self._clerk_of(thing), thing.public_id, version=None)
        outgoing.record_numbered(
            TYPESETTER, thing.public_id, stored=store.write([uuid.uuid4().bytes])
        )
        self._say("numbered", done)

    def seal(self) -> None:
        thing = self._some(OutgoingDocument, "numbered")
        if thing is None:
            return
        clerk = self._clerk_of(thing)
        outgoing.request_seal(clerk, thing.public_id, version=None)
        request = signatures.open_request(
            clerk,
            thing.document,
            field_name=SEAL_FIELD,
            sha256_before="0" * 64,
            holder_kind="agency",
            holder_id=thing.agency_id,
        )
        done = outgoing.record_seal(
            clerk,
            thing.public_id,
            stored=store.write([uuid.uuid4().bytes]),
            request=request,
            facts=FACTS,
        )
        self._say("sealed", done)

    def issue(self) -> None:
        thing = self._some(OutgoingDocument, "sealed")
        if thing is None:
            return
        done = outgoing.issue(self._clerk_of(thing), thing.public_id, version=None)
        unit = done.drafting_unit_id
        self._say("issued", done, desks=(f"unit:{self._unit_key(unit)}",) if unit else ())

    def void(self) -> None:
        thing = self._some(OutgoingDocument, "numbered", "sealed")
        if thing is None or self.rng.random() < 0.6:
            return
        if not thing.void_requested_by:
            done = outgoing.request_void(
                self._clerk_of(thing), thing.public_id, reason="Nhầm số", version=None
            )
            self._say("void_requested", done)
            return
        chiefs = self._with(Role.CHIEF_OF_OFFICE, self._agency_key(thing.agency_id))
        done = outgoing.confirm_void(self._hand(chiefs), thing.public_id, version=None)
        self._say("voided", done)

    def open_dossier(self) -> None:
        if self.rng.random() < 0.6:
            return
        agency = self.rng.choice(["tu", "vptu", "dm"])
        number = self._number()
        made = dossiers.open_dossier(
            self._hand(self._with(Role.SPECIALIST, agency)),
            agency_id=self.office.agencies[agency].pk,
            code=f"{number:02d}.NT",
            title=f"Hồ sơ {COMMON} số {number}",
            retention="10",
        )
        desks = [f"post:{self._post_key(made.keeper_post_id)}"]
        if made.unit_id:
            desks.append(f"unit:{self._unit_key(made.unit_id)}")
        self._say("opened", made, desks=tuple(desks), secrecy=0)

    def file(self) -> None:
        dossier = self._some(Dossier, "open")
        papers = list(Document.objects.order_by("pk"))
        if dossier is None or not papers:
            return
        keeper = self._at(f"post:{self._post_key(dossier.keeper_post_id)}")
        dossiers.file(self._hand(keeper), dossier.public_id, self.rng.choice(papers))

    def change_holder(self) -> None:
        """A post gets a new holder, who may keep the old one too; sight follows at once."""
        if self.rng.random() < 0.6:
            return
        post = self.rng.choice(sorted(self.model.holders))
        person = self.rng.choice(self.people())
        if person == self.model.holders[post] or self.model.holders[post] != post:
            return
        ended = Holding.objects.filter(post=self.office.posts[post], valid__contains=clock.today())
        with writes_allowed():
            ended.update(valid=DateRange(SINCE, clock.today()))
        organization.appoint(
            FOUNDER,
            self.office.people[person],
            self.office.posts[post],
            kind=Holding.Kind.CONCURRENT,
            since=clock.today(),
        )
        self.model.holders[post] = person


_ACTS: list[Any] = [
    Walk.receive,
    Walk.register,
    Walk.register,
    Walk.return_to_sender,
    Walk.direct,
    Walk.direct,
    Walk.submit_to_leader,
    Walk.assign,
    Walk.complete,
    Walk.draft,
    Walk.revise,
    Walk.revise,
    Walk.submit,
    Walk.submit,
    Walk.approve,
    Walk.approve,
    Walk.give_back,
    Walk.sign,
    Walk.sign,
    Walk.number,
    Walk.number,
    Walk.seal,
    Walk.issue,
    Walk.issue,
    Walk.void,
    Walk.open_dossier,
    Walk.file,
    Walk.change_holder,
]


def walked(seed: int, steps: int) -> Walk:
    """An office after that many attempted acts; the same seed is the same story."""
    walk = Walk(random.Random(seed))  # noqa: S311  # a story, not a secret
    for _ in range(steps):
        walk.step()
    return walk
