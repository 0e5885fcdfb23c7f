"""`nhactruong setup`: all that `up` needs is prepared, nothing is served."""

from __future__ import annotations

import argparse

from nhactruong.assembly.cli import up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments, as `up`."""
    up.add_arguments(parser)


def run(_arguments: argparse.Namespace) -> int:
    """Prepare database, tables and sample."""
    return up.supervisor().set_up()
