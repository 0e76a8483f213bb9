-- A second tree over the same bodies, by SM3 (GB/T 32905), where a deployment asks for it. Its leaf
-- hashes stand in no event, so they are kept here as level 0. Derived from events alone, like the
-- first; the suite is part of a log's name, so a checkpoint says itself of which tree it is.
-- Down: DROP TABLE sm3_nodes; DROP FUNCTION origin_v1(text); restore origin_v1() as in 0010; drop suite.

CREATE TABLE sm3_nodes (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    index bigint   NOT NULL CHECK (index >= 0),
    hash  bytea    NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, index)
);
COMMENT ON TABLE sm3_nodes IS
    'SM3 of the complete subtree over leaves [index*256^level, (index+1)*256^level); leaf n = SM3(0x00 || body) of position n+1';

ALTER TABLE checkpoints ADD COLUMN suite text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN split_part(note, E'\n', 1) LIKE '%/sm3' THEN 'sm3' ELSE 'sha256' END
) STORED;
CREATE INDEX checkpoints_by_suite ON checkpoints (suite, turn);

CREATE FUNCTION origin_v1(_suite text) RETURNS text
    LANGUAGE sql STABLE
    RETURN (SELECT origin FROM checkpoints WHERE suite = _suite ORDER BY turn DESC LIMIT 1);
COMMENT ON FUNCTION origin_v1(text) IS 'the name under which the tree of a suite signs now';
CREATE OR REPLACE FUNCTION origin_v1() RETURNS text LANGUAGE sql STABLE RETURN origin_v1('sha256');

REVOKE ALL ON sm3_nodes FROM PUBLIC;
GRANT SELECT, INSERT ON sm3_nodes TO {service}_writer;
GRANT SELECT ON sm3_nodes TO {service}_reader, auditor;
REVOKE ALL ON FUNCTION origin_v1(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION origin_v1(text) TO {service}_writer, {service}_reader, auditor;
