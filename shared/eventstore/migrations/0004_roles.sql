-- Who may do what. `{service}` is filled in by the migrator. Roles belong to the cluster, so
-- another database may have made them already.

DO $$
DECLARE
    _role text;
BEGIN
    FOREACH _role IN ARRAY ARRAY['onefile_door', '{service}_writer', '{service}_reader', 'auditor']
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', _role);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO onefile_door, {service}_writer, {service}_reader, auditor;

GRANT CREATE ON SCHEMA public TO onefile_door;
ALTER FUNCTION append_v1 OWNER TO onefile_door;
REVOKE CREATE ON SCHEMA public FROM onefile_door;
GRANT SELECT, INSERT ON events, receipts TO onefile_door;
GRANT SELECT, INSERT, UPDATE ON cursors TO onefile_door;
GRANT INSERT ON disclosures TO onefile_door;
GRANT EXECUTE ON FUNCTION quoted_or_null TO onefile_door;

REVOKE ALL ON FUNCTION append_v1 FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_v1 TO {service}_writer;
GRANT EXECUTE ON FUNCTION quoted_or_null TO {service}_writer, {service}_reader, auditor;
GRANT SELECT ON events, receipts, cursors, stored_events TO {service}_writer, {service}_reader, auditor;
