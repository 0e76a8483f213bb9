-- Who looked at a matter is asked by the matter.
-- Down: DROP INDEX reads_by_stream;
CREATE INDEX reads_by_stream ON reads (stream, at DESC);
