ALTER TABLE staff ADD COLUMN called INTEGER NOT NULL DEFAULT 0;

CREATE TABLE danger_calls (
    submission BIGINT PRIMARY KEY REFERENCES submissions (id),
    called INTEGER NOT NULL,
    due BIGINT NOT NULL,
    taken_by TEXT NOT NULL,
    taken BIGINT
);

CREATE INDEX danger_calls_by_due ON danger_calls (taken_by, due);
