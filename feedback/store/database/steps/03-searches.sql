CREATE TABLE searches (
    day TEXT NOT NULL,
    lang TEXT NOT NULL,
    words TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, lang, words)
);
