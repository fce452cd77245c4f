"""Adding a row unless it is there already: the database decides, also between two workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


def add_new(conn: Connection, table: Table, **values: Any) -> bool:  # noqa: ANN401
    """Add a row; False when one of the same key is there already."""
    keys = table.primary_key.columns
    if conn.dialect.name == "postgresql":
        on_postgresql = postgresql.insert(table).values(values).on_conflict_do_nothing()
        return conn.execute(on_postgresql.returning(*keys)).first() is not None
    on_sqlite = sqlite.insert(table).values(values).on_conflict_do_nothing()
    return conn.execute(on_sqlite.returning(*keys)).first() is not None


def put_row(conn: Connection, table: Table, **values: Any) -> None:  # noqa: ANN401
    """Add a row, or give the one of the same key these values."""
    keys = [column.name for column in table.primary_key]
    others = {name: value for name, value in values.items() if name not in keys}
    if conn.dialect.name == "postgresql":
        on_postgresql = postgresql.insert(table).values(values)
        conn.execute(on_postgresql.on_conflict_do_update(index_elements=keys, set_=others))
    else:
        on_sqlite = sqlite.insert(table).values(values)
        conn.execute(on_sqlite.on_conflict_do_update(index_elements=keys, set_=others))
