"""Tables of what is on its way: notices to tenants, digests, mails to staff and teams."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from feedback.store.database.engine import FreeText, Instant, JsonColumn
from feedback.store.database.schema.metadata import METADATA

# Messages on their way. Addresses are looked up in `private` when a message leaves.
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), nullable=False),
    Column("why", Text, nullable=False),
    Column("facts", JsonColumn, nullable=False),
    Column("channel", Text, nullable=False),  # email, letter, phone
    Column("state", Text, nullable=False),  # waiting, done, dead, dropped
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),  # not before; while it is claimed: the claim's end
    Column("fault", Text, nullable=False),  # why the last try failed, addresses taken out
    Column("made", Instant, nullable=False),
)

# What a tenant was told of, so that it is told once.
TOLD = Table(
    "told",
    METADATA,
    Column("submission", BigInteger, ForeignKey("submissions.id"), primary_key=True),
    Column("what", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

# Who gets the digest by mail. Whoever leaves has neither an address nor a lookup any more.
SUBSCRIBERS = Table(
    "subscribers",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("salt", Text, nullable=False),  # the links in mails come from it and the secret
    Column("lookup", Text, unique=True),  # keyed hash of the address
    Column("email", FreeText, nullable=False),  # private
    Column("languages", Text, nullable=False),  # in the order they chose: "cy en"
    Column("period", Text, nullable=False),  # week, month; "" for news of one item
    Column("item", Text, nullable=False),  # key of the item whose news it is; "" for all news
    Column("state", Text, nullable=False),  # asked, confirmed, left
    Column("asked", Instant, nullable=False),
    Column("confirmed", Instant),
)

# Digests that were sent, as they were sent: a link for leaving is put into each at the end.
DIGESTS = Table(
    "digests",
    METADATA,
    Column("name", Text, primary_key=True),  # "week 2026-W48"
    Column("languages", Text, primary_key=True),
    Column("subject", FreeText, nullable=False),
    Column("text", FreeText, nullable=False),
    Column("html", FreeText, nullable=False),
    Column("made", Instant, nullable=False),
)

# Mails to subscribers on their way, one of a sort each. Addresses are looked up as they leave.
MAILINGS = Table(
    "mailings",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("subscriber", BigInteger, ForeignKey("subscribers.id"), nullable=False),
    Column("what", Text, nullable=False),  # a digest's name, or "confirm" and when
    Column("facts", JsonColumn, nullable=False),
    Column("state", Text, nullable=False),  # waiting, done, dead
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),  # not before; while it is claimed: the claim's end
    Column("fault", Text, nullable=False),  # why the last try failed, addresses taken out
    Column("made", Instant, nullable=False),
    UniqueConstraint("subscriber", "what"),
)

# Mails to staff on their way. Addresses are looked up as they leave.
STAFF_MAILS = Table(
    "staff_mails",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("member", Text, ForeignKey("staff.name"), nullable=False),
    Column("what", Text, nullable=False),  # "complaint F-2K7Q9T", "day 2026-03-04"
    Column("facts", JsonColumn, nullable=False),
    Column("state", Text, nullable=False),  # waiting, done, dead
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),  # not before; while it is claimed: the claim's end
    Column("fault", Text, nullable=False),
    Column("made", Instant, nullable=False),
    UniqueConstraint("member", "what"),
)

# What falls due for a team, mailed to its mailbox once a month, in the words it was planned with.
TEAM_MAILS = Table(
    "team_mails",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("team", Text, nullable=False),  # its key; "" for what belongs to none
    Column("month", Text, nullable=False),  # "2026-12"
    Column("email", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, done, dead
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),
    Column("fault", Text, nullable=False),
    Column("made", Instant, nullable=False),
    UniqueConstraint("team", "month"),
)
