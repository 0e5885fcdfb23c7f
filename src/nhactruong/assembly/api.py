"""The HTTP interface: every app's router under its address."""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.workitems.api import router as inbox
from nhactruong.gateways.http_api.api import changes, code_lists, common, directory, taking_in
from nhactruong.gateways.http_api.building import Interface, addresses_of, build_interface
from nhactruong.records.dossiers import api as dossiers
from nhactruong.records.incoming import api as incoming
from nhactruong.records.outgoing import api as outgoing

_RECORDS: Final = {
    "/incoming-documents": incoming,
    "/outgoing-documents": outgoing,
    "/dossiers": dossiers,
}


def _interface() -> Interface:
    built = build_interface()
    for address, app in _RECORDS.items():
        built.add_router(address, app.reading)
        built.add_router(address, app.writing)
    built.add_router("/inbox", inbox)
    built.add_router("/incoming-documents", taking_in)
    built.add_router("/changes", changes)
    built.add_router("/code-lists", code_lists)
    built.add_router("", directory)
    built.add_router("", common)
    return built


interface: Final = _interface()
addresses: Final = addresses_of(interface)
