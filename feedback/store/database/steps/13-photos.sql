CREATE TABLE photos (
    id {key},
    submission BIGINT NOT NULL REFERENCES submissions (id),
    jpeg {bytes} NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX photos_by_submission ON photos (submission)
