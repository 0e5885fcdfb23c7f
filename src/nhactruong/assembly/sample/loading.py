"""The story of the sample office played through the real commands, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from nhactruong.assembly.sample import dossier_acts, incoming_acts, outgoing_acts, story
from nhactruong.assembly.sample.founding import found, settle_days
from nhactruong.assembly.sample.stage import Stage
from nhactruong.assembly.sample.story import Days, in_order
from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.jobs.commands import publish
from nhactruong.kernel import clock
from nhactruong.kernel.errors import NotFound, RuleBroken
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.workdays.selectors import calendar, forget_calendars
from nhactruong.records.dossiers.models import PlanHeading

#: Long enough ago that every notice of days off was known when the story begins.
_NOTICES_KNOWN: Final = timedelta(days=300)
_TELL_EVERY: Final = 200


def load_office(say: Callable[[str], None], only: frozenset[str] | None = None) -> Stage:
    """See `nhactruong.assembly.sample.load`; with `only`, the papers of these keys alone."""
    if User.objects.exists():
        raise RuleBroken(
            "sample.not_empty",
            "Cơ sở dữ liệu đã có người dùng nên không nạp dữ liệu mẫu; hãy nạp vào một cơ sở dữ "
            "liệu trống.",
        )
    loaded_at = clock.now()
    with transaction.atomic():
        _plan_for_small_tables()
        with clock.frozen_at(loaded_at - _NOTICES_KNOWN):
            settle_days()
        days = Days(calendar(), loaded_at)
        stories = [*story.outgoing(), *story.incoming()]
        first = min(act["day"] for row in stories for act in row["acts"])
        with clock.frozen_at(days.at(first - 1, "07:30")):
            stage = Stage(found(days, days.on(first - 1), say), days, only)
            plan = dossier_acts.plans(stage)
        _play(stage, plan, say)
        publish(*reversed(stage.unread))
    forget_calendars()
    say(f"Tiến trình nền sẽ đọc nội dung {len(stage.unread)} tệp đến sau khi khởi động")
    return stage


def _plan_for_small_tables() -> None:
    """Within this one transaction no index is tidied up; small tables are read through instead."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = off")


def _play(
    stage: Stage, plan: dict[tuple[str, str], PlanHeading], say: Callable[[str], None]
) -> None:
    steps = in_order(
        [
            *outgoing_acts.steps(stage),
            *incoming_acts.steps(stage),
            *dossier_acts.steps(stage, plan),
        ]
    )
    say(
        f"Soạn, ký, phát hành {len(story.outgoing())} văn bản đi; "
        f"tiếp nhận, xử lý {len(story.incoming())} văn bản đến"
    )
    for done, step in enumerate(steps, start=1):
        stage.play(step)
        if done % _TELL_EVERY == 0:
            say(f"Đã làm {done}/{len(steps)} việc")


def issue_token(username: str) -> str:
    """See `nhactruong.assembly.sample.token`."""
    user = User.objects.filter(username=username, is_sample=True, is_active=True).first()
    if user is None:
        raise NotFound(
            "sample.no_account",
            "Không có tài khoản mẫu “%(username)s”; xem danh sách bằng `nhactruong demo accounts`.",
            username=username,
        )
    actor = organization.actor_for_account(user.pk)
    return accounts.issue_api_token(actor, user, "Mã dùng thử của cơ quan mẫu")
