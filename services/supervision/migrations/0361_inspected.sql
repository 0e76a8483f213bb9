-- The matters that an inspection looked at: the list of inspections leads to them. What was inspected
-- before has them in the log, at the position of its row.

ALTER TABLE view_inspections ADD COLUMN matters uuid[] NOT NULL DEFAULT '{}';

UPDATE view_inspections v SET matters = ARRAY(
    SELECT jsonb_array_elements_text(coalesce(e.fact::jsonb -> 'matters', '[]'))::uuid
) FROM events e WHERE e.position = v.position;

CREATE INDEX view_inspections_by_area ON view_inspections (area, position);
