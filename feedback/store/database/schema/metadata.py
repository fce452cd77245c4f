"""What all tables belong to, and which database they are of."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table, Text

METADATA = MetaData()

# One row: which database this is, wherever it is moved to.
IDENTITY = Table(
    "identity",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("salt", Text, nullable=False),  # keys the marks by which a pull knows it again
)
