"""Tables of the desk: who is at it, their answers, how the site was brought up to date."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, Text

from feedback.store.database.engine import FreeText, Instant, JsonColumn
from feedback.store.database.schema.metadata import METADATA

STAFF = Table(
    "staff",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("password", Text, nullable=False),  # a slow hash, its parameters included
    Column("salt", Text, nullable=False),  # the one-time passwords come from it and the secret
    Column("role", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("team", FreeText, nullable=False),  # whose work they do, a key of site.toml, or ""
    Column("email", FreeText, nullable=False),  # "" for somebody who wants no mail
    Column("called", Integer, nullable=False),  # as which, when somebody may be in danger; 0: not
    Column("step", BigInteger, nullable=False),  # the last one-time password that was used
    Column("added", Instant, nullable=False),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("id", Text, primary_key=True),  # hash of what the cookie carries
    Column("member", Text, ForeignKey("staff.name"), nullable=False),
    Column("until", Instant, nullable=False),  # put off by working …
    Column("latest", Instant, nullable=False),  # … until then
)

# Failed tries, so that guessing can be slowed down.
ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),  # a hash
    Column("at", Instant, nullable=False),
)

# Answers that fit many cases; about nobody.
SAVED_ANSWERS = Table(
    "saved_answers",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("title", FreeText, nullable=False),
    Column("texts", JsonColumn, nullable=False),  # by language
)

# When what was decided at the desk was last carried to the site, and what stopped it.
SITE_RUNS = Table(
    "site_runs",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("began", Instant, nullable=False),
    Column("ended", Instant, nullable=False),
    Column("fault", FreeText, nullable=False),  # "" for one that came through
)
