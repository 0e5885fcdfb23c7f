"""The HTTP interface: every app's router under its address."""

from __future__ import annotations

from typing import Final

from nhactruong.foundation.workitems.api import router as inbox
from nhactruong.gateways.http_api.api import changes, code_lists, common, directory, taking_in
from nhactruong.gateways.http_api.building import Interface, addresses_of, build_interface
from nhactruong.records.dossiers.api import router as dossiers
from nhactruong.records.incoming.api import router as incoming
from nhactruong.records.outgoing.api import router as outgoing


def _interface() -> Interface:
    built = build_interface()
    built.add_router("/incoming-documents", incoming)
    built.add_router("/outgoing-documents", outgoing)
    built.add_router("/dossiers", dossiers)
    built.add_router("/inbox", inbox)
    built.add_router("/incoming-documents", taking_in)
    built.add_router("/changes", changes)
    built.add_router("/code-lists", code_lists)
    built.add_router("", directory)
    built.add_router("", common)
    return built


interface: Final = _interface()
addresses: Final = addresses_of(interface)
