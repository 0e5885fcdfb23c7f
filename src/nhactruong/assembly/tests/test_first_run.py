"""An empty office in production: two people with the code found it, then the page is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings

from nhactruong.assembly.supervision import first_run
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization

PAGE = "/khoi-tao/"
TYPED = {
    "agency-name": "Đảng ủy xã Mường Thanh",
    "agency-short_name": "Đảng ủy Mường Thanh",
    "agency-symbol": "ĐU",
    "agency-identifier": "A99.77",
    "agency-level": "commune",
    "agency-place": "Mường Thanh",
    "security-full_name": "Lò Thị Ánh",
    "security-username": "anh.lo",
    "security-password": "suối chảy qua bản mường",
    "security-again": "suối chảy qua bản mường",
    "system-full_name": "Quàng Văn Bình",
    "system-username": "binh.quang",
    "system-password": "nương ngô trên dốc đá",
    "system-again": "nương ngô trên dốc đá",
}


def address() -> str:
    """The address of the test's own database."""
    told = connection.get_connection_params()
    return f"dbname={told['dbname']} host={told['host']} user={told['user']}"


@pytest.fixture
def code(settings: Any, tmp_path: Path) -> str:
    """The code as the start of an empty office in production tells it."""
    settings.STATE_FOLDER = tmp_path
    told = first_run.prepare(Installation(tmp_path, "::1", 1, "production", None, None), address())
    assert (tmp_path / first_run.FILE).stat().st_mode & 0o777 == 0o600
    assert told not in (tmp_path / first_run.FILE).read_text(encoding="ascii")
    return told


@pytest.mark.django_db
def test_two_people_with_the_code_found_the_office_and_the_page_is_gone(code: str) -> None:
    with override_settings(ENVIRONMENT="production"):
        stranger = Client(enforce_csrf_checks=False)
        for path in ("/", "/hop-viec/", "/dang-nhap/", "/api/v1/inbox"):
            assert stranger.get(path).headers["Location"] == PAGE
        assert stranger.get("/healthz").status_code != 302
        assert stranger.get(PAGE).status_code == 200

        guessed = stranger.post(PAGE, {**TYPED, "code-code": "AAAAA-BBBBB-CCCCC-DDDDD"})
        assert guessed.status_code == 422 and "Mã một lần không đúng" in guessed.content.decode()
        one_person = {**TYPED, "code-code": code, "system-full_name": TYPED["security-full_name"]}
        refused = stranger.post(PAGE, one_person)
        assert refused.status_code == 422 and "hai người khác nhau" in refused.content.decode()
        assert not User.objects.exists()

        done = stranger.post(PAGE, {**TYPED, "code-code": code.lower()})
        assert done.status_code == 303 and done.headers["Location"] == "/dang-nhap/"
        reach = {
            user.username: {role for role, _ in organization.actor_for_account(user.pk).role_reach}
            for user in User.objects.all()
        }
        assert reach == {"anh.lo": {Role.SECURITY_ADMIN}, "binh.quang": {Role.SYSADMIN}}
        assert AuditRow.objects.filter(action="office.founded").count() == 1

        assert stranger.get(PAGE).status_code == 404
        again = {**TYPED, "code-code": code, "security-username": "ke.la"}
        assert stranger.post(PAGE, again).status_code == 404
        assert User.objects.count() == 2


@pytest.mark.django_db
def test_outside_production_there_is_no_such_page_and_no_code(tmp_path: Path) -> None:
    sample = Installation(tmp_path, "::1", 1, "sample", None, None)
    assert first_run.prepare(sample, address()) == ""
    assert Client().get(PAGE).status_code == 404
