"""No office opens for real work with a default that everybody knows."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nhactruong.assembly.proxy import trusting
from nhactruong.assembly.supervision import production
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.production import Database, Scene
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

SAFE = {
    "NHACTRUONG_HOSTS": "van-phong.example.vn",
    "NHACTRUONG_ORIGINS": "https://van-phong.example.vn",
    "NHACTRUONG_BACKUP_RECIPIENTS": "/etc/nhactruong/sao-luu.txt",
}


@pytest.fixture
def safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """An installation in which nothing is left as it came."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    var = tmp_path / "var"
    var.mkdir(mode=0o700)
    (var / "secret-key").touch(mode=0o600)
    return Scene(Installation(var, "127.0.0.1", 8000, "production", None, None), SAFE)


def codes(scene: Scene) -> list[str]:
    return [danger.code for danger in production.standing(scene)]


def test_a_careful_installation_is_let_through(safe: Scene) -> None:
    assert codes(safe) == []


@pytest.mark.parametrize(
    ("code", "setting"),
    [
        ("secret_key_weak", {"NHACTRUONG_SECRET_KEY": "ngắn"}),
        ("hosts", {"NHACTRUONG_HOSTS": ""}),
        ("hosts", {"NHACTRUONG_HOSTS": "van-phong.example.vn,*"}),
        ("origins", {"NHACTRUONG_ORIGINS": ""}),
        ("origins", {"NHACTRUONG_ORIGINS": "https://a.example.vn,http://b.example.vn"}),
        ("proxy", {"NHACTRUONG_PROXY": "máy trước"}),
        ("second_factor", {"NHACTRUONG_SECOND_FACTOR": "off"}),
        ("settings_module", {"DJANGO_SETTINGS_MODULE": "rieng.settings"}),
        ("backup_key", {"NHACTRUONG_BACKUP_RECIPIENTS": ""}),
    ],
)
def test_an_unsafe_setting_is_named(safe: Scene, code: str, setting: dict[str, str]) -> None:
    assert codes(replace(safe, environ={**SAFE, **setting})) == [code]


def test_what_lies_open_or_came_from_the_sample_is_named(safe: Scene) -> None:
    var = safe.installation.var
    (var / "secret-key").chmod(0o640)
    assert codes(safe) == ["secret_key_open"]
    (var / "secret-key").chmod(0o600)
    var.chmod(0o755)
    assert codes(safe) == ["state_folder_open"]
    var.chmod(0o700)
    (var / "pki").mkdir()
    assert codes(safe) == []
    (var / "pki" / "root.pem").touch()
    assert codes(safe) == ["sample_keys"]


def test_a_wide_open_address_or_database_is_named(safe: Scene) -> None:
    everywhere = replace(safe.installation, host="0.0.0.0")  # noqa: S104  # that is what is refused
    assert codes(replace(safe, installation=everywhere)) == ["bind"]
    behind = {**SAFE, "NHACTRUONG_PROXY": "10.0.0.5"}
    assert codes(replace(safe, installation=everywhere, environ=behind)) == []
    for url, found in (
        ("postgresql://nt@10.0.0.9/nt", ["database_line"]),
        ("postgresql://nt@10.0.0.9/nt?sslmode=verify-full", []),
        ("postgresql://nt@localhost/nt", []),
    ):
        away = replace(safe.installation, database_url=url)
        assert codes(replace(safe, installation=away)) == found
    assert codes(replace(safe, database=Database(True, True, True))) == [
        "sample_accounts",
        "database_superuser",
        "database_rights",
    ]


@pytest.mark.django_db
def test_the_database_says_what_the_login_may_do(safe: Scene) -> None:
    from django.db import connection

    told = connection.get_connection_params()
    url = f"dbname={told['dbname']} host={told['host']} user={told['user']}"
    # The tests sign in as the owner of the tables, who is no superuser.
    asked = production.look(safe.installation, SAFE, url).database
    assert asked == Database(is_superuser=False, may_change_record=True, has_sample_accounts=False)
    superuser = production.look(safe.installation, SAFE, url.replace(told["user"], "postgres"))
    assert superuser.database.is_superuser


def test_a_start_is_refused_with_every_sentence_at_once(
    safe: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*SAFE, "NHACTRUONG_SECRET_KEY", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.delenv(name, raising=False)
    told: list[str] = []
    with pytest.raises(Refusal) as refused:
        production.require_safe(safe.installation, None, told.append)
    assert refused.value.exit_code is ExitCode.UNSAFE
    assert refused.value.sentence.count("\n- ") == 2
    assert len(told) == 1 and "sao lưu" in told[0]
    production.require_safe(replace(safe.installation, env="sample"), None, told.append)
    assert len(told) == 1


def test_every_sentence_says_what_to_do() -> None:
    found = [danger.code for danger in production.DANGERS]
    assert len(found) == len(set(found))
    for danger in production.DANGERS:
        assert "; hãy " in danger.sentence and danger.sentence.endswith(".")


def test_only_the_named_proxy_is_believed() -> None:
    seen: dict[str, Any] = {}

    def office(environ: dict[str, Any], _start: Any) -> list[bytes]:
        seen.update(environ)
        return []

    said = {
        "HTTP_X_FORWARDED_FOR": "1.2.3.4, 192.0.2.7",
        "HTTP_X_FORWARDED_PROTO": "https",
        "wsgi.url_scheme": "http",
    }
    behind = trusting(office, ["10.0.0.5"])
    behind({**said, "REMOTE_ADDR": "10.0.0.5"}, None)  # type: ignore[arg-type]
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("192.0.2.7", "https")
    behind({**said, "REMOTE_ADDR": "198.51.100.9"}, None)  # type: ignore[arg-type]
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("198.51.100.9", "http")
