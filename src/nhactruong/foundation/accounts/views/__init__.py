"""Pages of sign-in, of confirming, and of the security of one's own account."""

from nhactruong.foundation.accounts.views.confirming import confirm, confirm_key
from nhactruong.foundation.accounts.views.first_entry import first_entry
from nhactruong.foundation.accounts.views.outside import outside_begin, outside_ended
from nhactruong.foundation.accounts.views.security import (
    application,
    end_session,
    recovery_codes,
    remove_factor,
    security,
    security_key,
)
from nhactruong.foundation.accounts.views.signing_in import (
    outside_answer,
    second_step,
    sign_in,
    sign_out,
)

__all__ = [
    "application",
    "confirm",
    "confirm_key",
    "end_session",
    "first_entry",
    "outside_answer",
    "outside_begin",
    "outside_ended",
    "recovery_codes",
    "remove_factor",
    "second_step",
    "security",
    "security_key",
    "sign_in",
    "sign_out",
]
