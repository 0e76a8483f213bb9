-- A log that was restored goes on under a new name: what was signed under the old one stays, and the
-- new name's checkpoint of the same size stands beside it. `turn` says which came last, whatever the
-- clocks say; the name is the first line of the note, so nobody writes it twice.
-- Down: delete the rows of all but the newest origin, restore the key (size), drop the columns.

ALTER TABLE cosignatures DROP CONSTRAINT cosignatures_size_fkey;
ALTER TABLE checkpoints DROP CONSTRAINT checkpoints_pkey;
ALTER TABLE checkpoints
    ADD COLUMN origin text NOT NULL GENERATED ALWAYS AS (split_part(note, E'\n', 1)) STORED,
    ADD COLUMN turn   bigint NOT NULL GENERATED ALWAYS AS IDENTITY;
-- Rows of one origin were signed in the order of their sizes.
ALTER TABLE checkpoints ADD PRIMARY KEY (origin, size);
CREATE UNIQUE INDEX checkpoints_turn ON checkpoints (turn);

ALTER TABLE cosignatures ADD COLUMN origin text;
UPDATE cosignatures s SET origin = c.origin FROM checkpoints c WHERE c.size = s.size;
ALTER TABLE cosignatures
    ALTER COLUMN origin SET NOT NULL,
    DROP CONSTRAINT cosignatures_pkey,
    ADD PRIMARY KEY (origin, size, witness, line),
    ADD FOREIGN KEY (origin, size) REFERENCES checkpoints;

CREATE FUNCTION origin_v1() RETURNS text
    LANGUAGE sql STABLE
    RETURN (SELECT origin FROM checkpoints ORDER BY turn DESC LIMIT 1);
COMMENT ON FUNCTION origin_v1() IS 'the name under which this log signs now';
REVOKE ALL ON FUNCTION origin_v1() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION origin_v1() TO {service}_writer, {service}_reader, auditor;
