"""Steps that bring a database up to date, in order, each once, whoever starts first.

A step that has been released is never changed: a database out there has walked it already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from feedback.store.engine import micros
from feedback.store.errors import Absent, Newer, Older
from feedback.store.first_tables import FIRST_TABLES

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

# What was handed over before and has no answer is open again, by the day of its promise.
HANDOVERS = """
ALTER TABLE submissions ADD COLUMN handed_by TEXT;
CREATE TABLE handovers (
    id {key},
    submission BIGINT NOT NULL REFERENCES submissions (id),
    route TEXT NOT NULL,
    team TEXT NOT NULL,
    job TEXT NOT NULL,
    phone TEXT NOT NULL,
    done_by TEXT NOT NULL,
    by TEXT NOT NULL,
    at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    done_on TEXT,
    ended BIGINT
);
CREATE INDEX handovers_by_submission ON handovers (submission);
CREATE TABLE done_answers (
    handover BIGINT NOT NULL REFERENCES handovers (id),
    submission BIGINT NOT NULL REFERENCES submissions (id),
    done BOOLEAN NOT NULL,
    words TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (handover, submission)
);
INSERT INTO handovers
    (submission, route, team, job, phone, done_by, by, at, outcome)
    SELECT id, route, '', '', '', due, '', COALESCE(answered, received), ''
    FROM submissions WHERE status = 'routed' AND route <> '';
UPDATE submissions SET handed_by = due, online = NULL, answered =
    (SELECT MIN(at) FROM answers WHERE answers.submission = submissions.id AND kind = 'reply')
    WHERE status = 'routed' AND route <> ''
"""

STEPS = (
    *(FIRST_TABLES, SUBSCRIBERS, SEARCHES, IDENTITY, STAFF_MAILS, STRIKES, TEAM_MAILS, DESK),
    *(DANGER_CALLS, CONFIRMED, HANDOVERS),
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
