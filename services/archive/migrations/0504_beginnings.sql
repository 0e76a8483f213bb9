-- What a long file told up to some of its entries, folded once, so that the first question after a
-- start need not read all of it. Derived: no proof leans on it, and it may be emptied at any time.
-- Down: DROP TABLE beginnings;

CREATE TABLE beginnings (
    matter   uuid    NOT NULL,
    version  integer NOT NULL CHECK (version > 0),
    -- archive's position of the last entry in it, and the latest legal day of any
    position bigint  NOT NULL,
    last_day date    NOT NULL,
    -- the event of that version: a log that was written anew has another
    leafhash bytea   NOT NULL,
    -- what folded it, and what the project tells beside the file
    code     bytea   NOT NULL,
    beside   bytea   NOT NULL,
    state    bytea   NOT NULL,
    -- HMAC of all of this under a key of the deployment: the database alone cannot make one up
    mac      bytea   NOT NULL CHECK (octet_length(mac) = 32),
    PRIMARY KEY (matter, version)
);
REVOKE ALL ON beginnings FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON beginnings TO {service}_writer;
GRANT SELECT ON beginnings TO {service}_reader, auditor;
