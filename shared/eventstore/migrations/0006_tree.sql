-- The Merkle tree over the log, in tiles of 256, and what was signed of it. Derived from events
-- alone, and made again from them; a tile row is written once.
-- Down: drop the three tables; the tree is built again from the log.

CREATE TABLE tree_nodes (
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 7),
    index bigint   NOT NULL CHECK (index >= 0),
    hash  bytea    NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, index)
);
COMMENT ON TABLE tree_nodes IS
    'hash of the complete subtree over leaves [index*256^level, (index+1)*256^level); leaf n = position n+1';

CREATE TABLE checkpoints (
    size bigint      NOT NULL PRIMARY KEY CHECK (size >= 0),
    root bytea       NOT NULL CHECK (octet_length(root) = 32),
    note text        NOT NULL,
    at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE cosignatures (
    size    bigint      NOT NULL REFERENCES checkpoints,
    witness text        NOT NULL,
    line    text        NOT NULL,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (size, witness, line)
);

REVOKE ALL ON tree_nodes, checkpoints, cosignatures FROM PUBLIC;
GRANT SELECT, INSERT ON tree_nodes, checkpoints, cosignatures TO {service}_writer;
GRANT SELECT ON tree_nodes, checkpoints, cosignatures TO {service}_reader, auditor;
