"""Tables of what was sent, what was decided about it, and what was written meanwhile."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text

from feedback.store.database.engine import Day, FreeText, Instant, JsonColumn
from feedback.store.database.schema.metadata import METADATA

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
    Column("for_whom", Text, nullable=False),  # "" when it was not said
    Column("escalated", Boolean, nullable=False),
    Column("status", Text, nullable=False),  # what the events fold to, kept for the queue
    Column("route", Text, nullable=False),  # "" unless it was handed over
    Column("was_published", Boolean, nullable=False),
    Column("received", Instant, nullable=False),
    Column("due", Day, nullable=False),
    Column("answered", Instant),
    Column("handed_by", Day),  # by which what is handed over is done; NULL once it came back
    Column("follow_up_by", Day),  # by which what was written since is answered; NULL when it is
    Column("merged_into", BigInteger, ForeignKey("submissions.id")),
    Column("forgotten", Boolean, nullable=False),
    Column("version", Integer, nullable=False),  # counts changes: two people, one decision
    Column("holder", Text, nullable=False),  # who of the staff has it, or ""
    Column("team", FreeText, nullable=False),  # whose it is, or ""
    Column("waits_for", FreeText, nullable=False),  # private: staff's words
    Column("online", Instant),  # since when its record stands on the site as it is now
    # What its events and clocks fold to, and that of everybody merged into it, for the queue:
    Column("step_by", Instant),  # when the nearest step runs out
    Column("step_on", Day),  # on which day that is
)

# Clocks that started, with the terms that held then. What became of their steps, events say.
CASE_CLOCKS = Table(
    "case_clocks",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), nullable=False),
    Column("clock", Text, nullable=False),
    Column("started", Instant, nullable=False),
    Column("terms", JsonColumn, nullable=False),
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
    Column("needs", JsonColumn, nullable=False),  # so that an answer reaches them
    Column("needs_words", FreeText, nullable=False),
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
    Column("detail", JsonColumn, nullable=False),
)

# The words as they may stand in public, once staff have redacted them.
DRAFTS = Table(
    "drafts",
    METADATA,
    Column("submission", BigInteger, ForeignKey("submissions.id"), primary_key=True),
    Column("public_text", FreeText, nullable=False),
    Column("redacted", JsonColumn, nullable=False),  # kinds of detail taken out
    Column("cleared", JsonColumn, nullable=False),  # words that look personal and are harmless
)

# What somebody typed at a case and did not send; its author's alone.
CASE_DRAFTS = Table(
    "case_drafts",
    METADATA,
    Column("submission", BigInteger, ForeignKey("submissions.id"), primary_key=True),
    Column("member", Text, ForeignKey("staff.name"), primary_key=True),
    Column("typed", JsonColumn, nullable=False),  # by the form's fields
    Column("at", Instant, nullable=False),
)

# What staff told the tenant. Rows are added, never rewritten: the newest of a language counts.
ANSWERS = Table(
    "answers",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), nullable=False),
    # "reply", "further", "reason", "outcome", "public", "corrected-…"
    Column("kind", Text, nullable=False),
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

# What senders wrote once more, to their own submission.
FOLLOW_UPS = Table(
    "follow_ups",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), nullable=False),
    Column("idempotency", Text, nullable=False, unique=True),  # hash of the form's key
    Column("lang", Text, nullable=False),
    Column("said", FreeText, nullable=False),  # private
    Column("at", Instant, nullable=False),
    Column("due", Day),  # by which it is answered; NULL for what came before there was an answer
    Column("ended", Instant),  # when it was answered, or needed no answer
)

# Photos that senders added, made anew from their pixels. Private.
PHOTOS = Table(
    "photos",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("submission", BigInteger, ForeignKey("submissions.id"), nullable=False),
    Column("jpeg", LargeBinary, nullable=False),
    Column("width", Integer, nullable=False),  # pixels
    Column("height", Integer, nullable=False),
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
