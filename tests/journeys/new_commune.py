"""Run inside the installation: the commune committee that is to follow three others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from nhactruong.kernel import clock
from nhactruong.kernel.actor import service_actor
from nhactruong.kernel.states import SigningForm
from nhactruong.masterdata.organization import commands
from nhactruong.masterdata.organization.models import Agency, Holding, Organ, Post, SigningAuthority

KEY: Final = "van-gom-do"
NAME: Final = "Đảng ủy xã Vạn Gốm Dó"
#: The first lends the shape and its people to the new one.
OLD: Final = ("van-chuon", "cho-gom", "lang-do")
_FOUNDER: Final = service_actor("setup", "Thiết lập")


def found() -> None:
    """The new committee with posts as the first old one has them, held by the same people too."""
    if Agency.objects.filter(key=KEY).exists():
        return
    model = Agency.objects.get(key=OLD[0])
    since = clock.today() - timedelta(days=3)
    agency = commands.found_agency(
        _FOUNDER,
        key=KEY,
        name=NAME,
        short_name=NAME,
        level=model.level,
        kind=model.kind,
        symbol=model.symbol,
        identifier="A99.20.78",
        issuer_lines=["ĐẢNG ỦY XÃ VẠN GỐM DÓ"],
        superior_line=model.superior_line,
        place="Vạn Gốm Dó",
        seal_name=NAME,
        drafter_may_seal=True,
        parent=model.parent,
        valid_from=since,
    )
    commands.create_registry(
        _FOUNDER, key=KEY, agency=agency, name="Văn thư", serves=[agency], valid_from=since
    )
    posts = {post.pk: _post(post, agency, since) for post in Post.objects.filter(agency=model)}
    for organ in Organ.objects.filter(agency=model, is_temporary=False):
        made = commands.create_organ(
            _FOUNDER,
            key=organ.key.replace(OLD[0], KEY),
            agency=agency,
            name=organ.name.replace(model.short_name, NAME),
            kind=organ.kind,
            name_block=["ĐẢNG ỦY XÃ VẠN GỐM DÓ"],
            series_body=KEY,
            symbol=organ.symbol,
            superior_line=organ.superior_line,
            collective_line=organ.collective_line,
            valid_from=since,
        )
        for row in SigningAuthority.objects.filter(organ=organ, post_id__in=posts):
            commands.grant_signing_authority(
                _FOUNDER,
                organ=made,
                post=posts[row.post_id],
                form=SigningForm(row.form),
                capacity_line=row.capacity_line,
                title_line=row.title_line,
                basis=row.basis,
                since=since,
            )


def _post(model: Post, agency: Agency, since: date) -> Post:
    made = commands.create_post(
        _FOUNDER,
        key=model.key.replace(OLD[0], KEY),
        agency=agency,
        title=model.title.replace(model.agency.short_name, NAME),
        rank=model.rank,
        roles=[(role.as_role, agency) for role in model.roles.all()],
        valid_from=since,
    )
    for held in Holding.objects.filter(post=model, valid__contains=clock.today()):
        commands.appoint(_FOUNDER, held.person, made, kind=Holding.Kind.CONCURRENT, since=since)
    return made
