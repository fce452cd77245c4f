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

CREATE INDEX staff_mails_by_due ON staff_mails (state, due);
