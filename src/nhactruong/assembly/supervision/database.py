"""The database of an installation, for a command that needs it whether or not `up` runs."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from nhactruong.assembly.supervision import checks
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.lock import state_lock
from nhactruong.assembly.supervision.postgres import Cluster
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

_BEING_STARTED_SECONDS: Final = 20.0


def cluster_of(
    installation: Installation, *, pause: Callable[[float], None] = time.sleep
) -> Cluster:
    """The embedded cluster of `installation`, not started; `pause` is how it waits."""
    log = installation.log_folder / "postgres.log"
    return Cluster(installation.cluster_folder, log=log, pause=pause)


def environment(installation: Installation) -> dict[str, str]:
    """A child's environment, with both addresses when the database is the embedded one."""
    if installation.database_url is not None:
        return installation.environment(
            database_url=installation.database_url, owner_url=installation.owner_url
        )
    cluster = cluster_of(installation)
    return installation.environment(
        database_url=cluster.application_url, owner_url=cluster.owner_url
    )


@contextmanager
def borrowed(installation: Installation, purpose: str) -> Iterator[dict[str, str]]:
    """The environment to work in while the database answers.

    An embedded server that does not run is started and, once the last command that shares it is
    done, stopped again.
    Raises: Refusal (`DATABASE_SILENT`, `POSTGRES_FAILED`, `STATE_FOLDER_UNUSABLE`).
    """
    if installation.database_url is not None:
        checks.database_answers(installation.database_url)
        yield environment(installation)
        return
    installation.prepare_folders()
    with (installation.run_folder / "database-users.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster = cluster_of(installation)
        with ExitStack() as ours:
            if _entered(ours, installation, purpose):
                ours.callback(cluster.stop)
                cluster.start()
                cluster.prepare()
                yield environment(installation)
                # Another command may have come to share the server meanwhile.
                fcntl.flock(users, fcntl.LOCK_EX)
                return
        deadline = time.monotonic() + _BEING_STARTED_SECONDS
        while not cluster.answers() and time.monotonic() < deadline:
            time.sleep(0.1)
        checks.database_answers(cluster.application_url)
        yield environment(installation)


def _entered(stack: ExitStack, installation: Installation, purpose: str) -> bool:
    try:
        stack.enter_context(state_lock(installation, purpose))
    except Refusal as refusal:
        if refusal.exit_code is not ExitCode.ALREADY_RUNNING:
            raise
        return False
    return True
