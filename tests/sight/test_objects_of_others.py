"""Every address that names an object, asked by an ordinary person of another agency: it is not there.

The addresses come from the product itself, so that a new one is asked from its first day.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from nhactruong.foundation.accounts.commands import issue_api_token
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER
from tests.interface.programs import program
from tests.sight.scene import Scene, build_scene
from tests.sight.test_every_address import ask, rows, sent_to

#: A specialist of the commune, who has no part in anything of the province.
OUTSIDER = "may"
#: The directory of the house, which everybody reads who holds a post.
DIRECTORY = {"api:get_agency", "api:get_post", "api:get_person", "reorganization:agency"}
#: Published for every level (matrix: "published for every level"): nobody's own.
SHARED = {"procedure", "code_change"}
#: What stands in an answer only if it tells of the object.
_TELLING = ("báo cáo tháng", "Báo cáo tháng", "01.TH", "31-BC/ĐU", "Cổng báo cáo")


def addresses_of_objects(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Any]:
    """(name, converters) of every address with an identifier in it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses_of_objects(pattern, f"{prefix}{space}")
        elif isinstance(pattern, URLPattern) and "public_id" in pattern.pattern.converters:
            yield f"{prefix}{pattern.name}", set(pattern.pattern.converters)


@pytest.fixture(autouse=True)
def many_calls(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 100_000


def asked_of(name: str) -> set[str]:
    """The objects of the matrix at this address."""
    return {row["object"] for row in rows() if row["name"] == name and row["object"]}


def at(scene: Scene, name: str, converters: set[str], key: uuid.UUID) -> str:
    known: dict[str, Any] = {"public_id": key, "comment_id": scene.remark, "number": 1}
    return reverse(name, kwargs={one: known[one] for one in converters})


def outsiders(scene: Scene) -> tuple[Client, Client]:
    """The person on the pages, and at the interface by a program of the person's own."""
    pages = Client(raise_request_exception=False)
    pages.force_login(scene.office.user(OUTSIDER))
    key = issue_api_token(FOUNDER, scene.office.user(OUTSIDER), "máy")
    return pages, Client(headers={"Authorization": f"Bearer {key}"})


def test_every_address_of_an_object_is_known() -> None:
    found = dict(addresses_of_objects())
    assert len(found) >= 60
    assert [name for name in found if not asked_of(name)] == []


@pytest.mark.django_db
def test_what_belongs_to_others_is_not_there() -> None:
    scene, faults, asked = build_scene(), [], 0
    pages, machine = outsiders(scene)
    for name, converters in addresses_of_objects():
        if name in DIRECTORY:
            continue
        client = machine if name.startswith("api:") else pages
        for thing in sorted(asked_of(name) - SHARED):
            known = at(scene, name, converters, scene.objects[thing])
            for method in ("GET", "POST"):
                answer = ask(client, method, known, sent_to(scene, name))
                asked += 1
                if answer.status_code == 405:
                    continue  # nothing there takes this method, whoever asks
                alike = answer.status_code == 404
                if name.startswith("api:"):
                    absent = at(scene, name, converters, uuid.uuid4())
                    alike = alike and answer.json() == (
                        ask(client, method, absent, sent_to(scene, name)).json()
                    )
                told = [word for word in _TELLING if word in answer.content.decode()]
                if not alike or told:
                    faults.append(f"{method} {name} of {thing}: {answer.status_code} {told}")
    assert faults == []
    assert asked > 120


@pytest.mark.django_db
def test_the_directory_of_others_is_not_there_for_a_program_of_one_agency() -> None:
    scene = Scene()
    client = program(scene.office, "directory.own")
    mine = {"agency": scene.office.agencies["vptu"], "post": scene.office.posts["quan"]}
    others = {"agency": scene.office.agencies["dm"], "post": scene.office.posts["may"]}
    people = {True: scene.office.people["quan"], False: scene.office.people["may"]}
    for kind in ("agency", "post"):
        for thing, status in ((mine[kind], 200), (others[kind], 404)):
            address = reverse(f"api:get_{kind}", args=[thing.public_id])
            assert client.get(address).status_code == status
    for is_mine, person in people.items():
        address = reverse("api:get_person", args=[person.public_id])
        assert client.get(address).status_code == (200 if is_mine else 404)
