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
);
