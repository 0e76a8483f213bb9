-- What agencies receive. `arrivals` is everything heard, in one order; a feed is what one
-- agency's agreement admits of it, dense from 1, each message as the exact bytes that leave.
-- Down: drop the tables; all but `hook_parked` and `feeds.proven` is made again from the logs.

CREATE TABLE arrivals (
    arrival  bigint NOT NULL PRIMARY KEY CHECK (arrival > 0),
    store    text   NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    recorded timestamptz NOT NULL,
    area     text   NOT NULL,
    type     text   NOT NULL,
    message  bytea  NOT NULL,
    CONSTRAINT arrivals_once UNIQUE (store, position)
);
CREATE INDEX arrivals_recorded ON arrivals (recorded);

CREATE TABLE feeds (
    feed      text    NOT NULL PRIMARY KEY,
    agency    text    NOT NULL,
    edition   text    NOT NULL,
    arrival   bigint  NOT NULL DEFAULT 0,
    size      bigint  NOT NULL DEFAULT 0,
    last      bytea,
    peaks     bytea[] NOT NULL DEFAULT '{}',
    proven    bigint  NOT NULL DEFAULT 0,
    proven_at timestamptz,
    begun     timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN feeds.proven IS 'the longest length at which the agency showed the same root';

CREATE TABLE entries (
    feed     text   NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    arrival  bigint NOT NULL,
    leaf     bytea  NOT NULL CHECK (octet_length(leaf) = 32),
    message  bytea  NOT NULL,
    PRIMARY KEY (feed, position)
);

CREATE TABLE feed_nodes (
    feed  text     NOT NULL,
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 7),
    index bigint   NOT NULL CHECK (index >= 0),
    hash  bytea    NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (feed, level, index)
);
COMMENT ON TABLE feed_nodes IS
    'hash of the complete subtree over leaves [index*256^level, (index+1)*256^level) of a feed';

CREATE TABLE hooks (
    feed     text    NOT NULL PRIMARY KEY REFERENCES feeds,
    position bigint  NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    retry_at timestamptz,
    paused   text
);

-- What a webhook did not take. Never deleted: shown, replayed, and kept as what happened.
CREATE TABLE hook_parked (
    feed     text   NOT NULL REFERENCES feeds,
    position bigint NOT NULL,
    subject  text   NOT NULL,
    reason   text   NOT NULL,
    parked   timestamptz NOT NULL DEFAULT clock_timestamp(),
    taken    timestamptz,
    PRIMARY KEY (feed, position)
);
CREATE INDEX hook_parked_open ON hook_parked (feed, subject) WHERE taken IS NULL;

CREATE TRIGGER arrivals_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON arrivals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE arrivals ENABLE ALWAYS TRIGGER arrivals_never_change;
CREATE TRIGGER entries_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_never_change;

REVOKE ALL ON arrivals, feeds, entries, feed_nodes, hooks, hook_parked FROM PUBLIC;
GRANT SELECT, INSERT ON arrivals, entries, feed_nodes TO {service}_writer;
GRANT SELECT, INSERT, UPDATE ON feeds, hooks, hook_parked TO {service}_writer;
GRANT SELECT ON arrivals, feeds, entries, feed_nodes, hooks, hook_parked TO {service}_reader, auditor;
