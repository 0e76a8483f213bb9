-- What was uploaded: where its bytes are, and whether they were looked at. Personal until filed.
-- Down: none. The salts are needed to prove the documents on file.

-- An upload is named by its commitment. Name and plain hash are forgotten once it is filed: from
-- then on they stand, sealed, in the event alone.
CREATE TABLE uploads (
    id         uuid        NOT NULL PRIMARY KEY,
    matter     uuid        NOT NULL,
    uploader   text        NOT NULL,
    commitment text        NOT NULL UNIQUE CHECK (commitment ~ '^[0-9a-f]{64}$'),
    salt       bytea       NOT NULL CHECK (octet_length(salt) = 32),
    size       bigint      NOT NULL CHECK (size > 0),
    media_type text        NOT NULL,
    sha256     text,
    name       text,
    look       text        NOT NULL CHECK (look IN ('pending', 'clean', 'infected')),
    found      text        NOT NULL DEFAULT '',
    filed      boolean     NOT NULL DEFAULT false,
    arrived    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX uploads_by_matter ON uploads (matter);
CREATE INDEX uploads_not_looked_at ON uploads (arrived) WHERE look = 'pending';
CREATE INDEX uploads_not_filed ON uploads (arrived) WHERE NOT filed;

-- What is filed stays, and what it is never changes.
CREATE FUNCTION uploads_stay() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.filed THEN
            RAISE EXCEPTION 'a document on file is never deleted'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END IF;
    IF (OLD.id, OLD.matter, OLD.commitment, OLD.salt, OLD.size, OLD.media_type)
       IS DISTINCT FROM (NEW.id, NEW.matter, NEW.commitment, NEW.salt, NEW.size, NEW.media_type)
       OR (OLD.filed AND NOT NEW.filed) THEN
        RAISE EXCEPTION 'what a document is never changes'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER uploads_stay BEFORE UPDATE OR DELETE ON uploads
    FOR EACH ROW EXECUTE FUNCTION uploads_stay();
ALTER TABLE uploads ENABLE ALWAYS TRIGGER uploads_stay;
CREATE TRIGGER uploads_are_not_emptied BEFORE TRUNCATE ON uploads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE uploads ENABLE ALWAYS TRIGGER uploads_are_not_emptied;

REVOKE ALL ON uploads FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON uploads TO {service}_writer;
GRANT SELECT (id, matter, commitment, size, media_type, look, filed, arrived)
    ON uploads TO {service}_reader, auditor;
