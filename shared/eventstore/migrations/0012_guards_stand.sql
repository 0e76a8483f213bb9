-- Whoever owns the tables could still drop them, or switch their guards off. After every change of
-- the schema the guards must stand; the change is undone otherwise. Only a superuser can switch this
-- off, and then the log is proved, or not, by what was signed of it.
-- Where the provisioning role is no superuser the server allows no event trigger: the log says so
-- (a NOTICE), and this line of defence is missing there.
-- Down: DROP EVENT TRIGGER log_guards_stand; DROP FUNCTION guards_stand;

CREATE FUNCTION guards_stand() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    _standing integer;
BEGIN
    SELECT count(*) INTO _standing
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND t.tgenabled = 'A'
      AND c.relname || '.' || t.tgname IN (
          'events.events_never_change', 'events.events_keep_order_and_chain',
          'receipts.receipts_never_change', 'reads.reads_never_change',
          'checks.checks_never_change');
    IF _standing <> 5 THEN
        RAISE EXCEPTION 'the guards of the log must stand: % refused', tg_tag
            USING ERRCODE = 'restrict_violation';
    END IF;
END $$;
REVOKE ALL ON FUNCTION guards_stand FROM PUBLIC;

DO $$
BEGIN
    CREATE EVENT TRIGGER log_guards_stand ON ddl_command_end EXECUTE FUNCTION guards_stand();
    ALTER EVENT TRIGGER log_guards_stand ENABLE ALWAYS;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'no event trigger without a superuser: dropping the log''s guards is not refused';
END $$;
