"""The acts of the incoming documents, in the commands of the product."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from nhactruong.assembly.sample.papers import paper
from nhactruong.assembly.sample.stage import Stage, as_sent
from nhactruong.assembly.sample.story import Row, Step, incoming
from nhactruong.foundation.files import store
from nhactruong.kernel import clock
from nhactruong.kernel.deadlines import due_on
from nhactruong.kernel.states import Role, Secrecy
from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.dossiers import selectors as kept
from nhactruong.records.extraction.engine.pdfium import pypdfium2
from nhactruong.records.incoming import commands, policies
from nhactruong.records.incoming.commands import RegisterLine
from nhactruong.records.incoming.commands.handling import Desk
from nhactruong.records.incoming.models import IncomingDocument

_CHANNELS: Final = {
    "paper": IncomingDocument.Channel.SCAN,
    "state_axis": IncomingDocument.Channel.AXIS,
    "party_network": IncomingDocument.Channel.AXIS,
    "email": IncomingDocument.Channel.MAIL,
}


def steps(stage: Stage) -> Iterator[Step]:
    """Every act of every incoming document, unordered."""
    for row in filter(stage.plays, incoming()):
        directions = iter(row.get("direction", []))
        for act in row["acts"]:
            if act["act"] == "direct":
                do = partial(_direct, stage, row, next(directions))
            else:
                do = partial(_ACTS[act["act"]], stage, row, act)
            yield Step(act["day"], act["time"], do)


def _receive(stage: Stage, row: Row, act: Row) -> None:
    if "from_outgoing" in row:
        copy = stage.carry(row["from_outgoing"], row["agency"])
        if copy is not None:
            stage.made[row["key"]] = copy.public_id
        return
    content = paper(row, stage.texts, type_name(row["type"]))
    now = clock.local(clock.now())
    name = fold(row["number"]).replace("/", "-").replace(" ", "-")
    document = commands.receive_file(
        stage.actor(act["by"]),
        agency_id=stage.office.agencies[row["agency"]].pk,
        stored=store.write([content]),
        media_type="application/pdf",
        file_name=f"quet-{now:%Y%m%d-%H%M}.pdf" if row["scan"] else f"{name}.pdf",
        page_count=len(pypdfium2.PdfDocument(io.BytesIO(content))),
        channel=_CHANNELS[row["channel"]],
    )
    stage.made[row["key"]] = document.public_id


def _register(stage: Stage, row: Row, act: Row) -> None:
    document = stage.coming_in(row["key"])
    line = as_sent(document) if "from_outgoing" in row else _line(stage, row)
    if "reply_due_day" in row:
        line = replace(
            line, due_on=stage.days.on(row["reply_due_day"]), due_rule="Thời hạn ghi trong văn bản"
        )
    commands.register(stage.actor(act["by"]), document.public_id, line, version=None)


def _line(stage: Stage, row: Row) -> RegisterLine:
    return RegisterLine(
        reference_code=row["number"],
        issued_on=stage.days.on(row["issued_day"]),
        issuer_name=row["issuer_name"],
        document_type=row["type"],
        subject=stage.texts.fill(row["subject"]),
        signer_name=row["signer"],
        signer_position=row["title_line"],
        urgency=row["urgency"],
        secrecy=Secrecy[row["secrecy"].upper()],
    )


def _submit(stage: Stage, row: Row, act: Row) -> None:
    """Registering has put it before the Chánh Văn phòng; he passes on what another decides."""
    roles = _roles(stage, act["to"], row["agency"])
    chief = stage.office.post_with(Role.CHIEF_OF_OFFICE, row["agency"])
    if not chief or chief == act["to"]:
        return
    if roles & {Role.SECRETARY, Role.DEPUTY_SECRETARY}:
        commands.submit_to_leader(
            stage.actor(chief),
            stage.made[row["key"]],
            leader_post_id=stage.office.posts[act["to"]].pk,
            version=None,
        )
    else:
        _pass_to_deputy(stage, row, act["to"])


def _roles(stage: Stage, post: str, agency: str) -> set[Role]:
    cards = organization.post_cards(ids=[stage.office.posts[post].pk])
    reached = stage.office.agencies[agency].pk
    return {role for card in cards for role, reach in card.roles if reach == reached}


def _pass_to_deputy(stage: Stage, row: Row, deputy: str) -> None:
    chief = stage.office.post_with(Role.CHIEF_OF_OFFICE, row["agency"])
    title = stage.office.posts[deputy].title
    commands.direct(
        stage.actor(chief),
        stage.made[row["key"]],
        lead=Desk(post_id=stage.office.posts[deputy].pk),
        opinion=f"Chuyển đồng chí {title} xử lý.",
        version=None,
    )


def _direct(stage: Stage, row: Row, direction: Row) -> None:
    director = stage.actor(direction["by"])
    if not policies.can_direct(director, stage.coming_in(row["key"])):
        _pass_to_deputy(stage, row, direction["by"])
    if "on_behalf_of" in direction:
        title = stage.office.posts[direction["on_behalf_of"]].title
        director = replace(director, on_behalf_of=f"TL. {title}")
    days = direction["due_days"]
    supporting, named = _supporting(stage, row, direction)
    opinion = direction["opinion"]
    if named:
        opinion += f" Phối hợp: {', '.join(named)}."
    commands.direct(
        director,
        stage.made[row["key"]],
        lead=_lead(stage, direction),
        supporting=supporting,
        informed=[
            Desk(post_id=stage.office.posts[post].pk)
            for post in direction.get("for_information", [])
        ],
        opinion=opinion,
        due_on=_due(stage, days),
        due_rule=f"{days} ngày làm việc từ ngày bút phê" if days else "Trong ngày",
        version=None,
    )


def _due(stage: Stage, days: int) -> date:
    return due_on(clock.today(), days, stage.days.calendar) if days else clock.today()


def _lead(stage: Stage, direction: Row) -> Desk:
    if "lead_unit" in direction:
        return Desk(unit_id=stage.office.units[direction["lead_unit"]].pk)
    return Desk(post_id=stage.office.posts[direction["lead_post"]].pk)


def _supporting(stage: Stage, row: Row, direction: Row) -> tuple[list[Desk], list[str]]:
    """Desks of this office, and the names of bodies that have none here."""
    desks, named = [], []
    for key in direction.get("supporting", []):
        if key in stage.office.units:
            desks.append(Desk(unit_id=stage.office.units[key].pk))
            continue
        agency = stage.office.agencies[key]
        reached = stage.office.agencies[row["agency"]].pk
        post = next(
            (
                card
                for card in organization.post_cards(agency_id=agency.pk)
                if card.person_id and any(reach == reached for _, reach in card.roles)
            ),
            None,
        )
        if post is None:
            named.append(agency.short_name)
        else:
            desks.append(Desk(post_id=post.post_id))
    return desks, named


def _assign(stage: Stage, row: Row, act: Row) -> None:
    commands.assign(
        stage.actor(act["by"]),
        stage.made[row["key"]],
        post_id=stage.office.posts[act["to"]].pk,
        note=act.get("note", ""),
        version=None,
    )


def _start(stage: Stage, row: Row, act: Row) -> None:
    commands.start(stage.actor(act["by"]), stage.made[row["key"]])


def _answer(stage: Stage, row: Row, act: Row) -> None:
    """Issuing a reply has said so already, unless the answer was not opened as a reply."""
    commands.mark_answered(
        stage.actor(act["by"]),
        stage.made[row["key"]],
        reference=stage.numbered[act["with"]].reference_code,
    )


def _complete(stage: Stage, row: Row, act: Row) -> None:
    commands.complete(
        stage.actor(act["by"]), stage.made[row["key"]], result=act["note"], version=None
    )


def _file(stage: Stage, row: Row, act: Row) -> None:
    """Into the dossier, by whoever finished it, or through its keeper who alone sees it."""
    actor, dossier_id = stage.actor(act["by"]), stage.made[act["dossier"]]
    if not kept.visible(actor).filter(public_id=dossier_id).exists():
        actor = stage.actor(stage.keepers[act["dossier"]])
    dossiers.file(actor, dossier_id, stage.coming_in(row["key"]))


_ACTS: Final = {
    "receive": _receive,
    "register": _register,
    "submit": _submit,
    "assign": _assign,
    "start": _start,
    "answer": _answer,
    "complete": _complete,
    "file": _file,
}
