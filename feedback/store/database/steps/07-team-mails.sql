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

CREATE INDEX team_mails_by_due ON team_mails (state, due);
