"""The sample office: an invented province's committees, people and papers, and what loads it.

Doors: `accounts()` (who may sign in, pure data), `load()` (play the whole story through the real
commands into an empty database), `token(username)`, `load_province()` (a whole province's Party
organization, made up from the list of communes). Importing this module does not import Django.
Data: `data/*.toml`, written by hand; every place, figure and name in it is invented.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypedDict

from nhactruong.assembly.sample import story

#: Known to everybody, hence only ever in a sample installation.
PASSWORD: Final = "nhac-truong-song-lam"  # noqa: S105


class SampleAccount(TypedDict):
    """One person of the sample office who may sign in."""

    username: str
    password: str
    name: str
    post: str
    role: str
    agency: str


def accounts() -> list[SampleAccount]:
    """Everybody who may sign in, by agency and rank; post, role and agency are the main ones."""
    office = story.read("organization.toml")
    posts = {row["key"]: (position, row) for position, row in enumerate(office["post"])}
    agencies = {row["key"]: row["short_name"] for row in office["agency"]}
    found: list[tuple[int, SampleAccount]] = []
    for person in story.read("people.toml")["person"]:
        held = sorted(person["posts"], key=lambda entry: entry["kind"] == "concurrent")
        position, post = posts[held[0]["post"]]
        account = SampleAccount(
            username=person["username"],
            password=PASSWORD,
            name=person["full_name"],
            post=post["title"],
            role=post["roles"][0]["role"],
            agency=agencies[post["agency"]],
        )
        found.append((position, account))
    return [account for _, account in sorted(found, key=lambda pair: pair[0])]


def load(say: Callable[[str], None] = lambda line: None) -> None:
    """Build the sample office in an empty database, all of it or nothing; Django is open.

    `say` gets a Vietnamese line for each part. Raises: RuleBroken `sample.not_empty`.
    """
    from nhactruong.assembly.sample.loading import load_office

    load_office(say)


def token(username: str) -> str:
    """A fresh API token of a sample account; Django is open.

    Raises: NotFound `sample.no_account`.
    """
    from nhactruong.assembly.sample.loading import issue_token

    return issue_token(username)


def load_province(code: str, seed: int, say: Callable[[str], None] = lambda line: None) -> bool:
    """Whether the province was founded now; False when it stood already and nothing was changed.

    Django is open. Raises: NotFound `sample.no_province`, RuleBroken `sample.other_seed`.
    """
    from nhactruong.assembly.sample.province.founding import load

    return load(code, seed, say)
