"""The daily digest: the giver is told what was done for him."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from nhactruong.foundation.access.rules import post_token
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.audit.rules import Keep
from nhactruong.foundation.mail import commands as mail
from nhactruong.foundation.notices import commands as notices
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.delegations import selectors
from nhactruong.masterdata.delegations.models import Digest
from nhactruong.masterdata.delegations.telling import act_name
from nhactruong.masterdata.organization.models import Delegation, Holding

#: The day before is told from this hour of the office's clock on.
TOLD_FROM: Final = 6


def send_digests(actor: Actor) -> int:
    """How many givers' delegations were told of now: what was done yesterday, once each.

    Nothing before six in the morning; a day on which nothing was done is not told.
    """
    here = clock.local(clock.now())
    if here.hour < TOLD_FROM:
        return 0
    day = here.date() - timedelta(days=1)
    begins = datetime.combine(day, time(), clock.OFFICE_ZONE)
    ends = begins + timedelta(days=1)
    told = 0
    for lent in selectors.running_between(begins, ends):
        rows = list(selectors.acts_by(lent, begins, ends))
        if rows and not Digest.objects.filter(delegation=lent, day=day).exists():
            told += _tell(actor, lent, day, rows)
    return told


@command
def _tell(actor: Actor, lent: Delegation, day: date, rows: Sequence[AuditRow]) -> bool:
    acts = Counter(row.action for row in rows if row.keep != Keep.READ)
    readings = len(rows) - acts.total()
    _, is_new = Digest.objects.get_or_create(
        delegation=lent,
        day=day,
        defaults={"acts": acts.total(), "readings": readings, "told_at": clock.now()},
    )
    if not is_new:
        return False
    words = (
        f"Ngày {day:%d/%m}, {lent.delegate.full_name} ({lent.named}) đã làm {acts.total()} việc,"
        f" xem {readings} lượt"
    )
    # Who has taken over the post since is not told what was done for another.
    still_held = Holding.objects.filter(
        post_id=lent.post_id, person_id=lent.given_by_id, valid__contains=clock.today()
    )
    if still_held.exists():
        notices.tell(
            actor,
            [post_token(lent.post_id)],
            "delegation.digest",
            lent,
            words,
        )
    account = lent.given_by.account
    if account is not None:
        lines = [f"- {act_name(code)}: {count}" for code, count in acts.most_common()]
        mail.write(
            account.email,
            "Việc đã làm thay đồng chí",
            "\n".join([f"{words}.", *lines, "Xem chi tiết: mục Ủy quyền trong trang Cá nhân."]),
        )
    return True
