"""`nhactruong manage …`: Django's own commands, with the database there when they need it."""

from __future__ import annotations

import argparse
import os
from typing import Final

from nhactruong.assembly.cli.django_door import enter
from nhactruong.assembly.supervision import database
from nhactruong.assembly.supervision.installation import from_environ

#: Whatever follows goes to Django untouched, options included.
TAKES_EVERYTHING: Final = True
_WITHOUT_DATABASE: Final = frozenset({"check", "collectstatic", "diffsettings", "help", "--help"})
_AS_OWNER: Final = frozenset({"migrate"})


def run(arguments: argparse.Namespace) -> int:
    """Hand over to Django; its own exit codes apply."""
    words: list[str] = arguments.rest
    installation = from_environ(os.environ)
    if not words or words[0] in _WITHOUT_DATABASE:
        _execute(words, database.environment(installation))
        return 0
    with database.borrowed(installation, "manage") as environment:
        if words[0] in _AS_OWNER and "DATABASE_OWNER_URL" in environment:
            environment["DATABASE_URL"] = environment["DATABASE_OWNER_URL"]
        _execute(words, environment)
    return 0


def _execute(words: list[str], environment: dict[str, str]) -> None:
    enter(environment)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["nhactruong manage", *words])
