"""`nhactruong worker`: the background process, in the foreground."""

from __future__ import annotations

import argparse
import importlib
import os

from nhactruong.assembly.cli.django_door import open_django
from nhactruong.assembly.supervision.database import borrowed
from nhactruong.assembly.supervision.installation import from_environ


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(_arguments: argparse.Namespace) -> int:
    """Work until asked to stop."""
    with borrowed(from_environ(os.environ), "worker") as environment:
        open_django(environment)
        importlib.import_module("nhactruong.assembly.worker").run()
    return 0
