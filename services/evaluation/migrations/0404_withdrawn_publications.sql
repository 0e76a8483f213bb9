-- What was given to an assessment may be taken back.

ALTER TABLE view_publications
    ADD COLUMN withdrawn_on date,
    ADD COLUMN withdrawn_at bigint;
