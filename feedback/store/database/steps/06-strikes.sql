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

CREATE INDEX votes_by_moment ON votes (kind, key, at);
