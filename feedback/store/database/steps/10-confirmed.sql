ALTER TABLE private ADD COLUMN confirmed BIGINT;

UPDATE private SET confirmed = (
    SELECT received FROM submissions WHERE submissions.id = private.submission
)
WHERE email <> '';
