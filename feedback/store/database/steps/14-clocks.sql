ALTER TABLE submissions ADD COLUMN step_by BIGINT;
ALTER TABLE submissions ADD COLUMN step_on TEXT;

CREATE TABLE case_clocks (
    id {key},
    submission BIGINT NOT NULL REFERENCES submissions (id),
    clock TEXT NOT NULL,
    started BIGINT NOT NULL,
    terms TEXT NOT NULL
);

CREATE INDEX case_clocks_by_submission ON case_clocks (submission)
