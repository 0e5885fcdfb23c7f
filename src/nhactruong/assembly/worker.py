"""The worker process: jobs of the queue, and the housekeeping that never waits for a queue."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any, Final

from django.db import DatabaseError, close_old_connections, connection
from procrastinate import BaseConnector
from procrastinate.contrib.django import app as job_app

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.files import store
from nhactruong.kernel import clock
from nhactruong.kernel.actor import service_actor
from nhactruong.kernel.errors import OutsideFailure
from nhactruong.masterdata.catalogue import commands as catalogue
from nhactruong.masterdata.catalogue.rules import COUNTED_WITHIN_MINUTES
from nhactruong.masterdata.catalogue.selectors import quality
from nhactruong.masterdata.delegations import commands as delegations
from nhactruong.masterdata.devices import commands as devices
from nhactruong.oversight.handover import commands as handover
from nhactruong.oversight.inspection.commands import alarms

logger = logging.getLogger("nhactruong.worker")

_RECORD_KEEPER: Final = service_actor("record-keeper", "Hệ thống")
_MESSENGER: Final = service_actor("messenger", "Hệ thống")
_WATCHMAN: Final = service_actor("watchman", "Hệ thống")
_DEVICE_WATCHER: Final = service_actor("device-watcher", "Hệ thống")
_DATA_READER: Final = service_actor("data-reader", "Hệ thống")

_SEAL_EVERY: Final = 2.0
_RESCUE_EVERY: Final = 15.0
#: A job whose worker has given no sign of life for this long is taken up again.
_STALLED_SECONDS: Final = 40.0
_BEAT_EVERY: Final = 5.0
_SWEEP_EVERY: Final = 3600.0
_ALARMS_EVERY: Final = 60.0
#: How often it is asked whether a month of the record is to be opened or a day to be sealed.
_RECORD_EVERY: Final = 600.0
#: How often it is asked whether the data of the day have been counted.
_QUALITY_EVERY: Final = 60.0 * COUNTED_WITHIN_MINUTES
#: How often it is asked whether the end of a device is near.
_DEVICES_EVERY: Final = 600.0
#: How often it is asked whether somebody is still to be told, or a hand-over's day has come.
_DIGESTS_EVERY: Final = 600.0
#: Far longer than the slowest upload takes.
_UNFINISHED: Final = timedelta(days=1)


def run() -> None:
    """Work until told to stop (SIGINT, SIGTERM); housekeeping runs beside in threads."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_every, args=(stop, seconds, act), name=name, daemon=True)
        for name, seconds, act in (
            ("audit-sealer", _SEAL_EVERY, _seal_audit),
            ("heartbeat", _BEAT_EVERY, beat),
            ("job-rescue", _RESCUE_EVERY, rescue_stalled_jobs),
            ("file-sweeper", _SWEEP_EVERY, sweep_files),
            ("alarm-finder", _ALARMS_EVERY, find_alarms),
            ("record-keeper", _RECORD_EVERY, keep_record),
            ("data-reader", _QUALITY_EVERY, count_quality),
            ("device-watcher", _DEVICES_EVERY, warn_of_ends),
            ("digest-teller", _DIGESTS_EVERY, tell_digests),
            ("hand-over", _DIGESTS_EVERY, hand_over),
        )
    ]
    _once(keep_record)
    for thread in threads:
        thread.start()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, on_signal)
    worker_app = job_app.with_connector(_worker_connector())
    try:
        with worker_app.open():
            worker_app.run_worker(
                concurrency=2,
                install_signal_handlers=True,
                listen_notify=True,
                fetch_job_polling_interval=5.0,
                delete_jobs="successful",
            )
    finally:
        stop.set()


def _worker_connector() -> BaseConnector:
    # Django's connector is typed as the base class; the method is its documented way to work.
    connector: Any = job_app.connector
    worker: BaseConnector = connector.get_worker_connector()
    return worker


def _every(stop: threading.Event, seconds: float, act: Callable[[], object]) -> None:
    while not stop.wait(seconds):
        close_old_connections()
        if not _once(act):
            time.sleep(1.0)


def _once(act: Callable[[], object]) -> bool:
    """Whether the database was there for `act`."""
    try:
        act()
    except DatabaseError:
        logger.warning("housekeeping %s: database not available", act.__name__)
        connection.close()
        return False
    return True


def _seal_audit() -> None:
    while audit.seal_chain() == audit.AT_ONCE:
        continue


def keep_record() -> None:
    """Open the coming months of the record, seal the days that are over, fetch missing stamps."""
    audit.open_months()
    try:
        for root in audit.seal_roots(_RECORD_KEEPER):
            logger.info("record of %s sealed up to link %d", root.day, root.last_position)
    except OutsideFailure as failure:
        logger.error("the record could not be sealed: %s", failure.sentence)


def sweep_files() -> None:
    """Remove what dead writers left half-written in the file store."""
    swept = store.sweep_unfinished(_UNFINISHED)
    if swept:
        logger.warning("removed %d unfinished files", swept)


def find_alarms() -> None:
    """Look through the newest of the record for what is alarming, and tell who watches."""
    found = alarms.find_alarms(_WATCHMAN)
    if found:
        logger.warning("raised %d alarms from the record", len(found))


def count_quality() -> None:
    """Count once a day, soon after midnight, what the checks find in the data."""
    if not quality.has_read_today():
        found = catalogue.read_quality(_DATA_READER)
        logger.info("%d places of the data need mending", found)


def warn_of_ends() -> None:
    """Tell who keeps a device, and who watches the register, that its end is near."""
    told = devices.warn_of_ends(_DEVICE_WATCHER)
    if told:
        logger.info("told of the near end of %d devices", told)


def tell_digests() -> None:
    """Tell everybody who delegated a post what was done for him the day before."""
    told = delegations.send_digests(_MESSENGER)
    if told:
        logger.info("told of %d delegations what was done by them", told)


def hand_over() -> None:
    """Carry out the approved hand-overs whose day has come."""
    done = handover.carry_out_due(_MESSENGER)
    if done:
        logger.info("carried out %d hand-overs", done)


def beat() -> None:
    """Note in the store that a worker is alive; the health page reads it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO worker_beat (id, at) VALUES (1, %s)"
            " ON CONFLICT (id) DO UPDATE SET at = EXCLUDED.at",
            [clock.now()],
        )


def rescue_stalled_jobs() -> int:
    """The number of jobs put back into the queue because their worker died."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT job.id FROM procrastinate_jobs job"
            " LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id"
            " WHERE job.status = 'doing'"
            " AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))",
            [_STALLED_SECONDS],
        )
        stalled = [row[0] for row in cursor.fetchall()]
        for job_id in stalled:
            cursor.execute(
                "SELECT procrastinate_retry_job_v1(%s, now(), NULL, NULL, NULL)", [job_id]
            )
    if stalled:
        logger.warning("rescued %d stalled jobs", len(stalled))
    return len(stalled)
