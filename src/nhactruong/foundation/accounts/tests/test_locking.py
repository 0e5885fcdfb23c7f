"""Five wrong tries lock, and the refusal says until when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from nhactruong.foundation.accounts.commands import confirm, confirm_act, sign_in
from nhactruong.foundation.accounts.models import User
from nhactruong.kernel import clock
from nhactruong.kernel.decisions import ALLOWED, refused
from nhactruong.kernel.errors import AccessDenied, RuleBroken
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, small_office

pytestmark = pytest.mark.django_db


def test_the_lock_says_its_hour_and_ends_then(monkeypatch: pytest.MonkeyPatch) -> None:
    suong = small_office().actor("suong")
    ten = clock.local(clock.now()).replace(hour=10, minute=2, second=30)
    at(monkeypatch, ten)
    for left in (4, 3, 2, 1):
        with pytest.raises(RuleBroken, match=f"Còn {left} lần thử"):
            confirm(suong, "sai")
    with pytest.raises(RuleBroken, match="bị khóa đến 10:18") as refused:
        confirm(suong, "sai")
    assert refused.value.code == "confirmation.locked"
    at(monkeypatch, ten + timedelta(minutes=10))
    with pytest.raises(RuleBroken, match="bị khóa đến 10:18"):
        confirm(suong, PASSWORD)
    # Whoever sits at an open session cannot shut its owner out.
    assert sign_in("suong", PASSWORD, client_address="10.0.0.1").username == "suong"
    at(monkeypatch, ten.replace(minute=18, second=0))
    confirm(suong, PASSWORD)


def test_strangers_who_guess_lock_strangers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the acts of an open session, nor the browser its owner has used before."""
    suong = small_office().actor("suong")
    ten = clock.local(clock.now()).replace(hour=10, minute=2, second=30)
    at(monkeypatch, ten)
    for _ in range(5):
        with pytest.raises(RuleBroken):
            sign_in("suong", "sai", client_address="203.0.113.9")
    with pytest.raises(RuleBroken, match="tạm khóa đến 10:18") as refused:
        sign_in("suong", PASSWORD, client_address="203.0.113.10")
    assert refused.value.code == "sign_in.locked"
    confirm(suong, PASSWORD)
    signed_in = sign_in("suong", PASSWORD, client_address="10.0.0.1", device="may-quen")
    assert signed_in.username == "suong"
    # The known browser is counted too.
    for _ in range(5):
        with pytest.raises(RuleBroken):
            sign_in("suong", "sai", client_address="10.0.0.1", device="may-quen")
    with pytest.raises(RuleBroken, match="tạm khóa"):
        sign_in("suong", PASSWORD, client_address="10.0.0.1", device="may-quen")
    at(monkeypatch, ten.replace(minute=18, second=0))
    assert sign_in("suong", PASSWORD, client_address="203.0.113.10").username == "suong"


def test_a_name_that_no_account_has_is_locked_with_the_same_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small_office()
    at(monkeypatch, clock.local(clock.now()).replace(hour=10, minute=2, second=30))
    said = {}
    for name in ("suong", "khong-co-ai"):
        said[name] = []
        for _ in range(7):
            with pytest.raises(RuleBroken) as refused:
                sign_in(name, "sai", client_address="203.0.113.9")
            said[name].append((refused.value.code, refused.value.sentence))
    assert said["suong"] == said["khong-co-ai"]
    assert [code for code, _ in said["suong"]] == ["sign_in.wrong"] * 4 + ["sign_in.locked"] * 3


def test_the_reason_against_an_act_comes_before_its_code() -> None:
    suong = small_office().actor("suong")

    def act() -> None:
        """Stands for a command nobody has carried out."""

    with pytest.raises(AccessDenied, match="người thứ hai"):
        confirm_act(suong, act, "sai", lambda: refused("x.own", "Việc này cần người thứ hai."))
    account = User.objects.get(pk=suong.user_id)
    assert account.failed_confirmations == 0, "a code that was not asked for is no try"
    with pytest.raises(RuleBroken, match="Còn 4 lần thử"):
        confirm_act(suong, act, "sai", lambda: ALLOWED)
    confirm_act(suong, act, PASSWORD, lambda: ALLOWED)


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: instant)
