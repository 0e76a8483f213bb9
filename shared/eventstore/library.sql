-- What makes a database the eventsourcing library's: its versions start at 0, its states are
-- any bytes (kept as a JSON string of base64), its snapshots skip versions.
-- Run by library.prepare alone, and never on the log of a service.

ALTER TABLE events DROP CONSTRAINT IF EXISTS events_versions_start_at_one;
ALTER TABLE events DROP CONSTRAINT IF EXISTS events_fact_is_one_object;

GRANT SELECT, INSERT ON library_snapshots TO library_writer;
