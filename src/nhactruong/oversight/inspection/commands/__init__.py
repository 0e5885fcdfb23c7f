"""Emergencies asked for, allowed, opened and reviewed; alarms found and noted; the record taken out."""
