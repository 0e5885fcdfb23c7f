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
        "DELETE FROM audit_auditrow_read",
        "DELETE FROM audit_auditrow_short_rest",
        "TRUNCATE audit_auditlink",
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


def test_a_month_of_the_record_opened_later_is_closed_to_the_application(
    application_role: str,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {application_role}")
        cursor.execute(f"SET LOCAL ROLE {application_role}")
        cursor.execute("SELECT audit_open_month('short', '2031-05-17')")
        for statement in (
            "DELETE FROM audit_auditrow_short_203105",
            "UPDATE audit_auditrow_short_203105 SET reason = ''",
            "INSERT INTO audit_auditrow_short_203105 SELECT * FROM audit_auditrow",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(statement)
        with pytest.raises(DatabaseError, match="still to be kept"), transaction.atomic():
            cursor.execute("SELECT audit_drop_month('short', '2031-05-17')")
        cursor.execute("RESET ROLE")


def test_lines_of_a_draft_are_the_only_records_that_go() -> None:
    assert "outgoing_recipient" not in record_tables()
    assert "outgoing_outgoingdocument" in record_tables()
