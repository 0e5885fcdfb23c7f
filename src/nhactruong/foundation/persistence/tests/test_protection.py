from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from nhactruong.foundation.persistence.protection import protect_records, record_tables


@pytest.fixture
def application_role(db: None) -> str:
    """The role the program signs in with; the throw-away cluster has it, another server may not."""
    role = "nhactruong_app"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {role}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
        )
    return role


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM incoming_incomingdocument",
        "DELETE FROM access_grant",
        "UPDATE audit_auditrow SET reason = ''",
        "DELETE FROM audit_reading",
    ],
)
def test_the_application_cannot_take_anything_away(application_role: str, statement: str) -> None:
    protect_records()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {application_role}")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM incoming_incomingdocument")
        cursor.execute("RESET ROLE")


def test_lines_of_a_draft_are_the_only_records_that_go() -> None:
    assert "outgoing_recipient" not in record_tables()
    assert "outgoing_outgoingdocument" in record_tables()
