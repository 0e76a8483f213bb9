-- Keys of personal data, in a database apart with its own short backup retention: an old backup
-- must not undo an erasure.

CREATE TABLE data_keys (
    id        uuid        PRIMARY KEY,
    stream    uuid        NOT NULL,
    subject   text        NOT NULL,
    wrapped   bytea,
    made      timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed timestamptz,
    CHECK ((destroyed IS NULL) = (wrapped IS NOT NULL))
);
CREATE UNIQUE INDEX data_keys_one_alive ON data_keys (stream, subject) WHERE destroyed IS NULL;
