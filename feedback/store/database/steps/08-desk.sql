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
);
