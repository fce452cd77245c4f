"""Steps that bring a database up to date, in order, each once, whoever starts first.

A step that has been released is never changed: a database out there has walked it already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from feedback.store.engine import micros
from feedback.store.errors import Absent, Newer, Older

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

LOCK = 7_036_874  # any number of our own: PostgreSQL lets one worker at a time hold it

# "{key}" is a primary key that counts up by itself and never gives a number twice; "{random}" is
# 32 letters from the database's own source of secrets.
DIALECTS = {
    "sqlite": {
        "key": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "random": "lower(hex(randomblob(16)))",
    },
    "postgresql": {
        "key": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        "random": "replace(gen_random_uuid()::text, '-', '')",
    },
}

FIRST_TABLES = """
CREATE TABLE submissions (
    id {key},
    ref TEXT NOT NULL UNIQUE,
    idempotency TEXT NOT NULL UNIQUE,
    salt TEXT NOT NULL,
    receipt TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    sort TEXT NOT NULL,
    lang TEXT NOT NULL,
    topic TEXT NOT NULL,
    area TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_key TEXT NOT NULL,
    channel TEXT NOT NULL,
    answer_by TEXT NOT NULL,
    answer_lang TEXT NOT NULL,
    may_publish BOOLEAN NOT NULL,
    complaint BOOLEAN NOT NULL,
    escalated BOOLEAN NOT NULL,
    status TEXT NOT NULL,
    route TEXT NOT NULL,
    was_published BOOLEAN NOT NULL,
    received BIGINT NOT NULL,
    due TEXT NOT NULL,
    answered BIGINT,
    merged_into BIGINT REFERENCES submissions (id),
    forgotten BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX submissions_by_promise ON submissions (status, due);
CREATE INDEX submissions_by_root ON submissions (merged_into);
CREATE TABLE private (
    submission BIGINT PRIMARY KEY REFERENCES submissions (id),
    said TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE TABLE events (
    id {key},
    submission BIGINT NOT NULL REFERENCES submissions (id),
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    by TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX events_by_submission ON events (submission, id);
CREATE TABLE drafts (
    submission BIGINT PRIMARY KEY REFERENCES submissions (id),
    public_text TEXT NOT NULL,
    redacted TEXT NOT NULL,
    cleared TEXT NOT NULL
);
CREATE TABLE answers (
    id {key},
    submission BIGINT NOT NULL REFERENCES submissions (id),
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    text TEXT NOT NULL,
    team TEXT NOT NULL,
    by TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX answers_by_submission ON answers (submission, id);
CREATE TABLE notes (
    id {key},
    submission BIGINT NOT NULL REFERENCES submissions (id),
    at BIGINT NOT NULL,
    by TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX notes_by_submission ON notes (submission, id);
CREATE TABLE votes (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    device TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (kind, key, device)
);
CREATE INDEX votes_by_device ON votes (device);
CREATE TABLE offline_votes (
    id {key},
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    count INTEGER NOT NULL CHECK (count > 0),
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
    by TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE confirmations (
    change TEXT NOT NULL,
    device TEXT NOT NULL,
    fixed TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (change, device)
);
CREATE TABLE staff (
    name TEXT NOT NULL PRIMARY KEY,
    password TEXT NOT NULL,
    salt TEXT NOT NULL,
    role TEXT NOT NULL,
    lang TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    step BIGINT NOT NULL,
    added BIGINT NOT NULL
);
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    member TEXT NOT NULL REFERENCES staff (name),
    until BIGINT NOT NULL
);
CREATE TABLE attempts (
    id {key},
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX attempts_by_key ON attempts (kind, key, at);
CREATE TABLE outbox (
    id {key},
    submission BIGINT NOT NULL REFERENCES submissions (id),
    why TEXT NOT NULL,
    facts TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due BIGINT NOT NULL,
    fault TEXT NOT NULL,
    made BIGINT NOT NULL
);
CREATE INDEX outbox_by_due ON outbox (state, due);
CREATE TABLE told (
    submission BIGINT NOT NULL REFERENCES submissions (id),
    what TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (submission, what)
)
"""

SUBSCRIBERS = """
CREATE TABLE subscribers (
    id {key},
    salt TEXT NOT NULL,
    lookup TEXT UNIQUE,
    email TEXT NOT NULL,
    languages TEXT NOT NULL,
    period TEXT NOT NULL,
    state TEXT NOT NULL,
    asked BIGINT NOT NULL,
    confirmed BIGINT
);
CREATE INDEX subscribers_by_state ON subscribers (state, period);
CREATE TABLE digests (
    name TEXT NOT NULL,
    languages TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    made BIGINT NOT NULL,
    PRIMARY KEY (name, languages)
);
CREATE TABLE mailings (
    id {key},
    subscriber BIGINT NOT NULL REFERENCES subscribers (id),
    what TEXT NOT NULL,
    facts TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due BIGINT NOT NULL,
    fault TEXT NOT NULL,
    made BIGINT NOT NULL,
    UNIQUE (subscriber, what)
);
CREATE INDEX mailings_by_due ON mailings (state, due)
"""

SEARCHES = """
CREATE TABLE searches (
    day TEXT NOT NULL,
    lang TEXT NOT NULL,
    words TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, lang, words)
)
"""

IDENTITY = """
CREATE TABLE identity (
    name TEXT NOT NULL PRIMARY KEY,
    salt TEXT NOT NULL
);
INSERT INTO identity (name, salt) VALUES ({random}, {random})
"""

STAFF_MAILS = """
ALTER TABLE staff ADD COLUMN email TEXT NOT NULL DEFAULT '';
CREATE TABLE staff_mails (
    id {key},
    member TEXT NOT NULL REFERENCES staff (name),
    what TEXT NOT NULL,
    facts TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due BIGINT NOT NULL,
    fault TEXT NOT NULL,
    made BIGINT NOT NULL,
    UNIQUE (member, what)
);
CREATE INDEX staff_mails_by_due ON staff_mails (state, due)
"""

DESK = """
ALTER TABLE submissions ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN team TEXT NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN waits_for TEXT NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN online BIGINT;
CREATE INDEX submissions_by_due ON submissions (due, id);
CREATE INDEX submissions_by_holder ON submissions (holder, due);
CREATE INDEX submissions_by_team ON submissions (team, due);
ALTER TABLE staff ADD COLUMN team TEXT NOT NULL DEFAULT '';
DELETE FROM sessions;
ALTER TABLE sessions ADD COLUMN latest BIGINT NOT NULL DEFAULT 0;
CREATE TABLE case_drafts (
    submission BIGINT NOT NULL REFERENCES submissions (id),
    member TEXT NOT NULL REFERENCES staff (name),
    typed TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (submission, member)
);
CREATE TABLE saved_answers (
    id {key},
    title TEXT NOT NULL,
    texts TEXT NOT NULL
);
CREATE TABLE site_runs (
    id {key},
    began BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    fault TEXT NOT NULL
)
"""

STRIKES = """
CREATE TABLE strikes (
    id {key},
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    count INTEGER NOT NULL,
    why TEXT NOT NULL,
    by TEXT NOT NULL,
    at BIGINT NOT NULL,
    undone BIGINT
);
ALTER TABLE votes ADD COLUMN looked BIGINT;
ALTER TABLE votes ADD COLUMN struck BIGINT REFERENCES strikes (id);
ALTER TABLE confirmations ADD COLUMN asked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE confirmations ADD COLUMN looked BIGINT;
ALTER TABLE confirmations ADD COLUMN struck BIGINT REFERENCES strikes (id);
UPDATE votes SET looked = at;
UPDATE confirmations SET looked = at;
CREATE INDEX votes_by_moment ON votes (kind, key, at)
"""

TEAM_MAILS = """
CREATE TABLE team_mails (
    id {key},
    team TEXT NOT NULL,
    month TEXT NOT NULL,
    email TEXT NOT NULL,
    subject TEXT NOT NULL,
    words TEXT NOT NULL,
    lang TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due BIGINT NOT NULL,
    fault TEXT NOT NULL,
    made BIGINT NOT NULL,
    UNIQUE (team, month)
);
CREATE INDEX team_mails_by_due ON team_mails (state, due)
"""

DANGER_CALLS = """
ALTER TABLE staff ADD COLUMN called INTEGER NOT NULL DEFAULT 0;
CREATE TABLE danger_calls (
    submission BIGINT PRIMARY KEY REFERENCES submissions (id),
    called INTEGER NOT NULL,
    due BIGINT NOT NULL,
    taken_by TEXT NOT NULL,
    taken BIGINT
);
CREATE INDEX danger_calls_by_due ON danger_calls (taken_by, due)
"""

CONFIRMED = """
ALTER TABLE private ADD COLUMN confirmed BIGINT;
UPDATE private SET confirmed = (
    SELECT received FROM submissions WHERE submissions.id = private.submission
)
WHERE email <> ''
"""

STEPS = (
    *(FIRST_TABLES, SUBSCRIBERS, SEARCHES, IDENTITY, STAFF_MAILS, STRIKES, TEAM_MAILS, DESK),
    *(DANGER_CALLS, CONFIRMED),
)


def migrate(conn: Connection, *, now: datetime, steps: Sequence[str] = STEPS) -> int:
    """Walk the steps this database has not walked, in the caller's transaction.

    :returns: how many were walked.
    :raises Newer: for a database that knows steps we don't.
    """
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    conn.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS schema_version (step INTEGER PRIMARY KEY, at BIGINT NOT NULL)"
    )
    walked = _walked(conn)
    if walked > len(steps):
        raise _newer()
    for number in range(walked, len(steps)):
        for statement in steps[number].format(**DIALECTS[conn.dialect.name]).split(";\n"):
            conn.exec_driver_sql(statement)
        walk = text("INSERT INTO schema_version (step, at) VALUES (:step, :at)")
        conn.execute(walk, {"step": number + 1, "at": micros(now)})
    return len(steps) - walked


def require_current(conn: Connection) -> None:
    """Let nobody read a database that the service has not made, or not yet brought up to date.

    :raises Absent: for one without the service's tables.
    :raises Older: for one that the service would still change.
    :raises Newer: for one that knows steps we don't.
    """
    if not inspect(conn).has_table("schema_version"):
        raise Absent("The database that OPEN_HOUSE_DATABASE names holds no feedback service.")
    walked = _walked(conn)
    if walked > len(STEPS):
        raise _newer()
    if walked < len(STEPS):
        raise Older(
            "The database is of an older version of the service. Start the service once, which "
            "brings it up to date, and try again."
        )


def _walked(conn: Connection) -> int:
    return int(conn.exec_driver_sql("SELECT count(*) FROM schema_version").scalar_one())


def _newer() -> Newer:
    return Newer(
        "The database was made by a newer version of the service. Nothing was changed: "
        "start the newer version, or put the backup of before it back."
    )
