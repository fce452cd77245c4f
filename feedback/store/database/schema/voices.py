"""Tables of votes, of answers to "is it fixed?", and of what was looked for in vain."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, Text

from feedback.store.database.engine import Day, FreeText, Instant, JsonColumn
from feedback.store.database.schema.metadata import METADATA

# "This matters to me too": one a device and thing.
VOTES = Table(
    "votes",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("key", FreeText, primary_key=True),
    Column("device", Text, primary_key=True),  # hash of the cookie's id
    Column("at", Instant, nullable=False),
    Column("looked", Instant),  # when a person at the desk looked at it
    Column("struck", BigInteger, ForeignKey("strikes.id")),  # by which it is not counted
)

# Hands shown at a meeting, voices on the telephone.
OFFLINE_VOTES = Table(
    "offline_votes",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", FreeText, nullable=False),
    Column("count", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("place", FreeText, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

# "Is it fixed?", once a change and device, or a change and somebody who had asked for it.
CONFIRMATIONS = Table(
    "confirmations",
    METADATA,
    Column("change", FreeText, primary_key=True),
    Column("device", Text, primary_key=True),  # hash of the cookie's id, or of who asked
    Column("fixed", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("asked", Boolean, nullable=False),  # given on the receipt of what led to the change
    Column("looked", Instant),  # when a person at the desk looked at it
    Column("struck", BigInteger, ForeignKey("strikes.id")),  # by which it is not counted
)

# Voices that staff struck, in public.
STRIKES = Table(
    "strikes",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", FreeText, nullable=False),
    Column("count", Integer, nullable=False),
    Column("why", JsonColumn, nullable=False),  # by language
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("undone", Instant),  # when they were counted again
)

# What was looked for and not found, by the day. Nothing says by whom.
SEARCHES = Table(
    "searches",
    METADATA,
    Column("day", Day, primary_key=True),
    Column("lang", Text, primary_key=True),
    Column("words", FreeText, primary_key=True),
    Column("count", Integer, nullable=False),
)
