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
