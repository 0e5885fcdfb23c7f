"""`nhactruong up`: everything an office needs, watched until it is stopped."""

from __future__ import annotations

import argparse
import os

from nhactruong.assembly.cli.sample import account_lines
from nhactruong.assembly.supervision.installation import from_environ
from nhactruong.assembly.supervision.processes import Parts, Supervisor, web_command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: `NHACTRUONG_*` and `DATABASE_URL` say everything."""
    parser.epilog = (
        "Biến môi trường: NHACTRUONG_VAR (thư mục dữ liệu), NHACTRUONG_BIND (địa chỉ:cổng), "
        "NHACTRUONG_ENV (sample, production, test), DATABASE_URL, DATABASE_OWNER_URL."
    )


def run(_arguments: argparse.Namespace) -> int:
    """Serve until asked to stop."""
    return supervisor().run()


def supervisor() -> Supervisor:
    """The supervisor of the installation the environment describes."""
    installation = from_environ(os.environ)
    parts = Parts(web=web_command(installation), sample_accounts=account_lines)
    return Supervisor(installation, parts, say=say)


def say(line: str) -> None:
    """One line for the operator, at once even when the output is a file."""
    print(line, flush=True)
