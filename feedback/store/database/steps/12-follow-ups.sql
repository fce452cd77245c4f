ALTER TABLE submissions ADD COLUMN follow_up_by TEXT;

CREATE TABLE follow_ups (
    id {key},
    submission BIGINT NOT NULL REFERENCES submissions (id),
    idempotency TEXT NOT NULL UNIQUE,
    lang TEXT NOT NULL,
    said TEXT NOT NULL,
    at BIGINT NOT NULL,
    due TEXT,
    ended BIGINT
);

CREATE INDEX follow_ups_by_submission ON follow_ups (submission)
