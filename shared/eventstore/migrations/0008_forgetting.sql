-- Erased data leave the store as well: what their destroyed key sealed is removed, row by row.
-- Down: DROP FUNCTION forget_disclosures_v1; DROP INDEX disclosures_by_key, disclosures_by_digest;

CREATE INDEX disclosures_by_key ON disclosures (data_key);
CREATE INDEX disclosures_by_digest ON disclosures (digest);

-- The streams that lost something, so that what was derived from them is made anew.
CREATE FUNCTION forget_disclosures_v1(_keys uuid[], _digests text[]) RETURNS SETOF uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM disclosures d
        WHERE d.data_key = ANY (_keys) OR d.digest = ANY (_digests) RETURNING d.event
    )
    SELECT DISTINCT e.stream FROM gone g JOIN events e ON e.id = g.event
$$;
REVOKE ALL ON FUNCTION forget_disclosures_v1 FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_disclosures_v1 TO {service}_writer;
