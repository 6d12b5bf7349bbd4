"""The database's own refusal to change or delete audit entries.

The application's role can lift it only by dropping triggers, which an inspector can see; entries altered that way are
still caught by the chain. On an empty table nothing is refused, so that test runners may flush it.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "runbell_auditentry"
CONTENT = (
    "id", "at", "action", "actor", "actor_name", "task_id", "task_name", "description", "field_changes", "ip_address",
    "user_agent", "signature",
)  # fmt: skip
REFUSAL = "audit entries are append-only"

_POSTGRESQL = (
    f"""
    CREATE FUNCTION runbell_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF OLD.sequence IS NULL AND ROW({", ".join(f"OLD.{name}" for name in CONTENT)})
                IS NOT DISTINCT FROM ROW({", ".join(f"NEW.{name}" for name in CONTENT)}) THEN
                RETURN NEW;
            END IF;
        ELSIF TG_OP = 'TRUNCATE' THEN
            IF NOT EXISTS (SELECT 1 FROM {TABLE}) THEN
                RETURN NULL;
            END IF;
        END IF;
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
    END $$
    """,  # noqa: S608 (the names are constants of this module)
    f"""
    CREATE TRIGGER runbell_audit_rows BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION runbell_audit_refuse()
    """,
    f"""
    CREATE TRIGGER runbell_audit_table BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION runbell_audit_refuse()
    """,
)
_POSTGRESQL_REMOVE = (
    f"DROP TRIGGER IF EXISTS runbell_audit_rows ON {TABLE}",
    f"DROP TRIGGER IF EXISTS runbell_audit_table ON {TABLE}",
    "DROP FUNCTION IF EXISTS runbell_audit_refuse()",
)
_SQLITE = (
    f"CREATE TRIGGER runbell_audit_update BEFORE UPDATE ON {TABLE} WHEN OLD.sequence IS NOT NULL OR "
    + " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in CONTENT)
    + f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER runbell_audit_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
_SQLITE_REMOVE = (
    "DROP TRIGGER IF EXISTS runbell_audit_update",
    "DROP TRIGGER IF EXISTS runbell_audit_delete",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Have the database refuse changes from now on.

    Raises:
        NotImplementedError: on a database that Runbell does not know.
    """
    _run(connection, {"postgresql": _POSTGRESQL, "sqlite": _SQLITE})


def remove(connection: BaseDatabaseWrapper) -> None:
    """Lift the refusal: for the reverse migration and for tests that empty their tables."""
    _run(connection, {"postgresql": _POSTGRESQL_REMOVE, "sqlite": _SQLITE_REMOVE})


def _run(connection: BaseDatabaseWrapper, statements: dict[str, tuple[str, ...]]) -> None:
    if connection.vendor not in statements:
        raise NotImplementedError(f"Runbell works on PostgreSQL and SQLite, not on {connection.vendor}")
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
