"""Pages of the record, of alarms, of emergencies, and of the explanation of sight."""

from nhactruong.oversight.inspection.views.alarms import alert, alerts, note_alert
from nhactruong.oversight.inspection.views.emergencies import (
    allow_emergency,
    ask_emergency,
    close_emergency,
    emergencies,
    emergency,
    open_emergency,
    refuse_emergency,
    review_emergency,
    withdraw_emergency,
)
from nhactruong.oversight.inspection.views.explaining import explain
from nhactruong.oversight.inspection.views.record import export, history, readers, record

__all__ = [
    "alert",
    "alerts",
    "allow_emergency",
    "ask_emergency",
    "close_emergency",
    "emergencies",
    "emergency",
    "explain",
    "export",
    "history",
    "note_alert",
    "open_emergency",
    "readers",
    "record",
    "refuse_emergency",
    "review_emergency",
    "withdraw_emergency",
]
