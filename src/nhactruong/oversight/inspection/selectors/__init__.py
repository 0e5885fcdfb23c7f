"""Reading requests, alarms and the record, and explaining sight."""

from nhactruong.oversight.inspection.selectors.emergencies import emergency_here, record_cards

__all__ = ["emergency_here", "record_cards"]
