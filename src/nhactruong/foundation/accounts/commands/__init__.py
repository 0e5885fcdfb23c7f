"""Accounts: sign-in and its second step, confirmations, second factors, sessions,
identities, invitations."""

from nhactruong.foundation.accounts.commands.accounts import (
    attach_identity,
    change_password,
    create_account,
    forget_second_factors,
    issue_api_token,
    remember,
    unlock,
)
from nhactruong.foundation.accounts.commands.at_the_door import STRANGERS, name_hash
from nhactruong.foundation.accounts.commands.confirming import (
    confirm,
    confirm_act,
    give_ticket,
    require_confirmed,
)
from nhactruong.foundation.accounts.commands.factors import (
    add_application,
    add_security_key,
    remove_factor,
    renew_recovery_codes,
    show_recovery_codes,
)
from nhactruong.foundation.accounts.commands.invitations import invite, take_up
from nhactruong.foundation.accounts.commands.sessions import (
    end_other_sessions,
    end_session,
    end_sessions_from_outside,
    end_sessions_of,
    note_seen,
    note_session,
    note_signed_in,
)
from nhactruong.foundation.accounts.commands.signing_in import (
    pass_by_code,
    pass_by_key,
    sign_in,
    sign_in_from_outside,
)

__all__ = [
    "STRANGERS",
    "add_application",
    "add_security_key",
    "attach_identity",
    "change_password",
    "confirm",
    "confirm_act",
    "create_account",
    "end_other_sessions",
    "end_session",
    "end_sessions_from_outside",
    "end_sessions_of",
    "forget_second_factors",
    "give_ticket",
    "invite",
    "issue_api_token",
    "name_hash",
    "note_seen",
    "note_session",
    "note_signed_in",
    "pass_by_code",
    "pass_by_key",
    "remember",
    "remove_factor",
    "renew_recovery_codes",
    "require_confirmed",
    "show_recovery_codes",
    "sign_in",
    "sign_in_from_outside",
    "take_up",
    "unlock",
]
