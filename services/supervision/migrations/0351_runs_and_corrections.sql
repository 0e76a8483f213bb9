-- How far a workbook is that somebody waits for: told by whichever replica makes it, read from any.
-- No view: nothing of it follows from the log. And missed reminders of days that never were due.

CREATE TABLE runs (
    run     uuid        NOT NULL PRIMARY KEY,
    owner   text        NOT NULL,
    step    text        NOT NULL,
    rows    integer     NOT NULL,
    told_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX runs_by_age ON runs (told_at);

ALTER TABLE view_missed ADD COLUMN corrected_on date;

GRANT SELECT, INSERT, UPDATE, DELETE ON runs TO {service}_writer;
