"""An incoming document with everything its commands would have left behind."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from nhactruong.assembly.bench import words
from nhactruong.assembly.bench.houses import Desk, House
from nhactruong.assembly.bench.shelf import About, Shelf, Work, due_on, moment
from nhactruong.assembly.bench.tables import NULL
from nhactruong.foundation.search.rules import code_key
from nhactruong.kernel.states import Role
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import State, duplicate_key

_KIND: Final = IncomingDocument.type_name()
_TYPES: Final = [slug for slug, _, _ in words.TYPES]
_TYPE_WEIGHTS: Final = [weight for _, weight, _ in words.TYPES]
_URGENCIES: Final = ("normal", "normal", "normal", "normal", "normal", "urgent", "very_urgent")
_CHANNELS: Final = ("axis", "axis", "axis", "scan", "scan", "upload", "mail")
#: Answered documents whose reply has not been written yet, an agency.
_AWAITING_REPLY: Final = 30


@dataclass(frozen=True, slots=True)
class Answerable:
    """A document a reply may answer; its own row waits for the reply's number."""

    document_id: int
    public_id: str
    number: int
    row: dict[str, Any]


@dataclass(slots=True)
class Arrivals:
    """Writes incoming documents, oldest first."""

    shelf: Shelf
    _awaiting: dict[int, deque[Answerable]] = field(default_factory=dict)

    def add(self, house: House, day: date, work: Work | None) -> None:
        """One document that came on `day`; without `work` it is finished."""
        shelf, dice = self.shelf, self.shelf.dice
        state = work.state if work else State.COMPLETED.value
        at = moment(day, dice)
        about, issuer, signer = words.subject(dice), words.issuer(dice), words.person(dice)
        kind = dice.choices(_TYPES, _TYPE_WEIGHTS)[0]
        code = f"{1 + int(dice.random() * 4000)}-CV/ĐU"
        public_id = shelf.identifier()
        document, paper, rendition = shelf.content(
            house, at, house.clerk, public_id, ("original",), f"van-ban-{public_id[:8]}.pdf"
        )
        shelf.reading.add(
            {
                "public_id": shelf.identifier(),
                "rendition_id": rendition,
                "state": "read",
                "source": "text",
                "page_count": paper.pages,
                "text": paper.text,
                "read_at": at,
                "seconds": 0.4,
            }
        )
        registered = state != State.RECEIVED
        taken = house.take(house.key, "arrival", f"year:{day.year}") if registered else None
        due = day + timedelta(days=5 + int(dice.random() * 25)) if dice.random() < 0.6 else None
        number = shelf.incoming.take_id()
        row: dict[str, Any] = {
            "public_id": public_id,
            "agency_id": house.agency_id,
            "registry_id": house.registry_id,
            "document_id": document,
            "channel": _CHANNELS[int(dice.random() * len(_CHANNELS))],
            "state": state,
            "file_name": f"van-ban-{public_id[:8]}.pdf",
            "arrived_on": day,
            "received_at": at,
            "received_by": house.clerk,
            "reference_code": code,
            "issued_on": day - timedelta(days=int(dice.random() * 6)),
            "issuer_name": issuer.text,
            "document_type": kind,
            "subject": about.text,
            "signer_name": signer.text,
            "urgency": _URGENCIES[int(dice.random() * len(_URGENCIES))],
            "secrecy": 1 if dice.random() < 0.08 else 0,
            "due_on": due,
            "duplicate_key": duplicate_key(code, issuer.text),
            "folded": f"{taken[1] if taken else ''} {code.lower().replace('đ', 'd')} "
            f"{about.folded} {issuer.folded} {signer.folded}".strip(),
            "version": 5,
        }
        if taken:
            series, arrival = taken
            row |= {
                "series_id": series,
                "arrival_number": arrival,
                "registered_at": at,
                "registered_by": house.clerk,
            }
            shelf.allot(series, arrival, day, _KIND, public_id, at, house.clerk)
        item: About = (
            house.agency_id,
            _KIND,
            public_id,
            about.text,
            code,
            issuer.text,
            row["urgency"],
            row["secrecy"],
            due_on(due),
        )
        grants = self._parts(house, day, at, public_id, number, row, item, work)
        readers = shelf.grants(_KIND, public_id, at, grants)
        row["readers"] = readers
        if registered:
            shelf.card.add(
                {
                    "object_type": _KIND,
                    "object_id": public_id,
                    "agency_id": house.agency_id,
                    "title": about.text,
                    "reference": code,
                    "code": code_key(code),
                    "facts": f"{type_name(kind)} · {issuer.text} · {signer.text}",
                    "occurred_on": day,
                    "secrecy": row["secrecy"],
                    "readers": readers,
                    "folded": f"{code.lower().replace('đ', 'd')} {about.folded}",
                    "facts_folded": f"{words.fragment(type_name(kind)).folded} · {issuer.folded}"
                    f" · {signer.folded}",
                    "paper": paper.blob_id,
                }
            )
        self._keep(house, Answerable(document, public_id, number, row), work)

    def _parts(
        self,
        house: House,
        day: date,
        at: str,
        public_id: str,
        number: int,
        row: dict[str, Any],
        item: About,
        work: Work | None,
    ) -> list[tuple[str, int, str]]:
        """The grants, after directions, handlings and work as far as the document has come."""
        shelf, dice = self.shelf, self.shelf.dice
        clerk = house.role(Role.CLERK)
        grants = [("clerk", clerk, house.clerk)]
        if work is not None and work.state == State.RECEIVED:
            shelf.work_item(work.kind, work.token, item, at, house.clerk)
            return grants
        shelf.work_item("incoming.register", clerk, item, at, house.clerk, closed=True)
        grants += [
            ("register", house.role(role), house.clerk)
            for role in (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.CHIEF_OF_OFFICE)
        ]
        director = house.director
        chief = house.role(Role.CHIEF_OF_OFFICE)
        if work is not None and work.state == State.SUBMITTED:
            shelf.work_item(work.kind, work.token, item, at, house.clerk)
            return grants
        by = director.holder_name if director else house.leader
        shelf.work_item("incoming.direct", chief, item, at, house.clerk, closed=True)
        lead, doer = self._lead(house, work)
        directed = moment(day, dice)
        row |= {"directed_at": directed, "lead_printed": lead.name}
        direction = shelf.direction.add(
            {
                "public_id": shelf.identifier(),
                "incoming_id": number,
                "given_by": by,
                "given_by_title": director.title if director else "",
                "post_id": director.post_id if director else None,
                "given_at": directed,
                "opinion": "Chủ trì tham mưu, trình đúng hạn.",
                "due_on": row["due_on"],
            }
        )
        parts: list[tuple[str, Desk, int | None]] = [("lead", lead, direction)]
        others = [desk for desk in (*house.units, *house.posts) if desk.token != lead.token]
        for part, chance in (
            ("support", 0.35),
            ("support", 0.15),
            ("inform", 0.6),
            ("inform", 0.3),
        ):
            if others and dice.random() < chance:
                parts.append((part, others.pop(int(dice.random() * len(others))), direction))
        if doer is not None:
            parts.append(("do", doer, None))
            row["assigned_at"] = directed
        for part, desk, given in parts:
            shelf.part.add(
                number,
                given or NULL,
                part,
                desk.unit_id or NULL,
                desk.post_id or NULL,
                desk.name,
                directed,
                by,
            )
            grants.append((part, desk.token, by))
            if part == "support":
                shelf.work_item(
                    "incoming.support", desk.token, item, directed, by, closed=work is None
                )
        if work is not None:
            shelf.work_item(work.kind, work.token, item, directed, by, post_id=work.post_id)
        else:
            last = doer or lead
            shelf.work_item(
                "incoming.handle", last.token, item, directed, by, post_id=last.post_id, closed=True
            )
        return grants

    def _lead(self, house: House, work: Work | None) -> tuple[Desk, Desk | None]:
        """(who leads, whom the head gave it to)."""
        dice = self.shelf.dice
        if work is not None and work.unit_id is not None:
            return Desk(work.token, work.name, unit_id=work.unit_id), None
        if not house.units:
            posts = house.posts
            desk = posts[int(dice.random() * len(posts))]
            if work is not None and work.post_id is not None:
                desk = Desk(work.token, work.name, post_id=work.post_id)
            return desk, None
        if work is not None and work.post_id is not None:
            doer = Desk(work.token, work.name, post_id=work.post_id)
            own = [
                unit
                for unit in house.units
                if any(desk.post_id == work.post_id for desk in house.inside[unit.unit_id or 0])
            ]
            return (own or list(house.units))[0], doer
        unit = house.units[int(dice.random() * len(house.units))]
        inside = house.inside[unit.unit_id or 0]
        return unit, inside[int(dice.random() * len(inside))]

    # Replies ----------------------------------------------------------------------------------

    def _keep(self, house: House, document: Answerable, work: Work | None) -> None:
        """Write the row now, or when its reply has a number."""
        waiting = self._awaiting.setdefault(house.agency_id, deque())
        if work is not None:
            self._write(document)
            return
        waiting.append(document)
        if len(waiting) > _AWAITING_REPLY:
            self._write(waiting.popleft())

    def answered(self, house: House, reference: str, at: str) -> Answerable | None:
        """A document of the agency that the reply `reference` answers, if one waits."""
        waiting = self._awaiting.get(house.agency_id)
        if not waiting:
            return None
        document = waiting.popleft()
        document.row.update(
            state=State.ANSWERED.value, answered_by_reference=reference, finished_at=at
        )
        self._write(document)
        return document

    def finish(self) -> None:
        """Write what no reply came for."""
        for waiting in self._awaiting.values():
            while waiting:
                self._write(waiting.popleft())

    def _write(self, document: Answerable) -> None:
        if document.row["state"] == State.COMPLETED:
            document.row.update(
                result="Đã giải quyết xong theo ý kiến chỉ đạo.",
                finished_at=document.row["received_at"],
            )
        self.shelf.incoming.add(document.row, document.number)
