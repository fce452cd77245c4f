"""The tables as queries use them; `migrations` makes them.

Instants are microseconds since 1970 (UTC), days are text such as 2026-03-04, lists and mappings
are JSON. Nothing anywhere holds a network address. What a tenant may ask to have erased stands in
`private`, in `done_answers`, and in what staff wrote about it: `drafts`, `answers`, `notes`, and
jobs. Whoever gets the digest stands in `subscribers`, whose address is emptied as they leave.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from feedback.store.database.engine import Day, FreeText, Instant, Packed

METADATA = MetaData()

# One row: which database this is, wherever it is moved to.
IDENTITY = Table(
    "identity",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("salt", Text, nullable=False),  # keys the marks by which a pull knows it again
)

# What was sent, without a private word.
SUBMISSIONS = Table(
    "submissions",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("ref", Text, nullable=False, unique=True),  # F-2K7Q9T
    Column("idempotency", Text, nullable=False, unique=True),  # hash of the form's key
    Column("salt", Text, nullable=False),  # receipt and code come from it and the secret; "" erased
    Column("receipt", Text, nullable=False, unique=True),  # hash of the receipt's token
    Column("code", Text, nullable=False),  # keyed hash of the code
    Column("sort", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("topic", FreeText, nullable=False),
    Column("area", FreeText, nullable=False),
    Column("target_kind", FreeText, nullable=False),  # "" when it is about nothing on the site
    Column("target_key", FreeText, nullable=False),
    Column("channel", Text, nullable=False),
    Column("answer_by", Text, nullable=False),
    Column("answer_lang", Text, nullable=False),
    Column("may_publish", Boolean, nullable=False),
    Column("complaint", Boolean, nullable=False),
    Column("escalated", Boolean, nullable=False),
    Column("status", Text, nullable=False),  # what the events fold to, kept for the queue
    Column("route", Text, nullable=False),  # "" unless it was handed over
    Column("was_published", Boolean, nullable=False),
    Column("received", Instant, nullable=False),
    Column("due", Day, nullable=False),
    Column("answered", Instant),
    Column("handed_by", Day),  # by which what is handed over is done; NULL once it came back
    Column("merged_into", BigInteger, ForeignKey("submissions.id")),
    Column("forgotten", Boolean, nullable=False),
    Column("version", Integer, nullable=False),  # counts changes: two people, one decision
    Column("holder", Text, nullable=False),  # who of the staff has it, or ""
    Column("team", FreeText, nullable=False),  # whose it is, or ""
    Column("waits_for", FreeText, nullable=False),  # private: staff's words
    Column("online", Instant),  # since when its record stands on the site as it is now
)

# Every private field, in one row a submission. Erasure empties the row.
PRIVATE = Table(
    "private",
    METADATA,
    Column("submission", BigInteger, ForeignKey("submissions.id"), primary_key=True),
    Column("said", FreeText, nullable=False),
    Column("name", FreeText, nullable=False),
    Column("email", FreeText, nullable=False),
    Column("phone", FreeText, nullable=False),
    Column("address", FreeText, nullable=False),
    Column("folded", FreeText, nullable=False),  # all of the above as the desk's search compares it
    Column("confirmed", Instant),  # when somebody said by a mail's link that the address is theirs
)

# What happened, in order. Nothing private, nothing ever changed or removed.
EVENTS = Table(
    "events",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("what", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("detail", Packed, nullable=False),
)

# The words as they may stand in public, once staff have redacted them.
DRAFTS = Table(
    "drafts",
    METADATA,
    Column("submission", BigInteger, ForeignKey("submissions.id"), primary_key=True),
    Column("public_text", FreeText, nullable=False),
    Column("redacted", Packed, nullable=False),  # kinds of detail taken out
    Column("cleared", Packed, nullable=False),  # words that look personal and are harmless
)

# What somebody typed at a case and did not send; its author's alone.
CASE_DRAFTS = Table(
    "case_drafts",
    METADATA,
    Column("submission", BigInteger, ForeignKey("submissions.id"), primary_key=True),
    Column("member", Text, ForeignKey("staff.name"), primary_key=True),
    Column("typed", Packed, nullable=False),  # by the form's fields
    Column("at", Instant, nullable=False),
)

# Answers that fit many cases; about nobody.
SAVED_ANSWERS = Table(
    "saved_answers",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("title", FreeText, nullable=False),
    Column("texts", Packed, nullable=False),  # by language
)

# What staff told the tenant. Rows are added, never rewritten: the newest of a language counts.
ANSWERS = Table(
    "answers",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), nullable=False),
    Column("kind", Text, nullable=False),  # "reply", "reason", "outcome", "public", "corrected-…"
    Column("lang", Text, nullable=False),
    Column("text", FreeText, nullable=False),
    Column("team", FreeText, nullable=False),  # who answers, in words
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

# To whom submissions were handed over, and what came of it. The newest of a submission counts.
HANDOVERS = Table(
    "handovers",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), nullable=False),
    Column("route", Text, nullable=False),
    Column("team", FreeText, nullable=False),
    Column("job", FreeText, nullable=False),  # their reference
    Column("phone", FreeText, nullable=False),  # of the team
    Column("done_by", Day, nullable=False),  # the day that was promised
    *(Column("by", Text, nullable=False), Column("at", Instant, nullable=False)),
    Column("outcome", Text, nullable=False),  # done, not-done; "" until somebody says it
    *(Column("done_on", Day), Column("ended", Instant)),
)

# What senders answered when they were asked whether it was done.
DONE_ANSWERS = Table(
    "done_answers",
    METADATA,
    Column("handover", BigInteger, ForeignKey("handovers.id"), primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), primary_key=True),
    Column("done", Boolean, nullable=False),
    Column("words", FreeText, nullable=False),  # private
    Column("at", Instant, nullable=False),
)

# What staff tell each other.
NOTES = Table(
    "notes",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("text", FreeText, nullable=False),
)

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
    Column("why", Packed, nullable=False),  # by language
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("undone", Instant),  # when they were counted again
)

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

# Messages on their way. Addresses are looked up in `private` when a message leaves.
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), nullable=False),
    Column("why", Text, nullable=False),
    Column("facts", Packed, nullable=False),
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
    Column("period", Text, nullable=False),  # week, month
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
    Column("facts", Packed, nullable=False),
    Column("state", Text, nullable=False),  # waiting, done, dead
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),  # not before; while it is claimed: the claim's end
    Column("fault", Text, nullable=False),  # why the last try failed, addresses taken out
    Column("made", Instant, nullable=False),
    UniqueConstraint("subscriber", "what"),
)

# Who was called since somebody may be in danger, and who took it.
DANGER_CALLS = Table(
    "danger_calls",
    METADATA,
    Column("submission", BigInteger, ForeignKey("submissions.id"), primary_key=True),
    Column("called", Integer, nullable=False),  # how many times somebody was
    Column("due", Instant, nullable=False),  # when the next is called
    Column("taken_by", Text, nullable=False),  # "" until somebody takes it
    Column("taken", Instant),
)

# Mails to staff on their way. Addresses are looked up as they leave.
STAFF_MAILS = Table(
    "staff_mails",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("member", Text, ForeignKey("staff.name"), nullable=False),
    Column("what", Text, nullable=False),  # "complaint F-2K7Q9T", "day 2026-03-04"
    Column("facts", Packed, nullable=False),
    Column("state", Text, nullable=False),  # waiting, done, dead
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),  # not before; while it is claimed: the claim's end
    Column("fault", Text, nullable=False),
    Column("made", Instant, nullable=False),
    UniqueConstraint("member", "what"),
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

# What was looked for and not found, by the day. Nothing says by whom.
SEARCHES = Table(
    "searches",
    METADATA,
    Column("day", Day, primary_key=True),
    Column("lang", Text, primary_key=True),
    Column("words", FreeText, primary_key=True),
    Column("count", Integer, nullable=False),
)
