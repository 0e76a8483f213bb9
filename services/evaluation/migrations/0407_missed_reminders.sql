-- Whose duty a missed reminder was, so that it counts against nobody else (YY-54); due days that
-- moved after the acceptance, several of them told by one event.

ALTER TABLE heard_course ADD COLUMN person text;
CREATE INDEX heard_course_missed ON heard_course (area, person, day) WHERE kind = 'missed';

ALTER TABLE heard_course DROP CONSTRAINT heard_course_pkey;
CREATE UNIQUE INDEX heard_course_once ON heard_course (store, position, kind, coalesce(item, ''));
