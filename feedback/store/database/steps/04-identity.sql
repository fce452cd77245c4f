CREATE TABLE identity (
    name TEXT NOT NULL PRIMARY KEY,
    salt TEXT NOT NULL
);

INSERT INTO identity (name, salt) VALUES ({random}, {random});
