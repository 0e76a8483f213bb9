-- The only door to the log. One call appends a batch of units, each all-or-nothing.
--
-- Guarantees, all under one transaction-scoped lock that is released after the commit is visible:
-- positions are dense and appear in commit order; `recorded` rises with position; `prev` is the
-- leaf hash of the stream's previous version; columns, bytes and hash of a row are one thing,
-- because this function composes the bytes from the columns. A unit that does not fit is
-- answered with a verdict and leaves nothing: the rest of the batch is not disturbed.
--
-- Verdict rows: unit 0 'base' comes first and carries the position before the batch; a refused unit carries
-- 'repeated' (the cause has a receipt: its fields), 'conflict' (the stream's version now) or
-- 'moved' (the reader's position now). A unit without a row was appended.

CREATE FUNCTION append_v1(
    _store text,
    -- one element per event, in the order of their positions; `prior` is the 1-based place of
    -- the same stream's previous event in this batch, 0 when it is in the table (or none)
    _unit integer[], _prior integer[], _stream uuid[], _version integer[], _id uuid[],
    _cause uuid[], _type text[], _actor text[], _area text[], _authority uuid[], _behalf text[],
    _channel text[], _effective text[], _matter uuid[], _pack text[], _project uuid[],
    _fact text[],
    -- one element per receipt; `upto` is the place of its unit's last event in this batch
    _r_unit integer[], _r_cause uuid[], _r_origin uuid[], _r_heard text[], _r_stream uuid[],
    _r_version integer[], _r_events integer[], _r_upto integer[], _r_digest bytea[],
    -- one element per disclosure
    _d_unit integer[], _d_event uuid[], _d_digest text[], _d_subject text[], _d_key uuid[],
    _d_ciphertext bytea[],
    -- one element per hearing: the reader moves from `after` (null: from any lower place)
    _h_unit integer[], _h_reader text[], _h_after bigint[], _h_upto bigint[])
RETURNS TABLE (unit integer, verdict text, place bigint, cause uuid, version integer,
               events integer, digest bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    _position bigint;
    _now timestamptz;
    _repeated integer[];
    _moved integer[];
    _conflicting integer[];
    _refused integer[];
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'append_v1 needs READ COMMITTED: an older snapshot does not see the log'
            USING ERRCODE = 'feature_not_supported';
    END IF;
    IF concat_ws('', _store, array_to_string(_type, ''), array_to_string(_actor, ''),
                 array_to_string(_area, ''), array_to_string(_behalf, ''),
                 array_to_string(_channel, ''), array_to_string(_effective, ''),
                 array_to_string(_pack, '')) ~ '[^A-Za-z0-9:._@/+-]' THEN
        RAISE EXCEPTION 'what an event is about holds safe ASCII only'
            USING ERRCODE = 'check_violation';
    END IF;

    PERFORM pg_advisory_xact_lock('events'::regclass::oid::bigint);

    SELECT e.position, e.recorded + interval '1 microsecond' INTO _position, _now
    FROM events e ORDER BY e.position DESC LIMIT 1;
    _position := coalesce(_position, 0);
    _now := greatest(clock_timestamp(), _now);

    SELECT array_agg(r.unit) INTO _repeated
    FROM unnest(_r_unit, _r_cause) r (unit, cause)
    -- A scalar subquery, here and below: EXISTS becomes a join, planned as a scan of the table.
    WHERE (SELECT true FROM receipts x WHERE x.cause = r.cause);

    IF cardinality(_h_unit) > 0 THEN
        SELECT array_agg(h.unit) INTO _moved
        FROM unnest(_h_unit, _h_reader, _h_after, _h_upto) h (unit, reader, after, upto)
        WHERE NOT coalesce((SELECT c.position = coalesce(h.after, c.position)
                                   AND c.position < h.upto
                            FROM cursors c WHERE c.reader = h.reader), coalesce(h.after, 0) = 0);
    END IF;

    SELECT array_agg(e.unit) INTO _conflicting
    FROM unnest(_unit, _prior, _stream, _version) e (unit, prior, stream, version)
    WHERE e.prior = 0
      AND e.version - 1 <> coalesce((SELECT max(x.version) FROM events x
                                     WHERE x.stream = e.stream), least(e.version - 1, 0));

    _refused := coalesce(_repeated, '{}') || coalesce(_moved, '{}') || coalesce(_conflicting, '{}');

    WITH RECURSIVE placed AS MATERIALIZED (
        SELECT u.n, u.prior, u.k, u.recorded, u.stream, u.id, u.version, u.type, u.fact,
            '{"actor":"' || u.actor || '","area":"' || u.area
            || '","authority":' || quoted_or_null(u.authority::text)
            || ',"behalf":' || quoted_or_null(u.behalf) || ',"cause":"' || u.cause
            || '","channel":' || quoted_or_null(u.channel)
            || ',"effective":"' || u.effective || '","id":"' || u.id
            || '","matter":' || quoted_or_null(u.matter::text)
            || ',"pack":' || quoted_or_null(u.pack) || ',"prev":' AS head,
            ',"project":' || quoted_or_null(u.project::text) || ',"recorded":"'
            || to_char(u.recorded AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            || '","store":"' || _store || '","stream":"' || u.stream
            || '","type":"' || u.type || '","version":' || u.version || '}' AS tail
        FROM (
            SELECT o.*, _now + (o.k - 1) * interval '1 microsecond' AS recorded
            FROM (
                SELECT e.*, CASE WHEN _refused = '{}' THEN e.n
                                 ELSE row_number() OVER (ORDER BY e.n) END AS k
                FROM unnest(_unit, _prior, _stream, _version, _id, _cause, _type, _actor, _area,
                            _authority, _behalf, _channel, _effective, _matter, _pack, _project,
                            _fact) WITH ORDINALITY
                    AS e (unit, prior, stream, version, id, cause, type, actor, area, authority,
                          behalf, channel, effective, matter, pack, project, fact, n)
                WHERE NOT e.unit = ANY (_refused)
            ) o
        ) u
    ), chained AS (
        SELECT p.n, p.k, p.recorded, p.stream, p.id, p.version, p.type, h.prev, a.about, p.fact,
            sha256('\x00'::bytea
                || convert_to('{"about":' || a.about || ',"fact":' || p.fact || '}', 'UTF8')
            ) AS leafhash
        FROM placed p, LATERAL (SELECT (SELECT x.leafhash FROM events x
                                        WHERE x.stream = p.stream AND x.version = p.version - 1)
                                AS prev OFFSET 0) h,
            LATERAL (SELECT p.head || quoted_or_null(encode(h.prev, 'hex')) || p.tail
                     AS about OFFSET 0) a
        WHERE p.prior = 0
        UNION ALL
        SELECT p.n, p.k, p.recorded, p.stream, p.id, p.version, p.type, c.leafhash, a.about,
            p.fact, sha256('\x00'::bytea
                || convert_to('{"about":' || a.about || ',"fact":' || p.fact || '}', 'UTF8'))
        FROM chained c JOIN placed p ON p.prior = c.n,
            LATERAL (SELECT p.head || '"' || encode(c.leafhash, 'hex') || '"' || p.tail
                     AS about OFFSET 0) a
    )
    INSERT INTO events (position, recorded, stream, id, version, type, prev, leafhash, about,
                        fact)
    SELECT _position + c.k, c.recorded, c.stream, c.id, c.version, c.type, c.prev, c.leafhash,
           c.about, c.fact
    FROM chained c;

    IF cardinality(_r_unit) > 0 THEN
        INSERT INTO receipts (cause, origin, heard, stream, version, events, position, digest)
        SELECT r.cause, r.origin, r.heard, r.stream, r.version, r.events,
               _position + r.upto - CASE WHEN _refused = '{}' THEN 0 ELSE
                   (SELECT count(*) FROM unnest(_unit[:r.upto]) u (unit)
                    WHERE u.unit = ANY (_refused)) END,
               r.digest
        FROM unnest(_r_unit, _r_cause, _r_origin, _r_heard, _r_stream, _r_version, _r_events,
                    _r_upto, _r_digest)
             r (unit, cause, origin, heard, stream, version, events, upto, digest)
        WHERE NOT r.unit = ANY (_refused);
    END IF;
    IF cardinality(_d_unit) > 0 THEN
        INSERT INTO disclosures (event, digest, subject, data_key, ciphertext)
        SELECT d.event, d.digest, d.subject, d.data_key, d.ciphertext
        FROM unnest(_d_unit, _d_event, _d_digest, _d_subject, _d_key, _d_ciphertext)
             d (unit, event, digest, subject, data_key, ciphertext)
        WHERE NOT d.unit = ANY (_refused);
    END IF;
    IF cardinality(_h_unit) > 0 THEN
        INSERT INTO cursors (reader, position)
        SELECT h.reader, h.upto FROM unnest(_h_unit, _h_reader, _h_upto) h (unit, reader, upto)
        WHERE NOT h.unit = ANY (_refused)
        ON CONFLICT (reader) DO UPDATE
            SET position = excluded.position, moved = clock_timestamp();
    END IF;
    IF cardinality(_unit) > 0 THEN
        NOTIFY events;
    END IF;

    unit := 0;
    verdict := 'base';
    place := _position;
    RETURN NEXT;
    IF cardinality(_refused) > 0 THEN
        RETURN QUERY
        SELECT r.unit, 'repeated', x.position, x.cause, x.version, x.events, x.digest
        FROM unnest(_r_unit, _r_cause) r (unit, cause) JOIN receipts x ON x.cause = r.cause
        WHERE r.unit = ANY (_repeated);
        RETURN QUERY
        SELECT h.unit, 'moved', (SELECT c.position FROM cursors c WHERE c.reader = h.reader),
               NULL::uuid, NULL::integer, NULL::integer, NULL::bytea
        FROM unnest(_h_unit, _h_reader) h (unit, reader) WHERE h.unit = ANY (_moved);
        RETURN QUERY
        SELECT e.unit, 'conflict', NULL::bigint, NULL::uuid,
               coalesce((SELECT max(x.version) FROM events x WHERE x.stream = e.stream), 0),
               NULL::integer, NULL::bytea
        FROM unnest(_unit, _prior, _stream) e (unit, prior, stream)
        WHERE e.prior = 0 AND e.unit = ANY (_conflicting);
    END IF;
END $$;
