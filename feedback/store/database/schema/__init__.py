"""The tables as queries use them; `migrations` makes them.

Instants are microseconds since 1970 (UTC), days are text such as 2026-03-04, lists and mappings
are JSON. Nothing anywhere holds a network address. What a tenant may ask to have erased stands in
`private`, `follow_ups` and `done_answers`, and in what staff wrote about it: `drafts`, `answers`,
`notes`, and jobs. Whoever gets the digest stands in `subscribers`, whose address is emptied as they
leave.
"""

from __future__ import annotations

from feedback.store.database.schema.cases import (
    ANSWERS,
    CASE_CLOCKS,
    CASE_DRAFTS,
    DANGER_CALLS,
    DONE_ANSWERS,
    DRAFTS,
    EVENTS,
    FOLLOW_UPS,
    HANDOVERS,
    NOTES,
    PHOTOS,
    PRIVATE,
    SUBMISSIONS,
)
from feedback.store.database.schema.desk import ATTEMPTS, SAVED_ANSWERS, SESSIONS, SITE_RUNS, STAFF
from feedback.store.database.schema.mail import (
    DIGESTS,
    MAILINGS,
    OUTBOX,
    STAFF_MAILS,
    SUBSCRIBERS,
    TEAM_MAILS,
    TOLD,
)
from feedback.store.database.schema.metadata import IDENTITY, METADATA
from feedback.store.database.schema.voices import (
    CONFIRMATIONS,
    OFFLINE_VOTES,
    SEARCHES,
    STRIKES,
    VOTES,
)

__all__ = [
    "ANSWERS",
    "ATTEMPTS",
    "CASE_CLOCKS",
    "CASE_DRAFTS",
    "CONFIRMATIONS",
    "DANGER_CALLS",
    "DIGESTS",
    "DONE_ANSWERS",
    "DRAFTS",
    "EVENTS",
    "FOLLOW_UPS",
    "HANDOVERS",
    "IDENTITY",
    "MAILINGS",
    "METADATA",
    "NOTES",
    "OFFLINE_VOTES",
    "OUTBOX",
    "PHOTOS",
    "PRIVATE",
    "SAVED_ANSWERS",
    "SEARCHES",
    "SESSIONS",
    "SITE_RUNS",
    "STAFF",
    "STAFF_MAILS",
    "STRIKES",
    "SUBMISSIONS",
    "SUBSCRIBERS",
    "TEAM_MAILS",
    "TOLD",
    "VOTES",
]
