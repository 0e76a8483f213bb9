-- The log of one service. Rows are written once, by append_v1 alone, in commit order.
-- Down: none. A log is not rolled back; see contracts/decisions/0002-one-door-to-the-log.md

CREATE TABLE events (
    position bigint      NOT NULL,
    recorded timestamptz NOT NULL,
    stream   uuid        NOT NULL,
    id       uuid        NOT NULL,
    version  integer     NOT NULL,
    type     text        NOT NULL,
    prev     bytea,
    leafhash bytea       NOT NULL,
    about    text        NOT NULL,
    fact     text        NOT NULL,
    CONSTRAINT events_position PRIMARY KEY (position),
    CONSTRAINT events_stream_version UNIQUE (stream, version),
    CONSTRAINT events_id UNIQUE (id),
    CONSTRAINT events_versions_start_at_one CHECK (version > 0),
    CONSTRAINT events_fact_is_one_object
        CHECK (left(fact, 1) = '{' AND fact::json IS NOT NULL AND octet_length(fact) <= 65536)
);
COMMENT ON TABLE events IS
    'body = {"about":<about>,"fact":<fact>}, UTF-8, RFC 8785; leafhash = SHA-256(0x00 || body)';

-- What a command was answered with, so that its repetition is answered with the same.
-- Stored also when nothing followed. `digest` is an HMAC of the command under a deployment key.
CREATE TABLE receipts (
    cause    uuid    NOT NULL PRIMARY KEY,
    origin   uuid    NOT NULL,
    heard    text,
    stream   uuid    NOT NULL,
    version  integer NOT NULL,
    events   integer NOT NULL,
    position bigint  NOT NULL,
    digest   bytea   NOT NULL
);

-- Where each reader of a log stands: projections of our own, and what was heard of others.
CREATE TABLE cursors (
    reader   text        NOT NULL PRIMARY KEY,
    position bigint      NOT NULL,
    moved    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Encrypted personal fields, erasable. The digest stands in the event's fact under `_sd`.
CREATE TABLE disclosures (
    event      uuid  NOT NULL,
    digest     text  NOT NULL,
    subject    text  NOT NULL,
    data_key   uuid  NOT NULL,
    ciphertext bytea NOT NULL,
    PRIMARY KEY (event, digest)
);

CREATE FUNCTION quoted_or_null(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce('"' || value || '"', 'null');

-- What the eventsourcing library sees: its columns, our bytes.
CREATE VIEW stored_events AS
SELECT stream AS originator_id, version::bigint AS originator_version, type AS topic,
       convert_to('{"about":' || about || ',"fact":' || fact || '}', 'UTF8') AS state,
       position AS notification_id
FROM events;
