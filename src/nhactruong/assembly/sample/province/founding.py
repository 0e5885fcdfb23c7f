"""A drawn province written down by the commands of the organization, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from django.contrib.auth.hashers import make_password

from nhactruong.assembly import sample
from nhactruong.assembly.sample.founding import FOUNDER
from nhactruong.assembly.sample.province import plan as planning
from nhactruong.assembly.sample.province.plan import Body, Plan, PlannedPost
from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound, RuleBroken
from nhactruong.masterdata.codelists import territory
from nhactruong.masterdata.organization import commands
from nhactruong.masterdata.organization.commands import HoldingLine, PostLine, UnitLine
from nhactruong.masterdata.organization.models import Agency, Holding, Organ, Person, Post
from nhactruong.masterdata.vocabularies.commands import load_document_types

_SINCE: Final = territory.SINCE
_TELL_EVERY: Final = 25
_SEAL_MM: Final = {"province": 36, "commune": 34}

Say = Callable[[str], None]


def load(code: str, seed: int, say: Say) -> bool:
    """See `nhactruong.assembly.sample.province.load_province`."""
    today = clock.today()
    province = next(
        (one for one in territory.in_force(territory.provinces(), today) if one.code == code), None
    )
    if province is None:
        raise NotFound(
            "sample.no_province",
            "Không có tỉnh, thành phố nào mang mã “%(province)s”; mã gồm hai chữ số, ví dụ 12 là Lai "
            "Châu (danh mục Tỉnh, thành phố).",
            province=code,
        )
    communes = [
        one for one in territory.in_force(territory.communes(), today) if one.province == code
    ]
    root = Agency.objects.filter(key=planning.root_key(code)).first()
    if root is not None:
        _require_same_seed(code, seed)
        standing = Agency.objects.filter(parent=root).count() + 1
        say(f"{root.name} đã có đủ {standing} cơ quan từ trước, không thay đổi gì.")
        return False
    drawn = planning.drawn(province, communes, seed)
    say(
        f"Dựng {province.full_name}: {len(drawn.bodies)} cơ quan, trong đó {len(communes)} đảng ủy "
        f"xã, phường, đặc khu; {len(drawn.people)} người"
    )
    found_province(FOUNDER, drawn, seed=seed, say=say)
    return True


def _require_same_seed(code: str, seed: int) -> None:
    prefix = planning.person_prefix(code)
    anybody = Person.objects.filter(key__startswith=prefix).order_by("pk").first()
    stands = anybody.key.removeprefix(prefix).split(".")[0] if anybody else ""
    if stands != str(seed):
        raise RuleBroken(
            "sample.other_seed",
            "Tỉnh, thành phố mã %(province)s đã dựng với --seed %(stands)s nên không dựng lại với --seed "
            "%(seed)s; hãy gọi lại với số cũ, hoặc dùng một thư mục dữ liệu khác.",
            province=code,
            stands=stands,
            seed=seed,
        )


@command
def found_province(actor: Actor, drawn: Plan, *, seed: int, say: Say) -> Agency:
    """The provincial committee; below it all bodies, posts and people of the plan stand."""
    load_document_types(actor)
    agencies: dict[str, Agency] = {}
    organs: dict[str, Organ] = {}
    for done, body in enumerate(drawn.bodies, start=1):
        agencies[body.key] = _found(actor, body, agencies.get(body.parent))
        organs |= _organs(actor, body, agencies[body.key])
        if done % _TELL_EVERY == 0:
            say(f"Đã lập {done}/{len(drawn.bodies)} cơ quan")
    for body in drawn.bodies:
        _books(actor, body, agencies)
    posts = _posts(actor, drawn, agencies)
    say(f"Đã lập {len(posts)} chức danh; bố trí {len(drawn.people)} người")
    _people(actor, drawn, posts)
    say("Giao thẩm quyền ký")
    _authorities(actor, drawn, organs, posts)
    root = agencies[drawn.bodies[0].key]
    audit.record(
        actor,
        "sample.province_founded",
        root,
        seed=seed,
        agencies=len(agencies),
        posts=len(posts),
        people=len(drawn.people),
    )
    return root


def _found(actor: Actor, body: Body, parent: Agency | None) -> Agency:
    is_top = parent is None
    return commands.found_agency(
        actor,
        key=body.key,
        name=body.name,
        short_name=body.short_name,
        level=body.level,
        kind=body.kind,
        symbol=body.symbol,
        identifier=body.identifier,
        issuer_lines=body.issuer_lines,
        superior_line=body.superior_line,
        place=body.place,
        seal_name=f"Dấu {body.name}",
        seal_diameter_mm=42 if is_top else _SEAL_MM[body.level],
        parent=parent,
        valid_from=_SINCE,
    )


def _organs(actor: Actor, body: Body, agency: Agency) -> dict[str, Organ]:
    return {
        organ.key: commands.create_organ(
            actor,
            key=organ.key,
            agency=agency,
            name=organ.name,
            kind=organ.kind,
            name_block=body.issuer_lines,
            series_body=body.key,
            symbol=body.symbol,
            superior_line=body.superior_line,
            collective_line=organ.collective_line,
            valid_from=_SINCE,
        )
        for organ in body.organs
    }


def _books(actor: Actor, body: Body, agencies: dict[str, Agency]) -> None:
    agency = agencies[body.key]
    if body.serves:
        commands.create_registry(
            actor,
            key=f"vt-{body.key}",
            agency=agency,
            name=f"Văn thư {body.name}",
            serves=[agencies[key] for key in body.serves],
            valid_from=_SINCE,
        )
    starts_on: date = planning.term_start(body.level)
    commands.open_term(actor, agency, name=planning.term_name(), starts_on=starts_on)


def _posts(actor: Actor, drawn: Plan, agencies: dict[str, Agency]) -> dict[str, int]:
    lines = [
        UnitLine(None, key, agencies[body.key].pk, name, short, _SINCE)
        for body in drawn.bodies
        for key, name, short in body.units
    ]
    made = commands.set_units(actor, lines)
    units = {line.key: pk for line, pk in zip(lines, made, strict=True)}
    posts = dict(
        commands.set_posts(
            actor,
            [
                PostLine(
                    None,
                    post.key,
                    agencies[body.key].pk,
                    units[post.unit] if post.unit else None,
                    post.title,
                    post.rank,
                    _SINCE,
                )
                for body in drawn.bodies
                for post in body.posts
            ],
        )
    )
    planned = [post for body in drawn.bodies for post in body.posts]
    commands.set_roles(
        actor,
        {
            posts[post.key]: [(role.value, agencies[reached].pk) for role, reached in post.roles]
            for post in planned
        },
        dict.fromkeys(posts.values(), _SINCE),
    )
    return posts


def _people(actor: Actor, drawn: Plan, posts: dict[str, int]) -> None:
    """Who has something to sign in with is registered one by one, the rest as a list."""
    planned = [post for body in drawn.bodies for post in body.posts]
    usernames = {post.person: post.username for post in planned if post.username}
    people = dict(
        commands.register_people(
            actor, {key: name for key, name in drawn.people.items() if key not in usernames}
        )
    )
    encoded = make_password(sample.PASSWORD)
    for key, username in usernames.items():
        account = accounts.create_account(
            actor, username=username, password=sample.PASSWORD, encoded=encoded, is_sample=True
        )
        people[key] = commands.register_person(
            actor, key=key, full_name=drawn.people[key], account=account
        ).pk
    commands.set_holdings(actor, [_holding(post, people, posts) for post in planned])


def _holding(post: PlannedPost, people: dict[str, int], posts: dict[str, int]) -> HoldingLine:
    kind = Holding.Kind.CONCURRENT if post.is_concurrent else Holding.Kind.MAIN
    return HoldingLine(None, people[post.person], posts[post.key], kind, _SINCE, None)


def _authorities(
    actor: Actor, drawn: Plan, organs: dict[str, Organ], posts: dict[str, int]
) -> None:
    by_id = Post.objects.in_bulk(list(posts.values()))
    for body in drawn.bodies:
        for row in body.authorities:
            commands.grant_signing_authority(
                actor,
                organ=organs[row.organ],
                post=by_id[posts[row.post]],
                form=row.form,
                capacity_line=row.capacity_line,
                title_line=row.title_line,
                document_types=row.types,
                basis=f"Quy chế làm việc của {body.name}",
                since=_SINCE,
            )
