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

CREATE INDEX mailings_by_due ON mailings (state, due);
