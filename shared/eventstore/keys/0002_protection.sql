-- Restricting, erasing and correcting personal data. A data key belongs to one stream and one
-- person from now on: `subject` is then `<subject>/<person>`; older keys of a whole register stay.
-- Down: drop what is added; a destroyed key stays destroyed.

ALTER TABLE data_keys ADD COLUMN restricted uuid;
COMMENT ON COLUMN data_keys.restricted IS 'the decision by which what it seals is only kept';

-- What was erased, so that a restored store or key is emptied again. Says nothing of anybody.
CREATE TABLE erased (
    number   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision uuid   NOT NULL,
    key      uuid,
    digest   text,
    CHECK ((key IS NULL) <> (digest IS NULL))
);
CREATE UNIQUE INDEX erased_key ON erased (key) WHERE key IS NOT NULL;
CREATE UNIQUE INDEX erased_digest ON erased (digest) WHERE digest IS NOT NULL;

-- What a personal field says instead, sealed with the key of the datum it corrects.
CREATE TABLE corrections (
    number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision   uuid  NOT NULL UNIQUE,
    event      uuid  NOT NULL,
    data_key   uuid  NOT NULL,
    digest     text  NOT NULL,
    ciphertext bytea NOT NULL
);
CREATE INDEX corrections_of ON corrections (event);

CREATE FUNCTION refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR TG_TABLE_NAME <> 'data_keys' THEN
        RAISE EXCEPTION '%: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.destroyed IS NOT NULL AND (NEW.wrapped IS NOT NULL OR NEW.destroyed IS NULL)
       OR NEW.id <> OLD.id OR NEW.stream <> OLD.stream OR NEW.subject <> OLD.subject THEN
        RAISE EXCEPTION 'a destroyed data key never comes back' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.destroyed IS NULL AND NEW.destroyed IS NOT NULL
       OR OLD.restricted IS DISTINCT FROM NEW.restricted THEN
        NOTIFY protection;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER data_keys_stay_destroyed BEFORE UPDATE ON data_keys
    FOR EACH ROW EXECUTE FUNCTION refuse_revival();
CREATE TRIGGER data_keys_are_not_deleted BEFORE DELETE OR TRUNCATE ON data_keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_revival();
CREATE TRIGGER erased_is_for_good BEFORE UPDATE OR DELETE OR TRUNCATE ON erased
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_revival();
