"""Programs that call with keys of their own."""

from __future__ import annotations

import secrets
from typing import Any

from django.test import Client

from nhactruong.foundation.accounts.rules import token_hash
from nhactruong.gateways.http_api import commands
from nhactruong.gateways.http_api.models import ServiceKey
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice


def key_asked(office: SmallOffice, *scopes: str, agency: str = "vptu", **terms: Any) -> ServiceKey:
    """A key the administrator has asked for, not yet allowed."""
    said: dict[str, Any] = {
        "name": "Cổng báo cáo",
        "purpose": "Lấy danh bạ để gửi báo cáo tháng",
        "days": 90,
        "requests_per_minute": 60,
        **terms,
    }
    return commands.ask_for_key(
        office.actor("quan"),
        commands.KeyTerms(agency_id=office.agencies[agency].pk, scopes=scopes, **said),
    )


def key_given(
    office: SmallOffice, *scopes: str, agency: str = "vptu", **terms: Any
) -> tuple[ServiceKey, str]:
    """A key for that agency and these scopes, and its secret."""
    secret = f"nt_{secrets.token_urlsafe(32)}"
    asked = key_asked(office, *scopes, agency=agency, **terms)
    commands.allow_key(office.actor("khue"), asked.public_id)
    key = commands.collect_key(office.actor("quan"), asked.public_id, token_hash=token_hash(secret))
    return key, secret


def program(office: SmallOffice, *scopes: str, **terms: Any) -> Client:
    """A program that calls with such a key."""
    _, secret = key_given(office, *scopes, **terms)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def problem_of(response: Any) -> tuple[int, str]:
    """(status, code) of a refusal."""
    return response.status_code, response.json()["code"]
