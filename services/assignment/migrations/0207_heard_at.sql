-- When a thing was heard: a list as of an earlier time leaves out what had not been heard by then.
-- What was heard before this step counts as heard always.

ALTER TABLE heard_closed ADD COLUMN heard_at timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE heard_closed ALTER COLUMN heard_at SET DEFAULT clock_timestamp();

ALTER TABLE heard_modes ADD COLUMN heard_at timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE heard_modes ALTER COLUMN heard_at SET DEFAULT clock_timestamp();
