"""The small office with a file store of its own, and a browser for each person."""

from nhactruong.records.incoming.tests.conftest import office, sign_in

__all__ = ["office", "sign_in"]
