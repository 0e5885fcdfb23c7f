"""What a server holds for us: roles, the database, extensions and who may do what in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import psycopg
from psycopg import sql

DATABASE: Final = "nhactruong"
OWNER: Final = "nhactruong_owner"
APPLICATION: Final = "nhactruong_app"
SUPERUSER: Final = "postgres"
EXTENSIONS: Final = ("pg_trgm", "unaccent", "btree_gist", "btree_gin", "pgcrypto")
OLDEST_VERSION: Final = 15


def prepare(url: Callable[..., str], *, for_tests: bool) -> None:
    """Make roles, database, extensions and default rights, each only if missing.

    `url` gives the address of a role and a database. The application reads and writes rows of
    tables the owner creates; it creates nothing. Which tables it may not delete from is said by
    the migrations that create them.
    """
    with psycopg.connect(url(SUPERUSER, "postgres"), autocommit=True) as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APPLICATION):
            if role not in roles:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if for_tests:
            owner, application = sql.Identifier(OWNER), sql.Identifier(APPLICATION)
            connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(owner))
            # So that a test may step into the application's shoes and try what it may not.
            connection.execute(sql.SQL("GRANT {} TO {}").format(application, owner))
            # So that a scenario can be copied into its tables as it stood, triggers and all.
            connection.execute(
                sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(owner)
            )
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        if not found:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )
    with psycopg.connect(url(SUPERUSER), autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
            )
    grant_to_application(url(OWNER), APPLICATION)


def grant_to_application(owner_url: str, application: str) -> None:
    """Let `application` use what the owner creates from now on in the schema `public`."""
    owner = sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} TO {}")
    role = sql.Identifier(application)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        for rights in (
            "SELECT, INSERT, UPDATE, DELETE ON TABLES",
            "USAGE, SELECT ON SEQUENCES",
            "EXECUTE ON FUNCTIONS",
        ):
            connection.execute(owner.format(sql.SQL(rights), role))
