-- When a thing was heard: a list as of an earlier time leaves out what had not been heard by then.
-- What was heard before this step counts as heard always. What heard_course keeps is counted by the
-- positions of who said it, now or then, and needs no such time.

ALTER TABLE heard_orders ADD COLUMN heard_at timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE heard_orders ALTER COLUMN heard_at SET DEFAULT clock_timestamp();

-- A row that is heard in three parts: it is there from the first on, each part from its own time on.
ALTER TABLE heard_interest
    ADD COLUMN heard_at  timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN result_at timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN mode_at   timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN medium_at timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE heard_interest
    ALTER COLUMN heard_at  SET DEFAULT clock_timestamp(),
    ALTER COLUMN result_at SET DEFAULT clock_timestamp(),
    ALTER COLUMN mode_at   SET DEFAULT clock_timestamp(),
    ALTER COLUMN medium_at SET DEFAULT clock_timestamp();
