"""An outgoing document with everything its commands would have left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from nhactruong.assembly.bench import words
from nhactruong.assembly.bench.arriving import Arrivals
from nhactruong.assembly.bench.houses import Drafter, House, Issuing
from nhactruong.assembly.bench.shelf import About, Shelf, Work, due_on, moment
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.search.rules import code_key
from nhactruong.kernel.states import Role
from nhactruong.masterdata.vocabularies.selectors import document_types
from nhactruong.records.documents.models import Document
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import REGISTERED, State, reference_code, series_group

_KIND: Final = OutgoingDocument.type_name()
_TYPE_WEIGHTS: Final = {slug: weight for slug, _, weight in words.TYPES}
_UNSIGNED: Final = frozenset(
    {
        State.DRAFT,
        State.RETURNED,
        State.CONTENT_REVIEW,
        State.APPRAISAL,
        State.AWAITING_SIGNATURE,
    }
)
_PURPOSES: Final[Mapping[str, tuple[str, ...]]] = {
    State.AWAITING_SIGNATURE: ("presented",),
    State.SIGNED: ("presented", "signed"),
    State.NUMBERED: ("presented", "signed", "numbered"),
}
_ALL_PURPOSES: Final = ("presented", "signed", "numbered", "sealed")
_ANSWERS: Final = 0.45


@dataclass(slots=True)
class Departures:
    """Writes outgoing documents, oldest first; replies take up what arrived before."""

    shelf: Shelf
    arrivals: Arrivals
    #: When given, every document is of this type.
    one_type: str = ""
    _types: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the types once."""
        self._types = {
            kind.slug: (kind.code, kind.name, series_group(kind.slug, kind.code, shared_qd=True))
            for kind in document_types(numbered_only=True)
        }

    def add(self, house: House, day: date, work: Work | None) -> str:
        """The identifier of one document of `day`; without `work` it is issued."""
        shelf, dice = self.shelf, self.shelf.dice
        state = State(work.state) if work else State.ISSUED
        at = moment(day, dice)
        organ = house.issuing[int(dice.random() * len(house.issuing))]
        drafter = self._drafter(house, organ, work)
        slug = self._type(house, organ)
        code, type_name, group = self._types[slug]
        about = words.subject(dice)
        public_id = shelf.identifier()
        purposes = () if state in _UNSIGNED else _PURPOSES.get(state, _ALL_PURPOSES)
        if state == State.AWAITING_SIGNATURE:
            purposes = _PURPOSES[state]
        document, paper, _ = shelf.content(
            house, at, drafter.name, public_id, purposes, "van-ban-di.pdf"
        )
        receivers = [words.issuer(dice) for _ in range(2 + int(dice.random() * 3))]
        row: dict[str, Any] = {
            "public_id": public_id,
            "agency_id": house.agency_id,
            "registry_id": house.registry_id,
            "organ_id": organ.organ_id,
            "document_id": document,
            "document_type": slug,
            "subject": about.text,
            "state": state.value,
            "body": paper.body,
            "drafter_person_id": drafter.person_id,
            "drafter_post_id": drafter.post_id,
            "drafting_unit_id": drafter.unit_id,
            "authority_id": organ.authority_id,
            "listed_on": day,
            "opened_at": at,
            "version": 6,
            "due_on": None,
            "secrecy": 1 if dice.random() < 0.05 else 0,
        }
        reference = ""
        if purposes:
            row |= {
                "presented_hash": paper.sha256,
                "issuer_printed": house.name.upper(),
                "signer_printed": organ.signer_name,
                "position_printed": organ.position,
                "capacity_printed": organ.capacity,
                "signing_form": organ.form,
                "recipients_printed": [receiver.text for receiver in receivers],
            }
        if state not in _UNSIGNED:
            row |= {"signed_at": at, "signer_person_id": organ.signer_person}
        if state in REGISTERED:
            reference = self._number(house, organ, group, code, day, at, public_id, row)
        if state in (State.SEALED, State.ISSUED):
            row["sealed_at"] = at
        if state == State.ISSUED:
            row |= {"issued_at": at, "copies": 0}
            if dice.random() < _ANSWERS:
                self._answer(house, public_id, document, row, reference, at, drafter.name)
        signer = words.fragment(organ.signer_name)
        row["folded"] = " ".join(
            part
            for part in (
                reference.lower().replace("đ", "d"),
                about.folded,
                *([signer.folded, *(one.folded for one in receivers)] if purposes else []),
            )
            if part
        )[:1300]
        readers = shelf.grants(
            _KIND, public_id, at, self._grants(house, organ, drafter, state, work)
        )
        row["readers"] = readers
        number = shelf.outgoing.add(row)
        for position, receiver in enumerate(receivers):
            shelf.receiver.add(number, receiver.text, position)
        facts = f"{type_name} · {organ.organ_name}"
        if purposes:
            facts += f" · {organ.signer_name}"
        shelf.card.add(
            {
                "object_type": _KIND,
                "object_id": public_id,
                "agency_id": house.agency_id,
                "title": about.text,
                "reference": reference,
                "code": code_key(reference),
                "facts": facts,
                "occurred_on": day,
                "secrecy": row["secrecy"],
                "readers": readers,
                "folded": f"{reference.lower().replace('đ', 'd')} {about.folded}".strip(),
                "facts_folded": words.fragment(facts).folded,
                "paper": paper.blob_id,
            }
        )
        self._work(house, organ, drafter, row, reference, at, work)
        return public_id

    def _type(self, house: House, organ: Issuing) -> str:
        """A type of which the organ has an open series, by how often it is used."""
        if self.one_type:
            return self.one_type
        known = [
            slug
            for slug in _TYPE_WEIGHTS
            if slug in self._types
            and (organ.series_body, self._types[slug][2], house.term_period) in house.series
        ]
        return self.shelf.dice.choices(known, [_TYPE_WEIGHTS[slug] for slug in known])[0]

    def _drafter(self, house: House, organ: Issuing, work: Work | None) -> Drafter:
        others = [one for one in house.drafters if one.person_id != organ.signer_person]
        able = others or list(house.drafters)
        if work is not None and work.kind == "outgoing.revise":
            able = [one for one in able if one.post_id == work.post_id] or able
        if work is not None and work.kind == "outgoing.review":
            able = [one for one in able if one.unit_id == work.unit_id] or able
        return able[int(self.shelf.dice.random() * len(able))]

    def _number(
        self,
        house: House,
        organ: Issuing,
        group: str,
        code: str,
        day: date,
        at: str,
        public_id: str,
        row: dict[str, Any],
    ) -> str:
        taken = house.take(organ.series_body, group, house.term_period)
        if taken is None:
            raise LookupError(f"no open series {organ.series_body} {group} {house.term_period}")
        series, number = taken
        reference = reference_code(number, code, organ.symbol)
        row |= {
            "series_id": series,
            "number": number,
            "reference_code": reference,
            "issued_on": day,
            "numbered_at": at,
        }
        self.shelf.allot(series, number, day, _KIND, public_id, at, house.clerk)
        return reference

    def _answer(
        self,
        house: House,
        public_id: str,
        document: int,
        row: dict[str, Any],
        reference: str,
        at: str,
        by: str,
    ) -> None:
        answered = self.arrivals.answered(house, reference, at)
        if answered is None:
            return
        row["answers_id"] = answered.document_id
        self.shelf.relation.add(
            {
                "from_document_id": document,
                "to_document_id": answered.document_id,
                "kind": "replies_to",
            }
        )
        self.shelf.thread.add(
            {
                "earlier_type": Document.type_name(),
                "earlier_id": answered.public_id,
                "later_type": Document.type_name(),
                "later_id": public_id,
                "kind": "replies_to",
                "linked_at": at,
                "linked_by": by,
            }
        )

    def _grants(
        self, house: House, organ: Issuing, drafter: Drafter, state: State, work: Work | None
    ) -> list[tuple[str, int, str]]:
        """Who was given sight on the way to `state`."""
        given = [("drafter", tokens.post_token(drafter.post_id), drafter.name)]
        if state == State.DRAFT:
            return given
        if drafter.unit_id is not None:
            given.append(("reviewer", tokens.unit_token(drafter.unit_id), drafter.name))
        if work is not None and state == State.CONTENT_REVIEW:
            return [*given, ("reviewer", work.token, drafter.name)]
        given.append(("appraiser", house.role(Role.CHIEF_OF_OFFICE), drafter.name))
        if state in (State.APPRAISAL, State.RETURNED):
            return given
        given.append(("signer", tokens.post_token(organ.signer_post), drafter.name))
        if state == State.AWAITING_SIGNATURE:
            return given
        given.append(("clerk", house.role(Role.CLERK), organ.signer_name))
        if state == State.ISSUED:
            given += [
                ("issued", house.role(role), house.clerk)
                for role in (
                    Role.SECRETARY,
                    Role.DEPUTY_SECRETARY,
                    Role.CHIEF_OF_OFFICE,
                    Role.CLERK,
                )
            ]
            if drafter.unit_id is not None:
                given.append(("issued", tokens.unit_token(drafter.unit_id), house.clerk))
        return given

    def _work(
        self,
        house: House,
        organ: Issuing,
        drafter: Drafter,
        row: dict[str, Any],
        reference: str,
        at: str,
        work: Work | None,
    ) -> None:
        item: About = (
            house.agency_id,
            _KIND,
            row["public_id"],
            row["subject"],
            reference or self._types[row["document_type"]][1],
            drafter.name,
            "normal",
            row["secrecy"],
            due_on(None),
        )
        if work is not None:
            if work.kind:
                token, post = work.token, work.post_id
                if work.kind == "outgoing.sign":
                    token, post = tokens.post_token(organ.signer_post), organ.signer_post
                elif work.kind == "outgoing.revise":
                    token, post = tokens.post_token(drafter.post_id), drafter.post_id
                elif work.kind == "outgoing.review" and drafter.unit_id is not None:
                    token = tokens.unit_token(drafter.unit_id)
                self.shelf.work_item(work.kind, token, item, at, drafter.name, post_id=post)
            return
        clerk = house.role(Role.CLERK)
        for kind, token in (
            ("outgoing.appraise", house.role(Role.CHIEF_OF_OFFICE)),
            ("outgoing.number", clerk),
            ("outgoing.issue", clerk),
        ):
            self.shelf.work_item(kind, token, item, at, drafter.name, closed=True)
