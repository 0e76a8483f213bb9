-- What the check of the store found, each with a note that the log key signed: a result is not an
-- event, since it would change the log it speaks of, and must be kept when nothing can be appended.
-- Down: DROP TABLE checks;

CREATE TABLE checks (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    began  timestamptz NOT NULL,
    ended  timestamptz NOT NULL DEFAULT clock_timestamp(),
    upto   bigint      NOT NULL,
    found  bigint      NOT NULL,
    report text        NOT NULL,
    note   text
);
CREATE TRIGGER checks_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON checks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE checks ENABLE ALWAYS TRIGGER checks_never_change;
REVOKE ALL ON checks FROM PUBLIC;
GRANT SELECT, INSERT ON checks TO {service}_writer;
GRANT SELECT ON checks TO {service}_reader, auditor;
