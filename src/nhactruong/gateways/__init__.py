"""Doors to the outside: the HTTP API; later CalDAV, exchange and the air-gap bundle."""
