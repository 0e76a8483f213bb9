-- Reading personal data, and what could not be heard.

-- Who looked, when and why: committed before any datum leaves.
CREATE TABLE reads (
    id      uuid        NOT NULL PRIMARY KEY,
    actor   text        NOT NULL,
    purpose text        NOT NULL CHECK (length(purpose) BETWEEN 1 AND 200),
    stream  uuid        NOT NULL,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    xact    xid8        NOT NULL DEFAULT pg_current_xact_id()
);
CREATE TRIGGER reads_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON reads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE reads ENABLE ALWAYS TRIGGER reads_never_change;

CREATE FUNCTION begin_read_v1(_id uuid, _actor text, _purpose text, _stream uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO reads (id, actor, purpose, stream) VALUES (_id, _actor, _purpose, _stream)
$$;

-- The disclosures of one stream, for a read whose audit row is committed: a read that is
-- rolled back can show nothing, because its row belongs to the transaction that asks.
CREATE FUNCTION read_disclosures_v1(_read uuid)
RETURNS TABLE (event uuid, digest text, subject text, data_key uuid, ciphertext bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    _stream uuid;
BEGIN
    SELECT r.stream INTO _stream FROM reads r
    WHERE r.id = _read AND r.xact <> pg_current_xact_id();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no committed audit row for this read'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT d.event, d.digest, d.subject, d.data_key, d.ciphertext
    FROM disclosures d JOIN events e ON e.id = d.event WHERE e.stream = _stream;
END $$;

-- Messages whose effect was refused or failed. The matter is held, the others go on; a person
-- releases it. Written before the hearing moves on, so none is lost; twice is once.
CREATE TABLE parked (
    speaker  text        NOT NULL,
    position bigint      NOT NULL,
    stream   uuid        NOT NULL,
    message  bytea       NOT NULL,
    reason   text        NOT NULL,
    parked   timestamptz NOT NULL DEFAULT clock_timestamp(),
    released timestamptz,
    PRIMARY KEY (speaker, position)
);

REVOKE ALL ON reads, parked FROM PUBLIC;
REVOKE ALL ON FUNCTION begin_read_v1, read_disclosures_v1 FROM PUBLIC;
ALTER FUNCTION begin_read_v1 OWNER TO CURRENT_USER;
GRANT EXECUTE ON FUNCTION begin_read_v1, read_disclosures_v1 TO {service}_writer;
GRANT SELECT ON reads TO {service}_reader, {service}_writer, auditor;
GRANT SELECT, INSERT, UPDATE ON parked TO {service}_writer;
GRANT INSERT, UPDATE ON cursors TO {service}_writer;
