-- What holds even for the owner of the tables. ENABLE ALWAYS: also while replicating.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER events_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER receipts_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON receipts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Positions are dense, and every version is chained to the one before it by its hash, whoever
-- inserts. Only the role under which append_v1 runs may insert at all.
CREATE FUNCTION keep_order_and_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    _count  bigint;
    _first  bigint;
    _last   bigint;
    _broken boolean;
BEGIN
    IF current_user <> 'onefile_door' THEN
        RAISE EXCEPTION 'events are appended by append_v1 alone, not by %', current_user
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT count(*), min(a.position), max(a.position),
           bool_or(a.prev IS DISTINCT FROM (SELECT p.leafhash FROM events p
                                            WHERE p.stream = a.stream
                                              AND p.version = a.version - 1)
                   OR a.prev IS NULL AND a.version > 1)
    INTO _count, _first, _last, _broken FROM appended a;
    IF _count = 0 THEN
        RETURN NULL;
    END IF;
    IF _last - _first + 1 <> _count
       OR _first <> 1 + coalesce((SELECT max(position) FROM events WHERE position < _first), 0)
    THEN
        RAISE EXCEPTION 'positions must be dense: % events at %..%', _count, _first, _last
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF _broken THEN
        RAISE EXCEPTION 'the chain is broken: prev is not the leaf hash of the version before'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER events_keep_order_and_chain AFTER INSERT ON events
    REFERENCING NEW TABLE AS appended
    FOR EACH STATEMENT EXECUTE FUNCTION keep_order_and_chain();

ALTER TABLE events ENABLE ALWAYS TRIGGER events_never_change;
ALTER TABLE events ENABLE ALWAYS TRIGGER events_keep_order_and_chain;
ALTER TABLE receipts ENABLE ALWAYS TRIGGER receipts_never_change;
